"""Sở Kế hoạch và Đầu tư: the contract, and each rule of its own against figures worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.dossier import Channel
from kiosk.domain.money import total
from kiosk.plugin.testing import DepartmentContract, PluginCase

REGISTRATIONS = ("2.001610", "2.001583", "2.001199", "2.002043", "2.002041")
SUSPENSION = "2.002029"
INVESTMENT_POLICY = "1.009645"


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_seven_procedures(self, department):
        assert {p.key for p in department.procedures} == {*REGISTRATIONS, SUSPENSION, INVESTMENT_POLICY}
        assert (department.prefix, department.title) == ("K", "Sở Kế hoạch và Đầu tư")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [("mo cong ty", "2.001583"), ("chuyển trụ sở", "2.002041"), ("tam nghi", SUSPENSION)],
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]

    def test_an_investment_policy_goes_on_to_the_provincial_office_and_never_comes_by_post(self, offered):
        procedure = offered.find_procedure(INVESTMENT_POLICY)
        assert procedure.linked_to == "provincial_office"
        assert (procedure.post_receive, procedure.post_return) == (False, True)
        assert procedure.term == Term(35, TimeUnit.CALENDAR_DAYS)


class TestFees(PluginCase):
    @pytest.mark.parametrize("key", REGISTRATIONS)
    @pytest.mark.parametrize(
        ("channel", "charge"), [(Channel.IN_PERSON, 50_000), (Channel.POST, 50_000), (Channel.ONLINE, 0)]
    )
    def test_registration_and_publication_come_together(self, fee, key, channel, charge):
        lines = fee(key, channel=channel)
        assert [(line.kind, line.total) for line in lines] == [("le_phi", charge), ("phi", 100_000)]
        assert {line.legal_basis for line in lines} == {"TT 47/2019/TT-BTC"}

    def test_it_was_so_in_2022_as_well(self, fee):
        assert total(fee("2.001610", on=date(2022, 6, 14))) == 150_000
        assert total(fee("2.001610", on=date(2022, 6, 14), channel=Channel.ONLINE)) == 100_000

    def test_nothing_is_asked_because_nothing_is_to_be_chosen(self, offered):
        assert offered.intake_fields(offered.find_procedure("2.001610")) == []

    @pytest.mark.parametrize("key", [SUSPENSION, INVESTMENT_POLICY])
    def test_the_others_are_free(self, fee, key):
        assert [line.total for line in fee(key)] == [0]
