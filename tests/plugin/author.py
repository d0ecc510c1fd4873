"""A plugin author's own workplace: pytest in a process and a folder that know nothing of this repository's tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENTRY_POINT = "[pytest11]\nkiosk = kiosk.plugin.pytest_plugin\n"


def environment(*paths: Path, **settings: str) -> dict[str, str]:
    """What a process sees that finds the product and `paths`, as if they were installed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KIOSK_", "PYTEST_"))}
    path = os.pathsep.join(map(str, [*paths, ROOT]))
    return kept | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"} | settings


def run_pytest(
    *arguments: str, folder: Path, paths: tuple[Path, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run pytest in `folder`, without this repository's configuration."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(folder),
            *arguments,
        ],
        cwd=folder,
        env=environment(*paths),
        capture_output=True,
        text=True,
        check=False,
    )


def offer_fixtures(site: Path) -> Path:
    """Make `site` a place where the product's pytest entry point is installed, and return it."""
    info = site / "kiosk_fixtures-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kiosk-fixtures\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINT)
    return site
