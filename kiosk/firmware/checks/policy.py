"""Chromium's managed policies: every key known, every value of its kind, and the doors shut that must be shut."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kiosk.firmware.checks.problem import Problem, Subject, Tools
from kiosk.firmware.policy_keys import KNOWN, SHUT


def check(subject: Subject, _: Tools) -> list[Problem]:
    """One policy file; Chromium ignores what it does not understand, so a slip in a name opens a door in silence."""
    return list(_problems(subject))


def _problems(subject: Subject) -> Iterator[Problem]:
    repeated: list[str] = []
    try:
        policy = json.loads(subject.text, object_pairs_hook=lambda pairs: _once(pairs, repeated))
    except json.JSONDecodeError as error:
        yield subject.problem(error.lineno, error.msg)
        return
    if not isinstance(policy, dict):
        yield subject.problem("", "is not an object of policies")
        return
    yield from (subject.problem(key, "stands there twice") for key in repeated)
    for key, value in policy.items():
        if key not in KNOWN:
            yield subject.problem(key, "is not a policy of Chromium that we know")
        elif reason := KNOWN[key].refuses(value):
            yield subject.problem(key, reason)
    for key, wanted in SHUT.items():
        if policy.get(key) != wanted:
            yield subject.problem(key, f"must be {json.dumps(wanted)} on a machine that stands in a hall")
    if not policy.get("URLAllowlist"):
        yield subject.problem("URLAllowlist", "names no page; the screen would stay empty")
    yield from (
        subject.problem("URLAllowlist", f"{entry!r} opens more than one page of one server")
        for entry in policy.get("URLAllowlist", [])
        if not isinstance(entry, str) or "*" in entry or entry.count("/") < 3
    )


def _once(pairs: list[tuple[str, Any]], repeated: list[str]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            repeated.append(key)
        seen[key] = value
    return seen
