"""What a paper about money says: the slip with the code before it is paid, the receipts after."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from kiosk.domain.document import printable
from kiosk.domain.money import dong_in_words, format_dong

_WORDS = {
    "vi": {
        "ask": "Phiếu thu phí, lệ phí",
        "paid": "Biên nhận thu phí, lệ phí",
        "reference": "Mã thu",
        "dossier": "Hồ sơ",
        "phi": "Phí",
        "le_phi": "Lệ phí",
        "account": "Tài khoản",
        "holder": "Chủ tài khoản",
        "bank": "Ngân hàng",
        "until": "Trả trước",
        "receipt": "Biên lai số",
        "method": "Hình thức",
        "total": "Tổng cộng",
        "scan": "Mở ứng dụng ngân hàng, quét mã. Số tiền và nội dung đã có sẵn, xin giữ nguyên.",
        "repeat": "IN LẠI {n}",
    },
    "en": {
        "ask": "Fees to pay",
        "paid": "Fees received",
        "reference": "Payment code",
        "dossier": "Dossier",
        "phi": "Fee (phí)",
        "le_phi": "Charge (lệ phí)",
        "account": "Account",
        "holder": "Account holder",
        "bank": "Bank",
        "until": "Pay before",
        "receipt": "Receipt",
        "method": "Paid by",
        "total": "Total",
        "scan": "Scan with your banking app. Amount and text are filled in; please leave them as they are.",
        "repeat": "IN LẠI {n} · REPRINT {n}",
    },
}


@dataclass(frozen=True, slots=True)
class MoneySlip:
    """The facts on a paper about money; never who pays.

    `at` is in the office's zone; `receipts` are (number, kind, amount in đồng) and empty before it is paid; `payload` is
    the content of the code, "" for none; `until` is when it runs out.
    """

    office_title: str
    office_subtitle: str
    reference: str
    dossiers: tuple[str, ...]
    phi: int
    le_phi: int
    amount: int
    method: str
    at: datetime
    payload: str = ""
    account: str = ""
    holder: str = ""
    bank: str = ""
    until: datetime | None = None
    receipts: tuple[tuple[str, str, int], ...] = ()
    counter: int | None = None
    language: str = "vi"
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class MoneyText:
    """Every text of such a paper, safe to draw."""

    title: str
    subtitle: str
    repeat_mark: str
    heading: str
    amount: str
    in_words: str
    rows: tuple[tuple[str, str], ...]
    scan: str
    footer: str


def money_text(slip: MoneySlip) -> MoneyText:
    """Put the facts into words; an unknown language falls back to Vietnamese."""
    words = _WORDS.get(slip.language, _WORDS["vi"])
    paid = bool(slip.receipts)
    rows = [(words["reference"], slip.reference)]
    rows += [(words["dossier"], code) for code in slip.dossiers]
    if paid:
        rows += [
            (f"{words['receipt']} {number}", f"{words[kind]} {format_dong(amount, short=True)}")
            for number, kind, amount in slip.receipts
        ]
        rows.append((words["method"], slip.method))
    else:
        rows += [
            (words[kind], format_dong(amount, short=True))
            for kind, amount in (("phi", slip.phi), ("le_phi", slip.le_phi))
            if amount
        ]
        if slip.payload:
            shown = (("bank", slip.bank), ("account", slip.account), ("holder", slip.holder))
            rows += [(words[name], value) for name, value in shown if value]
        if slip.until:
            rows.append((words["until"], f"{slip.until:%H:%M %d/%m/%Y}"))
    return MoneyText(
        title=printable(slip.office_title).upper(),
        subtitle=printable(slip.office_subtitle),
        repeat_mark=words["repeat"].format(n=slip.repeat) if slip.repeat > 0 else "",
        heading=words["paid" if paid else "ask"],
        amount=format_dong(slip.amount),
        in_words=dong_in_words(slip.amount) if slip.language != "en" else "",
        rows=tuple((printable(name), printable(value)) for name, value in rows),
        scan=words["scan"] if slip.payload and not paid else "",
        footer=f"{slip.at:%H:%M %d/%m/%Y}" + (f" · Quầy {slip.counter}" if slip.counter else ""),
    )


def money_slip_to_json(slip: MoneySlip) -> dict[str, Any]:
    """The slip as plain JSON values."""
    return {
        **asdict(slip),
        "dossiers": list(slip.dossiers),
        "receipts": [list(each) for each in slip.receipts],
        "at": slip.at.isoformat(),
        "until": slip.until.isoformat() if slip.until else None,
    }


def money_slip_from_json(values: dict[str, Any]) -> MoneySlip:
    """The slip back; KeyError, TypeError or ValueError when the values are not a slip's."""
    return MoneySlip(
        **{
            **values,
            "dossiers": tuple(values["dossiers"]),
            "receipts": tuple((number, kind, amount) for number, kind, amount in values["receipts"]),
            "at": datetime.fromisoformat(values["at"]),
            "until": datetime.fromisoformat(values["until"]) if values.get("until") else None,
        }
    )
