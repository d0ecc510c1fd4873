"""What a bank's messenger sends when money came in: checked as it arrived, byte by byte, and only then read.

Three ways to prove who sends, three shapes of what is sent. No bank publishes its own; these are the ones that
Vietnamese messengers document. Nothing here keeps, matches or logs anything.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from kiosk.domain.errors import DomainError
from kiosk.domain.payment.transfer import Transfer, whole_amount
from kiosk.plugin import NoticeRefused

HANOI = "+0700"
"""Vietnam's time, the same all year."""
MOST_BYTES = 64 * 1024
MOST_TRANSFERS = 100
REPLAY_WINDOW = timedelta(minutes=5)
LONGEST_TEXT = 1_000
MILLISECONDS_FROM = 10**11
"""A time above this is in milliseconds: as seconds it would lie in the year 5138."""


# ---- who sends


def check_hmac(
    secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime, name: str = "X-SePay"
) -> None:
    """HMAC-SHA256 over `timestamp.body`, in `<name>-Signature` as "sha256=hex", with `<name>-Timestamp` in seconds.

    Any of `secrets` will do, so that one may be replaced without a gap. Raises NoticeRefused("signature_missing",
    "timestamp_malformed", "timestamp_old", "timestamp_ahead", "signature_wrong").
    """
    given = {key.lower(): value for key, value in headers.items()}
    signature = given.get(f"{name}-signature".lower(), "").removeprefix("sha256=").strip().lower()
    stamp = given.get(f"{name}-timestamp".lower(), "").strip()
    if not signature or not stamp:
        raise NoticeRefused("signature_missing")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 10):
        raise NoticeRefused("timestamp_malformed")
    # The signature first: a stranger learns nothing of our clock.
    signed = stamp.encode() + b"." + body
    wanted = [hmac.new(_bytes(each), signed, hashlib.sha256).hexdigest() for each in secrets if each]
    if not _any_equal(signature, wanted):
        raise NoticeRefused("signature_wrong")
    age = now - datetime.fromtimestamp(int(stamp), UTC)
    if age > REPLAY_WINDOW:
        raise NoticeRefused("timestamp_old")
    if -age > REPLAY_WINDOW:
        raise NoticeRefused("timestamp_ahead")


def check_key(keys: Sequence[str], headers: Mapping[str, str]) -> None:
    """A secret word: "Authorization: Apikey …" or "Bearer …", or "Secure-Token: …".

    Raises NoticeRefused("signature_missing", "signature_wrong").
    """
    given = {key.lower(): value for key, value in headers.items()}
    scheme, _, word = given.get("authorization", "").strip().partition(" ")
    told = word.strip() if scheme.lower() in {"apikey", "bearer"} else given.get("secure-token", "").strip()
    if not told:
        raise NoticeRefused("signature_missing")
    if not _any_equal(told, keys):
        raise NoticeRefused("signature_wrong")


def _bytes(text: str) -> bytes:
    return text.encode()


def _any_equal(given: str, wanted: Sequence[str]) -> bool:
    """Each is compared in constant time; an empty one is none."""
    return sum(hmac.compare_digest(_bytes(given), _bytes(each)) for each in wanted if each) > 0


# ---- what is sent


def read_body(headers: Mapping[str, str], body: bytes) -> Any:
    """The JSON of a notice. Raises NoticeRefused("body_too_large", "content_type_wrong", "body_malformed")."""
    if len(body) > MOST_BYTES:
        raise NoticeRefused("body_too_large")
    kind = next((value for key, value in headers.items() if key.lower() == "content-type"), "")
    if kind.partition(";")[0].strip().lower() != "application/json":
        raise NoticeRefused("content_type_wrong")
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise NoticeRefused("body_malformed") from None


def _no_number(_: str) -> None:
    raise ValueError


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name twice is refused: two readers of such a body may see two amounts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def read_sepay(body: Any) -> list[Transfer]:
    """SePay's webhook: one movement. Raises NoticeRefused("field_missing", "field_malformed")."""
    row = _object(body, "")
    return [
        Transfer(
            teller_id=_text(row, "id"),
            bank_reference=_text(row, "referenceCode", empty=True),
            account=_text(row, "accountNumber"),
            amount=_amount(row, "transferAmount"),
            incoming=_either(row, "transferType", "in", "out"),
            at=_local_time(row, "transactionDate"),
            memo=_text(row, "content", empty=True),
        )
    ]


