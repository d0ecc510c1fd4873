"""The public look-up: how far along a dossier is, by its code; never a name (TT 01/2018 Đ.16.2.d)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, make_response, redirect, request

from kiosk.domain.dossier import DossierState
from kiosk.domain.errors import DomainError
from kiosk.services import look
from kiosk.views.door import language, page, public, words
from kiosk.views.forms import SEE_OTHER, say

blueprint = Blueprint("lookup", __name__)

LONGEST_CODE = 60

STEPS = ("Đã tiếp nhận", "Đang xử lý", "Có kết quả", "Đã trả kết quả")
STEPS_WHEN_ENDED = {
    DossierState.RETURNED: ("Đã tiếp nhận", "Đang xử lý", "Đã trả lại hồ sơ"),
    DossierState.WITHDRAWN: ("Đã tiếp nhận", "Đang xử lý", "Người nộp đã rút hồ sơ"),
    DossierState.STOPPED: ("Đã tiếp nhận", "Đang xử lý", "Đã dừng giải quyết"),
}
"""A dossier that ended without a result never had the step "Có kết quả"."""

TONES = {
    DossierState.AWAITING_SUPPLEMENT: "warn",
    DossierState.RETURNED: "warn",
    DossierState.WITHDRAWN: "warn",
    DossierState.SUSPENDED: "warn",
    DossierState.STOPPED: "warn",
    DossierState.FINISHED: "ok",
    DossierState.HANDED_OVER: "ok",
}
ADVICE = {
    DossierState.IN_PROGRESS: "Quý vị chưa cần làm gì thêm. Khi có kết quả, trang này sẽ đổi.",
    DossierState.AWAITING_SUPPLEMENT: "Xin quý vị nộp giấy tờ còn thiếu theo phiếu yêu cầu bổ sung, tại quầy đã tiếp nhận.",
    DossierState.FINISHED: "Mời quý vị mang giấy tiếp nhận đến nhận kết quả, hoặc chờ bưu chính nếu đã đăng ký.",
    DossierState.HANDED_OVER: "Hồ sơ đã hoàn tất. Cảm ơn quý vị.",
    DossierState.RETURNED: "Xin quý vị liên hệ quầy đã tiếp nhận để biết lý do và cách nộp lại.",
    DossierState.SUSPENDED: "Xin quý vị thực hiện nghĩa vụ tài chính theo thông báo; sau đó hồ sơ được giải quyết tiếp.",
    DossierState.STOPPED: "Hồ sơ đã dừng theo thông báo gửi quý vị. Xin liên hệ quầy đã tiếp nhận nếu cần biết thêm.",
    DossierState.WITHDRAWN: "Hồ sơ đã dừng theo yêu cầu của người nộp. Nếu cần, quý vị có thể nộp hồ sơ mới.",
}


@blueprint.get("/lookup")
@public
def form() -> Any:
    """The form; with ?code= the way to the dossier's own address."""
    typed = request.args.get("code", "")
    code = "".join(typed.split())
    if not code:
        return page("lookup/lookup.html", found=None)
    if "/" in code or len(code) > LONGEST_CODE:
        return _refused(typed, DomainError("dossier_code_malformed", dossier=code[:LONGEST_CODE]))
    return redirect(f"/lookup/{quote(code)}", SEE_OTHER)


@blueprint.get("/lookup/<code>")
@public
def progress(code: str) -> Any:
    """The progress of one dossier, or the form again with what is wrong with the code."""
    try:
        found = look.progress(code, language())
    except DomainError as error:
        return _refused(code, error)
    state = DossierState(found["progress"]["state"])
    steps = STEPS_WHEN_ENDED.get(state, STEPS)
    found["progress"]["step"] = min(found["progress"]["step"], len(steps))
    return page(
        "lookup/lookup.html",
        found=found,
        steps=[words(step) for step in steps],
        tone=TONES.get(state, "calm"),
        advice=words(ADVICE[state]),
    )


def _refused(typed: str, error: DomainError) -> Any:
    shown = page("lookup/lookup.html", found=None, typed=typed[:LONGEST_CODE], problem=say(error))
    return make_response(shown, error.status)
