"""Who is called next, and why: priority classes first, then order of arrival."""

from __future__ import annotations

from enum import StrEnum

from kiosk.domain.errors import DomainError


class Priority(StrEnum):
    """Reasons for being served first.

    Elderly: Luật Người cao tuổi Đ.2, Đ.3.1.c (60 or older); disability: Luật Người khuyết tật Đ.4;
    pregnancy or a small child and persons with merit: the centre's own house rules.
    """

    ELDERLY = "elderly"
    DISABILITY = "disability"
    PREGNANCY = "pregnancy"
    MERIT = "merit"
    NORMAL = "normal"


ELDERLY_FROM_AGE = 60
PRIORITY_RANK = 0
NORMAL_RANK = 1

RANKS = {
    Priority.ELDERLY: PRIORITY_RANK,
    Priority.DISABILITY: PRIORITY_RANK,
    Priority.PREGNANCY: PRIORITY_RANK,
    Priority.MERIT: PRIORITY_RANK,
    Priority.NORMAL: NORMAL_RANK,
}
"""Lower is called earlier. The law names no order among the reasons, so they share one rank."""


def parse_priority(value: str | None) -> Priority:
    """The class a visitor claims; nothing claimed is NORMAL.

    Raises DomainError("unknown_priority") for anything else.
    """
    if value is None or value == "":
        return Priority.NORMAL
    try:
        return Priority(value)
    except ValueError:
        raise DomainError(
            "unknown_priority", priority=value[:40], allowed=[str(p) for p in Priority]
        ) from None


def rank_of(priority: Priority) -> int:
    """The waiting rank of a class (0 = called before 1)."""
    return RANKS[priority]
