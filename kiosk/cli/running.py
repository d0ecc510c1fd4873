"""Commands that run something: the demo, the server, the worker, an upgrade, a measurement."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from kiosk.cli.opening import end_with_parent, open_database, share_one_heap
from kiosk.config import Settings


@click.command()
@click.option(
    "--port", default=8123, show_default=True, type=click.IntRange(1, 65535), help="Port on 127.0.0.1."
)
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-data"), show_default=True,
    help="Folder for the demo's database and papers; a demo found there goes on.",
)  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option("--empty", is_flag=True, help="Without sample dossiers.")
def demo(port: int, data: Path, no_browser: bool, empty: bool) -> None:
    """Run a demo centre: server, worker and a virtual printer, with sample data and random passwords."""
    from kiosk.demo import stack

    try:
        sys.exit(stack.run(data, port, open_browser=not no_browser, empty=empty))
    except stack.FolderInUse as error:
        raise click.ClickException(str(error)) from None


@click.command()
def serve() -> None:
    """Run the web server (gunicorn) until stopped."""
    from kiosk.serving import serve as run_server

    end_with_parent()
    share_one_heap()
    if os.fork() == 0:
        # In a process of its own: what minds the server's processes needs neither models nor plugins, nor their memory.
        open_database(migrated=True)
        sys.exit(0)
    _, status = os.wait()
    if status:
        sys.exit(os.waitstatus_to_exitcode(status))
    run_server(Settings())


@click.command()
def worker() -> None:
    """Run the worker: printing, plugins' news, tidying. Start exactly one; a second waits."""
    from kiosk.jobs import worker as process

    end_with_parent()
    share_one_heap()
    process.run(Settings())


@click.command()
def upgrade() -> None:
    """Bring the database forward: the core's migrations, then each plugin's. Safe to run twice."""
    from kiosk import database, migrate
    from kiosk.plugin.manager import PluginHouse

    settings = Settings()
    database.connect(settings.database_url, settings.data)
    applied = migrate.upgrade(settings.data, PluginHouse.load(settings).migrations())
    click.echo("\n".join(f"applied {name}" for name in applied) or "nothing to do")


@click.command()
@click.argument(
    "part",
    type=click.Choice(
        [
            "all",
            "issue",
            "call",
            "live",
            "wall",
            "memory",
            "plugins",
            "printing",
            "voice",
            "hall",
            "follow",
            "money",
            "post",
        ]
    ),
    default="all",
)
@click.option("--json", "as_json", is_flag=True, help="Machine-readable figures.")
@click.option("--workers", default=2, show_default=True, help="Server processes.")
def bench(part: str, as_json: bool, workers: int) -> None:
    """Measure the whole stack over HTTP on this machine: its own server and data, nothing of yours is touched."""
    from kiosk.bench import run

    figures = run(part, workers=workers, quiet=as_json)
    if as_json:
        click.echo(json.dumps(figures, indent=2))
