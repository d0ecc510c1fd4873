"""What an agent and the server tell each other every few seconds: papers, conditions, wishes of the admin."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kiosk.database import bookkeeping, look_at_office
from kiosk.domain.errors import Forbidden
from kiosk.domain.permissions import Actor
from kiosk.domain.printing import PrintState
from kiosk.models import Device, Office, Printer, PrintJob
from kiosk.services.agent.leases import lease_size, lease_wanted
from kiosk.services.pair_device import note_refusal
from kiosk.services.print_document import HOLD_MINUTES
from kiosk.services.print_queue import STATES, expire_stale
from kiosk.services.printer_condition import note_condition

SYNC_SECONDS = 3
MOST_JOBS = 20
MOST_BOOTS = 50
ENDED = {"confirmed": PrintState.CONFIRMED, "failed": PrintState.FAILED, "expired": PrintState.EXPIRED}


@dataclass(frozen=True)
class Outcome:
    """How a paper stands at the agent; `repeat` counts the marked copies, `height_mm` all paper it used."""

    job: int
    state: str
    repeat: int = 0
    height_mm: int = 0
    problem: str | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Report:
    """What an agent says of itself."""

    version: str
    configuration: str = ""
    outcomes: Sequence[Outcome] = ()
    holds: Sequence[int] = ()
    printer: dict[str, Any] | None = None
    health: dict[str, Any] = field(default_factory=dict)


def sync(actor: Actor, report: Report, base_url: str, now: datetime) -> dict[str, Any]:
    """Take an agent's report, and tell it what to print, what to let go, and what has changed for it."""
    assert actor.device is not None  # noqa: S101  the right agent.run is a device's alone
    device = Device.get_by_id(actor.device.id)
    boots = _boots(device, report.health.get("boot", ""), now)
    printers = {row.id: row for row in Printer.select().where(Printer.agent == device.id)}
    with bookkeeping():
        kept = {key: device.health[key] for key in ("refused", "called") if key in device.health}
        kept["boots"] = boots
        Device.update(last_seen_at=now, software=report.version, health={**report.health, **kept}).where(
            Device.id == device.id
        ).execute()
        _take_outcomes(device.id, printers, report.outcomes, now)
        _take_holds(device.id, printers, report.holds, now)
    own = printers.get(device.printer_id)
    if own is not None and report.printer is not None:
        note_condition(own.id, report.printer["problem"], report.printer["status"], now)
    for printer in printers:
        expire_stale(printer, now)
    settings = _configuration(device, own, base_url)
    day = look_at_office(device.office_id, now, actor.name).day
    return {
        "at": now.isoformat(),
        "configuration": None if settings["digest"] == report.configuration else settings,
        "jobs": _jobs_for(device.id, printers, report, now),
        "drop": _no_longer(printers, report.holds),
        "reload_at": device.reload_at.isoformat() if device.reload_at else None,
        "lease_wanted": lease_wanted(device.id, device.office_id, day, now),
    }


def _boots(device: Device, boot: str, now: datetime) -> list[str]:
    """The last starts of this agent, the present one last.

    An agent's folder lets only one run at a time, so a start that was followed by another never speaks again: if it
    does, the folder was copied to a second machine. Raises Forbidden("wrong_instance"), and logs it.
    """
    known = list(device.health.get("boots", []))
    if not boot:
        return known
    if boot in known[:-1]:
        note_refusal(device.id, "copied_folder", now)
        raise Forbidden("wrong_instance")
    return known if known[-1:] == [boot] else [*known, boot][-MOST_BOOTS:]


