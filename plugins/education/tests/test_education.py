"""Sở Giáo dục và Đào tạo: the contract, and each rule of its own against figures worked out by hand."""

from __future__ import annotations

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.plugin.testing import DepartmentContract, PluginCase


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_four_procedures(self, department):
        assert {p.key: p.code for p in department.procedures} == {
            "1.005092": "1.005092",
            "2.001914": "2.001914",
            "3.000181": "3.000181",
            "chuyen-truong-trung-hoc-pho-thong": None,
        }
        assert (department.prefix, department.title) == ("E", "Sở Giáo dục và Đào tạo")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [
            ("sao bang", "1.005092"),
            ("sửa bằng", "2.001914"),
            ("lop 10", "3.000181"),
            ("chuyển trường", "chuyen-truong-trung-hoc-pho-thong"),
        ],
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]

    def test_a_copy_from_the_register_is_given_on_the_spot(self, department):
        assert [p.key for p in department.procedures if p.on_the_spot] == ["1.005092"]


class TestFees(PluginCase):
    def test_nothing_costs_anything(self, department, fee):
        assert {line.total for p in department.procedures for line in fee(p.key)} == {0}


class TestTerms(PluginCase):
    @pytest.mark.parametrize(
        ("key", "answers", "term"),
        [
            ("1.005092", {}, Term(0, TimeUnit.SAME_DAY)),
            ("2.001914", {}, Term(5, TimeUnit.WORKING_DAYS)),
            ("3.000181", {}, Term(0, TimeUnit.NONE)),
        ],
    )
    def test_the_term_of_the_law(self, offered, key, answers, term):
        assert offered.term_for(offered.find_procedure(key), answers) == term
