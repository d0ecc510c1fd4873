"""Before a plugin is switched: what would appear or stay, and what stands in the way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from peewee import fn

from kiosk.database import connection
from kiosk.domain.dossier import OPEN_STATES
from kiosk.domain.errors import DomainError
from kiosk.domain.procedure import Department
from kiosk.domain.ticket import AT_COUNTER, TicketState
from kiosk.models import CounterLine, Dossier, Line, Ticket
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginInfo
from kiosk.services.manage_plugins.cards import procedures_of
from kiosk.services.manage_plugins.obstacles import obstacles
from kiosk.services.manage_plugins.rows import installed, users_of


@dataclass(frozen=True)
class DryRun:
    """What switching a plugin on would do: nothing was changed to find out.

    `blocking` are the refusals `enable` would utter. `self_test` is passed, failed, none (it has no test) or not_run
    (its settings are not right yet). `procedures` would appear; `departments` are {key, title, title_en, prefix,
    lines: [{id, prefix, title, open, counters}]} with a front desk; `shared_codes` are {code, department} that another
    department which is switched on has as well: allowed by law, yet worth knowing.
    """

    plugin: str
    blocking: tuple[DomainError, ...]
    self_test: str
    procedures: tuple[dict[str, Any], ...]
    departments: tuple[dict[str, Any], ...]
    shared_codes: tuple[dict[str, str], ...]
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Honoured:
    """What goes on after a plugin is switched off, and (`lines`) which open lines the kiosk will show as closed."""

    dossiers: int
    results_to_collect: int
    waiting: int
    at_counter: int
    lines: tuple[str, ...]
    used_by: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def dry_run(office_id: int, name: str) -> DryRun:
    """Try everything `enable` needs and look at what it would bring. Raises NotFound("unknown_plugin")."""
    info = installed(name)
    blocking = tuple(obstacles(office_id, info))
    return DryRun(
        plugin=name,
        blocking=blocking,
        self_test=_self_test(info, blocking),
        procedures=tuple(procedures_of(name)),
        departments=tuple(
            {
                "key": each.key,
                "title": each.title,
                "title_en": each.title_en,
                "prefix": each.prefix,
                "lines": _lines(office_id, each.key),
            }
            for each in info.departments
            if each.front_desk
        ),
        shared_codes=tuple(_shared_codes(office_id, info.departments)),
        needs=info.manifest.needs if info.manifest else (),
    )


def honoured(office_id: int, name: str, day: date) -> Honoured:
    """What the office owes people by way of this plugin on a day; all of it stays served when it is off."""
    info = gate.house().plugins.get(name)
    keys = [department.key for department in info.departments] if info else []
    with connection():
        dossiers = _dossiers(office_id, keys)
        tickets = _tickets(office_id, keys, day)
        lines = Line.select().where(
            (Line.office == office_id) & (Line.department << keys) & (Line.open == True)  # noqa: E712  (SQL, not Python)
        )
        closing = tuple(f"{line.prefix} · {line.title}" for line in lines.order_by(Line.prefix))
    return Honoured(
        dossiers=sum(dossiers.get(state, 0) for state in OPEN_STATES),
        results_to_collect=dossiers.get("finished", 0),
        waiting=tickets.get(TicketState.WAITING, 0),
        at_counter=sum(tickets.get(state, 0) for state in AT_COUNTER),
        lines=closing,
        used_by=tuple(users_of(office_id, name)),
    )


def _self_test(info: PluginInfo, blocking: Collection[DomainError]) -> str:
    if info.state != "ready":
        return "not_run"
    if not gate.house().implements(info.name, "check_settings"):
        return "none"
    for error in blocking:
        if error.code == "setting_invalid":
            return "failed" if error.fields.get("reason") == "refused" else "not_run"
        if error.code == "plugin_broken":
            return "failed"
    return "passed"


def _lines(office_id: int, department: str) -> list[dict[str, Any]]:
    here = (Line.office == office_id) & (Line.department == department)
    with connection():
        served = dict(
            CounterLine.select(CounterLine.line, fn.COUNT(CounterLine.counter))
            .join(Line)
            .where(here)
            .group_by(CounterLine.line)
            .tuples()
        )
        rows = list(Line.select().where(here).order_by(Line.prefix))
    return [
        {
            "id": row.id,
            "prefix": row.prefix,
            "title": row.title,
            "open": row.open,
            "counters": served.get(row.id, 0),
        }
        for row in rows
    ]


def _shared_codes(office_id: int, new: Collection[Department]) -> list[dict[str, str]]:
    own = {p.code for department in new for p in department.procedures if p.code}
    keys = {department.key for department in new}
    return [
        {"code": p.code, "department": other.title}
        for other in gate.departments(office_id).values()
        if other.key not in keys
        for p in other.procedures
        if p.code in own
    ]


def _dossiers(office_id: int, departments: Collection[str]) -> dict[str, int]:
    return dict(
        Dossier.select(Dossier.state, fn.COUNT(Dossier.id))
        .where((Dossier.office == office_id) & (Dossier.department << list(departments)))
        .group_by(Dossier.state)
        .tuples()
    )


def _tickets(office_id: int, departments: Collection[str], day: date) -> dict[str, int]:
    return dict(
        Ticket.select(Ticket.state, fn.COUNT(Ticket.id))
        .join(Line, on=Ticket.line)
        .where((Ticket.office == office_id) & (Ticket.day == day) & (Line.department << list(departments)))
        .group_by(Ticket.state)
        .tuples()
    )
