"""Manifests: begun, built by scanning, signed; then only read and printed."""

from __future__ import annotations

from typing import Any

from flask import Response, g, redirect

from kiosk.domain.errors import DomainError
from kiosk.domain.papers.table_document import ColumnKind, DocumentColumn, DocumentTable
from kiosk.services.look import post as shown
from kiosk.services.post.manifests import (
    add_to_manifest,
    cancel_manifest,
    check_open,
    close_manifest,
    find_manifest,
    open_manifest,
    remove_from_manifest,
)
from kiosk.views.documents import document, formats, plain, send
from kiosk.views.door import language, staff, words
from kiosk.views.forms import SEE_OTHER, attempt, text, whole_or_none
from kiosk.views.post.common import blueprint, show


@blueprint.get("/post/manifests")
@staff("post.desk")
def manifests() -> str:
    """Open lists first, then the latest."""
    return _list()


@blueprint.post("/post/manifests")
@staff("post.desk")
def begin() -> Any:
    """Begin a list, and go to it."""
    made: list[int] = []

    def act() -> None:
        row = open_manifest(
            g.actor, g.now, carrier=text("carrier"), corrects=whole_or_none("corrects"), note=text("note")
        )
        made.append(row.id)
        if text("code"):
            add_to_manifest(row.id, text("code"), g.actor, g.now)

    answer = attempt(act, _list, "/post/manifests", "Đã mở bảng kê.")
    return redirect(f"/post/manifests/{made[0]}", SEE_OTHER) if made else answer


@blueprint.get("/post/manifests/<int:key>")
@staff("post.desk")
def manifest(key: int) -> str:
    """One list. Raises NotFound("unknown_manifest")."""
    return _show(key)


@blueprint.post("/post/manifests/<int:key>/<move>")
@staff("post.desk")
def change_manifest(key: int, move: str) -> Any:
    """add, remove, close or cancel."""
    find_manifest(g.actor.office_id, key)
    here = f"/post/manifests/{key}"
    acts: dict[str, tuple[Any, str, str]] = {
        "add": (lambda: add_to_manifest(key, text("code"), g.actor, g.now), here, "Đã thêm vào bảng kê."),
        "remove": (
            lambda: remove_from_manifest(key, text("number"), g.actor, g.now),
            here,
            "Đã bỏ khỏi bảng kê.",
        ),
        "close": (
            lambda: close_manifest(key, text("postman"), g.actor, g.now),
            here,
            "Đã chốt bảng kê. Xin in và ký.",
        ),
        "cancel": (lambda: cancel_manifest(key, g.actor, g.now), "/post/manifests", "Đã bỏ bảng kê."),
    }
    if move not in acts:
        raise DomainError("unknown_move", thing="manifest", move=move[:40], allowed=sorted(acts))
    act, back, done = acts[move]
    return attempt(act, lambda **more: _show(key, **more), back, done)


@blueprint.get("/post/manifests/<int:key>.<form>")
@staff("post.desk")
def manifest_file(key: int, form: str) -> Response:
    """A signed list as a page or a spreadsheet. Raises DomainError("manifest_open")."""
    g.actor.require("dossier.personal")
    row = find_manifest(g.actor.office_id, key)
    check_open(row)
    return send(
        manifest_document(shown.manifest_page(row, g.actor, language())),
        form,
        f"bang-ke-bcci-{row.year}-{row.number}",
    )


def manifest_document(found: dict[str, Any]) -> Any:
    """The list with the columns both sides sign under (QĐ 45/2016 Đ.9; TT 17/2017 Đ.5.2)."""
    money, count = ColumnKind.MONEY, ColumnKind.COUNT
    columns = (
        DocumentColumn(words("TT"), count, 2),
        DocumentColumn(words("Mã hồ sơ"), width=8),
        DocumentColumn(words("Số hiệu bưu gửi"), width=6),
        DocumentColumn(words("Thủ tục"), width=7),
        DocumentColumn(words("Người nhận"), width=5),
        DocumentColumn(words("Địa chỉ"), width=7),
        DocumentColumn(words("Điện thoại"), width=4),
        DocumentColumn(words("Giấy tờ (chính/sao)"), width=7),
        DocumentColumn(words("Thu hộ (đồng)"), money, 3),
        DocumentColumn(words("Cước (đồng)"), money, 3),
        DocumentColumn(words("Thu hồi giấy tờ"), width=4),
        DocumentColumn(words("Ghi chú"), width=4),
    )
    tables = []
    for kind, title in (("out", ""), ("taken_back", words("Rút khỏi bảng kê trước"))):
        lines = [line for line in found["lines"] if line["kind"] == kind]
        if not lines and kind == "taken_back":
            continue
        rows = [_row(place, line) for place, line in enumerate(lines, 1)]
        total = (
            "",
            words("Cộng: %(n)s bưu gửi", n=len(lines)),
            *[""] * 6,
            sum(line["collect"] for line in lines),
            sum(line["postage"] for line in lines),
            "",
            "",
        )
        tables.append(DocumentTable(title, columns, rows, total))
    facts = [
        (words("Bên giao"), found["by"]),
        (words("Bên nhận"), f"{found['carrier_title']} – {found['postman']}"),
        (words("Giao lúc"), formats_moment(found["closed_at"])),
        (words("Mã kiểm"), found["digest"][:16]),
    ]
    if found["corrects_number"]:
        facts.insert(0, (words("Đính chính bảng kê"), found["corrects_number"]))
    return document(
        title=words("Bảng kê bàn giao kết quả qua bưu chính công ích"),
        subtitle=words("Số %(number)s", number=found["number"]),
        facts=tuple(facts),
        tables=tuple(tables),
        notes=(
            words(
                "Tổng tiền thu hộ: %(collect)s đồng. Tổng cước: %(postage)s đồng.",
                collect=plain(found["collect"]),
                postage=plain(found["postage"]),
            ),
            words("Bảng kê đã ký không sửa; sai sót được đính chính bằng bảng kê sau."),
        ),
        signatures=(words("Bên giao (Trung tâm)"), words("Bên nhận (Bưu điện)")),
        code=found["number"].replace("Đ", "D"),
    )


def _row(place: int, line: dict[str, Any]) -> tuple[Any, ...]:
    papers = "; ".join(f"{p['name']} ({p['originals']}/{p['copies']})" for p in line["papers"])
    back = "; ".join(line["take_back_papers"])
    return (
        place,
        line["code"],
        line["number"],
        line["procedure"],
        line["name"],
        line["address"],
        local_phone(line["phone"]),
        papers,
        line["collect"],
        line["postage"],
        words("Có: %(what)s", what=back) if back else words("Không"),
        line["note"],
    )


def local_phone(phone: str) -> str:
    """A number as people dial it."""
    return "0" + phone.removeprefix("+84") if phone.startswith("+84") else phone


def formats_moment(iso: str | None) -> str:
    """A moment on paper."""
    return str(formats()["moment"](iso))


def _list(**more: Any) -> str:
    return show("post/manifests.html", "manifests", manifests=shown.manifests(g.actor.office_id), **more)


def _show(key: int, **more: Any) -> str:
    row = find_manifest(g.actor.office_id, key)
    found = shown.manifest_page(row, g.actor, language())
    return show("post/manifest.html", "manifests", manifest=found, phone=local_phone, **more)
