"""Services told on both databases: what the days of a ticket and of a dossier leave behind."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from peewee import Database

from kiosk.database import bookkeeping, proxy
from kiosk.domain.dossier import DossierState
from kiosk.domain.errors import Conflict, DomainError, Forbidden, NotFound, Unavailable
from kiosk.domain.hall import DaySettings
from kiosk.domain.permissions import RIGHTS, Actor, Role, SignedInUser
from kiosk.domain.ticket import TicketState
from kiosk.models import DossierHistory, Journal, Office, OfficePlugin, PrintJob, Ticket
from kiosk.plugin import gate
from kiosk.services import manage_plugins
from kiosk.services.advance_dossier import MoveDetails, advance_dossier
from kiosk.services.call_next import call_next
from kiosk.services.forecasting import hall_load
from kiosk.services.hours import LineDay
from kiosk.services.issue_ticket import Issued, TicketHouse, Wish, issue_ticket
from kiosk.services.manage_places import change_line
from kiosk.services.pace import Paces
from kiosk.services.receive_dossier import receive_dossier
from kiosk.services.reckon_dossier import Application
from kiosk.services.serve_ticket import move_ticket
from kiosk.services.tally import steps_from_scratch, steps_kept
from kiosk.services.verify_log import verify_office
from tests.api.desk import Clock, Place, build, house
from tests.factories import make_printer

HOUSE = TicketHouse(b"a-key-of-the-tests", "http://127.0.0.1:8123")
LICENCE = "1.002809"
"""Đổi giấy phép lái xe: five working days."""


class Story:
    """An office at work: every method is one verb of the staff or of the kiosk."""

    def __init__(self, place: Place, clock: Clock) -> None:
        self.place, self.clock = place, clock
        self.office = place.office.id

    def officer(self, *counters: Any, role: Role = Role.OFFICER) -> Actor:
        """A member of staff at these counters (the first, if none is named)."""
        posted = frozenset(c.id for c in counters or (self.place.counter,))
        user = SignedInUser(self.place.officer.id, "lan", "Lan", role, "vi", posted)
        return Actor(self.office, user=user, permissions=RIGHTS[role])

    def issue(self, line: Any = None, **wish: Any) -> Issued:
        """A number."""
        wanted = Wish(line=(line or self.place.justice).id, **wish)
        return issue_ticket(self.office, wanted, self.officer(), self.clock.moment, HOUSE)

    def call(self, counter: Any = None, **how: Any) -> Ticket | None:
        """The next number at a counter."""
        counter = counter or self.place.counter
        return call_next(counter.id, self.officer(counter), self.clock.moment, **how)

    def move(self, ticket: Ticket, move: str) -> Ticket:
        """A move of a ticket at the first counter."""
        return move_ticket(ticket.id, move, self.officer(), self.clock.moment)

    def receive(self, procedure: str = LICENCE, **fields: Any) -> Any:
        """A dossier."""
        given = {"procedure": procedure, "department": None, "applicant": {"name": "Trần Văn An"}, **fields}
        return receive_dossier(Application(**given), self.officer(), self.clock.moment)

    def advance(self, dossier: Any, move: str, **how: Any) -> Any:
        """A move of a dossier."""
        return advance_dossier(dossier.code, move, self.officer(), self.clock.moment, MoveDetails(**how))

    def forecast(self, ahead: int) -> tuple[int, int]:
        """The wait of somebody with so many of the first line before them, were its counters idle."""
        day = self.clock.moment.date()
        load = hall_load(self.office, day, self.clock.moment)
        hours = LineDay(day, (), False, DaySettings())
        return load.forecast(self.place.justice.id, ahead, hours)

    def rename_line(self, title: str) -> None:
        """An admin gives the first line another name."""
        line = self.place.justice
        change_line(self.office, line.id, line.prefix, title, self.clock.moment, "system:test")

    def kinds(self) -> list[str]:
        """The office's journal, by kind."""
        rows = Journal.select().where(Journal.office == self.office).order_by(Journal.seq)
        return [row.kind for row in rows]


