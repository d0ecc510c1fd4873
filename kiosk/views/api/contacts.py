"""Asking to be told: the channels of one's own number, and an address for one of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, g, request
from flask_openapi3 import APIBlueprint, Tag
from pydantic import Field

from kiosk.domain.errors import NotFound
from kiosk.services import notify
from kiosk.services.notify.words import consent_of
from kiosk.views.api.answers import answer
from kiosk.views.api.shapes import Body, TokenPath
from kiosk.views.door import language, public
from kiosk.views.guessing import count_guess, refuse_guesser

api = APIBlueprint("api_contacts", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="public")])


class ContactBody(Body):
    """Where the holder of a number wants to be told."""

    channel: str = Field(max_length=40, description="A key of the list of channels.")
    address: str = Field(max_length=254, description="A mobile number or an e-mail address.")
    consent: bool = Field(False, description="The holder has read and ticked the words in `consent`.")


class ContactPath(TokenPath):
    """A number's token and one of its channels."""

    channel: str = Field(max_length=40)


@api.get("/follow/<string:token>/channels", summary="Ways of being told")
@public
def channels(path: TokenPath) -> Response:
    """{consent, channels: [{key, title, title_en, address_kind, offered, subscribed, shown}]}; addresses are masked."""
    with _guarded():
        return answer(_answer(path.token))


@api.post("/follow/<string:token>/contact", summary="Ask to be told")
@public
def subscribe(path: TokenPath, body: ContactBody) -> Response:
    """Keep one address for a channel until the day of the number is over; answers as the list of channels."""
    with _guarded():
        notify.subscribe(
            path.token,
            body.channel,
            body.address,
            language(),
            g.now,
            caller=request.remote_addr or "",
            consent=body.consent,
        )
        return answer(_answer(path.token))


@api.delete("/follow/<string:token>/contact/<string:channel>", summary="Stop being told")
@public
def unsubscribe(path: ContactPath) -> Response:
    """Erase the address of a channel at once; answers as the list of channels."""
    with _guarded():
        notify.unsubscribe(path.token, path.channel)
        return answer(_answer(path.token))


def _answer(token: str) -> dict[str, object]:
    return {"consent": consent_of(language()), "channels": notify.listing(token)}


@contextmanager
def _guarded() -> Iterator[None]:
    """Whoever guesses tokens has to wait."""
    address = request.remote_addr or ""
    refuse_guesser(address)
    try:
        yield
    except NotFound as error:
        if error.code == "unknown_ticket":
            count_guess(address)
        raise
