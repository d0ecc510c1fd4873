"""The contract, and the fee by the page."""

from __future__ import annotations

from datetime import date

from kiosk.domain.money import total
from kiosk.plugin.testing import DepartmentContract, PluginCase


class TestContract(DepartmentContract):
    pass


class TestRules(PluginCase):
    def test_copies_cost_by_the_page(self, fee):
        assert total(fee("ban-sao-tai-lieu", pages=12)) == 36_000

    def test_reading_is_done_the_same_day(self, due):
        assert due("doc-tai-cho") == date(2026, 11, 23)