def _take_outcomes(
    device_id: int, printers: dict[int, Printer], outcomes: Sequence[Outcome], now: datetime
) -> None:
    for outcome in outcomes:
        job = PrintJob.get_or_none((PrintJob.id == outcome.job) & (PrintJob.state << STATES))
        if job is None:
            continue
        if job.printer_id not in printers:
            _take_late_word(job, printers, outcome, now)
            continue
        values: dict[str, Any] = {"repeat": outcome.repeat, "problem": outcome.problem or ""}
        if outcome.state in ENDED:
            values |= {"state": ENDED[outcome.state], "agent": device_id, "height_mm": outcome.height_mm}
            if outcome.state == "confirmed":
                values |= {"printed_at": min(outcome.at or now, now), "problem": ""}
        else:
            values["state"] = PrintState.REPEATED if outcome.state == "repeated" else PrintState.SENT
        PrintJob.update(**values).where(PrintJob.id == job.id).execute()
        if outcome.state in ENDED and outcome.height_mm:
            Printer.update(used_mm=Printer.used_mm + outcome.height_mm).where(
                Printer.id == job.printer_id
            ).execute()


def _take_late_word(job: PrintJob, printers: dict[int, Printer], outcome: Outcome, now: datetime) -> None:
    """The paper went to another printer in the meantime, but came out here after all: one is enough."""
    if (
        outcome.state == "confirmed"
        and job.moved_from_id in printers
        and job.agent_id is None
        and job.sent_at is None
    ):
        PrintJob.update(
            state=PrintState.CONFIRMED, printed_at=now, printer=job.moved_from_id, problem=""
        ).where(PrintJob.id == job.id).execute()


def _take_holds(device_id: int, printers: dict[int, Printer], holds: Sequence[int], now: datetime) -> None:
    if holds and printers:
        PrintJob.update(agent=device_id, sent_at=now).where(
            (PrintJob.id << list(holds))
            & (PrintJob.printer << list(printers))
            & (PrintJob.state << STATES)
            & PrintJob.sent_at.is_null()
        ).execute()


def _jobs_for(
    device_id: int, printers: dict[int, Printer], report: Report, now: datetime
) -> list[dict[str, Any]]:
    """Papers the agent does not have yet; handed over again and again until it says so."""
    if not printers:
        return []
    has = [*report.holds, *(outcome.job for outcome in report.outcomes)]
    rows = list(
        PrintJob.select()
        .where(
            (PrintJob.printer << list(printers)) & (PrintJob.state << STATES) & PrintJob.id.not_in(has or [0])
        )
        .order_by(PrintJob.id)
        .limit(MOST_JOBS)
    )
    new = [row.id for row in rows if row.agent_id != device_id]
    if new:
        with bookkeeping():
            PrintJob.update(agent=device_id).where(PrintJob.id << new).execute()
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "slip": row.slip,
            "repeat": row.repeat,
            "ticket": row.ticket_id,
            "created_at": row.created_at.isoformat(),
        }
        for row in rows
    ]


def _no_longer(printers: dict[int, Printer], holds: Sequence[int]) -> list[int]:
    if not holds:
        return []
    still = {
        row
        for (row,) in PrintJob.select(PrintJob.id)
        .where(
            (PrintJob.id << list(holds))
            & (PrintJob.printer << (list(printers) or [0]))
            & (PrintJob.state << STATES)
        )
        .tuples()
    }
    return [job for job in holds if job not in still]


def _configuration(device: Device, printer: Printer | None, base_url: str) -> dict[str, Any]:
    office = Office.get_by_id(device.office_id)
    settings: dict[str, Any] = {
        "office": {name: getattr(office, name) for name in ("key", "title", "subtitle", "zone")},
        "device": {"id": device.id, "name": device.name, "area": device.area},
        "printer": None
        if printer is None
        else {name: getattr(printer, name) for name in ("id", "name", "model", "address", "dots")},
        "base_url": base_url,
        "hold_minutes": HOLD_MINUTES,
        "sync_seconds": SYNC_SECONDS,
        "lease_size": lease_size(device.id),
        "languages": ["vi", "en"],
    }
    text = json.dumps(settings, sort_keys=True, ensure_ascii=False)
    return {**settings, "digest": hashlib.sha256(text.encode()).hexdigest()[:16]}
