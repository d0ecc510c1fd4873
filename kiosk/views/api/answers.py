"""Answers of the API: JSON with real letters, and one shape of error."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from peewee import DataError, OperationalError
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import HTTPException

from kiosk.domain.errors import DomainError, Unauthenticated
from kiosk.i18n import error_message
from kiosk.views.door import JSON, dump, language, to_sign_in, wants_json

log = logging.getLogger(__name__)

PYDANTIC_CODES = {
    "json_invalid": "malformed_json",
    "missing": "missing_field",
    "extra_forbidden": "unknown_field",
    "string_too_long": "text_too_long",
    "too_long": "list_too_long",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
}
DATE_KINDS = ("date", "datetime")
HTTP_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "not_json",
}


def answer(body: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer."""
    return Response(dump(body), status, headers, mimetype=JSON)


def conditional(body: Any) -> Response:
    """A JSON answer with an ETag; 304 without a body while nothing changed."""
    response = answer(body)
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:20])
    response.cache_control.no_cache = True
    response.cache_control.private = True
    response.make_conditional(request)
    return response


def error_body(code: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The one shape of every error."""
    return {"error": {"code": code, "message": error_message(code, language(), fields), "fields": fields}}


def refuse(error: DomainError) -> Response:
    """A refusal as JSON, with Retry-After where it helps."""
    headers = {"Retry-After": str(error.fields["retry_after"])} if "retry_after" in error.fields else {}
    return answer(error_body(error.code, error.fields), error.status, **headers)


def refuse_invalid(error: ValidationError) -> Response:
    """A body or query that does not fit its shape; the first problem decides, all are named."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    codes = {".".join(map(str, p["loc"])) or "body": _code_of(p) for p in problems}
    first = problems[0]
    field = ".".join(map(str, first["loc"])) or "body"
    code = codes[field]
    status = 400 if code == "malformed_json" else 422
    return answer(error_body(code, {"field": field, "problems": codes}), status)


def _code_of(problem: ErrorDetails) -> str:
    kind = problem["type"]
    if kind in PYDANTIC_CODES:
        return PYDANTIC_CODES[kind]
    if kind.startswith(DATE_KINDS):
        return "date_malformed"
    if kind in {"model_type", "model_attributes_type", "dict_type"} and not problem["loc"]:
        return "not_an_object"
    return "wrong_type"


def install(app: Flask) -> None:
    """Answer every error in its one shape: JSON to scripts, a page to people."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(ValidationError, refuse_invalid)
    app.register_error_handler(CSRFError, lambda error: _render(400, "form_expired", {}))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(DataError, _data_error)
    app.register_error_handler(Exception, _unexpected)


def _domain_error(error: DomainError) -> Any:
    if wants_json():
        return refuse(error)
    if (
        isinstance(error, Unauthenticated)
        and request.method == "GET"
        and not request.path.startswith("/sign-in")
    ):
        return _page(401, error.code, error.fields) if error.code in DEVICE_PAGES else to_sign_in()
    return _page(error.status, error.code, error.fields)


DEVICE_PAGES = frozenset({"not_paired", "token_unknown", "token_revoked", "token_expired"})


def _http_error(error: HTTPException) -> Any:
    if error.response is not None:
        return error.response
    status = error.code or 500
    if status < 400:
        return error
    return _render(status, HTTP_CODES.get(status, "bad_request" if status < 500 else "internal_error"), {})


def _database_error(error: OperationalError) -> Any:
    log.error("database does not answer: %s", type(error).__name__)
    return _render(503, "database_unavailable", {"retry_after": 5})


def _data_error(error: DataError) -> Any:
    # The driver's words may repeat what was entered, so they are not logged.
    log.error("the database refused a value at %s %s", request.method, request.url_rule)
    return _render(422, "value_not_storable", {})


def _unexpected(error: Exception) -> Any:
    log.exception("unexpected error at %s %s", request.method, request.url_rule)
    return _render(500, "internal_error", {})


def _render(status: int, code: str, fields: dict[str, Any]) -> Any:
    if wants_json():
        return answer(error_body(code, fields), status)
    return _page(status, code, fields)


def _page(status: int, code: str, fields: dict[str, Any]) -> Response:
    context = {
        "lang": language(),
        "code": code,
        "status": status,
        "message": error_message(code, language(), fields),
        "actor": g.get("actor"),
        "office": None,
    }
    return make_response(render_template("errors/error.html", **context), status)
