"""Sở Kế hoạch và Đầu tư: registration of enterprises, approval of investments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import Department, Procedure
from kiosk.plugin import Answers, hookimpl, load_department

from . import fees


@hookimpl
def departments() -> list[Department]:
    """One department, described by procedures.toml."""
    return [load_department(Path(__file__).parent)]


@hookimpl
def compute_fee(
    procedure: Procedure, answers: Answers, channel: Channel, on: date
) -> Sequence[FeeLine] | None:
    """Registration and publication together; the others stand in the table."""
    if procedure.department == "planning_investment" and procedure.key in fees.REGISTRATIONS:
        return fees.registration(procedure, channel, on)
    return None
