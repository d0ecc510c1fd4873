"""A kiosk asks for a member of staff: its printer cannot print, or a visitor needs help."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.database import office_transaction
from kiosk.domain.errors import DomainError
from kiosk.domain.events import HelpWanted
from kiosk.domain.permissions import Actor
from kiosk.models import Device
from kiosk.services.announce import announce

REASONS = ("printer", "citizen")
ONCE_IN = timedelta(minutes=1)


def call_staff(actor: Actor, reason: str, now: datetime) -> bool:
    """Tell counters and managers, at most once a minute a kiosk and reason; False when they know already.

    Raises DomainError("unknown_reason").
    """
    if reason not in REASONS:
        raise DomainError("unknown_reason", field="reason", allowed=list(REASONS))
    if actor.device is None:
        return False
    with office_transaction(actor.office_id or 0, now, actor.name) as transaction:
        device = Device.get_by_id(actor.device.id)
        called = dict(device.health.get("called", {}))
        last = called.get(reason)
        if last is not None and transaction.now - datetime.fromisoformat(last) < ONCE_IN:
            return False
        called[reason] = transaction.now.isoformat()
        device.health = {**device.health, "called": called}
        device.save(only=[Device.health])
        announce(
            transaction,
            HelpWanted(device=device.id, device_name=device.name, area=device.area, reason=reason),
        )
    return True
