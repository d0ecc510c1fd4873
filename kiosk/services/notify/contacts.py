"""Where a visitor wants to be told: asked for by the visitor alone, kept for the day of the number, then erased.

Addresses stand in this one table and nowhere else (Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15: consent for a stated
purpose, withdrawn as easily as given, erased once the purpose is over).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kiosk.database import bookkeeping, local_day_of
from kiosk.domain.errors import Conflict, DomainError, TooMany
from kiosk.domain.ticket import OPEN_STATES, TicketState
from kiosk.models import Contact, Message, Office, PostMessage, Ticket
from kiosk.services.look.follow import ticket_of_token
from kiosk.services.notify.channels import channel_of, channels_of
from kiosk.services.throttle import Guesser, count_failure, forgive, refuse_blocked

TRIES_A_TOKEN = 5
TRIES_AN_ADDRESS = 60
"""A whole hall may share one address of the network."""
MOST_A_DAY = 5
"""Numbers a day that may tell one phone or mailbox: enough for a family, too few to plague somebody."""
MESSAGES_KEPT = timedelta(days=90)


def subscribe(
    token: str, channel: str, address: str, language: str, now: datetime, *, caller: str, consent: bool
) -> None:
    """Tell the holder of a number at an address; a second address takes the place of the first.

    `caller` is the network address that asks, for the throttle. Raises NotFound("unknown_ticket", "unknown_notice_channel"),
    DomainError("consent_missing") and what the channel says of the address, Conflict("number_ended"),
    TooMany("too_many_tries", "contact_used_often").
    """
    office_id, ticket_id = ticket_of_token(token)
    _count_try(token, caller, now)
    if not consent:
        raise DomainError("consent_missing", field="consent")
    checked = channel_of(office_id, channel).check_address(address)
    ticket = Ticket.get_by_id(ticket_id)
    today = local_day_of(now, ticket.office.zone)
    if TicketState(ticket.state) not in OPEN_STATES or ticket.day < today:
        raise Conflict("number_ended", label=ticket.label)
    with bookkeeping():
        elsewhere = Contact.select().where(
            (Contact.office == office_id)
            & (Contact.channel == channel)
            & (Contact.address == checked)
            & (Contact.ticket != ticket_id)
        )
        if elsewhere.count() >= MOST_A_DAY:
            raise TooMany("contact_used_often", most=MOST_A_DAY)
        Contact.insert(
            office=office_id,
            ticket=ticket_id,
            channel=channel,
            address=checked,
            language=language,
            created_at=now,
        ).on_conflict(
            conflict_target=[Contact.ticket, Contact.channel],
            update={Contact.address: checked, Contact.language: language, Contact.created_at: now},
        ).execute()
        # A whole hall may stand behind one address: only what went wrong counts against it.
        forgive(Guesser("contact-caller", caller, TRIES_AN_ADDRESS))


def unsubscribe(token: str, channel: str) -> None:
    """Forget an address at once, also of a channel that is off by now. Raises NotFound("unknown_ticket")."""
    _, ticket_id = ticket_of_token(token)
    with bookkeeping():
        Contact.delete().where((Contact.ticket == ticket_id) & (Contact.channel == channel)).execute()


def listing(token: str) -> list[dict[str, Any]]:
    """What the holder may choose: {key, title, title_en, address_kind, subscribed, shown}; `shown` is masked.

    A channel that was switched off since stays listed (`offered` false) as long as it keeps an address. Raises
    NotFound("unknown_ticket").
    """
    office_id, ticket_id = ticket_of_token(token)
    kept = {row.channel: row.address for row in Contact.select().where(Contact.ticket == ticket_id)}
    offered = channels_of(office_id)
    cards = [
        _card(key, channel.title, channel.title_en, channel.address_kind, kept.get(key), True)
        for key, channel in offered.items()
    ]
    gone = sorted(kept.keys() - offered.keys())
    return cards + [_card(key, key, key, "phone", kept[key], False) for key in gone]


def masked(address: str) -> str:
    """An address its owner recognises and nobody else learns: 09*****123, n***@g***.vn."""
    local, at, domain = address.partition("@")
    if at:
        return f"{local[:1]}***@{domain[:1]}***.{domain.rpartition('.')[2]}"
    digits = "0" + address.removeprefix("+84") if address.startswith("+84") else address
    return digits[:2] + "*" * max(0, len(digits) - 5) + digits[-3:]


def forget_old(now: datetime) -> None:
    """Erase the addresses of numbers whose day is over, and old records of what was sent."""
    with bookkeeping():
        for office in Office.select(Office.id, Office.zone):
            over = Ticket.select(Ticket.id).where(
                (Ticket.office == office.id) & (Ticket.day < local_day_of(now, office.zone))
            )
            Contact.delete().where((Contact.office == office.id) & Contact.ticket.in_(over)).execute()
        for kind in (Message, PostMessage):
            kind.delete().where(kind.created_at < now - MESSAGES_KEPT).execute()


def _count_try(token: str, caller: str, now: datetime) -> None:
    tries = [
        Guesser("contact-token", token, TRIES_A_TOKEN),
        Guesser("contact-caller", caller, TRIES_AN_ADDRESS),
    ]
    refuse_blocked(tries, now)
    for each in tries:
        count_failure(each, now)


def _card(
    key: str, title: str, title_en: str, address_kind: str, address: str | None, offered: bool
) -> dict[str, Any]:
    return {
        "key": key,
        "title": title,
        "title_en": title_en,
        "address_kind": address_kind,
        "offered": offered,
        "subscribed": address is not None,
        "shown": masked(address) if address else "",
    }
