"""The agent's round to the server: hand in first, then report and fetch, then fill up the numbers."""

from __future__ import annotations

import logging
import random
import secrets
import threading
import time
from datetime import date, datetime, timedelta
from typing import Any

from kiosk import __version__, clock
from kiosk.agent import handing, numbers, pages, spool
from kiosk.agent.link import Link
from kiosk.agent.moment import day_in
from kiosk.agent.printing import PrinterThread
from kiosk.agent.server import ANSWER_SECONDS, Answer, Away, Unpaired
from kiosk.agent.store import Connection, Error, keep

log = logging.getLogger(__name__)

SYNC_SECONDS = 3.0
AWAY_SECONDS = 10.0
UNPAIRED_SECONDS = 30.0
MENU = "/api/v1/kiosk/menu"
SYNC, LEASES = "/api/v1/agent/sync", "/api/v1/agent/leases"
BULK_SECONDS = 15.0
MOST_RETURNS = 2_000
KEPT_FOR = timedelta(days=7)
PAGE_SECONDS = 600.0
"""How often the kept page is renewed besides after a change of the server's software."""


class Sync(threading.Thread):
    """Goes round every few seconds, at once when there is news, and less often while the server is away."""

    def __init__(self, link: Link, printer: PrinterThread) -> None:
        super().__init__(name="sync", daemon=True)
        self._link = link
        self._printer = printer
        self._stopping = False
        self._boot = secrets.token_hex(8)
        self._page_at = float("-inf")
        self._reconciled = False
        self.pause = SYNC_SECONDS
        self.alive_at = time.monotonic()

    def stop(self) -> None:
        """End after the round at hand."""
        self._stopping = True
        self._link.ring()

    def run(self) -> None:
        """Go round until told to stop."""
        while not self._stopping:
            self.alive_at = time.monotonic()
            self.round()
            # Many kiosks that lost the same server must not all come back in the same instant.
            self._link.news.wait(self.pause * random.uniform(0.8, 1.2))  # noqa: S311  no secret
            self._link.news.clear()

    def round(self) -> None:
        """One round; afterwards `pause` says when the next is due."""
        try:
            self._go()
        except Away as error:
            log.info("the server is away: %s", error)
            self._link.online = False
            self.pause = min(AWAY_SECONDS, max(self.pause, SYNC_SECONDS) * 1.5)
        except Unpaired as error:
            log.warning("the server does not know this kiosk: %s", error.code)
            self._link.online = False
            self.pause = UNPAIRED_SECONDS
        except (Error, OSError, KeyError, TypeError, ValueError):  # a full disk, or an answer we cannot read
            log.exception("sync")
            self._link.online = False
            self.pause = AWAY_SECONDS

    def _go(self) -> None:
        link, store = self._link, self._link.store
        while True:
            handing.hand_in(store, lambda *asked: link.ask(*asked, seconds=BULK_SECONDS))
            answer = self._report()
            with link.pressing:
                # A number given alone since then comes first, and papers of a request it replaced must not be printed.
                if handing.waiting(store) == 0:
                    self._take(answer)
                    link.online = True
                    break
        self.pause = float(link.configuration.get("sync_seconds", SYNC_SECONDS))
        self._fill_up(answer)
        if time.monotonic() - self._page_at > PAGE_SECONDS:
            self._keep_page()

    def _report(self) -> dict[str, Any]:
        link, store = self._link, self._link.store
        said, self._receipt = spool.outcomes(store)
        office = link.configuration.get("office")
        left = numbers.left(store, day_in(office["zone"], link.moment.now())) if office else {}
        body = {
            "version": __version__,
            "boot": self._boot,
            "at": clock.now().isoformat(),
            "queue": spool.owed(store),
            "numbers_left": {str(line): n for line, n in left.items()},
            "waiting_tickets": handing.waiting(store),
            "refused_tickets": handing.refused(store),
            "page_seen_at": link.page_seen_at,
            "configuration": link.configuration.get("digest", ""),
            "printer": self._printer.report(),
            "outcomes": said,
            "holds": spool.holds(store),
        }
        asked = clock.now()
        answer = _fine(link.ask("POST", SYNC, body, seconds=ANSWER_SECONDS))
        link.moment.learn(datetime.fromisoformat(answer["at"]), asked, clock.now())
        return answer

    def _take(self, answer: dict[str, Any]) -> None:
        """Keep what the server said, and that it has heard us, in one transaction."""
        now = self._link.moment.now()
        with self._link.store.change() as db:
            spool.told(db, self._receipt, now)
            spool.drop(db, answer["drop"])
            new = spool.take_over(db, answer["jobs"], now)
            if answer["configuration"] is not None:
                keep(db, configuration=answer["configuration"])
            keep(db, refused=None)
        if new:
            self._printer.ring()

    def _fill_up(self, answer: dict[str, Any]) -> None:
        """Hold enough numbers of today; those of earlier days go back."""
        link, store = self._link, self._link.store
        today = day_in(link.configuration["office"]["zone"], link.moment.now())
        with store.change() as db:
            returns = numbers.give_back(db, before=today)[:MOST_RETURNS]
        # The folder may be an older copy, put back after a fault: before anything is given, the server says what is ours.
        if self._reconciled and not returns and not answer["lease_wanted"]:
            return
        lease = link.ask("POST", LEASES, {"returns": returns}, seconds=BULK_SECONDS)
        if not lease.fine:
            log.warning("no numbers were leased: %s", lease.code)
            return
        with store.change() as db:
            numbers.given_back(db, returns)
            numbers.put(db, lease.data)
            _forget(db, today)
        self._reconciled = True

    def _keep_page(self) -> None:
        menu = self._link.ask("GET", MENU, seconds=BULK_SECONDS)
        if menu.status == 200:
            self._link.store.keep(menu=menu.data)
        pages.fetch(self._link.store, lambda *asked: self._link.ask(*asked, seconds=BULK_SECONDS))
        self._page_at = time.monotonic()


def give_back(link: Link, seconds: float) -> None:
    """At the end: the numbers of this kiosk go back, unless nobody can tell whether the server heard of it."""
    with link.store.change() as db:
        returns = numbers.give_back(db, before=None)[:MOST_RETURNS]
    if not returns:
        return
    try:
        answer = link.ask("POST", LEASES, {"returns": returns, "fill": False}, seconds=seconds)
    except Away as error:
        heard = error.asked
    except Unpaired:
        heard = False
    else:
        heard = answer.fine or answer.status >= 500
    with link.store.change() as db:
        (numbers.given_back if heard else numbers.keep_after_all)(db, returns)


def _forget(db: Connection, today: date) -> None:
    """Drop what is settled and old; a number the server refused is kept until somebody has looked at it."""
    db.execute("DELETE FROM lease WHERE state = 'used' AND day < ?", (today.isoformat(),))
    week = (today - KEPT_FOR).isoformat()
    db.execute("DELETE FROM wish WHERE asked_at < ?", (week,))
    db.execute(
        "DELETE FROM ticket WHERE state IN ('accepted', 'known') AND day < ? "
        "AND NOT EXISTS (SELECT 1 FROM job WHERE own = ticket.id)",
        (week,),
    )


def _fine(answer: Answer) -> dict[str, Any]:
    """What was answered; anything but what was asked for is no better than silence. Raises Away."""
    if not answer.fine or not isinstance(answer.data, dict):
        raise Away(f"status {answer.status} {answer.code}", asked=True)
    return answer.data
