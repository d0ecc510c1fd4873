"""Call buttons and the displays that ask: one press is one call, at the button's own counter and never in a rush."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest

from kiosk.database import bookkeeping, connection
from kiosk.domain.errors import DomainError
from kiosk.domain.permissions import DEVICE_RIGHTS, Actor, DeviceKind, PairedDevice
from kiosk.models import Counter, Device, Ticket
from kiosk.plugin import gate
from kiosk.services.press_button import PRESSES, press_button
from tests.api.desk import Caller, Desk, answered, contents, refused
from tests.factories import make_device

ROUNDS = 6


def button(desk: Desk, counter: Any = None, name: str = "Nút bấm 1") -> Caller:
    """A paired button of a counter (the first one, if none is named)."""
    device = make_device("button", name, desk.place.office, counter=counter or desk.place.counter)
    return Caller(desk.app, token=device.token)


def display(desk: Desk, counter: Any = None) -> Caller:
    device = make_device("display", "Màn hình 1", desk.place.office, counter=counter or desk.place.counter)
    return Caller(desk.app, token=device.token)


def press(desk: Desk, caller: Caller, what: str = "call", key: str = "") -> Any:
    """A press, two seconds after whatever was before it."""
    desk.clock.pass_(seconds=2)
    return caller.post(f"/api/v1/button/{what}", key=key)


def test_a_morning_with_the_button(desk: Desk) -> None:
    own = button(desk)
    assert press(desk, own).status_code == 204, "nobody is waiting"
    for _ in range(3):
        desk.issue()
    assert answered(press(desk, own)) == {"label": "T001", "digits": "001", "counter": 1, "state": "called"}
    assert answered(press(desk, own, "recall")) == {
        "label": "T001", "digits": "001", "counter": 1, "state": "called",
    }  # fmt: skip
    assert answered(press(desk, own))["label"] == "T002", "the first visit ended with the call"
    assert answered(press(desk, own, "no_show")) == {
        "label": "T002", "digits": "002", "counter": 1, "state": "no_show",
    }  # fmt: skip
    assert answered(press(desk, own))["label"] == "T003"
    assert press(desk, own).status_code == 204
    with connection():
        states = [(t.label, str(t.state)) for t in Ticket.select().order_by(Ticket.id)]
    assert states == [("T001", "finished"), ("T002", "no_show"), ("T003", "finished")]


@pytest.mark.parametrize("what", ["recall", "no_show"])
def test_recall_and_no_show_want_a_called_number(sqlite_desk: Desk, what: str) -> None:
    desk, own = sqlite_desk, button(sqlite_desk)
    refused(press(desk, own, what), 409, "nothing_called")
    ticket = desk.issue()["id"]
    desk.issue()
    refused(press(desk, own, what), 409, "nothing_called")
    press(desk, own)
    desk.who("officer").post(f"/api/v1/tickets/{ticket}/moves", {"move": "start"})
    refused(press(desk, own, what), 409, "nothing_called")
    press(desk, own)
    desk.clock.pass_(hours=24)
    refused(press(desk, own, what), 409, "nothing_called")


def test_an_unknown_button_a_shut_counter_and_a_button_without_one(sqlite_desk: Desk) -> None:
    desk, own = sqlite_desk, button(sqlite_desk)
    assert refused(press(desk, own, "party"), 404, "unknown_press")["allowed"] == list(PRESSES)
    homeless = make_device("button", "Nút 2", desk.place.office)
    refused(press(desk, Caller(desk.app, token=homeless.token)), 409, "device_without_counter")
    with bookkeeping():
        Counter.update(open=False).where(Counter.id == desk.place.counter.id).execute()
    refused(press(desk, own), 409, "counter_closed")


def test_the_same_key_is_the_same_press_also_within_the_second(desk: Desk) -> None:
    own = button(desk)
    for _ in range(2):
        desk.issue()
    first = press(desk, own, key="a-press")
    again = own.post("/api/v1/button/call", key="a-press")
    assert (answered(again), again.headers["Idempotency-Replayed"]) == (answered(first), "true")
    refused(own.post("/api/v1/button/recall", key="a-press"), 409, "idempotency_key_reused")
    with connection():
        assert [str(t.state) for t in Ticket.select().order_by(Ticket.id)] == ["called", "waiting"]


def test_presses_come_no_faster_than_a_hand(desk: Desk) -> None:
    own, twin = button(desk), button(desk, name="Nút bấm 2")
    elsewhere = button(desk, desk.place.second, "Nút bấm 3")
    for _ in range(4):
        desk.issue()
    assert answered(press(desk, own))["label"] == "T001"
    before = contents()
    for hasty in (own, twin):
        desk.clock.pass_(milliseconds=400)
        response = hasty.post("/api/v1/button/call", key=f"k{id(hasty)}")
        refused(response, 429, "too_many_presses")
        assert response.headers["Retry-After"] == "1"
    assert contents() == before
    assert answered(elsewhere.post("/api/v1/button/call"))["label"] == "T002"
    desk.clock.pass_(milliseconds=200)
    assert answered(twin.post("/api/v1/button/call"))["label"] == "T003"


def test_a_press_that_was_refused_counts_as_well(sqlite_desk: Desk) -> None:
    own = button(sqlite_desk)
    refused(press(sqlite_desk, own, "recall", key="one"), 409, "nothing_called")
    refused(own.post("/api/v1/button/recall", key="two"), 429, "too_many_presses")


def test_two_buttons_pressed_at_the_same_moment_call_one_number(desk: Desk) -> None:
    pair = [button(desk), button(desk, name="Nút bấm 2")]
    for _ in range(ROUNDS):
        desk.issue()
    labels = []
    for _ in range(ROUNDS):
        desk.clock.pass_(seconds=2)
        answers = at_once([lambda own=own: own.post("/api/v1/button/call") for own in pair])
        assert sorted(answer.status_code for answer in answers) == [200, 429]
        labels += [answered(answer)["label"] for answer in answers if answer.status_code == 200]
    assert labels == [f"T{n:03}" for n in range(1, ROUNDS + 1)]


def test_presses_side_by_side_never_call_the_same_number(desk: Desk) -> None:
    """Without the pause between presses, which alone would hide it."""
    for _ in range(8):
        desk.issue()
    devices = [
        make_device("button", f"Nút {n}", desk.place.office, counter=desk.place.counter) for n in range(8)
    ]

    def call(device: Device) -> str:
        paired = PairedDevice(
            device.id, device.name, DeviceKind.BUTTON, "main", None, counter=device.counter_id
        )
        actor = Actor(desk.place.office.id, device=paired, permissions=DEVICE_RIGHTS[DeviceKind.BUTTON])
        with gate.breath(), connection():
            called = press_button("call", actor, desk.clock.moment)
        assert called is not None
        return called["label"]

    labels = at_once([lambda device=device: call(device) for device in devices])
    assert sorted(labels) == [f"T{n:03}" for n in range(1, 9)]


def at_once(doings: list[Any]) -> list[Any]:
    """What each brings back, all begun at the same moment."""
    door = threading.Barrier(len(doings))
    brought: list[Any] = []

    def take_part(doing: Any) -> None:
        door.wait(20)
        brought.append(doing())

    threads = [threading.Thread(target=take_part, args=(doing,)) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(brought) == len(doings)
    return brought


def test_a_button_does_nothing_else_and_nobody_else_presses_it(sqlite_desk: Desk) -> None:
    desk, own = sqlite_desk, button(sqlite_desk)
    refused(own.post(f"/api/v1/counters/{desk.place.counter.id}/next", {}), 403, "not_allowed")
    refused(own.post("/api/v1/tickets", {"line": desk.place.justice.id}), 403, "not_allowed")
    for who in ("kiosk", "board", "admin"):
        refused(desk.who(who).post("/api/v1/button/call"), 403, "not_allowed")
    refused(display(desk).post("/api/v1/button/call"), 403, "not_allowed")
    refused(desk.who("nobody").post("/api/v1/button/call"), 401, "not_signed_in")
    with bookkeeping():
        Device.update(revoked_at=desk.clock.moment).where(Device.kind == "button").execute()
    refused(own.post("/api/v1/button/call"), 401, "token_revoked")


def test_an_actor_may_serve_only_at_its_own_counter(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    paired = PairedDevice(1, "Nút", DeviceKind.BUTTON, "main", None, counter=desk.place.counter.id)
    actor = Actor(desk.place.office.id, device=paired)
    assert actor.may_serve_at(desk.place.counter.id)
    with pytest.raises(DomainError, match="not_your_counter"):
        actor.require_counter(desk.place.second.id)


def test_a_display_asks_and_hears_only_what_changed(desk: Desk) -> None:
    own = display(desk)
    shown = own.get("/api/v1/display")
    assert answered(shown) == {
        "label": "", "digits": "", "blink": False, "state": "free", "counter": 1, "seq": 0, "at": "",
    }  # fmt: skip
    desk.issue()
    desk.issue(desk.place.transport)
    assert own.get("/api/v1/display", **{"If-None-Match": shown.headers["ETag"]}).status_code == 304
    called = desk.call()
    body = answered(own.get("/api/v1/display"))
    assert (body["label"], body["digits"], body["blink"], body["state"]) == ("T001", "001", True, "called")
    assert datetime.fromisoformat(body["at"]) == desk.clock.moment
    desk.clock.pass_(seconds=10)
    assert answered(own.get("/api/v1/display"))["blink"] is False
    desk.who("officer").post(f"/api/v1/tickets/{called['id']}/moves", {"move": "recall"})
    recalled = answered(own.get("/api/v1/display"))
    assert (recalled["blink"], recalled["seq"] > body["seq"]) == (True, True)
    desk.who("officer").post(f"/api/v1/tickets/{called['id']}/moves", {"move": "start"})
    serving = answered(own.get("/api/v1/display"))
    assert (serving["state"], serving["blink"], serving["seq"]) == ("serving", False, recalled["seq"])


def test_who_may_see_a_display(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    assert answered(button(desk).get("/api/v1/display"))["counter"] == 1
    homeless = make_device("display", "Màn hình 9", desk.place.office)
    refused(Caller(desk.app, token=homeless.token).get("/api/v1/display"), 409, "device_without_counter")
    for who in ("kiosk", "board", "admin"):
        refused(desk.who(who).get("/api/v1/display"), 403, "not_allowed")
