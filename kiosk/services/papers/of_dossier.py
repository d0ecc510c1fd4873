"""The papers about a dossier, as its own entries tell them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.domain.deadlines import punctuality
from kiosk.domain.dossier import Delivery, effective
from kiosk.domain.errors import NotFound
from kiosk.domain.money import FeeLine
from kiosk.domain.papers import (
    ApologySlip,
    ControlSlip,
    Form,
    HandOver,
    Paper,
    ReceiptSlip,
    RefusalSlip,
    StopNotice,
    SupplementSlip,
)
from kiosk.domain.papers.wording import padded, slip_number
from kiosk.models import Dossier, DossierHistory, DossierNote, Office
from kiosk.services.dossier_record import facts_of, term_from_json
from kiosk.services.paper_numbers import APOLOGY, MARKS, REFUSAL, STOP, SUPPLEMENT
from kiosk.services.papers import common

DELIVERY_WORDS = {
    Delivery.COUNTER: "Tại quầy trả kết quả của Trung tâm",
    Delivery.POST: "Qua dịch vụ bưu chính công ích",
    Delivery.ONLINE: "Trực tuyến, trên Cổng dịch vụ công",
}
COUNTED = {
    "finish": "",
    "return": "Trả lại hồ sơ",
    "withdraw": "Người nộp rút hồ sơ",
    "stop": "Dừng giải quyết",
}


@dataclass(frozen=True)
class Case:
    """A dossier with its office and the entries that hold."""

    dossier: Dossier
    office: Office
    rows: list[DossierHistory]
    rating_url: str | None

    def last(self, move: str) -> DossierHistory | None:
        """The last entry of a move."""
        return next((row for row in reversed(self.rows) if row.move == move), None)

    def holder_at(self, entry: DossierHistory) -> str:
        """The authority a linked dossier was with at an entry; "" when it was with its own department."""
        holder = ""
        for row in self.rows:
            if row.seq > entry.seq:
                break
            holder = {"forward": row.agency or "", "receive_back": ""}.get(row.move, holder)
        return holder

    def local(self, moment: datetime) -> datetime:
        """A moment on the office's clock."""
        return moment.astimezone(ZoneInfo(self.office.zone))

    def note(self, move: str) -> str:
        """The officer's words on the last such move that holds; "" when none were given, or the person was erased."""
        row = self.last(move)
        note = DossierNote.get_or_none(DossierNote.id == row.note) if row is not None and row.note else None
        return note.text if note is not None and not common.is_erased(self.dossier.person_id) else ""


def paper_of_dossier(dossier: Dossier, form: str, now: datetime, rating_url: str | None = None) -> Paper:
    """The facts of one paper. Raises NotFound("paper_not_there") when nothing happened that it would tell of."""
    paper = PAPERS[Form(form)](_case(dossier, now, rating_url)) if form in PAPERS else None
    if paper is None:
        raise NotFound("paper_not_there", form=form[:20])
    return paper


def available_papers(dossier: Dossier, now: datetime) -> list[str]:
    """The forms that can be printed of a dossier as it stands."""
    case = _case(dossier, now, None)
    return [str(form) for form, needed in NEEDED.items() if needed is None or case.last(needed)]


def _case(dossier: Dossier, now: datetime, rating_url: str | None) -> Case:
    holding = {fact.seq: fact for fact in effective(facts_of(dossier), now)}
    rows = DossierHistory.select().where(DossierHistory.dossier == dossier.id).order_by(DossierHistory.seq)
    kept = [row for row in rows if row.seq in holding]
    for row in kept:
        row.on, row.due_on = holding[row.seq].on, holding[row.seq].due_on
    return Case(dossier, Office.get_by_id(dossier.office_id), kept, rating_url)


def _of_all(case: Case) -> dict[str, Any]:
    """What stands on every slip for the applicant."""
    dossier = case.dossier
    return {
        "head": common.head_of(case.office),
        "code": dossier.code,
        "party": common.party_of(dossier.person_id, dossier.authorised_id),
        "request": dossier.procedure_name,
    }


def _receipt(case: Case) -> ReceiptSlip:
    dossier = case.dossier
    return ReceiptSlip(
        **_of_all(case),
        desk=common.desk_of(dossier.department, dossier.counter_id),
        sheets=common.sheets_of(dossier.components),
        sets=dossier.sets,
        term=term_from_json(dossier.term),
        received_at=case.local(dossier.received_at),
        due=dossier.handed_over_on if dossier.on_the_spot else dossier.first_due_on,
        delivery=DELIVERY_WORDS[Delivery(dossier.delivery)],
        officer=common.officer_name(dossier.officer_id),
        fees=tuple(FeeLine(**line) for line in dossier.fees),
        book=str(dossier.received_on.year),
        book_entry=padded(dossier.register_number) if dossier.register_number else "",
        lookup_site=common.site_of(case.office),
        rating_url=case.rating_url,
    )


