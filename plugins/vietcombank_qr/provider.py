"""Vietcombank as a way to pay an office: codes are made here, notices proven, statements read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kiosk.domain.errors import DomainError
from kiosk.plugin import (
    NoticeRefused,
    Notices,
    PaymentProvider,
    PaymentRequest,
    PaymentSlip,
    SettingValues,
    StatementFile,
)

from . import notices
from .statement import read_statement
from .vietqr import LONGEST, BadPayload, VietQr, decode, encode

BANK = "Vietcombank"


class VietcombankQr(PaymentProvider):
    """One account of an office."""

    key = "vietcombank_qr"
    title = "Chuyển khoản VietQR (Vietcombank)"
    title_en = "VietQR transfer (Vietcombank)"

    def __init__(self, settings: SettingValues) -> None:
        self._settings = settings
        self._account = str(settings["account"]).upper()
        self.accounts = frozenset({self._account})
        self.minutes = int(settings["minutes"])

    def create(self, request: PaymentRequest) -> PaymentSlip:
        """A dynamic code; read back once before anybody sees it. Raises DomainError("payload_refused")."""
        try:
            wanted = VietQr(
                account=self._account,
                amount=request.amount,
                purpose=request.reference,
                bill=request.bill if len(request.bill) <= LONGEST else "",
                terminal=self._settings["terminal"],
            )
            payload = encode(wanted)
            if decode(payload) != wanted:
                raise BadPayload("payload_differs")
        except BadPayload as error:
            raise DomainError("payload_refused", reason=error.code) from None
        return PaymentSlip(payload, self._account, str(self._settings["holder"]), BANK)

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notices:
        """Movements of a messenger that proved itself, all on this account.

        Raises NoticeRefused as `notices`, and "account_not_ours".
        """
        if len(body) > notices.MOST_BYTES:
            raise NoticeRefused("body_too_large")
        secrets = [self._settings["secret"] or "", self._settings["former_secret"] or ""]
        if self._settings["proof"] == "hmac":
            notices.check_hmac(secrets, headers, body, now, self._settings["header"] or "X-SePay")
        else:
            notices.check_key(secrets, headers)
        shape = self._settings["shape"]
        transfers = notices.READERS[shape](notices.read_body(headers, body))
        if any(each.account.upper() not in self.accounts for each in transfers):
            raise NoticeRefused("account_not_ours")
        return Notices(transfers, _reply(shape, transfers[0].teller_id))

    def read_statement(self, content: bytes) -> StatementFile:
        """See `statement.read_statement`."""
        return read_statement(content, self._account)


def _reply(shape: str, teller_id: str) -> dict[str, Any]:
    """What each messenger takes for "it has arrived"."""
    if shape == "vietqr":
        return {
            "error": False,
            "errorReason": None,
            "toastMessage": None,
            "object": {"reftransactionid": teller_id},
        }
    return {"success": True}
