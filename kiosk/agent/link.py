"""How the agent stands with its server, and what everybody in the agent shares because of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from kiosk.agent.moment import Moment
from kiosk.agent.server import ANSWER_SECONDS, Answer, Away, Server, Unpaired
from kiosk.agent.store import Store


class Link:
    """One state for the whole agent: online, away or unpaired.

    Any call may end it; only a sync that found everything handed in brings it back online. `pressing` is held
    while a number is being given: papers are taken over and the state changes between presses, never during one.
    """

    def __init__(self, store: Store, moment: Moment, address: str, token: str) -> None:
        self.store = store
        self.moment = moment
        self.server = Server(address, token, store.instance)
        self.pressing = threading.Lock()
        self.news = threading.Event()
        self.online = False
        self.page_seen_at: str | None = None

    @property
    def refused(self) -> str | None:
        """Why the server does not know this kiosk any more; such a kiosk gives no numbers."""
        code: str | None = self.store.fact("refused")
        return code

    @property
    def configuration(self) -> dict[str, Any]:
        """What the server told this kiosk about itself; empty before the first sync."""
        found: dict[str, Any] = self.store.fact("configuration", {})
        return found

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        seconds: float = ANSWER_SECONDS,
    ) -> Answer:
        """Ask the server; Away and Unpaired are noted for all before they are raised."""
        try:
            return self.server.ask(method, path, body, headers=headers, seconds=seconds)
        except Away:
            self.went_away()
            raise
        except Unpaired as error:
            self.store.keep(refused=error.code)
            raise

    def went_away(self) -> None:
        """The server did not answer: go on alone, and look for it."""
        if self.online:
            self.online = False
            self.ring()

    def ring(self) -> None:
        """There is something to tell the server, or to fetch from it."""
        self.news.set()
