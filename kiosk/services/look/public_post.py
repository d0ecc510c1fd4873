"""What anybody with a dossier's code may know of its parcel; nothing of who gets it and where."""

from __future__ import annotations

from typing import Any

from kiosk.domain.post.states import ParcelState
from kiosk.i18n import translate
from kiosk.models import Parcel

PUBLIC_TITLES = {
    ParcelState.HANDED_OVER: "Đã gửi bưu chính",
    ParcelState.ACCEPTED: "Đã gửi bưu chính",
    ParcelState.OUT_FOR_DELIVERY: "Bưu tá đang giao",
    ParcelState.ATTEMPT_FAILED: "Bưu tá chưa giao được, sẽ quay lại",
    ParcelState.DELIVERED: "Đã giao",
    ParcelState.RETURNED: "Đã về Trung tâm, mời đến nhận tại quầy",
}


def public_parcel(dossier_id: int, language: str) -> dict[str, Any] | None:
    """What anybody with the dossier's code may know: by post, the number, and the day it was delivered."""
    row = (
        Parcel.select(Parcel.number, Parcel.state, Parcel.handed_over_on, Parcel.ended_on)
        .where((Parcel.dossier == dossier_id) & Parcel.handed_over_on.is_null(False))
        .order_by(Parcel.id.desc())
        .first()
    )
    if row is None:
        return None
    state = ParcelState(row.state)
    return {
        "number": row.number,
        "title": translate(PUBLIC_TITLES[state], language),
        "sent_on": row.handed_over_on.isoformat(),
        "delivered_on": row.ended_on.isoformat() if state is ParcelState.DELIVERED else None,
    }
