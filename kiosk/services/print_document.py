"""Promise a paper: the print job is a row of the same transaction; the spooler keeps the promise after commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.database import OfficeTransaction
from kiosk.domain.document import TicketSlip
from kiosk.domain.permissions import PairedDevice
from kiosk.domain.procedure import Procedure
from kiosk.domain.queueing import Priority
from kiosk.domain.slips import slip_to_json
from kiosk.models import Line, Office, Printer, PrintJob, Ticket
from kiosk.plugin import gate

if TYPE_CHECKING:
    from kiosk.services.issue_ticket import TicketHouse

PRIORITY_TITLES = {
    Priority.ELDERLY: ("Người cao tuổi", "Older person"),
    Priority.DISABILITY: ("Người khuyết tật", "Person with a disability"),
    Priority.PREGNANCY: ("Phụ nữ mang thai, có con nhỏ", "Pregnant or with a small child"),
    Priority.MERIT: ("Người có công", "Person with merit"),
    Priority.NORMAL: ("Thông thường", "Normal"),
}
HOLD_MINUTES = 10


def queue_ticket_slip(
    transaction: OfficeTransaction,
    ticket: Ticket,
    line: Line,
    procedure: Procedure | None,
    ahead: int | None,
    device: PairedDevice | None,
    house: TicketHouse,
) -> int | None:
    """Queue the ticket's paper on the device's printer, or on the office's first; None when it has no printer."""
    printer = _printer_for(transaction.office_id, device)
    if printer is None:
        return None
    slip = _ticket_slip(transaction, ticket, line, procedure, ahead, device, house)
    job = PrintJob.insert(
        office=transaction.office_id,
        printer=printer,
        ticket=ticket.id,
        slip=slip_to_json(slip),
        next_try_at=transaction.now,
        created_at=transaction.now,
    ).execute()
    return int(job)


def _printer_for(office_id: int, device: PairedDevice | None) -> int | None:
    if device is not None:
        return device.printer
    first = Printer.select(Printer.id).where(Printer.office == office_id).order_by(Printer.id).first()
    return first.id if first else None


def _ticket_slip(
    transaction: OfficeTransaction,
    ticket: Ticket,
    line: Line,
    procedure: Procedure | None,
    ahead: int | None,
    device: PairedDevice | None,
    house: TicketHouse,
) -> TicketSlip:
    office = Office.get_by_id(transaction.office_id)
    english = ticket.language == "en"
    today = ticket.day == transaction.day
    priority = Priority(ticket.priority)
    hold = gate.first(transaction.office_id, "hold_minutes", ticket=ticket)
    return TicketSlip(
        office_title=office.title,
        office_subtitle=office.subtitle,
        label=ticket.label,
        department=(line.title_en or line.title) if english else line.title,
        procedure=procedure.name if procedure else None,
        issued_at=transaction.local(),
        people_ahead=ahead if today else None,
        wait_minutes=(ticket.wait_low, ticket.wait_high) if today and ticket.due_at is None else None,
        priority_label=None if priority is Priority.NORMAL else PRIORITY_TITLES[priority][english],
        follow_url=f"{house.base_url}/t/{ticket.token}",
        check_code=ticket.check_code,
        kiosk_name=device.name if device else "",
        language=ticket.language,
        hold_minutes=hold or HOLD_MINUTES,
        for_day=None if today else ticket.day,
        due_at=transaction.local(ticket.due_at) if ticket.due_at else None,
        then=_further(ticket, english),
    )


def _further(ticket: Ticket, english: bool) -> tuple[str, ...]:
    """The further services of the visit, by what their lines are called."""
    lines = {row.id: row for row in Line.select().where(Line.id << [each["line"] for each in ticket.plan])}
    rows = [lines[each["line"]] for each in ticket.plan if each["line"] in lines]
    return tuple((row.title_en or row.title) if english else row.title for row in rows)
