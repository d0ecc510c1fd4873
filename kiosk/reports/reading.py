"""Reads a period's dossiers and their facts in one snapshot of the database, a small batch at a time."""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from peewee import SQL, Expression, Field, Query

from kiosk.database import connection, from_micros, is_postgres, proxy
from kiosk.domain.counting import CountedDossier, Period
from kiosk.domain.dossier import CLOSING_MOVES, CORRECTION, Delivery, DossierFact
from kiosk.models import Dossier, DossierHistory

BATCH = 1_000


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """One read transaction: whatever is committed meanwhile is not seen, and no writer waits for it."""
    # SQLite's deferred transaction takes no write lock; PostgreSQL's default level would see each commit at once.
    how = {"isolation_level": "REPEATABLE READ"} if is_postgres() else {"lock_type": "DEFERRED"}
    with connection(), proxy.atomic(**how):
        yield


def dossiers_of(office_id: int, period: Period) -> Iterator[CountedDossier]:
    """The dossiers that may concern the period, with what was known of them at its as-of moment.

    Call inside `snapshot()`. Memory: eight bytes a dossier, and one batch.
    """
    keys = array("q", (key for (key,) in _rows(_candidates(office_id, period))))
    for start in range(0, len(keys), BATCH):
        yield from _batch(keys[start : start + BATCH].tolist(), period)


def counted_dossiers(keys: Sequence[int], period: Period) -> Iterator[CountedDossier]:
    """These dossiers, with what was known of them at the period's as-of moment. Call inside `snapshot()`."""
    for start in range(0, len(keys), BATCH):
        yield from _batch(list(keys[start : start + BATCH]), period)


def _candidates(office_id: int, period: Period) -> Query:
    """Keys by the dossiers' present state, wide enough never to miss one that concerned the period as of then.

    A dossier closed before the first day can still concern it: its result went to the post inside the period, or its
    end was entered only after the as-of moment, when it still counted as open. Each part has its own index.
    """
    mine = Dossier.select(Dossier.id).where(Dossier.office == office_id, Dossier.received_on <= period.last)
    still_open = mine.where(Dossier.closed_on.is_null())
    closed_since = mine.where(Dossier.closed_on >= period.first)
    by_post = (Dossier.delivery == Delivery.POST) | (Dossier.first_delivery == Delivery.POST)
    sent_since = mine.where(by_post, Dossier.handed_over_on >= period.first)
    entered_later = mine.join(DossierHistory).where(
        DossierHistory.at > period.as_of,
        DossierHistory.on < period.first,
        DossierHistory.move.in_(sorted(CLOSING_MOVES | {CORRECTION})),
    )
    keys = still_open.union(closed_since).union(sent_since).union(entered_later)
    return keys.order_by(Dossier.id)


def _batch(keys: list[int], period: Period) -> Iterator[CountedDossier]:
    facts = _facts(keys, period)
    dossiers = Dossier.select(
        Dossier.id,
        Dossier.department,
        Dossier.channel,
        Dossier.delivery,
        Dossier.first_delivery,
        Dossier.level,
        Dossier.procedure,
    ).where(_among(Dossier.id, keys))
    for key, department, channel, delivery, first_delivery, level, procedure in _rows(dossiers):
        asked = first_delivery or delivery
        yield CountedDossier(key, department, channel, asked, level, facts.get(key, ()), procedure)


def _facts(keys: list[int], period: Period) -> dict[int, tuple[DossierFact, ...]]:
    history = (
        DossierHistory.select(
            DossierHistory.dossier,
            DossierHistory.seq,
            DossierHistory.at,
            DossierHistory.on,
            DossierHistory.move,
            DossierHistory.due_on,
            DossierHistory.corrects,
            DossierHistory.voids,
        )
        # Not only up to the last day: a fact dated after it may have been corrected into the period.
        .where(_among(DossierHistory.dossier, keys), DossierHistory.at <= period.as_of)
        .order_by(DossierHistory.dossier, DossierHistory.seq)
    )
    return {
        key: tuple(
            DossierFact(
                seq,
                from_micros(at),
                _day(on),
                move,
                None if due_on is None else _day(due_on),
                corrects,
                bool(voids),
            )
            for _, seq, at, on, move, due_on, corrects, voids in rows
        )
        for key, rows in groupby(_rows(history), key=itemgetter(0))
    }


def _among(column: Field, keys: list[int]) -> Expression:
    """`column IN (1, 2, …)` with the keys written out: binding a thousand of them takes longer than reading them."""
    return Expression(column, "IN", SQL(f"({','.join(map(str, keys))})"))


def _rows(query: Query) -> Iterator[Any]:
    """A query's rows as the driver gives them; peewee's own conversion of dates costs ten times the counting."""
    return iter(proxy.execute_sql(*query.sql()))


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
