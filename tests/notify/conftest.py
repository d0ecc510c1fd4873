"""A hall with visitors who want to be told, and carriers on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from kiosk.database import bookkeeping
from kiosk.jobs.notifier import Notifier
from kiosk.models import Contact, Message, OfficePlugin
from kiosk.plugin import Notice, gate
from kiosk.services.notify import subscribe
from kiosk.services.notify.outbox import read_news
from tests.api.conftest import desk, sqlite_desk
from tests.notify.fakes import HttpFake, MailFake, http_fake, mail_fake
from tests.services.test_stories import Story, story

__all__ = ["desk", "sqlite_desk", "story"]

PHONE = "0987 654 321"
SECRET = "a-secret-of-sixteen-letters"
BASE = "https://motcua.test"


@pytest.fixture
def gateway() -> Iterator[HttpFake]:
    """An SMS gateway that takes everything."""
    with http_fake(HttpFake()) as fake:
        yield fake


@pytest.fixture
def mail() -> Iterator[MailFake]:
    """A mail server that takes everything."""
    with mail_fake(MailFake()) as fake:
        yield fake


def sms_settings(url: str) -> dict[str, Any]:
    """The SMS gateway as an admin sets it up."""
    return {"url": url, "client": "motcua", "secret": SECRET, "brandname": "MOTCUA", "per_second": 100}


def mail_settings(port: int) -> dict[str, Any]:
    """The mail server as an admin sets it up, on the same machine."""
    return {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": "motcua@tinh.test",
        "per_second": 100,
    }


def switch(
    office: int, plugin: str, now: datetime, values: dict[str, Any] | None = None, on: bool = True
) -> None:
    """Switch a plugin, with settings, in the table."""
    with bookkeeping():
        row = {"enabled": on, "changed_at": now} | ({"settings": values} if values is not None else {})
        OfficePlugin.insert(office=office, name=plugin, version="1.0", **row).on_conflict(
            conflict_target=[OfficePlugin.office, OfficePlugin.name], update=row
        ).execute()
    gate.forget(office)


class Hall:
    """An office at work that sends: every method is one verb of a visitor or of the worker."""

    def __init__(self, told: Story) -> None:
        self.story, self.office, self.clock = told, told.office, told.clock
        self.stopping = threading.Event()
        self.restart_worker()
        read_news(self.clock.moment)

    def restart_worker(self) -> None:
        """A worker that knows nothing but the tables."""
        self.notifier = Notifier(lambda office: BASE, self.stopping, lambda: self.clock.moment)

    def use_sms(self, gateway: HttpFake, **values: Any) -> None:
        """Switch SMS on."""
        switch(self.office, "sms_gateway", self.clock.moment, sms_settings(gateway.url) | values)

    def use_mail(self, mail: MailFake, **values: Any) -> None:
        """Switch e-mail on."""
        switch(self.office, "email_notices", self.clock.moment, mail_settings(mail.port) | values)

    def visitor(self, channel: str = "sms", address: str = PHONE, language: str = "vi") -> Any:
        """Somebody takes a number and asks to be told."""
        ticket = self.story.issue().ticket
        self.ask(ticket, channel, address, language)
        return ticket

    def ask(self, ticket: Any, channel: str = "sms", address: str = PHONE, language: str = "vi") -> None:
        """Ask to be told about a number."""
        subscribe(
            ticket.token,
            channel,
            address,
            language,
            self.clock.moment,
            caller=f"10.0.0.{ticket.id}",
            consent=True,
        )

    def work(self) -> None:
        """The worker looks once, and the senders end."""
        self.notifier.look()
        assert self.notifier.settle()

    def messages(self, **wanted: Any) -> list[tuple[str, str, str]]:
        """(occasion, state, problem) of what was to be told."""
        rows = Message.select().order_by(Message.id)
        return [(row.occasion, row.state, row.problem) for row in rows]

    def contacts(self) -> int:
        """How many addresses are kept."""
        return int(Contact.select().count())


@pytest.fixture
def hall(story: Story) -> Iterator[Hall]:
    """The hall, on both databases."""
    made = Hall(story)
    yield made
    made.stopping.set()


@pytest.fixture
def notice(noon: datetime) -> Callable[..., Notice]:
    """A notice to send."""

    def make(**fields: Any) -> Notice:
        usual: dict[str, Any] = {
            "id": "0123456789abcdef0123456789abcdef",
            "occasion": "called",
            "language": "vi",
            "title": "Số T012: mời đến quầy",
            "body": "Mời quý vị có số T012 đến quầy số 3.",
            "label": "T012",
            "counter_number": 3,
            "day": noon.date(),
            "replaces": "",
            "office": "Trung tâm Phục vụ hành chính công",
            "follow_url": f"{BASE}/t/LG7lMkDqzZsVWzkBRmDulw",
            "at": noon,
        }
        return Notice(**(usual | fields))

    return make
