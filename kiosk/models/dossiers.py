"""Dossiers, what happened to them, and, apart from everything that is counted, the people they belong to."""

from __future__ import annotations

from peewee import BooleanField, CharField, CompositeKey, DateField, ForeignKeyField, IntegerField, TextField

from kiosk.domain.dossier import DossierState
from kiosk.domain.procedure import ClockStart, SupplementClock
from kiosk.models.base import JsonField, MomentField, Row
from kiosk.models.places import Counter, Office
from kiosk.models.staff import User
from kiosk.models.visits import Ticket


class Person(Row):
    """Personal data of an applicant: the only table that knows a name. May be masked or erased by law."""

    office = ForeignKeyField(Office, on_delete="RESTRICT")
    kind = CharField(max_length=12)
    name = CharField(max_length=200)
    name_folded = CharField(max_length=200, default="", index=True)
    id_number = CharField(max_length=20, default="")
    tax_code = CharField(max_length=20, default="")
    phone = CharField(max_length=20, default="")
    email = CharField(max_length=254, default="")
    address = CharField(max_length=300, default="")
    deliver_to = CharField(max_length=300, default="")
    born = DateField(null=True)
    created_at = MomentField()
    erased_at = MomentField(null=True)


class DossierSeries(Row):
    """The last serial given to an agency's dossiers on a day (TT 01/2018 Đ.19)."""

    agency = CharField(max_length=40)
    day = DateField()
    last = IntegerField()

    class Meta:
        """One series an agency and day."""

        primary_key = CompositeKey("agency", "day")


class PaperSeries(Row):
    """The last number given to a kind of paper of an office in a year: slips, and entries of the register."""

    office = ForeignKeyField(Office, on_delete="RESTRICT")
    paper = CharField(max_length=20)
    year = IntegerField()
    last = IntegerField()

    class Meta:
        """One series a paper and year; each begins at 1 (TT 01/2018 Đ.10)."""

        primary_key = CompositeKey("office", "paper", "year")


class Dossier(Row):
    """One application for one procedure, as it stands now; its history is in DossierHistory."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    code = CharField(max_length=40, unique=True)
    department = CharField(max_length=40)
    procedure = CharField(max_length=80)
    procedure_name = CharField(max_length=400)
    channel = CharField(max_length=12)
    delivery = CharField(max_length=12)
    first_delivery = CharField(max_length=12, default="")
    level = IntegerField(null=True)
    state = CharField(max_length=24, default=DossierState.IN_PROGRESS)
    received_at = MomentField()
    received_on = DateField()
    register_number = IntegerField(null=True)
    clock_start = CharField(max_length=20, default=ClockStart.RECEIPT)
    clock_on = DateField()
    postmark_on = DateField(null=True)
    forward_by = DateField(null=True)
    transferred_on = DateField(null=True)
    suspended_on = DateField(null=True)
    term = JsonField(null=True)
    first_due_on = DateField(null=True)
    due_on = DateField(null=True)
    closed_on = DateField(null=True)
    handed_over_on = DateField(null=True)
    linked = BooleanField(default=False)
    linked_to = CharField(max_length=40, default="")
    on_the_spot = BooleanField(default=False)
    supplement_clock = CharField(max_length=12, default=SupplementClock.RESTART)
    sets = IntegerField(default=1)
    components = JsonField(default=list)
    answers = JsonField(default=dict)
    fees = JsonField(default=list)
    fee_total = IntegerField(default=0)
    person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    authorised = ForeignKeyField(
        Person, null=True, on_delete="SET NULL", backref="authorised_for", index=False
    )
    ticket = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT")
    counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)

    class Meta:
        """A report asks for what was received by a day and not closed before another."""

        indexes = (
            (("office", "received_on"), False),
            (("office", "received_at"), False),
            (("office", "closed_on", "received_on"), False),
            (("office", "handed_over_on"), False),
            (("office", "department", "state"), False),
        )


class DossierHistory(Row):
    """One move of a dossier: the journal's fact in the shape that a report reads."""

    dossier = ForeignKeyField(Dossier, on_delete="RESTRICT", index=False)
    seq = IntegerField()
    at = MomentField()
    on = DateField()
    move = CharField(max_length=20)
    due_on = DateField(null=True)
    agency = CharField(max_length=40, null=True)
    agency_due_on = DateField(null=True)
    paper_number = IntegerField(null=True)
    note = IntegerField(null=True)
    clock_on = DateField(null=True)
    corrects = IntegerField(null=True)
    voids = BooleanField(default=False)

    class Meta:
        """`seq` is the journal's; a report of an earlier moment asks for what was entered after it."""

        primary_key = CompositeKey("dossier", "seq")
        indexes = ((("at",), False),)


class DossierNote(Row):
    """An officer's words on a move. They may name people, so they stay out of the journal."""

    dossier = ForeignKeyField(Dossier, on_delete="RESTRICT")
    move = CharField(max_length=20)
    text = TextField()
    user = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    created_at = MomentField()


class DeclinedApplication(Row):
    """An application that was not received: the applicant left with a supplement request or a refusal in writing.

    It never enters the totals (Biểu II.06a); the ask is one and complete (NĐ 61/2018 Đ.11.2.c, Đ.17.1).
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    outcome = CharField(max_length=12)
    year = IntegerField()
    number = IntegerField()
    department = CharField(max_length=40)
    procedure = CharField(max_length=80)
    procedure_name = CharField(max_length=400)
    components = JsonField(default=list)
    reason = TextField()
    person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    ticket = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT")
    counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    answered_by = ForeignKeyField(Dossier, null=True, on_delete="RESTRICT", index=False)
    at = MomentField()
    on = DateField()

    class Meta:
        """Numbered by the year within each outcome."""

        indexes = ((("office", "outcome", "year", "number"), True),)


class Rating(Row):
    """What a visitor thought of the service: 1 not satisfied, 2 satisfied, 3 very satisfied.

    One for each slip, and one for each visit (`visit`); `ticket` is the visit the slip was given in. `words` may name
    people.
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    dossier = ForeignKeyField(Dossier, null=True, on_delete="RESTRICT", unique=True)
    declined = ForeignKeyField(DeclinedApplication, null=True, on_delete="RESTRICT", unique=True)
    ticket = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT")
    visit = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT", unique=True)
    department = CharField(max_length=40)
    score = IntegerField()
    words = TextField(default="")
    at = MomentField()

    class Meta:
        """Reports ask by office and moment."""

        indexes = ((("office", "at"), False),)
