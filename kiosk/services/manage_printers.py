"""Ticket printers of an office: how they are reached, who stands in, their rolls, their papers, a test print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.database import bookkeeping, connection, office_transaction, wake
from kiosk.devices.address import PrinterAddress
from kiosk.devices.models import PrinterModel, printer_model
from kiosk.domain.document import TestFacts
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import PrinterChanged
from kiosk.domain.names import clean_name
from kiosk.domain.permissions import DeviceKind
from kiosk.domain.printing import is_paper_low, paper_left_mm
from kiosk.domain.slips import test_to_json
from kiosk.models import Device, Printer, PrintJob, Ticket
from kiosk.services.announce import announce
from kiosk.services.print_queue import STATES

LONGEST_NAME = 80
FAILOVERS = ("auto", "chosen", "none")
SHORTEST_ROLL, LONGEST_ROLL = 5_000, 200_000
"""Millimetres of paper on a roll that is sold."""
PAPER_DOTS = (384, 576)
"""Printable width of 58 mm and 80 mm paper at 203 dpi."""
MOST_PAPERS = 30


@dataclass(frozen=True)
class PrinterWish:
    """How an admin wants a printer to be; `roll_mm` None takes the usual roll of the model.

    `agent` is the kiosk whose agent prints on it; `backup` counts only with failover "chosen".
    """

    name: str
    address: str
    model: str = "generic-80mm"
    dots: int | None = None
    agent: int | None = None
    failover: str = "auto"
    backup: int | None = None
    roll_mm: int | None = None


def printers(office_id: int) -> list[dict[str, Any]]:
    """All printers by name with their last known condition; `problem` is a code, or None when it prints."""
    with connection():
        rows = list(Printer.select().where(Printer.office == office_id).order_by(Printer.name))
        names = {row.id: row.name for row in rows}
        agents = {row.id: row.name for row in Device.select().where(Device.office == office_id)}
        owed = [
            printer
            for (printer,) in PrintJob.select(PrintJob.printer)
            .where((PrintJob.office == office_id) & (PrintJob.state << STATES))
            .tuples()
        ]
        return [{**_card(row, names, agents), "owed": owed.count(row.id)} for row in rows]


def printer_card(office_id: int, printer_id: int) -> dict[str, Any]:
    """One printer with its last papers, newest first. Raises NotFound("unknown_printer")."""
    card = next((one for one in printers(office_id) if one["id"] == printer_id), None)
    if card is None:
        raise NotFound("unknown_printer", printer=printer_id)
    return {**card, "papers": jobs_of_printer(office_id, printer_id)}


def jobs_of_printer(office_id: int, printer_id: int, most: int = MOST_PAPERS) -> list[dict[str, Any]]:
    """The last papers of a printer with their exact state: queued, sent, confirmed, repeated, failed or expired."""
    with connection():
        rows = (
            PrintJob.select(PrintJob, Ticket)
            .left_outer_join(Ticket)
            .where((PrintJob.office == office_id) & (PrintJob.printer == printer_id))
            .order_by(PrintJob.id.desc())
            .limit(most)
        )
        names = {row.id: row.name for row in Printer.select().where(Printer.office == office_id)}
        return [
            {
                "id": row.id,
                "kind": row.kind,
                "label": row.ticket.label if row.ticket_id else None,
                "state": row.state,
                "repeat": row.repeat,
                "attempts": row.attempts,
                "problem": row.problem or None,
                "created_at": row.created_at,
                "printed_at": row.printed_at,
                "height_mm": row.height_mm,
                "moved_from": names.get(row.moved_from_id),
            }
            for row in rows
        ]


def add_printer(office_id: int, wish: PrinterWish, now: datetime, actor: str) -> int:
    """Add a ticket printer and return its id; until it has answered, its condition is unknown.

    Raises DomainError("printer_address_malformed", "unknown_printer_model", "paper_width_unknown",
    "unknown_failover", "backup_wanted", "roll_length_out_of_range", "agent_is_no_kiosk", those of clean_name),
    NotFound("unknown_printer", "unknown_device") and Conflict("printer_name_taken").
    """
    values = _check(wish)
    with office_transaction(office_id, now, actor) as transaction:
        _name_is_free(office_id, values["name"])
        printer = Printer.create(office=office_id, **values, **_links(office_id, wish, None))
        announce(transaction, _changed(printer))
    return printer.id


def change_printer(office_id: int, printer_id: int, wish: PrinterWish, now: datetime, actor: str) -> None:
    """Have a printer as wished; at another address its condition is unknown until it has answered there.

    Raises NotFound("unknown_printer"), DomainError and Conflict as add_printer.
    """
    values = _check(wish)
    with office_transaction(office_id, now, actor) as transaction:
        printer = _find(office_id, printer_id)
        if values["name"] != printer.name:
            _name_is_free(office_id, values["name"])
        links = _links(office_id, wish, printer_id)
        agent = links["agent"].id if links["agent"] else None
        if (values["address"], values["model"], agent) != (printer.address, printer.model, printer.agent_id):
            printer.problem, printer.problem_since, printer.checked_at = "printer_unknown", now, None
            printer.status = {}
        for key, value in {**values, **links}.items():
            setattr(printer, key, value)
        printer.save()
        announce(transaction, _changed(printer))


def new_roll(office_id: int, printer_id: int, now: datetime, actor: str) -> None:
    """Somebody put in a full roll: the paper meter starts anew. Raises NotFound("unknown_printer")."""
    with office_transaction(office_id, now, actor) as transaction:
        printer = _find(office_id, printer_id)
        printer.used_mm = 0
        printer.paper_low = is_paper_low(printer.roll_mm, 0, bool(printer.status.get("paper_near_end")))
        printer.save(only=[Printer.used_mm, Printer.paper_low])
        announce(transaction, _changed(printer))


def queue_test_print(office_id: int, printer_id: int, link: str, now: datetime) -> int:
    """Have a printer print the test paper, with `link` in its code; returns the job.

    Raises NotFound("unknown_printer").
    """
    with bookkeeping():
        printer = _find(office_id, printer_id)
        facts = TestFacts(
            printer=printer.name,
            model=printer_model(printer.model).name,
            address=printer.address,
            printed_at=now.astimezone(ZoneInfo(printer.office.zone)),
            link=link,
        )
        job = PrintJob.create(
            office=office_id,
            printer=printer.id,
            kind="test",
            slip=test_to_json(facts),
            next_try_at=now,
            created_at=now,
        )
    wake()
    return job.id


def _changed(printer: Printer) -> PrinterChanged:
    return PrinterChanged(
        printer=printer.id,
        name=printer.name,
        problem=printer.problem or None,
        paper_low=printer.paper_low,
    )


def _card(row: Printer, names: dict[int, str], agents: dict[int, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "model": row.model,
        "address": row.address,
        "dots": row.dots,
        "agent": row.agent_id,
        "agent_name": agents.get(row.agent_id, ""),
        "failover": row.failover,
        "backup": row.backup_id,
        "backup_name": names.get(row.backup_id, ""),
        "problem": row.problem or None,
        "problem_since": row.problem_since,
        "status": row.status,
        "checked_at": row.checked_at,
        "roll_mm": row.roll_mm,
        "used_mm": row.used_mm,
        "left_mm": paper_left_mm(row.roll_mm, row.used_mm),
        "paper_low": row.paper_low,
    }


def _check(wish: PrinterWish) -> dict[str, Any]:
    model = printer_model(wish.model)
    roll = model.roll_mm if wish.roll_mm is None else wish.roll_mm
    if not SHORTEST_ROLL <= roll <= LONGEST_ROLL:
        raise DomainError(
            "roll_length_out_of_range",
            field="roll_mm",
            least=SHORTEST_ROLL // 1000,
            most=LONGEST_ROLL // 1000,
        )
    return {
        "name": clean_name(wish.name, LONGEST_NAME),
        "address": str(PrinterAddress.parse(wish.address)),
        "model": model.key,
        "dots": _check_dots(model, wish.dots),
        "roll_mm": roll,
    }


def _check_dots(model: PrinterModel, dots: int | None) -> int | None:
    if dots is None or dots == model.dots:
        return None
    allowed = sorted({model.dots, *(width for width in PAPER_DOTS if width < model.dots)})
    if dots not in allowed:
        raise DomainError("paper_width_unknown", field="dots", allowed=allowed)
    return dots


def _links(office_id: int, wish: PrinterWish, printer_id: int | None) -> dict[str, Any]:
    if wish.failover not in FAILOVERS:
        raise DomainError("unknown_failover", field="failover", allowed=list(FAILOVERS))
    backup = agent = None
    if wish.failover == "chosen":
        if wish.backup is None or wish.backup == printer_id:
            raise DomainError("backup_wanted", field="backup")
        backup = _find(office_id, wish.backup)
    if wish.agent is not None:
        agent = Device.get_or_none((Device.id == wish.agent) & (Device.office == office_id))
        if agent is None:
            raise NotFound("unknown_device", device=wish.agent)
        if agent.kind != DeviceKind.KIOSK:
            raise DomainError("agent_is_no_kiosk", field="agent")
    return {"failover": wish.failover, "backup": backup, "agent": agent}


def _find(office_id: int, printer_id: int) -> Printer:
    printer = Printer.get_or_none((Printer.id == printer_id) & (Printer.office == office_id))
    if printer is None:
        raise NotFound("unknown_printer", printer=printer_id)
    return printer


def _name_is_free(office_id: int, name: str) -> None:
    if Printer.select(Printer.id).where((Printer.office == office_id) & (Printer.name == name)).exists():
        raise Conflict("printer_name_taken", field="name", name=name)
