"""Sở Khoa học và Công nghệ: the contract, and each rule of its own against figures worked out by hand."""

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
            "2.002380": "2.002380",
            "2.001259": "2.001259",
            "cong-bo-hop-quy": None,
        }
        assert (department.prefix, department.title) == ("S", "Sở Khoa học và Công nghệ")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [
            ("x quang", "2.002380"),
            ("hàng nhập", "2.001259"),
            ("dấu CR", "cong-bo-hop-quy"),
        ],
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]


class TestFees(PluginCase):
    @pytest.mark.parametrize("channel", list(Channel))
    @pytest.mark.parametrize(
        ("key", "answers", "kind", "dong"),
        [
            ("2.002380", {"fee_case": "dental"}, "phi", 2_000_000),
            ("2.002380", {"fee_case": "general"}, "phi", 3_000_000),
            ("2.002380", {"fee_case": "ct"}, "phi", 8_000_000),
            ("2.002380", {"fee_case": "dental", "devices": 2}, "phi", 4_000_000),
            ("2.002380", {"fee_case": "ct", "devices": 3}, "phi", 24_000_000),
            ("2.001259", {}, "le_phi", 0),
            ("cong-bo-hop-quy", {}, "le_phi", 150_000),
        ],
    )
    def test_one_line_the_same_by_every_channel(self, fee, key, answers, kind, dong, channel):
        assert [(line.kind, line.total) for line in fee(key, channel=channel, **answers)] == [(kind, dong)]

    def test_intake_fields_ask_for_kind_and_number(self, offered):
        fields = {f.key: f for f in offered.intake_fields(offered.find_procedure("2.002380"))}
        assert set(fields) == {"fee_case", "devices"}
        assert (fields["devices"].minimum, fields["devices"].default) == (1, 1)


class TestTerms(PluginCase):
    @pytest.mark.parametrize(
        ("key", "answers", "term"),
        [
            ("2.002380", {}, Term(25, TimeUnit.CALENDAR_DAYS)),
            ("2.001259", {}, Term(1, TimeUnit.WORKING_DAYS)),
            ("cong-bo-hop-quy", {}, Term(5, TimeUnit.WORKING_DAYS)),
        ],
    )
    def test_the_term_of_the_law(self, offered, key, answers, term):
        assert offered.term_for(offered.find_procedure(key), answers) == term
