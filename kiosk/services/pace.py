"""Lines learn how long their visits take, from the turns that ended of late."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from kiosk.database import bookkeeping
from kiosk.domain.forecast import Pace, pace_of
from kiosk.models import Line, Turn
from kiosk.models import Pace as PaceRow
from kiosk.services.forecasting import WHOLE_LINE
from kiosk.services.visit.undo import UNDO_WITHIN

RECENT = 60
"""Turns of a line that are looked at: about a busy morning at two counters."""
ENOUGH = 5
"""Visits of one procedure before it has a pace of its own."""
REMEMBERED = timedelta(days=60)
OCCUPIED = ("finished", "no_show", "transferred", "parked")
"""A counter was taken up by these; a visit that was undone or forgotten teaches nothing."""


class Paces:
    """Keeps the paces up to date; remembers how far it has looked."""

    def __init__(self) -> None:
        self._looked_until: datetime | None = None

    def refresh(self, now: datetime) -> int:
        """Learn from turns that ended since the last look and cannot be undone any more; returns the lines learnt."""
        until = now - UNDO_WITHIN
        since = self._looked_until or now - REMEMBERED
        lines = [row.id for row in Line.select(Line.id) if _ended(row.id, since, until)]
        for line in lines:
            _learn(line, now)
        self._looked_until = until
        return len(lines)


def _ended(line: int, since: datetime, until: datetime) -> bool:
    ended = (Turn.line == line) & (Turn.ended_at > since) & (Turn.ended_at <= until)
    return bool(Turn.select().where(ended & (Turn.outcome << OCCUPIED)).exists())


def _learn(line: int, now: datetime) -> None:
    rows = list(
        Turn.select(Turn.procedure, Turn.called_at, Turn.started_at, Turn.ended_at, Turn.outcome)
        .where((Turn.line == line) & (Turn.ended_at > now - REMEMBERED) & (Turn.outcome << OCCUPIED))
        .order_by(Turn.ended_at.desc())
        .limit(RECENT)
        .tuples()
    )
    by_procedure: dict[str, list[float]] = defaultdict(list)
    for procedure, called_at, started_at, ended_at, outcome in rows:
        if procedure is not None and outcome == "finished":
            by_procedure[procedure].append((ended_at - (started_at or called_at)).total_seconds())
    paces = {WHOLE_LINE: pace_of((ended - called).total_seconds() for _, called, _, ended, _ in rows)}
    paces |= {key: pace_of(seconds) for key, seconds in by_procedure.items() if len(seconds) >= ENOUGH}
    with bookkeeping():
        for procedure, pace in paces.items():
            keep_pace(line, pace, now, procedure)


def keep_pace(line: int, pace: Pace, now: datetime, procedure: str = WHOLE_LINE) -> None:
    """Write down how long visits of a line, or of one procedure in it, take of late."""
    values = {
        "mean_seconds": pace.mean,
        "deviation_seconds": pace.deviation,
        "visits": pace.visits,
        "updated_at": now,
    }
    here = (PaceRow.line == line) & (PaceRow.procedure == procedure)
    if PaceRow.update(values).where(here).execute() == 0:
        PaceRow.insert(line=line, procedure=procedure, width=1.0, **values).execute()
