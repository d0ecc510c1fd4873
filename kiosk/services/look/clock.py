"""The rule by which a dossier's clock starts, in words."""

from __future__ import annotations

from datetime import date

from kiosk.domain.procedure import ClockStart, Procedure
from kiosk.i18n import translate

CLOCK_WORDS = {
    ClockStart.RECEIPT: "Tính từ ngày nhận đủ hồ sơ tại quầy (%(day)s)",
    ClockStart.DECIDING_AGENCY: "Tính từ ngày cơ quan giải quyết nhận hồ sơ (dự kiến %(day)s)",
    ClockStart.POSTMARK: "Nộp qua bưu điện tính từ ngày dấu bưu điện (%(day)s)",
}


def clock_text(procedure: Procedure, clock_on: date, language: str, *, by_post: bool = False) -> str:
    """Where the term begins, and on which day; a postmark is there only for what came by post."""
    rule = procedure.clock_start
    if rule is ClockStart.POSTMARK and not by_post:
        rule = ClockStart.RECEIPT
    return translate(CLOCK_WORDS[rule], language, day=f"{clock_on:%d/%m/%Y}")
