"""Amounts as machines and as banks write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import DomainError
from kiosk.domain.money import LARGEST_AMOUNT
from kiosk.domain.payment.transfer import Transfer, whole_amount, written_amount

AMOUNTS = st.integers(min_value=1, max_value=LARGEST_AMOUNT)


@given(amount=AMOUNTS)
def test_what_a_machine_writes_is_read_exactly(amount: int) -> None:
    assert whole_amount(amount) == whole_amount(str(amount)) == amount


@given(amount=AMOUNTS, mark=st.sampled_from([",", ".", ""]), cents=st.sampled_from(["", "00", "0"]))
def test_what_a_bank_writes_for_people_is_read_exactly(amount: int, mark: str, cents: str) -> None:
    text = f"{amount:,}".replace(",", mark)
    other = "." if mark == "," else ","
    assert written_amount(f" {text}{other + cents if cents else ''} ") == amount


@pytest.mark.parametrize(
    "value",
    [0, -1, 31160.0, 31160.5, True, None, "", "-5", "+5", "31,160", "31160.00", "1e5", "٣", " 5", 10**13, "10000000000000", [5]],
)  # fmt: skip
def test_a_machine_that_writes_something_else_is_refused(value: object) -> None:
    with pytest.raises(DomainError, match="amount_malformed"):
        whole_amount(value)


@pytest.mark.parametrize(
    "text",
    ["", "0", "0.00", "-31,160", "31,16", "3,1160", "31,160.50", "1,000.000", "31 160", "31160đ", "1.5", "٣١", "10,000,000,000,000"],
)  # fmt: skip
def test_what_cannot_be_a_number_of_dong_is_refused(text: str) -> None:
    with pytest.raises(DomainError, match="amount_malformed"):
        written_amount(text)


def test_a_memo_is_not_shown_with_its_transfer() -> None:
    transfer = Transfer(
        "1", "FT1", "1017588888", 31_160, True, datetime(2026, 11, 25, tzinfo=UTC), "TRAN VAN AN"
    )
    assert "TRAN" not in repr(transfer)
