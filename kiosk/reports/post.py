"""What came and went by the public post in a period: by department, by procedure, and over which base (Biểu 3/BCCI).

The dossiers' part is a pure function of (log, period, as-of moment), counted by the rules of the period summary. Of a
dossier that has its result, or waits for it, and was registered for the post without having been handed over by the last
day, `registered` counts one. The parcels' part (`sent` and so on) counts parcels as they stand now, by the day of each
step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from peewee import fn

from kiosk.domain.counting import CountedDossier, Counts, Period, Share, count_period
from kiosk.domain.dossier import Delivery, delivery_after, effective, standing
from kiosk.domain.errors import DomainError, NotFound
from kiosk.domain.post.states import ParcelState
from kiosk.models import Office, Parcel, PostIntake, PostIntakeItem
from kiosk.reports.reading import dossiers_of, snapshot

Key = tuple[str, str]
"""(department, procedure)."""
_BETWEEN = "\0"


@dataclass(frozen=True)
class PostCounts:
    """The figures of a department or procedure.

    `received` came by post in the period, `returned` went by it, `both` did both; `registered` is to go and has not gone.
    `in_period`, `resolved` and `all_received` are the bases shares are taken over.
    """

    received: int = 0
    returned: int = 0
    both: int = 0
    registered: int = 0
    in_period: int = 0
    resolved: int = 0
    all_received: int = 0

    @property
    def total(self) -> int:
        """Dossiers that came or went by post, each once."""
        return self.received + self.returned - self.both

    def plus(self, other: PostCounts) -> PostCounts:
        """Both together."""
        return PostCounts(**{name: getattr(self, name) + getattr(other, name) for name in vars(self)})


@dataclass(frozen=True)
class ParcelCounts:
    """Parcels of a period, each step by its own day; `overdue` are with the post after J+n on the last day."""

    sent: int = 0
    delivered: int = 0
    returned: int = 0
    late: int = 0
    overdue: int = 0
    envelopes: int = 0
    collected: int = 0


@dataclass(frozen=True)
class PostReport:
    """An office's postal figures; `listed` are the procedures that may come or go by post on the last day."""

    office_key: str
    office_title: str
    period: Period
    by_procedure: Mapping[Key, PostCounts]
    parcels: ParcelCounts
    listed: Collection[Key] = field(default_factory=frozenset)

    @property
    def by_department(self) -> dict[str, PostCounts]:
        """Summed over the procedures of each."""
        made: dict[str, PostCounts] = {}
        for (department, _), counts in sorted(self.by_procedure.items()):
            made[department] = made.get(department, PostCounts()).plus(counts)
        return made

    @property
    def total(self) -> PostCounts:
        """All together."""
        return _sum(self.by_procedure.values())

    @property
    def used(self) -> set[Key]:
        """Listed procedures of which a dossier came or went by post."""
        return {key for key in self.listed if self.by_procedure.get(key, PostCounts()).total}

    def shares(self) -> list[tuple[str, Share]]:
        """(Vietnamese title, share): none without its base."""
        total = self.total
        listed = _sum(counts for key, counts in self.by_procedure.items() if key in self.listed)
        return [
            (
                "Tiếp nhận, trả kết quả qua BCCI",
                Share("total_of_received", total.total, total.all_received, "tổng số hồ sơ tiếp nhận"),
            ),
            (
                "Tiếp nhận qua BCCI, trên số trong kỳ",
                Share("received_of_in_period", total.received, total.in_period, "hồ sơ tiếp nhận trong kỳ"),
            ),
            (
                "Trả kết quả qua BCCI, trên số đã giải quyết",
                Share("returned_of_resolved", total.returned, total.resolved, "hồ sơ đã giải quyết"),
            ),
            (
                "Tiếp nhận qua BCCI, trên hồ sơ của TTHC có BCCI",
                Share(
                    "received_of_listed",
                    listed.received,
                    listed.all_received,
                    "hồ sơ của các TTHC thực hiện qua BCCI",
                ),
            ),
            (
                "Trả kết quả qua BCCI, trên hồ sơ của TTHC có BCCI",
                Share(
                    "returned_of_listed",
                    listed.returned,
                    listed.all_received,
                    "hồ sơ của các TTHC thực hiện qua BCCI",
                ),
            ),
            (
                "TTHC thực hiện qua BCCI có phát sinh hồ sơ",
                Share("procedures_used", len(self.used), len(self.listed), "TTHC thực hiện qua BCCI"),
            ),
        ]

    def to_json(self, titles: Mapping[str, str], names: Mapping[Key, str]) -> dict[str, Any]:
        """The report as JSON values; `titles` names departments, `names` procedures."""
        return {
            "report": "post",
            "office": {"key": self.office_key, "title": self.office_title},
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "as_of": self.period.as_of.isoformat(),
            **_figures(self.total),
            "parcels": vars(self.parcels),
            "procedures_listed": {
                "total": len(self.listed),
                "with_dossiers": len(self.used),
                "without_dossiers": len(self.listed) - len(self.used),
            },
            "shares": [
                {
                    "name": share.name,
                    "title": title,
                    "numerator": share.numerator,
                    "denominator": share.denominator,
                    "denominator_name": share.denominator_name,
                    "percent": None if (percent := share.percent()) is None else float(percent),
                }
                for title, share in self.shares()
            ],
            "departments": [
                {"key": key, "title": titles.get(key, key), **_figures(counts)}
                for key, counts in self.by_department.items()
            ],
            "procedures": [
                {
                    "department": key[0],
                    "procedure": key[1],
                    "name": names.get(key, key[1]),
                    "listed": key in self.listed,
                    **_figures(self.by_procedure.get(key, PostCounts())),
                }
                for key in sorted({*self.by_procedure, *self.listed})
            ],
        }


