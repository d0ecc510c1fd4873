"""Bring the generated parts of `docs/` up to date with the code: `python -m tests.docs.rewrite`.

Settings, error codes, kinds of events and the template's files; the rest is written by hand. The tests compare all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from kiosk.config import Settings
from kiosk.domain.events import EVENTS
from kiosk.i18n import errors

ROOT = Path(__file__).parents[2]


def shown(default: object) -> str:
    """A setting's default as the page shows it."""
    if default in (None, ""):
        return "empty"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def settings() -> str:
    """The rows of all settings."""
    return "".join(
        f"| `KIOSK_{name.upper()}` | {shown(field.default)} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    )


def codes() -> str:
    """The rows of all error codes."""
    return "".join(f"| `{code}` | {words['en']} |\n" for code, words in sorted(errors().items()))


def kinds() -> str:
    """The entries of all kinds of events."""
    return "".join(
        f"### `{kind}`\n\n{event.__doc__}\n\n"
        f"Fields: {', '.join(f'`{field.name}: {field.type}`' for field in fields(event))}\n\n"
        for kind, event in EVENTS.items()
    )


def put(page: str, pattern: str, text: str | Callable[[re.Match[str]], str]) -> None:
    """Replace what stands between the pattern's first and last group."""
    path = ROOT / "docs" / page
    old = path.read_text(encoding="utf-8")
    fill = text if callable(text) else lambda found: f"{found[1]}{text}{found[2]}"
    new, count = re.subn(pattern, fill, old, flags=re.DOTALL | re.MULTILINE)
    if not count:
        raise SystemExit(f"{page}: the place for {pattern!r} is gone")
    path.write_text(new, encoding="utf-8")


def file_as_it_is(found: re.Match[str]) -> str:
    """A file of the template in its frame."""
    return f"{found[1]}{(ROOT / found[2]).read_text(encoding='utf-8')}{found[3]}"


def main() -> None:
    """Rewrite all generated parts."""
    put("operations.md", r"(^\| setting \| default .*?---\|\n)(?:\|.*?\n)*?(\n)", settings())
    put("api.md", r"(^\| code \| what a person reads \|\n.*?---\|\n)(?:\|[^\n]*\n)*()", codes())
    put("events.md", r"(^## Kinds\n\n).*?(^## Fields\n)", kinds())
    put("writing-a-plugin.md", r"(^<!-- (plugins/\S+) -->\n```\w+\n).*?(^```$)", file_as_it_is)


if __name__ == "__main__":
    main()
