"""The printer at this machine: prints what is owed, oldest first, and is asked how it is while it idles."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from kiosk.agent import spool
from kiosk.agent.link import Link
from kiosk.devices.models import printer_model
from kiosk.devices.printer import Printer, open_printer
from kiosk.devices.slips import encode_job
from kiosk.devices.status import UNKNOWN, PrinterStatus
from kiosk.domain.errors import DomainError

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
IDLE_CHECK_SECONDS = 2.0
TIDY_SECONDS = 5.0
Settings = dict[str, Any]
"""{id, name, model, address, dots}, as in the configuration."""


class PrinterThread(threading.Thread):
    """Keeps the promises of the spool until it is told to stop, whatever printer is configured meanwhile."""

    def __init__(self, link: Link, override: Settings | None = None) -> None:
        super().__init__(name="printer", daemon=True)
        self._link = link
        self._override = override
        self._news = threading.Event()
        self._stopping = False
        self._settings: Settings | None = None
        self._printer: Printer | None = None
        self._status: PrinterStatus = UNKNOWN
        self._problem: str | None = "printer_unknown"
        self.checked_at: str | None = None
        self.alive_at = time.monotonic()
        self.on_outcome: Callable[[], None] = link.ring

    def ring(self) -> None:
        """There may be something to print."""
        self._news.set()

    def stop(self) -> None:
        """End after the job in hand."""
        self._stopping = True
        self._news.set()

    def condition(self) -> dict[str, Any] | None:
        """How the printer is, as the page is told; None when this machine has none."""
        settings = self._wanted()
        if settings is None:
            return None
        return {
            "name": settings["name"],
            "ready": self._problem is None,
            "problem": self._problem,
            "paper_low": self._status.paper_near_end,
        }

    def report(self) -> dict[str, Any] | None:
        """The same as the server is told at each sync."""
        if self._wanted() is None or self.checked_at is None:
            return None
        return {"problem": self._problem, "status": self._status.as_dict(), "checked_at": self.checked_at}

    def run(self) -> None:
        """Print and watch."""
        store, moment = self._link.store, self._link.moment
        with store.change() as db:
            spool.recover(db, moment.now())
        looked = tidied = float("-inf")
        while not self._stopping:
            self.alive_at = time.monotonic()
            printed = False
            try:
                self._use(self._wanted())
                if time.monotonic() - tidied > TIDY_SECONDS and (
                    office := self._link.configuration.get("office")
                ):
                    tidied = time.monotonic()
                    spool.expire_stale(store, office["zone"], moment.now())
                printed = self.print_one()
                if not printed and time.monotonic() - looked > IDLE_CHECK_SECONDS:
                    self.look()
                    looked = time.monotonic()
            except Exception:  # the thread must outlive a disk that is full for a while
                log.exception("printer")
            if not printed:
                self._news.wait(LOOK_SECONDS)
                self._news.clear()

    def look(self) -> None:
        """Ask an idle printer how it is; a well one gets at once what waited for it."""
        if self._printer is not None:
            self._note(self._printer.status())
            if self._problem is None:
                spool.retry_now(self._link.store, self._link.moment.now())

    def print_one(self) -> bool:
        """Try the oldest paper; True when it is done with, so that the next may follow at once."""
        store, moment = self._link.store, self._link.moment
        job = spool.next_job(store, moment.now()) if self._printer is not None else None
        if job is None or self._printer is None or self._settings is None:
            return False
        model = self._printer.model
        try:
            encoded = encode_job(
                job.kind, job.facts, job.repeat, model, self._settings.get("dots"), self._printer.slow_line
            )
        except Exception:  # whatever is wrong with one paper, the others must come out
            log.exception("print job %s cannot be drawn", job.id)
            spool.give_up(store, job.id, "fail", moment.now())
            return True
        if not spool.mark_sent(store, job, moment.now()):
            return True
        outcome = self._printer.send(encoded.data)
        height = encoded.millimetres(model)
        if outcome.state == "confirmed":
            spool.mark_confirmed(store, job, height, moment.now())
        else:
            doubtful = outcome.state == "doubtful"
            why = outcome.problem or "printer_unknown"
            spool.mark_waiting(store, job, why, height, moment.now(), doubtful=doubtful)
        self._problem = outcome.problem if outcome.state != "confirmed" else None
        if outcome.status is not None:
            self._status = outcome.status
        self.checked_at = moment.now().isoformat()
        self.on_outcome()
        return outcome.state == "confirmed"

    def _wanted(self) -> Settings | None:
        return self._override or self._link.configuration.get("printer")

    def _use(self, wanted: Settings | None) -> None:
        if wanted == self._settings:
            return
        self._settings, self._printer = wanted, None
        self._status, self._problem, self.checked_at = UNKNOWN, "printer_unknown", None
        if wanted is None:
            return
        try:
            self._printer = open_printer(wanted["address"], printer_model(wanted["model"]))
        except DomainError as error:  # a mistake of the admin stops the paper, not the numbers
            log.error("the printer cannot be used: %s", error)
            self.checked_at = self._link.moment.now().isoformat()

    def _note(self, status: PrinterStatus) -> None:
        before, self._status, self._problem = self._problem, status, status.problem_code
        self.checked_at = self._link.moment.now().isoformat()
        if before != self._problem:
            self.on_outcome()
