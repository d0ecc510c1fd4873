"""Commands about plugins and the office's catalogue."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from kiosk import clock
from kiosk.cli.opening import DAY, open_database
from kiosk.config import Settings


@click.group()
def plugins() -> None:
    """Plugins: what is installed and what an office has switched on."""


@plugins.command("list")
@click.option("--office", "office_key", help="Also say what this office has switched on.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def plugins_list(office_key: str | None, as_json: bool) -> None:
    """List installed plugins; a broken one is listed with its reason."""
    from kiosk.plugin import gate
    from kiosk.services import look, manage_plugins

    open_database(migrated=office_key is not None)
    if office_key:
        rows: list[dict[str, Any]] = [
            asdict(p) for p in manage_plugins.listing(look.office_by_key(office_key)["id"])
        ]
    else:
        rows = [
            {
                "name": name,
                "state": info.state,
                "reason": info.reason,
                "notes": list(info.notes),
                "procedures": sum(len(d.procedures) for d in info.departments),
            }
            for name, info in gate.house().plugins.items()
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, default=str, indent=2))
        return
    for row in rows:
        click.echo(
            f"{row['name']:<24} {row['state']:<10} {row.get('reason') or '; '.join(row.get('notes', ()))}"
        )


@plugins.command("new")
@click.argument("name")
@click.option("--title", help="What citizens read, such as “Sở Y tế”; made from the name when left out.")
@click.option("--title-en", help="The same in English.")
@click.option("--prefix", help="One or two letters for its tickets; the first free one when left out.")
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False),
    help="Where its folder is made: KIOSK_PLUGINS_DIR, a checkout's plugins/ or here when left out.",
)  # fmt: skip
def plugins_new(
    name: str, title: str | None, title_en: str | None, prefix: str | None, into: Path | None
) -> None:
    """Write a department plugin that works at once, to be filled with facts (docs/writing-a-plugin.md)."""
    from kiosk.plugin.new import create, next_steps

    folder = create(Settings(), name, title=title, title_en=title_en, prefix=prefix, into=into)
    click.echo(next_steps(folder))


@plugins.command("enable")
@click.argument("name")
@click.option("--office", "office_key", required=True, help="Office key.")
def plugins_enable(name: str, office_key: str) -> None:
    """Switch a plugin on for an office."""
    _switch(name, office_key, on=True)


@plugins.command("disable")
@click.argument("name")
@click.option("--office", "office_key", required=True, help="Office key.")
def plugins_disable(name: str, office_key: str) -> None:
    """Switch a plugin off for an office; nothing is deleted."""
    _switch(name, office_key, on=False)


def _switch(name: str, office_key: str, *, on: bool) -> None:
    from kiosk.services import look, manage_plugins

    open_database(migrated=True)
    act: Callable[..., bool] = manage_plugins.enable if on else manage_plugins.disable
    changed = act(look.office_by_key(office_key)["id"], name, clock.now(), "system:cli")
    click.echo(f"{name} is {'on' if on else 'off'}{'' if changed else ' already'}")
    if on and changed:
        click.echo("A server that was started before this plugin was installed offers it after a restart.")


@plugins.command("export-catalogue")
@click.option("--office", "office_key", required=True, help="Office key.")
@click.option("--format", "form", type=click.Choice(["csv", "xlsx"]), default="xlsx", show_default=True)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File to write."
)
@click.option("--department", help="Only this department, by key; all when left out.")
def plugins_export(office_key: str, form: str, output: Path, department: str | None) -> None:
    """Write an office's procedures as they are today to a spreadsheet, to be reviewed and imported again."""
    from kiosk.services import look
    from kiosk.services.catalogue import take_catalogue

    open_database(migrated=True)
    place = look.office_by_key(office_key)
    today = look.today(place, clock.now())
    output.write_bytes(take_catalogue.export(place["id"], form, today, department))
    click.echo(f"{output} written")


@plugins.command("import-catalogue")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--office", "office_key", required=True, help="Office key.")
@click.option("--from", "first", type=DAY, help="First day in force, YYYY-MM-DD; today when left out.")
@click.option("--reason", help="Why, and by which decision; asked for when left out.")
@click.option("--withdraw-missing", is_flag=True, help="End procedures that the file leaves out.")
@click.option("--yes", is_flag=True, help="Take it without asking.")
def plugins_import(
    file: Path, office_key: str, first: datetime | None, reason: str | None, withdraw_missing: bool, yes: bool
) -> None:
    """Show what a reviewed spreadsheet changes, and take it: all of it or nothing."""
    from rich.console import Console
    from rich.progress import Progress

    from kiosk.services import look
    from kiosk.services.catalogue import take_catalogue
    from kiosk.services.catalogue.table_files import MOST_BYTES, TableRefused
    from kiosk.services.catalogue.told import problem_lines, review_lines

    open_database(migrated=True)
    place, now, data = look.office_by_key(office_key), clock.now(), file.open("rb").read(MOST_BYTES + 1)
    day, by = first.date() if first else None, "system:cli"
    try:
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(file.name, total=None)
            review = take_catalogue.review(
                place["id"], data, day, now, by, withdraw_missing=withdraw_missing,
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )  # fmt: skip
    except TableRefused as error:
        click.echo("\n".join(problem_lines(error, str(file))), err=True)
        raise
    click.echo("\n".join(review_lines(review)))
    if not review.comparison.changes:
        return
    if not yes and not click.confirm("Take it?"):
        raise click.ClickException("nothing was taken")
    why = reason or (f"import-catalogue {file.name}" if yes else click.prompt("Reason"))
    take_catalogue.take(
        place["id"], data, day, why, now, by, version=review.version, withdraw_missing=withdraw_missing
    )
    click.echo("taken")
