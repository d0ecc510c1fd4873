"""The synthetic voice: another process, which may be missing, crash, hang or talk nonsense."""

from __future__ import annotations

import subprocess
import sys
from array import array
from pathlib import Path

import pytest

from kiosk.domain.errors import Unavailable
from kiosk.domain.speech import LANGUAGES, all_pieces
from kiosk.voice import espeak
from kiosk.voice.wav import RATE, to_wav
from tests.voice.sounds import tone


@pytest.fixture
def no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the system's espeak-ng."""
    monkeypatch.setattr(espeak.shutil, "which", lambda name: None)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the system's espeak-ng is found; the test writes what it does."""
    path = tmp_path / "espeak-ng"
    monkeypatch.setattr(espeak.shutil, "which", lambda name: str(path))
    return path


def write(path: Path, body: str) -> None:
    path.write_text(f"#!{sys.executable}\nimport sys\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_library_says_every_piece(no_program: None, language: str) -> None:
    pieces = all_pieces(language)
    spoken = espeak.speak([piece.text for piece in pieces], language)
    seconds = {piece.name: len(sound) / 2 / RATE for piece, sound in zip(pieces, spoken, strict=True)}
    assert all(0.1 < length < 3 for length in seconds.values()), seconds
    assert seconds["please"] > seconds["d-1"]
    assert all(max(map(abs, array("h", sound))) > 8_000 for sound in spoken)


def test_the_library_is_never_loaded_into_the_product() -> None:
    """GPL code stays in its own process: having it speak leaves no trace of it in this one."""
    script = (
        "import sys\n"
        "from kiosk.voice import espeak\n"
        "espeak.shutil.which = lambda name: None\n"
        "assert espeak.speak(['bảy'], 'vi')[0]\n"
        "assert 'espeakng_loader' not in sys.modules\n"
        "assert 'espeak' not in open('/proc/self/maps').read()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_the_program_of_the_system_comes_first(program: Path, tmp_path: Path) -> None:
    (tmp_path / "said.wav").write_bytes(to_wav(tone(0.4, 300).tobytes()))
    write(
        program,
        f"assert sys.argv[1:3] == ['-v', 'vi'] and sys.stdin.read() == 'bảy', sys.argv\n"
        f"sys.stdout.buffer.write(open({str(tmp_path / 'said.wav')!r}, 'rb').read())",
    )
    (spoken,) = espeak.speak(["bảy"], "vi")
    assert len(spoken) / 2 / RATE == pytest.approx(0.4, abs=0.1)


@pytest.mark.parametrize(
    "body",
    [
        "import os; os.kill(os.getpid(), 11)",
        "sys.exit(1)",
        "sys.stdout.write('no sound at all')",
        "import time; time.sleep(60)",
    ],
    ids=["crashed", "failed", "nonsense", "hung"],
)
def test_a_program_that_fails_is_no_voice(program: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    monkeypatch.setattr(espeak, "ONE_TEXT_SECONDS", 1.0)
    write(program, body)
    with pytest.raises(Unavailable, match="voice_unavailable"):
        espeak.speak(["bảy"], "vi")


@pytest.mark.parametrize(
    "body",
    [
        "import os; os.kill(os.getpid(), 11)",
        "sys.exit(3)",
        "sys.stdout.buffer.write((1000).to_bytes(4, 'little') + bytes(10))",
        "sys.stdout.buffer.write((3).to_bytes(4, 'little') + bytes(3))",
        "sys.stdout.buffer.write((4000).to_bytes(4, 'little') + bytes(4000))",
        "import time; time.sleep(60)",
    ],
    ids=["crashed", "no such voice", "cut off", "half a sample", "silence", "hung"],
)
def test_a_library_that_fails_is_no_voice(
    no_program: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str
) -> None:
    script = tmp_path / "script.py"
    write(script, body)
    monkeypatch.setattr(espeak, "SCRIPT", script)
    monkeypatch.setattr(espeak, "PATIENCE_SECONDS", 1.0)
    with pytest.raises(Unavailable, match="voice_unavailable"):
        espeak.speak(["bảy"], "vi")


def test_a_machine_without_any_voice_says_so(no_program: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "LIBRARY", "no_such_library")
    assert not espeak.is_available()
    with pytest.raises(Unavailable, match="voice_unavailable"):
        espeak.speak(["bảy"], "vi")
