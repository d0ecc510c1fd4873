"""What the page of a dossier shows besides its facts: moves that make sense, papers that apply, the told history."""

from __future__ import annotations

from datetime import date
from typing import Any

from kiosk.domain.dossier import CORRECTION, Channel, Delivery
from kiosk.domain.procedure import ClockStart
from kiosk.i18n import translate
from kiosk.services.look.clock import CLOCK_WORDS

ORDER = (
    "transfer",
    "finish",
    "hand_over",
    "complete",
    "resume",
    "receive_back",
    "forward",
    "supplement",
    "suspend",
    "extend",
    "apologise",
    "deliver_by_post",
    "deliver_at_counter",
    "withdraw",
    "return",
    "stop",
)
PAPER_OF_MOVE = {"supplement": "supplement", "return": "refusal", "apologise": "apology", "stop": "stop"}


def offered_moves(dossier: dict[str, Any]) -> list[str]:
    """The state's moves, the usual first, without those that would say nothing about this dossier."""
    idle = {
        "transfer": dossier["transferred_on"] is not None,
        "receive_back": not dossier["linked_to"],
        "extend": not dossier["extendable"],
        "apologise": dossier["due_on"] is None,
        "deliver_by_post": dossier["delivery"] == Delivery.POST or not dossier["by_post"],
        "deliver_at_counter": dossier["delivery"] != Delivery.POST,
    }
    return [move for move in ORDER if move in dossier["moves"] and not idle.get(move)]


def papers_of(dossier: dict[str, Any]) -> list[str]:
    """The papers that can be printed about a dossier as it stands."""
    made = [entry["move"] for entry in timeline(dossier) if not entry["voided"]]
    special = [paper for move, paper in PAPER_OF_MOVE.items() if move in made]
    return ["receipt", *special, *([] if dossier["on_the_spot"] else ["control"])]


def clock_words(dossier: dict[str, Any], language: str) -> str:
    """By which rule the clock started, and on which day."""
    rule = ClockStart(dossier["clock_start"])
    if rule is ClockStart.POSTMARK and dossier["channel"] != Channel.POST:
        rule = ClockStart.RECEIPT
    day = date.fromisoformat(dossier["clock_on"])
    return translate(CLOCK_WORDS[rule], language, day=f"{day:%d/%m/%Y}")


def timeline(dossier: dict[str, Any]) -> list[dict[str, Any]]:
    """The history as it is read: a wrong entry names its correction, the correction what it puts right.

    Each entry gains `number`; `voided`; `wrong`, which of its "on" and "due_on" were put right; `was` and `now` (only
    what a correction changed); `target`, the entry a correction names; `may`, what could be put right about it ("on",
    "due_on", "void"), and `held`, what holds of it now; `sets_due`, whether it appointed a day.
    """
    entries = [{**entry, "number": place} for place, entry in enumerate(dossier["history"], 1)]
    by_seq = {entry["seq"]: entry for entry in entries}
    held = {seq: {"on": entry["on"], "due_on": entry["due_on"]} for seq, entry in by_seq.items()}
    for entry in entries:
        entry |= {"voided": False, "target": None, "was": {}, "now": {}, "may": [], "wrong": set()}
        if not entry["corrects"]:
            continue
        target = entry["target"] = by_seq[entry["corrects"]]
        target["voided"] = entry["voids"]
        stated = held[target["seq"]]
        changed = [key for key in stated if stated[key] != entry[key]]
        entry["was"] = {key: stated[key] for key in changed}
        entry["now"] = {key: entry[key] for key in changed}
        target["wrong"].update(changed)
        held[target["seq"]] = {key: entry[key] for key in stated}
    due = None
    for entry in entries:
        entry["sets_due"] = entry["due_on"] != due and not entry["target"] and not entry["voided"]
        due = entry["due_on"]
    holding = [entry for entry in entries if entry["move"] != CORRECTION and not entry["voided"]]
    for place, entry in enumerate(holding):
        entry["held"] = held[entry["seq"]]
        entry["may"] = [
            *(["on"] if place else []),
            "due_on",
            *(["void"] if place and entry is holding[-1] else []),
        ]
    return entries
