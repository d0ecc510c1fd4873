"""The demo centre as its admin would have set it up: lines, counters, staff, devices, a printer."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.demo.post import set_up_post
from kiosk.domain.permissions import Actor, Role
from kiosk.plugin import gate
from kiosk.services import (
    manage_devices,
    manage_office,
    manage_places,
    manage_plugins,
    manage_printers,
    manage_users,
)
from kiosk.services.manage_printers import PrinterWish
from kiosk.services.pair_device import new_pairing_code, pair
from kiosk.services.set_up_office import set_up_office

KEY = "demo"
SETTING_UP = "system:demo"
CENTRE = {
    "title": "Trung tâm Phục vụ hành chính công",
    "subtitle": "Tỉnh Bắc Giang",
    "place_name": "Bắc Giang",
    "address": "Quảng trường 3/2, thành phố Bắc Giang",
    "phone": "0204.3531.111",
    "public_url": "",
}
OFFICERS = (
    ("lan", "Nguyễn Thị Lan", 1, "justice"),
    ("minh", "Trần Quang Minh", 2, "justice"),
    ("huong", "Lê Thu Hương", 3, "transport"),
    ("dung", "Phạm Tiến Dũng", 4, "transport"),
    ("hoa", "Vũ Thị Hoa", 5, "land_environment"),
    ("tuan", "Đỗ Anh Tuấn", 6, "land_environment"),
    ("nga", "Hoàng Thúy Nga", 7, "public_security"),
    ("cuong", "Ngô Việt Cường", 8, "public_security"),
    ("thao", "Bùi Phương Thảo", 9, "social_insurance"),
    ("hai", "Dương Hồng Hải", 10, "labour"),
    ("linh", "Lý Khánh Linh", 11, "planning_investment"),
    ("son", "Đặng Trường Sơn", 12, "construction"),
    ("yen", "Phan Hải Yến", 13, "industry_trade"),
    ("khoa", "Trịnh Đăng Khoa", 14, "health"),
    ("mai", "Chu Tuyết Mai", 15, "agriculture"),
    ("thang", "Hà Đức Thắng", 16, "education"),
    ("trang", "Mai Thu Trang", 17, "culture_tourism"),
    ("phong", "Lương Gia Phong", 18, "information"),
    ("hanh", "Tạ Mỹ Hạnh", 19, "home_affairs"),
    ("quan", "Cao Minh Quân", 20, "science_technology"),
    ("ngoc", "Thân Bảo Ngọc", 21, "finance"),
    ("nam", "Giáp Hoài Nam", 22, "industrial_zones"),
    ("van", "Nông Thanh Vân", 23, "foreign_affairs"),
)
PLUGINS = (*dict.fromkeys(department for *_, department in OFFICERS), "provincial_office")
DEVICES = (
    ("Máy 01", "kiosk"),
    ("Bảng sảnh chính", "board"),
    ("Bảng số quầy 1", "display"),
    ("Nút gọi quầy 1", "button"),
    ("Đánh giá quầy 1", "tablet"),
)
BANK_PLUGIN, BANK_ACCOUNT, BANK_HOLDER = "vietcombank_qr", "1017588888", "TRUNG TAM PHUC VU HCC"
PRINTERS = ("Máy in 01", "Máy in 02")
"""Two, so that the second can be seen standing in for the first."""


def build(now: datetime) -> dict[str, Any]:
    """Set the office up; returns its part of demo.json."""
    office_id = set_up_office(KEY, CENTRE["title"], now, subtitle=CENTRE["subtitle"])
    manage_office.change_office(office_id, CENTRE, now, SETTING_UP)
    for plugin in PLUGINS:
        manage_plugins.enable(office_id, plugin, now, SETTING_UP)
    bank = _bank(office_id, now)
    set_up_post(office_id, Actor(office_id), now, SETTING_UP)
    lines = _lines(office_id, now)
    counters = _counters(office_id, lines, now)
    _, admin_password = manage_users.add_user(
        office_id, "admin", "Quản trị Trung tâm", Role.ADMIN, now, SETTING_UP
    )
    return {
        "office": KEY,
        "office_id": office_id,
        "admin": {"username": "admin", "password": admin_password},
        "officers": _officers(office_id, counters, now),
        "lines": lines,
        "counters": counters,
        "devices": [],
        "printers": [],
        "bank": bank,
    }


def _bank(office_id: int, now: datetime) -> dict[str, Any]:
    """An account nobody has, and the secret its messenger signs with; codes run out soon, so that one can watch."""
    secret = secrets.token_urlsafe(24)
    values = {
        "account": BANK_ACCOUNT,
        "holder": BANK_HOLDER,
        "terminal": "MC01",
        "secret": secret,
        "minutes": 3,
    }
    manage_plugins.save_settings(office_id, BANK_PLUGIN, values, now, SETTING_UP)
    manage_plugins.enable(office_id, BANK_PLUGIN, now, SETTING_UP)
    return {
        "account": BANK_ACCOUNT,
        "secret": secret,
        "notices": f"/p/{BANK_PLUGIN}/notices/{KEY}",
        "page": "/demo/bank",
    }


def _lines(office_id: int, now: datetime) -> list[dict[str, Any]]:
    made = []
    departments = gate.departments(office_id)
    for department in (departments[key] for key in PLUGINS if departments[key].front_desk):
        line = manage_places.add_line(
            office_id,
            department.key,
            department.prefix,
            department.title,
            now,
            SETTING_UP,
            title_en=department.title_en,
        )
        made.append({"id": line, "prefix": department.prefix, "department": department.key})
    return made


def _counters(office_id: int, lines: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    by_department = {line["department"]: line["id"] for line in lines}
    made = []
    for _, _, number, department in OFFICERS:
        served = [by_department[department]]
        title = gate.departments()[department].title
        counter = manage_places.add_counter(office_id, number, title, served, now, SETTING_UP)
        made.append({"id": counter, "number": number, "lines": served})
    return made


def _officers(office_id: int, counters: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    ids = {counter["number"]: counter["id"] for counter in counters}
    made = []
    for username, name, number, _ in OFFICERS:
        _, password = manage_users.add_user(
            office_id, username, name, Role.OFFICER, now, SETTING_UP, counters=[ids[number]]
        )
        made.append({"username": username, "password": password, "counter": ids[number]})
    return made


@dataclass(frozen=True)
class Paper:
    """A virtual printer: its port on this machine, where its papers fall, and the file of its faults."""

    port: int
    output_dir: Path
    control: Path


def add_devices(facts: dict[str, Any], papers: Sequence[Paper], now: datetime) -> None:
    """Add the virtual printers and pair the devices; tokens go into demo.json, as a script needs them."""
    office_id = facts["office_id"]
    for name, paper in zip(PRINTERS, papers, strict=False):
        wish = PrinterWish(name, f"tcp://127.0.0.1:{paper.port}")
        printer = manage_printers.add_printer(office_id, wish, now, SETTING_UP)
        facts["printers"].append({"id": printer, "name": name, **_reached(paper)})
    for name, kind in DEVICES:
        device = manage_devices.add_device(
            office_id,
            name,
            kind,
            now,
            SETTING_UP,
            printer=facts["printers"][0]["id"] if kind == "kiosk" else None,
            counter=facts["counters"][0]["id"] if kind in {"display", "button", "tablet"} else None,
        )
        code, _ = new_pairing_code(office_id, device, now, SETTING_UP)
        facts["devices"].append({"id": device, "name": name, "kind": kind, "token": pair(code, now).token})


def move_printers(facts: dict[str, Any], papers: Sequence[Paper], now: datetime) -> None:
    """The virtual printers have other ports since the last start."""
    for shown, paper in zip(facts["printers"], papers, strict=False):
        if shown["port"] != paper.port:
            wish = PrinterWish(shown["name"], f"tcp://127.0.0.1:{paper.port}")
            manage_printers.change_printer(facts["office_id"], shown["id"], wish, now, SETTING_UP)
        shown.update(_reached(paper))


def _reached(paper: Paper) -> dict[str, Any]:
    return {
        "host": "127.0.0.1",
        "port": paper.port,
        "output_dir": str(paper.output_dir),
        "control": str(paper.control),
    }
