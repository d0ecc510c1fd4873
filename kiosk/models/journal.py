"""The journal: the append-only log of facts, gapless and chained per office."""

from __future__ import annotations

from peewee import CharField, CompositeKey, ForeignKeyField, IntegerField, TextField

from kiosk.models.base import MomentField, Row
from kiosk.models.places import Office


class Journal(Row):
    """One fact. Rows are never changed or deleted; the database itself refuses (see the migration)."""

    office = ForeignKeyField(Office, on_delete="RESTRICT")
    seq = IntegerField()
    at = MomentField()
    kind = CharField(max_length=40)
    actor = CharField(max_length=40)
    facts = TextField()
    previous_hash = CharField(max_length=64)
    hash = CharField(max_length=64)

    class Meta:
        """`seq` runs 1, 2, 3 … in each office."""

        primary_key = CompositeKey("office", "seq")
        indexes = ((("office", "kind", "seq"), False),)


class Cursor(Row):
    """How far a reader of the journal (a plugin's subscriber) has come in an office."""

    office = ForeignKeyField(Office, on_delete="RESTRICT")
    reader = CharField(max_length=80)
    seq = IntegerField(default=0)
    failures = IntegerField(default=0)
    last_error = TextField(default="")

    class Meta:
        """One place a reader and office."""

        primary_key = CompositeKey("office", "reader")


class IdempotentRequest(Row):
    """The answer to a state-changing request, kept so that a retry gets the same answer and changes nothing."""

    actor = CharField(max_length=40)
    key = CharField(max_length=80)
    request_hash = CharField(max_length=64)
    status = IntegerField()
    body = TextField()
    created_at = MomentField(index=True)

    class Meta:
        """A key belongs to whoever sent it."""

        primary_key = CompositeKey("actor", "key")
