"""One paper that cannot be drawn holds up nobody."""

from __future__ import annotations

from kiosk.devices.virtual_printer import VirtualPrinter
from kiosk.jobs.spooler import PrinterThread
from kiosk.models import Printer, PrintJob
from kiosk.services import print_queue
from tests.factories import make_printer
from tests.services.test_stories import Story, story

__all__ = ["story"]


def test_a_broken_slip_is_set_aside_and_the_next_comes_out(story: Story, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("kiosk.jobs.spooler.clock.now", lambda: story.clock.moment)
    with VirtualPrinter(tmp_path) as virtual:
        printer = make_printer(office=story.place.office, host="127.0.0.1", port=virtual.port)
        broken, whole = story.issue().print_job, story.issue().print_job
        PrintJob.update(slip={"label": "T001"}).where(PrintJob.id == broken).execute()
        thread = PrinterThread(print_queue.target(printer))
        assert thread.print_one() is True
        assert thread.print_one() is True
        assert thread.print_one() is False
        assert len(virtual.jobs) == 1
    assert PrintJob.get_by_id(broken).state == "failed"
    assert PrintJob.get_by_id(whole).state == "confirmed"
    assert Printer.get_by_id(printer.id).problem == ""
