"""An office with every department switched on, before whose desk the clock may stand at any moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from werkzeug.test import TestResponse

from tests.api.desk import Caller, Clock, enable_row, house, session_for
from tests.catalogue.expected import RECEIVED
from tests.factories import make_office, make_user

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
APPLICANT = {"name": "Trần Văn An", "id_number": "001085012345", "phone": "0912345678"}


def moment(text: str) -> datetime:
    """A moment at the office."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


class Hall:
    """An office for each moment, since the clock of an office never goes back."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.app = app
        self.clock = clock
        self.desks: dict[str, Caller] = {}

    def receive(self, procedure: str, *, at: str = RECEIVED, **fields: Any) -> TestResponse:
        """Hand in an application for a procedure."""
        desk = self.desks.get(at) or self._open(at)
        self.clock.moment = moment(at)
        body = {"procedure": procedure, "applicant": APPLICANT, **fields}
        return desk.post("/api/v1/dossiers", body)

    def _open(self, at: str) -> Caller:
        now, number = moment(at), len(self.desks) + 1
        office = make_office(f"so-{number}", created_at=now)
        for department in house().departments:
            enable_row(office, house().owners[department], now)
        session = session_for(make_user(f"officer-{number}", "officer", [], office, created_at=now), now)
        return self.desks.setdefault(at, Caller(self.app, session=session))
