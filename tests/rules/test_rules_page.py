"""The rules by the manager: read in words, tried, applied, copied, taken back; and the same through the API."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kiosk.database import bookkeeping
from kiosk.domain.queueing import LANES, LineRule
from kiosk.models import Counter, Journal, Line, User
from tests.api.desk import Desk, answered, refused
from tests.rules.past import PAST, visit

FORM = {"Content_Type": "application/x-www-form-urlencoded"}
PLACES = {"priority": 1, "appointment": 2, "returning": 3, "normal": 4, "bulk": 5}


@pytest.fixture
def hall(sqlite_desk: Desk) -> Desk:
    """The app, believing its own forms, with a Friday behind it."""
    sqlite_desk.app.config["WTF_CSRF_ENABLED"] = False
    place = sqlite_desk.place
    for n in range(5):
        visit(place.justice, place.counter, "08:00", f"08:{10 + 5 * n}", 5)
    visit(place.justice, place.counter, "08:05", "08:35", 5, priority="elderly")
    return sqlite_desk


def form(mode: str = "ratio", **changes: Any) -> bytes:
    """The form of a line as a browser sends it."""
    fields: dict[str, Any] = {
        "mode": mode,
        "bulk_from": 0,
        "target_minutes": 20,
        "day": PAST.date().isoformat(),
    }
    for lane in map(str, LANES):
        fields |= {f"place-{lane}": PLACES[lane], f"share-{lane}": 1, f"latest-{lane}": ""}
    fields |= changes
    return "&".join(f"{key.replace('_lane_', '-')}={value}" for key, value in fields.items()).encode()


def see(desk: Desk, path: str, who: str = "manager", language: str = "vi") -> str:
    response = desk.who(who, language).get(path)
    assert response.status_code == 200, response.status
    return response.get_data(as_text=True)


def send(desk: Desk, path: str, sent: bytes = b"", who: str = "manager") -> Any:
    return desk.who(who).post(path, sent, **FORM)


def text_of(page: Any) -> str:
    html = page if isinstance(page, str) else page.get_data(as_text=True)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def rule_of(line: Any) -> LineRule:
    with bookkeeping():
        return LineRule.from_json(Line.get_by_id(line.id).rule)


def test_a_rule_is_told_as_an_officer_would_say_it(hall: Desk) -> None:
    page = text_of(see(hall, "/admin/rules"))
    assert "Mỗi vòng gọi lần lượt 3 lượt ưu tiên, 2 lượt hẹn trước" in page
    assert "ưu tiên 20 phút" in page
    assert "Ai đến trước được gọi trước." in page, "how counters mix their lines"
    assert "quầy 3." in page, "it serves one line"
    assert "3 × priority" in text_of(see(hall, "/admin/rules", language="en"))


def test_a_rule_is_tried_before_it_holds(hall: Desk) -> None:
    line = hall.place.justice
    answer = send(
        hall,
        f"/admin/rules/lines/{line.id}/try",
        form(**{"share-normal": 5, "place-normal": 1, "place-priority": 2}),
    )
    page = text_of(answer)
    assert "Thử trên ngày 20/11/2026" in page
    assert "Hàng T, cùng 6 lượt đến" in page
    assert "5,0 → 30 ▲ kém hơn" in page, "the wait of those with priority"
    assert 'name="share-normal" min="1" max="20" value="5"' in answer.get_data(as_text=True), (
        "what was typed stays"
    )
    assert rule_of(line) == LineRule()
    with bookkeeping():
        assert not Journal.select().where(Journal.kind == "rule.changed").exists()


def test_a_rule_is_applied_and_taken_back(hall: Desk) -> None:
    line = hall.place.justice
    applied = send(
        hall,
        f"/admin/rules/lines/{line.id}",
        form(**{"share-normal": 4, "latest-normal": 45, "target_minutes": 15}),
    )
    assert (applied.status_code, applied.location) == (303, f"/admin/rules?line={line.id}#form")
    rule = rule_of(line)
    assert (rule.lanes.share("normal"), rule.lanes.latest, rule.target_minutes) == (4, {"normal": 45}, 15)
    page = see(hall, "/admin/rules")
    seq = re.search(r"/admin/rules/changes/(\d+)/back", page)
    assert seq is not None
    assert send(hall, seq[0]).status_code == 303
    assert rule_of(line) == LineRule()


def test_what_is_refused_is_said_and_nothing_is_lost(hall: Desk) -> None:
    line = hall.place.justice
    starving = send(hall, f"/admin/rules/lines/{line.id}", form("strict", **{"latest-bulk": 90}))
    assert starving.status_code == 422
    assert "để không ai phải chờ mãi" in text_of(starving)
    assert 'value="90"' in starving.get_data(as_text=True)
    assert send(hall, f"/admin/rules/lines/{line.id}/try", form("strict")).status_code == 422
    assert send(hall, f"/admin/rules/lines/{line.id}", form("lottery")).status_code == 422
    assert send(hall, f"/admin/rules/lines/{line.id}", form(**{"share-bulk": "x"})).status_code == 422
    assert send(hall, f"/admin/rules/lines/{line.id}/try", form(day="2026-11-19")).status_code == 422
    assert send(hall, f"/admin/rules/lines/{line.id}/try", form(day="gestern")).status_code == 422
    for path in ("lines/9999", "lines/9999/try", "lines/9999/copy", "counters/9999", "counters/9999/try"):
        assert send(hall, f"/admin/rules/{path}", b"lines=1").status_code == 404, path
    assert send(hall, "/admin/rules/changes/9999/back").status_code == 404
    assert rule_of(line) == LineRule()


def test_a_rule_is_copied_to_other_lines(hall: Desk) -> None:
    line, other = hall.place.justice, hall.place.transport
    send(hall, f"/admin/rules/lines/{line.id}", form("weighted"))
    assert send(hall, f"/admin/rules/lines/{line.id}/copy", f"lines={other.id}".encode()).status_code == 303
    assert rule_of(other) == rule_of(line) != LineRule()
    assert send(hall, f"/admin/rules/lines/{line.id}/copy").status_code == 422


def test_a_counter_mixes_its_lines(hall: Desk) -> None:
    line, other, counter = hall.place.justice, hall.place.transport, hall.place.counter
    sent = (
        f"mode=ratio&place-{line.id}=1&share-{line.id}=2&place-{other.id}=2&share-{other.id}=1&day=2026-11-20"
    )
    tried = send(hall, f"/admin/rules/counters/{counter.id}/try", sent.encode())
    assert "Thử trên ngày 20/11/2026" in text_of(tried)
    assert send(hall, f"/admin/rules/counters/{counter.id}", sent.encode()).status_code == 303
    with bookkeeping():
        assert Counter.get_by_id(counter.id).rule["lines"]["mode"] == "ratio"
    assert "2 lượt hàng T, 1 lượt hàng G" in text_of(see(hall, f"/admin/rules?counter={counter.id}"))


def test_rules_are_for_managers(hall: Desk) -> None:
    assert hall.who("officer").get("/admin/rules").status_code == 403
    refused(hall.who("officer").get("/api/v1/rules"), 403, "not_allowed")


def test_the_api_changes_and_tries_rules(hall: Desk) -> None:
    line, counter, manager = hall.place.justice, hall.place.counter, hall.who("manager")
    rules = answered(manager.get("/api/v1/rules"))
    assert [each["prefix"] for each in rules["lines"]] == ["G", "Q", "T"]
    rule = {**rules["lines"][2]["rule"], "target_minutes": 5}
    told = answered(manager.post("/api/v1/rules/replay", {"lines": {str(line.id): rule}}))
    assert (told["day"], told["all"]["now"]["over_target"], told["all"]["tried"]["over_target"]) == (
        "2026-11-20", 3, 5,
    )  # fmt: skip
    assert manager.post(f"/api/v1/rules/lines/{line.id}", {"rule": rule}).status_code == 204
    assert rule_of(line).target_minutes == 5
    mixed = {"lines": {"mode": "ratio", "parts": [{"key": str(line.id), "share": 2}], "latest": {}}}
    assert manager.post(f"/api/v1/rules/counters/{counter.id}", {"rule": mixed}).status_code == 204
    assert answered(manager.get("/api/v1/rules"))["counters"][0]["rule"] == mixed


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("rules/replay", {"lines": {"999": {}}}, 422, "unknown_line"),
        ("rules/replay", {"counters": {"x": {}}}, 422, "unknown_counter"),
        ("rules/replay", {"day": "2026-11-01"}, 422, "replay_empty_day"),
        ("rules/replay", {"lines": {"{justice}": {"bulk_from": 1}}}, 422, "rule_bulk_out_of_range"),
        ("rules/lines/{justice}", {"rule": {"lanes": []}}, 422, "rule_malformed"),
        ("rules/lines/999", {"rule": {}}, 404, "unknown_line"),
        ("rules/counters/{counter}", {"rule": {"lines": 3}}, 422, "rule_malformed"),
    ],
)
def test_a_bad_rule_is_refused_by_the_api(hall: Desk, path: str, body: Any, status: int, code: str) -> None:
    names = hall.place.names()
    kinds = {
        kind: {key.format(**names): rule for key, rule in body[kind].items()}
        for kind in ("lines",)
        if kind in body
    }
    refused(hall.who("manager").post(f"/api/v1/{path.format(**names)}", {**body, **kinds}), status, code)


def test_a_single_officer_may_be_allowed_to_pick(hall: Desk) -> None:
    officer, counter = hall.place.officer, hall.place.counter
    ticket = hall.issue()
    pick = {"pick": ticket["id"], "reason": "người nhà đang cấp cứu"}
    path = f"/api/v1/counters/{counter.id}/next"
    refused(hall.who("officer").post(path, pick), 403, "not_allowed")
    sent = f"display_name=Lan&role=officer&counters={counter.id}"
    assert (
        send(hall, f"/admin/users/{officer.id}", f"{sent}&may_pick=yes".encode(), "admin").status_code == 303
    )
    assert 'name="may_pick" value="yes" checked' in see(hall, f"/admin/users?edit={officer.id}", "admin")
    assert answered(hall.who("officer").post(path, pick))["id"] == ticket["id"]
    send(hall, f"/admin/users/{officer.id}", sent.encode(), "admin")
    with bookkeeping():
        assert User.get_by_id(officer.id).extra_rights == []
