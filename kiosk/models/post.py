"""The public post: numbers, parcels, manifests, handover records, what the post told, and the money it collected.

Amounts are whole đồng. Names and addresses stand in Addressee and PostWords and may be erased by law.
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
from kiosk.models.dossiers import DeclinedApplication, Dossier, Person
from kiosk.models.places import Office
from kiosk.models.staff import User


class Addressee(Row):
    """Personal data: who gets a parcel and where. `district` is of the map before 1/7/2025, `province` a key of today's."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    name = CharField(max_length=200)
    phone = CharField(max_length=20, default="")
    email = CharField(max_length=254, default="")
    street = CharField(max_length=200, default="")
    ward = CharField(max_length=120, default="")
    district = CharField(max_length=120, default="")
    province = CharField(max_length=40, default="")
    province_name = CharField(max_length=120, default="")
    erased_at = MomentField(null=True)


class PostWords(Row):
    """Personal data: who took a parcel, who of the post signed, and why an attempt failed in the postman's words."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    name = CharField(max_length=200, default="")
    remark = TextField(default="")
    erased_at = MomentField(null=True)


class NumberPool(Row):
    """Serials the post allotted; `next` is the first that was not drawn."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    carrier = CharField(max_length=40)
    service = CharField(max_length=2)
    first = IntegerField()
    last = IntegerField()
    next = IntegerField()
    active = BooleanField(default=True)
    note = TextField(default="")
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    created_at = MomentField()

    class Meta:
        """Drawn from the oldest that has some left."""

        indexes = ((("service", "first"), True), (("office", "carrier", "active"), False))


class PostIntake(Row):
    """What a postman brought at one time, and the handover record made of it. Numbered when it is signed."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    carrier = CharField(max_length=40)
    state = CharField(max_length=12, default="open")
    year = IntegerField()
    number = IntegerField(null=True)
    note = TextField(default="")
    postman = ForeignKeyField(PostWords, null=True, on_delete="SET NULL", index=False)
    opened_at = MomentField()
    signed_at = MomentField(null=True)
    day = DateField()
    accepted = IntegerField(default=0)
    declined = IntegerField(default=0)
    fees = BigIntegerField(default=0)
    digest = CharField(max_length=64, default="")
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)

    class Meta:
        """One number once a year."""

        indexes = ((("office", "year", "number"), True), (("office", "state"), False))


class PostIntakeItem(Row):
    """One envelope: the post's number, the application in it, and what was counted twice.

    `papers` are {name, originals, copies, told_originals, told_copies}: what the desk found and what the consignment
    note says. `sent_on` is the day on that note (J), `slip_due_on` by when the appointment slip is back with its owner.
    `decision` is receive, supplement or refuse.
    """

    intake = ForeignKeyField(PostIntake, on_delete="RESTRICT")
    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    number = CharField(max_length=13)
    department = CharField(max_length=40)
    procedure = CharField(max_length=80)
    procedure_name = CharField(max_length=400)
    person = ForeignKeyField(Person, null=True, on_delete="SET NULL", index=False)
    answers = JsonField(default=dict)
    papers = JsonField(default=list)
    delivery = CharField(max_length=12)
    postmark_on = DateField(null=True)
    sent_on = DateField(null=True)
    slip_due_on = DateField(null=True)
    fee_total = BigIntegerField(default=0)
    fee_collected = BigIntegerField(default=0)
    decision = CharField(max_length=12, default="receive")
    reason = TextField(default="")
    dossier = ForeignKeyField(Dossier, null=True, on_delete="RESTRICT")
    declined = ForeignKeyField(DeclinedApplication, null=True, on_delete="RESTRICT", index=False)
    created_at = MomentField()

    class Meta:
        """An envelope comes once."""

        indexes = ((("office", "number"), True),)


class Manifest(Row):
    """A list of parcels given to the post at one time. Numbered and unchangeable once it is closed."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    carrier = CharField(max_length=40)
    state = CharField(max_length=12, default="open")
    year = IntegerField()
    number = IntegerField(null=True)
    corrects = ForeignKeyField("self", null=True, on_delete="RESTRICT", index=False)
    note = TextField(default="")
    postman = ForeignKeyField(PostWords, null=True, on_delete="SET NULL", index=False)
    opened_at = MomentField()
    closed_at = MomentField(null=True)
    day = DateField()
    parcels = IntegerField(default=0)
    taken_back = IntegerField(default=0)
    collect = BigIntegerField(default=0)
    postage = BigIntegerField(default=0)
    digest = CharField(max_length=64, default="")
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)

    class Meta:
        """One number once a year."""

        indexes = ((("office", "year", "number"), True), (("office", "state"), False))


