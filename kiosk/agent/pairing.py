"""How the agent comes by its right to speak for a kiosk, at its start or from the page's keyboard."""

from __future__ import annotations

import hashlib
from typing import Any

from kiosk.agent.link import Link
from kiosk.agent.server import API, Server
from kiosk.agent.store import Store
from kiosk.domain.errors import DomainError, Forbidden, TooMany, Unauthenticated
from kiosk.domain.permissions import DeviceKind

PAIR_SECONDS = 8.0
KINDS_OF_REFUSAL = {401: Unauthenticated, 403: Forbidden, 429: TooMany}


def pair(store: Store, address: str, code: str) -> dict[str, Any]:
    """Turn a pairing code into this folder's token, and keep it; returns {token, device, open}.

    What waits to be handed in stays. Raises Away, DomainError with the server's code when it refuses, and
    Forbidden("wrong_device") for the code of something that is not a kiosk.
    """
    asked = {"code": code, "instance": store.instance}
    answer = Server(address, "", store.instance).ask(
        "POST", f"{API}/devices/pair", asked, seconds=PAIR_SECONDS
    )
    if not answer.fine:
        raise KINDS_OF_REFUSAL.get(answer.status, DomainError)(answer.code, **answer.data["error"]["fields"])
    paired: dict[str, Any] = answer.data
    if paired["device"]["kind"] != DeviceKind.KIOSK:
        raise Forbidden("wrong_device", expected=str(DeviceKind.KIOSK))
    store.keep(token=paired["token"], used_code=digest(code), refused=None)
    return paired


def pair_again(link: Link, code: str) -> dict[str, Any]:
    """The same from the kiosk's own page, after its right was taken away; the token stays with the agent."""
    with link.pressing:
        paired = pair(link.store, link.server.address, code)
        link.server = Server(link.server.address, paired["token"], link.store.instance)
    link.ring()
    return {name: paired[name] for name in ("device", "open")}


def digest(secret: str) -> str:
    """What is kept of a code or token to know it again, typed in any way."""
    return hashlib.sha256(
        "".join(character for character in secret if character.isalnum()).encode()
    ).hexdigest()
