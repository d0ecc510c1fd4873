"""How fast money is seen: the code of a request, a bank's notices, the counter's screen, a long statement."""

from __future__ import annotations

import hashlib
import hmac
import json
import select
import time
from itertools import count
from typing import Any

from kiosk import clock, database
from kiosk.bench.place import BY, KEY, Place
from kiosk.bench.plan import Sizes
from kiosk.bench.websocket import BoardSocket
from kiosk.bench.wire import Wire, crowd, expect, get, milliseconds, request
from kiosk.domain.permissions import RIGHTS, Actor, Role, SignedInUser
from kiosk.plugin import gate
from kiosk.plugin.providers import PaymentRequest
from kiosk.services import manage_plugins
from kiosk.services.payment.providers import offered_provider
from kiosk.services.payment.request_payment import Wish, request_payment
from kiosk.services.receive_dossier import receive_dossier
from kiosk.services.reckon_dossier import Application
from kiosk.views.codes import qr_svg

PLUGIN, ACCOUNT, SECRET = "vietcombank_qr", "1017588888", "a-secret-for-the-measurements"
PROCEDURE, AMOUNT = "2.000488", 200_000
"""A judicial record, and what it costs in đồng."""
PATIENCE = 60.0
KNOWN_SHARE = 4
"""Every fourth line of the statement tells of what a notice told of before."""
_keys = count(1)


def money(place: Place, sizes: Sizes, progress: Any) -> dict[str, Any]:
    """Requests made, notices of eight messengers, single notices watched at a counter, then one statement."""
    with database.connection(), gate.breath():
        _set_up(place)
        codes = _codes(place, sizes, progress)
        references = _requests(place, sizes.notices + sizes.watched, progress)
    run = crowd(
        place.port,
        sizes.clients,
        sizes.notices,
        lambda _, n: _notice(references[n]),
        lambda done: progress("notices, 8 messengers", done, sizes.notices),
    )
    for answer in run.answers:
        expect(answer, 200)
    took = [answer.seconds for answer in run.answers]
    watched, lost = _watch(place, references[sizes.notices :], progress)
    read = _statement(place, sizes, references, progress)
    return {
        **codes,
        "notices": len(took),
        "notices_per_second": round(run.per_second, 1),
        "notice_p95_ms": milliseconds(took, 0.95),
        "notice_to_screen_p50_ms": milliseconds(watched, 0.50),
        "notice_to_screen_p95_ms": milliseconds(watched, 0.95),
        "unseen": lost,
        **read,
    }


def _set_up(place: Place) -> None:
    now = clock.now()
    values = {"account": ACCOUNT, "holder": "TRUNG TAM", "secret": SECRET, "minutes": 1440}
    manage_plugins.save_settings(place.office_id, PLUGIN, values, now, BY)
    manage_plugins.enable(place.office_id, PLUGIN, now, BY)


def _codes(place: Place, sizes: Sizes, progress: Any) -> dict[str, Any]:
    """The payload and its picture for a screen, each of another request."""
    provider = offered_provider(place.office_id, PLUGIN)
    took = []
    for n in range(sizes.codes):
        began = time.perf_counter()
        slip = provider.create(PaymentRequest("BGPH 7K3Q2MX", AMOUNT + n, "000.00.17.H02-261124-0001"))
        qr_svg(slip.payload)
        took.append(time.perf_counter() - began)
        progress("codes", n + 1, sizes.codes)
    return {"code_p50_ms": milliseconds(took, 0.50), "code_p95_ms": milliseconds(took, 0.95)}


def _requests(place: Place, many: int, progress: Any) -> list[str]:
    officer = Actor(
        place.office_id,
        user=SignedInUser(1, "bench", "bench", Role.OFFICER, counters=frozenset(place.counters)),
        permissions=RIGHTS[Role.OFFICER],
    )
    references = []
    for n in range(many):
        application = Application(PROCEDURE, None, {"name": "Trần Văn An"})
        dossier = receive_dossier(application, officer, clock.now())
        wish = Wish(PLUGIN, (dossier.code,), counter=place.counters[0])
        references.append(request_payment(wish, officer, clock.now()).reference)
        progress("requests", n + 1, many)
    return references


