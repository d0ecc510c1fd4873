"""Tell the post's own system of parcels: promised with the parcel, sent by the worker, never made into two orders.

A try that may have arrived is remembered before it is made; whoever tries again says so.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from kiosk.database import OfficeTransaction, bookkeeping, office_transaction
from kiosk.domain.events import ParcelOrdered
from kiosk.domain.permissions import SYSTEM
from kiosk.domain.post.address import Recipient
from kiosk.models import Office, Parcel, ParcelOrder
from kiosk.plugin.calls import where
from kiosk.plugin.postal import OrderTaken, PostalCarrier, PostalOrder, Sender
from kiosk.plugin.providers import Rejected, Retry
from kiosk.services.announce import announce
from kiosk.services.post.carriers import honoured_carrier

log = logging.getLogger(__name__)

WAITING, SENT, REFUSED, CANCELLING, CANCELLED = "waiting", "sent", "refused", "cancelling", "cancelled"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=30)
PAUSE_GROWS = 3
AT_ONCE = 50
LONGEST_PROBLEM, LONGEST_REFERENCE = 40, 80


def promise_order(transaction: OfficeTransaction, parcel: Parcel, plugin: str) -> None:
    """Promise that the post's system hears of a parcel."""
    ParcelOrder.create(
        parcel=parcel.id,
        office=transaction.office_id,
        carrier=parcel.carrier,
        plugin=plugin,
        state=WAITING,
        next_try_at=transaction.now,
    )


def promise_cancelling(transaction: OfficeTransaction, parcel: Parcel) -> None:
    """Promise that it hears of the parcel's end; an order nobody tried to make needs none."""
    order = ParcelOrder.get_or_none(ParcelOrder.parcel == parcel.id)
    if order is None or order.state in (REFUSED, CANCELLED):
        return
    order.state = CANCELLED if order.state == WAITING and not order.tries else CANCELLING
    order.next_try_at, order.problem = transaction.now, ""
    order.save()


def try_again(transaction: OfficeTransaction, parcel: Parcel) -> None:
    """Put an order that was refused back in line: somebody mended what the post found wrong."""
    ParcelOrder.update(state=WAITING, problem="", next_try_at=transaction.now).where(
        (ParcelOrder.parcel == parcel.id) & (ParcelOrder.state == REFUSED)
    ).execute()
    transaction.touched = True


def due_orders(now: datetime) -> list[int]:
    """Orders to tell the post of, the longest due first."""
    rows = ParcelOrder.select(ParcelOrder.id).where(
        ParcelOrder.state.in_((WAITING, CANCELLING)) & (ParcelOrder.next_try_at <= now)
    )
    return [key for (key,) in rows.order_by(ParcelOrder.next_try_at).limit(AT_ONCE).tuples()]


def send_order(order_id: int, now: datetime) -> str:
    """Tell the post of one parcel; returns the order's state afterwards."""
    order = ParcelOrder.get_by_id(order_id)
    if order.state not in (WAITING, CANCELLING):
        return str(order.state)
    cancelling, again = order.state == CANCELLING, order.tries > 0
    _begin_try(order, now)
    parcel = Parcel.get_by_id(order.parcel_id)
    try:
        carrier = honoured_carrier(order.office_id, order.carrier).post
        told = _order(parcel, carrier, again=again)
        taken = _cancel(carrier, told) if cancelling else carrier.hand_over(told)
    except Rejected as error:
        # What the post cannot take back by this way is taken back by telephone.
        return _settle(order, CANCELLED if cancelling else REFUSED, now, problem=error.code)
    except Retry as error:
        return _put_off(order, error.code, error.after, now)
    except Exception as error:  # a plugin's mistake is logged by its place; an order may hold an address
        log.error("carrier %s failed: %s at %s", order.carrier, type(error).__name__, where(error))
        return _put_off(order, "carrier_failed", 0.0, now)
    return _settle(order, CANCELLED if cancelling else SENT, now, taken=taken)


def _begin_try(order: ParcelOrder, now: datetime) -> None:
    """Remember the try before it is made: whatever happens to this process, the next one says "again"."""
    order.tries += 1
    order.next_try_at = now + _pause(order.tries)
    with bookkeeping():
        ParcelOrder.update(tries=order.tries, next_try_at=order.next_try_at).where(
            ParcelOrder.id == order.id
        ).execute()


def _order(parcel: Parcel, carrier: PostalCarrier, *, again: bool) -> PostalOrder:
    office, to = Office.get_by_id(parcel.office_id), parcel.addressee
    return PostalOrder(
        number=parcel.number,
        dossier=parcel.dossier.code,
        sender=Sender(office.title, office.place_name, carrier.home.province),
        recipient=recipient_of(parcel) if to else Recipient(""),
        description="; ".join(paper["name"] for paper in parcel.papers),
        collect=parcel.collect,
        postage=parcel.postage,
        again=again,
    )


def recipient_of(parcel: Parcel) -> Recipient:
    """Who gets a parcel; empty once it was erased."""
    to = parcel.addressee
    if to is None:
        return Recipient("")
    return Recipient(
        to.name, to.street, to.ward, to.district, to.province, to.province_name, to.phone, to.email
    )


def _cancel(carrier: PostalCarrier, order: PostalOrder) -> OrderTaken:
    carrier.cancel(order)
    return OrderTaken()


def _settle(
    order: ParcelOrder, state: str, now: datetime, *, problem: str = "", taken: OrderTaken | None = None
) -> str:
    with office_transaction(order.office_id, now, SYSTEM) as transaction:
        fresh = ParcelOrder.get_by_id(order.id)
        if state == SENT and fresh.state == CANCELLING:
            # It was taken back while we told the post of it: now there is something to cancel.
            state = CANCELLING
        fresh.state, fresh.problem = state, problem[:LONGEST_PROBLEM]
        if taken is not None:
            fresh.reference = taken.reference[:LONGEST_REFERENCE]
        fresh.save()
        if state in (SENT, CANCELLED):
            parcel = Parcel.get_by_id(fresh.parcel_id)
            dossier = parcel.dossier
            announce(
                transaction,
                ParcelOrdered(
                    parcel=parcel.id,
                    number=parcel.number,
                    state=str(parcel.state),
                    dossier=dossier.id,
                    code=dossier.code,
                    department=dossier.department,
                    procedure=dossier.procedure,
                    order=state,
                    already=bool(taken and taken.already),
                ),
            )
        transaction.touched = True
    return state


def _put_off(order: ParcelOrder, code: str, after: float, now: datetime) -> str:
    pause = max(_pause(order.tries), timedelta(seconds=after))
    with bookkeeping():
        ParcelOrder.update(problem=code[:LONGEST_PROBLEM], next_try_at=now + pause).where(
            ParcelOrder.id == order.id
        ).execute()
    return str(order.state)


def _pause(tries: int) -> timedelta:
    return min(FIRST_PAUSE * PAUSE_GROWS ** min(tries - 1, 8), LONGEST_PAUSE)
