"""A plugin's settings: the schema checks them, secrets are written and never read back."""

from __future__ import annotations

import pytest

from kiosk.domain.errors import DomainError
from kiosk.plugin import Setting
from kiosk.plugin.settings import describe, effective, shown, validate

SCHEMA = (
    Setting("minutes", "Phút", "int", 10, least=1, most=60),
    Setting("greeting", "Lời chào", "str", "Xin chào", most=20),
    Setting("shout", "Nói to", "bool", False),
    Setting("voice", "Giọng", "choice", "north", choices=(("north", "Bắc"), ("south", "Nam"))),
    Setting("key", "Khóa", "secret"),
)


def refusal(values, stored=None, schema=SCHEMA):
    with pytest.raises(DomainError) as caught:
        validate(schema, values, stored)
    assert caught.value.code == "setting_invalid"
    return caught.value.fields["field"], caught.value.fields["reason"]


def test_what_is_not_given_keeps_its_stored_value_or_its_default():
    assert validate(SCHEMA, {"minutes": 20}, {"greeting": "Chào"}) == {
        "minutes": 20,
        "greeting": "Chào",
        "shout": False,
        "voice": "north",
        "key": None,
    }


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"colour": "red"}, "colour", "unknown"),
        ({"minutes": 0}, "minutes", "out_of_range"),
        ({"minutes": 61}, "minutes", "out_of_range"),
        ({"minutes": "10"}, "minutes", "wrong_type"),
        ({"minutes": 10.0}, "minutes", "wrong_type"),
        ({"minutes": True}, "minutes", "wrong_type"),
        ({"shout": 1}, "shout", "wrong_type"),
        ({"voice": "east"}, "voice", "unknown_choice"),
        ({"greeting": "x" * 21}, "greeting", "text_too_long"),
        ({"greeting": "🎉"}, "greeting", "text_not_allowed"),
        ({"greeting": 5}, "greeting", "wrong_type"),
        ({"key": "k" * 501}, "key", "too_long"),
    ],
)
def test_a_wrong_value_names_its_field(values, field, reason):
    assert refusal(values) == (field, reason)


def test_a_secret_is_kept_when_left_out_or_empty_and_cleared_by_none():
    stored = {"key": "s3cret"}
    assert validate(SCHEMA, {}, stored)["key"] == "s3cret"
    assert validate(SCHEMA, {"key": ""}, stored)["key"] == "s3cret"
    assert validate(SCHEMA, {"key": "new"}, stored)["key"] == "new"
    assert validate(SCHEMA, {"key": None}, stored)["key"] is None


def test_a_secret_is_never_shown():
    assert shown(SCHEMA, {"key": "s3cret", "minutes": 5})["key"] is True
    assert shown(SCHEMA, {})["key"] is False
    assert "s3cret" not in str(describe(SCHEMA))


def test_a_required_setting_must_be_there():
    schema = (Setting("key", "Khóa", "secret", required=True),)
    assert refusal({}, schema=schema) == ("key", "required")
    assert validate(schema, {"key": "k"}) == {"key": "k"}


def test_a_stored_value_the_schema_no_longer_takes_falls_back_to_its_default():
    assert effective(SCHEMA, {"minutes": "ten", "voice": "east", "gone": 1, "shout": True}) == {
        "minutes": 10,
        "greeting": "Xin chào",
        "shout": True,
        "voice": "north",
        "key": None,
    }


@pytest.mark.parametrize(
    "declare",
    [
        lambda: Setting("Key", "K", "int"),
        lambda: Setting("key", "", "int"),
        lambda: Setting("key", "K", "float"),
        lambda: Setting("key", "K", "choice"),
        lambda: Setting("key", "K", "int", choices=(("a", "A"),)),
        lambda: Setting("key", "K", "secret", "default"),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(declare):
    with pytest.raises(ValueError, match="setting"):
        declare()


def test_a_default_must_fit_its_own_schema():
    with pytest.raises(DomainError, match="setting_invalid"):
        Setting("minutes", "Phút", "int", 100, most=60)
