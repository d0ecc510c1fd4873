"""Sở Tài nguyên và Môi trường: the contract, and each rule of its own against figures worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.calendar import OFFICE_ZONE, WorkingCalendar
from kiosk.domain.deadlines import Term, TimeUnit, due_on, extended_due_on
from kiosk.domain.dossier import Channel
from kiosk.domain.money import total
from kiosk.domain.procedure import ClockStart
from kiosk.plugin.contract import default_answers
from kiosk.plugin.testing import DepartmentContract, PluginCase

EXCHANGE, LOST, CHANGE = "1.012783", "1.012786", "1.013831"
MORTGAGE, LAND_DATA, CORRECTION = "1.011441", "1.012789", "1.012790"
NO_HOLIDAYS = WorkingCalendar(frozenset())


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(OFFICE_ZONE))


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_six_procedures(self, department):
        keys = {p.key for p in department.procedures}
        assert keys == {EXCHANGE, LOST, CHANGE, MORTGAGE, LAND_DATA, CORRECTION}
        assert (department.prefix, department.title) == ("D", "Sở Tài nguyên và Môi trường")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [("so do", EXCHANGE), ("mất sổ đỏ", LOST), ("sang ten", CHANGE), ("vay ngan hang", MORTGAGE)],
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]

    def test_codes_of_the_new_land_law_begin_with_it(self, offered):
        assert offered.find_procedure(EXCHANGE).valid_from == date(2024, 8, 1)
        assert offered.find_procedure(CHANGE).valid_from == date(2025, 7, 1)
        assert offered.find_procedure(MORTGAGE).in_force(date(2022, 6, 14))

    def test_old_certificates_are_collected_where_there_are_new_ones(self, department):
        assert {p.key for p in department.procedures if p.collect_back} == {EXCHANGE, CHANGE}


class TestMatrices(PluginCase):
    @pytest.mark.parametrize(
        ("key", "subject", "thing", "in_person", "online"),
        [
            (EXCHANGE, "individual", "land", 870_000, 769_500),
            (EXCHANGE, "individual", "assets", 870_000, 769_500),
            (EXCHANGE, "individual", "both", 1_140_000, 1_026_000),
            (EXCHANGE, "organisation", "land", 990_000, 940_500),
            (EXCHANGE, "organisation", "assets", 940_000, 893_000),
            (EXCHANGE, "organisation", "both", 1_260_000, 1_197_000),
            (MORTGAGE, "individual", "land", 280_000, 266_000),
            (MORTGAGE, "individual", "assets", 330_000, 313_500),
            (MORTGAGE, "individual", "both", 410_000, 389_500),
            (MORTGAGE, "organisation", "land", 590_000, 560_500),
            (MORTGAGE, "organisation", "assets", 580_000, 551_000),
            (MORTGAGE, "organisation", "both", 760_000, 722_000),
            (LOST, "individual", "land", 810_000, 769_500),
            (LOST, "organisation", "land", 990_000, 940_500),
        ],
    )
    def test_every_cell_by_every_channel(self, fee, key, subject, thing, in_person, online):
        answers = {"subject": subject, "object": thing}
        assert total(fee(key, **answers)) == in_person
        assert total(fee(key, channel=Channel.POST, **answers)) == in_person
        assert total(fee(key, channel=Channel.ONLINE, **answers)) == online

    @pytest.mark.parametrize(
        ("subject", "outcome", "thing", "dong"),
        [
            ("organisation", "new", "land", 1_130_000),
            ("organisation", "new", "assets", 1_180_000),
            ("organisation", "new", "both", 1_410_000),
            ("organisation", "annotation", "land", 950_000),
            ("organisation", "annotation", "both", 1_200_000),
            ("individual", "new", "land", 530_000),
            ("individual", "new", "assets", 580_000),
        ],
    )
    def test_a_change_of_rights_costs_the_same_by_every_channel(self, fee, subject, outcome, thing, dong):
        for channel in Channel:
            lines = fee(CHANGE, channel=channel, subject=subject, outcome=outcome, object=thing)
            assert [(line.kind, line.total) for line in lines] == [("phi", dong)]

    def test_an_individual_also_pays_le_phi_for_an_exchange_but_not_online(self, fee):
        lines = fee(EXCHANGE)
        assert [(line.kind, line.total) for line in lines] == [("phi", 810_000), ("le_phi", 60_000)]
        online = fee(EXCHANGE, channel=Channel.ONLINE)
        assert [(line.kind, line.total) for line in online] == [("phi", 769_500), ("le_phi", 0)]

    @pytest.mark.parametrize(
        ("certificates", "dong"), [(1, 870_000), (2, 920_000), (3, 970_000), (99, 870_000 + 4_900_000)]
    )
    def test_each_certificate_from_the_second_costs_extra(self, fee, certificates, dong):
        assert total(fee(EXCHANGE, certificates=certificates)) == dong

    def test_further_certificates_cost_the_same_online(self, fee):
        answers = {"subject": "organisation", "certificates": 2}
        assert total(fee(EXCHANGE, channel=Channel.ONLINE, **answers)) == 940_500 + 50_000


class TestLandData(PluginCase):
    @pytest.mark.parametrize(
        ("subject", "scans", "pages", "in_person", "online"),
        [
            ("individual", 1, 0, 18_000 + 32_800, 31_160),
            ("individual", 3, 0, 18_000 + 98_400, 93_480),
            ("individual", 0, 0, 18_000, 0),
            ("organisation", 0, 1, 36_000 + 8_200, 7_790),
            ("organisation", 0, 5, 36_000 + 41_000, 38_950),
            ("organisation", 0, 6, 36_000 + 41_900, 39_805),
            ("individual", 2, 7, 18_000 + 65_600 + 42_800, 62_320 + 40_660),
        ],
    )
    def test_scans_and_pages_at_two_rates_and_never_rounded(
        self, fee, subject, scans, pages, in_person, online
    ):
        answers = {"subject": subject, "scans": scans, "pages": pages}
        assert total(fee(LAND_DATA, **answers)) == in_person
        assert total(fee(LAND_DATA, channel=Channel.ONLINE, **answers)) == online

    def test_charge_and_service_are_told_apart(self, fee):
        lines = fee(LAND_DATA, pages=6)
        assert [(line.kind, line.amount, line.quantity) for line in lines] == [
            ("le_phi", 18_000, 1),
            ("phi", 32_800, 1),
            ("phi", 8_200, 5),
            ("phi", 900, 1),
        ]


class TestRefusals(PluginCase):
    @pytest.mark.parametrize(
        ("key", "answers"),
        [
            (LOST, {"object": "assets"}),
            (LOST, {"object": "both", "subject": "organisation"}),
            (CHANGE, {"object": "both"}),
            (CHANGE, {"outcome": "annotation"}),
            (CHANGE, {"outcome": "annotation", "object": "both"}),
            (CHANGE, {"subject": "organisation", "outcome": "annotation", "object": "assets"}),
        ],
    )
    def test_check_intake_refuses_a_cell_nobody_has_an_amount_for(self, offered, key, answers):
        procedure = offered.find_procedure(key)
        known = default_answers(offered.intake_fields(procedure)) | answers
        ((plugin, reason),) = offered.ask("check_intake", procedure=procedure, answers=known)
        assert plugin == "land_environment"
        assert reason.startswith("Chưa có mức thu cho trường hợp này")

    @pytest.mark.parametrize("key", [EXCHANGE, MORTGAGE])
    def test_whole_matrices_refuse_nothing(self, offered, key):
        procedure = offered.find_procedure(key)
        known = default_answers(offered.intake_fields(procedure))
        for subject in ("individual", "organisation"):
            for thing in ("land", "assets", "both"):
                answers = known | {"subject": subject, "object": thing}
                assert offered.ask("check_intake", procedure=procedure, answers=answers) == []


class TestTerms(PluginCase):
    @pytest.mark.parametrize(
        ("key", "case", "term"),
        [
            (EXCHANGE, "survey", Term(10, TimeUnit.WORKING_DAYS)),
            (EXCHANGE, "no_survey", Term(5, TimeUnit.WORKING_DAYS)),
            (CHANGE, "transfer", Term(8, TimeUnit.WORKING_DAYS)),
            (CHANGE, "sublease", Term(4, TimeUnit.WORKING_DAYS)),
            (LAND_DATA, "available", Term(0, TimeUnit.SAME_DAY)),
            (LAND_DATA, "not_available", Term(10, TimeUnit.WORKING_DAYS)),
        ],
    )
    def test_the_term_follows_the_answer(self, offered, key, case, term):
        assert offered.term_for(offered.find_procedure(key), {"term_case": case}) == term

    @pytest.mark.parametrize(("key", "days"), [(EXCHANGE, 10), (CHANGE, 8), (LAND_DATA, 10)])
    def test_the_default_answer_gives_the_usual_term(self, offered, key, days):
        procedure = offered.find_procedure(key)
        answers = default_answers(offered.intake_fields(procedure))
        assert offered.term_for(procedure, answers) == procedure.term == Term(days, TimeUnit.WORKING_DAYS)

    def test_fifteen_days_of_publication_are_not_counted(self, offered):
        term = offered.find_procedure(LOST).term
        # Monday 23/11 + 15 days = Tuesday 8/12, then ten working days.
        assert due_on(term, moment(23, 9), NO_HOLIDAYS) == date(2026, 12, 22)

    def test_a_mortgage_is_registered_the_same_day_by_the_clock_of_who_decides(self, offered):
        procedure = offered.find_procedure(MORTGAGE)
        assert procedure.clock_start is ClockStart.DECIDING_AGENCY
        assert due_on(procedure.term, moment(23, 15), NO_HOLIDAYS) == date(2026, 11, 23)
        assert due_on(procedure.term, moment(23, 15, 1), NO_HOLIDAYS) == date(2026, 11, 24)
        assert extended_due_on(procedure.term, moment(23, 9), NO_HOLIDAYS) == date(2026, 11, 26)
