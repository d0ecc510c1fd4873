"""Sở Nội vụ: the contract, and each rule of its own against figures worked out by hand."""

from __future__ import annotations

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.plugin.testing import DepartmentContract, PluginCase


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_three_procedures(self, department):
        assert {p.key: p.code for p in department.procedures} == {
            "2.000449": "2.000449",
            "1.003503": "1.003503",
            "2.001481": "2.001481",
        }
        assert (department.prefix, department.title) == ("P", "Sở Nội vụ")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [
            ("khen thuong", "2.000449"),
            ("ban vận động", "1.003503"),
            ("hiệp hội", "2.001481"),
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
            ("2.000449", {}, Term(25, TimeUnit.CALENDAR_DAYS)),
            ("1.003503", {}, Term(30, TimeUnit.CALENDAR_DAYS)),
            ("2.001481", {}, Term(30, TimeUnit.CALENDAR_DAYS)),
        ],
    )
    def test_the_term_of_the_law(self, offered, key, answers, term):
        assert offered.term_for(offered.find_procedure(key), answers) == term
