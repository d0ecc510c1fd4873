"""A bank that repeats itself while servers die: each transfer is credited once, on both databases, whoever heard of it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from peewee import fn

from kiosk import clock
from kiosk.domain.permissions import RIGHTS, Actor, Role, SignedInUser
from kiosk.models import Credit, Payment, Receipt, Telling, Transfer, User
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginHouse
from kiosk.services.payment.request_payment import Wish, request_payment
from kiosk.services.receive_dossier import receive_dossier
from kiosk.services.reckon_dossier import Application
from kiosk.services.verify_log import verify_office
from tests.conftest import opened
from tests.faults.running import Centre, children_of, eventually

pytestmark = [pytest.mark.faults, pytest.mark.slow]

NOTICES = 24
MESSENGERS = 8
KILLS = 5
AMOUNT = 200_000


@pytest.fixture
def bank_centre(database_url: str, tmp_path: Path) -> Iterator[tuple[Centre, list[str]]]:
    """A centre with fees asked for, and their references."""
    url = "" if database_url.startswith("sqlite") else database_url
    with Centre(tmp_path, url) as centre:
        yield centre, _ask(centre)


def _ask(centre: Centre) -> list[str]:
    with opened(centre.url, centre.data) as database, database.connection_context():
        gate.use(PluginHouse.load(centre.settings))
        try:
            user = User.select().order_by(User.id).first()
            office = centre.facts["office_id"]
            signed_in = SignedInUser(user.id, user.username, "Lan", Role.MANAGER)
            actor = Actor(office, user=signed_in, permissions=RIGHTS[Role.MANAGER])
            references = []
            for _ in range(NOTICES):
                application = Application("2.000488", None, {"name": "Trần Văn An"})
                dossier = receive_dossier(application, actor, clock.now())
                wish = Wish("vietcombank_qr", (dossier.code,))
                references.append(request_payment(wish, actor, clock.now()).reference)
            return references
        finally:
            gate.use(None)


def notice(centre: Centre, key: int, reference: str) -> tuple[bytes, dict[str, str]]:
    """What the bank's messenger sends, the same at every try but for the time it is signed at."""
    bank = centre.facts["bank"]
    body = json.dumps(
        {
            "id": key, "accountNumber": bank["account"], "transferType": "in", "transferAmount": AMOUNT,
            "content": f"MBVCB.{key}.{reference}", "referenceCode": f"MBVCB.{key:06}",
            "transactionDate": f"{clock.now():%Y-%m-%d %H:%M:%S}",
        }
    ).encode()  # fmt: skip
    stamp = str(int(time.time()))
    digest = hmac.new(bank["secret"].encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return body, {
        "Content-Type": "application/json",
        "X-SePay-Signature": f"sha256={digest}",
        "X-SePay-Timestamp": stamp,
    }


def messenger(centre: Centre, references: list[str], seed: int, over: threading.Event) -> None:
    """Send every notice in an order of one's own until each was taken, and the first ones again and again."""
    dice = random.Random(seed)
    left = list(enumerate(references, 1))
    dice.shuffle(left)
    while left or not over.is_set():
        key, reference = left.pop() if left else dice.choice(list(enumerate(references, 1)))
        body, headers = notice(centre, key, reference)
        link = HTTPConnection("127.0.0.1", centre.port, timeout=20)
        try:
            link.request("POST", centre.facts["bank"]["notices"], body, headers)
            taken = link.getresponse().status == 200
        except (OSError, HTTPException):
            taken = False
        finally:
            link.close()
        if not taken:
            left.insert(0, (key, reference))
            time.sleep(0.05)


def test_each_transfer_is_credited_once_while_servers_die(bank_centre: tuple[Centre, list[str]]) -> None:
    centre, references = bank_centre
    centre.start("serve")
    over = threading.Event()
    crowd = [
        threading.Thread(target=messenger, args=(centre, references, seed, over))
        for seed in range(MESSENGERS)
    ]
    for each in crowd:
        each.start()
    killed: set[int] = set()
    for _ in range(KILLS):
        time.sleep(0.3)
        alive = eventually(
            lambda: sorted(set(children_of(centre.pid("serve"))) - killed), "a process to kill"
        )
        os.kill(alive[0], signal.SIGKILL)
        killed.add(alive[0])
    over.set()
    for each in crowd:
        each.join(90)
        assert not each.is_alive()
    centre.stop("serve")
    with opened(centre.url, centre.data) as database, database.connection_context():
        books: dict[str, Any] = {
            "transfers": Transfer.select().count(),
            "tellings": Telling.select().count(),
            "credited": Credit.select(fn.SUM(Credit.amount)).scalar(),
            "paid": Payment.select().where(Payment.state == "paid").count(),
            "receipts": Receipt.select().count(),
        }
        assert books == {
            "transfers": NOTICES,
            "tellings": NOTICES,
            "credited": NOTICES * AMOUNT,
            "paid": NOTICES,
            "receipts": NOTICES,
        }
        assert verify_office(centre.facts["office_id"]).broken is None
