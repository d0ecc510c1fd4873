"""The kiosk's menu: what is offered, how many wait, how long it may take."""

from __future__ import annotations

from collections import Counter as Counts
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.database import local_day_of
from kiosk.domain.forecast import ends_after
from kiosk.domain.procedure import Department
from kiosk.domain.queueing import Priority
from kiosk.models import Counter, CounterLine, Device, Line
from kiosk.plugin import gate
from kiosk.services.hall_settings import hall_settings
from kiosk.services.hours import LineDay, next_office_day, office_day
from kiosk.services.look.hall import LineFigures, line_figures, line_pace
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
    """Every line of the office with who waits now, when it is open, and whether who comes now is served today."""
    place = office(office_id)
    day = local_day_of(now, place["zone"])
    settings = hall_settings(office_id)
    today = office_day(office_id, day, ZoneInfo(place["zone"]), settings.day)
    following = next_office_day(office_id, day, ZoneInfo(place["zone"])) if settings.day.carry_over else None
    figures = line_figures(office_id, now)
    served = _served(office_id)
    enabled = gate.enabled(office_id)
    shown = []
    for line in Line.select().where(Line.office == office_id).order_by(Line.id):
        hours = today.of_line(line.hours)
        figure = figures.get(line.id, LineFigures(0, 0, 0, 0, 0))
        reason = _closed_because(line, hours, served, enabled, now)
        again = hours.next_numbers_at(now)
        shown.append(
            {
                "id": line.id,
                "prefix": line.prefix,
                "title": line.title,
                "title_en": line.title_en,
                "department": line.department,
                "area": line.area,
                "open": not reason,
                "open_reason": reason,
                "without_counter": line.id not in served,
                "opens_again": line.opens_again,
                "opens_at": again.isoformat() if again else None,
                "closes_at": hours.closes_at.isoformat() if hours.kept and hours.closes_at else None,
                "waiting": figure.waiting,
                "wait_minutes": [figure.low, figure.high],
                "counters_open": figure.counters_open,
                "capacity": _capacity(office_id, line, hours, (figure.low, figure.high), following, now),
            }
        )
    return shown


def _closed_because(
    line: Line, hours: LineDay, served: set[int], enabled: frozenset[str], now: datetime
) -> str:
    """Why no number is given now; "" when one is."""
    if line.id not in served:
        return "without_counter"
    if not line.open or gate.plugin_of_department(line.department) not in enabled:
        return "closed"
    if not hours.gives_numbers(now):
        return "holiday" if not hours.spans else "outside_hours"
    return ""


def _capacity(
    office_id: int, line: Line, hours: LineDay, wait: tuple[int, int], following: date | None, now: datetime
) -> dict[str, Any]:
    """Whether somebody who comes now is served before closing, and what there is instead."""
    fits = "yes"
    if hours.kept and hours.closes_at is not None:
        fits = ends_after(now, wait, line_pace(office_id, line.id, now).believed.mean, hours.closes_at)
    return {
        "fits": fits,
        "closes_at": hours.closes_at.isoformat() if hours.kept and hours.closes_at else None,
        "next_day": following.isoformat() if following and fits != "yes" else None,
        "appointments": bool(line.booking.get("enabled")),
    }


def _served(office_id: int) -> set[int]:
    """Lines that some counter serves, open or not: a number of another line could never be called."""
    rows = CounterLine.select(CounterLine.line).join(Counter).where(Counter.office == office_id)
    return {line for (line,) in rows.tuples()}
