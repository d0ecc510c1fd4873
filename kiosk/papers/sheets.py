"""What each paper says, as plain values for its template: every date, sum and number already in words."""

from __future__ import annotations

from datetime import date
from functools import singledispatch
from typing import Any

from kiosk.domain.money import FeeKind, FeeLine, dong_in_words, format_dong, total
from kiosk.domain.papers import (
    ApologySlip,
    ControlSlip,
    Head,
    Party,
    ReceiptSlip,
    RefusalSlip,
    Register,
    StopNotice,
    SupplementSlip,
)
from kiosk.domain.papers.wording import (
    OUTCOMES,
    due_words,
    long_date,
    long_moment,
    padded,
    phone_words,
    place_and_date,
    short_date,
    term_words,
)

Values = dict[str, Any]

FEE_TITLES: dict[FeeKind, str] = {"phi": "Phí", "le_phi": "Lệ phí"}


@singledispatch
def values(paper: object) -> Values:
    """The template's values for a paper; TypeError for what is none."""
    raise TypeError(f"{type(paper).__name__} is not a paper")


@values.register
def _(paper: ReceiptSlip) -> Values:
    stage = paper.second_stage
    return {
        **_head(paper.head, paper.day),
        "code": paper.code,
        "number": None,
        "desk": paper.desk,
        "party": _party(paper.party),
        "request": paper.request,
        "sheets": [
            {
                "name": sheet.name,
                "originals": _count(sheet.originals),
                "certified": _count(sheet.certified),
                "copies": _count(sheet.copies),
            }
            for sheet in paper.sheets
        ],
        "sets": padded(paper.sets),
        "term": term_words(paper.term),
        "received_at": long_moment(paper.received_at),
        "due": due_words(paper.due),
        "delivery": paper.delivery,
        "second_stage": None
        if stage is None
        else {
            "received_at": long_moment(stage.received_at) if stage.received_at else "",
            "due": due_words(stage.due),
        },
        "fees": _fees(paper.fees),
        "book": paper.book,
        "book_entry": paper.book_entry,
        "officer": paper.officer,
        "lookup_site": paper.lookup_site,
        "rating_url": paper.rating_url,
    }


@values.register
def _(paper: SupplementSlip) -> Values:
    return {
        **_head(paper.head, paper.day),
        **_asked(paper),
        "desk": paper.desk,
        "missing": [{"name": item.name, "note": item.note} for item in paper.missing],
        "reason": paper.reason,
        "officer": paper.officer,
        "officer_phone": phone_words(paper.officer_phone),
        "lookup_site": paper.lookup_site,
        "rating_url": paper.rating_url,
    }


@values.register
def _(paper: RefusalSlip) -> Values:
    return {
        **_head(paper.head, paper.day),
        **_asked(paper),
        "desk": paper.desk,
        "reason": paper.reason,
        "officer": paper.officer,
        "rating_url": paper.rating_url,
    }


@values.register
def _(paper: ApologySlip) -> Values:
    return {
        **_head(paper.head, paper.day),
        **_asked(paper),
        "received_at": long_moment(paper.received_at),
        "due": due_words(paper.due),
        "late_agency": paper.late_agency,
        "reason": paper.reason,
        "new_due": due_words(paper.new_due),
        "signer_title": paper.signer_title,
        "signer": paper.signer,
        "recipients": list(paper.recipients),
    }


@values.register
def _(paper: StopNotice) -> Values:
    return {
        **_head(paper.head, paper.day),
        **_asked(paper),
        "received_at": long_moment(paper.received_at),
        "requested_on": long_date(paper.requested_on) if paper.requested_on else "",
        "reason": paper.reason,
        "signer_title": paper.signer_title,
        "signer": paper.signer,
        "recipients": list(paper.recipients),
    }


@values.register
def _(paper: ControlSlip) -> Values:
    return {
        **_head(paper.head, paper.day),
        "code": paper.code,
        "number": None,
        "request": paper.request,
        "received_at": long_moment(paper.received_at),
        "due": due_words(paper.due),
        "deciding_agency": paper.deciding_agency,
        "cooperating": "; ".join(paper.cooperating),
        "rows": [
            {
                "giver": row.giver,
                "receiver": row.receiver,
                "at": long_moment(row.at) if row.at else "",
                "outcome": OUTCOMES[row.outcome] if row.outcome else "",
                "note": row.note,
            }
            for row in paper.rows
        ],
    }


@values.register
def _(paper: Register) -> Values:
    return {
        **_head(paper.head, paper.day),
        "number": None,
        "book": paper.book,
        "period": f"Từ {long_date(paper.first_day)} đến {long_date(paper.last_day)}",
        "rows": [
            [
                padded(row.entry),
                row.code,
                row.request,
                padded(row.sets),
                row.owner,
                row.address,
                phone_words(row.phone),
                short_date(row.received_on),
                short_date(row.due) if row.due else "",
                short_date(row.returned_on) if row.returned_on else "",
                "",
                "",
                row.receiver,
                row.locality,
                row.note,
            ]
            for row in paper.rows
        ],
    }


def _head(head: Head, day: date) -> Values:
    return {
        "agency": head.agency,
        "centre": head.centre,
        "dated": place_and_date(head.place, day),
        "day": [day.year, day.month, day.day],
    }


def _asked(paper: SupplementSlip | RefusalSlip | ApologySlip | StopNotice) -> Values:
    """Who asked for what, and under which number it is answered."""
    return {
        "code": paper.code,
        "number": paper.number,
        "party": _party(paper.party),
        "request": paper.request,
    }


def _party(party: Party) -> Values:
    return {
        "name": party.name,
        "submitter": party.submitter,
        "address": party.address,
        "phone": phone_words(party.phone),
        "email": party.email,
        "id_number": party.id_number_masked,
        "tax_code": party.tax_code,
    }


def _count(sheets: int) -> str:
    return padded(sheets) if sheets else ""


def _plain(amount: int) -> str:
    """The amount without its unit, which stands over the column."""
    return format_dong(amount).removesuffix(" đồng")


def _fees(lines: tuple[FeeLine, ...]) -> Values | None:
    """Phí and lệ phí apart, each with its sum, then the total and the total in words; None where nothing is due."""
    if not lines:
        return None
    due = total(lines)
    return {
        "kinds": [
            {
                "title": title,
                "sum": _plain(total(lines, line_kind)),
                "lines": [
                    {
                        "case": line.case,
                        "basis": line.legal_basis or "",
                        "quantity": padded(line.quantity),
                        "amount": _plain(line.amount),
                        "total": _plain(line.total),
                    }
                    for line in lines
                    if line.kind == line_kind
                ],
            }
            for line_kind, title in FEE_TITLES.items()
            if any(line.kind == line_kind for line in lines)
        ],
        "total": _plain(due),
        "in_words": dong_in_words(due),
    }
