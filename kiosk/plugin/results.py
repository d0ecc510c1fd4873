"""What each hook may answer: the type in its signature, and what a type cannot say.

An answer that does not fit counts as a failure of the plugin, so that it never reaches a receipt or a page.
"""

from __future__ import annotations

from typing import Any, get_type_hints

from kiosk.domain.errors import DomainError
from kiosk.domain.money import FeeLine
from kiosk.domain.numbering import check_prefix
from kiosk.domain.procedure import Department, FeeCase, IntakeField, Procedure
from kiosk.plugin import hookspecs
from kiosk.plugin.postal import PostalCarrier, carrier_fault
from kiosk.plugin.providers import NotificationChannel, PaymentProvider, channel_fault, provider_fault
from kiosk.plugin.shapes import NOTHING, Check, shape_of

FIELD_KINDS = ("choice", "count", "amount", "yes_no")


def fits(field: IntakeField, value: Any) -> bool:
    """Whether a value answers the question."""
    match field.kind:
        case "choice":
            return value in dict(field.choices)
        case "count" | "amount":
            return type(value) is int and field.minimum <= value <= field.maximum
        case "yes_no":
            return type(value) is bool
    return False


def _question(field: IntakeField) -> str | None:
    if not field.key or not field.title:
        return ": a question has a key and a title"
    if field.kind not in FIELD_KINDS:
        return f".kind: expected one of {', '.join(FIELD_KINDS)}"
    return None if fits(field, field.default) else ".default: does not answer the question"


def _line(line: FeeLine) -> str | None:
    return None if line.case else ".case: is empty"


def _case(case: FeeCase) -> str | None:
    return None if case.key and case.title else ": a fee case has a key and a title"


def _procedure(procedure: Procedure) -> str | None:
    return None if procedure.key and procedure.name else ": a procedure has a key and a name"


def _department(department: Department) -> str | None:
    if not department.key or not department.title:
        return ": a department has a key and a title"
    if department.front_desk:
        try:
            check_prefix(department.prefix)
        except DomainError:
            return ".prefix: expected one or two capital letters"
    for place, procedure in enumerate(department.procedures):
        if procedure.department != department.key:
            return f".procedures[{place}].department: is not {department.key!r}"
    return None


RULES: dict[type, Check] = {
    Department: _department,
    FeeCase: _case,
    FeeLine: _line,
    IntakeField: _question,
    NotificationChannel: channel_fault,
    PaymentProvider: provider_fault,
    PostalCarrier: carrier_fault,
    Procedure: _procedure,
}


def _answer_of(hook: str) -> Any:
    return get_type_hints(getattr(hookspecs, hook))["return"]


RESULTS: dict[str, Check] = {
    hook: shape_of(kind, RULES) for hook in hookspecs.HOOKS if (kind := _answer_of(hook)) is not NOTHING
}
"""The check of every hook that answers anything, by hook."""
