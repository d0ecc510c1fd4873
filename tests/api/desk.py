"""A whole town hall for tests at the door: two offices, their staff and devices, and callers who speak to the app."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask import Flask
from peewee import Database
from werkzeug.test import TestResponse

import kiosk.app
from kiosk import clock
from kiosk.config import Settings
from kiosk.database import bookkeeping, proxy
from kiosk.models import TABLES, LoginThrottle, OfficePlugin, Session
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginHouse
from kiosk.realtime.tail import Tail
from tests.factories import make_counter, make_device, make_line, make_office, make_user

SEEN = {"session": {"last_seen_at"}, "device": {"last_seen_at"}}
"""Columns that a look may write: when somebody was last seen."""


class Clock:
    """The product's clock, held by the test."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """The moment it is."""
        return self.moment

    def pass_(self, **time: float) -> datetime:
        """Let time pass."""
        self.moment += timedelta(**time)
        return self.moment


@cache
def house() -> PluginHouse:
    """The shipped plugins, loaded once for all tests."""
    return PluginHouse.load(Settings(data=Path("unused"), _env_file=None))


@contextmanager
def opened_app(database: Database, data: Path, held: Clock, **settings: Any) -> Iterator[Flask]:
    """The app over a bound database, with a held clock and without the thread that tells the live channel."""
    loaded, root = house(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    wanted = Settings(data=data, _env_file=None, **{"secret_key": "a-key-of-the-tests", **settings})
    with (
        patch.object(kiosk.app.database, "connect", lambda url, folder: database),
        patch.object(PluginHouse, "load", lambda settings: loaded),
        patch.object(Tail, "start", lambda self: None),
        patch.object(clock, "now", held.now),
    ):
        try:
            app = kiosk.app.create_app(wanted)
            root.handlers[:] = [*handlers, *root.handlers]
            yield app
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)
            gate.use(None)


@dataclass
class Place:
    """Office "demo" with two departments open, and office "khac" that has its own."""

    office: Any
    justice: Any
    transport: Any
    closed: Any
    counter: Any
    second: Any
    officer: Any
    colleague: Any
    manager: Any
    admin: Any
    kiosk: Any
    board: Any
    display: Any
    button: Any
    tablet: Any
    other: Any
    other_line: Any
    other_counter: Any
    other_admin: Any
    other_kiosk: Any
    sessions: dict[str, str] = field(default_factory=dict)

    def names(self) -> dict[str, Any]:
        """What a table of requests may name: {justice}, {counter}, …"""
        return {key: value.id for key, value in vars(self).items() if hasattr(value, "id")}


def build(now: datetime) -> Place:
    """Set both offices up."""
    office, other = make_office("demo"), make_office("khac")
    for each in (office, other):
        for plugin in ("justice", "transport"):
            enable_row(each, plugin, now)
    justice = make_line("T", office)
    transport = make_line("G", office, department="transport", title="Giấy phép lái xe")
    closed = make_line("Q", office, title="Chứng thực", open=False)
    other_line = make_line("T", other)
    counter = make_counter(1, [justice, transport])
    second = make_counter(2, [justice, transport])
    make_counter(3, [closed])
    other_counter = make_counter(1, [other_line])
    place = Place(
        office=office,
        justice=justice,
        transport=transport,
        closed=closed,
        counter=counter,
        second=second,
        officer=make_user("lan", "officer", [counter], office),
        colleague=make_user("minh", "officer", [second], office),
        manager=make_user("quan-ly", "manager", [], office),
        admin=make_user("admin", "admin", [], office),
        kiosk=make_device("kiosk", "Máy 01", office),
        board=make_device("board", "Bảng 01", office),
        display=make_device("display", "Bảng số 01", office, counter=counter),
        tablet=make_device("tablet", "Đánh giá 01", office, counter=counter),
        button=make_device("button", "Nút gọi 01", office, counter=counter),
        other=other,
        other_line=other_line,
        other_counter=other_counter,
        other_admin=make_user("admin-khac", "admin", [other_counter], other),
        other_kiosk=make_device("kiosk", "Máy 01", other),
    )
    for name in ("officer", "colleague", "manager", "admin", "other_admin"):
        place.sessions[name] = session_for(getattr(place, name), now)
    return place


def enable_row(office: Any, plugin: str, now: datetime, on: bool = True) -> None:
    """Switch a plugin in the table, without the service."""
    with bookkeeping():
        OfficePlugin.insert(
            office=office, name=plugin, enabled=on, version="1.0", changed_at=now
        ).on_conflict(
            conflict_target=[OfficePlugin.office, OfficePlugin.name], update={"enabled": on}
        ).execute()


