"""The public post told on both databases: envelopes that come, parcels that go, and a post that says everything wrong."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest

from kiosk.domain.dossier import DossierState
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.permissions import RIGHTS, Actor, Role, SignedInUser
from kiosk.domain.post.s10 import make_number
from kiosk.domain.post.states import ParcelState, Receiver, Status, StatusTold
from kiosk.models import (
    Addressee,
    Credit,
    Dossier,
    DossierHistory,
    Journal,
    Parcel,
    ParcelNews,
    ParcelOrder,
    Payment,
    Person,
    PostFile,
    PostIntake,
    PostMessage,
    PrintJob,
)
from kiosk.plugin import gate
from kiosk.reports.period_summary import period_summary
from kiosk.reports.post import post_report
from kiosk.services import manage_plugins
from kiosk.services.look import post as shown
from kiosk.services.look.dossier import progress
from kiosk.services.notify.outbox import read_news
from kiosk.services.payment.confirm_payment import find_payment
from kiosk.services.post import orders
from kiosk.services.post.complain import answer_complaint, complain
from kiosk.services.post.intake import (
    Envelope,
    add_envelope,
    cancel_intake,
    intake_holds,
    open_intake,
    remove_envelope,
    sign_intake,
)
from kiosk.services.post.manifests import (
    add_to_manifest,
    cancel_manifest,
    close_manifest,
    find_manifest,
    manifest_holds,
    open_manifest,
    remove_from_manifest,
)
from kiosk.services.post.move_parcel import record_status
from kiosk.services.post.news_file import take_news, unfinished_files, work_off
from kiosk.services.post.numbers import allot_numbers, numbers_left, switch_pool
from kiosk.services.post.orders import due_orders, send_order
from kiosk.services.post.print_label import print_label
from kiosk.services.post.quarter import note_quarter
from kiosk.services.post.register_parcel import (
    ParcelWish,
    cancel_parcel,
    register_parcel,
    send_order_again,
)
from kiosk.services.post.remit_collected import parcels_owing, remit_collected
from kiosk.services.print_queue import next_job
from kiosk.services.verify_log import verify_office
from tests.factories import fact, make_dossier, make_person, make_printer
from tests.notify.fakes import Answer, HttpFake, http_fake
from tests.services.test_stories import LICENCE, Story

BCCI = "bcci_post"
TO = {
    "name": "Trần Văn An",
    "street": "Số 5",
    "ward": "xã Tân Tiến",
    "province": "Bắc Giang",
    "phone": "0987654321",
}
FEES = [{"kind": "le_phi", "case": "Cấp đổi", "amount": 31_160, "quantity": 1, "legal_basis": None}]
JUDICIAL = "2.000488"
"""Lý lịch tư pháp: comes and goes by post, 200.000 đồng."""


class PostDesk:
    """A postal desk with a pool of numbers, and a post that takes and tells."""

    def __init__(self, story: Story) -> None:
        self.story, self.office = story, story.office
        self.set_up()
        self.pool = allot_numbers("EL", "49161000", "49161999", self.officer(Role.MANAGER), self.now)

    def set_up(self, **values: Any) -> None:
        manage_plugins.save_settings(self.office, BCCI, values, self.now, "system:test")
        manage_plugins.enable(self.office, BCCI, self.now, "system:test")

    @property
    def now(self) -> datetime:
        return self.story.clock.moment

    def later(self, **span: int) -> None:
        self.story.clock.moment += timedelta(**span)

    def officer(self, role: Role = Role.OFFICER) -> Actor:
        user = SignedInUser(self.story.place.officer.id, "lan", "Lan", role, "vi", frozenset())
        return Actor(self.office, user=user, permissions=RIGHTS[role])

    def result(self, **fields: Any) -> Dossier:
        """A finished dossier that goes by post."""
        on = self.now.date()
        facts = [fact("receive", on, due_on=on + timedelta(days=5), seq=-2), fact("finish", on, seq=-1)]
        fields = {"delivery": "post", "state": DossierState.FINISHED, "closed_on": on, **fields}
        return make_dossier(facts, office=self.story.place.office, **fields)

    def parcel(self, dossier: Dossier | None = None, **wish: Any) -> Parcel:
        code = (dossier or self.result()).code
        return register_parcel(ParcelWish(code, TO, **wish), self.officer(), self.now)

    def manifest(self, *parcels: Parcel, **how: Any) -> Any:
        row = open_manifest(self.officer(), self.now, **how)
        for parcel in parcels:
            add_to_manifest(row.id, parcel.number, self.officer(), self.now)
        return row

    def sent(self, *parcels: Parcel) -> Any:
        row = self.manifest(*(parcels or (self.parcel(),)))
        return close_manifest(row.id, "Nguyễn Văn Bưu", self.officer(), self.now)

    def tell(self, parcel: Parcel, status: str, **more: Any) -> Parcel:
        if status == "delivered":
            more.setdefault("receiver", Receiver.SELF)
        told = StatusTold(parcel.number, Status(status), more.pop("at", self.now), **more)
        return record_status(parcel.number, told, self.officer(), self.now)

    def file(self, *rows: tuple[Any, ...]) -> bytes:
        book = openpyxl.Workbook()
        book.active.append(["Số hiệu", "Trạng thái", "Thời gian", "Người nhận", "Lý do"])
        for row in rows:
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def take(self, *rows: tuple[Any, ...], **how: Any) -> PostFile:
        return take_news(self.file(*rows), self.officer(Role.MANAGER), self.now, **how)

    def when(self, **span: int) -> str:
        return f"{(self.now + timedelta(**span)).astimezone(self.story.place.office_zone):%d/%m/%Y %H:%M:%S}"


@pytest.fixture
def desk(story: Story) -> Iterator[PostDesk]:
    """The desk of an office at work."""
    from zoneinfo import ZoneInfo

    story.place.office_zone = ZoneInfo(story.place.office.zone)
    with gate.breath():
        gate.forget(story.office)
        yield PostDesk(story)
    assert verify_office(story.office).broken is None


def refused(code: str) -> Any:
    """The change is refused with that code."""
    return pytest.raises(DomainError, match=rf"^{code}\b")


def fresh(parcel: Parcel) -> Parcel:
    return Parcel.get_by_id(parcel.id)


class TestNumbers:
    def test_are_drawn_in_order_and_never_again(self, desk: PostDesk) -> None:
        first, second = desk.parcel(), desk.parcel()
        assert (first.number, second.number) == (make_number("EL", 49161000), make_number("EL", 49161001))
        cancel_parcel(second.number, desk.officer(), desk.now)
        assert desk.parcel().number == make_number("EL", 49161002)
        assert numbers_left(desk.office, "bcci") == 997

    def test_a_printed_number_is_passed_over_later(self, desk: PostDesk) -> None:
        desk.parcel(number="el 491 610 00" + make_number("EL", 49161000)[10] + " vn")
        assert desk.parcel().number == make_number("EL", 49161001)
        with refused("number_taken"):
            desk.parcel(number=make_number("EL", 49161000))

    def test_run_out_and_a_second_pool_goes_on(self, desk: PostDesk) -> None:
        manager = desk.officer(Role.MANAGER)
        switch_pool(desk.pool.id, active=False, actor=manager, now=desk.now)
        with refused("no_numbers_left"):
            desk.parcel()
        allot_numbers("RR", "00000007", make_number("RR", 7), manager, desk.now)
        assert desk.parcel().number == make_number("RR", 7)
        with refused("no_numbers_left"):
            desk.parcel()
        switch_pool(desk.pool.id, active=True, actor=manager, now=desk.now)
        assert desk.parcel().number == make_number("EL", 49161000)

    @pytest.mark.parametrize(
        ("pool", "code"),
        [
            (("E1", "1", "2"), "service_letters_malformed"),
            (("RR", "1", "2"), "serial_malformed"),
            (("RR", "00000009", "00000002"), "serials_reversed"),
            (("RR", "00000000", "99999999"), "too_many_numbers"),
            (("EL", "49161999", "49162500"), "numbers_overlap"),
            (("RR", "EL491610889VN", "00000002"), "serial_malformed"),
            (("RB", "RB123456785GB", "00000002"), "parcel_number_foreign"),
        ],
    )
    def test_what_is_no_pool(self, desk: PostDesk, pool: tuple[str, str, str], code: str) -> None:
        with refused(code):
            allot_numbers(*pool, desk.officer(Role.MANAGER), desk.now)


class TestParcels:
    def test_from_a_result_to_the_recipient(self, desk: PostDesk) -> None:
        dossier = desk.result(channel="post")
        parcel = desk.parcel(dossier, collect=31_160)
        assert (parcel.state, parcel.service, parcel.zone, parcel.days) == (
            "registered",
            "both",
            "province",
            2,
        )
        assert parcel.papers == [{"name": dossier.procedure_name, "originals": 1, "copies": 0}]
        manifest = desk.sent(parcel)
        assert (manifest.number, manifest.parcels, manifest.collect) == (1, 1, 31_160)
        assert fresh(parcel).due_on == date(2026, 11, 26)
        assert progress(dossier.code, "vi")["post"]["delivered_on"] is None
        desk.later(days=2)
        desk.tell(parcel, "accepted")
        desk.later(hours=1)
        desk.tell(parcel, "out_for_delivery")
        desk.later(hours=1)
        desk.tell(parcel, "delivered", name="Trần Thị Bình", receiver=Receiver.PROXY, id_checked=True)
        after, ended = fresh(parcel), Dossier.get_by_id(dossier.id)
        assert (after.state, after.active, after.collected) == ("delivered", None, 31_160)
        assert (ended.state, ended.handed_over_on) == ("handed_over", date(2026, 11, 25))
        assert DossierHistory.get(DossierHistory.dossier == dossier.id, DossierHistory.move == "hand_over")
        assert progress(dossier.code, "vi")["post"] == {
            "number": parcel.number,
            "title": "Đã giao",
            "sent_on": "2026-11-23",
            "delivered_on": "2026-11-25",
        }
        facts = " ".join(row.facts for row in Journal.select())
        assert all(name not in facts for name in ("Trần", "Bình", "Tân Tiến", "0987654321", "Bưu"))

    def test_a_result_of_the_counter_goes_by_post_when_its_owner_wants_it(self, desk: PostDesk) -> None:
        dossier = desk.result(delivery="counter", procedure="doi-giay-phep-lai-xe", department="nowhere")
        desk.parcel(dossier)
        assert Dossier.get_by_id(dossier.id).delivery == "post"

    def test_is_not_handed_over_at_the_counter_while_on_its_way(self, desk: PostDesk) -> None:
        dossier = desk.result()
        parcel = desk.parcel(dossier)
        with refused("parcel_on_its_way"):
            desk.story.advance(dossier, "hand_over")
        with refused("parcel_on_its_way"):
            desk.story.advance(dossier, "deliver_at_counter")
        cancel_parcel(parcel.number, desk.officer(), desk.now)
        desk.story.advance(dossier, "deliver_at_counter")
        with refused("delivered_so_already"):
            desk.story.advance(dossier, "deliver_at_counter")
        desk.story.advance(dossier, "hand_over")

    def test_that_came_back_waits_at_the_counter_and_may_be_sent_again(self, desk: PostDesk) -> None:
        dossier = desk.result()
        parcel = desk.parcel(dossier)
        desk.sent(parcel)
        desk.later(days=1)
        desk.tell(parcel, "attempt_failed", reason="Vắng nhà")
        desk.later(days=2)
        desk.tell(parcel, "attempt_failed", reason="Vắng nhà")
        desk.later(days=2)
        desk.tell(parcel, "returned")
        assert (fresh(parcel).attempts, Dossier.get_by_id(dossier.id).delivery) == (2, "counter")
        summary = period_summary(desk.office, date(2026, 11, 1), date(2026, 11, 28), desk.now)
        assert summary.counts.total.post_returned == 0
        again = desk.parcel(dossier)
        assert again.number != parcel.number
        assert Dossier.get_by_id(dossier.id).delivery == "post"
        desk.sent(again)
        desk.later(hours=1)
        desk.tell(again, "delivered")
        summary = period_summary(desk.office, date(2026, 11, 1), date(2026, 11, 28), desk.now)
        assert summary.counts.total.post_returned == 1

    @pytest.mark.parametrize(
        ("wish", "code"),
        [
            ({"number": "EL491610880VN"}, "parcel_number_malformed"),
            ({"number": "RB123456785GB"}, "parcel_number_foreign"),
            ({"collect": -1}, "amount_not_whole_dong"),
            ({"papers": [{"name": ""}]}, "text_empty"),
            ({"papers": [{"name": "x", "originals": 1_000}]}, "sheets_out_of_range"),
            ({"papers": [{"name": "x", "originals": "1"}]}, "wrong_type"),
            ({"papers": [{"name": "x"}] * 21}, "too_many_papers"),
            ({"carrier": "dhl"}, "unknown_carrier"),
            ({"recipient": {"name": "An"}}, "address_missing"),
        ],
    )
    def test_bad_wishes_leave_nothing(self, desk: PostDesk, wish: dict[str, Any], code: str) -> None:
        dossier = desk.result()
        wish = {"recipient": TO, **wish}
        with refused(code):
            register_parcel(ParcelWish(dossier.code, **wish), desk.officer(), desk.now)
        assert (Parcel.select().count(), Addressee.select().count()) == (0, 0)
        assert numbers_left(desk.office, "bcci") == 1_000

    def test_only_of_a_finished_dossier_and_once(self, desk: PostDesk) -> None:
        open_one = make_dossier(office=desk.story.place.office)
        with refused("dossier_not_finished"):
            desk.parcel(open_one)
        dossier = desk.result()
        desk.parcel(dossier)
        with refused("parcel_exists"):
            desk.parcel(dossier)
        with refused("unknown_dossier"):
            register_parcel(ParcelWish("000.00.01.H02-261123-9999", TO), desk.officer(), desk.now)

    def test_with_the_plugin_off_none_begins_and_all_go_on(self, desk: PostDesk) -> None:
        parcel, waiting = desk.parcel(), desk.parcel()
        desk.sent(parcel)
        manage_plugins.disable(desk.office, BCCI, desk.now, "system:test")
        gate.forget(desk.office)
        with refused("no_postal_carrier"):
            desk.parcel()
        desk.later(hours=1)
        assert desk.tell(parcel, "delivered").state == ParcelState.DELIVERED
        assert cancel_parcel(waiting.number, desk.officer(), desk.now).state == ParcelState.CANCELLED
        assert complain(parcel.number, "Rách", desk.officer(), desk.now).answer_due_on

    def test_a_label_is_promised_without_the_address(self, desk: PostDesk) -> None:
        make_printer(office=desk.story.place.office)
        parcel = desk.parcel(collect=31_160)
        print_label(parcel, desk.officer(), desk.now)
        job = PrintJob.get()
        assert job.slip == {"parcel": parcel.id}
        drawn = next_job(job.printer_id, desk.now)
        assert drawn.slip["name"] == "Trần Văn An"
        assert drawn.slip["address"] == "Số 5, xã Tân Tiến, tỉnh Bắc Ninh (Bắc Giang cũ)"


class TestManifests:
    def test_closed_it_never_changes(self, desk: PostDesk) -> None:
        one, two = desk.parcel(), desk.parcel()
        manifest = desk.manifest(one, two)
        remove_from_manifest(manifest.id, two.number, desk.officer(), desk.now)
        closed = close_manifest(manifest.id, "Nguyễn Văn Bưu", desk.officer(), desk.now)
        assert (closed.number, closed.parcels) == (1, 1)
        for change in (
            lambda: add_to_manifest(manifest.id, two.number, desk.officer(), desk.now),
            lambda: remove_from_manifest(manifest.id, one.number, desk.officer(), desk.now),
            lambda: close_manifest(manifest.id, "Ai khác", desk.officer(), desk.now),
            lambda: cancel_manifest(manifest.id, desk.officer(), desk.now),
        ):
            with refused("manifest_closed"):
                change()
        assert manifest_holds(find_manifest(desk.office, manifest.id))
        desk.later(hours=1)
        desk.tell(one, "delivered")
        assert manifest_holds(find_manifest(desk.office, manifest.id))

    def test_what_may_not_be_on_it(self, desk: PostDesk) -> None:
        parcel, dossier = desk.parcel(), desk.result()
        first, second = desk.manifest(parcel), desk.manifest()

        def add(manifest: Any, code: str) -> Any:
            return add_to_manifest(manifest.id, code, desk.officer(), desk.now)

        with refused("parcel_listed"):
            add(first, parcel.number)
        with refused("parcel_on_manifest"):
            add(second, parcel.number)
        with refused("dossier_without_parcel"):
            add(second, dossier.code)
        with refused("dossier_not_finished"):
            add(second, make_dossier(office=desk.story.place.office).code)
        with refused("unknown_parcel"):
            add(second, make_number("EL", 49161999))
        with refused("parcel_number_malformed"):
            add(second, "EL491610880VN")
        with refused("manifest_empty"):
            close_manifest(second.id, "Bưu", desk.officer(), desk.now)
        with refused("text_empty"):
            close_manifest(first.id, " ", desk.officer(), desk.now)
        close_manifest(first.id, "Bưu", desk.officer(), desk.now)
        with refused("parcel_on_manifest"):
            add(second, parcel.number)
        desk.later(hours=1)
        desk.tell(parcel, "accepted")
        with refused("parcel_not_here"):
            add(second, parcel.number)

    def test_given_up_its_parcels_are_free(self, desk: PostDesk) -> None:
        parcel = desk.parcel()
        manifest = desk.manifest(parcel)
        cancel_manifest(manifest.id, desk.officer(), desk.now)
        assert desk.sent(parcel).number == 1

    def test_by_the_code_of_the_dossier(self, desk: PostDesk) -> None:
        parcel, manifest = desk.parcel(), desk.manifest()
        line = add_to_manifest(manifest.id, parcel.dossier.code, desk.officer(), desk.now)
        assert line.parcel_id == parcel.id

    def test_is_put_right_by_a_further_one(self, desk: PostDesk) -> None:
        stayed, gone, forgotten = desk.parcel(), desk.parcel(), desk.parcel()
        wrong = desk.sent(stayed, gone)
        desk.later(minutes=5)
        desk.tell(gone, "accepted")
        right = desk.manifest(stayed, forgotten, corrects=wrong.id)
        with refused("parcel_gone_on"):
            add_to_manifest(right.id, gone.number, desk.officer(), desk.now)
        closed = close_manifest(right.id, "Bưu", desk.officer(), desk.now)
        assert (closed.number, closed.parcels, closed.taken_back, closed.corrects_id) == (2, 1, 1, wrong.id)
        assert (fresh(stayed).state, fresh(stayed).due_on) == ("registered", None)
        assert fresh(forgotten).state == "handed_over"
        assert manifest_holds(find_manifest(desk.office, wrong.id))
        assert desk.sent(stayed).number == 3
        with refused("manifest_not_closed"):
            open_manifest(desk.officer(), desk.now, corrects=desk.manifest().id)

    def test_a_parcel_the_post_scanned_meanwhile_stops_the_correction(self, desk: PostDesk) -> None:
        parcel = desk.parcel()
        right = desk.manifest(parcel, corrects=desk.sent(parcel).id)
        desk.later(minutes=5)
        desk.tell(parcel, "accepted")
        with refused("parcel_gone_on"):
            close_manifest(right.id, "Bưu", desk.officer(), desk.now)
        assert find_manifest(desk.office, right.id).number is None


class TestIntake:
    def envelope(self, number: int = 1, **fields: Any) -> Envelope:
        fields = {
            "procedure": JUDICIAL,
            "department": "justice",
            "applicant": {"name": "Lê Thị Cúc", "phone": "0912345678", "address": "xã A, tỉnh Bắc Ninh"},
            **fields,
        }
        return Envelope(make_number("CP", number), **fields)

    def papers(self, **counts: int) -> list[dict[str, Any]]:
        return [{"name": "Tờ khai yêu cầu cấp Phiếu LLTP", "told_originals": 1, **counts}]

    def test_the_signing_is_the_submission(self, desk: PostDesk) -> None:
        actor = desk.officer()
        intake = open_intake(actor, desk.now)
        add_envelope(
            intake.id, self.envelope(1, fee_collected=200_000, papers=self.papers()), actor, desk.now
        )
        add_envelope(
            intake.id,
            self.envelope(2, decision="supplement", papers=self.papers(originals=0), reason="Thiếu tờ khai"),
            actor,
            desk.now,
        )
        assert Dossier.select().count() == 0
        desk.later(hours=2)
        signed = sign_intake(intake.id, "Nguyễn Văn Bưu", actor, desk.now)
        assert (signed.number, signed.accepted, signed.declined, signed.fees) == (1, 1, 1, 200_000)
        dossier = Dossier.get()
        assert (dossier.channel, dossier.delivery, dossier.received_at) == ("post", "post", desk.now)
        assert Payment.get().state == "paid"
        assert Credit.get().method == "cash"
        assert intake_holds(signed)
        # Each applicant's data stands once: with the dossier, and with the slip.
        assert Person.select().count() == 2
        page = shown.intake_page(signed, actor, "vi")
        assert page["items"][1]["differences"] == [
            {"name": "Tờ khai yêu cầu cấp Phiếu LLTP", "originals": 0, "copies": 0, "told_originals": 1, "told_copies": 0}
        ]  # fmt: skip
        found = shown.scan(desk.office, make_number("CP", 1), actor, "vi")
        assert found["dossier"]["code"] == dossier.code

    def test_the_clock_starts_on_the_day_of_the_signing(self, desk: PostDesk) -> None:
        intake = open_intake(desk.officer(), desk.now)
        add_envelope(intake.id, self.envelope(), desk.officer(), desk.now)
        desk.later(days=2)
        signed = sign_intake(intake.id, "Bưu", desk.officer(), desk.now)
        assert Dossier.get().clock_on == date(2026, 11, 25)
        assert intake_holds(PostIntake.get_by_id(signed.id))

    def test_by_when_the_slip_is_back(self, desk: PostDesk) -> None:
        intake, sent_on = open_intake(desk.officer(), desk.now), date(2026, 11, 20)
        near = add_envelope(intake.id, self.envelope(1, sent_on=sent_on), desk.officer(), desk.now)
        # J + 4 working days within the province; the 24th is a public holiday.
        assert near.slip_due_on == date(2026, 11, 27)
        nowhere = self.envelope(2, sent_on=sent_on, applicant={"name": "Lê Thị Cúc", "address": "đầu ngõ"})
        assert add_envelope(intake.id, nowhere, desk.officer(), desk.now).slip_due_on is None
        with refused("date_in_future"):
            add_envelope(intake.id, self.envelope(3, sent_on=date(2026, 12, 1)), desk.officer(), desk.now)

    def test_nothing_is_received_when_one_cannot_be(self, desk: PostDesk) -> None:
        actor = desk.officer()
        intake = open_intake(actor, desk.now)
        add_envelope(intake.id, self.envelope(1), actor, desk.now)
        add_envelope(intake.id, self.envelope(2, fee_collected=1), actor, desk.now)
        with pytest.raises(Conflict) as refusal:
            sign_intake(intake.id, "Bưu", actor, desk.now)
        assert refusal.value.fields["number"] == make_number("CP", 2)
        assert (refusal.value.code, Dossier.select().count()) == ("fee_collected_differs", 0)

    def test_what_was_typed_is_forgotten_with_the_envelope(self, desk: PostDesk) -> None:
        actor = desk.officer()
        intake = open_intake(actor, desk.now)
        item = add_envelope(intake.id, self.envelope(1), actor, desk.now)
        remove_envelope(intake.id, item.id, actor, desk.now)
        add_envelope(intake.id, self.envelope(1), actor, desk.now)
        cancel_intake(intake.id, actor, desk.now)
        assert Person.select().count() == 0
        with refused("intake_signed"):
            add_envelope(intake.id, self.envelope(2), actor, desk.now)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"number": "CP000000010VN"}, "parcel_number_malformed"),
            ({"number": "RB123456785GB"}, "parcel_number_foreign"),
            ({"procedure": "2.000815"}, "not_by_post"),
            ({"procedure": "nothing"}, "unknown_procedure"),
            ({"decision": "burn"}, "unknown_decision"),
            ({"decision": "refuse"}, "reason_needed"),
            ({"fee_collected": -5}, "amount_not_whole_dong"),
            ({"papers": [{"name": "Bánh mì"}]}, "unknown_component"),
            ({"applicant": {}}, "text_empty"),
        ],
    )
    def test_envelopes_that_cannot_be(self, desk: PostDesk, change: dict[str, Any], code: str) -> None:
        intake = open_intake(desk.officer(), desk.now)
        given = {**vars(self.envelope(1)), **change}
        with refused(code):
            add_envelope(intake.id, Envelope(**given), desk.officer(), desk.now)
        with refused("intake_empty"):
            sign_intake(intake.id, "Bưu", desk.officer(), desk.now)

    def test_an_envelope_comes_once(self, desk: PostDesk) -> None:
        first, second = open_intake(desk.officer(), desk.now), open_intake(desk.officer(), desk.now)
        add_envelope(first.id, self.envelope(1), desk.officer(), desk.now)
        with refused("number_taken"):
            add_envelope(second.id, self.envelope(1), desk.officer(), desk.now)


class TestNewsFiles:
    def test_a_file_moves_its_parcels(self, desk: PostDesk) -> None:
        one, two = desk.parcel(), desk.parcel()
        desk.sent(one, two)
        desk.later(days=2)
        file = desk.take(
            (one.number, "Phát thành công", desk.when(hours=-1), "Trần Văn An", None),
            (two.number, "Phát không thành công", desk.when(hours=-2), None, "Vắng nhà"),
            (one.number, "Đã nhận gửi", desk.when(hours=-40), None, None),
            (one.number, "Đang phát", desk.when(hours=-3), None, None),
        )
        assert unfinished_files() == [file.id]
        done = work_off(file.id, desk.now)
        assert (done.done, done.moved, done.kept, done.known) == (4, 4, 0, 0)
        assert (fresh(one).state, fresh(two).state) == ("delivered", "attempt_failed")
        assert one.dossier.handed_over_on is None
        assert Dossier.get_by_id(one.dossier_id).handed_over_on == date(2026, 11, 25)
        assert unfinished_files() == []

    def test_the_same_again_is_known_and_the_same_file_refused(self, desk: PostDesk) -> None:
        parcel = desk.parcel()
        desk.sent(parcel)
        desk.later(days=2)
        row = (parcel.number, "Đã nhận gửi", desk.when(hours=-40), None, None)
        work_off(desk.take(row).id, desk.now)
        with refused("post_file_known"):
            desk.take(row)
        more = desk.take(row, (parcel.number, "Đang phát", desk.when(hours=-1), None, None))
        done = work_off(more.id, desk.now)
        assert (done.known, done.moved) == (1, 1)
        assert ParcelNews.select().count() == 2

    def test_one_wrong_row_and_nothing_is_taken_in(self, desk: PostDesk) -> None:
        parcel, here = desk.parcel(), desk.parcel()
        desk.sent(parcel)
        desk.later(days=2)
        rows = (
            (parcel.number, "Đã nhận gửi", desk.when(hours=-40), None, None),
            (make_number("EL", 49161999), "Đã phát", desk.when(hours=-1), "An", None),
            ("EL491610880VN", "Đã phát", desk.when(hours=-1), "An", None),
            (here.number, "Đã nhận gửi", desk.when(hours=-1), None, None),
            (parcel.number, "Đang phát", desk.when(days=-9), None, None),
            (parcel.number, "Đang phát", desk.when(days=9), None, None),
            (parcel.number, "Đang phát", 1, None, None),
            (parcel.number, "Phát thành công", desk.when(hours=-2), "An", None),
            (parcel.number, "Chuyển hoàn", desk.when(hours=-1), None, None),
        )
        with pytest.raises(DomainError) as refusal:
            desk.take(*rows)
        named = {each["row"]: each["code"] for each in refusal.value.fields["rows"]}
        assert named == {
            3: "unknown_parcel",
            4: "parcel_number_malformed",
            5: "parcel_not_with_post",
            6: "status_before_handover",
            7: "date_in_future",
            8: "date_too_early",
            10: "status_contradicts",
        }
        assert (ParcelNews.select().count(), PostFile.select().count()) == (0, 0)
        done = work_off(desk.take(*rows, leave_out=True).id, desk.now)
        assert (done.rows, done.left_out, done.moved) == (2, 7, 2)
        assert fresh(parcel).state == "delivered"

    def test_news_that_were_overtaken_are_kept(self, desk: PostDesk) -> None:
        parcel = desk.parcel()
        desk.sent(parcel)
        desk.later(days=2)
        desk.tell(parcel, "delivered", at=desk.now - timedelta(hours=1))
        file = desk.take((parcel.number, "Đang phát", desk.when(hours=-3), None, None))
        assert (work_off(file.id, desk.now).kept, fresh(parcel).state) == (1, "delivered")
        assert [each["moved"] for each in shown.parcel_page(fresh(parcel), desk.officer(), desk.now.date(), "vi")["news"]] == [True, False]  # fmt: skip

    def test_what_changes_between_check_and_turn_is_told(self, desk: PostDesk) -> None:
        parcel = desk.parcel()
        desk.sent(parcel)
        desk.later(days=2)
        file = desk.take((parcel.number, "Chuyển hoàn", desk.when(hours=-1), None, None))
        desk.tell(parcel, "delivered", at=desk.now - timedelta(hours=2))
        done = work_off(file.id, desk.now)
        assert (done.refused, fresh(parcel).state) == (1, "delivered")
        assert [row["code"] for row in shown.refused_rows(done)] == ["status_contradicts"]

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            ({"status": "delivered", "receiver": None}, "receiver_needed"),
            ({"status": "attempt_failed"}, "reason_needed"),
            ({"status": "accepted", "at": datetime(2026, 12, 24)}, "moment_without_zone"),  # noqa: DTZ001
        ],
    )
    def test_by_hand_it_is_as_strict(self, desk: PostDesk, told: dict[str, Any], code: str) -> None:
        parcel = desk.parcel()
        desk.sent(parcel)
        with refused(code):
            desk.tell(parcel, **told)
        desk.later(hours=1)
        desk.tell(parcel, "accepted")
        with refused("status_known"):
            desk.tell(parcel, "accepted")


class TestOrders:
    def post(self, desk: PostDesk, fake: HttpFake) -> None:
        desk.set_up(url=fake.url, customer="TTHCC", token="khoa-truy-cap")
        gate.forget(desk.office)

    def send(self, desk: PostDesk) -> list[str]:
        return [send_order(order, desk.now) for order in due_orders(desk.now)]

    def test_retries_never_make_two_orders(self, desk: PostDesk) -> None:
        taken: set[str] = set()

        def answer(request: Any) -> Answer:
            number = request.json()["ItemCode"]
            if number in taken:
                return Answer(body={"Status": "101"})
            taken.add(number)
            # The order is kept, and the answer is lost on the way.
            return Answer(502)

        with http_fake(HttpFake(answer)) as fake:
            self.post(desk, fake)
            parcel = desk.parcel()
            assert self.send(desk) == ["waiting"]
            assert self.send(desk) == []
            desk.later(seconds=6)
            assert self.send(desk) == ["sent"]
            desk.later(hours=1)
            assert self.send(desk) == []
        order = ParcelOrder.get()
        assert (order.state, order.tries, taken) == ("sent", 2, {parcel.number})
        kinds = [row.kind for row in Journal.select().where(Journal.kind == "parcel.ordered")]
        assert kinds == ["parcel.ordered"]

    def test_who_dies_after_the_posts_answer_asks_again(
        self, desk: PostDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers = iter(["100", "101"])
        with http_fake(HttpFake(lambda _: Answer(body={"Status": next(answers)}))) as fake:
            self.post(desk, fake)
            desk.parcel()
            with monkeypatch.context() as dying:
                dying.setattr(orders, "_settle", lambda *_, **__: (_ for _ in ()).throw(SystemExit))
                with pytest.raises(SystemExit):
                    self.send(desk)
            assert self.send(desk) == []
            desk.later(seconds=6)
            assert self.send(desk) == ["sent"]
        assert (ParcelOrder.get().tries, len(fake.requests)) == (2, 2)

    def test_a_time_out_a_busy_post_and_then_it_is_taken(self, desk: PostDesk) -> None:
        with http_fake(HttpFake(lambda _: Answer(body={"Status": "100", "OrderId": "9"}))) as fake:
            self.post(desk, fake)
            fake.script = [Answer(503), Answer(200, body=b"?"), Answer(401)]
            desk.parcel()
            states = []
            for _ in range(4):
                states += self.send(desk)
                desk.later(minutes=40)
        assert states == ["waiting", "waiting", "waiting", "sent"]
        assert ParcelOrder.get().reference == "9"

    def test_refused_it_waits_for_a_person(self, desk: PostDesk) -> None:
        with http_fake(HttpFake(lambda _: Answer(body={"Status": "100"}))) as fake:
            self.post(desk, fake)
            fake.script = [Answer(body={"Status": "999"})]
            parcel = desk.parcel()
            assert self.send(desk) == ["refused"]
            desk.later(days=1)
            assert self.send(desk) == []
            assert shown.refused_orders(desk.office, "en") == [
                {"number": parcel.number, "problem": "The post does not take this order", "tries": 1}
            ]
            send_order_again(parcel.number, desk.officer(), desk.now)
            assert self.send(desk) == ["sent"]

    def test_cancelled_before_a_try_the_post_never_hears_of_it(self, desk: PostDesk) -> None:
        with http_fake(HttpFake()) as fake:
            self.post(desk, fake)
            cancel_parcel(desk.parcel().number, desk.officer(), desk.now)
            assert self.send(desk) == []
            assert fake.requests == []
        assert ParcelOrder.get().state == "cancelled"

    def test_cancelled_after_it_somebody_calls(self, desk: PostDesk) -> None:
        with http_fake(HttpFake(lambda _: Answer(body={"Status": "100"}))) as fake:
            self.post(desk, fake)
            parcel = desk.parcel()
            self.send(desk)
            cancel_parcel(parcel.number, desk.officer(), desk.now)
            assert self.send(desk) == ["cancelled"]
        assert ParcelOrder.get().problem == "cancel_by_telephone"


class TestMoneyAndComplaints:
    def delivered(self, desk: PostDesk, **wish: Any) -> Parcel:
        parcel = desk.parcel(desk.result(fees=FEES, fee_total=31_160), **wish)
        desk.sent(parcel)
        desk.later(hours=1)
        return desk.tell(parcel, "delivered")

    def test_what_was_collected_pays_the_fee_once(self, desk: PostDesk) -> None:
        manager = desk.officer(Role.MANAGER)
        one, two = self.delivered(desk, collect=31_160), self.delivered(desk, collect=40_000)
        free = self.delivered(desk)
        assert [each.number for each in parcels_owing(desk.office)] == [one.number, two.number]
        for numbers, amount, code in (
            ([one.number, two.number], 71_161, "amount_differs"),
            ([one.number, free.number], 31_160, "nothing_collected"),
            ([], 0, "parcels_needed"),
            ([make_number("EL", 49161999)], 1, "unknown_parcel"),
        ):
            with refused(code):
                remit_collected(numbers, amount, "UNC 7", manager, desk.now)
        with refused("evidence_needed"):
            remit_collected([one.number], 31_160, " ", manager, desk.now)
        row = remit_collected([one.number, two.number], 71_160, "UNC 7", manager, desk.now)
        assert (row.number, row.parcels) == (1, 2)
        assert [(each.state, each.received, each.method) for each in Payment.select()] == [
            ("paid", 31_160, "post")
        ] * 2
        assert find_payment(desk.office, Payment.get().reference).paid_at == desk.now
        with refused("remitted_before"):
            remit_collected([one.number], 31_160, "UNC 8", manager, desk.now)

    def test_a_complaint_has_its_days(self, desk: PostDesk) -> None:
        manager = desk.officer(Role.MANAGER)
        waiting = desk.parcel()
        with refused("parcel_not_with_post"):
            complain(waiting.number, "Chậm", manager, desk.now)
        parcel = self.delivered(desk)
        row = complain(parcel.number, "Phong bì rách", manager, desk.now)
        assert row.answer_due_on == date(2026, 12, 1)
        with refused("complaint_open"):
            complain(parcel.number, "Lần nữa", manager, desk.now)
        with refused("compensation_too_small"):
            answer_complaint(row.id, "Xin lỗi", 99_999, manager, desk.now)
        answer_complaint(row.id, "Xin lỗi", 100_000, manager, desk.now)
        with refused("complaint_answered"):
            answer_complaint(row.id, "Xin lỗi", 0, manager, desk.now)
        desk.later(days=190)
        with refused("complaint_too_late"):
            complain(parcel.number, "Muộn", manager, desk.now)

    def test_the_posts_quarter_beside_ours(self, desk: PostDesk) -> None:
        manager = desk.officer(Role.MANAGER)
        note_quarter("bcci", 2026, 4, {"sent": 3}, manager, desk.now)
        note_quarter("bcci", 2026, 4, {"sent": 4}, manager, desk.now)
        assert shown.quarter_noted(desk.office, "bcci", 2026, 4) == {"sent": 4}
        for how, code in (
            (("dhl", 2026, 4, {}), "unknown_carrier"),
            (("bcci", 2026, 5, {}), "unknown_quarter"),
            (("bcci", 2027, 1, {}), "date_in_future"),
            (("bcci", 2026, 4, {"eaten": 1}), "unknown_figure"),
            (("bcci", 2026, 4, {"sent": -1}), "out_of_range"),
        ):
            with refused(code):
                note_quarter(*how, manager, desk.now)


class TestFigures:
    def test_each_in_its_own_column_over_its_own_base(self, desk: PostDesk) -> None:
        actor = desk.officer()
        key = ("justice", JUDICIAL)
        both = desk.result(channel="post", procedure=JUDICIAL)
        only_back = desk.result(procedure=JUDICIAL)
        make_dossier(office=desk.story.place.office, channel="post", delivery="counter", procedure=JUDICIAL)
        desk.result(procedure="other")
        for dossier in (both, only_back):
            parcel = desk.parcel(dossier)
            desk.sent(parcel)
            desk.later(minutes=5)
            desk.tell(parcel, "delivered")
        on_its_way = desk.parcel(desk.result(procedure=JUDICIAL))
        desk.sent(on_its_way)
        first, last = date(2026, 11, 1), date(2026, 11, 23)
        report = post_report(desk.office, first, last, desk.now, {key, ("justice", "unused")})
        counts = report.by_procedure[key]
        assert (counts.received, counts.returned, counts.both, counts.total, counts.registered) == (
            2,
            2,
            1,
            3,
            1,
        )
        assert report.total.registered == 2
        assert report.used == {key}
        assert (report.parcels.sent, report.parcels.delivered, report.parcels.overdue) == (3, 2, 0)
        shares = {share.name: (share.numerator, share.denominator) for _, share in report.shares()}
        assert shares["procedures_used"] == (1, 2)
        assert shares["total_of_received"] == (3, report.total.all_received)
        summary = period_summary(desk.office, first, last, desk.now).counts.total
        assert (summary.post_received, summary.post_returned, summary.post_both) == (2, 2, 1)
        assert shown.desk(desk.office, desk.now.date())["with_post"] == 1
        assert actor.may("post.desk")

    def test_reversed_or_to_come_it_is_refused(self, desk: PostDesk) -> None:
        with refused("period_reversed"):
            post_report(desk.office, date(2026, 11, 2), date(2026, 11, 1), desk.now, ())
        with refused("date_in_future"):
            post_report(desk.office, date(2026, 11, 2), date(2027, 11, 1), desk.now, ())
        with refused("as_of_in_future"):
            post_report(
                desk.office,
                date(2026, 11, 2),
                date(2026, 11, 3),
                desk.now,
                (),
                now=desk.now - timedelta(days=1),
            )


def test_each_step_is_told_to_whom_it_concerns(desk: PostDesk) -> None:
    read_news(desk.now)
    told, untold = desk.parcel(told_by="sms"), desk.parcel()
    desk.sent(told, untold)
    desk.later(minutes=1)
    for status, more in (
        ("accepted", {}),
        ("out_for_delivery", {}),
        ("attempt_failed", {"reason": "Vắng"}),
        ("delivered", {}),
    ):
        desk.tell(told, status, **more)
        desk.later(minutes=1)
    read_news(desk.now)
    read_news(desk.now)
    rows = [(row.parcel_id, row.occasion) for row in PostMessage.select().order_by(PostMessage.id)]
    assert rows == [(told.id, kind) for kind in ("post_sent", "post_out", "post_failed", "post_delivered")]


def test_the_licence_of_the_stories_goes_by_post(desk: PostDesk) -> None:
    """What it is said to do in other tests of this file is what its plugin says."""
    make_person(office=desk.story.place.office)
    dossier = desk.story.receive(LICENCE, delivery="post")
    assert dossier.first_delivery == "post"
    with pytest.raises(NotFound):
        shown.scan(desk.office, make_number("EL", 49161998), desk.officer(), "vi")
