"""What each kind of printer is and can do: one YAML file a model in `firmware_configs/printers/`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kiosk.devices.yaml_file import ModelFileError, read_yaml
from kiosk.domain.errors import DomainError
from kiosk.paths import firmware_dir

MM_PER_INCH = 25.4

TEAR_FEED_MM = 10.0
"""A job for a printer without a cutter ends in at least so much white: how its end is told from a torn one."""

Proof = Literal["documented", "seen", "claimed", "no"]
"""documented: the maker's command reference names the model; seen: right on a test print of ours; claimed:
sellers say so; no: nobody does."""
_PROVED = ("documented", "seen")

Millimetres = Annotated[float, Field(ge=0, le=60, strict=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class CodePage(_Strict):
    """A table of letters the printer has of its own: the n of ESC t, and whose letters they are."""

    page: Annotated[int, Field(ge=0, le=255)]
    letters: Literal["cp437", "tcvn3-lower", "tcvn3-upper", "cp1258"]
    proved: Proof


class Proofs(_Strict):
    """How far each ability is vouched for; its own text and codes are used when documented or seen only."""

    raster: Proof
    cutter: Proof
    qr: Proof
    status: Proof
    process_id: Proof


class PrinterModel(_Strict):
    """One kind of printer, as its file in `firmware_configs/printers/` describes it.

    `dots` and `left_margin` (GS L) are about a row, `max_band` is the most rows of one picture command,
    `doubling` says whether that command may ask for dots of 2 x 2, `feed_before_cut_mm` is the paper between
    the head and the blade (or the edge it is torn at), `roll_mm` the length of a usual new roll.
    """

    key: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: Annotated[str, Field(min_length=1)]
    maker: Annotated[str, Field(min_length=1)]
    paper_mm: Literal[80, 58]
    dots: Annotated[int, Field(ge=192, le=640, multiple_of=8)]
    dpi: Literal[180, 203]
    cutter: Literal["partial", "full", "none"]
    feed_before_cut_mm: Millimetres
    roll_mm: Annotated[int, Field(ge=5_000, le=200_000)]
    max_band: Annotated[int, Field(ge=24, le=2_000)]
    doubling: bool
    left_margin: bool
    text: Literal["raster", "tcvn3", "ascii"]
    qr: Literal["raster", "native"]
    status: Literal["realtime", "none"]
    process_id: Literal["try", "never"]
    proofs: Proofs
    code_pages: tuple[CodePage, ...] = Field(strict=False)
    quirks: tuple[str, ...] = Field(strict=False)
    sources: tuple[str, ...] = Field(strict=False, min_length=1)

    @property
    def columns(self) -> int:
        """Characters of font A (12 dots) in a line of text."""
        return self.dots // 12

    def page(self, letters: str) -> int | None:
        """Return the n of ESC t for this table of letters, or None when the printer has none."""
        return next((page.page for page in self.code_pages if page.letters == letters), None)

    def millimetres(self, rows: int) -> float:
        """Return how long so many rows of dots are."""
        return rows * MM_PER_INCH / self.dpi

    @model_validator(mode="after")
    def _believe_only_what_is_documented(self) -> PrinterModel:
        if self.dots * MM_PER_INCH / self.dpi > self.paper_mm:
            raise ValueError(
                f"dots: {self.dots} at {self.dpi} dpi are wider than {self.paper_mm} mm of paper"
            )
        if self.cutter == "none" and self.feed_before_cut_mm < TEAR_FEED_MM:
            raise ValueError(
                f"feed_before_cut_mm: without a cutter at least {TEAR_FEED_MM} mm, to tear it off"
            )
        if self.text == "tcvn3":
            proved = {page.letters for page in self.code_pages if page.proved in _PROVED}
            if missing := {"tcvn3-lower", "tcvn3-upper"} - proved:
                raise ValueError(f"text: tcvn3 needs proved code pages {', '.join(sorted(missing))}")
        if self.qr == "native" and self.proofs.qr not in _PROVED:
            raise ValueError(f"qr: native needs proofs.qr documented or seen, not '{self.proofs.qr}'")
        if self.qr == "native" and not self.left_margin:
            raise ValueError("qr: native needs left_margin, to put the code where the picture has it")
        return self


def load_model(path: Path) -> PrinterModel:
    """Read one model's file; raises ModelFileError naming file, key and reason."""
    values = read_yaml(path)
    try:
        model = PrinterModel.model_validate(values)
    except ValidationError as error:
        key, reason = _first_reason(error)
        raise ModelFileError(path, key, reason) from None
    if model.key != path.stem:
        raise ModelFileError(path, "key", f"'{model.key}' is not the name of the file, '{path.stem}'")
    return model


@lru_cache(maxsize=1)
def printer_models() -> MappingProxyType[str, PrinterModel]:
    """Every model we have a file for, by key; raises ModelFileError when one of the files is malformed."""
    files = sorted((firmware_dir() / "printers").glob("*.yaml"))
    return MappingProxyType({path.stem: load_model(path) for path in files})


def printer_model(key: str) -> PrinterModel:
    """Return the model of this key; raises DomainError("unknown_printer_model")."""
    try:
        return printer_models()[key]
    except KeyError:
        raise DomainError("unknown_printer_model", model=key) from None


def _first_reason(error: ValidationError) -> tuple[str, str]:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    given: Any = first["input"]
    match first["type"]:
        case "missing":
            return key, "is missing"
        case "extra_forbidden":
            return key, "is not a key of printer models"
        case "literal_error":
            hint = '; put yes, no, on and off in quotes: "no"' if isinstance(given, bool) else ""
            return key, f"{given!r} is not one of {first['ctx']['expected']}{hint}"
        case "value_error":  # our own, of several keys: it begins with the key to change
            key, _, reason = str(first["ctx"]["error"]).partition(": ")
            return key, reason
    return key, f"{given!r}: {first['msg'][0].lower()}{first['msg'][1:]}"
