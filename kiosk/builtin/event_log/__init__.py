"""A line in the system log for every step of a ticket, dossier, payment or parcel, for operators who collect logs centrally.

Events never carry personal data, so neither do the lines.
"""

from __future__ import annotations

import logging

from kiosk.plugin import JournalEvent, hookimpl

log = logging.getLogger("kiosk.events")


@hookimpl
def on_ticket_event(event: JournalEvent) -> None:
    """Called, started, finished, …"""
    log.info("entry %s of office %s: %s %s", event["seq"], event["office"], event["kind"], event["label"])


@hookimpl
def on_dossier_event(event: JournalEvent) -> None:
    """Received, moved."""
    log.info("entry %s of office %s: %s %s", event["seq"], event["office"], event["kind"], event["code"])


@hookimpl
def on_payment_event(event: JournalEvent) -> None:
    """Asked for, credited, refunded, withdrawn."""
    log.info("entry %s of office %s: %s %s", event["seq"], event["office"], event["kind"], event["reference"])


@hookimpl
def on_parcel_event(event: JournalEvent) -> None:
    """Registered, handed over, delivered, come back, …"""
    log.info("entry %s of office %s: %s %s", event["seq"], event["office"], event["kind"], event["number"])
