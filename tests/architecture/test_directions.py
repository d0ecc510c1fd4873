"""Who may know whom (the table of directions), kept by reading the imports."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KIOSK = ROOT / "kiosk"

ALLOWED: dict[str, set[str]] = {
    "domain": set(),
    "wakeup": set(),
    "storage": {"config"},
    "clock": set(),
    "paths": set(),
    "logs": set(),
    "metrics": set(),
    "i18n": set(),
    "config": set(),
    "database": {"domain", "storage", "wakeup"},
    "models": {"database", "domain"},
    "migrate": {"config", "database"},
    "plugin": {"domain", "models", "config", "paths", "metrics", "builtin"},
    "builtin": {"domain", "plugin", "devices"},
    "devices": {"domain", "paths"},
    "agent": {"domain", "devices", "clock", "logs", "paths", "i18n"},
    "voice": {"domain"},
    "firmware": {"domain", "devices", "paths"},
    "papers": {"domain", "paths"},
    "reports": {"models", "domain", "database", "plugin"},
    "services": {"models", "database", "plugin", "domain", "migrate", "config", "i18n", "devices", "voice"},
    "jobs": {"services", "reports", "plugin", "domain", "devices", "database", "config", "clock", "models", "wakeup",
             "logs", "migrate"},
    "realtime": {"services", "reports", "plugin", "domain", "views", "database", "config", "clock", "i18n", "metrics",
                 "models"},
    "views": {"services", "reports", "papers", "plugin", "domain", "database", "config", "clock", "i18n", "metrics",
              "devices"},
    "serving": {"app", "config"},
    "demo": {"models", "services", "plugin", "domain", "devices", "database", "config", "clock", "migrate"},
    "simulation": {"bench", "demo", "services", "config", "clock", "database", "plugin", "migrate", "domain"},
    "bench": {"demo", "services", "config", "clock", "database", "devices", "plugin", "migrate", "domain", "models",
              "views"},
}  # fmt: skip
"""What each room of `kiosk/` may import. Rooms that are not named here are the table of contents and the command line:
they know everybody, and nobody imports them."""

CONTENTS = {"app", "cli", "__init__", "__main__"}

FINER: dict[str, dict[str, set[str]]] = {
    "plugin": {"models": {"gate", "rows"}, "config": {"manager", "loading", "testing"}, "paths": {"loading", "manager"},
               "builtin": {"loading"}},
    # Models, addresses and options are checked before they are kept; nothing is sent from a service.
    "services": {"devices": {"manage_devices", "manage_printers"}, "voice": {"voice", "voice_packs", "manage_voice"}},
    "reports": {"database": {"reading"}},
    "views": {"database": {"door"}, "devices": {"admin_devices"}},
    "demo": {"models": {"history"}},
    # The picture of a code is measured where it is drawn.
    "bench": {"views": {"money"}},
    "realtime": {"models": {"tail"}, "views": {"hub"}, "config": {"hub"}},
}  # fmt: skip
"""Where a room's right is one module's alone: {room: {other room: {modules}}}."""


def modules() -> Iterator[tuple[str, Path]]:
    """(room, file) of everything in `kiosk/` but the migrations, which are frozen copies."""
    for path in sorted(KIOSK.rglob("*.py")):
        inside = path.relative_to(KIOSK)
        room = inside.parts[0].removesuffix(".py")
        if room not in {"migrations", "_data"}:
            yield room, path


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Dotted names a file imports, relative ones made absolute, also inside functions and TYPE_CHECKING."""
    package = list(path.relative_to(ROOT).with_suffix("").parts)[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, node.module] if node.module else base)
            if name == "kiosk":
                yield from ((f"kiosk.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield name, node.lineno


def rooms_of(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if parts[0] == "kiosk" and len(parts) > 1 and not parts[1].startswith("__") else None


def test_every_room_is_in_the_table() -> None:
    rooms = {room for room, _ in modules()}
    assert rooms - CONTENTS <= set(ALLOWED)
    assert {
        "domain",
        "models",
        "services",
        "views",
        "realtime",
        "jobs",
        "devices",
        "plugin",
        "reports",
    } <= rooms


def test_rooms_import_only_whom_they_may() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {room} → {name}"
        for room, path in modules()
        if room not in CONTENTS
        for name, line in imports(path)
        if (other := rooms_of(name)) not in {None, room} and other not in ALLOWED[room]
    ]
    assert wrong == []


@pytest.mark.parametrize("room", FINER)
def test_a_right_may_belong_to_one_module(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: → {name}"
        for its_room, path in modules()
        if its_room == room
        for name, line in imports(path)
        if (holders := FINER[room].get(rooms_of(name) or "")) and not holders & {path.stem, path.parent.name}
    ]
    assert wrong == []


def test_pages_and_screens_ask_plugins_through_the_gate() -> None:
    names = {name for room, path in modules() if room in {"views", "realtime"} for name, _ in imports(path)}
    assert {name for name in names if name.startswith("kiosk.plugin")} == {"kiosk.plugin"}
    for room, path in modules():
        if room in {"views", "realtime"}:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module == "kiosk.plugin":
                    assert [alias.name for alias in node.names] == ["gate"], path


def test_nobody_imports_the_table_of_contents() -> None:
    users = {
        room
        for room, path in modules()
        for name, _ in imports(path)
        if rooms_of(name) in {"app", "cli"} and room not in CONTENTS
    }
    assert users == {"serving"}, "gunicorn's workers build the app after the fork"


def test_the_domain_is_the_standard_library_only() -> None:
    foreign = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for room, path in modules()
        if room == "domain"
        for name, line in imports(path)
        if not name.startswith("kiosk.domain") and name.split(".")[0] not in sys.stdlib_module_names
    ]
    assert foreign == []


OPENING = {"open", "socket", "sqlite3", "subprocess", "os", "time", "threading", "logging", "urllib", "http", "random",
           "secrets", "pathlib", "io", "tempfile"}  # fmt: skip
"""Doors to the outside that a decision does not need."""


def test_the_domain_opens_nothing() -> None:
    wrong = []
    for room, path in modules():
        if room == "domain":
            wrong += [
                f"{path.name}:{line}: {name}" for name, line in imports(path) if name.split(".")[0] in OPENING
            ]
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in {"open", "print", "input"}
                ):
                    wrong.append(f"{path.name}:{node.lineno}: {node.func.id}()")
    assert wrong == []


