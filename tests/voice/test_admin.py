"""The voice page: settings, recordings and whole packs, with whatever a browser or a stranger may send."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Any

import pytest

from kiosk.domain.speech import all_pieces
from kiosk.services import manage_voice
from kiosk.services.hall_settings import hall_settings
from kiosk.services.voice_packs import pieces_in, prepare_voices
from kiosk.voice.wav import RATE, read_wav
from tests.api.desk import Desk, contents
from tests.voice.conftest import Synthetic, record
from tests.voice.sounds import recording, tone

HERE = "/admin/voice"
SETTINGS = {
    "enabled": "yes", "chime": "yes", "pack": "centre", "pack_en": "espeak", "digits": "as_number", "english": "always",
    "volume": "65", "quiet_from_0": "11:30", "quiet_to_0": "13:30",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _voice(desk: Desk, synthetic: Synthetic) -> None:
    """Tones instead of the process that speaks."""
    prepare_voices(desk.clock.now())
    synthetic.asked.clear()


class Admin:
    """The admin's browser: it carries the form's token, and may send files."""

    def __init__(self, desk: Desk) -> None:
        self.client = desk.who("admin").client
        page = self.client.get(HERE)
        assert page.status_code == 200
        self.page = page.get_data(as_text=True)
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', self.page)[1]  # type: ignore[index]

    def send(self, path: str, file: bytes | None = None, script: bool = False, **fields: str) -> Any:
        accept = {"Accept": "application/json"} if script else {"Accept": "text/html"}
        body = b"".join(
            _part(f'name="{name}"', value.encode())
            for name, value in {"csrf_token": self.token, **fields}.items()
        )
        if file is not None:
            body += _part('name="file"; filename="x.wav"', file)
        return self.client.post(
            f"{HERE}{path}",
            data=body + b"--frontier--\r\n",
            content_type="multipart/form-data; boundary=frontier",
            headers=accept,
        )


def _part(about: str, content: bytes) -> bytes:
    head = f"--frontier\r\nContent-Disposition: form-data; {about}\r\n\r\n"
    return head.encode() + content + b"\r\n"


@pytest.fixture
def admin(desk: Desk) -> Admin:
    return Admin(desk)


def bundle(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return out.getvalue()


WORD = recording(tone(0.4, 300, rate=48_000), rate=48_000, channels=2)


def test_how_calls_are_spoken_is_set(desk: Desk, admin: Admin) -> None:
    assert admin.send("", **SETTINGS).status_code == 303
    kept = hall_settings(desk.place.office.id).voice
    assert (kept.pack, kept.digits, kept.english, kept.volume) == ("centre", "as_number", "always", 65)
    assert kept.quiet == (("11:30", "13:30"),)
    off = {name: value for name, value in SETTINGS.items() if name not in {"enabled", "chime"}}
    assert admin.send("", **off).status_code == 303
    assert not hall_settings(desk.place.office.id).voice.enabled, "a box that is not ticked"


@pytest.mark.parametrize(
    "wrong",
    [
        {"volume": "101"},
        {"volume": "laut"},
        {"pack": "siri"},
        {"digits": "backwards"},
        {"english": "sometimes"},
        {"quiet_from_0": "13:30", "quiet_to_0": "11:30"},
        {"quiet_from_0": "11:30", "quiet_to_0": ""},
        {"quiet_from_0": "25:00", "quiet_to_0": "26:00"},
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(
    desk: Desk, admin: Admin, wrong: dict[str, str]
) -> None:
    before = contents()
    answer = admin.send("", **{**SETTINGS, **wrong})
    assert answer.status_code == 422
    assert 'id="problem"' in answer.get_data(as_text=True)
    assert contents() == before


def test_recording_a_piece(desk: Desk, admin: Admin) -> None:
    office = desk.place.office.id
    answer = admin.send("/vi/letter-t", WORD, script=True)
    assert (answer.status_code, answer.get_json()) == (200, {"recorded": 1, "total": 46})
    heard = admin.client.get(f"{HERE}/vi/letter-t.wav")
    assert heard.mimetype == "audio/wav"
    assert len(read_wav(heard.data)) / RATE == pytest.approx(0.4, abs=0.1), "made mono, 22,050 Hz, and cut"
    assert admin.send("/vi/letter-t", WORD).headers["Location"].endswith("?language=vi&piece=letter-t#booth")
    assert pieces_in(office, "centre", "vi") == {"letter-t"}, "in place of the first"
    assert admin.send("/vi/letter-t/delete", script=True).get_json()["recorded"] == 0
    assert admin.client.get(f"{HERE}/vi/letter-t.wav").status_code == 404


@pytest.mark.parametrize(
    ("path", "file", "status", "code"),
    [
        ("/vi/letter-t", b"no sound", 422, "voice_clip_malformed"),
        ("/vi/letter-t", recording(tone(7, 300)), 422, "voice_clip_too_long"),
        ("/vi/letter-t", recording(tone(1, 300, loudness=0)), 422, "voice_clip_silent"),
        ("/vi/letter-t", None, 422, "upload_missing"),
        ("/vi/letter-t", bytes(3 * 1024 * 1024), 413, "too_large"),
        ("/vi/hallo", WORD, 404, "voice_piece_unknown"),
        ("/fr/letter-t", WORD, 404, "voice_piece_unknown"),
        ("/vi/pack", b"no zip", 422, "voice_pack_malformed"),
        ("/fr/pack", b"no zip", 422, "unknown_language"),
    ],
)
def test_a_bad_upload_is_refused_and_nothing_kept(
    desk: Desk, admin: Admin, path: str, file: bytes | None, status: int, code: str
) -> None:
    before = contents()
    answer = admin.send(path, file, script=not path.endswith("/pack"))
    assert answer.status_code == status
    if not path.endswith("/pack"):
        assert answer.get_json()["error"]["code"] == code
    assert contents() == before


def test_a_stranger_may_not_send_a_large_body(desk: Desk, admin: Admin) -> None:
    """Only an admin's upload may be large; a stranger's is refused unread."""
    for who in ("officer", "nobody"):
        client = desk.who(who).client
        answer = client.post(
            f"{HERE}/vi/letter-t",
            data=_part('name="file"; filename="x.wav"', bytes(200_000)) + b"--frontier--\r\n",
            content_type="multipart/form-data; boundary=frontier",
        )
        assert answer.status_code in {302, 400, 401, 403, 413}
    assert pieces_in(desk.place.office.id, "centre", "vi") == set()


def test_only_this_page_may_ask_for_the_microphone(desk: Desk, admin: Admin) -> None:
    assert "microphone=(self)" in admin.client.get(HERE).headers["Permissions-Policy"]
    assert "microphone=()" in admin.client.get("/admin/office").headers["Permissions-Policy"]


def test_a_whole_voice_travels_as_a_zip(desk: Desk, admin: Admin, noon: datetime) -> None:
    office = desk.place.office
    record(office, noon, "en")
    packed = admin.client.get(f"{HERE}/en/pack.zip")
    assert packed.mimetype == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(packed.data)).namelist()
    assert len(names) == 59
    assert "letter-t.wav" in names
    admin.send("/en/letter-t/delete")
    assert admin.send("/en/pack", packed.data).status_code == 303
    assert pieces_in(office.id, "centre", "en") == {p.name for p in all_pieces("en") if p.needed}


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({}, "voice_pack_malformed"),
        ({"../../etc/passwd": b"root"}, "voice_piece_unknown"),
        ({"vi/letter-t.wav": WORD}, "voice_piece_unknown"),
        ({"letter-t.wav": WORD, "letter-u.wav": b"no sound"}, "voice_clip_malformed"),
        ({"letter-t.wav": bytes(3 * 1024 * 1024)}, "voice_pack_too_large"),
        ({f"{n}.wav": b"" for n in range(201)}, "voice_pack_too_large"),
        ({f"{n}.wav": bytes(2 * 1024 * 1024) for n in range(40)}, "voice_pack_too_large"),
    ],
    ids=["empty", "a path out", "a folder", "one bad", "one huge", "too many", "a bomb"],
)
def test_a_pack_is_taken_as_a_whole_or_not_at_all(
    desk: Desk, admin: Admin, members: dict[str, bytes], code: str
) -> None:
    before = contents()
    answer = admin.send("/vi/pack", bundle(**members), script=True)
    assert answer.get_json() is None or answer.get_json()["error"]["code"] == code
    assert answer.status_code in {404, 422}
    assert contents() == before
    with pytest.raises(Exception, match=code):
        manage_voice.import_pack(desk.place.office.id, "vi", bundle(**members), desk.clock.now(), "user:1")


def test_a_zip_that_lies_about_its_sizes(desk: Desk, admin: Admin) -> None:
    """The directory says 10 bytes, the member holds three megabytes: refused, and never unpacked whole."""
    packed = bytearray(bundle(**{"letter-t.wav": bytes(3 * 1024 * 1024)}))
    directory = packed.rindex(b"PK\x01\x02")
    packed[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    assert admin.send("/vi/pack", bytes(packed)).status_code == 422


def test_trying_a_sentence(desk: Desk, admin: Admin, noon: datetime) -> None:
    record(desk.place.office, noon)
    admin.send("", **{**SETTINGS, "quiet_from_0": "00:00", "quiet_to_0": "23:59"})
    asked = "label=t105&counter=12&language=vi&style=one_by_one"
    own = admin.client.get(f"{HERE}/try.wav?{asked}&voice=centre")
    machine = admin.client.get(f"{HERE}/try.wav?{asked}&voice=espeak")
    assert own.status_code == machine.status_code == 200, "also in quiet hours"
    assert len(own.data) > len(machine.data)
    for wrong in (
        "label=&counter=1&language=vi&style=one_by_one&voice=espeak",
        "label=T105&counter=-1&language=vi&style=one_by_one&voice=espeak",
        "label=T105&counter=1&language=fr&style=one_by_one&voice=espeak",
        "label=T105&counter=1&language=vi&style=x&voice=espeak",
    ):
        assert admin.client.get(f"{HERE}/try.wav?{wrong}").status_code == 422


def test_the_synthetic_voice_is_made_again(desk: Desk, admin: Admin, synthetic: Synthetic) -> None:
    assert admin.send("/synthetic").status_code == 303
    assert synthetic.asked == [(97, "vi"), (59, "en")]
    synthetic.broken = True
    answer = admin.client.get(admin.send("/synthetic").headers["Location"])
    assert "chưa có giọng máy" in answer.get_data(as_text=True)
