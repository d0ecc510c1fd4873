"""Check every file of `firmware_configs/`, filled in for sample devices, or the folder of one rendered device."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.domain.errors import DomainError
from kiosk.firmware.bundle import PRIVATE, bundle, files
from kiosk.firmware.checks import esphome, led, plain, policy, printers, secrecy, shell, systemd, udev
from kiosk.firmware.checks.problem import Problem, Subject, Tools
from kiosk.firmware.render import BadTemplate, render
from kiosk.firmware.samples import samples

Checker = Callable[[Subject, Tools], list[Problem]]


@dataclass(frozen=True)
class Kind:
    """A kind of file, its checker, and the program without which it cannot be checked."""

    name: str
    check: Checker
    tool: str = ""


ESPHOME = Kind("esphome", esphome.check, "esphome")
PRINTER = Kind("printer", printers.check)
TEXT = Kind("text", plain.check_text)
UNIT = Kind("systemd", systemd.check_unit, systemd.TOOL)
LED = Kind("led", led.check)
FRAGMENT = Kind("esphome", plain.check_fragment)

BY_PLACE: tuple[tuple[str, Kind], ...] = (
    ("printers/*.yaml", PRINTER),
    ("buttons/*.yaml", ESPHOME),
    ("boards/counter-display*.yaml", ESPHOME),
    ("boards/led-*.yaml", LED),
    ("esp32/*.yaml", FRAGMENT),
    ("etc/systemd/system/*.service", UNIT),
    ("etc/systemd/system/*.timer", UNIT),
    ("etc/systemd/*.conf.d/*.conf", Kind("systemd", systemd.check_drop_in)),
    ("etc/chromium/policies/managed/*.json", Kind("policy", policy.check)),
    ("etc/udev/rules.d/*.rules", Kind("udev", udev.check)),
    ("etc/modules-load.d/*.conf", Kind("plain", plain.check_modules)),
    ("etc/kiosk/*.env", Kind("plain", plain.check_environment)),
    ("usr/local/lib/kiosk/*", Kind("shell", shell.check)),
    ("*.sh", Kind("shell", shell.check)),
    ("config.txt", Kind("plain", plain.check_firmware_settings)),
    ("*.md", TEXT),
)
"""Which kind a file is, by where it lies in a device's folder; the first that fits."""

KINDS = tuple(dict.fromkeys([kind.name for _, kind in BY_PLACE] + ["secrecy"]))
TOOLS = ("esphome", systemd.TOOL, "udevadm", "shellcheck", "bash", "sh")


@dataclass(frozen=True)
class Checked:
    """One file and what was found.

    `sample` says for which device a file was filled in, where that makes a difference; `skipped` names the program it
    was not checked with, as asked for.
    """

    file: str
    kind: str
    problems: tuple[Problem, ...] = ()
    skipped: str = ""
    sample: str = ""


def check_configs(root: Path, tools: Tools, only: str | None = None) -> Iterator[Checked]:
    """Check `firmware_configs/`: for every sample device what it gets, then the files no device gets."""
    covered: set[str] = set()
    done: set[tuple[str, str, bytes]] = set()
    with tempfile.TemporaryDirectory(prefix="kiosk-firmware-") as place:
        for name, (device, platform) in samples().items():
            folder = Path(place) / name
            try:
                pieces = bundle(root, device, platform)
                covered |= {piece.source for piece in pieces}
                render(root, device, pieces, folder)
            except BadTemplate as error:
                source = error.path.relative_to(root).as_posix()
                yield Checked(source, "render", (Problem(source, error.where, error.reason),))
                continue
            except (DomainError, OSError, UnicodeDecodeError) as error:
                yield Checked(name, "render", (Problem(name, "", str(error)),))
                continue
            for piece in pieces:
                path = folder / piece.target
                # What two devices share is checked once, but ESPHome reads a file with all that it includes.
                key = (piece.source, name if _kind(piece.target) is ESPHOME else "", path.read_bytes())
                if key not in done:
                    sample = name if any(source == piece.source for source, _, _ in done) else ""
                    done.add(key)
                    for checked in _checked(Subject(piece.source, path, folder), tools, only):
                        yield replace(checked, sample=sample)
    for path in files(root):
        name = path.relative_to(root).as_posix()
        if name not in covered:
            yield from _checked(Subject(name, path, root), tools, only)
        if only in {None, "secrecy"} and (found := secrecy.check_repository(name, path)):
            yield Checked(name, "secrecy", tuple(found))


def check_rendered(folder: Path, tools: Tools, only: str | None = None) -> Iterator[Checked]:
    """Check the folder of one device, as `kiosk devices render` wrote it."""
    subjects = [Subject(path.relative_to(folder).as_posix(), path, folder) for path in files(folder)]
    if not subjects:
        yield Checked(str(folder), "render", (Problem(str(folder), "", "holds no files"),))
    for subject in subjects:
        yield from _checked(subject, tools, only)
    if only in {None, "secrecy"}:
        for problem in secrecy.check_modes(subjects, PRIVATE):
            yield Checked(problem.file, "secrecy", (problem,))


def _checked(subject: Subject, tools: Tools, only: str | None) -> Iterator[Checked]:
    kind = _kind(subject.target)
    if kind is None:
        yield Checked(
            subject.name, "unknown", (subject.problem("", "nothing here checks files of this kind"),)
        )
    elif only in {None, kind.name}:
        skipped = kind.tool if kind.tool and not tools.wanted(kind.tool) else ""
        yield Checked(subject.name, kind.name, tuple(kind.check(subject, tools)), skipped)


def _kind(target: str) -> Kind | None:
    path = Path("/") / target
    return next((kind for pattern, kind in BY_PLACE if path.match(pattern)), None)
