"""Which plugins an office has switched on, and with what settings."""

from __future__ import annotations

from peewee import BooleanField, CharField, CompositeKey, ForeignKeyField

from kiosk.models.base import JsonField, MomentField, Row
from kiosk.models.places import Office


class OfficePlugin(Row):
    """A plugin's switch in one office. The row stays when it is off: settings and history are kept."""

    office = ForeignKeyField(Office, on_delete="RESTRICT")
    name = CharField(max_length=60)
    enabled = BooleanField(default=False)
    version = CharField(max_length=40, default="")
    settings = JsonField(default=dict)
    changed_at = MomentField()

    class Meta:
        """One switch a plugin and office."""

        primary_key = CompositeKey("office", "name")
