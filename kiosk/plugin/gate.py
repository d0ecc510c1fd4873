"""Who is asked, for which office: the one way from the product to its plugins.

A plugin is asked where its office has it switched on. The switches are rows, read at most once a breath, so a
toggle is effective at the next request, socket event or job in every process.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import date
from typing import Any

from kiosk.domain.deadlines import Term
from kiosk.domain.procedure import Department, IntakeField, Procedure
from kiosk.domain.queueing import Priority
from kiosk.models import OfficePlugin
from kiosk.models.prepared import Prepared, Slot
from kiosk.plugin.facts import Answers, Visitor
from kiosk.plugin.manager import PluginHouse
from kiosk.plugin.selection import Selection

SWITCHES = Prepared(
    lambda: (
        OfficePlugin.select(OfficePlugin.name, OfficePlugin.enabled, OfficePlugin.settings)
        .where(OfficePlugin.office == Slot("office"))
        .tuples()
    )
)


class _Current:
    house: PluginHouse | None = None


_current = _Current()
_breath: ContextVar[dict[int, Selection] | None] = ContextVar("breath", default=None)


def use(house: PluginHouse | None) -> None:
    """Set the process's plugins, once at boot (None: forget them)."""
    _current.house = house


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
    finally:
        if opened:
            database.close()
    plugins = house()
    on = {name for name, enabled, _ in rows if enabled}
    return Selection(
        plugins,
        plugins.always_on | (on & set(plugins.ready)),
        {name: settings for name, _, settings in rows if name in plugins.plugins},
    )


def enabled(office_id: int) -> frozenset[str]:
    """Names of the plugins that are switched on in the office and work."""
    return selection(office_id).names


def settings(office_id: int, plugin: str) -> dict[str, Any]:
    """A plugin's settings in the office, secrets included: for the house, not for a page."""
    return selection(office_id).settings(plugin)


def ask(office_id: int, hook: str, *, owner: str | None = None, **arguments: Any) -> list[tuple[str, Any]]:
    """(plugin, answer) of every enabled plugin that has one, the owner's first."""
    return selection(office_id).ask(hook, owner=owner, **arguments)


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


def tell(plugin: str, hook: str, **arguments: Any) -> bool:
    """Let one plugin hear of something, switched on or not; False when it failed and is to be told again."""
    if plugin not in house().ready:
        return False
    return not house().call(plugin, hook, arguments, {}).failed


def listeners(hook: str) -> list[str]:
    """Plugins that implement an H hook: each gets a cursor of its own."""
    return list(house().implementers(hook))


def hears(plugin: str, office_id: int, department: str) -> bool:
    """Whether a plugin is told of a record: it is switched on in the office, or it owns the record's department."""
    return plugin == plugin_of_department(department) or plugin in enabled(office_id)


def departments(office_id: int | None = None) -> dict[str, Department]:
    """Departments by key: those switched on in the office, or (None) all that are installed."""
    return house().departments if office_id is None else selection(office_id).departments


def plugin_of_department(key: str) -> str | None:
    """The plugin that brings a department, if one is installed that does."""
    return house().owners.get(key)


def procedures(office_id: int, department: str | None = None) -> tuple[Procedure, ...]:
    """All procedures offered in the office, or those of one department."""
    return selection(office_id).procedures(department)


def find_procedure(
    office_id: int,
    key: str,
    department: str | None = None,
    include_disabled: bool = False,
    on: date | None = None,
) -> Procedure:
    """A procedure by key, short code or full code.

    Raises NotFound("unknown_procedure"), Conflict("plugin_disabled"), Conflict("procedure_ambiguous").
    """
    return selection(office_id).find_procedure(key, department, include_disabled=include_disabled, on=on)


def search(office_id: int, query: str, department: str | None = None) -> list[Procedure]:
    """Procedures offered in the office that fit the words, with or without diacritics."""
    return selection(office_id).search(query, department)


def intake_fields(office_id: int, procedure: Procedure) -> list[IntakeField]:
    """The questions the counter asks for an application."""
    return selection(office_id).intake_fields(procedure)


def term_for(office_id: int, procedure: Procedure, answers: Answers) -> Term:
    """The legal term that applies with these answers; unit `none` where there is no deadline."""
    return selection(office_id).term_for(procedure, answers)


def priority_for(office_id: int, procedure: Procedure | None, visitor: Visitor) -> Priority:
    """The best priority class the office's plugins grant a visitor."""
    return selection(office_id).priority_for(procedure, visitor)


def known_procedure(department: str, key: str) -> Procedure | None:
    """A procedure of an installed department, switched on or not; None when its plugin is gone."""
    return next((p for p in house().index.find(key) if p.department == department), None)
