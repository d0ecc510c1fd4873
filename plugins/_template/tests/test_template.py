"""Keep the first class as it is; write one test a rule of your own, with figures worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.dossier import Channel
from kiosk.domain.money import total
from kiosk.plugin.testing import DepartmentContract, PluginCase

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class TestContract(DepartmentContract):
    pass


class TestRules(PluginCase):
    @pytest.mark.parametrize(
        ("copies", "channel", "dong"),
        [(1, Channel.IN_PERSON, 100_000), (3, Channel.IN_PERSON, 120_000), (2, Channel.ONLINE, 90_000)],
    )
    def test_further_copies_cost_extra(self, fee, copies, channel, dong):
        assert total(fee("1.999001", copies=copies, channel=channel)) == dong

    def test_an_inspection_takes_longer(self, offered, department, due):
        procedure = offered.find_procedure("1.999001", department.key)
        assert offered.term_for(procedure, {"term_case": "inspection"}) == Term(15, TimeUnit.WORKING_DAYS)
        assert offered.term_for(procedure, {"term_case": "usual"}) == Term(5, TimeUnit.WORKING_DAYS)
        assert due("1.999001", received=datetime(2026, 11, 23, 9, 30, tzinfo=VIETNAM)) == date(2026, 11, 30)

    def test_the_level_rose_in_2024(self, offered, department):
        procedure = offered.find_procedure("1.999001", department.key)
        assert procedure.level_on(date(2023, 12, 31)) == 3
        assert procedure.level_on(date(2024, 1, 1)) == 4
