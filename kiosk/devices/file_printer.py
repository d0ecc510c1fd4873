"""A printer that is a folder: each job becomes one file, whole or not at all. For trials, and for other programs."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from kiosk.devices.status import UNREACHABLE, PrinterStatus, PrintOutcome

if TYPE_CHECKING:
    from kiosk.devices.models import PrinterModel

_FULL = (errno.ENOSPC, errno.EDQUOT)
_WELL = PrinterStatus(online=True)
_NO_ROOM = PrinterStatus(online=True, paper_out=True)
"""A folder that takes no more is what a printer without paper is."""


class FilePrinter:
    """Writes `<time in ns>-<count>-<random>.bin`, so that names sort as the jobs came.

    The folder is never made: a disk that is not mounted is offline, and nothing falls into the empty place.
    """

    slow_line = False

    def __init__(self, model: PrinterModel, folder: Path) -> None:
        self.model = model
        self._folder = folder
        self._count = 0  # two files may be of the same moment, as disks tell the time

    def status(self) -> PrinterStatus:
        """Tell whether the folder is there and open to us."""
        return _WELL if self._folder.is_dir() and os.access(self._folder, os.W_OK | os.X_OK) else UNREACHABLE

    def send(self, data: bytes) -> PrintOutcome:
        """Write one file; it is seen under its name only when all of it is on the disk."""
        self._count += 1
        name = f"{self._count:08}-{token_hex(4)}"
        partial = self._folder / f".{name}.part"
        try:
            with partial.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                written = os.fstat(file.fileno()).st_mtime_ns
        except OSError as error:
            with suppress(OSError):
                partial.unlink()
            status = _NO_ROOM if error.errno in _FULL else UNREACHABLE
            return PrintOutcome("not_printed", status.problem_code, status)
        try:
            partial.rename(self._folder / f"{written:020}-{name}.bin")
            self._keep_name()
        except OSError:
            return PrintOutcome("doubtful", "printer_offline", self.status())
        return PrintOutcome("confirmed", None, _WELL, "file")

    def _keep_name(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
