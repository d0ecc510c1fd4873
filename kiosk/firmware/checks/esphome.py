"""ESP32 configurations, checked by ESPHome itself; it needs no network for that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kiosk.firmware.checks.problem import Problem, Subject, Tools, run

_SOURCE = re.compile(r"\[source (?P<file>[^\]]+?):(?P<line>\d+)\]")
_LINE = re.compile(r'in "(?P<file>[^"]+)", line (?P<line>\d+)')
_KEY = re.compile(r"^\s*(?:- )?(?P<key>[\w.]+):")
HELP = "python3 dev.py firmware installs it, KIOSK_ESPHOME names one"


def check(subject: Subject, tools: Tools) -> list[Problem]:
    """Let ESPHome read a device's main file with all it includes."""
    if not tools.wanted("esphome"):
        return []
    program = tools.find("esphome")
    if program is None:
        return tools.missing(subject, "esphome", HELP)
    code, said = run(program, "config", subject.target, cwd=subject.folder)
    return list(_problems(subject, said)) if code else []


def _problems(subject: Subject, said: str) -> Iterator[Problem]:
    blocks = re.split(r"\n(?=\S[^\n]*\[source )", said)
    found = [block for block in blocks if _SOURCE.search(block.splitlines()[0] if block else "")]
    for block in found:
        place = _SOURCE.search(block)
        file = _shown(subject, place["file"] if place else "")
        message, key = _message(block.splitlines()[1:])
        section = block.split(":", 1)[0].strip()
        where = f"line {place['line'] if place else '?'}, {section}{f'.{key}' if key else ''}"
        yield Problem(file, where, message)
    if not found:
        place = _LINE.search(said)
        lines = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith("INFO")]
        reason = " ".join(lines)[:400] or "ESPHome refuses it without a word"
        if place:
            yield Problem(_shown(subject, place["file"]), f"line {place['line']}", reason)
        else:
            yield subject.problem("", reason)


def _message(lines: list[str]) -> tuple[str, str]:
    # ESPHome shows the section again and puts what is wrong between a blank line and the key it is about.
    message: list[str] = []
    waiting = False
    for line in lines:
        if not line.strip():
            if message:
                return " ".join(message), ""
            waiting = True
        elif waiting:
            key = _KEY.match(line)
            if message and key:
                return " ".join(message), key["key"]
            message.append(line.strip())
    return " ".join(message) or " ".join(line.strip() for line in lines if line.strip()), ""


def _shown(subject: Subject, file: str) -> str:
    # Included files are named by the way to them, such as boards/../esp32/common.yaml.
    path = (subject.folder / file).resolve()
    inside = path.is_relative_to(subject.folder.resolve())
    return (
        path.relative_to(subject.folder.resolve()).as_posix() if inside and path.is_file() else subject.name
    )
