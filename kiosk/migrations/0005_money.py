"""Money: requests, transfers and who told of them, credits, receipts, refunds, statements, sealed days, remittances."""

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


def up(migrator, db):
    db.execute_sql("ALTER TABLE office ADD COLUMN money TEXT NOT NULL DEFAULT '{}'")
    _create_tables(db)


def _create_tables(db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Office(Table):
        pass

    class Counter(Table):
        pass

    class User(Table):
        pass

    class Ticket(Table):
        pass

    class Dossier(Table):
        pass

    class BankWords(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        memo = TextField()
        holder = CharField(max_length=200)
        account = CharField(max_length=40)
        bank = CharField(max_length=120)
        erased_at = BigIntegerField(null=True)

    class Payment(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        reference = CharField(max_length=19, unique=True)
        state = CharField(max_length=16)
        method = CharField(max_length=40)
        amount = BigIntegerField()
        phi = BigIntegerField()
        le_phi = BigIntegerField()
        received = BigIntegerField()
        refunded = BigIntegerField()
        slip = TextField()
        reason = TextField()
        ticket = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT")
        counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        created_at = BigIntegerField()
        expires_at = BigIntegerField(null=True)
        paid_at = BigIntegerField(null=True)
        day = DateField()

        class Meta:
            indexes = (
                (("office", "state", "expires_at"), False),
                (("office", "day"), False),
                (("counter", "created_at"), False),
            )

    class PaymentItem(Table):
        payment = ForeignKeyField(Payment, on_delete="RESTRICT")
        dossier = ForeignKeyField(Dossier, on_delete="RESTRICT")
        department = CharField(max_length=40)
        phi = BigIntegerField()
        le_phi = BigIntegerField()

    class Transfer(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        account = CharField(max_length=40)
        amount = BigIntegerField()
        incoming = BooleanField()
        at = BigIntegerField()
        mark = CharField(max_length=120)
        state = CharField(max_length=12)
        reason = CharField(max_length=24)
        credited = BigIntegerField()
        returned = BigIntegerField()
        aside = BigIntegerField()
        confirmed = BooleanField()
        on_statement = BooleanField()
        note = TextField()
        words = ForeignKeyField(BankWords, null=True, on_delete="SET NULL", index=False)
        created_at = BigIntegerField()
        day = DateField()

        class Meta:
            indexes = (
                (("office", "account", "amount", "at"), False),
                (("office", "state", "id"), False),
                (("office", "day"), False),
            )

    class Telling(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        transfer = ForeignKeyField(Transfer, on_delete="RESTRICT")
        source = CharField(max_length=12)
        session = CharField(max_length=60)
        teller_id = CharField(max_length=120)
        bank_reference = CharField(max_length=120)
        at = BigIntegerField()

        class Meta:
            indexes = (
                (("office", "session", "teller_id"), True),
                (("office", "bank_reference"), False),
            )

    class Contradiction(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        transfer = ForeignKeyField(Transfer, on_delete="RESTRICT")
        source = CharField(max_length=12)
        session = CharField(max_length=60)
        teller_id = CharField(max_length=120)
        account = CharField(max_length=40)
        amount = BigIntegerField()
        incoming = BooleanField()
        at = BigIntegerField()
        open = BooleanField()
        note = TextField()
        created_at = BigIntegerField()

        class Meta:
            indexes = ((("office", "session", "teller_id"), True), (("office", "open"), False))

    class Credit(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        payment = ForeignKeyField(Payment, on_delete="RESTRICT")
        transfer = ForeignKeyField(Transfer, null=True, on_delete="RESTRICT")
        method = CharField(max_length=40)
        amount = BigIntegerField()
        evidence = CharField(max_length=120)
        reverses = ForeignKeyField("self", null=True, on_delete="RESTRICT", unique=True)
        counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        at = BigIntegerField()
        day = DateField()

        class Meta:
            indexes = ((("office", "day"), False),)

    class SetAside(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        transfer = ForeignKeyField(Transfer, on_delete="RESTRICT")
        amount = BigIntegerField()
        never_came = BooleanField()
        note = TextField()
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        at = BigIntegerField()
        day = DateField()

        class Meta:
            indexes = ((("office", "day"), False),)

    class Remittance(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        department = CharField(max_length=40)
        number = IntegerField()
        rule = CharField(max_length=20)
        first_day = DateField()
        last_day = DateField()
        due_on = DateField()
        phi = BigIntegerField()
        le_phi = BigIntegerField()
        receipts = IntegerField()
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        at = BigIntegerField()
        day = DateField()

        class Meta:
            indexes = ((("office", "number"), True), (("office", "department", "last_day"), False))

    class Receipt(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        kind = CharField(max_length=8)
        series = CharField(max_length=12)
        year = IntegerField()
        number = IntegerField()
        payment = ForeignKeyField(Payment, on_delete="RESTRICT")
        dossier = ForeignKeyField(Dossier, on_delete="RESTRICT")
        department = CharField(max_length=40)
        amount = BigIntegerField()
        method = CharField(max_length=40)
        counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        at = BigIntegerField()
        day = DateField()
        voided_at = BigIntegerField(null=True)
        voided_day = DateField(null=True)
        void_reason = CharField(max_length=24)
        remittance = ForeignKeyField(Remittance, null=True, on_delete="RESTRICT", index=False)
        taken_off = ForeignKeyField(Remittance, null=True, on_delete="RESTRICT", index=False)

        class Meta:
            indexes = (
                (("office", "series", "year", "number"), True),
                (("office", "day"), False),
                (("office", "department", "remittance"), False),
            )

    class Refund(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        payment = ForeignKeyField(Payment, null=True, on_delete="RESTRICT")
        transfer = ForeignKeyField(Transfer, null=True, on_delete="RESTRICT")
        amount = BigIntegerField()
        method = CharField(max_length=12)
        state = CharField(max_length=12)
        reason = TextField()
        words = ForeignKeyField(BankWords, null=True, on_delete="SET NULL", index=False)
        counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
        asked_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        asked_at = BigIntegerField()
        decided_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        decided_at = BigIntegerField(null=True)
        paid_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        paid_at = BigIntegerField(null=True)
        evidence = CharField(max_length=120)
        outgoing = ForeignKeyField(Transfer, null=True, on_delete="RESTRICT", index=False)
        day = DateField(null=True)

        class Meta:
            indexes = ((("office", "state", "id"), False), (("office", "day"), False))

    class Statement(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        provider = CharField(max_length=40)
        digest = CharField(max_length=64)
        shape = CharField(max_length=24)
        first_day = DateField()
        last_day = DateField()
        lines = IntegerField()
        done = IntegerField()
        new = IntegerField()
        known = IntegerField()
        contradictory = IntegerField()
        foreign = IntegerField()
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        created_at = BigIntegerField()
        finished_at = BigIntegerField(null=True)

        class Meta:
            indexes = ((("office", "digest"), True),)

    class StatementLine(Table):
        statement = ForeignKeyField(Statement, on_delete="RESTRICT", index=False)
        number = IntegerField()
        account = CharField(max_length=40)
        amount = BigIntegerField()
        incoming = BooleanField()
        at = BigIntegerField()
        bank_reference = CharField(max_length=120)
        words = ForeignKeyField(BankWords, null=True, on_delete="SET NULL", index=False)
        outcome = CharField(max_length=16)
        transfer = ForeignKeyField(Transfer, null=True, on_delete="RESTRICT", index=False)

        class Meta:
            indexes = ((("statement", "number"), True), (("statement", "outcome"), False))

    class CashCount(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        counter = ForeignKeyField(Counter, on_delete="RESTRICT", index=False)
        day = DateField()
        amount = BigIntegerField()
        note = TextField()
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        at = BigIntegerField()

        class Meta:
            indexes = ((("office", "day", "counter"), True),)

    class MoneyClose(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        day = DateField()
        figures = TextField()
        digest = CharField(max_length=64)
        note = TextField()
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        at = BigIntegerField()

        class Meta:
            indexes = ((("office", "day"), True),)

    class NoticeRefusal(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        day = DateField()
        provider = CharField(max_length=40)
        code = CharField(max_length=40)
        times = IntegerField()
        last_at = BigIntegerField()

        class Meta:
            indexes = ((("office", "day", "provider", "code"), True),)

    db.create_tables(
        [
            BankWords,
            Payment,
            PaymentItem,
            Transfer,
            Telling,
            Contradiction,
            Credit,
            SetAside,
            Remittance,
            Receipt,
            Refund,
            Statement,
            StatementLine,
            CashCount,
            MoneyClose,
            NoticeRefusal,
        ]
    )
