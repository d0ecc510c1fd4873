"""The board asks for the sound of a call: who may, what comes, and how little is sent twice."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.services.hall_settings import change_hall
from kiosk.services.voice_packs import prepare_voices
from kiosk.voice.wav import read_wav
from tests.api.desk import Desk, answered, refused
from tests.voice.conftest import Synthetic


@pytest.fixture(autouse=True)
def _voice(desk: Desk, synthetic: Synthetic) -> None:
    """Tones instead of the process that speaks."""
    prepare_voices(desk.clock.now())


def voice_of(
    desk: Desk, ticket: dict[str, Any], who: str = "board", language: str = "vi", **headers: str
) -> Any:
    return desk.who(who).get(f"/api/v1/voice/calls/{ticket['id']}?language={language}", **headers)


def test_a_board_hears_a_call(desk: Desk) -> None:
    desk.issue()
    called = desk.call()
    answer = voice_of(desk, called)
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    assert len(read_wav(answer.data[:200_000])) > 10_000
    caching = answer.headers["Cache-Control"]
    assert "private" in caching
    assert "no-store" not in caching, "the browser may keep it"
    again = voice_of(desk, called, **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert voice_of(desk, called, language="en").data != answer.data


def test_a_recall_is_the_same_sound_and_is_not_sent_again(desk: Desk) -> None:
    desk.issue()
    called = desk.call()
    first = voice_of(desk, called).headers["ETag"]
    desk.clock.pass_(seconds=5)
    answered(desk.who("officer").post(f"/api/v1/tickets/{called['id']}/moves", {"move": "recall"}))
    assert voice_of(desk, called, **{"If-None-Match": first}).status_code == 304


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("nobody", 401, "not_signed_in"),
        ("display", 403, "not_allowed"),
        ("other_admin", 404, "unknown_ticket"),
    ],
)
def test_others_do_not(desk: Desk, who: str, status: int, code: str) -> None:
    desk.issue()
    refused(voice_of(desk, desk.call(), who), status, code)


def test_a_number_that_waits_has_no_sound(desk: Desk) -> None:
    refused(voice_of(desk, desk.issue()), 404, "unknown_ticket")
    refused(voice_of(desk, {"id": 999_999}), 404, "unknown_ticket")
    desk.issue()
    refused(voice_of(desk, desk.call(), language="fr"), 422, "unknown_language")


def test_quiet_hours_answer_nothing(desk: Desk) -> None:
    desk.issue()
    called = desk.call()
    change_hall(desk.place.office.id, "voice", {"quiet": [["09:00", "10:00"]]}, desk.clock.now(), "user:1")
    answer = voice_of(desk, called)
    assert (answer.status_code, answer.data) == (204, b"")
    desk.clock.pass_(minutes=30)
    assert voice_of(desk, called).status_code == 200
