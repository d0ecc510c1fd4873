"""What departments remit, and when their circulars say so."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, g

from kiosk.domain.papers.table_document import ColumnKind, DocumentColumn, DocumentTable
from kiosk.services.look import money as shown
from kiosk.services.payment.remit import find_remittance, lines_of, make_remittance, owed
from kiosk.views.door import language, staff, words
from kiosk.views.forms import attempt, text
from kiosk.views.money.common import asked_day, blueprint, department_title, document, send, show


@blueprint.get("/money/remittances")
@staff("money.manage")
def remittances() -> str:
    """What is due, and the lists that were made."""
    return _show()


@blueprint.post("/money/remittances")
@staff("money.manage")
def make_list() -> Any:
    """List a department's receipts up to the end of a stretch."""
    last = asked_day("last_day", date.min)
    return attempt(
        lambda: make_remittance(text("department"), last, g.actor, g.now),
        _show,
        "/money/remittances#made",
        "Đã lập bảng kê nộp.",
    )


@blueprint.get("/money/remittances/<int:key>.<form>")
@staff("money.manage")
def remittance_file(key: int, form: str) -> Response:
    """A list as a spreadsheet or as a page. Raises NotFound("unknown_remittance")."""
    row = find_remittance(g.actor.office_id, key)
    kinds = {"phi": words("Phí"), "le_phi": words("Lệ phí")}
    made = document(
        title=words("Bảng kê nộp phí, lệ phí"),
        subtitle=words(
            "Số %(number)s · %(department)s", number=row.number, department=department_title(row.department)
        ),
        facts=(
            (words("Từ ngày"), f"{row.first_day:%d/%m/%Y}"),
            (words("Đến hết ngày"), f"{row.last_day:%d/%m/%Y}"),
            (words("Hạn nộp"), f"{row.due_on:%d/%m/%Y}"),
            (words("Lịch nộp"), words(shown.RULE_TITLES[row.rule])),
        ),
        tables=(
            DocumentTable(
                "",
                (
                    DocumentColumn(words("Số biên lai"), width=3),
                    DocumentColumn(words("Ngày thu")),
                    DocumentColumn(words("Khoản thu")),
                    DocumentColumn(words("Hồ sơ"), width=4),
                    DocumentColumn(words("Số tiền (đồng)"), ColumnKind.MONEY, 3),
                ),
                [
                    (
                        line["number"],
                        "/".join(reversed(line["day"].split("-"))),
                        kinds[line["kind"]],
                        line["dossier"],
                        line["amount"],
                    )
                    for line in lines_of(row)
                ],
                (words("Tổng cộng"), "", "", "", row.phi + row.le_phi),
            ),
        ),
        notes=(
            words("Phí: %(amount)s", amount=f"{row.phi:,}".replace(",", ".")),
            words("Lệ phí: %(amount)s", amount=f"{row.le_phi:,}".replace(",", ".")),
        ),
        signatures=(words("Người lập biểu"), words("Kế toán"), words("Lãnh đạo trung tâm")),
    )
    return send(made, form, f"bang-ke-{row.number}")


def _show(**more: Any) -> str:
    office = g.actor.office_id
    return show(
        "money/remittances.html",
        "remittances",
        due=owed(office),
        made=shown.remittances(office),
        rules=shown.RULE_TITLES,
        said=words,
        language=language(),
        **more,
    )
