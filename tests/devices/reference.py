"""python-escpos, the encoder others use, loaded without its traces: a temp dir and a root log handler."""

from __future__ import annotations

import logging
import os
import tempfile
from functools import lru_cache
from types import ModuleType


@lru_cache(maxsize=1)
def python_escpos() -> tuple[ModuleType, ModuleType]:
    """Return its modules `printer` and `capabilities`."""
    handlers = list(logging.root.handlers)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"] = folder
        try:
            from escpos import capabilities, printer
        finally:
            del os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"]
            for handler in set(logging.root.handlers) - set(handlers):
                logging.root.removeHandler(handler)
    return printer, capabilities
