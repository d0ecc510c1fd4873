"""The admin's rooms: an overview, and one page for each thing that can be arranged."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, g

from kiosk.services import manage_devices, manage_plugins, manage_printers, overview
from kiosk.views.admin_booking import blueprint as booking
from kiosk.views.admin_calendar import blueprint as calendar
from kiosk.views.admin_day import blueprint as day
from kiosk.views.admin_devices import blueprint as devices
from kiosk.views.admin_money import blueprint as money_rules
from kiosk.views.admin_notices import blueprint as notices
from kiosk.views.admin_office import blueprint as office_page
from kiosk.views.admin_places import blueprint as places
from kiosk.views.admin_plugins import blueprint as plugins
from kiosk.views.admin_procedures import blueprint as procedures
from kiosk.views.admin_rules import blueprint as rules
from kiosk.views.admin_users import blueprint as users
from kiosk.views.admin_voice import blueprint as voice
from kiosk.views.door import current_office, page, staff
from kiosk.views.forms import clock_of

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
for room in (
    users,
    places,
    plugins,
    devices,
    calendar,
    day,
    office_page,
    procedures,
    rules,
    voice,
    notices,
    booking,
    money_rules,
):
    blueprint.register_blueprint(room)


@blueprint.get("")
@staff("ops.see")
def today() -> str:
    """The day so far, what is in trouble, and who changed what."""
    office = current_office()
    local_day = g.now.astimezone(ZoneInfo(office["zone"])).date()
    return page(
        "admin/overview.html",
        today=overview.today(office["id"], local_day),
        day=local_day,
        printers=manage_printers.printers(office["id"]),
        devices=manage_devices.devices(office["id"], g.now),
        plugins=manage_plugins.listing(office["id"]),
        changes=overview.recent_changes(office["id"], most=12),
        when=clock_of(office["zone"]),
    )
