"""Files between their upload and their confirmation: named by their digest, readable by the owner, gone in an hour."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.domain.errors import NotFound

FOLDER = "uploads"
KEPT_FOR = timedelta(hours=1)
DIGEST = re.compile(r"[0-9a-f]{64}")


def keep(data: Path, content: bytes, now: datetime) -> str:
    """Keep a file and return its digest; older ones are dropped."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # another process drops old files as well
            if path.stat().st_mtime < (now - KEPT_FOR).timestamp():
                path.unlink()
    digest = hashlib.sha256(content).hexdigest()
    draft = folder / f"{digest}.tmp"
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    draft.replace(folder / digest)
    return digest


def fetch(data: Path, digest: str) -> bytes:
    """The file with that digest. Raises NotFound("upload_gone")."""
    try:
        content = (data / FOLDER / digest).read_bytes() if DIGEST.fullmatch(digest) else b""
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != digest:
        raise NotFound("upload_gone")
    return content


def drop(data: Path, digest: str) -> None:
    """Forget a file that was taken."""
    if DIGEST.fullmatch(digest):
        (data / FOLDER / digest).unlink(missing_ok=True)
