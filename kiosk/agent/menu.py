"""The kiosk's menu as this machine knows it: with its own printer, and without the server's figures."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass
from typing import Any

from kiosk.agent.store import dump
from kiosk.domain.errors import DomainError, NotFound

Menu = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """What a wish comes down to: a line, and what the page and the paper say of it."""

    line: dict[str, Any]
    department: dict[str, Any]
    procedure: dict[str, Any] | None


def offline_menu(menu: Menu, left: dict[int, int]) -> Menu:
    """The last menu, without figures that nobody knows now; a line without numbers is closed."""
    shown = copy.deepcopy(menu)
    shown["offline"] = True
    for department in shown["departments"]:
        line = department["line"]
        line.update(waiting=None, wait_minutes=None, open=bool(line["open"] and left.get(line["id"])))
    return shown


def with_printer(menu: Menu, printer: dict[str, Any] | None) -> Menu:
    """The menu with what this machine knows of its own printer; the server knows it a moment later."""
    return menu if printer is None else {**menu, "printer": printer}


def etag_of(menu: Menu) -> str:
    """Changes when the menu does."""
    return hashlib.sha256(dump(menu).encode()).hexdigest()[:20]


def choose(menu: Menu, wish: dict[str, Any], known: dict[str, int]) -> Choice:
    """The line a wish belongs to. `known` are lines the server chose before, by "department/procedure".

    Raises DomainError("line_or_procedure"), NotFound("unknown_line", "unknown_procedure").
    """
    line, procedure, department = wish.get("line"), wish.get("procedure"), wish.get("department")
    if (line is None) == (procedure is None):
        raise DomainError("line_or_procedure")
    cards = menu["departments"]
    if procedure is None:
        card = next((card for card in cards if card["line"]["id"] == line), None)
        if card is None:
            raise NotFound("unknown_line", line=line, procedure=None)
        return Choice(card["line"], card, None)
    offers = [
        (card, each)
        for card in cards
        for each in card["procedures"]
        if procedure in {each["key"], each["code"]} and department in {None, card["key"]}
    ]
    if not offers:
        raise NotFound("unknown_procedure", procedure=str(procedure)[:80])
    card, found = offers[0]
    chosen = known.get(f"{card['key']}/{found['key']}")
    card = next((card for card, _ in offers if card["line"]["id"] == chosen), card)
    return Choice(card["line"], card, found)


def learn(known: dict[str, int], answer: dict[str, Any]) -> dict[str, int]:
    """Which line the server gave a procedure: where a department has several, only the server can say."""
    if not answer.get("procedure"):
        return known
    return {**known, f"{answer['department']['key']}/{answer['procedure']['key']}": answer["line"]["id"]}
