"""One job over the network, with everything that goes wrong in a hall."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from kiosk.devices.escpos import encode_ticket
from kiosk.devices.raster import draw_ticket
from kiosk.devices.transport import PrintOutcome, query_status, send_job
from kiosk.devices.virtual_printer import VirtualPrinter

QUICK = {"connect_timeout": 1.0, "answer_timeout": 0.25}


@pytest.fixture(scope="module")
def ticket(make_slip) -> Image.Image:
    return draw_ticket(make_slip(), 576)


@pytest.fixture(scope="module")
def job(ticket) -> bytes:
    return encode_ticket(ticket)


def send(printer: VirtualPrinter, job: bytes, **options) -> PrintOutcome:
    return send_job(printer.host, printer.port, job, **(QUICK | options))


@pytest.fixture
def scripted() -> Iterator[Callable[[Callable[[socket.socket], None]], int]]:
    """Serve connections with a function of the test's own; returns the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def serve(handle: Callable[[socket.socket], None]) -> int:
        def run() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                with client:
                    try:
                        handle(client)
                    except OSError:
                        continue

        threads.append(threading.Thread(target=run, daemon=True))
        threads[-1].start()
        return listener.getsockname()[1]

    yield serve
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for thread in threads:
        thread.join(2)


def test_a_well_printer_confirms_what_it_printed(printer, job, ticket):
    outcome = send(printer, job)
    assert (outcome.state, outcome.problem, outcome.confirmed_by) == ("confirmed", None, "process_id")
    [paper] = printer.wait_for_jobs(1)
    assert paper.strip.image.tobytes() == ticket.tobytes()
    assert printer.received_bytes >= len(job)


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("paper_out", "printer_paper_out"),
        ("cover_open", "printer_cover_open"),
        ("cutter_jam", "printer_error"),
        ("offline", "printer_offline"),
        ("silent", "printer_unknown"),
    ],
)
def test_a_printer_in_trouble_is_sent_nothing(printer, job, fault, problem):
    setattr(printer.faults, fault, True)
    outcome = send(printer, job)
    assert (outcome.state, outcome.problem) == ("not_printed", problem)
    assert query_status(printer.host, printer.port, **QUICK).problem_code == problem
    assert printer.received_bytes <= 3 * 8  # questions only
    setattr(printer.faults, fault, False)
    assert send(printer, job).state == "confirmed"
    assert len(printer.jobs) == 1


def test_paper_near_its_end_still_prints_and_is_told(printer, job):
    printer.faults.paper_near_end = True
    outcome = send(printer, job)
    assert outcome.state == "confirmed"
    assert outcome.status.paper_near_end


def test_a_switched_off_printer_is_offline(tmp_path, job):
    with VirtualPrinter(tmp_path) as printer:
        port = printer.port
    outcome = send_job("127.0.0.1", port, job, **QUICK)
    assert (outcome.state, outcome.problem) == ("not_printed", "printer_offline")
    assert query_status("127.0.0.1", port, **QUICK).problem_code == "printer_offline"


@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1", 70_000), ("a" * 70 + ".invalid", 9100), ("\ud800", 9100)]
)
def test_an_address_that_cannot_be_dialled_does_not_raise(job, host, port):
    assert send_job(host, port, job, **QUICK).problem == "printer_offline"


def test_a_clone_without_process_ids_is_confirmed_by_its_status(printer, job):
    printer.faults.no_process_id = True
    outcome = send(printer, job)
    assert (outcome.state, outcome.confirmed_by) == ("confirmed", "status")


def test_a_printer_that_always_confirmed_and_now_does_not_is_doubtful(printer, job):
    printer.faults.no_process_id = True
    outcome = send(printer, job, process_id="require")
    assert (outcome.state, outcome.problem) == ("doubtful", "printer_unknown")


def test_a_printer_never_asked_for_process_ids_gets_none(printer, job):
    assert send(printer, job, process_id="never").confirmed_by == "status"
    assert not any(entry.startswith("GS (") for entry in printer.wait_for_jobs(1)[0].strip.commands)


def test_a_model_known_to_be_mute_is_printed_on_in_doubt(printer, job):
    printer.faults.silent = True
    outcome = send(printer, job, answers_status=False)
    assert (outcome.state, outcome.problem) == ("doubtful", "printer_unknown")
    assert len(printer.wait_for_jobs(1)) == 1


def test_late_answers_are_waited_for(printer, job):
    printer.faults.late_by = 0.05
    assert send(printer, job, answer_timeout=1.0).state == "confirmed"


def test_answers_that_come_too_late_are_no_answers(printer, job):
    printer.faults.late_by = 0.5
    begun = time.monotonic()
    outcome = send(printer, job)
    assert (outcome.state, outcome.problem) == ("not_printed", "printer_unknown")
    assert time.monotonic() - begun < 1.0


def offsets(job_length: int) -> list[int]:
    """The first bytes, the last ones, and some in the middle of a picture."""
    return [
        0,
        1,
        2,
        3,
        5,
        100,
        job_length // 3,
        job_length // 2,
        job_length - 5,
        job_length - 4,
        job_length - 1,
    ]


