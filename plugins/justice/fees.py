"""Fees that a table alone cannot say: by slip, by page with a cap, by copy, by case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine, per_page_with_cap
from kiosk.domain.procedure import FeeCase, Procedure
from kiosk.plugin import Answers

CRIMINAL_RECORD = "2.000488"
CERTIFIED_COPY = "2.000815"
CERTIFIED_SIGNATURE = "2.000884"
EXTRACT = "2.000635"

SLIPS_INCLUDED = 2
"""Slips that the fee covers; each further one costs extra (TT 244/2016/TT-BTC Đ.4)."""
FIRST_PAGES = 2
MOST_PER_COPY = 200_000
"""TT 226/2016/TT-BTC Đ.4, in đồng."""

Rule = Callable[[Procedure, Answers, Channel, date], Sequence[FeeLine]]


def criminal_record(procedure: Procedure, answers: Answers, channel: Channel, on: date) -> list[FeeLine]:
    """By class of applicant, and 5.000 for each slip from the third; who is exempt pays nothing at all (Đ.5)."""
    cases = _cases(procedure, on)
    lines = [_line(cases[answers.get("fee_case", "ordinary")], channel, on)]
    further = answers["slips"] - SLIPS_INCLUDED
    if further > 0 and lines[0].amount:
        lines.append(_line(cases["extra_slip"], channel, on, further))
    return lines


def certified_copy(procedure: Procedure, answers: Answers, channel: Channel, on: date) -> list[FeeLine]:
    """By page of the original and number of copies, with a cap for each copy."""
    cases = _cases(procedure, on)
    first, further = cases["first_pages"], cases["further_pages"]
    pages, copies = answers["pages"], answers["copies"]
    per_copy = per_page_with_cap(
        pages, first=first.direct, first_pages=FIRST_PAGES, then=further.direct, cap=MOST_PER_COPY
    )
    if per_copy == MOST_PER_COPY:
        return [FeeLine("phi", f"Mức tối đa mỗi bản ({pages} trang)", per_copy, copies, first.basis)]
    lines = [_line(first, channel, on, min(pages, FIRST_PAGES) * copies)]
    if pages > FIRST_PAGES:
        lines.append(_line(further, channel, on, (pages - FIRST_PAGES) * copies))
    return lines


def certified_signature(procedure: Procedure, answers: Answers, channel: Channel, on: date) -> list[FeeLine]:
    """By case: one or several signatures on the same document are one."""
    return [_line(_cases(procedure, on)["each_case"], channel, on, answers["cases"])]


def extract(procedure: Procedure, answers: Answers, channel: Channel, on: date) -> list[FeeLine]:
    """By copy."""
    return [_line(_cases(procedure, on)["per_copy"], channel, on, answers["copies"])]


RULES: dict[str, Rule] = {
    CRIMINAL_RECORD: criminal_record,
    CERTIFIED_COPY: certified_copy,
    CERTIFIED_SIGNATURE: certified_signature,
    EXTRACT: extract,
}


def _cases(procedure: Procedure, on: date) -> dict[str, FeeCase]:
    return {case.key: case for case in procedure.fees_on(on)}


def _line(case: FeeCase, channel: Channel, on: date, quantity: int = 1) -> FeeLine:
    return FeeLine("phi", case.title, case.amount(channel is Channel.ONLINE, on), quantity, case.basis)
