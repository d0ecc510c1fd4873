"""The bell between processes: it wakes whoever listens, carries nothing, and never hinders who rings."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from kiosk.wakeup import Bell


@pytest.fixture
def bell(tmp_path):
    bell = Bell(tmp_path)
    yield bell
    bell._out.close()


def test_a_ring_is_heard_once(bell):
    with closing(bell.listen()) as listener:
        assert not listener.wait(0)
        bell.ring()
        bell.ring()
        assert listener.wait(2)
        assert not listener.wait(0)


def test_everybody_hears_it(bell):
    with closing(bell.listen()) as one, closing(bell.listen()) as other:
        bell.ring()
        assert one.wait(2)
        assert other.wait(2)


def test_a_sleeping_listener_is_woken(bell):
    heard: list[bool] = []
    with closing(bell.listen()) as listener:
        sleeper = threading.Thread(target=lambda: heard.append(listener.wait(10)))
        sleeper.start()
        bell.ring()
        sleeper.join(5)
    assert heard == [True]


def test_ringing_where_nobody_listens_does_not_raise(bell):
    bell.ring()
    bell.listen().close()
    bell.ring()
    assert list(bell.folder.iterdir()) == []


def test_ringing_survives_strange_files_and_a_lost_folder(bell):
    (bell.folder / "notes.txt").touch()
    (bell.folder / "1-notaport").touch()
    (bell.folder / f"1-{2**17}").touch()
    with closing(bell.listen()) as listener:
        bell.ring()
        assert listener.wait(2)
    for path in bell.folder.iterdir():
        path.unlink()
    bell.folder.rmdir()
    bell.ring()


def test_listeners_of_processes_that_died_are_forgotten(bell):
    script = f"from pathlib import Path; from kiosk.wakeup import Bell; Bell(Path({str(bell.folder.parent)!r})).listen()"
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True)
    assert len(list(bell.folder.iterdir())) == 1
    with closing(bell.listen()):
        assert len(list(bell.folder.iterdir())) == 1
        bell.ring()


def test_another_process_can_ring(bell):
    script = f"from pathlib import Path; from kiosk.wakeup import Bell; Bell(Path({str(bell.folder.parent)!r})).ring()"
    with closing(bell.listen()) as listener:
        subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True)
        assert listener.wait(2)


def test_one_listener_can_be_rung_alone(bell):
    with closing(bell.listen()) as one, closing(bell.listen()) as other:
        one.ring()
        assert one.wait(2)
        assert not other.wait(0.05)


def test_it_listens_on_the_loopback_only(bell):
    with closing(bell.listen()) as listener:
        assert listener._socket.getsockname()[0] == "127.0.0.1"
        assert listener._socket.family is socket.AF_INET