def post_report(
    office_id: int,
    first: date,
    last: date,
    as_of: datetime,
    listed: Collection[Key],
    *,
    now: datetime | None = None,
) -> PostReport:
    """Count the period [first, last] as known at `as_of`.

    Raises NotFound("unknown_office"), DomainError("period_reversed", "date_too_early", "date_in_future",
    "as_of_in_future", "moment_without_zone").
    """
    period = Period(first, last, as_of)
    if now is not None and as_of > now:
        raise DomainError("as_of_in_future", as_of=as_of.isoformat())
    with snapshot():
        office = Office.get_or_none(Office.id == office_id)
        if office is None:
            raise NotFound("unknown_office", office=office_id)
        local = as_of.astimezone(ZoneInfo(office.zone))
        if last > local.date():
            raise DomainError("date_in_future", field="to", latest=local.date().isoformat())
        registered: dict[str, int] = {}
        counted = count_period(_by_procedure(dossiers_of(office_id, period), period, registered), period)
        parcels = _parcels(office_id, first, last)
    made = {
        _key(joined): _post_counts(counts, registered.get(joined, 0))
        for joined, counts in counted.departments.items()
    }
    return PostReport(
        office.key, office.title, replace(period, as_of=local), made, parcels, frozenset(listed)
    )


def _by_procedure(
    dossiers: Iterable[CountedDossier], period: Period, registered: dict[str, int]
) -> Iterator[CountedDossier]:
    """Each dossier under its department and procedure; those that are to go by post are counted in passing."""
    for dossier in dossiers:
        joined = f"{dossier.department}{_BETWEEN}{dossier.procedure}"
        if _is_registered(dossier, period):
            registered[joined] = registered.get(joined, 0) + 1
        yield replace(dossier, department=joined)


def _is_registered(dossier: CountedDossier, period: Period) -> bool:
    stood = standing(dossier.facts, period.last, period.as_of)
    if stood is None or stood.handed_over_on is not None or stood.closed_by not in (None, "finish"):
        return False
    moves = (fact.move for fact in effective(dossier.facts, period.as_of) if fact.on <= period.last)
    return delivery_after(dossier.delivery, moves) == Delivery.POST


def _post_counts(counts: Counts, registered: int) -> PostCounts:
    return PostCounts(
        received=counts.post_received,
        returned=counts.post_returned,
        both=counts.post_both,
        registered=registered,
        in_period=counts.in_period,
        resolved=counts.resolved,
        all_received=counts.received,
    )


def _key(joined: str) -> Key:
    department, _, procedure = joined.partition(_BETWEEN)
    return department, procedure


def _sum(counts: Iterable[PostCounts]) -> PostCounts:
    total = PostCounts()
    for each in counts:
        total = total.plus(each)
    return total


def parcel_counts(office_id: int, first: date, last: date) -> ParcelCounts:
    """Parcels and envelopes of some days, as they stand now."""
    return _parcels(office_id, first, last)


def _parcels(office_id: int, first: date, last: date) -> ParcelCounts:
    mine = Parcel.select(fn.COUNT(Parcel.id)).where(Parcel.office == office_id)
    ended = Parcel.ended_on.between(first, last)
    delivered = (Parcel.state == ParcelState.DELIVERED) & ended
    gone = Parcel.handed_over_on <= last
    money = Parcel.select(fn.SUM(Parcel.collected)).where((Parcel.office == office_id) & delivered)
    envelopes = (
        PostIntakeItem.select(fn.COUNT(PostIntakeItem.id))
        .join(PostIntake)
        .where(
            (PostIntake.office == office_id)
            & (PostIntake.state == "signed")
            & PostIntake.day.between(first, last)
        )
    )
    return ParcelCounts(
        sent=mine.where(Parcel.handed_over_on.between(first, last)).scalar(),
        delivered=mine.where(delivered).scalar(),
        returned=mine.where((Parcel.state == ParcelState.RETURNED) & ended).scalar(),
        late=mine.where(delivered & (Parcel.ended_on > Parcel.due_on)).scalar(),
        overdue=mine.where(
            gone & (Parcel.due_on < last) & (Parcel.ended_on.is_null() | (Parcel.ended_on > last))
        ).scalar(),
        envelopes=envelopes.scalar(),
        collected=int(money.scalar() or 0),
    )


def _figures(counts: PostCounts) -> dict[str, int]:
    return {
        "received": counts.received,
        "returned": counts.returned,
        "both": counts.both,
        "total": counts.total,
        "registered": counts.registered,
        "in_period": counts.in_period,
        "resolved": counts.resolved,
        "all_received": counts.all_received,
    }
