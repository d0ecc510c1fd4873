"""Money as the staff sees it: one request, what has to be decided, statements and days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN, fn

from kiosk.domain.errors import NotFound
from kiosk.domain.money import format_dong
from kiosk.domain.payment.identity import bare_reference
from kiosk.domain.payment.matching import Reason
from kiosk.domain.payment.rules import RemittanceRule
from kiosk.domain.payment.states import (
    OPEN_REFUNDS,
    REFUND_MOVES,
    UNPAID,
    PaymentState,
    RefundState,
    TransferState,
)
from kiosk.domain.permissions import Actor
from kiosk.i18n import long_day, translate
from kiosk.models import (
    BankWords,
    CashCount,
    Contradiction,
    Counter,
    Credit,
    Dossier,
    NoticeRefusal,
    Office,
    Payment,
    PaymentItem,
    Receipt,
    Refund,
    Remittance,
    Statement,
    StatementLine,
    Transfer,
    User,
)
from kiosk.services.payment.close_money import seal_holds, sealed
from kiosk.services.payment.confirm_payment import find_payment, items_of
from kiosk.services.payment.day_figures import figures_of
from kiosk.services.payment.money_rules import last_sealed
from kiosk.services.payment.providers import (
    BY_HAND,
    CARD,
    CASH,
    EXEMPT,
    HOUSE_METHODS,
    ON_DELIVERY,
    providers_of,
)
from kiosk.services.payment.receipts import receipt_number
from kiosk.services.payment.refunds_paid import refund_memo
from kiosk.services.payment.transfers import rest_of

PAGE_SIZE = 50
MOST_SUGGESTED = 8

STATE_TITLES = {
    PaymentState.WAITING: "Chờ thanh toán",
    PaymentState.PARTLY_PAID: "Thu chưa đủ",
    PaymentState.PAID: "Đã thanh toán",
    PaymentState.OVERPAID: "Thu thừa",
    PaymentState.EXPIRED: "Quá hạn thanh toán",
    PaymentState.CANCELLED: "Đã hủy",
    PaymentState.EXEMPT: "Được miễn",
    PaymentState.REFUNDED: "Đã hoàn phí",
}
NEXT_STEPS = {
    PaymentState.WAITING: "Chờ tiền về, hoặc thu bằng cách khác.",
    PaymentState.PARTLY_PAID: "Thu nốt phần còn thiếu.",
    PaymentState.OVERPAID: "Hoàn lại phần thừa.",
    PaymentState.EXPIRED: "Lập lại yêu cầu thu; tiền về muộn vẫn được ghi nhận.",
}
METHOD_TITLES = {
    CASH: "Tiền mặt",
    CARD: "Thẻ",
    BY_HAND: "Chuyển khoản ghi tay",
    EXEMPT: "Miễn, giảm theo luật",
    ON_DELIVERY: "Bưu chính thu hộ",
}
TRANSFER_TITLES = {
    TransferState.UNMATCHED: "Chưa khớp",
    TransferState.CREDITED: "Đã ghi nhận",
    TransferState.RETURNED: "Đã trả lại",
    TransferState.SET_ASIDE: "Không phải phí",
    TransferState.OUTGOING: "Tiền ra",
}
REASON_TITLES = {
    Reason.NO_REFERENCE: "Nội dung không có mã thu",
    Reason.REFERENCE_DAMAGED: "Mã thu bị sai ký tự",
    Reason.REFERENCE_UNKNOWN: "Mã thu không có trong hệ thống",
    Reason.SEVERAL_REFERENCES: "Nội dung có nhiều mã thu",
    Reason.REQUEST_CLOSED: "Yêu cầu thu đã hủy, được miễn hoặc đã hoàn",
    Reason.TAKEN_BACK: "Đã gỡ khỏi một yêu cầu thu",
}
REASON_STEPS = {
    Reason.NO_REFERENCE: "Hỏi người nộp, rồi ghi nhận cho yêu cầu thu hoặc trả lại.",
    Reason.REFERENCE_DAMAGED: "Chọn yêu cầu thu có mã gần giống, hoặc trả lại.",
    Reason.REFERENCE_UNKNOWN: "Tìm yêu cầu thu theo số tiền, hoặc trả lại.",
    Reason.SEVERAL_REFERENCES: "Chia số tiền cho từng yêu cầu thu.",
    Reason.REQUEST_CLOSED: "Trả lại người nộp, hoặc ghi nhận cho yêu cầu thu khác.",
    Reason.TAKEN_BACK: "Ghi nhận cho đúng yêu cầu thu, hoặc trả lại.",
}
REFUND_TITLES = {
    RefundState.ASKED: "Chờ duyệt",
    RefundState.APPROVED: "Chờ chi trả",
    RefundState.REJECTED: "Không duyệt",
    RefundState.WITHDRAWN: "Đã rút",
    RefundState.PAID_OUT: "Đã chi trả",
    RefundState.FAILED: "Ngân hàng không chi được",
}


RULE_TITLES = {
    RemittanceRule.WEEKLY_THURSDAY: "Thứ Năm hằng tuần",
    RemittanceRule.WEEKLY_FRIDAY: "Thứ Sáu hằng tuần",
    RemittanceRule.MONTHLY_FIFTH: "Ngày 5 tháng sau",
}
OUTCOME_TITLES = {
    "new": "Mới",
    "known": "Đã biết",
    "contradictory": "Mâu thuẫn",
    "foreign": "Tài khoản khác",
    "": "Chờ đối chiếu",
}


def method_title(office_id: int, method: str, language: str) -> str:
    """How a method is called, also one whose plugin is off."""
    if method in METHOD_TITLES:
        return translate(METHOD_TITLES[method], language)
    found = providers_of(office_id).get(method)
    if found is None:
        return translate("Chuyển khoản", language)
    return found[1].title_en if language == "en" else found[1].title


def methods(office_id: int, language: str) -> list[dict[str, Any]]:
    """The ways of paying a counter may choose among."""
    offered = [
        {"key": key, "title": provider.title_en if language == "en" else provider.title, "qr": True}
        for key, (_, provider) in providers_of(office_id).items()
    ]
    house = [
        {"key": key, "title": translate(METHOD_TITLES[key], language), "qr": False} for key in HOUSE_METHODS
    ]
    return offered + house


def payment_card(payment: Payment, language: str) -> dict[str, Any]:
    """A request as the counter shows it: nothing about who pays."""
    state = PaymentState(payment.state)
    held = payment.received - payment.refunded
    items = items_of(payment)
    slip = payment.slip or {}
    shown = slip and state in (*UNPAID, PaymentState.PARTLY_PAID)
    return {
        "reference": payment.reference,
        "state": str(state),
        "state_title": translate(STATE_TITLES[state], language),
        "next_step": translate(NEXT_STEPS[state], language) if state in NEXT_STEPS else "",
        "method": payment.method,
        "method_title": method_title(payment.office_id, payment.method, language),
        "amount": payment.amount,
        "amount_text": format_dong(payment.amount),
        "phi": payment.phi,
        "le_phi": payment.le_phi,
        "received": payment.received,
        "refunded": payment.refunded,
        "rest": max(0, payment.amount - held) if state in (*UNPAID, PaymentState.PARTLY_PAID) else 0,
        "surplus": max(0, held - payment.amount) if state == PaymentState.OVERPAID else 0,
        "qr": slip.get("payload") if shown else None,
        "account": {name: slip[name] for name in ("account", "holder", "bank")} if shown else None,
        "expires_at": payment.expires_at.isoformat() if payment.expires_at else None,
        "created_at": payment.created_at.isoformat(),
        "paid_at": payment.paid_at.isoformat() if payment.paid_at else None,
        "reason": payment.reason,
        "ticket": payment.ticket_id,
        "counter": payment.counter_id,
        "dossiers": [{"code": item.dossier.code, "phi": item.phi, "le_phi": item.le_phi} for item in items],
        "receipts": receipts_of(payment),
    }


def receipts_of(payment: Payment) -> list[dict[str, Any]]:
    """The receipts of a request, voided ones too."""
    rows = Receipt.select(Receipt, Dossier.code).join(Dossier).where(Receipt.payment == payment.id)
    return [
        {
            "id": row.id,
            "number": receipt_number(row),
            "kind": row.kind,
            "amount": row.amount,
            "dossier": row.dossier.code,
            "voided": row.voided_at is not None,
        }
        for row in rows.order_by(Receipt.id)
    ]


def payment_page(office_id: int, reference: str, language: str) -> dict[str, Any]:
    """A request with its credits and refunds. Raises NotFound("unknown_payment")."""
    payment = find_payment(office_id, reference)
    gone = {row.reverses_id for row in Credit.select().where(Credit.payment == payment.id) if row.reverses_id}
    credits_ = Credit.select(Credit, User).join(User, JOIN.LEFT_OUTER, on=Credit.officer)
    return {
        **payment_card(payment, language),
        "credits": [
            {
                "id": row.id,
                "amount": row.amount,
                "method": row.method,
                "method_title": method_title(office_id, row.method, language),
                "at": row.at.isoformat(),
                "evidence": row.evidence,
                "transfer": row.transfer_id,
                "by": row.officer.display_name if row.officer_id else "",
                "reversed": row.id in gone,
                "reverses": row.reverses_id,
            }
            for row in credits_.where(Credit.payment == payment.id).order_by(Credit.id)
        ],
        "refunds": [
            refund_card(row, language)
            for row in Refund.select().where(Refund.payment == payment.id).order_by(Refund.id)
        ],
    }


def payments_of_dossier(dossier_id: int, language: str) -> list[dict[str, Any]]:
    """A dossier's requests, the newest first; withdrawn ones only where money is in them."""
    rows = (
        Payment.select(Payment)
        .join(PaymentItem)
        .where((PaymentItem.dossier == dossier_id) & (Payment.state != PaymentState.CANCELLED))
        .order_by(Payment.id.desc())
    )
    return [payment_card(row, language) for row in rows]


