"""The command line. Every command says what it does, and fails with one clear line."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from kiosk import __version__, clock
from kiosk.config import Settings, UnsafeSecret
from kiosk.domain.errors import DomainError
from kiosk.i18n import error_message

DAY = click.DateTime(formats=["%Y-%m-%d"])


class Commands(click.Group):
    """Turns every refusal into one line on standard error and a non-zero exit."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        from kiosk.migrate import MigrationsPending
        from kiosk.storage import UnsafeDatabase

        try:
            return super().invoke(ctx)
        except DomainError as error:
            raise click.ClickException(
                f"{error_message(error.code, 'en', error.fields)} [{error.code}]"
            ) from None
        except (UnsafeDatabase, UnsafeSecret, MigrationsPending) as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kiosk")
def main() -> None:
    """Queue kiosk and service desk of a one-stop public service centre (một cửa).

    Settings come from the environment (KIOSK_DATA, KIOSK_DATABASE, KIOSK_BIND, ...) or a .env file.
    """


@main.command()
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


@main.command()
def serve() -> None:
    """Run the web server (gunicorn) until stopped."""
    from kiosk import database
    from kiosk.serving import serve as run_server

    _end_with_parent()
    _open(migrated=True)
    database.disconnect()  # a SQLite connection must not be carried across a fork
    run_server(Settings())


@main.command()
def worker() -> None:
    """Run the worker: printing, plugins' news, tidying. Start exactly one; a second waits."""
    from kiosk.jobs import worker as process

    _end_with_parent()
    process.run(Settings())


@main.command()
def upgrade() -> None:
    """Bring the database forward: the core's migrations, then each plugin's. Safe to run twice."""
    from kiosk import database, migrate
    from kiosk.plugin.manager import PluginHouse

    settings = Settings()
    database.connect(settings.database_url, settings.data)
    applied = migrate.upgrade(settings.data, PluginHouse.load(settings).migrations())
    click.echo("\n".join(f"applied {name}" for name in applied) or "nothing to do")


@main.group()
def office() -> None:
    """Offices of this installation."""


@office.command("add")
@click.argument("key")
@click.argument("title")
@click.option("--subtitle", default="", help="Second line, such as the province.")
@click.option("--agency", default="H02", show_default=True, help="Agency code in dossier codes.")
@click.option("--code-form", type=click.Choice(["tt01", "qd20"]), default="tt01", show_default=True)
def office_add(key: str, title: str, subtitle: str, agency: str, code_form: str) -> None:
    """Found an office, named KEY in addresses and commands."""
    from kiosk.services.set_up_office import set_up_office

    _open()
    set_up_office(key, title, clock.now(), subtitle=subtitle, agency=agency, code_form=code_form)
    click.echo(f"office {key} added")


@main.group()
def user() -> None:
    """Accounts of the staff."""


@user.command("add")
@click.argument("username")
@click.option("--office", "office_key", required=True, help="Office key.")
@click.option("--name", "display_name", required=True, help="Name as staff see it.")
@click.option(
    "--role", type=click.Choice(["officer", "manager", "admin"]), default="admin", show_default=True
)
@click.password_option(help="At least 10 characters; asked for when left out.")
def user_add(username: str, office_key: str, display_name: str, role: str, password: str) -> None:
    """Add an account; the first admin of an installation is made here, there is no default password."""
    from kiosk.services import look, manage_users

    _open()
    place = look.office_by_key(office_key)
    manage_users.add_user(
        place["id"], username, display_name, role, clock.now(), "system:cli", password=password
    )
    click.echo(f"user {username} added")


@main.group()
def plugins() -> None:
    """Plugins: what is installed and what an office has switched on."""


