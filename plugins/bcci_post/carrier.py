"""The public post of an office: what a parcel costs and takes, and its order interface."""

from __future__ import annotations

import json
from typing import Any

from kiosk.domain.post.address import Recipient
from kiosk.domain.post.provinces import PROVINCES
from kiosk.domain.post.terms import PostalTerms, Service, home_place, zone_of_address
from kiosk.plugin import (
    NewsFile,
    OrderTaken,
    PostalCarrier,
    PostalOrder,
    Quote,
    Rejected,
    Retry,
    SettingValues,
)
from kiosk.plugin.web import Reply, post

from .news import read_news

TAKEN, KNOWN_ALREADY = "100", "101"
REST_SECONDS = 300.0
"""For what only an admin can mend."""
NOT_NOW = (408, 425, 429)
NOT_US = (401, 403)
COLLECTED_AT_SENDER = 2
"""`FlagConfig` of the interface: the post comes to the sender."""


class PublicPost(PostalCarrier):
    """BCCI: send in, return, or both (QĐ 45/2016 Đ.5)."""

    key = "bcci"
    title = "Bưu chính công ích"
    title_en = "Public post"
    services = frozenset(Service)
    terms = PostalTerms()

    def __init__(self, settings: SettingValues) -> None:
        self._settings = settings
        self.home = home_place(settings["province"], settings["near"], first_class=settings["first_class"])
        self.takes_orders = bool(settings["url"])

    def quote(self, to: Recipient, service: Service) -> Quote:
        """By distance; a result that follows a dossier sent in costs the same."""
        zone = zone_of_address(self.home, to)
        return Quote(self._settings[f"postage_{zone}"], zone, self.terms.days[zone])

    def hand_over(self, order: PostalOrder) -> OrderTaken:
        """POST the order under our own number: the post answers 101 to one it knows, so that no try makes a second."""
        own = self._settings
        headers = {"Content-Type": "application/json; charset=utf-8", "access_token": own["token"] or ""}
        body = json.dumps(order_body(order, own["customer"]), ensure_ascii=False).encode()
        return _read(post(own["url"], body, headers), order)

    def read_news(self, content: bytes) -> NewsFile:
        """The post's list of statuses as CSV or XLSX."""
        return read_news(content)


def order_body(order: PostalOrder, customer: str) -> dict[str, Any]:
    """The order as the interface takes it; provinces and communes by name."""
    to, sender = order.recipient, order.sender
    return {
        "CustomerCode": customer,
        "ItemCode": order.number,
        "OrderNumber": order.dossier,
        "CODAmount": order.collect,
        "Sender": {
            "Province": _province(sender.province),
            "District": "",
            "Address": sender.address,
            "Name": sender.name,
            "Email": sender.email,
            "Tel": sender.phone,
            "Desc": order.description,
        },
        "Description": order.description,
        "Receiver": {
            "Name": to.name,
            "Address": ", ".join(part for part in (to.street, to.ward) if part),
            "Tel": "0" + to.phone.removeprefix("+84") if to.phone.startswith("+84") else to.phone,
            "Province": _province(to.province),
            "District": to.district,
            "Email": to.email,
        },
        "FlagConfig": COLLECTED_AT_SENDER,
    }


def _province(key: str) -> str:
    return PROVINCES[key].name if key in PROVINCES else key


def _read(reply: Reply, order: PostalOrder) -> OrderTaken:
    if reply.status in NOT_NOW or reply.status >= 500:
        raise Retry("post_busy", reply.retry_after())
    if reply.status in NOT_US:
        raise Retry("post_refuses_us", REST_SECONDS)
    said = reply.json()
    status = str(said.get("Status", ""))
    if reply.status in (200, 201) and status in (TAKEN, KNOWN_ALREADY):
        reference = said.get("OrderId") or said.get("ItemCode") or order.number
        # A second try that was taken as a first one is still one order: both carry the same number.
        return OrderTaken(str(reference), already=status == KNOWN_ALREADY)
    if reply.status < 400 and not said:
        raise Retry("post_unreadable")
    raise Rejected("order_refused")
