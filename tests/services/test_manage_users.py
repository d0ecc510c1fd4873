"""Accounts: who may sign in, as what, and that nothing of it is ever lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from peewee import Database

from kiosk.domain.errors import Conflict, DomainError, NotFound, Unauthenticated
from kiosk.models import Journal, Office, User
from kiosk.services import manage_users, overview
from kiosk.services.sign_in import sign_in, who_is
from tests.factories import PASSWORD, make_counter, make_office, make_user

HOUR = timedelta(hours=1)


@pytest.fixture
def office(database: Database) -> Office:
    """An office that has its admin."""
    office = make_office()
    make_user("admin", role="admin", display_name="Trần Thị Bình")
    return office


def signs_in(username: str, password: str, now: datetime) -> bool:
    """Whether this pair opens the door."""
    try:
        sign_in(username, password, "10.0.0.9", now, HOUR)
    except Unauthenticated:
        return False
    return True


def test_a_new_officer_signs_in_with_the_password_that_was_shown(office: Office, noon: datetime) -> None:
    counter = make_counter(12)
    user, password = manage_users.add_user(
        office.id, " Hoa.NT ", "Nguyễn  Thị Hòa", "officer", noon, "user:1", counters=[counter.id]
    )
    assert signs_in("hoa.nt", password, noon)
    shown = next(card for card in manage_users.listing(office.id) if card["id"] == user)
    assert (shown["username"], shown["display_name"]) == ("hoa.nt", "Nguyễn Thị Hòa")
    assert shown["counters"] == [{"id": counter.id, "number": 12}]


def test_the_journal_says_who_added_the_account_and_never_a_name(office: Office, noon: datetime) -> None:
    user, password = manage_users.add_user(office.id, "hoa.nt", "Nguyễn Thị Hòa", "officer", noon, "user:1")
    entry = Journal.get(Journal.kind == "user.changed")
    assert entry.actor == "user:1"
    assert entry.facts == f'{{"change":"added","role":"officer","user":{user}}}'
    assert password not in entry.facts
    assert overview.recent_changes(office.id)[0]["by"] == "Trần Thị Bình"
    assert overview.recent_changes(office.id)[0]["about"] == "Nguyễn Thị Hòa"


@pytest.mark.parametrize("taken", ["admin", " ADMIN "])
def test_a_username_is_given_once(office: Office, noon: datetime, taken: str) -> None:
    with pytest.raises(Conflict, match="username_taken"):
        manage_users.add_user(office.id, taken, "Lê Văn Tám", "officer", noon, "user:1")


def test_a_username_of_another_office_is_taken_too(office: Office, noon: datetime) -> None:
    other = make_office("other")
    with pytest.raises(Conflict, match="username_taken"):
        manage_users.add_user(other.id, "admin", "Lê Văn Tám", "admin", noon, "system")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"username": "Hòa"}, "username_malformed"),
        ({"username": "a"}, "username_malformed"),
        ({"display_name": "😀"}, "text_not_allowed"),
        ({"display_name": "  "}, "text_empty"),
        ({"role": "king"}, "unknown_role"),
        ({"password": "short"}, "password_too_short"),
        ({"password": "x" * 201}, "password_too_long"),
        ({"language": "fr"}, "unknown_language"),
        ({"counters": [999]}, "unknown_counter"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    office: Office, noon: datetime, fields: dict[str, object], code: str
) -> None:
    wish = {"username": "hoa.nt", "display_name": "Nguyễn Thị Hòa", "role": "officer", **fields}
    with pytest.raises(DomainError, match=code):
        manage_users.add_user(office.id, now=noon, actor="user:1", **wish)
    assert User.select().count() == 1
    assert Journal.select().count() == 0


def test_a_counter_of_another_office_cannot_be_posted_to(office: Office, noon: datetime) -> None:
    foreign = make_counter(1, office=make_office("other"))
    with pytest.raises(NotFound, match="unknown_counter"):
        manage_users.add_user(office.id, "hoa.nt", "Hòa", "officer", noon, "user:1", counters=[foreign.id])


def test_a_new_role_and_posting_hold_at_the_next_request(office: Office, noon: datetime) -> None:
    one, two = make_counter(1), make_counter(2)
    user = make_user("hoa.nt", counters=[one])
    token = sign_in("hoa.nt", PASSWORD, "10.0.0.9", noon, HOUR).token
    manage_users.change_user(office.id, user.id, "Nguyễn Thị Hòa", "manager", [two.id], noon, "user:1")
    actor = who_is(token, noon)
    assert actor.may("report.read")
    assert actor.user is not None
    assert actor.user.counters == {two.id}


def test_a_new_password_ends_the_old_one_and_every_sign_in(office: Office, noon: datetime) -> None:
    user = make_user("hoa.nt")
    token = sign_in("hoa.nt", PASSWORD, "10.0.0.9", noon, HOUR).token
    password = manage_users.reset_password(office.id, user.id, noon, "user:1")
    assert not signs_in("hoa.nt", PASSWORD, noon)
    assert signs_in("hoa.nt", password, noon)
    with pytest.raises(Unauthenticated, match="session_ended"):
        who_is(token, noon)


def test_a_disabled_account_is_out_at_once_and_comes_back_when_enabled(
    office: Office, noon: datetime
) -> None:
    user = make_user("hoa.nt")
    token = sign_in("hoa.nt", PASSWORD, "10.0.0.9", noon, HOUR).token
    manage_users.set_active(office.id, user.id, False, noon, "user:1")
    with pytest.raises(Unauthenticated, match="session_ended"):
        who_is(token, noon)
    assert not signs_in("hoa.nt", PASSWORD, noon)
    manage_users.set_active(office.id, user.id, True, noon, "user:1")
    assert signs_in("hoa.nt", PASSWORD, noon)


def test_disabling_twice_is_one_entry(office: Office, noon: datetime) -> None:
    user = make_user("hoa.nt")
    for _ in range(2):
        manage_users.set_active(office.id, user.id, False, noon, "user:1")
    assert Journal.select().count() == 1


def test_the_last_admin_stays_an_admin(office: Office, noon: datetime) -> None:
    admin = User.get(User.username == "admin")
    with pytest.raises(Conflict, match="last_admin"):
        manage_users.set_active(office.id, admin.id, False, noon, "user:1")
    with pytest.raises(Conflict, match="last_admin"):
        manage_users.change_user(office.id, admin.id, "Bình", "officer", [], noon, "user:1")
    make_user("second", role="admin", display_name="Lê Văn Tám")
    manage_users.set_active(office.id, admin.id, False, noon, "user:1")
    assert not User.get_by_id(admin.id).active


def test_an_admin_of_another_office_does_not_count(office: Office, noon: datetime) -> None:
    make_user("elsewhere", role="admin", office=make_office("other"))
    admin = User.get(User.username == "admin")
    with pytest.raises(Conflict, match="last_admin"):
        manage_users.set_active(office.id, admin.id, False, noon, "user:1")


def test_an_account_of_another_office_is_unknown(office: Office, noon: datetime) -> None:
    foreign = make_user("elsewhere", office=make_office("other"))
    with pytest.raises(NotFound, match="unknown_user"):
        manage_users.reset_password(office.id, foreign.id, noon, "user:1")


def test_names_stand_in_vietnamese_order_and_disabled_ones_last(office: Office, noon: datetime) -> None:
    make_user("u1", display_name="Lê Văn Ẩn")
    make_user("u2", display_name="Phạm Thị Đào")
    make_user("u3", display_name="Vũ Văn An", active=False)
    names = [card["display_name"] for card in manage_users.listing(office.id)]
    assert names == ["Lê Văn Ẩn", "Trần Thị Bình", "Phạm Thị Đào", "Vũ Văn An"]


def test_the_first_run_has_nobody(database: Database) -> None:
    make_office()
    assert manage_users.nobody_yet()
    make_user("admin", role="admin")
    assert not manage_users.nobody_yet()
