"""Pair a kiosk or board: a code shown once by the admin becomes a token bound to that one device."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.database import bookkeeping, office_transaction
from kiosk.domain.codes import CHECK_ALPHABET
from kiosk.domain.errors import NotFound, Unauthenticated
from kiosk.domain.events import DeviceChanged
from kiosk.domain.permissions import DEVICE_RIGHTS, Actor, DeviceKind, PairedDevice
from kiosk.models import Device
from kiosk.models.prepared import Prepared, Slot
from kiosk.services.announce import announce
from kiosk.services.sign_in import token_hash
from kiosk.services.throttle import Guesser, count_failure, refuse_blocked

CODE_LENGTH = 8
FREE_FAILURES = 10
CODE_LIFETIME = timedelta(minutes=10)
TOKEN_LIFETIME = timedelta(days=400)
SEEN_EVERY = timedelta(minutes=1)
BY_TOKEN = Prepared(lambda: Device.select().where(Device.token_hash == Slot("token_hash")).limit(1))
OPENS = {DeviceKind.KIOSK: "/kiosk", DeviceKind.BOARD: "/board"}


@dataclass(frozen=True)
class Paired:
    """A device that was paired just now; the token is shown to it once and kept nowhere."""

    token: str
    device: PairedDevice
    office_id: int

    @property
    def opens(self) -> str:
        """The page the device shows."""
        return OPENS[self.device.kind]


def new_pairing_code(office_id: int, device_id: int, now: datetime, actor: str) -> tuple[str, datetime]:
    """A fresh code for a device and when it lapses. Raises NotFound("unknown_device")."""
    code = "".join(secrets.choice(CHECK_ALPHABET) for _ in range(CODE_LENGTH))
    with office_transaction(office_id, now, actor) as transaction:
        device = _device(office_id, device_id)
        device.pairing_hash, device.pairing_expires_at = token_hash(code), now + CODE_LIFETIME
        device.save()
        announce(transaction, _changed(device, "code_made"))
    return code, now + CODE_LIFETIME


def pair(code: str, now: datetime, address: str = "") -> Paired:
    """Turn a pairing code into a token; the code works once, and an older token of the device dies.

    Raises Unauthenticated("pairing_code_wrong") for an unknown, used or lapsed code alike, and
    TooMany("too_many_tries") for an address that goes on guessing.
    """
    guesser = Guesser("pair", address, FREE_FAILURES)
    refuse_blocked([guesser], now)
    tidy = "".join(character for character in code.upper() if character.isalnum())
    device = Device.get_or_none(Device.pairing_hash == token_hash(tidy))
    if device is None or device.pairing_expires_at is None or device.pairing_expires_at <= now:
        count_failure(guesser, now)
        raise Unauthenticated("pairing_code_wrong")
    token = secrets.token_urlsafe(32)
    with office_transaction(device.office_id, now, f"device:{device.id}") as transaction:
        used = (
            Device.update(
                token_hash=token_hash(token),
                token_expires_at=now + TOKEN_LIFETIME,
                pairing_hash=None,
                pairing_expires_at=None,
                revoked_at=None,
                last_seen_at=now,
            )
            .where((Device.id == device.id) & (Device.pairing_hash == token_hash(tidy)))
            .execute()
        )
        if not used:
            raise Unauthenticated("pairing_code_wrong")
        announce(transaction, _changed(device, "paired"))
    return Paired(token, _paired(device), device.office_id)


def revoke(office_id: int, device_id: int, now: datetime, actor: str) -> None:
    """End a device's right at once; its place in the office is kept. Raises NotFound("unknown_device")."""
    with office_transaction(office_id, now, actor) as transaction:
        device = _device(office_id, device_id)
        device.revoked_at, device.pairing_hash, device.pairing_expires_at = now, None, None
        device.save()
        announce(transaction, _changed(device, "revoked"))


def which_device(token: str, now: datetime) -> Actor:
    """The device behind a bearer token.

    Raises Unauthenticated("token_unknown", "token_revoked", "token_expired").
    """
    device = BY_TOKEN.first(token_hash=token_hash(token))
    if device is None:
        raise Unauthenticated("token_unknown")
    if device.revoked_at is not None:
        raise Unauthenticated("token_revoked")
    if device.token_expires_at is not None and device.token_expires_at <= now:
        raise Unauthenticated("token_expired")
    if device.last_seen_at is None or now - device.last_seen_at > SEEN_EVERY:
        with bookkeeping():
            Device.update(last_seen_at=now).where(Device.id == device.id).execute()
    paired = _paired(device)
    return Actor(device.office_id, device=paired, permissions=DEVICE_RIGHTS[paired.kind])


def _device(office_id: int, device_id: int) -> Device:
    device = Device.get_or_none((Device.id == device_id) & (Device.office == office_id))
    if device is None:
        raise NotFound("unknown_device", device=device_id)
    return device


def _paired(device: Device) -> PairedDevice:
    return PairedDevice(device.id, device.name, DeviceKind(device.kind), device.area, device.printer_id)


def _changed(device: Device, change: str) -> DeviceChanged:
    return DeviceChanged(device=device.id, device_kind=device.kind, change=change)
