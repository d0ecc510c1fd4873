"""What visitors are told, and what they agree to, in their language.

A body and its address fit into one SMS of 160 characters once diacritics are gone, whatever the number and counter.
"""

from __future__ import annotations

from datetime import date

from kiosk.i18n import translate

POST_TITLES = {
    "post_sent": "Kết quả đã gửi qua bưu chính",
    "post_out": "Bưu tá đang giao kết quả",
    "post_failed": "Bưu tá chưa giao được kết quả",
    "post_delivered": "Kết quả đã được giao",
    "post_returned": "Kết quả đã chuyển lại Trung tâm",
}
POST_BODIES = {
    "post_sent": "Bưu gửi %(number)s đã giao cho bưu điện, dự kiến đến ngày %(day)s.",
    "post_out": "Bưu gửi %(number)s đang được giao hôm nay. Xin mang giấy tờ tùy thân.",
    "post_failed": "Bưu tá chưa giao được bưu gửi %(number)s và sẽ quay lại.",
    "post_delivered": "Bưu gửi %(number)s đã giao ngày %(day)s.",
    "post_returned": "Bưu gửi %(number)s đã về Trung tâm. Mời quý vị đến nhận tại quầy.",
}

LONGEST_BODY = 100
"""With a blank and the address of a follow page (up to 59 characters) it makes 160."""


def title_of(occasion: str, label: str, language: str) -> str:
    """The subject of an e-mail, the head of a message."""
    if occasion == "near":
        return translate("Số %(label)s sắp đến lượt", language, label=label)
    if occasion == "called":
        return translate("Số %(label)s: mời đến quầy", language, label=label)
    return translate("Số của quý vị cho ngày làm việc sau: %(label)s", language, label=label)


def body_of(occasion: str, label: str, counter: int | None, day: date, replaces: str, language: str) -> str:
    """One or two sentences without a name and without an address."""
    if occasion == "near":
        return translate(
            "Số %(label)s sắp đến lượt. Xin quý vị có mặt gần khu vực quầy.", language, label=label
        )
    if occasion == "called":
        return translate(
            "Mời quý vị có số %(label)s đến quầy số %(counter)s.", language, label=label, counter=counter
        )
    return translate(
        "Số %(old)s chưa kịp phục vụ. Số mới của quý vị: %(label)s, ngày %(day)s.",
        language,
        old=replaces,
        label=label,
        day=f"{day:%d/%m/%Y}",
    )


def consent_of(language: str) -> str:
    """What somebody agrees to who leaves an address."""
    return translate(
        "Tôi đồng ý để Trung tâm dùng địa chỉ này chỉ để báo về số thứ tự này (và số thay thế nếu chuyển sang ngày làm"
        " việc sau). Địa chỉ được xóa khi hết ngày của số; tôi có thể ngừng nhận bất cứ lúc nào tại trang này.",
        language,
    )


def post_title(occasion: str, language: str) -> str:
    """The subject of a message about a parcel."""
    return translate(POST_TITLES[occasion], language)


def post_body(occasion: str, number: str, day: date | None, language: str) -> str:
    """One or two sentences about a parcel, without a name and without an address."""
    return translate(POST_BODIES[occasion], language, number=number, day=f"{day:%d/%m}" if day else "–")
