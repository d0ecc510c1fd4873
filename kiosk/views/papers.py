"""The papers as PDF, for the officer who prints and signs them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, g, request

from kiosk.domain.errors import DomainError
from kiosk.domain.papers import Paper
from kiosk.services import look, papers
from kiosk.services.advance_dossier import find_dossier
from kiosk.services.papers.of_declined import find_declined
from kiosk.views.door import current_office, staff
from kiosk.views.rating import rating_url

blueprint = Blueprint("papers", __name__)


@blueprint.get("/dossiers/<code>/papers/<form>.pdf")
@staff("dossier.personal")
def of_dossier(code: str, form: str) -> Response:
    """One paper of a dossier. Raises NotFound("unknown_dossier", "paper_not_there")."""
    dossier = find_dossier(g.actor.office_id, code)
    paper = papers.paper_of_dossier(dossier, form, g.now, rating_url(current_office(), "dossier", dossier.id))
    return _pdf(paper, f"{dossier.code}-{form}")


@blueprint.get("/declined/<int:key>/paper.pdf")
@staff("dossier.personal")
def of_declined(key: int) -> Response:
    """The supplement request or refusal written at the desk. Raises NotFound("unknown_slip")."""
    slip = find_declined(g.actor.office_id, key)
    paper = papers.paper_of_declined(slip, rating_url(current_office(), "declined", slip.id))
    return _pdf(paper, f"{slip.outcome}-{slip.id}")


@blueprint.get("/dossiers/register.pdf")
@staff("dossier.personal")
def register() -> Response:
    """The register from one day to another; today's when none is named."""
    today = look.today(current_office(), g.now)
    first, last = _day("from", today), _day("to", today)
    return _pdf(papers.register_of(g.actor.office_id, first, last, today), f"so-theo-doi-{first}-{last}")


def _day(name: str, otherwise: date) -> date:
    typed = request.args.get(name, "")
    try:
        return date.fromisoformat(typed) if typed else otherwise
    except ValueError:
        raise DomainError("date_malformed", field=name) from None


def _pdf(paper: Paper, name: str) -> Response:
    headers: dict[str, Any] = {
        "Content-Disposition": f'inline; filename="{name}.pdf"',
        "Cache-Control": "no-store",
    }
    # Imported with the first paper: typesetter and drawing cost sixteen megabytes in every server process.
    from kiosk.papers.render import render

    return Response(render(paper), mimetype="application/pdf", headers=headers)
