"""The paper an applicant takes home instead of a receipt: form 02 or form 03 without a dossier."""

from __future__ import annotations

from typing import Any

from kiosk.domain.errors import NotFound
from kiosk.domain.papers import RefusalSlip, SupplementSlip
from kiosk.models import DeclinedApplication, Office
from kiosk.services.decline_application import slip_number
from kiosk.services.paper_numbers import SUPPLEMENT
from kiosk.services.papers import common


def find_declined(office_id: int, key: int) -> DeclinedApplication:
    """Raises NotFound("unknown_slip")."""
    slip = DeclinedApplication.get_or_none(
        (DeclinedApplication.office == office_id) & (DeclinedApplication.id == key)
    )
    if slip is None:
        raise NotFound("unknown_slip", slip=key)
    return slip


def paper_of_declined(
    slip: DeclinedApplication, rating_url: str | None = None
) -> SupplementSlip | RefusalSlip:
    """The facts of the supplement request or the refusal."""
    office = Office.get_by_id(slip.office_id)
    shared: dict[str, Any] = {
        "head": common.head_of(office),
        "number": slip_number(slip),
        "day": slip.on,
        "code": None,
        "desk": common.desk_of(slip.department, slip.counter_id),
        "party": common.party_of(slip.person_id),
        "request": slip.procedure_name,
        "officer": common.officer_name(slip.officer_id),
        "rating_url": rating_url,
    }
    if slip.outcome != SUPPLEMENT:
        return RefusalSlip(**shared, reason=slip.reason)
    missing, reason = common.missing_of(slip.components, slip.reason)
    return SupplementSlip(
        **shared,
        missing=missing,
        reason=reason,
        officer_phone=office.phone,
        lookup_site=common.site_of(office),
    )
