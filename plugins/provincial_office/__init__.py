"""Văn phòng UBND tỉnh: gets linked dossiers from the departments and has no desk of its own."""

from __future__ import annotations

from pathlib import Path

from kiosk.domain.procedure import Department
from kiosk.plugin import hookimpl, load_department


@hookimpl
def departments() -> list[Department]:
    """One department, described by procedures.toml."""
    return [load_department(Path(__file__).parent)]
