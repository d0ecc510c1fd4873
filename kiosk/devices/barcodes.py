"""Code 128 as modules, for papers that are drawn."""

from __future__ import annotations

from functools import lru_cache

QUIET = 10  # modules of white at each side (ISO/IEC 15417)


@lru_cache(maxsize=64)
def code128(text: str) -> str:
    """One character a module, "1" dark; raises ValueError for what is not ASCII."""
    if not text or not text.isascii():
        raise ValueError("Code 128 carries ASCII only")
    # Imported with the first label: a hall without a post needs none.
    from barcode.codex import Code128

    return str(Code128(text).build()[0])


def widest_module(text: str, room: int, largest: int) -> int:
    """How many dots a module may take so that bars and quiet zones fit into `room`; 0 when they do not."""
    return min(largest, room // (len(code128(text)) + 2 * QUIET))
