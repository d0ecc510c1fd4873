"""What time it is at the server, as far as a kiosk with a poor clock can know."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk import clock
from kiosk.agent.store import Connection, Store, keep
from kiosk.domain.errors import Unavailable

SMALL_STEP = timedelta(minutes=5)
"""A clock set back by less is waited out by standing still; by more, nobody can say when a number was taken."""

KEEP_EVERY = timedelta(minutes=1)
WORTH_KEEPING = timedelta(seconds=1)
"""Each time costs a write to a disk that may be a memory card."""


class Moment:
    """The agent's clock, put right by what the server said last."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._offset = self._kept = timedelta(seconds=store.fact("offset", 0.0))
        self._kept_at: datetime | None = None

    def now(self) -> datetime:
        """The present moment by the server's clock, aware, in UTC."""
        return clock.now() + self._offset

    def learn(self, server: datetime, asked: datetime, answered: datetime) -> None:
        """The server said `server` somewhere between two readings of our own clock."""
        self._offset = server - (asked + (answered - asked) / 2)
        if (
            self._kept_at is None
            or not timedelta() <= server - self._kept_at < KEEP_EVERY
            or abs(self._offset - self._kept) > WORTH_KEEPING
        ):
            self._store.keep(offset=self._offset.total_seconds(), latest=server.isoformat())
            self._kept, self._kept_at = self._offset, server

    def to_issue(self, db: Connection) -> datetime:
        """The moment to write on a number given now, never before an earlier one; kept as the latest.

        Raises Unavailable("kiosk_clock_wrong") after more than a small step backwards.
        """
        now = self.now()
        row = db.execute("SELECT value FROM fact WHERE name = 'latest'").fetchone()
        latest = datetime.fromisoformat(row["value"].strip('"')) if row else now
        if now < latest - SMALL_STEP:
            raise Unavailable("kiosk_clock_wrong")
        moment = max(now, latest)
        keep(db, latest=moment.isoformat())
        return moment


def day_in(zone: str, moment: datetime) -> date:
    """The calendar day in the office at a moment."""
    return moment.astimezone(ZoneInfo(zone)).date()
