"""Letters as a printer's own character tables have them: TCVN-3 for Vietnamese, plain ASCII for the rest.

TCVN 5712:1993 puts the small letters of VN3 into one table; printers hold the capitals in a second one, with
the toned capitals where the small letters are in the first (pages 30 and 31 of ESC t on Epson and Citizen).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_TONES = ("", "\N{COMBINING GRAVE ACCENT}", "\N{COMBINING HOOK ABOVE}", "\N{COMBINING TILDE}",
          "\N{COMBINING ACUTE ACCENT}", "\N{COMBINING DOT BELOW}")  # fmt: skip
_VOWELS = "aăâeêioôơuưy"

# Where the toned letters of each vowel are, in the order of the tones: grave, hook, tilde, acute, dot below.
_TONED = {
    "a": (0xB5, 0xB6, 0xB7, 0xB8, 0xB9), "ă": (0xBB, 0xBC, 0xBD, 0xBE, 0xC6),
    "â": (0xC7, 0xC8, 0xC9, 0xCA, 0xCB), "e": (0xCC, 0xCE, 0xCF, 0xD0, 0xD1),
    "ê": (0xD2, 0xD3, 0xD4, 0xD5, 0xD6), "i": (0xD7, 0xD8, 0xDC, 0xDD, 0xDE),
    "o": (0xDF, 0xE1, 0xE2, 0xE3, 0xE4), "ô": (0xE5, 0xE6, 0xE7, 0xE8, 0xE9),
    "ơ": (0xEA, 0xEB, 0xEC, 0xED, 0xEE), "u": (0xEF, 0xF1, 0xF2, 0xF3, 0xF4),
    "ư": (0xF5, 0xF6, 0xF7, 0xF8, 0xF9), "y": (0xFA, 0xFB, 0xFC, 0xFD, 0xFE),
}  # fmt: skip
_PLAIN_LOWER = {"ă": 0xA8, "â": 0xA9, "ê": 0xAA, "ô": 0xAB, "ơ": 0xAC, "ư": 0xAD, "đ": 0xAE}
# As the printers' second table has them, which is not where VN3 itself puts its seven capitals.
_PLAIN_UPPER = {"Ă": 0xA1, "Â": 0xA2, "Đ": 0xA7, "Ê": 0xAA, "Ô": 0xAB, "Ơ": 0xAC, "Ư": 0xAD}


def _toned(vowel: str) -> dict[str, int]:
    letters = (unicodedata.normalize("NFC", vowel + tone) for tone in _TONES[1:])
    return dict(zip(letters, _TONED[vowel.lower()], strict=True))


TCVN_LOWER = {**_PLAIN_LOWER, **{k: v for vowel in _VOWELS for k, v in _toned(vowel).items()}}
TCVN_UPPER = {**_PLAIN_UPPER, **{k: v for vowel in _VOWELS.upper() for k, v in _toned(vowel).items()}}

LOWER_LETTERS = "".join(
    ("" if letter in "aeiouy" else letter) + "".join(_toned(letter) if letter != "đ" else ())
    for letter in "aăâđeêioôơuưy"
)
UPPER_LETTERS = LOWER_LETTERS.upper()
"""The 67 small and 67 capital letters of Vietnamese that are not in ASCII, in alphabetical order."""

# What ASCII has no sign for and a ticket may hold; what is not here and has no plain letter is left out.
_ASCII = str.maketrans({"đ": "d", "Đ": "D", "–": "-", "—": "-", "‑": "-", "·": "-", "…": "...", "“": '"', "”": '"',
                        "‘": "'", "’": "'", "«": '"', "»": '"', "×": "x", "₫": "d"})  # fmt: skip


def fold_to_ascii(text: str) -> str:
    """Return the text in ASCII as a Vietnamese would write it without marks: "Hộ tịch" is "Ho tich"."""
    plain = unicodedata.normalize("NFD", text.translate(_ASCII))
    return "".join(char for char in plain if " " <= char <= "~")


def fold_to_tcvn(text: str) -> str:
    """Return the text with Vietnamese letters kept and every other sign folded to ASCII."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        char if char in TCVN_LOWER or char in TCVN_UPPER else fold_to_ascii(char) for char in composed
    )


def encode_tcvn(text: str, lower: int, upper: int, current: int | None = None) -> tuple[bytes, int | None]:
    """Return the bytes of the text, switching between the two pages (ESC t) where letters need it.

    `lower`, `upper` and `current` are page numbers; the page in force at the end is returned too. ASCII is
    in both pages and needs no switch. The text has to be `fold_to_tcvn`'s.
    """
    data = bytearray()
    for char in text:
        for page, table in ((lower, TCVN_LOWER), (upper, TCVN_UPPER)):
            if char in table:
                if page != current:
                    data += b"\x1bt" + bytes((page,))
                    current = page
                data.append(table[char])
                break
        else:
            data += char.encode("ascii")
    return bytes(data), current


def _decoder(table: dict[str, int]) -> dict[int, str]:
    return {byte: letter for letter, byte in table.items()}


_FROM_TCVN = {"tcvn3-lower": _decoder(TCVN_LOWER), "tcvn3-upper": _decoder(TCVN_UPPER)}


def decode_letters(data: Iterable[int], letters: str) -> str:
    """Return what these bytes show in a table of letters; "�" where the table has none.

    `letters` is one of `models.CodePage.letters`. CP1258 has its tones apart: they are joined (NFC).
    """
    if letters in _FROM_TCVN:
        table = _FROM_TCVN[letters]
        return "".join(chr(byte) if byte < 0x80 else table.get(byte, "�") for byte in data)
    return unicodedata.normalize("NFC", bytes(data).decode(letters, "replace"))