def _notice(reference: str) -> bytes:
    key = next(_keys)
    body = json.dumps(
        {
            "id": key,
            "gateway": "Vietcombank",
            "transactionDate": f"{clock.now():%Y-%m-%d %H:%M:%S}",
            "accountNumber": ACCOUNT,
            "content": f"MBVCB.{key}.{reference.replace(' ', '')}.CT tu 0071000888888 TRAN VAN AN",
            "transferType": "in",
            "transferAmount": AMOUNT,
            "referenceCode": f"MBVCB.{key:08}",
        }
    ).encode()
    stamp = str(int(clock.now().timestamp()))
    signature = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {"X-SePay-Signature": f"sha256={signature}", "X-SePay-Timestamp": stamp}
    return request("POST", f"/p/{PLUGIN}/notices/{KEY}", body, headers)


def _watch(place: Place, references: list[str], progress: Any) -> tuple[list[float], int]:
    """From sending a notice to the moment the counter's socket has "paid"; and how many it never heard of."""
    cookie = {"Cookie": f"kiosk_session={place.sessions[0]}"}
    screen = BoardSocket(place.port, "", f"counter:{place.counters[0]}", cookie)
    wire = Wire(place.port)
    took, lost = [], 0
    for n, reference in enumerate(references):
        began = time.perf_counter()
        wire.send(_notice(reference))
        heard = False
        while not heard and time.perf_counter() - began < 2:
            if select.select([screen.socket], [], [], 0.2)[0]:
                heard = any(
                    event.get("reference") == reference and event.get("state") == "paid"
                    for event in screen.events()
                )
        took.append(time.perf_counter() - began)
        lost += not heard
        answer = wire.receive()
        if answer is not None:
            expect(answer, 200)
        progress("notices watched at a counter", n + 1, len(references))
    wire.close()
    screen.close()
    return took, lost


def _statement(place: Place, sizes: Sizes, references: list[str], progress: Any) -> dict[str, Any]:
    """From the first byte of the upload to the last line reconciled."""
    day = f"{clock.now():%d/%m/%Y}"
    lines = [f"Số tài khoản;{ACCOUNT}", "Ngày giao dịch;Số tham chiếu;Thay đổi;Số tiền;Mô tả"]
    for n in range(sizes.statement_lines):
        known = n % KNOWN_SHARE == 0 and n // KNOWN_SHARE < len(references)
        memo = references[n // KNOWN_SHARE] if known else f"NOP TIEN HO SO {n:06}"
        amount = AMOUNT if known else 50_000 + n % 200
        lines.append(f'{day};5017.{n:06};+;"{amount:,}";MBVCB.{n}.{memo}.CT tu TRAN VAN AN')
    content = "\n".join(lines).encode()
    admin = {"Cookie": f"kiosk_session={place.admin}"}
    wire = Wire(place.port)
    began = time.perf_counter()
    sent = wire.ask(request("POST", "/api/v1/statements", content, {**admin, "Content-Type": "text/csv"}))
    uploaded = time.perf_counter() - began
    expect(sent, 201)
    found = sent.json()
    while not found["finished"] and time.perf_counter() - began < PATIENCE:
        time.sleep(0.05)
        found = wire.ask(get(f"/api/v1/statements/{found['id']}", admin)).json()
        progress("statement", found["done"], found["lines"])
    seconds = time.perf_counter() - began
    wire.close()
    return {
        "statement_lines": found["lines"],
        "statement_upload_s": round(uploaded, 2),
        "statement_s": round(seconds, 2),
        "statement_known": found["known"],
        "statement_new": found["new"],
    }
