"""The kiosk's menu: what is offered, how many wait, how long it may take."""

from __future__ import annotations

from collections import Counter as Counts
from datetime import date, datetime
from typing import Any

from peewee import fn

from kiosk.database import local_day_of
from kiosk.domain.forecast import wait_range
from kiosk.domain.procedure import Department
from kiosk.domain.queueing import Priority
from kiosk.domain.ticket import TicketState
from kiosk.models import Counter, CounterLine, Device, Line, Ticket
from kiosk.plugin import gate
from kiosk.services.look.office import office, printer_state
from kiosk.services.print_document import PRIORITY_TITLES


def kiosk_menu(office_id: int, device_id: int | None, now: datetime) -> dict[str, Any]:
    """Departments with a front desk that are switched on and have a line, with procedures and waiting figures.

    In the order in which the admin made the lines.
    """
    place = office(office_id)
    day = local_day_of(now, place["zone"])
    offered = gate.departments(office_id, day)
    shown = [line for line in lines(office_id, now) if line["department"] in offered]
    of_department = Counts(line["department"] for line in shown)
    return {
        "office": {key: place[key] for key in ("key", "title", "subtitle")},
        "printer": printer_state(device_id, office_id, now) if device_id else None,
        "reload_at": _reload_at(device_id),
        "offline": False,
        "departments": [
            _card(offered[line["department"]], line, of_department[line["department"]] > 1, day)
            for line in shown
            if offered[line["department"]].front_desk
        ],
        "priorities": [
            {"key": str(p), "title": PRIORITY_TITLES[p][0], "title_en": PRIORITY_TITLES[p][1]}
            for p in Priority
        ],
    }


def _reload_at(device_id: int | None) -> str | None:
    """When an admin last wanted this kiosk's page loaded anew."""
    wanted = Device.select(Device.reload_at).where(Device.id == device_id).scalar() if device_id else None
    return wanted.isoformat() if wanted else None


def _card(department: Department, line: dict[str, Any], one_of_many: bool, day: date) -> dict[str, Any]:
    """One line of the menu; where a department has several, each goes by its own name."""
    return {
        "key": department.key,
        "title": line["title"] if one_of_many else department.title,
        "title_en": department.title_en,
        "line": line,
        "procedures": [
            {"key": p.key, "code": p.code, "name": p.name, "keywords": list(p.keywords)}
            for p in department.procedures
            if p.in_force(day)
        ],
    }


def lines(office_id: int, now: datetime) -> list[dict[str, Any]]:
    """Every line of the office with who waits now."""
    place = office(office_id)
    day = local_day_of(now, place["zone"])
    waiting = dict(
        Ticket.select(Ticket.line, fn.COUNT(Ticket.id))
        .where((Ticket.office == office_id) & (Ticket.day == day) & (Ticket.state == TicketState.WAITING))
        .group_by(Ticket.line)
        .tuples()
    )
    staffed = dict(
        CounterLine.select(CounterLine.line, fn.COUNT(Counter.id))
        .join(Counter)
        .where((Counter.office == office_id) & (Counter.open == True))  # noqa: E712  (SQL, not Python)
        .group_by(CounterLine.line)
        .tuples()
    )
    served = _served(office_id)
    enabled = gate.enabled(office_id)
    return [
        {
            "id": line.id,
            "prefix": line.prefix,
            "title": line.title,
            "title_en": line.title_en,
            "department": line.department,
            "area": line.area,
            "open": line.open and line.id in served and gate.plugin_of_department(line.department) in enabled,
            "without_counter": line.id not in served,
            "opens_again": line.opens_again,
            "waiting": waiting.get(line.id, 0),
            "wait_minutes": list(
                wait_range(waiting.get(line.id, 0), line.service_seconds, staffed.get(line.id, 0))
            ),
        }
        for line in Line.select().where(Line.office == office_id).order_by(Line.id)
    ]


def _served(office_id: int) -> set[int]:
    """Lines that some counter serves, open or not: a number of another line could never be called."""
    rows = CounterLine.select(CounterLine.line).join(Counter).where(Counter.office == office_id)
    return {line for (line,) in rows.tuples()}