@pytest.mark.parametrize("at", range(11))
@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("paper_out_after", "printer_paper_out"),
        ("cover_open_after", "printer_cover_open"),
        ("close_after", "printer_offline"),
        ("reset_after", "printer_offline"),
    ],
)
def test_a_fault_in_the_middle_leaves_a_doubt_and_no_whole_ticket(printer, job, fault, problem, at):
    setattr(printer.faults, fault, offsets(len(job))[at])
    outcome = send(printer, job)
    assert (outcome.state, outcome.problem) == ("doubtful", problem)
    assert printer.jobs == []
    printer.faults.apply({})  # paper in, cover shut
    deadline = time.monotonic() + 2
    while printer._memory and time.monotonic() < deadline:
        time.sleep(0.01)
    assert send(printer, job).state == "confirmed"


@pytest.mark.parametrize("fault", ["close_after", "reset_after"])
def test_a_line_cut_after_the_last_byte_is_a_doubt_though_the_ticket_is_out(printer, job, fault):
    """The case the repeat mark exists for."""
    setattr(printer.faults, fault, len(job))
    outcome = send(printer, job)
    assert outcome.state == "doubtful"
    assert len(printer.wait_for_jobs(1)) == 1


def test_a_job_caught_by_the_end_of_the_roll_goes_on_with_new_paper(printer, job, ticket):
    printer.faults.paper_out_after = len(job) // 2
    assert send(printer, job).problem == "printer_paper_out"
    printer.faults.apply({})
    deadline = time.monotonic() + 2
    while len(printer.torn) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    first, second = (paper.strip.image for paper in printer.torn)
    assert 0 < first.height < ticket.height
    assert first.height + second.height == ticket.height
    assert printer.jobs == []


def test_one_client_at_a_time_and_the_next_one_waits(printer, job):
    outcomes = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(send(printer, job, answer_timeout=2.0)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [outcome.state for outcome in outcomes] == ["confirmed"] * 4
    assert [paper.number for paper in printer.jobs] == [1, 2, 3, 4]


def test_questions_inside_a_picture_do_not_confuse_the_answers(printer):
    """A raster may hold the bytes DLE EOT 1; a printer answers them, and we must not count that answer."""
    picture = Image.frombytes("1", (576, 8), bytes(255 - byte for byte in (b"\x10\x04\x01" * 24) * 8))
    printer.faults.apply({"no_process_id": True, "paper_near_end": True})
    outcome = send(printer, encode_ticket(picture))
    assert (outcome.state, outcome.status.paper_near_end) == ("confirmed", True)
    assert printer.wait_for_jobs(1)[0].strip.image.tobytes() == picture.tobytes()


def test_automatic_status_between_the_answers_is_not_an_answer(scripted, job):
    """Four bytes of automatic status, whole and in pieces, before each real answer."""

    def answer(client: socket.socket) -> None:
        asked = b""
        while chunk := client.recv(4096):
            asked += chunk
            while b"\x10\x04" in asked and len(asked) >= asked.index(b"\x10\x04") + 3:
                asked = asked[asked.index(b"\x10\x04") + 3 :]
                client.sendall(b"\x14\x00")
                time.sleep(0.005)
                client.sendall(b"\x00\x0f\x11\x13" + b"\x12")

    port = scripted(answer)
    status = query_status("127.0.0.1", port, **QUICK)
    assert status.can_print
    assert not status.paper_near_end


def test_a_printer_that_chatters_for_ever_cannot_hold_us(scripted, job):
    def chatter(client: socket.socket) -> None:
        while True:
            client.sendall(b"\x10\x00\x00\x00" * 16)
            time.sleep(0.001)

    port = scripted(chatter)
    begun = time.monotonic()
    assert send_job("127.0.0.1", port, job, **QUICK).problem == "printer_unknown"
    assert time.monotonic() - begun < 1.5


def test_another_jobs_process_id_confirms_nothing(scripted, job):
    def answer(client: socket.socket) -> None:
        for _ in range(4):
            client.recv(3)
            client.sendall(b"\x12")
        client.recv(1 << 20)
        client.sendall(b"\x37\x22zzzz\x00")
        time.sleep(0.8)

    outcome = send_job("127.0.0.1", scripted(answer), job, **QUICK)
    assert (outcome.state, outcome.problem) == ("doubtful", "printer_unknown")


def test_a_printer_that_takes_no_bytes_ends_in_doubt_within_the_time(scripted):
    """Its memory is full: the send jams, is broken off, and what was on its way is thrown away."""

    def jam(client: socket.socket) -> None:
        for _ in range(4):
            client.recv(3)
            client.sendall(b"\x12")
        time.sleep(0.8)

    begun = time.monotonic()
    outcome = send_job("127.0.0.1", scripted(jam), bytes(32 << 20), send_timeout=0.3, **QUICK)
    assert outcome.state == "doubtful"
    assert time.monotonic() - begun < 2.5
