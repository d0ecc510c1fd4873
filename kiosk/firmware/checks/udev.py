"""Rules of udev: by `udevadm verify` where it is new enough to have that, and by a reading of our own everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kiosk.firmware.checks.problem import Problem, Subject, Tools, run

_PAIR = re.compile(
    r"""\s*(?P<key>[A-Z_]+)(?:\{(?P<of>[^}]*)\})?\s*(?P<operator>==|!=|\+=|-=|:=|=)\s*e?"(?P<value>(?:[^"\\]|\\.)*)"\s*"""
)
_MATCH = {"==", "!="}
_ASSIGN = {"=", "+=", "-=", ":="}

_COMPARED = "ACTION DEVPATH KERNEL KERNELS SUBSYSTEM SUBSYSTEMS DRIVER DRIVERS ATTRS TAGS TEST RESULT CONST"
_SET = "OWNER GROUP MODE SECLABEL RUN LABEL GOTO OPTIONS"
_BOTH = "NAME SYMLINK ATTR SYSCTL ENV TAG PROGRAM IMPORT"
_WITH_NAME = "ATTR ATTRS ENV SYSCTL SECLABEL CONST IMPORT"
ONLY_MATCHED, ONLY_ASSIGNED, EITHER, WITH_NAME = (
    frozenset(keys.split()) for keys in (_COMPARED, _SET, _BOTH, _WITH_NAME)
)
"""Keys of a rule (udev(7)): compared, set, both, and those that need a name in braces."""


def check(subject: Subject, tools: Tools) -> list[Problem]:
    """One file of rules."""
    problems = list(_problems(subject))
    program = tools.find("udevadm")
    if tools.wanted("udevadm") and program and _can_verify(program):
        code, said = run(program, "verify", "--no-summary", str(subject.path))
        if code:
            lines = [line for line in said.splitlines() if subject.path.name in line] or [said.strip()]
            problems += [_told(subject, line) for line in lines]
    return problems


@cache
def _can_verify(program: str) -> bool:
    return run(program, "verify", "--help")[0] == 0


def _told(subject: Subject, line: str) -> Problem:
    place = re.search(rf"{re.escape(subject.path.name)}:(\d+) ?(.*)", line)
    return subject.problem(int(place[1]), place[2]) if place else subject.problem("", line[:200])


def _problems(subject: Subject) -> Iterator[Problem]:
    labels, jumps = set(), []
    for number, line in _rules(subject.text):
        matches = assigns = 0
        for found in _pairs(line):
            if isinstance(found, str):
                yield subject.problem(number, f"cannot be read from {found!r} on")
                break
            key, of, operator, value = found
            if reason := _refuses(key, of, operator):
                yield subject.problem(f"line {number}, {key}", reason)
            elif key == "MODE" and operator in _ASSIGN and not re.fullmatch(r"0?[0-7]{3}", value):
                yield subject.problem(f"line {number}, MODE", f"{value!r} is not a mode such as 0660")
            matches += operator in _MATCH
            assigns += operator in _ASSIGN
            if key == "LABEL":
                labels.add(value)
            if key == "GOTO":
                jumps.append((number, value))
        else:
            if not assigns:
                yield subject.problem(number, "sets nothing")
            if not matches and "LABEL=" not in line:
                yield subject.problem(number, "would hold for every device")
    yield from (
        subject.problem(f"line {number}, GOTO", f"no LABEL {label!r}")
        for number, label in jumps
        if label not in labels
    )


def _rules(text: str) -> Iterator[tuple[int, str]]:
    """Each rule with the number of its first line; a backslash at the end goes on in the next."""
    began, held = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if not held and (not line.strip() or line.lstrip().startswith("#")):
            continue
        began = began or number
        if line.endswith("\\"):
            held += line[:-1]
            continue
        yield began, held + line
        began, held = 0, ""
    if held:
        yield began, held


def _pairs(line: str) -> Iterator[tuple[str, str, str, str] | str]:
    """Key, name in braces, operator and value of each part; or the rest of the line that is none."""
    rest = line
    while rest:
        found = _PAIR.match(rest)
        if not found:
            yield rest.strip()[:40]
            return
        yield found["key"], found["of"] or "", found["operator"], found["value"]
        rest = rest[found.end() :]
        if rest and not rest.startswith(","):
            yield rest.strip()[:40]
            return
        rest = rest[1:]
        if not rest.strip():
            return


def _refuses(key: str, of: str, operator: str) -> str:
    if key not in ONLY_MATCHED | ONLY_ASSIGNED | EITHER:
        return "is not a key of rules"
    if key in ONLY_MATCHED and operator not in _MATCH:
        return f"can only be compared (== or !=), not {operator}"
    if key in ONLY_ASSIGNED and operator not in _ASSIGN:
        return f"can only be set, not compared with {operator}"
    if key in WITH_NAME and not of:
        return f"needs a name, such as {key}{{name}}"
    return ""
