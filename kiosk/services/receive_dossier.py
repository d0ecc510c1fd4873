"""Take in an application: its papers, its fees, its legal clock, its code; a visit may bring several."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from peewee import JOIN

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.codes import format_dossier_code
from kiosk.domain.dossier import DossierState
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import DossierReceived
from kiosk.domain.names import fold
from kiosk.domain.people import Applicant, check_applicant, check_authorised
from kiosk.domain.permissions import Actor
from kiosk.domain.procedure import ClockStart
from kiosk.domain.ticket import AT_COUNTER
from kiosk.models import Counter, Dossier, DossierSeries, Line, Person, Ticket
from kiosk.services.advance_dossier import make_move
from kiosk.services.announce import announce
from kiosk.services.dossier_record import dossier_facts, record, term_to_json
from kiosk.services.paper_numbers import REGISTER, next_number
from kiosk.services.papers_given import given_papers
from kiosk.services.reckon_dossier import Application, Reckoning, agency_of, reckoned
from kiosk.services.serve_ticket import start_visit
from kiosk.services.supplement_slips import answer_supplement_slips

LONGEST_FOLDED = 200
MOST_SETS = 99


def receive_dossier(application: Application, actor: Actor, now: datetime) -> Dossier:
    """Receive one dossier and start its clock.

    A case answered on the spot is entered with its result (NĐ 61/2018 Đ.17.4). Raises NotFound("unknown_procedure",
    "unknown_ticket"), Conflict("plugin_disabled", "procedure_not_in_force", "not_on_the_spot",
    "ticket_not_at_counter"), DomainError("postmark_needed") and one for each malformed field. Papers that are missing
    are recorded, not refused: whether to accept is the officer's decision.
    """
    office_id = actor.office_id
    if office_id is None:
        raise NotFound("unknown_office", office=None)
    with office_transaction(office_id, now, actor.name) as transaction:
        applicant = check_applicant(application.applicant, transaction.day)
        authorised = check_authorised(application.authorised, transaction.day)
        sets = check_sets(application.sets)
        reckoning = reckoned(transaction, application)
        papers = given_papers(reckoning.procedure.components, application.components)
        ticket = visit_of(transaction, application.ticket, actor)
        people = {
            "person": store_person(transaction, applicant),
            "authorised": store_person(transaction, authorised) if authorised else None,
        }
        facts = {"components": papers, "sets": sets, "ticket": ticket, **people}
        dossier = _store(transaction, application, reckoning, actor, facts)
        _announce_receipt(transaction, dossier)
        answer_supplement_slips(dossier, applicant)
        if application.on_the_spot:
            for move in ("finish", "hand_over"):
                make_move(transaction, dossier, move, actor)
    return dossier


def check_sets(value: Any) -> int:
    """How many sets of papers were handed in. Raises DomainError("wrong_type", "sets_out_of_range")."""
    if type(value) is not int:
        raise DomainError("wrong_type", field="sets", expected="whole number")
    if not 1 <= value <= MOST_SETS:
        raise DomainError("sets_out_of_range", field="sets", least=1, most=MOST_SETS)
    return value


def visit_of(transaction: OfficeTransaction, ticket_id: int | None, actor: Actor) -> Ticket | None:
    """The visit an application belongs to, begun if it was only called; None when it came without one.

    Raises NotFound("unknown_ticket"), Conflict("ticket_not_at_counter"), Forbidden("not_your_counter").
    """
    if ticket_id is None:
        return None
    ticket = (
        Ticket.select(Ticket, Line, Counter)
        .join(Line, on=Ticket.line)
        .switch(Ticket)
        .join(Counter, JOIN.LEFT_OUTER, on=Ticket.counter)
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
    actor: Actor,
    facts: dict[str, Any],
) -> Dossier:
    procedure, ticket = reckoning.procedure, facts["ticket"]
    return Dossier.create(
        office=transaction.office_id,
        code=_next_code(transaction, procedure.department),
        department=procedure.department,
        procedure=procedure.key,
        procedure_name=procedure.name,
        channel=reckoning.channel,
        delivery=reckoning.delivery,
        first_delivery=reckoning.delivery,
        level=reckoning.level,
        state=DossierState.IN_PROGRESS,
        received_at=transaction.now,
        received_on=transaction.day,
        register_number=next_number(transaction, REGISTER),
        clock_start=procedure.clock_start,
        clock_on=reckoning.clock_at.date(),
        postmark_on=application.postmark_on if procedure.clock_start is ClockStart.POSTMARK else None,
        forward_by=reckoning.forward_by,
        supplement_clock=procedure.supplement_clock,
        on_the_spot=application.on_the_spot,
        term=term_to_json(reckoning.term),
        first_due_on=reckoning.due_on,
        due_on=reckoning.due_on,
        answers=reckoning.answers,
        fees=[asdict(line) for line in reckoning.fees],
        fee_total=reckoning.fee_total,
        counter=ticket.counter_id if ticket else None,
        officer=actor.user.id if actor.user else None,
        **facts,
    )


def store_person(transaction: OfficeTransaction, applicant: Applicant) -> Person:
    """Keep personal data in its own table."""
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
        deliver_to=applicant.deliver_to or "",
        born=applicant.born,
        created_at=transaction.now,
    )


def _announce_receipt(transaction: OfficeTransaction, dossier: Dossier) -> None:
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
            clock_start=str(dossier.clock_start),
            on_the_spot=dossier.on_the_spot,
        ),
    )
    record(transaction, dossier, seq, "receive", transaction.day)
