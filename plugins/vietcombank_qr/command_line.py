"""Make and read VietQR codes on the command line."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import click
import segno

from .vietqr import (
    COUNTRY,
    DONG,
    SAFE_PURPOSE,
    TO_ACCOUNT,
    TO_CARD,
    VIETCOMBANK,
    BadPayload,
    VietQr,
    decode,
    encode,
)

QUIET_ZONE = 4
"""Modules of white around the code (ISO/IEC 18004)."""

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Machine-readable.")


@click.command("encode")
@click.option("--account", required=True, help="Account or card number of the receiver.")
@click.option("--amount", type=int, help="Whole đồng; without it the payer chooses.")
@click.option(
    "--purpose", default="", help=f"What the transfer says; {SAFE_PURPOSE} plain characters are safe."
)
@click.option("--bill", default="", help="Bill number.")
@click.option("--reference", default="", help="Reference label.")
@click.option("--terminal", default="", help="Terminal label.")
@click.option("--bin", "bank", default=VIETCOMBANK, show_default=True, help="The receiver's bank.")
@click.option("--service", type=click.Choice([TO_ACCOUNT, TO_CARD]), default=TO_ACCOUNT, show_default=True)
@click.option(
    "--svg", type=click.Path(path_type=Path, dir_okay=False), help="Also draw the code to this file."
)
@click.option(
    "--png", type=click.Path(path_type=Path, dir_okay=False), help="Also draw the code to this file."
)
@AS_JSON
def encode_command(svg: Path | None, png: Path | None, as_json: bool, **fields: Any) -> None:
    """Make a payload and, if wanted, its picture."""
    try:
        payload = encode(VietQr(**fields))
    except BadPayload as error:
        _refuse(error, as_json)
    code = segno.make(payload, error="m", micro=False)
    for path in (svg, png):
        if path is not None:
            code.save(str(path), border=QUIET_ZONE, scale=8, kind="svg" if path is svg else "png")
    click.echo(json.dumps({"payload": payload}) if as_json else payload)


@click.command("decode")
@click.argument("payload")
@AS_JSON
def decode_command(payload: str, as_json: bool) -> None:
    """Read a payload strictly ("-": from standard input); exit 1 and the reason if anything is wrong with it."""
    if payload == "-":
        payload = sys.stdin.read().removesuffix("\n")
    try:
        found = decode(payload)
    except BadPayload as error:
        _refuse(error, as_json)
    fields = asdict(found)
    facts = {
        "valid": True,
        "poi": "12" if found.dynamic else "11",
        "bin": fields.pop("bank"),
        **fields,
        "currency": DONG,
        "country": COUNTRY,
    }
    if as_json:
        click.echo(json.dumps(facts))
        return
    for name, value in facts.items():
        if value not in {"", None}:
            click.echo(f"{name:<10} {value}")


def _refuse(error: BadPayload, as_json: bool) -> NoReturn:
    """Exit 1 with the reason, as JSON on standard output where a program asked."""
    if as_json:
        reason = {"code": error.code, "message": str(error), "fields": {"path": error.path}}
        click.echo(json.dumps({"valid": False, "error": reason}, ensure_ascii=False))
        sys.exit(1)
    raise click.ClickException(f"{error} [{error.code}]")
