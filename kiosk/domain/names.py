"""People's names and free text in Vietnamese: cleaned for keeping, folded for search, keyed for sorting."""

from __future__ import annotations

import re
import unicodedata

from kiosk.domain.errors import DomainError

LONGEST_NAME = 120
LONGEST_NOTE = 1_000
RAW_ALLOWANCE = 8
"""Raw input may be this many times longer (decomposed letters, stray spaces); a megabyte is not even read."""

_LOOKALIKES = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ"})
"""Icelandic and African letters that old keyboards and OCR give for Đ (U+0110)."""

_NAME_PUNCTUATION = frozenset(" '’.,-–&/()\"“”+:")
"""What names of people and organisations carry: D'Souza, Mai-Lan, Công ty TNHH "A & B" (chi nhánh 2)."""

_INVISIBLE_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Joiners and fillers that Unicode calls letters or marks and nobody sees."""

_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MARKS_PILED_UP = re.compile("[\u0300-\u036f]{3,}")
_NOTE_REFUSED = frozenset({"Cc", "Cs", "Co", "Cn"})
_PICTOGRAPHS = re.compile("[\u2600-\u27bf\u20e3\U0001f000-\U0001ffff]")
_WORD = re.compile(r"[^\W_]+")

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"
"""Huyền, hỏi, ngã, sắc, nặng in dictionary order; no mark (ngang) comes first."""

WordKey = tuple[tuple[int, ...], int]
NameKey = tuple[WordKey, WordKey, tuple[WordKey, ...], str]


def clean_name(text: object, max_length: int = LONGEST_NAME, field: str = "name") -> str:
    """A name fit to keep: NFC, Ð made Đ, one space between words, nothing invisible.

    Raises `wrong_type`, `text_too_long`, `text_empty`, and `text_not_allowed` for emoji, symbols and
    control characters; `field` goes into the error.
    """
    raw = _checked_raw(text, max_length, field)
    name = " ".join(_normalise(raw).split())
    if not name:
        raise DomainError("text_empty", field=field)
    if len(name) > max_length:
        raise DomainError("text_too_long", field=field, limit=max_length)
    if not all(_fits_name(character) for character in name) or _MARKS_PILED_UP.search(name):
        raise DomainError("text_not_allowed", field=field)
    if not _WORD.search(name):
        raise DomainError("text_not_allowed", field=field)
    return name


def clean_note(text: object, max_length: int = LONGEST_NOTE, field: str = "note") -> str:
    """Free text fit to keep and print: NFC, line breaks kept, at most one empty line, "" if empty.

    Symbols such as ≥, m² or → may stay; emoji and control characters raise `text_not_allowed`. Also
    raises `wrong_type`, `text_too_long`.
    """
    raw = _checked_raw(text, max_length, field)
    lines = [" ".join(line.split()) for line in re.split(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", _normalise(raw))]
    note = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if len(note) > max_length:
        raise DomainError("text_too_long", field=field, limit=max_length)
    refused = any(unicodedata.category(character) in _NOTE_REFUSED for character in note.replace("\n", ""))
    if refused or _PICTOGRAPHS.search(note) or _MARKS_PILED_UP.search(note):
        raise DomainError("text_not_allowed", field=field)
    return note


def fold(text: str) -> str:
    """The text as typed by someone in a hurry: small letters, no diacritics, đ and telex dd as d."""
    decomposed = unicodedata.normalize("NFKD", _normalise(text).casefold())
    plain = "".join(character for character in decomposed if unicodedata.category(character) != "Mn")
    # NFKD may bring back capitals and đ's of compatibility letters; runs of d keep folding stable.
    return " ".join(re.sub("d{2,}", "d", plain.casefold().replace("đ", "d")).split())


def matches(query: str, text: str) -> bool:
    """Whether every word of the query begins some word of the text, both folded; "" matches all."""
    words = _WORD.findall(fold(text))
    return all(any(word.startswith(start) for word in words) for start in _WORD.findall(fold(query)))


def sort_key(name: str) -> NameKey:
    """The Vietnamese order of people: by tên (last word), then họ (first), then đệm (between).

    Within a word letters decide before tones, so that "hòa" and "hoà" are one word: a ă â b c d đ e ê …,
    then ngang huyền hỏi ngã sắc nặng.
    """
    words = _normalise(name).lower().split()
    keys = [_word_key(word) for word in words]
    nothing: WordKey = ((), 0)
    given = keys[-1] if keys else nothing
    family = keys[0] if len(keys) > 1 else nothing
    return given, family, tuple(keys[1:-1]), " ".join(words)


def initials(name: str) -> str:
    """The first letters without tones: Nguyễn Thị Ánh Đào gives NTAĐ."""
    firsts = (_WORD.search(word) for word in _normalise(name).split())
    return "".join(_without_tone(first[0])[:1].upper()[:1] for first in firsts if first)


def _checked_raw(text: object, max_length: int, field: str) -> str:
    if not isinstance(text, str):
        raise DomainError("wrong_type", field=field, expected="text")
    if len(text) > max_length * RAW_ALLOWANCE:
        raise DomainError("text_too_long", field=field, limit=max_length)
    return text


def _normalise(text: str) -> str:
    """NFC without direction marks, zero-width characters, fillers and variation selectors."""
    visible = (
        character
        for character in _VARIATION_SELECTORS.sub("", text)
        if unicodedata.category(character) != "Cf" and character not in _INVISIBLE_LETTERS
    )
    return unicodedata.normalize("NFC", "".join(visible)).translate(_LOOKALIKES)


def _fits_name(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "L" or category in ("Mn", "Mc", "Nd") or character in _NAME_PUNCTUATION


def _without_tone(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(mark for mark in letters if mark not in _TONES))


def _word_key(word: str) -> WordKey:
    tones = [_TONES.index(mark) + 1 for mark in unicodedata.normalize("NFD", word) if mark in _TONES]
    letters = tuple(
        _ALPHABET.index(letter) if letter in _ALPHABET else len(_ALPHABET) + ord(letter)
        for letter in _without_tone(word)
    )
    return letters, max(tones, default=0)
