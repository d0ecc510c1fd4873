"""Công an tỉnh: passports, citizen identity cards, residence."""

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
    """Why a passport is asked for, who registers, how many people are on a list, what the term depends on."""
    return intake.FIELDS.get(procedure.key) if procedure.department == "public_security" else None


@hookimpl
def compute_fee(
    procedure: Procedure, answers: Answers, channel: Channel, on: date
) -> Sequence[FeeLine] | None:
    """Passports by day and channel, temporary residence by person; the others stand in the table."""
    rule = fees.RULES.get(procedure.key) if procedure.department == "public_security" else None
    return rule(procedure, answers, channel, on) if rule else None
