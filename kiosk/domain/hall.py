"""What an office sets for its hall: the day, numbers from afar, the voice, the boards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from kiosk.domain.errors import DomainError

CLOCK_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
DIGIT_STYLES = ("one_by_one", "as_number")
ENGLISH_CHOICES = ("asked", "always", "never")


@dataclass(frozen=True)
class DaySettings:
    """Whether numbers are given only while lines are open, from how long before, whether over lunch; what happens
    to whoever still waits when the day ends, and when that is (`close_at`: "" is half an hour after closing)."""

    keep_hours: bool = False
    numbers_before_minutes: int = 30
    numbers_at_lunch: bool = True
    carry_over: bool = True
    close_at: str = ""

    def check(self) -> None:
        """Raises DomainError("hall_setting_malformed")."""
        _within("numbers_before_minutes", self.numbers_before_minutes, 0, 240)
        if self.close_at:
            _clock("close_at", self.close_at)


@dataclass(frozen=True)
class RemoteSettings:
    """Numbers taken on a phone before coming: how many a person and day, which share of a line's numbers."""

    enabled: bool = False
    per_person: int = 2
    share_percent: int = 30
    hold_minutes: int = 15

    def check(self) -> None:
        """Raises DomainError("hall_setting_malformed")."""
        _within("per_person", self.per_person, 1, 10)
        _within("share_percent", self.share_percent, 1, 100)
        _within("hold_minutes", self.hold_minutes, 1, 120)


@dataclass(frozen=True)
class VoiceSettings:
    """How calls are spoken; `quiet` are local times between which nothing is."""

    enabled: bool = True
    pack: str = "espeak"
    pack_en: str = "espeak"
    digits: str = "one_by_one"
    english: str = "asked"
    volume: int = 80
    chime: bool = True
    quiet: tuple[tuple[str, str], ...] = ()

    def check(self) -> None:
        """Raises DomainError("hall_setting_malformed")."""
        _one_of("digits", self.digits, DIGIT_STYLES)
        _one_of("english", self.english, ENGLISH_CHOICES)
        _within("volume", self.volume, 0, 100)
        for pair in self.quiet:
            if len(pair) != 2 or pair[0] >= pair[1]:
                raise DomainError("hall_setting_malformed", field="quiet")
            _clock("quiet", pair[0])
            _clock("quiet", pair[1])


@dataclass(frozen=True)
class BoardSettings:
    """How long each page of a board's side panel stays (seconds), and whether the day's figures are among them."""

    seconds: int = 12
    show_figures: bool = True

    def check(self) -> None:
        """Raises DomainError("hall_setting_malformed")."""
        _within("seconds", self.seconds, 5, 120)


SECTIONS = {"day": DaySettings, "remote": RemoteSettings, "voice": VoiceSettings, "board": BoardSettings}


@dataclass(frozen=True)
class HallSettings:
    """All of it."""

    day: DaySettings = field(default_factory=DaySettings)
    remote: RemoteSettings = field(default_factory=RemoteSettings)
    voice: VoiceSettings = field(default_factory=VoiceSettings)
    board: BoardSettings = field(default_factory=BoardSettings)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> HallSettings:
        """Read what `to_json` wrote; what is left out or unknown to this version is as by default."""
        return cls(**{name: _read(kind, values.get(name, {})) for name, kind in SECTIONS.items()})

    def to_json(self) -> dict[str, Any]:
        """The settings as plain JSON values."""
        return asdict(self)


def read_section(name: str, values: Mapping[str, Any]) -> Any:
    """One section from a form or a script, checked.

    Raises DomainError("hall_setting_malformed") for an unknown section or key, a wrong type or a figure out of range.
    """
    kind = SECTIONS.get(name)
    if kind is None:
        raise DomainError("hall_setting_malformed", field=name[:40])
    known = {each.name for each in fields(kind)}
    if unknown := sorted(set(values) - known):
        raise DomainError("hall_setting_malformed", field=str(unknown[0])[:40])
    section = _read(kind, values)
    for key, value in values.items():
        if type(value) is not type(getattr(kind(), key)) and not isinstance(value, list | tuple):
            raise DomainError("hall_setting_malformed", field=key)
    section.check()
    return section


def _read(kind: type, values: Mapping[str, Any]) -> Any:
    known = {each.name for each in fields(kind)}
    chosen = {key: value for key, value in values.items() if key in known}
    if "quiet" in chosen:
        chosen["quiet"] = tuple(tuple(str(at) for at in pair) for pair in chosen["quiet"])
    return kind(**chosen)


def _within(key: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise DomainError("hall_setting_malformed", field=key, least=least, most=most)


def _one_of(key: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise DomainError("hall_setting_malformed", field=key, allowed=list(allowed))


def _clock(key: str, value: str) -> None:
    if not CLOCK_TIME.fullmatch(value):
        raise DomainError("hall_setting_malformed", field=key)