@plugins.command("list")
@click.option("--office", "office_key", help="Also say what this office has switched on.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def plugins_list(office_key: str | None, as_json: bool) -> None:
    """List installed plugins; a broken one is listed with its reason."""
    from kiosk.plugin import gate
    from kiosk.services import look, manage_plugins

    _open(migrated=office_key is not None)
    if office_key:
        rows: list[dict[str, Any]] = [
            asdict(p) for p in manage_plugins.listing(look.office_by_key(office_key)["id"])
        ]
    else:
        rows = [
            {"name": name, "state": info.state, "reason": info.reason}
            for name, info in gate.house().plugins.items()
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, default=str, indent=2))
        return
    for row in rows:
        click.echo(f"{row['name']:<24} {row['state']:<10} {row.get('reason') or ''}")


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

    _open(migrated=True)
    act: Callable[..., bool] = manage_plugins.enable if on else manage_plugins.disable
    changed = act(look.office_by_key(office_key)["id"], name, clock.now(), "system:cli")
    click.echo(f"{name} is {'on' if on else 'off'}{'' if changed else ' already'}")


@main.command()
@click.argument("name", type=click.Choice(["period-summary"]))
@click.option("--office", "office_key", required=True, help="Office key.")
@click.option("--from", "first", type=DAY, required=True, help="First day, YYYY-MM-DD.")
@click.option("--to", "last", type=DAY, required=True, help="Last day, YYYY-MM-DD.")
@click.option(
    "--as-of", type=click.DateTime(), help="Only what was entered by then (UTC); now when left out."
)
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
def report(
    name: str, office_key: str, first: datetime, last: datetime, as_of: datetime | None, form: str
) -> None:
    """Compute a report from the log and write it to standard output."""
    from kiosk.plugin import gate
    from kiosk.reports.csv_export import to_csv
    from kiosk.reports.period_summary import period_summary
    from kiosk.services import look

    _open(migrated=True)
    now = clock.now()
    moment = as_of.replace(tzinfo=UTC) if as_of else now
    place = look.office_by_key(office_key)
    summary = period_summary(place["id"], first.date(), last.date(), moment, now=now)
    titles = {key: department.title for key, department in gate.departments().items()}
    if form == "csv":
        sys.stdout.buffer.write(to_csv(summary, titles))
        return
    click.echo(json.dumps(summary.to_json(titles), ensure_ascii=False, indent=2))


@main.command("verify-log")
@click.option("--office", "office_key", help="Only this office; all when left out.")
def verify_log(office_key: str | None) -> None:
    """Recompute the hash chain of the journal; exits 1 at the first entry that does not hold."""
    from kiosk.services import look
    from kiosk.services.verify_log import verify_office

    _open(migrated=True)
    places = [look.office_by_key(office_key)] if office_key else look.offices()
    broken = False
    for place in places:
        found = verify_office(place["id"])
        broken = broken or found.broken is not None
        if found.broken is None:
            click.echo(f"{place['key']}: {found.entries} entries, chain holds, head {found.head[:16]}")
        else:
            click.echo(f"{place['key']}: entry {found.broken.seq} {found.broken.reason}", err=True)
    if broken:
        sys.exit(1)


@main.command()
@click.argument("part", type=click.Choice(["all", "issue", "call", "live", "memory"]), default="all")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable figures.")
@click.option("--workers", default=2, show_default=True, help="Server processes.")
def bench(part: str, as_json: bool, workers: int) -> None:
    """Measure the whole stack over HTTP on this machine: its own server and data, nothing of yours is touched."""
    from kiosk.bench import run

    figures = run(part, workers=workers, quiet=as_json)
    if as_json:
        click.echo(json.dumps(figures, indent=2))


def _end_with_parent() -> None:
    """Started by a demo or a benchmark: end when it is gone, even if it was killed and could not say so."""
    parent = int(os.environ.get("KIOSK_ENDS_WITH", "0"))
    if not parent:
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


def _open(*, migrated: bool = False) -> None:
    """Connect, load the plugins, and where needed insist on a migrated database."""
    from kiosk import database, migrate
    from kiosk.plugin import gate
    from kiosk.plugin.manager import PluginHouse

    settings = Settings()
    database.connect(settings.database_url, settings.data)
    house = PluginHouse.load(settings)
    gate.use(house)
    if migrated:
        migrate.require_current(house.migrations())
