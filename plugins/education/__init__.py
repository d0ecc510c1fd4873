"""Sở Giáo dục và Đào tạo: diplomas, admission to upper secondary school, change of school."""

from __future__ import annotations

from pathlib import Path

from kiosk.domain.procedure import Department
from kiosk.plugin import hookimpl, load_department


@hookimpl
def departments() -> list[Department]:
    """One department, described by procedures.toml."""
    return [load_department(Path(__file__).parent)]