@pytest.fixture
def story(database: Database, noon: datetime) -> Any:
    """An office at work on a Monday morning, on both databases."""
    gate.use(house())
    with database.connection_context():
        place = build(noon)
        yield Story(place, Clock(noon))
        # Whatever happened in the story, the figures of reports were kept up with it.
        assert steps_kept(place.office.id) == steps_from_scratch(place.office.id, ZoneInfo(place.office.zone))
    gate.use(None)


def test_a_number_comes_with_its_place_in_the_queue(story: Story) -> None:
    first, second = story.issue(), story.issue()
    elderly = story.issue(priority="elderly")
    assert [t.ticket.label for t in (first, second, elderly)] == ["T001", "T002", "T003"]
    assert (first.people_ahead, second.people_ahead, elderly.people_ahead) == (0, 1, 0)
    assert first.wait_minutes <= second.wait_minutes
    assert len({t.ticket.token for t in (first, second, elderly)}) == 3
    assert first.print_job is None


def test_a_number_promises_its_paper_where_there_is_a_printer(story: Story) -> None:
    make_printer(office=story.place.office)
    issued = story.issue()
    job = PrintJob.get_by_id(issued.print_job)
    assert (job.ticket_id, job.state, job.slip["label"]) == (issued.ticket.id, "queued", "T001")


def test_series_run_by_line_and_restart_on_the_offices_own_midnight(story: Story) -> None:
    story.clock.moment = datetime.fromisoformat("2026-11-23T23:59:59+07:00")
    assert story.issue().ticket.label == "T001"
    assert story.issue(story.place.transport).ticket.label == "G001"
    story.clock.pass_(seconds=1)
    ticket = story.issue().ticket
    assert (ticket.label, ticket.day) == ("T001", date(2026, 11, 24))
    assert Ticket.select().count() == 3


def test_yesterdays_numbers_are_not_called_today(story: Story) -> None:
    story.issue()
    story.clock.pass_(days=1)
    today = story.issue()
    assert story.call().id == today.ticket.id
    assert story.call(finish=True) is None


def test_the_business_day_never_goes_back(story: Story) -> None:
    story.clock.moment = datetime.fromisoformat("2026-11-24T00:01:00+07:00")
    assert story.issue().ticket.number == 1
    story.clock.pass_(minutes=-4)
    ticket = story.issue().ticket
    assert (ticket.number, ticket.day) == (2, date(2026, 11, 24))
    story.clock.pass_(minutes=-4)
    with pytest.raises(Unavailable, match="clock_went_back"):
        story.issue()


def test_the_order_is_rank_then_arrival_over_all_lines(story: Story) -> None:
    wishes = [
        ("justice", None),
        ("transport", None),
        ("justice", "merit"),
        ("transport", "elderly"),
        ("justice", None),
    ]
    issued = [story.issue(getattr(story.place, line), priority=p).ticket.id for line, p in wishes]
    called = [story.call(finish=True).id for _ in wishes]
    assert called == [issued[i] for i in (2, 3, 0, 1, 4)]
    sequence = [Ticket.get_by_id(each).called_seq for each in called]
    assert sequence == sorted(sequence)


def test_a_busy_counter_calls_nobody(story: Story) -> None:
    story.issue(), story.issue()
    current = story.call()
    before = story.kinds()
    with pytest.raises(Conflict, match="counter_busy"):
        story.call()
    assert story.kinds() == before
    story.move(current, "start")
    with pytest.raises(Conflict, match="counter_busy"):
        story.call()
    assert story.call(story.place.second).label == "T002"


