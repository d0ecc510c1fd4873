"""Which plugins an office has switched on, with what settings, and what it has changed in their catalogues."""

from __future__ import annotations

from peewee import BooleanField, CharField, CompositeKey, DateField, ForeignKeyField, TextField

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


class CatalogueEdition(Row):
    """One procedure's whole facts as an office took them from its reviewed list, in force from a day on.

    `values` is what `procedures.toml` would say of it. A later edition of the same procedure takes over from its own
    first day; a revoked one counts as never made from then on.
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    department = CharField(max_length=40)
    procedure = CharField(max_length=80)
    valid_from = DateField()
    values = JsonField(default=dict)
    reason = TextField()
    actor = CharField(max_length=60)
    created_at = MomentField()
    revoked_at = MomentField(null=True)

    class Meta:
        """Read together when an office's catalogue is made."""

        indexes = ((("office", "department", "procedure", "valid_from"), False),)


class ProcedureOverride(Row):
    """An admin's word on a term or a fee between two days, both included; `case` names the fee or term case ("" = usual)."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    department = CharField(max_length=40)
    procedure = CharField(max_length=80)
    kind = CharField(max_length=8)
    case = CharField(max_length=40, default="")
    values = JsonField(default=dict)
    valid_from = DateField()
    valid_to = DateField(null=True)
    reason = TextField()
    actor = CharField(max_length=60)
    created_at = MomentField()
    revoked_at = MomentField(null=True)

    class Meta:
        """Read together when an office's catalogue is made."""

        indexes = ((("office", "department", "procedure"), False),)
