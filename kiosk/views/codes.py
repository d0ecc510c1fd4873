"""Codes of payments as pictures for screens."""

from __future__ import annotations

import io
from functools import lru_cache

import segno
from flask import Response

QUIET_ZONE = 4
"""Modules of white around a QR code (ISO/IEC 18004 asks for four)."""
MASK = 3
"""A fixed mask is as readable to a phone and saves the eight trial drawings."""


@lru_cache(maxsize=256)
def qr_svg(payload: str) -> bytes:
    """A payment's code as a picture for a screen."""
    drawn = io.BytesIO()
    code = segno.make(payload, error="m", micro=False, boost_error=False, mask=MASK)
    code.save(
        drawn, kind="svg", border=QUIET_ZONE, light="#ffffff", dark="#182026", omitsize=True,
        svgclass=None, lineclass=None, xmldecl=False,
    )  # fmt: skip
    return drawn.getvalue()


def picture_of_code(payload: str | None) -> Response:
    """The code of a request; 404 when it shows none any more."""
    if not payload:
        return Response(status=404)
    response = Response(qr_svg(payload), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response
