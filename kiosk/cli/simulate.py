"""Commands that play what has not happened: a day in the hall."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.group()
def simulate() -> None:
    """Play made-up work through the real product, in a centre of its own; nothing of yours is touched."""


@simulate.command()
@click.option("--visitors", default=1500, show_default=True, type=click.IntRange(1, 20_000))
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same visitors.")
@click.option(
    "--speed", default=60.0, show_default=True, type=click.FloatRange(1, 240), help="Times faster than life."
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("simulation"), show_default=True,
    help="Folder for the chart (SVG) and the figures (JSON).",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Only the figures, machine-readable.")
def day(visitors: int, seed: int, speed: float, out: Path, as_json: bool) -> None:
    """Play a working day over HTTP: numbers, calls, forecasts; exits 1 on any error or a dishonest forecast."""
    from kiosk.simulation.run import play

    result = play(visitors, seed, speed, out, quiet=as_json)
    click.echo(json.dumps(result, ensure_ascii=False, indent=2))
    if result["errors"]:
        raise click.ClickException(f"requests failed: {result['errors']}")
