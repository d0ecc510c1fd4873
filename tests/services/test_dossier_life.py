"""The life of a dossier on both databases: its clock, its linked authorities, its end, and what is put right later."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from kiosk.domain.dossier import DossierState
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.models import DeclinedApplication, Dossier, DossierHistory, Journal, Person
from kiosk.reports.period_summary import period_summary
from kiosk.services import look, manage_plugins
from kiosk.services.correct_dossier import Correction, correct_dossier
from kiosk.services.decline_application import decline_application, slip_number
from kiosk.services.reckon_dossier import Application
from kiosk.services.verify_log import verify_office
from tests.services.test_stories import Story

MORTGAGE = "1.011441"
"""Same day, counted from the deciding agency's own receipt; extendable to three working days (NĐ 99/2022 Đ.16)."""
UNEMPLOYMENT = "1.001978"
"""Twenty working days, by post from the postmark (NĐ 28/2015 Đ.18.1)."""
LOST_CERTIFICATE = "1.012786"
TRANSFER_OF_LAND = "1.013831"
INVESTMENT = "1.009645"
EXTRACT = "2.000635"
LAWYERS = "1.002010"
"""Ten working days."""


@pytest.fixture
def centre(story: Story) -> Story:
    """The office with land, labour, investment and the Provincial Office switched on; Monday 30/11/2026, noon."""
    for plugin in ("land_environment", "labour", "planning_investment", "provincial_office"):
        manage_plugins.enable(story.office, plugin, story.clock.moment, "test")
    at(story, "2026-11-30T12:00")
    return story


def at(story: Story, moment: str) -> None:
    """Set the office's clock, given in its own zone."""
    story.clock.moment = datetime.fromisoformat(f"{moment}+07:00")


def refused(code: str) -> Any:
    return pytest.raises(DomainError, match=code)


def correct(story: Story, dossier: Dossier, **how: Any) -> Dossier:
    given = {"note": "Nhập nhầm ngày", **how}
    return correct_dossier(dossier.code, Correction(**given), story.officer(), story.clock.moment)


def entries(dossier: Dossier, move: str) -> list[DossierHistory]:
    rows = DossierHistory.select().where(
        (DossierHistory.dossier == dossier.id) & (DossierHistory.move == move)
    )
    return list(rows.order_by(DossierHistory.seq))


