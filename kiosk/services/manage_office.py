"""The office itself: how it is called, where it is reached, and the form of its dossier codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args
from urllib.parse import urlsplit

from kiosk.database import connection, office_transaction
from kiosk.domain.codes import CodeForm
from kiosk.domain.errors import DomainError, NotFound
from kiosk.domain.events import OfficeChanged
from kiosk.domain.names import clean_name, clean_note
from kiosk.models import Office
from kiosk.services.announce import announce

LONGEST = {"title": 200, "subtitle": 200, "place_name": 80, "address": 300, "phone": 40, "public_url": 200}
"""Longest texts, in characters: what the columns keep."""

_PHONE = re.compile(r"[+(]?[0-9][0-9 .()-]{1,38}")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


def office_facts(office_id: int) -> dict[str, str]:
    """What `change_office` can change, with the form of codes and the agency's code. Raises NotFound("unknown_office")."""
    with connection():
        row = Office.get_or_none(Office.id == office_id)
    if row is None:
        raise NotFound("unknown_office", office=office_id)
    return {name: getattr(row, name) for name in (*LONGEST, "code_form", "agency", "key")}


def change_office(office_id: int, values: Mapping[str, str], now: datetime, actor: str) -> list[str]:
    """Give the office other names or addresses and return which changed; no change, no entry.

    Raises DomainError("phone_malformed", "public_url_malformed", those of clean_name and clean_note).
    """
    wanted = {
        "title": clean_name(values["title"], LONGEST["title"], field="title"),
        "subtitle": _name_or_nothing(values, "subtitle"),
        "place_name": _name_or_nothing(values, "place_name"),
        "address": " ".join(clean_note(values["address"], LONGEST["address"], field="address").split()),
        "phone": clean_phone(values["phone"]),
        "public_url": clean_public_url(values["public_url"]),
    }
    with office_transaction(office_id, now, actor) as transaction:
        row = Office.get_by_id(office_id)
        changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
        if changed:
            Office.update({name: wanted[name] for name in changed}).where(Office.id == office_id).execute()
            announce(transaction, OfficeChanged(changed=changed))
    return changed


def change_code_form(office_id: int, form: str, now: datetime, actor: str) -> bool:
    """Write dossier codes in another form from now on; codes that were given stay. False when it is so already.

    "tt01" is 000.00.NN.H02-260101-0001 (TT 01/2018/TT-VPCP Đ.19), "qd20" H02.NN-260101-0001 (QĐ 20/2020/QĐ-TTg).
    Raises DomainError("unknown_code_form").
    """
    if form not in get_args(CodeForm):
        raise DomainError("unknown_code_form", field="code_form", allowed=list(get_args(CodeForm)))
    with office_transaction(office_id, now, actor) as transaction:
        this = (Office.id == office_id) & (Office.code_form != form)
        if not Office.update(code_form=form).where(this).execute():
            return False
        announce(transaction, OfficeChanged(changed=["code_form"], code_form=form))
    return True


def clean_phone(text: str) -> str:
    """A number as it is to be printed: "0204.3531.111", "1900 1234"; "" for none. Raises DomainError("phone_malformed")."""
    phone = " ".join(text.split())
    if phone and not _PHONE.fullmatch(phone):
        raise DomainError("phone_malformed", field="phone")
    return phone


def clean_public_url(text: str) -> str:
    """An address such as https://motcua.bacgiang.gov.vn, to which paths are added; "" for the installation's own.

    Raises DomainError("public_url_malformed") for anything else than https, a host, and perhaps a port and a path.
    """
    url = text.strip().rstrip("/")
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise DomainError("public_url_malformed", field="public_url") from None
    host = parts.hostname or ""
    plain = url.isascii() and url.isprintable() and " " not in url and not set(url) & set("?#@\\\"'<>")
    if parts.scheme != "https" or not _HOST.fullmatch(host) or port == 0 or not plain:
        raise DomainError("public_url_malformed", field="public_url")
    if len(url) > LONGEST["public_url"]:
        raise DomainError("text_too_long", field="public_url", limit=LONGEST["public_url"])
    return url


def _name_or_nothing(values: Mapping[str, Any], name: str) -> str:
    return clean_name(values[name], LONGEST[name], field=name) if values[name].strip() else ""
