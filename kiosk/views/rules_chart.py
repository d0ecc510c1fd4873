"""Mean waits by hour under two rules as a picture: reckoned here, drawn by a template."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 260, 52, 12, 44, 30
STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240)
"""Distances in minutes between grid lines that people read at a glance."""
SIDES = ("now", "tried")


def waits_chart(hours: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Where everything stands in the picture, two bars an hour; None where there is nothing to draw."""
    if not hours:
        return None
    floor = HEIGHT - BOTTOM
    highest = max((each[side] or 0) / 60 for each in hours for side in SIDES)
    step = next((each for each in STEPS if each * 4 >= highest), STEPS[-1])
    top = max(1, math.ceil(highest / step)) * step
    scale = (floor - TOP) / top
    slot = (WIDTH - LEFT - RIGHT) / len(hours)
    bars = []
    for n, each in enumerate(hours):
        for place, side in enumerate(SIDES):
            if each[side]:
                tall = round(each[side] / 60 * scale, 1)
                x = round(LEFT + slot * (n + 0.12 + 0.4 * place), 1)
                bars.append(
                    {
                        "x": x,
                        "y": round(floor - tall, 1),
                        "width": round(slot * 0.36, 1),
                        "height": tall,
                        "kind": side,
                    }
                )
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "floor": floor,
        "grid": [{"n": n, "y": round(floor - n * scale, 1)} for n in range(0, top + 1, step)],
        "bars": bars,
        "hours": [
            {"x": round(LEFT + slot * (n + 0.5), 1), "hour": f"{each['hour']:02}:00"}
            for n, each in enumerate(hours)
        ],
    }
