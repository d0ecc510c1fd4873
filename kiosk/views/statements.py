"""An uploaded statement, by page or by script."""

from __future__ import annotations

from typing import Any

from flask import g

from kiosk import metrics
from kiosk.domain.errors import DomainError
from kiosk.services.payment.reconcile_payments import take_statement


def taken(content: bytes) -> Any:
    """Keep an uploaded file's lines, and count what became of it. Raises as `take_statement`."""
    try:
        statement = take_statement(content, g.actor, g.now)
    except DomainError as refusal:
        metrics.statements_total.labels(refusal.code).inc()
        raise
    metrics.statements_total.labels("taken").inc()
    return statement
