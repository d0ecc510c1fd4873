"""Recordings read strictly, made alike and joined."""

from __future__ import annotations

import io
import math
import wave
from array import array
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.domain.errors import DomainError
from kiosk.voice.joining import AT_THE_END, chime, joined
from kiosk.voice.levelling import LOUDEST, LOUDNESS, levelled
from kiosk.voice.wav import FULL, RATE, read_wav, samples_of, to_wav
from tests.voice.sounds import recording, tone


def rms(samples: array[int]) -> float:
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples))


def of(data: bytes) -> array[int]:
    return array("h", samples_of(data))


@pytest.mark.parametrize(
    ("rate", "channels"), [(22_050, 1), (8_000, 1), (16_000, 2), (44_100, 2), (48_000, 1)]
)
def test_any_recorder_gives_the_same_sound(rate: int, channels: int) -> None:
    read = read_wav(recording(tone(0.5, 440, rate=rate), rate=rate, channels=channels))
    assert len(read) == pytest.approx(RATE / 2, abs=2)
    wanted = tone(0.5, 440)
    middle = range(2_000, 9_000)
    assert max(abs(read[n] - wanted[n]) for n in middle) < 0.02 * FULL


def test_what_is_above_hearing_does_not_fold_into_the_voice() -> None:
    hiss = read_wav(recording(tone(0.3, 17_000, rate=48_000), rate=48_000))
    assert rms(hiss[1_000:-1_000]) < 0.05 * rms(tone(0.3, 440)), "17 kHz would be heard at 5,050 Hz"


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"RIFF",
        b"ID3\x04\x00" + bytes(200),
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        recording(tone(0.3, 440), width=1),
        recording(tone(0.3, 440), width=3),
        recording(tone(0.3, 440), channels=4),
        recording(tone(0.3, 440), rate=4_000),
        recording(tone(0.3, 440), rate=192_000),
    ],
)
def test_what_is_no_recording_is_refused(bad: bytes) -> None:
    with pytest.raises(DomainError, match="voice_clip_malformed"):
        read_wav(bad)


@given(st.binary(max_size=300), st.integers(0, 60))
@example(b"\xff\xff\xff\xff", 4)
@example(b"\xff\xff\xff\xff", 16)
@example(b"\x00\x00", 22)
@example(b"\x00\x00\x00\x00", 24)
def test_a_header_may_lie(junk: bytes, at: int) -> None:
    """Whatever stands in the file: it is read or refused, never an error of ours and never endless."""
    good = recording(tone(0.1, 440))
    with suppress(DomainError):
        assert len(read_wav(good[:at] + junk + good[at + len(junk) :])) <= 6 * 96_000


def test_six_seconds_are_enough() -> None:
    assert len(read_wav(recording(tone(6, 440)))) == 6 * RATE
    with pytest.raises(DomainError, match="voice_clip_too_long"):
        read_wav(recording(tone(6.01, 440)))


def test_silence_is_cut_off_and_loudness_made_equal() -> None:
    quiet = array("h", bytes(2 * RATE)) + tone(0.4, 300, loudness=0.03) + array("h", bytes(2 * RATE))
    loud = tone(0.4, 300, loudness=0.95)
    for recorded in (quiet, loud):
        kept = levelled(recorded)
        assert 0.38 <= len(kept) / RATE <= 0.5, "a second of silence before and after is gone"
        assert rms(kept[2_000:6_000]) == pytest.approx(LOUDNESS, rel=0.1)
        assert max(map(abs, kept)) <= LOUDEST + 1
        assert kept[0] == kept[-1] == 0, "no click"


def test_a_loud_consonant_does_not_clip() -> None:
    """Softly spoken with one hard knock: levelling stops where the knock would leave the scale."""
    spoken = tone(0.5, 300, loudness=0.05)
    spoken[5_000] = FULL
    assert max(map(abs, levelled(spoken))) <= LOUDEST + 1


@pytest.mark.parametrize("seconds", [0, 0.005, 1])
def test_nothing_heard_is_refused(seconds: float) -> None:
    with pytest.raises(DomainError, match="voice_clip_silent"):
        levelled(array("h", [3, -2] * int(seconds * RATE / 2)))


def test_pieces_follow_each_other_with_small_pauses() -> None:
    first, second = tone(0.3, 300).tobytes(), tone(0.2, 500).tobytes()
    sentence = joined([("please", first), ("d-3", second)], with_chime=False)
    heard = of(sentence)
    seconds = len(heard) / RATE
    assert seconds == pytest.approx(0.3 + 0.14 + 0.2 + AT_THE_END, abs=0.001)
    assert heard[: len(first) // 2].tobytes() == first, "nothing is cut off or mixed"
    pause = heard[int(0.3 * RATE) + 1 : int(0.44 * RATE) - 1]
    assert set(pause) == {0}


def test_the_chime_comes_before_the_words_and_alone_without_any() -> None:
    word = tone(0.3, 300).tobytes()
    alone, with_word = of(joined([], with_chime=True)), of(joined([("please", word)], with_chime=True))
    assert with_word[: len(alone)] == alone
    assert with_word[len(alone) :].tobytes().startswith(word)
    ringing = array("h", chime())
    assert 0.2 * FULL < max(map(abs, ringing)) < 0.5 * FULL
    assert abs(ringing[-1]) < 0.01 * FULL, "it fades"


def test_what_is_joined_is_a_wav_that_others_read() -> None:
    with wave.open(io.BytesIO(joined([("d-1", tone(0.1, 300).tobytes())], True))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        assert file.getnframes() == len(file.readframes(10**6)) // 2


def test_our_own_files_are_read_back_unchanged() -> None:
    sound = tone(0.2, 440)
    assert read_wav(to_wav(sound.tobytes())) == sound
    assert samples_of(to_wav(sound.tobytes())) == sound.tobytes()
