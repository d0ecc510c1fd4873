"""The posts an office works with, and those that still carry parcels for it."""

from __future__ import annotations

from typing import NamedTuple

from kiosk.domain.errors import Conflict, NotFound
from kiosk.plugin import gate
from kiosk.plugin.postal import PostalCarrier

LONGEST_SHOWN = 40


class Carrier(NamedTuple):
    """A carrier and the plugin that brings it."""

    plugin: str
    post: PostalCarrier


def carriers_of(office_id: int) -> dict[str, Carrier]:
    """Those offered now, by key; of two with one key the first counts."""
    found: dict[str, Carrier] = {}
    for plugin, answer in gate.ask(office_id, "postal_carriers", office=office_id):
        for post in answer:
            found.setdefault(post.key, Carrier(plugin, post))
    return found


def offered_carrier(office_id: int, key: str = "") -> Carrier:
    """One of those offered, or the only one. Raises Conflict("no_postal_carrier"), NotFound("unknown_carrier")."""
    found = carriers_of(office_id)
    if not found:
        raise Conflict("no_postal_carrier")
    if not key:
        return next(iter(found.values()))
    if key not in found:
        raise NotFound("unknown_carrier", carrier=key[:LONGEST_SHOWN], allowed=sorted(found))
    return found[key]


def known_carriers(office_id: int) -> dict[str, Carrier]:
    """Every carrier that is set up here, switched on or not: its parcels go on."""
    found: dict[str, Carrier] = {}
    for plugin in gate.house().implementers("postal_carriers"):
        for post in gate.ask_even_off(office_id, plugin, "postal_carriers", office=office_id) or ():
            found.setdefault(post.key, Carrier(plugin, post))
    return found


def honoured_carrier(office_id: int, key: str) -> Carrier:
    """A carrier by key, switched on or not. Raises NotFound("unknown_carrier")."""
    found = known_carriers(office_id)
    if key not in found:
        raise NotFound("unknown_carrier", carrier=key[:LONGEST_SHOWN], allowed=sorted(found))
    return found[key]
