"""Lines and counters: what a citizen can queue for, and where he is served."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kiosk.database import OfficeTransaction, connection, office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import CounterChanged, LineChanged
from kiosk.domain.names import clean_name, clean_note
from kiosk.domain.numbering import check_prefix
from kiosk.models import Counter, CounterLine, Line, Ticket
from kiosk.plugin import gate
from kiosk.services.announce import announce

LONGEST_TITLE = 200
LONGEST_OPENS_AGAIN = 40
HIGHEST_COUNTER = 999

_AREA = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def lines(office_id: int) -> list[dict[str, Any]]:
    """All lines of the office by prefix, each with its department's title and the counters that serve it."""
    departments = gate.departments()
    with connection():
        served: dict[int, list[int]] = {}
        for row in CounterLine.select(CounterLine, Counter).join(Counter).where(Counter.office == office_id):
            served.setdefault(row.line_id, []).append(row.counter.number)
        rows = list(Line.select().where(Line.office == office_id).order_by(Line.prefix))
    return [
        {
            "id": row.id,
            "department": row.department,
            "department_title": departments[row.department].title if row.department in departments else "",
            "prefix": row.prefix,
            "title": row.title,
            "title_en": row.title_en,
            "area": row.area,
            "open": row.open,
            "opens_again": row.opens_again,
            "counters": sorted(served.get(row.id, [])),
        }
        for row in rows
    ]


def counters(office_id: int) -> list[dict[str, Any]]:
    """All counters of the office by number, each with the lines it serves."""
    with connection():
        serves: dict[int, list[dict[str, Any]]] = {}
        for row in CounterLine.select(CounterLine, Line).join(Line).where(Line.office == office_id):
            line = {"id": row.line_id, "prefix": row.line.prefix, "title": row.line.title}
            serves.setdefault(row.counter_id, []).append(line)
        rows = list(Counter.select().where(Counter.office == office_id).order_by(Counter.number))
    return [
        {
            "id": row.id,
            "number": row.number,
            "title": row.title,
            "area": row.area,
            "open": row.open,
            "lines": sorted(serves.get(row.id, []), key=lambda line: line["prefix"]),
        }
        for row in rows
    ]


def add_line(
    office_id: int,
    department: str,
    prefix: str,
    title: str,
    now: datetime,
    actor: str,
    *,
    title_en: str = "",
    area: str = "main",
) -> int:
    """Open a new line of a department and return its id.

    Raises NotFound("unknown_department"), Conflict("prefix_taken"), DomainError("prefix_malformed",
    "area_malformed", those of clean_name).
    """
    if department not in gate.departments():
        raise NotFound("unknown_department", department=department[:40])
    facts = _line_facts(prefix, title, title_en, area)
    with office_transaction(office_id, now, actor) as transaction:
        _prefix_is_free(office_id, facts["prefix"])
        line = Line.create(office=office_id, department=department, **facts)
        _tell_line(transaction, line)
    return line.id


def change_line(
    office_id: int,
    line_id: int,
    prefix: str,
    title: str,
    now: datetime,
    actor: str,
    *,
    title_en: str = "",
    area: str = "main",
) -> None:
    """Rename a line, move it to another area or give it another letter.

    Raises NotFound("unknown_line"), Conflict("prefix_taken", "prefix_in_use_today": numbers with the old letter were
    given today, and another line could give the same ones again), DomainError as add_line.
    """
    facts = _line_facts(prefix, title, title_en, area)
    with office_transaction(office_id, now, actor) as transaction:
        line = _find_line(office_id, line_id)
        if facts["prefix"] != line.prefix:
            _prefix_is_free(office_id, facts["prefix"])
            if (
                Ticket.select(Ticket.id)
                .where((Ticket.line == line.id) & (Ticket.day == transaction.day))
                .exists()
            ):
                raise Conflict("prefix_in_use_today", field="prefix", prefix=line.prefix)
        line.prefix, line.title = facts["prefix"], facts["title"]
        line.title_en, line.area = facts["title_en"], facts["area"]
        line.save(only=[Line.prefix, Line.title, Line.title_en, Line.area])
        _tell_line(transaction, line)


def set_line_open(
    office_id: int, line_id: int, open_: bool, now: datetime, actor: str, *, opens_again: str = ""
) -> None:
    """Open a line, or close it for new numbers; who holds one is still called. No change, no entry.

    `opens_again` is what the kiosk says about a closed line: "13:30". Raises NotFound("unknown_line"),
    DomainError("text_too_long", "text_not_allowed").
    """
    opens_again = "" if open_ else clean_note(opens_again, LONGEST_OPENS_AGAIN, field="opens_again")
    with office_transaction(office_id, now, actor) as transaction:
        line = _find_line(office_id, line_id)
        if (line.open, line.opens_again) == (open_, opens_again):
            return
        line.open, line.opens_again = open_, opens_again
        line.save(only=[Line.open, Line.opens_again])
        _tell_line(transaction, line)