def read_casso(body: Any) -> list[Transfer]:
    """Casso's webhook: several movements under "data", a negative amount went out.

    Raises NoticeRefused("field_missing", "field_malformed").
    """
    rows = _object(body, "").get("data")
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_TRANSFERS:
        raise NoticeRefused("field_malformed", "data")
    return [_casso_row(_object(row, f"data[{at}]"), f"data[{at}].") for at, row in enumerate(rows)]


def _casso_row(row: Mapping[str, Any], path: str) -> Transfer:
    amount = row.get("amount")
    outgoing = type(amount) is int and amount < 0
    return Transfer(
        teller_id=_text(row, "id", path),
        bank_reference=_text(row, "tid", path, empty=True),
        account=_text(row, "bank_sub_acc_id", path),
        amount=_amount({"amount": -amount} if outgoing else row, "amount", path),
        incoming=not outgoing,
        at=_local_time(row, "when", path),
        memo=_text(row, "description", path, empty=True),
    )


def read_vietqr_sync(body: Any) -> list[Transfer]:
    """VietQR's transaction-sync: one movement; the memo is the content, and the order where the content lacks it.

    Raises NoticeRefused("field_missing", "field_malformed").
    """
    row = _object(body, "")
    content, order = _text(row, "content", empty=True), _text(row, "orderId", empty=True)
    return [
        Transfer(
            teller_id=_text(row, "transactionid"),
            bank_reference=_text(row, "referencenumber", empty=True),
            account=_text(row, "bankaccount"),
            amount=_amount(row, "amount"),
            incoming=_either(row, "transType", "C", "D"),
            at=_unix_time(row, "transactiontime"),
            memo=content if order in content else f"{content} {order}".strip(),
        )
    ]


READERS: dict[str, Callable[[Any], list[Transfer]]] = {
    "sepay": read_sepay,
    "casso": read_casso,
    "vietqr": read_vietqr_sync,
}


def _object(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise NoticeRefused("body_malformed", path)
    return value


def _text(row: Mapping[str, Any], name: str, path: str = "", *, empty: bool = False) -> str:
    """A text or a whole number as text; with `empty`, nothing at all is "" too."""
    value = row.get(name)
    if value is None or value == "":
        if empty:
            return ""
        raise NoticeRefused("field_missing", path + name)
    if type(value) is int:
        value = str(value)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\x00" in value:
        raise NoticeRefused("field_malformed", path + name)
    return value.strip()


def _amount(row: Mapping[str, Any], name: str, path: str = "") -> int:
    try:
        return whole_amount(row.get(name))
    except DomainError:
        raise NoticeRefused("field_malformed", path + name) from None


def _either(row: Mapping[str, Any], name: str, yes: str, no: str) -> bool:
    value = _text(row, name).lower()
    if value not in {yes.lower(), no.lower()}:
        raise NoticeRefused("field_malformed", name)
    return value == yes.lower()


def _local_time(row: Mapping[str, Any], name: str, path: str = "") -> datetime:
    """ "YYYY-MM-DD HH:MM:SS" in Vietnam's time, as UTC."""
    try:
        read = datetime.strptime(_text(row, name, path) + HANOI, "%Y-%m-%d %H:%M:%S%z")
    except ValueError:
        raise NoticeRefused("field_malformed", path + name) from None
    return read.astimezone(UTC)


def _unix_time(row: Mapping[str, Any], name: str) -> datetime:
    """Seconds or milliseconds since 1970."""
    text = _text(row, name)
    if not (text.isascii() and text.isdecimal() and len(text) <= 13):
        raise NoticeRefused("field_malformed", name)
    stamp = int(text)
    return datetime.fromtimestamp(stamp / 1000 if stamp > MILLISECONDS_FROM else stamp, UTC)
