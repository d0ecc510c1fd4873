"""Every hook the house calls: a signature, one sentence, and the gate it passes (see docs/hooks.md)."""

# A specification has a signature and a sentence, and no body to return anything from.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pluggy

from kiosk.domain.deadlines import Term
from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import Department, IntakeField, Procedure
from kiosk.domain.queueing import Priority
from kiosk.plugin.facts import Answers, JournalEvent, SettingValues, Visitor
from kiosk.plugin.postal import PostalCarrier
from kiosk.plugin.providers import NotificationChannel, PaymentProvider
from kiosk.plugin.settings import Setting

PROJECT = "kiosk"
SETTINGS = "settings"
"""The argument nobody passes: the gate fills in the asked plugin's own settings in the asking office."""

hookimpl = pluggy.HookimplMarker(PROJECT)
_hookspec = pluggy.HookspecMarker(PROJECT)


class Gate(StrEnum):
    """When a plugin is asked."""

    BOOT = "B"
    """Once, when a process starts."""
    OFFERED = "O"
    """Only where the office has the plugin switched on."""
    FIRST = "O1"
    """As OFFERED; the first answer that is not None counts, the owning department's before all others."""
    HONOURED = "H"
    """Also where it is switched off, for records the plugin owns."""


@dataclass(frozen=True)
class HookInfo:
    """One hook as the documentation and the gate see it."""

    name: str
    gate: Gate
    signature: str
    summary: str
    arguments: frozenset[str]


HOOKS: dict[str, HookInfo] = {}
"""All hooks by name, in the order in which they are documented."""


def hook(gate: Gate) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Specify a hook and enter it in `HOOKS`."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function)
        name = function.__name__
        HOOKS[name] = HookInfo(
            name=name,
            gate=gate,
            signature=f"{name}{signature}".replace("'", ""),
            summary=inspect.getdoc(function) or "",
            arguments=frozenset(signature.parameters),
        )
        return _hookspec(function)

    return enter


@hook(Gate.BOOT)
def settings_schema() -> Sequence[Setting]:
    """The settings an admin may give this plugin, from which form, validation and documentation are made."""


@hook(Gate.BOOT)
def cli_commands(cli: Any) -> None:
    """Add commands to `cli`, the click group `kiosk <plugin>`; the database is not open, and the office not known."""


@hook(Gate.OFFERED)
def check_settings(values: SettingValues) -> Mapping[str, str] | None:
    """Try settings that passed the schema: a reason in Vietnamese by setting key, or nothing when all is well."""


@hook(Gate.OFFERED)
def departments() -> Sequence[Department]:
    """The departments this plugin brings, with all their procedures; asked once a process and kept."""


@hook(Gate.OFFERED)
def intake_fields(procedure: Procedure) -> Sequence[IntakeField] | None:
    """Questions the counter asks because a fee or a term depends on the answer; the department's own wording wins."""


@hook(Gate.OFFERED)
def check_intake(procedure: Procedure, answers: Answers) -> str | None:
    """The reason in Vietnamese why an application with these answers may not be received, if there is one."""


@hook(Gate.OFFERED)
def ticket_priority(
    procedure: Procedure | None, visitor: Visitor, settings: SettingValues
) -> Priority | None:
    """The priority class this visitor is entitled to, or None when this plugin grants none."""


@hook(Gate.OFFERED)
def object_to_move(thing: Any, move: str) -> str | None:
    """The reason in Vietnamese why this ticket or dossier row may not make the move; inside the transaction, so
    pure and quick."""


@hook(Gate.OFFERED)
def notification_channels(office: int, settings: SettingValues) -> Sequence[NotificationChannel] | None:
    """The ways in which this office may tell a visitor who asked for it, ready to send; making one opens nothing."""


@hook(Gate.OFFERED)
def payment_providers(office: int, settings: SettingValues) -> Sequence[PaymentProvider] | None:
    """The ways in which citizens may pay this office, ready for use; one that is switched off is still asked about money
    that comes for what it began."""


@hook(Gate.OFFERED)
def postal_carriers(office: int, settings: SettingValues) -> Sequence[PostalCarrier] | None:
    """The posts that carry parcels of this office, ready for use; one that is switched off is still asked about parcels
    that are on their way."""


@hook(Gate.FIRST)
def compute_fee(
    procedure: Procedure, answers: Answers, channel: Channel, on: date
) -> Sequence[FeeLine] | None:
    """What an application received on that day by that channel costs, each line naming its case and legal basis."""


@hook(Gate.FIRST)
def term_for(procedure: Procedure, answers: Answers) -> Term | None:
    """The legal term that applies with these answers; unit `none` where the law fixes no deadline."""


@hook(Gate.FIRST)
def ticket_prefix(procedure: Procedure, settings: SettingValues) -> str | None:
    """The letter of the line this procedure waits in, where its department has more than one line."""


@hook(Gate.FIRST)
def hold_minutes(ticket: Any, settings: SettingValues) -> int | None:
    """How many minutes a called number is held, as printed on the ticket; 0 prints nothing about it."""


@hook(Gate.HONOURED)
def on_ticket_event(event: JournalEvent) -> None:
    """Hear of a ticket after commit: in order, at least once, with a cursor of one's own."""


@hook(Gate.HONOURED)
def on_dossier_event(event: JournalEvent) -> None:
    """Hear of a dossier after commit: in order, at least once, with a cursor of one's own."""


@hook(Gate.HONOURED)
def on_payment_event(event: JournalEvent) -> None:
    """Hear of a request for money after commit: in order, at least once, with a cursor of one's own."""


@hook(Gate.HONOURED)
def on_parcel_event(event: JournalEvent) -> None:
    """Hear of a parcel after commit: in order, at least once, with a cursor of one's own."""
