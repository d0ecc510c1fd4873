"""Facts about dossiers, and what visitors thought of the service."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.events.base import Event


@dataclass(frozen=True, kw_only=True)
class DossierEvent(Event):
    """What every fact about a dossier carries; `on` and `due_on` are ISO dates."""

    dossier: int
    code: str
    department: str
    procedure: str
    state: str
    on: str
    due_on: str | None


@dataclass(frozen=True, kw_only=True)
class DossierReceived(DossierEvent):
    """An application was taken in and its legal clock set."""

    kind = "dossier.received"
    channel: str
    delivery: str
    level: int | None
    ticket: int | None
    counter: int | None
    fee_total: int
    clock_start: str
    on_the_spot: bool


@dataclass(frozen=True, kw_only=True)
class DossierMoved(DossierEvent):
    """A named legal move was made; `note` is the row of the officer's words, which may name people."""

    kind = "dossier.moved"
    move: str
    note: int | None = None
    agency: str | None = None
    agency_due_on: str | None = None


@dataclass(frozen=True, kw_only=True)
class DossierCorrected(DossierEvent):
    """The entry `corrects` was wrong; it holds now with this `on` and `due_on`, or (`voids`) counts as never made."""

    kind = "dossier.corrected"
    corrects: int
    what: str
    voids: bool
    note: int


@dataclass(frozen=True, kw_only=True)
class ApplicationDeclined(Event):
    """An application was not received: a supplement request or a refusal was written instead."""

    kind = "application.declined"
    slip: int
    number: str
    outcome: str
    department: str
    procedure: str
    ticket: int | None
    counter: int | None


@dataclass(frozen=True, kw_only=True)
class ServiceRated(Event):
    """A visitor said what the service was like: 1 not satisfied, 2 satisfied, 3 very satisfied."""

    kind = "service.rated"
    department: str
    score: int
    dossier: int | None
    slip: int | None
    ticket: int | None
