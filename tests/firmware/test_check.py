"""Every shipped configuration is right; a broken one is named with its file, its key or line, and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.firmware.bundle import bundle, files
from kiosk.firmware.check import TOOLS, check_configs
from kiosk.firmware.checks.problem import Tools
from kiosk.firmware.policy_keys import KNOWN, SHUT
from kiosk.firmware.samples import samples
from kiosk.paths import firmware_dir

PC = "kiosks/debian/root/etc"
POLICY = f"{PC}/chromium/policies/managed/kiosk.json"
AGENT = f"{PC}/systemd/system/kiosk-agent.service"
RULES = f"{PC}/udev/rules.d/70-kiosk-devices.rules"


def problems(root: Path, tools: Tools, only: str | None = None) -> list[str]:
    return [str(problem) for checked in check_configs(root, tools, only) for problem in checked.problems]


def test_every_file_is_right_by_our_own_checks(own_checks: Tools) -> None:
    checked = list(check_configs(firmware_dir(), own_checks))
    assert [str(problem) for each in checked for problem in each.problems] == []
    every = {path.relative_to(firmware_dir()).as_posix() for path in files(firmware_dir())}
    assert {each.file for each in checked} == every, "nothing lies there unchecked"


def test_every_unit_is_right_by_systemd(systemd: Tools) -> None:
    assert problems(firmware_dir(), systemd, "systemd") == []


def test_every_esp32_is_right_by_esphome(esphome: Tools) -> None:
    checked = [
        each for each in check_configs(firmware_dir(), esphome, "esphome") if "esp32/" not in each.file
    ]
    assert [problem for each in checked for problem in each.problems] == []
    assert [each.file for each in checked] == [
        "buttons/call-button.yaml",
        "boards/counter-display.yaml",
        "boards/counter-display.yaml",
        "boards/counter-display-mqtt.yaml",
    ]


def test_the_samples_use_every_file_but_the_texts_and_the_printers() -> None:
    used = {piece.source for device, platform in samples().values()
            for piece in bundle(firmware_dir(), device, platform)}  # fmt: skip
    rest = {path.relative_to(firmware_dir()).as_posix() for path in files(firmware_dir())} - used
    assert all(name.endswith("README.md") or name.startswith("printers/") for name in rest), rest


def test_the_readmes_name_every_file() -> None:
    told = "".join(path.read_text("utf-8") for path in firmware_dir().rglob("README.md"))
    names = {
        path.name.removesuffix(".j2") for path in files(firmware_dir()) if path.parent.name != "printers"
    }
    assert {name for name in names if name not in told} == set()


@pytest.mark.parametrize(
    ("name", "old", "new", "where", "reason"),
    [
        (POLICY, '"URLBlocklist"', '"URLBlocklists"', "URLBlocklists", "not a policy of Chromium"),
        (POLICY, '"URLBlocklist": ["*"],', "", "URLBlocklist", "must be"),
        (POLICY, '"PrintingEnabled": false', '"PrintingEnabled": 0', "PrintingEnabled", "not true or false"),
        (POLICY, '"DeveloperToolsAvailability": 2', '"DeveloperToolsAvailability": true',
         "DeveloperToolsAvailability", "not one of 0, 1, 2"),
        (POLICY, '"SyncDisabled": true,', '"SyncDisabled": true, "SyncDisabled": false,', "SyncDisabled", "twice"),
        (POLICY, '"SyncDisabled": true,', '"SyncDisabled": true', "line", "delimiter"),
        (POLICY, '7180/pair"]', '7180/*"]', "URLAllowlist", "more than one page"),
        (RULES, 'SUBSYSTEM=="usbmisc"', 'SUBSYSTEM="usbmisc"', "SUBSYSTEM", "can only be compared"),
        (RULES, 'GROUP="lp"', 'GROP="lp"', "GROP", "not a key of rules"),
        (RULES, 'MODE="0660"', 'MODE="rw"', "MODE", "not a mode"),
        (RULES, 'GROUP="lp", MODE', 'GROUP="lp" MODE', "line 4", "cannot be read"),
        (f"{PC}/systemd/journald.conf.d/30-kiosk.conf", "SystemMaxUse=100M", "SystemMaxUsed=100M",
         "SystemMaxUsed", "not a key of [Journal]"),
        (f"{PC}/systemd/system.conf.d/30-kiosk-watchdog.conf", "30s", "soon", "RuntimeWatchdogSec", "'soon'"),
        (f"{PC}/kiosk/agent.env.j2", "KIOSK_SERVER=", "KIOSK SERVER ", "line 2", "NAME=value"),
        (f"{PC}/kiosk/agent.env.j2", "device.server", "device.adress", "", "adress"),
        ("kiosks/raspberry-pi/config.txt", "dtparam=", "dtparam ", "line 4", "setting=value"),
        ("kiosks/debian/install.sh", "set -euo pipefail", "", "", "goes on after a mistake"),
        ("boards/led-rs485.yaml.j2", "baud: {{", "bauds: {{", "bauds", "unknown_key"),
        ("boards/led-template.yaml.j2", "{{ device.options.frame | json }}", '"{digit}"', "frame", ""),
        ("esp32/common.yaml", "wifi:\n", "wifi\n", "line", ""),
        ("printers/generic-58mm.yaml", "cutter:", "cuter:", "cut", ""),
    ],
)  # fmt: skip
def test_a_broken_file_is_named(spoil, name: str, old: str, new: str, where: str, reason: str) -> None:
    found = spoil(name, old, new)
    assert found, "nothing was found"
    assert any(where in problem.where and reason in problem.reason for problem in found), [*map(str, found)]
    assert {problem.file for problem in found} == {name}


@pytest.mark.parametrize(
    ("old", "new", "where", "reason"),
    [
        ("RestartSec=2", "RestartSecs=2", "line", "RestartSecs"),
        ("WatchdogSec=30", "WatchdogSec=often", "line", "often"),
        ("Type=notify", "Type=notifies", "line", "notifies"),
        ("ExecStart=/opt/kiosk", "ExecStart=/opt/elsewhere", "", "/opt/elsewhere"),
    ],
)
def test_a_broken_unit_is_named(spoil, old: str, new: str, where: str, reason: str) -> None:
    (found, *_) = spoil(AGENT, old, new, "systemd")
    assert found.file == AGENT
    assert where in found.where
    assert reason in found.reason


def test_an_hour_that_never_comes_is_named(spoil) -> None:
    timer = f"{PC}/systemd/system/kiosk-nightly.timer"
    found = spoil(timer, "03:30:00", "33:30:00", "systemd")
    assert any(p.file == timer and "OnCalendar" in p.where for p in found)


@pytest.mark.parametrize(
    ("name", "old", "new", "file", "where", "reason"),
    [
        ("buttons/call-button.yaml", "delayed_on: 30ms", "delayd_on: 30ms", "buttons/call-button.yaml",
         "binary_sensor", "delayd_on"),
        ("esp32/common.yaml", "power_save_mode: none", "power_save_mode: off", "esp32/common.yaml",
         "wifi.power_save_mode", ""),
        ("esp32/digits.yaml", "!secret digits", "!secret digitz", "boards/counter-display.yaml", "", "digitz"),
        ("boards/counter-display.yaml", "status_code == 304", "status_code == 304 ]", "", "", None),
    ],
)  # fmt: skip
def test_a_broken_esp32_file_is_named(
    spoil, name: str, old: str, new: str, file: str, where: str, reason: str | None
) -> None:
    found = spoil(name, old, new, "esphome")
    if reason is None:
        assert not found, "ESPHome checks settings; the C++ in a lambda is the compiler's to check"
        return
    assert any(p.file == file and where in p.where and reason in p.reason for p in found), [*map(str, found)]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("esp32/common.yaml", '  password: "mot-cua-2026"\n'),
        ("kiosks/debian/root/etc/kiosk/agent.env.j2", "KIOSK_TOKEN=mRk3-p2Xh\n"),
        ("README.md", "token xyYb0vH3Vf9mJ2qLw8sZ4tRk7nPd1cGa\n"),
        ("esp32/server.yaml", "# Authorization: Bearer mRk3p2XhQw\n"),
        ("README.md", "-----BEGIN EC PRIVATE KEY-----\n"),
    ],
)
def test_a_secret_among_our_files_is_found(configs: Path, own_checks: Tools, name: str, line: str) -> None:
    with (configs / name).open("a", encoding="utf-8") as file:
        file.write(line)
    last = len((configs / name).read_text("utf-8").splitlines())
    (found,) = problems(configs, own_checks, "secrecy")
    assert found.startswith(f"{name}: line {last}: holds ")
    assert "mRk3" not in found, "what is found is not repeated"


def test_a_file_that_nobody_checks_is_a_problem(configs: Path, own_checks: Tools) -> None:
    (configs / "boards" / "notes.cfg").write_text("x")
    assert problems(configs, own_checks) == ["boards/notes.cfg: nothing here checks files of this kind"]


def test_a_missing_program_is_a_problem_unless_it_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    found = problems(firmware_dir(), Tools())
    assert {"esphome", "systemd-analyze", "bash", "sh"} == {
        line.split("not checked: ")[1].split(" ")[0] for line in found
    }
    without = list(check_configs(firmware_dir(), Tools(frozenset(TOOLS))))
    assert [problem for checked in without for problem in checked.problems] == []
    assert {checked.skipped for checked in without} == {"", "esphome", "systemd-analyze"}


def test_what_must_be_shut_is_something_we_know() -> None:
    assert all(KNOWN[key].takes(value) for key, value in SHUT.items())


def test_no_printer_is_known_by_its_maker() -> None:
    rules = "".join(path.read_text("utf-8") for path in firmware_dir().rglob("*.rules"))
    assert "idVendor" not in rules
    assert "ID_VENDOR" not in rules


def test_the_agent_unit_shuts_what_it_does_not_need() -> None:
    unit = (firmware_dir() / AGENT).read_text("utf-8").splitlines()
    for wanted in (
        "User=kiosk-agent", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict",
        "StateDirectory=kiosk-agent", "Restart=always", "WatchdogSec=30", "Type=notify",
    ):  # fmt: skip
        assert wanted in unit
    assert not [line for line in unit if line.startswith(("PrivateDevices=", "ProtectClock="))], (
        "the printer is in /dev"
    )
    screen = (firmware_dir() / f"{PC}/systemd/system/kiosk-screen.service").read_text("utf-8")
    assert "Restart=always\nRestartSec=1\n" in screen
