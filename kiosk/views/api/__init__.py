"""The HTTP API under /api/v1: JSON in, JSON out, described by OpenAPI 3.1, one shape of error everywhere."""

from __future__ import annotations

from flask_openapi3 import APIBlueprint

from kiosk.views.api import (
    agent,
    arrivals,
    booking,
    buttons,
    contacts,
    counters,
    devices,
    displays,
    dossiers,
    hall,
    money,
    payments,
    plugins,
    post,
    procedures,
    public,
    reports,
    rules,
    session,
    tablets,
    tickets,
    voice,
)

BLUEPRINTS: tuple[APIBlueprint, ...] = (
    session.api,
    tickets.api,
    counters.api,
    procedures.api,
    dossiers.api,
    public.api,
    payments.api,
    money.api,
    post.api,
    contacts.api,
    booking.api,
    arrivals.api,
    plugins.api,
    devices.api,
    agent.api,
    displays.api,
    buttons.api,
    tablets.api,
    hall.api,
    reports.api,
    rules.api,
    voice.api,
)