def cash_counts(office_id: int, day: date, counters: list[int]) -> list[dict[str, Any]]:
    """What was counted at some counters on a money day."""
    rows = CashCount.select(CashCount, Counter).join(Counter)
    wanted = (CashCount.office == office_id) & (CashCount.day == day) & (CashCount.counter << counters)
    return [
        {"number": row.counter.number, "amount": row.amount, "at": row.at.isoformat()}
        for row in rows.where(wanted).order_by(Counter.number)
    ]


def counter_number(counter_id: int) -> int:
    """The number over a counter."""
    return int(Counter.get_by_id(counter_id).number)


def codes_shown(office_id: int) -> list[dict[str, Any]]:
    """Codes that are shown just now in an office, the newest first: for the demo's bank."""
    rows = Payment.select().where((Payment.office == office_id) & (Payment.state == PaymentState.WAITING))
    return [
        {
            "reference": row.reference,
            "amount_text": format_dong(row.amount),
            "payload": row.slip["payload"],
            "expires_at": row.expires_at.isoformat(),
        }
        for row in rows.order_by(Payment.id.desc()).limit(PAGE_SIZE)
        if row.slip
    ]


def payment_at_counter(counter_id: int, language: str, now: datetime) -> dict[str, Any] | None:
    """The latest request at a counter that its customer should see: open, or paid a moment ago."""
    row = (
        Payment.select()
        .where((Payment.counter == counter_id) & (Payment.state != PaymentState.CANCELLED))
        .order_by(Payment.created_at.desc(), Payment.id.desc())
        .first()
    )
    return payment_card(row, language) if row and _still_shown(row, now) else None


