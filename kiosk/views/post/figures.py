"""The post's figures of a period, and of a quarter beside what the post itself reports."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, g, make_response, request

from kiosk.domain.counting import Share
from kiosk.domain.errors import DomainError
from kiosk.domain.papers.table_document import (
    CellValue,
    ColumnKind,
    DocumentColumn,
    DocumentTable,
    TableDocument,
)
from kiosk.plugin import gate
from kiosk.reports import style
from kiosk.reports.post import Key, PostCounts, PostReport, parcel_counts, post_report
from kiosk.services.look import post as shown
from kiosk.services.post.quarter import FIGURES, note_quarter, quarter_days
from kiosk.views.documents import asked_day, department_title, document, send
from kiosk.views.door import language, staff, words
from kiosk.views.forms import attempt, say, text, whole, whole_or_none
from kiosk.views.post.common import blueprint, show, today
from kiosk.views.reports import half_year_of

FIGURE_TITLES = {
    "received": "Phong bì hồ sơ bưu điện chuyển đến",
    "sent": "Bưu gửi đã giao cho bưu điện",
    "delivered": "Đã phát thành công",
    "returned": "Chuyển hoàn về Trung tâm",
    "collected": "Tiền thu hộ (đồng)",
}


def listed_procedures(office_id: int, on: date) -> tuple[set[Key], dict[Key, str]]:
    """The procedures that may come or go by post on a day, and what all procedures are called."""
    known = gate.procedures(office_id, on=on)
    names = {(p.department, p.key): p.name for p in known}
    listed = {(p.department, p.key) for p in known if p.in_force(on) and (p.post_receive or p.post_return)}
    return listed, names


@blueprint.get("/post/figures")
@staff("report.read")
def figures() -> Any:
    """A period's figures, the half year's when none is named."""
    first, last = _period()
    report, problem, status = None, "", 200
    try:
        report = _report(first, last)
    except DomainError as error:
        problem, status = say(error), error.status
    _, names = listed_procedures(g.actor.office_id, today())
    content = show(
        "post/figures.html",
        "figures",
        report=report,
        names=names,
        percent=written_share,
        problem=problem,
        first=first,
        last=last,
    )
    return make_response(content, status)


@blueprint.get("/post/figures.<form>")
@staff("report.read")
def figures_file(form: str) -> Response:
    """The figures as a page or a spreadsheet."""
    first, last = _period()
    _, names = listed_procedures(g.actor.office_id, last)
    return send(post_document(_report(first, last), names), form, f"bcci-{first}-{last}")


@blueprint.get("/post/quarter")
@staff("post.manage")
def quarter() -> str:
    """Our count of a quarter beside the post's."""
    return _show_quarter()


@blueprint.post("/post/quarter")
@staff("post.manage")
def note() -> Any:
    """Note what the post reports."""
    year, number = whole("year"), whole("quarter")
    return attempt(
        lambda: note_quarter(
            text("carrier"),
            year,
            number,
            {name: value for name in FIGURES if (value := whole_or_none(name)) is not None},
            g.actor,
            g.now,
        ),
        _show_quarter,
        f"/post/quarter?year={year}&quarter={number}",
        "Đã ghi số liệu của bưu điện.",
    )


