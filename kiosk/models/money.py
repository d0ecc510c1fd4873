"""Money: what was asked, what came, to what it was credited, what went back, and the days that were closed.

Amounts are whole đồng. `day` in these tables is the money day: the business day, or the next one where that is sealed.
"""

from __future__ import annotations

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from kiosk.models.base import JsonField, MomentField, Row
from kiosk.models.dossiers import Dossier
from kiosk.models.places import Counter, Office
from kiosk.models.staff import User
from kiosk.models.visits import Ticket


class BankWords(Row):
    """Personal data of transfers and refunds: what payers wrote, whose account it was. May be erased by law."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    memo = TextField(default="")
    holder = CharField(max_length=200, default="")
    account = CharField(max_length=40, default="")
    bank = CharField(max_length=120, default="")
    erased_at = MomentField(null=True)


class Payment(Row):
    """A request for the fees of one or more dossiers; changed by `services/payment/confirm_payment.py` alone."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    reference = CharField(max_length=19, unique=True)
    state = CharField(max_length=16)
    method = CharField(max_length=40)
    amount = BigIntegerField()
    phi = BigIntegerField()
    le_phi = BigIntegerField()
    received = BigIntegerField(default=0)
    refunded = BigIntegerField(default=0)
    slip = JsonField(default=dict)
    reason = TextField(default="")
    ticket = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT")
    counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    created_at = MomentField()
    expires_at = MomentField(null=True)
    paid_at = MomentField(null=True)
    day = DateField()

    class Meta:
        """Asked for by state on the money pages, by day when it closes, by counter on its screen."""

        indexes = (
            (("office", "state", "expires_at"), False),
            (("office", "day"), False),
            (("counter", "created_at"), False),
        )


class PaymentItem(Row):
    """The part of a request that is one dossier's."""

    payment = ForeignKeyField(Payment, on_delete="RESTRICT")
    dossier = ForeignKeyField(Dossier, on_delete="RESTRICT")
    department = CharField(max_length=40)
    phi = BigIntegerField()
    le_phi = BigIntegerField()


class Transfer(Row):
    """One movement on an account of the office, whoever told of it first.

    Incoming money is what was `credited`, `returned` or set `aside` of it, and a rest that belongs to nothing yet.
    `confirmed`: the bank itself has told of it, by notice or statement. `mark` names our references in the memo and is
    empty when there is none: whatever else a payer wrote is personal and stands in BankWords.
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    account = CharField(max_length=40)
    amount = BigIntegerField()
    incoming = BooleanField()
    at = MomentField()
    mark = CharField(max_length=120, default="")
    state = CharField(max_length=12)
    reason = CharField(max_length=24, default="")
    credited = BigIntegerField(default=0)
    returned = BigIntegerField(default=0)
    aside = BigIntegerField(default=0)
    confirmed = BooleanField(default=True)
    on_statement = BooleanField(default=False)
    note = TextField(default="")
    words = ForeignKeyField(BankWords, null=True, on_delete="SET NULL", index=False)
    created_at = MomentField()
    day = DateField()

    class Meta:
        """Found again by what it was, listed by what is to be done, counted by day."""

        indexes = (
            (("office", "account", "amount", "at"), False),
            (("office", "state", "id"), False),
            (("office", "day"), False),
        )


class Telling(Row):
    """That somebody told of a transfer: who, under which number, with which reference of the bank."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    transfer = ForeignKeyField(Transfer, on_delete="RESTRICT")
    source = CharField(max_length=12)
    session = CharField(max_length=60)
    teller_id = CharField(max_length=120)
    bank_reference = CharField(max_length=120, default="")
    at = MomentField()

    class Meta:
        """Nobody tells of one thing twice under one number."""

        indexes = (
            (("office", "session", "teller_id"), True),
            (("office", "bank_reference"), False),
        )


class Contradiction(Row):
    """A transfer was told of again with another amount, direction or account."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    transfer = ForeignKeyField(Transfer, on_delete="RESTRICT")
    source = CharField(max_length=12)
    session = CharField(max_length=60)
    teller_id = CharField(max_length=120)
    account = CharField(max_length=40)
    amount = BigIntegerField()
    incoming = BooleanField()
    at = MomentField()
    open = BooleanField(default=True)
    note = TextField(default="")
    created_at = MomentField()

    class Meta:
        """Told once, kept once."""

        indexes = ((("office", "session", "teller_id"), True), (("office", "open"), False))


class Credit(Row):
    """Money credited to a request: a part of a transfer, cash, or a card. Never changed; a mistake is reversed."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    payment = ForeignKeyField(Payment, on_delete="RESTRICT")
    transfer = ForeignKeyField(Transfer, null=True, on_delete="RESTRICT")
    method = CharField(max_length=40)
    amount = BigIntegerField()
    evidence = CharField(max_length=120, default="")
    reverses = ForeignKeyField("self", null=True, on_delete="RESTRICT", unique=True)
    counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    at = MomentField()
    day = DateField()

    class Meta:
        """Added up by day."""

        indexes = ((("office", "day"), False),)


