"""What incoming money is for, as far as its memo says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.payment.reference import find_references


class Reason(StrEnum):
    """Why a person has to decide about money."""

    NO_REFERENCE = "no_reference"
    REFERENCE_DAMAGED = "reference_damaged"
    """Something like a reference, whose check character is wrong: nothing is guessed."""
    REFERENCE_UNKNOWN = "reference_unknown"
    SEVERAL_REFERENCES = "several_references"
    REQUEST_CLOSED = "request_closed"
    """The request was withdrawn, exempt or refunded before the money came."""
    TAKEN_BACK = "taken_back"
    """A credit was a mistake."""


@dataclass(frozen=True)
class Reading:
    """What a memo asks for: one reference, or the reason why there is not one."""

    reference: str | None
    reason: Reason | None


def read_memo(memo: str, prefixes: Sequence[str]) -> Reading:
    """The one reference in a memo."""
    whole: list[str] = []
    near = False
    for prefix in prefixes:
        found = find_references(memo, prefix)
        whole += found.references
        near = near or bool(found.near)
    if len(whole) == 1:
        return Reading(whole[0], None)
    if whole:
        return Reading(None, Reason.SEVERAL_REFERENCES)
    return Reading(None, Reason.REFERENCE_DAMAGED if near else Reason.NO_REFERENCE)