class TestTheClock:
    def test_starts_with_the_deciding_agency_where_the_law_says_so(self, centre: Story) -> None:
        at(centre, "2026-11-30T14:50")
        early = centre.receive(MORTGAGE)
        assert (early.forward_by, early.due_on) == (date(2026, 11, 30), date(2026, 11, 30))
        at(centre, "2026-11-30T15:10")
        late = centre.receive(MORTGAGE)
        assert (late.forward_by, late.due_on) == (date(2026, 12, 1), date(2026, 12, 1))

        at(centre, "2026-12-02T16:00")
        moved = centre.advance(late, "transfer")
        assert (moved.transferred_on, moved.clock_on) == (date(2026, 12, 2), date(2026, 12, 2))
        assert (moved.first_due_on, moved.due_on) == (date(2026, 12, 1), date(2026, 12, 3))

    def test_of_an_ordinary_dossier_is_not_moved_by_its_transfer(self, centre: Story) -> None:
        dossier = centre.receive(LAWYERS)
        due = dossier.due_on
        centre.clock.pass_(days=1)
        assert centre.advance(dossier, "transfer").due_on == due

    def test_starts_with_the_postmark_of_what_came_by_post(self, centre: Story) -> None:
        with refused("postmark_needed"):
            centre.receive(UNEMPLOYMENT, channel="post")
        with refused("postmark_without_post"):
            centre.receive(UNEMPLOYMENT, postmark_on=date(2026, 11, 27))
        with refused("date_in_future"):
            centre.receive(UNEMPLOYMENT, channel="post", postmark_on=date(2026, 12, 1))
        posted = centre.receive(UNEMPLOYMENT, channel="post", postmark_on=date(2026, 11, 25))
        brought = centre.receive(UNEMPLOYMENT)
        assert (posted.received_on, posted.clock_on) == (date(2026, 11, 30), date(2026, 11, 25))
        assert (posted.due_on, brought.due_on) == (date(2026, 12, 23), date(2026, 12, 28))

    def test_does_not_count_the_days_of_publication(self, centre: Story) -> None:
        assert centre.receive(LOST_CERTIFICATE).due_on == date(2026, 12, 29)

    def test_may_be_extended_once_and_only_while_it_runs(self, centre: Story) -> None:
        at(centre, "2026-11-30T09:00")
        dossier = centre.receive(MORTGAGE)
        with refused("reason_needed"):
            centre.advance(dossier, "extend")
        extended = centre.advance(dossier, "extend", note="Hồ sơ phức tạp")
        assert (extended.first_due_on, extended.due_on) == (date(2026, 11, 30), date(2026, 12, 3))
        with refused("already_extended"):
            centre.advance(dossier, "extend", note="Lần nữa")
        with refused("term_not_extendable"):
            centre.advance(centre.receive(LAWYERS), "extend", note="Hồ sơ phức tạp")
        other = centre.receive(MORTGAGE)
        centre.clock.pass_(days=1)
        with refused("extension_too_late"):
            centre.advance(other, "extend", note="Hồ sơ phức tạp")

    def test_of_the_agency_never_starts_before_the_desk_had_the_papers(self, centre: Story) -> None:
        at(centre, "2026-11-30T16:30")
        dossier = centre.receive(MORTGAGE)
        at(centre, "2026-12-01T08:00")
        assert centre.advance(dossier, "transfer", on=date(2026, 11, 30)).due_on == date(2026, 12, 1)

    def test_a_transfer_takes_back_neither_extension_nor_promise(self, centre: Story) -> None:
        at(centre, "2026-11-30T09:00")
        extended, promised = centre.receive(MORTGAGE), centre.receive(TRANSFER_OF_LAND)
        centre.advance(extended, "extend", note="Hồ sơ phức tạp")
        assert centre.advance(extended, "transfer").due_on == date(2026, 12, 3)
        centre.advance(promised, "apologise", on=date(2026, 12, 15), note="Chờ xác minh")
        assert centre.advance(promised, "transfer").due_on == date(2026, 12, 15)

    def test_an_extension_is_not_used_up_for_nothing(self, centre: Story) -> None:
        at(centre, "2026-11-30T09:00")
        dossier = centre.receive(MORTGAGE)
        centre.advance(dossier, "suspend")
        at(centre, "2026-12-07T09:00")
        assert centre.advance(dossier, "resume").due_on == date(2026, 12, 7)
        assert centre.advance(dossier, "extend", note="Hồ sơ phức tạp").due_on == date(2026, 12, 10)
        promised = centre.receive(MORTGAGE)
        at(centre, "2026-12-07T09:30")
        with refused("apology_too_late"):
            centre.advance(promised, "apologise", on=date(2026, 12, 15))

    def test_a_postmark_of_last_year_is_a_slip_of_the_pen(self, centre: Story) -> None:
        with refused("date_too_early") as refusal:
            centre.receive(UNEMPLOYMENT, channel="post", postmark_on=date(2025, 11, 27))
        assert refusal.value.fields["earliest"] == "2026-10-01"

    def test_stands_still_while_the_applicant_pays_tax(self, centre: Story) -> None:
        at(centre, "2026-11-30T09:00")
        dossier = centre.receive(TRANSFER_OF_LAND)
        due = dossier.due_on
        at(centre, "2026-12-02T09:00")
        assert centre.advance(dossier, "suspend").state == DossierState.SUSPENDED
        with refused("illegal_move"):
            centre.advance(dossier, "finish")
        at(centre, "2026-12-07T09:00")
        resumed = centre.advance(dossier, "resume")
        assert resumed.state == DossierState.IN_PROGRESS
        assert (due, resumed.due_on) == (date(2026, 12, 10), date(2026, 12, 15))
        assert resumed.suspended_on is None


