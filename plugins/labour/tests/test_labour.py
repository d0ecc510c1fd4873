"""Sở Lao động - Thương binh và Xã hội: the contract, and what the catalogue must say."""

from __future__ import annotations

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.procedure import ClockStart
from kiosk.plugin.testing import DepartmentContract, PluginCase

NEW_PERMIT, REISSUE, EXTENSION, EXEMPTION = "2.000205", "2.000192", "1.009811", "1.000459"
UNEMPLOYMENT = "1.001978"


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_five_procedures(self, department):
        keys = {p.key for p in department.procedures}
        assert keys == {NEW_PERMIT, REISSUE, EXTENSION, EXEMPTION, UNEMPLOYMENT}
        assert (department.prefix, department.title) == ("L", "Sở Lao động - Thương binh và Xã hội")

    def test_unemployment_benefit_counts_from_the_postmark(self, department):
        clocks = {p.key: p.clock_start for p in department.procedures}
        assert clocks.pop(UNEMPLOYMENT) is ClockStart.POSTMARK
        assert set(clocks.values()) == {ClockStart.RECEIPT}

    def test_a_criminal_record_slip_is_at_most_six_months_old(self, offered):
        parts = offered.find_procedure(NEW_PERMIT).components
        assert {part.name: part.max_age_months for part in parts if part.max_age_months} == {
            "Phiếu lý lịch tư pháp": 6
        }

    def test_an_old_permit_is_collected_with_the_new_one(self, department):
        assert {p.key for p in department.procedures if p.collect_back} == {REISSUE, EXTENSION}

    @pytest.mark.parametrize(
        ("everyday", "key"), [("that nghiep", UNEMPLOYMENT), ("work permit", NEW_PERMIT)]
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]


class TestFees(PluginCase):
    @pytest.mark.parametrize(
        ("key", "dong"),
        [(NEW_PERMIT, 600_000), (REISSUE, 450_000), (EXTENSION, 450_000), (EXEMPTION, 0), (UNEMPLOYMENT, 0)],
    )
    def test_one_line_each(self, fee, key, dong):
        assert [line.total for line in fee(key)] == [dong]

    def test_work_permits_name_the_council_that_sets_the_fee(self, fee):
        for key in (NEW_PERMIT, REISSUE, EXTENSION):
            assert [line.legal_basis for line in fee(key)] == ["HĐND tỉnh quyết định"]


class TestTerms(PluginCase):
    @pytest.mark.parametrize(
        ("key", "days"), [(NEW_PERMIT, 5), (REISSUE, 3), (EXTENSION, 5), (EXEMPTION, 5), (UNEMPLOYMENT, 20)]
    )
    def test_working_days(self, offered, key, days):
        assert offered.term_for(offered.find_procedure(key), {}) == Term(days, TimeUnit.WORKING_DAYS)
