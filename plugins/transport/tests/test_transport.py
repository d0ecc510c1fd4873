"""Sở Giao thông vận tải: the contract, and each rule of its own against figures worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.dossier import Channel
from kiosk.plugin.testing import DepartmentContract, PluginCase

LICENCES = ("1.002809", "1.002820", "1.002796")


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_five_procedures(self, department):
        assert {p.key for p in department.procedures} == {*LICENCES, "1.000703", "2.002288"}
        assert (department.prefix, department.title) == ("G", "Sở Giao thông vận tải")

    def test_a_licence_is_found_as_people_call_it(self, offered):
        assert {p.key for p in offered.search("bang lai")} == set(LICENCES)


class TestFees(PluginCase):
    @pytest.mark.parametrize("key", LICENCES)
    @pytest.mark.parametrize(
        ("on", "online"),
        [
            (date(2022, 6, 14), 135_000),
            (date(2023, 11, 30), 135_000),
            (date(2023, 12, 1), 115_000),
            (date(2025, 12, 31), 115_000),
            (date(2026, 1, 1), 135_000),
        ],
    )
    def test_a_licence_is_cheaper_online_between_two_days_only(self, fee, key, on, online):
        assert [line.total for line in fee(key, channel=Channel.ONLINE, on=on)] == [online]
        assert [line.total for line in fee(key, channel=Channel.IN_PERSON, on=on)] == [135_000]
        assert [line.total for line in fee(key, channel=Channel.POST, on=on)] == [135_000]

    def test_the_discount_names_the_circular_that_grants_it(self, fee):
        (line,) = fee("1.002809", channel=Channel.ONLINE, on=date(2024, 6, 1))
        assert "trực tuyến" in line.case
        assert "TT 63/2023/TT-BTC" in line.legal_basis

    def test_a_badge_is_free_and_a_business_licence_is_not(self, fee):
        assert [line.total for line in fee("2.002288")] == [0]
        assert [line.total for line in fee("1.000703")] == [200_000]


class TestTerms(PluginCase):
    @pytest.mark.parametrize(
        ("key", "case", "term"),
        [
            ("2.002288", "local", Term(2, TimeUnit.WORKING_DAYS)),
            ("2.002288", "elsewhere", Term(8, TimeUnit.WORKING_DAYS)),
            ("1.002820", "usual", Term(2, TimeUnit.MONTHS)),
            ("1.002820", "retest", Term(0, TimeUnit.NONE)),
        ],
    )
    def test_the_term_follows_the_answer(self, offered, key, case, term):
        assert offered.term_for(offered.find_procedure(key), {"term_case": case}) == term

    @pytest.mark.parametrize(
        ("key", "title"), [("2.002288", "Nơi đăng ký xe"), ("1.002820", "Lý do cấp lại")]
    )
    def test_intake_fields_ask_in_the_words_of_the_counter(self, offered, key, title):
        procedure = offered.find_procedure(key)
        assert [(f.key, f.title) for f in offered.intake_fields(procedure)] == [("term_case", title)]

    def test_every_choice_of_a_question_is_a_case_of_the_catalogue(self, offered, department):
        for procedure in department.procedures:
            known = {"usual", *(case.key for case in procedure.term_cases)}
            for field in offered.intake_fields(procedure):
                assert {key for key, _ in field.choices} <= known
