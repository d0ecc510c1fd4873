"""Call buttons on the desks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g, request
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from kiosk.services.press_button import keep_pace, press_button
from kiosk.views.api.answers import answer
from kiosk.views.door import idempotent, right

api = APIBlueprint("api_buttons", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="devices")])


class PressPath(BaseModel):
    """Which button was pressed."""

    press: str = Field(max_length=20, description="call, recall or no_show.")


def unhurried(view: Callable[..., Response]) -> Callable[..., Response]:
    """Refuse what comes faster than a hand presses; outside of the press's own transaction, so that it stays counted."""

    @wraps(view)
    def paced(*args: Any, **kwargs: Any) -> Response:
        keep_pace(g.actor, request.headers.get("Idempotency-Key", ""), g.now)
        return view(*args, **kwargs)

    return paced


@api.post("/button/<press>", summary="Press a call button")
@right("button.press")
@unhurried
@idempotent
def press(path: PressPath) -> Response:
    """Call, recall or no-show at the button's own counter: the number, or 204 when nobody is waiting."""
    pressed = press_button(path.press, g.actor, g.now)
    return answer(pressed) if pressed is not None else Response(status=204)
