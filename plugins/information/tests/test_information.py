"""Sở Thông tin và Truyền thông: the contract, and each rule of its own against figures worked out by hand."""

from __future__ import annotations

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.dossier import Channel
from kiosk.plugin.testing import DepartmentContract, PluginCase


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_three_procedures(self, department):
        assert {p.key: p.code for p in department.procedures} == {
            "1.003868": "1.003868",
            "1.003725": "1.003725",
            "1.003659": "1.003659",
        }
        assert (department.prefix, department.title) == ("M", "Sở Thông tin và Truyền thông")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [
            ("ky yeu", "1.003868"),
            ("nhập sách", "1.003725"),
            ("ship hàng", "1.003659"),
        ],
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]


class TestFees(PluginCase):
    @pytest.mark.parametrize("channel", list(Channel))
    @pytest.mark.parametrize(
        ("key", "answers", "kind", "dong"),
        [
            ("1.003868", {"pages": 1}, "phi", 15_000),
            ("1.003868", {"pages": 2}, "phi", 30_000),
            ("1.003868", {"pages": 99}, "phi", 1_485_000),
            ("1.003725", {}, "le_phi", 50_000),
            ("1.003659", {}, "phi", 10_750_000),
        ],
    )
    def test_one_line_the_same_by_every_channel(self, fee, key, answers, kind, dong, channel):
        assert [(line.kind, line.total) for line in fee(key, channel=channel, **answers)] == [(kind, dong)]

    def test_the_line_names_rate_and_pages(self, fee):
        (line,) = fee("1.003868", pages=64)
        assert (line.case, line.amount, line.quantity) == ("Tài liệu dưới 100 trang quy chuẩn", 15_000, 64)


class TestRefusals(PluginCase):
    @pytest.mark.parametrize(
        ("pages", "refused"), [(1, False), (99, False), (100, True), (101, True), (9_999, True)]
    )
    def test_check_intake_refuses_what_has_no_known_rate(self, offered, pages, refused):
        procedure = offered.find_procedure("1.003868")
        refusals = offered.ask("check_intake", procedure=procedure, answers={"pages": pages})
        assert [name for name, _ in refusals] == ["information"] * refused

    def test_the_refusal_says_what_is_missing(self, offered):
        procedure = offered.find_procedure("1.003868")
        ((_, reason),) = offered.ask("check_intake", procedure=procedure, answers={"pages": 100})
        assert "mức thu" in reason
        assert "100 trang" in reason


class TestTerms(PluginCase):
    @pytest.mark.parametrize(
        ("key", "answers", "term"),
        [
            ("1.003868", {}, Term(15, TimeUnit.CALENDAR_DAYS)),
            ("1.003659", {}, Term(20, TimeUnit.CALENDAR_DAYS)),
        ],
    )
    def test_the_term_of_the_law(self, offered, key, answers, term):
        assert offered.term_for(offered.find_procedure(key), answers) == term
