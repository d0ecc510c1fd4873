"""The agent as a process: how it starts, refuses, ends, and what a kill -9 at any moment leaves behind."""

from __future__ import annotations

import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.agent.fake_server import FakeServer

SEED = int(os.environ.get("KIOSK_SEED", "2604"))
KILLS = 6


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """`kiosk agent` on a folder, killed and started at will."""

    def __init__(self, folder: Path, server: FakeServer) -> None:
        self.folder, self.server, self.port = folder, server, free_port()
        self.child: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def launch(self, *options: str, **environment: str) -> subprocess.Popen[str]:
        arguments = [
            "agent",
            "--server",
            self.server.url,
            "--data",
            str(self.folder),
            "--bind",
            f"127.0.0.1:{self.port}",
        ]
        return subprocess.Popen(
            [sys.executable, "-m", "kiosk", *arguments, *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment},
        )  # fmt: skip

    def start(self, *options: str, **environment: str) -> None:
        self.child = self.launch(*options, **environment)
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        assert "kiosk page on" in line, self.child.communicate()[1]

    def end(self, how: signal.Signals = signal.SIGTERM) -> str:
        """Stop it; returns what it wrote."""
        if self.child is None:
            return ""
        self.child.send_signal(how)
        written = self.child.communicate(timeout=30)[1]
        self.child = None
        return written


@pytest.fixture
def process(server: FakeServer, tmp_path: Path) -> Iterator[Process]:
    one = Process(tmp_path / "agent", server)
    yield one
    one.end(signal.SIGKILL)


def refusal(child: subprocess.Popen[str]) -> tuple[int, str]:
    _, written = child.communicate(timeout=30)
    return child.returncode, written.strip()


def test_without_a_pairing_it_says_so_in_one_line(process: Process) -> None:
    code, line = refusal(process.launch())
    assert code == 2
    assert line.startswith("Error: this kiosk is not paired")
    assert "\n" not in line


def test_a_wrong_code_is_one_line(process: Process) -> None:
    code, line = refusal(process.launch("--pair", "WRONG346"))
    assert code == 1
    assert "pairing_code_wrong" in line
    assert "\n" not in line


def test_no_server_to_pair_with_is_one_line(process: Process, server: FakeServer) -> None:
    server.stop()
    code, line = refusal(process.launch("--pair", server.code))
    assert (code, "\n" in line) == (1, False)
    assert "could not be reached" in line


@pytest.mark.parametrize("bind", ["0.0.0.0:7180", "192.168.1.4:7180", "127.0.0.1:0", "nonsense"])
def test_it_listens_to_this_machine_only(process: Process, bind: str) -> None:
    code, line = refusal(process.launch("--bind", bind))
    assert (code, "\n" in line) == (1, False)
    assert "address of this machine" in line


def test_one_folder_one_agent_and_no_second_use_of_the_code(process: Process, server: FakeServer) -> None:
    code = server.code
    process.start("--pair", code)
    status, line = refusal(process.launch())
    assert (status, "another agent works in" in line) == (1, True)
    process.end(signal.SIGKILL)
    process.start("--pair", code)  # as a unit file with the code in it would, after each restart
    assert requests.get(f"{process.url}/kiosk", timeout=5).status_code == 200
    for path in process.folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
    process.end()


def test_an_orderly_end_gives_the_numbers_back(process: Process, server: FakeServer, tmp_path: Path) -> None:
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind(str(tmp_path / "notify"))
    told.settimeout(10)
    process.start("--pair", server.code, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="200000")
    heard = {told.recv(200) for _ in range(6)}
    assert {b"READY=1", b"WATCHDOG=1"} <= heard
    assert any(line.startswith(b"STATUS=online") for line in heard)
    assert set(server.leases.values()) == {"held"}
    process.end()
    told.close()
    assert set(server.leases.values()) == {"free"}


def test_the_token_stays_in_the_agent(process: Process, server: FakeServer) -> None:
    process.start("--pair", server.code)
    answers = [
        requests.get(f"{process.url}{path}", timeout=5)
        for path in ("/kiosk", "/api/v1/kiosk/menu", "/static/js/kiosk-B2.js")
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert server.token not in answer.text + str(answer.headers)
        assert "Set-Cookie" not in answer.headers
    assert server.token not in process.end()


@pytest.mark.faults
@pytest.mark.slow
def test_killed_at_any_moment_every_number_exists_once(
    process: Process, server: FakeServer, tmp_path: Path
) -> None:
    """Three visitors press without pause, the server comes and goes, and the agent is killed again and again."""
    dice = random.Random(SEED)
    print(f"seed {SEED}")
    process.start("--pair", server.code)
    over = threading.Event()
    answered: dict[str, dict[str, Any]] = {}
    pressers = [
        threading.Thread(target=press_on, args=(process, line, over, answered), daemon=True)
        for line in (1, 2, 3)
    ]
    for each in pressers:
        each.start()
    for _ in range(KILLS):
        for _ in range(dice.randint(1, 3)):
            server.mode = dice.choice(["fine", "fine", "lose_answer", "lose_request", "refuse"])
            time.sleep(dice.uniform(0.02, 0.3))
        process.end(signal.SIGKILL)
        process.start()
    server.mode = "fine"
    over.set()
    for each in pressers:
        each.join(30)
    wait_until(lambda: server.syncs[-1]["waiting_tickets"] == 0 and not server.syncs[-1]["outcomes"])
    process.end()
    numbers = Counter((t["line"], t["number"]) for t in server.tickets)
    assert set(numbers.values()) == {1}
    labels = Counter(answer["label"] for answer in answered.values())
    assert set(labels.values()) == {1}, "no number was given to two"
    queue = {f"{'TCD'[t['line'] - 1]}{t['number']:03}" for t in server.tickets if t["state"] == "waiting"}
    assert set(labels) <= queue, "nobody who was answered is missing"
    offline = sum(t["offline"] for t in server.tickets)
    print(f"{len(answered)} presses, {offline} numbers given offline, {KILLS} kills")
    assert offline > 0


def press_on(process: Process, line: int, over: threading.Event, answered: dict[str, dict[str, Any]]) -> None:
    """A visitor after the other; each insists with the same key, as the page does, until there is an answer."""
    while not over.is_set():
        key = secrets.token_hex(16)
        body = json.dumps({"line": line, "language": "vi"})
        while not over.is_set():
            try:
                answer = requests.post(
                    f"{process.url}/api/v1/tickets", data=body, headers={"Idempotency-Key": key}, timeout=10
                )
            except requests.RequestException:
                over.wait(0.05)
                continue
            if answer.status_code == 201:
                answered[key] = answer.json()
                break
            over.wait(0.1)
        over.wait(0.02)


def wait_until(met: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 30
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.05)
