"""An admin changes a term or a fee: from its first day at every desk, never for what was received, and with a reason."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from kiosk.domain.dossier import Channel
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.models import Dossier, Journal, Office, ProcedureOverride
from kiosk.plugin import gate
from kiosk.plugin.breaker import FAILURES_IN_A_ROW
from kiosk.services import manage_plugins
from kiosk.services.catalogue import listing
from kiosk.services.catalogue.override_procedure import Wish, foresee, override, revoke
from kiosk.services.catalogue.try_out import try_out
from kiosk.services.verify_log import verify_office
from tests.services.test_stories import LICENCE, Story

DAY = date(2026, 11, 23)
NINE = time(9)
PETROL_STATION = "2.000648"
TOMORROW = DAY + timedelta(1)
FEE = Wish(
    "transport", LICENCE, "fee", "paper", {"direct": 150_000, "online": 140_000}, DAY, None, "NQ 10/2026"
)
TERM = Wish("transport", LICENCE, "term", "", {"value": 3, "unit": "working_days"}, DAY, None, "QĐ 5/2026")
ADMIN = "user:1"


@pytest.fixture
def wish(story: Story) -> Wish:
    """The override of a fee the licence really has."""
    case = gate.find_procedure(story.office, LICENCE).fees[0]
    return replace(FEE, case=case.key)


def say(story: Story, wish: Wish) -> int:
    """The admin's word."""
    with gate.breath():
        return override(story.office, wish, story.clock.moment, ADMIN)


def tried(story: Story, day: date, channel: str = "in_person") -> Any:
    with gate.breath():
        return try_out(story.office, "transport", LICENCE, datetime.combine(day, NINE), channel, {})


def test_a_fee_changes_from_its_first_day_and_what_was_received_keeps_its_own(
    story: Story, wish: Wish
) -> None:
    before = story.receive()
    say(story, replace(wish, valid_from=TOMORROW))
    same_day = story.receive()
    story.clock.pass_(days=1)
    after = story.receive()
    totals = [Dossier.get_by_id(d.id).fee_total for d in (before, same_day, after)]
    assert totals == [totals[0], totals[0], 150_000]
    assert totals[0] != 150_000


def test_a_term_changes_the_due_date_of_what_is_received_from_then_on(story: Story) -> None:
    before = story.receive()
    say(story, TERM)
    after = story.receive()
    days = [Dossier.get_by_id(d.id).due_on for d in (before, after)]
    assert days == [date(2026, 12, 1), date(2026, 11, 27)], "24/11 is a day off"


def test_it_is_in_the_journal_without_its_reason_and_moves_the_catalogues_number(
    story: Story, wish: Wish
) -> None:
    number = say(story, replace(wish, reason="Theo đơn của bà Hoa", valid_to=TOMORROW))
    assert Office.get_by_id(story.office).catalogue_version == 1
    entry = Journal.select().where(Journal.kind == "procedure.overridden").get()
    assert json.loads(entry.facts) == {
        "department": "transport", "procedure": LICENCE, "what": "fee", "case": wish.case, "change": "made",
        "valid_from": "2026-11-23", "valid_to": "2026-11-24",
    }  # fmt: skip
    row = ProcedureOverride.get_by_id(number)
    assert (row.actor, row.reason) == (ADMIN, "Theo đơn của bà Hoa")
    assert verify_office(story.office).broken is None


def test_revoking_brings_the_plugins_word_back_and_is_remembered(story: Story, wish: Wish) -> None:
    usual = tried(story, DAY).total
    number = say(story, wish)
    assert tried(story, DAY).total == 150_000
    assert tried(story, DAY, Channel.ONLINE).total == 140_000
    with gate.breath():
        revoke(story.office, number, "Ghi nhầm", story.clock.pass_(minutes=1), ADMIN)
    assert tried(story, DAY).total == usual
    (entry,) = listing.history(story.office, "transport", LICENCE)
    assert (entry.state(DAY), entry.revoked_because, entry.revoked_by) == ("revoked", "Ghi nhầm", ADMIN)
    assert entry.values == {"direct": 150_000, "online": 140_000}
    with pytest.raises(Conflict, match="already_revoked"):
        revoke(story.office, number, "lại", story.clock.moment, ADMIN)
    say(story, wish)


