"""The touch page where a number is taken, and the page where a device is paired."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, g, request

from kiosk.domain.codes import CHECK_ALPHABET
from kiosk.i18n import LANGUAGES, translate
from kiosk.services import look
from kiosk.services.pair_device import CODE_LENGTH
from kiosk.views.door import device, page, public

blueprint = Blueprint("kiosk", __name__)


@blueprint.get("/kiosk")
@device("kiosk")
def kiosk() -> str:
    """The kiosk; both languages travel with the page, and each visitor starts in the same one."""
    start = request.args.get("lang")
    return page(
        "kiosk/kiosk.html",
        menu=look.kiosk_menu(g.actor.office_id, g.actor.device.id if g.actor.device else None, g.now),
        start=start if start in LANGUAGES else LANGUAGES[0],
        say={language: partial(translate, language=language) for language in LANGUAGES},
    )


@blueprint.get("/pair")
@public
def pairing() -> str:
    """Where a new kiosk or board is given the code that the admin was shown."""
    return page("kiosk/pair.html", alphabet=CHECK_ALPHABET, code_length=CODE_LENGTH)
