"""Who is asked, for which office: the one way from the product to its plugins.

A plugin is asked where its office has it switched on. The switches are rows, read at most once a breath, so a
toggle is effective at the next request, socket event or job in every process. With them comes the number of the
office's own catalogue: what the office changed in it is read again only when that number has moved.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import date
from typing import Any

from peewee import JOIN

from kiosk.domain.deadlines import Term
from kiosk.domain.procedure import Department, IntakeField, Procedure
from kiosk.domain.queueing import Priority
from kiosk.models import CatalogueEdition, Office, OfficePlugin, ProcedureOverride
from kiosk.models.prepared import Prepared, Slot
from kiosk.plugin.editions import Catalogue, Edition, Override
from kiosk.plugin.facts import Answers, JournalEvent, Visitor
from kiosk.plugin.manager import PluginHouse
from kiosk.plugin.selection import Selection, plain_catalogue

SWITCHES = Prepared(
    lambda: (
        Office.select(
            Office.catalogue_version, OfficePlugin.name, OfficePlugin.enabled, OfficePlugin.settings
        )
        .join(OfficePlugin, JOIN.LEFT_OUTER)
        .where(Office.id == Slot("office"))
        .tuples()
    )
)


class _Current:
    """The house, and by office the catalogue made last, with its number."""

    house: PluginHouse | None = None
    catalogues: dict[int, tuple[int, Catalogue]] = {}
    making = threading.Lock()


_current = _Current()
_breath: ContextVar[dict[int, Selection] | None] = ContextVar("breath", default=None)


def use(house: PluginHouse | None) -> None:
    """Set the process's plugins, once at boot (None: forget them)."""
    _current.house = house
    _current.catalogues = {}


def house() -> PluginHouse:
    """The process's plugins. Raises RuntimeError before `use`."""
    if _current.house is None:
        raise RuntimeError("load the plugins first: gate.use(PluginHouse.load(settings))")
    return _current.house


@contextlib.contextmanager
def breath() -> Iterator[None]:
    """One request, socket event or job: within it an office's switches are read once. A breath in a breath joins it."""
    if _breath.get() is not None:
        yield
        return
    token = _breath.set({})
    try:
        yield
    finally:
        _breath.reset(token)


def forget(office_id: int) -> None:
    """Read the office's switches again, even in this breath: one of them was just turned."""
    known = _breath.get()
    if known is not None:
        known.pop(office_id, None)


def selection(office_id: int) -> Selection:
    """What the office has switched on; one query, kept until the end of the breath."""
    known = _breath.get()
    if known is not None and office_id in known:
        return known[office_id]
    chosen = _read(office_id)
    if known is not None:
        known[office_id] = chosen
    return chosen


def _read(office_id: int) -> Selection:
    database = OfficePlugin._meta.database
    opened = database.connect(reuse_if_open=True)
    try:
        rows = SWITCHES.all(office=office_id)
        catalogue = _catalogue(office_id, rows[0][0] if rows else 0)
    finally:
        if opened:
            database.close()
    plugins = house()
    on = {name for _, name, enabled, _ in rows if enabled}
    return Selection(
        plugins,
        plugins.always_on | (on & set(plugins.ready)),
        {name: settings for _, name, _, settings in rows if name in plugins.plugins},
        catalogue,
        office_id,
    )


def _catalogue(office_id: int, version: int) -> Catalogue:
    """The office's catalogue with that number; 0 is an office that has changed nothing."""
    if not version:
        return plain_catalogue(house())
    with _current.making:
        known = _current.catalogues.get(office_id)
        if known is None or known[0] != version:
            known = version, _make_catalogue(office_id)
            _current.catalogues[office_id] = known
    return known[1]


def _make_catalogue(office_id: int) -> Catalogue:
    editions = CatalogueEdition.select().where(
        (CatalogueEdition.office == office_id) & CatalogueEdition.revoked_at.is_null()
    )
    overrides = ProcedureOverride.select().where(
        (ProcedureOverride.office == office_id) & ProcedureOverride.revoked_at.is_null()
    )
    return Catalogue(
        plain_catalogue(house()).base,
        [
            Edition(row.department, row.procedure, row.valid_from, row.values)
            for row in editions.order_by(CatalogueEdition.id)
        ],
        [
            Override(
                row.department, row.procedure, row.kind, row.case, row.values, row.valid_from, row.valid_to
            )
            for row in overrides.order_by(ProcedureOverride.id)
        ],
    )


