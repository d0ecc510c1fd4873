"""Boards in real browsers beside sockets: a wall in step, a rush, a number taken back, a night asleep, a cut cable."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, PORTRAIT, TV
from tests.live.conftest import Listener, Server, until

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]
Listen = Callable[..., Listener]
BOARD = "board:demo:all"
SLOT = 5
"""Seconds a page stays in these tests."""
SLOW = 3 * 3600 + 7
"""Seconds by which a television is slow; no multiple of any number of slots."""
LOG = """() => {
  window.labels = [];
  const note = () => {
    const text = document.querySelector('#label').textContent;
    if (window.labels[window.labels.length - 1] !== text) window.labels.push(text);
  };
  new MutationObserver(note).observe(document.querySelector('#label'), {childList: true, characterData: true, subtree: true});
  note();
}"""


class Manager:
    """The manager at the notices' page, by form."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.session = requests.Session()
        self.session.cookies.set("kiosk_session", server.place.sessions["manager"])
        page = self.session.get(f"{server.url}/admin/notices", timeout=10).text
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def send(self, path: str = "", **fields: Any) -> None:
        data = {"csrf_token": self.token, "area": "", "seconds": str(SLOT), **fields}
        answer = self.session.post(f"{self.server.url}/admin/notices{path}", data=data, timeout=10)
        assert answer.status_code == 200, answer.text[:500]


@pytest.fixture
def manager(server: Server) -> Iterator[Manager]:
    made = Manager(server)
    made.send("/boards", board_seconds=str(SLOT), show_figures="yes")
    yield made
    made.session.close()


@pytest.fixture
def open_board(server: Server, screen: Screen) -> Callable[..., Page]:
    """`open_board(size)`: a browser paired as the board, at /board with its snapshot shown."""

    def opened(
        size: tuple[int, int] = TV, before: Callable[[Page], Any] | None = None, **options: Any
    ) -> Page:
        page = screen(size, **options)
        page.context.add_cookies(
            [{"name": "kiosk_device_board", "value": server.place.board.token, "url": server.url}]
        )
        # Nothing is spoken here: what is heard also decides what is large.
        page.route("**/api/v1/voice/**", lambda route: route.fulfill(status=204))
        if before is not None:
            before(page)
        page.goto(f"{server.url}/board")
        expect(page.locator("#opening")).to_be_hidden()
        expect(page.locator("#lost")).to_be_hidden()
        return page

    return opened


def a_call(server: Server) -> dict[str, Any]:
    server.issue()
    return server.call()


def rows(page: Page) -> list[str]:
    return page.locator(".board__row-label").all_text_contents()


