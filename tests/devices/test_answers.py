"""Whatever a printer sends, in whatever mixture and pieces, each kind is told from the others."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.answers import Answers, is_automatic_status, is_real_time_answer
from kiosk.devices.line_printer import LinePrinter
from kiosk.devices.links.tcp import TcpLink
from kiosk.devices.models import printer_model

REAL_TIME = [byte for byte in range(256) if is_real_time_answer(byte)]
NOISE = [0x11, 0x13, 0x80, 0xFF, 0x93]  # XON, XOFF, and what no printer sends

real_time = st.sampled_from(REAL_TIME).map(lambda byte: ("real_time", bytes((byte,))))
in_order = st.sampled_from([0x00, 0x03, 0x0C, 0x0F]).map(lambda byte: ("in_order", bytes((byte,))))
noise = st.sampled_from(NOISE).map(lambda byte: ("noise", bytes((byte,))))
block = st.tuples(
    st.sampled_from([byte for byte in range(256) if is_automatic_status(byte)]),
    *[st.sampled_from([byte for byte in range(256) if not byte & 0x90])] * 3,
).map(lambda parts: ("automatic", bytes(parts)))
process_id = st.text("ABCDEFGHIJKLMNO", min_size=4, max_size=4).map(
    lambda name: ("process_id", b"\x37\x22" + name.encode() + b"\0")
)
messages = st.lists(st.one_of(real_time, in_order, noise, block, process_id), max_size=12)


def sent(said: list[tuple[str, bytes]], kind: str) -> list[bytes]:
    return [data for name, data in said if name == kind]


def heard(pieces: list[bytes]) -> Answers:
    answers = Answers()
    for piece in pieces:
        answers.take(piece)
    return answers


def check(answers: Answers, said: list[tuple[str, bytes]]) -> None:
    assert answers.real_time == [data[0] for data in sent(said, "real_time")]
    assert answers.in_order == [data[0] for data in sent(said, "in_order")]
    assert answers.process_ids == [data[2:6] for data in sent(said, "process_id")]
    assert answers.automatic == (sent(said, "automatic") or [None])[-1]


@given(messages, st.lists(st.integers(0, 90)))
def test_one_after_the_other_in_any_pieces(said: list[tuple[str, bytes]], cuts: list[int]):
    stream = b"".join(data for _, data in said)
    edges = sorted({0, *(cut for cut in cuts if cut < len(stream)), len(stream)})
    check(heard([stream[a:b] for a, b in pairwise(edges)]), said)


@given(messages, st.lists(st.tuples(st.integers(0, 200), real_time | noise), max_size=6))
def test_answers_in_the_middle_of_anything(said: list[tuple[str, bytes]], between: list[tuple[int, tuple]]):
    """Real-time answers are sent at once, even while a process ID or automatic status is on its way."""
    stream = [(-1, bytes((byte,))) for _, data in said for byte in data]
    order: list[tuple[str, bytes]] = []
    at = 0
    marks = [name if n == 0 else "" for name, data in said for n in range(len(data))]
    whole = iter(said)
    inserted = sorted(((min(place, len(stream)), message) for place, message in between), key=lambda x: x[0])
    pieces: list[bytes] = []
    for place, (name, data) in [*inserted, (len(stream), ("", b""))]:
        for n in range(at, place):
            if marks[n]:
                order.append(next(whole))
            pieces.append(stream[n][1])
        at = place
        if name:
            order.append((name, data))
            pieces.append(data)
    check(heard(pieces), order)


@given(process_id, block, st.integers(1, 6))
def test_automatic_status_in_the_middle_of_a_process_id(name, status, at):
    mixed = name[1][:at] + status[1] + name[1][at:]
    check(heard([mixed]), [name, status])


@given(st.binary(max_size=60))
def test_no_bytes_whatever_do_harm(garbage: bytes):
    answers = heard([garbage])
    assert all(len(name) == 4 for name in answers.process_ids)
    assert all(map(is_real_time_answer, answers.real_time))


def test_our_own_process_ids_can_be_found_in_any_mixture_and_do_not_come_again_soon():
    printer = LinePrinter(printer_model("generic-80mm"), lambda: TcpLink("127.0.0.1", 9))
    names = [printer._next_ticket() for _ in range(20_000)]
    assert len(set(names)) == len(names)
    assert not any(byte & 0x90 for name in names for byte in name)
