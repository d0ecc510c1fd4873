"""The front door: what this place is, and the way to everything else."""

from __future__ import annotations

from flask import Blueprint

from kiosk.views.door import page, public, settings, words

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def home() -> str:
    """For citizens the look-up, for staff the sign-in, in the demo its addresses."""
    return page("home/home.html", demo_links=_demo_links() if settings().demo else [])


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
            "title": words("Máy in ảo"),
            "url": "/demo/printer",
            "note": words("Xem phiếu vừa in, bật thử lỗi máy in"),
        },
    ]
