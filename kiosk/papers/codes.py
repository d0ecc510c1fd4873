"""A dossier's code as a Code 128 barcode and as a QR code, both as SVG fit for a typesetter."""

from __future__ import annotations

import io
from itertools import groupby

import segno
from barcode.codex import Code128

BAR_HEIGHT = 36
"""In modules; the template decides how wide a module is by the height it gives the picture."""

QR_QUIET_MODULES = 2
"""Half of what ISO/IEC 18004 asks for: the paper around the code is white as well."""


def barcode_svg(text: str) -> str:
    """The text as bars, one unit of the picture a module; what is not ASCII cannot be encoded (ValueError).

    The ten empty modules a scanner needs at each end (ISO/IEC 15417) are the white of the page around it.
    """
    if not text or not text.isascii():
        raise ValueError("Code 128 carries ASCII only")
    bars, at = [], 0
    for dark, modules in groupby(Code128(text).build()[0], key="1".__eq__):
        width = len(list(modules))
        if dark:
            bars.append(f"M{at} 0h{width}v{BAR_HEIGHT}h-{width}z")
        at += width
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{at}" height="{BAR_HEIGHT}" viewBox="0 0 {at} {BAR_HEIGHT}"><path d="{"".join(bars)}" shape-rendering="crispEdges"/></svg>'


def qr_svg(text: str) -> str:
    """The text as a QR code of error level M: readable with a stamp over a corner."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture, kind="svg", border=QR_QUIET_MODULES, xmldecl=False, svgclass=None, lineclass=None
    )
    return picture.getvalue().decode()
