"""The fee of a driving licence: lower online between two days, under a circular of its own."""

from __future__ import annotations

from datetime import date

from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import Procedure

LICENCES = ("1.002809", "1.002820", "1.002796")
DISCOUNT_BASIS = "TT 37/2023/TT-BTC Đ.3, sửa đổi bởi TT 63/2023/TT-BTC"


def licence(procedure: Procedure, channel: Channel, on: date) -> list[FeeLine]:
    """One line; where the online discount holds it says so and names the circular that grants it."""
    case = next(case for case in procedure.fees_on(on) if case.key == "pet")
    amount = case.amount(channel is Channel.ONLINE, on)
    if amount == case.direct:
        return [FeeLine("le_phi", case.title, amount, legal_basis=case.basis)]
    return [FeeLine("le_phi", f"{case.title} (nộp trực tuyến)", amount, legal_basis=DISCOUNT_BASIS)]
