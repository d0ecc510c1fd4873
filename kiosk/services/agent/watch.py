"""Notice kiosks that fell silent, and let other printers print what their agents owe."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from kiosk.models import Device, Printer
from kiosk.services.printer_condition import fail_over, note_condition

log = logging.getLogger(__name__)

SILENT_AFTER = timedelta(seconds=30)


def watch_agents(now: datetime) -> None:
    """Take a printer for offline whose agent has not spoken for a while, and move its papers where they come out."""
    for printer in Printer.select(Printer, Device).join(Device, on=(Printer.agent == Device.id)):
        seen = printer.agent.last_seen_at
        if seen is None or now - seen > SILENT_AFTER:
            note_condition(printer.id, "printer_offline", {}, now)
        if moved := fail_over(printer.id, now):
            log.warning("printer %s cannot print: %s papers moved", printer.id, moved)
