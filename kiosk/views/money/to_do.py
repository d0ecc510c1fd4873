"""What waits for a person, with the next step of each; and how many fees were paid without cash."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import g, make_response, request

from kiosk.domain.errors import DomainError
from kiosk.domain.papers.table_document import ColumnKind, DocumentColumn, DocumentTable, TableDocument
from kiosk.i18n import error_message
from kiosk.reports.cashless import cashless_shares, total_of
from kiosk.services import look
from kiosk.services.look import money as shown
from kiosk.services.payment.settle_transfer import settle_contradiction
from kiosk.views.door import current_office, language, staff, words
from kiosk.views.forms import attempt, say, text
from kiosk.views.money.common import asked_day, blueprint, department_title, document, send, show


@blueprint.get("/money")
@staff("money.manage")
def to_do() -> str:
    """The cash desk's first page."""
    return _show()


@blueprint.post("/money/contradictions/<int:key>")
@staff("money.manage")
def settle_contradicted(key: int) -> Any:
    """A contradiction was looked into."""
    return attempt(
        lambda: settle_contradiction(key, text("note"), g.actor, g.now),
        _show,
        "/money#contradictions",
        "Đã ghi kết quả kiểm tra.",
    )


def _show(**more: Any) -> str:
    found = shown.to_do(g.actor.office_id, language())
    for each in found["refused"]:
        each["why"] = error_message(each["code"], language(), {})
    return show("money/to_do.html", "to_do", found=found, **more)


@blueprint.get("/money/cashless")
@staff("money.manage")
def cashless() -> Any:
    """The share of fees paid without cash, by department; `format=xlsx|pdf` for a file."""
    office = current_office()
    problem, shares = "", []
    try:
        last = asked_day("to", _today())
        first = asked_day("from", last.replace(day=1))
        shares = cashless_shares(office["id"], first, last)
    except DomainError as error:
        problem = say(error)
        first = last = _today()
    form = request.args.get("format", "")
    if form and not problem:
        return send(
            _document(shares, f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"), form, f"khong-tien-mat-{first}-{last}"
        )
    content = show(
        "money/cashless.html",
        "cashless",
        shares=shares,
        whole=total_of(shares),
        first=first,
        last=last,
        problem=problem,
        percent=percent,
    )
    return make_response(content, 422 if problem else 200)


def _today() -> date:
    return look.today(current_office(), g.now)


def percent(permille: int | None) -> str:
    """As a report writes it: "41,6%"; "–" for nothing."""
    return "–" if permille is None else f"{permille // 10},{permille % 10}%"


def _document(shares: Any, period: str) -> TableDocument:
    columns = (
        DocumentColumn(words("Sở, ngành"), width=4),
        DocumentColumn(words("Biên lai"), ColumnKind.COUNT),
        DocumentColumn(words("Không tiền mặt"), ColumnKind.COUNT),
        DocumentColumn(words("Tỷ lệ")),
        DocumentColumn(words("Số tiền (đồng)"), ColumnKind.MONEY, 3),
        DocumentColumn(words("Không tiền mặt (đồng)"), ColumnKind.MONEY, 3),
    )

    def row(share: Any, title: str) -> tuple[Any, ...]:
        return (
            title,
            share.receipts,
            share.cashless,
            percent(share.permille),
            share.amount,
            share.cashless_amount,
        )

    return document(
        title=words("Tỷ lệ thanh toán không dùng tiền mặt"),
        subtitle=period,
        tables=(
            DocumentTable(
                "",
                columns,
                [row(share, department_title(share.department)) for share in shares],
                row(total_of(shares), words("Tổng cộng")),
            ),
        ),
        notes=(
            words(
                "Tỷ lệ là số biên lai của yêu cầu thu không có đồng tiền mặt nào trên tổng số biên lai còn hiệu lực."
            ),
        ),
        signatures=(words("Người lập biểu"), words("Lãnh đạo trung tâm")),
    )
