"""The short reference a citizen's transfer carries: written on the QR code, found again in whatever the bank sends.

"BGPH 7K3Q2MX": the office's letters, six characters without look-alikes, and one that checks them. A dossier code is too
long for the 19 characters that every bank carries over unharmed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk.domain.errors import DomainError

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 O, 1 I L, U V in one hand: what is read aloud or typed from paper is not mistaken."""
BODY = 6
_MODULUS = 31
"""A prime above the alphabet's size: every single substitution and every swap of neighbours changes the remainder."""
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PREFIX = re.compile(r"[A-Z]{2,5}")
_NOISE = re.compile(r"[^0-9A-Z]+")


@dataclass(frozen=True)
class Found:
    """What a memo says: whole references in their order, and beginnings of one that a person should look at."""

    references: tuple[str, ...]
    near: tuple[str, ...]


def check_prefix(prefix: object) -> str:
    """The letters an office's references begin with. Raises DomainError("reference_prefix_malformed")."""
    if not isinstance(prefix, str) or not _PREFIX.fullmatch(prefix):
        raise DomainError("reference_prefix_malformed", field="prefix")
    return prefix


def new_reference(prefix: str, choose: Callable[[Sequence[str]], str]) -> str:
    """A reference in its written form; `choose` picks a character (`secrets.choice`)."""
    check_prefix(prefix)
    while True:
        body = "".join(choose(ALPHABET) for _ in range(BODY))
        check = _check(prefix, body)
        if check is not None:
            return f"{prefix} {body}{check}"


def read_reference(text: str, prefix: str) -> str | None:
    """The written form of what somebody typed or scanned, or None if it is none of this office's."""
    found = find_references(text, prefix).references
    bare = _bare(text)
    return found[0] if len(found) == 1 and bare == _bare(found[0]) else None


def find_references(memo: str, prefix: str) -> Found:
    """All references in a bank's memo, whatever became of capitals, accents, spaces, dots and lines.

    Nothing is repaired: a character that was changed gives no reference, and the remainder goes to a person.
    """
    text = _bare(memo)
    whole: list[str] = []
    near: list[str] = []
    at = text.find(prefix)
    while at >= 0:
        after = text[at + len(prefix) : at + len(prefix) + BODY + 1]
        if is_reference(prefix, after):
            whole.append(f"{prefix} {after}")
            at = text.find(prefix, at + len(prefix) + BODY + 1)
            continue
        near.append(f"{prefix} {after}".rstrip())
        at = text.find(prefix, at + 1)
    return Found(tuple(dict.fromkeys(whole)), tuple(dict.fromkeys(near)))


def is_reference(prefix: str, characters: str) -> bool:
    """Whether these are the characters after the prefix, the check included."""
    body, check = characters[:-1], characters[-1:]
    return (
        len(body) == BODY and all(each in ALPHABET for each in characters) and _check(prefix, body) == check
    )


def _check(prefix: str, body: str) -> str | None:
    """The checking character; None for the one remainder that has no character."""
    values = [_LETTERS.index(each) for each in prefix] + [ALPHABET.index(each) for each in body]
    remainder = sum(weight * value for weight, value in enumerate(reversed(values), start=2)) % _MODULUS
    return ALPHABET[remainder] if remainder < len(ALPHABET) else None


def _bare(text: str) -> str:
    """Capitals and digits only. Not folded as for a search, which reads a doubled d as one."""
    plain = unicodedata.normalize("NFKD", text).upper().replace("Đ", "D")
    return _NOISE.sub("", plain)
