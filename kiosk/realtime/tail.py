"""The journal's tail: one thread a process reads what was committed, by any process, and tells the rooms."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from kiosk import clock
from kiosk.database import bell, connection, is_postgres, local_day_of, relay_notifications
from kiosk.domain.errors import DomainError
from kiosk.domain.permissions import Actor
from kiosk.models import Journal
from kiosk.realtime.rooms import Register, Room
from kiosk.services import look
from kiosk.services.look.board import board_figures, facts_since, last_seq, room_of_line
from kiosk.services.pair_device import which_device
from kiosk.services.sign_in import who_is

log = logging.getLogger(__name__)

BREATHER_SECONDS = 0.05
LISTEN_SECONDS = 0.5
"""A lost wake-up delays a call by this much at most."""
FIGURES_SECONDS = 0.1
"""The sums under a board wait for a quiet moment, so that a call never waits for them; in a rush they come twice a
second."""
CHECK_SECONDS = 2.0
TICK_SECONDS = 3.0
STALE_SECONDS = 30.0
"""Ranges of waits shrink while nothing happens: boards get their sums anew at least so often."""
BATCH = 200

RESHAPING = frozenset(
    {
        "counter.changed",
        "line.changed",
        "notice.changed",
        "hall.changed",
        "hours.changed",
        "office.changed",
        "ticket.undone",
    }
)
"""After these a board is drawn from a new snapshot rather than changed piece by piece."""

Emit = Callable[[str, dict[str, Any], str | None], None]
"""(event name, payload, room or None for everybody)"""


class Tail:
    """Reads each office's journal once for all of this process's sockets."""

    def __init__(self, register: Register, emit: Emit, disconnect: Callable[[str], None]) -> None:
        self.register, self.emit, self.disconnect = register, emit, disconnect
        self._seen: dict[int, int] = {}
        self._figures_owed: set[Room] = set()
        self._snapshots_owed: set[Room] = set()
        self._days: dict[int, date] = {}
        self._lines: dict[int, dict[int, dict[str, Any]]] = {}
        self.lock = threading.Lock()
        """Held while news is read and told, and while somebody enters a room and gets its snapshot: in between,
        a call would be told to a list that lacks the newcomer, or be overtaken by an older snapshot."""

    def start(self) -> None:
        """Begin, in threads that end with the process."""
        threading.Thread(target=self._run, name="journal-tail", daemon=True).start()

    def watch(self, office_id: int) -> None:
        """Follow an office from now on; called under `lock` before its first snapshot is taken."""
        alone = all(room.office_id != office_id for room in self.register.rooms())
        if alone or office_id not in self._seen:
            self._seen[office_id] = last_seq(office_id)
            self._lines.pop(office_id, None)

    def _run(self) -> None:
        listener = bell().listen()
        if is_postgres():
            threading.Thread(target=relay_notifications, args=(listener.ring,), daemon=True).start()
        checked = ticked = summed = refreshed = 0.0
        while True:
            rang = listener.wait(FIGURES_SECONDS if self._owes() else LISTEN_SECONDS)
            if not self.register.anybody():
                time.sleep(BREATHER_SECONDS)  # nobody to tell: a rush of rings is one
                continue
            try:
                with connection():
                    self._tell_news()
                    if self._owes() and not (rang and time.monotonic() - summed < LISTEN_SECONDS):
                        summed = time.monotonic()
                        self.send_owed()
                    if time.monotonic() - checked > CHECK_SECONDS:
                        checked = time.monotonic()
                        self._dismiss_revoked()
                    if time.monotonic() - ticked > TICK_SECONDS:
                        ticked = time.monotonic()
                        self.emit("tick", {"at": clock.now().isoformat()}, None)
                        self.notice_midnight()
                    if time.monotonic() - refreshed > STALE_SECONDS:
                        refreshed = time.monotonic()
                        self._figures_owed |= self._boards()
            except Exception:  # the tail must outlive a database that is away for a while
                log.exception("journal tail")
                time.sleep(1)

    def _tell_news(self) -> None:
        for office_id in {room.office_id for room in self.register.rooms()}:
            while self._tell_batch(office_id):
                pass

    def _tell_batch(self, office_id: int) -> bool:
        with self.lock:
            rooms = [room for room in self.register.rooms() if room.office_id == office_id]
            seen = self._seen.setdefault(office_id, last_seq(office_id))
            entries = facts_since(office_id, seen, BATCH)
            if entries:
                self._tell(office_id, entries, rooms)
                self._seen[office_id] = entries[-1].seq
        return len(entries) == BATCH

    def _tell(self, office_id: int, entries: list[Journal], rooms: list[Room]) -> None:
        lines = self._map(office_id, entries)
        for entry in entries:
            payload = event_payload(entry, lines)
            for room in rooms:
                if room.wants(entry.kind, payload, lines):
                    self.emit("event", {**payload, "room": room.name}, room.name)
        boards = {room for room in rooms if room.kind == "board"}
        if any(entry.kind.startswith(("ticket.", "counter.")) for entry in entries):
            self._figures_owed |= boards
        if any(entry.kind in RESHAPING for entry in entries):
            self._snapshots_owed |= boards

    def _owes(self) -> bool:
        return bool(self._figures_owed or self._snapshots_owed)

    def _boards(self) -> set[Room]:
        return {room for room in self.register.rooms() if room.kind == "board"}

    def send_owed(self) -> None:
        """Bring the boards that are behind up to date: their sums, or all they show."""
        now = clock.now()
        with self.lock:
            present = self._boards()
            for room in self._snapshots_owed & present:
                self.emit("snapshot", {**room.snapshot(now), "room": room.name}, room.name)
            for room in (self._figures_owed - self._snapshots_owed) & present:
                figures = board_figures(room.office_id, room.area, now)
                self.emit("figures", {**figures, "room": room.name}, room.name)
            self._figures_owed.clear()
            self._snapshots_owed.clear()

    def notice_midnight(self) -> None:
        """Owe every board of an office an empty day once its own midnight has passed."""
        now = clock.now()
        for office_id in {room.office_id for room in self._boards()}:
            today = local_day_of(now, look.office(office_id)["zone"])
            if self._days.setdefault(office_id, today) != today:
                self._days[office_id] = today
                self._snapshots_owed |= {room for room in self._boards() if room.office_id == office_id}

    def _map(self, office_id: int, entries: list[Journal]) -> dict[int, dict[str, Any]]:
        changed = any(entry.kind in {"line.changed", "counter.changed"} for entry in entries)
        if changed or office_id not in self._lines:
            self._lines[office_id] = room_of_line(office_id)
        return self._lines[office_id]

    def missed(self, room: Room, seen: int) -> list[dict[str, Any]] | None:
        """What a room heard after `seen`, or None when it is too much and a snapshot serves better."""
        entries = facts_since(room.office_id, seen, BATCH + 1)
        if len(entries) > BATCH or seen > last_seq(room.office_id):
            return None
        lines = room_of_line(room.office_id)
        payloads = [event_payload(entry, lines) for entry in entries]
        return [{**p, "room": room.name} for p in payloads if room.wants(p["kind"], p, lines)]

    def _dismiss_revoked(self) -> None:
        now = clock.now()
        for sid, visitor in self.register.visitors().items():
            if not visitor.token:
                continue
            try:
                present = (who_is if visitor.actor.user else which_device)(visitor.token, now)
            except DomainError:
                self.disconnect(sid)
                continue
            if _rights(present) != _rights(visitor.actor):
                self.disconnect(sid)  # it may sit in rooms that are closed to it now


def _rights(actor: Actor) -> tuple[frozenset[str], frozenset[int]]:
    return actor.permissions, actor.user.counters if actor.user else frozenset()


def event_payload(entry: Journal, lines: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """A journal entry as a screen gets it: the fact itself, with the words a board shows."""
    facts = json.loads(entry.facts)
    payload = {"seq": entry.seq, "at": entry.at.isoformat(), "kind": entry.kind, **facts}
    line = lines.get(facts.get("line", 0))
    if line is not None and entry.kind.startswith("ticket."):
        payload |= {
            "department_title": line["title"],
            "department_title_en": line["title_en"],
            "line_title": line["title"],
        }
    return payload
