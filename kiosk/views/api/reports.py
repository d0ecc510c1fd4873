"""Reports computed from the log."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag

from kiosk.domain.errors import DomainError, Forbidden, NotFound
from kiosk.plugin import gate
from kiosk.reports.csv_export import to_csv
from kiosk.reports.period_summary import period_summary
from kiosk.reports.post import post_report
from kiosk.services import look
from kiosk.views.api.answers import answer
from kiosk.views.api.shapes import NamePath, ReportQuery
from kiosk.views.documents import send
from kiosk.views.door import right
from kiosk.views.post.figures import listed_procedures, post_document

api = APIBlueprint("api_reports", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="reports")])

FORMATS = {"period-summary": ("json", "csv"), "post": ("json", "xlsx", "pdf")}


@api.get("/reports/<string:name>", summary="A report of a period")
@right("report.read")
def report(path: NamePath, query: ReportQuery) -> Response:
    """`period-summary`: received, resolved, in progress, with every percentage naming its denominator; `post`: what came
    and went by the public post."""
    if path.name not in FORMATS:
        raise NotFound("unknown_report", report=path.name)
    if query.format not in FORMATS[path.name]:
        raise DomainError("unknown_format", format=query.format, allowed=list(FORMATS[path.name]))
    if query.office is not None and look.office_by_key(query.office)["id"] != g.actor.office_id:
        raise Forbidden("foreign_office", office=query.office)
    as_of = query.as_of or g.now
    if as_of.tzinfo is None:
        as_of = as_of.replace(tzinfo=UTC)
    if path.name == "post":
        return _post(query.first, query.last, as_of, query.format)
    summary = period_summary(g.actor.office_id, query.first, query.last, as_of, now=g.now)
    titles = {key: department.title for key, department in gate.departments().items()}
    if query.format == "csv":
        name = f"period-summary-{query.first}-{query.last}.csv"
        return Response(
            to_csv(summary, titles),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    return answer(summary.to_json(titles))


def _post(first: date, last: date, as_of: datetime, form: str) -> Response:
    listed, names = listed_procedures(g.actor.office_id, last)
    report = post_report(g.actor.office_id, first, last, as_of, listed, now=g.now)
    if form != "json":
        return send(post_document(report, names), form, f"post-{first}-{last}")
    titles = {key: department.title for key, department in gate.departments().items()}
    return answer(report.to_json(titles, names))
