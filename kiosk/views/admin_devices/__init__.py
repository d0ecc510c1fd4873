"""Hardware as an admin sees it: kiosks, boards, displays and buttons with their pairing, and ticket printers."""

from __future__ import annotations

from flask import Blueprint

from kiosk.views.admin_devices.devices import blueprint as devices
from kiosk.views.admin_devices.printers import blueprint as printers

blueprint = Blueprint("hardware", __name__)
blueprint.register_blueprint(devices)
blueprint.register_blueprint(printers)
