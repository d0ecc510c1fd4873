"""A messenger's notice: proven and read by the plugin, kept and credited here, answered at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kiosk.database import bookkeeping, local_day_of, office_transaction
from kiosk.domain.payment.identity import Source, Told
from kiosk.domain.payment.notice import UNPROVEN, NoticeRefused
from kiosk.domain.payment.transfer import Transfer
from kiosk.domain.permissions import SYSTEM
from kiosk.models import NoticeRefusal, Office
from kiosk.services.payment.providers import honoured_provider
from kiosk.services.payment.take_transfer import DatabaseBook, take_transfer
from kiosk.services.payment.transfers import name_account


def take_notice(
    office: Office, plugin: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> tuple[Mapping[str, Any], list[str]]:
    """What the messenger wants to hear, and what became of each movement; all of them are kept, or none.

    Raises NotFound("unknown_payment_method"), NoticeRefused.
    """
    provider = honoured_provider(office.id, plugin)
    try:
        notices = provider.read_notice(headers, body, now)
    except NoticeRefused as refusal:
        if refusal.code not in UNPROVEN:
            count_refusal(office, provider.key, refusal.code, now)
        raise
    book = DatabaseBook(office.id)
    with office_transaction(office.id, now, SYSTEM) as transaction:
        taken = [
            take_transfer(transaction, Told(Source.NOTICE, provider.key, _named(each)), book)
            for each in notices.transfers
        ]
    return notices.reply, [each.outcome for each in taken]


def _named(transfer: Transfer) -> Transfer:
    """Its account written as every teller's is compared."""
    return replace(transfer, account=name_account(transfer.account))


def count_refusal(office: Office, provider: str, code: str, now: datetime) -> None:
    """One more notice of a proven messenger that could not be taken: somebody has to ask it why."""
    row = {"office": office.id, "day": local_day_of(now, office.zone), "provider": provider, "code": code}
    with bookkeeping():
        NoticeRefusal.insert(**row, times=1, last_at=now).on_conflict(
            conflict_target=[
                NoticeRefusal.office,
                NoticeRefusal.day,
                NoticeRefusal.provider,
                NoticeRefusal.code,
            ],
            update={NoticeRefusal.times: NoticeRefusal.times + 1, NoticeRefusal.last_at: now},
        ).execute()
