"""The fee that goes by standard pages; only the rate of documents under 100 pages is known."""

from __future__ import annotations

from datetime import date

from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import Procedure
from kiosk.plugin import Answers

PUBLICATION = "1.003868"
PAGES_WITHOUT_RATE = 100
"""From this many standard pages on the rate is to be confirmed, and nothing is received at a guess."""


def publication(procedure: Procedure, answers: Answers, channel: Channel, on: date) -> list[FeeLine]:
    """By standard page, in đồng."""
    case = next(case for case in procedure.fees_on(on) if case.key == "under_100")
    amount = case.amount(channel is Channel.ONLINE, on)
    return [FeeLine("phi", case.title, amount, answers["pages"], case.basis)]