def session_for(user: Any, now: datetime, hours: int = 12) -> str:
    """A sign-in of that account, without the cost of a password."""
    token = secrets.token_urlsafe(32)
    with bookkeeping():
        Session.create(
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            user=user,
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    return token


class Caller:
    """Somebody who speaks to the app: by cookie, by bearer token, or as nobody."""

    def __init__(
        self,
        app: Flask,
        *,
        session: str = "",
        token: str = "",
        device: tuple[str, str] | None = None,
        language: str = "vi",
    ) -> None:
        self.client = app.test_client()
        self.headers = {"Accept-Language": language}
        if session:
            self.client.set_cookie("kiosk_session", session)
        if device:
            self.client.set_cookie(f"kiosk_device_{device[0]}", device[1])
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **headers: str) -> TestResponse:
        """GET."""
        return self.client.get(path, headers={**self.headers, **headers})

    def post(
        self, path: str, body: Any = None, *, key: str = "", method: str = "POST", **headers: str
    ) -> TestResponse:
        """POST a JSON value, or bytes as they are."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        extra = {"Idempotency-Key": key} if key else {}
        extra |= {name.replace("_", "-"): value for name, value in headers.items()}
        kind = extra.pop("Content-Type", "application/json")
        return self.client.open(
            path, method=method, data=raw, content_type=kind, headers={**self.headers, **extra}
        )


@dataclass
class Desk:
    """The app, the place it serves, and its clock."""

    app: Flask
    place: Place
    clock: Clock
    data: Path

    def who(self, name: str, language: str = "vi") -> Caller:
        """`officer`, `colleague`, `manager`, `admin`, `other_admin`, `kiosk`, `board`, `display`, `button`, `tablet`, `other_kiosk` or `nobody`."""
        if name == "nobody":
            return Caller(self.app, language=language)
        if name in self.place.sessions:
            return Caller(self.app, session=self.place.sessions[name], language=language)
        return Caller(self.app, token=getattr(self.place, name).token, language=language)

    def issue(self, line: Any = None, who: str = "kiosk", **wish: Any) -> dict[str, Any]:
        """A number from the kiosk."""
        body = {"line": (line or self.place.justice).id, **wish}
        return answered(self.who(who).post("/api/v1/tickets", body), 201)

    def call(self, counter: Any = None, who: str = "officer", **body: Any) -> dict[str, Any]:
        """The next number at a counter."""
        path = f"/api/v1/counters/{(counter or self.place.counter).id}/next"
        return answered(self.who(who).post(path, body))

    def receive(self, who: str = "officer", **fields: Any) -> dict[str, Any]:
        """A dossier taken in."""
        return answered(self.who(who).post("/api/v1/dossiers", {**APPLICATION, **fields}), 201)


APPLICATION: dict[str, Any] = {
    "procedure": "1.002809",
    "applicant": {"name": "Trần Văn An", "id_number": "001085012345", "phone": "0912345678"},
    "components": ["Đơn đề nghị (Phụ lục 19 TT 12/2017)"],
}
"""Đổi giấy phép lái xe, five working days."""


def answered(response: TestResponse, status: int = 200) -> Any:
    """The JSON of an answer that was to be expected."""
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_json()


def refused(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The fields of a refusal in the one shape of errors, with a sentence that a person can read."""
    body = response.get_json(silent=True)
    assert (response.status_code, body and body["error"]["code"]) == (status, code), response.get_data(
        as_text=True
    )
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "fields"}
    message = body["error"]["message"]
    assert message.strip()
    assert "{" not in message
    return body["error"]["fields"]


def counts() -> dict[str, int]:
    """Rows of every table."""
    with bookkeeping():
        return {table._meta.table_name: table.select().count() for table in TABLES}


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the database but when somebody was last seen."""
    found = {}
    with bookkeeping():
        for table in TABLES:
            name = table._meta.table_name
            if table is LoginThrottle:
                continue  # that somebody guessed is counted; tests of guessing look there themselves
            columns = [f for f in table._meta.sorted_fields if f.column_name not in SEEN.get(name, ())]
            found[name] = sorted(table.select(*columns).tuples(), key=repr)
    return found


def everything_written() -> str:
    """All tables as text but those of people, of addresses and of notes: where no personal data may be."""
    personal = {"person", "dossier_note", "addressee", "post_words"}
    with bookkeeping():
        names = [t._meta.table_name for t in TABLES if t._meta.table_name not in personal]
        return "\n".join(repr(proxy.execute_sql(f'SELECT * FROM "{name}"').fetchall()) for name in names)
