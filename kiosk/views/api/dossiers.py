"""Dossiers: previewed, received, looked at, moved along."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag

from kiosk.domain.dossier import DossierState
from kiosk.domain.errors import DomainError
from kiosk.services import look
from kiosk.services.advance_dossier import MoveDetails, advance_dossier, find_dossier
from kiosk.services.correct_dossier import Correction, correct_dossier
from kiosk.services.decline_application import decline_application
from kiosk.services.look.clock import clock_text
from kiosk.services.look.procedure import term_text
from kiosk.services.receive_dossier import receive_dossier
from kiosk.services.reckon_dossier import Application, reckon
from kiosk.views.api.answers import answer
from kiosk.views.api.shapes import (
    CodePath,
    CorrectionBody,
    DeclineBody,
    DossierBody,
    DossierMoveBody,
    DossierQuery,
    DossierSearchBody,
    PreviewBody,
)
from kiosk.views.door import idempotent, language, right

api = APIBlueprint("api_dossiers", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="dossiers")])


@api.post("/dossiers/preview", summary="Due date and fees before accepting")
@right("dossier.receive")
def preview(body: PreviewBody) -> Response:
    """What the law makes of an application received now. Nothing is kept."""
    application = Application(
        procedure=body.procedure,
        department=body.department,
        applicant={},
        answers=body.answers,
        channel=body.channel,
        postmark_on=body.postmark_on,
    )
    reckoning, code = reckon(g.actor.office_id, application, g.actor, g.now)
    return answer(
        {
            "received_at": g.now.isoformat(),
            "clock_on": reckoning.clock_at.date().isoformat(),
            "clock_start": str(reckoning.procedure.clock_start),
            "clock_text": clock_text(
                reckoning.procedure,
                reckoning.clock_at.date(),
                language(),
                by_post=body.channel == "post",
            ),
            "forward_by": reckoning.forward_by.isoformat(),
            "due_on": reckoning.due_on.isoformat() if reckoning.due_on else None,
            "term_text": term_text(reckoning.term, language()),
            "level": reckoning.level,
            "fees": {
                "lines": [{**asdict(line), "total": line.total} for line in reckoning.fees],
                "total": reckoning.fee_total,
            },
            "code_preview": code,
        }
    )


@api.post("/dossiers", summary="Receive a dossier")
@right("dossier.receive")
@idempotent
def receive(body: DossierBody) -> Response:
    """Take in one application; the answer carries its code, due date and fees, and no personal data."""
    dossier = receive_dossier(Application(**body.model_dump()), g.actor, g.now)
    return answer(_without_person(look.dossier_page(dossier, g.actor, g.now, language())), 201)


@api.post("/dossiers/declined", summary="Ask for a supplement or refuse, instead of receiving")
@right("dossier.receive")
@idempotent
def decline(body: DeclineBody) -> Response:
    """Write a supplement request or a refusal; the answer carries its number and the missing papers, and no name."""
    facts = body.model_dump(exclude={"outcome", "reason"})
    slip = decline_application(Application(**facts), body.outcome, body.reason, g.actor, g.now)
    return answer(look.declined(slip), 201)


@api.get("/dossiers", summary="List dossiers")
@right("dossier.read")
def index(query: DossierQuery) -> Response:
    """Newest first; `q` is a part of a code."""
    return _found(query, by_name=False)


@api.post("/dossiers/search", summary="Search dossiers by code or name")
@right("dossier.read")
def search(body: DossierSearchBody) -> Response:
    """Newest first; a name is searched only by those who may see personal data. Nothing is changed."""
    return _found(body, by_name=True)


def _found(wanted: DossierQuery | DossierSearchBody, *, by_name: bool) -> Response:
    if wanted.state and wanted.state not in set(DossierState):
        raise DomainError("unknown_state", state=wanted.state, allowed=[str(s) for s in DossierState])
    return answer(
        look.dossiers(
            g.actor,
            g.now,
            language(),
            query=wanted.q,
            state=wanted.state,
            department=wanted.department,
            attention=wanted.attention,
            page=wanted.page,
            by_name=by_name,
        )
    )


@api.get("/dossiers/<string:code>", summary="One dossier")
@right("dossier.read")
def show(path: CodePath) -> Response:
    """Everything about a dossier of the office."""
    dossier = find_dossier(g.actor.office_id, path.code)
    return answer(look.dossier_page(dossier, g.actor, g.now, language()))


@api.post("/dossiers/<string:code>/moves", summary="Move a dossier along")
@right("dossier.move")
@idempotent
def move(path: CodePath, body: DossierMoveBody) -> Response:
    """supplement, complete, transfer, forward, receive_back, extend, suspend, resume, apologise, finish, hand_over,
    return, withdraw or stop."""
    details = MoveDetails(on=body.on, note=body.note, to=body.to, answer_by=body.answer_by)
    dossier = advance_dossier(path.code, body.move, g.actor, g.now, details)
    return answer(_without_person(look.dossier_page(dossier, g.actor, g.now, language())))


@api.post("/dossiers/<string:code>/corrections", summary="Put a wrong entry right")
@right("dossier.correct")
@idempotent
def correct(path: CodePath, body: CorrectionBody) -> Response:
    """By a new entry that names the old one: its day, the due date it left, or that it was made at all."""
    dossier = correct_dossier(path.code, Correction(**body.model_dump()), g.actor, g.now)
    return answer(_without_person(look.dossier_page(dossier, g.actor, g.now, language())))


def _without_person(shown: dict) -> dict:
    # These answers are kept for repeats of the request; personal data stays in its own table.
    return {key: value for key, value in shown.items() if key not in {"applicant", "authorised", "notes"}}
