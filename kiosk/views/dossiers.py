"""Dossiers for the staff: find one, read everything about it, make its legal moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, g, request

from kiosk.domain.money import format_dong
from kiosk.i18n import long_day, translate
from kiosk.services import look
from kiosk.services.advance_dossier import find_dossier
from kiosk.services.look.dossier import MOVE_TITLES, STATE_TITLES
from kiosk.views.door import current_office, language, page, staff

blueprint = Blueprint("dossiers", __name__)

LONGEST_QUERY = 120
LAST_PAGE = 100_000
FINAL_MOVES = ("hand_over", "return", "withdraw")


@blueprint.get("/dossiers")
@staff("dossier.read")
def index() -> Any:
    """All dossiers, newest first; what is searched for stands in the body of a form, never in an address."""
    return _listed({})


@blueprint.post("/dossiers")
@staff("dossier.read")
def search() -> Any:
    """Search by code or, with the right to personal data, by name; filtered by state and department."""
    return _listed(request.form)


def _listed(form: Mapping[str, str]) -> Any:
    wanted = {
        "q": form.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY],
        "state": form.get("state", "") if form.get("state") in STATE_TITLES else "",
        "department": form.get("department", "").replace("\0", "")[:40],
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
        page=number,
        by_name=True,
    )
    return page(
        "dossiers/index.html",
        nav="dossiers",
        wanted=wanted,
        found=found,
        states=STATE_TITLES,
        departments=look.departments(g.actor.office_id),
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
        final_moves=FINAL_MOVES,
        today=g.now.astimezone(ZoneInfo(current_office()["zone"])).date().isoformat(),
        **_formats(),
    )


def _formats() -> dict[str, Any]:
    """How a page of dossiers writes days, moments, đồng and departments in the reader's language."""
    tongue = language()
    zone = ZoneInfo(current_office()["zone"])
    english = {d["key"]: d["title_en"] for d in look.departments(g.actor.office_id)} if tongue == "en" else {}
    return {
        "short_day": lambda iso: f"{date.fromisoformat(iso):%d/%m/%Y}" if iso else "",
        "long_day": lambda iso: long_day(date.fromisoformat(iso), tongue) if iso else "",
        "day_on_paper": lambda iso: long_day(date.fromisoformat(iso), "vi") if iso else "",
        "moment": lambda iso: f"{datetime.fromisoformat(iso).astimezone(zone):%H:%M %d/%m/%Y}",
        "money": lambda amount: format_dong(amount, short=True),
        "said": lambda text: translate(text, tongue),
        "department_title": lambda department: english.get(department["key"]) or department["title"],
    }
