"""The classes of visitors whom the law or the house serves before others."""

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