WALL_CLOCKS = {"now", "utcnow", "today", "fromtimestamp"}


def clock_readings(path: Path) -> Iterator[str]:
    """Calls that ask the wall clock: datetime.now(), date.today(), time.time() and their like."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner, name = ast.unparse(node.func.value), node.func.attr
        on_datetime = owner.split(".")[-1] in {"datetime", "date"} and name in WALL_CLOCKS - {"fromtimestamp"}
        if on_datetime or (owner == "time" and name in {"time", "time_ns", "localtime", "gmtime"}):
            yield f"{path.relative_to(ROOT)}:{node.lineno}: {owner}.{name}()"


def test_only_the_clock_reads_the_clock() -> None:
    wrong = [
        reading
        for room, path in modules()
        if room not in {"clock", "bench"}
        for reading in clock_readings(path)
    ]
    wrong += [
        r
        for path in sorted((ROOT / "plugins").rglob("*.py"))
        if "tests" not in path.parts
        for r in clock_readings(path)
    ]
    assert wrong == []
    assert len(list(clock_readings(KIOSK / "clock.py"))) == 1, "the search finds what it looks for"


TRANSACTIONS = {"office_transaction", "bookkeeping", "atomic"}
MAY_OPEN = {
    "services": TRANSACTIONS,
    "database": TRANSACTIONS,
    "reports": {"atomic"},
    "views": {"office_transaction"},
}
"""Only services open transactions. The door opens one around a service to keep its answer (`idempotent`); a report reads
inside one so that all of its figures are of the same moment."""


def test_only_services_open_transactions() -> None:
    wrong = []
    for room, path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).rsplit(".", 1)[-1]
                if name in TRANSACTIONS and name not in MAY_OPEN.get(room, set()):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {name}()")
                if room == "views" and name == "office_transaction" and path.name != "door.py":
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {name}() outside the door")
    assert wrong == []


WRITES = {
    "create",
    "insert",
    "insert_many",
    "save",
    "delete_instance",
    "bulk_create",
    "replace",
    "get_or_create",
}


def test_views_reports_and_looks_write_nothing() -> None:
    wrong = []
    for room, path in modules():
        if room in {"views", "reports"} or path.parent.name == "look":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in WRITES
                ):
                    owner = ast.unparse(node.func.value)
                    if owner[:1].isupper() and owner.split(".")[0] not in {"Path", "Response"}:
                        wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {owner}.{node.func.attr}()")
    assert wrong == []


def test_plugins_know_the_domain_the_hooks_and_themselves() -> None:
    wrong = []
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        if "tests" in path.parts:
            continue
        for name, line in imports(path):
            inside = rooms_of(name)
            own = name.split(".")[0] == "plugins" and name.split(".")[1:2] == [
                path.relative_to(ROOT).parts[1]
            ]
            if inside is not None and inside not in {"domain", "plugin"}:
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {name}")
            if name.split(".")[0] == "plugins" and not own:
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {name}")
    assert wrong == []
