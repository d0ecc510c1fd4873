"""Kiosks, boards and printers of an office."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from peewee import Database

from kiosk.domain.errors import Conflict, DomainError, NotFound, Unauthenticated
from kiosk.models import Device, Journal, Office
from kiosk.services import manage_devices
from kiosk.services.pair_device import new_pairing_code, pair, revoke, which_device
from tests.factories import make_device, make_office, make_printer


@pytest.fixture
def office(database: Database) -> Office:
    """An office without any device."""
    return make_office()


def state_of(office: Office, now: datetime) -> str:
    """What the list says about the only device."""
    (shown,) = manage_devices.devices(office.id, now)
    return str(shown["state"])


def test_a_device_from_new_to_paired_to_revoked_and_back(office: Office, noon: datetime) -> None:
    device = manage_devices.add_device(office.id, "Máy lấy số 1", "kiosk", noon, "user:1")
    assert state_of(office, noon) == "new"
    code, expires_at = new_pairing_code(office.id, device, noon, "user:1")
    assert state_of(office, noon) == "waiting"
    assert state_of(office, expires_at) == "new"
    token = pair(code, noon).token
    assert state_of(office, noon) == "paired"
    assert state_of(office, noon + timedelta(days=500)) == "expired"
    revoke(office.id, device, noon, "user:1")
    assert state_of(office, noon) == "revoked"
    with pytest.raises(Unauthenticated, match="token_revoked"):
        which_device(token, noon)
    code, _ = new_pairing_code(office.id, device, noon, "user:1")
    pair(code, noon)
    assert state_of(office, noon) == "paired"


def test_the_journal_tells_each_step(office: Office, noon: datetime) -> None:
    device = manage_devices.add_device(office.id, "Bảng 1", "board", noon, "user:1")
    manage_devices.change_device(office.id, device, "Bảng chính", "a-1", None, noon, "user:1")
    changes = [json.loads(row.facts) for row in Journal.select().order_by(Journal.seq)]
    assert changes == [
        {"change": "added", "device": device, "device_kind": "board"},
        {"change": "changed", "device": device, "device_kind": "board"},
    ]


def test_changing_a_device_keeps_its_pairing(office: Office, noon: datetime) -> None:
    printer = make_printer()
    device = make_device("kiosk")
    manage_devices.change_device(office.id, device.id, "Cửa chính", "a-1", printer.id, noon, "user:1")
    actor = which_device(device.token, noon)
    assert actor.device is not None
    assert (actor.device.name, actor.device.area, actor.device.printer) == ("Cửa chính", "a-1", printer.id)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "toaster"}, "unknown_device_kind"),
        ({"name": "kiosk 1"}, "device_name_taken"),
        ({"name": "\u200b"}, "text_empty"),
        ({"area": "../etc"}, "area_malformed"),
        ({"printer": 404}, "unknown_printer"),
    ],
)
def test_a_device_that_cannot_be_leaves_nothing_behind(
    office: Office, noon: datetime, fields: dict[str, object], code: str
) -> None:
    make_device("kiosk")
    wish = {"name": "Bảng 2", "kind": "board", **fields}
    with pytest.raises(DomainError, match=code):
        manage_devices.add_device(office.id, now=noon, actor="user:1", **wish)
    assert Device.select().count() == 1
    assert Journal.select().count() == 0


def test_a_printer_of_another_office_cannot_be_used(office: Office, noon: datetime) -> None:
    foreign = make_printer(office=make_office("other"))
    with pytest.raises(NotFound, match="unknown_printer"):
        manage_devices.add_device(office.id, "Máy 1", "kiosk", noon, "user:1", printer=foreign.id)


def test_a_device_of_another_office_is_unknown(office: Office, noon: datetime) -> None:
    foreign = make_device(office=make_office("other"))
    with pytest.raises(NotFound, match="unknown_device"):
        manage_devices.change_device(office.id, foreign.id, "Máy 1", "main", None, noon, "user:1")


def test_a_name_is_given_once(office: Office, noon: datetime) -> None:
    make_device("kiosk", "Máy 1")
    second = make_device("kiosk", "Máy 2")
    with pytest.raises(Conflict, match="device_name_taken"):
        manage_devices.change_device(office.id, second.id, "Máy 1", "main", None, noon, "user:1")
