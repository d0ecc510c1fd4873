"""When the desks are open: morning and afternoon, from a day on; what was in force before is kept."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from kiosk.database import connection, office_transaction
from kiosk.domain.calendar import STANDARD_HOURS
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import OfficeHoursChanged
from kiosk.models import OfficeHours
from kiosk.services.announce import announce
from kiosk.services.calendar_of import to_hours
from kiosk.services.manage_calendar import clean_reason

STANDARD = tuple(f"{at:%H:%M}" for interval in STANDARD_HOURS.intervals for at in interval)


def hours_listing(office_id: int, today: date) -> list[dict[str, Any]]:
    """All hours the office ever had, newest first: {valid_from, hours, reason, state: future, in_force or past}.

    The last of them are the standard ones, without a first day.
    """
    with connection():
        rows = OfficeHours.select().where(OfficeHours.office == office_id)
        found = [
            {"valid_from": row.valid_from, "hours": row.hours, "reason": row.reason}
            for row in rows.order_by(OfficeHours.valid_from.desc())
        ]
    found.append({"valid_from": None, "hours": list(STANDARD), "reason": ""})
    in_force = next(row for row in found if row["valid_from"] is None or row["valid_from"] <= today)
    for row in found:
        future = row["valid_from"] is not None and row["valid_from"] > today
        row["state"] = "in_force" if row is in_force else "future" if future else "past"
    return found


def set_hours(
    office_id: int, valid_from: date, hours: list[str], reason: str, now: datetime, actor: str
) -> None:
    """Let these four times ("07:30", "11:30", "13:30", "17:00") hold from a day on, today or later.

    Terms that begin from then on are reckoned by them. Raises DomainError("office_hours_malformed",
    "hours_start_in_past", those of the reason).
    """
    times = _times(hours)
    reason = clean_reason(reason)
    with office_transaction(office_id, now, actor) as transaction:
        if valid_from < transaction.day:
            raise DomainError("hours_start_in_past", field="valid_from")
        this = (OfficeHours.office == office_id) & (OfficeHours.valid_from == valid_from)
        OfficeHours.delete().where(this).execute()
        OfficeHours.create(office=office_id, valid_from=valid_from, hours=times, reason=reason)
        announce(transaction, OfficeHoursChanged(valid_from=valid_from.isoformat(), hours=times))


def withdraw_hours(office_id: int, valid_from: date, now: datetime, actor: str) -> None:
    """Take back hours that have not begun yet. Raises NotFound("unknown_hours"), Conflict("hours_in_force")."""
    with office_transaction(office_id, now, actor) as transaction:
        if valid_from <= transaction.day:
            raise Conflict("hours_in_force", valid_from=valid_from.isoformat())
        this = (OfficeHours.office == office_id) & (OfficeHours.valid_from == valid_from)
        if not OfficeHours.delete().where(this).execute():
            raise NotFound("unknown_hours", valid_from=valid_from.isoformat())
        announce(transaction, OfficeHoursChanged(valid_from=valid_from.isoformat(), hours=None))


def _times(hours: list[str]) -> list[str]:
    try:
        times = [f"{time.fromisoformat(text.strip()):%H:%M}" for text in hours]
        to_hours(times)
    except ValueError:
        raise DomainError("office_hours_malformed", field="opens") from None
    except DomainError as error:
        raise DomainError("office_hours_malformed", field="opens", **error.fields) from None
    return times
