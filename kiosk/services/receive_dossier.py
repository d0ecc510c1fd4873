"""Take in an application: its papers, its fees, its legal clock, its code; a visit may bring several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from peewee import JOIN

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.codes import format_dossier_code
from kiosk.domain.deadlines import Term
from kiosk.domain.dossier import DossierState
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import DossierReceived
from kiosk.domain.names import fold
from kiosk.domain.people import Applicant, check_applicant
from kiosk.domain.permissions import Actor
from kiosk.domain.procedure import Component
from kiosk.domain.ticket import AT_COUNTER
from kiosk.models import Counter, Dossier, DossierHistory, DossierSeries, Line, Person, Ticket
from kiosk.services.announce import announce
from kiosk.services.reckon_dossier import Application, Reckoning, agency_of, reckoned
from kiosk.services.serve_ticket import start_visit

MOST_SHEETS = 999
LONGEST_FOLDED = 200


def receive_dossier(application: Application, actor: Actor, now: datetime) -> Dossier:
    """Receive one dossier and start its clock.

    Raises NotFound("unknown_procedure", "unknown_ticket"), Conflict("plugin_disabled", "procedure_not_in_force",
    "ticket_not_at_counter"), DomainError for each malformed field. Papers that are missing are recorded, not
    refused: whether to accept is the officer's decision.
    """
    office_id = actor.office_id
    if office_id is None:
        raise NotFound("unknown_office", office=None)
    with office_transaction(office_id, now, actor.name) as transaction:
        applicant = check_applicant(application.applicant, transaction.day)
        reckoning = reckoned(transaction, application)
        papers = given_papers(reckoning.procedure.components, application.components)
        ticket = _visit(transaction, application.ticket, actor)
        dossier = _store(transaction, application, reckoning, papers, applicant, ticket, actor)
        _announce_receipt(transaction, dossier, reckoning)
    return dossier


def given_papers(asked: Sequence[Component], given: Sequence[Any]) -> list[dict[str, Any]]:
    """The checklist as handed in, one row a component of the procedure.

    `given` holds names, or objects {name, originals, copies}; a bare name means all that is asked for.
    Raises DomainError("unknown_component", "sheets_out_of_range", "wrong_type").
    """
    by_name = {component.name: component for component in asked}
    handed: dict[str, tuple[int, int]] = {}
    for item in given:
        name = item.get("name") if isinstance(item, Mapping) else item
        component = by_name.get(name) if isinstance(name, str) else None
        if component is None:
            raise DomainError("unknown_component", component=str(name)[:80])
        entry = item if isinstance(item, Mapping) else {}
        handed[component.name] = (
            _sheets(entry.get("originals", component.originals)),
            _sheets(entry.get("copies", component.copies)),
        )
    return [
        {
            "name": component.name,
            "originals": component.originals,
            "copies": component.copies,
            "condition": component.condition,
            "originals_given": handed.get(component.name, (0, 0))[0],
            "copies_given": handed.get(component.name, (0, 0))[1],
        }
        for component in asked
    ]


def _sheets(value: Any) -> int:
    if type(value) is not int:
        raise DomainError("wrong_type", field="components", expected="whole number")
    if not 0 <= value <= MOST_SHEETS:
        raise DomainError("sheets_out_of_range", least=0, most=MOST_SHEETS)
    return value


def _visit(transaction: OfficeTransaction, ticket_id: int | None, actor: Actor) -> Ticket | None:
    if ticket_id is None:
        return None
    ticket = (
        Ticket.select(Ticket, Line, Counter)
        .join(Line)
        .switch(Ticket)
        .join(Counter, JOIN.LEFT_OUTER)
        .where((Ticket.id == ticket_id) & (Ticket.office == transaction.office_id))
        .first()
    )
    if ticket is None:
        raise NotFound("unknown_ticket", ticket=ticket_id)
    if ticket.state not in AT_COUNTER:
        raise Conflict("ticket_not_at_counter", ticket=ticket.id, state=ticket.state)
    actor.require_counter(ticket.counter_id)
    start_visit(transaction, ticket)
    return ticket


def _next_code(transaction: OfficeTransaction, department: str) -> str:
    agency, form = agency_of(transaction, department)
    # Two offices of one agency share its series: the row is locked after the office's, always in that order.
    serial = (
        DossierSeries.insert(agency=agency, day=transaction.day, last=1)
        .on_conflict(
            conflict_target=[DossierSeries.agency, DossierSeries.day],
            update={DossierSeries.last: DossierSeries.last + 1},
        )
        .returning(DossierSeries.last)
        .tuples()
        .execute()[0][0]
    )
    return format_dossier_code(form, agency, day=transaction.day, serial=serial)


def _store(
    transaction: OfficeTransaction,
    application: Application,
    reckoning: Reckoning,
    papers: list[dict[str, Any]],
    applicant: Applicant,
    ticket: Ticket | None,
    actor: Actor,
) -> Dossier:
    procedure = reckoning.procedure
    return Dossier.create(
        office=transaction.office_id,
        code=_next_code(transaction, procedure.department),
        department=procedure.department,
        procedure=procedure.key,
        procedure_name=procedure.name,
        channel=application.channel,
        delivery=application.delivery,
        level=reckoning.level,
        state=DossierState.IN_PROGRESS,
        received_at=transaction.now,
        received_on=transaction.day,
        clock_on=transaction.day,
        term=term_to_json(reckoning.term),
        first_due_on=reckoning.due_on,
        due_on=reckoning.due_on,
        components=papers,
        answers=reckoning.answers,
        fees=[asdict(line) for line in reckoning.fees],
        fee_total=reckoning.fee_total,
        person=_store_person(transaction, applicant),
        ticket=ticket,
        counter=ticket.counter_id if ticket else None,
        officer=actor.user.id if actor.user else None,
    )


def _store_person(transaction: OfficeTransaction, applicant: Applicant) -> Person:
    return Person.create(
        office=transaction.office_id,
        kind=applicant.kind,
        name=applicant.name,
        name_folded=fold(applicant.name)[:LONGEST_FOLDED],
        id_number=applicant.id_number or "",
        tax_code=applicant.tax_code or "",
        phone=applicant.phone or "",
        email=applicant.email or "",
        address=applicant.address or "",
        born=applicant.born,
        created_at=transaction.now,
    )


def term_to_json(term: Term | None) -> dict[str, Any] | None:
    """A term as kept with its dossier, so that a restart uses the term it was received under."""
    if term is None:
        return None
    return {
        "value": term.value,
        "unit": str(term.unit),
        "same_day_cutoff": term.same_day_cutoff.isoformat("minutes"),
    }


def _announce_receipt(transaction: OfficeTransaction, dossier: Dossier, reckoning: Reckoning) -> None:
    seq = announce(
        transaction,
        DossierReceived(
            **dossier_facts(dossier, transaction.day),
            channel=str(dossier.channel),
            delivery=str(dossier.delivery),
            level=dossier.level,
            ticket=dossier.ticket_id,
            counter=dossier.counter_id,
            fee_total=dossier.fee_total,
        ),
    )
    record_history(transaction, dossier, seq, "receive", transaction.day)


def dossier_facts(dossier: Dossier, on: date) -> dict[str, Any]:
    """What every fact about a dossier carries."""
    return {
        "dossier": dossier.id,
        "code": dossier.code,
        "department": dossier.department,
        "procedure": dossier.procedure,
        "state": str(dossier.state),
        "on": on.isoformat(),
        "due_on": dossier.due_on.isoformat() if dossier.due_on else None,
    }


def record_history(transaction: OfficeTransaction, dossier: Dossier, seq: int, move: str, on: date) -> None:
    """Keep the journal's fact in the shape that a report reads."""
    DossierHistory.create(
        dossier=dossier.id, seq=seq, at=transaction.now, on=on, move=move, due_on=dossier.due_on
    )
