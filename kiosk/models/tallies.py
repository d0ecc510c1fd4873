"""The figures of reports, kept up with every change: what each dossier adds, and how much of it fell on each day.

Everything here follows from DossierHistory and can be made anew from it.
"""

from __future__ import annotations

from peewee import BooleanField, CharField, CompositeKey, DateField, ForeignKeyField, IntegerField

from kiosk.models.base import Row
from kiosk.models.dossiers import Dossier
from kiosk.models.places import Office


class DossierTally(Row):
    """`kiosk.domain.tally.Tally` as a row; `late`: it ran past its due date or may still do so."""

    dossier = ForeignKeyField(Dossier, on_delete="CASCADE", primary_key=True)
    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    department = CharField(max_length=40)
    procedure = CharField(max_length=80)
    channel = CharField(max_length=12)
    level = IntegerField(null=True)
    delivery = CharField(max_length=12)
    received_on = DateField()
    first_due_on = DateField(null=True)
    due_on = DateField(null=True)
    due_since = DateField(null=True)
    forwarded_on = DateField(null=True)
    closed_on = DateField(null=True)
    closed_by = CharField(max_length=20, default="")
    handed_over_on = DateField(null=True)
    posted = BooleanField(default=False)
    plain = BooleanField(default=True)
    late = BooleanField(default=True)

    class Meta:
        """Asked for by what cannot be summed: dossiers that are not plain, and those that ran late."""

        indexes = (
            (("office", "plain", "received_on"), False),
            (("office", "late", "due_on"), False),
            (("office", "posted", "channel", "handed_over_on"), False),
        )


class StepCount(Row):
    """How many plain dossiers of a procedure made a step on a day; and, as `span` "month", in the month that begins then."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    span = CharField(max_length=5)
    kind = CharField(max_length=12)
    day = DateField()
    department = CharField(max_length=40)
    procedure = CharField(max_length=80)
    what = CharField(max_length=40)
    n = IntegerField()

    class Meta:
        """Summed over days."""

        primary_key = CompositeKey("office", "span", "kind", "day", "department", "procedure", "what")
