"""Print what was promised: a thread a printer, so that a dead printer costs the others nothing."""

from __future__ import annotations

import logging
import threading
import time

from kiosk import clock
from kiosk.database import connection
from kiosk.devices.models import printer_model
from kiosk.devices.printer import open_printer
from kiosk.devices.slips import encode_job
from kiosk.domain.errors import DomainError
from kiosk.services import print_queue
from kiosk.services.print_queue import Job, Target
from kiosk.services.printer_condition import fail_over, note_condition

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
JOB_SECONDS = 50
"""The longest a printer thread can be busy with one paper (see `LinePrinter`)."""
IDLE_CHECK_SECONDS = 2.0
"""How often an idle printer is asked how it is: a kiosk believes the answer before it takes a press."""
TIDY_SECONDS = 5.0


class PrinterThread(threading.Thread):
    """Prints the jobs of one printer, oldest first, until it is told to stop."""

    def __init__(self, target: Target) -> None:
        super().__init__(name=f"printer-{target.id}", daemon=True)
        self.target = target
        self.model = printer_model(target.model)
        self.printer = open_printer(target.address, self.model)
        self._news = threading.Event()
        self._stopping = False

    def ring(self) -> None:
        """There may be something to print."""
        self._news.set()

    def stop(self) -> None:
        """End after the job in hand."""
        self._stopping = True
        self._news.set()

    def run(self) -> None:
        """Print and watch."""
        looked = tidied = float("-inf")
        while not self._stopping:
            printed = False
            try:
                with connection():
                    if time.monotonic() - tidied > TIDY_SECONDS:
                        tidied = time.monotonic()
                        print_queue.expire_stale(self.target.id, clock.now())
                    printed = self.print_one()
                    if not printed and time.monotonic() - looked > IDLE_CHECK_SECONDS:
                        self.look_at_printer()
                        looked = time.monotonic()
            except Exception:  # a printer thread must outlive a database that is away for a while
                log.exception("printer %s", self.target.id)
            if not printed:
                self._news.wait(LOOK_SECONDS)
                self._news.clear()

    def look_at_printer(self) -> None:
        """Ask an idle printer how it is; a well one gets at once what waited for it."""
        status = self.printer.status()
        now = clock.now()
        problem = status.problem_code
        note_condition(self.target.id, problem, status.as_dict(), now)
        if problem is None:
            print_queue.retry_now(self.target.id, now)
        elif moved := fail_over(self.target.id, now):
            log.warning("printer %s cannot print (%s): %s papers moved", self.target.id, problem, moved)

    def print_one(self) -> bool:
        """Try the oldest paper; True when it is done with, so that the next may follow at once."""
        job = print_queue.next_job(self.target.id, clock.now())
        if job is None:
            return False
        try:
            encoded = encode_job(
                job.kind, job.slip, job.repeat, self.model, self.target.dots, self.printer.slow_line
            )
        except Exception:  # whatever is wrong with one slip, the others must come out
            log.exception("print job %s cannot be drawn", job.id)
            print_queue.mark_failed(job)
            return True
        print_queue.mark_sent(job, clock.now())
        outcome = self.printer.send(encoded.data)
        self._keep(job, outcome.state, outcome.problem, encoded.millimetres(self.model))
        if outcome.status is not None:
            note_condition(self.target.id, outcome.problem, outcome.status.as_dict(), clock.now())
        return outcome.state == "confirmed"

    def _keep(self, job: Job, state: str, problem: str | None, height_mm: int) -> None:
        now = clock.now()
        if state == "confirmed":
            print_queue.mark_confirmed(job, self.target.id, height_mm, now)
            return
        why = problem or "printer_unknown"
        doubtful = state == "doubtful"
        print_queue.mark_waiting(job, self.target.id, why, height_mm, now, doubtful=doubtful)


class Spooler:
    """One thread a printer; printers added, moved or removed by an admin are noticed."""

    def __init__(self) -> None:
        self._threads: dict[int, PrinterThread] = {}

    def refresh(self) -> None:
        """Have a thread for every printer as it is now."""
        wanted = {target.id: target for target in print_queue.printers()}
        for printer, thread in list(self._threads.items()):
            if wanted.get(printer) != thread.target:
                thread.stop()
                thread.join(timeout=JOB_SECONDS)
                if not thread.is_alive():  # else it still prints, and two threads would mix their papers
                    del self._threads[printer]
        for printer, target in wanted.items():
            if printer not in self._threads:
                self._start(target)

    def _start(self, target: Target) -> None:
        try:
            thread = PrinterThread(target)
        except DomainError as error:  # a model file that was taken away stops one printer, not the worker
            log.error("printer %s cannot be used: %s", target.id, error)
            return
        self._threads[target.id] = thread
        thread.start()

    def ring(self) -> None:
        """Something was committed."""
        for thread in list(self._threads.values()):  # the bell rings while an admin's change is taken in
            thread.ring()

    def stop(self) -> None:
        """End all threads after the jobs in hand."""
        for thread in self._threads.values():
            thread.stop()
        for thread in self._threads.values():
            thread.join(timeout=15)
