"""Numbers a kiosk holds to give while it cannot reach the server: few, by line and day, never held by two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.codes import check_code
from kiosk.domain.events import NumbersLeased, NumbersReturned
from kiosk.domain.numbering import offline_numbers, ticket_label
from kiosk.domain.permissions import Actor, PairedDevice
from kiosk.models import Device, LeasedNumber, Line
from kiosk.services.announce import announce
from kiosk.services.look.menu import lines as menu_lines
from kiosk.services.release_device import numbers_by_line

LEASE_SIZE = 20
"""Numbers a line: half an hour without the server at the busiest line of a large centre."""


@dataclass(frozen=True)
class Returned:
    """A held number that was not given and will not be."""

    line: int
    day: date
    number: int


def lease_numbers(
    actor: Actor, returns: Sequence[Returned], key: bytes, now: datetime, *, fill: bool = True
) -> dict[str, Any]:
    """Take back what a kiosk returns, fill up what it holds for the business day, and name all of it.

    Safe to repeat: what is held already is named again. `key` makes the check codes of the numbers. Without `fill`
    numbers are only taken back, as an agent that ends asks for.
    """
    device = _kiosk(actor)
    with office_transaction(actor.office_id or 0, now, actor.name) as transaction:
        _take_back(transaction, device, returns)
        offered = [line for line in menu_lines(transaction.office_id, now) if line["open"] and fill]
        size = lease_size(device.id)
        leased = {line["id"]: _fill_up(transaction, device, line["id"], size) for line in offered}
        new = [number for numbers in leased.values() for number in numbers]
        if new:
            announce(
                transaction,
                NumbersLeased(
                    device=device.id, day=transaction.day.isoformat(), numbers=numbers_by_line(new)
                ),
            )
        return {"day": transaction.day.isoformat(), "lines": _held(transaction, device, key)}


def lease_size(device_id: int) -> int:
    """How many numbers a line a kiosk may hold; an admin may say otherwise for one kiosk."""
    options = Device.select(Device.options).where(Device.id == device_id).scalar() or {}
    return int(options.get("lease_size", LEASE_SIZE))


def lease_wanted(device_id: int, office_id: int, day: date, now: datetime) -> bool:
    """Whether a line that is open has less than half of the numbers this kiosk should hold."""
    size = lease_size(device_id)
    if not size:
        return False
    held: dict[int, int] = {}
    rows = LeasedNumber.select(LeasedNumber.line).where(_of(device_id, day)).tuples()
    for (line,) in rows:
        held[line] = held.get(line, 0) + 1
    return any(held.get(line["id"], 0) * 2 < size + 1 for line in menu_lines(office_id, now) if line["open"])


def _take_back(transaction: OfficeTransaction, device: PairedDevice, returns: Sequence[Returned]) -> None:
    by_day: dict[str, list[LeasedNumber]] = {}
    for one in returns:
        row = LeasedNumber.get_or_none(
            _of(device.id, one.day) & (LeasedNumber.line == one.line) & (LeasedNumber.number == one.number)
        )
        if row is not None:
            row.state, row.settled_at = "free", transaction.now
            row.save(only=[LeasedNumber.state, LeasedNumber.settled_at])
            by_day.setdefault(one.day.isoformat(), []).append(row)
    for day, rows in by_day.items():
        announce(transaction, NumbersReturned(device=device.id, day=day, numbers=numbers_by_line(rows)))


def _fill_up(
    transaction: OfficeTransaction, device: PairedDevice, line: int, size: int
) -> list[LeasedNumber]:
    of_day = (LeasedNumber.line == line) & (LeasedNumber.day == transaction.day)
    missing = size - LeasedNumber.select().where(of_day & _of(device.id, transaction.day)).count()
    if missing <= 0:
        return []
    free = list(
        LeasedNumber.select()
        .where(of_day & (LeasedNumber.state == "free"))
        .order_by(LeasedNumber.number)
        .limit(missing)
    )
    for row in free:
        row.device, row.state = device.id, "held"
        row.leased_at, row.settled_at = transaction.now, None
        row.save()
    known = {number for (number,) in LeasedNumber.select(LeasedNumber.number).where(of_day).tuples()}
    fresh = (number for number in offline_numbers() if number not in known)
    new = [
        LeasedNumber.create(
            office=transaction.office_id,
            line=line,
            day=transaction.day,
            number=number,
            device=device.id,
            leased_at=transaction.now,
        )
        for number, _ in zip(fresh, range(missing - len(free)), strict=False)
    ]
    return [*free, *new]


def _held(transaction: OfficeTransaction, device: PairedDevice, key: bytes) -> list[dict[str, Any]]:
    rows = (
        LeasedNumber.select(LeasedNumber, Line)
        .join(Line)
        .where(_of(device.id, transaction.day))
        .order_by(LeasedNumber.line, LeasedNumber.number)
    )
    lines: dict[int, dict[str, Any]] = {}
    for row in rows:
        line = lines.setdefault(row.line_id, {"line": row.line_id, "prefix": row.line.prefix, "numbers": []})
        line["numbers"].append(
            {
                "number": row.number,
                "label": ticket_label(row.line.prefix, row.number),
                "check_code": check_code(key, f"{row.line_id}:{row.day}:{row.number}"),
            }
        )
    return list(lines.values())


def _of(device_id: int, day: date) -> Any:
    return (LeasedNumber.device == device_id) & (LeasedNumber.day == day) & (LeasedNumber.state == "held")


def _kiosk(actor: Actor) -> PairedDevice:
    assert actor.device is not None  # noqa: S101  the right agent.run is a device's alone
    return actor.device
