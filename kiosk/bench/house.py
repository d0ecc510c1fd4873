"""The house of plugins, all of it switched on: how quickly it starts, turns a switch, lists, reckons and finds."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from kiosk import clock, database
from kiosk.bench import starting, toggling
from kiosk.bench.invented import queries, write_departments
from kiosk.bench.place import BY, Place, free_port
from kiosk.bench.plan import Sizes
from kiosk.bench.wire import Wire, expect, get, milliseconds, post
from kiosk.domain.dossier import Channel
from kiosk.domain.procedure import Procedure
from kiosk.plugin import gate
from kiosk.plugin.loading import discover
from kiosk.plugin.manager import PluginHouse
from kiosk.services import manage_plugins

WAITING_A_LINE = 3
"""People who wait in each line while the menu is asked for."""


def plugins(place: Place, sizes: Sizes, progress: Any) -> dict[str, Any]:
    """Every department offered: boot, 50 toggles each way, the kiosk's menu, every fee, a search in 2,000."""
    return {
        **starting.measure(place.data, free_port(), sizes.boots),
        **toggling.measure(place, sizes.toggles, progress),
        **_menu(place, sizes, progress),
        **_fees(place.office_id, sizes, progress),
        **_search(place, sizes, progress),
    }


def _menu(place: Place, sizes: Sizes, progress: Any) -> dict[str, Any]:
    """One client asks for the menu and for the page that shows it, with people waiting in every line."""
    kiosk = {"Authorization": f"Bearer {place.kiosks[0]}"}
    wire = Wire(place.port)
    for line in place.lines:
        for _ in range(WAITING_A_LINE):
            expect(wire.ask(post("/api/v1/tickets", {"line": line}, kiosk)), 201)
    figures: dict[str, Any] = {"menu_lines": len(place.lines)}
    for name, path in (("menu", "/api/v1/kiosk/menu"), ("page", "/kiosk")):
        took = []
        for n in range(sizes.menus):
            answer = wire.ask(get(path, kiosk))
            expect(answer, 200)
            took.append(answer.seconds)
            progress(f"plugins, the kiosk's {name}", n + 1, sizes.menus)
        figures |= {
            f"{name}_p50_ms": milliseconds(took, 0.5),
            f"{name}_p95_ms": milliseconds(took, 0.95),
            f"{name}_kb": round(len(answer.body) / 1024, 1),
        }
    wire.close()
    return figures


def _fees(office: int, sizes: Sizes, progress: Any) -> dict[str, Any]:
    """Every procedure reckoned with the answers of a counter that changes nothing."""
    everything: list[float] = []
    medians: dict[str, float] = {}
    with database.connection(), gate.breath():
        offered = gate.procedures(office)
        for n, procedure in enumerate(offered):
            took = _reckon(office, procedure, sizes.fees)
            everything += took
            medians[procedure.key] = milliseconds(took, 0.5)
            progress("plugins, fees", n + 1, len(offered))
    worst = max(medians, key=lambda key: medians[key])
    return {
        "fee_procedures": len(offered),
        "fee_p50_ms": milliseconds(everything, 0.5),
        "fee_worst_p50_ms": medians[worst],
        "fee_worst": worst,
    }


def _reckon(office: int, procedure: Procedure, times: int) -> list[float]:
    owner = gate.plugin_of_department(procedure.department)
    answers = {each.key: each.default for each in gate.intake_fields(office, procedure)}
    day = min(clock.now().date(), procedure.valid_to or date.max)
    took = []
    for _ in range(times):
        began = time.perf_counter()
        gate.first(
            office,
            "compute_fee",
            owner=owner,
            strict=True,
            procedure=procedure,
            answers=answers,
            channel=Channel.IN_PERSON,
            on=day,
        )
        took.append(time.perf_counter() - began)
    return took


def _search(place: Place, sizes: Sizes, progress: Any) -> dict[str, Any]:
    """An office with twenty more departments; each question as a request asks it, switches and all."""
    folder = place.data / "invented"
    names = write_departments(folder, sizes.invented)
    usual = gate.house()
    gate.use(PluginHouse.of(discover([folder])))
    try:
        with database.connection():
            for name in names:
                manage_plugins.enable(place.office_id, name, clock.now(), BY)
            procedures = gate.procedures(place.office_id)
            took, without = [], 0
            for n, query in enumerate(queries(list(procedures), sizes.queries)):
                began = time.perf_counter()
                with gate.breath():
                    found = gate.search(place.office_id, query)
                took.append(time.perf_counter() - began)
                without += not found
                progress("plugins, searches", n + 1, sizes.queries)
    finally:
        gate.use(usual)
    return {
        "search_procedures": len(procedures),
        "search_queries": len(took),
        "search_p50_ms": milliseconds(took, 0.5),
        "search_p95_ms": milliseconds(took, 0.95),
        "search_first_ms": round(took[0] * 1000, 2),
        "search_without_answer": without,
    }
