"""Logs a machine can read: one JSON line each, with fields by name and never a person's."""

from __future__ import annotations

import logging

import structlog


def set_up(level: str) -> None:
    """Send everything, libraries included, to standard error as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper("iso", utc=True),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("engineio", "socketio", "werkzeug", "PIL", "escpos"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
