"""The pages of `docs/`, read once, and the app they describe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from peewee import Database

from tests.api.desk import Clock, opened_app

DOCS = Path(__file__).parents[2] / "docs"
ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)


class Page:
    """One page: its text, its tables and its examples."""

    def __init__(self, name: str) -> None:
        self.text = (DOCS / name).read_text(encoding="utf-8")

    def section(self, heading: str) -> str:
        """What stands under a heading, up to the next one of the same or a higher level."""
        level = len(heading) - len(heading.lstrip("#"))
        begin = self.text.index(f"\n{heading}\n") + len(heading) + 2
        end = re.search(rf"^#{{1,{level}}} ", self.text[begin:], re.MULTILINE)
        return self.text[begin : begin + end.start()] if end else self.text[begin:]

    def rows(self, head: str, within: str | None = None) -> list[list[str]]:
        """The rows of the table whose first line is `head`, cell by cell."""
        text = self.text if within is None else within
        table = text[text.index(f"{head}\n") :].partition("\n\n")[0]
        return [row.split(" | ") for row in ROW.findall(table)[1:] if not row.startswith("---")]

    def examples(self, language: str) -> list[str]:
        """All fenced examples in a language."""
        return re.findall(rf"^```{language}\n(.*?)^```$", self.text, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="session")
def doc() -> Callable[[str], Page]:
    """A page of `docs/` by name."""
    return Page


@pytest.fixture
def app(sqlite_database: Database, data_dir: Path, noon: datetime) -> Iterator[Flask]:
    """The app over an empty database."""
    with opened_app(sqlite_database, data_dir, Clock(noon)) as opened:
        yield opened
