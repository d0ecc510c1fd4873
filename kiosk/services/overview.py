"""What an admin sees first: the figures of the day, and who changed what."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from kiosk.database import connection
from kiosk.domain.ticket import AT_COUNTER, TicketState
from kiosk.models import Device, Dossier, Journal, Line, Ticket
from kiosk.services.manage_users import names_by_id

MANAGED = (
    "calendar.changed",
    "catalogue.taken",
    "counter.changed",
    "device.changed",
    "hall.changed",
    "hours.changed",
    "line.changed",
    "notice.changed",
    "office.changed",
    "office.hours_changed",
    "plugin.configured",
    "plugin.switched",
    "procedure.overridden",
    "rule.changed",
    "user.changed",
    "voice.changed",
)
"""Kinds of facts that an admin makes."""


@dataclass
class Counts:
    """How many tickets of a day are in which state; `called` counts every ticket ever called."""

    issued: int = 0
    waiting: int = 0
    called: int = 0
    at_counter: int = 0
    finished: int = 0
    no_show: int = 0

    def add(self, state: str, issued: int, called: int) -> None:
        """Count tickets of one state."""
        self.issued += issued
        self.called += called
        self.waiting += issued if state == TicketState.WAITING else 0
        self.at_counter += issued if state in AT_COUNTER else 0
        self.finished += issued if state == TicketState.FINISHED else 0
        self.no_show += issued if state == TicketState.NO_SHOW else 0

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(
            *(mine + theirs for mine, theirs in zip(vars(self).values(), vars(other).values(), strict=True))
        )


def today(office_id: int, day: date) -> dict[str, Any]:
    """The day's figures: tickets issued, waiting, called, at a counter, finished, not there; dossiers; by line."""
    with connection():
        states = (
            Ticket.select(Ticket.line, Ticket.state, fn.COUNT(Ticket.id), fn.COUNT(Ticket.called_at))
            .where((Ticket.office == office_id) & (Ticket.day == day))
            .group_by(Ticket.line, Ticket.state)
            .tuples()
        )
        by_line: dict[int, Counts] = {}
        for line, state, issued, called in states:
            by_line.setdefault(line, Counts()).add(state, issued, called)
        received = (Dossier.office == office_id) & (Dossier.received_on == day)
        dossiers = Dossier.select(Dossier.id).where(received).count()
        rows = list(Line.select().where(Line.office == office_id).order_by(Line.prefix))
    return {
        **vars(sum(by_line.values(), Counts())),
        "dossiers": dossiers,
        "lines": [
            {
                "prefix": row.prefix,
                "title": row.title,
                "title_en": row.title_en,
                "open": row.open,
                **vars(by_line.get(row.id, Counts())),
            }
            for row in rows
        ],
    }


def recent_changes(office_id: int, kinds: Iterable[str] = MANAGED, most: int = 20) -> list[dict[str, Any]]:
    """The newest facts of these kinds, newest first: {at, kind, facts, about, by}.

    `about` is the name of the account or device concerned, `by` who did it; "" where there is none.
    """
    with connection():
        wanted = (Journal.office == office_id) & (Journal.kind << list(kinds))
        rows = list(Journal.select().where(wanted).order_by(Journal.seq.desc()).limit(most))
        devices = {row.id: row.name for row in Device.select().where(Device.office == office_id)}
    users = names_by_id(office_id)
    return [_entry(row, json.loads(row.facts), users, devices) for row in rows]


def _entry(
    row: Journal, facts: dict[str, Any], users: dict[int, str], devices: dict[int, str]
) -> dict[str, Any]:
    kind, _, number = row.actor.partition(":")
    by = {"user": users, "device": devices}.get(kind, {})
    about = users.get(facts.get("user", 0)) or devices.get(facts.get("device", 0))
    return {
        "at": row.at,
        "kind": row.kind,
        "facts": facts,
        "about": about or "",
        "by": by.get(int(number), "") if number.isdecimal() else "",
    }
