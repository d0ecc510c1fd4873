"""Read a TOML file strictly: every value checked where it stands, every unknown key refused, every error placed."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from datetime import date, datetime
from pathlib import Path
from typing import Any

LONGEST_TEXT = 2_000
MOST_ROWS = 10_000


class FileError(ValueError):
    """A file says something it may not: which file, where in it, which field, and why."""

    def __init__(self, file: str, place: str, field: str, reason: str) -> None:
        super().__init__(": ".join(part for part in (file, place, field, reason) if part))
        self.file, self.place, self.field, self.reason = file, place, field, reason


def short_path(path: Path) -> str:
    """Folder and file name: enough to find the file, and fit for an admin's page."""
    return f"{path.parent.name}/{path.name}"


def read_table(path: Path, error: type[FileError]) -> Table:
    """The whole file as a table; raises `error` when it is missing, not UTF-8 or not TOML."""
    file = short_path(path)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise error(file, "", "", "the file is missing") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise error(file, "", "", f"cannot be read ({type(problem).__name__})") from None
    except tomllib.TOMLDecodeError as problem:
        raise error(file, "", "", f"not TOML: {problem}") from None
    return Table(values, file, "", error)


class Table:
    """One table of the file. Take out every key, then `close()`: what is left over is a mistake."""

    def __init__(
        self, values: dict[str, Any], file: str, place: str, error: type[FileError], path: str = ""
    ) -> None:
        self._left = dict(values)
        self._file, self._error, self._path = file, error, path
        self.place = place

    def call_it(self, place: str) -> None:
        """Name this table in errors by what it is about instead of by its row."""
        self.place, self._path = place, ""

    def fail(self, key: str, reason: str) -> FileError:
        """The error to raise about a key of this table."""
        return self._error(self._file, self.place, f"{self._path}{key}", reason)

    def has(self, key: str) -> bool:
        """Whether the key is given and not yet taken."""
        return key in self._left

    def close(self) -> None:
        """Raises for the first key that nobody asked for."""
        for key in self._left:
            raise self.fail(key, "unknown key")

    def text(self, key: str, default: str | None = None, shape: re.Pattern[str] | None = None) -> str:
        """A text in NFC, not empty unless the default is."""
        if key not in self._left and default is not None:
            return default
        value = self._take(key)
        if not isinstance(value, str):
            raise self.fail(key, "must be text")
        value = unicodedata.normalize("NFC", value).strip()
        if not value and default != "":
            raise self.fail(key, "must not be empty")
        if len(value) > LONGEST_TEXT:
            raise self.fail(key, f"longer than {LONGEST_TEXT} characters")
        if shape is not None and not shape.fullmatch(value):
            raise self.fail(key, f"{value[:80]!r} has the wrong shape")
        return value

    def maybe_text(self, key: str) -> str | None:
        """A text, or None when it is not given."""
        return self.text(key) if key in self._left else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none empty, none twice; () when it is not given."""
        values = self._take(key) if key in self._left else []
        if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
            raise self.fail(key, "must be a list of texts")
        tidy = tuple(unicodedata.normalize("NFC", v).strip() for v in values)
        if len(set(tidy)) < len(tidy):
            raise self.fail(key, "says the same twice")
        return tidy

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number within bounds; 1.0 and true are none."""
        value = self._take(key)
        if type(value) is not int:
            raise self.fail(key, "must be a whole number")
        if not least <= value <= most:
            raise self.fail(key, f"{value} is not between {least} and {most}")
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._take(key) if key in self._left else default
        if type(value) is not bool:
            raise self.fail(key, "must be true or false")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of the allowed words."""
        value = self.text(key, default)
        if value not in allowed:
            raise self.fail(key, f"unknown {value[:40]!r}; allowed: {', '.join(allowed)}")
        return value

    def day(self, key: str) -> date | None:
        """A TOML date such as 2023-12-01, or None when it is not given."""
        if key not in self._left:
            return None
        value = self._take(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.fail(key, "must be a date such as 2023-12-01, without quotes")
        return value

    def days(self, first: str, last: str) -> tuple[date | None, date | None]:
        """A period of two dates, both included, each open when not given."""
        start, end = self.day(first), self.day(last)
        if start and end and end < start:
            raise self.fail(last, f"lies before {first}")
        return start, end

    def table(self, key: str) -> Table:
        """A table inside this one."""
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.fail(key, "must be a table")
        return Table(value, self._file, self.place, self._error, f"{self._path}{key}.")

    def rows(self, key: str) -> list[Table]:
        """A list of tables; [] when it is not given. Errors count the rows from 1."""
        values = self._take(key) if key in self._left else []
        if not isinstance(values, list) or not all(isinstance(row, dict) for row in values):
            raise self.fail(key, "must be a list of tables")
        if len(values) > MOST_ROWS:
            raise self.fail(key, f"more than {MOST_ROWS} rows")
        return [
            Table(row, self._file, self.place, self._error, f"{self._path}{key}[{number}].")
            for number, row in enumerate(values, 1)
        ]

    def _take(self, key: str) -> Any:
        if key not in self._left:
            raise self.fail(key, "is missing")
        return self._left.pop(key)
