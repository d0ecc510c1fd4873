"""What the counter asks because the term depends on it; the keys are those of the procedure's term cases."""

from __future__ import annotations

from kiosk.domain.procedure import IntakeField

PHARMACY = "1.004593"

FIELDS: dict[str, tuple[IntakeField, ...]] = {
    PHARMACY: (
        IntakeField(
            "term_case",
            "Kiểm tra thực tế cơ sở",
            "On-site inspection",
            "choice",
            (("inspection", "Phải kiểm tra thực tế"), ("no_inspection", "Không phải kiểm tra thực tế")),
            "inspection",
        ),
    ),
}