def test_a_visit_move_by_move(story: Story) -> None:
    story.issue()
    story.clock.pass_(minutes=3)
    ticket = story.call()
    assert (ticket.state, ticket.counter_id) == (TicketState.CALLED, story.place.counter.id)
    assert [story.move(ticket, "recall").recalls for _ in range(2)] == [1, 2]
    started = story.move(ticket, "start")
    assert started.started_at == story.clock.moment
    for illegal in ("recall", "no_show", "start", "cancel"):
        with pytest.raises(Conflict, match="illegal_move"):
            story.move(ticket, illegal)
    story.clock.pass_(minutes=5)
    assert story.move(ticket, "finish").ended_at == story.clock.moment
    for illegal in ("recall", "start", "finish", "no_show", "cancel"):
        with pytest.raises(Conflict, match="illegal_move"):
            story.move(ticket, illegal)
    assert story.kinds() == [
        "ticket.issued", "ticket.called", "ticket.recalled", "ticket.recalled", "ticket.started", "ticket.finished",
    ]  # fmt: skip


def test_no_show_and_cancel_free_the_counter(story: Story) -> None:
    first, second = story.issue().ticket, story.issue().ticket
    assert story.move(story.call(), "no_show").id == first.id
    assert story.move(story.call(), "cancel").id == second.id
    waiting = story.issue().ticket
    assert story.move(waiting, "cancel").state == TicketState.CANCELLED
    assert story.call() is None


def test_who_may_move_a_ticket(story: Story) -> None:
    story.issue()
    ticket = story.call()
    colleague = story.officer(story.place.second)
    with pytest.raises(Forbidden, match="not_your_counter"):
        move_ticket(ticket.id, "start", colleague, story.clock.moment)
    with pytest.raises(Forbidden, match="call_through_counter"):
        story.move(story.issue().ticket, "call")
    other = Actor(story.place.other.id, user=colleague.user, permissions=colleague.permissions)
    with pytest.raises(NotFound, match="unknown_ticket"):
        move_ticket(ticket.id, "start", other, story.clock.moment)


def test_the_line_learns_how_long_a_visit_takes(story: Story) -> None:
    paces = Paces()
    before = story.forecast(ahead=4)
    for _ in range(12):
        story.issue()
        ticket = story.call()
        story.clock.pass_(minutes=30)
        story.move(ticket, "finish")
    assert paces.refresh(story.clock.moment) == 1
    after = story.forecast(ahead=4)
    assert after[0] > before[0]
    assert after[1] > before[1]


def test_a_finish_nobody_pressed_teaches_the_line_nothing(story: Story) -> None:
    before = story.forecast(ahead=4)
    for _ in range(3):
        story.issue()
        story.call()
        story.clock.pass_(days=1)
    story.issue()
    story.call()
    Paces().refresh(story.clock.moment)
    assert story.forecast(ahead=4) == before


def test_a_dossier_begins_the_visit_and_starts_its_clock(story: Story) -> None:
    story.issue()
    ticket = story.call()
    dossier = story.receive(ticket=ticket.id)
    assert Ticket.get_by_id(ticket.id).state == TicketState.SERVING
    assert dossier.code == "000.00.07.H02-261123-0001"
    assert (dossier.due_on, dossier.first_due_on) == (date(2026, 12, 1), date(2026, 12, 1)), (
        "24/11 is a holiday"
    )
    assert story.receive(ticket=ticket.id).code.endswith("-0002")
    assert story.kinds()[-3:] == ["ticket.started", "dossier.received", "dossier.received"]


def test_codes_begin_anew_each_day_and_in_each_agency(story: Story) -> None:
    codes = [story.receive().code, story.receive("2.000488").code]
    story.clock.pass_(days=2)
    codes.append(story.receive().code)
    assert codes == ["000.00.07.H02-261123-0001", "000.00.17.H02-261123-0001", "000.00.07.H02-261125-0001"]


