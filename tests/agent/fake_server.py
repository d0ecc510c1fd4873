"""A server that keeps the agent's contract, and refuses, hangs or loses answers on request; it imports no product."""

from __future__ import annotations

import json
import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LEASE_SIZE = 5
PAGE = """<!doctype html><html lang="vi"><head><link rel="stylesheet" href="/static/css/kiosk-A1.css"></head><body>
<script type="application/json" id="page-data">{"menu": {"stale": true}, "start": "vi"}</script>
<script src="/static/js/kiosk-B2.js" defer></script></body></html>"""
STATIC = {
    "/static/css/kiosk-A1.css": ("text/css", "@font-face{src:url(../fonts/letters.woff2)}"),
    "/static/js/kiosk-B2.js": ("text/javascript", "console.info('kiosk')"),
    "/static/fonts/letters.woff2": ("font/woff2", "letters"),
}


class Lost(Exception):
    """The line breaks instead of an answer."""


class FakeServer:
    """One office with three lines. `mode` is fine, refuse (503), hang, lose_request, lose_answer or portal."""

    def __init__(self) -> None:
        self.mode = "fine"
        self.lock = threading.RLock()
        self.code, self.token, self.instance = "ABCD3467", "", ""
        self.revoked = self.lease_refused = False
        self.now = lambda: datetime.now(UTC)
        self.series: Counter[tuple[int, str]] = Counter()
        self.leases: dict[tuple[int, str, int], str] = {}
        self.tickets: list[dict[str, Any]] = []
        self.by_key: dict[str, dict[str, Any]] = {}
        self.superseded: set[str] = set()
        self.jobs: dict[int, dict[str, Any]] = {}
        self.outcomes: list[dict[str, Any]] = []
        self.syncs: list[dict[str, Any]] = []
        self.printer: dict[str, Any] | None = None
        self.closed_lines: set[int] = set()
        self.refuse_numbers: set[int] = set()
        self.asked: list[str] = []
        self.before: dict[str, Callable[[], Any]] = {}
        self._server: ThreadingHTTPServer | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Where it listens, or listened."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> FakeServer:
        """Listen, on the same port as before."""
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65_536  # head and body in one packet, as real servers send them

            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                fake.handle(self, b"")

            def do_POST(self) -> None:
                fake.handle(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

        class Listener(ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_: Any) -> None:
                pass

            def process_request(self, request: Any, client_address: Any) -> None:
                fake.lines.append(request)
                super().process_request(request, client_address)

        self.lines: list[socket.socket] = []
        self._server = Listener(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Be gone: nobody listens, and open lines break."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
            for line in self.lines:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)

    def handle(self, web: BaseHTTPRequestHandler, body: bytes) -> None:
        """Answer, or not."""
        mode = self.mode
        self.asked.append(f"{web.command} {web.path.partition('?')[0]}")
        try:
            if mode == "lose_request":
                raise Lost
            if mode == "refuse":
                return self._say(web, 503, "text/html", b"<h1>bad gateway</h1>")
            if mode == "portal":
                return self._say(web, 200, "text/html", b"<h1>Wi-Fi sign-in</h1>")
            if mode == "hang":
                threading.Event().wait(8)
                raise Lost
            if happens := self.before.pop(web.path, None):
                happens()
            with self.lock:
                status, kind, answer = self._answer(web, json.loads(body) if body else {})
            if mode == "lose_answer":
                raise Lost
        except Lost:
            web.close_connection = True
            web.connection.close()
            return None
        return self._say(web, status, kind, answer)

    def _say(self, web: BaseHTTPRequestHandler, status: int, kind: str, answer: bytes) -> None:
        web.send_response(status)
        web.send_header("Content-Type", kind)
        web.send_header("Set-Cookie", "kiosk_form=secret")
        web.send_header("Content-Length", str(len(answer)))
        web.end_headers()
        web.wfile.write(answer)

    def _answer(self, web: BaseHTTPRequestHandler, body: dict[str, Any]) -> tuple[int, str, bytes]:
        path = web.path.partition("?")[0]
        if path in STATIC:
            kind, text = STATIC[path]
            return 200, kind, text.encode()
        if path == "/pair":
            return 200, "text/html", b"<form id=pairing>"
        if path == "/api/v1/devices/pair":
            return self._json(*self._pair(body))
        if self.revoked or web.headers.get("Authorization") != f"Bearer {self.token}":
            return self._json(401, error("token_revoked" if self.revoked else "token_unknown"))
        if web.headers.get("X-Kiosk-Instance") != self.instance:
            return self._json(403, error("wrong_instance"))
        if path == "/kiosk":
            return 200, "text/html; charset=utf-8", PAGE.encode()
        routes = {
            "/api/v1/kiosk/menu": lambda: (200, self.menu()),
            "/api/v1/kiosk/help": lambda: (202, {"called": True}),
            "/api/v1/tickets": lambda: self._issue(body, web.headers.get("Idempotency-Key")),
            "/api/v1/agent/sync": lambda: (200, self._sync(body)),
            "/api/v1/agent/leases": lambda: self._lease(body),
            "/api/v1/agent/tickets": lambda: (200, {"results": [self._take(one) for one in body["tickets"]]}),
        }
        if path not in routes:
            return self._json(404, error("not_found"))
        return self._json(*routes[path]())

    def _json(self, status: int, body: Any) -> tuple[int, str, bytes]:
        return status, "application/json", json.dumps(body, ensure_ascii=False).encode()

    def _pair(self, body: dict[str, Any]) -> tuple[int, Any]:
        if body["code"].replace(" ", "") != self.code:
            return 401, error("pairing_code_wrong")
        self.code, self.revoked = "", False
        self.token, self.instance = f"token-{len(self.asked)}", body["instance"]
        return 200, {
            "token": self.token,
            "device": {"id": 7, "name": "Máy 07", "kind": "kiosk"},
            "open": "/kiosk",
        }

    def day(self) -> str:
        """The business day."""
        return self.now().astimezone(ZONE).date().isoformat()

    def menu(self) -> dict[str, Any]:
        """What GET /kiosk/menu answers."""
        return {
            "office": {
                "key": "demo",
                "title": "Trung tâm Phục vụ hành chính công",
                "subtitle": "Tỉnh Bắc Giang",
            },
            "printer": None,
            "reload_at": None,
            "offline": False,
            "departments": [
                self._card("justice", "Sở Tư pháp", 1, "T", ["lltp", "chung-thuc"]),
                self._card("justice", "Sở Tư pháp", 2, "C", ["lltp", "chung-thuc"]),
                self._card("land", "Sở Nông nghiệp và Môi trường", 3, "D", ["gcn"]),
            ],
            "priorities": [
                {"key": "elderly", "title": "Người cao tuổi", "title_en": "Older person"},
                {"key": "normal", "title": "Thông thường", "title_en": "Normal"},
            ],
        }

    def _card(self, key: str, title: str, line: int, prefix: str, procedures: list[str]) -> dict[str, Any]:
        return {
            "key": key,
            "title": title,
            "title_en": "",
            "line": {
                "id": line, "prefix": prefix, "title": title, "title_en": "", "department": key, "area": "main",
                "open": line not in self.closed_lines, "opens_again": "", "waiting": 4, "wait_minutes": [5, 9],
            },
            "procedures": [{"key": one, "code": None, "name": f"Thủ tục {one}", "keywords": []} for one in procedures],
        }  # fmt: skip

    def _issue(self, body: dict[str, Any], key: str | None) -> tuple[int, Any]:
        if key in self.superseded:
            return 409, error("idempotency_key_reused")
        if key in self.by_key:
            return 201, self.by_key[key]["answer"]
        line = body.get("line") or {"chung-thuc": 2, "lltp": 1, "gcn": 3}[body["procedure"]]
        series = (line, self.day())
        self.series[series] += 1
        number = self.series[series]
        ticket = {
            "id": len(self.tickets) + 1,
            "line": line,
            "number": number,
            "state": "waiting",
            "offline": False,
        }
        department = "land" if line == 3 else "justice"
        ticket["answer"] = {
            "id": ticket["id"], "label": f"{'TCD'[line - 1]}{number:03}", "number": number,
            "follow_url": f"https://motcua.example/t/server-token-number-{ticket['id']}", "people_ahead": 4,
            "wait_minutes": [5, 9], "check_code": "K7Q2", "line": {"id": line}, "department": {"key": department},
            "procedure": {"key": body["procedure"]} if body.get("procedure") else None,
            "printing": {"state": "queued" if self.printer else "none", "problem": None},
        }  # fmt: skip
        self.tickets.append(ticket)
        if key:
            self.by_key[key] = ticket
        if self.printer and body.get("paper") is not False:
            self.owe(ticket["answer"]["label"], ticket["id"])
        return 201, ticket["answer"]

    def owe(self, label: str, ticket: int | None = None, kind: str = "ticket") -> int:
        """Queue a paper for the agent; returns the job's id."""
        job = 100 + len(self.jobs)
        slip = {
            "office_title": "Trung tâm", "office_subtitle": "Bắc Giang", "label": label, "department": "Sở Tư pháp",
            "procedure": None, "issued_at": self.now().astimezone(ZONE).isoformat(), "people_ahead": 1,
            "wait_minutes": [1, 3], "priority_label": None, "follow_url": "https://motcua.example/t/x",
            "check_code": "K7Q2", "kiosk_name": "Máy 07", "language": "vi", "repeat": 0, "hold_minutes": 10,
        }  # fmt: skip
        self.jobs[job] = {
            "id": job, "kind": kind, "slip": slip, "repeat": 0, "ticket": ticket, "created_at": self.now().isoformat(),
        }  # fmt: skip
        return job

    def _sync(self, body: dict[str, Any]) -> dict[str, Any]:
        self.syncs.append(body)
        self.outcomes += body["outcomes"]
        done = {one["job"] for one in self.outcomes if one["state"] in {"confirmed", "failed", "expired"}}
        known = done | set(body["holds"])
        gone = {job["id"] for job in self.jobs.values() if job.get("gone")}
        settings = self.configuration()
        return {
            "at": self.now().isoformat(),
            "configuration": None if body["configuration"] == settings["digest"] else settings,
            "jobs": [job for job in self.jobs.values() if job["id"] not in known | gone],
            "drop": [job for job in body["holds"] if job in gone],
            "reload_at": None,
            "lease_wanted": any(len(self._held(line)) * 2 <= LEASE_SIZE for line in (1, 2, 3)),
        }

    def configuration(self) -> dict[str, Any]:
        """What the agent is told of itself."""
        return {
            "digest": f"d-{json.dumps(self.printer)}"[:60],
            "office": {**self.menu()["office"], "zone": "Asia/Ho_Chi_Minh"},
            "device": {"id": 7, "name": "Máy 07", "area": "main"},
            "printer": self.printer,
            "base_url": "https://motcua.example",
            "hold_minutes": 10,
            "sync_seconds": 3,
            "lease_size": LEASE_SIZE,
            "languages": ["vi", "en"],
        }

    def _held(self, line: int) -> list[int]:
        today = self.day()
        return [n for (at, day, n), state in self.leases.items() if (at, day, state) == (line, today, "held")]

    def _lease(self, body: dict[str, Any]) -> tuple[int, Any]:
        if self.lease_refused:
            return 409, error("number_not_leased")
        today = self.day()
        for one in body["returns"]:
            row = (one["line"], one["day"], one["number"])
            if self.leases.get(row) == "held":
                self.leases[row] = "free"
        if body.get("fill", True):
            for line in (1, 2, 3):
                for number in range(901, 1000):
                    if len(self._held(line)) >= LEASE_SIZE:
                        break
                    row = (line, today, number)
                    if self.leases.get(row, "free") == "free":
                        self.leases[row] = "held"
        lines = [
            {
                "line": line,
                "prefix": "TCD"[line - 1],
                "numbers": [
                    {"number": n, "label": f"{'TCD'[line - 1]}{n}", "check_code": f"C{n}"}
                    for n in self._held(line)
                ],
            }
            for line in (1, 2, 3)
        ]
        return 200, {"day": today, "lines": lines}

    def _take(self, one: dict[str, Any]) -> dict[str, Any]:
        row = (one["line"], one["day"], one["number"])
        known = next((t for t in self.tickets if t.get("token") == one["token"]), None)
        if known:
            return {"key": one["key"], "state": "known", "ticket": known["id"], "code": None}
        if self.leases.get(row) != "held" or one["number"] in self.refuse_numbers:
            return {"key": one["key"], "state": "refused", "ticket": None, "code": "number_not_leased"}
        self.leases[row] = "used"
        ticket = {**one, "id": len(self.tickets) + 1, "state": "waiting", "offline": True}
        self.tickets.append(ticket)
        if key := one["wish_key"]:
            if key in self.by_key:
                ghost = self.by_key[key]
                ghost["state"] = "cancelled"
                for job in self.jobs.values():
                    if job["ticket"] == ghost["id"]:
                        job["gone"] = True
            self.superseded.add(key)
        return {"key": one["key"], "state": "accepted", "ticket": ticket["id"], "code": None}


def error(code: str) -> dict[str, Any]:
    """The one shape of every error."""
    return {"error": {"code": code, "message": code, "fields": {}}}