class SetAside(Row):
    """A part of a transfer that is not for fees of this centre; or that never came, where a person had noted it.

    Never changed; what was wrong is taken back by a negative amount.
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    transfer = ForeignKeyField(Transfer, on_delete="RESTRICT")
    amount = BigIntegerField()
    never_came = BooleanField(default=False)
    note = TextField()
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    at = MomentField()
    day = DateField()

    class Meta:
        """Added up by day."""

        indexes = ((("office", "day"), False),)


class Remittance(Row):
    """A list of a department's receipts that were handed on to the budget together."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    department = CharField(max_length=40)
    number = IntegerField()
    rule = CharField(max_length=20)
    first_day = DateField()
    last_day = DateField()
    due_on = DateField()
    phi = BigIntegerField()
    le_phi = BigIntegerField()
    receipts = IntegerField()
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    at = MomentField()
    day = DateField()

    class Meta:
        """Numbered within the office."""

        indexes = ((("office", "number"), True), (("office", "department", "last_day"), False))


class Receipt(Row):
    """A numbered receipt for the phí or the lệ phí of one dossier."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    kind = CharField(max_length=8)
    series = CharField(max_length=12)
    year = IntegerField()
    number = IntegerField()
    payment = ForeignKeyField(Payment, on_delete="RESTRICT")
    dossier = ForeignKeyField(Dossier, on_delete="RESTRICT")
    department = CharField(max_length=40)
    amount = BigIntegerField()
    method = CharField(max_length=40)
    counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    at = MomentField()
    day = DateField()
    voided_at = MomentField(null=True)
    voided_day = DateField(null=True)
    void_reason = CharField(max_length=24, default="")
    remittance = ForeignKeyField(Remittance, null=True, on_delete="RESTRICT", index=False)
    taken_off = ForeignKeyField(
        Remittance, null=True, on_delete="RESTRICT", index=False, backref="taken_off_receipts"
    )
    """The later remittance that takes a voided receipt off again."""

    class Meta:
        """Numbered by the year within each series."""

        indexes = (
            (("office", "series", "year", "number"), True),
            (("office", "day"), False),
            (("office", "department", "remittance"), False),
        )


class Refund(Row):
    """Money that goes back: of a request, or of a transfer that belongs to none."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    payment = ForeignKeyField(Payment, null=True, on_delete="RESTRICT")
    transfer = ForeignKeyField(Transfer, null=True, on_delete="RESTRICT")
    amount = BigIntegerField()
    method = CharField(max_length=12)
    state = CharField(max_length=12)
    reason = TextField()
    words = ForeignKeyField(BankWords, null=True, on_delete="SET NULL", index=False)
    counter = ForeignKeyField(Counter, null=True, on_delete="RESTRICT", index=False)
    asked_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    asked_at = MomentField()
    decided_by = ForeignKeyField(
        User, null=True, on_delete="RESTRICT", index=False, backref="decided_refunds"
    )
    decided_at = MomentField(null=True)
    paid_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False, backref="paid_refunds")
    paid_at = MomentField(null=True)
    evidence = CharField(max_length=120, default="")
    outgoing = ForeignKeyField(Transfer, null=True, on_delete="RESTRICT", index=False, backref="pays_out")
    day = DateField(null=True)

    class Meta:
        """Listed by what is to be done, added up by the day it was paid out."""

        indexes = ((("office", "state", "id"), False), (("office", "day"), False))


class Statement(Row):
    """A bank's statement as uploaded; `digest` is of the file, so that the same one is recognised."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    provider = CharField(max_length=40)
    digest = CharField(max_length=64)
    shape = CharField(max_length=24)
    first_day = DateField()
    last_day = DateField()
    lines = IntegerField()
    done = IntegerField(default=0)
    new = IntegerField(default=0)
    known = IntegerField(default=0)
    contradictory = IntegerField(default=0)
    foreign = IntegerField(default=0)
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    created_at = MomentField()
    finished_at = MomentField(null=True)

    class Meta:
        """One file once."""

        indexes = ((("office", "digest"), True),)


class StatementLine(Row):
    """A line of a statement and what came of it; what was written in it stands in BankWords."""

    statement = ForeignKeyField(Statement, on_delete="RESTRICT", index=False)
    number = IntegerField()
    account = CharField(max_length=40)
    amount = BigIntegerField()
    incoming = BooleanField()
    at = MomentField()
    bank_reference = CharField(max_length=120, default="")
    words = ForeignKeyField(BankWords, null=True, on_delete="SET NULL", index=False)
    outcome = CharField(max_length=16, default="")
    transfer = ForeignKeyField(Transfer, null=True, on_delete="RESTRICT", index=False)

    class Meta:
        """Lines are worked off in their order."""

        indexes = ((("statement", "number"), True), (("statement", "outcome"), False))


class CashCount(Row):
    """What an officer counted in a counter's cash box at the end of a money day."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    counter = ForeignKeyField(Counter, on_delete="RESTRICT", index=False)
    day = DateField()
    amount = BigIntegerField()
    note = TextField(default="")
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    at = MomentField()

    class Meta:
        """Counted again, the later figure holds."""

        indexes = ((("office", "day", "counter"), True),)


class MoneyClose(Row):
    """A sealed money day: its figures as they were, and who sealed it when."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    day = DateField()
    figures = JsonField()
    digest = CharField(max_length=64)
    note = TextField(default="")
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    at = MomentField()

    class Meta:
        """Each day once."""

        indexes = ((("office", "day"), True),)


class NoticeRefusal(Row):
    """How often a signed notice was refused on a day, and why; nothing of what it said."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    day = DateField()
    provider = CharField(max_length=40)
    code = CharField(max_length=40)
    times = IntegerField(default=1)
    last_at = MomentField()

    class Meta:
        """One row a day, messenger and reason."""

        indexes = ((("office", "day", "provider", "code"), True),)
