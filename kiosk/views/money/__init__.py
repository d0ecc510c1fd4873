"""The cash desk's pages: requests, transfers, statements, refunds, days, remittances."""

from kiosk.views.money import customer, day, payments, refunds, remittances, statements, to_do, transfers
from kiosk.views.money.common import blueprint

__all__ = [
    "blueprint",
    "customer",
    "day",
    "payments",
    "refunds",
    "remittances",
    "statements",
    "to_do",
    "transfers",
]
