"""When the legal clock of a dossier starts: receipt, the deciding agency's own receipt, or the postmark."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kiosk.domain.calendar import STANDARD_HOURS, OfficeHours, WorkingCalendar, local_time
from kiosk.domain.deadlines import forward_by
from kiosk.domain.errors import DomainError
from kiosk.domain.procedure import ClockStart

LONGEST_IN_THE_POST = timedelta(days=60)
"""An older postmark is a slip of the pen: the dossier would be overdue before anybody saw it."""


def starts_at(
    rule: ClockStart,
    received: datetime,
    calendar: WorkingCalendar,
    hours: OfficeHours = STANDARD_HOURS,
    postmark: date | None = None,
    by_post: bool = False,
) -> datetime:
    """The moment from which the term is counted, as far as it is known at the desk (aware, in the office's zone).

    - `receipt`: the desk's own; for a dossier brought by the post, the signing of the handover record, which is when
      the desk enters it (QĐ 45/2016 Đ.7.4).
    - `deciding_agency`: when it must reach that agency, at once or after 15:00 first thing on the next working day
      (NĐ 99/2022 Đ.16.2; NĐ 61/2018 Đ.18.2); the transfer that is entered later puts the real day.
    - `postmark`: the day stamped, for a dossier sent by post (NĐ 28/2015 Đ.18.1).

    Raises `postmark_needed`, `date_in_future`, `date_too_early`, `moment_without_zone`.
    """
    local = local_time(received, calendar.zone)
    if rule is ClockStart.POSTMARK and by_post:
        if postmark is None:
            raise DomainError("postmark_needed", field="postmark_on")
        if postmark > local.date():
            raise DomainError("date_in_future", field="postmark_on", latest=local.date().isoformat())
        earliest = local.date() - LONGEST_IN_THE_POST
        if postmark < earliest:
            raise DomainError("date_too_early", field="postmark_on", earliest=earliest.isoformat())
        return on_day(postmark, local, hours)
    if rule is ClockStart.DECIDING_AGENCY:
        return on_day(forward_by(local, calendar), local, hours)
    return local


def on_day(day: date, moment: datetime, hours: OfficeHours = STANDARD_HOURS) -> datetime:
    """The moment itself if it lies on that day, else the opening of that day in the moment's own zone."""
    return moment if day == moment.date() else datetime.combine(day, hours.opens, moment.tzinfo)
