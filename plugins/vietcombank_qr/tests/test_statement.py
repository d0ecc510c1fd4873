"""Statements as Vietcombank exports them, in each shape that is known of, and files that only look like one."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest

from kiosk.domain.errors import DomainError
from plugins.vietcombank_qr.statement import read_statement

OURS = "1017588888"
MEMO = "MBVCB.5017712.012345.BGPH 7K3Q2MX.CT tu 0071000888888 TRAN VAN AN toi 1017588888 TRUNG TAM"

SIMPLE = [
    ["NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM"],
    ["Số tài khoản:", OURS, None, None],
    [],
    ["Ngày giao dịch", "Số tham chiếu", "Thay đổi", "Số tiền", "Mô tả"],
    ["25/11/2026", "5017 - 12345", "+", "31,160", MEMO],
    ["25/11/2026", "5017 - 12346", "-", "11,000", "Phi dich vu"],
    ["Tổng", None, None, "42,160", None],
    ["Cảm ơn quý khách"],
]
CASHUP = [
    ["SAO KÊ TÀI KHOẢN / STATEMENT OF ACCOUNT"],
    ["Số tài khoản/Account No:", OURS],
    ["STT", "Ngày/ Số CT\nTNX Date/ Doc No", "Số tiền ghi nợ/ Debit", "Số tiền ghi có/ Credit", "Số dư/ Balance", "Nội dung chi tiết/ Transactions in detail"],
    [1, "25/11/2026   5017.12345", None, "31,160", "1,031,160", "MBVCB.5017712.012345.BGPH 7K3Q2MX"],
    [None, None, None, None, None, ".CT tu 0071000888888 TRAN VAN AN"],
    [2, "25/11/2026   5017.12346", "11,000", None, "1,020,160", "Phi dich vu"],
    [None, "Tổng số", "11,000", "31,160", None, None],
]  # fmt: skip
# A spreadsheet knows no time zones.
TWO_COLUMNS = [
    ["Account number", OURS],
    ["Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Mô tả"],
    [datetime(2026, 11, 25, 9, 14, 2), "5017.12345", 0, 31160, MEMO],  # noqa: DTZ001  (as above)
    [datetime(2026, 11, 25, 9, 15), "5017.12346", 11000.0, None, "Phi dich vu"],  # noqa: DTZ001  (as above)
]


def xlsx(rows: list[list[Any]], sheet: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(rows: list[list[Any]], mark: str = ";") -> bytes:
    lines = (mark.join(f'"{"" if cell is None else cell}"' for cell in row) for row in rows)
    return "\n".join(lines).encode("utf-8-sig")


def html(rows: list[list[Any]]) -> bytes:
    cells = ("".join(f"<td>{'' if cell is None else cell}</td>" for cell in row) for row in rows)
    return (
        "<html><body><table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table></body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("content", "shape"),
    [
        (xlsx(SIMPLE), "xlsx:simple"),
        (csv(SIMPLE), "csv:simple"),
        (csv(SIMPLE, ","), "csv:simple"),
        (html(SIMPLE), "html:simple"),
        (xlsx(CASHUP, "VCBACCOUNTDETAIL_2026"), "xlsx:cashup"),
        (html(CASHUP), "html:cashup"),
        (xlsx(TWO_COLUMNS), "xlsx:two_columns"),
    ],
)
def test_each_shape_says_the_same(content: bytes, shape: str) -> None:
    read = read_statement(content, "none")
    assert read.shape == shape
    came, went = read.transfers
    assert (came.account, came.amount, came.incoming) == (OURS, 31_160, True)
    assert (went.amount, went.incoming) == (11_000, False)
    assert "BGPH 7K3Q2MX" in came.memo
    assert "TRAN VAN AN" in came.memo
    assert "12345" in came.bank_reference
    assert came.at.astimezone(UTC).date() == datetime(2026, 11, 25, tzinfo=UTC).date()


def test_several_accounts_in_one_file() -> None:
    other = [["Số tài khoản:", "9990001112223"], *SIMPLE[3:7]]
    read = read_statement(xlsx([*SIMPLE, [], *other]), "none")
    assert [each.account for each in read.transfers] == [OURS, OURS, "9990001112223", "9990001112223"]
    assert read.shape == "xlsx:accounts"


def test_a_file_that_names_no_account_is_of_the_usual_one() -> None:
    assert read_statement(csv(SIMPLE[3:]), OURS).transfers[0].account == OURS


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old or protected"),
        (b"\xff\xfe\xfa", "neither"),
        (csv([["a", "b"], ["c", "d"]]), "no heading"),
        (xlsx([*SIMPLE[:4], ["25/11/2026", "1", "+", "=1+1", "x"]]), "formula"),
        (with_part(xlsx(SIMPLE), "xl/vbaProject.bin", b"x"), "macros"),
        (with_part(xlsx(SIMPLE), "xl/media/bomb.bin", b"\x00" * (65 * 1024 * 1024)), "unpacks to more"),
        (with_part(xlsx(SIMPLE), "xl/evil.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"), "cannot be read"),
        (xlsx(SIMPLE)[:-200], "cannot be read"),
        (b"x" * (16 * 1024 * 1024 + 1), "larger than"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_statement_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(DomainError) as refusal:
        read_statement(content, OURS)
    assert refusal.value.code == "statement_unreadable"
    assert reason in refusal.value.fields["reason"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["32/11/2026", "1", "+", "31,160", "x"], "date"),
        (["", "1", "+", "31,160", "x"], "date"),
        (["25/11/2026", "1", "+", "31,160.50", "x"], "amount"),
        (["25/11/2026", "1", "+", "-31,160", "x"], "amount"),
        (["25/11/2026", "1", "+", "abc", "x"], "amount"),
        (["25/11/2026", "1", "?", "31,160", "x"], "change"),
    ],
)
def test_a_malformed_row_is_named(row: list[str], column: str) -> None:
    with pytest.raises(DomainError) as refusal:
        read_statement(csv([*SIMPLE[:5], row]), OURS)
    assert refusal.value.code == "statement_row_malformed"
    assert refusal.value.fields == {"row": 6, "column": column}
