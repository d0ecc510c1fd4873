"""How a call is said: words in the order they are heard, and the pieces of a recorded voice they are made of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from string import ascii_uppercase

from kiosk.domain.errors import DomainError
from kiosk.domain.money import amount_in_words, check_amount

LANGUAGES = ("vi", "en")
ONE_BY_ONE, AS_NUMBER = "one_by_one", "as_number"
PLEASE, TO_COUNTER = "please", "to_counter"
LARGEST = 999_999
"""A label or counter with a larger number is read digit by digit; no line of a day comes near it."""
LABEL_SHAPE = re.compile(r"([A-Z]*)([0-9]+)")

_DIGITS = {
    "vi": ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"],
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
}
_TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_LETTERS = {
    "vi": "a bê xê đê e ép gờ hát i gi ca e-lờ em-mờ en-nờ o pê quy e-rờ ét-xì tê u vê vê-kép ích-xì y-dài dét",
    "en": "ay bee see dee ee eff jee aitch eye jay kay ell em en oh pee cue ar ess tee you vee double-you ex why zed",
}
_PHRASES = {
    "vi": {PLEASE: "Mời công dân có số", TO_COUNTER: "đến quầy số"},
    "en": {PLEASE: "Number", TO_COUNTER: "please go to counter"},
}
_JOINTS = {
    "vi": {"ten": "mười", "tens": "mươi", "mot": "mốt", "tu": "tư", "lam": "lăm", "linh": "linh",
           "hundred": "trăm", "thousand": "nghìn"},
    "en": {**{f"n-{n}": word for n, word in enumerate(_TEENS, 10)},
           **{f"n-{n}0": word for n, word in enumerate(_TENS, 2)},
           "and": "and", "hundred": "hundred", "thousand": "thousand"},
}  # fmt: skip
_WHOLE = {"vi": range(10, 61), "en": range(0)}
"""Two-digit numbers that may also be recorded whole: counters are called all day, and "mười hai" in one breath
sounds better than "mười" and "hai"."""


@dataclass(frozen=True)
class Piece:
    """One recording of a voice: its name, what is said, and whether a pack is incomplete without it."""

    name: str
    text: str
    needed: bool


def all_pieces(language: str) -> tuple[Piece, ...]:
    """Everything a pack of that language can hold, in the order in which it is recorded.

    Raises DomainError("unknown_language").
    """
    language = _known(language)
    needed = {
        **_PHRASES[language],
        **{f"d-{n}": word for n, word in enumerate(_DIGITS[language])},
        **{f"letter-{letter.lower()}": letter_name(letter, language) for letter in ascii_uppercase},
        **_JOINTS[language],
    }
    whole = {f"n-{n}": amount_in_words(n) for n in _WHOLE[language]}
    return tuple(Piece(name, text, name not in whole) for name, text in (needed | whole).items())


def number_words(number: int, language: str) -> list[str]:
    """A whole number from 0 as it is read aloud, word by word: 105 is "một trăm linh năm"; "one hundred and five".

    Vietnamese is the North's (nghìn, linh, bảy). Raises DomainError("unknown_language", "amount_not_whole_dong", "amount_too_large").
    """
    if _known(language) == "vi":
        return amount_in_words(number).split()
    return _english(check_amount(number))


def _english(number: int) -> list[str]:
    for scale, name in ((10**9, "billion"), (10**6, "million"), (1_000, "thousand")):
        if number >= scale:
            above, rest = divmod(number, scale)
            joined = ["and"] if 0 < rest < 100 else []
            return [*_english(above), name, *joined, *(_english(rest) if rest else [])]
    if number >= 100:
        above, rest = divmod(number, 100)
        return [_DIGITS["en"][above], "hundred", *(["and", *_english(rest)] if rest else [])]
    if number >= 20:
        tens, unit = divmod(number, 10)
        return [_TENS[tens - 2], *([_DIGITS["en"][unit]] if unit else [])]
    return [_TEENS[number - 10] if number >= 10 else _DIGITS["en"][number]]


def letter_name(letter: str, language: str) -> str:
    """What a letter A–Z is called: T is "tê"; "tee"."""
    return _LETTERS[_known(language)].split()[ascii_uppercase.index(letter)].replace("-", " ")


def call_pieces(label: str, counter: int, language: str, style: str = ONE_BY_ONE) -> list[str]:
    """The pieces of a call, in order: T007 at counter 12 is please, letter-t, d-0, d-0, d-7, to_counter, n-12.

    `style` says how the number of the label is read, `one_by_one` or `as_number`; a counter is always a number.
    Raises DomainError("unknown_language", "label_malformed").
    """
    letters, digits = _parts(label)
    return [
        PLEASE,
        *(f"letter-{letter.lower()}" for letter in letters),
        *_number(digits, style, language),
        TO_COUNTER,
        *_number(str(counter), AS_NUMBER, language),
    ]


def call_sentence(label: str, counter: int, language: str, style: str = ONE_BY_ONE) -> str:
    """The same call as a sentence to read: "Mời công dân có số T không không bảy đến quầy số ba."

    Raises DomainError("unknown_language", "label_malformed").
    """
    letters, digits = _parts(label)
    phrases = _PHRASES[_known(language)]
    said = " ".join([*letters, *_words(digits, style, language)])
    comma = "," if language == "en" else ""
    at = " ".join(_words(str(counter), AS_NUMBER, language))
    return f"{phrases[PLEASE]} {said}{comma} {phrases[TO_COUNTER]} {at}."


def in_pack(pieces: list[str], pack: Collection[str], language: str) -> list[str] | None:
    """The pieces as a pack can say them: a number it has not recorded whole is put together from its words.

    None when something is missing; then another voice says the whole sentence.
    """
    found = [part for piece in pieces for part in _as_recorded(piece, pack, language)]
    return found if all(piece in pack for piece in found) else None


def _as_recorded(piece: str, pack: Collection[str], language: str) -> Iterator[str]:
    if piece in pack or not piece.startswith("n-"):
        yield piece
    else:
        yield from _joined(number_words(int(piece.removeprefix("n-")), language), language)


def _number(digits: str, style: str, language: str) -> list[str]:
    if style == AS_NUMBER and 10 <= int(digits) < 100:
        return [f"n-{int(digits)}"]
    return list(_joined(_words(digits, style, language), language))


def _joined(words: list[str], language: str) -> Iterator[str]:
    names = {word: name for name, word in _JOINTS[_known(language)].items()}
    names |= {word: f"d-{n}" for n, word in enumerate(_DIGITS[language])}
    return (names[word] for word in words)


def _words(digits: str, style: str, language: str) -> list[str]:
    number = int(digits)
    if style == AS_NUMBER and number <= LARGEST:
        return number_words(number, language)
    return [_DIGITS[_known(language)][int(digit)] for digit in digits]


def _parts(label: str) -> tuple[str, str]:
    found = LABEL_SHAPE.fullmatch(label)
    if found is None:
        raise DomainError("label_malformed", label=label[:12])
    return found[1], found[2]


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise DomainError("unknown_language", language=language[:12])
    return language
