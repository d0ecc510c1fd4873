"""The spreadsheet: Excel opens it with real letters, runs nothing in it, and finds the same figures."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest

from kiosk.domain.counting import Counts, Period, PeriodCounts
from kiosk.reports.csv_export import COLUMNS, safe_cell, to_csv
from kiosk.reports.period_summary import PeriodSummary
from tests.factories import HANOI


@pytest.fixture
def summary() -> PeriodSummary:
    justice = Counts(received=1234, in_period_direct=1234, resolved=1234, early=1096, on_time=138)
    period = Period(date(2021, 12, 15), date(2022, 6, 14), datetime(2022, 6, 15, 8, 5, tzinfo=HANOI))
    return PeriodSummary("demo", "Trung tâm", period, PeriodCounts({"justice": justice}, justice))


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_excel_knows_it_is_utf_8(summary):
    data = to_csv(summary, {"justice": "Sở Tư pháp"})
    assert data.startswith(b"\xef\xbb\xbf")
    assert "Sở Tư pháp".encode() in data


def test_departments_then_the_total_under_the_same_heads(summary):
    table = rows(to_csv(summary, {"justice": "Sở Tư pháp", "transport": "Sở Giao thông vận tải"}))
    heads, justice, transport, total = table[:4]
    assert heads == ["Cơ quan", *(title for title, _ in COLUMNS)]
    assert (justice[0], transport[0], total[0]) == ("Sở Tư pháp", "Sở Giao thông vận tải", "Tổng số")
    figures = dict(zip(heads[1:], justice[1:], strict=True))
    assert figures["Tổng tiếp nhận"] == "1234"  # no thousands dot: it would be read as 1,234
    assert figures["Trước hạn"] == "1096"
    assert total[1:] == justice[1:]
    assert set(transport[1:]) == {"0"}


def test_every_percentage_stands_beside_its_base(summary):
    table = rows(to_csv(summary, {}))
    start = table.index(["Tỷ lệ", "Tử số", "Mẫu số", "Mẫu số là", "%"])
    shares = table[start + 1 : table.index([], start)]
    assert shares[0] == ["Giải quyết trước hạn", "1096", "1234", "hồ sơ đã giải quyết", "88,8"]
    assert all(base for _, _, _, base, _ in shares)


def test_it_says_of_what_days_and_as_known_when(summary):
    table = rows(to_csv(summary, {}))
    assert ["Từ ngày", "15/12/2021"] in table
    assert ["Đến ngày", "14/06/2022"] in table
    assert ["Số liệu tính đến", "08:05 15/06/2022"] in table


@pytest.mark.parametrize(
    "title",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "＝1",
        "=cmd|' /C calc'!A0",
        "%0A=1",
        "|x",
    ],
)
def test_nothing_in_it_is_run_as_a_formula(summary, title):
    table = rows(to_csv(summary, {"justice": title}))
    assert table[1][0] == f"'{title}"


def test_plain_words_stay_as_they_are():
    assert safe_cell("Sở Tư pháp") == "Sở Tư pháp"
    assert safe_cell('Sở "A", B') == 'Sở "A", B'
