"""Figures for Prometheus. Queue figures are read from the database, so every process tells the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

registry = CollectorRegistry()

requests_total = Counter(
    "kiosk_requests_total",
    "Requests answered by this process.",
    ["route", "method", "status"],
    registry=registry,
)
request_seconds = Histogram(
    "kiosk_request_seconds",
    "Time to answer.",
    ["route"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
    registry=registry,
)
notices_total = Counter(
    "kiosk_bank_notices_total",
    "Movements that messengers of banks told of: new, known, contradictory; or notices refused, by code.",
    ["outcome"],
    registry=registry,
)
post_files_total = Counter(
    "kiosk_post_files_total",
    "Files of the post's news that were uploaded: taken, or refused, by code.",
    ["outcome"],
    registry=registry,
)
statements_total = Counter(
    "kiosk_bank_statements_total",
    "Statements that were uploaded: taken, or refused, by code.",
    ["outcome"],
    registry=registry,
)
live_sockets = Gauge("kiosk_live_sockets", "Open live connections of this process.", registry=registry)


def render(figures: Iterable[Mapping[str, Any]]) -> bytes:
    """Everything in Prometheus' text format; `figures` are (name, help, labels, value) rows."""
    queues = CollectorRegistry()
    gauges: dict[str, Gauge] = {}
    for row in figures:
        labels = row["labels"]
        name = row["name"]
        if name not in gauges:
            gauges[name] = Gauge(name, row["help"], list(labels), registry=queues)
        (gauges[name].labels(**labels) if labels else gauges[name]).set(row["value"])
    return generate_latest(registry) + generate_latest(queues)
