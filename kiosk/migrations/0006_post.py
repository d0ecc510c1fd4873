"""The public post: numbers, parcels, manifests, handover records, news, money; and how a result was asked for at first."""

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
    db.execute_sql("ALTER TABLE dossier ADD COLUMN first_delivery VARCHAR(12) NOT NULL DEFAULT ''")
    db.execute_sql("UPDATE dossier SET first_delivery = delivery")
    _create_tables(db)


def _create_tables(db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Office(Table):
        pass

    class User(Table):
        pass

    class Person(Table):
        pass

    class Dossier(Table):
        pass

    class DeclinedApplication(Table):
        pass

    class Addressee(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        name = CharField(max_length=200)
        phone = CharField(max_length=20)
        email = CharField(max_length=254)
        street = CharField(max_length=200)
        ward = CharField(max_length=120)
        district = CharField(max_length=120)
        province = CharField(max_length=40)
        province_name = CharField(max_length=120)
        erased_at = BigIntegerField(null=True)

    class PostWords(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        name = CharField(max_length=200)
        remark = TextField()
        erased_at = BigIntegerField(null=True)

    class NumberPool(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        carrier = CharField(max_length=40)
        service = CharField(max_length=2)
        first = IntegerField()
        last = IntegerField()
        next = IntegerField()
        active = BooleanField()
        note = TextField()
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        created_at = BigIntegerField()

        class Meta:
            indexes = ((("service", "first"), True), (("office", "carrier", "active"), False))

    class PostIntake(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        carrier = CharField(max_length=40)
        state = CharField(max_length=12)
        year = IntegerField()
        number = IntegerField(null=True)
        note = TextField()
        postman = ForeignKeyField(PostWords, null=True, on_delete="SET NULL", index=False)
        opened_at = BigIntegerField()
        signed_at = BigIntegerField(null=True)
        day = DateField()
        accepted = IntegerField()
        declined = IntegerField()
        fees = BigIntegerField()
        digest = CharField(max_length=64)
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)

        class Meta:
            indexes = ((("office", "year", "number"), True), (("office", "state"), False))

    class PostIntakeItem(Table):
        intake = ForeignKeyField(PostIntake, on_delete="RESTRICT")
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        number = CharField(max_length=13)
        department = CharField(max_length=40)
        procedure = CharField(max_length=80)
        procedure_name = CharField(max_length=400)
        person = ForeignKeyField(Person, null=True, on_delete="SET NULL", index=False)
        answers = TextField()
        papers = TextField()
        delivery = CharField(max_length=12)
        postmark_on = DateField(null=True)
        sent_on = DateField(null=True)
        slip_due_on = DateField(null=True)
        fee_total = BigIntegerField()
        fee_collected = BigIntegerField()
        decision = CharField(max_length=12)
        reason = TextField()
        dossier = ForeignKeyField(Dossier, null=True, on_delete="RESTRICT")
        declined = ForeignKeyField(DeclinedApplication, null=True, on_delete="RESTRICT", index=False)
        created_at = BigIntegerField()

        class Meta:
            indexes = ((("office", "number"), True),)

    class Manifest(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        carrier = CharField(max_length=40)
        state = CharField(max_length=12)
        year = IntegerField()
        number = IntegerField(null=True)
        corrects = ForeignKeyField("self", null=True, on_delete="RESTRICT", index=False)
        note = TextField()
        postman = ForeignKeyField(PostWords, null=True, on_delete="SET NULL", index=False)
        opened_at = BigIntegerField()
        closed_at = BigIntegerField(null=True)
        day = DateField()
        parcels = IntegerField()
        taken_back = IntegerField()
        collect = BigIntegerField()
        postage = BigIntegerField()
        digest = CharField(max_length=64)
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)

        class Meta:
            indexes = ((("office", "year", "number"), True), (("office", "state"), False))

    class PostRemittance(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        carrier = CharField(max_length=40)
        number = IntegerField()
        amount = BigIntegerField()
        parcels = IntegerField()
        evidence = CharField(max_length=120)
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        at = BigIntegerField()
        day = DateField()

        class Meta:
            indexes = ((("office", "number"), True),)

    class Parcel(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        number = CharField(max_length=13, unique=True)
        carrier = CharField(max_length=40)
        dossier = ForeignKeyField(Dossier, on_delete="RESTRICT", index=False)
        active = IntegerField(null=True)
        state = CharField(max_length=20)
        service = CharField(max_length=12)
        addressee = ForeignKeyField(Addressee, null=True, on_delete="SET NULL", index=False)
        zone = CharField(max_length=12)
        days = IntegerField()
        papers = TextField()
        take_back_papers = TextField()
        collect = BigIntegerField()
        collected = BigIntegerField(null=True)
        postage = BigIntegerField()
        note = TextField()
        told_by = CharField(max_length=40)
        language = CharField(max_length=5)
        manifest = ForeignKeyField(Manifest, null=True, on_delete="RESTRICT")
        remittance = ForeignKeyField(PostRemittance, null=True, on_delete="RESTRICT", index=False)
        attempts = IntegerField()
        registered_at = BigIntegerField()
        registered_on = DateField()
        handed_over_at = BigIntegerField(null=True)
        handed_over_on = DateField(null=True)
        due_on = DateField(null=True)
        latest_at = BigIntegerField(null=True)
        ended_on = DateField(null=True)
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)

        class Meta:
            indexes = (
                (("dossier", "active"), True),
                (("office", "state", "due_on"), False),
                (("office", "handed_over_on"), False),
                (("office", "registered_on"), False),
            )

    class ManifestLine(Table):
        manifest = ForeignKeyField(Manifest, on_delete="RESTRICT", index=False)
        place = IntegerField()
        parcel = ForeignKeyField(Parcel, on_delete="RESTRICT")
        kind = CharField(max_length=12)
        facts = TextField()

        class Meta:
            indexes = ((("manifest", "parcel"), True),)

    class ParcelNews(Table):
        parcel = ForeignKeyField(Parcel, on_delete="RESTRICT", index=False)
        status = CharField(max_length=20)
        at = BigIntegerField()
        told_by = CharField(max_length=12)
        receiver = CharField(max_length=8)
        id_checked = BooleanField(null=True)
        collected = BigIntegerField(null=True)
        words = ForeignKeyField(PostWords, null=True, on_delete="SET NULL", index=False)
        moved = BooleanField()
        entered_at = BigIntegerField()

        class Meta:
            indexes = ((("parcel", "status", "at"), True),)

    class ParcelOrder(Table):
        parcel = ForeignKeyField(Parcel, on_delete="RESTRICT", unique=True)
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        carrier = CharField(max_length=40)
        plugin = CharField(max_length=40)
        state = CharField(max_length=12)
        tries = IntegerField()
        next_try_at = BigIntegerField()
        problem = CharField(max_length=40)
        reference = CharField(max_length=80)

        class Meta:
            indexes = ((("state", "next_try_at"), False),)

    class PostFile(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        carrier = CharField(max_length=40)
        digest = CharField(max_length=64)
        rows = IntegerField()
        left_out = IntegerField()
        done = IntegerField()
        moved = IntegerField()
        kept = IntegerField()
        known = IntegerField()
        refused = IntegerField()
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        created_at = BigIntegerField()
        finished_at = BigIntegerField(null=True)

        class Meta:
            indexes = ((("office", "digest"), True),)

    class PostFileRow(Table):
        file = ForeignKeyField(PostFile, on_delete="RESTRICT", index=False)
        place = IntegerField()
        number = IntegerField()
        parcel = ForeignKeyField(Parcel, on_delete="RESTRICT", index=False)
        status = CharField(max_length=20)
        at = BigIntegerField()
        receiver = CharField(max_length=8)
        id_checked = BooleanField(null=True)
        collected = BigIntegerField(null=True)
        words = ForeignKeyField(PostWords, null=True, on_delete="SET NULL", index=False)
        outcome = CharField(max_length=40)

        class Meta:
            indexes = ((("file", "place"), True),)

    class ParcelComplaint(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        parcel = ForeignKeyField(Parcel, on_delete="RESTRICT")
        what = TextField()
        opened_on = DateField()
        answer_due_on = DateField()
        answer = TextField()
        answered_on = DateField(null=True)
        compensation = BigIntegerField()
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)

        class Meta:
            indexes = ((("office", "answered_on", "answer_due_on"), False),)

    class PostMessage(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        parcel = ForeignKeyField(Parcel, on_delete="RESTRICT", index=False)
        channel = CharField(max_length=40)
        occasion = CharField(max_length=16)
        round = IntegerField()
        state = CharField(max_length=8)
        attempts = IntegerField()
        next_try_at = BigIntegerField()
        problem = CharField(max_length=40)
        reference = CharField(max_length=80)
        created_at = BigIntegerField()
        sent_at = BigIntegerField(null=True)

        class Meta:
            indexes = (
                (("parcel", "channel", "occasion", "round"), True),
                (("channel", "state", "next_try_at"), False),
            )

    class PostQuarter(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        carrier = CharField(max_length=40)
        year = IntegerField()
        quarter = IntegerField()
        figures = TextField()
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        at = BigIntegerField()

        class Meta:
            indexes = ((("office", "carrier", "year", "quarter"), True),)

    db.create_tables(
        [
            Addressee,
            PostWords,
            NumberPool,
            PostIntake,
            PostIntakeItem,
            Manifest,
            PostRemittance,
            Parcel,
            ManifestLine,
            ParcelNews,
            ParcelOrder,
            PostFile,
            PostFileRow,
            ParcelComplaint,
            PostMessage,
            PostQuarter,
        ],
        safe=False,
    )
