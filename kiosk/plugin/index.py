"""All procedures of all departments, found by key, by code and by everyday words; made once a catalogue."""

from __future__ import annotations

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
    procedure: Procedure
    name: str
    words: str
    code: str


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

        Words come in any order, with or without diacritics. What is found by its name comes before what is found
        by a keyword; "" finds all.
        """
        wanted = fold_words(query[:LONGEST_QUERY]).split()
        beginnings = [f" {word}" for word in wanted]
        pieces = [word if word.isdigit() and len(word) >= SHORTEST_FRAGMENT else None for word in wanted]
        by_name, by_words = [], []
        for entry in self._entries:
            if entry.procedure.department not in departments:
                continue
            if all(word in entry.name for word in beginnings):
                by_name.append(entry.procedure)
            elif all(
                word in entry.words or (piece is not None and piece in entry.code)
                for word, piece in zip(beginnings, pieces, strict=True)
            ):
                by_words.append(entry.procedure)
        return by_name + by_words


def _entry(procedure: Procedure, around: str) -> _Entry:
    name = _words(procedure.name)
    code = procedure.code or ""
    others = _words(" ".join((code, *procedure.keywords, procedure.field_name)))
    return _Entry(procedure, name, f"{name}{others}{around}", code)


def fold_words(text: str) -> str:
    """Folded words, each with a space before it, so that " tu phap" finds beginnings of words only."""
    letters = "".join(character if character.isalnum() else " " for character in fold(text))
    return "".join(f" {word}" for word in letters.split())


_words = lru_cache(maxsize=16_384)(fold_words)
"""Folding is what a catalogue's index costs; most of its texts were folded for the catalogue before."""
