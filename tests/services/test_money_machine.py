"""Any order of requests, notices, statements, notes by hand, refunds, switches and crashes: no đồng is lost or made."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from kiosk.database import connection
from kiosk.domain.errors import DomainError, NotFound
from kiosk.domain.payment.notice import NoticeRefused
from kiosk.models import Credit, Payment, Receipt, Refund, SetAside, Telling, Transfer
from kiosk.plugin import gate
from kiosk.services.payment import confirm_payment, take_transfer
from kiosk.services.payment.confirm_payment import expire_payments
from kiosk.services.payment.day_figures import figures_of
from kiosk.services.payment.refund import RefundWish, ask_refund, decide_refund
from kiosk.services.payment.request_payment import cancel_payment
from kiosk.services.payment.settle_transfer import credit_transfer, set_aside, take_back_aside
from kiosk.services.payment.take_money import note_transfer, take_back_credit, take_cash
from kiosk.services.verify_log import verify_office
from tests.api.desk import Clock, build, house
from tests.conftest import opened
from tests.services.test_money import Desk, receipts
from tests.services.test_stories import Story

AMOUNTS = st.sampled_from([47_160, 47_160, 20_000, 27_160, 60_000, 1])
MEMOS = st.sampled_from(["{0}", "{0}", "mbvcb.77.{1}.ct tu X", "{0} {2}", "NOP PHI", "BGPH 7K3Q2M9"])
TO = {"holder": "TRAN VAN AN", "account": "0071000888888", "bank": "Vietcombank"}
_names = count(1)


class Power(Exception):
    """The power fails in the middle of a change."""


class Money(RuleBasedStateMachine):
    """A cash desk under everything at once; `told` is what a bank's own book says came in."""

    url = ""
    folder = Path()

    payments = Bundle("payments")
    sent = Bundle("sent")

    @initialize()
    def open(self) -> None:
        self.stack = ExitStack()
        data = self.folder / f"data{next(_names)}"
        data.mkdir()
        url = self.fresh(data)
        self.stack.enter_context(opened(url, data))
        gate.use(house())
        self.stack.callback(gate.use, None)
        self.clock = Clock(datetime(2026, 11, 23, 9, 42, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")))
        self.stack.enter_context(connection())
        self.desk = Desk(Story(build(self.clock.moment), self.clock))
        self.on = True
        self.told: dict[int, int] = {}
        self.key = self.page = 0

    def fresh(self, data: Path) -> str:
        raise NotImplementedError

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    @rule(target=payments, method=st.sampled_from(["vietcombank_qr", "vietcombank_qr", "cash"]))
    def request(self, method: str) -> Any:
        if not self.on and method != "cash":
            with pytest.raises(NotFound, match="unknown_payment_method"):
                self.desk.ask(method=method)
            return multiple()
        return self.desk.ask(method=method).reference

    @rule(target=sent, one=payments, other=payments, amount=AMOUNTS, memo=MEMOS)
    def notice(self, one: str, other: str, amount: int, memo: str) -> tuple[int, str, int]:
        self.key += 1
        words = memo.format(one, one.replace(" ", "").lower(), other)
        noted = by_hand()
        # The bank may speak of what somebody had noted by hand.
        assert self.desk.notice(words, amount, key=self.key) == (["known"] if by_hand() < noted else ["new"])
        self.told[self.key] = amount
        return self.key, words, amount

    @rule(again=sent)
    def the_same_notice(self, again: tuple[int, str, int]) -> None:
        assert self.desk.notice(again[1], again[2], key=again[0]) == ["known"]

    @rule(again=sent)
    def the_same_number_with_another_amount(self, again: tuple[int, str, int]) -> None:
        assert self.desk.notice(again[1], again[2] + 7, key=again[0]) == ["contradictory"]

    @rule(again=st.lists(sent, min_size=1, max_size=3, unique=True), fresh=st.booleans(), one=payments)
    def statement(self, again: list[tuple[int, str, int]], fresh: bool, one: str) -> None:
        rows = [(f"MBVCB.{key:06}", amount, words) for key, words, amount in again]
        if fresh:
            self.key += 1
            rows.append((f"MBVCB.{self.key:06}", 47_160, one))
            self.told[self.key] = 47_160
        self.page += 1
        rows.append((f"PHI.{self.page}", -self.page, "Phi dich vu"))  # no two files are alike
        noted = by_hand()
        read = self.desk.statement(*rows)
        confirmed = noted - by_hand()
        assert (read.known, read.new) == (len(again) + confirmed, 1 + int(fresh) - confirmed)

    @rule(one=payments)
    def note_by_hand(self, one: str) -> None:
        self.attempt(lambda: note_transfer(one, None, f"tay {self.key}", self.desk.manager, self.desk.now))

    @rule(one=payments, amount=st.sampled_from([None, 10_000]))
    def cash(self, one: str, amount: int | None) -> None:
        self.attempt(lambda: take_cash(one, amount, self.desk.officer(), self.desk.now))

    @rule(one=payments)
    def withdraw(self, one: str) -> None:
        self.attempt(lambda: cancel_payment(one, self.desk.officer(), self.desk.now))

    @rule(one=payments, which=st.integers(0, 5))
    def credit(self, one: str, which: int) -> None:
        loose = [t.id for t in Transfer.select().where(Transfer.state == "unmatched")]
        if loose:
            key = loose[which % len(loose)]
            self.attempt(lambda: credit_transfer(key, [(one, None)], self.desk.manager, self.desk.now))

    @rule(which=st.integers(0, 5))
    def aside_and_back(self, which: int) -> None:
        rows = [t.id for t in Transfer.select()]
        if rows:
            key = rows[which % len(rows)]
            self.attempt(lambda: set_aside(key, "Không phải phí", self.desk.manager, self.desk.now))
            if which % 2:
                self.attempt(lambda: take_back_aside(key, self.desk.manager, self.desk.now))

    @rule(which=st.integers(0, 9))
    def take_back(self, which: int) -> None:
        rows = [row.id for row in Credit.select()]
        if rows:
            key = rows[which % len(rows)]
            self.attempt(lambda: take_back_credit(key, self.desk.manager, self.desk.now))

    @rule(one=payments, method=st.sampled_from(["cash", "transfer"]))
    def refund(self, one: str, method: str) -> None:
        wish = RefundWish("Hoàn", one, method=method, **TO)
        self.attempt(lambda: ask_refund(wish, self.desk.officer(), self.desk.now))

    @rule(which=st.integers(0, 5))
    def return_what_is_unmatched(self, which: int) -> None:
        loose = [t.id for t in Transfer.select().where(Transfer.state == "unmatched")]
        if loose:
            wish = RefundWish("Trả lại", transfer=loose[which % len(loose)], **TO)
            self.attempt(lambda: ask_refund(wish, self.desk.officer(), self.desk.now))

    @rule(which=st.integers(0, 5), move=st.sampled_from(["pay_out", "pay_out", "withdraw", "fail"]))
    def move_refund(self, which: int, move: str) -> None:
        rows = [row.id for row in Refund.select()]
        if rows:
            key = rows[which % len(rows)]
            self.attempt(lambda: decide_refund(key, move, self.desk.officer(), self.desk.now, "FT1"))

    @rule()
    def switch(self) -> None:
        self.on = not self.on
        self.desk.switch(on=self.on)

    @rule()
    def time_goes_by(self) -> None:
        self.clock.moment += timedelta(minutes=6)
        expire_payments(self.desk.now)

    @rule(one=payments, where=st.sampled_from(["credit", "receipts", "telling"]))
    def the_power_fails(self, one: str, where: str) -> None:
        """In the middle of a notice; afterwards the messenger sends it again, and it counts once."""
        self.key += 1
        with pytest.MonkeyPatch.context() as patch:

            def fail(*_: Any, **__: Any) -> None:
                raise Power

            if where == "credit":
                patch.setattr(take_transfer, "credit", fail)
            elif where == "receipts":
                patch.setattr(confirm_payment, "issue_receipts", fail)
            else:
                patch.setattr(take_transfer, "_announce", fail)
            before = sums()
            try:
                self.desk.notice(one, 47_160, key=self.key)
            except Power:
                assert sums() == before
                patch.undo()
                assert self.desk.notice(one, 47_160, key=self.key) != ["contradictory"]
        self.told[self.key] = 47_160

    def attempt(self, act: Any) -> None:
        """A refusal is fine as long as nothing is half done; the invariants look."""
        before = sums()
        try:
            act()
        except NoticeRefused:
            raise
        except DomainError:
            assert sums() == before

    @invariant()
    def money_in_is_credited_unmatched_or_refunded(self) -> None:
        if not hasattr(self, "desk"):
            return
        transfers = list(Transfer.select())
        by_bank = sum(t.amount for t in transfers if t.confirmed and t.incoming)
        assert by_bank == sum(self.told.values()), "each transfer is counted once"
        noted = sum(t.amount for t in transfers if not t.confirmed)
        cash = sum(c.amount for c in Credit.select() if c.transfer_id is None)
        held = sum(p.received - p.refunded for p in Payment.select())
        rest = sum(t.amount - t.credited - t.returned - t.aside for t in transfers if t.incoming)
        aside = sum(s.amount for s in SetAside.select())
        paid_out = sum(r.amount for r in Refund.select() if r.state == "paid_out")
        assert by_bank + noted + cash == held + rest + aside + paid_out
        for transfer in transfers:
            assert transfer.amount >= transfer.credited + transfer.returned + transfer.aside >= 0
            mine = sum(c.amount for c in Credit.select().where(Credit.transfer == transfer.id))
            assert mine == transfer.credited
        for payment in Payment.select():
            assert (
                sum(c.amount for c in Credit.select().where(Credit.payment == payment.id)) == payment.received
            )
            holds = sum(amount for _, amount, valid in receipts(payment) if valid)
            assert holds == (payment.amount if payment.state in {"paid", "overpaid"} else 0)
        assert figures_of(self.desk.office, self.desk.now.date()).account.balances

    @invariant()
    def the_journal_is_whole(self) -> None:
        if hasattr(self, "desk"):
            assert verify_office(self.desk.office).broken is None


def by_hand() -> int:
    """How many transfers only a person has told of."""
    return sum(not transfer.confirmed for transfer in Transfer.select())


def sums() -> tuple[int, ...]:
    """What every table about money amounts to."""
    return (
        *(model.select().count() for model in (Credit, Transfer, Telling, Receipt, Refund, SetAside)),
        sum(p.received * 3 + p.refunded for p in Payment.select()),
        sum(t.credited + 3 * t.returned + 7 * t.aside for t in Transfer.select()),
    )


QUICK = settings(
    max_examples=25,
    stateful_step_count=70,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


def test_money_on_sqlite(tmp_path: Path, migrated_sqlite: Path) -> None:
    class OnSqlite(Money):
        folder = tmp_path

        def fresh(self, data: Path) -> str:
            shutil.copy(migrated_sqlite, data / "kiosk.db")
            return f"sqlite:///{data / 'kiosk.db'}"

    run_state_machine_as_test(OnSqlite, settings=QUICK)


@pytest.mark.postgres
def test_money_on_postgres(tmp_path: Path, migrated_postgres: Any, postgres_server: Any) -> None:
    class OnPostgres(Money):
        folder = tmp_path

        def fresh(self, data: Path) -> str:
            self.name = f"machine_{next(_names)}"
            migrated_postgres(f"CREATE DATABASE {self.name} TEMPLATE migrated STRATEGY FILE_COPY")
            return str(postgres_server(self.name))

        def teardown(self) -> None:
            super().teardown()
            if hasattr(self, "name"):
                migrated_postgres(f"DROP DATABASE {self.name} WITH (FORCE)")

    run_state_machine_as_test(OnPostgres, settings=settings(QUICK, max_examples=6))
