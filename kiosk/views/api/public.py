"""What anybody may ask: one's own number by its token, a dossier's progress by its code."""

from __future__ import annotations

from flask import Response, g, request
from flask_openapi3 import APIBlueprint, Tag

from kiosk.domain.errors import NotFound
from kiosk.services import look
from kiosk.services.booking.door import office_at_door
from kiosk.services.holder import CITIZEN, move_by_holder
from kiosk.services.rate_service import rate_visit
from kiosk.views.api.answers import answer
from kiosk.views.api.shapes import CodePath, HolderMoveBody, RatingBody, TokenPath
from kiosk.views.door import JSON, language, public, settings
from kiosk.views.guessing import count_guess, refuse_guesser

api = APIBlueprint("api_public", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="public")])


@api.get("/follow/<string:token>", summary="Follow one's number")
@public
def follow(path: TokenPath) -> Response:
    """Position, range and counter of the ticket the token belongs to; 304 while nothing changed."""
    address = request.remote_addr or ""
    refuse_guesser(address)
    try:
        etag, body = look.follow_answer(path.token, g.now)
    except NotFound:
        count_guess(address)
        raise
    response = Response(body, mimetype=JSON)
    response.set_etag(etag)
    response.cache_control.no_cache = True
    response.cache_control.private = True
    response.make_conditional(request)
    return response


@api.post("/follow/<string:token>/moves", summary="Give one's number up, or be called later")
@public
def holder_move(path: TokenPath, body: HolderMoveBody) -> Response:
    """cancel, later (with minutes), or check_in with the code shown at the door."""
    refuse_guesser(request.remote_addr or "")
    try:
        here = bool(body.code) and office_at_door(settings().key, body.code, g.now)
        at_door = here == look.ticket_of_token(path.token)[0]
        move_by_holder(path.token, body.move, g.now, minutes=body.minutes, at_door=at_door)
    except NotFound:
        count_guess(request.remote_addr or "")
        raise
    return answer(look.follow(path.token, g.now))


@api.post("/follow/<string:token>/rating", summary="Rate one's visit")
@public
def rate(path: TokenPath, body: RatingBody) -> Response:
    """1 not satisfied, 2 satisfied, 3 very satisfied; once, after the visit."""
    refuse_guesser(request.remote_addr or "")
    try:
        office, ticket = look.ticket_of_token(path.token)
    except NotFound:
        count_guess(request.remote_addr or "")
        raise
    rate_visit(office, ticket, body.score, body.words, CITIZEN, g.now)
    return answer(look.follow(path.token, g.now), 201)


@api.get("/lookup/<string:code>", summary="Progress of a dossier")
@public
def lookup(path: CodePath) -> Response:
    """The code and how far along it is: nothing else (TT 01/2018 Đ.16.2.d)."""
    return answer(look.progress(path.code, language()))
