"""All procedures of all departments, found by key, by code and by everyday words; made once a catalogue."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from kiosk.domain.codes import normalise_procedure_code
from kiosk.domain.errors import DomainError
from kiosk.domain.names import fold
from kiosk.domain.procedure import Department, Procedure

LONGEST_QUERY = 100
"""Characters of a search that are read; nobody types more."""
SHORTEST_FRAGMENT = 3
"""Digits from which on a number is also looked for inside a code: "488" finds 2.000488."""


@dataclass(frozen=True)
class _Entry:
    """One procedure's folded texts: every word has a space before it and a text a space at its end.

    `phrases` are the code and the keywords, each between bars, so that no phrase is found across two of them.
    """

    procedure: Procedure
    name: str
    phrases: str
    own: str
    words: str
    spelt: str
    code: str


@dataclass(frozen=True)
class _Query:
    words: tuple[str, ...]
    pieces: tuple[str | None, ...]
    phrase: str
    spelt: str
    """As typed, where it was typed with diacritics; else ""."""

    def finds(self, entry: _Entry) -> bool:
        return all(
            word in entry.words or (piece is not None and piece in entry.code)
            for word, piece in zip(self.words, self.pieces, strict=True)
        )

    def place(self, entry: _Entry) -> tuple[int, bool]:
        """Where it stands among what was found: 0 is best. Of equals, those written as it was typed come first."""
        return self._closeness(entry), self.spelt not in entry.spelt

    def _closeness(self, entry: _Entry) -> int:
        whole = f"{self.phrase} "
        if whole in entry.name or f"|{whole}|" in entry.phrases:
            return 0
        if whole in entry.phrases:
            return 1
        if self.phrase in entry.name or self.phrase in entry.phrases:
            return 2  # the last word is not finished: "so do" is not yet "so doanh nghiep"
        for place, text in enumerate((entry.name, entry.own), 3):
            if all(word in text for word in self.words):
                return place
        return 5


class ProcedureIndex:
    """Look-ups that cost a dictionary access, and a search over prepared text."""

    def __init__(self, departments: Iterable[Department]) -> None:
        self._found: dict[str, list[Procedure]] = {}
        self._entries: list[_Entry] = []
        for department in departments:
            around = _words(f"{department.title} {department.title_en}")
            for procedure in department.procedures:
                for name in dict.fromkeys(filter(None, (procedure.key, procedure.code))):
                    self._found.setdefault(name, []).append(procedure)
                self._entries.append(_entry(procedure, around))

    def find(self, key: str) -> list[Procedure]:
        """Procedures with this key, short code (2.000488) or full code (2.000488.000.00.00.H02)."""
        key = key.strip()
        if key in self._found:
            return self._found[key]
        try:
            return self._found.get(normalise_procedure_code(key), [])
        except DomainError:
            return []

    def search(self, query: str, departments: Collection[str]) -> list[Procedure]:
        """Procedures of which every word of the query begins some word, or is a piece of the code.

        Words come in any order, with or without diacritics. The whole phrase in the name or a keyword comes first,
        then all its words in the name, then words from here and there, the department's title last; "" finds all.
        """
        wanted = _query(query[:LONGEST_QUERY])
        found = [
            entry
            for entry in self._entries
            if entry.procedure.department in departments and wanted.finds(entry)
        ]
        if wanted.words:
            found.sort(key=wanted.place)
        return [entry.procedure for entry in found]


def _entry(procedure: Procedure, around: str) -> _Entry:
    name = _words(procedure.name)
    code = procedure.code or ""
    keywords = [_words(keyword) for keyword in (code, *procedure.keywords)]
    own = "".join((name, *keywords))
    return _Entry(
        procedure=procedure,
        name=f"{name} ",
        phrases="|" + "".join(f"{keyword} |" for keyword in keywords),
        own=own,
        words=f"{own}{_words(procedure.field_name)}{around}",
        spelt="|".join(_spelt(text) for text in (procedure.name, *procedure.keywords)),
        code=code,
    )


def _query(text: str) -> _Query:
    phrase = fold_words(text)
    words = phrase.split()
    spelt = _spelt(text)
    return _Query(
        words=tuple(f" {word}" for word in words),
        pieces=tuple(word if word.isdigit() and len(word) >= SHORTEST_FRAGMENT else None for word in words),
        phrase=phrase,
        spelt="" if spelt == phrase else spelt,
    )


def fold_words(text: str) -> str:
    """Folded words, each with a space before it, so that " tu phap" finds beginnings of words only."""
    return _spaced(fold(text))


def _spelt(text: str) -> str:
    """The same with its diacritics."""
    return _spaced(unicodedata.normalize("NFC", text).casefold())


def _spaced(text: str) -> str:
    letters = "".join(character if character.isalnum() else " " for character in text)
    return "".join(f" {word}" for word in letters.split())


_words = lru_cache(maxsize=16_384)(fold_words)
"""Folding is what a catalogue's index costs; most of its texts were folded for the catalogue before."""
