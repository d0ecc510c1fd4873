"""Dossiers for the staff: find one, read everything about it, make its legal moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, g, request

from kiosk.domain.money import format_dong
from kiosk.domain.papers.wording import phone_words
from kiosk.i18n import long_day, translate
from kiosk.plugin import gate
from kiosk.services import look
from kiosk.services.advance_dossier import find_dossier
from kiosk.services.look.attention import ATTENTION_TITLES
from kiosk.services.look.dossier import MOVE_TITLES, STATE_TITLES
from kiosk.services.look.money import methods, payments_of_dossier
from kiosk.services.look.post import parcels_of_dossier
from kiosk.views.door import current_office, language, page, staff
from kiosk.views.dossier_facts import clock_words, offered_moves, papers_of, timeline

blueprint = Blueprint("dossiers", __name__)

LONGEST_QUERY = 120
LAST_PAGE = 100_000


@blueprint.get("/dossiers")
@staff("dossier.read")
def index() -> Any:
    """All dossiers, newest first; what is searched for stands in the body of a form, never in an address."""
    return _listed({})


@blueprint.post("/dossiers")
@staff("dossier.read")
def search() -> Any:
    """Search by code or, with the right to personal data, by name; filtered by state, department and need."""
    return _listed(request.form)


def _listed(form: Mapping[str, str]) -> Any:
    wanted = {
        "q": form.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY],
        "state": form.get("state", "") if form.get("state") in STATE_TITLES else "",
        "department": form.get("department", "").replace("\0", "")[:40],
        "attention": form.get("attention", "") if form.get("attention") in ATTENTION_TITLES else "",
    }
    asked = form.get("page", "1")
    number = min(max(1, int(asked)), LAST_PAGE) if asked.isascii() and asked.isdigit() else 1
    found = look.dossiers(
        g.actor,
        g.now,
        language(),
        query=wanted["q"],
        state=wanted["state"],
        department=wanted["department"],
        attention=wanted["attention"],
        page=number,
        by_name=True,
    )
    return page(
        "dossiers/index.html",
        nav="dossiers",
        wanted=wanted,
        found=found,
        states=STATE_TITLES,
        attentions=ATTENTION_TITLES,
        departments=look.departments(g.actor.office_id),
        today=_today(),
        **_formats(),
    )


@blueprint.get("/dossiers/<code>")
@staff("dossier.read")
def one(code: str) -> Any:
    """One dossier. Raises NotFound("unknown_dossier")."""
    dossier = look.dossier_page(find_dossier(g.actor.office_id, code), g.actor, g.now, language())
    last = dossier["history"][-1] if dossier["history"] else None
    just_made = last["move_title"] if last and request.args.get("done") == last["move"] else None
    return page(
        "dossiers/one.html",
        nav="dossiers",
        dossier=dossier,
        just_made=just_made,
        move_titles=MOVE_TITLES,
        moves_offered=offered_moves(dossier),
        papers=papers_of(dossier),
        entries=timeline(dossier),
        clock_words=clock_words(dossier, language()),
        agencies=_agencies(dossier),
        payments=payments_of_dossier(dossier["id"], language()),
        parcels=parcels_of_dossier(dossier["id"], language()),
        pay_methods=methods(g.actor.office_id, language()),
        today=_today(),
        phone=phone_words,
        **_formats(),
    )


def _today() -> str:
    return g.now.astimezone(ZoneInfo(current_office()["zone"])).date().isoformat()


def _agencies(dossier: dict[str, Any]) -> list[dict[str, Any]]:
    """Where a linked dossier may go to; `usual` marks the authority its procedure names."""
    procedure = gate.known_procedure(
        dossier["department"]["key"], dossier["procedure"]["key"], g.actor.office_id
    )
    usual = procedure.linked_to if procedure else None
    here = {dossier["department"]["key"], dossier["linked_to"]}
    return [
        {"key": d.key, "title": d.title, "usual": d.key == usual}
        for d in gate.departments().values()
        if d.key not in here
    ]


def _formats() -> dict[str, Any]:
    """How a page of dossiers writes days, moments, đồng and departments in the reader's language."""
    tongue = language()
    zone = ZoneInfo(current_office()["zone"])
    known = gate.departments()

    def department_title(key: str) -> str:
        department = known.get(key)
        if department is None:
            return key
        return (tongue == "en" and department.title_en) or department.title

    return {
        "short_day": lambda iso: f"{date.fromisoformat(iso):%d/%m/%Y}" if iso else "",
        "long_day": lambda iso: long_day(date.fromisoformat(iso), tongue) if iso else "",
        "moment": lambda iso: f"{datetime.fromisoformat(iso).astimezone(zone):%H:%M %d/%m/%Y}",
        "money": lambda amount: format_dong(amount, short=True),
        "said": lambda text: translate(text, tongue),
        "department_title": department_title,
    }
