"""An enterprise pays twice: for its registration, which is free online, and for the publication of what is registered."""

from __future__ import annotations

from datetime import date

from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import Procedure

REGISTRATIONS = ("2.001610", "2.001583", "2.001199", "2.002043", "2.002041")


def registration(procedure: Procedure, channel: Channel, on: date) -> list[FeeLine]:
    """Two lines with separate receipts: lệ phí đăng ký and phí công bố (TT 47/2019/TT-BTC)."""
    cases = {case.key: case for case in procedure.fees_on(on)}
    online = channel is Channel.ONLINE
    charge, publication = cases["registration"], cases["publication"]
    title = f"{charge.title} (nộp trực tuyến)" if online else charge.title
    return [
        FeeLine("le_phi", title, charge.amount(online, on), legal_basis=charge.basis),
        FeeLine("phi", publication.title, publication.amount(online, on), legal_basis=publication.basis),
    ]
