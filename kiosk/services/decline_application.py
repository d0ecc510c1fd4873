"""Send an application away in writing: what is missing, once and completely, or why it is refused."""

from __future__ import annotations

from datetime import datetime

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import ApplicationDeclined
from kiosk.domain.names import clean_note
from kiosk.domain.papers.wording import slip_number as numbered
from kiosk.domain.people import Applicant, check_applicant
from kiosk.domain.permissions import Actor
from kiosk.domain.procedure import Procedure
from kiosk.models import DeclinedApplication
from kiosk.plugin import gate
from kiosk.services.announce import announce
from kiosk.services.paper_numbers import MARKS, REFUSAL, SUPPLEMENT, next_number
from kiosk.services.papers_given import given_papers, missing_papers
from kiosk.services.receive_dossier import store_person, visit_of
from kiosk.services.reckon_dossier import Application
from kiosk.services.supplement_slips import open_slip

OUTCOMES = (SUPPLEMENT, REFUSAL)
LONGEST_REASON = 2_000


def decline_application(
    application: Application, outcome: str, reason: str, actor: Actor, now: datetime
) -> DeclinedApplication:
    """Write a supplement request (form 02) or a refusal (form 03) instead of receiving (NĐ 61/2018 Đ.17.1).

    `outcome` is "supplement" or "refuse". A supplement request lists every paper that is missing and is written once
    for an application (Đ.11.2.c). Nothing of it enters the totals. Raises NotFound("unknown_procedure",
    "unknown_ticket"), Conflict("plugin_disabled", "supplement_slip_given", "nothing_missing",
    "ticket_not_at_counter"), DomainError("unknown_outcome", "reason_needed") and one for each malformed field.
    """
    office_id = actor.office_id
    if office_id is None:
        raise NotFound("unknown_office", office=None)
    if outcome not in OUTCOMES:
        raise DomainError("unknown_outcome", outcome=outcome[:40], allowed=list(OUTCOMES))
    with office_transaction(office_id, now, actor.name) as transaction:
        applicant = check_applicant(application.applicant, transaction.day)
        words = clean_note(reason, LONGEST_REASON, "reason").strip() if reason else ""
        procedure = gate.find_procedure(
            office_id, application.procedure, application.department, on=transaction.day
        )
        papers = given_papers(procedure.components, application.components)
        if outcome == REFUSAL and not words:
            raise DomainError("reason_needed", field="reason")
        if outcome == SUPPLEMENT:
            _check_ask(transaction, procedure, applicant, bool(missing_papers(papers) or words))
        ticket = visit_of(transaction, application.ticket, actor)
        slip = DeclinedApplication.create(
            office=office_id,
            outcome=outcome,
            year=transaction.day.year,
            number=next_number(transaction, outcome),
            department=procedure.department,
            procedure=procedure.key,
            procedure_name=procedure.name,
            components=papers,
            reason=words,
            person=store_person(transaction, applicant),
            ticket=ticket,
            counter=ticket.counter_id if ticket else None,
            officer=actor.user.id if actor.user else None,
            at=transaction.now,
            on=transaction.day,
        )
        _announce(transaction, slip)
    return slip


def slip_number(slip: DeclinedApplication) -> str:
    """The number as it stands on the paper: "12/HDHS" is the twelfth supplement request of its year."""
    return numbered(slip.number, MARKS[slip.outcome])


def _check_ask(
    transaction: OfficeTransaction, procedure: Procedure, applicant: Applicant, says_something: bool
) -> None:
    if not says_something:
        raise Conflict("nothing_missing", procedure=procedure.key)
    earlier = open_slip(
        transaction.office_id, procedure.department, procedure.key, applicant, transaction.day
    )
    if earlier is not None:
        raise Conflict("supplement_slip_given", number=slip_number(earlier), day=earlier.on.isoformat())


def _announce(transaction: OfficeTransaction, slip: DeclinedApplication) -> None:
    announce(
        transaction,
        ApplicationDeclined(
            slip=slip.id,
            number=slip_number(slip),
            outcome=slip.outcome,
            department=slip.department,
            procedure=slip.procedure,
            ticket=slip.ticket_id,
            counter=slip.counter_id,
        ),
    )
