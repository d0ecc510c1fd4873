"""What lies in the trays and stands in the books after a schedule of faults, judged without a line of the spooler."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pysqlite3 import dbapi2 as sqlite

from kiosk.devices.encoding import EncodedJob
from kiosk.devices.models import PrinterModel, printer_model
from kiosk.devices.slips import encode_job
from kiosk.devices.tray import picture_digest

JOBS = """SELECT job.*, ticket.state AS ticket_state, ticket.day, office.zone
    FROM print_job job JOIN office ON office.id = job.office_id LEFT JOIN ticket ON ticket.id = job.ticket_id
    ORDER BY job.id"""
NOBODY_WAITS = timedelta(minutes=15)
TIDIED_EVERY = timedelta(seconds=5)
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_MICROSECOND = timedelta(microseconds=1)
Row = dict[str, Any]
Copy = tuple[int, int]
"""A job and the number of its repeat mark, 0 for none."""


@dataclass
class Ledger:
    """What the test itself knows of a schedule."""

    pressed: dict[int, int] = field(default_factory=dict)
    """The job of every ticket."""
    spoiled: set[int] = field(default_factory=set)
    """Jobs whose slip the test made unreadable."""
    on_trust: set[int] = field(default_factory=set)
    """Jobs confirmed by the status alone: that printer never proved a paper, and maybe lies (docs/adr/0017)."""
    expired: set[int] = field(default_factory=set)
    """Jobs that were seen to expire, and rightly."""
    complaints: list[str] = field(default_factory=list)


class Drawings:
    """Every picture drawn in a schedule, once: by the spooler to print it, by the judge to know it again."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[str, int, int | None], EncodedJob] = {}
        self._digests: dict[tuple[str, int, int | None], str] = {}

    def forget(self) -> None:
        """Begin anew."""
        self._drawn.clear()
        self._digests.clear()

    def encode(
        self,
        kind: str,
        facts: dict[str, Any],
        repeat: int,
        model: PrinterModel,
        dots: int,
        slow: bool = False,
    ) -> EncodedJob:
        """In place of `encode_job`: the same bytes, and no work the second time."""
        key = (json.dumps(facts, sort_keys=True), repeat, dots)
        if key not in self._drawn:
            self._drawn[key] = encode_job(kind, facts, repeat, model, dots, slow)
        return self._drawn[key]

    def digest(self, facts: dict[str, Any], repeat: int, dots: int) -> str:
        """The dots that this copy must have on paper of that width."""
        key = (json.dumps(facts, sort_keys=True), repeat, dots)
        if key not in self._digests:
            drawn = self.encode("ticket", facts, repeat, printer_model("generic-80mm"), dots)
            assert drawn.picture is not None
            self._digests[key] = picture_digest(drawn.picture)
        return self._digests[key]


def read_jobs(url: str) -> list[Row]:
    """The papers' rows with what is known of their tickets, by plain SQL."""
    connection = sqlite.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True, timeout=10)
    try:
        cursor = connection.execute(JOBS)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    finally:
        connection.close()


def unjustified(jobs: Sequence[Row], known: set[int], now: datetime) -> list[str]:
    """The papers newly given up for which no rule says so; the others are added to `known`."""
    faults = []
    for job in jobs:
        if job["state"] != "expired" or job["id"] in known:
            continue
        today = now.astimezone(ZoneInfo(job["zone"])).date()
        over = job["ticket_state"] in ("finished", "no_show", "cancelled")
        of_another_day = date.fromisoformat(str(job["day"])) < today
        if over or of_another_day or now - _moment(job["created_at"]) > NOBODY_WAITS:
            known.add(job["id"])
        else:
            faults.append(f"job {job['id']} was given up without a reason")
    return faults