class PostRemittance(Row):
    """What the post paid over of the money it had collected on delivery."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    carrier = CharField(max_length=40)
    number = IntegerField()
    amount = BigIntegerField()
    parcels = IntegerField()
    evidence = CharField(max_length=120)
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    at = MomentField()
    day = DateField()

    class Meta:
        """Numbered through."""

        indexes = ((("office", "number"), True),)


class Parcel(Row):
    """A result on its way by post; changed by `services/post/move_parcel.py` alone once it is registered.

    `days` is J+n in working days; `collect` is to be paid on delivery, `collected` what was. `active` is 1 while the
    result is in this parcel and null afterwards: a dossier has one such parcel.
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    number = CharField(max_length=13, unique=True)
    carrier = CharField(max_length=40)
    dossier = ForeignKeyField(Dossier, on_delete="RESTRICT", index=False)
    active = IntegerField(null=True)
    state = CharField(max_length=20)
    service = CharField(max_length=12)
    addressee = ForeignKeyField(Addressee, null=True, on_delete="SET NULL", index=False)
    zone = CharField(max_length=12)
    days = IntegerField()
    papers = JsonField(default=list)
    take_back_papers = JsonField(default=list)
    collect = BigIntegerField(default=0)
    collected = BigIntegerField(null=True)
    postage = BigIntegerField(default=0)
    note = TextField(default="")
    told_by = CharField(max_length=40, default="")
    language = CharField(max_length=5, default="vi")
    manifest = ForeignKeyField(Manifest, null=True, on_delete="RESTRICT")
    remittance = ForeignKeyField(PostRemittance, null=True, on_delete="RESTRICT", index=False)
    attempts = IntegerField(default=0)
    registered_at = MomentField()
    registered_on = DateField()
    handed_over_at = MomentField(null=True)
    handed_over_on = DateField(null=True)
    due_on = DateField(null=True)
    latest_at = MomentField(null=True)
    ended_on = DateField(null=True)
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)

    class Meta:
        """Asked for by state on the desk, by day in figures, by dossier on its page."""

        indexes = (
            (("dossier", "active"), True),
            (("office", "state", "due_on"), False),
            (("office", "handed_over_on"), False),
            (("office", "registered_on"), False),
        )


class ManifestLine(Row):
    """A parcel of a manifest; `kind` is out or taken_back. `facts` are frozen at closing and hold nothing personal."""

    manifest = ForeignKeyField(Manifest, on_delete="RESTRICT", index=False)
    place = IntegerField()
    parcel = ForeignKeyField(Parcel, on_delete="RESTRICT")
    kind = CharField(max_length=12, default="out")
    facts = JsonField(default=dict)

    class Meta:
        """A parcel stands on a manifest once."""

        indexes = ((("manifest", "parcel"), True),)


class ParcelNews(Row):
    """One thing the post told of a parcel. Told again at the same moment, it is the same."""

    parcel = ForeignKeyField(Parcel, on_delete="RESTRICT", index=False)
    status = CharField(max_length=20)
    at = MomentField()
    told_by = CharField(max_length=12)
    receiver = CharField(max_length=8, default="")
    id_checked = BooleanField(null=True)
    collected = BigIntegerField(null=True)
    words = ForeignKeyField(PostWords, null=True, on_delete="SET NULL", index=False)
    moved = BooleanField(default=True)
    entered_at = MomentField()

    class Meta:
        """Nothing is told twice."""

        indexes = ((("parcel", "status", "at"), True),)


