"""Sở Tư pháp: the contract, and each rule of its own against figures worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.money import total
from kiosk.plugin.testing import DepartmentContract, PluginCase

ANSWERS = {"slip_kind": "slip_1", "by_proxy": False, "slips": 1, "fee_case": "ordinary", "term_case": "usual"}


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_six_procedures_one_of_them_without_a_code(self, department):
        assert {p.key: p.code for p in department.procedures} == {
            "2.000488": "2.000488",
            "2.000815": "2.000815",
            "2.000884": "2.000884",
            "1.002010": "1.002010",
            "2.000635": "2.000635",
            "thong-bao-quoc-tich-nuoc-ngoai": None,
        }
        assert (department.prefix, department.title) == ("T", "Sở Tư pháp")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [
            ("tien an", "2.000488"),
            ("Sao y", "2.000815"),
            ("khai sinh", "2.000635"),
            ("song tịch", "thong-bao-quoc-tich-nuoc-ngoai"),
        ],
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]


class TestFees(PluginCase):
    @pytest.mark.parametrize(
        ("applicant", "slips", "dong"),
        [
            ("ordinary", 1, 200_000),
            ("ordinary", 2, 200_000),
            ("ordinary", 3, 205_000),
            ("ordinary", 5, 215_000),
            ("reduced", 2, 100_000),
            ("reduced", 4, 110_000),
            ("exempt", 1, 0),
            ("exempt", 6, 0),
        ],
    )
    def test_criminal_record_by_applicant_and_slips(self, fee, applicant, slips, dong):
        lines = fee("2.000488", fee_case=applicant, slips=slips)
        assert total(lines) == dong
        assert all(line.legal_basis == "TT 244/2016/TT-BTC Đ.4, Đ.5" for line in lines)

    @pytest.mark.parametrize(
        ("pages", "copies", "dong"),
        [
            (1, 1, 2_000),
            (2, 1, 4_000),
            (3, 1, 5_000),
            (10, 3, 36_000),
            (197, 1, 199_000),
            (198, 1, 200_000),
            (500, 2, 400_000),
        ],
    )
    def test_certified_copy_by_page_and_never_above_the_cap(self, fee, pages, copies, dong):
        assert total(fee("2.000815", pages=pages, copies=copies)) == dong

    def test_a_copy_names_both_page_rates(self, fee):
        assert [(line.case, line.amount, line.quantity) for line in fee("2.000815", pages=5, copies=2)] == [
            ("Trang 1-2", 2_000, 4),
            ("Từ trang thứ 3", 1_000, 6),
        ]

    def test_signatures_by_case_and_extracts_by_copy(self, fee):
        assert total(fee("2.000884", cases=3)) == 30_000
        assert total(fee("2.000635", copies=4)) == 32_000


class TestTerms(PluginCase):
    @pytest.mark.parametrize(
        ("case", "term"),
        [
            ("usual", Term(10, TimeUnit.CALENDAR_DAYS)),
            ("verification", Term(15, TimeUnit.CALENDAR_DAYS)),
            ("urgent", Term(24, TimeUnit.HOURS)),
        ],
    )
    def test_criminal_record(self, offered, case, term):
        procedure = offered.find_procedure("2.000488")
        assert offered.term_for(procedure, ANSWERS | {"term_case": case}) == term

    def test_certification_is_done_the_same_day(self, offered):
        for key in ("2.000815", "2.000884", "2.000635"):
            assert offered.term_for(offered.find_procedure(key), {}).unit is TimeUnit.SAME_DAY


class TestRefusals(PluginCase):
    def test_check_intake_refuses_slip_two_from_a_proxy_only(self, offered):
        procedure = offered.find_procedure("2.000488")

        def refusals(**answers):
            return offered.ask("check_intake", procedure=procedure, answers=ANSWERS | answers)

        assert [name for name, _ in refusals(slip_kind="slip_2", by_proxy=True)] == ["justice"]
        assert refusals(slip_kind="slip_2") == []
        assert refusals(by_proxy=True) == []

    def test_object_to_move_keeps_certification_in_the_house(self, offered):
        certified, record = SimpleNamespace(procedure="2.000815"), SimpleNamespace(procedure="2.000488")
        assert len(offered.ask("object_to_move", thing=certified, move="forward")) == 1
        assert offered.ask("object_to_move", thing=certified, move="finish") == []
        assert offered.ask("object_to_move", thing=record, move="forward") == []


class TestLines(PluginCase):
    def test_ticket_prefix_sends_certification_to_its_own_line_where_there_is_one(self, house, offered):
        copy, record = offered.find_procedure("2.000815"), offered.find_procedure("2.000488")
        assert offered.first("ticket_prefix", procedure=copy) is None
        with_line = type(offered)(house, offered.names, {"justice": {"certification_prefix": "C"}})
        assert with_line.first("ticket_prefix", procedure=copy) == "C"
        assert with_line.first("ticket_prefix", procedure=record) is None

    @pytest.mark.parametrize(
        ("prefix", "fine"), [("", True), ("C", True), ("CT", True), ("c", False), ("Đ", False), ("1", False)]
    )
    def test_check_settings_takes_letters_a_ticket_can_bear(self, house, prefix, fine):
        values = {"certification_prefix": prefix}
        outcome = house.call("justice", "check_settings", {"values": values}, {})
        assert not outcome.failed
        assert (outcome.value is None) == fine
