"""Devices turn a pairing code into their token."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response, g, request
from flask_openapi3 import APIBlueprint, Tag

from kiosk.services.pair_device import pair
from kiosk.views.api.answers import answer
from kiosk.views.api.shapes import PairBody
from kiosk.views.door import public, refuse_foreign_origin, set_device_cookie

api = APIBlueprint("api_devices", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="devices")])


@api.post("/devices/pair", summary="Pair this device")
@public
def pair_device(body: PairBody) -> Response:
    """The token of the device, once; browsers also get it as a cookie, agents have it bound to their data folder."""
    refuse_foreign_origin()
    paired = pair(body.code, g.now, request.remote_addr or "", body.instance or "")
    device = asdict(paired.device)
    response = answer({"token": paired.token, "device": device, "open": paired.opens})
    if not body.instance:  # an agent keeps its token to itself
        set_device_cookie(response, paired.token, paired.device.kind)
    return response
