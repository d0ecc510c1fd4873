"""A picture as ESC/POS bytes: raster bands (GS v 0) cropped on all four sides, so that white costs nothing.

Commands and parameters: Epson, "ESC/POS Command Reference".
"""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

INITIALIZE = b"\x1b@"
MAX_BAND = 240  # rows; several firmwares corrupt or refuse tall rasters
_BAND_COST = 18  # bytes; commands of a new band, and the stutter of a head that starts too often
_LONG_BLANK = 4  # rows of white that are worth a paper feed of their own

_INVERT = bytes(255 - byte for byte in range(256))
_PAIRED = bytes(byte for byte in range(256) if (byte >> 1 ^ byte) & 0x55 == 0)
_HALVED = bytes(sum((byte >> (2 * bit) & 1) << bit for bit in range(4)) for byte in range(256))
_HALVED_HIGH = bytes(byte << 4 for byte in _HALVED)


def encode_ticket(
    image: Image.Image, cut: bool = True, *, dpi: int = 203, doubling: bool = True, left_margin: bool = True
) -> bytes:
    """Return one whole job: reset, the picture dot for dot, and a partial cut."""
    picture, _ = encode_picture(image, doubling=doubling, left_margin=left_margin)
    return begin_job(dpi) + picture + (cut_paper("partial") if cut else b"")


def begin_job(dpi: int) -> bytes:
    """Return what every job begins with: a reset, and motion units of one dot."""
    # Without GS P a feed of n means n half dots on some models.
    return INITIALIZE + b"\x1dP" + bytes((dpi, dpi))


def cut_paper(cutter: str) -> bytes:
    """Return the cut, after a feed to the blade, for a "partial" or "full" cutter; nothing for "none"."""
    return {"partial": b"\x1dVB\x00", "full": b"\x1dVA\x00"}.get(cutter, b"")


def set_margin(dots: int) -> bytes:
    """Return the command that makes the next picture or code begin at this dot (GS L)."""
    return b"\x1dL" + dots.to_bytes(2, "little")


def set_bold(on: bool) -> bytes:
    """Return the command for bold letters (ESC E)."""
    return b"\x1bE" + bytes((on,))


def set_size(times: int) -> bytes:
    """Return the command for letters so many times as wide and as tall, 1 to 8 (GS !)."""
    return b"\x1d!" + bytes(((times - 1) * 0x11,))


def set_page(page: int) -> bytes:
    """Return the command that selects a table of letters (ESC t)."""
    return b"\x1bt" + bytes((page,))


def encode_picture(
    image: Image.Image,
    *,
    doubling: bool = True,
    left_margin: bool = True,
    max_band: int = MAX_BAND,
    margin: int = 0,
) -> tuple[bytes, int]:
    """Return the bytes that print the picture dot for dot, and the left margin in force after them, in dots.

    `image` is mode "1", black on white. `doubling` lets areas made of 2 x 2 dots travel at a quarter of
    their size; `left_margin` lets a band start at its first dot: both are off for firmware without them.
    `max_band` is the most rows of a band, `margin` the left margin in force before.
    """
    return _encode_rows(_rows(image), doubling, left_margin, max_band, margin)


def request_process_id(process_id: bytes) -> bytes:
    """Return the command that makes the printer say this ID once everything before it is on paper.

    `process_id` is four characters 0x20-0x7E (GS ( H, function 48).
    """
    if len(process_id) != 4 or not all(0x20 <= byte <= 0x7E for byte in process_id):
        raise ValueError("a process ID is four printable ASCII characters")
    return b"\x1d(H\x06\x00\x30\x30" + process_id


def _rows(image: Image.Image) -> list[bytes]:
    if image.width % 8:
        padded = Image.new("1", (image.width + 7 & ~7, image.height), 1)
        padded.paste(image, (0, 0))
        image = padded
    stride = image.width // 8
    packed = image.tobytes().translate(_INVERT)  # paper: 1 is black
    return [packed[start : start + stride] for start in range(0, len(packed), stride)]


def _encode_rows(
    rows: list[bytes], doubling: bool, left_margin: bool, max_band: int, margin: int
) -> tuple[bytes, int]:
    extents = [(len(row) - len(row.lstrip(b"\0")), len(row.rstrip(b"\0"))) for row in rows]
    parts: list[bytes] = []
    for first, end, inked in _stretches(extents):
        if not inked:
            parts.extend(_feed(end - first))
            continue
        for band in _bands(extents, first, end, max_band):
            start, raster = _encode_band(rows, band, doubling, left_margin)
            if start * 8 != margin:
                margin = start * 8
                parts.append(set_margin(margin))
            parts.append(raster)
    return b"".join(parts), margin


