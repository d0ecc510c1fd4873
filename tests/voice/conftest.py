"""An office with a ticket that was called, and synthetic voices made of tones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from kiosk.domain.errors import Unavailable
from kiosk.domain.speech import all_pieces
from kiosk.services import voice_packs
from tests.api.desk import Clock, Desk, build, opened_app
from tests.voice.sounds import tone

PIECE_SECONDS = 0.1


@dataclass
class Synthetic:
    """Stands in for the process that speaks: each text is a tenth of a second of 400 Hz."""

    broken: bool = False
    asked: list[tuple[int, str]] = field(default_factory=list)

    def speak(self, texts: Sequence[str], language: str) -> list[bytes]:
        """As `espeak.speak`; remembers how many texts were asked for."""
        self.asked.append((len(texts), language))
        if self.broken:
            raise Unavailable("voice_unavailable")
        return [tone(PIECE_SECONDS, 400).tobytes() for _ in texts]


@pytest.fixture
def synthetic(monkeypatch: pytest.MonkeyPatch) -> Synthetic:
    """The synthetic voice of this test."""
    made = Synthetic()
    monkeypatch.setattr(voice_packs.espeak, "speak", made.speak)
    monkeypatch.setattr(voice_packs, "_resting", voice_packs._Resting())
    return made


def record(office: Any, now: datetime, language: str = "vi", without: str = "") -> None:
    """The centre's own voice: all that is needed, each piece a fifth of a second of 300 Hz."""
    sounds = {
        piece.name: tone(2 * PIECE_SECONDS, 300).tobytes()
        for piece in all_pieces(language)
        if piece.needed and piece.name != without
    }
    voice_packs.keep(office.id, language, sounds, now, "user:1")


@pytest.fixture
def desk(database: Database, data_dir: Path, noon: datetime) -> Iterator[Desk]:
    """The app on SQLite and on PostgreSQL."""
    held = Clock(noon)
    with opened_app(database, data_dir, held) as app:
        yield Desk(app, build(noon), held, data_dir)
