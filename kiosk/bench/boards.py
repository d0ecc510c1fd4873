"""A hall of boards, all watched by one thread, and when the last of them heard a call."""

from __future__ import annotations

import selectors
import time
from typing import Any

from kiosk.bench.websocket import BoardSocket
from kiosk.bench.wire import Wire, milliseconds

PATIENCE_SECONDS = 3.0


class Hall:
    """Connected boards and the times of the calls made in front of them."""

    def __init__(self) -> None:
        self._boards: list[BoardSocket] = []
        self._waiting = selectors.DefaultSelector()
        self._heard: dict[int, list[float]] = {}
        self.forget()

    def seat(self, board: BoardSocket) -> None:
        """One more board; those that are there already answer the server meanwhile, or it would take them for lost."""
        self._boards.append(board)
        self._waiting.register(board.socket, selectors.EVENT_READ, board)
        self.rest(0.001)

    def forget(self) -> None:
        """Begin to count here."""
        self._from_press: list[float] = []
        self._from_answer: list[float] = []
        self._answers: list[float] = []
        self._lost = 0

    def call(self, wire: Wire, request: bytes) -> None:
        """Press "next" and wait for the answer and for every board."""
        self._waiting.register(wire.socket, selectors.EVENT_READ, wire)
        pressed = time.perf_counter()
        wire.send(request)
        ticket, answered = 0, 0.0
        while time.perf_counter() - pressed < PATIENCE_SECONDS:
            for key, _ in self._waiting.select(PATIENCE_SECONDS):
                if isinstance(key.data, BoardSocket):
                    self._listen(key.data)
                elif (answer := wire.receive()) is not None:
                    answered = time.perf_counter()
                    if answer.status != 200:
                        raise RuntimeError(f"the server answered {answer.status}: {answer.body[:300]!r}")
                    ticket = answer.json()["id"]
            if ticket and len(self._heard.get(ticket, ())) >= len(self._boards):
                break
        self._waiting.unregister(wire.socket)
        heard = self._heard.pop(ticket, [])
        self._lost += len(self._boards) - len(heard)
        self._answers.append(answered - pressed)
        if heard:
            self._from_press.append(max(heard) - pressed)
            self._from_answer.append(max(0.0, max(heard) - answered))

    def rest(self, seconds: float) -> None:
        """Listen on for a while, as a hall does between two calls."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            for key, _ in self._waiting.select(left):
                self._listen(key.data)

    def _listen(self, board: BoardSocket) -> None:
        for event in board.events():
            # The fact itself: without label and counter a board would have to fetch before it can show anything.
            if event["kind"] == "ticket.called" and event["label"] and event["counter_number"]:
                self._heard.setdefault(event["ticket"], []).append(time.perf_counter())

    def figures(self) -> dict[str, Any]:
        """What was measured since `forget`."""
        return {
            "calls": len(self._answers),
            "boards": len(self._boards),
            "press_to_last_board_p50_ms": milliseconds(self._from_press, 0.50),
            "press_to_last_board_p99_ms": milliseconds(self._from_press, 0.99),
            "press_to_last_board_max_ms": milliseconds(self._from_press, 1.0),
            "answer_to_last_board_p50_ms": milliseconds(self._from_answer, 0.50),
            "answer_to_last_board_p99_ms": milliseconds(self._from_answer, 0.99),
            "press_to_answer_p50_ms": milliseconds(self._answers, 0.50),
            "lost": self._lost,
        }

    def close(self) -> None:
        """Send everybody home."""
        for board in self._boards:
            board.close()
        self._waiting.close()
