"""Sở Mẫu: a small department, complete. Most of it is data in procedures.toml; Python says what a table cannot."""

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
    """What the counter must ask; leave the hook out when the tables need no answers of their own."""
    return intake.FIELDS.get(procedure.key) if procedure.department == "template" else None


@hookimpl
def compute_fee(
    procedure: Procedure, answers: Answers, channel: Channel, on: date
) -> Sequence[FeeLine] | None:
    """What the table cannot say; None leaves a procedure to the table."""
    if procedure.department == "template" and procedure.key == intake.LICENCE:
        return fees.licence(procedure, answers, channel, on)
    return None
