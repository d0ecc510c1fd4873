"""One job over the network, with everything that goes wrong in a hall."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from kiosk.devices.escpos import encode_ticket
from kiosk.devices.line_printer import LinePrinter
from kiosk.devices.models import printer_model
from kiosk.devices.printer import Patience, open_printer
from kiosk.devices.raster import draw_ticket
from kiosk.devices.status import PrinterStatus, PrintOutcome
from kiosk.devices.virtual_printer import VirtualPrinter
from tests.devices.twins import QUICK


def at(
    port: int, patience: Patience = QUICK, host: str = "127.0.0.1", fresh: bool = False, **facts
) -> LinePrinter:
    """The network printer at this port, of a model with these facts, on which all went well so far."""
    model = printer_model("generic-80mm").model_copy(update=facts)
    printer = open_printer(f"tcp://{host}:{port}", model, patience)
    assert isinstance(printer, LinePrinter)
    printer.in_step = not fresh
    return printer


def query(port: int) -> PrinterStatus:
    return at(port).status()


@pytest.fixture(scope="module")
def ticket(make_slip) -> Image.Image:
    return draw_ticket(make_slip(), 576)


@pytest.fixture(scope="module")
def job(ticket) -> bytes:
    return encode_ticket(ticket)


def send(printer: VirtualPrinter, job: bytes, patience: Patience = QUICK, **facts) -> PrintOutcome:
    return at(printer.port, patience, **facts).send(job)


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
    assert query(printer.port).problem_code == problem
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
    outcome = at(port).send(job)
    assert (outcome.state, outcome.problem) == ("not_printed", "printer_offline")
    assert query(port).problem_code == "printer_offline"


def test_a_name_that_cannot_be_dialled_does_not_raise(job):
    """A label of a host name has 63 characters at most."""
    assert at(9100, host="a" * 70 + ".invalid").send(job).problem == "printer_offline"
    assert at(9100, host="a" * 70 + ".invalid").status().problem_code == "printer_offline"


def test_a_clone_without_process_ids_is_confirmed_by_what_it_answers_in_order(printer, job):
    printer.faults.no_process_id = True
    outcome = send(printer, job)
    assert (outcome.state, outcome.confirmed_by) == ("confirmed", "in_order")


def test_a_clone_that_answers_nothing_in_order_is_watched_and_confirmed_by_its_status(printer, job):
    printer.faults.apply({"no_process_id": True, "no_in_order": True})
    outcome = send(printer, job)
    assert (outcome.state, outcome.confirmed_by) == ("confirmed", "status")


def test_a_clone_whose_paper_ends_while_it_is_watched_is_doubtful(printer, job):
    """It took every byte at once and said that all was well; the paper ended a moment later."""
    printer.faults.apply({"no_process_id": True, "no_in_order": True, "slow": len(job) * 8})
    printer.faults.paper_out_after = len(job) // 2
    outcome = send(printer, job)
    assert (outcome.state, outcome.problem) == ("doubtful", "printer_paper_out")


def test_a_printer_that_always_proved_and_now_does_not_is_doubtful(printer, job):
    always = at(printer.port)
    assert always.send(job).confirmed_by == "process_id"
    printer.faults.apply({"no_process_id": True, "no_in_order": True})
    outcome = always.send(job)
    assert (outcome.state, outcome.problem) == ("doubtful", "printer_unknown")


def test_trouble_told_unasked_ends_the_waiting(printer, job):
    """The proof of a paper is waited for four times as long as an answer, unless the printer says why it stopped."""
    always = at(printer.port, Patience(1.0, 10.0, 1.0))
    assert always.send(job).state == "confirmed"
    printer.faults.apply({"asb": True, "paper_out_after": len(job) // 2})
    begun = time.monotonic()
    assert always.send(job).problem == "printer_paper_out"
    assert time.monotonic() - begun < 10.0  # without the hint it cannot be less


def test_what_a_cut_off_picture_waits_for_is_sent_only_when_it_waits(printer, job):
    """Else an odd printer that prints zeros would feed paper for nothing."""
    always = at(printer.port, fresh=True)
    zeros = []
    for fault, waits in [(None, False), (None, False), (len(job) // 2, True), (None, True), (None, False)]:
        before = printer.received_bytes
        printer.faults.apply({"close_after": fault, "unfinished_waits": waits})
        always.send(job)
        zeros.append((printer.received_bytes - before - len(job)) // 1000)
    assert zeros[:2] == [0, 0]
    assert zeros[3] == 240 * 80 // 1000  # the most rows of a picture command, on the widest paper
    assert zeros[4] == 0


@pytest.mark.parametrize("fault", ["close_after", "reset_after"])
def test_a_line_cut_over_the_question_before_the_job_leaves_the_job_here(printer, job, fault):
    setattr(printer.faults, fault, 2)
    assert at(printer.port, fresh=True).send(job).state == "not_printed"


def test_a_printer_never_asked_for_process_ids_gets_none(printer, job):
    assert send(printer, job, process_id="never").confirmed_by == "in_order"
    assert not any(entry.startswith("GS (") for entry in printer.wait_for_jobs(1)[0].strip.commands)


def test_a_model_known_to_be_mute_is_believed_when_its_line_took_every_byte(printer, job, ticket):
    printer.faults.silent = True
    mute = at(printer.port, status="none")
    status = mute.status()
    assert (status.mute, status.can_print, status.unknown) == (True, True, False)
    outcome = mute.send(job)
    assert (outcome.state, outcome.confirmed_by, outcome.status.mute) == ("confirmed", "line", True)
    [paper] = printer.wait_for_jobs(1)
    assert paper.strip.image.tobytes() == ticket.tobytes()
    assert not any(entry.startswith(("GS (", "GS r")) for entry in paper.strip.commands)


def test_a_mute_printer_whose_line_breaks_is_in_doubt(printer, job):
    mute = at(printer.port, status="none")
    printer.faults.apply({"silent": True, "reset_after": len(job) // 2})
    assert mute.send(job).state == "doubtful"
    printer.stop()
    assert mute.status().problem_code == "printer_offline"
    assert mute.send(job).state == "not_printed"


def test_a_printer_that_should_answer_and_does_not_is_never_taken_for_mute(printer, job):
    printer.faults.silent = True
    assert not query(printer.port).mute
    assert send(printer, job).problem == "printer_unknown"


def test_late_answers_are_waited_for(printer, job):
    printer.faults.late_by = 0.05
    assert send(printer, job, Patience(1.0, 1.0)).state == "confirmed"


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


def test_a_printer_for_one_client_refuses_the_second(printer, job):
    printer.faults.one_client = True
    with socket.create_connection((printer.host, printer.port)) as first:
        first.sendall(b"\x10\x04\x01")
        assert first.recv(1) == b"\x12"
        assert send(printer, job).state == "not_printed"
    assert send(printer, job, Patience(2.0, 2.0)).state == "confirmed"


def test_one_client_at_a_time_and_the_next_one_waits(printer, job):
    outcomes = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(send(printer, job, Patience(4.0, 4.0))))
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
    status = query(port)
    assert status.can_print
    assert not status.paper_near_end


def test_a_printer_that_chatters_for_ever_cannot_hold_us(scripted, job):
    def chatter(client: socket.socket) -> None:
        while True:
            client.sendall(b"\x10\x00\x00\x00" * 16)
            time.sleep(0.001)

    port = scripted(chatter)
    begun = time.monotonic()
    assert at(port).send(job).problem == "printer_unknown"
    assert time.monotonic() - begun < 1.5


def test_another_jobs_process_id_confirms_nothing(scripted, job):
    def answer(client: socket.socket) -> None:
        for _ in range(4):
            client.recv(3)
            client.sendall(b"\x12")
        client.recv(1 << 20)
        client.sendall(b"\x37\x22zzzz\x00")
        time.sleep(0.8)

    outcome = at(scripted(answer)).send(job)
    assert (outcome.state, outcome.problem) == ("doubtful", "printer_unknown")


def test_a_printer_that_takes_no_bytes_ends_in_doubt_within_the_time(scripted):
    """Its memory is full: the send jams, is broken off, and what was on its way is thrown away."""

    def jam(client: socket.socket) -> None:
        for _ in range(4):
            client.recv(3)
            client.sendall(b"\x12")
        time.sleep(0.8)

    begun = time.monotonic()
    outcome = at(scripted(jam)).send(bytes(32 << 20))
    assert outcome.state == "doubtful"
    assert time.monotonic() - begun < 2.5