def judge(
    jobs: Sequence[Row], trays: dict[int, tuple[int, list[str]]], ledger: Ledger, drawings: Drawings
) -> tuple[list[str], Counter[str]]:
    """Everything that may never be so, in words, and the figures; `trays` has each printer's width and papers."""
    copies, strange = _read_trays(jobs, trays, ledger, drawings)
    faults = [*ledger.complaints, *strange, *_books(jobs, ledger), *_papers(jobs, copies, ledger)]
    return faults, _figures(jobs, copies, ledger)


def _read_trays(
    jobs: Sequence[Row], trays: dict[int, tuple[int, list[str]]], ledger: Ledger, drawings: Drawings
) -> tuple[dict[int, list[Copy]], list[str]]:
    copies, faults = {}, []
    for printer, (width, papers) in trays.items():
        names: dict[str, Copy] = {}
        for job in jobs:
            if job["id"] in ledger.spoiled or printer not in (job["printer_id"], job["moved_from_id"]):
                continue
            for repeat in range(job["repeat"] + 1):
                digest = drawings.digest(json.loads(job["slip"]), repeat, width)
                if digest in names:
                    faults.append(f"copies {names[digest]} and {(job['id'], repeat)} look the same")
                names[digest] = (job["id"], repeat)
        copies[printer] = [names[paper] for paper in papers if paper in names]
        if strange := len(papers) - len(copies[printer]):
            faults.append(f"{strange} whole papers of printer {printer} that nobody ordered")
    return copies, faults


def _books(jobs: Sequence[Row], ledger: Ledger) -> list[str]:
    faults = []
    if [(job["ticket_id"], job["id"]) for job in jobs] != list(ledger.pressed.items()):
        faults.append("not every ticket has its one job any more")
    for job in jobs:
        name = f"job {job['id']} ({job['state']}, repeat {job['repeat']})"
        if job["state"] not in ("confirmed", "failed", "expired"):
            faults.append(f"{name} is still owed, though all is well")
        if job["state"] == "expired" and job["id"] not in ledger.expired:
            faults.append(f"{name} was given up when nobody looked")
        if job["state"] == "failed" and job["id"] not in ledger.spoiled:
            faults.append(f"{name} failed, but can be drawn")
        if job["state"] == "confirmed" and job["id"] in ledger.spoiled:
            faults.append(f"{name} cannot be drawn, but was confirmed")
        if (
            job["sent_at"]
            and job["sent_at"] - job["created_at"] > (NOBODY_WAITS + TIDIED_EVERY) / _MICROSECOND
        ):
            faults.append(f"{name} was printed when nobody waited for it any more")
    return faults


def _papers(jobs: Sequence[Row], copies: dict[int, list[Copy]], ledger: Ledger) -> list[str]:
    faults = []
    times = Counter(copy for tray in copies.values() for copy in tray)
    faults += [f"{copy} came out {count} times" for copy, count in times.items() if count > 1]
    out = {job for job, _ in times}
    faults += [
        f"job {job['id']} is confirmed, and there is no paper"
        for job in jobs
        if job["state"] == "confirmed" and job["id"] not in out | ledger.on_trust
    ]
    stayed = {job["id"] for job in jobs if job["moved_from_id"] is None}
    for printer, tray in copies.items():
        order = [copy for copy in tray if copy[0] in stayed]
        if order != sorted(order):
            faults.append(f"printer {printer} printed out of order: {order}")
    return faults


def _figures(jobs: Sequence[Row], copies: dict[int, list[Copy]], ledger: Ledger) -> Counter[str]:
    papers = [copy for tray in copies.values() for copy in tray]
    states = Counter(str(job["state"]) for job in jobs)
    confirmed = {job["id"] for job in jobs if job["state"] == "confirmed"}
    return Counter(
        {
            "jobs": len(jobs),
            "papers": len(papers),
            "repeats": sum(repeat > 0 for _, repeat in papers),
            "failures": states["failed"],
            "expired": states["expired"],
            "moved": sum(job["moved_from_id"] is not None for job in jobs),
            "believed without proof": len(ledger.on_trust),
            "lost on trust": len(confirmed - {job for job, _ in papers}),
        }
    )


def _moment(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)
