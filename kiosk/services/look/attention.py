"""Which open dossiers need somebody today: not yet passed on, nearly due, overdue, waiting for papers."""

from __future__ import annotations

from datetime import date
from typing import Any

from kiosk.domain.dossier import DossierState
from kiosk.domain.errors import DomainError, NotFound
from kiosk.models import Dossier
from kiosk.services.calendar_of import calendar_of, zone_of

ATTENTION_TITLES = {
    "not_transferred": "Chưa chuyển cơ quan giải quyết",
    "due_soon": "Sắp đến hạn",
    "overdue": "Quá hạn",
    "awaiting_supplement": "Chờ bổ sung",
}


def needing(attention: str, office_id: int | None, today: date) -> tuple[Any, Any]:
    """The condition and the order (most urgent first) of the open dossiers of one kind of need.

    "not_transferred": should have left the desk by now (NĐ 61/2018 Đ.18.2); "due_soon": due today or on the next
    working day; "overdue" and "due_soon" leave out those whose clock stands. Raises
    DomainError("unknown_attention"), NotFound("unknown_office").
    """
    if attention not in ATTENTION_TITLES:
        raise DomainError("unknown_attention", attention=attention[:40], allowed=list(ATTENTION_TITLES))
    if office_id is None:
        raise NotFound("unknown_office", office=None)
    # What is open has no closing day: the index on office and closing day finds the few among the many.
    is_open = (Dossier.office == office_id) & Dossier.closed_on.is_null()
    running = is_open & (Dossier.state == DossierState.IN_PROGRESS)
    match attention:
        case "not_transferred":
            waiting = running & Dossier.transferred_on.is_null() & (Dossier.forward_by < today)
            return waiting, Dossier.forward_by
        case "due_soon":
            soon = calendar_of(office_id, today, zone_of(office_id)).next_working_day(today)
            return running & Dossier.due_on.between(today, soon), Dossier.due_on
        case "overdue":
            return running & (Dossier.due_on < today), Dossier.due_on
    return is_open & (Dossier.state == DossierState.AWAITING_SUPPLEMENT), Dossier.received_at
