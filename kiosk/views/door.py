"""Who may come in by which route. Every route carries exactly one of these policies; a test counts them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, current_app, g, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf

from kiosk import clock
from kiosk.config import Settings
from kiosk.database import connection, office_transaction
from kiosk.domain.errors import Conflict, DomainError, Forbidden, Unauthenticated
from kiosk.domain.permissions import NOBODY, Actor, DeviceKind
from kiosk.i18n import LANGUAGES, translate
from kiosk.plugin import gate
from kiosk.services import idempotency, look
from kiosk.services.pair_device import which_device
from kiosk.services.sign_in import who_is

View = TypeVar("View", bound=Callable[..., Any])

SESSION_COOKIE = "kiosk_session"
DEVICE_COOKIE = "kiosk_device"
LANGUAGE_COOKIE = "kiosk_language"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_KEY = 80


def settings() -> Settings:
    """The installation's settings."""
    return current_app.config["KIOSK"]


def language() -> str:
    """The reader's language: asked for, remembered, or preferred by the browser; Vietnamese otherwise."""
    wanted = request.args.get("lang")
    if wanted is None and not (request.path.startswith("/api/") and "Accept-Language" in request.headers):
        # A script says with each call which language its page shows; a page remembers the reader's choice.
        wanted = request.cookies.get(LANGUAGE_COOKIE)
    if wanted in LANGUAGES:
        return wanted
    return request.accept_languages.best_match(LANGUAGES, "vi") or "vi"


def words(text: str, **values: Any) -> str:
    """A screen text in the reader's language (`_` in templates)."""
    return translate(text, language(), **values)


def public(view: View) -> View:
    """Anybody may come in."""
    return _policy(view, "public", lambda: NOBODY)


def staff(permission: str) -> Callable[[View], View]:
    """A signed-in member of staff with that right; on a page, others are sent to sign in."""
    return lambda view: _policy(view, f"staff:{permission}", lambda: _require(_staff(), permission))


def device(kind: str) -> Callable[[View], View]:
    """A paired device of that kind; a board is also shown to staff."""
    return lambda view: _policy(view, f"device:{kind}", lambda: _device_for(DeviceKind(kind)))


def right(permission: str) -> Callable[[View], View]:
    """Staff or device with that right, by bearer token or cookie: the policy of the API."""
    return lambda view: _policy(
        view, f"right:{permission}", lambda: _require(_anyone(permission), permission)
    )


def _policy(view: View, name: str, admit: Callable[[], Actor]) -> View:
    view.policy = name  # type: ignore[attr-defined]  # read by the test that counts policies
    view.admit = admit  # type: ignore[attr-defined]  # asked by `authorise`
    return view


def authorise() -> None:
    """Let the caller in by the policy of the route, or raise its refusal; a stranger's body is not even read."""
    view = current_app.view_functions.get(request.endpoint or "")
    admit: Callable[[], Actor] | None = getattr(view, "admit", None)
    if admit is not None:
        g.actor = admit()
        if g.actor.is_known or request.path.startswith("/api/"):
            refuse_foreign_origin()


def _anyone(permission: str) -> Actor:
    if token := _bearer():
        g.bearer = True
        return which_device(token, g.now, instance_named())
    session = request.cookies.get(SESSION_COOKIE)
    devices = [
        token for kind in DeviceKind if (token := request.cookies.get(f"{DEVICE_COOKIE}_{kind}")) is not None
    ]
    # A kiosk page open in a browser where somebody is signed in still speaks for the kiosk.
    if devices and (permission == "ticket.issue" or not session):
        try:
            actor = which_device(devices[0], g.now, instance_named())
        except Unauthenticated:
            if not session:
                raise
        else:
            if actor.may(permission) or not session:
                return actor
    if session:
        return who_is(session, g.now)
    raise Unauthenticated("not_signed_in")


def _staff() -> Actor:
    token = request.cookies.get(SESSION_COOKIE)
    if not token:
        raise Unauthenticated("not_signed_in")
    return who_is(token, g.now)


def _device_for(kind: DeviceKind) -> Actor:
    token = _bearer() or request.cookies.get(f"{DEVICE_COOKIE}_{kind}")
    if not token and kind is DeviceKind.BOARD and request.cookies.get(SESSION_COOKIE):
        return _require(_staff(), "board.see")
    if not token and (shown := look.demo_device(settings(), kind)):
        token = g.demo_token = shown
        g.demo_kind = kind
    if not token:
        raise Unauthenticated("not_paired")
    actor = which_device(token, g.now, instance_named())
    if actor.device is None or actor.device.kind is not kind:
        raise Forbidden("wrong_device", expected=str(kind))
    return actor


