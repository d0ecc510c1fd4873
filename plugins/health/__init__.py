"""Sở Y tế: practising certificates, pharmacies, self-declared products."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kiosk.domain.procedure import Department, IntakeField, Procedure
from kiosk.plugin import hookimpl, load_department

from . import intake


@hookimpl
def departments() -> list[Department]:
    """One department, described by procedures.toml."""
    return [load_department(Path(__file__).parent)]


@hookimpl
def intake_fields(procedure: Procedure) -> Sequence[IntakeField] | None:
    """Whether a pharmacy is inspected, on which its term depends."""
    return intake.FIELDS.get(procedure.key) if procedure.department == "health" else None