def in_one_slot(*pages: Page) -> tuple[int, list[tuple[str, str]]]:
    """What the panels show while no page is being turned, as (page, pages), and which slot of the server's clock it is.

    A machine that is busy may take longer to look than a slot lasts: what was seen then tells nothing.
    """
    while True:
        until(lambda: 1.5 < time.time() % SLOT < 3, 3 * SLOT)
        slot = int(time.time() // SLOT)
        panels = [page.locator("#panel") for page in pages]
        seen = [(panel.get_attribute("data-page"), panel.get_attribute("data-pages")) for panel in panels]
        if time.time() < (slot + 1) * SLOT - 0.5:
            return slot, seen


def test_a_wall_of_boards_stays_in_step(
    server: Server, manager: Manager, open_board: Callable[..., Page], listen: Listen
) -> None:
    manager.send(kind="notice", text="Mời quý vị giữ trật tự.")
    a_call(server)
    sockets = [listen(server, token=server.place.board.token) for _ in range(10)]
    for socket in sockets:
        assert socket.join("board:demo:main")["ok"]
    # Televisions keep bad time: one of the two is three hours slow.
    one, slow = open_board(), open_board(before=lambda page: page.clock.install(time=time.time() - SLOW))
    for _ in range(2):
        slot, seen = in_one_slot(one, slow)
        count = int(seen[0][1])
        assert count > 1
        assert seen == [(str(slot % count), str(count))] * 2
        until(lambda now=slot: time.time() // SLOT > now, 2 * SLOT)
    called = a_call(server)
    for page in (one, slow):
        expect(page.locator("#label")).to_have_text(called["label"])
    until(lambda: one.locator("#time").inner_text() == slow.locator("#time").inner_text())
    for socket in sockets:
        assert socket.event("ticket.called", ticket=called["id"])["counter_number"] == 1


def test_a_burst_is_shown_one_by_one_and_the_list_is_ahead(
    server: Server, open_board: Callable[..., Page]
) -> None:
    frames: list[str] = []

    def hold(page: Page) -> None:
        page.clock.install()
        page.on(
            "websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame)))
        )

    page = open_board(before=hold)
    page.clock.pause_at(time.time() + 1)
    for _ in range(5):
        server.issue()
    labels = [server.call()["label"] for _ in range(5)]
    until(lambda: rows(page)[:5] == labels[::-1])
    shown = [page.locator("#label").inner_text()]
    for _ in range(4):
        page.clock.run_for(1_900)
        assert page.locator("#label").inner_text() == shown[-1], "long enough to be read"
        page.clock.run_for(100)
        shown.append(page.locator("#label").inner_text())
        # The page's clock jumps, the server's does not: let it be heard, or the board takes the line for dead.
        frames.clear()
        until(lambda: page.title() and "2" in frames and any('"tick"' in frame for frame in frames))
    assert shown == labels
    cut_off = page.evaluate(
        """() => [...document.querySelectorAll('.board__row')].filter((row) => {
          const list = row.parentElement.getBoundingClientRect(), box = row.getBoundingClientRect();
          return box.bottom > list.bottom + 1 || row.scrollHeight > row.clientHeight + 1;
        }).length"""
    )
    assert cut_off == 0


def test_a_call_taken_back_leaves_every_board(server: Server, open_board: Callable[..., Page]) -> None:
    before = a_call(server)
    page = open_board()
    called = a_call(server)
    expect(page.locator("#label")).to_have_text(called["label"])
    server.post("officer", f"/tickets/{called['id']}/moves", {"move": "undo"})
    expect(page.locator("#label")).not_to_have_text(called["label"])
    until(lambda: called["label"] not in rows(page))
    assert before["label"] in rows(page)
    server.call()  # as it was for the other tests


def test_a_counter_that_pauses_is_seen_to(server: Server, open_board: Callable[..., Page]) -> None:
    page = open_board()
    path = f"/counters/{server.place.second.id}/state"
    cell = page.locator("[data-counter='2']")
    server.post("colleague", path, {"state": "paused", "reason": "break"})
    expect(cell).to_contain_text("Tạm nghỉ")
    server.post("colleague", path, {"state": "closed"})
    expect(cell).to_contain_text("Đã đóng")
    server.post("colleague", path, {"state": "open"})
    expect(cell).to_contain_text("Sẵn sàng")
    called = a_call(server)
    expect(page.locator("[data-counter='1']")).to_contain_text(called["label"])


def test_a_board_that_slept_shows_no_old_number_as_current(
    server: Server, open_board: Callable[..., Page]
) -> None:
    old = a_call(server)
    page = open_board(before=lambda page: page.clock.install())
    expect(page.locator("#label")).to_have_text(old["label"])
    page.evaluate(LOG)
    page.clock.pause_at(time.time() + 5)
    new = a_call(server)
    page.clock.fast_forward("09:00:00")  # as when a lid is opened: every timer is due at once
    page.clock.resume()
    expect(page.locator("#label")).to_have_text(new["label"])
    seen = page.evaluate("window.labels")
    assert seen[-1] == new["label"]
    assert old["label"] not in seen[seen.index("") :], (
        "after the lights went out the old number never came back"
    )


def test_a_cut_board_says_so_and_comes_back_by_itself(
    server: Server, open_board: Callable[..., Page]
) -> None:
    a_call(server)
    page = open_board()
    page.context.set_offline(True)
    expect(page.locator("#lost")).to_be_visible()
    assert page.locator("#label").inner_text() == ""
    expect(page.locator("#strip")).to_be_hidden()
    called = a_call(server)
    page.context.set_offline(False)
    expect(page.locator("#label")).to_have_text(called["label"])


LONG = (
    "Lệ phí cấp hộ chiếu nộp qua Cổng dịch vụ công quốc gia được giảm mười phần trăm, xin hỏi cán bộ hướng dẫn. "
    * 2
)


def test_the_foot_runs_only_when_it_must_and_not_for_who_wants_it_still(
    server: Server, manager: Manager, open_board: Callable[..., Page]
) -> None:
    moving, still = open_board(), open_board(reduced_motion="reduce")
    ticker = "document.querySelector('#ticker').classList.contains('is-running')"
    assert not moving.evaluate(ticker), "the hint fits"
    manager.send(kind="ticker", text=LONG)
    until(lambda: moving.evaluate(ticker))
    expect(still.locator("#ticker")).to_contain_text("hộ chiếu")
    assert not still.evaluate(ticker)
    fits = (
        "document.querySelector('.ticker__text').offsetWidth <= document.querySelector('#ticker').clientWidth"
    )
    assert still.evaluate(fits), "a page of it at a time"
    moving.keyboard.press("Space")
    assert moving.evaluate("document.querySelector('.ticker__text').getAnimations()[0].playState") == "paused"


@pytest.mark.parametrize("size", [TV, PORTRAIT])
def test_axe_finds_nothing_and_the_longest_notice_is_whole(
    server: Server, manager: Manager, open_board: Callable[..., Page], size: tuple[int, int]
) -> None:
    manager.send(kind="notice", text=("Trung tâm không thu khoản nào ngoài phí niêm yết. " * 6)[:299])
    a_call(server)
    page = open_board(size)
    page.wait_for_selector("#panel[data-kind=notice]", timeout=60_000)  # after a rush, when there is room
    length = "(document.querySelector('.panel__text') || document.body).textContent.length"
    until(lambda: 250 < page.evaluate(length) < 320, 60)
    body = "(() => { const body = document.querySelector('#panel-body'); return body.scrollHeight <= body.clientHeight; })()"
    assert page.evaluate(body)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []


@pytest.mark.parametrize("size", [PHONE, TV])
def test_the_days_figures_are_read_on_a_phone(server: Server, screen: Screen, size: tuple[int, int]) -> None:
    page = screen(size, f"{server.url}/today/demo")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
    expect(page.get_by_role("rowheader", name="Hộ tịch")).to_be_visible()
