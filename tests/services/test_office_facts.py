"""What the office says of itself: names, addresses, the form of its codes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from peewee import Database

from kiosk.domain.errors import DomainError, NotFound
from kiosk.models import Journal, Office
from kiosk.services import manage_office
from tests.factories import make_office

WISH = {
    "title": "Trung tâm Phục vụ hành chính công",
    "subtitle": "UBND tỉnh Bắc Giang",
    "place_name": "Bắc Giang",
    "address": "Quảng trường 3/2, phường Ngô Quyền, thành phố Bắc Giang",
    "phone": "0204.3531.111",
    "public_url": "https://motcua.bacgiang.gov.vn/",
}


@pytest.fixture
def office(database: Database) -> Office:
    """A new office."""
    return make_office()


def facts() -> list[dict[str, Any]]:
    return [json.loads(row.facts) for row in Journal.select().order_by(Journal.seq)]


def test_all_of_it_is_kept_and_the_journal_says_only_which(office: Office, noon: datetime) -> None:
    changed = manage_office.change_office(office.id, WISH, noon, "user:1")
    shown = manage_office.office_facts(office.id)
    assert shown == {
        **WISH,
        "public_url": "https://motcua.bacgiang.gov.vn",
        "code_form": "tt01",
        "agency": "H02",
        "key": "demo",
    }
    assert changed == sorted(WISH)
    assert facts() == [{"changed": sorted(WISH)}]


def test_saving_the_same_again_is_no_news(office: Office, noon: datetime) -> None:
    for _ in range(2):
        manage_office.change_office(office.id, WISH, noon, "user:1")
    assert manage_office.change_office(office.id, {**WISH, "phone": ""}, noon, "user:1") == ["phone"]
    assert len(facts()) == 2


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("title", " ", "text_empty"),
        ("title", "T" * 201, "text_too_long"),
        ("place_name", "Bắc Giang 😀", "text_not_allowed"),
        ("phone", "gọi cô Lan", "phone_malformed"),
        ("phone", "0" * 41, "phone_malformed"),
        ("public_url", "http://motcua.gov.vn", "public_url_malformed"),
        ("public_url", "https://", "public_url_malformed"),
        ("public_url", "https://motcua.gov.vn/?a=1", "public_url_malformed"),
        ("public_url", "https://motcua.gov.vn/#a", "public_url_malformed"),
        ("public_url", "https://admin:x@motcua.gov.vn", "public_url_malformed"),
        ("public_url", "https://motcua.gov.vn:99999", "public_url_malformed"),
        ("public_url", "https://một-cửa.vn", "public_url_malformed"),
        ("public_url", "javascript:alert(1)", "public_url_malformed"),
        ("public_url", "https://a.vn/ b", "public_url_malformed"),
        ("public_url", "https://a.vn/" + "b" * 200, "text_too_long"),
    ],
)
def test_what_cannot_be_printed_is_refused_and_named(
    office: Office, noon: datetime, field: str, text: str, code: str
) -> None:
    with pytest.raises(DomainError, match=code) as caught:
        manage_office.change_office(office.id, {**WISH, field: text}, noon, "user:1")
    assert caught.value.fields["field"] == field
    assert facts() == []


def test_a_port_and_a_path_are_welcome() -> None:
    assert manage_office.clean_public_url(" https://hcc.bacgiang.gov.vn:8443/mot-cua/ ") == (
        "https://hcc.bacgiang.gov.vn:8443/mot-cua"
    )


def test_the_form_of_codes_changes_once_and_says_to_what(office: Office, noon: datetime) -> None:
    assert manage_office.change_code_form(office.id, "qd20", noon, "user:1") is True
    assert manage_office.change_code_form(office.id, "qd20", noon, "user:1") is False
    assert manage_office.office_facts(office.id)["code_form"] == "qd20"
    assert facts() == [{"changed": ["code_form"], "code_form": "qd20"}]
    with pytest.raises(DomainError, match="unknown_code_form"):
        manage_office.change_code_form(office.id, "tt99", noon, "user:1")


def test_an_office_that_is_not_there(office: Office) -> None:
    with pytest.raises(NotFound, match="unknown_office"):
        manage_office.office_facts(office.id + 1)
