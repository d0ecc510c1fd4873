"""Print what was promised: a thread a printer, so that a dead printer costs the others nothing."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace

from kiosk import clock
from kiosk.database import connection
from kiosk.devices.escpos import encode_ticket
from kiosk.devices.raster import draw_ticket
from kiosk.devices.transport import query_status, send_job
from kiosk.services import print_queue
from kiosk.services.print_document import slip_from_json
from kiosk.services.print_queue import Job, Target

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
JOB_SECONDS = 30
IDLE_CHECK_SECONDS = 5.0
"""How often an idle printer is asked how it is."""


class PrinterThread(threading.Thread):
    """Prints the jobs of one printer, oldest first, until it is told to stop."""

    def __init__(self, target: Target) -> None:
        super().__init__(name=f"printer-{target.id}", daemon=True)
        self.target = target
        self._news = threading.Event()
        self._stopping = False
        self._confirms = False

    def ring(self) -> None:
        """There may be something to print."""
        self._news.set()

    def stop(self) -> None:
        """End after the job in hand."""
        self._stopping = True
        self._news.set()

    def run(self) -> None:
        """Print and watch."""
        idle_since_check = IDLE_CHECK_SECONDS
        tidied = float("-inf")
        while not self._stopping:
            printed = False
            try:
                with connection():
                    if time.monotonic() - tidied > IDLE_CHECK_SECONDS:
                        tidied = time.monotonic()
                        print_queue.expire_stale(self.target.id, clock.now())
                    printed = self._print_one()
                    if not printed and idle_since_check >= IDLE_CHECK_SECONDS:
                        idle_since_check = 0.0
                        self._look_at_printer()
            except Exception:  # a printer thread must outlive a database that is away for a while
                log.exception("printer %s", self.target.id)
            if not printed:
                self._news.wait(LOOK_SECONDS)
                self._news.clear()
                idle_since_check += LOOK_SECONDS

    def _look_at_printer(self) -> None:
        now = clock.now()
        status = query_status(self.target.host, self.target.port)
        problem = None if status.can_print else status.problem_code
        if problem is None:
            print_queue.retry_now(self.target.id, now)
        print_queue.note_condition(self.target, problem, now)

    def _print_one(self) -> bool:
        job = print_queue.next_job(self.target.id, clock.now())
        if job is None:
            return False
        try:
            slip = replace(slip_from_json(job.slip), repeat=job.repeat)
            data = encode_ticket(draw_ticket(slip, self.target.width))
        except Exception:  # whatever is wrong with one slip, the others must come out
            log.exception("print job %s cannot be drawn", job.id)
            print_queue.mark_failed(job)
            return True
        print_queue.mark_sending(job)
        outcome = send_job(
            self.target.host, self.target.port, data, process_id="require" if self._confirms else "try"
        )
        self._confirms = self._confirms or outcome.confirmed_by == "process_id"
        self._keep(job, outcome.state, outcome.problem)
        return outcome.state == "confirmed"

    def _keep(self, job: Job, state: str, problem: str | None) -> None:
        now = clock.now()
        if state == "confirmed":
            print_queue.mark_printed(job, now)
        else:
            print_queue.mark_waiting(job, problem or "printer_unknown", now, doubtful=state == "doubtful")
        print_queue.note_condition(self.target, problem, now)


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
                self._threads[printer] = PrinterThread(target)
                self._threads[printer].start()

    def ring(self) -> None:
        """Something was committed."""
        for thread in self._threads.values():
            thread.ring()

    def stop(self) -> None:
        """End all threads after the jobs in hand."""
        for thread in self._threads.values():
            thread.stop()
        for thread in self._threads.values():
            thread.join(timeout=15)
