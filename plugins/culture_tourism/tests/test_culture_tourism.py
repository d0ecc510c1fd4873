"""Sở Văn hóa, Thể thao và Du lịch: the contract, and each rule of its own against figures worked out by hand."""

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
            "1.004628": "1.004628",
            "1.004623": "1.004623",
            "1.004650": "1.004650",
            "1.004594": "1.004594",
        }
        assert (department.prefix, department.title) == ("V", "Sở Văn hóa, Thể thao và Du lịch")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [
            ("huong dan vien quoc te", "1.004628"),
            ("HDV", "1.004623"),
            ("treo băng rôn", "1.004650"),
            ("khách sạn", "1.004594"),
        ],
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]


class TestFees(PluginCase):
    @pytest.mark.parametrize("channel", list(Channel))
    @pytest.mark.parametrize(
        ("key", "answers", "kind", "dong"),
        [
            ("1.004628", {}, "phi", 650_000),
            ("1.004623", {}, "phi", 650_000),
            ("1.004650", {}, "le_phi", 0),
            ("1.004594", {"fee_case": "one_two_stars"}, "phi", 1_500_000),
            ("1.004594", {"fee_case": "three_stars"}, "phi", 2_000_000),
        ],
    )
    def test_one_line_the_same_by_every_channel(self, fee, key, answers, kind, dong, channel):
        assert [(line.kind, line.total) for line in fee(key, channel=channel, **answers)] == [(kind, dong)]


class TestTerms(PluginCase):
    @pytest.mark.parametrize(
        ("key", "answers", "term"),
        [
            ("1.004628", {}, Term(15, TimeUnit.CALENDAR_DAYS)),
            ("1.004650", {}, Term(5, TimeUnit.WORKING_DAYS)),
            ("1.004594", {}, Term(30, TimeUnit.CALENDAR_DAYS)),
        ],
    )
    def test_the_term_of_the_law(self, offered, key, answers, term):
        assert offered.term_for(offered.find_procedure(key), answers) == term
