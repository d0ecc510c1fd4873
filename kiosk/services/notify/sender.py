"""Send what is due by one channel of one office: at least once, with the same id at every try, and honest about it.

A message ends as sent, failed (with a code that says why) or expired (it would help nobody any more).
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from kiosk.database import bookkeeping, connection
from kiosk.domain.errors import DomainError
from kiosk.domain.post.states import WITH_POST, ParcelState
from kiosk.domain.ticket import TicketState
from kiosk.models import Contact, Message, Office, PostMessage, Ticket
from kiosk.plugin import gate
from kiosk.plugin.calls import where
from kiosk.plugin.providers import Notice, NotificationChannel, Rejected, Retry
from kiosk.services.notify.channels import channels_of
from kiosk.services.notify.outbox import FRESH_FOR
from kiosk.services.notify.words import body_of, post_body, post_title, title_of

log = logging.getLogger(__name__)

MOST_TRIES = 6
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)
PAUSE_GROWS = 3
REST_SECONDS = 5.0
"""A channel that cannot send now is left alone for so long at least, for everybody."""
CARRIED_OVER_FRESH_FOR = timedelta(hours=18)
POST_FRESH_FOR = timedelta(hours=24)
POST_STATES = {
    "post_sent": WITH_POST,
    "post_out": (ParcelState.OUT_FOR_DELIVERY,),
    "post_failed": (ParcelState.ATTEMPT_FAILED,),
    "post_delivered": (ParcelState.DELIVERED,),
    "post_returned": (ParcelState.RETURNED,),
}
"""In which states of its parcel a message still says what is so."""
CODE_SHAPE = re.compile(r"[a-z][a-z0-9_]{0,39}")
REFERENCE_SHAPE = re.compile(r"[!-~]{0,80}")

AddressOf = Callable[[int], str]
"""The public address of an office, without a slash at the end."""


@dataclass(frozen=True)
class Pair:
    """One channel of one office: what a sender works for."""

    office: int
    channel: str


@dataclass(frozen=True)
class Step:
    """What follows a message: seconds until the next, and whether the whole channel is in trouble until then."""

    pause: float
    resting: bool = False


def due(now: datetime) -> list[Pair]:
    """Every pair that has something to send."""
    pairs = {
        Pair(office, channel)
        for kind in (Message, PostMessage)
        for office, channel in kind.select(kind.office, kind.channel)
        .where((kind.state == "queued") & (kind.next_try_at <= now))
        .distinct()
        .tuples()
    }
    return sorted(pairs, key=lambda pair: (pair.office, pair.channel))


def send_next(pair: Pair, now: Callable[[], datetime], address_of: AddressOf) -> Step | None:
    """Send one message, or settle that it will not be sent; None when nothing is due."""
    with connection(), gate.breath():
        message = _next_due(pair, now())
        if message is None:
            return None
        channel = channels_of(pair.office).get(pair.channel)
        rest = _deliver(message, channel, now, address_of)
    if rest:
        return Step(rest, resting=True)
    return Step(1 / channel.per_second if channel else 0.0)


def _next_due(pair: Pair, now: datetime) -> Message | PostMessage | None:
    """The next message; whoever is called to a counter hears of it before anybody hears of a parcel."""
    for kind in (Message, PostMessage):
        row = (
            kind.select()
            .where(
                (kind.channel == pair.channel)
                & (kind.state == "queued")
                & (kind.next_try_at <= now)
                & (kind.office == pair.office)
            )
            .order_by(kind.next_try_at, kind.id)
            .first()
        )
        if row is not None:
            return row
    return None


class _Letter(NamedTuple):
    """What goes out, and where to; `moot` says why nothing does."""

    moot: str
    notice: Notice | None = None
    address: str = ""


def _deliver(
    message: Message | PostMessage,
    channel: NotificationChannel | None,
    now: Callable[[], datetime],
    address_of: AddressOf,
) -> float:
    """Try one message; returns the seconds the channel needs to rest, 0 when all is well."""
    of_parcel = isinstance(message, PostMessage)
    letter = (_of_parcel if of_parcel else _of_number)(message, channel, now(), address_of)
    if letter.moot or letter.notice is None:
        _close(message, "expired", letter.moot)
        return 0.0
    try:
        sent = channel.send(letter.notice, letter.address) if channel else None
        reference = sent.reference if sent else ""
    except Rejected as error:
        _close(message, "failed", _safe(error.code))
        return 0.0
    except Retry as error:
        return _put_off(message, _safe(error.code), error.after, now())
    except Exception as error:  # a plugin's mistake is logged by its place and told nobody's address
        log.error("channel %s failed: %s at %s", message.channel, type(error).__name__, where(error))
        return _put_off(message, "channel_failed", 0.0, now())
    _close(message, "sent", "", reference=_harmless(reference, letter.address), sent_at=now())
    return 0.0


def _of_number(
    message: Message, channel: NotificationChannel | None, now: datetime, address_of: AddressOf
) -> _Letter:
    ticket: Ticket = message.ticket
    contact = Contact.get_or_none((Contact.ticket == ticket.id) & (Contact.channel == message.channel))
    moot = _moot(message, ticket, channel, contact, now)
    if moot or contact is None:
        return _Letter(moot)
    return _Letter("", _notice(message, ticket, contact.language, now, address_of), contact.address)


def _of_parcel(
    message: PostMessage, channel: NotificationChannel | None, now: datetime, address_of: AddressOf
) -> _Letter:
    parcel = message.parcel
    if channel is None:
        return _Letter("channel_off")
    if now - message.created_at > POST_FRESH_FOR:
        return _Letter("too_late")
    if ParcelState(parcel.state) not in POST_STATES[message.occasion]:
        return _Letter("over")
    to = parcel.addressee
    written = (to.email if channel.address_kind == "email" else to.phone) if to else ""
    try:
        address = channel.check_address(written) if written else ""
    except DomainError:
        address = ""
    if not address:
        return _Letter("no_address")
    office = Office.get_by_id(message.office_id)
    day = parcel.due_on if message.occasion == "post_sent" else parcel.ended_on
    notice = Notice(
        id=message_id(message, f"parcel-{parcel.number}"),
        occasion=message.occasion,
        language=parcel.language,
        title=post_title(message.occasion, parcel.language),
        body=post_body(message.occasion, parcel.number, day, parcel.language),
        label=parcel.number,
        counter_number=None,
        day=parcel.registered_on,
        replaces="",
        office=office.title,
        follow_url=f"{address_of(message.office_id)}/lookup/{parcel.dossier.code}",
        at=now,
    )
    return _Letter("", notice, address)


def _moot(
    message: Message,
    ticket: Ticket,
    channel: NotificationChannel | None,
    contact: Contact | None,
    now: datetime,
) -> str:
    """Why it is not sent any more, or ""."""
    if channel is None:
        return "channel_off"
    if contact is None:
        return "unsubscribed"
    state = TicketState(ticket.state)
    if message.occasion == "near":
        return "" if state is TicketState.WAITING else "over"
    if message.occasion == "called":
        if state is not TicketState.CALLED:
            return "over"
        return "" if now - message.created_at <= FRESH_FOR else "too_late"
    if state not in {TicketState.WAITING, TicketState.EXPECTED}:
        return "over"
    return "" if now - message.created_at <= CARRIED_OVER_FRESH_FOR else "too_late"


def _notice(message: Message, ticket: Ticket, language: str, now: datetime, address_of: AddressOf) -> Notice:
    counter = ticket.counter.number if ticket.counter_id else None
    replaces = ""
    if message.occasion == "carried_over":
        earlier = Ticket.get_or_none(Ticket.carried_to == ticket.id)
        replaces = earlier.label if earlier else ""
    facts = (message.occasion, ticket.label)
    return Notice(
        id=message_id(message, ticket.token),
        occasion=message.occasion,
        language=language,
        title=title_of(*facts, language),
        body=body_of(*facts, counter, ticket.day, replaces, language),
        label=ticket.label,
        counter_number=counter,
        day=ticket.day,
        replaces=replaces,
        office=ticket.office.title,
        follow_url=f"{address_of(message.office_id)}/t/{ticket.token}",
        at=now,
    )


def message_id(message: Message | PostMessage, token: str) -> str:
    """The same for every try of a message and for no other, in any installation; it gives the token not away."""
    name = f"{token}:{message.channel}:{message.occasion}:{message.round}"
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _put_off(message: Message | PostMessage, code: str, after: float, now: datetime) -> float:
    tries = message.attempts + 1
    pause = min(FIRST_PAUSE * PAUSE_GROWS ** (tries - 1), LONGEST_PAUSE)
    pause = max(pause, timedelta(seconds=after))
    if tries >= MOST_TRIES:
        _close(message, "failed", code)
    else:
        _write(message, attempts=tries, problem=code, next_try_at=now + pause)
    return max(REST_SECONDS, min(after, LONGEST_PAUSE.total_seconds()))


def _close(
    message: Message | PostMessage,
    state: str,
    problem: str,
    *,
    reference: str = "",
    sent_at: datetime | None = None,
) -> None:
    tries = message.attempts + (state != "expired")
    _write(message, state=state, attempts=tries, problem=problem, reference=reference, sent_at=sent_at)
    log.info("message %s by %s: %s %s", message.id, message.channel, state, problem)


def _write(message: Message | PostMessage, **fields: object) -> None:
    kind = type(message)
    with bookkeeping():
        kind.update(**fields).where((kind.id == message.id) & (kind.state == "queued")).execute()


def _safe(code: str) -> str:
    """A plugin's word, if it is one: a carrier's sentence may repeat the address."""
    return code if isinstance(code, str) and CODE_SHAPE.fullmatch(code) else "channel_failed"


def _harmless(reference: object, address: str) -> str:
    """The carrier's number, unless it is not one or holds the address."""
    known = address.removeprefix("+84").lower()
    if not isinstance(reference, str) or not REFERENCE_SHAPE.fullmatch(reference):
        return ""
    return "" if known in reference.lower() else reference
