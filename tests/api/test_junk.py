"""No body, however odd, makes the door fall over: junk to every POST address never gives a 5xx and leaves no ticket."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.api.desk import APPLICATION, Desk, counts
from tests.api.test_policies import address, posts

WORDS = st.sampled_from(
    [
        "line", "procedure", "department", "priority", "language", "dossiers", "office", "exclude", "finish", "move",
        "on", "note", "applicant", "components", "answers", "ticket", "channel", "delivery", "name", "id_number",
        "born", "kind", "code", "username", "password", "slips", "slip_kind", "copies", "originals", "start",
    ]
)  # fmt: skip
VALUES = st.sampled_from(
    [
        "1.002809", "2.000488", "justice", "supplement", "complete", "finish", "apologise", "2026-11-23", "0001-01-01",
        "9999-12-31", "elderly", "en", "post", "\x00", "\ud800", "\u202e", "😀", "x" * 3_000, "%", "_", "'", "1e309",
    ]
)  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.just(2**63), st.just(-(2**31)), st.just(10**40), st.floats(),
    st.text(max_size=40), VALUES,
)  # fmt: skip
JUNK = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(WORDS | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=20,
)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "procedure": VALUES | st.just("2.000488"), "applicant": st.dictionaries(WORDS, SCALARS, max_size=4) | JUNK,
        "components": st.lists(JUNK, max_size=3), "answers": st.dictionaries(WORDS, JUNK, max_size=4),
        "line": st.integers(0, 5) | SCALARS, "move": VALUES | WORDS, "on": VALUES | SCALARS, "note": VALUES,
        "exclude": st.lists(SCALARS, max_size=4), "finish": st.booleans(), "ticket": SCALARS,
        "username": VALUES, "password": VALUES, "code": VALUES,
    },
)  # fmt: skip
PATIENT = settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


def stood(response: TestResponse) -> None:
    assert response.status_code < 500, response.get_data(as_text=True)
    text = response.get_data(as_text=True)
    assert "Traceback" not in text
    assert "SELECT" not in text


@PATIENT
@given(body=st.one_of(JUNK.map(encoded), NEARLY.map(encoded), st.binary(max_size=200)))
def test_the_api_stands_any_body(desk: Desk, body: bytes) -> None:
    names = {"id": desk.place.counter.id, "name": "event_log", "code": "000.00.07.H02-261123-0001"}
    for _, method, rule in posts(desk.app, api=True):
        if method == "POST":
            stood(desk.who("admin").post(address(rule, names), body))


@PATIENT
@given(fields=st.dictionaries(WORDS, JUNK, max_size=4))
def test_an_application_stands_any_field(desk: Desk, fields: dict[str, Any]) -> None:
    known = counts()["dossier"]
    response = desk.who("officer").post("/api/v1/dossiers", encoded({**APPLICATION, **fields}))
    stood(response)
    assert (response.status_code == 201) == (counts()["dossier"] == known + 1)


FORM_FIELDS = st.sampled_from(
    [
        "username", "display_name", "role", "counters", "title", "title_en", "prefix", "department", "area", "number",
        "lines", "open", "active", "name", "kind", "printer", "host", "port", "width", "opens_again", "password", "next",
        "setting-certification_prefix",
    ]
)  # fmt: skip
FORM_VALUES = st.one_of(
    st.sampled_from(
        ["", "0", "1", "-1", str(10**12), "9" * 5_000, "\x00", "😀", "T", "officer", "kiosk", "127.0.0.1", "x" * 500,
         "justice", "٣", "1e5", "yes", " 1 "]
    ),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30),
)  # fmt: skip


@PATIENT
@given(form=st.dictionaries(FORM_FIELDS, FORM_VALUES, max_size=8))
def test_the_forms_stand_any_field(desk: Desk, form: dict[str, str]) -> None:
    desk.app.config["WTF_CSRF_ENABLED"] = False
    names = {"line": desk.place.closed.id, "counter": desk.place.second.id, "name": "justice"}
    for _, _, rule in posts(desk.app, api=False):
        if rule != "/sign-out" and "password" not in rule:
            admin = desk.who("admin")
            path = address(rule, names | {"user": desk.place.colleague.id, "device": desk.place.board.id})
            stood(admin.client.post(path, data=form, headers=admin.headers))


@PATIENT
@given(
    value=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
    | VALUES.filter(lambda v: v != "\ud800")
)
def test_the_addresses_stand_any_query(desk: Desk, value: str) -> None:
    for path in ("/dossiers", "/api/v1/dossiers", "/lookup", "/reports/period-summary", "/api/v1/procedures", "/admin/users",
                 "/api/v1/reports/period-summary"):  # fmt: skip
        names = (
            "q",
            "state",
            "department",
            "page",
            "code",
            "from",
            "to",
            "as_of",
            "edit",
            "lang",
            "format",
            "office",
        )
        admin = desk.who("admin")
        for chosen in (names, ("as_of",), ("q",)):
            query = {"from": "2026-11-01", "to": "2026-11-02"} | dict.fromkeys(chosen, value)
            stood(admin.client.get(path, query_string=query, headers=admin.headers))
    for path in ("/api/v1/follow/", "/api/v1/lookup/", "/lookup/", "/t/", "/dossiers/", "/admin/plugins/"):
        stood(desk.who("admin").client.get(path + value.replace("/", "").replace("?", ""), headers={}))