def test_foreseeing_shows_before_and_after_and_keeps_nothing(story: Story, wish: Wish) -> None:
    effect = foresee(story.office, wish, story.clock.moment, ADMIN)
    assert (effect.before.direct, effect.after.direct) == (tried(story, DAY).total, 150_000)
    assert (ProcedureOverride.select().count(), Office.get_by_id(story.office).catalogue_version) == (0, 0)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"procedure": "9.999999"}, "unknown_procedure"),
        ({"department": "nowhere"}, "unknown_procedure"),
        ({"case": "nothing"}, "unknown_case"),
        ({"kind": "term", "case": "nothing"}, "unknown_case"),
        ({"kind": "name"}, "unknown_override_kind"),
        ({"values": {"direct": -1, "online": 0}}, "amount_not_whole_dong"),
        ({"values": {"direct": 1.5, "online": 0}}, "amount_not_whole_dong"),
        ({"values": {"direct": 1}}, "amount_not_whole_dong"),
        ({"values": {"direct": 10**13, "online": 0}}, "amount_too_large"),
        ({"kind": "term", "case": "", "values": {"value": 1, "unit": "weeks"}}, "unknown_unit"),
        ({"kind": "term", "case": "", "values": {"value": 0, "unit": "months"}}, "term_malformed"),
        ({"kind": "term", "case": "", "values": {"value": 1, "unit": "same_day"}}, "term_malformed"),
        ({"kind": "term", "case": "", "values": {"value": 10_000, "unit": "months"}}, "term_malformed"),
        ({"valid_to": DAY - timedelta(1)}, "period_reversed"),
        ({"valid_from": DAY - timedelta(1)}, "start_in_past"),
        ({"reason": " \n"}, "reason_missing"),
        ({"reason": "x" * 501}, "text_too_long"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    story: Story, wish: Wish, change: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(DomainError, match=refusal):
        say(story, replace(wish, **change))
    assert ProcedureOverride.select().count() == 0
    assert "procedure.overridden" not in story.kinds()


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [(0, None, False), (0, 4, True), (4, 5, False), (10, 20, False), (11, None, True), (7, 8, False)],
)
def test_two_words_on_one_thing_may_follow_but_not_overlap(
    story: Story, wish: Wish, first: int, last: int | None, fits: bool
) -> None:
    say(story, replace(wish, valid_from=DAY + timedelta(5), valid_to=DAY + timedelta(10)))
    end = None if last is None else DAY + timedelta(last)
    second = replace(wish, valid_from=DAY + timedelta(first), valid_to=end)
    if fits:
        say(story, second)
    else:
        with pytest.raises(Conflict, match="override_overlaps"):
            say(story, second)
    say(story, replace(TERM, valid_from=DAY))


def test_what_another_office_changed_is_its_own(story: Story, wish: Wish) -> None:
    number = say(story, wish)
    with gate.breath():
        there = gate.find_procedure(story.place.other.id, LICENCE, on=DAY)
    assert there.fees[0].direct != 150_000
    with pytest.raises(NotFound, match="unknown_override"):
        revoke(story.place.other.id, number, "không phải của mình", story.clock.moment, ADMIN)


def test_a_formula_is_not_a_number(story: Story) -> None:
    everything = gate.catalogue(story.office).on(DAY).procedures.values()
    procedure, case = next((p, c) for p in everything for c in p.fees if c.by_rule)
    word = replace(FEE, department=procedure.department, procedure=procedure.key, case=case.key)
    with pytest.raises(Conflict, match="fee_by_rule"):
        say(story, word)


def test_a_changed_fee_counts_also_where_the_department_reckons_by_a_rule(story: Story) -> None:
    word = replace(
        FEE,
        department="industry_trade",
        procedure=PETROL_STATION,
        case="other_organisation",
        values={"direct": 500_000, "online": 400_000},
    )
    say(story, word)
    manage_plugins.enable(story.office, "industry_trade", story.clock.moment, ADMIN)
    answers = {"area": "other", "subject": "organisation", "points": 2}
    for channel, dong in ((Channel.IN_PERSON, 1_000_000), (Channel.ONLINE, 800_000)):
        received = story.receive(PETROL_STATION, answers=answers, channel=channel)
        assert Dossier.get_by_id(received.id).fee_total == dong


def test_a_refused_application_is_tried_out_without_fees_and_without_a_mishap(story: Story) -> None:
    manage_plugins.enable(story.office, "land_environment", story.clock.moment, ADMIN)
    key, before = "1.012786", dict(gate.house().failures)
    unknown = {"subject": "individual", "object": "assets"}
    for _ in range(FAILURES_IN_A_ROW):
        trial = try_out(
            story.office, "land_environment", key, datetime.combine(DAY, NINE), "in_person", unknown
        )
        assert trial.objection
        assert (trial.fees, trial.total, trial.term, trial.due_on) == ((), 0, None, None)
    assert gate.house().failures == before
    assert story.receive(key, answers={"subject": "individual", "object": "land"}).code


def test_a_switched_off_department_is_tried_out_as_if_it_were_on(story: Story) -> None:
    off = next(key for key in gate.departments() if key not in gate.departments(story.office))
    procedure = gate.departments()[off].procedures[0]
    answers = {
        q.key: q.default
        for q in gate.selection(story.office)
        .with_plugin(gate.plugin_of_department(off))
        .intake_fields(procedure)
    }
    trial = try_out(story.office, off, procedure.key, datetime.combine(DAY, NINE), "in_person", answers)
    assert trial.fees


def test_the_list_finds_filters_and_pages(story: Story, wish: Wish) -> None:
    say(story, wish)

    def found(**wanted: Any) -> listing.Listing:
        with gate.breath():
            return listing.listing(story.office, listing.Wanted(**wanted), DAY)

    everything = found()
    assert (
        everything.found
        == everything.procedures
        == sum(len(d.procedures) for d in gate.departments().values())
    )
    assert len(everything.rows) == min(everything.found, listing.ROWS_A_PAGE)
    assert found(page=9_999).page == everything.pages
    assert [row.procedure.key for row in found(changed=True).rows] == [LICENCE]
    assert all(row.procedure.doubts for row in found(doubtful=True).rows)
    assert {row.procedure.department for row in found(department="justice").rows} == {"justice"}
    assert found(query="doi giay phep lai xe").rows[0].procedure.key == LICENCE
    assert found(query="không có gì như thế").rows == ()
    assert found(department="nowhere").rows == ()
