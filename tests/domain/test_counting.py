"""The period's figures: the form's rules by example, then against a second counter on random logs."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain import counting
from kiosk.domain.counting import (
    CountedDossier,
    Counts,
    LogInconsistent,
    Period,
    PeriodCounts,
    Share,
    count_period,
)
from kiosk.domain.dossier import DossierFact
from kiosk.domain.errors import DomainError
from tests.factories import HANOI, fact
from tests.reports.naive import count_naively
from tests.reports.random_logs import DAYS, START, random_log, random_moment

MAY, JUNE = date(2022, 5, 31), date(2022, 6, 1)
LATER = datetime(2022, 7, 1, 8, tzinfo=HANOI)
FIRST_HALF_OF_JUNE = Period(JUNE, date(2022, 6, 14), LATER)


def june(day: int) -> date:
    return date(2022, 6, day)


def history(*moves: tuple[str, date, date | None]) -> tuple[DossierFact, ...]:
    return tuple(fact(move, on, due_on=due, seq=seq) for seq, (move, on, due) in enumerate(moves, start=1))


def dossier(*moves, channel="in_person", delivery="counter", level=4, department="justice", key=1):
    return CountedDossier(key, department, channel, delivery, level, history(*moves))


def counted(*dossiers: CountedDossier, period: Period = FIRST_HALF_OF_JUNE) -> dict[str, int]:
    """The total's figures that are not zero."""
    total = count_period(dossiers, period).total
    return {each.name: value for each in fields(total) if (value := getattr(total, each.name))}


def one(**figures: int) -> dict[str, int]:
    return {"received": 1, "in_period_direct": 1, **figures}


@pytest.mark.parametrize(
    ("finished", "due", "column"),
    [
        (june(7), june(8), "early"),
        (june(8), june(8), "on_time"),
        (june(9), june(8), "late"),
        (june(9), None, "on_time"),
    ],
)
def test_finished_is_early_on_time_or_late_by_date(finished, due, column):
    past = {"past_due_unapologised": 1} if column == "late" else {}
    assert counted(dossier(("receive", june(1), due), ("finish", finished, due))) == one(
        resolved=1, **{column: 1}, **past
    )


@pytest.mark.parametrize(("due", "column"), [(june(14), "in_time"), (june(13), "overdue"), (None, "in_time")])
def test_what_is_open_on_the_last_day_is_in_time_while_its_due_date_is_not_past(due, column):
    past = {"past_due_unapologised": 1} if column == "overdue" else {}
    assert counted(dossier(("receive", june(1), due))) == one(in_progress=1, **{column: 1}, **past)


def test_a_dossier_that_waits_for_its_supplement_is_in_time_whatever_its_date():
    waiting = dossier(("receive", june(1), june(3)), ("supplement", june(2), june(3)))
    assert counted(waiting) == one(in_progress=1, in_time=1, supplements=1)


@pytest.mark.parametrize(
    ("move", "column"), [("return", "returned"), ("withdraw", "withdrawn"), ("stop", "stopped")]
)
class TestEndedWithoutResult:
    """Biểu II.06a column 9 "bao gồm cả hồ sơ trả lại / xin rút"."""

    def test_stand_in_the_on_time_column_even_before_their_day(self, move, column):
        ended = dossier(("receive", june(1), june(8)), (move, june(2), june(8)))
        assert counted(ended) == one(resolved=1, on_time=1, **{column: 1})

    def test_do_not_make_an_overdue_dossier_punctual(self, move, column):
        ended = dossier(("receive", june(1), june(3)), (move, june(9), june(3)))
        assert counted(ended) == one(resolved=1, late=1, past_due_unapologised=1, **{column: 1})

    def test_are_on_time_while_the_applicant_was_asked_for_more(self, move, column):
        ended = dossier(
            ("receive", june(1), june(3)), ("supplement", june(2), june(3)), (move, june(9), june(3))
        )
        assert counted(ended) == one(resolved=1, on_time=1, supplements=1, **{column: 1})

    def test_are_late_again_once_the_supplement_had_come(self, move, column):
        ended = dossier(
            ("receive", june(1), june(3)),
            ("supplement", june(2), june(3)),
            ("complete", june(4), june(7)),
            (move, june(9), june(7)),
        )
        assert counted(ended) == one(
            resolved=1, late=1, past_due_unapologised=1, supplements=1, **{column: 1}
        )


