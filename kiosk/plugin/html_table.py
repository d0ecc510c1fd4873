"""The rows of the tables of a page, for files that call themselves XLS and are HTML."""

from __future__ import annotations

from html.parser import HTMLParser

from kiosk.plugin.cells import Cell

WIDEST_SPAN = 50


class HtmlTable(HTMLParser):
    """The rows of all tables of a page, one after the other; a wide cell is followed by empty ones."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[Cell]] = []
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._end_cell()
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self._end_cell()
            wide = dict(attrs).get("colspan") or "1"
            self._span = min(int(wide), WIDEST_SPAN) if wide.isascii() and wide.isdigit() else 1
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"}:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            self.rows[-1] += ["".join(self._cell).strip(), *[""] * (self._span - 1)]
            self._cell = None
