"""A call as sound: whose voice says it, when it is silent, and that it never waits for a voice that fails."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from peewee import Database

from kiosk.database import bookkeeping
from kiosk.domain.errors import DomainError, NotFound
from kiosk.models import Journal, Ticket, VoiceClip
from kiosk.services import manage_voice, voice_packs
from kiosk.services.hall_settings import change_hall
from kiosk.services.voice import call_clip
from kiosk.voice.joining import (
    AFTER_CHIME,
    AFTER_LETTER,
    AFTER_WORD,
    AT_THE_END,
    BEFORE_COUNTER,
    PAUSES,
    chime,
)
from kiosk.voice.wav import RATE, samples_of
from tests.factories import make_counter, make_line, make_office, make_ticket
from tests.voice.conftest import PIECE_SECONDS, Synthetic, record

PAUSES_OF_T001 = (
    PAUSES["please"] + AFTER_LETTER + 2 * AFTER_WORD + BEFORE_COUNTER + PAUSES["to_counter"] + AT_THE_END
)
"""please T 0 0 1 to_counter 3: seven pieces."""
CHIME = len(chime()) / 2 / RATE + AFTER_CHIME


@pytest.fixture
def called(database: Database, noon: datetime, synthetic: Synthetic) -> Ticket:
    """T001, called to counter 3 a moment ago."""
    line = make_line("T")
    counter = make_counter(3, [line])
    voice_packs.prepare_voices(noon)
    synthetic.asked.clear()
    return make_ticket(line, state="called", counter=counter, called_at=noon, called_seq=1, day=noon.date())


def seconds(sound: bytes | None) -> float:
    assert sound is not None
    return len(samples_of(sound)) / 2 / RATE


def test_the_synthetic_voice_says_what_nobody_recorded(
    called: Ticket, noon: datetime, synthetic: Synthetic
) -> None:
    sound = call_clip(called.office_id, called.id, "vi", noon)
    assert seconds(sound) == pytest.approx(CHIME + 7 * PIECE_SECONDS + PAUSES_OF_T001, abs=0.01)
    assert call_clip(called.office_id, called.id, "vi", noon) == sound
    assert synthetic.asked == [], "made ahead, kept for all"


def test_english_follows_without_the_tones(called: Ticket, noon: datetime) -> None:
    assert seconds(call_clip(called.office_id, called.id, "en", noon)) == pytest.approx(
        7 * PIECE_SECONDS + PAUSES_OF_T001, abs=0.01
    )


def test_the_centres_own_voice_comes_first(called: Ticket, noon: datetime, synthetic: Synthetic) -> None:
    record(called.office, noon)
    change_hall(called.office_id, "voice", {"pack": "centre", "chime": False}, noon, "user:1")
    assert seconds(call_clip(called.office_id, called.id, "vi", noon)) == pytest.approx(
        14 * PIECE_SECONDS + PAUSES_OF_T001, abs=0.01
    )
    assert synthetic.asked == [], "nothing else was needed"


def test_a_missing_piece_leaves_the_whole_sentence_to_the_other_voice(called: Ticket, noon: datetime) -> None:
    """Two voices in one sentence would sound like two people interrupting each other."""
    record(called.office, noon, without="letter-t")
    change_hall(called.office_id, "voice", {"pack": "centre", "chime": False}, noon, "user:1")
    assert seconds(call_clip(called.office_id, called.id, "vi", noon)) == pytest.approx(
        7 * PIECE_SECONDS + PAUSES_OF_T001, abs=0.01
    )


def test_a_recording_is_heard_from_the_next_call_on(called: Ticket, noon: datetime) -> None:
    """No copy of the old voice is kept anywhere: deleted and made anew, the next call is the new one."""
    record(called.office, noon)
    change_hall(called.office_id, "voice", {"pack": "centre", "chime": False}, noon, "user:1")
    before = call_clip(called.office_id, called.id, "vi", noon)
    manage_voice.drop_clip(called.office_id, "vi", "letter-t", noon, "user:1")
    without = call_clip(called.office_id, called.id, "vi", noon)
    record(called.office, noon)
    assert without != before
    assert call_clip(called.office_id, called.id, "vi", noon) == before


@pytest.mark.parametrize(
    ("clock", "silent"),
    [
        ("11:29:59", False),
        ("11:30:00", True),
        ("13:29:59", True),
        ("13:30:00", False),
        ("04:45:00", False),
        ("17:00:00", True),
        ("23:58:59", True),
    ],
)
def test_quiet_hours_are_on_the_offices_clock(
    called: Ticket, noon: datetime, clock: str, silent: bool
) -> None:
    """11:30 in Hà Nội is 04:30 in UTC, in which the moment comes."""
    quiet = [["11:30", "13:30"], ["17:00", "23:59"]]
    change_hall(called.office_id, "voice", {"quiet": quiet}, noon, "user:1")
    hour, minute, second = map(int, clock.split(":"))
    moment = noon.replace(hour=hour, minute=minute, second=second).astimezone(UTC)
    assert (call_clip(called.office_id, called.id, "vi", moment) is None) is silent


def test_switched_off_is_silent(called: Ticket, noon: datetime) -> None:
    change_hall(called.office_id, "voice", {"enabled": False}, noon, "user:1")
    assert call_clip(called.office_id, called.id, "vi", noon) is None


def silence(office: Any) -> None:
    """A machine whose synthetic voice never said anything."""
    with bookkeeping():
        VoiceClip.delete().where(VoiceClip.office == office).execute()


def test_without_any_voice_there_are_the_tones(called: Ticket, noon: datetime) -> None:
    silence(called.office)
    assert seconds(call_clip(called.office_id, called.id, "vi", noon)) == pytest.approx(CHIME, abs=0.01)
    assert call_clip(called.office_id, called.id, "en", noon) is None, "once is enough"
    change_hall(called.office_id, "voice", {"chime": False}, noon, "user:1")
    assert call_clip(called.office_id, called.id, "vi", noon) is None


def test_a_voice_that_fails_is_left_alone_for_ten_minutes(
    called: Ticket, noon: datetime, synthetic: Synthetic
) -> None:
    silence(called.office)
    synthetic.broken = True
    for minutes in (0, 1, 9):
        voice_packs.prepare_voices(noon + timedelta(minutes=minutes))
    assert len(synthetic.asked) == 1
    assert VoiceClip.select().count() == 0, "all or nothing"
    synthetic.broken = False
    voice_packs.prepare_voices(noon + timedelta(minutes=11))
    assert seconds(call_clip(called.office_id, called.id, "vi", noon)) > CHIME + 0.5


def test_only_a_call_of_today_is_spoken(called: Ticket, noon: datetime) -> None:
    waiting = make_ticket(called.line, day=noon.date())
    stranger = make_office("khac")
    for office_id, ticket_id, moment in (
        (called.office_id, waiting.id, noon),
        (called.office_id, called.id, noon + timedelta(days=1)),
        (called.office_id, 999_999, noon),
        (stranger.id, called.id, noon),
    ):
        with pytest.raises(NotFound, match="unknown_ticket"):
            call_clip(office_id, ticket_id, "vi", moment)
    with pytest.raises(DomainError, match="unknown_language"):
        call_clip(called.office_id, called.id, "fr", noon)


def test_the_worker_makes_the_voices_ahead(called: Ticket, noon: datetime, synthetic: Synthetic) -> None:
    silence(called.office)
    silent = make_office("khac")
    change_hall(silent.id, "voice", {"enabled": False}, noon, "user:1")
    voice_packs.prepare_voices(noon)
    voice_packs.prepare_voices(noon)
    assert sorted(synthetic.asked) == [(59, "en"), (97, "vi")], "once, and only where calls are spoken"


def test_a_piece_of_a_new_version_is_added_to_an_old_pack(
    called: Ticket, noon: datetime, synthetic: Synthetic
) -> None:
    voice_packs.prepare_voices(noon)
    with bookkeeping():
        VoiceClip.delete().where(VoiceClip.piece == "thousand", VoiceClip.pack == "espeak-vi").execute()
    voice_packs.prepare_voices(noon)
    assert synthetic.asked[-1] == (1, "vi")


def test_the_journal_knows_what_changed_and_no_sound(called: Ticket, noon: datetime) -> None:
    record(called.office, noon)
    manage_voice.drop_clip(called.office_id, "vi", "letter-t", noon, "user:1")
    manage_voice.drop_clip(called.office_id, "vi", "letter-t", noon, "user:1")
    facts: list[dict[str, Any]] = [json.loads(row.facts) for row in Journal.select().order_by(Journal.seq)]
    assert facts == [{"pack": "centre-vi", "pieces": 46}, {"pack": "centre-vi", "pieces": 1}]
