"""The public post as a carrier: the three services of QĐ 45/2016/QĐ-TTg, its terms, its order interface, its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kiosk.domain.post.provinces import PROVINCES
from kiosk.plugin import PostalCarrier, Setting, SettingValues, hookimpl
from kiosk.plugin.web import address_problem

CUSTOMER_LENGTH = 40
SHORTEST_TOKEN = 8
POSTAGE = (
    ("postage_district", "Cước trong huyện cũ, xã lân cận (đồng)", "Postage nearby (đồng)", 15_000),
    ("postage_province", "Cước trong tỉnh (đồng)", "Postage within the province (đồng)", 25_000),
    ("postage_cities", "Cước giữa các thành phố lớn (đồng)", "Postage between large cities (đồng)", 30_000),
    ("postage_nation", "Cước liên tỉnh (đồng)", "Postage elsewhere (đồng)", 35_000),
)


@hookimpl
def settings_schema() -> list[Setting]:
    """Where the centre is, what the post charges, and the post's order interface where the office uses it."""
    return [
        Setting(
            "province",
            "Tỉnh, thành phố của Trung tâm",
            "choice",
            "bacninh",
            "Province of the centre",
            choices=tuple((each.key, each.name) for each in PROVINCES.values()),
        ),
        Setting(
            "near",
            "Xã, phường, huyện cũ tính là cùng địa bàn",
            "str",
            "",
            "Communes that count as the centre's own district",
            "Cách nhau bằng dấu phẩy; bưu gửi đến đó có chỉ tiêu J+1.",
            most=2_000,
        ),
        Setting(
            "first_class",
            "Trung tâm ở đô thị đặc biệt hoặc loại I",
            "bool",
            False,
            "The centre is in a city of special or first class",
        ),
        *(
            Setting(key, title, "int", usual, english, least=0, most=10_000_000)
            for key, title, english, usual in POSTAGE
        ),
        Setting(
            "url",
            "Địa chỉ giao diện nhận đơn của bưu điện",
            "str",
            "",
            "Address of the post's order interface",
            "Để trống: không gửi đơn, chỉ giao theo bảng kê.",
        ),
        Setting("customer", "Mã khách hàng tại bưu điện", "str", "", "Customer code", most=CUSTOMER_LENGTH),
        Setting("token", "Khóa truy cập (access_token)", "secret", None, "Access token"),
    ]


@hookimpl
def check_settings(values: SettingValues) -> Mapping[str, str] | None:
    """An interface is set up as a whole, or not at all."""
    if not values["url"]:
        return None
    if (problem := address_problem(values["url"])) is not None:
        return {"url": problem}
    if not values["customer"].strip():
        return {"customer": "Cần mã khách hàng để gửi đơn"}
    if len(values["token"] or "") < SHORTEST_TOKEN:
        return {"token": f"Khóa truy cập cần ít nhất {SHORTEST_TOKEN} ký tự"}
    return None


@hookimpl
def postal_carriers(office: int, settings: SettingValues) -> Sequence[PostalCarrier] | None:
    """One post."""
    from .carrier import PublicPost

    return [PublicPost(settings)]
