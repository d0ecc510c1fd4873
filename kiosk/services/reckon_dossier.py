"""What the law makes of an application: its term, due date and fees, before anything is accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kiosk.database import OfficeTransaction, look_at_office
from kiosk.domain import clock, deadlines, money
from kiosk.domain.codes import CodeForm
from kiosk.domain.deadlines import Term
from kiosk.domain.dossier import Channel, Delivery
from kiosk.domain.errors import Conflict, DomainError
from kiosk.domain.permissions import Actor
from kiosk.domain.procedure import Procedure
from kiosk.models import Office
from kiosk.plugin import gate
from kiosk.services.calendar_of import calendar_in, hours_in


@dataclass(frozen=True)
class Application:
    """What the officer enters: unchecked, as it came."""

    procedure: str
    department: str | None
    applicant: Mapping[str, Any]
    components: Sequence[Any] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    channel: str = Channel.IN_PERSON
    delivery: str = Delivery.COUNTER
    ticket: int | None = None
    authorised: Mapping[str, Any] | None = None
    postmark_on: date | None = None
    sets: int = 1
    on_the_spot: bool = False


@dataclass(frozen=True)
class Reckoning:
    """What the law makes of an application received now: its term, due date and fees (whole đồng).

    The clock starts at `clock_at`; by `forward_by` the dossier must have left for the deciding agency.
    """

    procedure: Procedure
    channel: Channel
    delivery: Delivery
    answers: dict[str, Any]
    term: Term | None
    clock_at: datetime
    due_on: date | None
    forward_by: date
    fees: tuple[money.FeeLine, ...]
    level: int | None

    @property
    def fee_total(self) -> int:
        """The sum of the fee lines."""
        return money.total(self.fees)


def reckon(office_id: int, application: Application, actor: Actor, now: datetime) -> tuple[Reckoning, str]:
    """Preview an application: its reckoning and the beginning of the code it would get. Changes nothing."""
    here = look_at_office(office_id, now, actor.name)
    reckoning = reckoned(here, application)
    agency, _ = agency_of(here, reckoning.procedure.department)
    return reckoning, f"{agency}-{here.day:%y%m%d}-"


def reckoned(transaction: OfficeTransaction, application: Application) -> Reckoning:
    """What the law makes of an application at the moment of a transaction. Raises as `reckon` does."""
    office_id = transaction.office_id
    # Whatever was read before the lock may have been switched off or changed while waiting for it.
    gate.forget(office_id)
    procedure = gate.find_procedure(
        office_id, application.procedure, application.department, on=transaction.day
    )
    if not procedure.in_force(transaction.day):
        raise Conflict("procedure_not_in_force", procedure=procedure.key)
    channel = parse_channel(application.channel)
    delivery = parse_delivery(application.delivery)
    if channel is Channel.POST and not procedure.post_receive:
        raise Conflict("not_by_post", procedure=procedure.key)
    if delivery is Delivery.POST and not procedure.post_return:
        raise Conflict("no_result_by_post", procedure=procedure.key)
    if application.postmark_on and channel is not Channel.POST:
        raise DomainError("postmark_without_post", field="postmark_on")
    if application.on_the_spot and not procedure.on_the_spot:
        raise Conflict("not_on_the_spot", procedure=procedure.key)
    if application.on_the_spot and delivery is Delivery.POST:
        raise Conflict("not_at_once_by_post", procedure=procedure.key)
    owner = gate.plugin_of_department(procedure.department)
    answers = check_answers(gate.intake_fields(office_id, procedure), application.answers)
    facts = {"procedure": procedure, "answers": answers}
    for _, problem in gate.ask(office_id, "check_intake", owner=owner, strict=True, **facts):
        raise DomainError("intake_refused", reason=problem)
    lines = gate.first(
        office_id,
        "compute_fee",
        owner=owner,
        strict=True,
        procedure=procedure,
        answers=answers,
        channel=channel,
        on=transaction.day,
    )
    term = gate.term_for(office_id, procedure, answers)
    calendar, hours = calendar_in(transaction), hours_in(transaction)
    clock_at = clock.starts_at(
        procedure.clock_start,
        transaction.local(),
        calendar,
        hours,
        application.postmark_on,
        by_post=channel is Channel.POST,
    )
    return Reckoning(
        procedure=procedure,
        channel=channel,
        delivery=delivery,
        answers=answers,
        term=term,
        clock_at=clock_at,
        due_on=deadlines.due_on(term, clock_at, calendar, hours),
        forward_by=deadlines.forward_by(transaction.local(), calendar),
        fees=tuple(lines or ()),
        level=procedure.level_on(transaction.day),
    )


def parse_channel(value: str) -> Channel:
    """Raises DomainError("unknown_channel")."""
    try:
        return Channel(value)
    except ValueError:
        raise DomainError("unknown_channel", channel=value[:40], allowed=[str(c) for c in Channel]) from None


def parse_delivery(value: str) -> Delivery:
    """Raises DomainError("unknown_delivery")."""
    try:
        return Delivery(value)
    except ValueError:
        raise DomainError(
            "unknown_delivery", delivery=value[:40], allowed=[str(d) for d in Delivery]
        ) from None


def check_answers(fields: Sequence[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers a fee or term depends on, with defaults filled in.

    Raises DomainError("unknown_answer", "answer_malformed").
    """
    known = {f.key: f for f in fields}
    for key in given:
        if key not in known:
            raise DomainError("unknown_answer", field=f"answers.{str(key)[:40]}", allowed=sorted(known))
    return {f.key: _answer(f, given.get(f.key, f.default)) for f in fields}


def _answer(question: Any, value: Any) -> Any:
    right = {
        "choice": lambda: isinstance(value, str) and value in {key for key, _ in question.choices},
        "count": lambda: type(value) is int and question.minimum <= value <= question.maximum,
        "amount": lambda: type(value) is int and question.minimum <= value <= question.maximum,
        "yes_no": lambda: type(value) is bool,
    }[question.kind]
    if not right():
        raise DomainError("answer_malformed", field=f"answers.{question.key}", kind=question.kind)
    return value


def agency_of(transaction: OfficeTransaction, department: str) -> tuple[str, CodeForm]:
    """The agency part of a department's dossier codes, and which of the two forms the office writes."""
    office = Office.get_by_id(transaction.office_id)
    number = gate.departments()[department].agency_number
    if office.code_form == "tt01":
        return f"000.00.{number}.{office.agency}", "tt01"
    return f"{office.agency}.{number}", "qd20"
