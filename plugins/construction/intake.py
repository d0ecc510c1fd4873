"""What the counter asks because the fee or the term depends on it; term keys are those of the term cases."""

from __future__ import annotations

from kiosk.domain.procedure import IntakeField

from .fees import DESIGN_APPRAISAL, PROJECT_APPRAISAL
from .rates import TY

BUILDING_PERMIT = "1.009974"
LARGEST_VALUE = 100_000 * TY - 1
USUAL_VALUE = 10 * TY


def _amount(key: str, title: str, title_en: str) -> IntakeField:
    return IntakeField(key, title, title_en, "amount", default=USUAL_VALUE, minimum=1, maximum=LARGEST_VALUE)


FIELDS: dict[str, tuple[IntakeField, ...]] = {
    BUILDING_PERMIT: (
        IntakeField(
            "fee_case",
            "Loại công trình",
            "Kind of building",
            "choice",
            (("other_works", "Công trình khác"), ("house", "Nhà ở riêng lẻ")),
            "other_works",
        ),
    ),
    DESIGN_APPRAISAL: (
        IntakeField(
            "works",
            "Loại công trình",
            "Kind of works",
            "choice",
            (
                ("civil", "Dân dụng"),
                ("industrial", "Công nghiệp"),
                ("transport", "Giao thông"),
                ("rural", "Nông nghiệp và phát triển nông thôn"),
                ("infrastructure", "Hạ tầng kỹ thuật"),
            ),
            "civil",
        ),
        _amount("construction_cost", "Chi phí xây dựng (đồng)", "Construction cost (đồng)"),
        IntakeField(
            "term_case",
            "Cấp công trình",
            "Class of the works",
            "choice",
            (("class_2_3", "Cấp II, cấp III"), ("class_1", "Cấp I"), ("other_class", "Còn lại")),
            "class_2_3",
        ),
    ),
    PROJECT_APPRAISAL: (_amount("total_investment", "Tổng mức đầu tư (đồng)", "Total investment (đồng)"),),
}
