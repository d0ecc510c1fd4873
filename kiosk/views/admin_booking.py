"""Coming at a known time, as the centre arranges it: numbers from afar, and the times each line offers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, g, request

from kiosk.domain.errors import DomainError
from kiosk.services.booking.listing import booking_rules, preview
from kiosk.services.booking.slots import require_line, set_booking
from kiosk.services.hall_settings import change_hall, hall_settings
from kiosk.views.door import current_office, page, public_address, staff
from kiosk.views.forms import attempt, text, whole

blueprint = Blueprint("booking", __name__, url_prefix="/booking")

HERE = "/admin/booking"


@blueprint.get("")
@staff("hall.rules")
def booking() -> str:
    """Settings and lines; `?line=` puts one line's times into the form, with its next days."""
    return _show()


@blueprint.post("/remote")
@staff("hall.rules")
def change_remote() -> Any:
    """Whether numbers can be taken before coming, and how many."""
    actor = g.actor

    def act() -> None:
        values = {
            "enabled": text("enabled") == "yes",
            "per_person": whole("per_person"),
            "share_percent": whole("share_percent"),
            "hold_minutes": whole("hold_minutes"),
        }
        change_hall(actor.office_id, "remote", values, g.now, actor.name)

    return attempt(act, _show, HERE, "Đã lưu cài đặt lấy số từ xa.")


@blueprint.post("/lines/<int:line>")
@staff("hall.rules")
def change_line(line: int) -> Any:
    """The times one line offers."""
    actor = g.actor
    require_line(actor.office_id, line)

    def act() -> None:
        values = {
            "enabled": text("enabled") == "yes",
            "minutes": whole("minutes"),
            "capacity": whole("capacity"),
            "weekdays": _weekdays(),
            "days_ahead": whole("days_ahead"),
            "first": text("first").strip(),
            "last": text("last").strip(),
        }
        set_booking(actor.office_id, line, values, g.now, actor.name)

    return attempt(act, _show, f"{HERE}?line={line}#form", "Đã lưu khung giờ đặt lịch.")


def _weekdays() -> list[int]:
    days = [day for day in request.form.getlist("weekdays") if day in set("0123456")]
    if not days:
        raise DomainError("booking_rule_malformed", field="weekdays")
    return sorted({int(day) for day in days})


def _show(**shown: Any) -> str:
    office = current_office()
    rules = booking_rules(office["id"])
    asked = (request.view_args or {}).get("line") or request.args.get("line", type=int)
    edited = next((each for each in rules if each["id"] == asked), None)
    base = public_address(office)
    return page(
        "admin/booking.html",
        remote=asdict(hall_settings(office["id"]).remote),
        lines=rules,
        edited=edited,
        days=preview(office["id"], edited["id"], g.now) if edited else [],
        addresses={"take": f"{base}/take/{office['key']}", "book": f"{base}/book/{office['key']}"},
        weekdays_sent=request.form.getlist("weekdays"),
        **shown,
    )
