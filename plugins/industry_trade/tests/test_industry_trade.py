"""Sở Công Thương: the contract, and each rule of its own against figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.deadlines import TimeUnit
from kiosk.domain.dossier import Channel
from kiosk.domain.money import total
from kiosk.plugin.testing import THE_DAY, DepartmentContract, PluginCase

PROMOTION_NOTICE, LUCKY_DRAW = "2.000033", "2.000004"
PETROL_STATION, FOOD_SAFETY = "2.000648", "2.000591"


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_four_procedures(self, department):
        keys = {p.key for p in department.procedures}
        assert keys == {PROMOTION_NOTICE, LUCKY_DRAW, PETROL_STATION, FOOD_SAFETY}
        assert (department.prefix, department.title) == ("C", "Sở Công Thương")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [("khuyen mai", PROMOTION_NOTICE), ("cây xăng", PETROL_STATION), ("attp", FOOD_SAFETY)],
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]

    def test_a_notice_of_promotion_is_answered_on_the_spot(self, department):
        assert [p.key for p in department.procedures if p.on_the_spot] == [PROMOTION_NOTICE]
        assert department.procedures[0].term.unit is TimeUnit.SAME_DAY


class TestPetrolStation(PluginCase):
    @pytest.mark.parametrize(
        ("area", "subject", "points", "dong"),
        [
            ("city", "organisation", 1, 1_200_000),
            ("city", "household", 1, 400_000),
            ("other", "organisation", 1, 600_000),
            ("other", "household", 1, 200_000),
            ("city", "organisation", 3, 3_600_000),
            ("other", "household", 7, 1_400_000),
        ],
    )
    def test_by_area_subject_and_points_of_sale(self, fee, area, subject, points, dong):
        for channel in Channel:
            lines = fee(PETROL_STATION, channel=channel, area=area, subject=subject, points=points)
            assert total(lines) == dong
            assert [(line.kind, line.legal_basis) for line in lines] == [("phi", "TT 168/2016/TT-BTC Đ.4")]

    @pytest.mark.parametrize("subject", ["organisation", "household"])
    def test_other_areas_pay_half_of_what_cities_pay(self, offered, subject):
        listed = {case.key: case for case in offered.find_procedure(PETROL_STATION).fees}
        city, other = listed[f"city_{subject}"], listed[f"other_{subject}"]
        assert (other.direct * 2, other.online * 2) == (city.direct, city.online), "TT 168/2016/TT-BTC Đ.4"

    def test_an_office_that_changed_one_case_charges_what_it_says(self, offered):
        procedure = offered.find_procedure(PETROL_STATION)
        fees = tuple(
            replace(case, direct=1_000, online=900) if case.key == "other_household" else case
            for case in procedure.fees
        )
        ask = {"procedure": replace(procedure, fees=fees), "on": THE_DAY}
        charged = {}
        for channel in (Channel.IN_PERSON, Channel.ONLINE):
            for area in ("city", "other"):
                answers = {"area": area, "subject": "household", "points": 2}
                charged[area, channel] = total(
                    offered.first("compute_fee", answers=answers, channel=channel, **ask)
                )
        assert charged == {
            ("city", Channel.IN_PERSON): 800_000,
            ("city", Channel.ONLINE): 800_000,
            ("other", Channel.IN_PERSON): 2_000,
            ("other", Channel.ONLINE): 1_800,
        }

    def test_what_the_circular_lists_is_what_is_charged(self, fee, offered):
        listed = {case.key: case for case in offered.find_procedure(PETROL_STATION).fees}
        assert len(listed) == 4
        for key, case in listed.items():
            area, subject = key.split("_")
            (line,) = fee(PETROL_STATION, area=area, subject=subject)
            assert (line.case, line.amount) == (case.title, case.direct)

    def test_only_what_the_fee_depends_on_is_asked(self, offered):
        fields = offered.intake_fields(offered.find_procedure(PETROL_STATION))
        assert [field.key for field in fields] == ["area", "subject", "points"]


class TestOtherFees(PluginCase):
    def test_food_safety_by_size_and_promotions_free(self, fee):
        assert total(fee(FOOD_SAFETY, fee_case="small")) == 500_000
        assert total(fee(FOOD_SAFETY, fee_case="other")) == 2_500_000
        assert total(fee(PROMOTION_NOTICE)) == total(fee(LUCKY_DRAW)) == 0
