"""The kiosk page on the agent's address, in a real Chromium, while the cable to the server is pulled and put back."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from kiosk.devices.virtual_printer import VirtualPrinter
from tests.agent.test_process import free_port
from tests.browser.conftest import PORTRAIT, Demo, browser_type_launch_args, demo, screen, shoot

__all__ = ["browser_type_launch_args", "demo", "screen"]

Screen = Callable[..., Page]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

pytestmark = pytest.mark.browser


class Cable:
    """The way from the kiosk to the server; pulled, nobody answers and what was open breaks."""

    def __init__(self, port: int) -> None:
        self._to, self.port = port, free_port()
        self._ends: list[socket.socket] = []
        self._door: socket.socket | None = None

    def plug_in(self) -> None:
        self._door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, args=(self._door,), daemon=True).start()

    def pull(self) -> None:
        if self._door is not None:
            with suppress(OSError):
                self._door.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
            self._door.close()
            self._door = None
        while self._ends:
            with suppress(OSError):
                self._ends.pop().shutdown(socket.SHUT_RDWR)

    def _serve(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = door.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        source.close()


@pytest.fixture
def cable(demo: Demo) -> Iterator[Cable]:
    one = Cable(int(demo.url.rsplit(":", 1)[1]))
    one.plug_in()
    yield one
    one.pull()


@pytest.fixture
def agent(demo: Demo, cable: Cable, tmp_path: Path) -> Iterator[str]:
    """A running agent with a printer of its own; its page's address."""
    token = next(device["token"] for device in demo.facts["devices"] if device["kind"] == "kiosk")
    bind = f"127.0.0.1:{free_port()}"
    with VirtualPrinter(tmp_path / "tray") as printer:
        command = [sys.executable, "-m", "kiosk", "agent", "--server", f"http://127.0.0.1:{cable.port}"]
        options = [
            "--data",
            str(tmp_path / "agent"),
            "--bind",
            bind,
            "--printer",
            f"tcp://127.0.0.1:{printer.port}",
        ]
        child = subprocess.Popen(
            [*command, *options], stdout=subprocess.PIPE, text=True, env={**os.environ, "KIOSK_TOKEN": token}
        )
        assert child.stdout is not None
        assert "kiosk page on" in child.stdout.readline()
        yield f"http://{bind}"
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=30)


def take_number(page: Page) -> None:
    page.locator("#departments button[data-line]:not([aria-disabled])").first.click()
    page.locator("#unsure").click()
    page.locator("#normal").click()
    expect(page.locator("#label")).to_have_text(re.compile(r"[A-Z]{1,2}\d{3}"))


def test_the_server_goes_and_comes_back(agent: str, cable: Cable, screen: Screen) -> None:
    page = screen(PORTRAIT, f"{agent}/kiosk")
    expect(page.locator("#offline")).to_be_hidden()
    take_number(page)
    assert int(page.locator("#label").inner_text()[1:]) < 900
    page.locator("#done").click()

    cable.pull()
    expect(page.locator("#offline")).to_be_visible(timeout=20_000)
    expect(page.locator("#lost")).to_be_hidden()
    expect(page.locator("#departments .tile__wait").first).to_have_text("Chưa rõ số người chờ")
    shoot(page, "kiosk-offline-home")
    assert Axe().run(page, options=RULES).violations_count == 0
    take_number(page)
    expect(page.locator("#label")).to_have_text(re.compile(r"[A-Z]{1,2}901"))
    expect(page.locator("#listen")).to_contain_text("Số này cấp khi máy chủ mất kết nối")
    expect(page.locator("#figures")).to_be_hidden()
    expect(page.locator("#qr")).to_be_visible()
    expect(page.locator("#paper-title")).to_have_text("Xin nhận phiếu ở khe in")
    shoot(page, "kiosk-offline-ticket")
    assert Axe().run(page, options=RULES).violations_count == 0
    page.locator("[data-lang=en]").click()
    expect(page.locator("#listen")).to_contain_text("called by the time at which it was taken")
    page.locator("#done").click()
    page.reload()
    expect(page.locator("#departments button").first).to_be_visible()
    expect(page.locator("#offline")).to_be_visible()

    cable.plug_in()
    expect(page.locator("#offline")).to_be_hidden(timeout=30_000)
    take_number(page)
    assert int(page.locator("#label").inner_text()[1:]) < 900
