"""The print queue's rows: the spooler's own transactions, apart from the devices it speaks to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kiosk.database import bookkeeping, local_day_of
from kiosk.domain.printing import OPEN, PRINT_MOVES, PrintState
from kiosk.models import Office, Printer, PrintJob, Ticket
from kiosk.services.post.print_label import KIND as LABEL
from kiosk.services.post.print_label import label_facts

RETRY_AFTER = timedelta(seconds=3)
LONGEST_RETRY = timedelta(seconds=30)
KEPT_FOR = timedelta(days=30)
GRACE = timedelta(minutes=2)
"""A paper may come out while its number is already being served; later nobody wants it."""
WANTED_FOR = timedelta(minutes=15)
"""Nobody stands at a kiosk for longer; who took the number has seen it on the screen."""
OVER = ("finished", "no_show", "cancelled")
STATES = [str(state) for state in OPEN]


@dataclass(frozen=True)
class Job:
    """A paper to print now; `repeat` counts the copies that may be out already."""

    id: int
    kind: str
    slip: dict[str, Any]
    state: PrintState
    attempts: int
    repeat: int


@dataclass(frozen=True)
class Target:
    """A printer as the spooler needs it; `dots` is the paper's width where it is not the model's."""

    id: int
    office_id: int
    name: str
    address: str
    model: str
    dots: int | None = None


def target(printer: Printer) -> Target:
    """A printer's row as the spooler needs it."""
    return Target(printer.id, printer.office_id, printer.name, printer.address, printer.model, printer.dots)


def printers() -> list[Target]:
    """Every printer of every office that the server itself prints on."""
    return [target(row) for row in Printer.select().where(Printer.agent.is_null())]


def next_job(printer_id: int, now: datetime) -> Job | None:
    """The oldest open job of a printer, if its time has come; a later job never overtakes it."""
    row = (
        PrintJob.select()
        .where((PrintJob.printer == printer_id) & (PrintJob.state << STATES))
        .order_by(PrintJob.id)
        .first()
    )
    if row is None or row.next_try_at > now:
        return None
    # A label's promise names the parcel: the address is read when it is printed, and kept nowhere else.
    slip = label_facts(row.slip["parcel"]) if row.kind == LABEL else row.slip
    return Job(row.id, row.kind, slip, PrintState(row.state), row.attempts, row.repeat)


def expire_stale(printer_id: int, now: datetime) -> int:
    """Give up papers that nobody waits for any more: the ticket is over or of another day, or too much time went by.

    Returns how many.
    """
    rows = (
        PrintJob.select(PrintJob.id, PrintJob.created_at, Ticket.state, Ticket.day, Office.zone)
        .join(Office)
        .switch(PrintJob)
        .left_outer_join(Ticket)
        .where((PrintJob.printer == printer_id) & (PrintJob.state << STATES))
        .tuples()
    )
    stale = [
        row_id
        for row_id, created_at, state, day, zone in rows
        if (state in OVER and now - created_at > GRACE)
        or (day is not None and day < local_day_of(now, zone))
        or now - created_at > WANTED_FOR
    ]
    if stale:
        with bookkeeping():
            PrintJob.update(state=PrintState.EXPIRED).where(
                (PrintJob.id << stale) & (PrintJob.state << STATES)
            ).execute()
    return len(stale)


def mark_sent(job: Job, now: datetime) -> None:
    """Before a byte leaves us: should we die now, the next copy will carry the repeat mark."""
    _keep(job, "send", attempts=job.attempts + 1, repeat=job.repeat + 1, sent_at=now)


def mark_confirmed(job: Job, printer_id: int, height_mm: int, now: datetime) -> None:
    """The printer says it is on paper; the roll is that much shorter."""
    with bookkeeping():
        _keep(job, "confirm", sent=True, problem="", repeat=job.repeat, printed_at=now, height_mm=height_mm)
        _use_paper(printer_id, height_mm)


def mark_waiting(
    job: Job, printer_id: int, problem: str, height_mm: int, now: datetime, *, doubtful: bool
) -> None:
    """Try again later: unmarked if nothing left us, as a repeat if it may be on paper already."""
    delay = min(RETRY_AFTER * (1 + job.attempts), LONGEST_RETRY)
    tried = {"problem": problem, "attempts": job.attempts + 1, "next_try_at": now + delay}
    with bookkeeping():
        if doubtful:
            _keep(job, "doubt", sent=True, repeat=job.repeat + 1, **tried)
            _use_paper(printer_id, height_mm)
        else:
            # What was in doubt before this attempt still is.
            _keep(job, "doubt" if job.repeat else "hold", sent=True, repeat=job.repeat, **tried)


def mark_failed(job: Job) -> None:
    """Give up a paper that cannot even be drawn; the log has the trace."""
    _keep(job, "fail", problem="printer_unknown")


def retry_now(printer_id: int, now: datetime) -> None:
    """A printer is well again: its jobs need not wait out their delay."""
    waiting = (PrintJob.printer == printer_id) & (PrintJob.state << STATES) & (PrintJob.next_try_at > now)
    if PrintJob.select().where(waiting).exists():
        with bookkeeping():
            PrintJob.update(next_try_at=now).where(waiting).execute()


def forget_old(now: datetime) -> None:
    """Drop papers that were printed or given up long ago: they hold the right to follow a ticket."""
    with bookkeeping():
        PrintJob.delete().where(
            PrintJob.state.not_in(STATES) & (PrintJob.created_at < now - KEPT_FOR)
        ).execute()


def _keep(job: Job, move: str, *, sent: bool = False, **values: Any) -> None:
    state = PRINT_MOVES.apply(PrintState.SENT if sent else job.state, move)
    with bookkeeping():
        PrintJob.update(state=state, **values).where(PrintJob.id == job.id).execute()


def _use_paper(printer_id: int, height_mm: int) -> None:
    Printer.update(used_mm=Printer.used_mm + height_mm).where(Printer.id == printer_id).execute()
