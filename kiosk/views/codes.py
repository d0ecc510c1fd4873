"""Codes of payments as pictures for screens."""

from __future__ import annotations

import re
from functools import lru_cache

import segno
from flask import Response

QUIET_ZONE = 4
"""Modules of white around a QR code (ISO/IEC 18004 asks for four)."""
MASK = 3
"""A fixed mask is as readable to a phone and saves the eight trial drawings."""
_DARK = re.compile(rb"\x01+")


@lru_cache(maxsize=256)
def qr_svg(payload: str) -> bytes:
    """A payment's code as a picture for a screen: one line for each run of dark modules."""
    code = segno.make(payload, error="m", micro=False, boost_error=False, mask=MASK)
    side = len(code.matrix) + 2 * QUIET_ZONE
    lines = "".join(
        f"M{QUIET_ZONE + run.start()} {row + QUIET_ZONE}.5h{run.end() - run.start()}"
        for row, modules in enumerate(code.matrix)
        for run in _DARK.finditer(bytes(modules))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path stroke="#182026" d="{lines}"/></svg>'
    ).encode()


def picture_of_code(payload: str | None) -> Response:
    """The code of a request; 404 when it shows none any more."""
    if not payload:
        return Response(status=404)
    response = Response(qr_svg(payload), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response
