"""What the counter asks because the fee or the term depends on it; the keys are those of the procedures' cases."""

from __future__ import annotations

from kiosk.domain.procedure import IntakeField

from .fees import BY_LIST, PASSPORT, TEMPORARY_RESIDENCE

ID_CARD = "2.000200"
NUMBER_CONFIRMATION = "2.001178"
PERMANENT_RESIDENCE = "1.004222"
MOST_PEOPLE = 500


def _fee_case(title: str, title_en: str, choices: tuple[tuple[str, str], ...]) -> IntakeField:
    return IntakeField("fee_case", title, title_en, "choice", choices, choices[0][0])


FIELDS: dict[str, tuple[IntakeField, ...]] = {
    PASSPORT: (
        _fee_case(
            "Lý do cấp hộ chiếu",
            "Why a passport is asked for",
            (
                ("standard", "Cấp lần đầu, cấp lại thông thường"),
                ("lost_or_damaged", "Cấp lại do bị hỏng hoặc mất"),
            ),
        ),
    ),
    ID_CARD: (
        _fee_case(
            "Lý do cấp thẻ",
            "Why a card is asked for",
            (("first", "Cấp lần đầu"), ("exchange", "Đổi thẻ"), ("reissue", "Cấp lại thẻ")),
        ),
    ),
    PERMANENT_RESIDENCE: (
        _fee_case(
            "Đối tượng nộp lệ phí",
            "Who registers",
            (("standard", "Thông thường"), ("exempt", "Được miễn")),
        ),
    ),
    TEMPORARY_RESIDENCE: (
        _fee_case(
            "Đối tượng nộp lệ phí",
            "Who registers",
            (("individual", "Cá nhân"), (BY_LIST, "Theo danh sách"), ("exempt", "Được miễn")),
        ),
        IntakeField(
            "people",
            "Số người trong danh sách",
            "People on the list",
            "count",
            default=1,
            minimum=1,
            maximum=MOST_PEOPLE,
        ),
    ),
    NUMBER_CONFIRMATION: (
        IntakeField(
            "term_case",
            "Thông tin trong cơ sở dữ liệu quốc gia về dân cư",
            "Is the number in the national population database?",
            "choice",
            (("not_in_database", "Chưa có, hoặc chưa biết"), ("in_database", "Đã có")),
            "not_in_database",
        ),
    ),
}