SHOWN_AFTER_SECONDS = 90


def _still_shown(payment: Payment, now: datetime) -> bool:
    """Whether a customer's screen should still show it."""
    if payment.state in (PaymentState.WAITING, PaymentState.PARTLY_PAID):
        return True
    last = payment.paid_at or payment.created_at
    return bool((now - last).total_seconds() < SHOWN_AFTER_SECONDS) and payment.state in (
        PaymentState.PAID,
        PaymentState.OVERPAID,
    )


def payment_of_ticket(ticket_id: int, language: str) -> dict[str, Any] | None:
    """The latest request of a visit, for its holder's phone."""
    row = (
        Payment.select()
        .where((Payment.ticket == ticket_id) & (Payment.state != PaymentState.CANCELLED))
        .order_by(Payment.id.desc())
        .first()
    )
    return payment_card(row, language) if row else None


# ---- what has to be decided


def to_do(office_id: int, language: str) -> dict[str, Any]:
    """What waits for a person, with the next step of each."""
    wanted = Payment.office == office_id
    unmatched = transfers(office_id, language, state=TransferState.UNMATCHED)
    return {
        "unmatched": unmatched["items"],
        "unmatched_total": unmatched["total"],
        "partly_paid": [
            payment_card(row, language)
            for row in Payment.select()
            .where(wanted & (Payment.state == PaymentState.PARTLY_PAID))
            .limit(PAGE_SIZE)
        ],
        "overpaid": [
            payment_card(row, language)
            for row in Payment.select()
            .where(wanted & (Payment.state == PaymentState.OVERPAID))
            .limit(PAGE_SIZE)
        ],
        "unconfirmed": [
            transfer_card(row, language)
            for row in _with_words()
            .where(
                (Transfer.office == office_id)
                & (Transfer.confirmed == False)  # noqa: E712  (a column)
                & (Transfer.state == TransferState.CREDITED)
            )
            .limit(PAGE_SIZE)
        ],
        "contradictions": [contradiction_card(row) for row in _contradictions(office_id)],
        "refunds": [
            refund_card(row, language)
            for row in Refund.select()
            .where((Refund.office == office_id) & (Refund.state << OPEN_REFUNDS))
            .order_by(Refund.id)
            .limit(PAGE_SIZE)
        ],
        "refused": refusals(office_id),
    }


