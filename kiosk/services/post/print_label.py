"""A parcel's label, on ticket paper or as a page. The promise of a paper names the parcel; the address stays where it is."""

from __future__ import annotations

from datetime import datetime

from kiosk.database import office_transaction
from kiosk.domain.errors import NotFound
from kiosk.domain.label import ParcelLabel, label_to_json
from kiosk.domain.permissions import Actor
from kiosk.models import Office, Parcel, Printer, PrintJob
from kiosk.services.payment.confirm_payment import office_of
from kiosk.services.post.orders import recipient_of

KIND = "label"


def print_label(parcel: Parcel, actor: Actor, now: datetime) -> int:
    """Queue a label on the first printer of the server's own. Raises NotFound("no_printer")."""
    office_id = office_of(actor)
    # A kiosk's own printer stands in the hall, and its agent would keep the address.
    printer = (
        Printer.select(Printer.id)
        .where((Printer.office == office_id) & Printer.agent.is_null())
        .order_by(Printer.id)
        .first()
    )
    if printer is None:
        raise NotFound("no_printer")
    with office_transaction(office_id, now, actor.name) as transaction:
        job = PrintJob.create(
            office=office_id,
            printer=printer.id,
            kind=KIND,
            slip={"parcel": parcel.id},
            next_try_at=transaction.now,
            created_at=transaction.now,
        )
        transaction.touched = True
    return int(job.id)


def label_of(parcel: Parcel) -> ParcelLabel:
    """What stands on a parcel's label."""
    office, to = Office.get_by_id(parcel.office_id), recipient_of(parcel)
    return ParcelLabel(
        office_title=office.title,
        office_address=office.address,
        number=parcel.number,
        dossier=parcel.dossier.code,
        name=to.name,
        address=to.line,
        phone="0" + to.phone.removeprefix("+84") if to.phone else "",
        collect=parcel.collect,
        take_back=tuple(parcel.take_back_papers),
        note=parcel.note,
    )


def label_facts(parcel_id: int) -> dict[str, object]:
    """What a printer draws a promised label from."""
    return label_to_json(label_of(Parcel.get_by_id(parcel_id)))
