"""What a parcel may become (QĐ 45/2016/QĐ-TTg Đ.9), and what the post's news do to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.errors import Conflict
from kiosk.domain.moves import MoveTable


class ParcelState(StrEnum):
    """Where a result is on its way."""

    REGISTERED = "registered"
    """It has a number and an address, and still lies at the centre."""
    HANDED_OVER = "handed_over"
    ACCEPTED = "accepted"
    """The post's own scan: it has it."""
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAILED = "attempt_failed"
    DELIVERED = "delivered"
    RETURNED = "returned"
    """Back at the centre after fruitless invitations (QĐ 45/2016 Đ.9)."""
    CANCELLED = "cancelled"


AT_CENTRE = (ParcelState.REGISTERED,)
WITH_POST = (
    ParcelState.HANDED_OVER,
    ParcelState.ACCEPTED,
    ParcelState.OUT_FOR_DELIVERY,
    ParcelState.ATTEMPT_FAILED,
)
ON_ITS_WAY = (*AT_CENTRE, *WITH_POST)
"""While a parcel is in one of these, its dossier's result is nowhere else."""

PARCEL_MOVES = MoveTable[ParcelState](
    "parcel",
    {
        "hand_over": {ParcelState.REGISTERED: ParcelState.HANDED_OVER},
        "take_back": {ParcelState.HANDED_OVER: ParcelState.REGISTERED},
        "cancel": {ParcelState.REGISTERED: ParcelState.CANCELLED},
        "accept": {ParcelState.HANDED_OVER: ParcelState.ACCEPTED},
        "go_out": dict.fromkeys(WITH_POST, ParcelState.OUT_FOR_DELIVERY),
        "fail": dict.fromkeys(WITH_POST, ParcelState.ATTEMPT_FAILED),
        "deliver": dict.fromkeys(WITH_POST, ParcelState.DELIVERED),
        "come_back": dict.fromkeys(WITH_POST, ParcelState.RETURNED),
    },
)


class Status(StrEnum):
    """What the post tells of a parcel."""

    ACCEPTED = "accepted"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAILED = "attempt_failed"
    DELIVERED = "delivered"
    RETURNED = "returned"


MOVE_OF = {
    Status.ACCEPTED: "accept",
    Status.OUT_FOR_DELIVERY: "go_out",
    Status.ATTEMPT_FAILED: "fail",
    Status.DELIVERED: "deliver",
    Status.RETURNED: "come_back",
}
LAST = (Status.DELIVERED, Status.RETURNED)
"""Nothing comes after these."""


class Receiver(StrEnum):
    """Who took a parcel."""

    SELF = "self"
    PROXY = "proxy"
    """With a written authority and own identity papers (QĐ 45/2016 Đ.9)."""


@dataclass(frozen=True)
class StatusTold:
    """One thing the post tells of one parcel; `row` is where it stands in a file (0: nowhere).

    `name` is who took it, `id_checked` whether identity papers were seen, `reason` why an attempt failed, `collected`
    what was paid on delivery in đồng (None: not told). Personal data: `name` and `reason`.
    """

    number: str
    status: Status
    at: datetime
    row: int = 0
    receiver: Receiver | None = None
    name: str = ""
    id_checked: bool | None = None
    reason: str = ""
    collected: int | None = None


@dataclass(frozen=True)
class KnownStatus:
    """What is known of a parcel when news of it come: its state, when the post got it, and the latest news."""

    state: ParcelState
    handed_over_at: datetime | None
    latest_at: datetime | None
    told: frozenset[tuple[str, datetime]]


def effect_of(known: KnownStatus, status: Status, at: datetime) -> str:
    """What a status changes: "moves", "known" (told before), or "earlier" (news older than others; kept, moves nothing).

    Raises Conflict("parcel_not_with_post", "status_before_handover", "status_contradicts").
    """
    if (str(status), at) in known.told:
        return "known"
    if known.handed_over_at is None or known.state in (ParcelState.REGISTERED, ParcelState.CANCELLED):
        raise Conflict("parcel_not_with_post", state=str(known.state))
    if at < known.handed_over_at:
        raise Conflict("status_before_handover", status=str(status))
    over = known.state in (ParcelState.DELIVERED, ParcelState.RETURNED)
    if over and (status in LAST or (known.latest_at is not None and at > known.latest_at)):
        raise Conflict("status_contradicts", status=str(status), state=str(known.state))
    if known.latest_at is not None and at < known.latest_at:
        if status in LAST:
            raise Conflict("status_contradicts", status=str(status), state=str(known.state))
        return "earlier"
    if status is Status.ACCEPTED and known.state is not ParcelState.HANDED_OVER:
        return "earlier"
    return "moves"
