"""What the counter asks because the fee goes by devices."""

from __future__ import annotations

from kiosk.domain.procedure import IntakeField

from .fees import X_RAY

FIELDS: dict[str, tuple[IntakeField, ...]] = {
    X_RAY: (IntakeField("devices", "Số thiết bị", "Number of devices", "count", default=1, minimum=1),),
}
