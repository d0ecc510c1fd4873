"""A real demo centre and a real Chromium."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

READY_SECONDS = 120
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PORTRAIT, TV, LAPTOP, PHONE = (1080, 1920), (1920, 1080), (1366, 768), (360, 740)
SHOTS = Path(os.environ.get("KIOSK_SCREENSHOTS", "build/screenshots"))
"""Set KIOSK_SCREENSHOTS=docs/screens to renew the README's pictures."""

expect.set_options(timeout=10_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests cannot run: loudly skipped by hand, a failure on CI."""
    if os.environ.get("KIOSK_NO_BROWSER") != "1":
        return
    if os.environ.get("CI", "").lower() == "true":
        pytest.exit("no browser on CI: `python3 dev.py test` could not install one", returncode=1)
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="no browser found; see `python3 dev.py test`"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium that dev.py found, without its calls home."""
    path = os.environ.get("KIOSK_CHROMIUM") or shutil.which("chromium")
    return {**browser_type_launch_args, "args": FLAGS, **({"executable_path": path} if path else {})}


@dataclass
class Demo:
    """A running demo centre: what demo.json says, and its folder."""

    data: Path
    process: subprocess.Popen[bytes]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it is served."""
        return str(self.facts["url"])

    @property
    def papers(self) -> Path:
        """Where the virtual printer puts what it printed."""
        return Path(self.facts["printers"][0]["output_dir"])

    def control_printer(self, **faults: Any) -> None:
        """Make the virtual printer behave badly; no argument makes it well."""
        path = self.data / "printer-control.json"
        draft = path.with_suffix(".tmp")
        draft.write_text(json.dumps(faults), encoding="utf-8")
        draft.replace(path)


def start_demo(data: Path, *options: str) -> Demo:
    """Run `kiosk demo` and wait until /health answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "kiosk",
        "demo",
        "--port",
        str(port),
        "--data",
        str(data),
        "--no-browser",
    ]
    log = data.parent / f"{data.name}.log"
    with log.open("wb") as output:
        demo = Demo(data, subprocess.Popen([*command, *options], stdout=output, stderr=output))
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and demo.process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                demo.facts = json.loads((data / "demo.json").read_text(encoding="utf-8"))
                return demo
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    stop_demo(demo)
    raise AssertionError(f"the demo did not start:\n{log.read_text()[-3000:]}")


def stop_demo(demo: Demo) -> None:
    """End it as Ctrl-C would."""
    if demo.process.poll() is None:
        demo.process.send_signal(signal.SIGINT)
        demo.process.wait(timeout=30)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A populated demo centre for all browser tests."""
    running = start_demo(tmp_path_factory.mktemp("demo") / "data")
    yield running
    stop_demo(running)


@pytest.fixture
def screen(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page of a given size in a browser of its own; any script error fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )

    def open_page(size: tuple[int, int], url: str = "", **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        listen(page)
        if url:
            page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    # A refused or missing resource is reported by the test that provokes it, not here.
    assert [
        c
        for c in complaints
        if not re.search(r"status of (401|404|409|422|429|503)|ERR_|^WebSocket connection to .* failed", c)
    ] == []


def sign_in(page: Page, demo: Demo, account: dict[str, Any]) -> None:
    """Sign in by the form, as people do."""
    page.goto(f"{demo.url}/sign-in")
    page.get_by_label(re.compile("Tên đăng nhập")).fill(account["username"])
    page.locator("input[name=password]").fill(account["password"])
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(re.compile(r"/(counter|admin)"))


def shoot(page: Page, name: str, *, full: bool = False) -> None:
    """Keep a picture for the README and for human eyes."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=full, animations="disabled")
