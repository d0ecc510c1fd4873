"""One of each paper as an officer of the centre would hand it out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.money import FeeLine
from kiosk.domain.papers import (
    ApologySlip,
    ControlSlip,
    HandOver,
    Head,
    Missing,
    Paper,
    Party,
    ReceiptSlip,
    RefusalSlip,
    Register,
    RegisterRow,
    Sheet,
    StopNotice,
    SupplementSlip,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
IN_2022 = datetime(2022, 6, 14, 9, 30, tzinfo=ZONE)
IN_2026 = datetime(2026, 2, 3, 9, 30, tzinfo=ZONE)
MOMENTS = {"2018": IN_2022, "2025": IN_2026}

CODE = "000.00.19.H02-220614-0001"
RATING_URL = "https://motcua.bacgiang.example/danh-gia/7K3Q2MXW"
CENTRE = "Trung tâm Phục vụ hành chính công tỉnh Bắc Giang"
HEAD = Head("Ủy ban nhân dân tỉnh Bắc Giang", CENTRE, "Bắc Giang")
ID_NUMBER = "024099001189"
PARTY = Party.masking(
    "Nguyễn Thị Ánh Đào",
    id_number=ID_NUMBER,
    phone="+84912345678",
    email="anhdao@example.vn",
    address="Số 12, ngõ 5, đường Nguyễn Thị Minh Khai, phường Xương Giang, thành phố Bắc Giang",
)
REQUEST = "Cấp Phiếu lý lịch tư pháp số 1 cho công dân Việt Nam"
REASON = "Tờ khai chưa ghi đủ quá trình cư trú từ năm 14 tuổi; bản chụp giấy tờ tùy thân bị mờ, không đọc được ngày cấp."
SITE = "dichvucong.gov.vn"
DESK = "Quầy 05 – Sở Tư pháp"
OFFICER = "Trần Quốc Bảo"


def receipt(at: datetime = IN_2026, **other: Any) -> ReceiptSlip:
    facts: dict[str, Any] = {
        "head": HEAD,
        "code": CODE,
        "desk": DESK,
        "party": PARTY,
        "request": REQUEST,
        "sheets": (
            Sheet("Tờ khai yêu cầu cấp Phiếu lý lịch tư pháp (mẫu số 03/2013/TT-LLTP)", originals=1),
            Sheet("Bản chụp thẻ căn cước hoặc hộ chiếu", copies=1),
            Sheet("Giấy tờ chứng minh thuộc diện miễn, giảm phí", certified=1),
        ),
        "sets": 1,
        "term": Term(10, TimeUnit.WORKING_DAYS),
        "received_at": at,
        "due": (at + timedelta(days=14)).replace(hour=16, minute=30),
        "delivery": "Bưu điện, trả tại nhà qua dịch vụ bưu chính công ích",
        "officer": OFFICER,
        "fees": (
            FeeLine("phi", "Cấp Phiếu lý lịch tư pháp", 200_000, 1, "Thông tư 244/2016/TT-BTC"),
            FeeLine("phi", "Cấp thêm từ phiếu thứ 3", 5_000, 2, "Thông tư 244/2016/TT-BTC"),
            FeeLine("le_phi", "Sao lục tờ khai", 31_160),
        ),
        "book": "03",
        "book_entry": "0182",
        "lookup_site": SITE,
        "rating_url": RATING_URL,
    }
    return ReceiptSlip(**(facts | other))


def supplement(at: datetime = IN_2026, **other: Any) -> SupplementSlip:
    facts: dict[str, Any] = {
        "head": HEAD,
        "number": "07/HDHS",
        "day": at.date(),
        "code": CODE,
        "desk": DESK,
        "party": PARTY,
        "request": REQUEST,
        "missing": (
            Missing("Tờ khai yêu cầu cấp Phiếu lý lịch tư pháp", "Ghi đủ nơi cư trú từ năm 14 tuổi đến nay"),
            Missing("Bản chụp thẻ căn cước", "Chụp lại cho rõ cả hai mặt"),
        ),
        "reason": REASON,
        "officer": OFFICER,
        "officer_phone": "+842043531111",
        "lookup_site": SITE,
        "rating_url": RATING_URL,
    }
    return SupplementSlip(**(facts | other))


def refusal(at: datetime = IN_2026, **other: Any) -> RefusalSlip:
    facts: dict[str, Any] = {
        "head": HEAD,
        "number": "02",
        "day": at.date(),
        "code": CODE,
        "desk": DESK,
        "party": PARTY,
        "request": REQUEST,
        "reason": "Người yêu cầu cư trú tại tỉnh khác; hồ sơ không thuộc thẩm quyền giải quyết của Sở Tư pháp tỉnh Bắc Giang.",
        "officer": OFFICER,
        "rating_url": RATING_URL,
    }
    return RefusalSlip(**(facts | other))


def apology(at: datetime = IN_2026, **other: Any) -> ApologySlip:
    facts: dict[str, Any] = {
        "head": HEAD,
        "number": "11",
        "day": at.date(),
        "code": CODE,
        "party": PARTY,
        "request": REQUEST,
        "received_at": at - timedelta(days=13),
        "due": (at + timedelta(days=1)).date(),
        "late_agency": "Sở Tư pháp tỉnh Bắc Giang",
        "reason": "Đang chờ kết quả xác minh của cơ quan Công an nơi ông/bà từng cư trú.",
        "new_due": (at + timedelta(days=7)).replace(hour=16, minute=30),
        "signer_title": "Giám đốc",
        "signer": "Lê Hồng Quân",
        "recipients": ("Như trên", "Sở Tư pháp", "Lưu: VT, hồ sơ"),
    }
    return ApologySlip(**(facts | other))


def stop(at: datetime = IN_2026, **other: Any) -> StopNotice:
    facts: dict[str, Any] = {
        "head": HEAD,
        "number": "04",
        "day": at.date(),
        "code": CODE,
        "party": PARTY,
        "request": REQUEST,
        "received_at": at - timedelta(days=3),
        "requested_on": (at - timedelta(days=1)).date(),
        "reason": "Ông/bà đã được cấp Phiếu lý lịch tư pháp tại nơi khác và đề nghị không tiếp tục giải quyết hồ sơ này.",
        "signer_title": "Giám đốc",
        "signer": "Lê Hồng Quân",
        "recipients": ("Như trên", "Sở Tư pháp", "Lưu: VT, hồ sơ"),
    }
    return StopNotice(**(facts | other))


def control(at: datetime = IN_2026, **other: Any) -> ControlSlip:
    desk, department = "Bộ phận tiếp nhận và trả kết quả", "Sở Tư pháp – Phòng Hành chính tư pháp"
    police = "Công an tỉnh – Phòng Hồ sơ nghiệp vụ"
    facts: dict[str, Any] = {
        "head": HEAD,
        "code": CODE,
        "request": REQUEST,
        "received_at": at,
        "due": (at + timedelta(days=14)).date(),
        "deciding_agency": "Sở Tư pháp tỉnh Bắc Giang",
        "cooperating": ("Công an tỉnh Bắc Giang", "Trung tâm Lý lịch tư pháp quốc gia"),
        "rows": (
            HandOver(giver=desk, receiver=department, at=at + timedelta(hours=2), outcome="early"),
            HandOver(giver=department, receiver=police, at=at + timedelta(days=1), outcome="on_time"),
            HandOver(
                giver=police,
                receiver=department,
                at=at + timedelta(days=9),
                outcome="late",
                note="Chờ xác minh",
            ),
            HandOver(giver=department, receiver=desk),
        ),
    }
    return ControlSlip(**(facts | other))


def register(at: datetime = IN_2026, rows: int = 12, **other: Any) -> Register:
    day = at.date()
    facts: dict[str, Any] = {
        "head": HEAD,
        "book": "03",
        "first_day": date(at.year, 1, 1),
        "last_day": day,
        "day": day,
        "rows": tuple(
            RegisterRow(
                entry=entry,
                code=f"000.00.19.H02-{day:%y%m%d}-{entry:04d}",
                request=REQUEST,
                owner=PARTY.name,
                address=PARTY.address,
                phone=PARTY.phone,
                received_on=day,
                due=day + timedelta(days=14),
                returned_on=day + timedelta(days=13) if entry % 3 else None,
                receiver=PARTY.name if entry % 3 else "",
                locality="Thành phố Bắc Giang",
                note="" if entry % 4 else "Trả qua bưu điện",
            )
            for entry in range(1, rows + 1)
        ),
    }
    return Register(**(facts | other))


MAKERS = {
    "receipt": receipt,
    "supplement": supplement,
    "refusal": refusal,
    "apology": apology,
    "stop": stop,
    "control": control,
    "register": register,
}
EVERY_FORM = [
    (form, edition)
    for form in MAKERS
    for edition in MOMENTS
    if (form, edition) != ("stop", "2018")  # came with TT 03/2025
]


def sample(form: str, edition: str) -> Paper:
    return MAKERS[form](MOMENTS[edition])
