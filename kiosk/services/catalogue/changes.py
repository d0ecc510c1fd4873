"""What every change of an office's catalogue has in common: its day, its reason, and the number that makes it count."""

from __future__ import annotations

from datetime import date
from typing import Any

from kiosk.database import OfficeTransaction
from kiosk.domain.errors import DomainError, NotFound
from kiosk.domain.names import clean_note
from kiosk.domain.procedure import Procedure
from kiosk.models import Office
from kiosk.plugin import gate

LONGEST_REASON = 500
REVOKED = "revoked"
"""Where a row's values keep who revoked it and why."""


def check_reason(text: object) -> str:
    """The reason, fit to keep. Raises DomainError("reason_missing") and what `clean_note` raises."""
    reason = clean_note(text, LONGEST_REASON, "reason")
    if not reason:
        raise DomainError("reason_missing", field="reason")
    return reason


def check_start(day: date, transaction: OfficeTransaction) -> None:
    """What was in force stays as it was: a change begins today at the earliest. Raises DomainError("start_in_past")."""
    if day < transaction.day:
        earliest = f"{transaction.day:%d/%m/%Y}"
        raise DomainError("start_in_past", field="valid_from", earliest=earliest)


def known_procedure(office_id: int, department: str, key: str, on: date) -> Procedure:
    """A procedure of the office's catalogue on a day, also of a department that is switched off.

    Raises NotFound("unknown_procedure").
    """
    found = gate.catalogue(office_id).on(on).procedures.get((department, key))
    if found is None:
        raise NotFound("unknown_procedure", procedure=key[:80])
    return found


def turn_over(transaction: OfficeTransaction) -> None:
    """Let every process read the office's catalogue anew from its next request on.

    The last thing before commit: what is read between here and there would be kept under a number that a rollback
    gives to another change.
    """
    version: Any = Office.catalogue_version
    Office.update(catalogue_version=version + 1).where(Office.id == transaction.office_id).execute()
