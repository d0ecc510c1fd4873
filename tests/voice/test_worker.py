"""The worker makes voices beside its other work, and goes on when that fails."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from peewee import Database

from kiosk.jobs import voices
from kiosk.services.voice_packs import is_made
from tests.factories import make_office
from tests.voice.conftest import Synthetic


class Looks(threading.Event):
    """Told to stop after some looks; between them, no time passes."""

    def __init__(self, most: int, between: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.left, self.between = most, between

    def wait(self, timeout: float | None = None) -> bool:
        """As if the time had passed."""
        self.between()
        self.left -= 1
        if not self.left:
            self.set()
        return self.is_set()


def test_every_office_has_its_voice_after_a_look(database: Database, synthetic: Synthetic) -> None:
    office = make_office()
    later = []
    voices.make_voices(Looks(2, lambda: later.append(make_office("sau")) if not later else None))
    assert all(is_made(each.id, language) for each in (office, later[0]) for language in ("vi", "en"))
    assert len(synthetic.asked) == 4, "made once each"


def test_a_database_that_is_away_does_not_end_the_voice(
    sqlite_database: Database, synthetic: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_office()
    real, tries = voices.prepare_voices, []

    def away_at_first(now: object) -> None:
        tries.append(now)
        if len(tries) == 1:
            raise ConnectionError
        real(now)  # type: ignore[arg-type]  # the clock's own moment, handed on

    monkeypatch.setattr(voices, "prepare_voices", away_at_first)
    voices.make_voices(Looks(2))
    assert is_made(office.id, "vi")
