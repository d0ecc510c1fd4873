"""Whatever comes in, each wrong thing has its own stable code, a sentence in both languages, and leaves no row."""

from __future__ import annotations

import json
import unicodedata
from datetime import timedelta
from typing import Any

import pytest

from kiosk.models import Device, Person
from tests.api.desk import APPLICATION, Desk, answered, contents, counts, enable_row, refused

HUGE = 10**30
MEGABYTE = "Nguyễn " * 150_000
TICKETS, DOSSIERS, NEXT = "/api/v1/tickets", "/api/v1/dossiers", "/api/v1/counters/{counter}/next"
FREE = "/api/v1/counters/{second}/next"
"""A counter with nobody at it."""
REPORT = "/api/v1/reports/period-summary"


def applicant(**fields: Any) -> dict[str, Any]:
    return {**APPLICATION, "applicant": {"name": "Trần Văn An", **fields}}


def dossier(**fields: Any) -> dict[str, Any]:
    return {**APPLICATION, **fields}


def certified(**answers: Any) -> dict[str, Any]:
    return {"procedure": "2.000488", "applicant": {"name": "Lê Thị Bình"}, "answers": answers}


def line(**fields: Any) -> dict[str, Any]:
    return {"line": "{justice}", **fields}


POSTS: list[tuple[str, str, Any, int, str]] = [
    # wishes for a number
    ("kiosk", TICKETS, {"line": 999_999}, 404, "unknown_line"),
    ("kiosk", TICKETS, {"line": "{other_line}"}, 404, "unknown_line"),
    ("kiosk", TICKETS, {"line": "{closed}"}, 409, "line_closed"),
    ("kiosk", TICKETS, {}, 422, "line_or_procedure"),
    ("kiosk", TICKETS, line(procedure="1.002809"), 422, "line_or_procedure"),
    ("kiosk", TICKETS, {"procedure": "9.999999"}, 404, "unknown_procedure"),
    ("kiosk", TICKETS, line(office="khac"), 403, "foreign_office"),
    ("kiosk", TICKETS, line(office="nowhere"), 404, "unknown_office"),
    ("kiosk", TICKETS, line(priority="vip"), 422, "unknown_priority"),
    ("kiosk", TICKETS, line(language="fr"), 422, "unknown_language"),
    ("kiosk", TICKETS, line(dossiers=0), 422, "out_of_range"),
    ("kiosk", TICKETS, line(dossiers=100), 422, "out_of_range"),
    ("kiosk", TICKETS, line(dossiers=True), 422, "wrong_type"),
    ("kiosk", TICKETS, line(dossiers=1.5), 422, "wrong_type"),
    ("kiosk", TICKETS, {"line": HUGE}, 422, "out_of_range"),
    ("kiosk", TICKETS, {"line": -1}, 422, "out_of_range"),
    ("kiosk", TICKETS, {"line": "một"}, 422, "wrong_type"),
    ("kiosk", TICKETS, {"line": [1]}, 422, "wrong_type"),
    ("kiosk", TICKETS, {"line": float("nan")}, 422, "wrong_type"),
    ("kiosk", TICKETS, line(name="Trần Văn An"), 422, "unknown_field"),
    ("kiosk", TICKETS, {"procedure": "x" * 81}, 422, "text_too_long"),
    ("kiosk", TICKETS, {"procedure": "\ud800"}, 400, "malformed_json"),
    # bodies that are no object
    ("kiosk", TICKETS, b'{"line": 1', 400, "malformed_json"),
    ("kiosk", TICKETS, b"\xff\xfe\x00", 400, "malformed_json"),
    ("kiosk", TICKETS, b'"\xc3("', 400, "malformed_json"),
    ("kiosk", TICKETS, b'{"procedure": "\\u0000"}', 400, "malformed_json"),
    ("kiosk", TICKETS, b"[" * 30_000 + b"]" * 30_000, 400, "malformed_json"),
    ("kiosk", TICKETS, [], 422, "not_an_object"),
    ("kiosk", TICKETS, "{}", 422, "not_an_object"),
    ("kiosk", TICKETS, b'"{\\"procedure\\": \\"\\u005cu0000\\"}"', 422, "not_an_object"),
    ("kiosk", TICKETS, b"null", 422, "not_an_object"),
    ("kiosk", TICKETS, 7, 422, "not_an_object"),
    ("kiosk", TICKETS, b"NaN", 422, "not_an_object"),
    ("kiosk", TICKETS, {"procedure": MEGABYTE}, 413, "too_large"),
    # who asks
    ("nobody", TICKETS, line(), 401, "not_signed_in"),
    ("board", TICKETS, line(), 403, "not_allowed"),
    ("kiosk", NEXT, {}, 403, "not_allowed"),
    ("other_kiosk", TICKETS, line(), 404, "unknown_line"),
    ("kiosk", DOSSIERS, APPLICATION, 403, "not_allowed"),
    ("officer", "/api/v1/plugins/justice/disable", {}, 403, "not_allowed"),
    # calls
    ("officer", "/api/v1/counters/{second}/next", {}, 403, "not_your_counter"),
    ("manager", "/api/v1/counters/{other_counter}/next", {}, 404, "unknown_counter"),
    ("manager", "/api/v1/counters/999999/next", {}, 404, "unknown_counter"),
    ("manager", f"/api/v1/counters/{HUGE}/next", {}, 404, "not_found"),
    ("colleague", FREE, {"line": 999_999}, 404, "unknown_line"),
    ("colleague", FREE, {"line": "{other_line}"}, 404, "unknown_line"),
    ("colleague", FREE, {"line": "{closed}"}, 422, "line_not_served"),
    ("officer", NEXT, {"exclude": "1"}, 422, "wrong_type"),
    ("colleague", FREE, {"exclude": [HUGE]}, 422, "out_of_range"),
    ("officer", NEXT, {"exclude": list(range(51))}, 422, "list_too_long"),
    ("officer", NEXT, {"finish": "yes"}, 422, "wrong_type"),
    # moves of a ticket; {ticket} waits, {called} stands at the counter
    ("officer", TICKETS + "/{ticket}/moves", {"move": "start"}, 409, "illegal_move"),
    ("officer", TICKETS + "/{ticket}/moves", {"move": "call"}, 403, "call_through_counter"),
    ("officer", TICKETS + "/{ticket}/moves", {"move": "dance"}, 422, "unknown_move"),
    ("officer", TICKETS + "/{ticket}/moves", {}, 422, "missing_field"),
    ("officer", TICKETS + "/{ticket}/moves", {"move": "x" * 21}, 422, "text_too_long"),
    ("officer", TICKETS + "/999999/moves", {"move": "start"}, 404, "unknown_ticket"),
    ("other_admin", TICKETS + "/{called}/moves", {"move": "start"}, 404, "unknown_ticket"),
    ("colleague", TICKETS + "/{called}/moves", {"move": "start"}, 403, "not_your_counter"),
    ("officer", NEXT, {}, 409, "counter_busy"),
    # dossiers
    ("officer", DOSSIERS, {"procedure": "1.002809"}, 422, "missing_field"),
    ("officer", DOSSIERS, dossier(applicant=[]), 422, "wrong_type"),
    ("officer", DOSSIERS, applicant(name=""), 422, "text_empty"),
    ("officer", DOSSIERS, applicant(name="   \u200b "), 422, "text_empty"),
    ("officer", DOSSIERS, applicant(name=None), 422, "text_empty"),
    ("officer", DOSSIERS, applicant(name=7), 422, "wrong_type"),
    ("officer", DOSSIERS, applicant(name="Trần 😀 An"), 422, "text_not_allowed"),
    ("officer", DOSSIERS, applicant(name="Trần\x07An"), 422, "text_not_allowed"),
    ("officer", DOSSIERS, applicant(name="Trần\x1b@An"), 422, "text_not_allowed"),
    ("officer", DOSSIERS, applicant(name="\ud800"), 400, "malformed_json"),
    ("officer", DOSSIERS, applicant(name="ả" * 121), 422, "text_too_long"),
    ("officer", DOSSIERS, applicant(name="Nguyễn " * 5_000), 422, "text_too_long"),
    ("officer", DOSSIERS, applicant(name=MEGABYTE), 413, "too_large"),
    ("officer", DOSSIERS, applicant(nickname="An"), 422, "unknown_field"),
    ("officer", DOSSIERS, applicant(kind="robot"), 422, "applicant_kind_unknown"),
    ("officer", DOSSIERS, applicant(kind=["person"]), 422, "applicant_kind_unknown"),
    ("officer", DOSSIERS, applicant(id_number="123"), 422, "id_number_malformed"),
    ("officer", DOSSIERS, applicant(phone="12"), 422, "phone_malformed"),
    ("officer", DOSSIERS, applicant(email="a@b"), 422, "email_malformed"),
    ("officer", DOSSIERS, applicant(born="2999-01-01"), 422, "date_in_future"),
    ("officer", DOSSIERS, applicant(born="1799-01-01"), 422, "date_too_early"),
    ("officer", DOSSIERS, applicant(born="31/02/2000"), 422, "date_malformed"),
    ("officer", DOSSIERS, dossier(procedure="9.999999"), 404, "unknown_procedure"),
    ("officer", DOSSIERS, dossier(components=["Giấy lạ"]), 422, "unknown_component"),
    ("officer", DOSSIERS, dossier(components=["\ud800"]), 400, "malformed_json"),
    ("officer", DOSSIERS, dossier(components=[{"name": {}}]), 422, "unknown_component"),
    ("officer", DOSSIERS, dossier(components=["x"] * 101), 422, "list_too_long"),
    ("officer", DOSSIERS, dossier(components=[{"name": APPLICATION["components"][0], "copies": -1}]), 422,
     "sheets_out_of_range"),
    ("officer", DOSSIERS, dossier(components=[{"name": APPLICATION["components"][0], "copies": "2"}]), 422,
     "wrong_type"),
    ("officer", DOSSIERS, dossier(answers={"colour": "red"}), 422, "unknown_answer"),
    ("officer", DOSSIERS, certified(slips=0), 422, "answer_malformed"),
    ("officer", DOSSIERS, certified(slips=HUGE), 422, "answer_malformed"),
    ("officer", DOSSIERS, certified(slips=float("nan")), 422, "answer_malformed"),
    ("officer", DOSSIERS, certified(slip_kind=["slip_1"]), 422, "answer_malformed"),
    ("officer", DOSSIERS, certified(slip_kind={}), 422, "answer_malformed"),
    ("officer", DOSSIERS, certified(slip_kind="slip_2", by_proxy=True), 422, "intake_refused"),
    ("officer", DOSSIERS, dossier(channel="pigeon"), 422, "unknown_channel"),
    ("officer", DOSSIERS, dossier(delivery="pigeon"), 422, "unknown_delivery"),
    ("officer", DOSSIERS, dossier(ticket=999_999), 404, "unknown_ticket"),
    ("officer", DOSSIERS, dossier(ticket="{ticket}"), 409, "ticket_not_at_counter"),
    ("colleague", DOSSIERS, dossier(ticket="{called}"), 403, "not_your_counter"),
    ("officer", DOSSIERS + "/preview", {"procedure": "9.999999"}, 404, "unknown_procedure"),
    ("officer", DOSSIERS + "/preview", {"procedure": "2.000488", "answers": {"slip_kind": []}}, 422,
     "answer_malformed"),
    # moves of a dossier
    ("officer", DOSSIERS + "/{code}/moves", {"move": "hand_over"}, 409, "illegal_move"),
    ("officer", DOSSIERS + "/{code}/moves", {"move": "burn"}, 422, "unknown_move"),
    ("officer", DOSSIERS + "/{code}/moves", {"move": "finish", "on": "2026-11-24"}, 422, "date_in_future"),
    ("officer", DOSSIERS + "/{code}/moves", {"move": "finish", "on": "2026-11-22"}, 422, "date_before_last_move"),
    ("officer", DOSSIERS + "/{code}/moves", {"move": "finish", "on": "0001-01-01"}, 422, "date_before_last_move"),
    ("officer", DOSSIERS + "/{code}/moves", {"move": "finish", "on": "hôm nay"}, 422, "date_malformed"),
    ("officer", DOSSIERS + "/{code}/moves", {"move": "finish", "on": "2026-02-30"}, 422, "date_malformed"),
    ("officer", DOSSIERS + "/{code}/moves", {"move": "apologise"}, 422, "date_needed"),
    ("officer", DOSSIERS + "/{code}/moves", {"move": "apologise", "on": "2026-11-25"}, 422, "date_not_later"),
    ("officer", DOSSIERS + "/{code}/moves", {"move": "apologise", "on": "2026-12-05"}, 422, "not_a_working_day"),
    ("officer", DOSSIERS + "/{code}/moves", {"move": "apologise", "on": "9999-12-31"}, 422,
     "calendar_year_missing"),
    ("officer", DOSSIERS + "/{code}/moves", {"move": "finish", "note": "😀"}, 422, "text_not_allowed"),
    ("officer", DOSSIERS + "/{code}/moves", {"move": "finish", "note": "x" * 2_001}, 422, "text_too_long"),
    ("officer", DOSSIERS + "/000.00.07.H02-261123-9999/moves", {"move": "finish"}, 404, "unknown_dossier"),
    ("other_admin", DOSSIERS + "/{code}/moves", {"move": "finish"}, 404, "unknown_dossier"),
    ("officer", DOSSIERS + "/" + "9" * 65 + "/moves", {"move": "finish"}, 422, "text_too_long"),
    # plugins, pairing, sign-in
    ("admin", "/api/v1/plugins/no_such/enable", {}, 404, "unknown_plugin"),
    ("admin", "/api/v1/plugins/plain_fees/disable", {}, 409, "plugin_always_on"),
    ("nobody", "/api/v1/devices/pair", {"code": "AAAAAAAA"}, 401, "pairing_code_wrong"),
    ("nobody", "/api/v1/devices/pair", {}, 422, "missing_field"),
    ("nobody", "/api/v1/session", {"username": "lan"}, 422, "missing_field"),
    ("nobody", "/api/v1/session", {"username": ["lan"], "password": "x"}, 422, "wrong_type"),
    ("nobody", "/api/v1/no-such-place", {}, 404, "not_found"),
    ("officer", "/api/v1/lines", {}, 405, "method_not_allowed"),
]  # fmt: skip

