"""The bench runs the whole stack and reports every figure that has a target. How fast it was is not asserted here."""

from __future__ import annotations

import json

import pytest

from kiosk.bench import run
from kiosk.bench.parts import PARTS
from kiosk.bench.plan import TARGETS, Sizes, Target, judge

FEW = Sizes(
    alone=3, together=12, clients=3, boards=3, live_calls=4, live_pause=0.0, papers=1, memory_tickets=8
)


RIGHT = {
    "issue": {"duplicates": 0, "gaps": 0, "chain_holds": True, "alone_count": 3, "together_count": 12},
    "call": {"called_twice": 0, "inversions": 0, "chain_holds": True, "count": 12},
    "live": {"calls": 4, "boards": 3, "lost": 0},
    "memory": {"processes": 4},
}
"""What holds however slow the machine is."""


@pytest.mark.parametrize("part", list(PARTS))
def test_a_part_reports_every_figure_that_has_a_target(part: str) -> None:
    figures = run(part, workers=2, quiet=True, sizes=FEW)
    wanted = {target.key for target in TARGETS if target.part == part}
    assert {verdict["figure"] for verdict in figures["targets"]} == wanted
    assert figures[part].items() >= RIGHT[part].items()
    json.dumps(figures)


@pytest.mark.parametrize(
    ("sign", "value", "met"), [("≤", 10, True), ("≤", 10.1, False), ("≥", 10, True), ("≥", 9.9, False)]
)
def test_a_target_is_met_at_its_limit_and_missed_beyond_it(sign: str, value: float, met: bool) -> None:
    assert Target("issue", "rate", sign, 10, "ms", "").met(value) is met


def test_a_miss_says_by_how_much() -> None:
    figures = {"live": {"press_to_last_board_p50_ms": 18.5, "press_to_last_board_p99_ms": 40.0, "lost": 0}}
    missed = [verdict for verdict in judge(figures) if not verdict["ok"]]
    assert [(verdict["figure"], verdict["misses_by"]) for verdict in missed] == [
        ("press_to_last_board_p50_ms", "3.5 ms over")
    ]
