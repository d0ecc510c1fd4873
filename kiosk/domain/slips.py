"""The facts of a paper as plain JSON values, as kept in its print job, and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from kiosk.domain.document import TestFacts, TicketSlip


def slip_to_json(slip: TicketSlip) -> dict[str, Any]:
    """The slip as plain JSON values."""
    return {
        **asdict(slip),
        "issued_at": slip.issued_at.isoformat(),
        "for_day": slip.for_day.isoformat() if slip.for_day else None,
        "due_at": slip.due_at.isoformat() if slip.due_at else None,
        "then": list(slip.then),
    }


def slip_from_json(values: dict[str, Any]) -> TicketSlip:
    """The slip back; KeyError, TypeError or ValueError when the values are not a slip's."""
    wait, for_day, due_at = values["wait_minutes"], values.get("for_day"), values.get("due_at")
    return TicketSlip(
        **{
            **values,
            "issued_at": datetime.fromisoformat(values["issued_at"]),
            "wait_minutes": tuple(wait) if wait is not None else None,
            "for_day": date.fromisoformat(for_day) if for_day else None,
            "due_at": datetime.fromisoformat(due_at) if due_at else None,
            "then": tuple(values.get("then", ())),
        }
    )


def test_to_json(facts: TestFacts) -> dict[str, Any]:
    """The facts of a test paper as plain JSON values."""
    return {**asdict(facts), "printed_at": facts.printed_at.isoformat()}


def test_from_json(values: dict[str, Any]) -> TestFacts:
    """The facts of a test paper back; errors as in `slip_from_json`."""
    return TestFacts(**{**values, "printed_at": datetime.fromisoformat(values["printed_at"])})
