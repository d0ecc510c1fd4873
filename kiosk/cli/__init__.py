"""The command line. Every command says what it does, and fails with one clear line."""

from __future__ import annotations

from typing import Any

import click

from kiosk import __version__
from kiosk.cli import agent, devices, log, places, plugins, running, simulate
from kiosk.config import StartRefused
from kiosk.domain.errors import DomainError
from kiosk.i18n import error_message

COMMANDS = (
    running.demo,
    running.serve,
    running.worker,
    running.upgrade,
    places.office,
    places.user,
    plugins.plugins,
    devices.devices,
    agent.agent,
    log.report,
    simulate.simulate,
    log.verify_log,
    running.bench,
)


class Commands(click.Group):
    """The product's commands and the plugins'; turns every refusal into one line on standard error and a non-zero exit."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of ours, else a plugin's."""
        from kiosk.cli.of_plugins import plugin_group

        return super().get_command(ctx, cmd_name) or plugin_group(cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Ours and, after them, the plugins'."""
        from kiosk.cli.of_plugins import plugin_groups

        return [*super().list_commands(ctx), *plugin_groups()]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except DomainError as error:
            raise click.ClickException(
                f"{error_message(error.code, 'en', error.fields)} [{error.code}]"
            ) from None
        except StartRefused as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kiosk")
def main() -> None:
    """Queue kiosk and service desk of a one-stop public service centre (một cửa).

    Settings come from the environment (KIOSK_DATA, KIOSK_DATABASE, KIOSK_BIND, ...) or a .env file.
    """


for command in COMMANDS:
    main.add_command(command)
