"""Numbers: taken at the kiosk, moved along at the counter."""

from __future__ import annotations

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag

from kiosk.domain.errors import Forbidden
from kiosk.i18n import error_message
from kiosk.services import look
from kiosk.services.issue_ticket import TicketHouse, Wish, issue_ticket
from kiosk.services.serve_ticket import MoveDetails, move_ticket
from kiosk.views.api.answers import answer, conditional
from kiosk.views.api.shapes import IdPath, TicketBody, TicketMoveBody
from kiosk.views.door import idempotent, language, public_address, right, settings

api = APIBlueprint("api_tickets", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="tickets")])


@api.get("/kiosk/menu", summary="What a kiosk offers now")
@right("ticket.issue")
def menu() -> Response:
    """Departments, lines with their waiting figures, procedures, priorities, and the printer's state."""
    shown = look.kiosk_menu(g.actor.office_id, g.actor.device.id if g.actor.device else None, g.now)
    return conditional(_with_message(shown, "printer"))


@api.post("/tickets", summary="Take a number")
@right("ticket.issue")
@idempotent
def issue(body: TicketBody) -> Response:
    """Give the next number of a line; the paper, where there is a printer, follows by itself."""
    office = g.actor.office_id
    if body.office is not None and look.office_by_key(body.office)["id"] != office:
        raise Forbidden("foreign_office", office=body.office)
    house = TicketHouse(settings().key, public_address(look.office(office)))
    wish = Wish(**{**body.model_dump(exclude={"office"}), "then": tuple(body.then)})
    return answer(look.issued_card(issue_ticket(office, wish, g.actor, g.now, house), house.base_url), 201)


@api.get("/tickets/<int:id>/printing", summary="How the paper stands")
@right("ticket.issue")
def printing(path: IdPath) -> Response:
    """none, queued, printed, or trouble with what to do."""
    return answer(_with_message({"job": look.printing_state(g.actor.office_id, path.id)}, "job")["job"])


@api.post(
    "/tickets/<int:id>/moves", summary="Recall, start, finish, no-show, park, transfer, note, cancel, undo"
)
@right("ticket.call")
@idempotent
def move(path: IdPath, body: TicketMoveBody) -> Response:
    """Make a legal move of a ticket at this counter."""
    details = MoveDetails(**body.model_dump(exclude={"move"}))
    return answer(look.ticket_card(move_ticket(path.id, body.move, g.actor, g.now, details), g.now))


def _with_message(shown: dict, part: str) -> dict:
    """Put a printer's problem into words."""
    state = shown[part]
    if state is not None:
        problem = state["problem"]
        state["message"] = error_message(problem, language(), {}) if problem else ""
    return shown
