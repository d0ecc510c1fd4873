"""Play a day: visitors take numbers, officers call them, some are late, some are sent on; then count."""

from __future__ import annotations

import heapq
import random
import statistics
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as local_time
from functools import partial
from itertools import count
from typing import Any

from kiosk import clock
from kiosk.domain.forecast import is_inside
from kiosk.simulation.centre import Centre, SimulatedCounter
from kiosk.simulation.desk import Desk
from kiosk.simulation.plan import ZONE, Visitor

LUNCH, AFTERNOON, EVENING = local_time(11, 30), local_time(13, 30), local_time(17, 20)
QUARTER = timedelta(minutes=15)


@dataclass
class Told:
    """What a visitor was told and what came: minutes low and high, and seconds waited (None: never called)."""

    line: int
    issued_at: datetime
    low: int
    high: int
    plain: bool
    waited: float | None = None


@dataclass
class Day:
    """A day in play."""

    centre: Centre
    crowd: list[Visitor]
    dice: random.Random
    desk: Desk
    told: dict[int, Told] = field(default_factory=dict)
    visitors: dict[int, Visitor] = field(default_factory=dict)
    finished: int = 0
    no_show: int = 0
    served: list[datetime] = field(default_factory=list)
    came: list[datetime] = field(default_factory=list)
    called: list[datetime] = field(default_factory=list)
    _todo: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _idle: dict[int, deque[SimulatedCounter]] = field(default_factory=dict)
    _paused: set[int] = field(default_factory=set)
    _parked: dict[int, list[int]] = field(default_factory=dict)

    def run(self, progress: Callable[[int, int], None]) -> None:
        """Play it to its end."""
        self._idle = {n: deque() for n in range(len(self.centre.lines))}
        for visitor in self.crowd:
            self._at(visitor.comes, partial(self._arrive, who=visitor))
        for counter in self.centre.counters:
            self._at(self._local(local_time(7, 30)), partial(self._call, counter=counter))
            self._at(self._local(LUNCH), partial(self._lunch, counter=counter))
            self._at(self._local(AFTERNOON), partial(self._afternoon, counter=counter))
        while self._todo:
            due, _, act = heapq.heappop(self._todo)
            if due > self._local(EVENING):
                continue
            self._wait_until(due)
            act(clock.now())
            progress(self.finished + self.no_show, len(self.crowd))

    def _local(self, at: local_time) -> datetime:
        return datetime.combine(self.centre.day, at, ZONE)

    def _at(self, due: datetime, act: Callable[[datetime], None]) -> None:
        heapq.heappush(self._todo, (due, next(self._order), act))

    def _after(self, now: datetime, seconds: float, act: Callable[[datetime], None]) -> None:
        self._at(now + timedelta(seconds=seconds), act)

    def _wait_until(self, due: datetime) -> None:
        while (left := (due - clock.now()).total_seconds()) > 0:
            time.sleep(min(0.2, left / 60))

    # ---- visitors

    def _arrive(self, now: datetime, who: Visitor) -> None:
        body: dict[str, Any] = {
            "line": self.centre.lines[who.line],
            "priority": who.priority,
            "purpose": who.purpose,
            "dossiers": who.dossiers,
        }
        if who.then is not None:
            body["then"] = [self.centre.lines[who.then]]
        issued = self.desk.kiosk(self.dice.choice(self.centre.kiosks), "/tickets", body)
        if issued is None:
            return
        low, high = issued["wait_minutes"]
        at = datetime.fromisoformat(issued["issued_at"])
        self.told[issued["id"]] = Told(who.line, at, low, high, plain=True)
        self.visitors[issued["id"]] = who
        self.came.append(at)
        self._wake(who.line, now)
        if who.follows:
            token = issued["follow_url"].rpartition("/")[2]
            self._after(now, 60, lambda later: self._look(later, token, ""))

    def _look(self, now: datetime, token: str, etag: str) -> None:
        etag, seen = self.desk.follow(token, etag)
        if seen is None or seen["state"] in {"waiting", "called"}:
            self._after(now, 300, lambda later: self._look(later, token, etag))

    # ---- officers

    def _wake(self, line: int, now: datetime) -> None:
        if self._idle[line]:
            counter = self._idle[line].popleft()
            self._after(now, self.dice.uniform(3, 20), lambda later: self._call(later, counter))

    def _call(self, now: datetime, counter: SimulatedCounter) -> None:
        if counter.id in self._paused:
            return
        if (parked := self._parked.get(counter.id)) and self._resume(now, counter, parked.pop(0)):
            return
        ticket = self.desk.staff(counter.session, f"/counters/{counter.id}/next", {})
        if ticket is None:
            self._idle[counter.line].append(counter)
            return
        who = self.visitors.get(ticket["id"])
        told = self.told.get(ticket["id"])
        if told is not None and told.waited is None:
            told.waited = float(ticket["waited_seconds"])
        self.called.append(datetime.fromisoformat(ticket["called_at"]))
        if who is None:
            self._after(now, 120, lambda later: self._finish(later, counter, ticket["id"]))
        elif who.absent:
            self.visitors[ticket["id"]] = who._replace(absent=False)
            self._after(now, 40, lambda later: self._move(counter, ticket["id"], "recall"))
            self._after(now, 90, lambda later: self._not_there(later, counter, ticket["id"], who))
        else:
            self._after(now, who.way, lambda later: self._start(later, counter, ticket["id"], who))

    def _not_there(self, now: datetime, counter: SimulatedCounter, ticket: int, who: Visitor) -> None:
        self._move(counter, ticket, "no_show")
        self._call(now, counter)
        if who.comes_back:
            self._after(now, 240, lambda later: self._come_back(later, counter, ticket, who))
        else:
            self.no_show += 1

    def _come_back(self, now: datetime, counter: SimulatedCounter, ticket: int, who: Visitor) -> None:
        self._move(counter, ticket, "return")
        self._wake(who.line, now)

    def _start(self, now: datetime, counter: SimulatedCounter, ticket: int, who: Visitor) -> None:
        self._move(counter, ticket, "start")
        if who.parked:
            self.visitors[ticket] = who._replace(parked=False)
            self._after(now, who.service / 3, lambda later: self._park(later, counter, ticket))
        elif who.sent_on and who.then is None:
            self.visitors[ticket] = who._replace(sent_on=False)
            self._after(now, who.service / 3, lambda later: self._send_on(later, counter, ticket))
        else:
            self._after(now, who.service, lambda later: self._finish(later, counter, ticket))

    def _finish(self, now: datetime, counter: SimulatedCounter, ticket: int) -> None:
        done = self._move(counter, ticket, "finish")
        if done is not None and done["state"] == "finished":
            self.finished += 1
            self.served.append(datetime.fromisoformat(done["ended_at"]))
        elif done is not None:
            self._wake(self.centre.lines.index(done["line"]["id"]), now)
        self._after(now, self.dice.uniform(4, 15), lambda later: self._call(later, counter))

    def _park(self, now: datetime, counter: SimulatedCounter, ticket: int) -> None:
        self._move(counter, ticket, "park", reason="copy", room="Phòng photo")
        self._after(now, 10, lambda later: self._call(later, counter))
        back = self.dice.uniform(240, 600)
        self._after(now, back, lambda later: self._back_from_copying(later, counter, ticket))

    def _back_from_copying(self, now: datetime, counter: SimulatedCounter, ticket: int) -> None:
        self._parked.setdefault(counter.id, []).append(ticket)
        if counter in self._idle[counter.line]:
            self._idle[counter.line].remove(counter)
            self._call(now, counter)

    def _resume(self, now: datetime, counter: SimulatedCounter, ticket: int) -> bool:
        if self._move(counter, ticket, "resume") is None:
            return False
        rest = self.visitors[ticket].service * 2 / 3
        self._after(now, rest, lambda later: self._finish(later, counter, ticket))
        return True

    def _send_on(self, now: datetime, counter: SimulatedCounter, ticket: int) -> None:
        line = self.dice.choice([n for n in range(len(self.centre.lines)) if n != counter.line])
        self._move(counter, ticket, "transfer", line=self.centre.lines[line])
        self._wake(line, now)
        self._after(now, 10, lambda later: self._call(later, counter))

    def _lunch(self, now: datetime, counter: SimulatedCounter) -> None:
        self._paused.add(counter.id)
        body = {"state": "paused", "reason": "break"}
        self.desk.staff(counter.session, f"/counters/{counter.id}/state", body)

    def _afternoon(self, now: datetime, counter: SimulatedCounter) -> None:
        self._paused.discard(counter.id)
        self._idle[counter.line] = deque(each for each in self._idle[counter.line] if each is not counter)
        self.desk.staff(counter.session, f"/counters/{counter.id}/state", {"state": "open"})
        self._after(now, self.dice.uniform(1, 60), lambda later: self._call(later, counter))

    def _move(self, counter: SimulatedCounter, ticket: int, move: str, **details: Any) -> Any:
        return self.desk.staff(counter.session, f"/tickets/{ticket}/moves", {"move": move, **details})

    # ---- what it came to

    def result(self) -> dict[str, Any]:
        """The figures of the day."""
        called = [told for told in self.told.values() if told.waited is not None]
        inside = [is_inside(told.low, told.high, told.waited or 0) for told in called]
        waits = sorted((told.waited or 0) / 60 for told in called)
        widths = [told.high - told.low for told in called]
        return {
            "day": self.centre.day.isoformat(),
            "visitors": len(self.crowd),
            "issued": len(self.told),
            "called": len(called),
            "finished": self.finished,
            "no_show": self.no_show,
            "requests": self.desk.requests,
            "errors": dict(self.desk.errors),
            "forecast_inside_percent": round(100 * sum(inside) / len(inside), 1) if inside else None,
            "forecast_width_minutes_median": statistics.median(widths) if widths else None,
            "wait_minutes_median": round(statistics.median(waits), 1) if waits else None,
            "wait_minutes_p90": round(waits[int(len(waits) * 0.9)], 1) if waits else None,
            "wait_minutes_longest": round(waits[-1], 1) if waits else None,
        }
