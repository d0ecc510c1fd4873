"""Small files of keys and values, and texts for people."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from kiosk.firmware.checks.problem import Problem, Subject, Tools

LONGEST_FIRMWARE_LINE = 98
"""Characters of a line of config.txt; the firmware of a Raspberry Pi does not read on."""

_FILLED_IN_BY_OTHERS = ("!secret", "!include", "!lambda")


def check_environment(subject: Subject, _: Tools) -> list[Problem]:
    """A file of environment variables as systemd reads it."""
    return [
        subject.problem(number, "is not NAME=value")
        for number, line in _lines(subject)
        if not re.fullmatch(r"[A-Z][A-Z0-9_]*=\S*", line)
    ]


def check_firmware_settings(subject: Subject, _: Tools) -> list[Problem]:
    """A part of config.txt of a Raspberry Pi, between the two marks that install.sh looks for."""
    return list(_firmware_settings(subject))


def _firmware_settings(subject: Subject) -> Iterator[Problem]:
    marks = [line for line in subject.text.splitlines() if line.startswith("# kiosk: ")]
    if marks != ["# kiosk: begin", "# kiosk: end"]:
        yield subject.problem("", "stands not between # kiosk: begin and # kiosk: end")
    for number, line in _lines(subject):
        if len(line) > LONGEST_FIRMWARE_LINE:
            yield subject.problem(number, f"is longer than {LONGEST_FIRMWARE_LINE} characters")
        if not re.fullmatch(r"\[\w+\]|[a-z0-9_]+=\S+", line):
            yield subject.problem(number, "is neither [filter] nor setting=value")


def check_modules(subject: Subject, _: Tools) -> list[Problem]:
    """Names of kernel modules, one a line."""
    return [
        subject.problem(number, "is not the name of a kernel module")
        for number, line in _lines(subject)
        if not re.fullmatch(r"[a-z0-9_-]+", line)
    ]


def check_fragment(subject: Subject, _: Tools) -> list[Problem]:
    """A file that ESPHome includes; what it says is checked with the files that include it."""
    try:
        yaml.load(subject.text, Loader=_Lenient)  # noqa: S506 - a SafeLoader that lets ESPHome's own tags be
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return [subject.problem(line, error.problem or "is not YAML")]
    return []


class _Lenient(yaml.SafeLoader):
    """YAML with the tags of ESPHome."""


for _tag in _FILLED_IN_BY_OTHERS:
    _Lenient.add_constructor(_tag, lambda loader, node: node.value)


def check_text(subject: Subject, _: Tools) -> list[Problem]:
    """A text for people: it says something, and its links to files beside it lead somewhere."""
    if not subject.text.strip():
        return [subject.problem("", "is empty")]
    links = re.findall(r"\]\(([^)#:\s]+)\)", subject.text)
    return [
        subject.problem(link, "leads nowhere") for link in links if not (subject.path.parent / link).exists()
    ]


def _lines(subject: Subject) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(subject.text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line.strip()
