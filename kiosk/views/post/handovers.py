"""Handover records: what the postman brought, counted twice, signed once."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, g, redirect, request

from kiosk.domain.errors import DomainError
from kiosk.domain.papers.table_document import ColumnKind, DocumentColumn, DocumentTable
from kiosk.plugin import gate
from kiosk.services.look import post as shown
from kiosk.services.post.intake import (
    Envelope,
    add_envelope,
    cancel_intake,
    find_intake,
    open_intake,
    remove_envelope,
    sign_intake,
)
from kiosk.views.documents import document, plain, send
from kiosk.views.door import language, staff, words
from kiosk.views.forms import SEE_OTHER, attempt, text, whole, whole_or_none
from kiosk.views.post.common import blueprint, show, today
from kiosk.views.post.manifests import formats_moment


@blueprint.get("/post/handovers")
@staff("post.desk")
def handovers() -> str:
    """Open records first, then the latest."""
    return _list()


@blueprint.post("/post/handovers")
@staff("post.desk")
def begin_handover() -> Any:
    """Begin a record, and go to it."""
    made: list[int] = []

    def act() -> None:
        made.append(open_intake(g.actor, g.now, carrier=text("carrier"), note=text("note")).id)

    answer = attempt(act, _list, "/post/handovers", "Đã mở biên bản.")
    return redirect(f"/post/handovers/{made[0]}", SEE_OTHER) if made else answer


@blueprint.get("/post/handovers/<int:key>")
@staff("post.desk")
def handover(key: int) -> str:
    """One record. Raises NotFound("unknown_intake")."""
    return _show(key)


@blueprint.post("/post/handovers/<int:key>/<move>")
@staff("post.desk")
def change_handover(key: int, move: str) -> Any:
    """add, remove, sign or cancel."""
    find_intake(g.actor.office_id, key)
    here = f"/post/handovers/{key}"
    acts: dict[str, tuple[Any, str, str]] = {
        "add": (lambda: add_envelope(key, _envelope(), g.actor, g.now), here, "Đã thêm phong bì."),
        "remove": (
            lambda: remove_envelope(key, whole("item"), g.actor, g.now),
            here,
            "Đã bỏ phong bì khỏi biên bản.",
        ),
        "sign": (
            lambda: sign_intake(key, text("postman"), g.actor, g.now),
            here,
            "Đã ký biên bản. Hồ sơ được tiếp nhận từ lúc này; xin in biên bản và giấy tiếp nhận.",
        ),
        "cancel": (lambda: cancel_intake(key, g.actor, g.now), "/post/handovers", "Đã bỏ biên bản."),
    }
    if move not in acts:
        raise DomainError("unknown_move", thing="handover", move=move[:40], allowed=sorted(acts))
    act, back, done = acts[move]
    return attempt(act, lambda **more: _show(key, **more), back, done)


def _envelope() -> Envelope:
    names = request.form.getlist("paper")
    counts = {
        name: request.form.getlist(name) for name in ("told_originals", "told_copies", "originals", "copies")
    }
    papers = [
        {"name": name, **{kind: _count(values, place) for kind, values in counts.items()}}
        for place, name in enumerate(names)
    ]
    applicant = {
        name: text(name)
        for name in ("name", "id_number", "phone", "email", "address", "deliver_to")
        if text(name).strip()
    }
    if text("kind") == "organisation":
        applicant["kind"] = "organisation"
    return Envelope(
        number=text("number"),
        procedure=text("procedure"),
        department=text("department") or None,
        applicant=applicant,
        papers=papers,
        answers=_answers(),
        delivery=text("delivery") or "post",
        postmark_on=_day("postmark_on"),
        sent_on=_day("sent_on"),
        fee_collected=whole_or_none("fee_collected") or 0,
        decision=text("decision") or "receive",
        reason=text("reason"),
    )


def _count(values: list[str], place: int) -> int:
    typed = values[place].strip() if place < len(values) else ""
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 4):
        raise DomainError("wrong_type", field="papers", expected="whole number")
    return int(typed or 0)


def _answers() -> dict[str, Any]:
    """Answers as the form gives them, in the kinds the questions have."""
    procedure = gate.find_procedure(
        g.actor.office_id, text("procedure"), text("department") or None, on=today()
    )
    given: dict[str, Any] = {}
    for field in gate.intake_fields(g.actor.office_id, procedure):
        name = f"answer.{field.key}"
        if field.kind == "yes_no":
            given[field.key] = text(name) == "yes"
        elif field.kind == "choice":
            given[field.key] = text(name) or field.default
        else:
            number = whole_or_none(name)
            given[field.key] = field.default if number is None else number
    return given


def _day(name: str) -> date | None:
    typed = text(name)
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise DomainError("date_malformed", field=name) from None


@blueprint.get("/post/handovers/<int:key>.<form>")
@staff("post.desk")
def handover_file(key: int, form: str) -> Response:
    """A signed record as a page or a spreadsheet. Raises DomainError("intake_open")."""
    g.actor.require("dossier.personal")
    row = find_intake(g.actor.office_id, key)
    if row.state != "signed":
        raise DomainError("intake_open")
    found = shown.intake_page(row, g.actor, language())
    return send(handover_document(found), form, f"bien-ban-bcci-{row.year}-{row.number}")


def handover_document(found: dict[str, Any]) -> Any:
    """The record of QĐ 45/2016 Đ.6: envelopes, both counts, shortages, fees, and what became of each."""
    columns = (
        DocumentColumn(words("TT"), ColumnKind.COUNT, 2),
        DocumentColumn(words("Số Phiếu gửi"), width=6),
        DocumentColumn(words("Người nộp"), width=6),
        DocumentColumn(words("Thủ tục"), width=8),
        DocumentColumn(words("Giấy tờ (chính/sao)"), width=9),
        DocumentColumn(words("Thừa, thiếu so với Phiếu gửi"), width=6),
        DocumentColumn(words("Phí, lệ phí đã thu (đồng)"), ColumnKind.MONEY, 3),
        DocumentColumn(words("Kết quả, mã hồ sơ"), width=9),
        DocumentColumn(words("Hẹn trả"), width=4),
    )
    rows = [_row(place, item) for place, item in enumerate(found["items"], 1)]
    total = (
        "",
        words("Cộng: %(n)s phong bì", n=len(rows)),
        "",
        "",
        "",
        "",
        found["fees"],
        words("%(a)s tiếp nhận, %(d)s không", a=found["accepted"], d=found["declined"]),
        "",
    )
    return document(
        title=words("Biên bản giao nhận hồ sơ qua bưu chính công ích"),
        subtitle=words("Số %(number)s", number=found["number"]),
        facts=(
            (words("Bên giao"), f"{found['carrier_title']} – {found['postman']}"),
            (words("Bên nhận"), found["by"]),
            (words("Ký lúc"), formats_moment(found["signed_at"])),
            (words("Mã kiểm"), found["digest"][:16]),
        ),
        tables=(DocumentTable("", columns, rows, total),),
        notes=(
            words(
                "Thời điểm ký biên bản là thời điểm nộp hồ sơ (Quyết định số 45/2016/QĐ-TTg, Điều 7 khoản 4). Giấy tiếp nhận"
                " hồ sơ và hẹn trả kết quả giao lại bưu tá để chuyển cho người nộp."
            ),
            words("Tiền phí, lệ phí bưu tá đã nộp: %(fees)s đồng.", fees=plain(found["fees"])),
        ),
        signatures=(words("Bên giao (Bưu điện)"), words("Bên nhận (Trung tâm)")),
        code=found["number"],
    )


def _row(place: int, item: dict[str, Any]) -> tuple[Any, ...]:
    papers = "; ".join(f"{p['name']} ({p['originals']}/{p['copies']})" for p in item["papers"])
    differ = "; ".join(
        words(
            "%(name)s: Phiếu gửi %(told)s, đếm được %(found)s",
            name=p["name"],
            told=f"{p['told_originals']}/{p['told_copies']}",
            found=f"{p['originals']}/{p['copies']}",
        )
        for p in item["differences"]
    )
    result = item["dossier"] or item["decision_title"]
    due = "/".join(reversed(item["due_on"].split("-"))) if item["due_on"] else ""
    return (
        place,
        item["number"],
        item["applicant"],
        item["procedure"],
        papers,
        differ or words("Không"),
        item["fee_collected"],
        result,
        due,
    )


def _list(**more: Any) -> str:
    return show("post/handovers.html", "handovers", intakes=shown.intakes(g.actor.office_id), **more)


def _show(key: int, **more: Any) -> str:
    """The record; with a procedure chosen, the form for an envelope of it."""
    office = g.actor.office_id
    row = find_intake(office, key)
    chosen = request.values.get("procedure", "")[:80].replace("\0", "")
    department = request.values.get("department", "")[:40].replace("\0", "") or None
    procedure, questions, missing = None, [], ""
    if row.state == "open" and chosen:
        key_of, _, of = chosen.partition(" @ ")
        try:
            procedure = gate.find_procedure(office, key_of.strip(), of.strip() or department, on=today())
            questions = gate.intake_fields(office, procedure)
        except DomainError:
            missing = chosen
    offered = [
        (p.key, p.department, p.name)
        for p in gate.procedures(office, on=today())
        if p.post_receive and p.in_force(today())
    ]
    return show(
        "post/handover.html",
        "handovers",
        intake=shown.intake_page(row, g.actor, language()),
        procedure=procedure,
        questions=questions,
        missing=missing,
        offered=sorted(offered, key=lambda each: each[2]),
        **more,
    )
