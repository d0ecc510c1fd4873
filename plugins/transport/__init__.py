"""Sở Giao thông vận tải: driving licences, transport businesses and their badges."""

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
    """What the term depends on, in the words of the counter."""
    return intake.FIELDS.get(procedure.key) if procedure.department == "transport" else None


@hookimpl
def compute_fee(
    procedure: Procedure, answers: Answers, channel: Channel, on: date
) -> Sequence[FeeLine] | None:
    """The fee of a driving licence by day and channel; the others stand in the table."""
    if procedure.department == "transport" and procedure.key in fees.LICENCES:
        return fees.licence(procedure, channel, on)
    return None
