"""A nervous kiosk: the same request by eight processes at once, to a real server of two processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.contention.crowd import PROCESSES, Crowd
from tests.faults.books import faults_in, read_books
from tests.faults.recorder import Line
from tests.faults.running import Centre

pytestmark = [pytest.mark.contention, pytest.mark.slow]

KEYS = 20


def press_at_once(orders: tuple[int, str, int]) -> list[tuple[str, int, Any, bool]]:
    """Take a number with each of the keys: (key, status, answer, whether it was an answer repeated)."""
    port, token, line_id = orders
    heard, line = [], Line(port, token)
    for n in range(KEYS):
        status, answer, headers = line.ask("POST", "/api/v1/tickets", {"line": line_id}, f"press-{n}")
        heard.append((f"press-{n}", status, answer, "Idempotency-Replayed" in headers))
    line.close()
    return heard


def test_one_key_is_one_ticket(crowd: Crowd, database_url: str, tmp_path: Path):
    url = "" if database_url.startswith("sqlite") else database_url
    with Centre(tmp_path, url) as centre:
        centre.start("serve")
        heard = crowd.run(None, press_at_once, [(centre.port, centre.token, centre.line)] * PROCESSES)
        status, refusal, _ = centre.ask(
            "POST", "/api/v1/tickets", {"line": centre.line, "dossiers": 2}, "press-0"
        )

        assert (status, refusal["error"]["code"]) == (409, "idempotency_key_reused")
        books = read_books(centre.url)
        assert faults_in(books) == []
        assert len(books.tickets) == len(books.jobs) == KEYS
        for answers in zip(*heard, strict=True):
            assert {status for _, status, _, _ in answers} == {201}
            (ticket,) = {answer["id"] for _, _, answer, _ in answers}
            (label,) = {answer["label"] for _, _, answer, _ in answers}
            assert label == next(row["label"] for row in books.tickets if row["id"] == ticket)
            assert sum(not repeated for _, _, _, repeated in answers) == 1
