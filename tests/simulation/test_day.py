"""A whole day of the hall at the real server, far faster than life."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kiosk.simulation.plan import line_plans, visitors
from kiosk.simulation.run import play

WORKING_DAY = date(2026, 11, 25)
VISITORS = 40
FASTER_THAN_LIFE = 1_800


def test_a_seed_always_brings_the_same_visitors_within_opening_hours() -> None:
    def crowd(seed: int) -> list[tuple[object, ...]]:
        dice = random.Random(seed)
        return [tuple(each) for each in visitors(WORKING_DAY, 200, line_plans(20, 60, dice), dice)]

    assert crowd(7) == crowd(7)
    assert crowd(7) != crowd(8)
    assert len(crowd(7)) == 200


@pytest.mark.slow
def test_nobody_is_lost_between_the_kiosk_and_the_end_of_the_day(tmp_path: Path) -> None:
    result = play(VISITORS, 3, FASTER_THAN_LIFE, tmp_path, quiet=True, day=WORKING_DAY)

    assert result["errors"] == {}
    assert result["issued"] == VISITORS
    assert 0 < result["called"] <= VISITORS
    assert result["finished"] + result["no_show"] <= VISITORS
    assert result["finished"] >= VISITORS // 2
    assert json.loads(Path(result["figures"]).read_text(encoding="utf-8"))["seed"] == 3
    chart = ElementTree.parse(result["chart"]).getroot()
    assert chart.tag.endswith("svg")
    assert chart.find(".//{*}polyline") is not None
