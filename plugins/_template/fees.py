"""The fees that go by number of copies."""

from __future__ import annotations

from datetime import date

from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import Procedure
from kiosk.plugin import Answers


def licence(procedure: Procedure, answers: Answers, channel: Channel, on: date) -> list[FeeLine]:
    """One copy is in the fee; each further one costs extra."""
    cases = {case.key: case for case in procedure.fees_on(on)}
    online = channel is Channel.ONLINE
    new, further = cases["new"], cases["further_copy"]
    lines = [FeeLine("phi", new.title, new.amount(online, on), legal_basis=new.basis)]
    if answers["copies"] > 1:
        amount = further.amount(online, on)
        lines.append(FeeLine("phi", further.title, amount, answers["copies"] - 1, further.basis))
    return lines
