"""Sở Xây dựng: the contract, and each rule of its own against figures worked out by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.dossier import Channel
from kiosk.domain.money import total
from kiosk.plugin.contract import default_answers
from kiosk.plugin.testing import DepartmentContract, PluginCase

BUILDING_PERMIT, DESIGN, CERTIFICATE, PROJECT = "1.009974", "1.009973", "1.009982", "1.009972"
TY = 1_000_000_000
WORKS = ("civil", "industrial", "transport", "rural", "infrastructure")
COSTS = tuple(ty * TY for ty in (15, 50, 100, 200, 500, 1_000, 2_000, 5_000, 8_000))
INVESTMENTS = tuple(ty * TY for ty in (15, 25, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000))
LARGEST = 100_000 * TY - 1
values = st.integers(1, LARGEST) | st.sampled_from(COSTS + INVESTMENTS) | st.integers(1, 1_000 * TY)


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_four_procedures(self, department):
        assert {p.key for p in department.procedures} == {BUILDING_PERMIT, DESIGN, CERTIFICATE, PROJECT}
        assert (department.prefix, department.title) == ("X", "Sở Xây dựng")

    @pytest.mark.parametrize(
        ("everyday", "key"), [("gpxd", BUILDING_PERMIT), ("xay nha", BUILDING_PERMIT), ("bản vẽ", DESIGN)]
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]


class TestDesignFee(PluginCase):
    @pytest.mark.parametrize(
        ("works", "cost", "dong"),
        [
            ("civil", 1, 500_000),
            ("civil", 303_030_606, 500_000),  # 500.000,4999
            ("civil", 303_030_607, 500_001),  # 500.000,50155
            ("civil", 400_010_000, 660_017),  # 660.016,5: half a đồng goes up
            ("civil", 10 * TY, 16_500_000),
            ("civil", 15 * TY, 24_750_000),
            ("civil", 32_500_000_000, 44_687_500),  # halfway from 0,165 to 0,110: 0,1375 %
            ("civil", 50 * TY, 55_000_000),
            ("civil", 75 * TY, 73_125_000),  # 0,0975 %
            ("civil", 100 * TY, 85_000_000),
            ("civil", 200 * TY, 130_000_000),
            ("civil", 237 * TY, 149_665_500),  # 0,065 - 0,00005 × 37 = 0,06315 %
            ("civil", 238 * TY, 150_000_000),  # 150.178.000 without the ceiling
            ("civil", 8_000 * TY, 150_000_000),
            ("industrial", 15 * TY, 28_500_000),
            ("industrial", 40 * TY, 57_714_286),  # 57.714.285,71
            ("industrial", 199 * TY, 149_687_800),  # 0,097 - 0,00022 × 99 = 0,07522 %
            ("industrial", 200 * TY, 150_000_000),
            ("transport", 50 * TY, 36_000_000),
            ("rural", 100 * TY, 61_000_000),
            ("infrastructure", 200 * TY, 100_000_000),
        ],
    )
    def test_by_kind_and_cost(self, fee, works, cost, dong):
        for channel in Channel:
            (line,) = fee(DESIGN, channel=channel, works=works, construction_cost=cost)
            assert (line.kind, line.amount, line.quantity) == ("phi", dong, 1)

    def test_the_circular_changed_in_the_middle_of_2023(self, fee):
        (before,) = fee(DESIGN, on=date(2023, 6, 30))
        (after,) = fee(DESIGN, on=date(2023, 7, 1))
        assert (before.legal_basis, after.legal_basis) == ("TT 210/2016/TT-BTC", "TT 27/2023/TT-BTC")

    def test_it_never_falls_as_the_cost_rises(self, fee):
        @given(st.sampled_from(WORKS), values, values)
        def rises(works: str, one: int, other: int) -> None:
            low, high = sorted((one, other))
            assert total(fee(DESIGN, works=works, construction_cost=low)) <= total(
                fee(DESIGN, works=works, construction_cost=high)
            )

        rises()

    def test_it_stays_between_floor_and_ceiling_in_whole_dong(self, fee):
        @given(st.sampled_from(WORKS), values)
        def stays(works: str, cost: int) -> None:
            amount = total(fee(DESIGN, works=works, construction_cost=cost))
            assert type(amount) is int
            assert 500_000 <= amount <= 150_000_000

        stays()

    @pytest.mark.parametrize("works", WORKS)
    @pytest.mark.parametrize("cost", COSTS)
    def test_it_does_not_jump_at_the_points_of_the_table(self, fee, works, cost):
        near = [total(fee(DESIGN, works=works, construction_cost=cost + step)) for step in (-1, 0, 1)]
        assert max(near) - min(near) <= 1


class TestProjectFee(PluginCase):
    @pytest.mark.parametrize(
        ("investment", "dong"),
        [
            (1, 500_000),
            (2 * TY, 500_000),  # 380.000 without the floor
            (3 * TY, 570_000),
            (15 * TY, 2_850_000),
            (20 * TY, 3_600_000),  # 0,0180 %
            (25 * TY, 4_250_000),
            (50 * TY, 7_500_000),
            (75 * TY, 10_312_500),  # 0,01375 %
            (100 * TY, 12_500_000),
            (200 * TY, 20_000_000),
            (500 * TY, 37_500_000),
            (750 * TY, 45_750_000),  # 0,0061 %
            (1_000 * TY, 47_000_000),
            (2_000 * TY, 50_000_000),
            (5_000 * TY, 100_000_000),
            (7_500 * TY, 112_500_000),  # 0,0015 %
            (10_000 * TY, 100_000_000),
            (12_000 * TY, 120_000_000),
            (15_000 * TY, 150_000_000),
            (20_000 * TY, 150_000_000),
        ],
    )
    def test_by_total_investment(self, fee, investment, dong):
        (line,) = fee(PROJECT, total_investment=investment)
        assert (line.kind, line.amount, line.quantity) == ("phi", dong, 1)

    def test_between_two_points_it_may_be_higher_than_at_the_next(self, fee):
        """The circular's own table: 0,0075 % at 500 tỷ falls to 0,0047 % at 1.000 faster than the value rises."""
        assert total(fee(PROJECT, total_investment=919 * TY)) > total(
            fee(PROJECT, total_investment=1_000 * TY)
        )

    def test_but_never_lower_than_at_the_lower_of_its_two_points(self, fee):
        at = {point: total(fee(PROJECT, total_investment=point)) for point in INVESTMENTS}

        @given(st.integers(0, len(INVESTMENTS) - 2), st.fractions(0, 1))
        def stays_above(place: int, share: Fraction) -> None:
            low, high = INVESTMENTS[place : place + 2]
            amount = total(fee(PROJECT, total_investment=low + int((high - low) * share)))
            assert min(at[low], at[high]) <= amount <= 150_000_000

        stays_above()

    @pytest.mark.parametrize("investment", INVESTMENTS)
    def test_it_does_not_jump_at_the_points_of_the_table(self, fee, investment):
        near = [total(fee(PROJECT, total_investment=investment + step)) for step in (-1, 0, 1)]
        assert max(near) - min(near) <= 1

    def test_the_circular_changed_in_the_middle_of_2023(self, fee):
        (before,) = fee(PROJECT, on=date(2022, 6, 14))
        (after,) = fee(PROJECT, on=date(2023, 7, 1))
        assert (before.legal_basis, after.legal_basis) == ("TT 209/2016/TT-BTC", "TT 28/2023/TT-BTC")


class TestOtherFees(PluginCase):
    def test_permits_by_kind_of_building_and_a_certificate_for_one_person(self, fee):
        assert total(fee(BUILDING_PERMIT)) == 150_000
        assert total(fee(BUILDING_PERMIT, fee_case="house")) == 75_000
        assert total(fee(CERTIFICATE)) == 300_000


class TestTerms(PluginCase):
    @pytest.mark.parametrize(("case", "days"), [("class_1", 40), ("class_2_3", 30), ("other_class", 20)])
    def test_a_design_by_class_in_calendar_days(self, offered, case, days):
        procedure = offered.find_procedure(DESIGN)
        assert offered.term_for(procedure, {"term_case": case}) == Term(days, TimeUnit.CALENDAR_DAYS)

    def test_the_default_class_gives_the_usual_term(self, offered):
        procedure = offered.find_procedure(DESIGN)
        answers = default_answers(offered.intake_fields(procedure))
        assert offered.term_for(procedure, answers) == procedure.term
