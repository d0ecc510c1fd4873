"""Tickets and the paper they are printed on."""

from __future__ import annotations

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField

from kiosk.domain.queueing import NORMAL_RANK, Priority
from kiosk.domain.ticket import TicketState
from kiosk.models.base import JsonField, MomentField, Row
from kiosk.models.places import Counter, Device, Line, Office, Printer


class Ticket(Row):
    """One visit of one citizen. The follow token is the right to see it on a phone."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    line = ForeignKeyField(Line, on_delete="RESTRICT", index=False)
    day = DateField()
    number = IntegerField()
    label = CharField(max_length=10)
    state = CharField(max_length=12, default=TicketState.WAITING)
    priority = CharField(max_length=20, default=Priority.NORMAL)
    rank = IntegerField(default=NORMAL_RANK)
    arrival = IntegerField()
    procedure = CharField(max_length=80, null=True)
    dossiers = IntegerField(default=1)
    language = CharField(max_length=5, default="vi")
    offline = BooleanField(default=False)
    token = CharField(max_length=32, unique=True)
    check_code = CharField(max_length=6)
    device = ForeignKeyField(Device, null=True, on_delete="SET NULL", index=False)
    issued_at = MomentField()
    wait_low = IntegerField()
    wait_high = IntegerField()
    counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
    called_at = MomentField(null=True)
    called_seq = IntegerField(null=True)
    recalls = IntegerField(default=0)
    started_at = MomentField(null=True)
    ended_at = MomentField(null=True)

    class Meta:
        """UNIQUE stands under the rule that nobody shares a number; the others serve the waiting order."""

        indexes = (
            (("line", "day", "number"), True),
            (("line", "state", "rank", "arrival"), False),
            (("counter", "state"), False),
            (("office", "day", "called_seq"), False),
        )


class PrintJob(Row):
    """A paper to be printed. The row is the promise; `repeat` counts copies made after doubt.

    `agent` is the kiosk whose agent took the job over, `moved_from` the printer that could not print it.
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    printer = ForeignKeyField(Printer, on_delete="RESTRICT", index=False)
    ticket = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT")
    kind = CharField(max_length=8, default="ticket")
    slip = JsonField()
    state = CharField(max_length=12, default="queued")
    attempts = IntegerField(default=0)
    repeat = IntegerField(default=0)
    problem = CharField(max_length=40, default="")
    next_try_at = MomentField()
    created_at = MomentField()
    sent_at = MomentField(null=True)
    printed_at = MomentField(null=True)
    height_mm = IntegerField(default=0)
    agent = ForeignKeyField(Device, null=True, on_delete="SET NULL", index=False)
    moved_from = ForeignKeyField(Printer, null=True, on_delete="SET NULL", index=False)

    class Meta:
        """The spooler asks for the oldest open job of a printer."""

        indexes = ((("printer", "state", "id"), False),)


class LeasedNumber(Row):
    """A number of a line's day that a kiosk may give while the server is away, and what became of it.

    held: the kiosk may give it; used: it did, see `ticket`; free: it came back unused and may be held again;
    void: nobody can tell any more, so nobody else ever gets it.
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    line = ForeignKeyField(Line, on_delete="RESTRICT", index=False)
    day = DateField()
    number = IntegerField()
    device = ForeignKeyField(Device, on_delete="RESTRICT", index=False)
    state = CharField(max_length=8, default="held")
    ticket = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT", index=False)
    leased_at = MomentField()
    settled_at = MomentField(null=True)

    class Meta:
        """UNIQUE stands under the rule that no number is held twice."""

        indexes = ((("line", "day", "number"), True), (("device", "day", "state"), False))