def enabled(office_id: int) -> frozenset[str]:
    """Names of the plugins that are switched on in the office and work."""
    return selection(office_id).names


def settings(office_id: int, plugin: str) -> dict[str, Any]:
    """A plugin's settings in the office, secrets included: for the house, not for a page."""
    return selection(office_id).settings(plugin)


def ask(
    office_id: int, hook: str, *, owner: str | None = None, strict: bool = False, **arguments: Any
) -> list[tuple[str, Any]]:
    """(plugin, answer) of every enabled plugin that has one, the owner's first; see `Selection.ask`."""
    return selection(office_id).ask(hook, owner=owner, strict=strict, **arguments)


def ask_even_off(office_id: int, plugin: str, hook: str, **arguments: Any) -> Any:
    """One installed plugin's answer, switched on in the office or not: for what it began while it was on.

    None when it is not installed or has nothing to say.
    """
    if plugin not in house().ready:
        return None
    chosen = selection(office_id)
    return house().call(plugin, hook, arguments, chosen.settings(plugin), office=office_id).value


def first(
    office_id: int,
    hook: str,
    *,
    owner: str | None = None,
    even_off: bool = False,
    strict: bool = False,
    **arguments: Any,
) -> Any:
    """The first answer that is not None, the owner's before all others; see `Selection.first`."""
    return selection(office_id).first(hook, owner=owner, even_off=even_off, strict=strict, **arguments)


def tell(plugin: str, hook: str, event: JournalEvent) -> bool:
    """Let one plugin hear of an event, switched on or not; False when it failed and is to be told again."""
    if plugin not in house().ready:
        return False
    return not house().call(plugin, hook, {"event": event}, {}, office=event.get("office")).failed


def listeners(hook: str) -> list[str]:
    """Plugins that implement an H hook: each gets a cursor of its own."""
    return list(house().implementers(hook))


def hears(plugin: str, office_id: int, department: str) -> bool:
    """Whether a plugin is told of a record: it is switched on in the office, or it owns the record's department."""
    return plugin == plugin_of_department(department) or plugin in enabled(office_id)


def departments(office_id: int | None = None, on: date | None = None) -> dict[str, Department]:
    """Departments by key: those switched on in the office as they are on a day, or (None) all that are installed."""
    return house().departments if office_id is None else selection(office_id).departments_on(on)


def plugin_of_department(key: str) -> str | None:
    """The plugin that brings a department, if one is installed that does."""
    return house().owners.get(key)


def catalogue(office_id: int) -> Catalogue:
    """The office's own catalogue, with the departments it has switched off."""
    return selection(office_id).catalogue


def procedures(
    office_id: int, department: str | None = None, on: date | None = None
) -> tuple[Procedure, ...]:
    """All procedures offered in the office, or those of one department, as they are on a day."""
    return selection(office_id).procedures(department, on=on)


def find_procedure(
    office_id: int,
    key: str,
    department: str | None = None,
    include_disabled: bool = False,
    on: date | None = None,
) -> Procedure:
    """A procedure by key, short code or full code, with the facts of that day.

    Raises NotFound("unknown_procedure"), Conflict("plugin_disabled"), Conflict("procedure_ambiguous").
    """
    return selection(office_id).find_procedure(key, department, include_disabled=include_disabled, on=on)


def search(
    office_id: int, query: str, department: str | None = None, on: date | None = None
) -> list[Procedure]:
    """Procedures offered in the office that fit the words, with or without diacritics."""
    return selection(office_id).search(query, department, on=on)


def intake_fields(office_id: int, procedure: Procedure) -> list[IntakeField]:
    """The questions the counter asks for an application."""
    return selection(office_id).intake_fields(procedure)


def term_for(office_id: int, procedure: Procedure, answers: Answers) -> Term:
    """The legal term that applies with these answers; unit `none` where there is no deadline.

    Raises Unavailable("plugin_failed").
    """
    return selection(office_id).term_for(procedure, answers)


def priority_for(office_id: int, procedure: Procedure | None, visitor: Visitor) -> Priority:
    """The best priority class the office's plugins grant a visitor."""
    return selection(office_id).priority_for(procedure, visitor)


def known_procedure(department: str, key: str, office_id: int | None = None) -> Procedure | None:
    """A procedure of an installed department, switched on or not; None when its plugin is gone.

    With an office also one that only the office's own catalogue brings.
    """
    known = plain_catalogue(house()) if office_id is None else catalogue(office_id)
    return next((p for p in known.on().index.find(key) if p.department == department), None)
