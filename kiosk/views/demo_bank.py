"""The demo's bank: it scans a code as an app would, pays right or wrong, and tells of it as a real messenger does.

What it sends goes over HTTP to the same address as a real notice, signed with the office's own secret.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import importlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, redirect, request

from kiosk.domain.errors import DomainError, NotFound
from kiosk.plugin import gate
from kiosk.services import look
from kiosk.services.look.money import codes_shown
from kiosk.views.door import page, public, settings, words
from kiosk.views.forms import SEE_OTHER, text

blueprint = Blueprint("demo_bank", __name__, url_prefix="/demo/bank")

PLUGIN = "vietcombank_qr"
PAYER = "CT tu 0071000888888 NGUYEN VAN THU NGHIEM toi"
LATE_MARGIN = timedelta(seconds=5)
WAYS = ("exact", "less", "more", "twice", "repeat", "late", "wrong_memo", "mangled", "outgoing", "forged")


@blueprint.get("")
@public
def bank() -> str:
    """Codes that are shown just now, and what was scanned. Raises NotFound("not_found") outside the demo."""
    office = _office()
    return _show(office)


@blueprint.post("/scan")
@public
def scan() -> Any:
    """Read a code strictly, as a bank's app should."""
    office = _office()
    payload = text("payload").strip()
    try:
        return _show(office, scanned=_decoded(payload), payload=payload)
    except ValueError as error:
        return _show(office, refused=str(error), payload=payload)


@blueprint.post("/pay")
@public
def pay() -> Any:
    """Pay what was scanned in one of `WAYS`. Raises DomainError("unknown_move")."""
    office = _office()
    way = text("way")
    if way not in WAYS:
        raise DomainError("unknown_move", thing="bank", move=way[:40], allowed=list(WAYS))
    try:
        scanned = _decoded(text("payload").strip())
    except ValueError as error:
        return _show(office, refused=str(error))
    flash(_pay(office, scanned, way), "ok")
    return redirect("/demo/bank", SEE_OTHER)


def _pay(office: dict[str, Any], scanned: Any, way: str) -> str:
    amount, memo = scanned.amount or 10_000, scanned.purpose
    tell = _teller(office, scanned.account)
    if way == "late":
        until = max(
            (each["expires_at"] for each in codes_shown(office["id"]) if each["reference"] == memo),
            default=None,
        )
        wait = (datetime.fromisoformat(until) - g.now + LATE_MARGIN).total_seconds() if until else 0.0
        threading.Timer(max(wait, 0.0), tell, [amount, memo]).start()
        return words("Sẽ báo có sau %(n)s giây, khi mã đã hết hạn.", n=round(max(wait, 0.0)))
    if way == "less":
        return tell(max(1, amount - max(1, amount // 4)), memo)
    if way == "more":
        return tell(amount + 5_000, memo)
    if way == "twice":
        tell(amount, memo)
        return tell(amount, memo)
    if way == "repeat":
        key = secrets.randbelow(10**9)
        for _ in range(6):
            tell(amount, memo, key)
        return tell(amount, memo, key)
    if way == "wrong_memo":
        return tell(amount, "nop phi ho so")
    if way == "mangled":
        return tell(amount, memo.replace(" ", "").lower()[:6] + "\n" + memo.replace(" ", "").lower()[6:])
    if way == "outgoing":
        return tell(amount, memo, outgoing=True)
    return tell(amount, memo, forged=True) if way == "forged" else tell(amount, memo)


def _teller(office: dict[str, Any], account: str) -> Callable[..., str]:
    """A messenger that can also speak once the request is over."""
    address = f"http://{settings().bind}/p/{PLUGIN}/notices/{office['key']}"
    stored = gate.settings(office["id"], PLUGIN)
    zone, now = ZoneInfo(office["zone"]), g.now
    began = time.monotonic()
    secret, header = stored["secret"] or "", stored["header"] or "X-SePay"

    # Only the demo sends anything: six megabytes in every server process otherwise.
    import requests

    def tell(
        amount: int, memo: str, key: int | None = None, *, outgoing: bool = False, forged: bool = False
    ) -> str:
        at = now + timedelta(seconds=time.monotonic() - began)
        key = secrets.randbelow(10**9) if key is None else key
        body = json.dumps(
            {
                "id": key,
                "gateway": "Vietcombank",
                "transactionDate": f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
                "accountNumber": account,
                "code": None,
                "content": f"MBVCB.{key}.{memo.upper()}.{PAYER} {account}",
                "transferType": "out" if outgoing else "in",
                "transferAmount": amount,
                "referenceCode": f"MBVCB.{key}",
                "description": "",
            }
        ).encode()
        stamp = str(int(at.timestamp()))
        signing = secret[::-1].encode() if forged else secret.encode()
        signature = hmac.new(signing, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            f"{header}-Signature": f"sha256={signature}",
            f"{header}-Timestamp": stamp,
        }
        with contextlib.suppress(requests.RequestException):
            return f"HTTP {requests.post(address, body, headers=headers, timeout=10).status_code} · {amount:,} đ".replace(
                ",", "."
            )
        return "HTTP –"

    return tell


def _decoded(payload: str) -> Any:
    """The code as the plugin's strict reader sees it. Raises ValueError with the reason."""
    module = gate.house().module(PLUGIN)
    return importlib.import_module(".vietqr", module.__name__).decode(payload)


def _office() -> dict[str, Any]:
    if not settings().demo:
        raise NotFound("not_found", path=request.path)
    office = look.first_office()
    if office is None:
        raise NotFound("not_found", path=request.path)
    return office


def _show(office: dict[str, Any], **more: Any) -> str:
    return page("demo/bank.html", codes=codes_shown(office["id"]), **more)