def test_the_term_runs_anew_when_all_papers_are_there(story: Story) -> None:
    dossier = story.receive()
    story.clock.moment = datetime.fromisoformat("2026-11-25T09:00:00+07:00")
    waiting = story.advance(dossier, "supplement", note="Xin bổ sung giấy khám sức khỏe.")
    assert (waiting.state, waiting.due_on) == (DossierState.AWAITING_SUPPLEMENT, date(2026, 12, 1))
    with pytest.raises(Conflict, match="illegal_move"):
        story.advance(dossier, "finish")
    story.clock.moment = datetime.fromisoformat("2026-11-30T09:00:00+07:00")
    complete = story.advance(dossier, "complete")
    assert (complete.clock_on, complete.due_on) == (date(2026, 11, 30), date(2026, 12, 7)), (
        "five working days anew"
    )
    assert complete.first_due_on == date(2026, 12, 1)
    with pytest.raises(Conflict, match="supplement_asked_before"):
        story.advance(dossier, "supplement")


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        (["finish", "hand_over"], DossierState.HANDED_OVER),
        (["return"], DossierState.RETURNED),
        (["withdraw"], DossierState.WITHDRAWN),
        (["supplement", "return"], DossierState.RETURNED),
        (["supplement", "withdraw"], DossierState.WITHDRAWN),
        (["forward", "finish", "hand_over"], DossierState.HANDED_OVER),
        (["supplement", "complete", "finish"], DossierState.FINISHED),
    ],
    ids="-".join,
)
def test_ways_a_dossier_goes(story: Story, moves: list[str], state: DossierState) -> None:
    dossier = story.receive()
    for move in moves:
        moved = story.advance(dossier, move)
    assert moved.state == state
    assert moved.linked == ("forward" in moves)
    assert (moved.closed_on is not None) == (state is not DossierState.IN_PROGRESS)
    told = DossierHistory.select().where(DossierHistory.dossier == dossier.id).order_by(DossierHistory.seq)
    assert [row.move for row in told] == ["receive", *moves]
    assert story.kinds() == ["dossier.received", *["dossier.moved"] * len(moves)]


def test_a_new_date_is_promised_once_and_in_time(story: Story) -> None:
    dossier = story.receive()
    again = story.advance(dossier, "apologise", on=date(2026, 12, 4))
    assert (again.due_on, again.first_due_on) == (date(2026, 12, 4), date(2026, 12, 1))
    with pytest.raises(Conflict, match="already_reappointed"):
        story.advance(dossier, "apologise", on=date(2026, 12, 8))
    late = story.receive()
    story.clock.moment = datetime.fromisoformat("2026-12-01T09:00:00+07:00")
    with pytest.raises(Conflict, match="apology_too_late"):
        story.advance(late, "apologise", on=date(2026, 12, 4))


def test_a_move_may_be_entered_a_working_day_later_but_not_out_of_order(story: Story) -> None:
    dossier = story.receive()
    story.clock.moment = datetime.fromisoformat("2026-11-30T09:00:00+07:00")
    with pytest.raises(DomainError, match="date_too_early"):
        story.advance(dossier, "supplement", on=date(2026, 11, 26))
    friday = date(2026, 11, 27)
    assert story.advance(dossier, "supplement", on=friday).state == DossierState.AWAITING_SUPPLEMENT
    with pytest.raises(DomainError, match="date_before_last_move"):
        story.advance(dossier, "complete", on=date(2026, 11, 26))
    with pytest.raises(DomainError, match="date_in_future"):
        story.advance(dossier, "complete", on=date(2026, 12, 1))
    assert story.advance(dossier, "complete", on=friday).due_on == date(2026, 12, 4)


def test_a_plugin_may_object(story: Story) -> None:
    copy = story.receive("2.000815")
    with pytest.raises(Conflict, match="objection") as told:
        story.advance(copy, "forward")
    assert "Chứng thực" in told.value.fields["reason"]
    assert DossierHistory.select().where(DossierHistory.dossier == copy.id).count() == 1


