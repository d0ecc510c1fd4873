"""What is known of a printer's condition, its roll of paper, and who prints for it while it cannot."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from kiosk.database import bookkeeping, office_transaction
from kiosk.domain.errors import Conflict
from kiosk.domain.events import PaperMoved, PrinterChanged
from kiosk.domain.printing import FAILOVER_AFTER, PrintState, is_paper_low
from kiosk.models import Device, Printer, PrintJob
from kiosk.services.announce import announce
from kiosk.services.print_queue import STATES

SPOOLER = "system:spooler"
WRITTEN_EVERY = timedelta(seconds=10)
"""An unchanged condition is written down so seldom: each time costs a promise of the disk."""
BELIEVED_FOR = timedelta(seconds=30)
"""A condition older than this says nothing about the next paper."""
PAPER_OUT = "printer_paper_out"


def note_condition(printer_id: int, problem: str | None, status: dict[str, Any], now: datetime) -> None:
    """Keep a printer's condition; a change of what people must know is a fact of the office.

    A printer that was out of paper and is not any more has a new roll.
    """
    row = Printer.get_or_none(Printer.id == printer_id)
    if row is None:
        return
    used = 0 if row.problem == PAPER_OUT and problem != PAPER_OUT and "paper_out" in status else row.used_mm
    low = is_paper_low(row.roll_mm, used, bool(status.get("paper_near_end")))
    values: dict[str, Any] = {"checked_at": now}
    if status and status != row.status:
        values["status"] = status
    if used != row.used_mm:
        values["used_mm"] = used
    if row.problem == (problem or "") and row.paper_low == low:
        if len(values) > 1 or row.checked_at is None or now - row.checked_at >= WRITTEN_EVERY:
            with bookkeeping():
                Printer.update(**values).where(Printer.id == printer_id).execute()
        return
    since = row.problem_since if row.problem and problem else now
    values |= {"problem": problem or "", "problem_since": since if problem else None, "paper_low": low}
    with office_transaction(row.office_id, now, SPOOLER) as transaction:
        Printer.update(**values).where(Printer.id == printer_id).execute()
        announce(
            transaction, PrinterChanged(printer=printer_id, name=row.name, problem=problem, paper_low=low)
        )


def can_print(printer: Printer, now: datetime) -> bool:
    """Whether a paper sent there now should come out, as far as is known and the knowledge is fresh."""
    return not printer.problem and printer.checked_at is not None and now - printer.checked_at < BELIEVED_FOR


def require_printer(printer_id: int | None, now: datetime) -> None:
    """Raises Conflict("printer_not_ready") when a printer is known not to print, or nothing fresh is known of it.

    A kiosk without a printer promises no paper, so nothing is asked of it.
    """
    if printer_id is None:
        return
    printer = Printer.get_by_id(printer_id)
    if not can_print(printer, now):
        raise Conflict(
            "printer_not_ready", problem=printer.problem or "printer_unknown", printer=printer.name
        )


def fail_over(printer_id: int, now: datetime) -> int:
    """Let another printer print what this one has owed for too long. Returns how many papers moved.

    A paper that may be out already bears the repeat mark where it comes out now.
    """
    row = Printer.get_or_none(Printer.id == printer_id)
    if row is None or not row.problem or row.failover == "none":
        return 0
    since = row.problem_since or now
    overdue = (
        (PrintJob.printer == printer_id)
        & (PrintJob.state << STATES)
        & (PrintJob.kind == "ticket")
        & (PrintJob.created_at <= now - FAILOVER_AFTER)
    )
    if now - since < FAILOVER_AFTER or not PrintJob.select().where(overdue).exists():
        return 0
    backup = stand_in(row, now)
    if backup is None:
        return 0
    with office_transaction(row.office_id, now, SPOOLER) as transaction:
        jobs = list(PrintJob.select().where(overdue).order_by(PrintJob.id))
        for job in jobs:
            # What an agent took over may have come out there, whatever it managed to tell us.
            doubt = job.agent_id is not None and job.state == PrintState.QUEUED
            PrintJob.update(
                printer=backup.id,
                moved_from=printer_id,
                agent=None,
                sent_at=None,
                next_try_at=now,
                problem="",
                state=PrintState.QUEUED if job.repeat + doubt == 0 else PrintState.REPEATED,
                repeat=job.repeat + doubt,
            ).where(PrintJob.id == job.id).execute()
        if jobs:
            announce(transaction, PaperMoved(printer=printer_id, to=backup.id, jobs=[job.id for job in jobs]))
    return len(jobs)


def stand_in(printer: Printer, now: datetime) -> Printer | None:
    """The printer that may print for this one now: the one chosen, else one of the same area.

    A printer is of the areas of the kiosks that print on it; one without any, as at an information desk, of all.
    """
    if printer.failover == "chosen":
        chosen = printer.backup
        return chosen if chosen is not None and can_print(chosen, now) else None
    areas = {device.area for device in Device.select(Device.area).where(Device.printer == printer.id)}
    load = fn.COUNT(PrintJob.id)
    others = (
        Printer.select(Printer, load.alias("owed"))
        .left_outer_join(PrintJob, on=(PrintJob.printer == Printer.id) & (PrintJob.state << STATES))
        .where((Printer.office == printer.office_id) & (Printer.id != printer.id) & (Printer.problem == ""))
        .group_by(Printer.id)
        .order_by(load, Printer.id)
    )
    for other in others:
        near = {device.area for device in Device.select(Device.area).where(Device.printer == other.id)}
        if can_print(other, now) and (not areas or not near or areas & near):
            return other
    return None
