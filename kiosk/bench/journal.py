"""Did it all happen, once and in order? Read from the journal, not from what the clients believe."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from kiosk import database
from kiosk.domain.numbering import number_after
from kiosk.services.look.board import facts_since
from kiosk.services.read_journal import journal_event
from kiosk.services.verify_log import verify_office

BATCH = 500


def facts(office_id: int, kind: str, line: int) -> Iterator[dict[str, Any]]:
    """The facts of one kind on one line, in order."""
    seq = 0
    with database.connection():
        while entries := facts_since(office_id, seq, BATCH):
            seq = entries[-1].seq
            for entry in entries:
                if entry.kind == kind and (event := journal_event(entry))["line"] == line:
                    yield event


def numbering(office_id: int, line: int, answered: list[int]) -> dict[str, int]:
    """Numbers given twice, and numbers left out, among those answered and those written down."""
    written = [fact["number"] for fact in facts(office_id, "ticket.issued", line)]
    return {
        "duplicates": len(answered) - len(set(answered)) + len(written) - len(set(written)),
        "gaps": len(_series(len(written)) ^ set(written)) + len(set(written) ^ set(answered)),
    }


def _series(count: int) -> set[int]:
    """So many numbers as a line gives them; what kiosks give without the server is left out."""
    numbers, number = set(), 0
    for _ in range(count):
        number = number_after(number)
        numbers.add(number)
    return numbers


def calling(office_id: int, line: int, answered: list[int]) -> dict[str, int]:
    """Tickets called twice, and tickets called before one that had come earlier (all in one lane)."""
    arrival = {fact["ticket"]: fact["seq"] for fact in facts(office_id, "ticket.issued", line)}
    called = [fact["ticket"] for fact in facts(office_id, "ticket.called", line)]
    order = [arrival[ticket] for ticket in called]
    return {
        "called_twice": len(answered) - len(set(answered)) + len(called) - len(set(called)),
        "inversions": sum(later < earlier for earlier, later in pairwise(order)),
    }


def chain_holds(office_id: int) -> bool:
    """Whether the journal's hash chain holds after all that."""
    with database.connection():
        return verify_office(office_id).broken is None
