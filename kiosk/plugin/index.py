"""All procedures of all departments, found by key, by code and by everyday words; made once a process."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kiosk.domain.codes import normalise_procedure_code
from kiosk.domain.errors import DomainError
from kiosk.domain.names import fold
from kiosk.domain.procedure import Department, Procedure

LONGEST_QUERY = 100
"""Characters of a search that are read; nobody types more."""


@dataclass(frozen=True)
class _Entry:
    procedure: Procedure
    name: str
    words: str


class ProcedureIndex:
    """Look-ups that cost a dictionary access, and a search over prepared text."""

    def __init__(self, departments: Iterable[Department]) -> None:
        self._found: dict[str, list[Procedure]] = {}
        self._entries: list[_Entry] = []
        for department in departments:
            for procedure in department.procedures:
                for name in dict.fromkeys(filter(None, (procedure.key, procedure.code))):
                    self._found.setdefault(name, []).append(procedure)
                everything = (
                    procedure.name,
                    procedure.code or "",
                    *procedure.keywords,
                    procedure.field_name,
                    department.title,
                    department.title_en,
                )
                name = _words(procedure.name)
                self._entries.append(_Entry(procedure, name, _words(" ".join(everything))))

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
        """Procedures of which every word of the query begins some word, with or without diacritics.

        Those found by their name come before those found by a keyword; "" finds all.
        """
        wanted = _words(query[:LONGEST_QUERY]).split()
        hits = [
            (entry, all(f" {word}" in entry.name for word in wanted))
            for entry in self._entries
            if entry.procedure.department in departments and all(f" {word}" in entry.words for word in wanted)
        ]
        return [entry.procedure for by_name in (True, False) for entry, named in hits if named is by_name]


def _words(text: str) -> str:
    """Folded words, each with a space before it, so that " tu phap" finds beginnings of words only."""
    letters = "".join(character if character.isalnum() else " " for character in fold(text))
    return "".join(f" {word}" for word in letters.split())
