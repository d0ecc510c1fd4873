"""Whether two tellings mean one transfer, told by the rule and not by a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kiosk.domain.errors import DomainError
from kiosk.domain.payment.identity import (
    KnownTransfer,
    Source,
    Told,
    bare_reference,
    identify,
    memo_mark,
    same_memo,
    same_numbering,
)
from kiosk.domain.payment.matching import Reason, read_memo
from kiosk.domain.payment.rules import MoneyRules, RemittanceRule, Stretch, stretch_of
from kiosk.domain.payment.transfer import Transfer

AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
MEMO = "MBVCB.1.NOP LE PHI HO SO SO 15.CT tu 0071 NGUYEN A"


class Shelf:
    """The transfers an office has, in a list."""

    def __init__(self, *known: KnownTransfer) -> None:
        self.known = known

    def by_teller(self, session: str, teller_id: str) -> KnownTransfer | None:
        return next((k for k in self.known if (session, teller_id) == ("vcb", str(k.id))), None)

    def by_reference(self, reference: str, at: datetime) -> list[KnownTransfer]:
        return [k for k in self.known if any(reference == told[2] for told in k.told)]

    def alike(self, transfer: Transfer, mark: str) -> list[KnownTransfer]:
        return [k for k in self.known if k.agrees(transfer)]

    def remember(self, known: KnownTransfer) -> None:
        raise AssertionError

    def tell(self, known: KnownTransfer, telling: dict[str, Any]) -> None:
        raise AssertionError


def known(key: int = 1, memo: str = MEMO, **fields: Any) -> KnownTransfer:
    usual = {"account": "1", "amount": 100, "incoming": True, "at": AT, "told": [("notice", "vcb", "MBVCB1")]}
    return KnownTransfer(key, mark=memo_mark(memo, ("BGPH",)), **{**usual, **fields})


def told(source: Source = Source.STATEMENT, session: str = "statement:1", **fields: Any) -> Told:
    usual = Transfer("", "5017.9", "1", 100, True, AT, MEMO)
    return Told(source, session, replace(usual, **fields))


def meant(telling: Told, *transfers: KnownTransfer) -> tuple[int | None, bool]:
    found = identify(telling, memo_mark(telling.transfer.memo, ("BGPH",)), Shelf(*transfers))
    return (found.known.id if found.known else None, found.contradicts)


@pytest.mark.parametrize(
    ("telling", "expected"),
    [
        (told(), (1, False)),
        (told(at=AT + timedelta(hours=30)), (1, False)),
        (told(memo=MEMO[:30]), (1, False)),
        (told(memo="something else altogether"), (None, False)),
        (told(bank_reference="MBVCB.1", memo=""), (1, False)),
        (told(bank_reference="MBVCB.1", amount=200), (1, True)),
        (told(bank_reference="MBVCB.1", incoming=False), (1, True)),
        (told(bank_reference="MBVCB.2"), (None, False)),
        (told(Source.NOTICE, "vcb", teller_id="1", memo="", bank_reference=""), (1, False)),
        (told(Source.NOTICE, "vcb", teller_id="1", amount=7), (1, True)),
        (told(Source.NOTICE, "vcb", teller_id="2", bank_reference=""), (None, False)),
        (told(Source.NOTICE, "other", teller_id="1", bank_reference="MBVCB.7"), (None, False)),
        (told(account="2"), (None, False)),
    ],
)
def test_who_is_meant(telling: Told, expected: tuple[int | None, bool]) -> None:
    assert meant(telling, known()) == expected


def test_the_nearest_in_time_is_meant_and_nobody_twice() -> None:
    early, late = known(1, at=AT - timedelta(hours=5)), known(2, at=AT + timedelta(hours=1))
    assert meant(told(), early, late) == (2, False)
    late.told.append(("statement", "statement:1", "501799"))
    assert meant(told(), early, late) == (1, False)
    early.told.append(("statement", "statement:1", "501798"))
    assert meant(told(), early, late) == (None, False)


def test_memos_and_references() -> None:
    assert bare_reference("mbvcb.50-17 ") == "MBVCB5017"
    assert memo_mark("bgph\n7k3q-2mx", ("BGPH",)) == "" or memo_mark("x BGPH 7K3Q2M9", ("BGPH",))[0] != "="
    assert same_memo("ABCDEFGHIJ", "XXABCDEFGHIJYY")
    assert not same_memo("ABC", "XABCX")
    assert not same_memo("=A", "=B")
    assert same_numbering("MBVCB1", "MBVCB2")
    assert not same_numbering("5017", "5018")
    assert read_memo("", ("BGPH",)).reason is Reason.NO_REFERENCE
    assert read_memo("BGPH 7K3Q2M9", ("BGPH",)).reason is Reason.REFERENCE_DAMAGED


@pytest.mark.parametrize(
    ("rule", "day", "stretch"),
    [
        ("monthly_fifth", "2026-11-23", ("2026-11-01", "2026-11-30", "2026-12-05")),
        ("monthly_fifth", "2026-02-28", ("2026-02-01", "2026-02-28", "2026-03-05")),
        ("weekly_thursday", "2026-11-25", ("2026-11-19", "2026-11-25", "2026-11-26")),
        ("weekly_thursday", "2026-11-26", ("2026-11-26", "2026-12-02", "2026-12-03")),
        ("weekly_friday", "2026-11-26", ("2026-11-20", "2026-11-26", "2026-11-27")),
    ],
)
def test_when_a_department_remits(rule: str, day: str, stretch: tuple[str, str, str]) -> None:
    assert stretch_of(RemittanceRule(rule), date.fromisoformat(day)) == Stretch(
        *map(date.fromisoformat, stretch)
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"prefix": "bg"},
        {"prefix": "BGPHXX"},
        {"prefix": "BGPH", "former": ("BG",)},
        {"two_person_above": -1},
        {"two_person_above": 1.5},
        {"phi_series": "bl p"},
        {"phi_series": "A", "le_phi_series": "A"},
        {"remittance": {"justice": "whenever"}},
    ],
)
def test_rules_that_cannot_hold_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(DomainError):
        MoneyRules(**fields).check()
    assert MoneyRules.from_json(MoneyRules(former=("BG2",)).as_json() | {"gone": 1}) == MoneyRules(
        former=("BG2",)
    )
