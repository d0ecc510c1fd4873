"""Give a number without the server: from the lease, in one transaction with its ticket and its paper."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.agent import numbers, spool
from kiosk.agent.menu import Choice, choose
from kiosk.agent.moment import Moment, day_in
from kiosk.agent.numbers import Number
from kiosk.agent.store import Connection, Store, dump
from kiosk.domain.document import TicketSlip
from kiosk.domain.errors import DomainError, Unavailable
from kiosk.domain.queueing import Priority, parse_priority
from kiosk.domain.slips import slip_to_json
from kiosk.domain.ticket import TicketState

LANGUAGES = ("vi", "en")
MOST_DOSSIERS = 99


@dataclass(frozen=True)
class Wish:
    """What the citizen asked for, checked as the server would."""

    body: dict[str, Any]
    priority: Priority
    language: str
    dossiers: int

    @classmethod
    def read(cls, body: dict[str, Any]) -> Wish:
        """Raises DomainError("unknown_priority", "unknown_language", "dossiers_out_of_range", "wrong_type")."""
        for field, kind in (("line", int), ("procedure", str), ("department", str), ("priority", str)):
            if not isinstance(body.get(field), kind | None):
                raise DomainError("wrong_type", field=field)
        language, dossiers = body.get("language", "vi"), body.get("dossiers", 1)
        if language not in LANGUAGES:
            raise DomainError("unknown_language", language=str(language)[:20], allowed=list(LANGUAGES))
        if not isinstance(dossiers, int) or not 1 <= dossiers <= MOST_DOSSIERS:
            raise DomainError("dossiers_out_of_range", least=1, most=MOST_DOSSIERS)
        return cls(body, parse_priority(body.get("priority")), language, dossiers)


def issue(
    store: Store,
    moment: Moment,
    configuration: dict[str, Any],
    body: dict[str, Any],
    *,
    key: str | None,
    digest: str,
    paper: bool,
) -> dict[str, Any]:
    """Give the next leased number of a line; returns what the server would have answered.

    `key` is the wish's Idempotency-Key: the server may have heard of it, and will be told what became of it.
    Raises DomainError as the server does, Unavailable("no_numbers_today", "kiosk_clock_wrong").
    """
    wish = Wish.read(body)
    menu = store.fact("menu")
    if menu is None or not configuration:
        raise Unavailable("no_numbers_today")
    choice = choose(menu, body, store.fact("lines", {}))
    with store.change() as db:
        now = moment.to_issue(db)
        number = None
        if choice.line["open"]:
            number = numbers.take(db, choice.line["id"], day_in(configuration["office"]["zone"], now))
        if number is None:
            raise Unavailable("no_numbers_today")
        token = secrets.token_urlsafe(16)
        follow_url = f"{configuration['base_url'].rstrip('/')}/t/{token}"
        own = _keep_ticket(db, number, wish, choice, now, token, follow_url, key)
        if paper:
            slip = _slip(number, wish, choice, menu, now, configuration, follow_url)
            spool.add(db, "ticket", slip_to_json(slip), now, own=own)
        answer = _answer(own, number, wish, choice, now, follow_url, queued=paper)
        if key is not None:
            db.execute(
                "INSERT INTO wish VALUES (?, ?, ?, NULL, ?)", (key, digest, dump(answer), now.isoformat())
            )
    return answer


def _keep_ticket(
    db: Connection,
    number: Number,
    wish: Wish,
    choice: Choice,
    now: datetime,
    token: str,
    follow_url: str,
    key: str | None,
) -> int:
    facts = {
        "key": secrets.token_hex(16),
        "wish_key": key,
        "line": number.line,
        "day": number.day,
        "number": number.number,
        "issued_at": now.isoformat(),
        "token": token,
        "procedure": choice.procedure["key"] if choice.procedure else None,
        "department": choice.department["key"],
        "priority": str(wish.priority),
        "language": wish.language,
        "dossiers": wish.dossiers,
    }
    cursor = db.execute(
        "INSERT INTO ticket (key, wish_key, line, day, number, facts, follow_url) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (facts["key"], key, number.line, number.day, number.number, json.dumps(facts), follow_url),
    )
    return int(cursor.lastrowid or 0)


def _slip(
    number: Number,
    wish: Wish,
    choice: Choice,
    menu: dict[str, Any],
    now: datetime,
    configuration: dict[str, Any],
    follow_url: str,
) -> TicketSlip:
    office, english = configuration["office"], wish.language == "en"
    title = next((one for one in menu["priorities"] if one["key"] == wish.priority), None)
    claimed = title is not None and wish.priority is not Priority.NORMAL
    return TicketSlip(
        office_title=office["title"],
        office_subtitle=office["subtitle"],
        label=number.label,
        department=_title(choice.line, english),
        procedure=choice.procedure["name"] if choice.procedure else None,
        issued_at=now.astimezone(ZoneInfo(office["zone"])),
        people_ahead=None,
        wait_minutes=None,
        priority_label=_title(title, english) if title and claimed else None,
        follow_url=follow_url,
        check_code=number.check_code,
        kiosk_name=configuration["device"]["name"],
        language=wish.language,
        hold_minutes=configuration["hold_minutes"],
        offline=True,
    )


def _title(thing: dict[str, Any], english: bool) -> str:
    return str((thing.get("title_en") if english else "") or thing["title"])


def _answer(
    own: int, number: Number, wish: Wish, choice: Choice, now: datetime, follow_url: str, *, queued: bool
) -> dict[str, Any]:
    line = {name: choice.line[name] for name in ("id", "prefix", "title", "title_en")}
    return {
        "id": f"local-{own}",
        "label": number.label,
        "number": number.number,
        "follow_url": follow_url,
        "people_ahead": None,
        "wait_minutes": None,
        "check_code": number.check_code,
        "state": str(TicketState.WAITING),
        "line": line,
        "department": {"key": choice.department["key"], "title": line["title"], "title_en": line["title_en"]},
        "procedure": {name: choice.procedure[name] for name in ("key", "code", "name")}
        if choice.procedure
        else None,
        "priority": str(wish.priority),
        "dossiers": wish.dossiers,
        "language": wish.language,
        "issued_at": now.isoformat(),
        "printing": {"state": "queued" if queued else "none", "problem": None},
        "offline": True,
    }
