"""What pages that work with lists share: how they write money and moments, and how a list becomes a file."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, g, request

from kiosk.domain.errors import DomainError
from kiosk.domain.money import format_dong
from kiosk.domain.papers.table_document import DocumentTable, TableDocument
from kiosk.domain.papers.wording import place_and_date
from kiosk.plugin import gate
from kiosk.reports.table_sheet import write_tables
from kiosk.services import look
from kiosk.views.door import current_office, language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def formats() -> dict[str, Any]:
    """How a template writes amounts, moments, days and departments."""
    zone = ZoneInfo(current_office()["zone"])
    return {
        "money": signed,
        "plain": plain,
        "moment": lambda iso: f"{datetime.fromisoformat(iso).astimezone(zone):%H:%M %d/%m/%Y}" if iso else "",
        "short_day": lambda iso: f"{date.fromisoformat(str(iso)):%d/%m/%Y}" if iso else "",
        "department_title": department_title,
    }


def plain(amount: int) -> str:
    """A number without its unit, with a minus where it is below zero."""
    return ("−" if amount < 0 else "") + f"{abs(amount):,}".replace(",", ".")


def signed(amount: int) -> str:
    """An amount in đồng, with a minus where it is below zero."""
    return ("−" if amount < 0 else "") + format_dong(abs(amount), short=True)


def department_title(key: str) -> str:
    """How a department is called in the reader's language; its key when its plugin is gone."""
    department = gate.departments().get(key)
    if department is None:
        return key
    return (language() == "en" and department.title_en) or department.title


def asked_day(name: str, otherwise: date) -> date:
    """A day from the address. Raises DomainError("date_malformed")."""
    typed = request.values.get(name, "")
    try:
        return date.fromisoformat(typed) if typed else otherwise
    except ValueError:
        raise DomainError("date_malformed", field=name) from None


def document(title: str, subtitle: str, tables: tuple[DocumentTable, ...], **more: Any) -> TableDocument:
    """A document of this office, dated today."""
    row = look.office_row(current_office()["key"])
    return TableDocument(
        agency=row.subtitle,
        centre=row.title,
        title=title,
        subtitle=subtitle,
        dated=place_and_date(row.place_name, look.today(current_office(), g.now)),
        tables=tables,
        **more,
    )


def send(made: TableDocument, form: str, name: str) -> Response:
    """A document as a spreadsheet or as a page. Raises DomainError("unknown_format")."""
    if form == "xlsx":
        return Response(
            write_tables(made),
            content_type=XLSX,
            headers={"Content-Disposition": f"attachment; filename={name}.xlsx", "Cache-Control": "no-store"},
        )
    if form != "pdf":
        raise DomainError("unknown_format", allowed=["pdf", "xlsx"])
    # Imported with the first paper: the typesetter costs memory in every server process.
    from kiosk.papers.tables import render_tables

    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(render_tables(made), mimetype="application/pdf", headers=headers)
