"""VietQR for an account at Vietcombank: codes are made and read on this machine, no bank's service is asked."""

from __future__ import annotations

from typing import Any

from kiosk.plugin import hookimpl


@hookimpl
def cli_commands(cli: Any) -> None:
    """`encode` and `decode`, which need no database."""
    from .command_line import decode_command, encode_command

    cli.add_command(encode_command)
    cli.add_command(decode_command)
