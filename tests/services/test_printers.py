"""Printers: how they are reached, their rolls of paper, who stands in, and papers nobody waits for any more."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from kiosk.domain.errors import DomainError, NotFound
from kiosk.models import Journal, Office, Printer, PrintJob
from kiosk.services import manage_devices, manage_printers, print_queue
from kiosk.services.manage_printers import PrinterWish, add_printer, change_printer, printers
from kiosk.services.printer_condition import fail_over, note_condition
from tests.factories import make_counter, make_device, make_office, make_printer
from tests.services.test_stories import Story

WELL = {"online": True, "paper_out": False, "paper_near_end": False}
OUT = {"online": False, "paper_out": True, "paper_near_end": True}


@pytest.fixture
def office(database: object) -> Office:
    return make_office()


def wish(**fields: object) -> PrinterWish:
    """A printer on the network."""
    return PrinterWish(**{"name": "Máy in 2", "address": "tcp://192.168.1.51:9100", **fields})


def test_a_new_printer_is_not_believed_before_it_answers(office: Office, noon: datetime) -> None:
    made = add_printer(office.id, wish(address=" tcp://192.168.1.50 "), noon, "user:1")
    (shown,) = printers(office.id)
    assert (shown["address"], shown["problem"], shown["checked_at"]) == (
        "tcp://192.168.1.50:9100", "printer_unknown", None,
    )  # fmt: skip
    fact = json.loads(Journal.get().facts)
    assert (fact["printer"], fact["problem"]) == (made, "printer_unknown")


def test_a_printer_at_another_address_has_to_answer_again(office: Office, noon: datetime) -> None:
    printer = make_printer("Máy in sảnh", checked_at=noon)
    here = wish(name="Máy in cửa", address=printer.address, dots=384)
    change_printer(office.id, printer.id, here, noon, "user:1")
    (shown,) = printers(office.id)
    assert (shown["name"], shown["dots"], shown["problem"]) == ("Máy in cửa", 384, None)
    change_printer(office.id, printer.id, wish(address="tcp://127.0.0.1:9101"), noon, "user:1")
    (shown,) = printers(office.id)
    assert (shown["problem"], shown["checked_at"]) == ("printer_unknown", None)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"address": "http://x/"}, "printer_address_malformed"),
        ({"address": ""}, "printer_address_malformed"),
        ({"address": "tcp://192.168.1.51:0"}, "printer_address_malformed"),
        ({"address": "tcp://192.168.1.51:65536"}, "printer_address_malformed"),
        ({"model": "epson-of-tomorrow"}, "unknown_printer_model"),
        ({"dots": 100}, "paper_width_unknown"),
        ({"name": "Máy in sảnh"}, "printer_name_taken"),
        ({"roll_mm": 12}, "roll_length_out_of_range"),
        ({"failover": "perhaps"}, "unknown_failover"),
        ({"failover": "chosen"}, "backup_wanted"),
        ({"failover": "chosen", "backup": 99}, "unknown_printer"),
        ({"agent": 99}, "unknown_device"),
    ],
)
def test_a_printer_that_cannot_be_leaves_nothing_behind(
    office: Office, noon: datetime, fields: dict[str, object], code: str
) -> None:
    make_printer("Máy in sảnh")
    with pytest.raises((DomainError, NotFound), match=code):
        add_printer(office.id, wish(**fields), noon, "user:1")
    assert Printer.select().count() == 1
    assert Journal.select().count() == 0


def test_only_a_kiosk_has_a_printer_of_its_own(office: Office, noon: datetime) -> None:
    board = make_device("board")
    with pytest.raises(DomainError, match="agent_is_no_kiosk"):
        add_printer(office.id, wish(agent=board.id), noon, "user:1")


def test_the_meter_counts_paper_and_warns_before_the_end(story: Story) -> None:
    printer = make_printer(office=story.place.office, roll_mm=10_000, used_mm=6_900)
    story.issue()
    job = print_queue.next_job(printer.id, story.clock.moment)
    print_queue.mark_sent(job, story.clock.moment)
    print_queue.mark_confirmed(job, printer.id, 150, story.clock.moment)
    note_condition(printer.id, None, WELL, story.clock.moment)
    (shown,) = printers(story.office)
    assert (shown["left_mm"], shown["paper_low"]) == (2_950, True)
    assert json.loads(last("printer.changed"))["paper_low"] is True
    manage_printers.new_roll(story.office, printer.id, story.clock.moment, "user:1")
    (shown,) = printers(story.office)
    assert (shown["left_mm"], shown["paper_low"]) == (10_000, False)


def test_a_printer_that_had_no_paper_and_has_again_got_a_new_roll(story: Story) -> None:
    printer = make_printer(office=story.place.office, roll_mm=10_000, used_mm=9_990)
    note_condition(printer.id, "printer_paper_out", OUT, story.clock.moment)
    assert Printer.get().used_mm == 9_990
    note_condition(printer.id, None, WELL, story.clock.moment)
    assert (Printer.get().used_mm, Printer.get().paper_low) == (0, False)


def test_an_unchanged_condition_costs_the_journal_nothing(story: Story) -> None:
    printer = make_printer(office=story.place.office)
    for _ in range(5):
        note_condition(printer.id, None, WELL, story.clock.moment)
        story.clock.pass_(seconds=11)
    assert "printer.changed" not in story.kinds()
    assert Printer.get().checked_at == story.clock.moment - timedelta(seconds=11)


def broken_and_backup(story: Story, **fields: object) -> tuple[Printer, Printer]:
    """Two printers of one hall, of which the first has been off for a while."""
    first = make_printer("Máy in 1", office=story.place.office, **fields)
    second = make_printer("Máy in 2", office=story.place.office)
    for number, printer in enumerate((first, second), start=1):
        make_device(name=f"Máy {number}", office=story.place.office, printer=printer)
    note_condition(first.id, "printer_offline", {}, story.clock.moment)
    return first, second


def test_papers_go_to_another_printer_of_the_hall(story: Story) -> None:
    first, second = broken_and_backup(story)
    jobs = [story.issue().print_job for _ in range(3)]
    sent = print_queue.next_job(first.id, story.clock.moment)
    print_queue.mark_sent(sent, story.clock.moment)
    assert fail_over(first.id, story.clock.moment) == 0, "a moment's trouble moves nothing"
    story.clock.pass_(seconds=9)
    assert fail_over(first.id, story.clock.moment) == 3
    rows = [PrintJob.get_by_id(job) for job in jobs]
    assert [(row.printer_id, row.moved_from_id) for row in rows] == [(second.id, first.id)] * 3
    assert [(row.state, row.repeat) for row in rows] == [("repeated", 1), ("queued", 0), ("queued", 0)]
    assert print_queue.next_job(second.id, story.clock.moment).id == jobs[0], "in their order"
    assert json.loads(last("paper.moved"))["jobs"] == jobs


@pytest.mark.parametrize("reason", ["none", "other_hall", "broken_too", "not_asked_lately"])
def test_papers_stay_where_nobody_may_or_can_print_them(story: Story, reason: str) -> None:
    first, second = broken_and_backup(story, failover="none" if reason == "none" else "auto")
    if reason == "other_hall":
        make_device(name="Máy 3", office=story.place.office, printer=second, area="tầng 2")
        second_s_kiosk = next(d for d in second.device_set if d.name == "Máy 2")
        second_s_kiosk.delete_instance()
    if reason == "broken_too":
        Printer.update(problem="printer_paper_out").where(Printer.id == second.id).execute()
    if reason == "not_asked_lately":
        Printer.update(checked_at=story.clock.moment - timedelta(minutes=2)).where(
            Printer.id == second.id
        ).execute()
    story.issue()
    story.clock.pass_(seconds=9)
    assert fail_over(first.id, story.clock.moment) == 0
    assert PrintJob.get().printer_id == first.id


def test_the_chosen_printer_stands_in_and_no_other(story: Story) -> None:
    chosen = make_printer("Máy in văn phòng", office=story.place.office)
    first, _ = broken_and_backup(story, failover="chosen", backup=chosen)
    PrintJob.update(printer=first.id).where(PrintJob.id == story.issue().print_job).execute()
    story.clock.pass_(seconds=9)
    assert fail_over(first.id, story.clock.moment) == 1
    assert PrintJob.get().printer_id == chosen.id


def test_a_paper_is_not_printed_when_nobody_stands_there_any_more(story: Story) -> None:
    printer = make_printer(office=story.place.office)
    job = story.issue().print_job
    assert print_queue.expire_stale(printer.id, story.clock.moment + timedelta(minutes=14)) == 0
    assert print_queue.expire_stale(printer.id, story.clock.moment + timedelta(minutes=16)) == 1
    assert PrintJob.get_by_id(job).state == "expired"


def test_a_test_paper_is_a_job_without_a_ticket(story: Story) -> None:
    printer = make_printer(office=story.place.office)
    manage_printers.queue_test_print(story.office, printer.id, "http://127.0.0.1:8123", story.clock.moment)
    job = print_queue.next_job(printer.id, story.clock.moment)
    assert (job.kind, job.slip["printer"]) == ("test", "Máy in sảnh")
    (paper,) = manage_printers.jobs_of_printer(story.office, printer.id)
    assert (paper["label"], paper["state"]) == (None, "queued")


def test_a_display_belongs_to_a_counter(office: Office, noon: datetime) -> None:
    with pytest.raises(DomainError, match="counter_wanted"):
        manage_devices.add_device(office.id, "Bảng quầy 1", "display", noon, "user:1")
    counter = make_counter(1)
    made = manage_devices.add_device(
        office.id, "Bảng quầy 1", "display", noon, "user:1", counter=counter.id, options={"driver": "poll"}
    )
    assert manage_devices.device_card(office.id, made, noon)["counter_number"] == 1


def last(kind: str) -> str:
    """The facts of the newest entry of a kind."""
    return Journal.select().where(Journal.kind == kind).order_by(Journal.seq.desc()).first().facts
