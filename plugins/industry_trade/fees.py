"""The fee of a petrol station: by area and subject, for each point of sale."""

from __future__ import annotations

from datetime import date

from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import Procedure
from kiosk.plugin import Answers

PETROL_STATION = "2.000648"
CITY = "city"


def petrol_station(procedure: Procedure, answers: Answers, channel: Channel, on: date) -> list[FeeLine]:
    """One line by points of sale, at the amount of the answered area and subject (TT 168/2016/TT-BTC Đ.4)."""
    cases = {case.key: case for case in procedure.fees_on(on)}
    named = cases[f"{answers['area']}_{answers['subject']}"]
    amount = named.amount(channel is Channel.ONLINE, on)
    return [FeeLine("phi", named.title, amount, answers["points"], named.basis)]
