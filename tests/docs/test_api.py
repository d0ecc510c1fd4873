"""docs/api.md lists every route with its right, and every error code with its sentence."""

from __future__ import annotations

import json
import re

from kiosk.i18n import errors
from kiosk.realtime import hub, rooms
from kiosk.services import idempotency, pair_device, throttle
from kiosk.views import door

METHODS = {"get", "post", "put", "patch", "delete"}


def test_every_route_of_the_openapi_document_is_listed_and_no_other(doc, app):
    described = app.test_client().get("/openapi/openapi.json").get_json()["paths"]
    listed = {row[0].strip("`"): row[2] for row in doc("api.md").rows("| route | who | what |")}
    assert listed == {
        f"{method.upper()} {path}": call["summary"]
        for path, calls in described.items()
        for method, call in calls.items()
        if method in METHODS
    }


def test_each_route_names_the_right_it_asks_for(doc, app):
    listed = {row[0].strip("`"): row[1].strip("`") for row in doc("api.md").rows("| route | who | what |")}
    asked = {}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/"):
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            kind, _, right = app.view_functions[rule.endpoint].policy.partition(":")
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                asked[f"{method} {path}"] = right or kind
    assert listed == asked


def test_every_error_code_is_listed_with_its_sentence_and_no_other(doc):
    listed = [(row[0].strip("`"), row[1]) for row in doc("api.md").rows("| code | what a person reads |")]
    assert listed == sorted((code, sentences["en"]) for code, sentences in errors().items())


def test_figures_are_those_of_the_code(doc):
    text = " ".join(doc("api.md").text.split())
    minutes, days = pair_device.CODE_LIFETIME.seconds // 60, pair_device.TOKEN_LIFETIME.days
    hours = idempotency.KEPT_FOR.total_seconds() / 3600
    for figure in (
        f"code of {pair_device.CODE_LENGTH} characters, good for {minutes} minutes",
        f"lapses after {days} days",
        f"up to {door.LONGEST_KEY} printable ASCII characters",
        f"for {hours:.0f} hours",
        f"At most {rooms.Register.MOST_ROOMS} rooms a socket",
        f"{hub.MOST_STRANGERS} to a server process",
        f"for {throttle.FIRST_BLOCK.seconds} seconds, then longer, up to {throttle.LONGEST_BLOCK.seconds // 60} minutes",
    ):
        assert figure in text


def test_codes_in_running_text_exist(doc):
    text = doc("api.md").text
    shown = re.findall(r'"error":\{"code":"(\w+)"', text) + re.findall(r"`(\w+)`\)|: `(\w+)` with", text)
    codes = {code for found in shown for code in ([found] if isinstance(found, str) else found) if code}
    assert {"counter_busy", "foreign_origin", "too_many_tries"} <= codes
    assert codes <= set(errors())


def test_whole_json_examples_are_json(doc):
    whole = [example for example in doc("api.md").examples("json") if "…" not in example]
    assert whole
    for example in whole:
        assert isinstance(json.loads(example), dict)
