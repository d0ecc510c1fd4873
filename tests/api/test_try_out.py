"""The admin's page that tries an application out: a refusal is all it says about one that would be refused."""

from __future__ import annotations

import re

from kiosk.services import manage_plugins
from tests.api.desk import Desk

HERE = "/admin/procedures/land_environment/1.012786"


def tried(desk: Desk, **answers: str) -> str:
    admin = desk.app.test_client()
    admin.set_cookie("kiosk_session", desk.place.sessions["admin"])
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', admin.get(HERE).get_data(as_text=True))
    assert token is not None
    form = {"csrf_token": token[1], "day": "2026-11-23", "time": "09:00", "channel": "in_person", **answers}
    reply = admin.post(f"{HERE}/try", data=form)
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def test_an_application_that_would_be_refused_has_no_price_and_no_date(desk: Desk) -> None:
    manage_plugins.enable(desk.place.office.id, "land_environment", desk.clock.moment, "user:1")
    answers = {"answer-subject": "individual", "answer-object": "land"}
    assert "Tổng phải nộp" in tried(desk, **answers)
    refused = tried(desk, **answers | {"answer-object": "assets"})
    assert "Không nhận được hồ sơ như vậy" in refused
    assert "Tổng phải nộp" not in refused
