"""The built-in plugins, hook by hook."""

from __future__ import annotations

import logging
from datetime import date

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.dossier import Channel
from kiosk.domain.procedure import Component, FeeCase, Procedure, TermCase
from kiosk.domain.queueing import Priority
from kiosk.plugin import Visitor
from kiosk.plugin.selection import Selection

DAY = date(2026, 11, 23)
FIVE_DAYS = Term(5, TimeUnit.WORKING_DAYS)


@pytest.fixture
def offered(load):
    house = load()
    return Selection(house, frozenset(house.ready))


def procedure(*fees, term=FIVE_DAYS, cases=()):
    part = Component("Đơn", 1, 0)
    return Procedure(
        "nowhere", "giay", "Cấp giấy", "Giấy", term, (part,), fees, term_cases=cases, notes="Ví dụ"
    )


FIRST = FeeCase("first", "Lần đầu", 100_000, 80_000, kind="phi", basis="TT 1")
AGAIN = FeeCase("again", "Cấp lại", 50_000, 50_000, valid_from=date(2024, 1, 1))
COPY = FeeCase("copy", "Mỗi bản thêm", 5_000, 5_000, extra=True)


def fee(offered, thing, answers=None, channel=Channel.IN_PERSON, on=DAY):
    lines = offered.first("compute_fee", procedure=thing, answers=answers or {}, channel=channel, on=on)
    return None if lines is None else [(line.case, line.total, line.legal_basis) for line in lines]


def test_compute_fee_takes_the_first_case_or_the_one_answered(offered):
    thing = procedure(COPY, FIRST, AGAIN)
    assert fee(offered, thing) == [("Lần đầu", 100_000, "TT 1")]
    assert fee(offered, thing, {"fee_case": "again"}) == [("Cấp lại", 50_000, None)]
    assert fee(offered, thing, channel=Channel.ONLINE) == [("Lần đầu (nộp trực tuyến)", 80_000, "TT 1")]
    assert fee(offered, thing, channel=Channel.POST) == [("Lần đầu", 100_000, "TT 1")]


def test_compute_fee_uses_only_cases_in_force(offered):
    assert fee(offered, procedure(AGAIN), on=date(2023, 12, 31)) is None
    assert fee(offered, procedure(AGAIN), on=date(2024, 1, 1)) == [("Cấp lại", 50_000, None)]
    assert fee(offered, procedure(COPY)) is None


def test_intake_fields_ask_for_the_fee_case_only_where_there_is_a_choice(offered):
    assert offered.intake_fields(procedure(FIRST, COPY)) == []
    (question,) = offered.intake_fields(procedure(FIRST, AGAIN, COPY))
    assert (question.key, question.default) == ("fee_case", "first")
    assert question.choices == (("first", "Lần đầu"), ("again", "Cấp lại"))


def test_term_for_takes_the_case_answered(offered):
    far = TermCase("far", "Ở xa", Term(2, TimeUnit.MONTHS))
    open_ended = TermCase("open", "Theo kế hoạch", None)
    thing = procedure(FIRST, cases=(far, open_ended))
    (question,) = offered.intake_fields(thing)
    assert [key for key, _ in question.choices] == ["usual", "far", "open"]
    assert offered.term_for(thing, {"term_case": "usual"}) == Term(5, TimeUnit.WORKING_DAYS)
    assert offered.term_for(thing, {"term_case": "far"}) == Term(2, TimeUnit.MONTHS)
    assert offered.term_for(thing, {"term_case": "open"}).unit is TimeUnit.NONE
    assert offered.term_for(procedure(FIRST, term=None), {}).unit is TimeUnit.NONE


@pytest.mark.parametrize(
    ("visitor", "granted"),
    [
        (Visitor(), Priority.NORMAL),
        (Visitor(age=59), Priority.NORMAL),
        (Visitor(age=60), Priority.ELDERLY),
        (Visitor(Priority.ELDERLY), Priority.ELDERLY),
        (Visitor(Priority.DISABILITY), Priority.DISABILITY),
        (Visitor(Priority.PREGNANCY), Priority.PREGNANCY),
        (Visitor(Priority.MERIT, age=30), Priority.MERIT),
    ],
)
def test_ticket_priority_by_law_and_house_rules(offered, visitor, granted):
    assert offered.priority_for(None, visitor) is granted


def test_ticket_priority_follows_the_offices_house_rules_and_never_takes_away_the_laws(offered):
    rules = {"law_priorities": {"pregnancy": False, "merit": False, "elderly_from_age": 55}}
    strict = Selection(offered.house, offered.names, rules)
    assert strict.priority_for(None, Visitor(Priority.PREGNANCY)) is Priority.NORMAL
    assert strict.priority_for(None, Visitor(Priority.MERIT)) is Priority.NORMAL
    assert strict.priority_for(None, Visitor(Priority.DISABILITY)) is Priority.DISABILITY
    assert strict.priority_for(None, Visitor(age=55)) is Priority.ELDERLY


def test_check_settings_never_lets_an_office_be_stricter_than_the_law(offered):
    def complaint(age):
        return offered.house.call(
            "law_priorities", "check_settings", {"values": {"elderly_from_age": age}}, {}
        ).value

    assert complaint(60) is None
    assert list(complaint(61)) == ["elderly_from_age"]


def test_hold_minutes_is_the_offices_own(offered):
    assert offered.first("hold_minutes", ticket=None) == 10
    silent = Selection(offered.house, offered.names, {"paper_ticket": {"hold_minutes": 0}})
    assert silent.first("hold_minutes", ticket=None) == 0


def test_settings_schema_of_every_built_in_plugin_is_written_for_an_admin(offered):
    schemas = {name: info.schema for name, info in offered.house.plugins.items() if info.schema}
    assert set(schemas) == {
        "bcci_post", "email_notices", "justice", "law_priorities", "paper_ticket", "sms_gateway", "vietcombank_qr", "zalo_oa",
    }  # fmt: skip
    assert all(setting.title and setting.title_en for schema in schemas.values() for setting in schema)


def test_on_ticket_dossier_payment_and_parcel_event_write_one_line_each(offered, caplog):
    ticket = {"office": 1, "seq": 7, "kind": "ticket.called", "label": "T007"}
    dossier = {"office": 1, "seq": 8, "kind": "dossier.received", "code": "000.00.17.H02-261123-0001"}
    payment = {"office": 1, "seq": 9, "kind": "payment.credited", "reference": "BGPH 7K3Q2MX"}
    parcel = {"office": 1, "seq": 10, "kind": "parcel.moved", "number": "EL491610889VN"}
    with caplog.at_level(logging.INFO, "kiosk.events"):
        assert not offered.house.call("event_log", "on_parcel_event", {"event": parcel}, {}).failed
        assert not offered.house.call("event_log", "on_ticket_event", {"event": ticket}, {}).failed
        assert not offered.house.call("event_log", "on_dossier_event", {"event": dossier}, {}).failed
        assert not offered.house.call("event_log", "on_payment_event", {"event": payment}, {}).failed
    assert [record.getMessage() for record in caplog.records] == [
        "entry 10 of office 1: parcel.moved EL491610889VN",
        "entry 7 of office 1: ticket.called T007",
        "entry 8 of office 1: dossier.received 000.00.17.H02-261123-0001",
        "entry 9 of office 1: payment.credited BGPH 7K3Q2MX",
    ]
