"""Plugins hear what happened after commit: in order, at least once, each with a cursor of its own."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from kiosk.plugin import gate
from kiosk.services.read_journal import deliver

HOOKS = {
    "on_ticket_event": "ticket.",
    "on_dossier_event": "dossier.",
    "on_payment_event": "payment.",
    "on_parcel_event": "parcel.",
}
PATIENCE_SECONDS = 60.0
"""A plugin that failed is left alone for a while; the others go on."""


class Subscribers:
    """The plugins that listen, and since when those that failed are resting."""

    def __init__(self) -> None:
        self._resting: dict[tuple[str, str], float] = {}

    def deliver(self, now: datetime) -> int:
        """Tell every listening plugin its news; returns how many facts were passed on."""
        passed = 0
        for hook, kinds in HOOKS.items():
            for plugin in gate.listeners(hook):
                if self._resting.get((plugin, hook), 0.0) > time.monotonic():
                    continue
                with gate.breath():
                    passed += deliver(f"{plugin}:{hook}", self._teller(plugin, hook), kinds, now)
        return passed

    def _teller(self, plugin: str, hook: str) -> Any:
        def hear(event: dict[str, Any]) -> bool:
            if not gate.hears(plugin, event["office"], event.get("department", "")):
                return True
            heard = gate.tell(plugin, hook, event=event)
            if not heard:
                self._resting[plugin, hook] = time.monotonic() + PATIENCE_SECONDS
            return heard

        return hear
