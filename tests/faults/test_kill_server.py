"""kill -9 of the server: what a citizen holds in the hand is in the books, once, whatever died."""

from __future__ import annotations

import json
import os
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

from tests.faults import recorder
from tests.faults.books import faults_in, read_books
from tests.faults.history import lies_in, read_history
from tests.faults.running import Centre, children_of, eventually

pytestmark = [pytest.mark.faults, pytest.mark.slow]

KILLS = 50
FALLS = 4
SEED = os.environ.get("KIOSK_TEST_SEED") or secrets.token_hex(4)
"""A failing run prints it; with the same in KIOSK_TEST_SEED the same moments are chosen again."""


@contextmanager
def load(centre: Centre, seed: str) -> Iterator[Path]:
    """Kiosks and counters at work in a process of their own; yields their history."""
    history = centre.folder / "history.jsonl"
    orders = {
        "port": centre.port,
        "token": centre.token,
        "line": centre.line,
        "kiosks": 4,
        "officers": [o for o in centre.facts["officers"] if _serves(centre, o["counter"])],
        "seed": seed,
        "history": str(history),
    }
    process = subprocess.Popen([sys.executable, recorder.__file__], stdin=subprocess.PIPE, text=True)
    try:
        assert process.stdin is not None
        process.stdin.write(json.dumps(orders) + "\n")
        process.stdin.flush()
        yield history
        process.stdin.close()
        assert process.wait(timeout=2 * recorder.PATIENCE) == 0
    finally:
        process.kill()
        process.wait()


def _serves(centre: Centre, counter: int) -> bool:
    return any(c["id"] == counter and centre.line in c["lines"] for c in centre.facts["counters"])


def acknowledged(history: Path) -> int:
    """How many answers the clients have heard."""
    return history.read_bytes().count(b'{"phase": "ok"') if history.exists() else 0


def test_50_kills_of_a_server_process_under_load(centre: Centre):
    print(f"KIOSK_TEST_SEED={SEED}")
    dice = random.Random(SEED)
    centre.start("serve")
    master, killed = centre.pid("serve"), set[int]()
    with load(centre, SEED) as history:
        for kill in range(1, KILLS + 1):
            enough = acknowledged(history) + dice.randint(1, 12)
            eventually(lambda enough=enough: acknowledged(history) >= enough, f"work after kill {kill - 1}")
            time.sleep(dice.uniform(0, 0.02))
            alive = eventually(lambda: sorted(set(children_of(master)) - killed), "a process to kill")
            killed.add(victim := dice.choice(alive))
            os.kill(victim, signal.SIGKILL)
        enough = acknowledged(history) + 20
        eventually(lambda: acknowledged(history) >= enough, "work after the last kill")
    centre.stop("serve")

    requests, books = read_history(history), read_books(centre.url)
    assert lies_in(requests, books) == []
    assert faults_in(books) == []
    assert [request.refusals for request in requests.values() if request.refusals] == []
    verified = centre.run("verify-log")
    assert verified.returncode == 0, verified.stderr
    hit = sum(request.unknown for request in requests.values())
    print(f"{len(books.tickets)} tickets, {acknowledged(history)} answers, {hit} requests hit by a kill")
    assert len(killed) == KILLS
    assert hit >= KILLS // 5, "the kills hardly ever met a request on its way"


def test_a_server_that_falls_while_a_kiosk_asks_again(centre: Centre):
    """The whole server dies at a random moment of a request; the kiosk repeats it until somebody answers."""
    print(f"KIOSK_TEST_SEED={SEED}")
    dice = random.Random(SEED)
    centre.start("serve")
    given: dict[str, dict[str, Any]] = {}
    for fall in range(FALLS):
        kiosk = threading.Thread(target=lambda key=f"fall-{fall}": given.update({key: _insist(centre, key)}))
        kiosk.start()
        time.sleep(dice.uniform(0, 0.03))
        centre.kill("serve")
        centre.start("serve")
        kiosk.join(timeout=60)
    _audit(centre, given)


def test_an_answer_lost_with_the_server(centre: Centre):
    """The number was given and the server died before it could say so: asked again, it says the same number."""
    centre.start("serve")
    kiosk = HTTPConnection("127.0.0.1", centre.port, timeout=60)
    headers = {"Authorization": f"Bearer {centre.token}", "Idempotency-Key": "lost"}
    body = json.dumps({"line": centre.line})
    kiosk.request("POST", "/api/v1/tickets", body, {**headers, "Content-Type": "application/json"})
    eventually(lambda: read_books(centre.url).tickets, "the ticket")
    centre.kill("serve")
    kiosk.close()

    centre.start("serve")
    status, answer, said = centre.ask("POST", "/api/v1/tickets", {"line": centre.line}, "lost")
    assert (status, answer["number"], said["Idempotency-Replayed"]) == (201, 1, "true")
    _audit(centre, {"lost": answer})


def _insist(centre: Centre, key: str) -> dict[str, Any]:
    while True:
        try:
            return centre.take(key)
        except (OSError, HTTPException):
            time.sleep(0.05)


def _audit(centre: Centre, given: dict[str, dict[str, Any]]) -> None:
    centre.stop("serve")
    books = read_books(centre.url)
    assert faults_in(books) == []
    assert [row["label"] for row in books.tickets] == [answer["label"] for answer in given.values()]
    assert len(given) == len(books.tickets) == len(books.jobs)
    assert centre.run("verify-log").returncode == 0
