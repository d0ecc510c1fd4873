"""Sở Tài chính: the contract, and each rule of its own against figures worked out by hand."""

from __future__ import annotations

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.plugin.testing import DepartmentContract, PluginCase


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_three_procedures(self, department):
        assert {p.key: p.code for p in department.procedures} == {
            "2.002206": "2.002206",
            "ke-khai-gia": None,
            "hoa-don-ban-tai-san-cong": None,
        }
        assert (department.prefix, department.title) == ("F", "Sở Tài chính")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [
            ("ma ngan sach", "2.002206"),
            ("tăng giá", "ke-khai-gia"),
            ("hóa đơn đỏ", "hoa-don-ban-tai-san-cong"),
        ],
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]


class TestFees(PluginCase):
    def test_nothing_costs_anything(self, department, fee):
        assert {line.total for p in department.procedures for line in fee(p.key)} == {0}


class TestTerms(PluginCase):
    @pytest.mark.parametrize(
        ("key", "answers", "term"),
        [
            ("2.002206", {}, Term(2, TimeUnit.WORKING_DAYS)),
            ("ke-khai-gia", {}, Term(5, TimeUnit.WORKING_DAYS)),
        ],
    )
    def test_the_term_of_the_law(self, offered, key, answers, term):
        assert offered.term_for(offered.find_procedure(key), answers) == term
