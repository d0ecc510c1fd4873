"""Links between the pages lead somewhere, and every example is closed."""

from __future__ import annotations

import re

import pytest

from tests.docs.conftest import DOCS

PAGES = (
    "operations.md",
    "api.md",
    "events.md",
    "states.md",
    "devices.md",
    "led-protocol.md",
    "writing-a-plugin.md",
)


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(doc, name):
    for target in re.findall(r"\]\(([^)#]+)", doc(name).text):
        assert target.startswith("https://") or (DOCS / target).exists(), target


@pytest.mark.parametrize("name", PAGES)
def test_every_example_is_closed(doc, name):
    assert len(re.findall(r"^```", doc(name).text, re.MULTILINE)) % 2 == 0
