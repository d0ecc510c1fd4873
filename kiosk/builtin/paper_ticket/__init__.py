"""What the paper ticket promises: how long a number is held after it is called."""

from __future__ import annotations

from typing import Any

from kiosk.plugin import Setting, SettingValues, hookimpl

MOST_MINUTES = 60


@hookimpl
def settings_schema() -> list[Setting]:
    """The office's own promise."""
    return [
        Setting(
            "hold_minutes",
            "Số phút giữ số sau khi gọi",
            "int",
            10,
            "Minutes a called number is held",
            "0: phiếu không ghi.",
            most=MOST_MINUTES,
        )
    ]


@hookimpl
def hold_minutes(ticket: Any, settings: SettingValues) -> int | None:
    """The same for every ticket of the office."""
    return int(settings["hold_minutes"])
