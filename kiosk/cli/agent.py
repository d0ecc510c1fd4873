"""The command that runs a kiosk's own agent."""

from __future__ import annotations

import os
from pathlib import Path

import click


def _folder() -> Path:
    """Where the agent keeps what it must not forget: systemd's folder for it, else the user's."""
    given = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    return Path(given) if given else Path.home() / ".local" / "state" / "kiosk-agent"


@click.command()
@click.option("--server", envvar="KIOSK_SERVER", help="Address of the server; remembered once paired.")
@click.option("--pair", "code", envvar="KIOSK_PAIR", help="Pairing code from the device page; used once.")
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Folder of the agent's memory."
)
@click.option(
    "--bind", default="127.0.0.1:7180", show_default=True, help="Where the kiosk's browser finds the page."
)
@click.option("--printer", help="Address of the printer, such as usb:///dev/usb/lp0, for a first try.")
@click.option("--model", default="generic-80mm", show_default=True, help="Model of that printer.")
@click.pass_context
def agent(
    context: click.Context,
    server: str | None,
    code: str | None,
    data: Path | None,
    bind: str,
    printer: str | None,
    model: str,
) -> None:
    """Run on the kiosk PC: prints at the machine, and goes on giving numbers when the server is away."""
    from kiosk import logs
    from kiosk.agent import run
    from kiosk.agent.server import Away
    from kiosk.agent.store import FolderInUse

    logs.set_up("INFO")
    token = os.environ.get("KIOSK_TOKEN")  # not an option: command lines are seen by everybody on the machine
    options = run.Options(data or _folder(), server, code, token, bind, printer, model)
    try:
        run.run(options, click.echo)
    except run.NotPaired as error:
        click.echo(f"Error: {error}", err=True)
        context.exit(2)
    except Away:
        raise click.ClickException("the server could not be reached to pair this kiosk") from None
    except (FolderInUse, run.UnusableBind) as error:
        raise click.ClickException(str(error)) from None
