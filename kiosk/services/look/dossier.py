"""A dossier for the staff, and how far along it is for everybody else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from peewee import JOIN

from kiosk.database import local_day_of
from kiosk.domain.codes import parse_dossier_code
from kiosk.domain.dossier import CORRECTION, DOSSIER_MOVES, OPEN_STATES, DossierState
from kiosk.domain.errors import NotFound
from kiosk.domain.names import fold
from kiosk.domain.permissions import Actor
from kiosk.i18n import translate
from kiosk.models import (
    DeclinedApplication,
    Dossier,
    DossierHistory,
    DossierNote,
    Journal,
    Person,
    Ticket,
    User,
)
from kiosk.plugin import gate
from kiosk.services.decline_application import slip_number
from kiosk.services.look.attention import needing
from kiosk.services.look.office import office
from kiosk.services.look.public_post import public_parcel
from kiosk.services.papers_given import missing_papers

PAGE_SIZE = 25

STATE_TITLES = {
    DossierState.IN_PROGRESS: "Đang xử lý",
    DossierState.AWAITING_SUPPLEMENT: "Chờ bổ sung",
    DossierState.FINISHED: "Đã có kết quả",
    DossierState.HANDED_OVER: "Đã trả kết quả",
    DossierState.RETURNED: "Đã trả lại hồ sơ",
    DossierState.WITHDRAWN: "Người nộp đã rút",
    DossierState.SUSPENDED: "Chờ nghĩa vụ tài chính",
    DossierState.STOPPED: "Đã dừng giải quyết",
}
MOVE_TITLES = {
    "receive": "Tiếp nhận",
    "supplement": "Yêu cầu bổ sung",
    "complete": "Đã bổ sung đủ",
    "transfer": "Chuyển cơ quan giải quyết",
    "forward": "Chuyển liên thông",
    "receive_back": "Nhận lại từ liên thông",
    "extend": "Gia hạn theo luật",
    "suspend": "Chờ nghĩa vụ tài chính",
    "resume": "Giải quyết tiếp",
    "apologise": "Xin lỗi và hẹn lại",
    "finish": "Có kết quả",
    "hand_over": "Trả kết quả",
    "deliver_by_post": "Trả kết quả qua bưu chính",
    "deliver_at_counter": "Trả kết quả tại quầy",
    "return": "Trả lại hồ sơ",
    "withdraw": "Người nộp rút hồ sơ",
    "stop": "Dừng giải quyết",
    CORRECTION: "Đính chính",
}
PROGRESS = {
    DossierState.IN_PROGRESS: (2, "Đang xử lý"),
    DossierState.AWAITING_SUPPLEMENT: (2, "Chờ bổ sung giấy tờ"),
    DossierState.FINISHED: (3, "Đã có kết quả, mời đến nhận"),
    DossierState.HANDED_OVER: (4, "Đã trả kết quả"),
    DossierState.RETURNED: (4, "Đã trả lại hồ sơ"),
    DossierState.WITHDRAWN: (4, "Người nộp đã rút hồ sơ"),
    DossierState.SUSPENDED: (2, "Chờ thực hiện nghĩa vụ tài chính"),
    DossierState.STOPPED: (4, "Đã dừng giải quyết"),
}


def progress(code: str, language: str) -> dict[str, Any]:
    """What anybody holding the code may know: the code and how far along it is (TT 01/2018 Đ.16.2.d).

    Raises DomainError("dossier_code_malformed") and NotFound("unknown_dossier").
    """
    tidy = str(parse_dossier_code(code))
    dossier = Dossier.get_or_none(Dossier.code == tidy)
    if dossier is None:
        raise NotFound("unknown_dossier", dossier=tidy)
    step, title = PROGRESS[DossierState(dossier.state)]
    found = {
        "code": dossier.code,
        "progress": {"step": step, "of": 4, "state": str(dossier.state), "title": translate(title, language)},
    }
    parcel = public_parcel(dossier.id, language)
    return found if parcel is None else {**found, "post": parcel}


def dossiers(
    actor: Actor,
    now: datetime,
    language: str,
    *,
    query: str = "",
    state: str = "",
    department: str = "",
    attention: str = "",
    page: int = 1,
    by_name: bool = False,
) -> dict[str, Any]:
    """A page of dossiers, newest first, those that need attention most urgent first.

    A name is searched only by those who may see one, and never by an address. Raises DomainError("unknown_attention").
    """
    wanted = Dossier.office == actor.office_id
    today, order = _today(actor, now), [Dossier.received_at.desc(), Dossier.id.desc()]
    if attention:
        wanted, urgency = needing(attention, actor.office_id, today)
        order.insert(0, urgency)
    if state:
        wanted &= Dossier.state == state
    if department:
        wanted &= Dossier.department == department
    rows = Dossier.select()
    if query:
        by_code = Dossier.code.contains(query.strip().upper())
        if by_name and actor.may("dossier.personal"):
            rows = Dossier.select().join(Person, JOIN.LEFT_OUTER)
            wanted &= by_code | Person.name_folded.contains(fold(query))
        else:
            wanted &= by_code
    rows = rows.where(wanted)
    total = rows.count()
    shown = rows.order_by(*order).paginate(page, PAGE_SIZE)
    return {
        "items": [_short(row, today, language) for row in shown],
        "total": total,
        "page": page,
        "pages": max(1, -(-total // PAGE_SIZE)),
    }


def _today(actor: Actor, now: datetime) -> date:
    return local_day_of(now, office(actor.office_id)["zone"])


def _short(dossier: Dossier, today: date, language: str) -> dict[str, Any]:
    is_open = dossier.state in OPEN_STATES
    department = gate.departments().get(dossier.department)
    return {
        "id": dossier.id,
        "code": dossier.code,
        "state": str(dossier.state),
        "state_title": translate(STATE_TITLES[DossierState(dossier.state)], language),
        "department": {
            "key": dossier.department,
            "title": department.title if department else dossier.department,
        },
        "procedure": {
            "key": dossier.procedure,
            "code": _code_of(dossier),
            "name": dossier.procedure_name,
        },
        "channel": str(dossier.channel),
        "delivery": str(dossier.delivery),
        "level": dossier.level,
        "received_at": dossier.received_at.isoformat(),
        "received_on": dossier.received_on.isoformat(),
        "first_due_on": _iso(dossier.first_due_on),
        "due_on": _iso(dossier.due_on),
        "days_left": (dossier.due_on - today).days if is_open and dossier.due_on else None,
        "closed_on": _iso(dossier.closed_on),
        "handed_over_on": _iso(dossier.handed_over_on),
        "linked": dossier.linked,
        "linked_to": dossier.linked_to or None,
        "forward_by": _iso(dossier.forward_by),
        "transferred_on": _iso(dossier.transferred_on),
        "clock_on": _iso(dossier.clock_on),
        "clock_start": str(dossier.clock_start),
        "postmark_on": _iso(dossier.postmark_on),
        "on_the_spot": dossier.on_the_spot,
        "register_number": dossier.register_number,
        "sets": dossier.sets,
    }


def _code_of(dossier: Dossier) -> str | None:
    procedure = gate.known_procedure(dossier.department, dossier.procedure, dossier.office_id)
    return procedure.code if procedure else None


def _collect_back(dossier: Dossier) -> list[str]:
    procedure = gate.known_procedure(dossier.department, dossier.procedure, dossier.office_id)
    return list(procedure.collect_back) if procedure else []


def _may_go_by_post(dossier: Dossier) -> bool:
    procedure = gate.known_procedure(dossier.department, dossier.procedure, dossier.office_id)
    return bool(procedure and procedure.post_return)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def dossier_page(dossier: Dossier, actor: Actor, now: datetime, language: str) -> dict[str, Any]:
    """Everything about one dossier; the applicant only for those who may see personal data."""
    ticket = Ticket.get_or_none(Ticket.id == dossier.ticket_id) if dossier.ticket_id else None
    card = _short(dossier, _today(actor, now), language)
    return {
        **card,
        "components": dossier.components,
        "missing": missing_papers(dossier.components),
        "answers": dossier.answers,
        "fees": {
            "lines": [{**line, "total": line["amount"] * line["quantity"]} for line in dossier.fees],
            "total": dossier.fee_total,
        },
        "ticket": {"id": ticket.id, "label": ticket.label} if ticket else None,
        "counter": dossier.counter_id,
        "moves": DOSSIER_MOVES.allowed(DossierState(dossier.state)),
        "extendable": bool(dossier.term and dossier.term.get("extendable_to_working_days")),
        "collect_back": _collect_back(dossier),
        "by_post": _may_go_by_post(dossier),
        "history": _history(dossier, language),
        "notes": _notes(dossier),
        "applicant": _person(dossier.person_id) if actor.may("dossier.personal") else None,
        "authorised": _person(dossier.authorised_id) if actor.may("dossier.personal") else None,
    }


def declined(slip: DeclinedApplication) -> dict[str, Any]:
    """A supplement request or refusal written at the desk, without the person it was written for."""
    return {
        "id": slip.id,
        "number": slip_number(slip),
        "outcome": str(slip.outcome),
        "on": slip.on.isoformat(),
        "department": slip.department,
        "procedure": {"key": slip.procedure, "name": slip.procedure_name},
        "missing": missing_papers(slip.components),
    }


def _history(dossier: Dossier, language: str) -> list[dict[str, Any]]:
    rows = list(
        DossierHistory.select(DossierHistory, Journal.actor)
        .join(
            Journal,
            on=(Journal.seq == DossierHistory.seq) & (Journal.office == dossier.office_id),
            attr="entry",
        )
        .where(DossierHistory.dossier == dossier.id)
        .order_by(DossierHistory.seq)
    )
    names = _names({row.entry.actor for row in rows})
    corrected = {row.corrects: row.seq for row in rows if row.corrects}
    return [
        {
            "seq": row.seq,
            "at": row.at.isoformat(),
            "on": row.on.isoformat(),
            "move": row.move,
            "move_title": translate(MOVE_TITLES[row.move], language),
            "due_on": _iso(row.due_on),
            "agency": row.agency,
            "agency_due_on": _iso(row.agency_due_on),
            "corrects": row.corrects,
            "voids": bool(row.voids),
            "corrected_by": corrected.get(row.seq),
            "by": names.get(row.entry.actor, row.entry.actor),
        }
        for row in rows
    ]


def _names(actors: set[str]) -> dict[str, str]:
    ids = [int(actor.partition(":")[2]) for actor in actors if actor.startswith("user:")]
    return (
        {f"user:{user.id}": user.display_name for user in User.select().where(User.id << ids)} if ids else {}
    )


def _notes(dossier: Dossier) -> list[dict[str, Any]]:
    rows = (
        DossierNote.select(DossierNote, User)
        .join(User, JOIN.LEFT_OUTER)
        .where(DossierNote.dossier == dossier.id)
        .order_by(DossierNote.id)
    )
    return [
        {
            "move": row.move,
            "text": row.text,
            "at": row.created_at.isoformat(),
            "by": row.user.display_name if row.user_id else "",
        }
        for row in rows
    ]


def _person(key: int | None) -> dict[str, Any] | None:
    person = Person.get_or_none(Person.id == key) if key else None
    if person is None or person.erased_at is not None:
        return None
    names = ("kind", "name", "id_number", "tax_code", "phone", "email", "address", "deliver_to")
    return {**{name: getattr(person, name) for name in names}, "born": _iso(person.born)}
