"""The text of an SMS, and how many parts of one it takes (3GPP TS 23.038, 23.040)."""

from __future__ import annotations

import unicodedata

from kiosk.plugin import Notice

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("^{}\\[~]|€")
"""They take two places."""
ONE_GSM, PART_GSM = 160, 153
ONE_UNICODE, PART_UNICODE = 70, 67


def sms_text(notice: Notice, *, keep_diacritics: bool) -> str:
    """The body and the page's address; without the address where both do not fit into one plain message."""
    body = unicodedata.normalize("NFC", notice.body) if keep_diacritics else plain(notice.body)
    whole = f"{body} {notice.follow_url}"
    return whole if keep_diacritics or segments(whole) == 1 else body


def plain(text: str) -> str:
    """The text without diacritics, in letters every phone has."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D").replace("–", "-"))
    bare = "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
    return "".join(letter if letter in GSM or letter in TWICE else "?" for letter in bare)


def segments(text: str) -> int:
    """How many messages a phone puts together; what the gateway charges."""
    if all(letter in GSM or letter in TWICE for letter in text):
        length = sum(2 if letter in TWICE else 1 for letter in text)
        return 1 if length <= ONE_GSM else -(-length // PART_GSM)
    length = len(text.encode("utf-16-be")) // 2
    return 1 if length <= ONE_UNICODE else -(-length // PART_UNICODE)
