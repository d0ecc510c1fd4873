"""What the counter asks because a fee or a term depends on it."""

from __future__ import annotations

from kiosk.domain.procedure import IntakeField

LICENCE = "1.999001"

FIELDS: dict[str, tuple[IntakeField, ...]] = {
    LICENCE: (
        IntakeField("copies", "Số bản", "Number of copies", "count", default=1, minimum=1, maximum=20),
    ),
}
