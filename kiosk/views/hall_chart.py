"""The day of a hall as a picture: two panels over one clock, reckoned here, drawn by a template."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

WIDTH, LEFT, RIGHT = 1200, 56, 12
TOP, WAITING_HEIGHT, GAP, FLOW_HEIGHT, CLOCK_HEIGHT = 52, 150, 46, 110, 28
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)
"""Distances between grid lines that people read at a glance."""


def day_chart(quarters: Sequence[dict[str, Any]], zone: ZoneInfo) -> dict[str, Any] | None:
    """Where everything stands in the picture; None where there is nothing to draw.

    Above, how many waited at once, as steps; below, side by side, who came and who was done.
    """
    known = [each for each in quarters if each["waiting"] is not None]
    if not known:
        return None
    slot = (WIDTH - LEFT - RIGHT) / len(quarters)
    waiting_floor = TOP + WAITING_HEIGHT
    flow_floor = waiting_floor + GAP + FLOW_HEIGHT
    waiting = _scale(max(each["waiting"] for each in known), waiting_floor, WAITING_HEIGHT)
    flow = _scale(max(max(each["arrived"], each["finished"]) for each in known), flow_floor, FLOW_HEIGHT)
    peak = max(range(len(known)), key=lambda n: known[n]["waiting"])
    moments = [datetime.fromisoformat(each["at"]).astimezone(zone) for each in quarters]
    return {
        "width": WIDTH,
        "height": flow_floor + CLOCK_HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "waiting": {"floor": waiting_floor, "title_y": 18, "grid": waiting["grid"]},
        "flow": {"floor": flow_floor, "title_y": waiting_floor + GAP - 14, "grid": flow["grid"]},
        "area": _area([waiting["y"](each["waiting"]) for each in known], slot, waiting_floor),
        "bars": _bars(known, slot, flow),
        "hours": [
            {"x": round(LEFT + slot * n, 1), "hour": f"{at:%H:%M}"}
            for n, at in enumerate(moments)
            if at.minute == 0
        ],
        "peak": {
            "x": round(min(LEFT + slot * (peak + 0.5), WIDTH - 90), 1),
            "y": round(waiting["y"](known[peak]["waiting"]) - 6, 1),
            "n": known[peak]["waiting"],
            "at": f"{moments[peak]:%H:%M}",
        },
    }


def _scale(highest: int, floor: float, height: float) -> dict[str, Any]:
    """At most four grid lines, and the height of a number."""
    step = next((each for each in STEPS if each * 4 >= highest), STEPS[-1])
    top = max(1, math.ceil(highest / step)) * step

    def y(n: float) -> float:
        return round(floor - height * n / top, 1)

    return {"y": y, "grid": [{"n": n, "y": y(n)} for n in range(0, top + 1, step)]}


def _area(heights: Sequence[float], slot: float, floor: float) -> str:
    """A stair from the first quarter to the last known, closed along the floor."""
    path = [f"M{LEFT},{floor}"]
    for n, y in enumerate(heights):
        path += [f"V{y}", f"H{LEFT + slot * (n + 1):.1f}"]
    return " ".join([*path, f"V{floor}", "Z"])


def _bars(known: Sequence[dict[str, Any]], slot: float, scale: dict[str, Any]) -> list[dict[str, Any]]:
    wide = slot * 0.38
    bars = []
    for n, each in enumerate(known):
        for place, name in enumerate(("arrived", "finished")):
            if each[name]:
                y = scale["y"](each[name])
                x = LEFT + slot * n + slot * 0.1 + place * (wide + slot * 0.04)
                bars.append(
                    {
                        "x": round(x, 1),
                        "y": y,
                        "width": round(wide, 1),
                        "height": round(scale["grid"][0]["y"] - y, 1),
                        "kind": name,
                    }
                )
    return bars
