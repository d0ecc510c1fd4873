"""A department is switched off in the middle of a day and on again: what goes, what stays, who did it."""

from __future__ import annotations

from typing import Any

from tests.api.desk import Desk, answered, refused


def offered(desk: Desk) -> dict[str, bool]:
    """Where `transport` is to be seen."""
    admin, kiosk = desk.who("admin"), desk.who("kiosk")
    menu = answered(kiosk.get("/api/v1/kiosk/menu"))
    departments: Any = answered(admin.get("/api/v1/departments"))
    procedures: Any = answered(admin.get("/api/v1/procedures?q=gplx"))
    return {
        "kiosk": "transport" in {each["key"] for each in menu["departments"]},
        "departments": "transport" in str(departments),
        "procedures": "1.002809" in str(procedures),
        "page": "Giấy phép lái xe" in kiosk.get("/kiosk").get_data(as_text=True),
    }


def test_it_goes_and_comes_back_at_once_and_what_it_owns_is_honoured(desk: Desk) -> None:
    officer, admin, place = desk.who("officer"), desk.who("admin"), desk.place
    waiting = desk.issue(place.transport)
    code = desk.receive(procedure="1.002809", department="transport", answers={})["code"]
    before = offered(desk)
    assert before["kiosk"]
    assert before["procedures"]

    assert answered(admin.post("/api/v1/plugins/transport/disable"))["state"] == "off"
    assert not any(offered(desk).values())
    refused(desk.who("kiosk").post("/api/v1/tickets", {"line": place.transport.id}), 409, "plugin_disabled")
    again = {"procedure": "1.002809", "department": "transport", "applicant": {"name": "Trần Văn An"}}
    refused(officer.post("/api/v1/dossiers", again), 409, "plugin_disabled")

    assert desk.call()["id"] == waiting["id"]
    for move in ("transfer", "finish", "hand_over"):
        answered(officer.post(f"/api/v1/dossiers/{code}/moves", {"move": move}))
    assert officer.get(f"/dossiers/{code}").status_code == 200
    assert officer.get(f"/dossiers/{code}/papers/receipt.pdf").status_code == 200

    assert answered(admin.post("/api/v1/plugins/transport/enable"))["state"] == "on"
    assert offered(desk) == before
    history = admin.get("/admin/plugins/transport").get_data(as_text=True)
    acts = history[history.index('id="history-title"') :]
    assert "(2)" in acts
    assert acts.index("Bật, phiên bản 1.0") < acts.index(">Tắt<")
