"""Money told on both databases: asked, paid in every wrong way a payer can think of, given back, closed."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kiosk.domain.errors import Conflict, DomainError, Forbidden, NotFound
from kiosk.domain.payment.notice import NoticeRefused
from kiosk.domain.payment.states import PaymentState
from kiosk.domain.permissions import RIGHTS, Actor, Role, SignedInUser
from kiosk.models import Contradiction, Credit, NoticeRefusal, Office, Payment, Receipt, Transfer, User
from kiosk.services import manage_plugins
from kiosk.services.payment import reconcile_payments
from kiosk.services.payment.close_money import close_money, count_cash, seal_holds
from kiosk.services.payment.confirm_payment import expire_payments, find_payment
from kiosk.services.payment.day_figures import figures_of
from kiosk.services.payment.money_rules import change_money_rules
from kiosk.services.payment.reconcile_payments import reconcile, take_statement
from kiosk.services.payment.refund import RefundWish, ask_refund, decide_refund
from kiosk.services.payment.remit import lines_of, make_remittance, owed
from kiosk.services.payment.request_payment import Wish, cancel_payment, request_payment
from kiosk.services.payment.settle_transfer import (
    credit_transfer,
    set_aside,
    settle_contradiction,
    take_back_aside,
)
from kiosk.services.payment.take_money import note_transfer, take_back_credit, take_card, take_cash
from kiosk.services.payment.take_notice import take_notice
from kiosk.services.verify_log import verify_office
from tests.factories import make_counter, make_dossier, make_user

ACCOUNT = "1017588888"
SECRET = "bi-mat-cua-bai-thu-nghiem"
FEES = [
    {"kind": "phi", "case": "Phí thẩm định", "amount": 31_160, "quantity": 1, "legal_basis": None},
    {"kind": "le_phi", "case": "Lệ phí cấp", "amount": 8_000, "quantity": 2, "legal_basis": None},
]
QR = "vietcombank_qr"


class Desk:
    """A cash desk: dossiers with fees, a bank that tells of money, and people who decide."""

    def __init__(self, story: Any) -> None:
        self.story, self.office = story, story.office
        self.second = make_user("hoa", "manager", office=story.place.office)
        manage_plugins.save_settings(
            self.office,
            QR,
            {"account": ACCOUNT, "holder": "TRUNG TAM PVHCC", "secret": SECRET},
            self.now,
            "system:test",
        )
        self.switch(on=True)
        self._told = 0

    @property
    def now(self) -> datetime:
        return self.story.clock.moment

    def later(self, **span: int) -> None:
        self.story.clock.moment += timedelta(**span)

    def switch(self, *, on: bool) -> None:
        turn = manage_plugins.enable if on else manage_plugins.disable
        turn(self.office, QR, self.now, "system:test")

    def officer(self, role: Role = Role.OFFICER, user: User | None = None) -> Actor:
        user = user or self.story.place.officer
        posted = frozenset({self.story.place.counter.id})
        signed_in = SignedInUser(user.id, user.username, "Lan", role, "vi", posted)
        return Actor(self.office, user=signed_in, permissions=RIGHTS[role])

    @property
    def manager(self) -> Actor:
        return self.officer(Role.MANAGER, self.second)

    def dossier(self, **fields: Any) -> Any:
        fields = {"fees": FEES, "fee_total": 47_160, "counter": self.story.place.counter.id, **fields}
        return make_dossier(office=self.story.place.office, **fields)

    def ask(self, *dossiers: Any, method: str = QR, **wish: Any) -> Payment:
        codes = tuple(each.code for each in dossiers or (self.dossier(),))
        return request_payment(Wish(method, codes, **wish), self.officer(), self.now)

    def again(self, payment: Payment) -> Payment:
        return find_payment(self.office, payment.reference)

    def notice(self, memo: str, amount: int, *, key: int | None = None, **fields: Any) -> list[str]:
        """The messenger tells of money; the same `key` is the same notice."""
        self._told += 1
        key = key or self._told
        at = fields.pop("at", self.now)
        body = {
            "id": key, "gateway": "Vietcombank", "accountNumber": ACCOUNT, "transferType": "in", "content": memo,
            "transferAmount": amount, "referenceCode": f"MBVCB.{key:06}",
            "transactionDate": f"{at.astimezone(self.story.clock.moment.tzinfo):%Y-%m-%d %H:%M:%S}", **fields,
        }  # fmt: skip
        return self.post(json.dumps(body).encode())

    def post(self, body: bytes, secret: str = SECRET, at: datetime | None = None) -> list[str]:
        stamp = str(int((at or self.now).timestamp()))
        signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-SePay-Signature": f"sha256={signature}",
            "X-SePay-Timestamp": stamp,
        }
        office = Office.get_by_id(self.office)
        return take_notice(office, QR, headers, body, self.now)[1]

    def statement(self, *rows: tuple[str, int, str], day: date | None = None) -> Any:
        """Upload and reconcile a CSV: (document number, signed amount, memo) a line."""
        on = f"{day or self.now.date():%d/%m/%Y}"
        lines = [f"Số tài khoản;{ACCOUNT}", "Ngày giao dịch;Số tham chiếu;Thay đổi;Số tiền;Mô tả"]
        lines += [
            f'{on};{number};{"+" if amount > 0 else "-"};"{abs(amount):,}";{memo}'
            for number, amount, memo in rows
        ]
        statement = take_statement("\n".join([*lines, "Tổng;;;;"]).encode(), self.manager, self.now)
        return reconcile(statement.id, self.now)

    def state(self, payment: Payment) -> tuple[str, int]:
        row = self.again(payment)
        return str(row.state), row.received - row.refunded

    def balance(self) -> None:
        """Every đồng that came is credited, unmatched, set aside or given back; and the journal holds."""
        figures = figures_of(self.office, self.now.date())
        assert figures.account.balances
        rest = sum(
            t.amount - t.credited - t.returned - t.aside
            for t in Transfer.select().where(Transfer.office == self.office)
            if t.incoming
        )
        assert figures.account.closing == rest
        for payment in Payment.select().where(Payment.office == self.office):
            credited = sum(c.amount for c in Credit.select().where(Credit.payment == payment.id))
            assert payment.received == credited
        for transfer in Transfer.select().where(Transfer.office == self.office):
            credited = sum(c.amount for c in Credit.select().where(Credit.transfer == transfer.id))
            assert transfer.credited == credited
        assert verify_office(self.office).broken is None


@pytest.fixture
def desk(story: Any) -> Any:
    made = Desk(story)
    yield made
    made.balance()


def receipts(payment: Payment) -> list[tuple[str, int, bool]]:
    rows = Receipt.select().where(Receipt.payment == payment.id).order_by(Receipt.id)
    return [(row.kind, row.amount, row.voided_at is None) for row in rows]


def test_a_fee_is_paid_by_qr_and_receipted_apart(desk):
    payment = desk.ask()
    assert (payment.amount, payment.phi, payment.le_phi) == (47_160, 31_160, 16_000)
    assert payment.slip["payload"].startswith("000201010212")
    memo = f"MBVCB.5017712.{payment.reference.replace(' ', '').lower()}.CT tu 0071000888888 TRAN VAN AN"
    assert desk.notice(memo, 47_160) == ["new"]
    assert desk.state(payment) == ("paid", 47_160)
    assert receipts(payment) == [("phi", 31_160, True), ("le_phi", 16_000, True)]
    assert "payment.credited" in desk.story.kinds()
    facts = [row for row in desk.story.kinds() if row.startswith("receipt.")]
    assert facts == ["receipt.issued"] * 2


def test_one_notice_seven_times_is_one_credit(desk):
    payment = desk.ask()
    outcomes = [desk.notice(payment.reference, 47_160, key=9) for _ in range(7)]
    assert outcomes == [["new"], *[["known"]] * 6]
    assert desk.state(payment) == ("paid", 47_160)


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ((20_000,), "partly_paid"),
        ((20_000, 27_160), "paid"),
        ((50_000,), "overpaid"),
        ((47_160, 47_160), "overpaid"),
    ],
)
def test_wrong_amounts_end_in_a_state(desk, parts, state):
    payment = desk.ask()
    for amount in parts:
        desk.notice(payment.reference, amount)
    assert desk.state(payment) == (state, sum(parts))
    assert len(receipts(payment)) == (2 if state in {"paid", "overpaid"} else 0)


def test_money_comes_late(desk):
    payment = desk.ask()
    desk.later(minutes=20)
    assert expire_payments(desk.now) == 1
    assert desk.state(payment)[0] == "expired"
    desk.switch(on=False)
    assert desk.notice(payment.reference, 47_160) == ["new"]
    assert desk.state(payment) == ("paid", 47_160)
    with pytest.raises(NotFound) as refusal:
        desk.ask()
    assert refusal.value.code == "unknown_payment_method"


@pytest.mark.parametrize(
    ("memo", "reason"),
    [
        ("CHUYEN TIEN", "no_reference"),
        ("BGPH 7K3Q2M9", "reference_damaged"),
        ("{closed}", "request_closed"),
        ("{one} {other}", "several_references"),
    ],
)
def test_what_cannot_be_matched_waits_for_a_person(desk, memo, reason):
    one, other, closed = desk.ask(), desk.ask(), desk.ask()
    cancel_payment(closed.reference, desk.officer(), desk.now)
    desk.notice(memo.format(one=one.reference, other=other.reference, closed=closed.reference), 94_320)
    transfer = Transfer.get()
    assert (transfer.state, transfer.reason) == ("unmatched", reason)
    credit_transfer(transfer.id, [(one.reference, 47_160), (other.reference, None)], desk.manager, desk.now)
    assert desk.state(one) == desk.state(other) == ("paid", 47_160)
    assert Transfer.get().state == "credited"
    with pytest.raises(Conflict, match="nothing_left"):
        credit_transfer(transfer.id, [(one.reference, 1)], desk.manager, desk.now)


def test_an_officer_changes_the_method_and_the_old_code_is_paid_all_the_same(desk):
    dossier = desk.dossier()
    qr = desk.ask(dossier)
    assert desk.ask(dossier).id == qr.id
    cash = desk.ask(dossier, method="cash")
    assert desk.state(qr)[0] == "cancelled"
    take_cash(cash.reference, None, desk.officer(), desk.now)
    desk.notice(qr.reference, 47_160)
    assert desk.state(cash) == ("paid", 47_160)
    assert Transfer.get().reason == "request_closed"
    with pytest.raises(Conflict, match="already_paid"):
        desk.ask(dossier)
    refund = ask_refund(
        RefundWish(
            "Nộp hai lần",
            transfer=Transfer.get().id,
            holder="TRAN VAN AN",
            account="0071000888888",
            bank="VCB",
        ),
        desk.officer(),
        desk.now,
    )
    decide_refund(refund.id, "pay_out", desk.officer(), desk.now, "FT26328001")
    assert Transfer.get().state == "returned"


def test_statement_notice_and_hand_tell_of_one_transfer(desk):
    told, untold, by_hand = desk.ask(), desk.ask(), desk.ask()
    desk.notice(told.reference, 47_160)
    note_transfer(by_hand.reference, None, "ảnh chụp 14h02", desk.manager, desk.now)
    assert not Transfer.get(Transfer.confirmed == False).confirmed  # noqa: E712
    read = desk.statement(
        ("5017.1", 47_160, f"MBVCB.1.{told.reference}.CT tu X"),
        ("5017.2", 47_160, untold.reference.replace(" ", "-")),
        ("5017.3", 47_160, by_hand.reference),
        ("5017.4", -11_000, "PHI DICH VU"),
    )
    assert (read.new, read.known, read.contradictory) == (2, 2, 0)
    for payment in (told, untold, by_hand):
        assert desk.state(payment) == ("paid", 47_160)
    assert not Transfer.select().where(Transfer.confirmed == False).exists()  # noqa: E712
    # The same lines in another file on another day, and the notices that come at last.
    desk.later(hours=3)
    read = desk.statement(
        ("5017.1", 47_160, told.reference), ("5017.2", 47_160, untold.reference), day=desk.now.date()
    )
    assert (read.new, read.known) == (0, 2)
    assert desk.notice(untold.reference, 47_160) == ["known"]
    assert Transfer.select().where(Transfer.incoming).count() == 3


def test_two_equal_transfers_are_two(desk):
    payment = desk.ask()
    desk.notice(payment.reference, 47_160)
    read = desk.statement(("1", 47_160, payment.reference), ("2", 47_160, payment.reference))
    assert (read.known, read.new) == (1, 1)
    assert desk.state(payment) == ("overpaid", 94_320)


def test_a_contradiction_moves_no_money(desk):
    payment = desk.ask()
    desk.notice(payment.reference, 47_160, key=4)
    assert desk.notice(payment.reference, 471_600, key=4) == ["contradictory"]
    assert desk.notice(payment.reference, 471_600, key=4) == ["contradictory"]
    assert desk.state(payment) == ("paid", 47_160)
    row = Contradiction.get()
    assert row.open
    assert Contradiction.select().count() == 1
    settle_contradiction(row.id, "Đã hỏi ngân hàng", desk.manager, desk.now)
    assert not Contradiction.get().open


def test_a_file_is_taken_once_and_resumed_after_a_crash(desk, monkeypatch):
    monkeypatch.setattr(reconcile_payments, "BATCH", 3)
    rows = [(f"9.{n}", 1_000 + n, f"GHI CHU SO {n:06}") for n in range(10)]
    real, calls = reconcile_payments.take_transfer, []

    def dying(*args, **kwargs):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(reconcile_payments, "take_transfer", dying)
    with pytest.raises(KeyboardInterrupt):
        desk.statement(*rows)
    assert Transfer.select().count() == 3
    monkeypatch.setattr(reconcile_payments, "take_transfer", real)
    (left,) = reconcile_payments.unfinished_statements()
    done = reconcile(left, desk.now)
    assert (done.done, done.new, Transfer.select().count()) == (10, 10, 10)
    with pytest.raises(Conflict, match="statement_known"):
        desk.statement(*rows)


def test_the_bank_s_word_replaces_an_officer_s_note(desk):
    payment = desk.ask()
    note_transfer(payment.reference, None, "người nộp cho xem ảnh", desk.manager, desk.now)
    desk.notice("NOP TIEN", 47_160)
    unmatched = Transfer.get(Transfer.state == "unmatched")
    credit_transfer(unmatched.id, [(payment.reference, None)], desk.manager, desk.now)
    assert desk.state(payment) == ("paid", 47_160)
    assert receipts(payment) == [("phi", 31_160, True), ("le_phi", 16_000, True)]
    assert {t.state for t in Transfer.select()} == {"credited", "set_aside"}


def test_a_mistaken_credit_is_taken_back(desk):
    wrong, right = desk.ask(), desk.ask()
    desk.notice(wrong.reference, 47_160)
    take_back_credit(Credit.get().id, desk.manager, desk.now)
    assert desk.state(wrong) == ("waiting", 0)
    assert [holds for *_, holds in receipts(wrong)] == [False, False]
    assert Transfer.get().reason == "taken_back"
    credit_transfer(Transfer.get().id, [(right.reference, None)], desk.manager, desk.now)
    assert desk.state(right) == ("paid", 47_160)
    with pytest.raises(Conflict, match="already_reversed"):
        take_back_credit(Credit.select().order_by(Credit.id).first().id, desk.manager, desk.now)


def test_what_is_no_fee_is_set_aside_and_taken_up_again(desk):
    desk.notice("TIEN LAI", 1_234)
    key = Transfer.get().id
    with pytest.raises(DomainError, match="reason_needed"):
        set_aside(key, " ", desk.manager, desk.now)
    set_aside(key, "Lãi tiền gửi", desk.manager, desk.now)
    assert Transfer.get().state == "set_aside"
    take_back_aside(key, desk.manager, desk.now)
    assert Transfer.get().state == "unmatched"


def test_other_methods(desk):
    card = desk.ask(method="card")
    with pytest.raises(DomainError, match="evidence_needed"):
        take_card(card.reference, None, "", desk.officer(), desk.now)
    take_card(card.reference, 20_000, "SLIP 0042", desk.officer(), desk.now)
    assert desk.state(card) == ("partly_paid", 20_000)
    take_cash(card.reference, None, desk.officer(), desk.now)
    assert {r.method for r in Receipt.select()} == {"cash"}
    with pytest.raises(Conflict, match="nothing_to_pay"):
        take_cash(card.reference, None, desk.officer(), desk.now)
    with pytest.raises(DomainError, match="reason_needed"):
        desk.ask(method="exempt")
    free = desk.ask(method="exempt", reason="Người có công, TT 244/2016 Đ.5")
    assert desk.state(free) == ("exempt", 0)
    with pytest.raises(Conflict, match="nothing_to_pay"):
        desk.ask(desk.dossier(fees=[], fee_total=0))


def test_what_was_begun_does_not_hold_up_the_rest_of_a_visit(desk):
    ticket = desk.story.issue().ticket
    begun, fresh = (desk.dossier(ticket=ticket.id) for _ in range(2))
    desk.notice(desk.ask(begun).reference, 20_000)
    payment = request_payment(Wish(QR, ticket=ticket.id), desk.officer(), desk.now)
    assert payment.amount == 47_160
    desk.notice(payment.reference, 47_160)
    with pytest.raises(Conflict, match="payment_begun"):
        request_payment(Wish(QR, ticket=ticket.id), desk.officer(), desk.now)
    with pytest.raises(Conflict, match="already_paid"):
        desk.ask(fresh)


def test_money_of_another_counter_is_somebody_else_s(desk):
    other = make_counter(77, office=desk.story.place.office)
    with pytest.raises(Forbidden, match="not_your_counter"):
        desk.ask(method="cash", counter=other.id)
    payment = desk.ask(method="cash")
    with pytest.raises(Forbidden, match="not_your_counter"):
        take_cash(payment.reference, None, desk.officer(), desk.now, other.id)
    with pytest.raises(Forbidden, match="not_your_counter"):
        count_cash(other.id, 1, desk.officer(), desk.now)
    assert count_cash(other.id, 1, desk.manager, desk.now).amount == 1


def test_one_visit_pays_for_all_its_dossiers(desk):
    ticket = desk.story.issue().ticket
    dossiers = [desk.dossier(ticket=ticket.id) for _ in range(3)]
    take_cash(desk.ask(dossiers[0], method="cash").reference, None, desk.officer(), desk.now)
    payment = request_payment(Wish(QR, ticket=ticket.id), desk.officer(), desk.now)
    assert (payment.amount, payment.ticket_id) == (94_320, ticket.id)
    desk.notice(payment.reference, 94_320)
    assert len(receipts(payment)) == 4


def test_a_refund_above_the_limit_needs_a_second_person(desk):
    dear = [{"kind": "phi", "case": "Phí", "amount": 900_000, "quantity": 1, "legal_basis": None}]
    payment = desk.ask(desk.dossier(fees=dear, fee_total=900_000))
    desk.notice(payment.reference, 900_000)
    to = {"holder": "TRAN VAN AN", "account": "0071000888888", "bank": "Vietcombank"}
    with pytest.raises(DomainError, match="refund_account_needed"):
        ask_refund(RefundWish("Thu nhầm", payment.reference), desk.officer(), desk.now)
    with pytest.raises(Conflict, match="refund_not_whole"):
        ask_refund(RefundWish("Thu nhầm", payment.reference, amount=1_000, **to), desk.officer(), desk.now)
    refund = ask_refund(RefundWish("Thu nhầm", payment.reference, **to), desk.manager, desk.now)
    assert refund.state == "asked"
    with pytest.raises(Forbidden, match="second_person_needed"):
        decide_refund(refund.id, "approve", desk.manager, desk.now)
    with pytest.raises(Forbidden, match="not_allowed"):
        decide_refund(refund.id, "approve", desk.officer(), desk.now)
    with pytest.raises(Conflict, match="refund_open"):
        ask_refund(RefundWish("Thu nhầm", payment.reference, **to), desk.officer(), desk.now)
    decide_refund(refund.id, "approve", desk.officer(Role.MANAGER), desk.now)
    # The statement tells by itself that it went out.
    desk.statement(("7.1", -900_000, f"HOANPHI {refund.id}"))
    assert desk.state(payment) == ("refunded", 0)
    assert [holds for *_, holds in receipts(payment)] == [False]
    assert desk.ask(Receipt.get().dossier).state == PaymentState.WAITING


def test_what_was_paid_too_much_goes_back(desk):
    payment = desk.ask()
    desk.notice(payment.reference, 50_000)
    refund = ask_refund(RefundWish("Nộp thừa", payment.reference, method="cash"), desk.officer(), desk.now)
    assert (refund.amount, refund.state) == (2_840, "approved")
    decide_refund(refund.id, "pay_out", desk.officer(), desk.now)
    assert desk.state(payment) == ("paid", 47_160)
    assert [holds for *_, holds in receipts(payment)] == [True, True]


def test_the_day_closes_and_stays_closed(desk):
    counter = desk.story.place.counter.id
    paid, cash, unpaid = desk.ask(), desk.ask(method="cash"), desk.ask()
    desk.notice(paid.reference, 47_160)
    desk.notice("KHONG RO", 5_000)
    take_cash(cash.reference, None, desk.officer(), desk.now)
    day = desk.now.date()
    with pytest.raises(Conflict, match="cash_not_counted"):
        close_money(day, desk.manager, desk.now)
    count_cash(counter, 47_000, desk.officer(), desk.now)
    with pytest.raises(DomainError, match="difference_needs_note"):
        close_money(day, desk.manager, desk.now)
    seal = close_money(day, desk.manager, desk.now, note="Thiếu tiền lẻ")
    figures = seal.figures
    assert figures["by_method"] == {"cash": 47_160, "vietcombank_qr": 47_160}
    assert (figures["received"], figures["difference"]) == (94_320, -160)
    assert (figures["account"]["came"], figures["account"]["closing"]) == (52_160, 5_000)
    mine = next(c for c in figures["counters"] if c["counter"] == counter)
    assert (mine["asked"], mine["unpaid"]) == (3 * 47_160, 47_160)
    assert seal_holds(seal)
    with pytest.raises(Conflict, match="day_sealed"):
        count_cash(counter, 47_160, desk.officer(), desk.now)
    # What comes after the seal belongs to the next day.
    desk.notice(unpaid.reference, 47_160)
    assert desk.again(unpaid).received == 47_160
    assert Credit.select().order_by(Credit.id.desc()).first().day == day + timedelta(days=1)
    assert figures_of(desk.office, day).as_json()["account"] == figures["account"]
    assert figures_of(desk.office, day + timedelta(days=1)).account.balances


def test_days_are_sealed_one_after_the_other(desk):
    take_cash(desk.ask(method="cash").reference, None, desk.officer(), desk.now)
    first = desk.now.date()
    desk.later(days=2)
    take_cash(desk.ask(method="cash").reference, None, desk.officer(), desk.now)
    count_cash(desk.story.place.counter.id, 47_160, desk.officer(), desk.now)
    with pytest.raises(Conflict, match="earlier_day_open"):
        close_money(desk.now.date(), desk.manager, desk.now)
    count_cash(desk.story.place.counter.id, 47_160, desk.officer(), desk.now, day=first)
    close_money(first, desk.manager, desk.now)
    close_money(desk.now.date(), desk.manager, desk.now)


def test_departments_remit_by_their_calendars(desk):
    one = desk.ask(desk.dossier(department="justice"), method="cash")
    other = desk.ask(desk.dossier(department="public_security"), method="cash")
    for payment in (one, other):
        take_cash(payment.reference, None, desk.officer(), desk.now)
    first, second = owed(desk.office)
    assert (first.department, first.stretch.due_on) == ("public_security", date(2026, 11, 26))
    assert (second.department, second.stretch.due_on) == ("justice", date(2026, 12, 5))
    assert first.open
    with pytest.raises(Conflict, match="day_not_sealed"):
        make_remittance("justice", second.stretch.last, desk.manager, desk.now)
    count_cash(desk.story.place.counter.id, 94_320, desk.officer(), desk.now)
    close_money(desk.now.date(), desk.manager, desk.now)
    made = make_remittance("justice", second.stretch.last, desk.manager, desk.now)
    assert (made.phi, made.le_phi, made.receipts) == (31_160, 16_000, 2)
    assert sum(line["amount"] for line in lines_of(made)) == 47_160
    # A receipt that is voided afterwards is taken off the next list.
    desk.later(days=1)
    take_back_credit(Credit.get(Credit.payment == one.id).id, desk.manager, desk.now)
    count_cash(desk.story.place.counter.id, 0, desk.officer(), desk.now)
    close_money(desk.now.date(), desk.manager, desk.now, note="Gỡ một khoản thu nhầm")
    later = make_remittance("justice", second.stretch.last, desk.manager, desk.now)
    assert (later.phi, later.le_phi) == (-31_160, -16_000)
    assert sum(line["amount"] for line in lines_of(later)) == -47_160


def test_a_notice_for_another_account_is_refused_and_counted(desk):
    with pytest.raises(NoticeRefused, match="account_not_ours"):
        desk.notice("BGPH", 1_000, accountNumber="0011223344")
    with pytest.raises(NoticeRefused, match="signature_wrong"):
        desk.post(b"{}", secret="another-secret-altogether")
    with pytest.raises(NoticeRefused, match="timestamp_old"):
        desk.post(b"{}", at=desk.now - timedelta(minutes=6))
    assert [(r.code, r.times) for r in NoticeRefusal.select()] == [("account_not_ours", 1)]
    assert not Transfer.select().exists()


def test_a_prefix_that_was_replaced_is_still_recognised(desk):
    payment = desk.ask()
    change_money_rules(desk.office, {"prefix": "HCC"}, desk.now, "system:test")
    assert desk.ask().reference.startswith("HCC ")
    desk.notice(payment.reference, 47_160)
    assert desk.state(payment)[0] == "paid"
    with pytest.raises(DomainError, match="money_rule_malformed"):
        change_money_rules(desk.office, {"prefix": "BGPHX"}, desk.now, "system:test")
