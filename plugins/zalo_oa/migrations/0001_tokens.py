"""The tokens of each office."""

from peewee import BigIntegerField, CharField, IntegerField, Model, TextField


class ZaloToken(Model):
    office = IntegerField(primary_key=True)
    seed = CharField(max_length=64)
    access = TextField(default="")
    refresh = TextField()
    expires_at = BigIntegerField()
    version = IntegerField(default=0)
    claimed_at = BigIntegerField(null=True)

    class Meta:
        table_name = "plugin_zalo_oa_token"


def up(migrator, db):
    """Make the table."""
    with db.bind_ctx([ZaloToken]):
        db.create_tables([ZaloToken])


def down(migrator, db):
    """Refuse: tokens that are lost have to be asked for anew at Zalo."""
    raise NotImplementedError("there is no way back but the backup")