class ParcelOrder(Row):
    """What the post's own system knows of a parcel: the promise to tell it, at least once and never as two orders."""

    parcel = ForeignKeyField(Parcel, on_delete="RESTRICT", unique=True)
    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    carrier = CharField(max_length=40)
    plugin = CharField(max_length=40)
    state = CharField(max_length=12)
    tries = IntegerField(default=0)
    next_try_at = MomentField()
    problem = CharField(max_length=40, default="")
    reference = CharField(max_length=80, default="")

    class Meta:
        """The worker asks for what is due."""

        indexes = ((("state", "next_try_at"), False),)


class PostFile(Row):
    """A file of the post's news: read and checked as a whole, worked off in batches."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    carrier = CharField(max_length=40)
    digest = CharField(max_length=64)
    rows = IntegerField(default=0)
    left_out = IntegerField(default=0)
    done = IntegerField(default=0)
    moved = IntegerField(default=0)
    kept = IntegerField(default=0)
    known = IntegerField(default=0)
    refused = IntegerField(default=0)
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    created_at = MomentField()
    finished_at = MomentField(null=True)

    class Meta:
        """The same file comes once."""

        indexes = ((("office", "digest"), True),)


class PostFileRow(Row):
    """A row of such a file, in the order of its moment."""

    file = ForeignKeyField(PostFile, on_delete="RESTRICT", index=False)
    place = IntegerField()
    number = IntegerField()
    parcel = ForeignKeyField(Parcel, on_delete="RESTRICT", index=False)
    status = CharField(max_length=20)
    at = MomentField()
    receiver = CharField(max_length=8, default="")
    id_checked = BooleanField(null=True)
    collected = BigIntegerField(null=True)
    words = ForeignKeyField(PostWords, null=True, on_delete="SET NULL", index=False)
    outcome = CharField(max_length=40, default="")

    class Meta:
        """Worked off in order."""

        indexes = ((("file", "place"), True),)


class ParcelComplaint(Row):
    """Somebody complained of a parcel (QĐ 45/2016 Đ.13); `what` and `answer` may name people."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    parcel = ForeignKeyField(Parcel, on_delete="RESTRICT")
    what = TextField()
    opened_on = DateField()
    answer_due_on = DateField()
    answer = TextField(default="")
    answered_on = DateField(null=True)
    compensation = BigIntegerField(default=0)
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)

    class Meta:
        """Open ones first, by the day they are due."""

        indexes = ((("office", "answered_on", "answer_due_on"), False),)


class PostMessage(Row):
    """Something a recipient is to be told of a parcel by a channel. The row is the promise; it holds no address."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    parcel = ForeignKeyField(Parcel, on_delete="RESTRICT", index=False)
    channel = CharField(max_length=40)
    occasion = CharField(max_length=16)
    round = IntegerField(default=0)
    state = CharField(max_length=8, default="queued")
    attempts = IntegerField(default=0)
    next_try_at = MomentField()
    problem = CharField(max_length=40, default="")
    reference = CharField(max_length=80, default="")
    created_at = MomentField()
    sent_at = MomentField(null=True)

    class Meta:
        """As those of numbers."""

        indexes = (
            (("parcel", "channel", "occasion", "round"), True),
            (("channel", "state", "next_try_at"), False),
        )


class PostQuarter(Row):
    """What the post reports of a quarter (QĐ 45/2016: by the 10th), beside which our own count is put."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    carrier = CharField(max_length=40)
    year = IntegerField()
    quarter = IntegerField()
    figures = JsonField(default=dict)
    officer = ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    at = MomentField()

    class Meta:
        """One a quarter."""

        indexes = ((("office", "carrier", "year", "quarter"), True),)
