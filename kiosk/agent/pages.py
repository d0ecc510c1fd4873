"""Pages, styles, scripts and fonts kept at the machine, so that the kiosk page opens without the server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from kiosk.agent.menu import Menu
from kiosk.agent.server import Answer
from kiosk.agent.store import Store, dump

PAGE = "/kiosk"
FORWARDED = (
    "Content-Type", "Content-Language", "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options",
    "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
    "Cache-Control", "ETag", "Retry-After", "Date",
)  # fmt: skip
"""Headers of the server that reach the browser; cookies never do."""
NAMED = re.compile(r"""(?:src|href)="(/static/[^"?#]+)"|url\(["']?([^"')?#]+)["']?\)""")
DATA = re.compile(r'(<script type="application/json" id="page-data">)(.*?)(</script>)', re.S)


def forwarded(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of an answer that the browser may see."""
    return {name: headers[name] for name in FORWARDED if name in headers}


def put(store: Store, path: str, answer: Answer) -> None:
    """Keep what the server answered for a path."""
    headers = forwarded(answer.headers)
    headers.pop("Date", None)
    with store.change() as db:
        db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", (path, dump(headers), answer.body))


def get(store: Store, path: str) -> tuple[dict[str, str], bytes] | None:
    """What was kept for a path."""
    row = store.row("SELECT headers, body FROM kept WHERE path = ?", path)
    return None if row is None else (json.loads(row["headers"]), row["body"])


def with_menu(page: bytes, menu: Menu) -> bytes:
    """The kept page with the menu as it is now, so that it never opens with yesterday's."""

    def renew(found: re.Match[str]) -> str:
        data: dict[str, Any] = json.loads(found[2])
        # "<" could end the script element; nothing else can.
        return found[1] + dump({**data, "menu": menu}).replace("<", "\\u003c") + found[3]

    return DATA.sub(renew, page.decode(), count=1).encode()


def fetch(store: Store, ask: Callable[[str, str], Answer]) -> None:
    """Keep the page and everything it names that is not kept yet; what it names no longer is let go.

    Raises Away and Unpaired.
    """
    page = ask("GET", PAGE)
    if page.status != 200:
        return
    wanted, seen = _named(PAGE, page.body), {PAGE}
    while wanted - seen:
        path = min(wanted - seen)
        seen.add(path)
        found = get(store, path)
        body = found[1] if found else None
        if body is None:
            answer = ask("GET", path)
            if answer.status != 200:
                continue
            put(store, path, answer)
            body = answer.body
        if path.endswith(".css"):
            wanted |= _named(path, body)
    put(store, PAGE, page)  # last: a page without its styles would be worse than an older one
    with store.change() as db:
        for row in db.execute("SELECT path FROM kept").fetchall():
            if row["path"] not in seen:
                db.execute("DELETE FROM kept WHERE path = ?", (row["path"],))


def _named(path: str, body: bytes) -> set[str]:
    found = (
        urlsplit(urljoin(path, match[1] or match[2]))
        for match in NAMED.finditer(body.decode("utf-8", "replace"))
    )
    return {part.path for part in found if not part.netloc and part.path.startswith("/static/")}
