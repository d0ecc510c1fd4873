"""What a machine still holds when its right ends: papers it took over, and numbers it may have given."""

from __future__ import annotations

from kiosk.database import OfficeTransaction
from kiosk.domain.events import NumbersReturned
from kiosk.domain.printing import PrintState
from kiosk.models import Device, LeasedNumber, PrintJob
from kiosk.services.announce import announce
from kiosk.services.print_queue import STATES


def release(transaction: OfficeTransaction, device: Device, *, same: bool = False) -> None:
    """Take back what a device holds, unless the `same` machine goes on with it.

    Papers it may have printed come out elsewhere as repeats; numbers it may have given are given to nobody else, and
    are only taken from that machine's own hand.
    """
    if same:
        return
    taken = (PrintJob.agent == device.id) & (PrintJob.state << STATES)
    PrintJob.update(state=PrintState.REPEATED, repeat=PrintJob.repeat + 1, agent=None).where(taken).execute()
    held = (
        (LeasedNumber.device == device.id)
        & (LeasedNumber.day == transaction.day)
        & (LeasedNumber.state == "held")
    )
    numbers = numbers_by_line(LeasedNumber.select().where(held).order_by(LeasedNumber.number))
    if numbers:
        LeasedNumber.update(state="void", settled_at=transaction.now).where(held).execute()
        announce(
            transaction,
            NumbersReturned(device=device.id, day=transaction.day.isoformat(), numbers=numbers, void=True),
        )


def numbers_by_line(rows: list[LeasedNumber]) -> dict[str, list[int]]:
    """Leased numbers as an event names them: by line."""
    numbers: dict[str, list[int]] = {}
    for row in rows:
        numbers.setdefault(str(row.line_id), []).append(row.number)
    return numbers
