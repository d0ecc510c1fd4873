"""The voice in a real browser: the board's calls one after the other, and the booth where a centre records itself."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect

from kiosk.voice.wav import to_wav
from tests.browser.conftest import FLAGS, LAPTOP, PHONE, Demo, shoot, sign_in
from tests.browser.test_accessible import problems
from tests.voice.sounds import recording, tone

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]
SCRIPT = Path(__file__).parents[2] / "web" / "src" / "js" / "board" / "announcer.js"
HALL = "http://hall.test/"
CLIP_SECONDS = 0.3

LISTENING = """
async (clip) => {
  const bytes = Uint8Array.from(atob(clip), (c) => c.charCodeAt(0)).buffer;
  const start = AudioBufferSourceNode.prototype.start;
  window.played = [];     // [begin, end] of everything that sounds, on the audio clock
  window.asked = [];      // what was fetched, as "ticket language"
  window.states = [];
  window.fail = {};       // ticket -> how often its clip fails
  AudioBufferSourceNode.prototype.start = function (at) {
    window.played.push([at, at + this.buffer.duration]);
    start.call(this, at);
  };
  const { createAnnouncer } = await import('/announcer.js');
  window.make = (options) => {
    window.voice = createAnnouncer({
      fetchClip: async (call, language) => {
        window.asked.push(`${call.ticket} ${language}`);
        if ((window.fail[call.ticket] || 0) > 0) {
          window.fail[call.ticket] -= 1;
          throw new Error('cable');
        }
        return call.silent ? null : bytes.slice(0);
      },
      onLocked: (locked, unlock) => {
        document.querySelector('button').hidden = !locked;
        document.querySelector('button').onclick = unlock;
      },
      onState: ({ state }) => window.states.push(state),
      ...options,
    });
  };
  window.call = (ticket, more = {}) => window.voice.announce({
    kind: 'ticket.called', ticket, language: 'vi', at: new Date().toISOString(), ...more,
  });
}
"""


@pytest.fixture
def hall(screen: Screen) -> Page:
    """An empty page with the announcer, a button to unlock the sound, and an ear on everything that is played.

    The page's own script does it, since whatever a test evaluates counts as a tap for the browser.
    """
    clip = base64.b64encode(to_wav(tone(CLIP_SECONDS, 400).tobytes())).decode()
    start = f"await ({LISTENING})('{clip}'); if (location.search === '?locked') {{ make({{}}); call(1); call(2); }}"
    body = f'<button hidden>Bấm để bật tiếng</button><script type="module">{start}</script>'
    page = screen(LAPTOP)
    page.route("**/*", lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=body))
    page.route(
        "**/*.js",
        lambda route: route.fulfill(content_type="text/javascript", body=SCRIPT.read_text(encoding="utf-8")),
    )
    page.goto(HALL)
    return page


def unlock(hall: Page, **options: Any) -> None:
    hall.wait_for_function("() => window.call")
    hall.evaluate("async (options) => { make(options); await voice.unlock(); }", options)


def heard(hall: Page, count: int) -> list[list[float]]:
    """What was played once that much of it has ended, in order of its beginning."""
    hall.wait_for_function(
        "n => played.length >= n && voice.waiting === 0 && states.at(-1) === 'idle'", arg=count
    )
    return sorted(hall.evaluate("played"))


def test_eight_calls_at_once_never_overlap(hall: Page) -> None:
    unlock(hall)
    hall.evaluate("for (let n = 1; n <= 8; n += 1) call(n)")
    played = heard(hall, 8)
    assert len(played) == 8
    for (_, ended), (begun, _) in pairwise(played):
        assert begun >= ended, "no call cuts another short"
    assert hall.evaluate("asked") == [f"{n} vi" for n in range(1, 9)], "in the order in which they came"


def test_english_follows_vietnamese_for_those_who_want_it(hall: Page) -> None:
    unlock(hall)
    hall.evaluate("call(1); call(2, {language: 'en'}); call(3)")
    heard(hall, 4)
    assert hall.evaluate("asked") == ["1 vi", "2 vi", "2 en", "3 vi"]
    hall.evaluate("voice.set({english: 'always'}); call(4)")
    heard(hall, 6)
    hall.evaluate("voice.set({english: 'never'}); call(5, {language: 'en'})")
    heard(hall, 7)
    assert hall.evaluate("asked.slice(4)") == ["4 vi", "4 en", "5 vi"]


def test_a_call_is_heard_once_and_a_recall_again(hall: Page) -> None:
    unlock(hall)
    hall.evaluate(
        """() => {
          const at = new Date().toISOString();
          call(1, {at});
          call(1, {at});                                            // sent twice
          voice.known([{ticket: 1, at, language: 'vi'}]);           // and again with the snapshot
          call(1, {at: new Date(Date.now() + 5).toISOString(), times: 1});
          call(1, {at: new Date(Date.now() + 9).toISOString(), times: 1});
          call(1, {at: new Date(Date.now() + 20).toISOString()});   // came back, called anew
          call(1, {at: new Date(Date.now() + 25).toISOString(), times: 1});
        }"""
    )
    heard(hall, 4)
    hall.evaluate("call(2)")
    heard(hall, 5)
    assert hall.evaluate("asked") == ["1 vi"] * 4 + ["2 vi"]


def test_old_calls_are_left_to_the_screen(hall: Page) -> None:
    """A board that slept a night, or was away for two minutes, does not read out who has long been served."""
    unlock(hall)
    hall.evaluate(
        """() => {
          const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
          voice.known([
            {ticket: 3, at: ago(5), language: 'vi'}, {ticket: 2, at: ago(20), language: 'vi'},
            {ticket: 1, at: ago(61), language: 'vi'},
          ]);
        }"""
    )
    heard(hall, 2)
    assert hall.evaluate("asked") == ["2 vi", "3 vi"], "in the order in which they were called"
    hall.evaluate("voice.setClock(120000); call(4)")
    hall.evaluate("voice.setClock(0); call(5)")
    heard(hall, 3)
    assert hall.evaluate("asked.slice(2)") == ["5 vi"], "by the server's clock, not the television's"


def test_a_clip_that_does_not_come_is_asked_for_once_more(hall: Page) -> None:
    unlock(hall, chime=False)
    hall.evaluate("fail = {1: 1, 2: 9}; call(1); call(2); call(3)")
    heard(hall, 2)
    assert hall.evaluate("asked") == ["1 vi", "1 vi", "2 vi", "2 vi", "3 vi"]


def test_nothing_to_hear_is_no_failure(hall: Page) -> None:
    unlock(hall)
    hall.evaluate("call(1, {silent: true}); call(2)")
    heard(hall, 1)
    assert hall.evaluate("asked") == ["1 vi", "2 vi"]
    hall.evaluate("voice.set({enabled: false}); call(3); voice.set({enabled: true}); call(4)")
    heard(hall, 2)
    assert hall.evaluate("asked.slice(2)") == ["4 vi"]


def test_a_locked_browser_asks_for_a_tap_and_then_says_what_waits(hall: Page) -> None:
    hall.goto(f"{HALL}?locked")
    button = hall.get_by_role("button", name="Bấm để bật tiếng")
    expect(button).to_be_visible()
    assert hall.evaluate("[asked.length, voice.waiting, states.at(-1)]") == [0, 2, "locked"]
    button.click()
    assert len(heard(hall, 2)) == 2
    expect(button).to_be_hidden()


@pytest.fixture
def booth(browser_type: BrowserType, browser_type_launch_args: dict[str, Any], demo: Demo) -> Iterator[Page]:
    """The voice page in a browser with a microphone, in which a machine beeps once a second."""
    ears = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    browser: Browser = browser_type.launch(**{**browser_type_launch_args, "args": [*FLAGS, *ears]})
    page = browser.new_page(viewport={"width": LAPTOP[0], "height": LAPTOP[1]}, locale="vi-VN")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    sign_in(page, demo, demo.facts["admin"])
    page.goto(f"{demo.url}/admin/voice")
    yield page
    browser.close()
    assert [text for text in complaints if "422" not in text] == []


def test_recording_a_voice(demo: Demo, booth: Page, tmp_path: Path) -> None:
    text, status = booth.locator("#text"), booth.locator("#status")
    expect(text).to_have_text("Mời công dân có số")
    booth.get_by_role("button", name="Thu âm", exact=True).click()
    expect(status).to_have_text(re.compile("Đang thu"))
    expect(booth.locator("#level")).not_to_have_js_property("value", 0)  # it hears the beep
    booth.get_by_role("button", name="Dừng").click()
    expect(text).to_have_text("đến quầy số")  # the next one that is missing
    expect(booth.locator("#recorded")).to_have_text("Đã thu 1 / 46 đoạn")
    shoot(booth, "voice-booth", full=True)

    file = tmp_path / "quay.wav"
    file.write_bytes(recording(tone(0.5, 300, rate=44_100), rate=44_100, channels=2))
    booth.locator("#file").set_input_files(file)
    booth.get_by_role("button", name="Gửi", exact=True).click()
    expect(booth.locator("#recorded")).to_have_text("Đã thu 2 / 46 đoạn")
    expect(booth.get_by_role("link", name="Nghe lại")).to_be_visible()

    file.write_bytes(b"no sound at all")
    booth.locator("#file").set_input_files(file)
    booth.get_by_role("button", name="Gửi", exact=True).click()
    expect(status).to_have_text(re.compile("Không đọc được đoạn ghi âm"))
    booth.get_by_role("button", name="Xóa").click()
    expect(booth.locator("#recorded")).to_have_text("Đã thu 1 / 46 đoạn")

    booth.reload()
    expect(booth.locator("#recorded")).to_have_text("Đã thu 1 / 46 đoạn")
    expect(text).to_have_text("đến quầy số")
    booth.get_by_role("link", name="Mời công dân có số").click()
    booth.get_by_role("button", name="Xóa").click()
    expect(booth.locator("#recorded")).to_have_text("Đã thu 0 / 46 đoạn")


def test_hearing_a_sentence(booth: Page) -> None:
    booth.locator("#try").get_by_label("Số phiếu", exact=True).fill("TP007")
    booth.get_by_role("button", name="Nghe thử").click()
    expect(booth.locator("#said")).to_have_text("Đã đọc xong.", timeout=20_000)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_is_for_everybody(demo: Demo, screen: Screen, language: str) -> None:
    page = screen(LAPTOP)
    sign_in(page, demo, demo.facts["admin"])
    for size in (LAPTOP, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for path in (f"/admin/voice?lang={language}", f"/admin/voice?language=en&piece=n-20&lang={language}"):
            page.goto(f"{demo.url}{path}")
            assert problems(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
