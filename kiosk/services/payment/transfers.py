"""The row of a transfer: what became of its money, kept with its state and told to the journal."""

from __future__ import annotations

from kiosk.database import OfficeTransaction
from kiosk.domain.events import TransferSettled
from kiosk.domain.payment.matching import Reason
from kiosk.domain.payment.states import TransferState, transfer_state
from kiosk.models import Transfer
from kiosk.models.prepared import update
from kiosk.services.announce import announce


def rest_of(transfer: Transfer) -> int:
    """What of incoming money belongs to nothing yet, in đồng; 0 for money that went out."""
    if not transfer.incoming:
        return 0
    return int(transfer.amount - transfer.credited - transfer.returned - transfer.aside)


def name_account(account: str) -> str:
    """An account as it is compared: capitals and digits."""
    return "".join(letter for letter in account.upper() if letter.isalnum())[:40]


def keep_state(transfer: Transfer, reason: str | None = None) -> None:
    """Write the amounts of incoming money and the state that follows from them."""
    if transfer.incoming:
        transfer.state = transfer_state(transfer.amount, transfer.credited, transfer.returned, transfer.aside)
    if reason is not None:
        transfer.reason = reason
    if transfer.state != TransferState.UNMATCHED:
        transfer.reason = ""
    update(transfer, "state", "reason", "credited", "returned", "aside", "note")


def tell_settled(transaction: OfficeTransaction, transfer: Transfer, move: str) -> None:
    """A person decided about this money."""
    announce(
        transaction,
        TransferSettled(
            transfer=transfer.id,
            move=move,
            state=str(transfer.state),
            credited=transfer.credited,
            returned=transfer.returned,
            aside=transfer.aside,
        ),
    )


def credit_gone(transaction: OfficeTransaction, transfer: Transfer, amount: int) -> None:
    """A credit out of this transfer was taken back: its money belongs to nothing again."""
    transfer.credited -= amount
    keep_state(transfer, Reason.TAKEN_BACK)
    tell_settled(transaction, transfer, "take_back")
