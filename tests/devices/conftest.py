"""Slips and printers for the stories in this folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from kiosk.devices.virtual_printer import VirtualPrinter
from kiosk.domain.document import TicketSlip

EVERY_LINE = "KIOSK_EVERY_LINE"
"""Environment variable: try every fault in every phase on every kind of line; otherwise each on two of the four."""
HANOI = timezone(timedelta(hours=7))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Waiting for a printer that is silent takes its time: the gate takes a half of the matrix, always the same."""
    if os.environ.get(EVERY_LINE):
        return
    left_out = [item for item in items if item.path.name == "test_links.py" and crc32(item.name.encode()) % 2]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


@pytest.fixture(scope="session")
def make_slip() -> Callable[..., TicketSlip]:
    """Make the slip of the intended ticket, with any facts changed."""
    slip = TicketSlip(
        office_title="Trung tâm Phục vụ hành chính công",
        office_subtitle="Tỉnh Bắc Giang",
        label="C043",
        department="Công an tỉnh",
        procedure="Cấp hộ chiếu phổ thông",
        issued_at=datetime(2026, 11, 23, 9, 33, tzinfo=HANOI),
        people_ahead=2,
        wait_minutes=(6, 11),
        priority_label="người cao tuổi",
        follow_url="https://motcua.bacgiang.gov.vn/f/3fK9aaBBccDDeeFFggHHii",
        check_code="K7Q2",
        kiosk_name="Máy 02",
    )

    def make(**facts: Any) -> TicketSlip:
        return replace(slip, **facts)

    return make


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[VirtualPrinter]:
    """Run a virtual printer with an empty tray."""
    with VirtualPrinter(tmp_path / "tray", name="Máy in 1") as running:
        yield running
