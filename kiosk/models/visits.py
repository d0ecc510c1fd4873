"""Tickets, their turns at counters, booked times, and the paper tickets are printed on."""

from __future__ import annotations

from peewee import (
    BooleanField,
    CharField,
    CompositeKey,
    DateField,
    FloatField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from kiosk.domain.queueing import Lane, Priority, Purpose
from kiosk.domain.ticket import TicketState
from kiosk.models.base import JsonField, MomentField, Row
from kiosk.models.places import Counter, Device, Line, Office, Printer
from kiosk.models.staff import User


class Ticket(Row):
    """One visit of one citizen. The follow token is the right to see it on a phone.

    `home` is the line whose series the number belongs to, `line` where the visit waits now. Within a lane the order
    is `place` (0: goes first), then `arrival`. `for_counter` and `for_user` are whom it waits for, `plan` the further
    services of the visit, `park` why and where it pauses, `last_move` what an undo needs.
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    # Never empty; SQLite cannot add such a column to a table with rows unless it may be.
    home = ForeignKeyField(Line, null=True, on_delete="RESTRICT", index=False)
    line = ForeignKeyField(Line, on_delete="RESTRICT", index=False)
    day = DateField()
    number = IntegerField()
    label = CharField(max_length=10)
    state = CharField(max_length=12, default=TicketState.WAITING)
    priority = CharField(max_length=20, default=Priority.NORMAL)
    purpose = CharField(max_length=12, default=Purpose.APPLY)
    lane = CharField(max_length=12, default=Lane.NORMAL)
    place = IntegerField(default=1)
    arrival = IntegerField()
    procedure = CharField(max_length=80, null=True)
    dossiers = IntegerField(default=1)
    language = CharField(max_length=5, default="vi")
    offline = BooleanField(default=False)
    remote = BooleanField(default=False)
    person_key = CharField(max_length=64, null=True)
    token = CharField(max_length=32, unique=True)
    check_code = CharField(max_length=6)
    device = ForeignKeyField(Device, null=True, on_delete="SET NULL", index=False)
    issued_at = MomentField()
    waiting_since = MomentField()
    checked_in_at = MomentField(null=True)
    not_before = MomentField(null=True)
    due_at = MomentField(null=True)
    postponed = IntegerField(default=0)
    wait_low = IntegerField()
    wait_high = IntegerField()
    for_counter = ForeignKeyField(Counter, null=True, on_delete="SET NULL", index=False)
    for_user = ForeignKeyField(User, null=True, on_delete="SET NULL", index=False)
    counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
    called_at = MomentField(null=True)
    called_seq = IntegerField(null=True)
    recalls = IntegerField(default=0)
    recalled_at = JsonField(default=list)
    started_at = MomentField(null=True)
    ended_at = MomentField(null=True)
    forgotten = BooleanField(default=False)
    park = JsonField(null=True)
    plan = JsonField(default=list)
    note = TextField(default="")
    last_move = JsonField(null=True)
    carried_to = ForeignKeyField("self", null=True, on_delete="SET NULL", index=False)

    class Meta:
        """UNIQUE stands under the rule that nobody shares a number; the others serve the waiting order."""

        indexes = (
            (("home", "day", "number"), True),
            (("line", "day", "state", "lane", "place", "arrival"), False),
            (("counter", "state"), False),
            (("office", "day", "called_seq"), False),
            (("for_counter", "day", "state"), False),
            (("for_user", "day", "state"), False),
            (("day", "person_key"), False),
        )


class Turn(Row):
    """One time a ticket was called to a counter: its wait before, the way there, and the service, kept apart.

    `outcome` is open, finished, no_show, transferred, parked, cancelled, forgotten (nobody said when it ended, so it
    counts in no mean) or undone (it never was).
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    ticket = ForeignKeyField(Ticket, on_delete="RESTRICT", index=False)
    line = ForeignKeyField(Line, on_delete="RESTRICT", index=False)
    counter = ForeignKeyField(Counter, on_delete="RESTRICT", index=False)
    user = ForeignKeyField(User, null=True, on_delete="SET NULL", index=False)
    day = DateField()
    lane = CharField(max_length=12)
    purpose = CharField(max_length=12)
    procedure = CharField(max_length=80, null=True)
    waiting_from = MomentField()
    called_at = MomentField()
    started_at = MomentField(null=True)
    ended_at = MomentField(null=True)
    outcome = CharField(max_length=12, default="open")
    parked_seconds = IntegerField(default=0)

    class Meta:
        """The hall asks by day, the forecast by line and end, the tablet by counter."""

        indexes = (
            (("office", "day"), False),
            (("line", "ended_at"), False),
            (("counter", "called_at"), False),
            (("ticket", "id"), False),
        )


class Pace(Row):
    """How long recent visits of a line lasted, in all (`procedure` "") and by procedure; from `Turn`.

    `width` is how many times wider than reckoned its forecasts are made, as past days taught.
    """

    line = ForeignKeyField(Line, on_delete="CASCADE", index=False)
    procedure = CharField(max_length=80, default="")
    mean_seconds = FloatField()
    deviation_seconds = FloatField()
    visits = IntegerField()
    width = FloatField(default=1.0)
    updated_at = MomentField()

    class Meta:
        """One pace each."""

        primary_key = CompositeKey("line", "procedure")


class ForecastScore(Row):
    """How honest a line's forecasts of a day were: how many waits were inside their range, shorter, or longer."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    line = ForeignKeyField(Line, on_delete="RESTRICT", index=False)
    day = DateField()
    tickets = IntegerField()
    inside = IntegerField()
    early = IntegerField()
    late = IntegerField()
    mean_error_seconds = FloatField()

    class Meta:
        """One score a line and day."""

        indexes = ((("line", "day"), True), (("office", "day"), False))


class DayClose(Row):
    """A day of the hall that was closed, and what it came to."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    day = DateField()
    closed_at = MomentField()
    summary = JsonField(default=dict)

    class Meta:
        """A day closes once."""

        primary_key = CompositeKey("office", "day")


class Appointment(Row):
    """A booked time. Who booked is a keyed hash of a phone number, which cannot be turned back."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    line = ForeignKeyField(Line, on_delete="RESTRICT", index=False)
    day = DateField()
    starts_at = MomentField()
    minutes = IntegerField()
    code = CharField(max_length=12, unique=True)
    token = CharField(max_length=32, unique=True)
    state = CharField(max_length=12, default="booked")
    person_key = CharField(max_length=64)
    procedure = CharField(max_length=80, null=True)
    language = CharField(max_length=5, default="vi")
    ticket = ForeignKeyField(Ticket, null=True, on_delete="SET NULL", index=False)
    created_at = MomentField()
    ended_at = MomentField(null=True)

    class Meta:
        """Slots are counted by line and start, limits by person."""

        indexes = (
            (("line", "starts_at"), False),
            (("office", "day", "state"), False),
            (("person_key", "day"), False),
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
