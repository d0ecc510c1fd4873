"""What can be measured. Each part has a centre of its own, warmed up on another line."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

from kiosk.bench import journal
from kiosk.bench.boards import Hall
from kiosk.bench.follow import follow
from kiosk.bench.house import plugins
from kiosk.bench.money import money
from kiosk.bench.place import Place
from kiosk.bench.plan import Sizes
from kiosk.bench.post import post as postal_desk
from kiosk.bench.printing import printing
from kiosk.bench.processes import Usage, usage
from kiosk.bench.replay import hall
from kiosk.bench.voice import voice
from kiosk.bench.websocket import BoardSocket
from kiosk.bench.wire import Run, Wire, crowd, expect, get, milliseconds, post

Progress = Callable[[str, int, int], None]
"""(what is being done, how much is done, of how much)"""

WHOLE_HOUSE = "plugins"
"""The part whose centre has every department; the others have one."""
WARM_UP = 40
PAPER_SECONDS = 20.0


def issue(place: Place, sizes: Sizes, progress: Progress) -> dict[str, Any]:
    """Tickets taken by one client, then by eight at once; then, apart, how long paper takes."""
    _warm_up(place, sizes)
    alone = _take(place, place.line, 1, sizes.alone, progress, "issue, 1 client")
    before = usage(place.processes())
    together = _take(place, place.line, sizes.clients, sizes.together, progress, "issue, 8 clients")
    after = usage(place.processes())
    numbers = [answer.json()["number"] for answer in (*alone.answers, *together.answers)]
    return {
        **_times(alone, "alone_"),
        **_times(together, "together_"),
        "together_cpu_ms": _cpu_each(before, after, sizes.together),
        **journal.numbering(place.office_id, place.line, numbers),
        "chain_holds": journal.chain_holds(place.office_id),
        "press_to_paper_p50_ms": _paper(place, sizes.papers),
    }


def call(place: Place, sizes: Sizes, progress: Progress) -> dict[str, Any]:
    """Eight counters call one line empty, each ending its visit with the next call."""
    _take(place, place.line, sizes.clients, sizes.together, progress, "call, people arrive")
    before = usage(place.processes())
    run = crowd(
        place.port,
        sizes.clients,
        sizes.together,
        lambda client, _: _next(place, client),
        lambda done: progress("call, 8 counters", done, sizes.together),
    )
    after = usage(place.processes())
    _insist(run, 200)
    called = [answer.json()["id"] for answer in run.answers]
    return {
        **_times(run),
        "cpu_ms": _cpu_each(before, after, sizes.together),
        **journal.calling(place.office_id, place.line, called),
        "chain_holds": journal.chain_holds(place.office_id),
    }


def live(place: Place, sizes: Sizes, progress: Progress) -> dict[str, Any]:
    """From the press at a counter to the last of fifty boards that has the call itself."""
    return _watched(place, sizes, sizes.boards, sizes.live_calls, progress)


def wall(place: Place, sizes: Sizes, progress: Progress) -> dict[str, Any]:
    """The same in a hall where every board, counter and small screen of a large centre is connected."""
    return _watched(place, sizes, sizes.wall, sizes.wall_calls, progress)


def _watched(place: Place, sizes: Sizes, boards: int, calls: int, progress: Progress) -> dict[str, Any]:
    _take(place, place.line, sizes.clients, calls + sizes.clients, progress, "people arrive")
    hall = Hall()
    wires = [Wire(place.port) for _ in place.counters]
    try:
        for n in range(boards):
            hall.seat(BoardSocket(place.port, place.board, "board:bench:all"))
            progress("boards connect", n + 1, boards)
        for counter, wire in enumerate(wires):
            hall.call(wire, _next(place, counter))
        hall.forget()
        for n in range(calls):
            hall.call(wires[n % len(wires)], _next(place, n % len(wires)))
            progress(f"calls with {boards} boards", n + 1, calls)
            hall.rest(sizes.live_pause)
    finally:
        hall.close()
        for wire in wires:
            wire.close()
    return hall.figures()


def memory(place: Place, sizes: Sizes, progress: Progress) -> dict[str, Any]:
    """Resident memory of every process after half of the tickets and after all of them."""
    _warm_up(place, sizes)
    half = sizes.memory_tickets // 2
    _take(place, place.line, sizes.clients, half, progress, "memory, first half")
    before = usage(place.processes())
    _take(place, place.line, sizes.clients, half, progress, "memory, second half")
    after = usage(place.processes())
    return {
        "rss_half_mb": before.rss,
        "rss_mb": after.rss,
        "pss_mb": after.pss,
        "growth_mb": round(after.rss - before.rss, 1),
        "processes": len(place.processes()),
    }


PARTS: dict[str, Callable[[Place, Sizes, Progress], dict[str, Any]]] = {
    "issue": issue,
    "call": call,
    "live": live,
    "wall": wall,
    "memory": memory,
    "plugins": plugins,
    "printing": printing,
    "voice": voice,
    "hall": hall,
    "follow": follow,
    "money": money,
    "post": postal_desk,
}


def _warm_up(place: Place, sizes: Sizes) -> None:
    _take(place, place.warm_line, sizes.clients, WARM_UP, lambda *_: None, "")


def _take(place: Place, line: int, clients: int, total: int, progress: Progress, words: str) -> Run:
    run = crowd(
        place.port,
        clients,
        total,
        lambda client, _: _ticket(place.kiosks[client], line),
        lambda done: progress(words, done, total),
    )
    _insist(run, 201)
    return run


def _ticket(token: str, line: int) -> bytes:
    """As the kiosk page sends it: every press has a key, so that a repeat gives the same number."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
    return post("/api/v1/tickets", {"line": line, "language": "vi"}, headers)


