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

from kiosk.database import bookkeeping, connection
from kiosk.domain.ticket import TicketState
from kiosk.models import Contact, Message, Ticket
from kiosk.plugin import gate
from kiosk.plugin.calls import where
from kiosk.plugin.providers import Notice, NotificationChannel, Rejected, Retry
from kiosk.services.notify.channels import channels_of
from kiosk.services.notify.outbox import FRESH_FOR
from kiosk.services.notify.words import body_of, title_of

log = logging.getLogger(__name__)

MOST_TRIES = 6
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)
PAUSE_GROWS = 3
REST_SECONDS = 5.0
"""A channel that cannot send now is left alone for so long at least, for everybody."""
CARRIED_OVER_FRESH_FOR = timedelta(hours=18)
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
    rows = (
        Message.select(Message.office, Message.channel)
        .where((Message.state == "queued") & (Message.next_try_at <= now))
        .distinct()
        .tuples()
    )
    return [Pair(office, channel) for office, channel in rows]


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


def _next_due(pair: Pair, now: datetime) -> Message | None:
    return (
        Message.select()
        .where(
            (Message.channel == pair.channel)
            & (Message.state == "queued")
            & (Message.next_try_at <= now)
            & (Message.office == pair.office)
        )
        .order_by(Message.next_try_at, Message.id)
        .first()
    )


def _deliver(
    message: Message,
    channel: NotificationChannel | None,
    now: Callable[[], datetime],
    address_of: AddressOf,
) -> float:
    """Try one message; returns the seconds the channel needs to rest, 0 when all is well."""
    ticket: Ticket = message.ticket
    contact = Contact.get_or_none((Contact.ticket == ticket.id) & (Contact.channel == message.channel))
    moot = _moot(message, ticket, channel, contact, now())
    if moot:
        _close(message, "expired", moot)
        return 0.0
    notice = _notice(message, ticket, contact.language, now(), address_of)
    try:
        sent = channel.send(notice, contact.address) if channel else None
        reference = sent.reference if sent else ""
    except Rejected as error:
        _close(message, "failed", _safe(error.code))
        return 0.0
    except Retry as error:
        return _put_off(message, _safe(error.code), error.after, now())
    except Exception as error:  # a plugin's mistake is logged by its place and told nobody's address
        log.error("channel %s failed: %s at %s", message.channel, type(error).__name__, where(error))
        return _put_off(message, "channel_failed", 0.0, now())
    _close(message, "sent", "", reference=_harmless(reference, contact.address), sent_at=now())
    return 0.0


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


def message_id(message: Message, token: str) -> str:
    """The same for every try of a message and for no other, in any installation; it gives the token not away."""
    name = f"{token}:{message.channel}:{message.occasion}:{message.round}"
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _put_off(message: Message, code: str, after: float, now: datetime) -> float:
    tries = message.attempts + 1
    pause = min(FIRST_PAUSE * PAUSE_GROWS ** (tries - 1), LONGEST_PAUSE)
    pause = max(pause, timedelta(seconds=after))
    if tries >= MOST_TRIES:
        _close(message, "failed", code)
    else:
        _write(message, attempts=tries, problem=code, next_try_at=now + pause)
    return max(REST_SECONDS, min(after, LONGEST_PAUSE.total_seconds()))


def _close(
    message: Message, state: str, problem: str, *, reference: str = "", sent_at: datetime | None = None
) -> None:
    tries = message.attempts + (state != "expired")
    _write(message, state=state, attempts=tries, problem=problem, reference=reference, sent_at=sent_at)
    log.info("message %s by %s: %s %s", message.id, message.channel, state, problem)


def _write(message: Message, **fields: object) -> None:
    with bookkeeping():
        Message.update(**fields).where((Message.id == message.id) & (Message.state == "queued")).execute()


def _safe(code: str) -> str:
    """A plugin's word, if it is one: a carrier's sentence may repeat the address."""
    return code if isinstance(code, str) and CODE_SHAPE.fullmatch(code) else "channel_failed"


def _harmless(reference: object, address: str) -> str:
    """The carrier's number, unless it is not one or holds the address."""
    known = address.removeprefix("+84").lower()
    if not isinstance(reference, str) or not REFERENCE_SHAPE.fullmatch(reference):
        return ""
    return "" if known in reference.lower() else reference