def test_a_plugin_off_offers_nothing_and_honours_what_it_owns(story: Story) -> None:
    held, dossier = story.issue(story.place.transport), story.receive()
    now = story.clock.moment
    assert manage_plugins.disable(story.office, "transport", now, "user:1") is True
    assert manage_plugins.disable(story.office, "transport", now, "user:1") is False
    for refused in (lambda: story.issue(story.place.transport), story.receive):
        with pytest.raises(Conflict, match="plugin_disabled"):
            refused()
    assert story.call().id == held.ticket.id
    assert story.advance(dossier, "finish").state == DossierState.FINISHED
    assert OfficePlugin.get(
        (OfficePlugin.office == story.place.other.id) & (OfficePlugin.name == "transport")
    ).enabled
    assert manage_plugins.enable(story.office, "transport", now, "user:1") is True
    assert story.issue(story.place.transport).ticket.label == "G002"
    assert story.kinds().count("plugin.switched") == 2


def test_offices_keep_their_own_numbers_and_journals(story: Story) -> None:
    story.issue()
    other = issue_ticket(
        story.place.other.id, Wish(line=story.place.other_line.id), story.officer(), story.clock.moment, HOUSE
    )
    assert other.ticket.label == "T001"
    for office in (story.place.office, story.place.other):
        assert [row.seq for row in Journal.select().where(Journal.office == office)] == [1]
        assert Office.get_by_id(office.id).last_seq == 1


def test_a_refusal_leaves_no_gap(story: Story) -> None:
    story.issue()
    for wish in (
        Wish(line=story.place.closed.id),
        Wish(line=999),
        Wish(line=story.place.justice.id, priority="vip"),
    ):
        with pytest.raises(DomainError):
            issue_ticket(story.office, wish, story.officer(), story.clock.moment, HOUSE)
    assert story.issue().ticket.number == 2
    assert [row.seq for row in Journal.select().order_by(Journal.seq)] == [1, 2]


def a_morning(story: Story) -> None:
    for _ in range(4):
        story.issue()
        story.move(story.call(), "finish")
        story.clock.pass_(minutes=1)


def tampered(sql: str, *values: Any) -> None:
    """Change the journal as somebody with the database's own password could."""
    with bookkeeping():
        if "postgres" in type(proxy.obj).__name__.lower():
            proxy.execute_sql("ALTER TABLE journal DISABLE TRIGGER USER")
        else:
            for verb in ("update", "delete"):
                proxy.execute_sql(f"DROP TRIGGER journal_no_{verb}")
        proxy.execute_sql(sql, values)


def test_an_untouched_journal_verifies(story: Story) -> None:
    a_morning(story)
    verdict = verify_office(story.office)
    assert (verdict.entries, verdict.broken) == (12, None)


@pytest.mark.parametrize(
    ("sql", "seq", "reason"),
    [
        ("UPDATE journal SET facts = REPLACE(facts, 'T002', 'T009') WHERE seq = 4", 4, "altered"),
        ("UPDATE journal SET actor = 'user:99' WHERE seq = 7", 7, "altered"),
        ("UPDATE journal SET at = at + 1 WHERE seq = 1", 1, "altered"),
        ("UPDATE journal SET kind = 'ticket.no_show' WHERE seq = 6", 6, "altered"),
        ("UPDATE journal SET hash = previous_hash WHERE seq = 5", 5, "altered"),
        ("DELETE FROM journal WHERE seq = 8", 8, "missing"),
        ("DELETE FROM journal WHERE seq > 9", 10, "truncated"),
        ("UPDATE journal SET previous_hash = hash WHERE seq = 3", 3, "not_linked"),
    ],
)
def test_a_touched_journal_does_not(story: Story, sql: str, seq: int, reason: str) -> None:
    a_morning(story)
    tampered(sql)
    broken = verify_office(story.office).broken
    assert (broken.seq, broken.reason) == (seq, reason)


def test_sessions_of_time(story: Story) -> None:
    a_morning(story)
    moments = [row.at for row in Journal.select().order_by(Journal.seq)]
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] == timedelta(minutes=3)
