"""Lists of statuses as posts send them: tidy, untidy, and not lists at all."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from kiosk.domain.errors import DomainError
from kiosk.domain.post.states import Receiver, Status
from plugins.bcci_post.news import HANOI, read_news

HEAD = [
    "STT",
    "Số hiệu bưu gửi",
    "Trạng thái",
    "Thời gian",
    "Người nhận",
    "Quan hệ",
    "Giấy tờ",
    "Lý do",
    "Tiền thu hộ",
]
NINE_THIRTY = datetime(2026, 11, 25, 9, 30)  # noqa: DTZ001  (a spreadsheet knows no zones)
NUMBER = "EL491610889VN"
OTHER = "RR473124829VN"


def xlsx(rows: list[list[Any]], merge: str = "") -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(*lines: str, bom: bool = False, mark: str = ";") -> bytes:
    head = "Số hiệu;Trạng thái;Thời gian;Người nhận;Lý do"
    text = "\r\n".join([head, *lines]).replace(";", mark)
    return text.encode("utf-8-sig" if bom else "utf-8")


def test_a_spreadsheet_with_everything() -> None:
    rows = [
        ["BƯU ĐIỆN TỈNH BẮC NINH"],
        [],
        HEAD,
        [1, NUMBER, "Phát thành công", NINE_THIRTY, "Trần Văn An", "Chính chủ", "có", None, "31.160"],
        [2, OTHER, "Phát không thành công", "25/11/2026 10:05", "", "", "", "Vắng nhà", None],
        ["Tổng cộng", None, None, None, None, None, None, None, 31160],
    ]  # fmt: skip
    read = read_news(xlsx(rows))
    assert not read.problems
    one, two = read.news
    assert (one.number, one.status, one.row) == (NUMBER, Status.DELIVERED, 4)
    assert one.at == datetime(2026, 11, 25, 9, 30, tzinfo=HANOI)
    assert (one.receiver, one.name, one.id_checked, one.collected) == (
        Receiver.SELF,
        "Trần Văn An",
        True,
        31_160,
    )
    assert (two.status, two.reason, two.receiver, two.collected) == (
        Status.ATTEMPT_FAILED,
        "Vắng nhà",
        None,
        None,
    )


@pytest.mark.parametrize(("bom", "mark"), [(True, ";"), (False, ","), (False, "\t")])
def test_csv_with_a_bom_and_whatever_delimiter(bom: bool, mark: str) -> None:
    read = read_news(csv(f"{NUMBER};Đã nhận gửi;24/11/2026 17:20;;", bom=bom, mark=mark))
    assert [(each.status, each.at.hour) for each in read.news] == [(Status.ACCEPTED, 17)]


def test_a_day_without_a_time_is_the_end_of_that_day() -> None:
    read = read_news(csv(f"{NUMBER};Đang phát;24/11/2026;;"))
    assert read.news[0].at == datetime(2026, 11, 24, 17, tzinfo=HANOI)
    rows = [HEAD, [1, NUMBER, "Đang phát", 46_350.5]]
    assert read_news(xlsx(rows)).news[0].at == datetime(2026, 11, 24, 12, tzinfo=HANOI)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ([1, "EL491610880VN", "Đã phát", "24/11/2026"], "parcel_number_malformed"),
        ([1, "RB123456785GB", "Đã phát", "24/11/2026"], "parcel_number_foreign"),
        ([1, None, "Đã phát", "24/11/2026"], "parcel_number_missing"),
        ([1, NUMBER, "Đang bay", "24/11/2026"], "unknown_status"),
        ([1, NUMBER, "Đã phát", None], "moment_malformed"),
        ([1, NUMBER, "Đã phát", "31/02/2026"], "moment_malformed"),
        ([1, NUMBER, "Đã phát", "hôm qua"], "moment_malformed"),
        ([1, NUMBER, "Đã phát", 1], "date_too_early"),
        ([1, NUMBER, "Đã phát", 0.5], "date_too_early"),
        ([1, NUMBER, "Đã phát", "24/11/2026", "An", "", "", "", "nhiều"], "amount_malformed"),
        ([1, NUMBER, "Đã phát", "24/11/2026", "An", "", "", "", 12.5], "amount_malformed"),
    ],
)
def test_each_wrong_row_is_named_and_the_others_are_read(cells: list[Any], code: str) -> None:
    rows = [HEAD, cells, [2, OTHER, "Đã phát", "24/11/2026 08:00"]]
    read = read_news(xlsx(rows))
    assert [(each.row, each.code) for each in read.problems] == [(2, code)]
    assert [each.row for each in read.news] == [3]


def test_merged_cells_leave_rows_without_a_number() -> None:
    rows = [
        HEAD,
        [1, NUMBER, "Đã nhận gửi", "24/11/2026 08:00"],
        [2, NUMBER, "Đã phát", "24/11/2026 15:00"],
    ]
    read = read_news(xlsx(rows, merge="B2:B3"))
    assert [(each.row, each.code) for each in read.problems] == [(3, "parcel_number_missing")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"PK\x03\x04 no zip",
        "Số hiệu;Ngày\nEL491610889VN;24/11/2026".encode(),
        b"<html><table></table></html>",
        b'Number;Status;Time\n"EL',
    ],
)
def test_what_is_no_such_list(content: bytes) -> None:
    with pytest.raises(DomainError) as refusal:
        read_news(content)
    assert refusal.value.code == "post_file_unreadable"
