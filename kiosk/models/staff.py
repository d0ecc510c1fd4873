"""Accounts of the staff, where they are posted, and their sign-ins."""

from __future__ import annotations

from peewee import BooleanField, CharField, CompositeKey, ForeignKeyField, IntegerField

from kiosk.models.base import JsonField, MomentField, Row
from kiosk.models.places import Counter, Office


class User(Row):
    """A member of staff; `role` gives the permissions (`kiosk.domain.permissions`), `extra_rights` single ones more."""

    office = ForeignKeyField(Office, on_delete="RESTRICT")
    username = CharField(max_length=60, unique=True)
    display_name = CharField(max_length=120)
    role = CharField(max_length=20)
    password_hash = CharField(max_length=200)
    language = CharField(max_length=5, default="vi")
    extra_rights = JsonField(default=list)
    active = BooleanField(default=True)
    created_at = MomentField()


class Posting(Row):
    """A counter at which an officer may serve; officers and counters are many to many over time."""

    user = ForeignKeyField(User, on_delete="CASCADE")
    counter = ForeignKeyField(Counter, on_delete="CASCADE")

    class Meta:
        """Each pair once."""

        primary_key = CompositeKey("user", "counter")


class Session(Row):
    """A sign-in. The cookie holds a random token, this row its hash."""

    token_hash = CharField(max_length=64, unique=True)
    user = ForeignKeyField(User, on_delete="CASCADE")
    created_at = MomentField()
    last_seen_at = MomentField()
    expires_at = MomentField()
    revoked_at = MomentField(null=True)


class LoginThrottle(Row):
    """Failed sign-ins for one account or one address; shared by all server processes."""

    subject = CharField(max_length=64, primary_key=True)
    failures = IntegerField(default=0)
    blocked_until = MomentField(null=True)
    updated_at = MomentField()
