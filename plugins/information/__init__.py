"""Sở Thông tin và Truyền thông: publications and postal licences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import Department, IntakeField, Procedure
from kiosk.plugin import Answers, hookimpl, load_department

from . import fees, intake


@hookimpl
def departments() -> list[Department]:
    """One department, described by procedures.toml."""
    return [load_department(Path(__file__).parent)]


@hookimpl
def intake_fields(procedure: Procedure) -> Sequence[IntakeField] | None:
    """The number of standard pages."""
    return intake.FIELDS.get(procedure.key) if procedure.department == "information" else None


@hookimpl
def check_intake(procedure: Procedure, answers: Answers) -> str | None:
    """A document for which no rate is known is not received."""
    if procedure.department == "information" and procedure.key == fees.PUBLICATION:
        return intake.pages_problem(answers)
    return None


@hookimpl
def compute_fee(
    procedure: Procedure, answers: Answers, channel: Channel, on: date
) -> Sequence[FeeLine] | None:
    """The fee by standard pages; the others stand in the table."""
    if procedure.department == "information" and procedure.key == fees.PUBLICATION:
        return fees.publication(procedure, answers, channel, on)
    return None
