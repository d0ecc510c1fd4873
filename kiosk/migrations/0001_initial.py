"""The first schema: frozen copies of the tables, so that later changes of the models do not change history."""

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    CompositeKey,
    DateField,
    FloatField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Office(Table):
        key = CharField(unique=True, max_length=40)
        title = CharField(max_length=200)
        subtitle = CharField(max_length=200)
        zone = CharField(max_length=60)
        agency = CharField(max_length=12)
        code_form = CharField(max_length=8)
        business_day = DateField(null=True)
        last_seq = IntegerField()
        last_hash = CharField(max_length=64)
        last_at = BigIntegerField(null=True)
        created_at = BigIntegerField()

        class Meta:
            table_name = "office"

    class Line(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT")
        department = CharField(max_length=40)
        prefix = CharField(max_length=2)
        title = CharField(max_length=200)
        title_en = CharField(max_length=200)
        area = CharField(max_length=40)
        open = BooleanField()
        opens_again = CharField(max_length=40)
        service_seconds = FloatField()

        class Meta:
            table_name = "line"
            indexes = ((("office", "prefix"), True),)

    class NumberSeries(Table):
        line = ForeignKeyField(Line, on_delete="RESTRICT")
        day = DateField()
        last = IntegerField()

        class Meta:
            table_name = "number_series"
            primary_key = CompositeKey("line", "day")

    class Counter(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT")
        number = IntegerField()
        title = CharField(max_length=200)
        area = CharField(max_length=40)
        open = BooleanField()

        class Meta:
            table_name = "counter"
            indexes = ((("office", "number"), True),)

    class CounterLine(Table):
        counter = ForeignKeyField(Counter, on_delete="CASCADE")
        line = ForeignKeyField(Line, on_delete="CASCADE")

        class Meta:
            table_name = "counter_line"
            primary_key = CompositeKey("counter", "line")

    class Printer(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT")
        name = CharField(max_length=80)
        host = CharField(max_length=120)
        port = IntegerField()
        width = IntegerField()
        problem = CharField(max_length=40)
        checked_at = BigIntegerField(null=True)

        class Meta:
            table_name = "printer"
            indexes = ((("office", "name"), True),)

    class Device(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT")
        name = CharField(max_length=80)
        kind = CharField(max_length=20)
        area = CharField(max_length=40)
        printer = ForeignKeyField(Printer, null=True, on_delete="SET NULL")
        options = TextField()
        token_hash = CharField(unique=True, null=True, max_length=64)
        token_expires_at = BigIntegerField(null=True)
        pairing_hash = CharField(unique=True, null=True, max_length=64)
        pairing_expires_at = BigIntegerField(null=True)
        revoked_at = BigIntegerField(null=True)
        last_seen_at = BigIntegerField(null=True)
        created_at = BigIntegerField()

        class Meta:
            table_name = "device"
            indexes = ((("office", "name"), True),)

    class CalendarDay(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT")
        day = DateField()
        working = BooleanField()
        reason = CharField(max_length=200)

        class Meta:
            table_name = "calendar_day"
            primary_key = CompositeKey("office", "day")

    class User(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT")
        username = CharField(unique=True, max_length=60)
        display_name = CharField(max_length=120)
        role = CharField(max_length=20)
        password_hash = CharField(max_length=200)
        language = CharField(max_length=5)
        active = BooleanField()
        created_at = BigIntegerField()

        class Meta:
            table_name = "user"

    class Posting(Table):
        user = ForeignKeyField(User, on_delete="CASCADE")
        counter = ForeignKeyField(Counter, on_delete="CASCADE")

        class Meta:
            table_name = "posting"
            primary_key = CompositeKey("user", "counter")

    class Session(Table):
        token_hash = CharField(unique=True, max_length=64)
        user = ForeignKeyField(User, on_delete="CASCADE")
        created_at = BigIntegerField()
        last_seen_at = BigIntegerField()
        expires_at = BigIntegerField()
        revoked_at = BigIntegerField(null=True)

        class Meta:
            table_name = "session"

    class LoginThrottle(Table):
        subject = CharField(primary_key=True, max_length=64)
        failures = IntegerField()
        blocked_until = BigIntegerField(null=True)
        updated_at = BigIntegerField()

        class Meta:
            table_name = "login_throttle"

    class Journal(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT")
        seq = IntegerField()
        at = BigIntegerField()
        kind = CharField(max_length=40)
        actor = CharField(max_length=40)
        facts = TextField()
        previous_hash = CharField(max_length=64)
        hash = CharField(max_length=64)

        class Meta:
            table_name = "journal"
            primary_key = CompositeKey("office", "seq")
            indexes = ((("office", "kind", "seq"), False),)

    class Cursor(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT")
        reader = CharField(max_length=80)
        seq = IntegerField()
        failures = IntegerField()
        last_error = TextField()

        class Meta:
            table_name = "cursor"
            primary_key = CompositeKey("office", "reader")

    class IdempotentRequest(Table):
        actor = CharField(max_length=40)
        key = CharField(max_length=80)
        request_hash = CharField(max_length=64)
        status = IntegerField()
        body = TextField()
        created_at = BigIntegerField(index=True)

        class Meta:
            table_name = "idempotent_request"
            primary_key = CompositeKey("actor", "key")

    class Ticket(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        line = ForeignKeyField(Line, on_delete="RESTRICT", index=False)
        day = DateField()
        number = IntegerField()
        label = CharField(max_length=10)
        state = CharField(max_length=12)
        priority = CharField(max_length=20)
        rank = IntegerField()
        arrival = IntegerField()
        procedure = CharField(null=True, max_length=80)
        dossiers = IntegerField()
        language = CharField(max_length=5)
        token = CharField(unique=True, max_length=32)
        check_code = CharField(max_length=6)
        device = ForeignKeyField(Device, null=True, on_delete="SET NULL", index=False)
        issued_at = BigIntegerField()
        wait_low = IntegerField()
        wait_high = IntegerField()
        counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
        called_at = BigIntegerField(null=True)
        called_seq = IntegerField(null=True)
        recalls = IntegerField()
        started_at = BigIntegerField(null=True)
        ended_at = BigIntegerField(null=True)

        class Meta:
            table_name = "ticket"
            indexes = (
                (("line", "day", "number"), True),
                (("line", "state", "rank", "arrival"), False),
                (("counter", "state"), False),
                (("office", "day", "called_seq"), False),
            )

    class PrintJob(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        printer = ForeignKeyField(Printer, on_delete="RESTRICT", index=False)
        ticket = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT")
        slip = TextField()
        state = CharField(max_length=12)
        attempts = IntegerField()
        repeat = IntegerField()
        problem = CharField(max_length=40)
        next_try_at = BigIntegerField()
        created_at = BigIntegerField()
        printed_at = BigIntegerField(null=True)

        class Meta:
            table_name = "print_job"
            indexes = ((("printer", "state", "id"), False),)

    class Person(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT")
        kind = CharField(max_length=12)
        name = CharField(max_length=200)
        name_folded = CharField(index=True, max_length=200)
        id_number = CharField(max_length=20)
        tax_code = CharField(max_length=20)
        phone = CharField(max_length=20)
        email = CharField(max_length=254)
        address = CharField(max_length=300)
        born = DateField(null=True)
        created_at = BigIntegerField()
        erased_at = BigIntegerField(null=True)

        class Meta:
            table_name = "person"

    class DossierSeries(Table):
        agency = CharField(max_length=40)
        day = DateField()
        last = IntegerField()

        class Meta:
            table_name = "dossier_series"
            primary_key = CompositeKey("agency", "day")

    class Dossier(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        code = CharField(unique=True, max_length=40)
        department = CharField(max_length=40)
        procedure = CharField(max_length=80)
        procedure_name = CharField(max_length=400)
        channel = CharField(max_length=12)
        delivery = CharField(max_length=12)
        level = IntegerField(null=True)
        state = CharField(max_length=24)
        received_at = BigIntegerField()
        received_on = DateField()
        clock_on = DateField()
        term = TextField(null=True)
        first_due_on = DateField(null=True)
        due_on = DateField(null=True)
        closed_on = DateField(null=True)
        handed_over_on = DateField(null=True)
        linked = BooleanField()
        components = TextField()
        answers = TextField()
        fees = TextField()
        fee_total = IntegerField()
        person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        ticket = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT")
        counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)

        class Meta:
            table_name = "dossier"
            indexes = (
                (("office", "received_on"), False),
                (("office", "received_at"), False),
                (("office", "closed_on", "received_on"), False),
                (("office", "handed_over_on"), False),
                (("office", "department", "state"), False),
            )

    class DossierHistory(Table):
        dossier = ForeignKeyField(Dossier, on_delete="RESTRICT", index=False)
        seq = IntegerField()
        at = BigIntegerField()
        on = DateField()
        move = CharField(max_length=20)
        due_on = DateField(null=True)

        class Meta:
            table_name = "dossier_history"
            primary_key = CompositeKey("dossier", "seq")
            indexes = ((("at",), False),)

    class DossierNote(Table):
        dossier = ForeignKeyField(Dossier, on_delete="RESTRICT")
        move = CharField(max_length=20)
        text = TextField()
        user = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        created_at = BigIntegerField()

        class Meta:
            table_name = "dossier_note"

    class OfficePlugin(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT")
        name = CharField(max_length=60)
        enabled = BooleanField()
        version = CharField(max_length=40)
        settings = TextField()
        changed_at = BigIntegerField()

        class Meta:
            table_name = "office_plugin"
            primary_key = CompositeKey("office", "name")

    db.create_tables(
        [
            Office,
            Line,
            NumberSeries,
            Counter,
            CounterLine,
            Printer,
            Device,
            CalendarDay,
            User,
            Posting,
            Session,
            LoginThrottle,
            Journal,
            Cursor,
            IdempotentRequest,
            Ticket,
            PrintJob,
            Person,
            DossierSeries,
            Dossier,
            DossierHistory,
            DossierNote,
            OfficePlugin,
        ]
    )
    _make_journal_append_only(db)


def _make_journal_append_only(db):
    """Let the database itself refuse to change or delete a fact, whoever asks."""
    if isinstance(db, SqliteDatabase):
        for verb in ("UPDATE", "DELETE"):
            db.execute_sql(
                f"CREATE TRIGGER journal_no_{verb.lower()} BEFORE {verb} ON journal "
                "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
            )
        # INSERT OR REPLACE deletes the old row without asking the triggers above.
        db.execute_sql(
            "CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal WHEN EXISTS "
            "(SELECT 1 FROM journal WHERE office_id = NEW.office_id AND seq = NEW.seq) "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )
        return
    db.execute_sql(
        "CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$"
    )
    db.execute_sql(
        "CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only()"
    )
