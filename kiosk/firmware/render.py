"""Write the files of one device, filled in. What holds a token can be read by its owner only."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined, TemplateError, TemplateSyntaxError

from kiosk.domain.errors import Conflict, DomainError
from kiosk.firmware.bundle import SECRETS, TEMPLATE, Piece
from kiosk.firmware.facts import TO_FILL_IN, DeviceFacts

PRIVATE_MODE = 0o600


class BadTemplate(Exception):
    """A template of ours that cannot be filled in; `where` is its line, if that is known."""

    def __init__(self, path: Path, where: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.where, self.reason = path, where, reason


def refuse_overwrite(folder: Path, pieces: Iterable[Piece]) -> None:
    """Raises Conflict("files_exist") naming the first file that would be overwritten."""
    for piece in pieces:
        if (folder / piece.target).exists():
            raise Conflict("files_exist", file=str(folder / piece.target))


def kept(folder: Path, device: DeviceFacts) -> DeviceFacts:
    """The device with what an earlier rendering of it holds and nobody said anew: network and update password.

    An ESP32 takes a new program over the air only for the password it has. Raises DomainError("secrets_unreadable").
    """
    path = folder / SECRETS
    if not device.is_esp32 or not path.exists():
        return device
    try:
        earlier = yaml.safe_load(path.read_text("utf-8"))
        ssid, password, update = (str(earlier[key]) for key in ("wifi_ssid", "wifi_password", "ota_password"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, LookupError, TypeError):
        raise DomainError("secrets_unreadable", file=str(path)) from None
    if device.wifi_ssid == TO_FILL_IN:
        device = replace(device, wifi_ssid=ssid, wifi_password=password)
    return replace(device, ota_password=update)


def render(
    root: Path, device: DeviceFacts, pieces: Iterable[Piece], folder: Path, *, force: bool = False
) -> list[Path]:
    """Write every piece below a folder and return what was written.

    Everything is filled in before the first file is written. Raises Conflict("files_exist") unless `force`, and
    DomainError("folder_not_writable").
    """
    pieces = list(pieces)
    if not force:
        refuse_overwrite(folder, pieces)
    contents = [fill_in(root / piece.source, device) for piece in pieces]
    written = []
    for piece, content in zip(pieces, contents, strict=True):
        path = folder / piece.target
        try:
            _write(path, content, PRIVATE_MODE if piece.private else _mode(content))
        except OSError as error:
            raise DomainError("folder_not_writable", file=str(path), reason=error.strerror or "") from None
        written.append(path)
    return written


def fill_in(path: Path, device: DeviceFacts) -> bytes:
    """The content of one file for a device; a file that is no template is taken as it is. Raises BadTemplate."""
    if path.suffix != TEMPLATE:
        return path.read_bytes()
    # No page is made here: quoting for YAML, JSON and comments is done by the filters below.
    environment = Environment(  # noqa: S701 - see above
        undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"yaml": _quoted, "json": _json, "comment": _comment}
    try:
        return environment.from_string(path.read_text("utf-8")).render(device=device).encode()
    except TemplateError as error:
        where = f"line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
        raise BadTemplate(path, where, error.message or "cannot be filled in") from None


def _quoted(value: Any) -> str:
    # A JSON string is a YAML string; numbers are quoted too, as ESPHome wants its secrets.
    return json.dumps(str(value), ensure_ascii=False)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _comment(value: str) -> str:
    return " ".join(value.split())


def _mode(content: bytes) -> int:
    # Not the mode of our own file: an installed wheel may have lost it.
    return 0o755 if content.startswith(b"#!") else 0o644


def _write(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    # Made with its mode, so that a token is at no moment readable by others.
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    draft.chmod(mode)
    draft.replace(path)