class TestPromisedDays:
    """NĐ 61/2018 Đ.19.9: with an apology in time the promised day holds; the lawful one is not forgotten."""

    def test_an_apology_in_time_makes_the_promised_day_the_one_that_counts(self):
        kept = dossier(
            ("receive", june(1), june(8)), ("apologise", june(6), june(13)), ("finish", june(10), june(13))
        )
        assert counted(kept) == one(resolved=1, early=1, past_due_apologised=1)

    def test_who_is_done_by_the_lawful_day_after_all_was_never_late(self):
        kept = dossier(
            ("receive", june(1), june(8)), ("apologise", june(6), june(13)), ("finish", june(8), june(13))
        )
        assert counted(kept) == one(resolved=1, early=1)

    def test_a_promise_that_is_broken_is_late_all_the_same(self):
        broken = dossier(
            ("receive", june(1), june(8)), ("apologise", june(6), june(10)), ("finish", june(11), june(10))
        )
        assert counted(broken) == one(resolved=1, late=1, past_due_apologised=1)

    def test_a_pause_after_an_apology_excuses_nothing(self):
        paused = dossier(
            ("receive", june(1), june(3)),
            ("apologise", june(2), june(13)),
            ("suspend", june(6), june(13)),
            ("resume", june(7), june(14)),
            ("finish", june(10), june(14)),
        )
        assert counted(paused) == one(resolved=1, early=1, past_due_apologised=1)

    def test_a_lawful_extension_is_no_lateness(self):
        extended = dossier(
            ("receive", june(1), june(1)), ("extend", june(1), june(6)), ("finish", june(5), june(6))
        )
        assert counted(extended) == one(resolved=1, early=1)

    def test_while_the_applicant_pays_his_tax_nobody_is_late(self):
        paying = dossier(("receive", june(1), june(8)), ("suspend", june(7), june(8)))
        assert counted(paying) == one(in_progress=1, in_time=1)


def corrected(*moves, seq, on, due, entered, voids=False):
    """The dossier of these moves whose entry `seq` was put right at a moment."""
    wrong = dossier(*moves)
    last = DossierFact(len(moves) + 1, entered, on, "correct", due, corrects=seq, voids=voids)
    return replace(wrong, facts=(*wrong.facts, last))


class TestCorrections:
    """A correction is a new entry: reports that name an earlier moment stay as they were."""

    FINISHED_LATE = (("receive", june(1), june(8)), ("finish", june(10), june(8)))
    NOTICED = datetime(2022, 6, 20, 9, tzinfo=HANOI)

    def test_a_day_put_right_counts_from_the_correction_on(self):
        log = [corrected(*self.FINISHED_LATE, seq=2, on=june(8), due=june(8), entered=self.NOTICED)]
        before = Period(june(1), june(14), self.NOTICED - timedelta(minutes=1))
        after = Period(june(1), june(14), self.NOTICED)
        assert count_period(log, before).total.late == 1
        assert (count_period(log, after).total.late, count_period(log, after).total.on_time) == (0, 1)

    def test_an_end_that_never_was_leaves_the_dossier_open(self):
        log = corrected(
            *self.FINISHED_LATE, seq=2, on=june(10), due=june(8), entered=self.NOTICED, voids=True
        )
        assert counted(log) == one(in_progress=1, overdue=1, past_due_unapologised=1)

    def test_what_happened_after_the_period_can_be_corrected_into_it(self):
        moves = (("receive", june(1), june(20)), ("finish", june(16), june(20)))
        log = corrected(*moves, seq=2, on=june(14), due=june(20), entered=self.NOTICED)
        assert counted(log) == one(resolved=1, early=1)


def test_carried_over_is_what_was_open_on_the_first_day():
    def received_before(*moves):
        return dossier(("receive", MAY, june(8)), *moves)

    assert counted(received_before()) == {
        "received": 1,
        "carried_over": 1,
        "in_progress": 1,
        "overdue": 1,
        "past_due_unapologised": 1,
    }
    on_the_first_day = received_before(("finish", june(1), june(8)))
    assert counted(on_the_first_day) == {"received": 1, "carried_over": 1, "resolved": 1, "early": 1}
    assert counted(dossier(("receive", MAY, None), ("finish", MAY, None))) == {}


def test_after_the_last_day_nothing_has_happened_yet():
    assert counted(dossier(("receive", june(15), june(20)))) == {}
    still_open = dossier(
        ("receive", june(10), june(14)), ("supplement", june(15), None), ("finish", june(16), None)
    )
    assert counted(still_open) == one(in_progress=1, in_time=1)


def test_a_supplement_is_counted_in_the_period_it_was_asked_in():
    asked_before = dossier(
        ("receive", MAY, june(8)),
        ("supplement", MAY, june(8)),
        ("complete", june(2), june(8)),
        ("finish", june(8), june(8)),
    )
    assert "supplements" not in counted(asked_before)
    asked_twice = dossier(
        ("receive", june(1), None),
        ("supplement", june(2), None),
        ("complete", june(3), None),
        ("supplement", june(4), None),
    )
    assert counted(asked_twice)["supplements"] == 1


