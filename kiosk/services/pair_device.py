"""Pair a device: a code shown once by the admin becomes a token bound to that one device."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.database import bookkeeping, office_transaction
from kiosk.domain.codes import CHECK_ALPHABET
from kiosk.domain.errors import Forbidden, NotFound, Unauthenticated
from kiosk.domain.events import DeviceChanged, DeviceRefused
from kiosk.domain.permissions import DEVICE_RIGHTS, Actor, DeviceKind, PairedDevice
from kiosk.models import Device
from kiosk.models.prepared import Prepared, Slot
from kiosk.services.announce import announce
from kiosk.services.release_device import release
from kiosk.services.sign_in import token_hash
from kiosk.services.throttle import Guesser, count_failure, refuse_blocked

CODE_LENGTH = 8
FREE_FAILURES = 10
CODE_LIFETIME = timedelta(minutes=10)
TOKEN_LIFETIME = timedelta(days=400)
SEEN_EVERY = timedelta(seconds=20)
REFUSALS_EVERY = timedelta(minutes=10)
"""A machine that goes on with a dead token is logged so often, not at each of its requests."""
BY_TOKEN = Prepared(lambda: Device.select().where(Device.token_hash == Slot("token_hash")).limit(1))
OPENS = {DeviceKind.KIOSK: "/kiosk", DeviceKind.BOARD: "/board", DeviceKind.TABLET: "/tablet"}


@dataclass(frozen=True)
class Paired:
    """A device that was paired just now; the token is shown to it once and kept nowhere."""

    token: str
    device: PairedDevice
    office_id: int

    @property
    def opens(self) -> str:
        """The page the device shows; a display or a button has none of its own."""
        return OPENS.get(self.device.kind, "/")


def new_pairing_code(office_id: int, device_id: int, now: datetime, actor: str) -> tuple[str, datetime]:
    """A fresh code for a device and when it lapses. Raises NotFound("unknown_device")."""
    code = "".join(secrets.choice(CHECK_ALPHABET) for _ in range(CODE_LENGTH))
    with office_transaction(office_id, now, actor) as transaction:
        device = _device(office_id, device_id)
        device.pairing_hash, device.pairing_expires_at = token_hash(code), now + CODE_LIFETIME
        device.save(only=[Device.pairing_hash, Device.pairing_expires_at])
        announce(transaction, _changed(device, "code_made"))
    return code, now + CODE_LIFETIME


def pair(code: str, now: datetime, address: str = "", instance: str = "") -> Paired:
    """Turn a pairing code into a token; the code works once, and an older token of the device dies.

    With an `instance` the token is good only together with it, see `which_device`. Raises
    Unauthenticated("pairing_code_wrong") for an unknown, used or lapsed code alike (a used one is logged), and
    TooMany("too_many_tries") for an address that goes on guessing.
    """
    guesser = Guesser("pair", address, FREE_FAILURES)
    refuse_blocked([guesser], now)
    tidy = token_hash("".join(character for character in code.upper() if character.isalnum()))
    device = Device.get_or_none(Device.pairing_hash == tidy)
    if device is None or device.pairing_expires_at is None or device.pairing_expires_at <= now:
        count_failure(guesser, now)
        _note_replay(tidy, now)
        raise Unauthenticated("pairing_code_wrong")
    with office_transaction(device.office_id, now, f"device:{device.id}") as transaction:
        device = Device.get_or_none((Device.id == device.id) & (Device.pairing_hash == tidy))
        if device is None:
            raise Unauthenticated("pairing_code_wrong")
        release(transaction, device, same=_instance_hash(instance) == device.instance_hash)
        token = _new_token(device, now)
        device.used_code_hash = tidy
        device.instance_hash = _instance_hash(instance)
        device.save()
        announce(transaction, _changed(device, "paired"))
    return Paired(token, _paired(device), device.office_id)


def token_for_render(office_id: int, device_id: int, now: datetime, actor: str) -> str:
    """A new token to be written into a device's own files; an older one dies.

    An agent binds it to its data folder at its first word. Raises NotFound("unknown_device").
    """
    with office_transaction(office_id, now, actor) as transaction:
        device = _device(office_id, device_id)
        release(transaction, device)
        token = _new_token(device, now)
        device.instance_hash = None
        device.save()
        announce(transaction, _changed(device, "rendered"))
    return token


def revoke(office_id: int, device_id: int, now: datetime, actor: str) -> None:
    """End a device's right at once; its place in the office is kept. Raises NotFound("unknown_device")."""
    with office_transaction(office_id, now, actor) as transaction:
        device = _device(office_id, device_id)
        device.revoked_at, device.pairing_hash, device.pairing_expires_at = now, None, None
        device.save()
        release(transaction, device)
        announce(transaction, _changed(device, "revoked"))


