"""What the hall shows, says and sends: notices, pictures, voices, and messages to those who asked for them."""

from __future__ import annotations

from peewee import BlobField, BooleanField, CharField, DateField, ForeignKeyField, IntegerField, TextField

from kiosk.models.base import MomentField, Row
from kiosk.models.places import Office
from kiosk.models.visits import Ticket


class Picture(Row):
    """A picture for boards, as the house drew it anew; `digest` names it in its address."""

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    digest = CharField(max_length=64)
    mime = CharField(max_length=20)
    width = IntegerField()
    height = IntegerField()
    data = BlobField()
    created_at = MomentField()

    class Meta:
        """The same picture is kept once."""

        indexes = ((("office", "digest"), True),)


class Notice(Row):
    """A line of the ticker, a notice or a picture on the boards of an area ("": all) between two days."""

    office = ForeignKeyField(Office, on_delete="RESTRICT")
    kind = CharField(max_length=10)
    area = CharField(max_length=40, default="")
    text = TextField(default="")
    text_en = TextField(default="")
    picture = ForeignKeyField(Picture, null=True, on_delete="SET NULL", index=False)
    first_day = DateField(null=True)
    last_day = DateField(null=True)
    seconds = IntegerField(default=12)
    position = IntegerField(default=0)
    active = BooleanField(default=True)
    created_at = MomentField()


class VoiceClip(Row):
    """One piece of a voice, as 16-bit WAV: "letter-t", "d-7", "please" …"""

    office = ForeignKeyField(Office, on_delete="CASCADE", index=False)
    pack = CharField(max_length=40)
    piece = CharField(max_length=24)
    wav = BlobField()
    created_at = MomentField()

    class Meta:
        """One recording a piece."""

        indexes = ((("office", "pack", "piece"), True),)


class Contact(Row):
    """Where a visitor wants to be told; personal data, erased a day after the visit."""

    office = ForeignKeyField(Office, on_delete="CASCADE", index=False)
    ticket = ForeignKeyField(Ticket, on_delete="CASCADE", index=False)
    channel = CharField(max_length=40)
    address = CharField(max_length=254)
    language = CharField(max_length=5, default="vi")
    created_at = MomentField()

    class Meta:
        """One address a channel."""

        indexes = ((("ticket", "channel"), True), (("created_at",), False))


class Message(Row):
    """Something a visitor is to be told by a channel. The row is the promise; it holds no address.

    `round` tells repeated calls of one number apart.
    """

    office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    ticket = ForeignKeyField(Ticket, on_delete="CASCADE", index=False)
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
        """Nobody is told the same thing twice; the sender asks for what is due."""

        indexes = (
            (("ticket", "channel", "occasion", "round"), True),
            (("channel", "state", "next_try_at"), False),
        )