def test_a_linked_dossier_is_counted_while_it_belongs_to_the_period():
    forwarded_before = dossier(("receive", MAY, None), ("forward", MAY, None))
    assert counted(forwarded_before)["linked"] == 1
    assert "linked" not in counted(dossier(("receive", june(1), None), ("forward", june(15), None)))


def test_online_is_what_came_in_online_in_the_period():
    came = [
        dossier(("receive", june(1), None), channel="online", level=level, key=key)
        for key, level in enumerate((3, 4, 4, None), start=1)
    ]
    carried = dossier(("receive", MAY, None), channel="online", level=4, key=9)
    at_the_desk = dossier(("receive", june(1), None), channel="in_person", level=4, key=10)
    total = count_period([*came, carried, at_the_desk], FIRST_HALF_OF_JUNE).total
    assert (total.level_3, total.level_4, total.online_other, total.in_period_online) == (1, 2, 1, 4)
    assert (total.in_period, total.received) == (5, 6)


def test_post_counts_each_dossier_once_however_often_it_travelled():
    both_ways = dossier(
        ("receive", june(1), None),
        ("finish", june(2), None),
        ("hand_over", june(3), None),
        channel="post",
        delivery="post",
    )
    total = count_period([both_ways], FIRST_HALF_OF_JUNE).total
    assert (total.post_received, total.post_returned, total.post_both, total.post_total) == (1, 1, 1, 1)


def test_a_result_sent_now_of_a_dossier_resolved_long_ago_counts_for_the_post_alone():
    moves = ("receive", MAY, None), ("finish", MAY, None), ("hand_over", june(3), None)
    assert counted(dossier(*moves, delivery="post")) == {"post_returned": 1}
    assert counted(dossier(*moves, delivery="counter")) == {}


def test_a_log_that_contradicts_itself_is_refused_by_name():
    with pytest.raises(LogInconsistent, match="dossier 77"):
        counted(dossier(("receive", june(1), None), ("hand_over", june(2), None), key=77))


@pytest.mark.parametrize(
    ("figures", "identity"),
    [
        ({"received": 1}, "3 = 4"),
        ({"received": 1, "carried_over": 1}, r"3 = 7 \+ 11"),
        ({"received": 1, "carried_over": 1, "resolved": 1}, "7 = 8"),
        ({"received": 1, "in_period_online": 1, "in_progress": 1}, "11 = 12"),
    ],
)
def test_figures_that_break_an_identity_are_not_printed(figures, identity):
    with pytest.raises(LogInconsistent, match=identity):
        Counts(**figures).check()


def test_a_dossier_that_falls_between_the_columns_stops_the_report(monkeypatch):
    monkeypatch.setattr(counting, "_count_open", lambda *_: None)
    with pytest.raises(LogInconsistent, match=r"3 = 7 \+ 11"):
        counted(dossier(("receive", june(1), None)))


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [(june(2), june(1), "period_reversed"), (date(1999, 12, 31), june(1), "date_too_early")],
)
def test_a_period_that_cannot_be_is_refused(first, last, code):
    with pytest.raises(DomainError) as refusal:
        Period(first, last, LATER)
    assert refusal.value.code == code


def test_an_as_of_moment_before_anything_was_entered_is_refused():
    with pytest.raises(DomainError) as refusal:
        Period(june(1), june(2), datetime(1999, 12, 31, tzinfo=HANOI))
    assert (refusal.value.code, refusal.value.fields["field"]) == ("date_too_early", "as_of")


def test_an_as_of_moment_needs_a_zone():
    with pytest.raises(DomainError) as refusal:
        Period(june(1), june(2), datetime(2022, 7, 1))  # noqa: DTZ001
    assert refusal.value.code == "moment_without_zone"


class TestShare:
    def test_rounds_half_up_to_the_digits_asked_for_from_the_exact_counts(self):
        assert Share("a", 1, 8, "b").percent() == Decimal("12.5")
        assert Share("a", 1, 8, "b").percent(0) == 13
        assert Share("a", 1, 2000, "b").percent() == Decimal("0.1")
        # 48.46 is 48.5 to one digit, but 48 to none: never rounded twice.
        assert (Share("a", 4846, 10000, "b").percent(), Share("a", 4846, 10000, "b").percent(0)) == (
            Decimal("48.5"),
            48,
        )

    def test_of_nothing_is_no_number(self):
        assert Share("a", 0, 0, "b").percent() is None

    @pytest.mark.parametrize(("name", "base"), [("", "received"), ("early", ""), ("early", "  ")])
    def test_without_a_name_or_a_named_base_is_refused(self, name, base):
        with pytest.raises(ValueError, match="name"):
            Share(name, 1, 2, base)

    def test_is_made_of_counts(self):
        with pytest.raises(ValueError, match="counts"):
            Share("a", -1, 2, "b")


