"""Sở Y tế: the contract, and each rule of its own against figures worked out by hand."""

from __future__ import annotations

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.dossier import Channel
from kiosk.plugin.testing import DepartmentContract, PluginCase


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_four_procedures(self, department):
        assert {p.key: p.code for p in department.procedures} == {
            "1.004616": "1.004616",
            "1.004593": "1.004593",
            "chung-chi-hanh-nghe-kham-benh-chua-benh": None,
            "tu-cong-bo-san-pham": None,
        }
        assert (department.prefix, department.title) == ("Y", "Sở Y tế")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [
            ("duoc si", "1.004616"),
            ("tiem thuoc", "1.004593"),
            ("bác sĩ", "chung-chi-hanh-nghe-kham-benh-chua-benh"),
            ("tự công bố", "tu-cong-bo-san-pham"),
        ],
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]

    def test_a_declaration_is_taken_on_the_spot(self, department):
        assert [p.key for p in department.procedures if p.on_the_spot] == ["tu-cong-bo-san-pham"]


class TestFees(PluginCase):
    @pytest.mark.parametrize("channel", list(Channel))
    @pytest.mark.parametrize(
        ("key", "answers", "kind", "dong"),
        [
            ("1.004616", {}, "phi", 500_000),
            ("1.004593", {"fee_case": "pharmacy"}, "phi", 1_000_000),
            ("1.004593", {"fee_case": "drug_counter"}, "phi", 500_000),
            ("chung-chi-hanh-nghe-kham-benh-chua-benh", {}, "phi", 360_000),
            ("tu-cong-bo-san-pham", {}, "le_phi", 0),
        ],
    )
    def test_one_line_the_same_by_every_channel(self, fee, key, answers, kind, dong, channel):
        assert [(line.kind, line.total) for line in fee(key, channel=channel, **answers)] == [(kind, dong)]


class TestTerms(PluginCase):
    @pytest.mark.parametrize(
        ("key", "answers", "term"),
        [
            ("1.004616", {}, Term(20, TimeUnit.CALENDAR_DAYS)),
            ("1.004593", {"term_case": "inspection"}, Term(30, TimeUnit.CALENDAR_DAYS)),
            ("1.004593", {"term_case": "no_inspection"}, Term(20, TimeUnit.CALENDAR_DAYS)),
            ("chung-chi-hanh-nghe-kham-benh-chua-benh", {}, Term(60, TimeUnit.CALENDAR_DAYS)),
            ("tu-cong-bo-san-pham", {}, Term(0, TimeUnit.SAME_DAY)),
        ],
    )
    def test_the_term_of_the_law(self, offered, key, answers, term):
        assert offered.term_for(offered.find_procedure(key), answers) == term

    def test_intake_fields_ask_about_the_inspection_and_take_it_for_granted(self, offered):
        fields = {f.key: f for f in offered.intake_fields(offered.find_procedure("1.004593"))}
        assert (fields["term_case"].title, fields["term_case"].default) == (
            "Kiểm tra thực tế cơ sở",
            "inspection",
        )
        assert set(fields) == {"term_case", "fee_case"}
