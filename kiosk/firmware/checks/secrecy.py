"""Tokens and passwords: none among our own files, and none that others may read among a device's."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from pathlib import Path

from kiosk.firmware.checks.problem import Problem, Subject

_NAMED = re.compile(
    r"""(?ix) \b [\w-]* (?:token|passw(?:or)?d|secret|psk|api_?key|encryption_key) \w* ["']? \s* [:=] \s*
    (?P<value> "[^"]*" | '[^']*' | [^\s,}#]+ )"""
)
_BEARER = re.compile(r"(?i)bearer\s+(?P<value>[A-Za-z0-9._~+/=-]{8,})")
_KEY_BLOCK = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_LONG = re.compile(r"(?<![\w/.+-])(?=[\w+-]*\d)(?=[\w+-]*[a-zA-Z])[A-Za-z0-9_+-]{32,}={0,2}(?![\w/.])")
_FILLED_IN_LATER = re.compile(r"""^["']?(\{\{|\$\{|\$\(|!secret|\|?$|null|device\.|{%)""")


def check_repository(name: str, path: Path) -> list[Problem]:
    """One file as it is shipped."""
    problems = []
    for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
        if reason := _secret_in(line):
            problems.append(Problem(name, f"line {number}", reason))
    return problems


def _secret_in(line: str) -> str:
    if _KEY_BLOCK.search(line):
        return "holds a private key"
    for pattern in (_NAMED, _BEARER):
        for found in pattern.finditer(line):
            value = found["value"].strip("\"'")
            spoken = pattern is _NAMED and _is_a_word(line, value)
            if len(value) >= 4 and not _FILLED_IN_LATER.match(found["value"]) and not spoken:
                return f"holds a secret: {found[0].split(value)[0].strip()} …"
    if _LONG.search(re.sub(r"\{\{.*?\}\}", "", line)):
        return "holds what looks like a token"
    return ""


def _is_a_word(line: str, value: str) -> bool:
    # A sentence in a comment, a path, or ESPHome's choice between yes and no is no secret.
    return line.lstrip().startswith(("#", "|", "*")) or value in {"true", "false"} or "/" in value


def check_modes(subjects: list[Subject], private: frozenset[str]) -> Iterator[Problem]:
    """A device's folder: what holds a token is its owner's alone."""
    for subject in subjects:
        mode = stat.S_IMODE(subject.path.stat().st_mode)
        if subject.target in private and mode & 0o077:
            yield subject.problem(
                "", f"holds a token, and others may read it (mode {mode:04o}, should be 0600)"
            )
