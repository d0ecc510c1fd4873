"""The half-year report of 2022: its percentages come out of its own counts, each over the base it names."""

from __future__ import annotations

import pytest

from kiosk.domain.counting import Counts
from kiosk.reports import style
from kiosk.reports.shares import SHARES

HALF_YEAR_2022 = Counts(
    received=164_440,
    carried_over=3_278,
    in_period_online=79_511,
    in_period_direct=161_162 - 79_511,
    resolved=161_878,
    early=143_794,
    on_time=18_080,
    late=4,
    in_progress=2_562,
    in_time=2_562,
    supplements=41,
    returned=95,
    linked=18_918,
    level_3=12_114,
    level_4=67_397,
    # Published as one figure; how it parts is not known, and the share does not need it.
    post_returned=69_396,
)


@pytest.fixture
def printed() -> dict[str, tuple[str, str, str]]:
    """Share by name: (to one decimal, to none, base)."""
    made = {rule.name: rule.of(HALF_YEAR_2022) for rule in SHARES}
    return {
        name: (style.percent(share.percent()), style.percent(share.percent(0)), share.denominator_name)
        for name, share in made.items()
    }


def test_the_published_counts_satisfy_the_form():
    HALF_YEAR_2022.check()
    assert HALF_YEAR_2022.in_period == 161_162


@pytest.mark.parametrize(
    ("name", "text", "base"),
    [
        ("early_of_resolved", "88,8%", "hồ sơ đã giải quyết"),
        ("on_time_of_resolved", "11,2%", "hồ sơ đã giải quyết"),
        ("late_of_resolved", "0,0%", "hồ sơ đã giải quyết"),
        ("in_progress_of_received", "1,6%", "tổng số hồ sơ tiếp nhận"),
    ],
)
def test_the_published_percentages(printed, name, text, base):
    assert (printed[name][0], printed[name][2]) == (text, base)


def test_online_is_48_or_49_and_says_over_what(printed):
    assert printed["online_of_received"][1:] == ("48%", "tổng số hồ sơ tiếp nhận")
    assert printed["online_of_in_period"][1:] == ("49%", "hồ sơ tiếp nhận trong kỳ")


def test_post_is_42_over_everything_received(printed):
    assert printed["bcci_of_received"][1:] == ("42%", "tổng số hồ sơ tiếp nhận")


def test_the_legal_rate_takes_everything_received_as_its_base(printed):
    assert printed["by_deadline_of_received"] == ("98,4%", "98%", "tổng số hồ sơ tiếp nhận")


def test_names_are_unique_and_titles_written():
    assert len({rule.name for rule in SHARES}) == len(SHARES)
    assert all(rule.title.strip() for rule in SHARES)
    # A title may be shared only by shares that differ in their base.
    assert len({(rule.title, rule.base) for rule in SHARES}) == len(SHARES)
