"""The period summary out of a database: equal to the pure counter, stable, and careful about what it is asked."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from random import Random

import pytest

from kiosk.domain.counting import Period, PeriodCounts, count_period
from kiosk.domain.errors import DomainError, NotFound
from kiosk.models import Dossier, DossierHistory
from kiosk.reports import reading
from kiosk.reports.period_summary import period_summary
from kiosk.reports.reading import dossiers_of, snapshot
from kiosk.services.tally import retell
from tests.factories import HANOI, fact, make_dossier, make_office
from tests.reports.naive import count_naively
from tests.reports.random_logs import DAYS, START, random_log, random_moment

TITLES = {"justice": "Sở Tư pháp", "transport": "Sở Giao thông vận tải"}
YEAR_END = datetime(2022, 12, 31, 17, tzinfo=HANOI)


def june(day: int) -> date:
    return date(2022, 6, day)


def enter(log, office):
    for each in log:
        make_dossier(
            each.facts,
            department=each.department,
            channel=each.channel,
            delivery=each.delivery,
            level=each.level,
            office=office,
        )


def nonzero(counts: PeriodCounts):
    return {department: each for department, each in counts.departments.items() if any(vars(each).values())}


@pytest.mark.parametrize("seed", range(3))
def test_equals_the_pure_counter_and_the_naive_one(database, monkeypatch, seed):
    monkeypatch.setattr(reading, "BATCH", 7)  # so that a small log takes many batches
    rng = Random(seed)
    office, neighbour = make_office(), make_office("neighbour")
    log = random_log(rng, 60)
    enter(log, office)
    enter(random_log(rng, 10), neighbour)

    for _ in range(25):
        first = START + timedelta(days=rng.randint(0, DAYS + 20))
        as_of = max(random_moment(rng), datetime(first.year, first.month, first.day, 20, tzinfo=HANOI))
        last = first + timedelta(days=rng.randint(0, (as_of.date() - first).days))
        summary = period_summary(office.id, first, last, as_of)
        assert nonzero(summary.counts) == nonzero(count_period(log, Period(first, last, as_of)))

        naive = count_naively(log, first, last, as_of)
        for key, _title, counts in summary.departments({}):
            expected = naive.get(key, {})
            assert {name: getattr(counts, name) for name in expected} == dict(expected)
            assert key in naive or not any(vars(counts).values())


def test_as_json_in_its_stable_shape(sqlite_database):
    office = make_office(title="Trung tâm Phục vụ hành chính công")
    early = [fact("receive", june(1), due_on=june(8)), fact("finish", june(3), due_on=june(8), seq=2)]
    make_dossier(early, department="justice", channel="online", level=4)
    waiting = [fact("receive", june(2), due_on=june(4)), fact("supplement", june(3), due_on=june(4), seq=2)]
    make_dossier(waiting, department="health", channel="post", level=2)

    report = period_summary(office.id, june(1), june(14), datetime(2022, 6, 14, 10, tzinfo=HANOI)).to_json(
        TITLES
    )

    shares = report.pop("shares")
    departments = report.pop("departments")
    assert report == {
        "report": "period-summary",
        "office": {"key": "demo", "title": "Trung tâm Phục vụ hành chính công"},
        "from": "2022-06-01",
        "to": "2022-06-14",
        "as_of": "2022-06-14T10:00:00+07:00",
        "received": {"total": 2, "carried_over": 0, "in_period": 2},
        "resolved": {"total": 1, "early": 1, "on_time": 0, "late": 0},
        "in_progress": {"total": 1, "in_time": 1, "overdue": 0},
        "supplements": 1,
        "returned": 0,
        "withdrawn": 0,
        "stopped": 0,
        "past_due": {"apologised": 0, "unapologised": 0},
        "linked": 0,
        "online": {"level_3": 0, "level_4": 1, "other": 0, "total": 1},
        "bcci": {"received": 1, "returned": 0, "both": 0, "total": 1},
    }
    assert shares[0] == {
        "name": "early_of_resolved",
        "title": "Giải quyết trước hạn",
        "numerator": 1,
        "denominator": 1,
        "denominator_name": "hồ sơ đã giải quyết",
        "percent": 100.0,
    }
    named = [(d["key"], d["title"], d["received"]["total"]) for d in departments]
    assert named == [
        ("justice", "Sở Tư pháp", 1),
        ("transport", "Sở Giao thông vận tải", 0),
        ("health", "health", 1),
    ]
    assert all(d.keys() - {"key", "title"} == {*report, "shares"} - _HEAD for d in departments)
    assert departments[1]["shares"][0]["percent"] is None


_HEAD = {"report", "office", "from", "to", "as_of"}


def test_a_report_run_a_year_later_with_the_same_as_of_is_the_same(database):
    office = make_office()
    dossier = make_dossier([fact("receive", june(1), due_on=june(8))])
    as_of = datetime(2022, 6, 15, 8, tzinfo=HANOI)

    def report(moment):
        return period_summary(office.id, june(1), june(14), moment, now=YEAR_END).to_json(TITLES)

    on_the_day = report(as_of)
    # Entered a fortnight late: it was finished on the 10th, says the officer on the 28th.
    late = fact("finish", june(10), due_on=june(8), at=datetime(2022, 6, 28, tzinfo=HANOI), seq=2)
    DossierHistory.create(dossier=dossier, seq=2, at=late.at, on=late.on, move=late.move, due_on=late.due_on)
    Dossier.update(closed_on=late.on, state="finished").where(Dossier.id == dossier.id).execute()
    retell(dossier)

    assert report(as_of) == on_the_day
    assert on_the_day["in_progress"] == {"total": 1, "in_time": 0, "overdue": 1}
    assert report(YEAR_END)["resolved"] == {"total": 1, "early": 0, "on_time": 0, "late": 1}


def test_a_dossier_closed_before_the_period_in_words_entered_later_was_open_then(database):
    office = make_office()
    entered = datetime(2022, 6, 20, 9, tzinfo=HANOI)
    make_dossier([fact("receive", date(2022, 5, 2)), fact("finish", date(2022, 5, 9), at=entered, seq=2)])

    before = period_summary(office.id, june(1), june(14), datetime(2022, 6, 14, 17, tzinfo=HANOI))
    after = period_summary(office.id, june(1), june(14), entered)
    assert (before.counts.total.carried_over, before.counts.total.in_progress) == (1, 1)
    assert after.counts.total.received == 0


def test_a_result_posted_long_after_its_dossier_was_resolved_is_found(database):
    office = make_office()
    facts = [
        fact("receive", date(2022, 5, 2)),
        fact("finish", date(2022, 5, 9), seq=2),
        fact("hand_over", june(3), seq=3),
    ]
    make_dossier(facts, delivery="post")
    summary = period_summary(office.id, june(1), june(14), YEAR_END)
    assert (summary.counts.total.post_returned, summary.counts.total.received) == (1, 0)


def test_the_office_s_own_day_decides_not_utc(database):
    office = make_office()
    # 06:30 on the 1st in Hanoi is still the 31st in London; the day is what the fact says.
    at_once = datetime(2022, 6, 1, 6, 30, tzinfo=HANOI)
    make_dossier([fact("receive", june(1), at=at_once)])
    assert period_summary(office.id, june(1), june(1), at_once).counts.total.in_period == 1


@pytest.mark.parametrize(
    ("first", "last", "as_of", "code"),
    [
        (june(14), june(1), YEAR_END, "period_reversed"),
        (date(1999, 12, 31), june(1), YEAR_END, "date_too_early"),
        (june(1), june(15), datetime(2022, 6, 14, 23, 59, tzinfo=HANOI), "date_in_future"),
        (june(1), june(14), YEAR_END + timedelta(seconds=1), "as_of_in_future"),
        (june(1), june(14), datetime(2022, 6, 15), "moment_without_zone"),  # noqa: DTZ001
    ],
)
def test_what_cannot_be_answered_is_refused(sqlite_database, first, last, as_of, code):
    with pytest.raises(DomainError) as refusal:
        period_summary(make_office().id, first, last, as_of, now=YEAR_END)
    assert refusal.value.code == code


def test_today_may_be_the_last_day(sqlite_database):
    as_of = datetime(2022, 6, 14, 0, 1, tzinfo=HANOI)
    assert period_summary(make_office().id, june(1), june(14), as_of, now=as_of).counts.total.received == 0


def test_an_office_that_is_not_there(sqlite_database):
    with pytest.raises(NotFound) as refusal:
        period_summary(404, june(1), june(14), YEAR_END)
    assert refusal.value.code == "unknown_office"


def test_a_running_report_neither_sees_nor_delays_a_write(database):
    """The totals and the departments of one report are of one moment (I11), and officers do not wait for it."""
    office = make_office()
    make_dossier([fact("receive", june(1))])
    period = Period(june(1), june(14), YEAR_END)
    written = threading.Event()

    def write():
        make_dossier([fact("receive", june(2))], office=office)
        database.close()
        written.set()

    with snapshot():
        assert len(list(dossiers_of(office.id, period))) == 1
        officer = threading.Thread(target=write)
        officer.start()
        assert written.wait(5), "the write waited for the report"
        assert len(list(dossiers_of(office.id, period))) == 1
    officer.join()
    with snapshot():
        assert len(list(dossiers_of(office.id, period))) == 2
