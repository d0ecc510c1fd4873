"""Sở Nông nghiệp và Phát triển nông thôn: the contract, and each rule of its own against figures worked out by hand."""

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
            "1.004363": "1.004363",
            "1.007931": "1.007931",
            "1.001686": "1.001686",
            "2.001827": "2.001827",
        }
        assert (department.prefix, department.title) == ("N", "Sở Nông nghiệp và Phát triển nông thôn")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [
            ("thuoc tru sau", "1.004363"),
            ("phân đạm", "1.007931"),
            ("thú y", "1.001686"),
            ("giet mo", "2.001827"),
        ],
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]


class TestFees(PluginCase):
    @pytest.mark.parametrize("channel", list(Channel))
    @pytest.mark.parametrize(
        ("key", "answers", "kind", "dong"),
        [
            ("1.004363", {}, "phi", 500_000),
            ("1.007931", {}, "phi", 500_000),
            ("1.001686", {}, "phi", 230_000),
            ("2.001827", {}, "phi", 700_000),
        ],
    )
    def test_one_line_the_same_by_every_channel(self, fee, key, answers, kind, dong, channel):
        assert [(line.kind, line.total) for line in fee(key, channel=channel, **answers)] == [(kind, dong)]


class TestTerms(PluginCase):
    @pytest.mark.parametrize(
        ("key", "answers", "term"),
        [
            ("1.004363", {"term_case": "usual"}, Term(21, TimeUnit.CALENDAR_DAYS)),
            ("1.004363", {"term_case": "remedy"}, Term(84, TimeUnit.CALENDAR_DAYS)),
            ("1.007931", {}, Term(13, TimeUnit.WORKING_DAYS)),
            ("1.001686", {}, Term(8, TimeUnit.WORKING_DAYS)),
            ("2.001827", {}, Term(15, TimeUnit.WORKING_DAYS)),
        ],
    )
    def test_the_term_of_the_law(self, offered, key, answers, term):
        assert offered.term_for(offered.find_procedure(key), answers) == term
