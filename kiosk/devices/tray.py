"""Where a virtual printer's papers fall: a picture and a description each, never seen half written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from kiosk.devices.paper import Strip


@dataclass(frozen=True, slots=True)
class Paper:
    """One piece of paper as it fell into the tray, and where its picture and description are."""

    number: int
    strip: Strip
    picture: Path
    description: Path


def drop_in_tray(folder: Path, printer: str, strip: Strip) -> Paper:
    """Write the strip as the next `NNNN.png` and `NNNN.txt` of the folder; counting goes on after a restart."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 1 + max((int(path.stem) for path in folder.glob("*.png") if path.stem.isdigit()), default=0)
    paper = Paper(number, strip, folder / f"{number:04}.png", folder / f"{number:04}.txt")
    # The description first: whoever sees the picture appear finds both.
    partial = folder / f".{number:04}.tmp"
    partial.write_text(_describe(printer, number, strip), "utf-8")
    partial.replace(paper.description)
    strip.image.save(partial, "PNG")
    partial.replace(paper.picture)
    return paper


def picture_digest(image: Image.Image) -> str:
    """Return the SHA-256 of a picture's dots (its size, then rows of packed bits, 1 is white), in hex."""
    return hashlib.sha256(f"{image.width}x{image.height}:".encode() + image.tobytes()).hexdigest()


def _describe(printer: str, number: int, strip: Strip) -> str:
    head = [
        f"printer: {printer}",
        f"paper: {number:04}",
        f"whole: {'yes' if strip.complete else 'no, torn'}",
        f"size: {strip.image.width} x {strip.image.height} dots",
        f"sha256: {picture_digest(strip.image)}",
    ]
    return "\n".join([*head, "", "[text]", strip.text, "", "[commands]", *strip.commands, ""])
