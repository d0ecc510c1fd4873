"""Paper: how long drawing takes, how long the way from the press to the last byte, and what a dead printer costs."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kiosk import clock, database
from kiosk.bench.place import BY, Place, device_token
from kiosk.bench.plan import Sizes
from kiosk.bench.sinks import Sink
from kiosk.bench.wire import Wire, expect, milliseconds, post
from kiosk.devices.encoding import encode_slip
from kiosk.devices.models import printer_model
from kiosk.domain.document import TicketSlip
from kiosk.domain.numbering import ticket_label
from kiosk.services import manage_printers
from kiosk.services.manage_printers import PrinterWish

Progress = Callable[[str, int, int], None]
MODEL = "generic-80mm"
PATIENCE_SECONDS = 20.0
PAUSE_SECONDS = (0.2, 0.6)
"""Between two presses at one kiosk: visitors do not stand in each other's way."""
ORDINARY = TicketSlip(
    office_title="Trung tâm Phục vụ hành chính công",
    office_subtitle="Tỉnh Bắc Giang",
    label="T001",
    department="Sở Tư pháp",
    procedure="Cấp Phiếu lý lịch tư pháp cho công dân Việt Nam, người nước ngoài đang cư trú ở Việt Nam",
    issued_at=datetime(2026, 11, 23, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
    people_ahead=3,
    wait_minutes=(15, 25),
    priority_label="Người cao tuổi",
    follow_url="https://motcua.example.vn/t/",
    check_code="A1B2",
    kiosk_name="Máy 01",
)


@dataclass
class _Kiosk:
    token: str
    sink: Sink
    printer: int
    pressed: int = 0


def printing(place: Place, sizes: Sizes, progress: Progress) -> dict[str, Any]:
    """Draw and pack many different tickets; then press at every kiosk at once, with all printers well and with one dead."""
    drawn = _draw(sizes.drawings, progress)
    with _hall(place, sizes.clients) as kiosks:
        _press(place, kiosks, 1, lambda *_: None, "")
        well = _press(place, kiosks, sizes.presses, progress, "printing, all printers well")
        kiosks[0].sink.mute = True
        _kill(place, kiosks[0])
        others = _press(place, kiosks[1:], sizes.presses, progress, "printing, one printer dead")
    return {
        **drawn,
        "press_to_last_byte_p50_ms": milliseconds(well, 0.5),
        "press_to_last_byte_p95_ms": milliseconds(well, 0.95),
        "beside_a_dead_one_p50_ms": milliseconds(others, 0.5),
        "beside_a_dead_one_p95_ms": milliseconds(others, 0.95),
        "papers": len(well) + len(others),
        "lost": 2 * sizes.presses * sizes.clients - sizes.presses - len(well) - len(others),
    }


def _draw(count: int, progress: Progress) -> dict[str, Any]:
    """Different numbers, codes and figures, as in a day; the words of the house repeat, as in a day."""
    model = printer_model(MODEL)
    seconds, largest = [], 0
    encode_slip(ORDINARY, model)
    for n in range(1, count + 1):
        slip = replace(
            ORDINARY,
            label=ticket_label("T", n),
            people_ahead=n % 40,
            wait_minutes=(n % 40 * 4, n % 40 * 7),
            follow_url=ORDINARY.follow_url + uuid.uuid4().hex[:22],
            check_code=uuid.uuid4().hex[:4].upper(),
        )
        began = time.perf_counter()
        job = encode_slip(slip, model)
        seconds.append(time.perf_counter() - began)
        largest = max(largest, len(job.data))
        progress("printing, tickets drawn", n, count)
    return {
        "draw_p50_ms": milliseconds(seconds, 0.5),
        "draw_p95_ms": milliseconds(seconds, 0.95),
        "largest_kb": round(largest / 1000, 2),
    }


@contextmanager
def _hall(place: Place, count: int) -> Iterator[list[_Kiosk]]:
    """Kiosks with a printer each, once the worker has found every printer well."""
    sinks = [Sink() for _ in range(count)]
    with database.connection():
        kiosks = [_kiosk(place, n, sink) for n, sink in enumerate(sinks, start=1)]
    _wait_for(place, lambda printer: printer["problem"] is None, {kiosk.printer for kiosk in kiosks})
    try:
        yield kiosks
    finally:
        for sink in sinks:
            sink.close()


def _kiosk(place: Place, number: int, sink: Sink) -> _Kiosk:
    wish = PrinterWish(f"Máy in đo {number}", f"tcp://127.0.0.1:{sink.port}", MODEL, failover="none")
    printer = manage_printers.add_printer(place.office_id, wish, clock.now(), BY)
    return _Kiosk(device_token(place.office_id, f"Máy đo {number}", "kiosk", printer), sink, printer)


def _kill(place: Place, kiosk: _Kiosk) -> None:
    """A paper that hangs in a mute printer, as its thread will find it for the whole second half."""
    wire = Wire(place.port)
    expect(wire.ask(_ticket(place, kiosk)), 201)
    wire.close()
    _wait_for(place, lambda printer: printer["problem"] is not None, {kiosk.printer})


def _wait_for(place: Place, state: Callable[[dict[str, Any]], bool], printers: set[int]) -> None:
    deadline = time.monotonic() + 2 * PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with database.connection():
            if all(
                state(shown) for shown in manage_printers.printers(place.office_id) if shown["id"] in printers
            ):
                return
        time.sleep(0.2)
    raise TimeoutError("the worker did not notice the printers")


def _press(place: Place, kiosks: list[_Kiosk], count: int, progress: Progress, words: str) -> list[float]:
    """Seconds from each press to the last byte of its paper; kiosks press side by side, visitors one after the other."""
    seconds: list[float] = []
    faults: list[BaseException] = []

    def visit(kiosk: _Kiosk, pause: random.Random) -> None:
        wire = Wire(place.port)
        try:
            for _ in range(count):
                kiosk.pressed += 1
                began = time.perf_counter()
                expect(wire.ask(_ticket(place, kiosk)), 201)
                if (paper := kiosk.sink.wait_for(kiosk.pressed, PATIENCE_SECONDS)) is not None:
                    seconds.append(paper[0] - began)
                progress(words, len(seconds), count * len(kiosks))
                time.sleep(pause.uniform(*PAUSE_SECONDS))
        except BaseException as fault:  # told in the main thread
            faults.append(fault)
        finally:
            wire.close()

    threads = [
        threading.Thread(target=visit, args=(kiosk, random.Random(n)))  # noqa: S311  (pauses, not secrets)
        for n, kiosk in enumerate(kiosks)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return seconds


def _ticket(place: Place, kiosk: _Kiosk) -> bytes:
    headers = {"Authorization": f"Bearer {kiosk.token}", "Idempotency-Key": str(uuid.uuid4())}
    return post("/api/v1/tickets", {"line": place.line, "language": "vi"}, headers)
