"""The contract of the API told as it is used: a number taken, called, served, its dossier received and counted."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.events import EVENTS
from kiosk.models import Journal
from tests.api.desk import APPLICATION, Desk, answered, counts, refused

DOSSIERS = "/api/v1/dossiers"


def moved(desk: Desk, ticket: int, move: str, who: str = "officer") -> dict[str, Any]:
    return answered(desk.who(who).post(f"/api/v1/tickets/{ticket}/moves", {"move": move}))


def advanced(desk: Desk, code: str, move: str, **body: Any) -> dict[str, Any]:
    return answered(desk.who("officer").post(f"{DOSSIERS}/{code}/moves", {"move": move, **body}))


def test_a_visit_from_the_kiosk_to_the_report(desk: Desk) -> None:
    issued = desk.issue(desk.place.transport, language="en", dossiers=2)
    assert (issued["label"], issued["number"], issued["people_ahead"]) == ("G001", 1, 0)
    assert issued["wait_minutes"][0] <= issued["wait_minutes"][1]
    token = issued["follow_url"].rsplit("/", 1)[1]
    followed = answered(desk.who("nobody").get(f"/api/v1/follow/{token}"))
    assert {"label", "state", "people_ahead", "wait_minutes", "counter"} <= set(followed)
    assert (followed["state"], followed["counter"]) == ("waiting", None)
    desk.clock.pass_(minutes=4)
    called = desk.call()
    assert (called["id"], called["state"], called["waited_seconds"]) == (issued["id"], "called", 240)
    assert called["counter"] == {"id": desk.place.counter.id, "number": 1}
    assert moved(desk, called["id"], "recall")["recalls"] == 1
    followed = answered(desk.who("nobody").get(f"/api/v1/follow/{token}"))
    assert (followed["state"], followed["counter"]) == ("called", {"number": 1})
    assert moved(desk, called["id"], "start")["state"] == "serving"
    dossier = desk.receive(ticket=called["id"])
    assert dossier["code"] == "000.00.07.H02-261123-0001"
    assert dossier["due_on"] == "2026-12-01", "five working days; 24/11 is a public holiday"
    assert dossier["fees"]["total"] == sum(line["total"] for line in dossier["fees"]["lines"]) > 0
    desk.clock.pass_(minutes=6)
    finished = moved(desk, called["id"], "finish")
    assert finished["state"] == "finished"
    assert finished["moves"] == []
    assert advanced(desk, dossier["code"], "finish")["state"] == "finished"
    public = answered(desk.who("nobody").get(f"/api/v1/lookup/{dossier['code']}"))
    assert set(public) == {"code", "progress"}
    assert public["progress"]["step"] == 3
    assert advanced(desk, dossier["code"], "hand_over")["state"] == "handed_over"
    report = answered(desk.who("manager").get("/api/v1/reports/period-summary?from=2026-11-01&to=2026-11-23"))
    assert (report["received"]["total"], report["resolved"]["early"], report["in_progress"]["total"]) == (
        1,
        1,
        0,
    )
    assert all(share["denominator_name"] for share in report["shares"])


def test_numbers_run_by_line_and_start_again_the_next_day(desk: Desk) -> None:
    place = desk.place
    labels = [
        desk.issue(line)["label"] for line in (place.justice, place.justice, place.transport, place.justice)
    ]
    assert labels == ["T001", "T002", "G001", "T003"]
    desk.clock.pass_(days=1)
    assert desk.issue()["label"] == "T001"


def test_a_procedure_leads_to_its_departments_line(desk: Desk) -> None:
    issued = answered(
        desk.who("kiosk").post("/api/v1/tickets", {"procedure": "1.002809", "office": "demo"}), 201
    )
    assert issued["line"]["id"] == desk.place.transport.id
    assert issued["procedure"]["code"] == "1.002809"


def test_priority_is_called_first_then_arrival_over_all_lines_of_a_counter(desk: Desk) -> None:
    place = desk.place
    first, second = desk.issue(place.justice), desk.issue(place.transport)
    elderly = desk.issue(place.transport, priority="elderly")
    pregnant = desk.issue(place.justice, priority="pregnancy")
    assert (elderly["people_ahead"], pregnant["people_ahead"]) == (0, 0)
    last = desk.issue(place.justice)
    assert last["people_ahead"] == 2
    order = [desk.call(finish=True)["id"] for _ in range(5)]
    assert order == [t["id"] for t in (elderly, pregnant, first, second, last)]
    assert desk.who("officer").post(f"/api/v1/counters/{place.counter.id}/next", {}).status_code == 409
    empty = desk.who("colleague").post(f"/api/v1/counters/{place.second.id}/next", {})
    assert (empty.status_code, empty.data) == (204, b"")


def test_a_call_may_be_narrowed_and_may_leave_tickets_out(desk: Desk) -> None:
    place = desk.place
    first, second, third = desk.issue(place.justice), desk.issue(place.justice), desk.issue(place.transport)
    assert desk.call(line=place.transport.id)["id"] == third["id"]
    assert desk.call(place.second, "colleague", exclude=[first["id"]])["id"] == second["id"]


def test_a_call_that_finds_nobody_still_finishes_the_visit(desk: Desk) -> None:
    ticket = desk.issue()
    desk.call()
    path = f"/api/v1/counters/{desk.place.counter.id}/next"
    assert desk.who("officer").post(path, {"finish": True}).status_code == 204
    token = ticket["follow_url"].rsplit("/", 1)[1]
    assert answered(desk.who("nobody").get(f"/api/v1/follow/{token}"))["state"] == "finished"


def test_nobody_came_and_somebody_gave_up(desk: Desk) -> None:
    absent, leaving = desk.issue(), desk.issue()
    desk.call()
    assert moved(desk, absent["id"], "no_show")["state"] == "no_show"
    assert moved(desk, leaving["id"], "cancel")["state"] == "cancelled"


def test_a_repeated_key_gives_the_first_answer_and_one_ticket(desk: Desk) -> None:
    kiosk, body = desk.who("kiosk"), {"line": desk.place.justice.id}
    first = kiosk.post("/api/v1/tickets", body, key="k-1")
    before = counts()
    again = kiosk.post("/api/v1/tickets", body, key="k-1")
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert counts() == before
    refused(kiosk.post("/api/v1/tickets", {**body, "dossiers": 2}, key="k-1"), 409, "idempotency_key_reused")
    refused(
        desk.who("officer").post(
            f"/api/v1/tickets/{answered(first, 201)['id']}/moves", {"move": "recall"}, key="k-1"
        ),
        409,
        "illegal_move",
    )
    assert answered(desk.who("other_kiosk").post("/api/v1/tickets", {}, key="k-1"), 422) is not None
    assert counts() == before


def test_a_refusal_is_not_remembered(desk: Desk) -> None:
    kiosk, body = desk.who("kiosk"), {"line": desk.place.closed.id}
    refused(kiosk.post("/api/v1/tickets", body, key="k-2"), 409, "line_closed")
    type(desk.place.closed).update(open=True).where(
        type(desk.place.closed).id == desk.place.closed.id
    ).execute()
    answered(kiosk.post("/api/v1/tickets", body, key="k-2"), 201)


@pytest.mark.parametrize("path", ["counters/{counter}/next", "dossiers", "plugins/justice/disable"])
def test_every_change_may_be_repeated(desk: Desk, path: str) -> None:
    desk.issue()
    who = desk.who("admin")
    body = APPLICATION if path == "dossiers" else {}
    path = f"/api/v1/{path.format(**desk.place.names())}"
    first = who.post(path, body, key="again")
    assert first.status_code in {200, 201}, first.data
    before = counts()
    again = who.post(path, body, key="again")
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert counts() == before


def test_follow_is_conditional(desk: Desk) -> None:
    token = desk.issue()["follow_url"].rsplit("/", 1)[1]
    nobody = desk.who("nobody")
    first = nobody.get(f"/api/v1/follow/{token}")
    etag = first.headers["ETag"]
    assert nobody.get(f"/api/v1/follow/{token}", **{"If-None-Match": etag}).status_code == 304
    desk.call()
    changed = nobody.get(f"/api/v1/follow/{token}", **{"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_the_catalogue(desk: Desk) -> None:
    kiosk = desk.who("kiosk")
    assert {d["key"] for d in answered(kiosk.get("/api/v1/departments"))} == {"justice", "transport"}
    found = answered(kiosk.get("/api/v1/procedures?q=bang lai&department=transport"))
    assert "1.002809" in {p["code"] for p in found}
    assert answered(kiosk.get("/api/v1/procedures?department=justice&q=bang lai xe hoi khong co")) == []
    lines = {line["prefix"]: line for line in answered(kiosk.get("/api/v1/lines"))}
    assert (lines["T"]["open"], lines["Q"]["open"]) == (True, False)
    counters = answered(desk.who("officer").get("/api/v1/counters"))
    assert [(c["number"], c["mine"]) for c in counters] == [(1, True), (2, False), (3, False)]
    menu = answered(kiosk.get("/api/v1/kiosk/menu"))
    assert {d["key"] for d in menu["departments"]} == {"justice", "transport"}


def test_a_console_shows_its_own_queue(desk: Desk) -> None:
    ticket = desk.issue()
    shown = answered(desk.who("officer").get(f"/api/v1/counters/{desk.place.counter.id}"))
    assert [t["id"] for t in shown["waiting"]] == [ticket["id"]]
    desk.call()
    shown = answered(desk.who("officer").get(f"/api/v1/counters/{desk.place.counter.id}"))
    assert shown["current"]["id"] == ticket["id"]
    assert shown["waiting_count"] == 0


def test_a_preview_keeps_nothing(desk: Desk) -> None:
    before = counts()
    seen = answered(
        desk.who("officer").post(f"{DOSSIERS}/preview", {"procedure": "2.000488", "answers": {"slips": 3}})
    )
    assert seen["due_on"] == "2026-12-03"
    assert seen["fees"]["total"] == 205_000
    assert counts() == before


def test_dossiers_are_found_by_code_and_by_name(desk: Desk) -> None:
    code = desk.receive()["code"]
    desk.receive(applicant={"name": "Lê Thị Bình"})
    officer = desk.who("officer")
    found = answered(officer.post(f"{DOSSIERS}/search", {"q": "tran van"}))
    assert [d["code"] for d in found["items"]] == [code]
    assert answered(officer.get(f"{DOSSIERS}?q=0002"))["total"] == 1
    assert answered(officer.get(f"{DOSSIERS}?state=finished"))["total"] == 0
    shown = answered(officer.get(f"{DOSSIERS}/{code}"))
    assert shown["applicant"]["name"] == "Trần Văn An"
    assert [h["move"] for h in shown["history"]] == ["receive"]


def test_plugins_go_off_and_on_at_once(desk: Desk) -> None:
    admin, kiosk = desk.who("admin"), desk.who("kiosk")
    states = {p["name"]: p["state"] for p in answered(admin.get("/api/v1/plugins"))}
    assert states["justice"] == "on"
    held = desk.issue()
    assert answered(admin.post("/api/v1/plugins/justice/disable"))["state"] == "off"
    refused(kiosk.post("/api/v1/tickets", {"line": desk.place.justice.id}), 409, "plugin_disabled")
    assert {d["key"] for d in answered(kiosk.get("/api/v1/departments"))} == {"transport"}
    assert desk.call()["id"] == held["id"], "a number already held is honoured"
    assert answered(admin.post("/api/v1/plugins/justice/enable"))["state"] == "on"
    desk.issue()


def test_a_report_also_comes_as_csv(desk: Desk) -> None:
    got = desk.who("manager").get("/api/v1/reports/period-summary?from=2026-11-01&to=2026-11-23&format=csv")
    assert got.status_code == 200
    assert got.mimetype == "text/csv"
    assert "Sở Tư pháp" in got.get_data(as_text=True)


def test_health_and_metrics(desk: Desk) -> None:
    desk.issue()
    desk.issue(line=desk.place.transport)
    nobody = desk.who("nobody")
    assert answered(nobody.get("/health"))["status"] == "ok"
    figures = nobody.get("/metrics").get_data(as_text=True)
    assert 'kiosk_tickets_waiting{line="T",office="demo"} 1.0' in figures
    assert 'kiosk_tickets_waiting{line="G",office="demo"} 1.0' in figures


def test_openapi_names_every_address_of_the_contract(sqlite_desk: Desk) -> None:
    described = answered(sqlite_desk.who("nobody").get("/openapi/openapi.json"))
    assert described["openapi"].startswith("3.1")
    paths = described["paths"]
    for address in (
        "/tickets", "/tickets/{id}/moves", "/tickets/{id}/printing", "/follow/{token}", "/counters/{id}/next",
        "/dossiers", "/dossiers/{code}/moves", "/lookup/{code}", "/departments", "/procedures", "/lines",
        "/counters", "/plugins", "/plugins/{name}/enable", "/plugins/{name}/disable", "/reports/{name}", "/session",
    ):  # fmt: skip
        assert f"/api/v1{address}" in paths


def test_the_journal_tells_the_story_in_known_kinds(desk: Desk) -> None:
    desk.issue()
    ticket = desk.call()
    desk.receive(ticket=ticket["id"])
    kinds = [row.kind for row in Journal.select().order_by(Journal.seq)]
    assert kinds == ["ticket.issued", "ticket.called", "ticket.started", "dossier.received"]
    assert set(kinds) <= set(EVENTS)
