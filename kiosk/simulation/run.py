"""Set a centre up, play its day with a progress bar, and leave a chart and the figures behind."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kiosk import clock
from kiosk.bench.place import free_port
from kiosk.simulation import centre as place
from kiosk.simulation.chart import draw
from kiosk.simulation.day import Day
from kiosk.simulation.desk import Desk
from kiosk.simulation.plan import visitors


def play(
    count: int, seed: int, speed: float, out: Path, *, quiet: bool = False, day: date | None = None
) -> dict[str, Any]:
    """Play a working day of so many visitors and return its figures; `chart` and `figures` are the files written."""
    dice = random.Random(seed)  # noqa: S311  (made-up visitors, not secrets)
    day = day or place.next_day(clock.now().date())
    out.mkdir(parents=True, exist_ok=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with place.running(speed, dice, free_port(), day) as centre:
        played = Day(centre, visitors(day, count, centre.plans, dice), dice, Desk(centre.url))
        with Progress(*columns, console=Console(stderr=True), disable=quiet) as bars:
            task = bars.add_task(f"{day:%d/%m/%Y} × {speed:g}", total=count)
            played.run(lambda done, total: bars.update(task, completed=done, total=total))
        result = played.result()
    chart, figures = out / f"day-{seed}.svg", out / f"day-{seed}.json"
    chart.write_text(draw(played, result), encoding="utf-8")
    result |= {"seed": seed, "speed": speed, "chart": str(chart), "figures": str(figures)}
    figures.write_text(json.dumps(result, ensure_ascii=False, indent=2), encoding="utf-8")
    return result