GETS: list[tuple[str, str, int, str]] = [
    ("officer", "/api/v1/counters/{second}", 403, "not_your_counter"),
    ("manager", "/api/v1/counters/{other_counter}", 404, "unknown_counter"),
    ("manager", f"/api/v1/counters/{HUGE}", 404, "not_found"),
    ("kiosk", TICKETS + "/999999/printing", 404, "unknown_ticket"),
    ("other_kiosk", TICKETS + "/{ticket}/printing", 404, "unknown_ticket"),
    ("nobody", "/api/v1/follow/" + "x" * 22, 404, "unknown_ticket"),
    ("nobody", "/api/v1/follow/" + "x" * 65, 422, "text_too_long"),
    ("nobody", "/api/v1/follow/%00", 400, "bad_request"),
    ("nobody", "/api/v1/lookup/rubbish", 422, "dossier_code_malformed"),
    ("nobody", "/api/v1/lookup/000.00.07.H02-261123-9999", 404, "unknown_dossier"),
    ("nobody", "/api/v1/lookup/%F0%9F%98%80", 422, "dossier_code_malformed"),
    ("other_admin", DOSSIERS + "/{code}", 404, "unknown_dossier"),
    ("officer", DOSSIERS + "?state=lost", 422, "unknown_state"),
    ("officer", DOSSIERS + "?page=0", 422, "out_of_range"),
    ("officer", DOSSIERS + "?page=x", 422, "wrong_type"),
    ("officer", DOSSIERS + f"?page={HUGE}", 422, "out_of_range"),
    ("officer", DOSSIERS + "?q=%00", 400, "bad_request"),
    ("officer", DOSSIERS + "?q=" + "x" * 121, 422, "text_too_long"),
    ("officer", "/api/v1/reports/period-summary?from=2026-11-01&to=2026-11-02", 403, "not_allowed"),
    ("manager", "/api/v1/reports/gossip?from=2026-11-01&to=2026-11-02", 404, "unknown_report"),
    ("manager", REPORT, 422, "missing_field"),
    ("manager", REPORT + "?from=2026-11-02&to=2026-11-01", 422, "period_reversed"),
    ("manager", REPORT + "?from=2026-11-01&to=2026-12-01", 422, "date_in_future"),
    ("manager", REPORT + "?from=0001-01-01&to=2026-11-01", 422, "date_too_early"),
    ("manager", REPORT + "?from=2026-11-01&to=9999-12-31", 422, "date_in_future"),
    ("manager", REPORT + "?from=hier&to=2026-11-01", 422, "date_malformed"),
    ("manager", REPORT + "?from=2026-11-01&to=2026-11-02&as_of=2027-01-01T00:00:00Z", 422, "as_of_in_future"),
    (
        "manager",
        REPORT + "?from=2026-11-01&to=2026-11-02&as_of=0001-01-01T00:00:00%2B14:00",
        422,
        "date_too_early",
    ),
    (
        "manager",
        REPORT + "?from=2026-11-01&to=2026-11-02&as_of=9999-12-31T23:59:59-12:00",
        422,
        "as_of_in_future",
    ),
    ("manager", REPORT + "?from=2026-11-01&to=2026-11-02&format=xml", 422, "unknown_format"),
    ("manager", REPORT + "?from=2026-11-01&to=2026-11-02&office=khac", 403, "foreign_office"),
    ("manager", REPORT + "?from=2026-11-01&to=2026-11-02&office=nowhere", 404, "unknown_office"),
    ("nobody", "/api/v1/session", 401, "not_signed_in"),
]


