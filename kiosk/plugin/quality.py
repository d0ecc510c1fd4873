"""QUALITY.md: a table of rules, each with an honest state, so that nobody has to guess how complete a plugin is."""

from __future__ import annotations

import re

FILE = "QUALITY.md"
_ROW = re.compile(r"^\|(?P<rule>[^|\n]+)\|(?P<state>[^|\n]*)\|\s*$", re.MULTILINE)
_HEAD = {"rule", "---"}
_STATE = re.compile(r"done(?:[:,;] ?\S.*)?|(?:exempt|open): ?\S.*", re.DOTALL)
STATES = "`done`, `done: how`, `exempt: why` or `open: what`"


def rules(text: str) -> dict[str, str]:
    """The state of each rule in the tables of a QUALITY.md."""
    found = {row["rule"].strip(): row["state"].strip() for row in _ROW.finditer(text)}
    return {rule: state for rule, state in found.items() if rule not in _HEAD}


def quality_problems(text: str, template: str) -> list[str]:
    """Rules of the template that a QUALITY.md leaves out, and states that say nothing."""
    stated = rules(text)
    missing = [f"{FILE}: the rule {rule!r} is missing" for rule in rules(template) if rule not in stated]
    unclear = [
        f"{FILE}: {rule!r} is {state!r}; write {STATES}"
        for rule, state in stated.items()
        if not _STATE.fullmatch(state)
    ]
    return missing + unclear
