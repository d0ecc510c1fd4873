"""The print queue's rows: the spooler's own transactions, apart from the devices it speaks to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kiosk.database import bookkeeping, local_day_of, office_transaction
from kiosk.domain.events import PrinterChanged
from kiosk.models import Office, Printer, PrintJob, Ticket
from kiosk.services.announce import announce

OPEN = ("queued", "doubtful")
SPOOLER = "system:spooler"
RETRY_AFTER = timedelta(seconds=3)
LONGEST_RETRY = timedelta(seconds=30)
KEPT_FOR = timedelta(days=30)
GRACE = timedelta(minutes=2)
"""A paper may come out while its number is already being served; later nobody wants it."""
OVER = ("finished", "no_show", "cancelled")


@dataclass(frozen=True)
class Job:
    """A paper to print now, and the printer it goes to."""

    id: int
    slip: dict[str, Any]
    attempts: int
    repeat: int


@dataclass(frozen=True)
class Target:
    """A printer as the spooler needs it."""

    id: int
    office_id: int
    name: str
    host: str
    port: int
    width: int


def printers() -> list[Target]:
    """Every printer of every office."""
    return [Target(p.id, p.office_id, p.name, p.host, p.port, p.width) for p in Printer.select()]


def next_job(printer_id: int, now: datetime) -> Job | None:
    """The oldest open job of a printer, if its time has come; a later job never overtakes it."""
    row = (
        PrintJob.select()
        .where((PrintJob.printer == printer_id) & (PrintJob.state << list(OPEN)))
        .order_by(PrintJob.id)
        .first()
    )
    if row is None or row.next_try_at > now:
        return None
    return Job(row.id, row.slip, row.attempts, row.repeat)


def expire_stale(printer_id: int, now: datetime) -> int:
    """Give up papers of tickets that are over or of another day: nobody waits for them. Returns how many."""
    rows = (
        PrintJob.select(PrintJob.id, PrintJob.created_at, Ticket.state, Ticket.day, Office.zone)
        .join(Ticket)
        .join(Office)
        .where((PrintJob.printer == printer_id) & (PrintJob.state << list(OPEN)))
        .tuples()
    )
    stale = [
        row_id
        for row_id, created_at, state, day, zone in rows
        if day < local_day_of(now, zone) or (state in OVER and now - created_at > GRACE)
    ]
    if stale:
        with bookkeeping():
            PrintJob.update(state="expired").where(PrintJob.id << stale).execute()
    return len(stale)


def mark_failed(job: Job) -> None:
    """This paper cannot be drawn at all; those behind it go on."""
    with bookkeeping():
        PrintJob.update(state="failed", problem="printer_error").where(PrintJob.id == job.id).execute()


def mark_sending(job: Job) -> None:
    """Before a byte leaves us: should we die now, the next copy will carry the repeat mark."""
    with bookkeeping():
        PrintJob.update(state="doubtful", attempts=job.attempts + 1, repeat=job.repeat + 1).where(
            PrintJob.id == job.id
        ).execute()


def mark_printed(job: Job, now: datetime) -> None:
    """The printer says it is on paper."""
    with bookkeeping():
        PrintJob.update(state="printed", problem="", repeat=job.repeat, printed_at=now).where(
            PrintJob.id == job.id
        ).execute()


def mark_waiting(job: Job, problem: str, now: datetime, *, doubtful: bool) -> None:
    """Try again later: unmarked if nothing left us, as a repeat if it may be on paper already."""
    delay = min(RETRY_AFTER * (1 + job.attempts), LONGEST_RETRY)
    with bookkeeping():
        PrintJob.update(
            state="doubtful" if doubtful else "queued",
            problem=problem,
            attempts=job.attempts + 1,
            repeat=job.repeat + 1 if doubtful else job.repeat,
            next_try_at=now + delay,
        ).where(PrintJob.id == job.id).execute()


def forget_old(now: datetime) -> None:
    """Drop papers that were printed or given up long ago: they hold the right to follow a ticket."""
    with bookkeeping():
        PrintJob.delete().where(
            PrintJob.state.not_in(list(OPEN)) & (PrintJob.created_at < now - KEPT_FOR)
        ).execute()


def retry_now(printer_id: int, now: datetime) -> None:
    """A printer is well again: its jobs need not wait out their delay."""
    with bookkeeping():
        PrintJob.update(next_try_at=now).where(
            (PrintJob.printer == printer_id) & (PrintJob.state << list(OPEN)) & (PrintJob.next_try_at > now)
        ).execute()


def note_condition(target: Target, problem: str | None, now: datetime) -> None:
    """Keep a printer's condition; a change is a fact of the office."""
    known = Printer.select(Printer.problem).where(Printer.id == target.id).scalar()
    if known == (problem or ""):
        with bookkeeping():
            Printer.update(checked_at=now).where(Printer.id == target.id).execute()
        return
    with office_transaction(target.office_id, now, SPOOLER) as transaction:
        Printer.update(problem=problem or "", checked_at=now).where(Printer.id == target.id).execute()
        announce(transaction, PrinterChanged(printer=target.id, name=target.name, problem=problem))