def filled(value: Any, names: dict[str, Any]) -> Any:
    """The body with "{justice}" and the like replaced by ids, as numbers."""
    if isinstance(value, dict):
        return {key: filled(each, names) for key, each in value.items()}
    if isinstance(value, str) and value.startswith("{") and value[1:-1] in names:
        return names[value[1:-1]]
    return value


def test_each_wrong_thing_has_its_own_code_and_leaves_no_row(desk: Desk, subtests: pytest.Subtests) -> None:
    called = desk.issue(desk.place.transport)
    desk.call()
    names = {
        **desk.place.names(),
        "called": called["id"],
        "ticket": desk.issue()["id"],
        "code": desk.receive()["code"],
    }
    before = contents()
    for who, path, body, status, code in POSTS:
        with subtests.test(who=who, path=path[:60], code=code, body=repr(body)[:60]):
            sent = filled(body, names)
            refused_in_both_languages(desk, who, "POST", path.format(**names), sent, status, code)
            assert contents() == before
    for who, path, status, code in GETS:
        with subtests.test(who=who, path=path[:80], code=code):
            refused_in_both_languages(desk, who, "GET", path.format(**names), None, status, code)
    assert contents() == before


def refused_in_both_languages(
    desk: Desk, who: str, method: str, path: str, body: Any, status: int, code: str
) -> None:
    """By the browser's preference and by ?lang=; the sentences differ unless they are a plugin's own words."""
    said = []
    for caller, address in (
        (desk.who(who, "vi"), path),
        (desk.who(who, "en"), path),
        (desk.who(who, "vi"), f"{path}{'&' if '?' in path else '?'}lang=en"),
    ):
        response = caller.post(address, body, method=method)
        refused(response, status, code)
        said.append(response.get_json()["error"]["message"])
    assert said[1] == said[2]
    assert (said[0] != said[1]) or code == "intake_refused"


