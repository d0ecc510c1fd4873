"""What the counter asks because the fee goes by pages."""

from __future__ import annotations

from kiosk.domain.procedure import IntakeField
from kiosk.plugin import Answers

from .fees import PAGES_WITHOUT_RATE, PUBLICATION

MOST_PAGES = 9_999

FIELDS: dict[str, tuple[IntakeField, ...]] = {
    PUBLICATION: (
        IntakeField(
            "pages",
            "Số trang quy chuẩn",
            "Standard pages",
            "count",
            default=1,
            minimum=1,
            maximum=MOST_PAGES,
        ),
    ),
}


def pages_problem(answers: Answers) -> str | None:
    """Why a document of so many pages cannot be received yet."""
    if answers["pages"] >= PAGES_WITHOUT_RATE:
        return (
            f"Chưa có mức thu đã xác nhận cho tài liệu từ {PAGES_WITHOUT_RATE} trang quy chuẩn; "
            "đề nghị liên hệ Sở Thông tin và Truyền thông."
        )
    return None
