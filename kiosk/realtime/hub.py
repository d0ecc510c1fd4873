"""The Socket.IO server: websocket only, namespace /live; it knows who everybody is before it lets them in."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, request
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import SocketIO, disconnect, emit, join_room

from kiosk import clock, metrics
from kiosk.config import Settings
from kiosk.database import connection
from kiosk.domain.errors import DomainError, TooMany
from kiosk.domain.permissions import NOBODY, DeviceKind
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
MOST_STRANGERS = 20
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
    tail.start()
    return socketio


def _handlers(socketio: SocketIO, register: Register, tail: Tail) -> None:
    @socketio.on("connect", namespace=NAMESPACE)
    def on_connect(auth: Any = None) -> bool:
        with connection():
            try:
                visitor = _who_connects(auth, register)
            except DomainError as error:
                raise Refused(error.code) from None
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
                tail.watch(room.office_id)
                register.join(_sid(), room)
                join_room(room.name)
                missed = tail.missed(room, seen) if seen else None
                if missed is None:
                    emit("snapshot", {**room.snapshot(clock.now()), "room": room.name})
        except DomainError as error:
            refusal = {"code": error.code, "message": error_message(error.code, language(), error.fields)}
            emit("refused", {"room": str(message)[:80], "error": refusal})
            return {"ok": False, "error": refusal}
        for event in missed or []:
            emit("event", event)
        return {"ok": True, "room": room.name}

    @socketio.on_error(NAMESPACE)
    def on_error(error: Exception) -> None:
        log.error("live channel: %s", type(error).__name__, exc_info=error)


def _read_join(message: Any) -> tuple[str, int]:
    room = message.get("room") if isinstance(message, dict) else message
    seen = message.get("seen") if isinstance(message, dict) else 0
    fits = isinstance(room, str) and len(room) <= LONGEST_ROOM and room.isprintable()
    if not fits or not (seen is None or type(seen) is int):
        raise DomainError("unknown_room", room=str(room)[:60])
    return room, max(0, seen or 0)


def _who_connects(auth: Any, register: Register) -> Visitor:
    token = auth.get("token") if isinstance(auth, dict) else None
    kind, _, bearer = request.headers.get("Authorization", "").partition(" ")
    now = clock.now()
    if isinstance(token, str) or kind.lower() == "bearer":
        token = token or bearer.strip()
        return Visitor(which_device(token, now), token)
    wanted = auth.get("as") if isinstance(auth, dict) else None
    devices = {k: c for k in DeviceKind if (c := request.cookies.get(f"{DEVICE_COOKIE}_{k}"))}
    if wanted in devices:
        return Visitor(which_device(devices[wanted], now), devices[wanted])
    if session := request.cookies.get(SESSION_COOKIE):
        return Visitor(who_is(session, now), session)
    for cookie in devices.values():
        return Visitor(which_device(cookie, now), cookie)
    if register.strangers() >= MOST_STRANGERS:
        raise TooMany("too_many_sockets", retry_after=30)
    return Visitor(NOBODY)


def _sid() -> str:
    return request.sid  # type: ignore[attr-defined]  # Flask-SocketIO adds it
