"""The period summary as a spreadsheet file: Biểu 01's columns by department, then the shares with their bases."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from kiosk.domain.counting import Counts
from kiosk.reports import style
from kiosk.reports.period_summary import PeriodSummary
from kiosk.reports.shares import SHARES

COLUMNS: tuple[tuple[str, str], ...] = (
    ("Tổng tiếp nhận", "received"),
    ("Kỳ trước chuyển sang", "carried_over"),
    ("Tiếp nhận trong kỳ", "in_period"),
    ("Đã giải quyết", "resolved"),
    ("Trước hạn", "early"),
    ("Đúng hạn", "on_time"),
    ("Quá hạn", "late"),
    ("Đang giải quyết", "in_progress"),
    ("Chưa đến hạn", "in_time"),
    ("Đang giải quyết, quá hạn", "overdue"),
    ("Yêu cầu bổ sung", "supplements"),
    ("Trả lại", "returned"),
    ("Rút hồ sơ", "withdrawn"),
    ("Dừng giải quyết", "stopped"),
    ("Quá hạn luật định, có xin lỗi", "past_due_apologised"),
    ("Quá hạn luật định, không xin lỗi", "past_due_unapologised"),
    ("Liên thông", "linked"),
    ("Trực tuyến mức độ 3", "level_3"),
    ("Trực tuyến mức độ 4", "level_4"),
    ("Tổng trực tuyến", "in_period_online"),
    ("Tiếp nhận qua BCCI", "post_received"),
    ("Trả kết quả qua BCCI", "post_returned"),
    ("Tổng BCCI", "post_total"),
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
"""A cell that begins so is run as a formula by a spreadsheet (ASVS 5.0 1.2.10)."""


def to_csv(summary: PeriodSummary, titles: Mapping[str, str]) -> bytes:
    """The report as UTF-8 with a byte order mark (Excel takes it for another encoding without one), RFC 4180.

    Counts are plain digits, since a thousands dot would be read as a decimal point; percentages are written "88,8".
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["Cơ quan", *(title for title, _ in COLUMNS)])
    for _, title, counts in summary.departments(titles):
        writer.writerow([safe_cell(title), *_figures(counts)])
    writer.writerow(["Tổng số", *_figures(summary.counts.total)])
    writer.writerow([])
    writer.writerow(["Tỷ lệ", "Tử số", "Mẫu số", "Mẫu số là", "%"])
    for rule in SHARES:
        share = rule.of(summary.counts.total)
        percent = style.decimal(share.percent())
        writer.writerow([rule.title, share.numerator, share.denominator, share.denominator_name, percent])
    period = summary.period
    writer.writerow([])
    writer.writerow(["Đơn vị", safe_cell(summary.office_title)])
    writer.writerow(["Từ ngày", style.day(period.first)])
    writer.writerow(["Đến ngày", style.day(period.last)])
    writer.writerow(["Số liệu tính đến", f"{period.as_of:%H:%M} {style.day(period.as_of)}"])
    return out.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before one that would be."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA_STARTS) else text


def _figures(counts: Counts) -> list[int]:
    return [getattr(counts, figure) for _, figure in COLUMNS]
