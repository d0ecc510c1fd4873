"""Names and numbers of people stay in their own table: canaries are planted and looked for everywhere else."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from kiosk.models import Person
from tests.api.desk import APPLICATION, Desk, everything_written, refused
from tests.factories import make_printer

CANARY = {
    "name": "Hoàng Yến Canh Gác",
    "id_number": "001099987654",
    "phone": "0987654321",
    "email": "hoang.yen@canh-gac.example",
    "address": "Số 77 ngõ Chim Yến, Bắc Giang",
}
TRACES = [*CANARY.values(), "hoang yen canh gac", "Canh Gác", "0987 654 321"]
OPEN_PLACES = [
    "/",
    "/lookup/{code}",
    "/api/v1/lookup/{code}",
    "/t/{token}",
    "/api/v1/follow/{token}",
    "/metrics",
    "/health",
]


class Kept(logging.Handler):
    """Every log line as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line with its traceback."""
        self.lines.append(logging.Formatter().format(record))


@pytest.fixture
def kept() -> Any:
    """All logs of the test, down to DEBUG; the SQL of peewee carries values and is never switched on."""
    root, handler = logging.getLogger(), Kept()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("peewee").setLevel(logging.INFO)
    yield handler
    logging.getLogger("peewee").setLevel(logging.NOTSET)
    root.removeHandler(handler)
    root.setLevel(level)


def clean(text: str, where: str) -> None:
    assert [trace for trace in TRACES if trace in text] == [], where


def test_canaries_stay_in_their_cage(desk: Desk, kept: Kept) -> None:
    make_printer(office=desk.place.office)
    logging.getLogger().addHandler(kept)
    token = desk.issue()["follow_url"].rsplit("/", 1)[1]
    called = desk.call()
    officer = desk.who("officer")
    answers = [
        officer.post(
            "/api/v1/dossiers", {**APPLICATION, "applicant": CANARY, "ticket": called["id"]}, key="c-1"
        )
    ]
    code = answers[0].get_json()["code"]
    assert Person.select().where(Person.name == CANARY["name"]).count() == 1
    note = f"Gọi {CANARY['name']}, {CANARY['phone']}, để bổ sung {CANARY['id_number']}."
    answers += [
        officer.post(f"/api/v1/dossiers/{code}/moves", {"move": "supplement", "note": note}, key="c-2"),
        officer.post(
            "/api/v1/dossiers", {**APPLICATION, "applicant": CANARY, "ticket": called["id"]}, key="c-1"
        ),
        officer.post(
            "/api/v1/dossiers", {**APPLICATION, "applicant": {**CANARY, "id_number": "001099987654321"}}
        ),
        officer.post(
            "/api/v1/dossiers", {**APPLICATION, "applicant": {**CANARY, "email": CANARY["address"]}}
        ),
        officer.post("/api/v1/dossiers", {**APPLICATION, "applicant": {**CANARY, "born": CANARY["name"]}}),
        officer.post("/api/v1/dossiers", {**APPLICATION, "applicant": {**CANARY, "kind": CANARY["name"]}}),
        officer.post("/api/v1/dossiers", {**APPLICATION, "applicant": CANARY["name"]}),
    ]
    for number, answer in enumerate(answers):
        assert answer.status_code < 500
        clean(answer.get_data(as_text=True), f"answer {number}")
    for path in OPEN_PLACES:
        shown = desk.who("nobody").get(path.format(code=code, token=token))
        assert shown.status_code == 200, path
        clean(shown.get_data(as_text=True), path)
    desk.who("admin").get("/admin")
    clean(everything_written(), "tables")
    clean("\n".join(kept.lines), "logs")
    shown = officer.get(f"/api/v1/dossiers/{code}").get_json()
    assert shown["applicant"]["name"] == CANARY["name"], "those who may see it do"
    assert shown["notes"][0]["text"] == note


def test_a_crash_tells_strangers_and_logs_no_names(
    desk: Desk, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    logging.getLogger().addHandler(kept)

    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr("kiosk.services.receive_dossier._announce_receipt", crash)
    response = desk.who("officer").post("/api/v1/dossiers", {**APPLICATION, "applicant": CANARY})
    refused(response, 500, "internal_error")
    text = response.get_data(as_text=True)
    clean(text, "answer")
    for inside in ("disk", "Traceback", "RuntimeError", str(Path(__file__).parents[2])):
        assert inside not in text
    assert "the disk is on fire" in "\n".join(kept.lines)
    clean("\n".join(kept.lines), "logs")
    assert Person.select().count() == 0, "nothing of it was kept"


def test_the_public_lookup_tells_the_code_and_the_progress_only(desk: Desk) -> None:
    code = desk.receive(applicant=CANARY)["code"]
    shown = desk.who("nobody").get(f"/api/v1/lookup/{code}").get_json()
    assert set(shown) == {"code", "progress"}
    assert set(shown["progress"]) == {"step", "of", "state", "title"}


def test_those_without_the_right_see_no_applicant(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.domain.permissions import RIGHTS, Role

    code = desk.receive(applicant=CANARY)["code"]
    monkeypatch.setitem(RIGHTS, Role.OFFICER, RIGHTS[Role.OFFICER] - {"dossier.personal"})
    officer = desk.who("officer")
    assert officer.get(f"/api/v1/dossiers/{code}").get_json()["applicant"] is None
    found = officer.post("/api/v1/dossiers/search", {"q": CANARY["name"]})
    assert found.get_json()["total"] == 0
    assert officer.get("/api/v1/dossiers?q=0001").get_json()["total"] == 1


def test_a_name_is_searched_in_a_body_and_never_in_an_address(desk: Desk) -> None:
    desk.receive(applicant=CANARY)
    officer = desk.who("officer")
    assert officer.get("/api/v1/dossiers?q=canh gac").get_json()["total"] == 0
    found = officer.post("/api/v1/dossiers/search", {"q": CANARY["name"].lower()})
    assert (found.status_code, found.get_json()["total"]) == (200, 1)
    assert officer.post("/api/v1/dossiers/search", {"state": "nowhere"}).status_code == 422
