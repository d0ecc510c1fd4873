"""docs/events.md lists every kind with its fields, and nothing else."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from kiosk.domain.events import EVENTS

ENTRY = re.compile(r"### `(?P<kind>.+)`\n\n(?P<sentence>.+)\n\nFields: (?P<fields>.+)\n")


@pytest.fixture(scope="session")
def events(doc):
    return doc("events.md")


def test_every_kind_is_there_in_the_order_of_the_code(events):
    assert re.findall(r"^### `(.+)`$", events.text, re.MULTILINE) == list(EVENTS)


def test_sentence_and_fields_are_those_of_the_code(events):
    documented = {
        entry["kind"]: (entry["sentence"], entry["fields"]) for entry in ENTRY.finditer(events.text)
    }
    assert documented == {
        kind: (event.__doc__, ", ".join(f"`{field.name}: {field.type}`" for field in fields(event)))
        for kind, event in EVENTS.items()
    }


def test_every_field_is_explained_and_no_other(events):
    explained = [row[0].strip("`") for row in events.rows("| field | meaning |")]
    assert len(explained) == len(set(explained))
    assert set(explained) == {field.name for event in EVENTS.values() for field in fields(event)}
