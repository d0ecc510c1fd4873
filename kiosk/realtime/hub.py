"""The Socket.IO server: websocket only, namespace /live; it knows who everybody is before it lets them in."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask, Request, request
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import SocketIO, disconnect, emit, join_room

from kiosk import clock, metrics
from kiosk.config import Settings
from kiosk.database import connection
from kiosk.domain.errors import DomainError
from kiosk.domain.permissions import NOBODY, Actor, DeviceKind
from kiosk.i18n import error_message
from kiosk.realtime.rooms import Register, Visitor, enter
from kiosk.realtime.tail import Tail
from kiosk.services.pair_device import which_device
from kiosk.services.sign_in import who_is
from kiosk.views.door import DEVICE_COOKIE, SESSION_COOKIE, language

log = logging.getLogger(__name__)

NAMESPACE = "/live"
PING_SECONDS, PONG_SECONDS = 2, 3
"""A board that is cut off knows it within five seconds."""
LARGEST_MESSAGE = 64 * 1024
LONGEST_ROOM = 120
KNOWN = "kiosk.known"
"""In a socket's environ: what to call once its owner has said who they are."""
MOST_STRANGERS = 40
"""Phones follow by conditional GET; only a few may hold a socket, and with it a thread."""


def attach(app: Flask, settings: Settings) -> SocketIO:
    """Serve the live channel from this app and start reading the journal."""
    socketio = SocketIO(
        app,
        async_mode="threading",
        transports=["websocket"],
        ping_interval=PING_SECONDS,
        ping_timeout=PONG_SECONDS,
        max_http_buffer_size=LARGEST_MESSAGE,
        cors_allowed_origins=None,
        manage_session=False,
        logger=False,
        engineio_logger=False,
    )
    register = Register()

    def send(name: str, payload: dict[str, Any], room: str | None) -> None:
        socketio.emit(name, payload, to=room, namespace=NAMESPACE)

    def dismiss(sid: str) -> None:
        socketio.emit("dismissed", {"reason": "session_ended"}, to=sid, namespace=NAMESPACE)
        disconnect(sid=sid, namespace=NAMESPACE)

    def dismiss_in_context(sid: str) -> None:
        with app.app_context():
            dismiss(sid)

    tail = Tail(register, send, dismiss_in_context)
    _handlers(socketio, register, tail)
    app.extensions["kiosk_register"] = register
    app.wsgi_app = Doorkeeper(app.wsgi_app)  # type: ignore[method-assign]
    tail.start()
    return socketio


class Doorkeeper:
    """Lets few sockets in that have not said who they are: each holds a thread, whether it ever speaks or not."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._lock = threading.Lock()
        self._strangers: set[int] = set()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Serve a request; refuse a stranger's socket when there are enough of them."""
        if not environ.get("PATH_INFO", "").startswith("/socket.io"):
            return self._inner(environ, start_response)
        if _is_known(environ):
            return self._inner(environ, start_response)
        ticket = id(environ)
        with self._lock:
            if len(self._strangers) >= MOST_STRANGERS:
                start_response("503 Service Unavailable", [("Retry-After", "10"), ("Content-Length", "0")])
                return [b""]
            self._strangers.add(ticket)
        environ[KNOWN] = lambda: self._forget(ticket)
        try:
            return self._inner(environ, start_response)
        finally:
            self._forget(ticket)

    def _forget(self, ticket: int) -> None:
        with self._lock:
            self._strangers.discard(ticket)


def _is_known(environ: dict[str, Any]) -> bool:
    """Whether a handshake carries a session or a device that holds: such a board never waits behind strangers."""
    handshake = Request(environ)
    kind, _, bearer = handshake.headers.get("Authorization", "").partition(" ")
    devices = [c for k in DeviceKind if (c := handshake.cookies.get(f"{DEVICE_COOKIE}_{k}"))]
    if kind.lower() == "bearer":
        devices.append(bearer.strip())
    session = handshake.cookies.get(SESSION_COOKIE)
    now = clock.now()
    with connection():
        return any(_holds(which_device, token, now) for token in devices) or (
            session is not None and _holds(who_is, session, now)
        )


def _holds(check: Callable[[str, datetime], Actor], token: str, now: datetime) -> bool:
    try:
        check(token, now)
    except DomainError:
        return False
    return True


def _handlers(socketio: SocketIO, register: Register, tail: Tail) -> None:
    @socketio.on("connect", namespace=NAMESPACE)
    def on_connect(auth: Any = None) -> bool:
        with connection():
            try:
                visitor = _who_connects(auth)
            except DomainError as error:
                raise Refused(error.code) from None
        if visitor.actor.is_known:
            request.environ.get(KNOWN, lambda: None)()
        register.arrive(_sid(), visitor)
        metrics.live_sockets.inc()
        return True

    @socketio.on("disconnect", namespace=NAMESPACE)
    def on_disconnect(*_reason: Any) -> None:
        register.leave(_sid())
        metrics.live_sockets.dec()

    @socketio.on("join", namespace=NAMESPACE)
    def on_join(message: Any = None) -> dict[str, Any]:
        try:
            name, seen = _read_join(message)
            with connection():
                room = enter(name, register.visitor(_sid()).actor)
                with tail.lock:
                    tail.watch(room.office_id)
                    register.join(_sid(), room)
                    join_room(room.name)
                    missed = tail.missed(room, seen) if seen else None
                    for event in missed or []:
                        emit("event", event)
                    if missed is None:
                        emit("snapshot", {**room.snapshot(clock.now()), "room": room.name})
        except DomainError as error:
            refusal = {"code": error.code, "message": error_message(error.code, language(), error.fields)}
            named = message.get("room") if isinstance(message, dict) else message
            emit("refused", {"room": str(named)[:80], "error": refusal})
            return {"ok": False, "error": refusal}
        return {"ok": True, "room": room.name}

    @socketio.on_error(NAMESPACE)
    def on_error(error: Exception) -> None:
        log.error("live channel: %s", type(error).__name__, exc_info=error)


def _read_join(message: Any) -> tuple[str, int]:
    room = message.get("room") if isinstance(message, dict) else message
    seen = message.get("seen") if isinstance(message, dict) else 0
    if not isinstance(room, str) or len(room) > LONGEST_ROOM or not room.isprintable():
        raise DomainError("unknown_room", room=str(room)[:60])
    if not (seen is None or type(seen) is int):
        raise DomainError("unknown_room", room=str(room)[:60])
    return room, max(0, seen or 0)


def _who_connects(auth: Any) -> Visitor:
    token = auth.get("token") if isinstance(auth, dict) else None
    kind, _, bearer = request.headers.get("Authorization", "").partition(" ")
    now = clock.now()
    if isinstance(token, str) or kind.lower() == "bearer":
        token = token or bearer.strip()
        return Visitor(which_device(token, now), token)
    wanted = auth.get("as") if isinstance(auth, dict) else None
    devices = {k: c for k in DeviceKind if (c := request.cookies.get(f"{DEVICE_COOKIE}_{k}"))}
    if isinstance(wanted, str) and wanted in devices:
        token = devices[DeviceKind(wanted)]
        return Visitor(which_device(token, now), token)
    if session := request.cookies.get(SESSION_COOKIE):
        return Visitor(who_is(session, now), session)
    for cookie in devices.values():
        return Visitor(which_device(cookie, now), cookie)
    return Visitor(NOBODY)


def _sid() -> str:
    return request.sid  # type: ignore[attr-defined]  # Flask-SocketIO adds it
