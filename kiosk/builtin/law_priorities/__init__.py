"""Who is called first: by law the elderly and people with disabilities, by house rules also others.

Luật Người cao tuổi Đ.2, Đ.3.1.c; Luật Người khuyết tật Đ.4. The others are the centre's own nội quy.
"""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.procedure import Procedure
from kiosk.domain.queueing import ELDERLY_FROM_AGE, Priority
from kiosk.plugin import Setting, SettingValues, Visitor, hookimpl

HOUSE_RULES = {Priority.PREGNANCY: "pregnancy", Priority.MERIT: "merit"}


@hookimpl
def settings_schema() -> list[Setting]:
    """An office may be kinder than the law."""
    return [
        Setting(
            "elderly_from_age",
            "Tuổi được ưu tiên",
            "int",
            ELDERLY_FROM_AGE,
            "Priority from age",
            least=1,
            most=120,
        ),
        Setting(
            "pregnancy", "Ưu tiên phụ nữ mang thai, có con nhỏ", "bool", True, "Pregnancy or small child"
        ),
        Setting("merit", "Ưu tiên người có công", "bool", True, "Persons with merit"),
    ]


@hookimpl
def check_settings(values: SettingValues) -> Mapping[str, str] | None:
    """Never stricter than the law."""
    if values["elderly_from_age"] > ELDERLY_FROM_AGE:
        return {"elderly_from_age": "Luật Người cao tuổi: từ đủ 60 tuổi đã được ưu tiên"}
    return None


@hookimpl
def ticket_priority(
    procedure: Procedure | None, visitor: Visitor, settings: SettingValues
) -> Priority | None:
    """The class claimed if it is given here, or that of the visitor's age."""
    if visitor.age is not None and visitor.age >= settings["elderly_from_age"]:
        return Priority.ELDERLY
    if visitor.claimed is Priority.NORMAL:
        return None
    rule = HOUSE_RULES.get(visitor.claimed)
    return visitor.claimed if rule is None or settings[rule] else None
