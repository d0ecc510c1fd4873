"""Chi cục Văn thư – Lưu trữ: copies by the page, reading for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import Department, IntakeField, Procedure
from kiosk.plugin import Answers, hookimpl, load_department

COPIES = ("archives", "ban-sao-tai-lieu")


@hookimpl
def departments() -> list[Department]:
    """One department, described by procedures.toml."""
    return [load_department(Path(__file__).parent)]


@hookimpl
def intake_fields(procedure: Procedure) -> Sequence[IntakeField] | None:
    """How many pages are copied."""
    if (procedure.department, procedure.key) != COPIES:
        return None
    return [IntakeField("pages", "Số trang", "Pages", "count", default=1, minimum=1, maximum=500)]


@hookimpl
def compute_fee(
    procedure: Procedure, answers: Answers, channel: Channel, on: date
) -> Sequence[FeeLine] | None:
    """By the page."""
    if (procedure.department, procedure.key) != COPIES:
        return None
    (page,) = procedure.fees_on(on)
    return [
        FeeLine("phi", page.title, page.amount(channel is Channel.ONLINE, on), answers["pages"], page.basis)
    ]
