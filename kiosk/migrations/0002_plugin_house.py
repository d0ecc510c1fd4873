"""Departments at work: catalogues an office may change, office hours, slips, the longer life of a dossier."""

from peewee import (
    BigIntegerField,
    CharField,
    CompositeKey,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)

# Added in place, with a default for the rows that are there: a rebuilt table would lose its references for a moment.
COLUMNS = (
    ("office", "place_name", "VARCHAR(80) NOT NULL DEFAULT ''"),
    ("office", "address", "VARCHAR(300) NOT NULL DEFAULT ''"),
    ("office", "phone", "VARCHAR(40) NOT NULL DEFAULT ''"),
    ("office", "public_url", "VARCHAR(200) NOT NULL DEFAULT ''"),
    ("office", "catalogue_version", "INTEGER NOT NULL DEFAULT 0"),
    ("person", "deliver_to", "VARCHAR(300) NOT NULL DEFAULT ''"),
    ("dossier", "register_number", "INTEGER"),
    ("dossier", "clock_start", "VARCHAR(20) NOT NULL DEFAULT 'receipt'"),
    ("dossier", "postmark_on", "DATE"),
    ("dossier", "forward_by", "DATE"),
    ("dossier", "transferred_on", "DATE"),
    ("dossier", "suspended_on", "DATE"),
    ("dossier", "linked_to", "VARCHAR(40) NOT NULL DEFAULT ''"),
    ("dossier", "on_the_spot", "{flag}"),
    ("dossier", "supplement_clock", "VARCHAR(12) NOT NULL DEFAULT 'restart'"),
    ("dossier", "sets", "INTEGER NOT NULL DEFAULT 1"),
    ("dossier", "authorised_id", "INTEGER REFERENCES person(id) ON DELETE SET NULL"),
    ("dossier_history", "agency", "VARCHAR(40)"),
    ("dossier_history", "agency_due_on", "DATE"),
    ("dossier_history", "paper_number", "INTEGER"),
    ("dossier_history", "note", "INTEGER"),
    ("dossier_history", "clock_on", "DATE"),
    ("dossier_history", "corrects", "INTEGER"),
    ("dossier_history", "voids", "{flag}"),
)


def up(migrator, db):
    flag = (
        "INTEGER NOT NULL DEFAULT 0" if isinstance(db, SqliteDatabase) else "BOOLEAN NOT NULL DEFAULT FALSE"
    )
    for table, column, kind in COLUMNS:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {kind.format(flag=flag)}')
    _create_tables(db)
    _enter_in_register(db)


def _enter_in_register(db):
    """Dossiers received so far get the numbers they would have had in the year's register."""
    # SQLite keeps a day as text; PostgreSQL would write it as the session's DateStyle says.
    sqlite = isinstance(db, SqliteDatabase)
    year = (
        "CAST(SUBSTR(received_on, 1, 4) AS INTEGER)" if sqlite else "EXTRACT(YEAR FROM received_on)::integer"
    )
    db.execute_sql(
        "UPDATE dossier SET register_number = numbered.place FROM ("
        f"SELECT id, ROW_NUMBER() OVER (PARTITION BY office_id, {year} "
        "ORDER BY received_at, id) AS place FROM dossier) AS numbered WHERE numbered.id = dossier.id"
    )
    db.execute_sql(
        "INSERT INTO paper_series (office_id, paper, year, last) "
        f"SELECT office_id, 'register', {year}, COUNT(*) FROM dossier GROUP BY office_id, {year}"
    )


def _create_tables(db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Office(Table):
        pass

    class Person(Table):
        pass

    class Ticket(Table):
        pass

    class Counter(Table):
        pass

    class User(Table):
        pass

    class Dossier(Table):
        pass

    class OfficeHours(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT")
        valid_from = DateField()
        hours = TextField()
        reason = CharField(max_length=200)

        class Meta:
            table_name = "office_hours"
            primary_key = CompositeKey("office", "valid_from")

    class PaperSeries(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT")
        paper = CharField(max_length=20)
        year = IntegerField()
        last = IntegerField()

        class Meta:
            table_name = "paper_series"
            primary_key = CompositeKey("office", "paper", "year")

    class DeclinedApplication(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        outcome = CharField(max_length=12)
        year = IntegerField()
        number = IntegerField()
        department = CharField(max_length=40)
        procedure = CharField(max_length=80)
        procedure_name = CharField(max_length=400)
        components = TextField()
        reason = TextField()
        person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        ticket = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT")
        counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
        officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
        answered_by = ForeignKeyField(Dossier, null=True, on_delete="RESTRICT", index=False)
        at = BigIntegerField()
        on = DateField()

        class Meta:
            table_name = "declined_application"
            indexes = ((("office", "outcome", "year", "number"), True),)

    class Rating(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        dossier = ForeignKeyField(Dossier, null=True, on_delete="RESTRICT", unique=True)
        declined = ForeignKeyField(DeclinedApplication, null=True, on_delete="RESTRICT", unique=True)
        ticket = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT")
        department = CharField(max_length=40)
        score = IntegerField()
        at = BigIntegerField()

        class Meta:
            table_name = "rating"
            indexes = ((("office", "at"), False),)

    class CatalogueEdition(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        department = CharField(max_length=40)
        procedure = CharField(max_length=80)
        valid_from = DateField()
        values = TextField()
        reason = TextField()
        actor = CharField(max_length=60)
        created_at = BigIntegerField()
        revoked_at = BigIntegerField(null=True)

        class Meta:
            table_name = "catalogue_edition"
            indexes = ((("office", "department", "procedure", "valid_from"), False),)

    class ProcedureOverride(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        department = CharField(max_length=40)
        procedure = CharField(max_length=80)
        kind = CharField(max_length=8)
        case = CharField(max_length=40)
        values = TextField()
        valid_from = DateField()
        valid_to = DateField(null=True)
        reason = TextField()
        actor = CharField(max_length=60)
        created_at = BigIntegerField()
        revoked_at = BigIntegerField(null=True)

        class Meta:
            table_name = "procedure_override"
            indexes = ((("office", "department", "procedure"), False),)

    db.create_tables(
        [OfficeHours, PaperSeries, DeclinedApplication, Rating, CatalogueEdition, ProcedureOverride]
    )
