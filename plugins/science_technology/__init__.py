"""Sở Khoa học và Công nghệ: radiation, imported goods, declarations of conformity."""

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
    """The number of X-ray devices."""
    return intake.FIELDS.get(procedure.key) if procedure.department == "science_technology" else None


@hookimpl
def compute_fee(
    procedure: Procedure, answers: Answers, channel: Channel, on: date
) -> Sequence[FeeLine] | None:
    """The fee by devices; the others stand in the table."""
    if procedure.department == "science_technology" and procedure.key == fees.X_RAY:
        return fees.x_ray(procedure, answers, channel, on)
    return None
