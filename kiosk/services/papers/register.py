"""The register of dossiers (sổ theo dõi hồ sơ) of a stretch of days."""

from __future__ import annotations

from datetime import date

from peewee import JOIN

from kiosk.domain.dossier import DossierState
from kiosk.domain.errors import DomainError
from kiosk.domain.papers import Register, RegisterRow
from kiosk.models import Dossier, Office, Person
from kiosk.services.papers import common

MOST_ROWS = 3_000
"""Two or three days of a large centre; a longer book is printed in stretches."""

NOTES = {
    DossierState.RETURNED: "Trả lại hồ sơ",
    DossierState.WITHDRAWN: "Người nộp rút",
    DossierState.STOPPED: "Dừng giải quyết",
    DossierState.AWAITING_SUPPLEMENT: "Chờ bổ sung",
    DossierState.SUSPENDED: "Chờ nghĩa vụ tài chính",
}


def register_of(office_id: int, first: date, last: date, today: date) -> Register:
    """What was received from `first` to `last`, in the order of the book.

    Raises DomainError("period_reversed", "register_too_long").
    """
    if last < first:
        raise DomainError("period_reversed", first=first.isoformat(), last=last.isoformat())
    wanted = (Dossier.office == office_id) & Dossier.received_on.between(first, last)
    rows = Dossier.select(Dossier, Person).join(Person, JOIN.LEFT_OUTER, on=Dossier.person).where(wanted)
    if rows.count() > MOST_ROWS:
        raise DomainError("register_too_long", most=MOST_ROWS)
    office = Office.get_by_id(office_id)
    return Register(
        head=common.head_of(office),
        book=str(first.year),
        first_day=first,
        last_day=last,
        day=today,
        rows=tuple(_row(row) for row in rows.order_by(Dossier.received_on, Dossier.register_number)),
    )


def _row(dossier: Dossier) -> RegisterRow:
    person = dossier.person if dossier.person_id and dossier.person.erased_at is None else None
    return RegisterRow(
        entry=dossier.register_number or 0,
        code=dossier.code,
        request=dossier.procedure_name,
        owner=person.name if person else common.ERASED,
        sets=dossier.sets,
        address=person.address if person else "",
        phone=person.phone if person else "",
        received_on=dossier.received_on,
        due=dossier.due_on,
        returned_on=dossier.handed_over_on,
        note=NOTES.get(DossierState(dossier.state), ""),
    )
