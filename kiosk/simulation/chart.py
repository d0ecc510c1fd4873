"""The day as a picture: who came, who was called, how many waited, and how wide of the mark forecasts were."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any

from kiosk.simulation.day import Day
from kiosk.simulation.plan import ZONE

WIDTH, HEIGHT, LEFT, RIGHT, TOP, MIDDLE = 1200, 760, 60, 30, 60, 400
BLUE, YELLOW, RED, INK = "#1f4e79", "#e0a100", "#a4262c", "#182026"


def draw(day: Day, result: dict[str, Any]) -> str:
    """An SVG of the day."""
    begin = datetime.combine(day.centre.day, datetime.min.time().replace(hour=7), ZONE)
    hours = 11
    moments = [begin + timedelta(minutes=5 * n) for n in range(hours * 12 + 1)]
    waiting = [_count(day.came, at) - _count(day.called, at) for at in moments]
    most = max([10, *waiting])

    def x(at: datetime) -> float:
        return LEFT + (at - begin).total_seconds() / 3600 / hours * (WIDTH - LEFT - RIGHT)

    def up(value: float) -> float:
        return MIDDLE - value / most * (MIDDLE - TOP)

    line = " ".join(f"{x(at):.1f},{up(max(0, n)):.1f}" for at, n in zip(moments, waiting, strict=True))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" fill="{INK}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="30" font-size="20">{escape(_title(result))}</text>',
        f'<text x="{LEFT}" y="{TOP - 8}" font-size="14" fill="{BLUE}">Số người chờ</text>',
        *(_hour(x, begin + timedelta(hours=n)) for n in range(hours + 1)),
        *(_level(up(value), str(value)) for value in _steps(most)),
        f'<polyline points="{line}" fill="none" stroke="{BLUE}" stroke-width="2.5"/>',
        *_forecasts(day, x),
        "</svg>",
    ]
    return "\n".join(parts)


def _title(result: dict[str, Any]) -> str:
    return (
        f"Mô phỏng ngày {result['day']}: {result['visitors']} lượt khách, dự báo đúng "
        f"{result['forecast_inside_percent']} %, chờ trung vị {result['wait_minutes_median']} phút"
    )


def _count(moments: Sequence[datetime], at: datetime) -> int:
    return bisect_right(sorted(moments), at)


def _steps(most: int) -> list[int]:
    step = max(1, round(most / 4 / 5) * 5)
    return list(range(0, most + 1, step))


def _hour(x: Any, at: datetime) -> str:
    return (
        f'<line x1="{x(at):.1f}" x2="{x(at):.1f}" y1="{TOP}" y2="{HEIGHT - 40}" stroke="#e4e7ea"/>'
        f'<text x="{x(at):.1f}" y="{HEIGHT - 20}" font-size="13" text-anchor="middle">{at:%H:%M}</text>'
    )


def _level(y: float, words: str) -> str:
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e4e7ea"/>'
        f'<text x="{LEFT - 8}" y="{y + 4:.1f}" font-size="13" text-anchor="end">{words}</text>'
    )


def _forecasts(day: Day, x: Any) -> list[str]:
    """Each visitor: the range told as a line, the real wait as a dot, red where it fell outside."""
    called = [told for told in day.told.values() if told.waited is not None]
    most = max([10.0, *((told.waited or 0) / 60 for told in called), *(told.high for told in called)])
    base, top = HEIGHT - 50, MIDDLE + 60

    def up(minutes: float) -> float:
        return base - minutes / most * (base - top)

    shapes = [
        (
            f'<text x="{LEFT}" y="{MIDDLE + 45}" font-size="14">Phút chờ: '
            f'<tspan fill="{YELLOW}">khoảng dự báo</tspan>, <tspan fill="{BLUE}">thực tế trong khoảng</tspan>, '
            f'<tspan fill="{RED}">ngoài khoảng</tspan></text>'
        )
    ]
    shapes += [_level(up(value), str(value)) for value in _steps(int(most))]
    for told in called:
        real = (told.waited or 0) / 60
        good = told.low <= int(real) <= told.high
        at = x(told.issued_at)
        shapes.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{up(told.low):.1f}" y2="{up(told.high):.1f}" '
            f'stroke="{YELLOW}" stroke-opacity="0.35"/>'
            f'<circle cx="{at:.1f}" cy="{up(real):.1f}" r="2" fill="{BLUE if good else RED}"/>'
        )
    return shapes
