"""A full town hall for the boards, pictures to hang up, and browsers to look at them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from tests.api.conftest import desk, sqlite_desk
from tests.browser.conftest import browser_type_launch_args, screen
from tests.live.conftest import listen, server

__all__ = ["browser_type_launch_args", "desk", "listen", "screen", "server", "sqlite_desk"]

Paint = Callable[..., bytes]


@pytest.fixture
def paint() -> Paint:
    """`paint("JPEG", (400, 300), exif=…)`: a picture file."""

    def painted(
        form: str = "PNG", size: tuple[int, int] = (64, 48), colour: Any = "red", **how: Any
    ) -> bytes:
        written = io.BytesIO()
        Image.new(how.pop("mode", "RGB"), size, colour).save(written, form, **how)
        return written.getvalue()

    return painted
