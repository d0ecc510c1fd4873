"""Công an tỉnh: the contract, and each rule of its own against figures worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.dossier import Channel
from kiosk.domain.money import total
from kiosk.plugin.contract import default_answers
from kiosk.plugin.testing import DepartmentContract, PluginCase

PASSPORT, LOST_PASSPORT, PASSPORT_FOUND = "1.001456", "1.001445", "1.010384"
ID_CARD, ID_CARD_EXCHANGE, ID_CARD_REISSUE = "2.000200", "2.001195", "2.001194"
NUMBER_CONFIRMATION = "2.001178"
PERMANENT, TEMPORARY = "1.004222", "1.004194"


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_nine_procedures(self, department):
        assert {p.key for p in department.procedures} == {
            PASSPORT,
            LOST_PASSPORT,
            PASSPORT_FOUND,
            ID_CARD,
            ID_CARD_EXCHANGE,
            ID_CARD_REISSUE,
            NUMBER_CONFIRMATION,
            PERMANENT,
            TEMPORARY,
        }
        assert (department.prefix, department.title) == ("A", "Công an tỉnh")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [
            ("passport", PASSPORT),
            ("cccd", ID_CARD),
            ("mat can cuoc", ID_CARD_REISSUE),
            ("tạm trú", TEMPORARY),
        ],
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]

    def test_old_papers_are_collected(self, department):
        assert {p.key for p in department.procedures if p.collect_back} == {PASSPORT, ID_CARD_EXCHANGE}


class TestPassport(PluginCase):
    @pytest.mark.parametrize(
        ("on", "standard", "lost"),
        [
            (date(2022, 6, 14), 200_000, 400_000),
            (date(2023, 12, 31), 200_000, 400_000),
            (date(2024, 1, 1), 180_000, 360_000),
            (date(2025, 12, 31), 180_000, 360_000),
            (date(2026, 1, 1), 200_000, 400_000),
        ],
    )
    def test_cheaper_online_between_two_days_only(self, fee, on, standard, lost):
        assert total(fee(PASSPORT, channel=Channel.ONLINE, on=on)) == standard
        assert total(fee(PASSPORT, channel=Channel.ONLINE, on=on, fee_case="lost_or_damaged")) == lost
        for channel in (Channel.IN_PERSON, Channel.POST):
            assert total(fee(PASSPORT, channel=channel, on=on)) == 200_000
            assert total(fee(PASSPORT, channel=channel, on=on, fee_case="lost_or_damaged")) == 400_000

    def test_the_discount_names_the_rule_that_grants_it(self, fee):
        (line,) = fee(PASSPORT, channel=Channel.ONLINE, on=date(2024, 6, 1))
        assert "trực tuyến" in line.case
        assert "TT 63/2023/TT-BTC Đ.5" in line.legal_basis
        (line,) = fee(PASSPORT, channel=Channel.IN_PERSON, on=date(2024, 6, 1))
        assert line.legal_basis == "TT 25/2021/TT-BTC"

    def test_a_fee_nobody_has_found_is_not_charged_and_says_so(self, fee, offered):
        (line,) = fee(PASSPORT_FOUND)
        assert line.total == 0
        assert "cần xác nhận" in line.case
        assert "fee" in offered.find_procedure(PASSPORT_FOUND).doubts


class TestIdentityCards(PluginCase):
    @pytest.mark.parametrize(("case", "dong"), [("first", 0), ("exchange", 50_000), ("reissue", 70_000)])
    def test_by_reason(self, fee, case, dong):
        assert total(fee(ID_CARD, fee_case=case)) == dong

    def test_exchange_and_reissue_have_procedures_of_their_own(self, fee):
        assert total(fee(ID_CARD_EXCHANGE)) == 50_000
        assert total(fee(ID_CARD_REISSUE)) == 70_000


class TestResidence(PluginCase):
    def test_permanent_residence_costs_half_online(self, fee):
        assert total(fee(PERMANENT)) == 20_000
        assert total(fee(PERMANENT, channel=Channel.ONLINE)) == 10_000

    @pytest.mark.parametrize("key", [PERMANENT, TEMPORARY])
    @pytest.mark.parametrize("channel", list(Channel))
    def test_who_is_exempt_pays_nothing(self, fee, key, channel):
        assert total(fee(key, fee_case="exempt", channel=channel)) == 0

    @pytest.mark.parametrize(
        ("case", "people", "in_person", "online"),
        [
            ("individual", 1, 15_000, 7_000),
            ("individual", 4, 15_000, 7_000),
            ("by_list", 1, 10_000, 5_000),
            ("by_list", 2, 20_000, 10_000),
            ("by_list", 37, 370_000, 185_000),
            ("exempt", 5, 0, 0),
        ],
    )
    def test_temporary_residence_counts_the_people_on_a_list_only(self, fee, case, people, in_person, online):
        assert total(fee(TEMPORARY, fee_case=case, people=people)) == in_person
        assert total(fee(TEMPORARY, fee_case=case, people=people, channel=Channel.ONLINE)) == online


class TestTerms(PluginCase):
    def test_what_the_database_holds_decides_and_the_longer_term_is_promised(self, offered):
        procedure = offered.find_procedure(NUMBER_CONFIRMATION)
        answers = default_answers(offered.intake_fields(procedure))
        assert offered.term_for(procedure, answers) == Term(7, TimeUnit.WORKING_DAYS)
        assert offered.term_for(procedure, {"term_case": "in_database"}) == Term(3, TimeUnit.WORKING_DAYS)

    def test_every_choice_of_a_question_is_a_case_of_the_catalogue(self, offered, department):
        for procedure in department.procedures:
            known = {case.key for case in procedure.fees} | {case.key for case in procedure.term_cases}
            for field in offered.intake_fields(procedure):
                assert {key for key, _ in field.choices} <= known
