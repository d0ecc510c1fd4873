"""Sở Xây dựng: building permits, appraisals of designs and projects, practising certificates."""

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
    """Kind, class and cost of the works; total investment; kind of building."""
    return intake.FIELDS.get(procedure.key) if procedure.department == "construction" else None


@hookimpl
def compute_fee(
    procedure: Procedure, answers: Answers, channel: Channel, on: date
) -> Sequence[FeeLine] | None:
    """Appraisals by a percentage between two points of a table; the others stand in the table of fees."""
    rule = fees.RULES.get(procedure.key) if procedure.department == "construction" else None
    return rule(procedure, answers, on) if rule else None
