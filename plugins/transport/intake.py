"""What the counter asks because the term depends on it; the keys are those of the procedures' term cases."""

from __future__ import annotations

from kiosk.domain.procedure import IntakeField

LOST_LICENCE = "1.002820"
BADGE = "2.002288"

FIELDS: dict[str, tuple[IntakeField, ...]] = {
    LOST_LICENCE: (
        IntakeField(
            "term_case",
            "Lý do cấp lại",
            "Why it is reissued",
            "choice",
            (("usual", "Bị mất"), ("retest", "Hỏng, quá hạn: sát hạch lại")),
            "usual",
        ),
    ),
    BADGE: (
        IntakeField(
            "term_case",
            "Nơi đăng ký xe",
            "Where the vehicle is registered",
            "choice",
            (("local", "Xe thuộc địa phương"), ("elsewhere", "Xe đăng ký địa phương khác")),
            "local",
        ),
    ),
}
