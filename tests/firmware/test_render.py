"""The files of one device: filled in, private where they must be, right by our own checks, and never by surprise."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner, Result

from kiosk.cli import Commands
from kiosk.cli.devices import devices
from kiosk.domain.errors import Conflict, DomainError, Unauthenticated
from kiosk.domain.permissions import DeviceKind
from kiosk.firmware.bundle import PRIVATE, bundle, needs_token
from kiosk.firmware.check import check_rendered
from kiosk.firmware.checks.problem import Tools
from kiosk.firmware.facts import DeviceFacts, server_address
from kiosk.firmware.render import render
from kiosk.firmware.samples import TOKEN, samples
from kiosk.paths import firmware_dir
from kiosk.services.pair_device import which_device
from tests.factories import make_counter, make_device, make_office

SERVER = "https://motcua.example.vn"
Command = Callable[..., Result]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, noon: datetime) -> Command:
    """`kiosk devices …` in an empty folder, at noon, on the database that is open already."""
    monkeypatch.setattr("kiosk.clock.now", lambda: noon)
    monkeypatch.setattr("kiosk.cli.devices.open_database", lambda **_: None)
    monkeypatch.chdir(tmp_path)
    group: click.Group = Commands("kiosk")
    group.add_command(devices)
    return lambda *arguments, **options: CliRunner().invoke(group, ["devices", *arguments], **options)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def token_in(folder: Path) -> str:
    return str(yaml.safe_load((folder / "esp32/secrets.yaml").read_text("utf-8"))["token"])


@pytest.mark.parametrize("sample", samples())
def test_what_is_rendered_passes_the_checks(tmp_path: Path, own_checks: Tools, sample: str) -> None:
    device, platform = samples()[sample]
    pieces = bundle(firmware_dir(), device, platform)
    written = render(firmware_dir(), device, pieces, tmp_path)
    assert [p for checked in check_rendered(tmp_path, own_checks) for p in checked.problems] == []
    holding = {path.relative_to(tmp_path).as_posix() for path in written if TOKEN in path.read_text("utf-8")}
    assert holding <= PRIVATE
    assert bool(holding) == (needs_token(device) or device.is_esp32)
    for path in written:
        if path.relative_to(tmp_path).as_posix() in PRIVATE:
            assert mode(path) == 0o600
        else:
            assert mode(path) == (0o755 if path.read_bytes().startswith(b"#!") else 0o644)


def test_a_token_that_others_may_read_is_a_problem(tmp_path: Path, own_checks: Tools) -> None:
    device, _ = samples()["button"]
    render(firmware_dir(), device, bundle(firmware_dir(), device), tmp_path)
    (tmp_path / "esp32/secrets.yaml").chmod(0o640)
    (found,) = [p for checked in check_rendered(tmp_path, own_checks, "secrecy") for p in checked.problems]
    assert (
        str(found) == "esp32/secrets.yaml: holds a token, and others may read it (mode 0640, should be 0600)"
    )


@pytest.mark.parametrize(
    "name",
    ["Quầy 5", 'a"b\'c: # {{ device.token }}', "x\nKIOSK_SERVER=http://evil.example", "\x1b[31m" + "Ơ" * 60, "${server}"],
)  # fmt: skip
@pytest.mark.parametrize("sample", ["kiosk-debian", "button", "board-debian", "display-rs485"])
def test_no_name_breaks_out_of_its_place(tmp_path: Path, own_checks: Tools, sample: str, name: str) -> None:
    device, platform = samples()[sample]
    device = replace(device, name=name)
    render(firmware_dir(), device, bundle(firmware_dir(), device, platform), tmp_path)
    assert [p for checked in check_rendered(tmp_path, own_checks) for p in checked.problems] == []
    for path in tmp_path.rglob("*"):
        if path.suffix in {".env", ".md"}:
            assert "\nKIOSK_SERVER=http://evil" not in path.read_text("utf-8")


def test_files_that_are_there_are_kept(tmp_path: Path) -> None:
    device, _ = samples()["display-rs485"]
    pieces = bundle(firmware_dir(), device)
    (path,) = render(firmware_dir(), device, pieces, tmp_path)
    path.write_text("mine")
    with pytest.raises(Conflict, match="files_exist"):
        render(firmware_dir(), device, pieces, tmp_path)
    assert path.read_text() == "mine"
    render(firmware_dir(), device, pieces, tmp_path, force=True)
    assert path.read_text("utf-8").startswith("# Máy lấy số")


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://motcua.example.vn/", SERVER),
        (" http://192.168.1.2:8000 ", "http://192.168.1.2:8000"),
        ("http://[fd00::2]:8000", "http://[fd00::2]:8000"),
    ],
)
def test_addresses(given: str, taken: str) -> None:
    assert server_address(given) == taken


@pytest.mark.parametrize(
    "given",
    ["motcua.example.vn", "ftp://a.vn", "https://", "http://a.vn/x", "http://u:p@a.vn", 'http://a".vn', "http://a.vn:x",
     "http://a.vn?q", "http://a vn", "http://${x}"],
)  # fmt: skip
def test_addresses_that_are_none(given: str) -> None:
    with pytest.raises(DomainError, match="server_address_malformed"):
        server_address(given)


@pytest.mark.parametrize(("chip", "digits"), [("max7219", 9), ("max7219", 3), ("tm1637", 7), ("hd44780", 4)])
def test_a_display_of_impossible_size(chip: str, digits: int) -> None:
    with pytest.raises(DomainError, match="too_many_digits"):
        DeviceFacts(1, "x", DeviceKind.DISPLAY, SERVER, chip=chip, digits=digits)


def test_a_button_is_rendered_and_its_token_works(
    database, command: Command, noon: datetime, tmp_path: Path
) -> None:
    make_office("demo")
    old = make_device("button", "Nút gọi quầy 5", counter=make_counter(5))
    done = command("render", "Nút gọi quầy 5", "--server", SERVER, "--to", "out", "--wifi", "Một cửa", "--yes",
                   env={"KIOSK_WIFI_PASSWORD": "rất bí mật"})  # fmt: skip
    assert done.exit_code == 0, done.output
    secrets = yaml.safe_load((tmp_path / "out/esp32/secrets.yaml").read_text("utf-8"))
    assert (secrets["wifi_ssid"], secrets["wifi_password"]) == ("Một cửa", "rất bí mật")
    assert secrets["server"] == SERVER
    assert secrets["token"] not in done.output
    assert which_device(secrets["token"], noon).device.id == old.id
    with pytest.raises(Unauthenticated):
        which_device(old.token, noon)


def test_a_second_rendering_keeps_what_updates_over_the_air_need(
    database, command: Command, noon: datetime
) -> None:
    make_office("demo")
    device = make_device("button", "Nút 1", counter=make_counter(5))
    arguments = ("render", str(device.id), "--server", SERVER, "--to", "out", "--yes")
    command(*arguments, "--wifi", "Một cửa", env={"KIOSK_WIFI_PASSWORD": "rất bí mật"})
    first = yaml.safe_load(Path("out/esp32/secrets.yaml").read_text("utf-8"))
    again = command(*arguments, "--force")
    assert again.exit_code == 0, again.output
    second = yaml.safe_load(Path("out/esp32/secrets.yaml").read_text("utf-8"))
    assert {key for key in first if first[key] != second[key]} == {"token"}
    Path("out/esp32/secrets.yaml").write_text("wifi_ssid: [", "utf-8")
    refused = command(*arguments, "--force")
    assert "[secrets_unreadable]" in refused.output
    assert which_device(second["token"], noon).device.id == device.id, "the token did not end for nothing"


def test_a_refusal_leaves_the_old_token_alive(
    database, command: Command, noon: datetime, tmp_path: Path
) -> None:
    make_office("demo")
    device = make_device("button", "Nút 1", counter=make_counter(5))
    (tmp_path / "out/esp32").mkdir(parents=True)
    (tmp_path / "out/esp32/common.yaml").write_text("mine")
    for arguments, said in [
        (["render", "Nút 2"], "[unknown_device]"),
        (["render", "Nút 1", "--server", "motcua"], "[server_address_malformed]"),
        (["render", "Nút 1", "--server", SERVER, "--to", "out", "--yes"], "[files_exist]"),
        (["render", "Nút 1", "--server", SERVER, "--digits", "12"], "[too_many_digits]"),
    ]:
        refused = command(*arguments)
        assert refused.exit_code == 1
        assert said in refused.output.strip().splitlines()[-1]
    declined = command("render", str(device.id), "--server", SERVER, input="n\n")
    assert declined.exit_code == 1
    assert "nothing was written" in declined.output
    assert not Path(f"kiosk-button-{device.id}").exists()
    assert which_device(device.token, noon).device.id == device.id


def test_a_board_keeps_its_pairing(database, command: Command, noon: datetime) -> None:
    make_office("demo")
    board = make_device("board", "Bảng sảnh")
    done = command("render", str(board.id), "--server", SERVER)
    assert done.exit_code == 0, done.output
    assert f"{SERVER}/pair" in done.output
    assert which_device(board.token, noon).device.id == board.id
    folder = Path(f"kiosk-board-{board.id}")
    assert f"KIOSK_PAGE={SERVER}/board\n" in (folder / "root/etc/kiosk/screen.env").read_text("utf-8")
    policy = json.loads((folder / "root/etc/chromium/policies/managed/kiosk.json").read_text("utf-8"))
    assert policy["URLAllowlist"] == [f"{SERVER}/board", f"{SERVER}/pair"]
    assert not (folder / "root/etc/systemd/system/kiosk-agent.service").exists()
    assert not (folder / "root/etc/udev").exists(), "it is paired with a keyboard or a mouse"


@pytest.mark.parametrize("platform", ["debian", "raspberry-pi"])
def test_a_kiosk_gets_all_of_a_pc(database, command: Command, noon: datetime, platform: str) -> None:
    make_office("demo")
    kiosk = make_device("kiosk", "Máy lấy số 1")
    done = command(
        "render", "Máy lấy số 1", "--server", SERVER, "--to", "usb", "--platform", platform, "--yes"
    )
    assert done.exit_code == 0, done.output
    told = dict(
        line.split("=", 1)
        for line in Path("usb/root/etc/kiosk/agent.env").read_text("utf-8").splitlines()[1:]
    )
    assert told["KIOSK_SERVER"] == SERVER
    assert which_device(told["KIOSK_TOKEN"], noon, "the agent's folder").device.id == kiosk.id
    watchdog = Path("usb/root/etc/systemd/system.conf.d/30-kiosk-watchdog.conf").read_text("utf-8")
    assert ("RuntimeWatchdogSec=14s" in watchdog) == (platform == "raspberry-pi")
    assert Path("usb/config.txt").exists() == (platform == "raspberry-pi")


def test_displays_by_their_driver(database, command: Command) -> None:
    make_office("demo")
    at = make_counter(5)
    mqtt = {"driver": "mqtt", "host": "192.168.1.61", "password": "p", "tls": True}
    made = {
        "poll": make_device("display", "A", counter=at),
        "mqtt": make_device("display", "B", counter=at, options=mqtt),
        "rs485": make_device("display", "C", counter=at, options={"driver": "rs485", "port": "/dev/ttyUSB0"}),
    }
    for driver, device in made.items():
        done = command("render", str(device.id), "--server", SERVER, "--to", driver, "--yes")
        assert done.exit_code == 0, done.output
        assert ("certificate_authority" in done.output) == (driver == "mqtt")
    assert token_in(Path("poll"))
    secrets = yaml.safe_load(Path("mqtt/esp32/secrets.yaml").read_text("utf-8"))
    assert secrets["topic"] == "kiosk/demo/counter/5"
    assert "token" not in secrets, "a display that listens to the broker needs none"
    assert yaml.safe_load(Path("rs485/boards/led-rs485.yaml").read_text("utf-8"))["port"] == "/dev/ttyUSB0"
    http = make_device("display", "D", counter=at, options={"driver": "http", "url": "http://192.168.1.9/x"})
    refused = command("render", str(http.id), "--server", SERVER)
    assert refused.exit_code == 1
    assert "[nothing_to_render]" in refused.output


def test_the_list_says_who_is_there(database, command: Command) -> None:
    make_office("demo")
    make_device("kiosk", "Máy lấy số 1")
    make_device("board", "Bảng sảnh", token_hash=None)
    listed = command("list").output
    assert [line.split()[1:4] for line in listed.splitlines()] == [
        ["board", "new", "never"],
        ["kiosk", "paired", "never"],
    ]
    (row, _) = json.loads(command("list", "--json").output)
    assert sorted(row) == ["id", "kind", "last_seen_at", "name", "state"]
    make_office("other")
    assert "--office demo|other" in command("list").output


def test_the_check_command_says_every_file_and_ends_by_what_it_found(
    command: Command, tmp_path: Path
) -> None:
    fine = command("check", "--only", "policy")
    assert fine.exit_code == 0
    assert fine.output.splitlines()[-1] == "2 files, 0 problems"
    device, _ = samples()["display-rs485"]
    (path,) = render(firmware_dir(), device, bundle(firmware_dir(), device), tmp_path / "x")
    path.write_text("driver: rs485\n", "utf-8")
    broken = command("check", "x", "--json")
    assert broken.exit_code == 1
    (found,) = json.loads(broken.output)
    assert found["problems"] == [{"file": "boards/led-rs485.yaml", "where": "port", "reason": "required"}]
