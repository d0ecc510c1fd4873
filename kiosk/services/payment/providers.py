"""The ways of paying an office offers, and those that are still listened to."""

from __future__ import annotations

from kiosk.domain.errors import NotFound
from kiosk.plugin import gate
from kiosk.plugin.providers import PaymentProvider

CASH, CARD, BY_HAND, EXEMPT = "cash", "card", "transfer", "exempt"
HOUSE_METHODS = (CASH, CARD, BY_HAND, EXEMPT)
"""What a counter can do without any bank's help."""
ON_DELIVERY = "post"
"""Collected by the post and paid over by it; no counter offers it."""
ANY_QR = "qr"
"""Whichever provider the office offers first."""
LONGEST_SHOWN = 40


def providers_of(office_id: int) -> dict[str, tuple[str, PaymentProvider]]:
    """(plugin, provider) by key, as offered now; of two with one key the first counts."""
    found: dict[str, tuple[str, PaymentProvider]] = {}
    for plugin, answer in gate.ask(office_id, "payment_providers", office=office_id):
        for provider in answer:
            found.setdefault(provider.key, (plugin, provider))
    return found


def offered_provider(office_id: int, method: str) -> PaymentProvider:
    """The provider of a method, or any for "qr". Raises NotFound("unknown_payment_method")."""
    found = providers_of(office_id)
    if method == ANY_QR and found:
        return next(iter(found.values()))[1]
    if method not in found:
        raise NotFound(
            "unknown_payment_method", method=method[:LONGEST_SHOWN], allowed=[*found, *HOUSE_METHODS]
        )
    return found[method][1]


def known_providers(office_id: int) -> list[PaymentProvider]:
    """Every provider that is set up here, switched on or not: its account goes on being reconciled."""
    found: list[PaymentProvider] = []
    for plugin in gate.house().implementers("payment_providers"):
        found += gate.ask_even_off(office_id, plugin, "payment_providers", office=office_id) or ()
    return found


def honoured_provider(office_id: int, plugin: str) -> PaymentProvider:
    """A plugin's provider, switched on or not: money for what it asked for may come late.

    Raises NotFound("unknown_payment_method").
    """
    answer = gate.ask_even_off(office_id, plugin, "payment_providers", office=office_id)
    if not answer:
        raise NotFound("unknown_payment_method", method=plugin[:LONGEST_SHOWN], allowed=[])
    return answer[0]
