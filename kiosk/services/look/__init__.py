"""Read-only views of the present state, as plain dictionaries for pages and the API. Nothing here writes."""

from kiosk.services.look.board import board_snapshot, counter_room, room_of_line
from kiosk.services.look.counter import counter_console, counters
from kiosk.services.look.dossier import declined, dossier_page, dossiers, progress
from kiosk.services.look.figures import queue_figures
from kiosk.services.look.follow import follow, follow_answer, ticket_of_token
from kiosk.services.look.menu import kiosk_menu, lines
from kiosk.services.look.office import (
    demo_device,
    first_office,
    office,
    office_by_key,
    office_row,
    offices,
    printer_state,
    today,
)
from kiosk.services.look.procedure import departments, procedure_card, procedures
from kiosk.services.look.ticket import issued_card, printing_state, ticket_card

__all__ = [
    "board_snapshot",
    "counter_console",
    "counter_room",
    "counters",
    "declined",
    "demo_device",
    "departments",
    "dossier_page",
    "dossiers",
    "first_office",
    "follow",
    "follow_answer",
    "issued_card",
    "kiosk_menu",
    "lines",
    "office",
    "office_by_key",
    "office_row",
    "offices",
    "printer_state",
    "printing_state",
    "procedure_card",
    "procedures",
    "progress",
    "queue_figures",
    "room_of_line",
    "ticket_card",
    "ticket_of_token",
    "today",
]
