"""What the HTML forms of the staff share: reading fields, trying a change, saying why it was refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Response, flash, make_response, redirect, request

from kiosk.domain.errors import DomainError
from kiosk.i18n import error_message
from kiosk.views.door import language, words

T = TypeVar("T")

SEE_OTHER = 303
LARGEST = 2**31 - 1
"""Of a whole number in a form: what both databases keep in an integer."""
LISTS = frozenset({"counters", "lines"})
"""Fields that are groups of check boxes holding ids."""


def text(name: str) -> str:
    """A field as typed, "" when it is missing. Raises DomainError("text_not_allowed") for one with a NUL in it."""
    typed = request.form.get(name, "")
    if "\x00" in typed:
        raise DomainError("text_not_allowed", field=name)
    return typed


def whole(name: str) -> int:
    """A whole number. Raises DomainError("wrong_type", "out_of_range")."""
    try:
        number = int(text(name).strip())
    except ValueError:
        raise DomainError("wrong_type", field=name, expected="number") from None
    if abs(number) > LARGEST:
        raise DomainError("out_of_range", field=name)
    return number


def whole_or_none(name: str) -> int | None:
    """A whole number, or None for an empty field. Raises DomainError("wrong_type", "out_of_range")."""
    return whole(name) if text(name).strip() else None


def chosen(name: str) -> list[int]:
    """The ids ticked in a group of check boxes; what is no number is left out."""
    numbers = (
        int(value)
        for value in request.form.getlist(name)
        if value.isascii() and value.isdigit() and len(value) < 11
    )
    return [number for number in numbers if number <= LARGEST]


def entered() -> dict[str, Any]:
    """Everything typed, to fill a refused form again; passwords are typed anew."""
    values: dict[str, Any] = {name: value for name, value in request.form.items() if "password" not in name}
    return values | {name: chosen(name) for name in LISTS}


def say(error: DomainError) -> str:
    """The sentence for a refusal, in the reader's language."""
    return error_message(error.code, language(), error.fields)


def attempt(act: Callable[[], Any], show: Callable[..., str], back: str, done: str) -> Any:
    """Make a change; then lead back to `back` with the word `done`, or show the form again with the reason.

    `show` takes entered, problem and field (the name of the field at fault, if one is).
    """
    try:
        act()
    except DomainError as error:
        return refused(error, show)
    flash(words(done), "ok")
    return redirect(back, SEE_OTHER)


def attempt_secret(act: Callable[[], T], show: Callable[[T], str], refuse: Callable[..., str]) -> Any:
    """Make a change whose answer is shown once and kept nowhere: no redirect, no copy in any cache."""
    try:
        secret = act()
    except DomainError as error:
        return refused(error, refuse)
    response = make_response(show(secret))
    response.headers["Cache-Control"] = "no-store"
    return response


def refused(error: DomainError, show: Callable[..., str]) -> Response:
    """The page again, with what was typed and why it cannot be."""
    shown = show(entered=entered(), problem=say(error), field=error.fields.get("field"))
    return make_response(shown, error.status)


def clock_of(zone: str) -> Callable[[datetime | None], str]:
    """How a page writes a moment on the office's clock: "09:42 23/11/2026"; "–" for none."""
    place = ZoneInfo(zone)
    return lambda moment: f"{moment.astimezone(place):%H:%M %d/%m/%Y}" if moment else "–"
