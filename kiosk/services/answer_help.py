"""Somebody went to help where a counter, a kiosk or a visitor had asked for it."""

from __future__ import annotations

import json
from datetime import datetime

from kiosk.database import office_transaction
from kiosk.domain.errors import NotFound
from kiosk.domain.events import HelpAnswered, HelpWanted
from kiosk.domain.permissions import Actor
from kiosk.models import Journal
from kiosk.services.announce import announce


def answer_help(wanted: int, actor: Actor, now: datetime) -> bool:
    """Say that somebody went there; False when somebody had said so already.

    `wanted` is the journal entry that asked. Raises NotFound("unknown_help_call").
    """
    if actor.office_id is None:
        raise NotFound("unknown_help_call", entry=wanted)
    with office_transaction(actor.office_id, now, actor.name) as transaction:
        asked = (
            (Journal.office == transaction.office_id)
            & (Journal.kind == HelpWanted.kind)
            & (Journal.seq == wanted)
        )
        if not Journal.select().where(asked).exists():
            raise NotFound("unknown_help_call", entry=wanted)
        event = HelpAnswered(wanted=wanted)
        answered = Journal.select(Journal.facts).where(
            (Journal.office == transaction.office_id)
            & (Journal.kind == HelpAnswered.kind)
            & (Journal.seq > wanted)
        )
        if any(json.loads(row.facts) == event.facts() for row in answered):
            return False
        announce(transaction, event)
    return True
