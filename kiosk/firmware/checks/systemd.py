"""Units by `systemd-analyze verify`, calendar times by `systemd-analyze calendar`, drop-ins by a table of their keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kiosk.firmware.checks.problem import Problem, Subject, Tools, run

TOOL = "systemd-analyze"
HELP = "it belongs to systemd"

INSTALLED_LATER = frozenset({"/opt/kiosk/bin/kiosk", "/usr/bin/cage"})
"""Programs that install.sh brings: systemd cannot find them here."""

_TIME = re.compile(r"\d+ ?(us|ms|s|sec|min|h|day|week|month)?|infinity")
_SIZE = re.compile(r"\d+[KMGT]?|\d+%")
_BOOL = re.compile(r"yes|no")
_ACTION = re.compile(r"ignore|poweroff|reboot|lock|suspend")

DROP_INS: dict[str, dict[str, re.Pattern[str]]] = {
    "Manager": {
        "RuntimeWatchdogSec": _TIME,
        "RebootWatchdogSec": _TIME,
        "KExecWatchdogSec": _TIME,
        "WatchdogDevice": re.compile(r"/dev/\S+"),
        "DefaultTimeoutStopSec": _TIME,
        "CrashReboot": _BOOL,
    },
    "Journal": {
        "Storage": re.compile(r"volatile|persistent|auto|none"),
        "SystemMaxUse": _SIZE,
        "SystemKeepFree": _SIZE,
        "RuntimeMaxUse": _SIZE,
        "MaxRetentionSec": _TIME,
        "MaxFileSec": _TIME,
        "Compress": _BOOL,
        "ForwardToSyslog": _BOOL,
    },
    "Login": {
        "NAutoVTs": re.compile(r"\d+"),
        "ReserveVT": re.compile(r"\d+"),
        "KillUserProcesses": _BOOL,
        "HandlePowerKey": _ACTION,
        "HandleSuspendKey": _ACTION,
        "HandleHibernateKey": _ACTION,
        "HandleLidSwitch": _ACTION,
        "IdleAction": _ACTION,
    },
}
"""What the drop-ins of systemd, its journal and its logins may say (systemd-system.conf(5), journald.conf(5),
logind.conf(5)); systemd has no program that checks them."""


def check_unit(subject: Subject, tools: Tools) -> list[Problem]:
    """A service or timer, with the units beside it."""
    if not tools.wanted(TOOL):
        return []
    program = tools.find(TOOL)
    if program is None:
        return tools.missing(subject, TOOL, HELP)
    problems = list(_calendar(subject, program))
    code, said = run(program, "verify", "--man=no", f"./{subject.path.name}", cwd=subject.path.parent)
    about_us = [line for line in said.splitlines() if subject.path.name in line]
    problems += [problem for line in about_us if (problem := _problem(subject, line))]
    if code and not about_us:
        problems.append(subject.problem("", " ".join(said.split())[:300] or "refused without a word"))
    return problems


def _problem(subject: Subject, line: str) -> Problem | None:
    later = re.search(r"Command (\S+) is not executable: No such file", line)
    if later and later[1] in INSTALLED_LATER:
        return None
    place = re.match(rf"\S*{re.escape(subject.path.name)}:(?:(\d+):)? ?(.*)", line)
    if place is None:
        return subject.problem("", line)
    return subject.problem(int(place[1]) if place[1] else "", place[2])


def _calendar(subject: Subject, program: str) -> Iterator[Problem]:
    for number, line in enumerate(subject.text.splitlines(), 1):
        key, _, value = line.partition("=")
        if key.strip() == "OnCalendar":
            code, said = run(program, "calendar", value.strip())
            if code:
                yield subject.problem(f"line {number}, OnCalendar", " ".join(said.split())[:200])


def check_drop_in(subject: Subject, _: Tools) -> list[Problem]:
    """A file of system.conf.d, journald.conf.d or logind.conf.d."""
    return list(_drop_in(subject))


def _drop_in(subject: Subject) -> Iterator[Problem]:
    section = ""
    for number, line in enumerate(subject.text.splitlines(), 1):
        text = line.strip()
        if not text or text.startswith(("#", ";")):
            continue
        if text.startswith("["):
            section = text.strip("[]")
            if section not in DROP_INS:
                yield subject.problem(f"line {number}, [{section}]", "is not a section of these files")
            continue
        key, equals, value = (part.strip() for part in text.partition("="))
        where = f"line {number}, {key}"
        if not equals:
            yield subject.problem(number, "is neither a section nor a setting")
        elif key not in DROP_INS.get(section, {}):
            yield subject.problem(where, f"is not a key of [{section}] that we know")
        elif not DROP_INS[section][key].fullmatch(value):
            yield subject.problem(where, f"{value!r} is not a value it takes")
