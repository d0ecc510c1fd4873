"""Fees by matrix (who applies × for what × channel), by certificate and by page; amounts stand in procedures.toml."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeKind, FeeLine
from kiosk.domain.procedure import FeeCase, Procedure
from kiosk.plugin import Answers

EXCHANGE = "1.012783"
LOST = "1.012786"
CHANGE = "1.013831"
MORTGAGE = "1.011441"
LAND_DATA = "1.012789"

MATRICES = (EXCHANGE, LOST, CHANGE, MORTGAGE)
DIMENSIONS = ("subject", "outcome", "object")
"""Questions whose answers, in this order, make the key of a cell; not every procedure asks all."""

INDIVIDUAL, ORGANISATION = "individual", "organisation"
FIRST_PAGES = 5
"""Pages of a document at the full rate; each further one costs less."""

Rule = Callable[[Procedure, Answers, Channel, date], Sequence[FeeLine]]


def cell_key(answers: Answers) -> str:
    """The cell of the matrix that the answers lead to, such as `individual_land`."""
    return "_".join(answers[key] for key in DIMENSIONS if key in answers)


def matrix(procedure: Procedure, answers: Answers, channel: Channel, on: date) -> list[FeeLine]:
    """One line, the cell's."""
    return [_line("phi", _cases(procedure, on)[cell_key(answers)], channel, on)]


def exchange(procedure: Procedure, answers: Answers, channel: Channel, on: date) -> list[FeeLine]:
    """The cell, lệ phí for individuals, and a sum for each certificate from the second."""
    cases = _cases(procedure, on)
    lines = matrix(procedure, answers, channel, on)
    if answers["subject"] == INDIVIDUAL:
        lines.append(_line("le_phi", cases["certificate_charge"], channel, on))
    if further := answers["certificates"] - 1:
        lines.append(_line("phi", cases["further_certificate"], channel, on, further))
    return lines


def land_data(procedure: Procedure, answers: Answers, channel: Channel, on: date) -> list[FeeLine]:
    """Lệ phí by applicant, scans of certificates, and pages at two rates."""
    cases, pages = _cases(procedure, on), answers["pages"]
    lines = [_line("le_phi", cases[f"charge_{answers['subject']}"], channel, on)]
    quantities = {
        "certificate_scan": answers["scans"],
        "first_pages": min(pages, FIRST_PAGES),
        "further_pages": max(0, pages - FIRST_PAGES),
    }
    return lines + [
        _line("phi", cases[key], channel, on, quantity) for key, quantity in quantities.items() if quantity
    ]


RULES: dict[str, Rule] = {
    EXCHANGE: exchange,
    LOST: matrix,
    CHANGE: matrix,
    MORTGAGE: matrix,
    LAND_DATA: land_data,
}


def _cases(procedure: Procedure, on: date) -> dict[str, FeeCase]:
    return {case.key: case for case in procedure.fees_on(on)}


def _line(kind: FeeKind, case: FeeCase, channel: Channel, on: date, quantity: int = 1) -> FeeLine:
    amount = case.amount(channel is Channel.ONLINE, on)
    title = case.title if amount == case.direct else f"{case.title} (nộp trực tuyến)"
    return FeeLine(kind, title, amount, quantity, case.basis)
