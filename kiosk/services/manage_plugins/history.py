"""Who switched or configured a plugin, and when: all of it, from the journal."""

from __future__ import annotations

import json
from typing import Any

from kiosk.database import connection
from kiosk.models import Journal
from kiosk.services.manage_users import names_by_id

KINDS = ("plugin.switched", "plugin.configured")
PAGE = 20


def history(office_id: int, name: str, page: int = 1) -> dict[str, Any]:
    """One page of a plugin's history, newest first: {entries: [{at, kind, facts, by}], page, pages, total}.

    `by` is who did it, "" for the house itself. A page that is not there becomes the nearest that is.
    """
    # The facts are canonical JSON, so this text stands in them exactly when the plugin does.
    about = Journal.facts.contains(f'"plugin":{json.dumps(name)}')
    wanted = (Journal.office == office_id) & (Journal.kind << list(KINDS)) & about
    with connection():
        total = Journal.select(Journal.seq).where(wanted).count()
        pages = max(1, -(-total // PAGE))
        page = min(max(1, page), pages)
        rows = list(Journal.select().where(wanted).order_by(Journal.seq.desc()).paginate(page, PAGE))
    users = names_by_id(office_id)
    entries = [
        {"at": row.at, "kind": row.kind, "facts": json.loads(row.facts), "by": _who(row.actor, users)}
        for row in rows
    ]
    return {"entries": entries, "page": page, "pages": pages, "total": total}


def _who(actor: str, users: dict[int, str]) -> str:
    kind, _, number = actor.partition(":")
    return users.get(int(number), "") if kind == "user" and number.isdecimal() else ""
