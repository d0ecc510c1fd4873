"""Phones that follow their numbers while counters call: how many a second, and how long the server takes for each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from kiosk.bench.place import Place
from kiosk.bench.plan import Sizes
from kiosk.bench.processes import usage
from kiosk.bench.wire import Wire, crowd, expect, get, milliseconds, post

Progress = Callable[[str, int, int], None]


def follow(place: Place, sizes: Sizes, progress: Progress) -> dict[str, Any]:
    """Phones ask with the ETag they have, over and over, while counters of another line go on calling.

    Nothing changes for them, and yet the office's journal moves several times a second.
    """
    wire = Wire(place.port)
    tokens = [_take(wire, place, place.warm_line) for _ in range(sizes.phones)]
    for _ in range(sizes.phones):
        _take(wire, place, place.line)
    known = {token: _etag(wire, token) for token in tokens}
    stopping = threading.Event()
    caller = threading.Thread(target=_call_on, args=(place, stopping), daemon=True)
    before = usage(place.processes())
    caller.start()

    def ask(_client: int, n: int) -> bytes:
        token = tokens[n % len(tokens)]
        return get(f"/api/v1/follow/{token}", {"If-None-Match": known[token]})

    run = crowd(
        place.port,
        sizes.clients,
        sizes.looks,
        ask,
        lambda done: progress("follow, phones", done, sizes.looks),
    )
    stopping.set()
    caller.join()
    after = usage(place.processes())
    wire.close()
    wrong = [answer for answer in run.answers if answer.status not in {200, 304}]
    if wrong:
        raise RuntimeError(f"the server answered {wrong[0].status}: {wrong[0].body[:300]!r}")
    unchanged = [answer for answer in run.answers if answer.status == 304]
    return {
        "per_second": round(run.per_second, 1),
        "unchanged_percent": round(100 * len(unchanged) / len(run.answers), 1),
        "server_ms": round((after.cpu - before.cpu) / len(run.answers) * 1000, 3),
        "p50_ms": milliseconds([answer.seconds for answer in run.answers], 0.50),
        "p95_ms": milliseconds([answer.seconds for answer in run.answers], 0.95),
    }


def _take(wire: Wire, place: Place, line: int) -> str:
    body = {"line": line, "paper": False}
    answer = wire.ask(post("/api/v1/tickets", body, {"Authorization": f"Bearer {place.kiosks[0]}"}))
    expect(answer, 201)
    return str(answer.json()["follow_url"]).rpartition("/")[2]


def _etag(wire: Wire, token: str) -> str:
    """The ETag of the present answer, asked for in vain with another one."""
    answer = wire.ask(get(f"/api/v1/follow/{token}", {"If-None-Match": '"none"'}))
    expect(answer, 200)
    return answer.etag


def _call_on(place: Place, stopping: threading.Event) -> None:
    """Two counters call and finish, a few times a second, as in a busy hall."""
    wire, turn = Wire(place.port), 0
    while not stopping.wait(0.2):
        turn += 1
        counter = turn % 2
        body = {"finish": True}
        headers = {"Cookie": f"kiosk_session={place.sessions[counter]}"}
        wire.ask(post(f"/api/v1/counters/{place.counters[counter]}/next", body, headers))
    wire.close()
