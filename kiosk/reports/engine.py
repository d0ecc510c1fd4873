"""Counts of a period, by department and procedure, whose cost grows with the period and not with the log.

Plain dossiers (`kiosk.domain.tally`) are summed from the counts of days; the few others, and those of which something was
entered after the as-of moment, are counted by their facts. The result is that of `kiosk.domain.counting.count_period`
over all dossiers; a test holds the two, and a third counter, against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN, fn

from kiosk.domain.counting import CountedDossier, Counts, LogInconsistent, Period, PeriodCounts, count_period
from kiosk.domain.dossier import CLOSING_MOVES, CORRECTION, Channel
from kiosk.domain.tally import CLOSED, FORWARDED, LAG, POSTED, RECEIVED, Tally, steps
from kiosk.models import Dossier, DossierHistory, DossierTally, Office, StepCount
from kiosk.reports.reading import counted_dossiers

Key = tuple[str, str]
"""(department, procedure)."""
_BETWEEN = "\0"
ONLINE_LEVELS = {"3": "level_3", "4": "level_4"}


def counts_of(office: Office, period: Period) -> dict[Key, Counts]:
    """The period's figures by department and procedure. Call inside `snapshot()`.

    Raises LogInconsistent when the identities of Biểu II.06a do not hold.
    """
    found = _Sums()
    _add_received(found, office, period)
    _add_closed(found, office, period)
    _add_posted(found, office, period)
    late = _late(office, period)
    for tally in late:
        _open_overdue(found, tally, 1)
    aside = _entered_since(office, period)
    for tally in aside:
        _take_off(found, tally, period)
    for (department, procedure), counts in found.items():
        _settle(counts)
        if min(vars(counts).values()) < 0:
            raise LogInconsistent(f"counts of days of {department} {procedure} do not fit together")
    by_facts = [tally.dossier for tally in aside] + _not_plain(office, period)
    for key, counts in _by_facts(by_facts, period):
        found[key].include(counts)
    for counts in found.values():
        counts.check()
    return {key: counts for key, counts in found.items() if any(vars(counts).values())}


def by_department(counts: dict[Key, Counts]) -> PeriodCounts:
    """The same summed over the procedures of each department, and all together."""
    made = PeriodCounts()
    for (department, _), each in counts.items():
        made.departments.setdefault(department, Counts()).include(each)
        made.total.include(each)
    return made


class _Sums(dict[Key, Counts]):
    def __missing__(self, key: Key) -> Counts:
        self[key] = Counts()
        return self[key]


def _add_received(found: _Sums, office: Office, period: Period) -> None:
    for department, procedure, what, n in _during(office, RECEIVED, period):
        counts = found[department, procedure]
        channel, _, level = what.partition(":")
        if channel == Channel.ONLINE:
            counts.in_period_online += n
            if level in ONLINE_LEVELS:
                name = ONLINE_LEVELS[level]
                setattr(counts, name, getattr(counts, name) + n)
        else:
            counts.in_period_direct += n
            counts.post_received += n * (channel == Channel.POST)
    for department, procedure, _, n in _before(office, RECEIVED, period.first):
        found[department, procedure].carried_over += n


def _add_closed(found: _Sums, office: Office, period: Period) -> None:
    for department, procedure, what, n in _during(office, CLOSED, period):
        counts = found[department, procedure]
        move, by_date, linked = what.split(":")
        counts.resolved += n
        _add_punctuality(counts, move, by_date, n)
        counts.past_due_unapologised += n * (by_date == "late")
        counts.linked += n * (linked == "1")
    for department, procedure, _, n in _before(office, CLOSED, period.first):
        found[department, procedure].carried_over -= n
    # Linked and still open on the last day: forwarded by then, and not closed by then.
    after = period.last + timedelta(days=1)
    for department, procedure, _, n in _before(office, FORWARDED, after):
        found[department, procedure].linked += n
    for department, procedure, what, n in _before(office, CLOSED, after):
        found[department, procedure].linked -= n * what.endswith(":1")


def _add_punctuality(counts: Counts, move: str, by_date: str, n: int) -> None:
    # What ended without a result stands in the on-time column, never in the early one.
    if by_date == "late":
        counts.late += n
    elif by_date == "early" and move == "finish":
        counts.early += n
    else:
        counts.on_time += n
    counts.returned += n * (move == "return")
    counts.withdrawn += n * (move == "withdraw")
    counts.stopped += n * (move == "stop")


def _add_posted(found: _Sums, office: Office, period: Period) -> None:
    for department, procedure, _, n in _during(office, POSTED, period):
        found[department, procedure].post_returned += n
    both = (
        DossierTally.select(DossierTally.department, DossierTally.procedure, fn.COUNT(DossierTally.dossier))
        .where(
            DossierTally.office == office.id,
            DossierTally.posted,
            DossierTally.channel == Channel.POST,
            DossierTally.handed_over_on.between(period.first, period.last),
            DossierTally.received_on.between(period.first, period.last),
            DossierTally.plain,
        )
        .group_by(DossierTally.department, DossierTally.procedure)
    )
    for department, procedure, n in both.tuples():
        found[department, procedure].post_both += n


def _late(office: Office, period: Period) -> list[Tally]:
    """Plain dossiers that were open past their due date on the last day."""
    rows = DossierTally.select().where(
        DossierTally.office == office.id,
        DossierTally.late,
        DossierTally.plain,
        DossierTally.received_on <= period.last,
        (DossierTally.due_on < period.last) | DossierTally.due_since.is_null(False),
        DossierTally.closed_on.is_null() | (DossierTally.closed_on > period.last),
    )
    return [tally for tally in map(_tally, rows) if _is_overdue(tally, period)]


def _is_overdue(tally: Tally, period: Period) -> bool:
    open_then = tally.received_on <= period.last and (
        tally.closed_on is None or tally.closed_on > period.last
    )
    due = tally.due_at(period.last)
    return open_then and due is not None and due < period.last


def _open_overdue(found: _Sums, tally: Tally, sign: int) -> None:
    counts = found[tally.department, tally.procedure]
    counts.overdue += sign
    counts.past_due_unapologised += sign


def _settle(counts: Counts) -> None:
    """What follows from the others."""
    counts.received = counts.carried_over + counts.in_period
    counts.in_progress = counts.received - counts.resolved
    counts.in_time = counts.in_progress - counts.overdue


def _entered_since(office: Office, period: Period) -> list[Tally]:
    """Plain dossiers of which something that holds for the period was entered after its as-of moment."""
    if office.last_at is not None and period.as_of >= office.last_at:
        return []
    zone = ZoneInfo(office.zone)
    # A plain dossier's steps are entered within LAG of their day.
    latest = datetime.combine(period.last + LAG + timedelta(days=1), time.max, zone)
    if latest <= period.as_of:
        return []
    keys = (
        DossierHistory.select(DossierHistory.dossier)
        .where(
            DossierHistory.at > period.as_of, DossierHistory.at <= latest, DossierHistory.on <= period.last
        )
        .distinct()
    )
    rows = DossierTally.select().where(
        DossierTally.office == office.id, DossierTally.plain, DossierTally.dossier.in_(keys)
    )
    return [_tally(row) for row in rows]


def _take_off(found: _Sums, tally: Tally, period: Period) -> None:
    """Undo what a plain dossier added, step by step as it was added."""
    counts = found[tally.department, tally.procedure]
    after = period.last + timedelta(days=1)
    for step in steps(tally):
        inside, before = period.has(step.day), step.day < period.first
        if step.kind == RECEIVED:
            channel, _, level = step.what.partition(":")
            counts.carried_over -= before
            if inside and channel == Channel.ONLINE:
                counts.in_period_online -= 1
                if level in ONLINE_LEVELS:
                    name = ONLINE_LEVELS[level]
                    setattr(counts, name, getattr(counts, name) - 1)
            elif inside:
                counts.in_period_direct -= 1
                counts.post_received -= channel == Channel.POST
        elif step.kind == FORWARDED:
            counts.linked -= step.day < after
        elif step.kind == CLOSED:
            move, by_date, linked = step.what.split(":")
            counts.carried_over += before
            if inside:
                counts.resolved -= 1
                _add_punctuality(counts, move, by_date, -1)
                counts.past_due_unapologised -= by_date == "late"
                counts.linked -= linked == "1"
            counts.linked += step.day < after and linked == "1"
        elif step.kind == POSTED and inside:
            counts.post_returned -= 1
            counts.post_both -= tally.channel == Channel.POST and period.has(tally.received_on)
    if _is_overdue(tally, period):
        _open_overdue(found, tally, -1)


def _not_plain(office: Office, period: Period) -> list[int]:
    """Dossiers counted by their facts that may concern the period, wide enough never to miss one."""
    mine = (
        DossierTally.select(DossierTally.dossier)
        .join(Dossier)
        .where(
            DossierTally.office == office.id,
            DossierTally.plain == False,  # noqa: E712  (a column, not a value)
            DossierTally.received_on <= period.last,
        )
    )
    concerned = (
        Dossier.closed_on.is_null()
        | (Dossier.closed_on >= period.first)
        | (Dossier.handed_over_on >= period.first)
    )
    keys = {key for (key,) in mine.where(concerned).tuples()}
    if office.last_at is None or period.as_of < office.last_at:
        entered = (
            mine.join(DossierHistory, JOIN.INNER, on=(DossierHistory.dossier == Dossier.id))
            .where(
                DossierHistory.at > period.as_of,
                DossierHistory.on < period.first,
                DossierHistory.move.in_(sorted(CLOSING_MOVES | {CORRECTION})),
            )
            .distinct()
        )
        keys |= {key for (key,) in entered.tuples()}
    return sorted(keys)


def _by_facts(keys: list[int], period: Period) -> Iterator[tuple[Key, Counts]]:
    if not keys:
        return
    counted = count_period(_joined(counted_dossiers(keys, period)), period)
    for joined, counts in counted.departments.items():
        department, _, procedure = joined.partition(_BETWEEN)
        yield (department, procedure), counts


def _joined(dossiers: Iterable[CountedDossier]) -> Iterator[CountedDossier]:
    """Each dossier under its department and procedure."""
    for dossier in dossiers:
        yield replace(dossier, department=f"{dossier.department}{_BETWEEN}{dossier.procedure}")


def _during(office: Office, kind: str, period: Period) -> Iterable[tuple[str, str, str, int]]:
    return _sums(office, "day", kind, StepCount.day.between(period.first, period.last))


def _before(office: Office, kind: str, day: date) -> Iterator[tuple[str, str, str, int]]:
    """All that happened before a day: whole months, then the days of the month it lies in."""
    month = day.replace(day=1)
    yield from _sums(office, "month", kind, StepCount.day < month)
    yield from _sums(office, "day", kind, StepCount.day.between(month, day - timedelta(days=1)))


def _sums(office: Office, span: str, kind: str, days: Any) -> Iterable[tuple[str, str, str, int]]:
    rows = (
        StepCount.select(StepCount.department, StepCount.procedure, StepCount.what, fn.SUM(StepCount.n))
        .where(StepCount.office == office.id, StepCount.span == span, StepCount.kind == kind, days)
        .group_by(StepCount.department, StepCount.procedure, StepCount.what)
    )
    return [(department, procedure, what, int(n)) for department, procedure, what, n in rows.tuples()]


def _tally(row: DossierTally) -> Tally:
    values = {each.name: getattr(row, each.name) for each in fields(Tally) if each.name != "dossier"}
    values |= {"posted": bool(row.posted), "plain": bool(row.plain)}
    return Tally(dossier=row.dossier_id, **values)
