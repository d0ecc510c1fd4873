"""The bench runs the whole stack and reports every figure that has a target. How fast it was is not asserted here."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import click
import pytest

from kiosk import clock, database
from kiosk.bench import run
from kiosk.bench.invented import queries, write_departments
from kiosk.bench.parts import PARTS
from kiosk.bench.place import running
from kiosk.bench.plan import TARGETS, Sizes, Target, judge
from kiosk.bench.processes import holders
from kiosk.cli.running import bench
from kiosk.config import Settings
from kiosk.plugin.loading import discover
from kiosk.plugin.manager import PluginHouse
from kiosk.services import look

FEW = Sizes(
    alone=3,
    together=12,
    clients=3,
    boards=3,
    live_calls=4,
    live_pause=0.0,
    wall=5,
    wall_calls=4,
    papers=1,
    memory_tickets=8,
    boots=1,
    toggles=2,
    menus=2,
    fees=1,
    invented=60,
    queries=18,
    drawings=3,
    presses=2,
    spoken=2,
    crowd=20,
    decisions=2,
    visitors=12,
    phones=3,
    looks=24,
    notices=4,
    watched=2,
    codes=2,
    statement_lines=12,
    scans=4,
    listed=3,
    carried=4,
)


RIGHT = {
    "issue": {"duplicates": 0, "gaps": 0, "chain_holds": True, "alone_count": 3, "together_count": 12},
    "call": {"called_twice": 0, "inversions": 0, "chain_holds": True, "count": 12},
    "money": {"notices": 4, "unseen": 0, "statement_lines": 12, "statement_known": 3, "statement_new": 9},
    "post": {"rows": 20, "moved": 20},
    "live": {"calls": 4, "boards": 3, "lost": 0},
    "wall": {"calls": 4, "boards": 5, "lost": 0},
    "memory": {"processes": 4},
    "plugins": {
        "toggles": 4,
        "stale": 0,
        "toggles_unasked": 0,
        "toggle_processes": 2,
        "search_procedures": 60,
        "search_queries": 18,
        "search_without_answer": 0,
    },
    "printing": {"lost": 0, "papers": 10},
    "voice": {"calls": 2, "silent": 0},
    "hall": {"waiting": 20, "replayed": 12},
    "follow": {"unchanged_percent": 100.0},
}
"""What holds however slow the machine is."""


@pytest.mark.parametrize("part", list(PARTS))
def test_a_part_reports_every_figure_that_has_a_target(part: str) -> None:
    figures = run(part, workers=2, quiet=True, sizes=FEW)
    wanted = {target.key for target in TARGETS if target.part == part}
    assert {verdict["figure"] for verdict in figures["targets"]} == wanted
    assert figures[part].items() >= RIGHT[part].items()
    json.dumps(figures)


def test_the_command_and_the_operations_page_know_every_part() -> None:
    [part] = [each for each in bench.params if each.name == "part"]
    assert isinstance(part.type, click.Choice)
    assert list(part.type.choices) == ["all", *PARTS]
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    assert all(f"| `kiosk bench {name}` |" in page for name in PARTS)
    assert {target.part for target in TARGETS} == set(PARTS)


def test_every_department_with_a_front_desk_is_in_the_menu_that_is_measured() -> None:
    house = PluginHouse.load(Settings())
    with running(1, 1, whole=True) as place, database.connection():
        menu = look.kiosk_menu(place.office_id, None, clock.now())
    wanted = [key for key, department in house.departments.items() if department.front_desk]
    assert {department["key"] for department in menu["departments"]} == set(wanted)
    assert len(place.lines) == len(wanted)


def test_a_connection_is_known_by_the_process_that_holds_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as ours:
            mine = ours.getsockname()[1]
            assert mine not in holders([os.getpid()], port), "nobody has taken it yet"
            with listening.accept()[0]:
                assert holders([os.getpid()], port) == {mine: os.getpid()}
                assert holders([os.getppid()], port) == {}


def test_what_is_typed_is_different_each_time_and_the_same_every_run(tmp_path: Path) -> None:
    write_departments(tmp_path, 60)
    house = PluginHouse.of(discover([tmp_path]))
    procedures = [p for department in house.departments.values() for p in department.procedures]
    typed = queries(procedures, 90)
    assert len(set(typed)) == 90
    assert typed == queries(procedures, 90)
    assert all(house.index.search(query, house.departments) for query in typed)


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
