"""What the counter asks before a fee can be told."""

from __future__ import annotations

from kiosk.domain.procedure import IntakeField
from kiosk.plugin import Answers

from .fees import CERTIFIED_COPY, CERTIFIED_SIGNATURE, CRIMINAL_RECORD, EXTRACT

SLIP_ONE, SLIP_TWO = "slip_1", "slip_2"


def _count(key: str, title: str, title_en: str, most: int) -> IntakeField:
    return IntakeField(key, title, title_en, "count", default=1, minimum=1, maximum=most)


FIELDS: dict[str, tuple[IntakeField, ...]] = {
    CRIMINAL_RECORD: (
        IntakeField(
            "slip_kind",
            "Loại Phiếu",
            "Kind of slip",
            "choice",
            ((SLIP_ONE, "Phiếu số 1"), (SLIP_TWO, "Phiếu số 2")),
            SLIP_ONE,
        ),
        IntakeField("by_proxy", "Người được ủy quyền nộp", "Handed in by a proxy", "yes_no", default=False),
        _count("slips", "Số Phiếu yêu cầu cấp", "Number of slips", 99),
    ),
    CERTIFIED_COPY: (
        _count("pages", "Số trang của bản chính", "Pages of the original", 999),
        _count("copies", "Số bản sao", "Number of copies", 999),
    ),
    CERTIFIED_SIGNATURE: (_count("cases", "Số trường hợp (văn bản)", "Number of cases (documents)", 99),),
    EXTRACT: (_count("copies", "Số bản sao", "Number of copies", 99),),
}


def proxy_problem(answers: Answers) -> str | None:
    """Why a proxy may not hand this in."""
    if answers["slip_kind"] == SLIP_TWO and answers["by_proxy"]:
        return "Phiếu lý lịch tư pháp số 2 không được ủy quyền cho người khác làm thủ tục."
    return None
