"""docs/hooks.md says what the code says, and every hook ships with a plugin that needs it and a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kiosk.plugin.hookspecs import HOOKS, Gate

ROOT = Path(__file__).parents[2]
ENTRY = re.compile(
    r"### `(?P<signature>.+)`\n\n(?P<summary>.+)\n\nGate: (?P<gate>\w+) · Used by: (?P<users>.+)\n"
)


def documented():
    text = (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")
    return {entry["signature"].partition("(")[0]: entry.groupdict() for entry in ENTRY.finditer(text)}


def test_every_hook_is_documented_and_nothing_else_is():
    headings = re.findall(
        r"^### (.+)$", (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert headings == [f"`{info.signature}`" for info in HOOKS.values()]
    assert list(documented()) == list(HOOKS)


@pytest.mark.parametrize("name", HOOKS)
def test_signature_sentence_and_gate_are_those_of_the_code(name):
    entry, info = documented()[name], HOOKS[name]
    assert entry["signature"] == info.signature
    assert entry["summary"] == " ".join(info.summary.split())
    assert Gate(entry["gate"]) is info.gate
    assert info.summary.rstrip().endswith(".")


@pytest.mark.parametrize("name", HOOKS)
def test_a_shipped_plugin_needs_it(name, load):
    house = load()
    users = sorted(plugin for plugin in house.ready if house.implements(plugin, name))
    assert users, f"nobody implements {name}"
    assert documented()[name]["users"] == ", ".join(f"`{user}`" for user in users)


@pytest.mark.parametrize("name", HOOKS)
def test_a_test_mentions_it(name):
    here = Path(__file__).resolve()
    files = [*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("plugins/*/tests/test_*.py")]
    assert any(name in path.read_text(encoding="utf-8") for path in files if path != here)