def _next(place: Place, counter: int) -> bytes:
    headers = {"Cookie": f"kiosk_session={place.sessions[counter]}", "Idempotency-Key": str(uuid.uuid4())}
    return post(f"/api/v1/counters/{place.counters[counter]}/next", {"finish": True}, headers)


def _insist(run: Run, status: int) -> None:
    for answer in run.answers:
        expect(answer, status)


def _times(run: Run, prefix: str = "") -> dict[str, Any]:
    seconds = [answer.seconds for answer in run.answers]
    return {
        f"{prefix}count": len(seconds),
        f"{prefix}per_second": round(run.per_second, 1),
        f"{prefix}p50_ms": milliseconds(seconds, 0.50),
        f"{prefix}p95_ms": milliseconds(seconds, 0.95),
        f"{prefix}p99_ms": milliseconds(seconds, 0.99),
        f"{prefix}max_ms": milliseconds(seconds, 1.0),
    }


def _cpu_each(before: Usage, after: Usage, requests: int) -> float:
    """Processor time of server and worker for one request, in milliseconds: what does not depend on other work."""
    return round((after.cpu - before.cpu) * 1000 / requests, 2)


def _paper(place: Place, papers: int) -> float | None:
    """From the press to the moment the printer has said that the paper is out; None when it never did."""
    wire = Wire(place.port)
    headers = {"Authorization": f"Bearer {place.printing_kiosk}"}
    took = []
    for _ in range(papers):
        began = time.perf_counter()
        ticket = wire.ask(_ticket(place.printing_kiosk, place.warm_line)).json()["id"]
        while (waited := time.perf_counter() - began) < PAPER_SECONDS:
            if wire.ask(get(f"/api/v1/tickets/{ticket}/printing", headers)).json()["state"] == "printed":
                took.append(time.perf_counter() - began)
                break
            time.sleep(0.02)
        if waited >= PAPER_SECONDS:
            break
    wire.close()
    return milliseconds(took, 0.5) if took else None
