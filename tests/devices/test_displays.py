"""Drivers of small displays against their twins: what goes over the line is what the protocol says, and only the newest."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk.devices.displays.bus import AGAIN_SECONDS, LONGEST_RETRY_SECONDS, Bus, BusThread
from kiosk.devices.displays.checksums import crc16_modbus, sum8, xor8
from kiosk.devices.displays.contract import DisplayFault, DisplayState
from kiosk.devices.displays.led_frame import STATE_LETTERS, answer_to, led_frame
from kiosk.devices.displays.options import (
    DRIVERS,
    check_options,
    display_options,
    read_options,
    shown_options,
)
from kiosk.devices.displays.template import CHECKSUMS, PLACEHOLDERS, BadFrame, FrameTemplate
from kiosk.devices.displays.wiring import Wiring, bus_of, open_bus
from kiosk.domain.errors import DomainError
from tests.devices.display_twins import Broker, Frame, LedLine, decode, http_display, until

DOC = (Path(__file__).parents[2] / "docs" / "led-protocol.md").read_text(encoding="utf-8")
CALLED = DisplayState("called", "T012", "012", True, 3, 812, "2026-11-23T02:42:00+00:00")
SERVING = dataclasses.replace(CALLED, state="serving", blink=False)
NEXT = dataclasses.replace(CALLED, label="T013", digits="013", seq=820)
FREE = DisplayState("free", counter=3)
CLOSED = DisplayState("closed", counter=3)
AWAY = DisplayState("away", counter=3)
NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)


def table(head: str) -> list[list[str]]:
    """The rows of a table of the page."""
    lines = DOC[DOC.index(f"{head}\n") :].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]


def code(cell: str) -> str:
    return cell.split("`")[1]


def start(options: dict[str, Any], device: int = 7) -> BusThread:
    """A line with one display, running."""
    read = read_options(options)
    name = bus_of(device, read)
    assert name is not None
    thread = open_bus(name, {device: Wiring(read, "demo", 3)}, lambda: NOON)
    thread.start()
    return thread


def end(thread: BusThread) -> None:
    thread.stop()
    thread.join(20)
    assert not thread.is_alive()


def trouble(thread: BusThread, device: int = 7) -> str:
    """The problem a display comes to have."""
    return until(lambda: (health := thread.bus.health().get(device)) and health.problem)


# What the page says


def test_the_frames_of_the_page_are_those_of_the_driver() -> None:
    shown = [bytes.fromhex(code(row[0])) for row in table("| frame | meaning |")]
    assert shown == [
        led_frame(address, state, state.text(4, show).rjust(4))
        for address, state, show in (
            (5, CALLED, "digits"), (5, SERVING, "digits"), (5, FREE, "digits"), (5, CLOSED, "digits"),
            (0, AWAY, "digits"), (12, CALLED, "label"),
        )
    ]  # fmt: skip
    assert [decode(frame)[0] for frame in shown[:3]] == [
        [Frame(5, "C", True, " 012")], [Frame(5, "S", False, " 012")], [Frame(5, "F", False, "    ")],
    ]  # fmt: skip


def test_the_answers_of_the_page_are_those_the_driver_knows() -> None:
    assert {bytes.fromhex(code(row[0])) for row in table("| answer | meaning |")[:2]} == set(answer_to(5))


def test_the_templates_of_the_page_make_the_bytes_it_says() -> None:
    rows = table("| settings | state | bytes |")
    assert len(rows) == 3
    for settings, _, made in rows:
        given = {"driver": "template", "port": "/dev/ttyUSB0", **json.loads(code(settings))}
        options = read_options(given)
        state = CALLED
        assert options.template().render(state, options.address, options.digits) == bytes.fromhex(code(made))


def test_drivers_states_and_placeholders_of_the_page_are_those_of_the_code() -> None:
    assert [code(row[0]) for row in table("| driver | for | what happens |")] == list(DRIVERS)
    states = [code(row[0]) for row in table("| state | when | a display without a screen shows |")]
    assert states == list(STATE_LETTERS)
    placeholders = {code(row[0]).strip("{}") for row in table("| placeholder | becomes |")}
    assert placeholders == PLACEHOLDERS
    assert f"every {AGAIN_SECONDS:.0f} seconds in any case" in " ".join(DOC.split())
    assert f"at most every\n{LONGEST_RETRY_SECONDS:.0f} seconds" in DOC
    example = json.loads(re.findall(r"```json\n(.*?)```", DOC, re.DOTALL)[0])
    assert example == json.loads(CALLED.as_json())


# What stands on it


def test_text_for_displays_without_a_screen() -> None:
    assert (CALLED.text(4), CALLED.text(2), CALLED.text(4, "label"), CALLED.text(3, "label")) == (
        "012", "12", "T012", "012",
    )  # fmt: skip
    assert (FREE.text(4), CLOSED.text(4), AWAY.text(3)) == ("", "----", "---")


def test_checksums_are_those_everybody_means() -> None:
    assert crc16_modbus(b"123456789") == 0x4B37  # the check value every CRC catalogue gives
    assert (xor8(b"\x01\x02\x04"), sum8(b"\xff\x02"), xor8(b"")) == (7, 1, 0)
    assert set(CHECKSUMS) <= PLACEHOLDERS


@pytest.mark.parametrize(
    ("frame", "reason", "part"),
    [
        ("", "required", ""),
        ("{digits}" * 20, "too_long", ""),
        ("{digits", "braces_unbalanced", ""),
        ("digits", "shows_no_number", ""),
        ("{digits}{colour}", "unknown_placeholder", "colour"),
        ("{digits.__class__}", "unknown_placeholder", "digits.__class__"),
        ("{digits!r}", "unknown_placeholder", "digits"),
        ("{}{digits}", "unknown_placeholder", ""),
        ("{digits:>400}", "unknown_format", "digits:>400"),
        ("{digits:{address}}", "unknown_format", "digits:{address}"),
        ("{digits}{address:>3}", "unknown_format", "address:>3"),
        ("{digits}{blink:d}", "unknown_format", "blink:d"),
        ("Quầy {digits}", "not_one_byte", "Quầy {digits}"),
    ],
)
def test_a_format_that_cannot_be_used_is_refused_by_name(frame: str, reason: str, part: str) -> None:
    with pytest.raises(BadFrame) as refused:
        FrameTemplate(frame)
    assert (refused.value.reason, refused.value.part) == (reason, part)


def test_a_format_says_closed_with_dashes_and_free_with_nothing() -> None:
    frame = FrameTemplate("<{address:02X}|{digits:0>5}|{label:<5}|{{{blink}}}>", steady=r"\x1b", blinking="*")
    assert frame.render(CALLED, 17, 5) == b"<11|00012|T012 |{*}>"
    assert frame.render(CLOSED, 17, 5) == b"<11|-----|-----|{\x1b}>"
    assert FrameTemplate("{digits}{label}").render(FREE, 1, 4) == b""


# Settings


def test_settings_are_kept_with_their_defaults() -> None:
    assert check_options({}) == {"driver": "poll"}
    assert check_options({"driver": "rs485", "port": "/dev/ttyUSB0", "address": 5})["baud"] == 9600
    kept = check_options({"driver": "mqtt", "host": "mqtt.example.vn", "password": "s3"})
    assert (kept["port"], kept["password"], "user" in kept) == (1883, "s3", False)
    assert set(display_options("http").model_fields) == {"driver", "url", "auth", "secret", "timeout_s"}


@pytest.mark.parametrize(
    ("options", "field", "reason"),
    [
        ({"driver": "led"}, "driver", "unknown_choice"),
        ({"driver": 5}, "driver", "wrong_type"),
        ({"driver": ["serial"]}, "driver", "wrong_type"),
        ({"driver": "poll", "every": 1}, "every", "unknown_key"),
        ({"driver": "serial"}, "port", "required"),
        ({"driver": "serial", "port": "/etc/passwd"}, "port", "malformed"),
        ({"driver": "serial", "port": "/dev/ttyS0", "baud": 9601}, "baud", "unknown_choice"),
        ({"driver": "serial", "port": "/dev/ttyS0", "address": 100}, "address", "out_of_range"),
        ({"driver": "serial", "port": "/dev/ttyS0", "address": "5"}, "address", "wrong_type"),
        ({"driver": "serial", "port": "/dev/ttyS0", "address": 0, "ack": True}, "ack", "nobody_answers"),
        ({"driver": "template", "port": "/dev/ttyS0"}, "frame", "required"),
        ({"driver": "template", "port": "/dev/ttyS0", "frame": "{no}"}, "frame", "unknown_placeholder: no"),
        ({"driver": "template", "port": "/dev/ttyS0", "frame": "{label}", "steady": "ầ"}, "frame", "not_one_byte: ầ"),
        ({"driver": "mqtt", "host": "a b"}, "host", "malformed"),
        ({"driver": "mqtt", "host": "a", "topic": "kiosk/#"}, "topic", "malformed"),
        ({"driver": "http", "url": "ftp://a/b"}, "url", "malformed"),
        ({"driver": "http", "url": "http://u:p@a/b"}, "url", "malformed"),
        ({"driver": "http", "url": "http://a/b", "auth": "hmac"}, "secret", "required"),
        ({"driver": "http", "url": "http://a/b", "timeout_s": 11}, "timeout_s", "out_of_range"),
    ],
)  # fmt: skip
def test_settings_that_are_wrong_are_refused_by_their_key(
    options: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(DomainError) as refused:
        check_options(options)
    assert refused.value.code == "display_options_malformed"
    assert refused.value.fields == {"field": field, "reason": reason}


def test_a_secret_is_written_and_never_read_back() -> None:
    stored = check_options({"driver": "http", "url": "http://a/b", "auth": "hmac", "secret": "cũ"})
    assert shown_options(stored)["secret"] is True
    again = {"driver": "http", "url": "http://a/c", "auth": "hmac"}
    assert check_options(again | {"secret": ""}, stored)["secret"] == "cũ"
    assert check_options(again, stored)["secret"] == "cũ"
    assert check_options(again | {"secret": "mới"}, stored)["secret"] == "mới"
    with pytest.raises(DomainError):
        check_options(again | {"secret": None}, stored)
    mqtt = {"driver": "mqtt", "host": "a"}
    assert "password" not in check_options(mqtt, {"driver": "http", "password": "x"})
    assert "password" not in check_options({**mqtt, "password": None}, {**mqtt, "password": "x"})


# A line of displays, without a line


class Slate:
    """A display that writes down what it is told, and is broken on request."""

    def __init__(self, log: list[str], name: str) -> None:
        self.log, self.name, self.problem = log, name, ""

    def show(self, state: DisplayState) -> bool:
        self.log.append(f"{self.name} {state.digits or state.state}")
        if self.problem:
            raise DisplayFault(self.problem)  # type: ignore[arg-type]
        return True

    def close(self) -> None:
        self.log.append(f"{self.name} closed")


@pytest.fixture
def log() -> list[str]:
    return []


def test_a_state_is_sent_when_it_changes_and_now_and_then(log: list[str]) -> None:
    bus = Bus({1: Slate(log, "a")})
    assert bus.turn(0) == AGAIN_SECONDS
    bus.put(1, CALLED)
    assert bus.turn(1) == AGAIN_SECONDS
    bus.put(1, CALLED)
    assert bus.turn(2) == AGAIN_SECONDS - 1
    bus.put(1, NEXT)
    bus.turn(3)
    assert log == ["a 012", "a 013"]
    assert bus.turn(3 + AGAIN_SECONDS) == AGAIN_SECONDS
    assert log == ["a 012", "a 013", "a 013"]


def test_a_dead_display_is_tried_ever_less_often_and_after_the_others(log: list[str]) -> None:
    dead, well = Slate(log, "dead"), Slate(log, "well")
    bus = Bus({1: dead, 2: well})
    dead.problem = "display_silent"
    bus.put(1, CALLED)
    bus.put(2, CALLED)
    waits = [bus.turn(0)]
    now = 0.0
    for _ in range(8):
        now += waits[-1]
        waits.append(bus.turn(now))
    assert waits[:6] == [0.25, 0.5, 1, 2, 4, 8]
    assert max(waits) == LONGEST_RETRY_SECONDS
    log.clear()
    bus.put(1, NEXT)
    bus.put(2, NEXT)
    bus.turn(now)
    assert log == ["well 013"], "news for a dead display waits until it is tried again"
    bus.turn(now + LONGEST_RETRY_SECONDS)
    assert log == ["well 013", "dead 013"]
    log.clear()
    bus.put(2, CALLED)
    bus.turn(now + 2 * LONGEST_RETRY_SECONDS)
    assert log == ["well 012", "dead 013"], "both are due, and the dead one makes nobody wait"
    log.clear()
    dead.problem = ""
    bus.turn(now + 3 * LONGEST_RETRY_SECONDS)
    assert log == ["dead 013"], "the newest state only"


def test_one_disturbed_frame_is_no_trouble_two_are(log: list[str]) -> None:
    slate = Slate(log, "a")
    bus = Bus({1: slate})
    bus.put(1, CALLED)
    bus.turn(0)
    slate.problem = "display_refused"
    bus.put(1, NEXT)
    bus.turn(1)
    assert bus.health()[1].problem is None
    bus.turn(1.25)
    assert bus.health()[1].problem == "display_refused"
    slate.problem = ""
    bus.turn(2)
    assert (bus.health()[1].problem, bus.health()[1].confirmed) == (None, True)


def test_what_a_driver_trips_over_stops_no_other(log: list[str], caplog: pytest.LogCaptureFixture) -> None:
    broken, well = Slate(log, "broken"), Slate(log, "well")
    broken.show = lambda state: 1 / 0  # type: ignore[method-assign]
    bus = Bus({1: broken, 2: well})
    for device in (1, 2):
        bus.put(device, CALLED)
    bus.turn(0)
    assert log == ["well 012"]
    assert "ZeroDivisionError" in caplog.text


def test_a_line_that_ends_takes_its_numbers_away(log: list[str]) -> None:
    well, dead = Slate(log, "well"), Slate(log, "dead")
    bus = Bus({1: well, 2: dead})
    dead.problem = "display_offline"
    bus.put(1, CALLED)
    bus.put(2, CALLED)
    bus.turn(0)
    log.clear()
    bus.close()
    assert log == ["well away", "well closed", "dead closed"]


def test_news_that_comes_while_a_line_ends_is_not_shown(log: list[str]) -> None:
    slate = Slate(log, "a")
    bus = Bus({1: slate})
    bus.put(1, CALLED)
    bus.turn(0)
    bus.put(1, NEXT)
    bus.close()
    assert log == ["a 012", "a away", "a closed"]


# Serial lines


@pytest.fixture
def line() -> Iterator[LedLine]:
    opened = LedLine()
    yield opened
    opened.close()


def test_frames_arrive_on_a_serial_line(line: LedLine) -> None:
    thread = start({"driver": "serial", "port": line.port, "address": 5})
    thread.put(7, CALLED)
    assert line.next() == Frame(5, "C", True, " 012")
    thread.put(7, SERVING)
    assert line.next() == Frame(5, "S", False, " 012")
    until(lambda: 7 in thread.bus.health())
    assert not thread.bus.health()[7].confirmed, "nobody answered, so nobody confirmed"
    end(thread)
    assert line.next() == Frame(5, "A", False, "----")


def test_several_displays_share_a_bus(line: LedLine) -> None:
    common = {"driver": "rs485", "port": line.port, "ack": True, "gap_ms": 0}
    line.answers = lambda frame: b"\x06%02d" % frame.address if frame.address != 2 else b""
    displays = {
        device: Wiring(read_options({**common, "address": device, "show": "label", "ack_ms": 60}), "demo", device)
        for device in (1, 2, 3)
    }  # fmt: skip
    thread = open_bus(line.port, displays, lambda: NOON)
    for device in displays:
        thread.put(device, CALLED)
    thread.start()
    assert {line.next().address for _ in displays} == {1, 2, 3}
    until(lambda: thread.bus.health().get(2))
    health = thread.bus.health()
    assert (health[1].problem, health[1].confirmed) == (None, True)
    assert (health[2].problem, health[2].confirmed) == ("display_silent", False)
    thread.put(3, NEXT)
    assert line.until(lambda frame: frame.address == 3) == Frame(3, "C", True, "T013")
    line.answers = lambda frame: b"\x06%02d" % frame.address
    until(lambda: thread.bus.health()[2].problem is None)
    end(thread)


def test_a_frame_that_was_not_understood_is_sent_again(line: LedLine) -> None:
    answers = iter((b"noise\x15", b"\x1505", b"\x0604\x0605"))
    line.answers = lambda frame: next(answers, b"\x0605")
    thread = start({"driver": "serial", "port": line.port, "address": 5, "ack": True, "ack_ms": 80})
    thread.put(7, CALLED)
    assert [line.next() for _ in range(3)] == [Frame(5, "C", True, " 012")] * 3
    until(lambda: 7 in thread.bus.health() and thread.bus.health()[7].confirmed)
    end(thread)


def test_displays_of_different_speed_and_make_share_a_line(line: LedLine) -> None:
    ours = read_options({"driver": "serial", "port": line.port, "address": 1})
    theirs = read_options(
        {"driver": "template", "port": line.port, "baud": 38400, "frame": "[{digits}]", "gap_ms": 0}
    )
    assert bus_of(1, ours) == bus_of(2, theirs)
    thread = open_bus(line.port, {1: Wiring(ours, "demo", 1), 2: Wiring(theirs, "demo", 2)}, lambda: NOON)
    thread.put(1, CALLED)
    thread.put(2, NEXT)
    thread.start()
    assert line.next() == Frame(1, "C", True, " 012")
    heard = b""

    def foreign_frame() -> bool:
        nonlocal heard
        heard += line.raw.get(timeout=5)
        return b"[013]" in heard

    until(foreign_frame)
    end(thread)


def test_an_adapter_that_is_not_there_or_goes_away(line: LedLine) -> None:
    thread = start({"driver": "serial", "port": "/dev/no-such-adapter"})
    thread.put(7, CALLED)
    assert trouble(thread) == "display_offline"
    end(thread)
    thread = start({"driver": "serial", "port": line.port})
    thread.put(7, CALLED)
    line.next()
    line.pull_out()
    thread.put(7, NEXT)
    assert trouble(thread) == "display_offline"
    end(thread)


def test_a_parity_that_the_adapter_does_not_have(line: LedLine) -> None:
    thread = start({"driver": "serial", "port": line.port, "parity": "E"})  # a pseudo-terminal has none
    thread.put(7, CALLED)
    assert trouble(thread) == "display_offline"
    end(thread)


def test_a_serial_server_on_the_network_that_hangs_up_is_dialled_again() -> None:
    import socket

    listener = socket.create_server(("127.0.0.1", 0))
    thread = start({"driver": "serial", "port": f"socket://127.0.0.1:{listener.getsockname()[1]}"})
    thread.put(7, CALLED)
    first, _ = listener.accept()
    assert decode(first.recv(100))[0] == [Frame(1, "C", True, " 012")]
    first.close()
    thread.put(7, NEXT)
    second, _ = listener.accept()
    assert decode(second.recv(100))[0] == [Frame(1, "C", True, " 013")]
    end(thread)
    second.close()
    listener.close()


# MQTT

TOPIC = "kiosk/demo/counter/3"


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """A broker, and less patience with it than in a hall."""
    monkeypatch.setattr("kiosk.devices.displays.mqtt.ANSWER_SECONDS", 0.5)
    running = Broker()
    yield running
    running.close()


def mqtt(broker: Broker, **more: Any) -> BusThread:
    return start({"driver": "mqtt", "host": "127.0.0.1", "port": broker.port, **more})


def test_a_state_is_retained_at_the_broker(broker: Broker) -> None:
    thread = mqtt(broker)
    thread.put(7, CALLED)
    said = broker.said.get(timeout=20)
    assert (said.topic, said.qos, said.retain) == (TOPIC, 1, True)
    assert json.loads(said.body) == dataclasses.asdict(CALLED)
    thread.put(7, FREE)
    assert json.loads(broker.said.get(timeout=20).body)["state"] == "free"
    assert until(lambda: thread.bus.health().get(7)).confirmed
    end(thread)
    last = broker.said.get(timeout=20)
    assert (json.loads(last.body)["state"], last.will) == ("away", False)
    assert broker.said.empty()


def test_the_broker_says_away_when_we_are_cut_off_and_hears_the_newest_when_we_are_back(
    broker: Broker,
) -> None:
    thread = mqtt(broker)
    thread.put(7, CALLED)
    assert not broker.said.get(timeout=20).will
    broker.cut()
    will, again = broker.said.get(timeout=20), broker.said.get(timeout=20)
    if not will.will:  # the broker may notice later than we do
        will, again = again, will
    assert (will.will, json.loads(will.body)["state"], json.loads(will.body)["counter"]) == (True, "away", 3)
    assert (again.will, json.loads(again.body)["digits"]) == (False, "012")
    end(thread)


def test_a_broker_that_takes_messages_and_says_nothing_never_gets_old_ones_later(broker: Broker) -> None:
    broker.mute = True
    thread = mqtt(broker)
    thread.put(7, CALLED)
    assert trouble(thread) == "display_silent"
    thread.put(7, NEXT)
    broker.mute = False
    said = broker.said.get(timeout=20)
    while said.will:
        said = broker.said.get(timeout=20)
    assert json.loads(said.body)["digits"] == "013"
    end(thread)
    assert b'"012"' not in b"".join(broker.retained.values())


def test_a_password_is_asked_for(broker: Broker) -> None:
    broker.password = b"s3"
    thread = mqtt(broker, user="kiosk", password="sai")
    thread.put(7, CALLED)
    assert trouble(thread) == "display_refused"
    end(thread)
    thread = mqtt(broker, user="kiosk", password="s3", topic="quầy/ba")
    thread.put(7, CALLED)
    assert broker.said.get(timeout=20).topic == "quầy/ba"
    end(thread)


def test_a_broker_that_never_welcomes_and_one_that_is_not_there(broker: Broker) -> None:
    broker.deaf = True
    thread = mqtt(broker)
    thread.put(7, CALLED)
    assert trouble(thread) == "display_silent"
    end(thread)
    broker.close()
    thread = mqtt(broker)
    thread.put(7, CALLED)
    assert trouble(thread) == "display_offline"
    end(thread)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
# paho leaves the socket of a failed handshake to the garbage collector
def test_a_broker_without_a_certificate_is_not_spoken_to(broker: Broker) -> None:
    thread = mqtt(broker, tls=True)
    thread.put(7, CALLED)
    broker.cut()
    until(lambda: broker.cut() or thread.bus.health().get(7))
    assert trouble(thread) == "display_offline"
    assert broker.said.empty()
    end(thread)


# HTTP


def test_a_state_is_posted_and_signed() -> None:
    with http_display() as (url, posted, _):
        thread = start({"driver": "http", "url": url, "auth": "hmac", "secret": "khoá"})
        thread.put(7, CALLED)
        got = posted.get(timeout=20)
        assert json.loads(got.body) == {**dataclasses.asdict(CALLED), "sent_at": NOON.isoformat()}
        signature = hmac.new("khoá".encode(), got.body, hashlib.sha256).hexdigest()
        assert got.headers["X-Kiosk-Signature"] == f"sha256={signature}"
        assert until(lambda: thread.bus.health().get(7)).confirmed
        end(thread)
        assert json.loads(posted.get(timeout=20).body)["state"] == "away"


def test_a_bearer_token_is_sent_and_a_redirect_is_not_followed() -> None:
    with http_display() as (url, posted, answers):
        answers += [302, 302]
        thread = start({"driver": "http", "url": url, "auth": "bearer", "secret": "abc"})
        thread.put(7, CALLED)
        assert posted.get(timeout=20).headers["Authorization"] == "Bearer abc"
        assert trouble(thread) == "display_refused"
        until(lambda: thread.bus.health()[7].problem is None)
        end(thread)
        assert {posted.get(timeout=20).path for _ in range(2)} == {"/quay/3"}


def test_a_display_that_is_overworked_gets_the_newest_state_later() -> None:
    with http_display() as (url, posted, answers):
        answers += [503, 503]
        thread = start({"driver": "http", "url": url})
        thread.put(7, CALLED)
        assert trouble(thread) == "display_offline"
        thread.put(7, NEXT)
        shown = [json.loads(posted.get(timeout=20).body)["digits"] for _ in range(3)]
        assert shown == ["012", "012", "013"]
        end(thread)


def test_nobody_at_the_address() -> None:
    thread = start({"driver": "http", "url": "http://127.0.0.1:9/quay"})
    thread.put(7, CALLED)
    assert trouble(thread) == "display_offline"
    end(thread)
