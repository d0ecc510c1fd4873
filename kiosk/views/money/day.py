"""The cash desk's day: what was asked, what came, the cash counted, and the seal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, g

from kiosk.domain.papers.table_document import ColumnKind, DocumentColumn, DocumentTable, TableDocument
from kiosk.services import look
from kiosk.services.look import money as shown
from kiosk.services.payment.close_money import close_money, count_cash, first_open_day
from kiosk.views.door import current_office, language, staff, words
from kiosk.views.forms import attempt, text, whole
from kiosk.views.money.common import asked_day, blueprint, document, send, show, signed


@blueprint.get("/money/day")
@staff("money.manage")
def day() -> str:
    """A money day; the one that is open when none is named."""
    return _show()


@blueprint.post("/money/day/count")
@staff("payment.take")
def count_box() -> Any:
    """The cash of a counter was counted."""
    wanted = asked_day("day", _open_day())
    return attempt(
        lambda: count_cash(whole("counter"), whole("amount"), g.actor, g.now, day=wanted, note=text("note")),
        _show,
        f"/money/day?day={wanted}#counters",
        "Đã ghi số tiền đếm được.",
    )


@blueprint.get("/money/count")
@staff("payment.take")
def count_own() -> str:
    """For whoever sits at a counter: count its cash without seeing what is expected."""
    return _show_count()


@blueprint.post("/money/count")
@staff("payment.take")
def save_own_count() -> Any:
    """The cash of one's own counter was counted."""
    return attempt(
        lambda: count_cash(whole("counter"), whole("amount"), g.actor, g.now, note=text("note")),
        _show_count,
        "/money/count",
        "Đã ghi số tiền đếm được.",
    )


def _show_count(**more: Any) -> str:
    mine = [each for each in look.counters(g.actor.office_id, g.actor) if each["mine"]]
    counts = shown.cash_counts(g.actor.office_id, _open_day(), [each["id"] for each in mine])
    return show("money/count.html", "count", counters=mine, counts=counts, **more)


@blueprint.post("/money/day/close")
@staff("money.manage")
def close_day() -> Any:
    """Seal the day."""
    wanted = asked_day("day", _open_day())
    return attempt(
        lambda: close_money(wanted, g.actor, g.now, note=text("note")),
        _show,
        f"/money/day?day={wanted}",
        "Đã chốt sổ. Số liệu của ngày không thay đổi nữa.",
    )


@blueprint.get("/money/day.<form>")
@staff("money.manage")
def day_file(form: str) -> Response:
    """The day as a spreadsheet or as a page."""
    wanted = asked_day("day", _open_day())
    shown_day = shown.money_day_page(g.actor.office_id, wanted, language())
    return send(_document(shown_day), form, f"chot-so-{wanted}")


def _open_day() -> Any:
    office = current_office()
    return first_open_day(office["id"], look.today(office, g.now))


def _show(**more: Any) -> str:
    latest = _open_day()
    wanted = min(asked_day("day", latest), latest)
    return show(
        "money/day.html",
        "day",
        day=wanted,
        before=wanted - timedelta(days=1),
        after=wanted + timedelta(days=1) if wanted < latest else None,
        shown=shown.money_day_page(g.actor.office_id, wanted, language()),
        **more,
    )


def _document(shown_day: dict[str, Any]) -> TableDocument:
    figures, seal = shown_day["figures"], shown_day["seal"]
    money = ColumnKind.MONEY
    methods = list(figures["by_method"])
    titles = shown_day["method_titles"]
    columns = (
        DocumentColumn(words("Quầy"), width=3),
        DocumentColumn(words("Yêu cầu thu"), money),
        *(DocumentColumn(titles[each], money) for each in methods),
        DocumentColumn(words("Chưa nộp"), money),
        DocumentColumn(words("Đã hoàn"), money),
        DocumentColumn(words("Tiền mặt phải có"), money),
        DocumentColumn(words("Đếm được"), money),
        DocumentColumn(words("Chênh lệch"), money),
    )
    rows = [
        (
            f"{words('Quầy')} {c['number']}" if c["number"] else words("Không ở quầy nào"),
            c["asked"],
            *(c["received"].get(each, 0) for each in methods),
            c["unpaid"],
            c["refunded"],
            c["cash_expected"],
            c["counted"],
            c["difference"],
        )
        for c in figures["counters"]
    ]
    total = (
        words("Tổng cộng"),
        *(sum(row[place] or 0 for row in rows) for place in range(1, len(columns))),
    )
    account = figures["account"]
    bridge = [
        (words(title), account[name])
        for title, name in (
            ("Chưa khớp đầu ngày", "opening"),
            ("Tiền vào tài khoản", "came"),
            ("Ghi tay nhưng không có tiền", "never_came"),
            ("Đã ghi nhận cho yêu cầu thu", "credited"),
            ("Đã trả lại người chuyển", "returned"),
            ("Không phải phí", "aside"),
            ("Chưa khớp cuối ngày", "closing"),
            ("Tiền ra khỏi tài khoản", "went_out"),
        )
    ]
    kinds = (("phi", words("Phí")), ("le_phi", words("Lệ phí")))
    receipts = [
        (
            title,
            figures["receipts"][kind]["issued"],
            figures["receipts"][kind]["voided"],
            figures["receipts"][kind]["amount"],
        )
        for kind, title in kinds
    ]
    sealed = (
        (
            (words("Đã chốt"), f"{seal['at']} · {seal['by']}"),
            (words("Mã kiểm"), seal["digest"][:16]),
        )
        if seal
        else ((words("Tình trạng"), words("CHƯA CHỐT SỔ")),)
    )
    return document(
        title=words("Chốt sổ thu phí, lệ phí"),
        subtitle=shown_day["day_text"],
        facts=(
            *sealed,
            (words("Tổng thu"), signed(figures["received"])),
            (words("Đã hoàn"), signed(figures["refunded"])),
            (words("Chênh lệch tiền mặt"), signed(figures["difference"])),
        ),
        tables=(
            DocumentTable(words("Theo quầy (đồng)"), columns, rows, total),
            DocumentTable(
                words("Tài khoản ngân hàng"),
                (
                    DocumentColumn(words("Khoản mục"), width=5),
                    DocumentColumn(words("Số tiền (đồng)"), money, 3),
                ),
                bridge,
            ),
            DocumentTable(
                words("Biên lai"),
                (
                    DocumentColumn(words("Khoản thu"), width=4),
                    DocumentColumn(words("Đã cấp"), ColumnKind.COUNT),
                    DocumentColumn(words("Đã hủy"), ColumnKind.COUNT),
                    DocumentColumn(words("Số tiền (đồng)"), money, 3),
                ),
                receipts,
            ),
        ),
        notes=(f"{words('Ghi chú')}: {seal['note']}",) if seal and seal["note"] else (),
        signatures=(words("Người lập biểu"), words("Kế toán"), words("Lãnh đạo trung tâm")),
    )
