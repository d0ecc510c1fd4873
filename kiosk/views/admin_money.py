"""How the office handles money: letters of payment codes, the limit for two persons, series, calendars."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from kiosk.domain.payment.rules import USUAL_RULES, RemittanceRule
from kiosk.plugin import gate
from kiosk.services.look.money import RULE_TITLES
from kiosk.services.payment.money_rules import change_money_rules, money_rules
from kiosk.services.payment.providers import providers_of
from kiosk.views.door import current_office, language, page, public_address, staff, words
from kiosk.views.forms import attempt, text, whole

blueprint = Blueprint("money_rules", __name__, url_prefix="/money")

HERE = "/admin/money"


@blueprint.get("")
@staff("admin.money")
def rules() -> str:
    """The rules in force."""
    return _show()


@blueprint.post("")
@staff("admin.money")
def change() -> Any:
    """Set them; codes with former letters are still recognised."""
    actor = g.actor

    def act() -> None:
        named = {key: text(f"rule-{key}") for key in gate.departments(actor.office_id)}
        usual = {key: str(USUAL_RULES.get(key, RemittanceRule.MONTHLY_FIFTH)) for key in named}
        values = {
            "prefix": text("prefix").strip().upper(),
            "two_person_above": whole("two_person_above"),
            "phi_series": text("phi_series").strip().upper(),
            "le_phi_series": text("le_phi_series").strip().upper(),
            "remittance": {key: rule for key, rule in named.items() if rule and rule != usual[key]},
        }
        change_money_rules(actor.office_id, values, g.now, actor.name)

    return attempt(act, _show, HERE, "Đã lưu quy tắc thu tiền.")


def _show(**more: Any) -> str:
    office = current_office()
    in_force = money_rules(office["id"])
    departments = [
        {
            "key": key,
            "title": (language() == "en" and department.title_en) or department.title,
            "rule": str(in_force.rule_of(key)),
        }
        for key, department in gate.departments(office["id"]).items()
    ]
    plugins = {plugin for plugin, _ in providers_of(office["id"]).values()}
    return page(
        "admin/money.html",
        rules=in_force,
        departments=departments,
        titles={str(key): words(title) for key, title in RULE_TITLES.items()},
        addresses=[
            f"{public_address(office)}/p/{plugin}/notices/{office['key']}" for plugin in sorted(plugins)
        ],
        **more,
    )
