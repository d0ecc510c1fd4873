"""Access tokens: kept in a table, renewed by one process at a time.

Zalo gives a new refresh token at every renewal and takes each only once: of two that renew at the same time one would
lose the account. So who renews claims the row first, in one UPDATE, and the others come again in a moment.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from urllib.parse import urlencode

from kiosk.plugin import Retry, SettingValues
from kiosk.plugin.web import Reply, post

from .rows import ZaloToken

EARLY = timedelta(minutes=5)
"""A token is renewed so long before its end."""
CLAIM_HOLDS = timedelta(seconds=60)
"""Longer than a renewal can take; after that whoever claimed it has died."""
USUAL_LIFE, SHORTEST_LIFE = 90_000, 600
COME_AGAIN_SECONDS, REST_SECONDS = 3.0, 60.0


class Tokens:
    """The tokens of one office."""

    def __init__(self, office: int, settings: SettingValues) -> None:
        self._office, self._settings = office, settings

    def access(self, now: datetime, *, stale: str | None = None) -> str:
        """A token Zalo should take; `stale` is one it has just refused.

        Raises Retry("token_renewing", "token_refused", "unreachable").
        """
        row = self._row(now)
        if row.access and row.access != stale and row.expires_at > now + EARLY:
            return str(row.access)
        return self._renew(row, now)

    def _row(self, now: datetime) -> ZaloToken:
        """What is kept; a refresh token that an admin has entered since takes the place of all of it."""
        given = self._settings["refresh_token"] or ""
        seed = hashlib.sha256(given.encode()).hexdigest()
        row = ZaloToken.get_or_none(ZaloToken.office == self._office)
        if row is not None and row.seed == seed:
            return row
        fresh = {"seed": seed, "access": "", "refresh": given, "expires_at": now, "claimed_at": None}
        ZaloToken.insert(office=self._office, **fresh).on_conflict_ignore().execute()
        ZaloToken.update(version=ZaloToken.version + 1, **fresh).where(
            (ZaloToken.office == self._office) & (ZaloToken.seed != seed)
        ).execute()
        return ZaloToken.get_by_id(self._office)

    def _renew(self, row: ZaloToken, now: datetime) -> str:
        mine = (ZaloToken.office == self._office) & (ZaloToken.version == row.version)
        free = ZaloToken.claimed_at.is_null() | (ZaloToken.claimed_at < now - CLAIM_HOLDS)
        if not ZaloToken.update(claimed_at=now).where(mine & free).execute():
            raise Retry("token_renewing", COME_AGAIN_SECONDS)
        try:
            reply = self._ask(row.refresh)
        except Retry:
            ZaloToken.update(claimed_at=None).where(mine).execute()
            raise
        said = reply.json()
        access, refresh = said.get("access_token"), said.get("refresh_token")
        if not (isinstance(access, str) and isinstance(refresh, str) and access and refresh):
            ZaloToken.update(claimed_at=None).where(mine).execute()
            if reply.status == 429 or reply.status >= 500:
                raise Retry("zalo_busy", reply.retry_after())
            raise Retry("token_refused", REST_SECONDS)
        ZaloToken.update(
            access=access,
            refresh=refresh,
            expires_at=now + timedelta(seconds=_life(said.get("expires_in"))),
            version=row.version + 1,
            claimed_at=None,
        ).where(mine).execute()
        return access

    def _ask(self, refresh: str) -> Reply:
        body = urlencode(
            {"refresh_token": refresh, "app_id": self._settings["app_id"], "grant_type": "refresh_token"}
        ).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "secret_key": self._settings["secret_key"] or "",
        }
        return post(self._settings["token_url"], body, headers)


def _life(said: object) -> int:
    """Seconds; Zalo writes the number as text."""
    text = str(said)
    return (
        max(SHORTEST_LIFE, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else USUAL_LIFE
    )