def _encode_band(
    rows: list[bytes], band: tuple[int, int, int, int], doubling: bool, left_margin: bool
) -> tuple[int, bytes]:
    """Return the byte column at which the band starts, and its raster command."""
    top, bottom, left, right = band
    start = left if left_margin else 0
    if doubling and _doubles(rows[top:bottom]):
        # Half as many bytes must still be whole ones: take one more of white, inside the paper.
        end = right + (right - start) % 2
        shift = int(end > len(rows[0]))
        if start >= shift:
            return start - shift, _quadruple_raster(
                [row[start - shift : end - shift] for row in rows[top:bottom:2]]
            )
    return start, _raster([row[start:right] for row in rows[top:bottom]])


def _feed(rows: int) -> Iterator[bytes]:
    while rows > 0:
        yield b"\x1bJ" + bytes((min(rows, 255),))
        rows -= 255


def _stretches(extents: list[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    """Cut the picture into inked stretches and blank ones long enough to be fed instead of printed."""
    start = row = 0
    while row < len(extents):
        if extents[row][1]:
            row += 1
            continue
        blank = row
        while row < len(extents) and not extents[row][1]:
            row += 1
        if row - blank >= _LONG_BLANK or row == len(extents) or blank == start:
            if blank > start:
                yield start, blank, True
            yield blank, row, False
            start = row
    if start < len(extents):
        yield start, len(extents), True


def _bands(
    extents: list[tuple[int, int]], first: int, end: int, max_band: int
) -> list[tuple[int, int, int, int]]:
    """Return (top, bottom, left byte, right byte) of the bands that cost the fewest bytes together."""
    runs: list[tuple[int, int, int, int]] = []  # neighbouring rows that reach equally far
    for row in range(first, end):
        left, right = extents[row]
        if not right:  # a short blank inside a stretch reaches as far as the row above it
            left, right = runs[-1][2:]
        if runs and runs[-1][2:] == (left, right):
            runs[-1] = (runs[-1][0], row + 1, left, right)
        else:
            runs.append((row, row + 1, left, right))
    cheapest = [0.0]
    previous: list[tuple[int, int, int]] = []
    for last in range(len(runs)):
        bottom = runs[last][1]
        best = (float("inf"), 0, 0, 0)
        left, right = runs[last][2:]
        for begin in range(last, -1, -1):
            top, _, run_left, run_right = runs[begin]
            left, right = min(left, run_left), max(right, run_right)
            area = (bottom - top) * (right - left)
            cost = cheapest[begin] + area + _BAND_COST
            if cost < best[0]:
                best = (cost, begin, left, right)
            elif area > best[0]:
                break
        cheapest.append(best[0])
        previous.append(best[1:])
    bands = []
    last = len(runs)
    while last > 0:
        begin, left, right = previous[last - 1]
        top, bottom = runs[begin][0], runs[last - 1][1]
        bands += [
            (at, min(at + max_band, bottom), left, right) for at in reversed(range(top, bottom, max_band))
        ]
        last = begin
    return bands[::-1]


def _doubles(rows: list[bytes]) -> bool:
    """Tell whether every dot of these rows belongs to a block of 2 x 2 like ones."""
    return len(rows) % 2 == 0 and rows[::2] == rows[1::2] and not b"".join(rows[::2]).translate(None, _PAIRED)


def _raster(rows: list[bytes], mode: int = 0) -> bytes:
    size = len(rows[0]).to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return b"\x1dv0" + bytes((mode,)) + size + b"".join(rows)


def _quadruple_raster(rows: list[bytes]) -> bytes:
    """Return every second dot of every second row, for the printer to draw 2 x 2 (m = 3)."""
    data = b"".join(rows)
    high = int.from_bytes(data[::2].translate(_HALVED_HIGH), "big")
    low = int.from_bytes(data[1::2].translate(_HALVED), "big")
    packed = (high | low).to_bytes(len(data) // 2, "big")
    width = len(rows[0]) // 2
    return _raster([packed[start : start + width] for start in range(0, len(packed), width)], mode=3)