class TestSupplements:
    def test_are_asked_for_within_three_working_days(self, centre: Story) -> None:
        at(centre, "2026-11-30T09:00")
        in_time, too_late = centre.receive(LAWYERS), centre.receive(LAWYERS)
        at(centre, "2026-12-03T09:00")
        centre.advance(in_time, "supplement")
        at(centre, "2026-12-04T09:00")
        with refused("supplement_too_late") as refusal:
            centre.advance(too_late, "supplement")
        assert refusal.value.fields["latest"] == "2026-12-03"

    def test_counted_from_the_agency_s_own_receipt(self, centre: Story) -> None:
        at(centre, "2026-11-30T16:00")
        dossier = centre.receive(LAWYERS)
        at(centre, "2026-12-01T08:00")
        centre.advance(dossier, "transfer")
        at(centre, "2026-12-04T09:00")
        assert centre.advance(dossier, "supplement").state == DossierState.AWAITING_SUPPLEMENT

    def test_begin_the_whole_term_anew(self, centre: Story) -> None:
        at(centre, "2026-11-30T09:00")
        dossier = centre.receive("1.002809")
        centre.clock.pass_(days=1)
        centre.advance(dossier, "supplement")
        at(centre, "2026-12-21T09:00")
        fresh = centre.advance(dossier, "complete")
        assert (fresh.clock_on, fresh.due_on) == (date(2026, 12, 21), date(2026, 12, 28))


class TestDeclinedApplications:
    def decline(self, story: Story, outcome: str = "supplement", reason: str = "", **fields: Any) -> Any:
        given = {"department": None, "applicant": {"name": "Trần Văn An", "id_number": "024099001189"}}
        application = Application(**{"procedure": LAWYERS, **given, **fields})
        return decline_application(application, outcome, reason, story.officer(), story.clock.moment)

    def test_ask_once_completely_and_are_answered_by_coming_back(self, centre: Story) -> None:
        slip = self.decline(centre, components=["Giấy đề nghị"])
        shown = look.declined(slip)
        assert shown["number"] == "01/HDHS"
        assert len(shown["missing"]) == 3
        assert "Trần" not in str(shown)
        with refused("supplement_slip_given"):
            self.decline(centre, components=["Giấy đề nghị"])
        back = centre.receive(LAWYERS, applicant={"name": "Trần Văn An", "id_number": "024099001189"})
        assert DeclinedApplication.get_by_id(slip.id).answered_by_id == back.id
        assert slip_number(self.decline(centre)) == "02/HDHS"

    def test_refuse_only_with_a_reason(self, centre: Story) -> None:
        with refused("reason_needed"):
            self.decline(centre, "refuse")
        with refused("unknown_outcome"):
            self.decline(centre, "reject", "Không thuộc thẩm quyền")
        slip = self.decline(centre, "refuse", "Không thuộc thẩm quyền")
        assert slip_number(slip) == "01/TCHS"
        whole = [
            "Giấy đề nghị",
            "Dự thảo Điều lệ",
            "Chứng chỉ hành nghề, Thẻ luật sư",
            "Giấy tờ chứng minh trụ sở",
        ]
        with refused("nothing_missing"):
            self.decline(centre, components=whole)

    def test_a_refusal_answers_the_request_and_so_does_a_year(self, centre: Story) -> None:
        self.decline(centre)
        self.decline(centre, "refuse", "Không thuộc thẩm quyền")
        assert slip_number(self.decline(centre)) == "02/HDHS"
        centre.clock.pass_(days=366)
        assert slip_number(self.decline(centre)) == "01/HDHS"

    def test_never_enter_the_totals_and_leave_no_name_in_the_journal(self, centre: Story) -> None:
        self.decline(centre)
        now = centre.clock.moment
        total = period_summary(centre.office, now.date(), now.date(), now).counts.total
        assert total.received == 0
        entry = Journal.select().where(Journal.kind == "application.declined").get()
        assert "Trần" not in str(entry.facts)
        assert "024099001189" not in str(entry.facts)

    def test_a_refused_wish_leaves_nothing_behind(self, centre: Story) -> None:
        before = (Person.select().count(), Journal.select().count())
        with refused("unknown_component"):
            self.decline(centre, components=["Không có tờ này"])
        assert (Person.select().count(), Journal.select().count()) == before


