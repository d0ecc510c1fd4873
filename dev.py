#!/usr/bin/env python3
"""One door to the project: `python3 dev.py demo | test | lint | build | lock`.

Needs nothing but Python 3.11 or newer: every command first makes `.venv` and installs into it exactly what
`requirements.lock` names. Set-up is skipped when nothing has changed since the last time.
"""

import sys

if sys.platform == "win32":
    sys.exit("The server runs on Linux and macOS; on Windows, use WSL.")
if sys.version_info < (3, 11):  # noqa: UP036  older Pythons do get here, and deserve a sentence
    sys.exit("This project needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031  as above

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import ssl
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
FIRMWARE_LOCK = ROOT / "requirements-firmware.lock"
VENV = ROOT / ".venv"
FIRMWARE_VENV = ROOT / ".venv-firmware"
FIRMWARE_FROM = FIRMWARE_VENV / ".installed-from"
MADE_IN = VENV / ".made-in"  # the checkout's path: scripts of a copied .venv would still start the original's
INSTALLED_FROM = VENV / ".installed-from"
BIN = VENV / "bin"
PYTHON = BIN / "python"
UV_INSTALL = [str(BIN / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON)]

MOST_TEST_WORKERS = 4  # each starts a PostgreSQL, and most a demo centre with a browser

USAGE = """\
usage: python3 dev.py COMMAND [ARGUMENTS]

  demo   start a populated demo centre: server, worker and virtual printer (--port N --data DIR --no-browser --empty)
  test   run all tests, browser included (arguments go to pytest)
  firmware  set up what checks the configs of buttons and displays (ESPHome), in an environment of its own
  lint   check format, style and types
  build  set up .venv and build the front end, no more
  lock   rewrite the lock files after a dependency changed (--upgrade: take newer versions)
"""


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(USAGE, end="")
        return 0 if arguments else 2
    if arguments[0] not in COMMANDS:
        print(f"dev.py: unknown command {arguments[0]!r}\n\n{USAGE}", end="", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    return COMMANDS[arguments[0]](arguments[1:])


def demo(arguments: list[str]) -> NoReturn:
    set_up()
    command = [str(BIN / "kiosk"), "demo", *arguments]
    sys.stdout.flush()
    os.execv(command[0], command)  # become it, so that Ctrl-C and SIGTERM reach it


def test(arguments: list[str]) -> int:
    firmware()
    environment = dict(os.environ)
    browser = find_browser()
    if browser:
        environment["KIOSK_CHROMIUM"] = browser
    elif os.environ.get("CI", "").lower() in {"1", "true"}:
        sys.exit("dev.py: no browser could be had, and CI must not pass without the browser tests.")
    else:
        environment["KIOSK_NO_BROWSER"] = "1"
        print(
            "!! NO BROWSER: browser tests will be SKIPPED. Install Chromium or set KIOSK_CHROMIUM.",
            flush=True,
        )
    # One file stays with one worker: its tests may share a centre, a database or a browser.
    workers = str(min(MOST_TEST_WORKERS, os.cpu_count() or 1))
    together = [] if arguments else ["-n", workers, "--dist", "loadfile"]
    return subprocess.call([str(PYTHON), "-m", "pytest", *together, *arguments], env=environment)


def lint(_: list[str]) -> int:
    set_up()
    checks = (["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"])
    failed = [check for check in checks if subprocess.call([str(BIN / check[0]), *check[1:]])]
    if failed:
        print("dev.py: failed:", ", ".join(" ".join(check) for check in failed), file=sys.stderr)
    return 1 if failed else 0


def lock(arguments: list[str]) -> int:
    upgrade = ["--upgrade"] if "--upgrade" in arguments else []
    with alone():
        make_venv()
        install_uv()
        say("Locking the Python packages")
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        groups = [f"--group={name}" for name in project["dependency-groups"] if name != "firmware"]
        compile_lock(
            ["pyproject.toml", "-", "-o", LOCK.name, "--all-extras", *groups, *upgrade],
            "\n".join(project["build-system"]["requires"]),
        )
        compile_lock(["--group=firmware", "-o", FIRMWARE_LOCK.name, *upgrade])
        install_packages()
        say("Locking the front end's packages")
        run("Locking the front end's packages", [str(PYTHON), "hatch_build.py", "lock", *upgrade])
        install_project()
        build_front_end()
    return 0


def compile_lock(arguments: list[str], requirements: str = "") -> None:
    options = ["--universal", "--python-version=3.11", "--generate-hashes", "-q"]
    run(
        "uv pip compile",
        [str(BIN / "uv"), "pip", "compile", *options, *arguments],
        env={**uv_environment(), "UV_CUSTOM_COMPILE_COMMAND": "python3 dev.py lock"},
        input=requirements.encode(),
    )


def firmware(_: list[str] | None = None) -> int:
    """Have ESPHome, and the tools that check units and rules where this machine can get them."""
    set_up()
    with alone():
        if not reads(FIRMWARE_FROM, FIRMWARE_LOCK.read_text(encoding="utf-8")):
            say("Installing ESPHome into .venv-firmware")
            run("Making .venv-firmware", [sys.executable, "-m", "venv", "--clear", str(FIRMWARE_VENV)])
            install = [
                str(BIN / "uv"),
                "pip",
                "install",
                "--quiet",
                "--python",
                str(FIRMWARE_VENV / "bin/python"),
            ]
            run(
                "Installing ESPHome",
                [*install, "--require-hashes", "-r", FIRMWARE_LOCK.name],
                env=uv_environment(),
            )
            FIRMWARE_FROM.write_text(FIRMWARE_LOCK.read_text(encoding="utf-8"), encoding="utf-8")
        for tool, package in (("systemd-analyze", "systemd"), ("udevadm", "udev")):
            if not shutil.which(tool):
                apt_install(package)
    return 0


def set_up(_: list[str] | None = None) -> int:
    """Bring `.venv` and the built front end up to date; quick when they are."""
    began = time.monotonic()
    with alone():
        make_venv()
        fresh = not reads(INSTALLED_FROM, digest())
        if fresh:
            install_packages()
            install_project()
        build_front_end()
    if fresh:
        say(f"Set up in {time.monotonic() - began:.0f} s")
    return 0


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let no second dev.py set up the same checkout at the same time."""
    with Path(__file__).open(encoding="utf-8") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def make_venv() -> None:
    if reads(MADE_IN, str(ROOT)) and runs([str(PYTHON), "-c", "import pip"]):
        return
    say(f"Making .venv with Python {platform.python_version()}")
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python3.{sys.version_info.minor}-venv"
        if not apt_install(package):
            sys.exit(f"dev.py: this Python cannot make virtual environments; install {package}.")
    run("Making .venv", [sys.executable, "-m", "venv", "--clear", str(VENV)])
    MADE_IN.write_text(str(ROOT), encoding="utf-8")


def install_packages() -> None:
    """Install what the lock file names, each file checked by its hash."""
    install_uv()
    pins = re.findall(r"^[\w.-]+(?:\[.*\])?==", LOCK.read_text(encoding="utf-8"), re.M)
    say(f"Installing {len(pins)} pinned packages")
    run("Installing packages", [*UV_INSTALL, "--require-hashes", "-r", LOCK.name], env=uv_environment())


def install_project() -> None:
    editable = ["--no-deps", "--no-build-isolation", "-e", "."]
    run("Installing the project", [*UV_INSTALL, *editable], env=uv_environment())
    INSTALLED_FROM.write_text(digest(), encoding="utf-8")


def build_front_end() -> None:
    """Build the pages' styles and scripts if their sources changed; an editable install does not notice."""
    run("Building the front end", [str(PYTHON), "hatch_build.py"], stdout=None, stderr=None)


def digest() -> str:
    """What the installed packages and the project's entry points depend on."""
    return hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()


def install_uv() -> None:
    """Install the locked uv by pip, checked by its hashes; any uv while there is no lock file yet."""
    text = LOCK.read_text(encoding="utf-8") if LOCK.is_file() else ""
    pinned = re.search(r"^uv==(\S+)(?:.*\\\n)(?:    --hash=.*\n)+", text, re.M)
    if pinned and f"uv {pinned[1]}" in (prints([str(BIN / "uv"), "--version"]) or ""):
        return
    say("Installing uv")
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as requirement:
        requirement.write(pinned[0] if pinned else "uv")
        requirement.flush()
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run("Installing uv", [*pip, "-r", requirement.name])  # pip checks hashes where a requirement has them


def uv_environment() -> dict[str, str]:
    """The environment for uv, told of the package index and certificates that pip was told of."""
    environment = dict(os.environ)
    index = pip_setting("index-url")
    if index and "UV_INDEX_URL" not in environment:
        environment.setdefault("UV_DEFAULT_INDEX", index)
    certificates = pip_setting("cert")
    if certificates:
        environment.setdefault("SSL_CERT_FILE", certificates)
    system = ssl.get_default_verify_paths()
    if system.cafile or (system.capath and any(Path(system.capath).iterdir())):
        # A house with its own certificate authority has put it there; a bare machine has none and needs uv's.
        environment.setdefault("UV_SYSTEM_CERTS", "1")
    return environment


def pip_setting(name: str) -> str | None:
    variable = "PIP_" + name.upper().replace("-", "_")
    ask = [str(PYTHON), "-m", "pip", "config", "get"]
    return os.environ.get(variable) or prints([*ask, f"install.{name}"]) or prints([*ask, f"global.{name}"])


def find_browser() -> str | None:
    """The Chromium for the tests: the one named, the one on the PATH, Debian's, or Playwright's own."""
    named = os.environ.get("KIOSK_CHROMIUM")
    if named:
        if not shutil.which(named):
            sys.exit(f"dev.py: KIOSK_CHROMIUM={named} is not a program.")
        return named
    return chromium_on_path() or (apt_install("chromium") and chromium_on_path()) or chromium_of_playwright()


def chromium_on_path() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def chromium_of_playwright() -> str | None:
    say("Installing Playwright's Chromium")
    if not runs([str(PYTHON), "-m", "playwright", "install", "chromium"]):
        return None
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    return prints([str(PYTHON), "-c", ask]) or None


def apt_install(package: str) -> bool:
    """Install a Debian package if this is Debian and we may; False if not, or if it failed."""
    try:
        debian = platform.freedesktop_os_release()["ID"] == "debian"
    except OSError:
        debian = False
    if not debian or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"Installing Debian's {package}")
    runs(["apt-get", "update"])  # a stale list may still do
    install = ["apt-get", "install", "--yes", "--no-install-recommends", package]
    return runs(["env", "DEBIAN_FRONTEND=noninteractive", *install])


def say(sentence: str) -> None:
    print(f"· {sentence}", flush=True)


def run(what: str, command: list[str], **options: Any) -> None:
    """Run a command that must succeed; what it printed is shown only if it did not."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **options}
    done = subprocess.run(command, check=False, **options)
    if done.returncode:
        sys.stderr.write((done.stdout or b"").decode(errors="replace"))
        sys.exit(f"dev.py: {what} failed (exit code {done.returncode}); the reason stands above.")


def runs(command: list[str]) -> bool:
    """Whether a command exists and succeeds; what it prints is not shown."""
    return prints(command) is not None


def prints(command: list[str]) -> str | None:
    """What a command prints, or None if there is no such command or it fails."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def reads(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted


Command = Callable[[list[str]], int]
COMMANDS: dict[str, Command] = {
    "demo": demo,
    "test": test,
    "lint": lint,
    "build": set_up,
    "lock": lock,
    "firmware": firmware,
}

if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
