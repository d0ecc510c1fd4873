"""docs/operations.md: settings, commands, metrics and set-up examples are those of the code."""

from __future__ import annotations

import configparser
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import click
import pytest

import kiosk.services.look.figures
from kiosk import metrics
from kiosk.cli import main
from kiosk.config import Settings
from kiosk.i18n import errors
from kiosk.realtime.hub import MOST_STRANGERS
from kiosk.views.incoming import MOST_BYTES
from tests.docs.rewrite import shown

LEFT_OUT = {"plugins disable"}
"""The reverse of a command that is shown."""


@pytest.fixture(scope="session")
def operations(doc):
    return doc("operations.md")


def commands(group=main, prefix=""):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield prefix + name


def test_every_setting_is_listed_with_default_and_help_and_no_other(operations):
    assert operations.rows("| setting | default | what it is |") == [
        [f"`KIOSK_{name.upper()}`", shown(field.default), field.description]
        for name, field in Settings.model_fields.items()
    ]


def test_every_setting_named_anywhere_exists(operations):
    named = set(re.findall(r"\bKIOSK_[A-Z_]+\b", operations.text))
    assert named <= {f"KIOSK_{name.upper()}" for name in Settings.model_fields}


def test_every_command_is_shown_and_every_command_shown_exists(operations):
    known = set(commands())
    text = operations.text.replace("/opt/kiosk/bin/kiosk", "kiosk")
    used = {
        found.strip()
        for found in re.findall(
            r"(?:^|`|=|\s)kiosk ((?:(?:office|user|plugins|devices|simulate) )?[a-z-]+)\b(?=[ `\n])", text
        )
        if found.split()[0] in {name.split()[0] for name in known}
    }
    assert used <= known
    assert known - LEFT_OUT <= used


def test_options_in_examples_exist(operations):
    options = {"--help", "--version"}
    groups = [main]
    while groups:
        for command in groups.pop().commands.values():
            if isinstance(command, click.Group):
                groups.append(command)
            options |= {name for option in command.params for name in option.opts}
    lines = [
        line for line in operations.text.splitlines() if re.match(r"`?(/opt/kiosk/bin/)?kiosk [a-z-]", line)
    ]
    assert lines
    for line in lines:
        assert set(re.findall(r"(?<=\s)--[a-z-]+", line)) <= options, line


def test_every_metric_is_listed_and_no_other(operations):
    listed = {row[0].strip("`"): row[2] for row in operations.rows("| metric | labels | what it is |")}
    own = {
        family.name + ("_total" if family.type == "counter" else ""): family.documentation
        for family in metrics.registry.collect()
    }
    source = Path(kiosk.services.look.figures.__file__).read_text(encoding="utf-8")
    queues = dict(re.findall(r'_row\("(kiosk_\w+)", "([^"]+)"', source))
    assert queues
    assert listed == own | queues


def test_error_codes_named_exist(operations):
    named = set(re.findall(r"50[0-9] `(\w+)`|403 `(\w+)`|^\| `(\w+)` \|", operations.text, re.MULTILINE))
    codes = {code for found in named for code in found if code and not code.startswith("KIOSK")}
    fields = {"event", "level", "timestamp", "exception", "issue", "call", "live", "memory", "plugins"}
    assert {"clock_went_back", "database_unavailable", "foreign_origin"} <= codes
    assert codes - fields - set(listed_metrics(operations)) <= set(errors())


def listed_metrics(operations):
    return [row[0].strip("`") for row in operations.rows("| metric | labels | what it is |")]


def test_threads_leave_room_for_strangers(operations):
    text = " ".join(operations.text.split())
    assert (
        f"{MOST_STRANGERS} for sockets of strangers, who get no more than that, and 20 for ordinary" in text
    )
    assert f"KIOSK_THREADS ≥ boards + counters + {MOST_STRANGERS + 20}" in text
    default = Settings.model_fields["threads"].default
    assert f"KIOSK_THREADS={default}" in text


def test_service_files_start_what_exists(operations):
    unit, change = operations.examples("ini")
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.optionxform = str
    parsed.read_string(unit)
    assert parsed["Service"]["ExecStart"] == "/opt/kiosk/bin/kiosk serve"
    for line in change.splitlines():
        key = line.partition("=")[0]
        assert f"\n{key}=" in unit


def test_the_proxy_lets_through_what_the_product_takes(operations):
    (site,) = operations.examples("nginx")
    assert f"client_max_body_size  {MOST_BYTES // 1024}k;" in site
    assert site.count("{") == site.count("}")
    for header in (
        "Host",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "Upgrade",
        "Connection",
    ):
        assert re.search(rf"proxy_set_header {header} +\$", site)
    assert "location /socket.io/ {" in site


def test_the_backup_script_copies_a_database_in_use(operations, tmp_path):
    (script,) = operations.examples("python")
    path, copy = tmp_path / "kiosk.db", tmp_path / "copy.db"
    (tmp_path / "backup.py").write_text(script, encoding="utf-8")
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode = wal")
    writer.execute("CREATE TABLE ticket (label TEXT)")
    writer.execute("INSERT INTO ticket VALUES ('T001')")
    run = [sys.executable, tmp_path / "backup.py", path, copy]
    assert subprocess.run(run, check=False).returncode == 0
    writer.close()
    found = sqlite3.connect(copy)
    assert found.execute("SELECT label FROM ticket").fetchall() == [("T001",)]
    found.close()
    assert copy.stat().st_mode & 0o077 == 0
    assert subprocess.run(run, check=False, capture_output=True).returncode != 0, "it wrote over a backup"
