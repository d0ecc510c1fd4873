"""Bảo hiểm xã hội tỉnh: the contract, and each rule of its own against figures worked out by hand."""

from __future__ import annotations

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.plugin.testing import DepartmentContract, PluginCase


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_five_procedures_of_unknown_code(self, department):
        assert {p.key: p.code for p in department.procedures} == {
            "bao-hiem-xa-hoi-mot-lan": None,
            "luong-huu-tro-cap-hang-thang": None,
            "cap-lai-so-bao-hiem-the-bao-hiem-y-te": None,
            "dang-ky-dong-bao-hiem-bat-buoc": None,
            "om-dau-thai-san-duong-suc": None,
        }
        assert (department.prefix, department.title) == ("B", "Bảo hiểm xã hội tỉnh")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [
            ("rut bao hiem", "bao-hiem-xa-hoi-mot-lan"),
            ("nghỉ hưu", "luong-huu-tro-cap-hang-thang"),
            ("mat the", "cap-lai-so-bao-hiem-the-bao-hiem-y-te"),
            ("BHTN", "dang-ky-dong-bao-hiem-bat-buoc"),
            ("thai san", "om-dau-thai-san-duong-suc"),
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
            ("bao-hiem-xa-hoi-mot-lan", {}, Term(5, TimeUnit.WORKING_DAYS)),
            ("luong-huu-tro-cap-hang-thang", {}, Term(12, TimeUnit.WORKING_DAYS)),
            ("om-dau-thai-san-duong-suc", {}, Term(6, TimeUnit.WORKING_DAYS)),
        ],
    )
    def test_the_term_of_the_law(self, offered, key, answers, term):
        assert offered.term_for(offered.find_procedure(key), answers) == term
