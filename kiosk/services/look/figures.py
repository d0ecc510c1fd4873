"""Counts for whoever watches the house: queues and print jobs, by office."""

from __future__ import annotations

from typing import Any

from peewee import fn

from kiosk.domain.ticket import TicketState
from kiosk.models import Line, Office, PrintJob, Ticket
from kiosk.plugin import gate
from kiosk.services.print_queue import STATES


def queue_figures() -> list[dict[str, Any]]:
    """Waiting tickets by line and open print jobs by office."""
    waiting = (
        Ticket.select(Office.key, Line.prefix, fn.COUNT(Ticket.id))
        .join(Line, on=Ticket.line)
        .join(Office)
        .where((Ticket.state == TicketState.WAITING) & (Ticket.day == Office.business_day))
        .group_by(Office.key, Line.prefix)
        .tuples()
    )
    jobs = (
        PrintJob.select(Office.key, fn.COUNT(PrintJob.id))
        .join(Office)
        .where(PrintJob.state << STATES)
        .group_by(Office.key)
        .tuples()
    )
    failures = [({"plugin": plugin, "hook": hook}, n) for (plugin, hook), n in gate.house().failures.items()]
    return (
        [
            _row("kiosk_plugin_errors", "Hook calls that raised, since this process began.", labels, n)
            for labels, n in failures
        ]
        + [
            _row("kiosk_tickets_waiting", "Tickets waiting now.", {"office": o, "line": p}, n)
            for o, p, n in waiting
        ]
        + [_row("kiosk_print_jobs_open", "Papers not printed yet.", {"office": o}, n) for o, n in jobs]
    )


def _row(name: str, text: str, labels: dict[str, str], value: float) -> dict[str, Any]:
    return {"name": name, "help": text, "labels": labels, "value": value}
