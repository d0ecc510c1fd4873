"""A parcel's label as an A6 page."""

from __future__ import annotations

import json

import typst

from kiosk.domain.label import ParcelLabel, label_text
from kiosk.domain.papers.wording import on_paper
from kiosk.papers.codes import barcode_svg
from kiosk.papers.render import fonts
from kiosk.paths import web_templates


def render_label(label: ParcelLabel) -> bytes:
    """The label as PDF; the same facts give the same bytes."""
    text = label_text(label)
    facts = {
        "service": text.service,
        "number": text.number,
        "dossier": text.dossier,
        "barcode": barcode_svg(label.number),
        "sender": on_paper(text.sender),
        "sender_address": on_paper(label.office_address),
        "to": on_paper(text.to),
        "address": on_paper(text.address),
        "phone": on_paper(text.phone),
        "duties": [on_paper(duty) for duty in text.duties],
    }
    folder = web_templates() / "print"
    return typst.compile(
        str(folder / "label.typ"),
        root=str(folder),
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        font_paths=fonts(),
    )
