"""How long the post may take, and what it owes: TT 17/2017/TT-BTTTT Đ.7, QĐ 45/2016/QĐ-TTg Đ.13–14, NĐ 47/2011 Đ.25.

A carrier brings its own `PostalTerms`, so that a text that changes is a setting and not a rule in the house.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from kiosk.domain.calendar import WorkingCalendar
from kiosk.domain.post.address import Recipient
from kiosk.domain.post.provinces import PROVINCES, squeezed


class Zone(StrEnum):
    """How far a parcel goes, as TT 17/2017 Đ.7 tells it apart."""

    DISTRICT = "district"
    PROVINCE = "province"
    CITIES = "cities"
    """Between cities of special or first class."""
    NATION = "nation"


class Service(StrEnum):
    """The three services of QĐ 45/2016 Đ.5."""

    SEND_IN = "send_in"
    RETURN = "return"
    BOTH = "both"


@dataclass(frozen=True)
class PostalTerms:
    """A carrier's terms. Days are working days after J, the date on the consignment note (Phiếu gửi).

    `days` are for a parcel, `days_with_slip` for a dossier sent in, until its appointment slip is back. A complaint is
    possible for `complaint_months`, answered in `answer_days_near` (within the province) or `answer_days_far`;
    compensation is at least `compensation_factor` times the postage, and all it costs to replace originals.
    """

    days: Mapping[Zone, int] = field(
        default_factory=lambda: {Zone.DISTRICT: 1, Zone.PROVINCE: 2, Zone.CITIES: 3, Zone.NATION: 4}
    )
    days_with_slip: Mapping[Zone, int] = field(
        default_factory=lambda: {Zone.DISTRICT: 2, Zone.PROVINCE: 4, Zone.CITIES: 6, Zone.NATION: 8}
    )
    complaint_months: int = 6
    answer_days_near: int = 5
    answer_days_far: int = 7
    compensation_factor: int = 4
    invitations: int = 2
    invitation_gap_days: int = 2
    paper_years: int = 1
    electronic_years: int = 5
    basis: str = "QĐ 45/2016/QĐ-TTg, TT 17/2017/TT-BTTTT, NĐ 47/2011/NĐ-CP Đ.25"


@dataclass(frozen=True)
class HomePlace:
    """Where the centre is: today's province key, its commune or former district, and whether its city is of first class."""

    province: str
    near: frozenset[str] = frozenset()
    first_class: bool = False


def home_place(province: str, near: str, *, first_class: bool) -> HomePlace:
    """`near` are communes and former districts that count as the centre's own district, with commas between."""
    return HomePlace(
        province, frozenset(squeezed(each) for each in near.split(",") if each.strip()), first_class
    )


def zone_of_address(home: HomePlace, to: Recipient) -> Zone:
    """How far an address is from the centre."""
    if to.province == home.province:
        parts = {squeezed(to.ward), squeezed(to.district)} - {""}
        return Zone.DISTRICT if parts & home.near else Zone.PROVINCE
    city = PROVINCES[to.province].city if to.province in PROVINCES else False
    # Whoever writes the old name of a province that was merged into a city does not live in that city.
    city = city and to.province_name == PROVINCES[to.province].name
    return Zone.CITIES if city and home.first_class else Zone.NATION


def due_after(handed_over: date, days: int, calendar: WorkingCalendar) -> date:
    """J + n working days: the day of hand-over is not counted."""
    day = handed_over
    for _ in range(days):
        day += timedelta(days=1)
        while not calendar.is_working_day(day):
            day += timedelta(days=1)
    return day


def complaint_until(handed_over: date, terms: PostalTerms) -> date:
    """The last day on which a complaint is possible."""
    return months_after(handed_over, terms.complaint_months)


def answer_due(complained: date, zone: Zone, terms: PostalTerms, calendar: WorkingCalendar) -> date:
    """The day by which the post answers a complaint."""
    near = zone in (Zone.DISTRICT, Zone.PROVINCE)
    return due_after(complained, terms.answer_days_near if near else terms.answer_days_far, calendar)


def least_compensation(postage: int, terms: PostalTerms) -> int:
    """What a lost or damaged parcel is compensated with at least, in đồng, beside the cost of replacing originals."""
    return postage * terms.compensation_factor


def keep_until(day: date, terms: PostalTerms) -> tuple[date, date]:
    """Until when the post keeps its records of a parcel: (paper, electronic)."""
    return months_after(day, 12 * terms.paper_years), months_after(day, 12 * terms.electronic_years)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))