# --- random logs -------------------------------------------------------------------------------------------------

logs = st.builds(random_log, st.randoms(use_true_random=False), st.integers(0, 25))
days = st.integers(0, DAYS + 40).map(lambda n: START + timedelta(days=n))
moments = st.builds(random_moment, st.randoms(use_true_random=False))


def period(a: date, b: date, as_of: datetime) -> Period:
    return Period(min(a, b), max(a, b), as_of)


def figures_of(counts: Counts) -> dict[str, int]:
    stored = {each.name: getattr(counts, each.name) for each in fields(counts) if each.name != "post_both"}
    derived = {name: getattr(counts, name) for name in ("in_period", "online_other", "post_total")}
    return {**stored, **derived}


def by_department(counts: PeriodCounts) -> dict[str, dict[str, int]]:
    """Figures that are not zero, of departments that have any."""
    return {
        department: found
        for department, each in counts.departments.items()
        if (found := {name: n for name, n in figures_of(each).items() if n})
    }


@given(logs, days, days, moments)
def test_a_second_counter_agrees_on_every_figure(log, a, b, as_of):
    asked = period(a, b, as_of)
    naive = count_naively(log, asked.first, asked.last, as_of)
    expected = {d: found for d, got in naive.items() if (found := {k: n for k, n in got.items() if n})}
    assert by_department(count_period(log, asked)) == expected


@given(logs, days, days, moments)
def test_the_identities_of_the_form_hold_and_departments_add_up(log, a, b, as_of):
    result = count_period(log, period(a, b, as_of))
    for counts in [*result.departments.values(), result.total]:
        assert counts.received == counts.in_period_online + counts.in_period_direct + counts.carried_over
        assert counts.received == counts.resolved + counts.in_progress
        assert counts.resolved == counts.early + counts.on_time + counts.late
        assert counts.in_progress == counts.in_time + counts.overdue
        assert counts.returned + counts.withdrawn <= counts.on_time + counts.late
    for each in fields(Counts):
        parts = sum(getattr(counts, each.name) for counts in result.departments.values())
        assert parts == getattr(result.total, each.name)


@given(logs, moments, st.lists(days, min_size=2, max_size=6, unique=True))
def test_what_one_period_leaves_the_next_one_carries_over(log, as_of, cuts):
    cuts = sorted(cuts)
    one_day = timedelta(days=1)
    left: dict[str, int] = {}
    for place, (first, until) in enumerate(pairwise(cuts)):
        counts = count_period(log, Period(first, until - one_day, as_of)).departments
        carried = {d: c.carried_over for d, c in counts.items() if c.carried_over}
        if place:
            assert carried == left
        left = {d: c.in_progress for d, c in counts.items() if c.in_progress}


@given(logs, days, days, moments, st.randoms(use_true_random=False))
def test_what_is_entered_later_changes_nothing(log, a, b, as_of, rng: Random):
    asked = period(a, b, as_of)
    as_then = [
        CountedDossier(
            d.key, d.department, d.channel, d.delivery, d.level, tuple(f for f in d.facts if f.at <= as_of)
        )
        for d in log
        if d.facts[0].at <= as_of
    ]
    rng.shuffle(log)
    assert by_department(count_period(log, asked)) == by_department(count_period(as_then, asked))


@given(logs, days, days, moments, st.randoms(use_true_random=False))
def test_facts_may_come_in_any_order(log, a, b, as_of, rng: Random):
    asked = period(a, b, as_of)
    shuffled = [replace(d, facts=tuple(rng.sample(d.facts, len(d.facts)))) for d in log]
    assert by_department(count_period(shuffled, asked)) == by_department(count_period(log, asked))


@given(logs, st.lists(days, min_size=2, max_size=4, unique=True), moments)
def test_parts_of_a_period_add_up_to_the_whole(log, cuts, as_of):
    cuts, one_day = sorted(cuts), timedelta(days=1)
    whole = count_period(log, Period(cuts[0], cuts[-1] - one_day, as_of)).total
    parts = [count_period(log, Period(a, b - one_day, as_of)).total for a, b in pairwise(cuts)]
    for flow in (
        "in_period",
        "in_period_online",
        "resolved",
        "returned",
        "withdrawn",
        "post_received",
        "post_returned",
    ):
        assert sum(getattr(part, flow) for part in parts) == getattr(whole, flow)
    assert (parts[0].carried_over, parts[-1].in_progress) == (whole.carried_over, whole.in_progress)