def replace_device(office_id: int, device_id: int, now: datetime, actor: str) -> tuple[str, datetime]:
    """Another machine takes this one's place, name and printer: the old one's right ends at once.

    Returns the new machine's pairing code and when it lapses. Raises NotFound("unknown_device").
    """
    with office_transaction(office_id, now, actor):
        revoke(office_id, device_id, now, actor)
        return new_pairing_code(office_id, device_id, now, actor)


def bind_instance(device_id: int, instance: str, now: datetime) -> None:
    """Tie a token that came in a file to the first agent that speaks with it."""
    if instance:
        with bookkeeping():
            Device.update(instance_hash=_instance_hash(instance)).where(
                (Device.id == device_id) & Device.instance_hash.is_null()
            ).execute()


def which_device(token: str, now: datetime, instance: str | None = None) -> Actor:
    """The device behind a bearer token.

    `instance` is what the caller says of its data folder; None leaves the question out. Raises
    Unauthenticated("token_unknown", "token_revoked", "token_expired") and Forbidden("wrong_instance"). Who comes
    with a right that was taken away is logged.
    """
    hashed = token_hash(token)
    device = BY_TOKEN.first(token_hash=hashed)
    if device is None:
        _note_old_token(hashed, now)
        raise Unauthenticated("token_unknown")
    if device.revoked_at is not None:
        _note_refusal(device, "token_revoked", now)
        raise Unauthenticated("token_revoked")
    if device.token_expires_at is not None and device.token_expires_at <= now:
        raise Unauthenticated("token_expired")
    bound = instance is not None and device.instance_hash is not None
    if bound and _instance_hash(instance or "") != device.instance_hash:
        _note_refusal(device, "wrong_instance", now)
        raise Forbidden("wrong_instance")
    if device.last_seen_at is None or now - device.last_seen_at > SEEN_EVERY:
        with bookkeeping():
            Device.update(last_seen_at=now).where(Device.id == device.id).execute()
    paired = _paired(device)
    return Actor(device.office_id, device=paired, permissions=DEVICE_RIGHTS[paired.kind])


def note_refusal(device_id: int, reason: str, now: datetime) -> None:
    """Log that a device's right was used for what it does not cover."""
    device = Device.get_or_none(Device.id == device_id)
    if device is not None:
        _note_refusal(device, reason, now)


def _note_refusal(device: Device, reason: str, now: datetime) -> None:
    noted = dict(device.health.get("refused", {}))
    last = noted.get(reason)
    if last is not None and now - datetime.fromisoformat(last) < REFUSALS_EVERY:
        return
    noted[reason] = now.isoformat()
    with office_transaction(device.office_id, now, "system:door") as transaction:
        Device.update(health={**device.health, "refused": noted}).where(Device.id == device.id).execute()
        announce(transaction, DeviceRefused(device=device.id, device_kind=device.kind, reason=reason))


def _note_replay(hashed: str, now: datetime) -> None:
    device = Device.get_or_none(Device.used_code_hash == hashed)
    if device is not None:
        _note_refusal(device, "code_replayed", now)


def _note_old_token(hashed: str, now: datetime) -> None:
    device = Device.get_or_none(Device.replaced_token_hash == hashed)
    if device is not None:
        _note_refusal(device, "token_replaced", now)


def _new_token(device: Device, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    device.replaced_token_hash = device.token_hash
    device.token_hash, device.token_expires_at = token_hash(token), now + TOKEN_LIFETIME
    device.pairing_hash = device.pairing_expires_at = device.revoked_at = None
    device.last_seen_at = now
    return token


def _instance_hash(instance: str) -> str | None:
    return token_hash(instance) if instance else None


def _device(office_id: int, device_id: int) -> Device:
    device = Device.get_or_none((Device.id == device_id) & (Device.office == office_id))
    if device is None:
        raise NotFound("unknown_device", device=device_id)
    return device


def _paired(device: Device) -> PairedDevice:
    return PairedDevice(
        device.id, device.name, DeviceKind(device.kind), device.area, device.printer_id, device.counter_id
    )


def _changed(device: Device, change: str) -> DeviceChanged:
    return DeviceChanged(device=device.id, device_kind=device.kind, change=change)
