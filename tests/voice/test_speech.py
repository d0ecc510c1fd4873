"""Numbers aloud, by the rules of the North, and calls made of pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import DomainError
from kiosk.domain.speech import (
    AS_NUMBER,
    LANGUAGES,
    ONE_BY_ONE,
    all_pieces,
    call_pieces,
    call_sentence,
    in_pack,
    letter_name,
    number_words,
)

VIETNAMESE = {
    0: "không",
    1: "một",
    4: "bốn",
    5: "năm",
    7: "bảy",
    10: "mười",
    11: "mười một",
    14: "mười bốn",
    15: "mười lăm",
    20: "hai mươi",
    21: "hai mươi mốt",
    24: "hai mươi tư",
    25: "hai mươi lăm",
    31: "ba mươi mốt",
    44: "bốn mươi tư",
    55: "năm mươi lăm",
    91: "chín mươi mốt",
    100: "một trăm",
    101: "một trăm linh một",
    104: "một trăm linh bốn",
    105: "một trăm linh năm",
    110: "một trăm mười",
    111: "một trăm mười một",
    115: "một trăm mười lăm",
    121: "một trăm hai mươi mốt",
    999: "chín trăm chín mươi chín",
    1_000: "một nghìn",
    1_001: "một nghìn không trăm linh một",
    1_005: "một nghìn không trăm linh năm",
    1_015: "một nghìn không trăm mười lăm",
    1_105: "một nghìn một trăm linh năm",
    9_001: "chín nghìn không trăm linh một",
    161_878: "một trăm sáu mươi mốt nghìn tám trăm bảy mươi tám",
    1_000_001: "một triệu không trăm linh một",
}
"""What is correct in the table of four libraries (domain.md §3), its rules, and the cases around them."""

ENGLISH = {
    0: "zero",
    10: "ten",
    13: "thirteen",
    20: "twenty",
    21: "twenty one",
    100: "one hundred",
    105: "one hundred and five",
    121: "one hundred and twenty one",
    1_000: "one thousand",
    1_005: "one thousand and five",
    1_105: "one thousand one hundred and five",
    161_878: "one hundred and sixty one thousand eight hundred and seventy eight",
    1_000_001: "one million and one",
}


@pytest.mark.parametrize(("number", "words"), VIETNAMESE.items())
def test_vietnamese_numbers(number: int, words: str) -> None:
    assert " ".join(number_words(number, "vi")) == words


@pytest.mark.parametrize(("number", "words"), ENGLISH.items())
def test_english_numbers(number: int, words: str) -> None:
    assert " ".join(number_words(number, "en")) == words


UNITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7,
    "tám": 8, "chín": 9,
}  # fmt: skip
SCALES = {"nghìn": 1_000, "triệu": 1_000_000}


def understood(words: list[str]) -> int:
    """What a Vietnamese listener hears, by a reader that shares nothing with the speaker but the words."""
    total = group = unit = 0
    for word in words:
        if word in UNITS:
            unit = UNITS[word]
        elif word == "mười":
            group, unit = group + 10, 0
        elif word == "mươi":
            group, unit = group + 10 * unit, 0
        elif word == "trăm":
            group, unit = group + 100 * unit, 0
        elif word in SCALES:
            total, group, unit = total + (group + unit) * SCALES[word], 0, 0
        else:
            assert word == "linh", word
    return total + group + unit


@given(st.integers(0, 999_999_999))
def test_every_number_is_understood(number: int) -> None:
    assert understood(number_words(number, "vi")) == number


@given(st.integers(0, 999_999_999))
def test_the_little_words_stand_where_the_north_puts_them(number: int) -> None:
    words = number_words(number, "vi")
    for before, word in zip(["", *words], words, strict=False):
        if word in {"mốt", "tư"}:
            assert before == "mươi"
        if word == "lăm":
            assert before in {"mươi", "mười"}
        if word == "linh":
            assert before == "trăm"
        if before == "mươi":
            assert word not in {"một", "bốn", "năm"}
    assert not {"lẻ", "ngàn", "bẩy"} & set(words)


def test_a_call_in_words() -> None:
    assert (
        call_sentence("T007", 3, "vi", ONE_BY_ONE) == "Mời công dân có số T không không bảy đến quầy số ba."
    )
    assert (
        call_sentence("T007", 3, "en", ONE_BY_ONE) == "Number T zero zero seven, please go to counter three."
    )
    assert (
        call_sentence("TP1005", 24, "vi", AS_NUMBER)
        == "Mời công dân có số T P một nghìn không trăm linh năm đến quầy số hai mươi tư."
    )


def test_a_call_in_pieces() -> None:
    assert call_pieces("T105", 12, "vi", ONE_BY_ONE) == [
        "please", "letter-t", "d-1", "d-0", "d-5", "to_counter", "n-12",
    ]  # fmt: skip
    assert call_pieces("T105", 3, "vi", AS_NUMBER) == [
        "please", "letter-t", "d-1", "hundred", "linh", "d-5", "to_counter", "d-3",
    ]  # fmt: skip
    assert call_pieces("A021", 7, "vi", AS_NUMBER)[1:3] == ["letter-a", "n-21"]
    assert call_pieces("A000", 7, "en", AS_NUMBER)[1:3] == ["letter-a", "d-0"]


@given(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=2),
    st.integers(1, 99_999),
    st.integers(1, 9_999),
    st.sampled_from(LANGUAGES),
    st.sampled_from([ONE_BY_ONE, AS_NUMBER]),
)
def test_the_needed_pieces_say_every_call(
    prefix: str, number: int, counter: int, language: str, style: str
) -> None:
    """A pack without a single number recorded whole is complete, and a whole pack leaves nothing out either."""
    wanted = call_pieces(f"{prefix}{number:03d}", counter, language, style)
    texts = {piece.name: piece.text for piece in all_pieces(language)}
    needed = {piece.name for piece in all_pieces(language) if piece.needed}
    heard = []
    for pack in (needed, set(texts)):
        said = in_pack(wanted, pack, language)
        assert said is not None
        heard.append(" ".join(texts[name] for name in said))
    assert heard[0] == heard[1]


def test_a_pack_with_a_hole_says_nothing_of_that_sentence() -> None:
    pack = {piece.name for piece in all_pieces("vi")} - {"letter-t"}
    assert in_pack(call_pieces("T105", 3, "vi"), pack, "vi") is None
    assert in_pack(call_pieces("A105", 3, "vi"), pack, "vi") is not None


def test_letters_are_called_as_in_codes() -> None:
    names = [letter_name(letter, "vi") for letter in "ABCDGTQWXY"]
    assert names == ["a", "bê", "xê", "đê", "gờ", "tê", "quy", "vê kép", "ích xì", "y dài"]
    assert len({letter_name(letter, "vi") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}) == 26


def test_a_voice_needs_few_pieces() -> None:
    for language, most in (("vi", 46), ("en", 59)):
        needed = [piece for piece in all_pieces(language) if piece.needed]
        assert len(needed) == most
        assert len({piece.name for piece in all_pieces(language)}) == len(all_pieces(language))
        assert all(len(piece.name) <= 24 for piece in all_pieces(language)), "as long as its column"


def test_what_cannot_be_said_is_refused() -> None:
    with pytest.raises(DomainError, match="unknown_language"):
        call_pieces("T105", 3, "fr")
    for label in ("", "T", "105T", "Đ105", "T-105", "T1.5"):
        with pytest.raises(DomainError, match="label_malformed"):
            call_pieces(label, 3, "vi")
