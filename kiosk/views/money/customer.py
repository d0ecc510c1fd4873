"""What the customer at a counter sees on the second screen: the fee, its code, and that it is paid."""

from __future__ import annotations

from flask import Response, g

from kiosk.services import look
from kiosk.services.look import money as shown
from kiosk.views.codes import picture_of_code
from kiosk.views.door import language, page, staff
from kiosk.views.money.common import blueprint


@blueprint.get("/counter/<int:counter_id>/customer")
@staff("ticket.call")
def customer(counter_id: int) -> str:
    """The second screen of a counter; it changes by itself. Raises Forbidden("not_your_counter")."""
    g.actor.require_counter(counter_id)
    look.counter_room(g.actor.office_id, counter_id)
    return page(
        "money/customer.html",
        counter_id=counter_id,
        number=shown.counter_number(counter_id),
        payment=shown.payment_at_counter(counter_id, language(), g.now),
    )


@blueprint.get("/counter/<int:counter_id>/customer.svg")
@staff("ticket.call")
def customer_code(counter_id: int) -> Response:
    """The code of the request that is open at a counter."""
    g.actor.require_counter(counter_id)
    card = shown.payment_at_counter(counter_id, language(), g.now)
    return picture_of_code(card["qr"] if card else None)
