"""The place: an office with its lines, counters, printers and devices."""

from __future__ import annotations

from peewee import (
    BooleanField,
    CharField,
    CompositeKey,
    DateField,
    DeferredForeignKey,
    ForeignKeyField,
    IntegerField,
)

from kiosk.domain.chain import GENESIS
from kiosk.models.base import JsonField, MomentField, Row


class Office(Row):
    """One site. Its row is the lock under which everything in it changes."""

    key = CharField(max_length=40, unique=True)
    title = CharField(max_length=200)
    subtitle = CharField(max_length=200, default="")
    zone = CharField(max_length=60, default="Asia/Ho_Chi_Minh")
    agency = CharField(max_length=12, default="H02")
    code_form = CharField(max_length=8, default="tt01")
    place_name = CharField(max_length=80, default="")
    address = CharField(max_length=300, default="")
    phone = CharField(max_length=40, default="")
    public_url = CharField(max_length=200, default="")
    catalogue_version = IntegerField(default=0)
    hall = JsonField(default=dict)
    money = JsonField(default=dict)
    business_day = DateField(null=True)
    last_seq = IntegerField(default=0)
    last_hash = CharField(max_length=64, default=GENESIS)
    last_at = MomentField(null=True)
    created_at = MomentField()


class Line(Row):
    """One waiting line with its own letter prefix and daily number series.

    `rule` is a `LineRule`, `round` the calls made in its present round by lane; `hours` are pairs of local times,
    None for the office's own; `booking` says which appointments there are.
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT")
    department = CharField(max_length=40)
    prefix = CharField(max_length=2)
    title = CharField(max_length=200)
    title_en = CharField(max_length=200, default="")
    area = CharField(max_length=40, default="main")
    open = BooleanField(default=True)
    opens_again = CharField(max_length=40, default="")
    rule = JsonField(default=dict)
    round = JsonField(default=dict)
    hours = JsonField(null=True)
    booking = JsonField(default=dict)

    class Meta:
        """A prefix names one line of an office."""

        indexes = ((("office", "prefix"), True),)


class NumberSeries(Row):
    """The last number given on a line on a business day."""

    line = ForeignKeyField(Line, on_delete="RESTRICT")
    day = DateField()
    last = IntegerField()

    class Meta:
        """One series a line and day."""

        primary_key = CompositeKey("line", "day")


class Counter(Row):
    """A place where an officer serves one or more lines.

    `rule` is a `CounterRule`, `round` the calls made in its present round by line; a counter with a `pause_reason`
    is open and calls nobody for a while.
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT")
    number = IntegerField()
    title = CharField(max_length=200, default="")
    area = CharField(max_length=40, default="main")
    open = BooleanField(default=True)
    rule = JsonField(default=dict)
    round = JsonField(default=dict)
    pause_reason = CharField(max_length=24, default="")
    paused_at = MomentField(null=True)

    class Meta:
        """A counter number is unique in an office."""

        indexes = ((("office", "number"), True),)


class CounterLine(Row):
    """Which lines a counter serves."""

    counter = ForeignKeyField(Counter, on_delete="CASCADE")
    line = ForeignKeyField(Line, on_delete="CASCADE")

    class Meta:
        """Each pair once."""

        primary_key = CompositeKey("counter", "line")


class Printer(Row):
    """A ticket printer and how it is reached; `problem` is its last known trouble, empty when it prints.

    `agent` is the kiosk whose agent prints on it, None for the server's worker; `dots` is the width of the
    paper loaded where it is not the model's own. `used_mm` counts from the last new roll.
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT")
    name = CharField(max_length=80)
    model = CharField(max_length=40, default="generic-80mm")
    address = CharField(max_length=200)
    dots = IntegerField(null=True)
    agent = DeferredForeignKey("Device", null=True, on_delete="SET NULL", index=False)
    failover = CharField(max_length=8, default="auto")
    backup = ForeignKeyField("self", null=True, on_delete="SET NULL", index=False)
    problem = CharField(max_length=40, default="printer_unknown")
    problem_since = MomentField(null=True)
    status = JsonField(default=dict)
    checked_at = MomentField(null=True)
    roll_mm = IntegerField(default=50_000)
    used_mm = IntegerField(default=0)
    paper_low = BooleanField(default=False)

    class Meta:
        """A printer name is unique in an office."""

        indexes = ((("office", "name"), True),)


class Device(Row):
    """A kiosk, a board, a small display or a call button.

    Its token is kept as a hash; a pairing code works once and briefly. What was replaced is kept as a hash too, so
    that its use can be told from a guess. `instance_hash` binds the token to one agent's data folder.
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT")
    name = CharField(max_length=80)
    kind = CharField(max_length=20)
    area = CharField(max_length=40, default="main")
    printer = ForeignKeyField(Printer, null=True, on_delete="SET NULL")
    counter = ForeignKeyField(Counter, null=True, on_delete="SET NULL", index=False)
    options = JsonField(default=dict)
    token_hash = CharField(max_length=64, null=True, unique=True)
    token_expires_at = MomentField(null=True)
    pairing_hash = CharField(max_length=64, null=True, unique=True)
    pairing_expires_at = MomentField(null=True)
    replaced_token_hash = CharField(max_length=64, null=True)
    used_code_hash = CharField(max_length=64, null=True)
    instance_hash = CharField(max_length=64, null=True)
    revoked_at = MomentField(null=True)
    last_seen_at = MomentField(null=True)
    software = CharField(max_length=40, default="")
    health = JsonField(default=dict)
    reload_at = MomentField(null=True)
    created_at = MomentField()

    class Meta:
        """A device name is unique in an office."""

        indexes = (
            (("office", "name"), True),
            (("replaced_token_hash",), False),
            (("used_code_hash",), False),
        )


class CalendarDay(Row):
    """An admin's word on one day: a working day or a day off, over the law's calendar."""

    office = ForeignKeyField(Office, on_delete="RESTRICT")
    day = DateField()
    working = BooleanField()
    reason = CharField(max_length=200)

    class Meta:
        """One word a day."""

        primary_key = CompositeKey("office", "day")


class OfficeHours(Row):
    """When the desks are open on working days, from a day on; `hours` holds four times, "07:30" and so on."""

    office = ForeignKeyField(Office, on_delete="RESTRICT")
    valid_from = DateField()
    hours = JsonField(default=list)
    reason = CharField(max_length=200)

    class Meta:
        """One set of hours a first day."""

        primary_key = CompositeKey("office", "valid_from")
