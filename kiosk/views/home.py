"""The front door: what this place is, and the way to everything else."""

from __future__ import annotations

from flask import Blueprint

from kiosk.services.hall_settings import hall_settings
from kiosk.views.door import page, public, settings, shown_office, words
from kiosk.views.take import books

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def home() -> str:
    """For citizens the look-up, for staff the sign-in, in the demo its addresses."""
    return page("home/home.html", from_home=_from_home(), demo_links=_demo_links() if settings().demo else [])


def _from_home() -> list[dict[str, str]]:
    """What a citizen may do before coming, where this centre offers it."""
    office = shown_office()
    if office is None:
        return []
    links = []
    if hall_settings(office["id"]).remote.enabled:
        note = words("Để lại số điện thoại và lấy số trước khi đến")
        links.append({"title": words("Lấy số từ xa"), "url": f"/take/{office['key']}", "note": note})
    if books(office["id"]):
        note = words("Chọn ngày và giờ để không phải chờ")
        links.append({"title": words("Đặt lịch hẹn"), "url": f"/book/{office['key']}", "note": note})
    note = words("Bao nhiêu số đã lấy, đã gọi và đang chờ ở mỗi lĩnh vực")
    links.append({"title": words("Hôm nay tại trung tâm"), "url": f"/today/{office['key']}", "note": note})
    return links


def _demo_links() -> list[dict[str, str]]:
    return [
        {
            "title": words("Máy lấy số"),
            "url": "/kiosk",
            "note": words("Lấy số như công dân; phiếu ra ở máy in ảo"),
        },
        {"title": words("Bảng gọi số"), "url": "/board", "note": words("Đổi ngay khi quầy gọi số")},
        {
            "title": words("Quầy"),
            "url": "/counter",
            "note": words("Đăng nhập bằng tài khoản in ở cửa sổ lệnh"),
        },
        {
            "title": words("Quản trị"),
            "url": "/admin",
            "note": words("Tài khoản, hàng đợi, phần mở rộng, báo cáo"),
        },
        {
            "title": words("Ngân hàng giả"),
            "url": "/demo/bank",
            "note": words("Quét mã ở quầy, trả đúng, thiếu, hai lần hay trả muộn"),
        },
        {
            "title": words("Máy in ảo"),
            "url": "/demo/printer",
            "note": words("Xem phiếu vừa in, bật thử lỗi máy in"),
        },
    ]
