"""Scripts, by the shell that will run them and by shellcheck where it is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kiosk.firmware.checks.problem import Problem, Subject, Tools, run

SHELLS = {"#!/bin/sh": "sh", "#!/usr/bin/env bash": "bash"}


def check(subject: Subject, tools: Tools) -> list[Problem]:
    """One script."""
    return list(_problems(subject, tools))


def _problems(subject: Subject, tools: Tools) -> Iterator[Problem]:
    first = subject.text.split("\n", 1)[0]
    if first not in SHELLS:
        yield subject.problem(1, f"begins with {first!r}, not with one of {', '.join(SHELLS)}")
        return
    if not re.search(r"^set -euo? ?(pipefail)?$", subject.text, re.M):
        yield subject.problem("", "goes on after a mistake; say set -eu (bash: set -euo pipefail)")
    shell = SHELLS[first]
    if tools.wanted(shell):
        program = tools.find(shell)
        if program is None:
            yield from tools.missing(subject, shell, "it belongs to every Debian")
        else:
            code, said = run(program, "-n", str(subject.path))
            if code:
                yield _told(subject, said)
    checker = tools.find("shellcheck")
    if checker and tools.wanted("shellcheck"):
        _, said = run(checker, "--format=gcc", str(subject.path))
        for line in said.splitlines():
            place = re.search(r":(\d+):\d+: (.*)", line)
            yield subject.problem(int(place[1]), place[2]) if place else subject.problem("", line)


def _told(subject: Subject, said: str) -> Problem:
    place = re.search(r"line (\d+): (.*)|: (\d+): (.*)", said)
    if place is None:
        return subject.problem("", " ".join(said.split())[:200])
    return subject.problem(int(place[1] or place[3]), place[2] or place[4])
