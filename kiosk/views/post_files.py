"""An uploaded file of the post's news, by page or by script."""

from __future__ import annotations

from typing import Any

from flask import g

from kiosk import metrics
from kiosk.domain.errors import DomainError
from kiosk.services.post.news_file import take_news


def taken(content: bytes, *, leave_out: bool) -> Any:
    """Keep an uploaded file's rows, and count what became of it. Raises as `take_news`."""
    try:
        file = take_news(content, g.actor, g.now, leave_out=leave_out)
    except DomainError as refusal:
        metrics.post_files_total.labels(refusal.code).inc()
        raise
    metrics.post_files_total.labels("taken").inc()
    return file
