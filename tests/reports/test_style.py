"""Numbers and days as Vietnamese official papers write them."""

from datetime import date
from decimal import Decimal

import pytest

from kiosk.reports import style


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (4, "4"), (999, "999"), (2562, "2.562"), (164440, "164.440"), (1234567, "1.234.567")],
)
def test_a_dot_between_thousands(value, text):
    assert style.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("88.8", "88,8%"), ("49", "49%"), ("0.0", "0,0%"), ("1234.5", "1.234,5%"), ("100", "100%")],
)
def test_a_comma_before_decimals(value, text):
    assert style.percent(Decimal(value)) == text


def test_a_share_of_nothing_is_a_dash_and_not_a_number():
    assert style.percent(None) == style.decimal(None) == "–"


def test_the_day_comes_first():
    assert style.day(date(2022, 6, 4)) == "04/06/2022"