def instance_named() -> str:
    """What an agent says of its data folder, to which its token is bound; browsers say nothing."""
    return request.headers.get("X-Kiosk-Instance", "")[:LONGEST_KEY]


def _bearer() -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _require(actor: Actor, permission: str) -> Actor:
    actor.require(permission)
    return actor


def refuse_foreign_origin() -> None:
    """A cookie counts only from our own pages. A script without a browser sends neither header and has no cookies
    to steal. Raises Forbidden("foreign_origin")."""
    if request.method in SAFE_METHODS or g.get("bearer"):
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if (site is not None and site not in {"same-origin", "none"}) or (
        origin is not None and origin.rstrip("/") != request.host_url.rstrip("/")
    ):
        raise Forbidden("foreign_origin")


def idempotent(view: View) -> View:
    """Give a repeated request (same Idempotency-Key) the first answer, in the same transaction as the change."""

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key", "")
        actor: Actor = g.actor
        if not key or actor.office_id is None:
            return view(*args, **kwargs)
        if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
            raise DomainError("idempotency_key_malformed", most=LONGEST_KEY)
        digest = hashlib.sha256(
            b"\n".join((request.method.encode(), request.path.encode(), request.get_data()))
        )
        with office_transaction(actor.office_id, g.now, actor.name):
            earlier = idempotency.answer_to(actor.name, key)
            if earlier is not None:
                if earlier.request_hash != digest.hexdigest():
                    raise Conflict("idempotency_key_reused")
                return Response(earlier.body, earlier.status, {"Idempotency-Replayed": "true"}, mimetype=JSON)
            response = current_app.make_response(view(*args, **kwargs))
            idempotency.remember(
                actor.name,
                key,
                digest.hexdigest(),
                response.status_code,
                response.get_data(as_text=True),
                g.now,
            )
        return response

    return once  # type: ignore[return-value]


JSON = "application/json"


def current_office() -> dict[str, Any]:
    """The office of who asks."""
    return look.office(g.actor.office_id)


def public_address(office: dict[str, Any]) -> str:
    """Where the public reaches this office: its own address, else the installation's; no slash at the end."""
    return str(office["public_url"] or settings().base_url).rstrip("/")


def shown_office() -> dict[str, Any] | None:
    """The office whose name a page carries: that of who asks, else the first."""
    return look.office(g.actor.office_id) if g.actor.office_id else look.first_office()


def page(template: str, **context: Any) -> str:
    """A page with what every page needs."""
    return render_template(
        template, lang=language(), office=shown_office(), actor=g.actor, csrf_token=generate_csrf, **context
    )


def open_request() -> None:
    """Before each request: a connection, one breath of the plugin gate, and one moment all of it agrees on."""
    g.breath = gate.breath()
    g.breath.__enter__()
    g.connection = connection()
    g.connection.__enter__()
    g.now = clock.now()
    g.actor = NOBODY


def close_request(_error: BaseException | None = None) -> None:
    """After each request, whatever happened."""
    if (place := g.pop("desk", None)) is not None:
        place.release()
    if (breath := g.pop("breath", None)) is not None:
        breath.__exit__(None, None, None)
    held = g.pop("connection", None)
    if held is not None:
        held.__exit__(None, None, None)


def remember_choices(response: Response) -> Response:
    """Keep the language asked for, and in the demo the device that was shown."""
    secure = request.is_secure
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            request.args["lang"],
            max_age=31_536_000,
            samesite="Lax",
            httponly=True,
            secure=secure,
        )
    if token := g.get("demo_token"):
        set_device_cookie(response, token, g.demo_kind)
    return response


def set_session_cookie(response: Response, token: str, seconds: int) -> None:
    """Hand the browser its session."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
        path="/",
    )


def set_device_cookie(response: Response, token: str, kind: str) -> None:
    """Hand a kiosk's or board's browser its token; one browser may show both."""
    response.set_cookie(
        f"{DEVICE_COOKIE}_{kind}",
        token,
        max_age=34_560_000,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
        path="/",
    )


def wants_json() -> bool:
    """Whether an error should be JSON rather than a page."""
    return request.path.startswith(("/api/", "/openapi")) or request.accept_mimetypes.best == JSON


def to_sign_in() -> Any:
    """Send somebody to the sign-in page, and back afterwards."""
    return redirect(url_for("sign_in.form", next=request.full_path if request.query_string else request.path))


def dump(value: Any) -> str:
    """JSON with real letters."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
