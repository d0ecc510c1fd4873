"""Real devices: printers by model and address, agents, displays and buttons, numbers leased to kiosks."""

from peewee import BigIntegerField, CharField, DateField, ForeignKeyField, IntegerField, Model, SqliteDatabase

COLUMNS = (
    ("printer", "model", "VARCHAR(40) NOT NULL DEFAULT 'generic-80mm'"),
    ("printer", "address", "VARCHAR(200) NOT NULL DEFAULT ''"),
    ("printer", "dots", "INTEGER"),
    ("printer", "agent_id", "INTEGER REFERENCES device(id) ON DELETE SET NULL"),
    ("printer", "failover", "VARCHAR(8) NOT NULL DEFAULT 'auto'"),
    ("printer", "backup_id", "INTEGER REFERENCES printer(id) ON DELETE SET NULL"),
    ("printer", "problem_since", "{moment}"),
    ("printer", "status", "TEXT NOT NULL DEFAULT '{{}}'"),
    ("printer", "roll_mm", "INTEGER NOT NULL DEFAULT 50000"),
    ("printer", "used_mm", "INTEGER NOT NULL DEFAULT 0"),
    ("printer", "paper_low", "{flag}"),
    ("device", "counter_id", "INTEGER REFERENCES counter(id) ON DELETE SET NULL"),
    ("device", "replaced_token_hash", "VARCHAR(64)"),
    ("device", "used_code_hash", "VARCHAR(64)"),
    ("device", "instance_hash", "VARCHAR(64)"),
    ("device", "software", "VARCHAR(40) NOT NULL DEFAULT ''"),
    ("device", "health", "TEXT NOT NULL DEFAULT '{{}}'"),
    ("device", "reload_at", "{moment}"),
    ("ticket", "offline", "{flag}"),
    ("print_job", "kind", "VARCHAR(8) NOT NULL DEFAULT 'ticket'"),
    ("print_job", "sent_at", "{moment}"),
    ("print_job", "height_mm", "INTEGER NOT NULL DEFAULT 0"),
    ("print_job", "agent_id", "INTEGER REFERENCES device(id) ON DELETE SET NULL"),
    ("print_job", "moved_from_id", "INTEGER REFERENCES printer(id) ON DELETE SET NULL"),
)
CHANGES = (
    "UPDATE printer SET address = 'tcp://' || host || ':' || port",
    "UPDATE printer SET model = 'generic-58mm' WHERE width = 384",
    "ALTER TABLE printer DROP COLUMN host",
    "ALTER TABLE printer DROP COLUMN port",
    "ALTER TABLE printer DROP COLUMN width",
    # A copy in doubt was called doubtful; it goes out again with the mark.
    "UPDATE print_job SET state = 'confirmed' WHERE state = 'printed'",
    "UPDATE print_job SET state = 'repeated' WHERE state = 'doubtful'",
    "CREATE INDEX device_replaced_token_hash ON device (replaced_token_hash)",
    "CREATE INDEX device_used_code_hash ON device (used_code_hash)",
)


def up(migrator, db):
    sqlite = isinstance(db, SqliteDatabase)
    flag = "INTEGER NOT NULL DEFAULT 0" if sqlite else "BOOLEAN NOT NULL DEFAULT FALSE"
    moment = "INTEGER" if sqlite else "BIGINT"
    for table, column, kind in COLUMNS:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {kind.format(flag=flag, moment=moment)}')
    for change in CHANGES:
        db.execute_sql(change)
    _create_tables(db)


def _create_tables(db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Office(Table):
        pass

    class Line(Table):
        pass

    class Device(Table):
        pass

    class Ticket(Table):
        pass

    class LeasedNumber(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        line = ForeignKeyField(Line, on_delete="RESTRICT", index=False)
        day = DateField()
        number = IntegerField()
        device = ForeignKeyField(Device, on_delete="RESTRICT", index=False)
        state = CharField(max_length=8)
        ticket = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT", index=False)
        leased_at = BigIntegerField()
        settled_at = BigIntegerField(null=True)

        class Meta:
            table_name = "leased_number"
            indexes = ((("line", "day", "number"), True), (("device", "day", "state"), False))

    db.create_tables([LeasedNumber])
