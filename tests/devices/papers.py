"""Slips worth printing, and virtual paper to print them on: what the tests and the goldens share."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from PIL import Image

from kiosk.devices.encoding import EncodedJob
from kiosk.devices.models import PrinterModel
from kiosk.devices.paper import PaperDecoder, Strip
from kiosk.domain.document import TestFacts as Facts
from kiosk.domain.document import TicketSlip

GOLDEN = Path(__file__).parent / "golden"
HANOI = timezone(timedelta(hours=7))

ORDINARY = TicketSlip(
    office_title="Trung tâm Phục vụ hành chính công",
    office_subtitle="Tỉnh Bắc Giang",
    label="C043",
    department="Công an tỉnh",
    procedure="Cấp hộ chiếu phổ thông",
    issued_at=datetime(2026, 11, 23, 9, 33, tzinfo=HANOI),
    people_ahead=2,
    wait_minutes=(6, 11),
    priority_label=None,
    follow_url="https://motcua.bacgiang.gov.vn/t/3fK9aaBBccDDeeFFggHHii",
    check_code="K7Q2",
    kiosk_name="Máy 02",
)
LONGEST = replace(
    ORDINARY,
    office_title="Trung tâm Phục vụ hành chính công và Kiểm soát thủ tục hành chính",
    office_subtitle="Ủy ban nhân dân tỉnh Thừa Thiên – Huế",
    label="LDXH1234",
    department="Sở Lao động – Thương binh và Xã hội tỉnh Thừa Thiên – Huế",
    procedure="Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong các trường hợp "
    "giải quyết tranh chấp, khiếu nại, tố cáo về đất đai",
    people_ahead=143,
    wait_minutes=(195, 230),
    priority_label="Phụ nữ mang thai, có con nhỏ",
    kiosk_name="Máy lấy số tầng 1 cửa chính",
)
SLIPS = {
    "ordinary": ORDINARY,
    "longest": LONGEST,
    "english": replace(
        ORDINARY,
        language="en",
        department="Provincial police",
        procedure="Issue of an ordinary passport",
        priority_label="Older person",
        kiosk_name="Kiosk 02",
    ),
    "priority": replace(ORDINARY, priority_label="người cao tuổi", people_ahead=0, wait_minutes=(0, 0)),
    "repeat": replace(ORDINARY, repeat=1),
    "offline": replace(ORDINARY, label="C901", offline=True, people_ahead=None, wait_minutes=None),
}
FACTS = Facts(
    printer="Máy in sảnh chính",
    model="Epson TM-T88V",
    address="tcp://192.168.1.50:9100",
    printed_at=datetime(2026, 11, 23, 9, 33, 7, tzinfo=HANOI),
    link="https://motcua.bacgiang.gov.vn/",
)
DRAWN_FOR_ALL = "ordinary"
DRAWN_IN_FULL = ("generic-80mm", "generic-58mm")


def golden_names(model: str) -> list[str]:
    """Which slips of a model have their picture kept."""
    return list(SLIPS) if model in DRAWN_IN_FULL else [DRAWN_FOR_ALL]


def golden_path(model: str, slip: str) -> Path:
    """Where the picture is kept."""
    return GOLDEN / f"{model}-{slip}.png"


def printed(job: EncodedJob, model: PrinterModel, width: int | None = None, piece: int = 0) -> Strip:
    """Print the job on virtual paper, its bytes cut into pieces; there has to be one whole paper."""
    strips: list[Strip] = []
    decoder = PaperDecoder(width or model.dots, strips.append, lambda _: None, model)
    for at in range(0, len(job.data), piece or len(job.data)):
        decoder.feed(job.data[at : at + (piece or len(job.data))])
    decoder.abandon()
    (strip,) = strips
    assert strip.complete
    return strip


def same(first: Image.Image, second: Image.Image) -> bool:
    """Tell whether two pictures are equal dot for dot."""
    return first.size == second.size and first.mode == second.mode and first.tobytes() == second.tobytes()
