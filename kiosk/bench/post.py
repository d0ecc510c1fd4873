"""How fast the postal desk works: a scan, the paper of a long manifest, a long list of the post's news."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kiosk import clock, database
from kiosk.bench.place import BY, Place
from kiosk.bench.plan import Sizes
from kiosk.bench.wire import Wire, expect, get, milliseconds, request
from kiosk.domain.permissions import RIGHTS, Actor, Role, SignedInUser
from kiosk.plugin import gate
from kiosk.services import manage_plugins
from kiosk.services.advance_dossier import advance_dossier
from kiosk.services.post.manifests import add_to_manifest, close_manifest, open_manifest
from kiosk.services.post.numbers import allot_numbers
from kiosk.services.post.register_parcel import ParcelWish, register_parcel
from kiosk.services.receive_dossier import receive_dossier
from kiosk.services.reckon_dossier import Application

PLUGIN, PROCEDURE = "bcci_post", "2.000488"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TO = {"name": "Trần Văn An", "street": "Số 5, thôn Đông", "ward": "xã Tân Tiến", "province": "Bắc Giang"}
STATUSES = ("Đã nhận gửi", "Đang phát", "Phát không thành công", "Đang phát", "Phát thành công")
"""What the post tells of each parcel."""
LARGEST = 500
PATIENCE = 60.0


def post(place: Place, sizes: Sizes, progress: Any) -> dict[str, Any]:
    """Parcels made through the services, scanned by page, printed, and told of in one file."""
    with database.connection(), gate.breath():
        officer = Actor(
            place.office_id,
            user=SignedInUser(1, "bench", "bench", Role.ADMIN, counters=frozenset(place.counters)),
            permissions=RIGHTS[Role.ADMIN],
        )
        manage_plugins.save_settings(place.office_id, PLUGIN, {}, clock.now(), BY)
        manage_plugins.enable(place.office_id, PLUGIN, clock.now(), BY)
        gate.forget(place.office_id)
        allot_numbers("EL", "40000000", "40009999", officer, clock.now())
        many = max(sizes.carried, sizes.listed)
        parcels = [_parcel(officer, n + 1, many, progress) for n in range(many)]
        printed, handed_over = _manifests(officer, parcels, sizes, progress)
    admin = {"Cookie": f"kiosk_session={place.admin}"}
    wire = Wire(place.port)
    figures = {
        **_scans(wire, admin, parcels, sizes, progress),
        **_pdf(wire, admin, printed),
        **_news(wire, admin, [number for number, _ in parcels[: sizes.carried]], handed_over, progress),
    }
    wire.close()
    return figures


def _parcel(officer: Actor, nth: int, many: int, progress: Any) -> tuple[str, str]:
    """(number, dossier's code) of another parcel."""
    application = Application(PROCEDURE, None, {"name": "Trần Văn An"}, delivery="post")
    dossier = receive_dossier(application, officer, clock.now())
    advance_dossier(dossier.code, "finish", officer, clock.now())
    parcel = register_parcel(ParcelWish(dossier.code, TO), officer, clock.now())
    progress("parcels", nth, many)
    return parcel.number, dossier.code


def _manifests(
    officer: Actor, parcels: list[tuple[str, str]], sizes: Sizes, progress: Any
) -> tuple[int, Any]:
    """Hand all of them over; returns the list that is printed, and the last moment of handing over."""
    first = 0
    for start in range(0, len(parcels), min(LARGEST, sizes.listed)):
        row = open_manifest(officer, clock.now())
        for number, _ in parcels[start : start + min(LARGEST, sizes.listed)]:
            add_to_manifest(row.id, number, officer, clock.now())
        close_manifest(row.id, "Nguyễn Văn Bưu", officer, clock.now())
        first = first or row.id
        progress("manifests", start + 1, len(parcels))
    return first, clock.now()


def _scans(
    wire: Wire, admin: dict[str, str], parcels: list[tuple[str, str]], sizes: Sizes, progress: Any
) -> dict[str, Any]:
    """What a scanner does at the desk: the whole page with what was found, by number and by code in turns."""
    took = []
    for n in range(sizes.scans):
        code = parcels[n % len(parcels)][n % 2]
        answer = wire.ask(get(f"/post?code={code}", admin))
        expect(answer, 200)
        took.append(answer.seconds)
        progress("scans", n + 1, sizes.scans)
    return {"scan_p50_ms": milliseconds(took, 0.5), "scan_p95_ms": milliseconds(took, 0.95)}


def _pdf(wire: Wire, admin: dict[str, str], manifest: int) -> dict[str, Any]:
    """The first paper of a process loads the typesetter as well; the slower of three counts."""
    took = []
    for _ in range(3):
        answer = wire.ask(get(f"/post/manifests/{manifest}.pdf", admin))
        expect(answer, 200)
        took.append(answer.seconds)
    return {"manifest_pdf_s": round(max(took), 2), "manifest_pdf_kb": round(len(answer.body) / 1024)}


def _news(
    wire: Wire, admin: dict[str, str], numbers: list[str], handed_over: Any, progress: Any
) -> dict[str, Any]:
    """From the first byte of the upload to the last row taken in."""
    lines = ["Số hiệu;Trạng thái;Thời gian;Người nhận;Lý do"]
    for step, status in enumerate(STATUSES, 1):
        at = (handed_over + timedelta(seconds=step)).astimezone(ZONE)
        who = "TRẦN VĂN AN" if status == STATUSES[-1] else ""
        lines += [f"{number};{status};{at:%d/%m/%Y %H:%M:%S};{who};" for number in numbers]
    content = "\n".join(lines).encode()
    began = time.perf_counter()
    sent = wire.ask(request("POST", "/api/v1/post/news", content, {**admin, "Content-Type": "text/csv"}))
    uploaded = time.perf_counter() - began
    expect(sent, 201)
    found = sent.json()
    while not found["finished"] and time.perf_counter() - began < PATIENCE:
        time.sleep(0.05)
        found = wire.ask(get(f"/api/v1/post/news/{found['id']}", admin)).json()
        progress("news", found["done"], found["rows"])
    return {
        "rows": found["rows"],
        "news_upload_s": round(uploaded, 2),
        "news_s": round(time.perf_counter() - began, 2),
        "moved": found["moved"],
    }
