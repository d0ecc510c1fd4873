"""An admin's word on one term or fee between two days, with its reason; revoked, never deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kiosk.database import OfficeTransaction, look_at_office, office_transaction
from kiosk.domain.deadlines import LONGEST_TERM, Term, TimeUnit
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import ProcedureOverridden
from kiosk.domain.money import check_amount
from kiosk.domain.names import clean_note
from kiosk.domain.procedure import FeeCase, Procedure
from kiosk.models import CatalogueEdition, ProcedureOverride
from kiosk.plugin import gate
from kiosk.plugin.editions import Override, patched, term_of
from kiosk.plugin.procedure_values import term_values
from kiosk.services.announce import announce
from kiosk.services.catalogue.changes import (
    REVOKED,
    check_reason,
    check_start,
    known_procedure,
    turn_over,
)

KINDS = ("term", "fee")
LONGEST_BASIS = 300
UNITS = tuple(str(unit) for unit in TimeUnit)
UNITS_WITHOUT_VALUE = (TimeUnit.SAME_DAY, TimeUnit.NONE)


@dataclass(frozen=True)
class Wish:
    """What an admin asks for, unchecked: `case` "" is the usual term; `values` as `ProcedureOverride` keeps them."""

    department: str
    procedure: str
    kind: str
    case: str
    values: Mapping[str, Any]
    valid_from: date
    valid_to: date | None
    reason: str


@dataclass(frozen=True)
class Effect:
    """What an override changes: the same fact before and after (a term, or a fee case)."""

    procedure: Procedure
    before: Term | FeeCase | None
    after: Term | FeeCase | None
    values: dict[str, Any]
    reason: str


def foresee(office_id: int, wish: Wish, now: datetime, actor: str) -> Effect:
    """Check a wish as `override` does and say what it would change; nothing is kept. Raises the same."""
    return _checked(look_at_office(office_id, now, actor), wish)


def override(office_id: int, wish: Wish, now: datetime, actor: str) -> int:
    """Put a term or a fee in force from a day on, and return the override's id. Dossiers received keep theirs.

    Raises NotFound("unknown_procedure", "unknown_case"), Conflict("override_overlaps", "fee_by_rule"),
    DomainError("unknown_override_kind", "unknown_unit", "term_malformed", "amount_not_whole_dong", "amount_too_large",
    "period_reversed", "start_in_past", "reason_missing").
    """
    with office_transaction(office_id, now, actor) as transaction:
        gate.forget(office_id)
        effect = _checked(transaction, wish)
        row = ProcedureOverride.create(
            office=office_id,
            department=wish.department,
            procedure=wish.procedure,
            kind=wish.kind,
            case=wish.case,
            values=effect.values,
            valid_from=wish.valid_from,
            valid_to=wish.valid_to,
            reason=effect.reason,
            actor=actor,
            created_at=transaction.now,
        )
        _announce(transaction, row, wish.kind, "made")
    gate.forget(office_id)
    return int(row.id)


def revoke(office_id: int, override_id: int, reason: str, now: datetime, actor: str) -> None:
    """End an override as if it had not been made; dossiers received under it keep their term and fees.

    Raises NotFound("unknown_override"), Conflict("already_revoked"), DomainError("reason_missing").
    """
    _revoke(office_id, ProcedureOverride, override_id, reason, now, actor)


def revoke_edition(office_id: int, edition_id: int, reason: str, now: datetime, actor: str) -> None:
    """Take back an edition; the one before it, or what the plugin says, holds again. Raises as `revoke` does."""
    _revoke(office_id, CatalogueEdition, edition_id, reason, now, actor)


def _revoke(office_id: int, model: Any, row_id: int, reason: str, now: datetime, actor: str) -> None:
    with office_transaction(office_id, now, actor) as transaction:
        row = model.get_or_none((model.office == office_id) & (model.id == row_id))
        if row is None:
            raise NotFound("unknown_override", override=row_id)
        if row.revoked_at is not None:
            raise Conflict("already_revoked")
        row.values = {**row.values, REVOKED: {"reason": check_reason(reason), "actor": actor}}
        row.revoked_at = transaction.now
        row.save()
        _announce(transaction, row, row.kind if model is ProcedureOverride else "edition", "revoked")
    gate.forget(office_id)


def _announce(transaction: OfficeTransaction, row: Any, what: str, change: str) -> None:
    last = getattr(row, "valid_to", None)
    announce(
        transaction,
        ProcedureOverridden(
            department=row.department,
            procedure=row.procedure,
            what=what,
            case=getattr(row, "case", ""),
            change=change,
            valid_from=row.valid_from.isoformat(),
            valid_to=last.isoformat() if last else None,
        ),
    )
    turn_over(transaction)


def _checked(transaction: OfficeTransaction, wish: Wish) -> Effect:
    procedure = known_procedure(transaction.office_id, wish.department, wish.procedure, wish.valid_from)
    if wish.kind not in KINDS:
        raise DomainError("unknown_override_kind", field="kind", allowed=list(KINDS))
    before = _fact(procedure, wish)
    values = _fee(wish.values) if isinstance(before, FeeCase) else _term(wish.values)
    check_start(wish.valid_from, transaction)
    if wish.valid_to is not None and wish.valid_to < wish.valid_from:
        raise DomainError("period_reversed", field="valid_to")
    _refuse_overlap(transaction.office_id, wish)
    reason = check_reason(wish.reason)
    change = Override(
        wish.department, wish.procedure, wish.kind, wish.case, values, wish.valid_from, wish.valid_to
    )
    return Effect(procedure, before, _fact(patched(procedure, change), wish), values, reason)


def _fact(procedure: Procedure, wish: Wish) -> Term | FeeCase | None:
    """The fact a wish is about. Raises NotFound("unknown_case"), Conflict("fee_by_rule")."""
    if wish.kind == "term":
        if not wish.case:
            return procedure.term
        found = next((case for case in procedure.term_cases if case.key == wish.case), None)
        if found is None:
            raise NotFound("unknown_case", case=wish.case[:40])
        return found.term
    cases = [case for case in procedure.fees if case.key == wish.case]
    if not cases:
        raise NotFound("unknown_case", case=wish.case[:40])
    case = next((case for case in cases if case.in_force(wish.valid_from)), cases[-1])
    if case.by_rule:
        raise Conflict("fee_by_rule", case=case.key)
    return case


def _fee(values: Mapping[str, Any]) -> dict[str, Any]:
    basis = clean_note(values.get("basis") or "", LONGEST_BASIS, "basis").replace("\n", " ")
    amounts = {key: check_amount(values.get(key)) for key in ("direct", "online")}
    return amounts | ({"basis": basis} if basis else {})


def _term(values: Mapping[str, Any]) -> dict[str, Any]:
    unit, value = values.get("unit"), values.get("value") or 0
    if unit not in UNITS:
        raise DomainError("unknown_unit", field="unit", allowed=list(UNITS))
    if type(value) is not int or value > LONGEST_TERM or (value == 0) != (unit in UNITS_WITHOUT_VALUE):
        raise DomainError("term_malformed", field="value", unit=unit, value=str(value)[:20])
    given = {
        key: values[key]
        for key in ("extendable_to_working_days", "excluded_calendar_days")
        if values.get(key)
    }
    return term_values(term_of({"unit": unit, "value": value, **given})) | {"value": value}


def _refuse_overlap(office_id: int, wish: Wish) -> None:
    table: Any = ProcedureOverride
    same = (
        (table.office == office_id)
        & (table.department == wish.department)
        & (table.procedure == wish.procedure)
        & (table.kind == wish.kind)
        & (table.case == wish.case)
        & table.revoked_at.is_null()
        & (table.valid_to.is_null() | (table.valid_to >= wish.valid_from))
    )
    if wish.valid_to is not None:
        same &= table.valid_from <= wish.valid_to
    other = table.select().where(same).order_by(table.valid_from).first()
    if other is not None:
        last = f"{other.valid_to:%d/%m/%Y}" if other.valid_to else "…"
        period = f"{other.valid_from:%d/%m/%Y}–{last}"
        raise Conflict("override_overlaps", field="valid_from", override=other.id, period=period)