def _show_quarter(**more: Any) -> str:
    day = today()
    year, number = _asked("year", day.year), _asked("quarter", (day.month - 1) // 3 + 1)
    first, last = quarter_days(year, number)
    office = g.actor.office_id
    titles = shown.carrier_titles(office, language())
    carrier = request.values.get("carrier", "") or next(iter(titles), "")
    counted = parcel_counts(office, first, last)
    ours = {
        "received": counted.envelopes,
        "sent": counted.sent,
        "delivered": counted.delivered,
        "returned": counted.returned,
        "collected": counted.collected,
    }
    return show(
        "post/quarter.html",
        "quarter",
        year=year,
        quarter=number,
        first=first,
        last=last,
        carrier=carrier,
        titles=titles,
        ours=ours,
        theirs=shown.quarter_noted(office, carrier, year, number),
        figure_titles={name: words(title) for name, title in FIGURE_TITLES.items()},
        parcels=list(shown.parcel_list(office, first, last)),
        state_titles={str(key): words(title) for key, title in shown.STATE_TITLES.items()},
        **more,
    )


def _asked(name: str, otherwise: int) -> int:
    typed = request.values.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else otherwise


def _period() -> tuple[date, date]:
    usual, _ = half_year_of(today())
    return asked_day("from", usual), asked_day("to", today())


def _report(first: date, last: date) -> PostReport:
    listed, _ = listed_procedures(g.actor.office_id, last)
    return post_report(g.actor.office_id, first, last, g.now, listed, now=g.now)


def written_share(share: Share) -> str:
    """As a report writes it: "41,6%"; "–" of nothing."""
    return style.percent(share.percent())


def post_document(report: PostReport, names: dict[Key, str]) -> TableDocument:
    """Biểu 3/BCCI with what stands behind it: shares with their bases, departments, procedures."""
    count = ColumnKind.COUNT
    heads = (
        DocumentColumn(words("Tiếp nhận qua BCCI"), count),
        DocumentColumn(words("Trả kết quả qua BCCI"), count),
        DocumentColumn(words("Cả hai"), count),
        DocumentColumn(words("Tổng BCCI"), count),
        DocumentColumn(words("Đăng ký chưa trả"), count),
        DocumentColumn(words("Tiếp nhận trong kỳ"), count),
        DocumentColumn(words("Đã giải quyết"), count),
    )
    total = report.total
    departments: list[tuple[CellValue, ...]] = [
        (department_title(key), *_row(counts)) for key, counts in report.by_department.items()
    ]
    procedures: list[tuple[CellValue, ...]] = [
        (
            names.get(key, key[1]),
            department_title(key[0]),
            *_row(report.by_procedure.get(key, PostCounts())),
        )
        for key in sorted({*report.listed, *report.by_procedure})
    ]
    shares = [
        (
            words(title),
            share.numerator,
            share.denominator,
            words(share.denominator_name),
            written_share(share),
        )
        for title, share in report.shares()
    ]
    return document(
        title=words("Tiếp nhận và trả kết quả qua bưu chính công ích"),
        subtitle=words(
            "Từ %(first)s đến %(last)s",
            first=f"{report.period.first:%d/%m/%Y}",
            last=f"{report.period.last:%d/%m/%Y}",
        ),
        facts=(
            (words("Số liệu tính đến"), f"{report.period.as_of:%H:%M %d/%m/%Y}"),
            (words("TTHC thực hiện qua BCCI"), str(len(report.listed))),
            (words("TTHC có phát sinh hồ sơ"), str(len(report.used))),
        ),
        tables=(
            DocumentTable(
                words("Tỷ lệ"),
                (
                    DocumentColumn(words("Chỉ tiêu"), width=6),
                    DocumentColumn(words("Số hồ sơ"), count),
                    DocumentColumn(words("Trên"), count),
                    DocumentColumn(words("Mẫu số là"), width=5),
                    DocumentColumn(words("Tỷ lệ")),
                ),
                shares,
            ),
            DocumentTable(
                words("Theo sở, ngành"),
                (DocumentColumn(words("Sở, ngành"), width=5), *heads),
                departments,
                (words("Tổng cộng"), *_row(total)),
            ),
            DocumentTable(
                words("Theo thủ tục"),
                (
                    DocumentColumn(words("Thủ tục"), width=8),
                    DocumentColumn(words("Sở, ngành"), width=4),
                    *heads,
                ),
                procedures,
            ),
        ),
        signatures=(words("Người lập biểu"), words("Lãnh đạo trung tâm")),
    )


def _row(counts: PostCounts) -> tuple[CellValue, ...]:
    return (
        counts.received,
        counts.returned,
        counts.both,
        counts.total,
        counts.registered,
        counts.in_period,
        counts.resolved,
    )