class TestLinkedDossiers:
    def test_go_to_the_provincial_office_and_come_back(self, centre: Story) -> None:
        dossier = centre.receive(INVESTMENT)
        sent = centre.advance(dossier, "forward", answer_by=date(2026, 12, 11))
        assert (sent.linked, sent.linked_to) == (True, "provincial_office")
        assert entries(sent, "forward")[0].agency_due_on == date(2026, 12, 11)
        with refused("already_there"):
            centre.advance(dossier, "forward")
        back = centre.advance(dossier, "receive_back")
        assert (back.linked, back.linked_to) == (True, "")
        assert entries(back, "receive_back")[0].agency == "provincial_office"
        with refused("not_forwarded"):
            centre.advance(dossier, "receive_back")

    def test_stay_where_they_are_when_nobody_says_where_to(self, centre: Story) -> None:
        dossier = centre.receive(LAWYERS)
        centre.advance(dossier, "forward", to="labour")
        with refused("already_there"):
            centre.advance(dossier, "forward")
        assert centre.advance(dossier, "receive_back").linked_to == ""
        with refused("date_too_early"):
            centre.advance(dossier, "forward", to="labour", answer_by=date(2020, 1, 1))

    def test_may_go_elsewhere_but_not_nowhere(self, centre: Story) -> None:
        dossier = centre.receive(LAWYERS)
        with refused("unknown_department"):
            centre.advance(dossier, "forward", to="moon")
        with refused("already_there"):
            centre.advance(dossier, "forward", to="justice")
        assert centre.advance(dossier, "forward", to="labour").linked_to == "labour"


class TestEnds:
    def test_on_the_spot_is_entered_with_its_result(self, centre: Story) -> None:
        dossier = centre.receive(EXTRACT, on_the_spot=True)
        assert (dossier.state, dossier.on_the_spot) == (DossierState.HANDED_OVER, True)
        assert (dossier.closed_on, dossier.handed_over_on) == (date(2026, 11, 30), date(2026, 11, 30))
        moves = [
            row["move"]
            for row in look.dossier_page(dossier, centre.officer(), centre.clock.moment, "vi")["history"]
        ]
        assert moves == ["receive", "finish", "hand_over"]
        with refused("not_on_the_spot"):
            centre.receive(LAWYERS, on_the_spot=True)
        with refused("not_at_once_by_post"):
            centre.receive(EXTRACT, on_the_spot=True, delivery="post")

    def test_stopping_needs_a_reason_and_resolves(self, centre: Story) -> None:
        dossier = centre.receive(LAWYERS)
        with refused("reason_needed"):
            centre.advance(dossier, "stop")
        stopped = centre.advance(dossier, "stop", note="Doanh nghiệp đề nghị dừng thủ tục")
        assert (stopped.state, stopped.closed_on) == (DossierState.STOPPED, date(2026, 11, 30))
        now = centre.clock.moment
        total = period_summary(centre.office, now.date(), now.date(), now).counts.total
        assert (total.resolved, total.stopped) == (1, 1)

    def test_the_register_numbers_every_dossier_of_the_year(self, centre: Story) -> None:
        first, second = centre.receive(LAWYERS), centre.receive(EXTRACT)
        assert (first.register_number, second.register_number) == (1, 2)
        at(centre, "2027-01-04T08:00")
        assert centre.receive(LAWYERS).register_number == 1


