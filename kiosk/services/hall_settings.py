"""What an office sets for its hall, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from kiosk.database import office_transaction
from kiosk.domain.errors import NotFound
from kiosk.domain.events import HallChanged
from kiosk.domain.hall import HallSettings, read_section
from kiosk.models import Office
from kiosk.models.prepared import Prepared, Slot
from kiosk.services.announce import announce

HALL = Prepared(lambda: Office.select(Office.hall).where(Office.id == Slot("office")).limit(1))


def hall_settings(office_id: int) -> HallSettings:
    """The settings in force. Raises NotFound("unknown_office")."""
    row = HALL.first(office=office_id)
    if row is None:
        raise NotFound("unknown_office", office=office_id)
    return HallSettings.from_json(row.hall)


def change_hall(
    office_id: int, section: str, values: Mapping[str, Any], now: datetime, actor: str
) -> HallSettings:
    """Set the named values of a section; the others stay. No change, no entry.

    Raises DomainError("hall_setting_malformed"), NotFound("unknown_office").
    """
    with office_transaction(office_id, now, actor) as transaction:
        office = Office.get_by_id(office_id)
        before = HallSettings.from_json(office.hall)
        present = asdict(getattr(before, section)) if hasattr(before, section) else {}
        after = {**asdict(before), section: asdict(read_section(section, {**present, **values}))}
        if after != asdict(before):
            office.hall = after
            office.save(only=[Office.hall])
            announce(transaction, HallChanged(section=section))
    return HallSettings.from_json(after)
