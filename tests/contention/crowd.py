"""Eight processes that want the same thing at the same moment."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Barrier
from typing import Any

from kiosk.config import Settings
from kiosk.domain.permissions import RIGHTS, Actor, Role, SignedInUser
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginHouse
from kiosk.services.call_next import call_next
from kiosk.services.issue_ticket import TicketHouse, Wish, issue_ticket
from tests.conftest import opened

PROCESSES = 8
PATIENCE = 240.0
"""Seconds after which somebody who waits is taken to wait for ever."""
HOUSE = TicketHouse(b"key of the check codes", "http://127.0.0.1")
PRIORITIES = (None, None, "elderly", None, "merit")


@dataclass(frozen=True)
class Place:
    """An installation as another process needs it, and the moment it all begins."""

    url: str
    data: Path
    opening: datetime


class Crowd:
    """Processes that keep; each set of tasks starts when all eight stand at the door with a connection open."""

    def __init__(self) -> None:
        # Real processes that inherit no connection; the libraries are imported once instead of eight times.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        self._pool = ProcessPoolExecutor(
            PROCESSES, mp_context=context, initializer=_enter, initargs=(context.Barrier(PROCESSES),)
        )

    def start(self, place: Place | None, work: Callable[..., Any], each: Sequence[Any]) -> list[Future[Any]]:
        """Have every process do `work(place, its own argument)`."""
        assert len(each) == PROCESSES
        return [self._pool.submit(_take_part, place, work, argument) for argument in each]

    def run(self, place: Place | None, work: Callable[..., Any], each: Sequence[Any]) -> list[Any]:
        """Start, and return what each brought back."""
        return [future.result(PATIENCE) for future in self.start(place, work, each)]

    def close(self) -> None:
        """Send everybody home."""
        self._pool.shutdown(cancel_futures=True)


class _Door:
    barrier: Barrier


def _enter(barrier: Barrier) -> None:
    _Door.barrier = barrier


def _take_part(place: Place | None, work: Callable[..., Any], argument: Any) -> Any:
    if place is None:
        _Door.barrier.wait(PATIENCE)
        return work(argument)
    with opened(place.url, place.data):
        gate.use(_house())
        _Door.barrier.wait(PATIENCE)
        return work(place, argument)


@cache
def _house() -> PluginHouse:
    return PluginHouse.load(Settings())


def take_numbers(place: Place, wish: tuple[int, int, int]) -> list[tuple[int, int, str]]:
    """Take so many numbers of a line of an office, every fifth or so with priority."""
    office, line, count = wish
    return [_take(place, office, line, each) for each in range(count)]


def call_everybody(place: Place, counter: tuple[int, int]) -> list[tuple[int, int]]:
    """Call at one counter until nobody waits: (ticket, place of the call in the journal)."""
    called = []
    while (ticket := _call(place, *counter, len(called))) is not None:
        called.append(ticket)
    return called


def take_and_call(place: Place, part: tuple[int, int, int, int]) -> tuple[list[Any], list[Any]]:
    """Take a number and call one in turns, so many times; whether anybody waits is left to chance."""
    office, line, count, counter = part
    taken, called = [], []
    for each in range(count):
        taken.append(_take(place, office, line, each))
        if (ticket := _call(place, office, counter, each)) is not None:
            called.append(ticket)
    return taken, called


def _take(place: Place, office: int, line: int, each: int) -> tuple[int, int, str]:
    kiosk = Actor(office, permissions=frozenset({"ticket.issue"}))
    wish = Wish(line=line, priority=PRIORITIES[each % len(PRIORITIES)])
    with gate.breath():
        issued = issue_ticket(office, wish, kiosk, place.opening + timedelta(seconds=each), HOUSE)
    return issued.ticket.id, issued.ticket.number, issued.ticket.label


def _call(place: Place, office: int, counter: int, each: int) -> tuple[int, int] | None:
    user = SignedInUser(counter, f"o{counter}", "Lan", Role.OFFICER, counters=frozenset({counter}))
    officer = Actor(office, user=user, permissions=RIGHTS[Role.OFFICER])
    with gate.breath():
        ticket = call_next(counter, officer, place.opening + timedelta(seconds=each), finish=True)
    return (ticket.id, ticket.called_seq) if ticket else None
