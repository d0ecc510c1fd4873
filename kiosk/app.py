"""The program's table of contents: one line a part, in order. It knows everybody; nobody imports it."""

from __future__ import annotations

import json
import time
from functools import cache
from typing import Any

from flask import Flask, Response, g, request
from flask_openapi3 import Info, OpenAPI
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from kiosk import __version__, clock, database, i18n, logs, metrics, migrate, paths
from kiosk.config import Settings
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginHouse
from kiosk.realtime import hub
from kiosk.views import (
    admin,
    api,
    appointments,
    board,
    counter,
    demo_bank,
    demo_printer,
    desk,
    door,
    dossiers,
    follow,
    hall,
    headers,
    health,
    home,
    incoming,
    kiosk,
    lookup,
    media,
    money,
    notices,
    papers,
    post,
    rating,
    reports,
    sign_in,
    tablet,
    take,
    today,
)
from kiosk.views.api import answers
from kiosk.views.api.shapes import ErrorBody

PAGES = (
    home,
    kiosk,
    board,
    counter,
    dossiers,
    papers,
    follow,
    lookup,
    take,
    appointments,
    today,
    media,
    rating,
    tablet,
    money,
    post,
    notices,
    reports,
    hall,
    sign_in,
    admin,
    health,
    demo_printer,
    demo_bank,
)
ONE_YEAR = 31_536_000
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS"})
"""Only these are counted by name: a stranger may send any word as a method."""


def create_app(settings: Settings) -> Flask:
    """The whole server: settings, data, plugins, pages, API, live channel.

    Raises UnsafeDatabase and MigrationsPending rather than starting on ground that does not hold.
    """
    logs.set_up(settings.log_level)
    database.connect(settings.database_url, settings.data)
    house = PluginHouse.load(settings)
    migrate.require_current(house.migrations())
    gate.use(house)
    app = _flask(settings)
    app.before_request(_open)
    app.teardown_request(door.close_request)
    app.after_request(_measure)
    app.after_request(door.remember_choices)
    app.after_request(headers.add)
    answers.install(app)
    _templates(app)
    csrf = CSRFProtect(app)
    for module in PAGES:
        app.register_blueprint(module.blueprint)
    for blueprint in api.BLUEPRINTS:
        csrf.exempt(blueprint)  # the API refuses foreign origins instead (door.refuse_foreign_origin)
        app.register_api(blueprint)
    csrf.exempt(notices.blueprint)  # a bank's messenger has no session; it proves itself by its signature
    hub.attach(app, settings)
    return app


def _flask(settings: Settings) -> OpenAPI:
    app = OpenAPI(
        "kiosk",
        info=Info(title="Một cửa", version=__version__, description="One-stop public service centre."),
        validation_error_status=422,
        validation_error_model=ErrorBody,
        validation_error_callback=answers.refuse_invalid,
        template_folder=str(paths.web_templates()),
        static_folder=str(paths.web_dist()),
        static_url_path="/static",
    )
    app.request_class = incoming.StrictRequest
    app.url_map.converters["int"] = incoming.IdConverter
    app.config.update(
        KIOSK=settings,
        SECRET_KEY=settings.key,
        MAX_CONTENT_LENGTH=incoming.MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=incoming.MOST_BYTES,
        SEND_FILE_MAX_AGE_DEFAULT=ONE_YEAR,
        TRUSTED_HOSTS=[h.strip() for h in settings.trusted_hosts.split(",") if h.strip()] or None,
        SESSION_COOKIE_NAME="kiosk_form",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        WTF_CSRF_SSL_STRICT=False,  # no Referer is sent by our own policy; the token itself is checked
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    return app


def _open() -> None:
    if request.endpoint == "static":
        return
    incoming.refuse_unprintable_address()
    g.began = time.perf_counter()
    door.open_request()
    door.authorise()
    desk.queue_at_the_desk()


def _measure(response: Response) -> Response:
    if "began" in g:
        route = str(request.url_rule or "unknown")
        method = request.method if request.method in KNOWN_METHODS else "other"
        metrics.requests_total.labels(route, method, response.status_code).inc()
        metrics.request_seconds.labels(route).observe(time.perf_counter() - g.began)
    return response


def _templates(app: Flask) -> None:
    app.jinja_env.globals.update(_=door.words, asset=asset, lang_now=door.language)
    app.jinja_env.filters["long_day"] = lambda day: i18n.long_day(day, door.language())
    app.jinja_env.globals["this_year"] = lambda: clock.now().year


@cache
def _manifest() -> dict[str, str]:
    path = paths.web_dist() / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8"))


def asset(name: str) -> str:
    """The address of a built style or script; its name carries a hash of its content."""
    return f"/static/{_manifest()[name]}"


def application() -> Any:
    """For gunicorn: settings from the environment."""
    return create_app(Settings())