class TestCorrections:
    def test_put_a_late_end_right_without_touching_the_entry(self, centre: Story) -> None:
        at(centre, "2026-11-30T09:00")
        dossier = centre.receive("1.002809")
        at(centre, "2026-12-09T09:00")
        centre.advance(dossier, "finish")
        reported = centre.clock.moment
        finish = entries(dossier, "finish")[0]
        centre.clock.pass_(hours=1)
        put_right = correct(centre, dossier, seq=finish.seq, on=date(2026, 12, 7))
        assert (put_right.state, put_right.closed_on) == (DossierState.FINISHED, date(2026, 12, 7))
        assert entries(dossier, "finish")[0].on == date(2026, 12, 9)

        days = (date(2026, 11, 30), date(2026, 12, 9))
        before = period_summary(centre.office, *days, reported, now=centre.clock.moment).counts.total
        after = period_summary(centre.office, *days, centre.clock.moment).counts.total
        assert (before.late, before.on_time) == (1, 0)
        assert (after.late, after.on_time) == (0, 1)
        assert verify_office(centre.office).broken is None

    def test_a_wrong_due_date_is_put_right_on_every_entry_that_carried_it(self, centre: Story) -> None:
        at(centre, "2026-11-30T09:00")
        dossier = centre.receive("1.002809")
        centre.advance(dossier, "transfer")
        receipt = entries(dossier, "receive")[0]
        put_right = correct(centre, dossier, seq=receipt.seq, due_on=date(2026, 12, 11))
        assert (put_right.first_due_on, put_right.due_on) == (date(2026, 12, 11), date(2026, 12, 11))
        assert [row.corrects for row in entries(dossier, "correct")] == [1, 2] or len(
            entries(dossier, "correct")
        ) == 2
        assert centre.advance(dossier, "finish").due_on == date(2026, 12, 11)

    def test_the_last_entry_can_be_declared_void(self, centre: Story) -> None:
        dossier = centre.receive(LAWYERS)
        centre.advance(dossier, "forward", to="labour")
        centre.advance(dossier, "withdraw")
        withdraw, forward = entries(dossier, "withdraw")[0], entries(dossier, "forward")[0]
        with refused("not_the_last_entry"):
            correct(centre, dossier, seq=forward.seq, void=True)
        again = correct(centre, dossier, seq=withdraw.seq, void=True)
        assert (again.state, again.closed_on, again.linked_to) == (DossierState.IN_PROGRESS, None, "labour")
        with refused("unknown_entry"):
            correct(centre, dossier, seq=withdraw.seq, void=True)
        freed = correct(centre, dossier, seq=forward.seq, void=True)
        assert (freed.linked, freed.linked_to) == (False, "")
        assert centre.advance(dossier, "finish").state == DossierState.FINISHED

    def test_of_something_else_leave_the_clock_alone(self, centre: Story) -> None:
        at(centre, "2026-11-30T16:30")
        dossier = centre.receive(MORTGAGE)
        began = dossier.clock_on
        centre.advance(dossier, "forward", to="labour")
        put_right = correct(centre, dossier, seq=entries(dossier, "forward")[0].seq, void=True)
        assert (began, put_right.clock_on) == (date(2026, 12, 1), date(2026, 12, 1))
        stamped = centre.receive(LAWYERS, channel="post", postmark_on=date(2026, 11, 25))
        centre.advance(stamped, "forward", to="labour")
        put_right = correct(centre, stamped, seq=entries(stamped, "forward")[0].seq, void=True)
        assert put_right.clock_on == date(2026, 11, 30)

    @pytest.mark.parametrize(
        ("how", "code"),
        [
            ({"note": " ", "on": date(2026, 11, 30)}, "reason_needed"),
            ({}, "nothing_to_correct"),
            ({"on": date(2026, 12, 1)}, "date_in_future"),
            ({"on": date(2026, 11, 27)}, "date_before_last_move"),
            ({"due_on": date(2026, 11, 29)}, "due_before_received"),
            ({"due_on": date(2026, 12, 12)}, "not_a_working_day"),
        ],
    )
    def test_impossible_corrections_change_nothing(self, centre: Story, how: Any, code: str) -> None:
        dossier = centre.receive(LAWYERS)
        centre.advance(dossier, "transfer")
        before = len(centre.kinds())
        with refused(code):
            correct(centre, dossier, seq=entries(dossier, "transfer")[0].seq, **how)
        assert len(centre.kinds()) == before

    def test_the_receipt_itself_keeps_its_day(self, centre: Story) -> None:
        dossier = centre.receive(LAWYERS)
        receipt = entries(dossier, "receive")[0]
        for how in ({"on": date(2026, 11, 30)}, {"void": True}):
            with pytest.raises(Conflict, match="entry_not_correctable"):
                correct(centre, dossier, seq=receipt.seq, **how)
        with pytest.raises(NotFound, match="unknown_entry"):
            correct(centre, dossier, seq=999, on=date(2026, 11, 30))


def test_who_hands_in_for_another_is_kept_with_the_person_and_shown_to_staff_only(centre: Story) -> None:
    sister = {"name": "Trần Thị Bình", "id_number": "024199002288"}
    dossier = centre.receive(LAWYERS, authorised=sister, sets=2)
    page = look.dossier_page(dossier, centre.officer(), centre.clock.moment, "vi")
    assert (page["authorised"]["name"], page["sets"]) == ("Trần Thị Bình", 2)
    assert all("Bình" not in str(row.facts) for row in Journal.select())
    with refused("id_number_malformed") as refusal:
        centre.receive(LAWYERS, authorised={"name": "Trần Thị Bình", "id_number": "1"})
    assert refusal.value.fields["field"] == "authorised.id_number"
    with refused("authorised_not_a_person"):
        centre.receive(LAWYERS, authorised={"name": "Công ty A", "kind": "organisation"})
    with refused("sets_out_of_range"):
        centre.receive(LAWYERS, sets=0)
