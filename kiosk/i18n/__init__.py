"""Words in the reader's language. Vietnamese is the source; English stands in plain `.po` files, read at start."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.messages.pofile import read_po

LANGUAGES = ("vi", "en")
HERE = Path(__file__).parent


@cache
def catalogue(language: str) -> dict[str, str]:
    """Source text → translation; empty for Vietnamese."""
    words: dict[str, str] = {}
    for path in sorted((HERE / language).glob("*.po")) if language != "vi" else ():
        with path.open("rb") as file:
            words |= {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id and m.string}
    return words


@cache
def errors() -> dict[str, dict[str, str]]:
    """Error code → sentence by language."""
    return tomllib.loads((HERE / "errors.toml").read_text(encoding="utf-8"))


def translate(text: str, language: str, **values: Any) -> str:
    """`text` (Vietnamese) in a language, with %(name)s filled in; a text without a translation stays as it is."""
    words = catalogue(language).get(text, text)
    return words % values if values else words


def error_message(code: str, language: str, fields: dict[str, Any]) -> str:
    """The sentence for an error code, saying what to do next where that helps."""
    sentences = errors().get(code) or errors()["internal_error"]
    try:
        return sentences[language].format(**fields)
    except (KeyError, IndexError):
        return sentences[language]


def long_day(day: date | datetime, language: str) -> str:
    """A day in words: "Thứ Sáu, 04/12/2026"."""
    return format_date(day, "EEEE, dd/MM/yyyy", locale=language)
