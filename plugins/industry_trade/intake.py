"""What the counter asks because the fee depends on it."""

from __future__ import annotations

from kiosk.domain.procedure import IntakeField

from .fees import CITY, PETROL_STATION

FIELDS: dict[str, tuple[IntakeField, ...]] = {
    PETROL_STATION: (
        IntakeField(
            "area",
            "Địa bàn cửa hàng",
            "Where the station is",
            "choice",
            ((CITY, "Thành phố, thị xã"), ("other", "Khu vực khác")),
            CITY,
        ),
        IntakeField(
            "subject",
            "Chủ cửa hàng",
            "Whose it is",
            "choice",
            (("organisation", "Tổ chức, doanh nghiệp"), ("household", "Hộ kinh doanh, cá nhân")),
            "organisation",
        ),
        IntakeField(
            "points",
            "Số điểm kinh doanh",
            "Points of sale",
            "count",
            default=1,
            minimum=1,
            maximum=99,
        ),
    ),
}
