"""The paper side of ESC/POS: commands go in, what they put on paper comes out as a picture and text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from kiosk.devices import qr
from kiosk.devices.models import TEAR_FEED_MM, PrinterModel
from kiosk.devices.paper_text import TextBuffer

TEXT_PITCH = 30  # dots from line to line after ESC @

_REAL_TIME = {0x04: 3, 0x05: 3}  # DLE EOT n, DLE ENQ n; DLE DC4 is told by its function
# Settings that leave no dots: name and number of parameter bytes.
_SETTINGS = {
    b"\x1b-": 1, b"\x1bG": 1, b"\x1bM": 1, b"\x1bR": 1, b"\x1b3": 1,
    b"\x1b2": 0, b"\x1b{": 1, b"\x1bV": 1, b"\x1b ": 1, b"\x1b$": 2, b"\x1b\\": 2, b"\x1c.": 0, b"\x1c&": 0,
    b"\x1dP": 2, b"\x1dB": 1, b"\x1da": 1, b"\x1dr": 1, b"\x1dI": 1, b"\x1db": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Strip:
    """A piece of paper that left the printer; `complete` when it was begun by a reset and ended by a cut."""

    image: Image.Image
    text: str
    commands: tuple[str, ...]
    complete: bool


class PaperDecoder:
    """Reads ESC/POS byte by byte, however it is cut into pieces, and prints on paper `width` dots wide.

    `on_strip` gets each finished piece of paper, `on_process_id` each process ID reached by the head. A
    `model` has its own tables of letters, and maybe no cutter: then white fed at the end is as good as a cut.
    """

    def __init__(
        self,
        width: int,
        on_strip: Callable[[Strip], None],
        on_process_id: Callable[[bytes], None],
        model: PrinterModel | None = None,
    ) -> None:
        self.width = width
        self.real_time_bytes = 0  # of the bytes fed so far, those that belong to no job
        self._on_strip = on_strip
        self._on_process_id = on_process_id
        self._buffer = bytearray()
        self._clean_start = False
        self._line = TextBuffer(width, model)
        self._tear_after = int(TEAR_FEED_MM * model.dpi / 25.4) if model and model.cutter == "none" else None
        self._start_strip()
        self._reset_settings()
        self._actions: dict[bytes, Callable[[], int]] = {
            b"\x1b@": self._initialize,
            b"\x1bJ": lambda: self._with(3, lambda body: self._feed(body[0], f"ESC J {body[0]}")),
            b"\x1bd": lambda: self._with(
                3, lambda body: self._feed(body[0] * TEXT_PITCH, f"ESC d {body[0]}")
            ),
            b"\x1ba": lambda: self._with(3, self._set_justification),
            b"\x1bt": lambda: self._with(3, lambda body: self._style("ESC t", body, self._line.select_page)),
            b"\x1bE": lambda: self._with(3, lambda body: self._style("ESC E", body, self._line.set_bold)),
            b"\x1b!": lambda: self._with(3, lambda body: self._style("ESC !", body, self._line.set_mode)),
            b"\x1d!": lambda: self._with(3, lambda body: self._style("GS !", body, self._line.set_size)),
            b"\x1dL": lambda: self._with(4, self._set_margin),
            b"\x1dV": lambda: self._with(4 if bytes(self._buffer[2:3]) in (b"A", b"B") else 3, self._cut),
            b"\x1dv": self._raster,
        }

    @property
    def idle(self) -> bool:
        """Tell whether no command is waiting for the rest of its bytes."""
        return not self._buffer

    def feed(self, data: bytes) -> None:
        """Take in more bytes; an unfinished command waits for the rest."""
        self._buffer += data
        while self._buffer:
            taken = self._step()
            if not taken:
                return
            del self._buffer[:taken]

    def tear(self) -> None:
        """End the strip here without a cut, if anything is on it."""
        self._print_text()
        if self._pieces or self._text:
            fed_out = self._tear_after is not None and self._y - self._inked >= self._tear_after
            self._finish(complete=fed_out)

    def abandon(self) -> None:
        """Give up the command begun, as a printer does whose line was closed; what is printed is torn off."""
        if self._buffer or not self._line.empty:
            self._clean_start = False  # more was to come: this is no whole job
        self._buffer.clear()
        self._line.clear()
        self.tear()

    def power_cycle(self) -> None:
        """Forget settings and unread bytes; what is on paper is torn off."""
        self._buffer.clear()
        self._line.clear()
        self.tear()
        self._reset_settings()
        self._start_strip()

    def _start_strip(self) -> None:
        self._pieces: list[tuple[Image.Image, int, int]] = []
        self._y = 0
        self._inked = 0  # the row below the last ink
        self._text: list[str] = []
        self._commands: list[str] = []

    def _reset_settings(self) -> None:
        self._line.reset()
        self._margin = 0
        self._justify = 0
        self._code_module = 3
        self._code = ""

    def _finish(self, complete: bool) -> None:
        image = Image.new("1", (self.width, self._y), 1)
        for piece, x, y in self._pieces:
            image.paste(0, (x, y), piece)
        strip = Strip(image, "\n".join(self._text), tuple(self._commands), complete and self._clean_start)
        self._start_strip()
        self._clean_start = False
        self._on_strip(strip)

    def _step(self) -> int:
        """Carry out the command at the head of the buffer; return its length, or 0 when more is needed."""
        head = self._buffer
        if head[0] >= 0x20:
            if not self._line.add(head[0]):  # the paper is full: the printer begins a new line by itself
                self._print_text()
                self._line.add(head[0])
            return 1
        if head[0] == 0x0A:
            self._print_text(feed_empty=True)
            return 1
        if head[0] not in (0x10, 0x1B, 0x1C, 0x1D):
            return 1
        if len(head) < 2:
            return 0
        if head[0] == 0x10:
            return self._real_time(head)
        command = bytes(head[:2])
        if command in _SETTINGS:
            return self._with(2 + _SETTINGS[command], lambda body: self._log(_name(command, body), 0))
        if command in (b"\x1d(", b"\x1c("):
            return self._extended(head)
        action = self._actions.get(command)
        return action() if action else self._log(_name(b"unknown", command), 2)

    def _initialize(self) -> int:
        self.tear()
        self._start_strip()
        self._reset_settings()
        self._clean_start = True
        return self._log("ESC @", 2)

    def _with(self, length: int, action: Callable[[bytes], object]) -> int:
        if len(self._buffer) < length:
            return 0
        action(bytes(self._buffer[2:length]))
        return length

    def _log(self, entry: str, length: int) -> int:
        self._commands.append(entry)
        return length

    def _real_time(self, head: bytearray) -> int:
        length = _REAL_TIME.get(head[1], 1)
        if head[1] == 0x14:
            if len(head) < 3:
                return 0
            length = 10 if head[2] == 8 else 5
        if len(head) < length:
            return 0
        self.real_time_bytes += length
        return length

    def _feed(self, dots: int, entry: str) -> None:
        self._print_text()
        self._y += dots
        self._commands.append(entry)

    def _style(self, name: str, body: bytes, change: Callable[[int], None]) -> None:
        change(body[0])
        self._commands.append(f"{name} {body[0]}")

    def _set_justification(self, body: bytes) -> None:
        self._justify = body[0] % 48 % 3
        self._commands.append(f"ESC a {self._justify}")

    def _set_margin(self, body: bytes) -> None:
        self._margin = int.from_bytes(body, "little")
        self._commands.append(f"GS L {self._margin}")

    def _cut(self, body: bytes) -> None:
        self._print_text()
        self._commands.append("GS V " + " ".join(map(str, body)))
        if self._y:
            self._finish(complete=True)
        else:  # the blade met no paper
            self._start_strip()

    def _raster(self) -> int:
        head = self._buffer
        if len(head) < 8:
            return 0
        mode = head[3] & 3
        stride, rows = int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
        length = 8 + stride * rows
        if len(head) < length:
            return 0
        self._print_text()
        if stride and rows:
            dots = Image.frombytes("1", (stride * 8, rows), bytes(head[8:length]))
            across, down = 1 + (mode & 1), 1 + (mode >> 1)
            if mode:
                dots = dots.resize((dots.width * across, dots.height * down), Image.Resampling.NEAREST)
            self._place(dots, dots.height)
        return self._log(f"GS v 0 m={mode} {stride} bytes x {rows} rows at {self._margin}", length)

    def _extended(self, head: bytearray) -> int:
        if len(head) < 5:
            return 0
        length = 5 + int.from_bytes(head[3:5], "little")
        if len(head) < length:
            return 0
        body = bytes(head[5:length])
        self._log(f"{_name(bytes(head[:2]), b'')} {chr(head[2])} {body.hex(' ')}", 0)
        if head[:3] == b"\x1d(H" and body[:2] == b"00" and len(body) == 6:
            self._on_process_id(body[2:])
        if head[:3] == b"\x1d(k" and body[:1] == b"1":
            self._symbol(body)
        return length

    def _symbol(self, body: bytes) -> None:
        """Carry out a function of the QR code (GS ( k, cn 49): module size, store, print."""
        function, rest = body[1:2], body[2:]
        if function == b"C" and rest:
            self._code_module = min(16, max(1, rest[0]))
        elif function == b"P":
            self._code = rest[1:].decode("utf-8", "replace")
        elif function == b"Q" and self._code and qr.modules(self._code):
            self._print_text()
            dots = qr.draw_qr(self._code, self._code_module)
            self._text.append(f"[QR] {self._code}")
            self._place(dots, dots.height)

    def _print_text(self, feed_empty: bool = False) -> None:
        """Print the characters received so far as one line."""
        if self._line.empty and not feed_empty:
            return
        text, dots, tall = self._line.take()
        self._text.append(text)
        if dots:
            self._place(dots, 0)
        self._y += max(TEXT_PITCH, tall)

    def _place(self, dots: Image.Image, height: int) -> None:
        spare = max(0, self.width - self._margin - dots.width)
        x = self._margin + spare * self._justify // 2
        self._pieces.append((dots, x, self._y))
        self._inked = self._y + dots.height
        self._y += height


def _name(command: bytes, body: bytes) -> str:
    if command == b"unknown":
        return f"unknown {body.hex(' ')}"
    lead = {0x1B: "ESC", 0x1C: "FS", 0x1D: "GS"}[command[0]]
    return " ".join([lead, chr(command[1]), *map(str, body)])
