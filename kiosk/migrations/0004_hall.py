"""The hall: rules and hours of lines, turns at counters, forecasts, booked times, boards, voices, messages."""

from peewee import (
    BigIntegerField,
    BlobField,
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

COLUMNS = (
    ("office", "hall", "TEXT NOT NULL DEFAULT '{{}}'"),
    ("line", "rule", "TEXT NOT NULL DEFAULT '{{}}'"),
    ("line", "round", "TEXT NOT NULL DEFAULT '{{}}'"),
    ("line", "hours", "TEXT"),
    ("line", "booking", "TEXT NOT NULL DEFAULT '{{}}'"),
    ("counter", "rule", "TEXT NOT NULL DEFAULT '{{}}'"),
    ("counter", "round", "TEXT NOT NULL DEFAULT '{{}}'"),
    ("counter", "pause_reason", "VARCHAR(24) NOT NULL DEFAULT ''"),
    ("counter", "paused_at", "{moment}"),
    ("user", "extra_rights", "TEXT NOT NULL DEFAULT '[]'"),
    ("ticket", "home_id", "INTEGER REFERENCES line(id) ON DELETE RESTRICT"),
    ("ticket", "purpose", "VARCHAR(12) NOT NULL DEFAULT 'apply'"),
    ("ticket", "lane", "VARCHAR(12) NOT NULL DEFAULT 'normal'"),
    ("ticket", "place", "INTEGER NOT NULL DEFAULT 1"),
    ("ticket", "remote", "{flag}"),
    ("ticket", "person_key", "VARCHAR(64)"),
    ("ticket", "waiting_since", "{moment} NOT NULL DEFAULT 0"),
    ("ticket", "checked_in_at", "{moment}"),
    ("ticket", "not_before", "{moment}"),
    ("ticket", "due_at", "{moment}"),
    ("ticket", "postponed", "INTEGER NOT NULL DEFAULT 0"),
    ("ticket", "for_counter_id", "INTEGER REFERENCES counter(id) ON DELETE SET NULL"),
    ("ticket", "for_user_id", 'INTEGER REFERENCES "user"(id) ON DELETE SET NULL'),
    ("ticket", "recalled_at", "TEXT NOT NULL DEFAULT '[]'"),
    ("ticket", "forgotten", "{flag}"),
    ("ticket", "park", "TEXT"),
    ("ticket", "plan", "TEXT NOT NULL DEFAULT '[]'"),
    ("ticket", "note", "TEXT NOT NULL DEFAULT ''"),
    ("ticket", "last_move", "TEXT"),
    ("ticket", "carried_to_id", "INTEGER REFERENCES ticket(id) ON DELETE SET NULL"),
    ("rating", "visit_id", "INTEGER REFERENCES ticket(id) ON DELETE RESTRICT"),
    ("rating", "words", "TEXT NOT NULL DEFAULT ''"),
)
CHANGES = (
    "UPDATE ticket SET home_id = line_id, waiting_since = issued_at",
    "UPDATE ticket SET lane = 'priority' WHERE rank = 0",
    "DROP INDEX ticket_line_id_day_number",
    "DROP INDEX ticket_line_id_state_rank_arrival",
    "ALTER TABLE ticket DROP COLUMN rank",
    "CREATE UNIQUE INDEX ticket_home_id_day_number ON ticket (home_id, day, number)",
    "CREATE INDEX ticket_line_id_day_state_lane_place_arrival ON ticket (line_id, day, state, lane, place, arrival)",
    "CREATE INDEX ticket_for_counter_id_day_state ON ticket (for_counter_id, day, state)",
    "CREATE INDEX ticket_for_user_id_day_state ON ticket (for_user_id, day, state)",
    "CREATE INDEX ticket_day_person_key ON ticket (day, person_key)",
    "CREATE UNIQUE INDEX rating_visit_id ON rating (visit_id)",
)
TURNS = """
INSERT INTO turn (office_id, ticket_id, line_id, counter_id, day, lane, purpose, procedure, waiting_from, called_at,
                  started_at, ended_at, outcome, parked_seconds)
SELECT office_id, id, line_id, counter_id, day, lane, purpose, procedure, issued_at, called_at, started_at, ended_at,
       CASE WHEN state IN ('finished', 'no_show', 'cancelled') THEN state ELSE 'open' END, 0
FROM ticket WHERE called_at IS NOT NULL AND counter_id IS NOT NULL ORDER BY called_at, id
"""

# The running mean that lines kept stands for ten visits until the worker has counted the real ones.
PACES = """
INSERT INTO pace (line_id, procedure, mean_seconds, deviation_seconds, visits, width, updated_at)
SELECT id, '', service_seconds, 240, 10, 1, 0 FROM line
"""


def up(migrator, db):
    sqlite = isinstance(db, SqliteDatabase)
    flag = "INTEGER NOT NULL DEFAULT 0" if sqlite else "BOOLEAN NOT NULL DEFAULT FALSE"
    moment = "INTEGER" if sqlite else "BIGINT"
    for table, column, kind in COLUMNS:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {kind.format(flag=flag, moment=moment)}')
    for change in CHANGES:
        db.execute_sql(change)
    _create_tables(db)
    db.execute_sql(TURNS)
    db.execute_sql(PACES)
    db.execute_sql("ALTER TABLE line DROP COLUMN service_seconds")


def _create_tables(db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Office(Table):
        pass

    class Line(Table):
        pass

    class Counter(Table):
        pass

    class User(Table):
        pass

    class Ticket(Table):
        pass

    class Turn(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        ticket = ForeignKeyField(Ticket, on_delete="RESTRICT", index=False)
        line = ForeignKeyField(Line, on_delete="RESTRICT", index=False)
        counter = ForeignKeyField(Counter, on_delete="RESTRICT", index=False)
        user = ForeignKeyField(User, null=True, on_delete="SET NULL", index=False)
        day = DateField()
        lane = CharField(max_length=12)
        purpose = CharField(max_length=12)
        procedure = CharField(max_length=80, null=True)
        waiting_from = BigIntegerField()
        called_at = BigIntegerField()
        started_at = BigIntegerField(null=True)
        ended_at = BigIntegerField(null=True)
        outcome = CharField(max_length=12)
        parked_seconds = IntegerField()

        class Meta:
            indexes = (
                (("office", "day"), False),
                (("line", "ended_at"), False),
                (("counter", "called_at"), False),
                (("ticket", "id"), False),
            )

    class Pace(Table):
        line = ForeignKeyField(Line, on_delete="CASCADE", index=False)
        procedure = CharField(max_length=80)
        mean_seconds = FloatField()
        deviation_seconds = FloatField()
        visits = IntegerField()
        width = FloatField()
        updated_at = BigIntegerField()

        class Meta:
            primary_key = CompositeKey("line", "procedure")

    class ForecastScore(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        line = ForeignKeyField(Line, on_delete="RESTRICT", index=False)
        day = DateField()
        tickets = IntegerField()
        inside = IntegerField()
        early = IntegerField()
        late = IntegerField()
        mean_error_seconds = FloatField()

        class Meta:
            indexes = ((("line", "day"), True), (("office", "day"), False))

    class DayClose(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        day = DateField()
        closed_at = BigIntegerField()
        summary = TextField()

        class Meta:
            primary_key = CompositeKey("office", "day")

    class Appointment(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        line = ForeignKeyField(Line, on_delete="RESTRICT", index=False)
        day = DateField()
        starts_at = BigIntegerField()
        minutes = IntegerField()
        code = CharField(max_length=12, unique=True)
        token = CharField(max_length=32, unique=True)
        state = CharField(max_length=12)
        person_key = CharField(max_length=64)
        procedure = CharField(max_length=80, null=True)
        language = CharField(max_length=5)
        ticket = ForeignKeyField(Ticket, null=True, on_delete="SET NULL", index=False)
        created_at = BigIntegerField()
        ended_at = BigIntegerField(null=True)

        class Meta:
            indexes = (
                (("line", "starts_at"), False),
                (("office", "day", "state"), False),
                (("person_key", "day"), False),
            )

    class Picture(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        digest = CharField(max_length=64)
        mime = CharField(max_length=20)
        width = IntegerField()
        height = IntegerField()
        data = BlobField()
        created_at = BigIntegerField()

        class Meta:
            indexes = ((("office", "digest"), True),)

    class Notice(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT")
        kind = CharField(max_length=10)
        area = CharField(max_length=40)
        text = TextField()
        text_en = TextField()
        picture = ForeignKeyField(Picture, null=True, on_delete="SET NULL", index=False)
        first_day = DateField(null=True)
        last_day = DateField(null=True)
        seconds = IntegerField()
        position = IntegerField()
        active = BooleanField()
        created_at = BigIntegerField()

    class VoiceClip(Table):
        office = ForeignKeyField(Office, on_delete="CASCADE", index=False)
        pack = CharField(max_length=40)
        piece = CharField(max_length=24)
        wav = BlobField()
        created_at = BigIntegerField()

        class Meta:
            indexes = ((("office", "pack", "piece"), True),)

    class Contact(Table):
        office = ForeignKeyField(Office, on_delete="CASCADE", index=False)
        ticket = ForeignKeyField(Ticket, on_delete="CASCADE", index=False)
        channel = CharField(max_length=40)
        address = CharField(max_length=254)
        language = CharField(max_length=5)
        created_at = BigIntegerField()

        class Meta:
            indexes = ((("ticket", "channel"), True), (("created_at",), False))

    class Message(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        ticket = ForeignKeyField(Ticket, on_delete="CASCADE", index=False)
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
                (("ticket", "channel", "occasion", "round"), True),
                (("channel", "state", "next_try_at"), False),
            )

    db.create_tables(
        [Turn, Pace, ForecastScore, DayClose, Appointment, Picture, Notice, VoiceClip, Contact, Message]
    )
