"""Commands about devices: who is there, the files for one of them, and whether all such files are right."""

from __future__ import annotations

import ipaddress
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from kiosk import clock, paths
from kiosk.cli.opening import open_database
from kiosk.config import Settings
from kiosk.domain.errors import NotFound
from kiosk.domain.permissions import DeviceKind
from kiosk.firmware.bundle import PLATFORMS, bundle, needs_token
from kiosk.firmware.check import KINDS, TOOLS, Checked, check_configs, check_rendered
from kiosk.firmware.checks.problem import find_tools
from kiosk.firmware.facts import CHIPS, FEWEST_DIGITS, TO_FILL_IN, DeviceFacts, facts_of, server_address

OFFICE = click.option("--office", "office_key", help="Office key; needed when there are several.")


@click.group()
def devices() -> None:
    """Kiosks, boards, displays and call buttons."""


@devices.command("list")
@OFFICE
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def devices_list(office_key: str | None, as_json: bool) -> None:
    """List an office's devices: number, kind, state, when last heard of, name."""
    from kiosk.services import manage_devices

    open_database(migrated=True)
    names = ("id", "name", "kind", "state", "last_seen_at")
    cards = manage_devices.devices(_office(office_key)["id"], clock.now())
    rows = [{name: card[name] for name in names} for card in cards]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, default=str, indent=2))
        return
    for row in rows:
        seen: datetime | None = row["last_seen_at"]
        heard = seen.strftime("%Y-%m-%d %H:%M") if seen else "never"
        click.echo(f"{row['id']:>4}  {row['kind']:<8} {row['state']:<8} {heard:<16}  {row['name']}")


@devices.command("render")
@click.argument("device")
@OFFICE
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False),
    help="Folder for its files; made when missing. Named after the device when left out.",
)  # fmt: skip
@click.option(
    "--server", help="Address at which the device reaches the server; the public one when left out."
)
@click.option("--platform", type=click.Choice(PLATFORMS), default=PLATFORMS[0], show_default=True)
@click.option(
    "--wifi", "wifi_ssid", default=TO_FILL_IN, help="Network of an ESP32; its password is asked for."
)
@click.option("--chip", type=click.Choice(list(CHIPS)), default="max7219", show_default=True)
@click.option(
    "--digits", type=int, default=FEWEST_DIGITS, show_default=True, help="Digits of an ESP32 display."
)
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@click.option("--yes", is_flag=True, help="Make the new token without asking.")
def devices_render(
    device: str, office_key: str | None, folder: Path | None, server: str | None, platform: str, force: bool,
    yes: bool, **esp32: Any,
) -> None:  # fmt: skip
    """Write the files for DEVICE (its number or name), with address and token filled in.

    What holds a token can be read by you only. The device's earlier token ends when the new one is made.
    """
    from kiosk.firmware.render import kept, refuse_overwrite, render
    from kiosk.services import pair_device

    open_database(migrated=True)
    root, office = paths.firmware_dir(), _office(office_key)
    card = _find(office["id"], device)
    address = server_address(server or office["public_url"] or Settings().base_url)
    facts = facts_of(card, office["key"], address, **esp32)
    folder = folder or Path(facts.hostname)
    pieces = bundle(root, facts, platform)
    if not force:
        refuse_overwrite(folder, pieces)
    if facts.is_esp32:
        facts = kept(folder, replace(facts, wifi_password=_wifi_password(facts.wifi_ssid)))
    if _here_only(address):
        click.echo(f"note: {address} is this machine; a device elsewhere needs --server", err=True)
    # Everything that can be refused was; only now the old token ends.
    if needs_token(facts):
        question = f"{card['name']} gets a new token; the one it has ends at once. Go on?"
        if not yes and not click.confirm(question):
            raise click.ClickException("nothing was written")
        token = pair_device.token_for_render(office["id"], card["id"], clock.now(), "system:cli")
        facts = replace(facts, token=token)
    for path in render(root, facts, pieces, folder, force=force):
        click.echo(path)
    for line in _left_to_do(facts):
        click.echo(f"note: {line}", err=True)


@devices.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
@click.option("--only", type=click.Choice(KINDS), help="Only files of this kind.")
@click.option(
    "--without", multiple=True, type=click.Choice(TOOLS), help="Do without this program; may be repeated."
)
def devices_check(folder: Path | None, as_json: bool, only: str | None, without: tuple[str, ...]) -> None:
    """Check every file that devices are set up with, or the FOLDER that `render` wrote for one of them.

    Exits 1 at any problem; a program that is missing is one, unless it is named by --without.
    """
    tools = find_tools(frozenset(without), paths.firmware_dir().parent)
    found = (
        check_rendered(folder, tools, only) if folder else check_configs(paths.firmware_dir(), tools, only)
    )
    results = []
    for checked in found:
        results.append(checked)
        if not as_json:
            _tell(checked)
    problems = sum(len(checked.problems) for checked in results)
    files = len({checked.file for checked in results})
    if as_json:
        click.echo(json.dumps([asdict(checked) for checked in results], ensure_ascii=False, indent=2))
    else:
        click.echo(f"{files} files, {problems} problem{'' if problems == 1 else 's'}")
    if problems or not results:
        sys.exit(1)


def _tell(checked: Checked) -> None:
    state = "BAD" if checked.problems else "-- " if checked.skipped else "ok "
    extra = f"  (not checked: without {checked.skipped})" if checked.skipped else ""
    extra = extra or (f"  (as {checked.sample})" if checked.sample else "")
    click.echo(f"{state} {checked.kind:<8} {checked.file}{extra}")
    for problem in checked.problems:
        click.echo(f"    {problem}", err=True)


def _office(key: str | None) -> dict[str, Any]:
    from kiosk.services import look

    if key:
        return look.office_by_key(key)
    places = look.offices()
    if len(places) != 1:
        raise click.UsageError("say which office: --office " + "|".join(place["key"] for place in places))
    return places[0]


def _find(office_id: int, wanted: str) -> dict[str, Any]:
    from kiosk.services import manage_devices

    cards = manage_devices.devices(office_id, clock.now())
    for card in cards:
        if str(card["id"]) == wanted:
            return card
    for card in cards:
        if card["name"] == wanted:
            return card
    raise NotFound("unknown_device", device=wanted[:80])


def _wifi_password(ssid: str) -> str:
    if ssid == TO_FILL_IN:
        return TO_FILL_IN
    return os.environ.get("KIOSK_WIFI_PASSWORD") or click.prompt(f"Password of {ssid}", hide_input=True)


def _here_only(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _left_to_do(facts: DeviceFacts) -> Iterator[str]:
    if facts.is_esp32 and facts.wifi_ssid == TO_FILL_IN:
        yield f"put the WiFi's name and password into esp32/secrets.yaml, where it says {TO_FILL_IN}"
    if facts.broker and facts.broker.tls:
        yield "the broker wants TLS: put its certificate_authority into esp32/broker.yaml"
    if facts.kind is DeviceKind.BOARD:
        yield f"a board is paired on its own screen: {facts.server}/pair"
    if facts.is_esp32:
        yield "keep this folder to yourself; a later program over the air needs its ota_password"
    elif needs_token(facts):
        yield "delete these files once they are on the device; they hold its token"
