"""All procedures of all departments: found, looked at, tried out, and changed with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, redirect, request

from kiosk.domain.dossier import Channel
from kiosk.domain.errors import DomainError
from kiosk.domain.money import dong_in_words, format_dong
from kiosk.domain.procedure import IntakeField
from kiosk.services import look
from kiosk.services.catalogue import listing, override_procedure
from kiosk.services.catalogue.override_procedure import UNITS, Wish
from kiosk.services.catalogue.try_out import questions, try_out
from kiosk.services.look.procedure import term_text
from kiosk.services.manage_users import names_by_id
from kiosk.views.admin_catalogue import blueprint as catalogue
from kiosk.views.door import current_office, language, page, staff, words
from kiosk.views.forms import (
    SEE_OTHER,
    attempt,
    clock_of,
    entered,
    refused,
    text,
    whole,
    whole_or_none,
)

blueprint = Blueprint("procedures", __name__, url_prefix="/procedures")
blueprint.register_blueprint(catalogue)

HERE = "/admin/procedures"
LONGEST_QUERY = 100
LAST_PAGE = 10_000


@blueprint.get("")
@staff("admin.procedures")
def procedures() -> str:
    """The catalogue, searched and filtered; the address carries no personal data."""
    office = current_office()
    today = look.today(office, g.now)
    asked = request.args.get("page", "1")
    wanted = listing.Wanted(
        query=request.args.get("q", "").strip()[:LONGEST_QUERY],
        department=request.args.get("department", "")[:40],
        doubtful=request.args.get("doubtful") == "1",
        changed=request.args.get("changed") == "1",
        page=min(int(asked), LAST_PAGE) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1,
    )
    return page(
        "admin/procedures.html",
        wanted=wanted,
        listing=listing.listing(office["id"], wanted, today),
        today=today,
        price_on=listing.price_on,
        **_formats(),
    )


@blueprint.get("/<department>/<key>")
@staff("admin.procedures")
def procedure(department: str, key: str) -> str:
    """One procedure with all its facts, its history, and the forms to try it out and to change it."""
    return _show(department, key)


@blueprint.post("/<department>/<key>/try")
@staff("admin.procedures")
def try_it(department: str, key: str) -> Any:
    """Fees and due date for a day, channel and answers; nothing is kept."""
    office = current_office()
    try:
        received = datetime.combine(_day("day"), _time("time"))
        found = listing.one(office["id"], department, key, received.date())
        answers = _answers(questions(office["id"], found.procedure))
        trial = try_out(office["id"], department, key, received, text("channel"), answers)
    except DomainError as error:
        return refused(error, lambda **shown: _show(department, key, trying=True, **shown))
    return _show(department, key, trying=True, trial=trial, entered=entered())


@blueprint.post("/<department>/<key>/override")
@staff("admin.procedures")
def override(department: str, key: str) -> Any:
    """First what a change would do; with `confirmed` it is made."""
    actor = g.actor
    try:
        kind, _, case = text("what").partition(":")
        wish = Wish(
            department=department,
            procedure=key,
            kind=kind,
            case=case,
            values=_values(kind),
            valid_from=_day("valid_from"),
            valid_to=_day("valid_to") if text("valid_to").strip() else None,
            reason=text("reason"),
        )
        if not text("confirmed"):
            effect = override_procedure.foresee(actor.office_id, wish, g.now, actor.name)
            return page(
                "admin/procedure_confirm.html",
                procedure=effect.procedure,
                wish=wish,
                effect=effect,
                back=f"{HERE}/{department}/{key}",
                fields=entered(),
                **_formats(),
            )
        override_procedure.override(actor.office_id, wish, g.now, actor.name)
    except DomainError as error:
        return refused(error, lambda **shown: _show(department, key, changing=True, **shown))
    flash(words("Đã ghi thay đổi riêng. Hồ sơ đã nhận giữ nguyên thời hạn và mức thu cũ."), "ok")
    return redirect(f"{HERE}/{department}/{key}#history", SEE_OTHER)


@blueprint.post("/<department>/<key>/revoke/<int:change>")
@staff("admin.procedures")
def revoke(department: str, key: str, change: int) -> Any:
    """Take back an override, or an edition."""
    actor = g.actor
    take_back = (
        override_procedure.revoke_edition if text("what") == listing.EDITION else override_procedure.revoke
    )

    def act() -> None:
        take_back(actor.office_id, change, text("reason"), g.now, actor.name)

    return attempt(
        act,
        lambda **shown: _show(department, key, revoking=change, **shown),
        f"{HERE}/{department}/{key}#history",
        "Đã thu hồi thay đổi.",
    )


def _show(department: str, key: str, **shown: Any) -> str:
    office = current_office()
    today = look.today(office, g.now)
    found = listing.one(office["id"], department, key, today)
    names = names_by_id(office["id"])
    return page(
        "admin/procedure.html",
        listed=found,
        procedure=found.procedure,
        today=today,
        now=f"{g.now.astimezone(ZoneInfo(office['zone'])):%H:%M}",
        history=listing.history(office["id"], department, key),
        questions=questions(office["id"], found.procedure),
        channels=[str(channel) for channel in Channel],
        units=UNITS,
        back=f"{HERE}/{department}/{key}",
        who=lambda actor: names.get(int(actor[5:])) if actor.startswith("user:") else None,
        when=clock_of(office["zone"]),
        price_on=listing.price_on,
        **{"trial": None, **shown},
        **_formats(),
    )


def _formats() -> dict[str, Any]:
    """How the pages of procedures write terms, đồng and days."""
    tongue = language()
    return {
        "term_text": lambda term: term_text(term, tongue),
        "money": lambda amount: format_dong(amount, short=True),
        "in_words": dong_in_words,
        "short_day": lambda day: f"{day:%d/%m/%Y}" if day else "",
    }


def _values(kind: str) -> dict[str, Any]:
    if kind == "fee":
        return {"direct": _dong("direct"), "online": _dong("online"), "basis": text("basis")}
    return {
        "unit": text("unit"),
        "value": whole_or_none("value"),
        "extendable_to_working_days": whole_or_none("extendable_to_working_days"),
        "excluded_calendar_days": whole_or_none("excluded_calendar_days"),
    }


def _dong(name: str) -> int:
    """Whole đồng, with or without thousands dots. Raises DomainError("amount_not_whole_dong")."""
    typed = text(name).strip().removesuffix("đ").strip()
    groups = typed.split(".")
    grouped = len(groups) == 1 or (len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    plain = "".join(groups)
    if not grouped or not plain.isascii() or not plain.isdigit() or len(plain) > 15:
        raise DomainError("amount_not_whole_dong", field=name)
    return int(plain)


def _day(name: str) -> date:
    try:
        return date.fromisoformat(text(name).strip())
    except ValueError:
        raise DomainError("date_malformed", field=name) from None


def _time(name: str) -> Any:
    try:
        return datetime.strptime(text(name).strip()[:5], "%H:%M").time()  # noqa: DTZ007  (a time of day has no zone)
    except ValueError:
        raise DomainError("time_malformed", field=name) from None


def _answers(asked: Sequence[IntakeField]) -> dict[str, Any]:
    readers: dict[str, Callable[[str], Any]] = {
        "choice": text,
        "count": whole,
        "amount": _dong,
        "yes_no": lambda name: text(name) == "yes",
    }
    return {question.key: readers[question.kind](f"answer-{question.key}") for question in asked}
