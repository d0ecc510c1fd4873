"""A press on the local page: the server's number while it answers, one of our own while it does not."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from kiosk.agent import menu
from kiosk.agent.link import Link
from kiosk.agent.offline import issue
from kiosk.agent.server import Answer, Away
from kiosk.agent.store import dump, keep
from kiosk.domain.errors import Conflict, DomainError, Unauthenticated

PATH = "/api/v1/tickets"
CREATED = 201
KEY_SHAPE = re.compile(r"[\x21-\x7e]{8,80}")
PASSED_ON = ("Idempotency-Key", "Accept-Language")

Reply = tuple[int, dict[str, Any]]


class Printer(Protocol):
    """What a press needs to know of the printer at this machine."""

    def condition(self) -> dict[str, Any] | None:
        """{name, ready, problem, paper_low}, or None when this machine has no printer of its own."""


class Presses:
    """Takes presses one after the other, and gives the same press the same answer whoever gave it."""

    def __init__(self, link: Link, printer: Printer, printed: Callable[[], None]) -> None:
        self._link = link
        self._printer = printer
        self._new_paper = printed
        self.closed = False

    def take(self, raw: bytes, headers: Mapping[str, str]) -> Reply:
        """The answer to POST /tickets.

        Raises DomainError in the shapes of the server, and Unpaired when it does not know this kiosk any more.
        """
        body = _object(raw)
        key = headers.get("Idempotency-Key") or None
        if key is not None and not KEY_SHAPE.fullmatch(key):
            raise DomainError("idempotency_key_malformed", most=80)
        digest = hashlib.sha256(raw).hexdigest()
        with self._link.pressing:
            if key is not None and (earlier := self._earlier(key, digest)) is not None:
                return CREATED, earlier
            if code := self._link.refused:
                raise Unauthenticated(code)
            if self.closed:
                raise Conflict("agent_ends")
            condition = self._printer.condition()
            if body.get("paper") is True and condition is not None and not condition["ready"]:
                raise Conflict("printer_not_ready", problem=condition["problem"], printer=condition["name"])
            if self._link.online:
                sent = {name: headers[name] for name in PASSED_ON if name in headers}
                try:
                    answer = self._link.ask("POST", PATH, body, headers=sent)
                except Away:
                    pass  # it may have given a number all the same: the hand-in names this key
                else:
                    return self._keep(answer, key, digest)
            return CREATED, self._alone(body, key, digest, with_printer=condition is not None)

    def _earlier(self, key: str, digest: str) -> dict[str, Any] | None:
        row = self._link.store.row("SELECT digest, answer FROM wish WHERE key = ?", key)
        if row is None:
            return None
        if row["digest"] != digest:
            raise Conflict("idempotency_key_reused")
        answer: dict[str, Any] = json.loads(row["answer"])
        return answer

    def _keep(self, answer: Answer, key: str | None, digest: str) -> Reply:
        """Remember the server's number before the page sees it: a repeat during a cut must not give another."""
        store = self._link.store
        if answer.status == CREATED:
            at = self._link.moment.now().isoformat()
            with store.change() as db:
                if key is not None:
                    values = (key, digest, dump(answer.data), answer.data["id"], at)
                    db.execute("INSERT INTO wish VALUES (?, ?, ?, ?, ?)", values)
                keep(db, lines=menu.learn(store.fact("lines", {}), answer.data))
            self._link.ring()
        return answer.status, answer.data

    def _alone(
        self, body: dict[str, Any], key: str | None, digest: str, *, with_printer: bool
    ) -> dict[str, Any]:
        configuration = self._link.configuration
        office = body.get("office")
        if office is not None and office != configuration.get("office", {}).get("key"):
            raise DomainError("foreign_office", office=str(office)[:40])
        paper = with_printer and body.get("paper") is not False
        answer = issue(
            self._link.store, self._link.moment, configuration, body, key=key, digest=digest, paper=paper
        )
        if paper:
            self._new_paper()
        return answer


def _object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError:
        raise DomainError("malformed_json") from None
    if not isinstance(body, dict):
        raise DomainError("not_an_object")
    return body
