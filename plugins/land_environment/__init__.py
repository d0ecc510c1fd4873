"""Sở Tài nguyên và Môi trường: land certificates, changes, mortgages, land data."""

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
    """Who applies, for what, and how many certificates and pages."""
    return intake.FIELDS.get(procedure.key) if procedure.department == "land_environment" else None


@hookimpl
def check_intake(procedure: Procedure, answers: Answers) -> str | None:
    """A cell that the matrix of fees does not have: nobody knows yet what it costs."""
    if procedure.department == "land_environment" and procedure.key in fees.MATRICES:
        return intake.cell_problem(procedure, answers)
    return None


@hookimpl
def compute_fee(
    procedure: Procedure, answers: Answers, channel: Channel, on: date
) -> Sequence[FeeLine] | None:
    """The matrices, and what comes on top by certificate or by page; the others stand in the table."""
    rule = fees.RULES.get(procedure.key) if procedure.department == "land_environment" else None
    return rule(procedure, answers, channel, on) if rule else None
