"""The one address the kiosk's browser knows: passes to the server what it may ask, and answers alone when it must."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import urlsplit

import segno
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from kiosk.agent import menu as menus
from kiosk.agent import numbers, pages, spool
from kiosk.agent.link import Link
from kiosk.agent.moment import day_in
from kiosk.agent.pairing import pair_again
from kiosk.agent.presses import Presses, Printer
from kiosk.agent.server import Answer, Away, Unpaired
from kiosk.agent.store import Error, dump
from kiosk.domain.errors import DomainError, Forbidden, NotFound, Unauthenticated, Unavailable
from kiosk.i18n import LANGUAGES, error_message

MOST_BYTES = 64 * 1024
ASKED = ("Accept", "Accept-Language", "Idempotency-Key")
QR_BORDER = 4
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
PAPER_OF = {
    "ticket": "SELECT * FROM job WHERE ticket = ? ORDER BY id DESC LIMIT 1",
    "own": "SELECT * FROM job WHERE own = ? ORDER BY id DESC LIMIT 1",
}
STATUS_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
MENU, HELP = "/api/v1/kiosk/menu", "/api/v1/kiosk/help"
DOOR, CHECK_IN = "/api/v1/kiosk/door", "/api/v1/kiosk/check-in"


def create_front(link: Link, printer: Printer, presses: Presses, hosts: frozenset[str]) -> Flask:
    """The local pages and calls. `hosts` are the names under which a browser here may ask for them."""
    front = Flask("kiosk.agent", static_folder=None)
    front.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    local = _Front(link, printer, presses, hosts)
    front.before_request(local.guard)
    front.register_error_handler(DomainError, _refuse)
    front.register_error_handler(Unpaired, lambda error: _pass_on(error.answer))
    front.register_error_handler(Error, lambda _: _refuse(Unavailable("database_unavailable")))
    front.register_error_handler(HTTPException, _http_error)
    front.add_url_rule("/", view_func=_to_the_page)
    front.add_url_rule("/kiosk", view_func=local.page)
    front.add_url_rule("/pair", view_func=local.pairing_page)
    front.add_url_rule("/api/v1/devices/pair", view_func=local.pair, methods=["POST"])
    front.add_url_rule("/static/<path:name>", view_func=local.asset)
    front.add_url_rule("/t/<token>/qr.svg", view_func=local.picture)
    front.add_url_rule("/api/v1/kiosk/menu", view_func=local.menu)
    front.add_url_rule("/api/v1/kiosk/help", view_func=local.help, methods=["POST"])
    front.add_url_rule(DOOR, view_func=local.door)
    front.add_url_rule(CHECK_IN, view_func=local.check_in, methods=["POST"])
    front.add_url_rule("/api/v1/tickets", view_func=local.press, methods=["POST"])
    front.add_url_rule("/api/v1/tickets/<ticket>/printing", view_func=local.printing)
    return front


class _Front:
    """The answers; each asks the server first while the agent is online."""

    def __init__(self, link: Link, printer: Printer, presses: Presses, hosts: frozenset[str]) -> None:
        self._link = link
        self._store = link.store
        self._printer = printer
        self._presses = presses
        self._hosts = hosts

    def guard(self) -> None:
        """Only this machine's own page: no name that leads here by way of a foreign DNS, no foreign page's script."""
        if request.host not in self._hosts:
            raise Forbidden("foreign_origin")
        origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
        foreign = origin is not None and urlsplit(origin).netloc != request.host
        if foreign or (request.method == "POST" and site not in {None, "same-origin", "none"}):
            raise Forbidden("foreign_origin")

    def page(self) -> Response:
        """The kiosk page: the server's, or the one kept here."""
        query = f"?lang={request.args['lang']}" if request.args.get("lang") in LANGUAGES else ""
        try:
            if (answer := self._from_server("GET", pages.PAGE + query)) is not None and answer.status == 200:
                return _pass_on(answer)
        except Unpaired:
            pass  # the page itself says so, in the visitor's language
        kept, menu = pages.get(self._store, pages.PAGE), self._menu()
        if kept is None or menu is None:
            raise Unavailable("agent_without_page")
        return Response(pages.with_menu(kept[1], menu), 200, kept[0])

    def pairing_page(self) -> Response:
        """Where staff type a new code once the old right is gone; before that, it is nobody's business."""
        answer = self._straight("/pair") if self._link.refused else None
        return _to_the_page() if answer is None else _pass_on(answer)

    def pair(self) -> Response:
        """Take the code from that page; the token goes no further than here."""
        if self._link.refused is None:
            raise NotFound("not_found")
        body = request.get_json(silent=True)
        try:
            return _json(pair_again(self._link, str((body or {}).get("code", ""))))
        except Away:
            raise Unavailable("server_away") from None

    def asset(self, name: str) -> Response:
        """A style, script or font; its name changes with its content, so what is kept is right."""
        path = f"/static/{name}"
        if (kept := pages.get(self._store, path)) is not None:
            return Response(kept[1], 200, kept[0])
        answer = self._straight(path)
        if answer is None:
            raise NotFound("not_found")
        return _pass_on(answer)

    def picture(self, token: str) -> Response:
        """The QR code of a follow page whose number was given through this kiosk."""
        suffix = f"/t/{token}"
        row = self._store.row(
            "SELECT json_extract(answer, '$.follow_url') AS url FROM wish WHERE url LIKE '%' || ? "
            "UNION ALL SELECT follow_url FROM ticket WHERE follow_url LIKE '%' || ? LIMIT 1",
            suffix, suffix,
        )  # fmt: skip
        if row is None or not row["url"].endswith(suffix):
            known = TOKEN.fullmatch(token) and self._from_server("GET", f"{suffix}/qr.svg")
            if not known:
                raise NotFound("unknown_ticket", ticket=None)
            return _pass_on(known)
        drawn = io.BytesIO()
        segno.make(row["url"], error="m", micro=False).save(
            drawn, kind="svg", border=QR_BORDER, light="#ffffff", dark="#182026", omitsize=True,
            svgclass=None, lineclass=None, xmldecl=False,
        )  # fmt: skip
        return Response(
            drawn.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "private, max-age=3600"}
        )

    def menu(self) -> Response:
        """What is offered now; without the server, what can be given alone."""
        self._link.page_seen_at = self._link.moment.now().isoformat()
        answer = self._from_server("GET", MENU)
        if answer is not None and not answer.fine:
            return _pass_on(answer)
        if code := self._link.refused:
            raise Unauthenticated(code)
        if answer is not None and answer.data != self._store.fact("menu"):
            self._store.keep(menu=answer.data)
        menu = self._menu()
        if menu is None:
            raise Unavailable("agent_without_page")
        response = _json(menu)
        response.set_etag(menus.etag_of(menu))
        response.headers["Cache-Control"] = "no-cache, private"
        response.make_conditional(request)
        return response

    def help(self) -> Response:
        """Call staff; alone, nobody can be called, and the page says so."""
        return self._only_online("POST", HELP, request.get_json(silent=True) or {})

    def door(self) -> Response:
        """The codes that phones scan at the door; alone there are none."""
        return self._only_online("GET", DOOR)

    def check_in(self) -> Response:
        """Check somebody in; only the server knows who is expected."""
        return self._only_online("POST", CHECK_IN, request.get_json(silent=True) or {})

    def press(self) -> Response:
        """A number, from the server or from the lease."""
        status, answer = self._presses.take(request.get_data(), dict(request.headers))
        return _json(answer, status)

    def printing(self, ticket: str) -> Response:
        """How the paper of a number stands: here, if it is printed here, else as the server knows."""
        own = ticket.removeprefix("local-")
        if not own.isdecimal() or len(own) > 15:
            raise NotFound("unknown_ticket", ticket=ticket[:20])
        column = "ticket" if own == ticket else "own"
        row = self._store.row(PAPER_OF[column], int(own))
        if row is None and own == ticket:
            answer = self._from_server("GET", f"/api/v1/tickets/{ticket}/printing")
            if answer is not None:
                return _pass_on(answer)
            state: dict[str, Any] = {"state": "trouble", "problem": "server_away"}
        else:
            state = spool.printing_state(row)
        problem = state["problem"]
        return _json({**state, "message": error_message(problem, _language(), {}) if problem else ""})

    def _from_server(self, method: str, path: str, body: Any = None) -> Answer | None:
        """The server's answer; None while it is away."""
        if not self._link.online:
            return None
        sent = {name: request.headers[name] for name in ASKED if name in request.headers}
        try:
            return self._link.ask(method, path, body, headers=sent)
        except Away:
            return None

    def _only_online(self, method: str, path: str, body: Any = None) -> Response:
        answer = self._from_server(method, path, body)
        if answer is None:
            raise Unavailable("server_away")
        return _pass_on(answer)

    def _straight(self, path: str) -> Answer | None:
        """A public page or file of the server, also while it refuses this kiosk; None while it is away."""
        try:
            return self._link.ask("GET", path)
        except (Away, Unpaired):
            return None

    def _menu(self) -> menus.Menu | None:
        menu = self._store.fact("menu")
        if menu is None:
            return None
        if not self._link.online:
            office = self._link.configuration.get("office")
            today = day_in(office["zone"], self._link.moment.now()) if office else None
            menu = menus.offline_menu(menu, numbers.left(self._store, today) if today else {})
        condition = self._printer.condition()
        if condition is not None:
            problem = condition["problem"]
            condition["message"] = error_message(problem, _language(), {}) if problem else ""
        return menus.with_printer(menu, condition)


def _to_the_page() -> Response:
    return Response("", 302, {"Location": pages.PAGE})


def _language() -> str:
    return request.accept_languages.best_match(LANGUAGES, "vi") or "vi"


def _json(body: Any, status: int = 200, **headers: str) -> Response:
    return Response(dump(body), status, {"Cache-Control": "no-store", **headers}, mimetype="application/json")


def _pass_on(answer: Answer) -> Response:
    return Response(answer.body, answer.status, pages.forwarded(answer.headers))


def _refuse(error: DomainError) -> Response:
    message = error_message(error.code, _language(), error.fields)
    return _json({"error": {"code": error.code, "message": message, "fields": error.fields}}, error.status)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400 and error.response is None:
        return error.get_response()  # type: ignore[return-value]
    code = STATUS_CODES.get(status, "bad_request" if status < 500 else "internal_error")
    return _json(
        {"error": {"code": code, "message": error_message(code, _language(), {}), "fields": {}}}, status
    )
