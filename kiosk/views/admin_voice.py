"""The voice: how calls are spoken, the centre's own recordings, and a sentence to try."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, flash, g, redirect, request

from kiosk.domain.errors import DomainError
from kiosk.services import manage_voice, voice_packs
from kiosk.views.api.answers import answer
from kiosk.views.door import page, staff, wants_json, words
from kiosk.views.forms import SEE_OTHER, attempt, refused, text, whole

blueprint = Blueprint("voice", __name__, url_prefix="/voice")

HERE = "/admin/voice"
ROOM_FOR_THE_FORM = 64 * 1024
QUIET_ROWS = 3
LARGEST_COUNTER = 9_999
MAY_RECORD = "camera=(), microphone=(self), geolocation=(), payment=()"
View = TypeVar("View", bound=Callable[..., Any])


def at_most(most: int) -> Callable[[View], View]:
    """Let those whom the policy admits send that many bytes; a stranger's body stays as small as any."""

    def large(view: View) -> View:
        admit = view.admit  # type: ignore[attr-defined]  # set by the policy

        def admit_large() -> Any:
            actor = admit()
            request.max_content_length = most + ROOM_FOR_THE_FORM
            # Of the parser's buffer too, or a file without line feeds would be too large for it.
            request.max_form_memory_size = most + ROOM_FOR_THE_FORM
            return actor

        view.admit = admit_large  # type: ignore[attr-defined]  # as above
        return view

    return large


@blueprint.after_request
def let_record(response: Response) -> Response:
    """This is the only page that may ask for the microphone."""
    response.headers["Permissions-Policy"] = MAY_RECORD
    return response


@blueprint.get("")
@staff("admin.voice")
def voice() -> str:
    """Settings, a sentence to try, and the pieces of `?language=` with the one of `?piece=` to be recorded."""
    return _show()


@blueprint.post("")
@staff("admin.voice")
def change() -> Any:
    """How calls are spoken from now on."""
    actor = g.actor

    def act() -> None:
        values = {
            "enabled": text("enabled") == "yes",
            "chime": text("chime") == "yes",
            **{name: text(name) for name in ("pack", "pack_en", "digits", "english")},
            "volume": whole("volume"),
            "quiet": _quiet(),
        }
        manage_voice.change_voice(actor.office_id, values, g.now, actor.name)

    return attempt(act, _show, HERE, "Đã lưu cách đọc số.")


@blueprint.post("/synthetic")
@staff("admin.voice")
def synthesise() -> Any:
    """Have the synthetic voice say all its pieces again."""
    if voice_packs.remake(g.actor.office_id, g.now, g.actor.name):
        flash(words("Đã tạo lại giọng máy."), "ok")
    else:
        flash(words("Máy chủ chưa có giọng máy. Số vẫn được gọi bằng chữ trên bảng."), "bad")
    return redirect(HERE, SEE_OTHER)


@blueprint.get("/try.wav")
@staff("admin.voice")
def try_it() -> Response:
    """A call in a voice, to be listened to."""
    asked = request.args
    counter = asked.get("counter", "")
    if not (counter.isascii() and counter.isdigit() and len(counter) < 6 and int(counter) <= LARGEST_COUNTER):
        raise DomainError("out_of_range", field="counter", least=0, most=LARGEST_COUNTER)
    call = (asked.get("label", "")[:12].strip().upper(), int(counter))
    language, pack, digits = (asked.get(name, "")[:12] for name in ("language", "voice", "style"))
    return _wav(manage_voice.try_out(g.actor.office_id, call, language, pack, digits))


@blueprint.get("/<language>/<piece>.wav")
@staff("admin.voice")
def listen(language: str, piece: str) -> Response:
    """One piece as it is recorded, or as the synthetic voice says it (`?pack=espeak`)."""
    pack = request.args.get("pack", voice_packs.CENTRE)
    return _wav(manage_voice.clip(g.actor.office_id, language, piece, pack))


@blueprint.post("/<language>/<piece>")
@at_most(manage_voice.MOST_BYTES_OF_A_CLIP)
@staff("admin.voice")
def record(language: str, piece: str) -> Any:
    """File a recording of a piece; a script is told how far the pack is, a form sees the page again."""
    actor = g.actor

    def act() -> None:
        manage_voice.keep_clip(actor.office_id, language, piece, _uploaded(), g.now, actor.name)

    return _done(act, language, piece, "Đã lưu đoạn ghi âm.")


@blueprint.post("/<language>/<piece>/delete")
@staff("admin.voice")
def forget(language: str, piece: str) -> Any:
    """Forget a recording."""
    actor = g.actor

    def act() -> None:
        manage_voice.drop_clip(actor.office_id, language, piece, g.now, actor.name)

    return _done(act, language, piece, "Đã xóa đoạn ghi âm.")


def _done(act: Callable[[], None], language: str, piece: str, said: str) -> Any:
    if wants_json():
        act()
        return answer(manage_voice.progress(g.actor.office_id, language))
    return attempt(act, _show, f"{HERE}?language={language}&piece={piece}#booth", said)


@blueprint.get("/<language>/pack.zip")
@staff("admin.voice")
def export(language: str) -> Response:
    """The centre's own voice, to keep or to take elsewhere."""
    manage_voice.require_language(language)
    return Response(
        manage_voice.export_pack(g.actor.office_id, language),
        mimetype="application/zip",
        headers={"Content-Disposition": f"attachment; filename=giong-doc-{language}.zip"},
    )


@blueprint.post("/<language>/pack")
@at_most(manage_voice.MOST_BYTES_OF_A_PACK)
@staff("admin.voice")
def take(language: str) -> Any:
    """Take a whole voice from a ZIP, all of it or nothing."""
    try:
        count = manage_voice.import_pack(g.actor.office_id, language, _uploaded(), g.now, g.actor.name)
    except DomainError as error:
        return refused(error, _show)
    flash(words("Đã nhận %(n)s đoạn ghi âm.", n=count), "ok")
    return redirect(f"{HERE}?language={language}#booth", SEE_OTHER)


def _wav(sound: bytes) -> Response:
    return Response(sound, mimetype="audio/wav")


def _uploaded() -> bytes:
    file = request.files.get("file")
    content = file.read() if file else b""
    if not content:
        raise DomainError("upload_missing", field="file")
    return content


def _quiet() -> list[list[str]]:
    rows = [[text(f"quiet_from_{n}").strip(), text(f"quiet_to_{n}").strip()] for n in range(QUIET_ROWS)]
    return [row for row in rows if any(row)]


def _show(**shown: Any) -> str:
    language = (request.view_args or {}).get("language", request.args.get("language", "vi"))
    piece = (request.view_args or {}).get("piece", request.args.get("piece", ""))
    return page(
        "admin/voice.html",
        **manage_voice.voice_page(g.actor.office_id, language, piece),
        quiet_rows=QUIET_ROWS,
        **shown,
    )