def add_counter(
    office_id: int,
    number: int,
    title: str,
    lines: Iterable[int],
    now: datetime,
    actor: str,
    *,
    area: str = "main",
) -> int:
    """Set up a counter that serves these lines and return its id.

    Raises Conflict("counter_number_taken"), NotFound("unknown_line"), DomainError("counter_number_out_of_range",
    "area_malformed", those of clean_note).
    """
    facts = _counter_facts(number, title, area)
    with office_transaction(office_id, now, actor) as transaction:
        _number_is_free(office_id, number)
        counter = Counter.create(office=office_id, **facts)
        _serve(transaction, counter, lines)
    return counter.id


def change_counter(
    office_id: int,
    counter_id: int,
    number: int,
    title: str,
    lines: Iterable[int],
    now: datetime,
    actor: str,
    *,
    area: str = "main",
) -> None:
    """Give a counter another number, title, area or other lines; the visit it is busy with goes on.

    Raises NotFound("unknown_counter", "unknown_line"), Conflict and DomainError as add_counter.
    """
    facts = _counter_facts(number, title, area)
    with office_transaction(office_id, now, actor) as transaction:
        counter = _find_counter(office_id, counter_id)
        if number != counter.number:
            _number_is_free(office_id, number)
        counter.number, counter.title, counter.area = facts["number"], facts["title"], facts["area"]
        counter.save(only=[Counter.number, Counter.title, Counter.area])
        _serve(transaction, counter, lines)


def set_counter_open(office_id: int, counter_id: int, open_: bool, now: datetime, actor: str) -> None:
    """Let a counter call numbers, or not; a visit it is busy with may still be ended. No change, no entry.

    Raises NotFound("unknown_counter").
    """
    with office_transaction(office_id, now, actor) as transaction:
        counter = _find_counter(office_id, counter_id)
        if counter.open == open_:
            return
        counter.open = open_
        counter.save(only=[Counter.open])
        _tell_counter(transaction, counter)


def clean_area(text: str) -> str:
    """The key of an area, as boards and kiosks use it: "main", "a-1". Raises DomainError("area_malformed")."""
    area = text.strip().lower()
    if not _AREA.fullmatch(area):
        raise DomainError("area_malformed", field="area")
    return area


def _line_facts(prefix: str, title: str, title_en: str, area: str) -> dict[str, str]:
    return {
        "prefix": check_prefix(prefix.strip().upper()),
        "title": clean_name(title, LONGEST_TITLE, field="title"),
        "title_en": clean_name(title_en, LONGEST_TITLE, field="title_en") if title_en.strip() else "",
        "area": clean_area(area),
    }


def _counter_facts(number: int, title: str, area: str) -> dict[str, Any]:
    if not 1 <= number <= HIGHEST_COUNTER:
        raise DomainError("counter_number_out_of_range", field="number", minimum=1, maximum=HIGHEST_COUNTER)
    return {
        "number": number,
        "title": clean_name(title, LONGEST_TITLE, field="title") if title.strip() else "",
        "area": clean_area(area),
    }


def _find_line(office_id: int, line_id: int) -> Line:
    line = Line.get_or_none((Line.id == line_id) & (Line.office == office_id))
    if line is None:
        raise NotFound("unknown_line", line=line_id)
    return line


def _find_counter(office_id: int, counter_id: int) -> Counter:
    counter = Counter.get_or_none((Counter.id == counter_id) & (Counter.office == office_id))
    if counter is None:
        raise NotFound("unknown_counter", counter=counter_id)
    return counter


def _prefix_is_free(office_id: int, prefix: str) -> None:
    if Line.select(Line.id).where((Line.office == office_id) & (Line.prefix == prefix)).exists():
        raise Conflict("prefix_taken", field="prefix", prefix=prefix)


def _number_is_free(office_id: int, number: int) -> None:
    if Counter.select(Counter.id).where((Counter.office == office_id) & (Counter.number == number)).exists():
        raise Conflict("counter_number_taken", field="number", number=number)


def _serve(transaction: OfficeTransaction, counter: Counter, lines: Iterable[int]) -> None:
    wanted = set(lines)
    known = {
        row.id
        for row in Line.select(Line.id).where(
            (Line.office == transaction.office_id) & (Line.id << list(wanted))
        )
    }
    if wanted - known:
        raise NotFound("unknown_line", line=min(wanted - known))
    CounterLine.delete().where(CounterLine.counter == counter.id).execute()
    if wanted:
        CounterLine.insert_many([{"counter": counter.id, "line": line} for line in sorted(wanted)]).execute()
    _tell_counter(transaction, counter)


def _tell_line(transaction: OfficeTransaction, line: Line) -> None:
    announce(transaction, LineChanged(line=line.id, prefix=line.prefix, open=line.open))


def _tell_counter(transaction: OfficeTransaction, counter: Counter) -> None:
    lines = sorted(row.line_id for row in CounterLine.select().where(CounterLine.counter == counter.id))
    announce(
        transaction,
        CounterChanged(counter=counter.id, counter_number=counter.number, open=counter.open, lines=lines),
    )
