"""The HTTP API under /api/v1: JSON in, JSON out, described by OpenAPI 3.1, one shape of error everywhere."""

from __future__ import annotations

from flask_openapi3 import APIBlueprint

from kiosk.views.api import (
    agent,
    buttons,
    counters,
    devices,
    displays,
    dossiers,
    plugins,
    procedures,
    public,
    reports,
    session,
    tickets,
)

BLUEPRINTS: tuple[APIBlueprint, ...] = (
    session.api,
    tickets.api,
    counters.api,
    procedures.api,
    dossiers.api,
    public.api,
    plugins.api,
    devices.api,
    agent.api,
    displays.api,
    buttons.api,
    reports.api,
)
