"""From the facts of a paper to its PDF."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import typst

from kiosk.domain.papers import CIRCULARS, Form, Paper, edition_on, heading
from kiosk.domain.papers.wording import on_paper
from kiosk.papers.codes import barcode_svg, qr_svg
from kiosk.papers.sheets import values
from kiosk.paths import web_templates

PER_DOSSIER = frozenset(Form) - {Form.REGISTER}


def render(paper: Paper) -> bytes:
    """The paper as PDF, in the edition of its day; the same facts give the same bytes.

    Raises `form_not_in_edition` for a notice of stopping before TT 03/2025. May be called by several threads at once.
    """
    edition = edition_on(paper.day)
    title = heading(paper.form, edition)
    facts = {
        **_clean(values(paper)),
        "edition": str(edition),
        "circular": CIRCULARS[edition],
        "form_label": title.label,
        "title": title.title,
    }
    if paper.form in PER_DOSSIER:
        facts |= _pictures(facts)
    folder = web_templates() / "print"
    # Facts reach the template as data: no name can become markup, and no file outside the folder can be read.
    return typst.compile(
        str(folder / f"{paper.form}.typ"),
        root=str(folder),
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        font_paths=fonts(),
    )


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The typesetter's own faces only, so that a paper looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False)


def _pictures(facts: dict[str, Any]) -> dict[str, str | None]:
    code, rating = facts["code"], facts.get("rating_url")
    return {
        "barcode_svg": barcode_svg(code) if code else None,
        "code_svg": qr_svg(code) if code else None,
        "rating_svg": qr_svg(rating) if rating else None,
    }


def _clean(value: Any) -> Any:
    """Every text in it made fit for paper."""
    if isinstance(value, str):
        return on_paper(value)
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list) else value
