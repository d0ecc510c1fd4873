"""Sở Tư pháp: criminal records, certification, civil status, lawyers, nationality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.domain.dossier import Channel
from kiosk.domain.errors import DomainError
from kiosk.domain.money import FeeLine
from kiosk.domain.numbering import check_prefix
from kiosk.domain.procedure import Department, IntakeField, Procedure
from kiosk.plugin import Answers, Setting, SettingValues, hookimpl, load_department

from . import fees, intake

CERTIFICATION = "Chứng thực"


@hookimpl
def settings_schema() -> list[Setting]:
    """Certification is quick and frequent: an office may give it a line of its own."""
    return [
        Setting(
            "certification_prefix",
            "Chữ cái của hàng đợi chứng thực",
            "str",
            "",
            "Letter of the certification line",
            "Để trống: chứng thực chờ chung hàng của Sở Tư pháp.",
            most=2,
        )
    ]


@hookimpl
def check_settings(values: SettingValues) -> Mapping[str, str] | None:
    """The letter must be one that a ticket can bear."""
    try:
        check_prefix(values["certification_prefix"] or "T")
    except DomainError:
        return {"certification_prefix": "Một hoặc hai chữ cái in hoa từ A đến Z"}
    return None


@hookimpl
def departments() -> list[Department]:
    """One department, described by procedures.toml."""
    return [load_department(Path(__file__).parent)]


@hookimpl
def intake_fields(procedure: Procedure) -> Sequence[IntakeField] | None:
    """Numbers of slips, pages, copies and cases."""
    return intake.FIELDS.get(procedure.key) if procedure.department == "justice" else None


@hookimpl
def check_intake(procedure: Procedure, answers: Answers) -> str | None:
    """Criminal record slip No. 2 is never issued to a proxy (Luật Lý lịch tư pháp Đ.46)."""
    if procedure.department == "justice" and procedure.key == fees.CRIMINAL_RECORD:
        return intake.proxy_problem(answers)
    return None


@hookimpl
def compute_fee(
    procedure: Procedure, answers: Answers, channel: Channel, on: date
) -> Sequence[FeeLine] | None:
    """The fees that go by slips, pages, copies or cases; the others stand in the table."""
    rule = fees.RULES.get(procedure.key) if procedure.department == "justice" else None
    return rule(procedure, answers, channel, on) if rule else None


@hookimpl
def ticket_prefix(procedure: Procedure, settings: SettingValues) -> str | None:
    """The certification line, where the office has one."""
    if procedure.department == "justice" and procedure.field_name == CERTIFICATION:
        return settings["certification_prefix"] or None
    return None


@hookimpl
def object_to_move(thing: Any, move: str) -> str | None:
    """Certification is done where it is asked for and goes on to nobody (NĐ 23/2015/NĐ-CP Đ.5)."""
    if move == "forward" and thing.procedure in (fees.CERTIFIED_COPY, fees.CERTIFIED_SIGNATURE):
        return "Chứng thực được thực hiện tại nơi tiếp nhận, không chuyển liên thông (NĐ 23/2015/NĐ-CP Đ.5)."
    return None
