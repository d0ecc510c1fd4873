"""Reading a PDF back: its pages' text, their sizes, and the codes a scanner finds on them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import pypdfium2
import zxingcpp

POINTS_PER_MM = 72 / 25.4
SHARP = 4
"""Rendered at 288 dots per inch: what an office printer and a hand scanner see."""


@lru_cache(maxsize=8)
def pages(pdf: bytes) -> tuple[str, ...]:
    """The text of every page, each on one line of single spaces."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return tuple(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)
    finally:
        document.close()


def text(pdf: bytes) -> str:
    return " ".join(pages(pdf))


def is_composed(words: str) -> bool:
    return unicodedata.is_normalized("NFC", words)


def sizes(pdf: bytes) -> set[tuple[int, int]]:
    """Width and height of the pages in whole millimetres."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return {
            (round(width / POINTS_PER_MM), round(height / POINTS_PER_MM))
            for width, height in (page.get_size() for page in document)
        }
    finally:
        document.close()


def scanned(pdf: bytes, page: int = 0) -> set[tuple[str, str]]:
    """(kind, content) of every code on a page, read from its picture."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[page].render(scale=SHARP).to_pil()
    finally:
        document.close()
    return {(code.format.name, code.text) for code in zxingcpp.read_barcodes(picture)}