def _contradictions(office_id: int) -> Any:
    return (
        Contradiction.select(Contradiction, Transfer)
        .join(Transfer)
        .where((Contradiction.office == office_id) & Contradiction.open)
        .order_by(Contradiction.id)
        .limit(PAGE_SIZE)
    )


def contradiction_card(row: Contradiction) -> dict[str, Any]:
    """What was told first and what was told later."""
    known = row.transfer
    return {
        "id": row.id,
        "transfer": known.id,
        "source": row.source,
        "first": {"amount": known.amount, "incoming": bool(known.incoming), "account": known.account},
        "later": {"amount": row.amount, "incoming": bool(row.incoming), "account": row.account},
        "at": row.created_at.isoformat(),
    }


def refusals(office_id: int) -> list[dict[str, Any]]:
    """Signed notices that were refused lately, by reason."""
    rows = NoticeRefusal.select().where(NoticeRefusal.office == office_id)
    return [
        {"day": row.day.isoformat(), "code": row.code, "times": row.times, "last_at": row.last_at.isoformat()}
        for row in rows.order_by(NoticeRefusal.day.desc(), NoticeRefusal.code).limit(10)
    ]


def transfers(
    office_id: int, language: str, *, state: str = "", day: date | None = None, page: int = 1
) -> dict[str, Any]:
    """A page of transfers, the newest first; what payers wrote is for those who may handle money."""
    wanted = Transfer.office == office_id
    if state:
        wanted &= Transfer.state == state
    if day is not None:
        wanted &= Transfer.day == day
    total = Transfer.select(fn.COUNT(Transfer.id)).where(wanted).scalar()
    rows = _with_words().where(wanted).order_by(Transfer.id.desc()).paginate(page, PAGE_SIZE)
    return {
        "items": [transfer_card(row, language) for row in rows],
        "total": total,
        "page": page,
        "pages": max(1, -(-total // PAGE_SIZE)),
    }


def _with_words() -> Any:
    return Transfer.select(Transfer, BankWords).join(BankWords, JOIN.LEFT_OUTER, on=Transfer.words)


def transfer_card(row: Transfer, language: str) -> dict[str, Any]:
    """A transfer with its memo, for those who may handle money."""
    reason = Reason(row.reason) if row.reason else None
    return {
        "id": row.id,
        "amount": row.amount,
        "incoming": bool(row.incoming),
        "account": row.account,
        "at": row.at.isoformat(),
        "state": str(row.state),
        "state_title": translate(TRANSFER_TITLES[TransferState(row.state)], language),
        "reason": str(row.reason),
        "reason_title": translate(REASON_TITLES[reason], language) if reason else "",
        "next_step": translate(REASON_STEPS[reason], language) if reason else "",
        "rest": rest_of(row),
        "credited": row.credited,
        "returned": row.returned,
        "aside": row.aside,
        "confirmed": bool(row.confirmed),
        "note": row.note,
        "memo": row.words.memo if row.words_id else "",
    }


def transfer_page(office_id: int, transfer: Transfer, language: str) -> dict[str, Any]:
    """A transfer, what it was credited to, and requests it may be for."""
    row = _with_words().where(Transfer.id == transfer.id).get()
    card = transfer_card(row, language)
    credited = Credit.select(Credit, Payment.reference).join(Payment).where(Credit.transfer == row.id)
    return {
        **card,
        "credits": [
            {
                "id": each.id,
                "reference": each.payment.reference,
                "amount": each.amount,
                "at": each.at.isoformat(),
            }
            for each in credited.order_by(Credit.id)
        ],
        "refunds": [refund_card(each, language) for each in Refund.select().where(Refund.transfer == row.id)],
        "suggested": suggested(office_id, row, card["memo"], language) if card["rest"] else [],
    }


def suggested(office_id: int, transfer: Transfer, memo: str, language: str) -> list[dict[str, Any]]:
    """Requests that unmatched money may be for: named in part in the memo first, then those of the same amount."""
    owing = (*UNPAID, PaymentState.PARTLY_PAID)
    rest = rest_of(transfer)
    rows = (
        Payment.select()
        .where((Payment.office == office_id) & (Payment.state << owing))
        .order_by(Payment.id.desc())
        .limit(500)
    )
    bare = bare_reference(memo)
    near = []
    for row in rows:
        said = bare_reference(row.reference)
        common = max((n for n in range(len(said), 5, -1) if said[:n] in bare or said[-n:] in bare), default=0)
        fits = row.amount - row.received == rest
        if common or fits:
            near.append((common, fits, row))
    near.sort(key=lambda each: (each[0], each[1], each[2].id), reverse=True)
    return [payment_card(row, language) for _, _, row in near[:MOST_SUGGESTED]]


def refund_card(row: Refund, language: str) -> dict[str, Any]:
    """A refund without the account it goes to."""
    state = RefundState(row.state)
    payment = Payment.get_by_id(row.payment_id) if row.payment_id else None
    asker = User.get_by_id(row.asked_by_id) if row.asked_by_id else None
    decider = User.get_by_id(row.decided_by_id) if row.decided_by_id else None
    return {
        "id": row.id,
        "state": str(state),
        "state_title": translate(REFUND_TITLES[state], language),
        "amount": row.amount,
        "method": row.method,
        "method_title": translate("Tiền mặt" if row.method == CASH else "Chuyển khoản", language),
        "reason": row.reason,
        "reference": payment.reference if payment else None,
        "transfer": row.transfer_id,
        "asked_at": row.asked_at.isoformat(),
        "asked_by": asker.display_name if asker else "",
        "asker": row.asked_by_id,
        "decided_by": decider.display_name if decider else "",
        "paid_at": row.paid_at.isoformat() if row.paid_at else None,
        "evidence": row.evidence,
        "memo": refund_memo(row.id),
        "on_statement": row.outgoing_id is not None,
        "moves": REFUND_MOVES.allowed(state),
    }


def refunds(office_id: int, language: str) -> list[dict[str, Any]]:
    """Open refunds first, then the latest."""
    mine = Refund.select().where(Refund.office == office_id)
    waiting = mine.where(Refund.state << OPEN_REFUNDS).order_by(Refund.id)
    done = mine.where(Refund.state.not_in(OPEN_REFUNDS)).order_by(Refund.id.desc()).limit(PAGE_SIZE)
    return [refund_card(row, language) for row in [*waiting, *done]]


def refund_page(office_id: int, refund_id: int, actor: Actor, language: str) -> dict[str, Any]:
    """A refund, with the account it goes to for those who may see personal data. Raises NotFound("unknown_refund")."""
    row = Refund.get_or_none((Refund.id == refund_id) & (Refund.office == office_id))
    if row is None:
        raise NotFound("unknown_refund", refund=refund_id)
    words = BankWords.get_or_none(BankWords.id == row.words_id) if row.words_id else None
    to = None
    if words is not None and words.erased_at is None and actor.may("dossier.personal"):
        to = {"holder": words.holder, "account": words.account, "bank": words.bank}
    return {**refund_card(row, language), "to": to}


def statement_card(row: Statement) -> dict[str, Any]:
    """How far a statement is and what came of it."""
    return {
        "id": row.id,
        "shape": row.shape,
        "first": row.first_day.isoformat(),
        "last": row.last_day.isoformat(),
        "lines": row.lines,
        "done": row.done,
        "new": row.new,
        "known": row.known,
        "contradictory": row.contradictory,
        "foreign": row.foreign,
        "finished": row.finished_at is not None,
        "created_at": row.created_at.isoformat(),
    }


def statements(office_id: int) -> list[dict[str, Any]]:
    """The statements that were uploaded, the newest first."""
    rows = Statement.select().where((Statement.office == office_id) & (Statement.lines > 0))
    return [statement_card(row) for row in rows.order_by(Statement.id.desc()).limit(PAGE_SIZE)]


def statement_lines(row: Statement, language: str) -> list[dict[str, Any]]:
    """Lines that need a look: what was new or contradictory, not what was known."""
    lines = (
        StatementLine.select(StatementLine, Transfer)
        .join(Transfer, JOIN.LEFT_OUTER)
        .where(
            (StatementLine.statement == row.id)
            & (StatementLine.outcome << ["new", "contradictory", "foreign"])
        )
        .order_by(StatementLine.number)
        .limit(PAGE_SIZE * 4)
    )
    return [
        {
            "number": line.number,
            "at": line.at.isoformat(),
            "amount": line.amount,
            "incoming": bool(line.incoming),
            "outcome": line.outcome,
            "outcome_title": translate(OUTCOME_TITLES[line.outcome], language),
            "transfer": line.transfer_id,
            "state_title": translate(TRANSFER_TITLES[TransferState(line.transfer.state)], language)
            if line.transfer_id
            else "",
        }
        for line in lines
    ]


def remittances(office_id: int) -> list[dict[str, Any]]:
    """The lists that were made, the newest first."""
    rows = Remittance.select().where(Remittance.office == office_id).order_by(Remittance.id.desc())
    return [
        {
            "id": row.id,
            "number": row.number,
            "department": row.department,
            "first": row.first_day.isoformat(),
            "last": row.last_day.isoformat(),
            "due_on": row.due_on.isoformat(),
            "phi": row.phi,
            "le_phi": row.le_phi,
            "receipts": row.receipts,
        }
        for row in rows.limit(PAGE_SIZE)
    ]


def money_day_page(office_id: int, day: date, language: str) -> dict[str, Any]:
    """The figures of a money day: as sealed where it is, else as they stand."""
    seal = sealed(office_id, day)
    figures = seal.figures if seal else figures_of(office_id, day).as_json()
    user = User.get_or_none(User.id == seal.officer_id) if seal else None
    office = Office.get_by_id(office_id)
    last = last_sealed(office_id)
    return {
        "figures": figures,
        "day_text": long_day(day, language),
        "method_titles": {each: method_title(office_id, each, language) for each in figures["by_method"]},
        "sealed": last is not None and day <= last,
        "seal": {
            "at": f"{seal.at.astimezone(ZoneInfo(office.zone)):%H:%M %d/%m/%Y}",
            "by": user.display_name if user else "",
            "digest": seal.digest,
            "holds": seal_holds(seal),
            "note": seal.note,
        }
        if seal
        else None,
    }