def test_a_closed_counter_and_a_disabled_plugin(desk: Desk) -> None:
    place = desk.place
    type(place.counter).update(open=False).where(type(place.counter).id == place.counter.id).execute()
    enable_row(place.office, "justice", desk.clock.moment, on=False)
    before = contents()
    refused(desk.who("officer").post(NEXT.format(counter=place.counter.id), {}), 409, "counter_closed")
    refused(desk.who("kiosk").post(TICKETS, {"line": place.justice.id}), 409, "plugin_disabled")
    refused(desk.who("kiosk").post(TICKETS, {"procedure": "2.000488"}), 409, "plugin_disabled")
    refused(
        desk.who("officer").post(DOSSIERS, {**APPLICATION, "procedure": "2.000488"}), 409, "plugin_disabled"
    )
    assert contents() == before


@pytest.mark.parametrize("key", ["x" * 81, "chìa khóa", "a\tb"])
def test_a_key_is_plain(sqlite_desk: Desk, key: str) -> None:
    before = contents()
    response = sqlite_desk.who("kiosk").post(
        TICKETS, {"line": sqlite_desk.place.justice.id}, key=key.encode().decode("latin-1")
    )
    refused(response, 422, "idempotency_key_malformed")
    assert contents() == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_body_that_is_not_json(sqlite_desk: Desk, kind: str) -> None:
    before = contents()
    sent = json.dumps({"line": sqlite_desk.place.justice.id}).encode()
    response = sqlite_desk.who("kiosk").client.post(
        TICKETS, data=sent, content_type=kind, headers=sqlite_desk.who("kiosk").headers
    )
    refused(response, 415, "not_json")
    assert contents() == before