def _supplement(case: Case) -> SupplementSlip | None:
    row, dossier = case.last("supplement"), case.dossier
    if row is None:
        return None
    missing, reason = common.missing_of(dossier.components, case.note("supplement"))
    return SupplementSlip(
        **_of_all(case),
        number=_number(row, SUPPLEMENT),
        day=row.on,
        desk=common.desk_of(dossier.department, dossier.counter_id),
        missing=missing,
        reason=reason,
        officer=common.officer_name(dossier.officer_id),
        officer_phone=case.office.phone,
        lookup_site=common.site_of(case.office),
        rating_url=case.rating_url,
    )


def _refusal(case: Case) -> RefusalSlip | None:
    row, dossier = case.last("return"), case.dossier
    if row is None:
        return None
    return RefusalSlip(
        **_of_all(case),
        number=_number(row, REFUSAL),
        day=row.on,
        desk=common.desk_of(dossier.department, dossier.counter_id),
        reason=case.note("return"),
        officer=common.officer_name(dossier.officer_id),
        rating_url=case.rating_url,
    )


def _apology(case: Case) -> ApologySlip | None:
    row, dossier = case.last("apologise"), case.dossier
    if row is None or row.due_on is None:
        return None
    due = case.rows[case.rows.index(row) - 1].due_on
    return ApologySlip(
        **_of_all(case),
        number=_number(row, APOLOGY),
        day=row.on,
        received_at=case.local(dossier.received_at),
        due=due,
        late_agency=common.department_title(case.holder_at(row) or dossier.department),
        reason=case.note("apologise"),
        new_due=row.due_on,
        signer_title=common.DIRECTOR,
    )


def _stop(case: Case) -> StopNotice | None:
    row, dossier = case.last("stop"), case.dossier
    if row is None:
        return None
    return StopNotice(
        **_of_all(case),
        number=_number(row, STOP),
        day=row.on,
        received_at=case.local(dossier.received_at),
        reason=case.note("stop"),
        signer_title=common.DIRECTOR,
    )


def _control(case: Case) -> ControlSlip:
    dossier = case.dossier
    linked = [
        common.department_title(row.agency) for row in case.rows if row.move == "forward" and row.agency
    ]
    return ControlSlip(
        head=common.head_of(case.office),
        code=dossier.code,
        request=dossier.procedure_name,
        received_at=case.local(dossier.received_at),
        due=dossier.due_on,
        deciding_agency=common.department_title(dossier.department),
        cooperating=tuple(dict.fromkeys(linked)),
        rows=tuple(hand_over for row in case.rows if (hand_over := _hand_over(case, row)) is not None),
    )


def _hand_over(case: Case, row: DossierHistory) -> HandOver | None:
    desk, applicant = "Bộ phận tiếp nhận và trả kết quả", "Người nộp hồ sơ"
    agency = common.department_title(case.dossier.department)
    other = common.department_title(row.agency) if row.agency else "Cơ quan phối hợp"
    ways = {
        "receive": (applicant, desk),
        "transfer": (desk, agency),
        "forward": (agency, other),
        "receive_back": (other, agency),
        "supplement": (desk, applicant),
        "complete": (applicant, desk),
        "hand_over": (desk, applicant),
        **dict.fromkeys(COUNTED, (agency, desk)),
    }
    if row.move not in ways:
        return None
    giver, receiver = ways[row.move]
    outcome = punctuality(row.on, row.due_on) if row.move in COUNTED else None
    note = COUNTED.get(row.move, "")
    at = case.local(row.at)
    if row.on != at.date():
        at, note = datetime.combine(row.on, at.time(), at.tzinfo), f"{note} (nhập ngày {at:%d/%m/%Y})".strip()
    return HandOver(giver=giver, receiver=receiver, at=at, outcome=outcome, note=note)


def _number(row: DossierHistory, paper: str) -> str:
    return slip_number(row.paper_number, MARKS[paper]) if row.paper_number else ""


PAPERS: dict[Form, Callable[[Case], Paper | None]] = {
    Form.RECEIPT: _receipt,
    Form.SUPPLEMENT: _supplement,
    Form.REFUSAL: _refusal,
    Form.APOLOGY: _apology,
    Form.STOP: _stop,
    Form.CONTROL: _control,
}
NEEDED: dict[Form, str | None] = {
    Form.RECEIPT: None,
    Form.SUPPLEMENT: "supplement",
    Form.REFUSAL: "return",
    Form.APOLOGY: "apologise",
    Form.STOP: "stop",
    Form.CONTROL: None,
}
"""The entry without which a paper has nothing to tell."""
