"""The slips over HTTP: who may print them, and the rating page their code leads to."""

from __future__ import annotations

import re

import pypdfium2

from kiosk.models import Rating
from tests.api.desk import Desk, answered
from tests.api.test_sign_in import hidden


def text_of(pdf: bytes) -> str:
    """What a PDF says."""
    return " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def test_an_officer_prints_the_receipt_and_nobody_else_sees_it(desk: Desk) -> None:
    code = desk.receive()["code"]
    path = f"/dossiers/{code}/papers/receipt.pdf"
    printed = desk.who("officer").get(path)
    assert (printed.status_code, printed.mimetype) == (200, "application/pdf")
    assert printed.headers["Cache-Control"] == "no-store"
    assert code in text_of(printed.data)
    assert desk.who("officer").get(f"/dossiers/{code}/papers/apology.pdf").status_code == 404
    assert desk.who("officer").get(f"/dossiers/{code}/papers/anything.pdf").status_code == 404
    for stranger in ("nobody", "kiosk", "board", "other_admin"):
        assert desk.who(stranger).get(path).status_code in {302, 401, 403, 404}, stranger


def test_a_declined_application_has_its_slip_in_its_own_office_only(desk: Desk) -> None:
    body = {"outcome": "refuse", "reason": "Ngoài thẩm quyền", "procedure": "1.002809"}
    sent = {**body, "applicant": {"name": "Trần Văn An", "id_number": "001085012345"}}
    slip = answered(desk.who("officer").post("/api/v1/dossiers/declined", sent), 201)
    assert slip["number"] == "01/TCHS"
    assert "Trần" not in str(slip)
    path = f"/declined/{slip['id']}/paper.pdf"
    assert "Ngoài thẩm quyền" in text_of(desk.who("officer").get(path).data)
    assert desk.who("other_admin").get(path).status_code == 404


def test_the_register_of_a_day_lists_what_was_received(desk: Desk) -> None:
    code = desk.receive()["code"]
    day = desk.clock.moment.date()
    book = desk.who("officer").get(f"/dossiers/register.pdf?from={day}&to={day}")
    assert code in text_of(book.data)
    for wrong in ("?from=yesterday", "?from=2026-12-01&to=2026-11-01"):
        assert desk.who("officer").get(f"/dossiers/register.pdf{wrong}").status_code == 422


def test_the_code_on_the_slip_leads_to_three_answers_and_the_first_one_counts(desk: Desk) -> None:
    code = desk.receive()["code"]
    with desk.app.test_request_context():
        from kiosk.views.rating import rating_url

        address = rating_url({"public_url": "https://motcua.example"}, "dossier", 1)
    assert address.startswith("https://motcua.example/r/")
    path = address.removeprefix("https://motcua.example")
    client = desk.app.test_client()
    page = client.get(path).get_data(as_text=True)
    assert len(re.findall(r'name="score"', page)) == 3
    assert code not in page
    for score in ("9", "x", ""):
        assert client.post(path, data={"csrf_token": hidden(page), "score": score}).status_code == 422
    for score in ("3", "1"):
        answer = client.post(path, data={"csrf_token": hidden(page), "score": score})
        assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert [row.score for row in Rating.select()] == [3]
    assert "Cảm ơn" in client.get(path).get_data(as_text=True)
    assert client.get(f"{path}x").status_code == 404
    assert client.get("/r/forged").status_code == 404
