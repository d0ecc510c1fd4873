"""The channels an office offers just now."""

from __future__ import annotations

from kiosk.domain.errors import NotFound
from kiosk.plugin import gate
from kiosk.plugin.providers import NotificationChannel

LONGEST_SHOWN = 40


def channels_of(office_id: int) -> dict[str, NotificationChannel]:
    """Every channel of every plugin that is switched on, by key; of two with one key the first counts."""
    found: dict[str, NotificationChannel] = {}
    for _, answer in gate.ask(office_id, "notification_channels", office=office_id):
        for channel in answer:
            found.setdefault(channel.key, channel)
    return found


def channel_of(office_id: int, key: str) -> NotificationChannel:
    """One of them. Raises NotFound("unknown_notice_channel")."""
    channel = channels_of(office_id).get(key)
    if channel is None:
        raise NotFound("unknown_notice_channel", channel=key[:LONGEST_SHOWN])
    return channel
