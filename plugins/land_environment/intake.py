"""What the counter asks because the fee or the term depends on it; term keys are those of the term cases."""

from __future__ import annotations

from kiosk.domain.procedure import IntakeField, Procedure
from kiosk.plugin import Answers

from .fees import CHANGE, EXCHANGE, INDIVIDUAL, LAND_DATA, LOST, MORTGAGE, ORGANISATION, cell_key

SUBJECT = IntakeField(
    "subject",
    "Người nộp hồ sơ",
    "Applicant",
    "choice",
    ((INDIVIDUAL, "Hộ gia đình, cá nhân"), (ORGANISATION, "Tổ chức")),
    INDIVIDUAL,
)
OBJECT = IntakeField(
    "object",
    "Nội dung trên Giấy chứng nhận",
    "What the certificate is about",
    "choice",
    (("land", "Đất"), ("assets", "Tài sản gắn liền với đất"), ("both", "Đất và tài sản gắn liền với đất")),
    "land",
)


def _term(title: str, title_en: str, choices: tuple[tuple[str, str], ...], default: str) -> IntakeField:
    return IntakeField("term_case", title, title_en, "choice", choices, default)


FIELDS: dict[str, tuple[IntakeField, ...]] = {
    EXCHANGE: (
        SUBJECT,
        OBJECT,
        IntakeField(
            "certificates",
            "Số Giấy chứng nhận (mỗi thửa đất, mỗi người đồng sử dụng một Giấy)",
            "Number of certificates (one a parcel and a co-user)",
            "count",
            default=1,
            minimum=1,
            maximum=99,
        ),
        _term(
            "Đo đạc lại",
            "New survey",
            (("survey", "Có đo đạc lại"), ("no_survey", "Không đo đạc lại")),
            "survey",
        ),
    ),
    LOST: (SUBJECT, OBJECT),
    CHANGE: (
        SUBJECT,
        IntakeField(
            "outcome",
            "Kết quả đề nghị",
            "Result asked for",
            "choice",
            (
                ("new", "Cấp mới Giấy chứng nhận"),
                ("annotation", "Chứng nhận biến động trên Giấy chứng nhận đã cấp"),
            ),
            "new",
        ),
        OBJECT,
        _term(
            "Loại biến động",
            "Kind of change",
            (
                ("transfer", "Chuyển nhượng, thừa kế, tặng cho"),
                ("sublease", "Cho thuê, cho thuê lại đất trong dự án xây dựng kinh doanh kết cấu hạ tầng"),
            ),
            "transfer",
        ),
    ),
    MORTGAGE: (SUBJECT, OBJECT),
    LAND_DATA: (
        SUBJECT,
        IntakeField(
            "scans",
            "Số Giấy chứng nhận cần bản sao (bản quét)",
            "Certificates to be scanned",
            "count",
            default=1,
        ),
        IntakeField("pages", "Số trang tài liệu khác", "Pages of other documents", "count", default=0),
        _term(
            "Dữ liệu",
            "Data",
            (("not_available", "Không có sẵn"), ("available", "Có sẵn")),
            "not_available",
        ),
    ),
}


def cell_problem(procedure: Procedure, answers: Answers) -> str | None:
    """Why an application without a known fee may not be received."""
    if cell_key(answers) in {case.key for case in procedure.fees}:
        return None
    return "Chưa có mức thu cho trường hợp này; cần xác nhận với Sở Tài nguyên và Môi trường trước khi tiếp nhận."
