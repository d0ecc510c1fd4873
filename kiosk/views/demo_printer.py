"""The demo's virtual printers as a picture: their last papers, and their faults as switches. Nowhere but in the demo."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, request

from kiosk.domain.errors import DomainError, NotFound
from kiosk.views.door import page, public, settings, words
from kiosk.views.forms import SEE_OTHER, text

blueprint = Blueprint("demo_printer", __name__, url_prefix="/demo/printer")

PAPERS_SHOWN = 6
LONGEST_FACTS = 4_000
FIRST_CONTROL = "printer-control.json"

FAULTS: dict[str, Any] = {
    "paper_out": True,
    "paper_near_end": True,
    "cover_open": True,
    "cutter_jam": True,
    "offline": True,
    "silent": True,
    "no_process_id": True,
    "one_client": True,
    "lies": True,
    "late_by": 3.0,
    "paper_out_after": 3_000,
    "cover_open_after": 3_000,
    "close_after": 3_000,
    "reset_after": 3_000,
}
"""What each switch sets: how long an answer takes in seconds, and in bytes how far into a paper a fault strikes."""


@dataclass(frozen=True)
class Paper:
    """One paper in the tray: its number, and what is written on it."""

    number: int
    text: str


@dataclass(frozen=True)
class Shown:
    """A virtual printer as the page shows it: `faults` are those switched on."""

    number: int
    name: str
    faults: frozenset[str]
    papers: list[Paper]


@blueprint.get("")
@public
def printers() -> str:
    """Every virtual printer with its last papers and its switches. Raises NotFound("not_found") outside the demo."""
    shown = [
        Shown(number, str(entry.get("name", number)), frozenset(_faults(entry)), _papers(_tray(entry)))
        for number, entry in enumerate(_entries(), start=1)
    ]
    return page("demo/printer.html", printers=shown, switches=_switches())


@blueprint.get("/<int:number>/papers/<int:paper>.png")
@public
def picture(number: int, paper: int) -> Response:
    """One paper as it fell out. Raises NotFound("not_found")."""
    path = _tray(_entry(number)) / f"{paper:04}.png"
    if not path.is_file():
        raise NotFound("not_found")
    return Response(path.read_bytes(), mimetype="image/png")


@blueprint.post("/<int:number>")
@public
def control(number: int) -> Any:
    """Turn one fault on or off (`fault`), or, without one, make the printer well again.

    Raises NotFound("not_found"), DomainError("unknown_printer_fault").
    """
    entry = _entry(number)
    state = _faults(entry)
    fault = text("fault")
    if not fault:
        state = {}
    elif fault not in FAULTS:
        raise DomainError("unknown_printer_fault", fault=fault[:40])
    elif fault in state:
        del state[fault]
    else:
        state[fault] = FAULTS[fault]
    _write(_control(entry), state)
    return redirect(f"/demo/printer#printer-{number}", SEE_OTHER)


def _entries() -> list[Mapping[str, Any]]:
    """The printers of demo.json."""
    if not settings().demo:
        raise NotFound("not_found", path=request.path)
    try:
        facts = json.loads((settings().data / "demo.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [entry for entry in facts.get("printers", []) if entry.get("output_dir")]


def _entry(number: int) -> Mapping[str, Any]:
    entry = next(islice(_entries(), number - 1, None), None) if number > 0 else None
    if entry is None:
        raise NotFound("not_found")
    return entry


def _tray(entry: Mapping[str, Any]) -> Path:
    return Path(entry["output_dir"])


def _control(entry: Mapping[str, Any]) -> Path:
    return settings().data / entry.get("control", FIRST_CONTROL)


def _faults(entry: Mapping[str, Any]) -> dict[str, Any]:
    try:
        state = json.loads(_control(entry).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: value for name, value in state.items() if value} if isinstance(state, dict) else {}


def _write(path: Path, state: Mapping[str, Any]) -> None:
    # The printer reads the file whenever it changes: it must never see half of it.
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    draft.write_text(json.dumps(state), encoding="utf-8")
    draft.replace(path)


def _papers(tray: Path) -> list[Paper]:
    """The newest papers first."""
    numbers = sorted((int(path.stem) for path in tray.glob("*.png") if path.stem.isdigit()), reverse=True)
    return [Paper(number, _written(tray / f"{number:04}.txt")) for number in numbers[:PAPERS_SHOWN]]


def _written(description: Path) -> str:
    """What the printer read off a paper, for those who cannot see the picture."""
    try:
        facts = description.read_text(encoding="utf-8")[:LONGEST_FACTS]
    except OSError:
        return ""
    return " ".join(facts.partition("[text]")[2].partition("[commands]")[0].split())


def _switches() -> list[tuple[str, list[tuple[str, str]]]]:
    """(group, its switches as (fault, what it does)) in the reader's language."""
    return [
        (
            words("Giấy và nắp máy"),
            [
                ("paper_near_end", words("Sắp hết giấy")),
                ("paper_out", words("Hết giấy")),
                ("cover_open", words("Mở nắp")),
                ("cutter_jam", words("Kẹt dao cắt")),
            ],
        ),
        (
            words("Đường truyền"),
            [
                ("offline", words("Ngắt khỏi mạng in")),
                ("silent", words("Im lặng: in nhưng không trả lời")),
                ("late_by", words("Trả lời chậm 3 giây")),
                ("no_process_id", words("Không xác nhận từng phiếu")),
                ("one_client", words("Chỉ nhận một kết nối")),
                ("lies", words("Báo là tốt dù có lỗi")),
            ],
        ),
        (
            words("Giữa chừng một phiếu"),
            [
                ("paper_out_after", words("Hết giấy khi đang in")),
                ("cover_open_after", words("Bị mở nắp khi đang in")),
                ("close_after", words("Đứt kết nối khi đang nhận")),
                ("reset_after", words("Khởi động lại khi đang nhận")),
            ],
        ),
    ]
