"""Rows that make a test read like a story: `line = make_line(prefix="T"); make_counter(lines=[line])`.

They write the tables directly, without services or the journal. What a test does not name gets a sensible value; a
thing made without an office belongs to the first one, which is made if need be.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher

from kiosk.database import bookkeeping, proxy
from kiosk.domain.dossier import DossierFact, standing
from kiosk.domain.numbering import ticket_label
from kiosk.models import (
    Counter,
    CounterLine,
    Device,
    Dossier,
    DossierHistory,
    Line,
    Office,
    Person,
    Posting,
    Printer,
    Ticket,
    User,
)
from kiosk.services.tally import retell

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
OPENING = datetime(2026, 11, 23, 7, 30, tzinfo=HANOI)
LONG_AFTER = datetime(2100, 1, 1, tzinfo=HANOI)
"""When a printer was last asked: later than any moment of a test, so that its word stays fresh."""
PASSWORD = "một-cửa-mở-7h30"
"""The password of every `make_user`."""


def make_office(key: str = "demo", **fields: Any) -> Office:
    """An office; its title follows its key."""
    fields = {"title": f"Trung tâm Phục vụ hành chính công {key}", "created_at": OPENING, **fields}
    with _writing():
        return Office.create(key=key, **fields)


def make_line(prefix: str = "T", office: Office | None = None, **fields: Any) -> Line:
    """An open waiting line of the department of justice, unless told otherwise."""
    fields = {"department": "justice", "title": "Hộ tịch", **fields}
    with _writing():
        return Line.create(office=office or _the_office(), prefix=prefix, **fields)


def make_counter(
    number: int = 1, lines: Sequence[Line] = (), office: Office | None = None, **fields: Any
) -> Counter:
    """An open counter that serves `lines`, in the office of the first of them."""
    home = office or (lines[0].office if lines else _the_office())
    with _writing():
        counter = Counter.create(office=home, number=number, **fields)
        for line in lines:
            CounterLine.create(counter=counter, line=line)
    return counter


def make_user(
    username: str = "officer",
    role: str = "officer",
    counters: Iterable[Counter] = (),
    office: Office | None = None,
    **fields: Any,
) -> User:
    """An active account with PASSWORD, posted to `counters`."""
    fields = {"display_name": "Nguyễn Thị Hòa", "created_at": OPENING, **fields}
    with _writing():
        user = User.create(
            office=office or _the_office(),
            username=username,
            role=role,
            password_hash=_password_hash(),
            **fields,
        )
        for counter in counters:
            Posting.create(user=user, counter=counter)
    return user


def make_printer(name: str = "Máy in sảnh", office: Office | None = None, **fields: Any) -> Printer:
    """A ticket printer that prints, as far as is known, and believed so for as long as a test runs.

    `host` and `port` make an address of the usual kind.
    """
    host, port = fields.pop("host", "127.0.0.1"), fields.pop("port", 9100)
    fields = {"address": f"tcp://{host}:{port}", "problem": "", "checked_at": LONG_AFTER, **fields}
    with _writing():
        return Printer.create(office=office or _the_office(), name=name, **fields)


def make_device(kind: str = "kiosk", name: str = "", office: Office | None = None, **fields: Any) -> Device:
    """A paired device; the attribute `token` of what is returned is the bearer token, of which the row has the hash."""
    token = secrets.token_urlsafe(24)
    fields = {"created_at": OPENING, "token_hash": hashlib.sha256(token.encode()).hexdigest(), **fields}
    with _writing():
        device = Device.create(office=office or _the_office(), kind=kind, name=name or f"{kind} 1", **fields)
    device.token = token
    return device


def make_ticket(line: Line | None = None, number: int | None = None, **fields: Any) -> Ticket:
    """A waiting ticket: the next number of its line today, arrived after all others."""
    line = line or _first(Line) or make_line()
    fields = {"day": OPENING.date(), "issued_at": OPENING, "wait_low": 5, "wait_high": 10, **fields}
    fields = {"waiting_since": fields["issued_at"], "home": line, **fields}
    if fields.get("priority", "normal") != "normal":
        fields.setdefault("lane", "priority")
    with _writing():
        before = Ticket.select().where(Ticket.line == line, Ticket.day == fields["day"]).count()
        number = number or before + 1
        defaults = {
            "label": ticket_label(line.prefix, number),
            "arrival": Ticket.select().count() + 1,
            "token": secrets.token_urlsafe(16),
            "check_code": "K7QX",
        }
        return Ticket.create(office=line.office, line=line, number=number, **{**defaults, **fields})


def make_person(office: Office | None = None, **fields: Any) -> Person:
    """An applicant."""
    fields = {
        "kind": "person",
        "name": "Trần Văn An",
        "name_folded": "tran van an",
        "created_at": OPENING,
        **fields,
    }
    with _writing():
        return Person.create(office=office or _the_office(), **fields)


def make_dossier(
    facts: Sequence[DossierFact] | None = None,
    department: str = "justice",
    office: Office | None = None,
    **fields: Any,
) -> Dossier:
    """A dossier with its history; what it is now follows from the facts.

    Without facts it was received at OPENING, due five days later.
    """
    home = office or _the_office()
    facts = facts or [fact("receive", OPENING.date(), due_on=date(2026, 11, 28))]
    with _writing():
        dossier = Dossier.create(
            office=home,
            code=f"000.00.01.H02-{facts[0].on:%y%m%d}-{Dossier.select().count() + 1:04}",
            department=department,
            received_at=facts[0].at,
            received_on=facts[0].on,
            clock_on=facts[0].on,
            first_due_on=facts[0].due_on,
            **{**_present(facts), **_DOSSIER, **fields},
        )
        for each in facts:
            DossierHistory.create(
                dossier=dossier,
                seq=each.seq,
                at=each.at,
                on=each.on,
                move=each.move,
                due_on=each.due_on,
                corrects=each.corrects,
                voids=each.voids,
            )
        retell(dossier)
    return dossier


_DOSSIER = {
    "procedure": "cap-ban-sao-trich-luc-ho-tich",
    "procedure_name": "Cấp bản sao trích lục hộ tịch",
    "channel": "in_person",
    "delivery": "counter",
    "level": 4,
}


def fact(
    move: str, on: date, *, due_on: date | None = None, at: datetime | None = None, seq: int = 1
) -> DossierFact:
    """Something that happened to a dossier, entered at nine on the day it took effect unless told otherwise."""
    return DossierFact(seq, at or datetime(on.year, on.month, on.day, 9, tzinfo=HANOI), on, move, due_on)


def _present(facts: Sequence[DossierFact]) -> dict[str, Any]:
    last = max(each.at for each in facts)
    stood = standing(facts, max(each.on for each in facts), last)
    if stood is None:
        raise ValueError("a dossier begins with its receipt")
    return {
        "state": stood.state,
        "due_on": stood.due_on,
        "closed_on": stood.closed_on,
        "handed_over_on": stood.handed_over_on,
        "linked": stood.forwarded_on is not None,
    }


@contextmanager
def _writing() -> Iterator[None]:
    """A write of its own, or part of the one that is open: factories call each other."""
    if proxy.in_transaction():
        yield
        return
    with bookkeeping():
        yield


def _the_office() -> Office:
    return _first(Office) or make_office()


def _first(model: Any) -> Any:
    with _writing():
        return model.select().order_by(model.id).first()


@cache
def _password_hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
