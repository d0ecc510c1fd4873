"""What a request for money, a movement on the account and a refund may become: the tables of their moves."""

from __future__ import annotations

from enum import StrEnum

from kiosk.domain.moves import MoveTable


class PaymentState(StrEnum):
    """Where a request for fees stands."""

    WAITING = "waiting"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    EXPIRED = "expired"
    """Nobody paid in time. Money that comes all the same is still credited."""
    CANCELLED = "cancelled"
    EXEMPT = "exempt"
    """The payer owes nothing, for a reason in law."""
    REFUNDED = "refunded"
    """All of it went back; the dossiers' fees may be asked for anew."""


UNPAID = (PaymentState.WAITING, PaymentState.EXPIRED)
TAKES_MONEY = (
    PaymentState.WAITING,
    PaymentState.EXPIRED,
    PaymentState.PARTLY_PAID,
    PaymentState.PAID,
    PaymentState.OVERPAID,
)
"""A transfer with the reference of such a request is credited to it; to any other, a person decides."""
SETTLED = (PaymentState.PAID, PaymentState.OVERPAID, PaymentState.EXEMPT)
"""Of such a request's dossiers nothing more is owed."""

_OWING = (PaymentState.WAITING, PaymentState.EXPIRED, PaymentState.PARTLY_PAID)
_HOLDING = (PaymentState.PARTLY_PAID, PaymentState.PAID, PaymentState.OVERPAID)

PAYMENT_MOVES = MoveTable[PaymentState](
    "payment",
    {
        "pay_part": dict.fromkeys(_OWING, PaymentState.PARTLY_PAID),
        "pay": dict.fromkeys(_OWING, PaymentState.PAID),
        "overpay": dict.fromkeys((*_OWING, PaymentState.PAID, PaymentState.OVERPAID), PaymentState.OVERPAID),
        "expire": {PaymentState.WAITING: PaymentState.EXPIRED},
        "cancel": dict.fromkeys(UNPAID, PaymentState.CANCELLED),
        "exempt": dict.fromkeys(UNPAID, PaymentState.EXEMPT),
        "take_back": dict.fromkeys(_HOLDING, PaymentState.WAITING),
        "take_back_part": dict.fromkeys(_HOLDING, PaymentState.PARTLY_PAID),
        "take_back_surplus": {PaymentState.OVERPAID: PaymentState.PAID},
        "take_back_some_surplus": {PaymentState.OVERPAID: PaymentState.OVERPAID},
        "refund": dict.fromkeys(_HOLDING, PaymentState.REFUNDED),
        "refund_surplus": {PaymentState.OVERPAID: PaymentState.PAID},
        "refund_some_surplus": {PaymentState.OVERPAID: PaymentState.OVERPAID},
    },
)


def move_of_credit(amount: int, held: int) -> str:
    """The move of a request over `amount` that holds `held` đồng after a credit."""
    return "pay_part" if held < amount else "pay" if held == amount else "overpay"


def move_of_taking_back(amount: int, held: int) -> str:
    """The move of a request over `amount` that holds `held` đồng once a mistaken credit is gone."""
    if held == 0:
        return "take_back"
    if held < amount:
        return "take_back_part"
    return "take_back_surplus" if held == amount else "take_back_some_surplus"


def move_of_refund(amount: int, held: int) -> str:
    """The move of a request over `amount` that holds `held` đồng after a refund: of all of it, or of what was too much."""
    if held == 0:
        return "refund"
    return "refund_surplus" if held == amount else "refund_some_surplus"


class TransferState(StrEnum):
    """What became of a movement on the account."""

    UNMATCHED = "unmatched"
    """Some of it belongs to nothing yet; a person decides."""
    CREDITED = "credited"
    RETURNED = "returned"
    SET_ASIDE = "set_aside"
    """It is not for fees of this centre, as somebody wrote down."""
    OUTGOING = "outgoing"


def transfer_state(amount: int, credited: int, returned: int, aside: int) -> TransferState:
    """The state of incoming money by what became of it, all in đồng."""
    if credited + returned + aside < amount:
        return TransferState.UNMATCHED
    if credited:
        return TransferState.CREDITED
    return TransferState.RETURNED if returned else TransferState.SET_ASIDE


class RefundState(StrEnum):
    """Where a refund stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    PAID_OUT = "paid_out"
    FAILED = "failed"
    """The bank did not carry it out; the money is still here."""


OPEN_REFUNDS = (RefundState.ASKED, RefundState.APPROVED)
"""Their amounts are spoken for."""

REFUND_MOVES = MoveTable[RefundState](
    "refund",
    {
        "approve": {RefundState.ASKED: RefundState.APPROVED},
        "reject": {RefundState.ASKED: RefundState.REJECTED},
        "withdraw": dict.fromkeys(OPEN_REFUNDS, RefundState.WITHDRAWN),
        "pay_out": {RefundState.APPROVED: RefundState.PAID_OUT},
        "fail": {RefundState.APPROVED: RefundState.FAILED},
    },
)
