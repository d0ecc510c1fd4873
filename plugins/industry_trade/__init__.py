"""Sở Công Thương: promotions, petrol stations, food safety."""

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
    """Where a petrol station is, whose it is, and how many points of sale."""
    return intake.FIELDS.get(procedure.key) if procedure.department == "industry_trade" else None


@hookimpl
def compute_fee(
    procedure: Procedure, answers: Answers, channel: Channel, on: date
) -> Sequence[FeeLine] | None:
    """Petrol stations by area, subject and points of sale; the others stand in the table."""
    if procedure.department == "industry_trade" and procedure.key == fees.PETROL_STATION:
        return fees.petrol_station(procedure, answers, channel, on)
    return None
