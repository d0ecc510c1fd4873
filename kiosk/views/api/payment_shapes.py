"""Request bodies of the money part of the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from kiosk.views.api.shapes import Body, Id

Amount = Annotated[int, Field(ge=1, le=9_999_999_999_999)]
Reference = Annotated[str, Field(min_length=1, max_length=40)]


class PaymentBody(Body):
    """Fees to ask for: of a dossier, of several, or of all dossiers of a visit."""

    dossier: str | None = Field(None, max_length=64, description="A dossier's code.")
    dossiers: list[Annotated[str, Field(max_length=64)]] = Field(default_factory=list, max_length=50)
    ticket: Id | None = Field(None, description="All dossiers received in this visit.")
    method: str = Field(
        max_length=40, description="A provider's key, qr for the first one, cash, card, transfer or exempt."
    )
    counter: Id | None = None
    reason: str = Field("", max_length=400, description="The text in law, for exempt.")


class PaymentPath(Body):
    """A payment's reference, written as on the slip; spaces may be left out."""

    reference: Reference


class PaymentMoveBody(Body):
    """cash, card, transfer (noted by hand), cancel, or take_back of a credit."""

    move: str = Field(max_length=20)
    amount: Amount | None = Field(None, description="The rest when left out.")
    evidence: str = Field("", max_length=120)
    credit: Id | None = None
    counter: Id | None = None


class Share(Body):
    """A part of a transfer for a request; the last one may leave the amount out."""

    reference: Reference
    amount: Amount | None = None


class TransferMoveBody(Body):
    """credit (to payments), set_aside (with a note) or take_back_aside."""

    move: str = Field(max_length=20)
    payments: list[Share] = Field(default_factory=list, max_length=50)
    note: str = Field("", max_length=400)


class NoteBody(Body):
    """What was found out."""

    note: str = Field("", max_length=400)


class RefundBody(Body):
    """What to give back, and where to."""

    reference: str = Field("", max_length=40)
    transfer: Id | None = None
    amount: Amount | None = None
    reason: str = Field("", max_length=400)
    method: str = Field("transfer", max_length=12, description="transfer or cash.")
    holder: str = Field("", max_length=200)
    account: str = Field("", max_length=40)
    bank: str = Field("", max_length=120)
    counter: Id | None = None


class RefundMoveBody(Body):
    """approve, reject, withdraw, pay_out (with evidence) or fail."""

    move: str = Field(max_length=20)
    evidence: str = Field("", max_length=120)


class CashBody(Body):
    """The cash in a counter's box, in đồng."""

    counter: Id
    amount: Annotated[int, Field(ge=0, le=9_999_999_999_999)]
    day: date | None = Field(None, strict=False)
    note: str = Field("", max_length=400)


class SealBody(Body):
    """A day to seal; a difference needs a note."""

    day: date = Field(strict=False)
    note: str = Field("", max_length=400)


class RemittanceBody(Body):
    """A department and the last day of its stretch."""

    department: str = Field(max_length=40)
    last_day: date = Field(strict=False)
