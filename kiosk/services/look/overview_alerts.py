"""What a manager should look at now, the most urgent first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.database import to_micros
from kiosk.domain.events import HelpAnswered, HelpWanted
from kiosk.models import Journal, Printer
from kiosk.services.printer_condition import can_print

PAUSED_TOO_LONG = timedelta(minutes=20)
VISIT_TOO_LONG = timedelta(minutes=45)
"""Longer than this at a counter, somebody may have forgotten to press "finish"."""
PARKED_TOO_LONG = timedelta(minutes=30)
URGENT = ("help_wanted", "line_unserved", "printer_problem", "line_over_target")
"""In this order before all others; these are red."""
ORDER = (*URGENT, "past_closing", "visit_long", "parked_long", "counter_paused", "paper_low")
Alert = dict[str, Any]


def alerts(
    office_id: int,
    day: date,
    zone: ZoneInfo,
    lines: Iterable[Mapping[str, Any]],
    counters: Iterable[Mapping[str, Any]],
    parked: Iterable[Mapping[str, Any]],
    now: datetime,
) -> list[Alert]:
    """Everything worth a look: {kind, level, since} and what it is about. Within a kind, the longest first."""
    found = [
        *help_wanted(office_id, datetime.combine(day, time(), zone)),
        *_of_lines(lines),
        *_of_counters(counters),
        *_of_parked(parked),
        *_of_printers(office_id, now),
    ]
    for alert in found:
        alert["level"] = "bad" if alert["kind"] in URGENT else "warn"
    return sorted(found, key=lambda each: (ORDER.index(each["kind"]), each["since"] or now.isoformat()))


def help_wanted(office_id: int, since: datetime) -> list[Alert]:
    """Calls for help to which nobody went yet: one for each counter or device and reason, with its newest entry."""
    entries = (
        Journal.select(Journal.seq, Journal.at, Journal.kind, Journal.facts)
        .where(
            (Journal.office == office_id)
            & (Journal.kind << [HelpWanted.kind, HelpAnswered.kind])
            & (Journal.at >= to_micros(since))
        )
        .order_by(Journal.seq)
        .tuples()
    )
    calls: dict[Any, Alert] = {}
    whose: dict[int, Any] = {}
    for seq, at, kind, text in entries:
        facts = json.loads(text)
        if kind == HelpAnswered.kind:
            asked = whose.get(facts["wanted"])
            if asked in calls and calls[asked]["seq"] <= facts["wanted"]:
                del calls[asked]
            continue
        key = whose[seq] = (facts.get("counter"), facts.get("device"), facts["reason"])
        first = calls.pop(key, {"since": at.isoformat(), "times": 0})
        calls[key] = {
            "kind": "help_wanted",
            "seq": seq,
            "since": first["since"],
            "times": first["times"] + 1,
            "reason": facts["reason"],
            "counter": facts.get("counter"),
            "counter_number": facts.get("counter_number"),
            "device": facts.get("device"),
            "device_name": facts.get("device_name"),
        }
    return list(calls.values())


def _of_lines(lines: Iterable[Mapping[str, Any]]) -> list[Alert]:
    found = []
    for line in lines:
        about = {
            "line": line["id"],
            "prefix": line["prefix"],
            "title": line["title"],
            "title_en": line["title_en"],
            "waiting": line["waiting"],
            "since": line["waits_since"],
        }
        if line["waiting"] and not line["counters"]["open"]:
            found.append({"kind": "line_unserved", **about})
        elif line["over_target"]:
            over = {"over": line["over_target"], "target_minutes": line["target_minutes"]}
            found.append(
                {"kind": "line_over_target", "seconds": line["longest_wait_seconds"], **over, **about}
            )
        if line["fits"] == "no":
            found.append({"kind": "past_closing", "closes_at": line["closes_at"], **about})
    return found


def _of_counters(counters: Iterable[Mapping[str, Any]]) -> list[Alert]:
    found = []
    for counter in counters:
        about = {"counter": counter["id"], "counter_number": counter["number"]}
        paused, ticket = counter["paused"], counter["ticket"]
        if paused and paused["seconds"] > PAUSED_TOO_LONG.total_seconds():
            found.append({"kind": "counter_paused", **about, **paused})
        if ticket and ticket["seconds"] > VISIT_TOO_LONG.total_seconds():
            named = {"ticket": ticket["id"], "label": ticket["label"]}
            found.append(
                {
                    "kind": "visit_long",
                    **about,
                    **named,
                    "since": ticket["since"],
                    "seconds": ticket["seconds"],
                }
            )
    return found


def _of_parked(parked: Iterable[Mapping[str, Any]]) -> list[Alert]:
    return [
        {"kind": "parked_long", **ticket}
        for ticket in parked
        if ticket["seconds"] > PARKED_TOO_LONG.total_seconds()
    ]


def _of_printers(office_id: int, now: datetime) -> list[Alert]:
    found = []
    for printer in Printer.select().where(Printer.office == office_id).order_by(Printer.name):
        about = {"printer": printer.id, "name": printer.name, "since": None}
        problem = printer.problem or (None if can_print(printer, now) else "printer_unknown")
        if problem:
            since = printer.problem_since.isoformat() if printer.problem_since else None
            found.append({"kind": "printer_problem", **about, "problem": problem, "since": since})
        elif printer.paper_low:
            found.append({"kind": "paper_low", **about})
    return found
