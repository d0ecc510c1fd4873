"""A counter of the demo centre with its officer at the keyboard, and citizens who take numbers for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LAPTOP, Demo, sign_in


@dataclass
class Desk:
    """One console: its page, its counter and the line it serves."""

    demo: Demo
    page: Page
    counter: int
    line: int

    def take(self, **wish: Any) -> dict[str, Any]:
        """A number for this desk's line, as the kiosk gives it."""
        return take(self.demo, self.page, wish.pop("line", self.line), **wish)

    def api(self, method: str, path: str, **body: Any) -> Any:
        """A request with this officer's session; the answer, refused or not."""
        options: dict[str, Any] = {"headers": {"Origin": self.demo.url}, "method": method}
        if method == "POST":
            options["data"] = body
        return self.page.request.fetch(f"{self.demo.url}/api/v1{path}", **options)

    def move(self, ticket: dict[str, Any], move: str, **details: Any) -> Any:
        """A move made somewhere else than on the page."""
        return self.api("POST", f"/tickets/{ticket['id']}/moves", move=move, **details)

    def state(self) -> dict[str, Any]:
        """What the API says about the counter."""
        return dict(self.api("GET", f"/counters/{self.counter}").json())

    def empty(self) -> None:
        """Nobody waits at this desk any more: other stories of the same demo may have left somebody."""
        while self.api("POST", f"/counters/{self.counter}/next", finish=True).status == 200:
            pass
        state = self.state()
        if state["current"] is not None:
            assert self.move(state["current"], "finish").ok
        for ticket in state["waiting"]:
            assert self.move(ticket, "cancel").ok
        for ticket in state["parked"]:  # perhaps by another counter of the line, which alone may cancel it
            assert self.move(ticket, "resume", counter=self.counter).ok
            assert self.move(ticket, "finish").ok
        self.page.reload()
        expect(self.page.locator("#waiting-count")).to_have_text(re.compile("^0"))

    def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def receive(self, procedure: str) -> None:
        """Open the form and choose a procedure by some of its words."""
        self.press("d")
        expect(self.page.locator("#procedure-search")).to_be_focused()
        self.page.keyboard.type(procedure)
        expect(self.page.locator("#procedure-list .procedure--active")).to_be_visible()
        self.press("Enter")
        expect(self.page.locator("[data-panel='2']")).to_be_visible()

    def dismiss(self) -> None:
        """Leave the dialog; keys mean the page again only when it is gone."""
        self.press("Escape")
        expect(self.page.locator("dialog[open]")).to_have_count(0)

    def serving(self, ticket: dict[str, Any], state: str = "called") -> None:
        """Expect that number at the counter, in that state, and the page ready for the next act."""
        expect(self.page.locator("#visit-label")).to_have_text(ticket["label"])
        expect(self.page.locator("#visit")).to_have_attribute("data-state", state)
        expect(self.page.locator("[data-act=park]")).to_be_enabled()

    def free(self) -> None:
        """Expect nobody at the counter, and the page ready to call."""
        expect(self.page.locator("#visit")).to_have_attribute("data-state", "none")
        expect(self.page.locator("[data-act=next]")).to_be_enabled()

    def row(self, which: str, ticket: dict[str, Any]) -> Locator:
        """The row of a number in a list of the left column: waiting, parked or absent."""
        return self.page.locator(f"#{which} .waiter", has_text=ticket["label"])

    def call(self, ticket: dict[str, Any]) -> None:
        """Wait until the number is in sight, and call the next, which it is."""
        expect(self.page.locator(".waiter--next")).to_contain_text(ticket["label"])
        self.press("Space")
        self.serving(ticket)

    def again(self) -> Desk:
        """The same counter in a second window of the same officer."""
        page = self.page.context.new_page()
        page.goto(self.page.url)
        expect(page.locator("#waiting-count")).not_to_have_text("…")
        return Desk(self.demo, page, self.counter, self.line)


def take(demo: Demo, page: Page, line: int, **wish: Any) -> dict[str, Any]:
    """A number of a line, or of a procedure named in the wish, without paper."""
    kiosk = next(device for device in demo.facts["devices"] if device["kind"] == "kiosk")
    answer = page.request.post(
        f"{demo.url}/api/v1/tickets",
        data={"office": "demo", "paper": False, **({} if "procedure" in wish else {"line": line}), **wish},
        headers={"Authorization": f"Bearer {kiosk['token']}"},
    )
    assert answer.ok, answer.text()
    return dict(answer.json())


def desk_of(
    demo: Demo, screen: Any, number: int, size: tuple[int, int] = LAPTOP, language: str = "vi"
) -> Desk:
    """The console of a counter with its own officer signed in."""
    counter = next(each for each in demo.facts["counters"] if each["number"] == number)
    officer = next(each for each in demo.facts["officers"] if each["counter"] == counter["id"])
    page = screen(size)
    sign_in(page, demo, officer)
    return open_desk(demo, page, counter["id"], counter["lines"][0], language)


def open_desk(demo: Demo, page: Page, counter: int, line: int, language: str = "vi") -> Desk:
    """A console for whoever is signed in on the page."""
    page.goto(f"{demo.url}/counter/{counter}?lang={language}")
    expect(page.locator("#waiting-count")).not_to_have_text("…")
    return Desk(demo, page, counter, line)