def test_decomposed_vietnamese_is_kept_composed(desk: Desk) -> None:
    name = "Nguyễn Thị Hường Đào"
    desk.receive(
        applicant={"name": unicodedata.normalize("NFD", name), "address": unicodedata.normalize("NFD", name)}
    )
    kept = Person.select().order_by(Person.id.desc()).first()
    assert (kept.name, kept.address) == (name, name)


def test_tokens_that_do_not_count(desk: Desk) -> None:
    place, body = desk.place, {"line": desk.place.justice.id}
    before = contents()
    bad = desk.who("nobody")
    for token in ("", "x", "ự", place.sessions["officer"]):
        sent = f"Bearer {token}".encode().decode("latin-1")
        refused(
            bad.post(TICKETS, body, Authorization=sent), 401, "token_unknown" if token else "not_signed_in"
        )
    assert contents() == before
    mine = Device.id == place.kiosk.id
    Device.update(token_expires_at=desk.clock.moment).where(mine).execute()
    refused(desk.who("kiosk").post(TICKETS, body), 401, "token_expired")
    Device.update(token_expires_at=desk.clock.moment + timedelta(days=1)).where(mine).execute()
    answered(desk.who("kiosk").post(TICKETS, body), 201)
    Device.update(revoked_at=desk.clock.moment).where(mine).execute()
    known = counts()
    for _ in range(2):
        refused(desk.who("kiosk").post(TICKETS, body), 401, "token_revoked")
    assert counts() == {**known, "journal": known["journal"] + 1}, "refused, and logged once"


def test_a_clock_that_went_back_stops_the_writing(desk: Desk) -> None:
    desk.issue()
    desk.clock.pass_(minutes=-6)
    before = contents()
    fields = refused(desk.who("kiosk").post(TICKETS, {"line": desk.place.justice.id}), 503, "clock_went_back")
    assert fields == {}
    assert contents() == before


def test_a_plugin_that_raises_saves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.plugin.calls import Outcome
    from kiosk.plugin.manager import PluginHouse

    real = PluginHouse.call

    def broken(self: PluginHouse, plugin: str, hook: str, *rest: Any, **named: Any) -> Any:
        return Outcome(None, True) if hook == "compute_fee" else real(self, plugin, hook, *rest, **named)

    monkeypatch.setattr(PluginHouse, "call", broken)
    before = contents()
    refused(desk.who("officer").post(DOSSIERS, APPLICATION), 503, "plugin_failed")
    assert contents() == before
