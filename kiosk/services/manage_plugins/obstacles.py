"""What stands in the way of switching a plugin on, in the order in which it is best put right."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.database import connection
from kiosk.domain.errors import Conflict, DomainError
from kiosk.domain.procedure import Department
from kiosk.migrate import pending
from kiosk.models import Line
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginInfo
from kiosk.plugin.settings import validate
from kiosk.services.manage_plugins.rows import require_ready, requires, stored_settings
from kiosk.services.manage_plugins.settings import try_values


def obstacles(office_id: int, info: PluginInfo) -> Iterator[DomainError]:
    """Every refusal `enable` would utter, one after the other; a broken plugin has that one only.

    Conflict("plugin_broken", "plugin_requires", "plugin_not_migrated", "prefix_clash"), DomainError("setting_invalid").
    The plugin's own test is only run once its settings are right.
    """
    try:
        require_ready(info)
    except Conflict as error:
        yield error
        return
    for check in (_what_it_requires, _its_tables, _its_letters, _its_settings):
        try:
            check(office_id, info)
        except DomainError as error:
            yield error


def check_neighbours(office_id: int, info: PluginInfo) -> None:
    """What another admin's switch may have changed since `obstacles`: the plugins it requires, and its letters.

    Quick enough to ask with the office locked. Raises Conflict("plugin_requires", "prefix_clash").
    """
    _what_it_requires(office_id, info)
    _its_letters(office_id, info)


def letters_of(office_id: int, department: Department) -> frozenset[str]:
    """The letters of a department's tickets: those of its lines, or the one it wishes for while it has none."""
    with connection():
        lines = Line.select(Line.prefix).where(
            (Line.office == office_id) & (Line.department == department.key)
        )
        own = frozenset(line.prefix for line in lines)
    return own or frozenset(filter(None, (department.prefix,)))


def _what_it_requires(office_id: int, info: PluginInfo) -> None:
    missing = [other for other in requires(info) if other not in gate.enabled(office_id)]
    if missing:
        raise Conflict("plugin_requires", plugin=info.name, requires=missing)


def _its_tables(office_id: int, info: PluginInfo) -> None:
    if info.migrations is None:
        return
    waiting = [name for name in pending([(info.name, info.migrations)]) if name.startswith(f"{info.name}: ")]
    if waiting:
        raise Conflict("plugin_not_migrated", plugin=info.name, pending=waiting)


def _its_letters(office_id: int, info: PluginInfo) -> None:
    """Two departments with one letter would give the same numbers; the first who came keeps it."""
    new = {department.key for department in info.departments}
    taken = {
        letter: other.title
        for other in gate.departments(office_id).values()
        if other.key not in new
        for letter in letters_of(office_id, other)
    }
    with connection():
        strangers = Line.select().where((Line.office == office_id) & Line.department.not_in(sorted(new)))
        taken |= {line.prefix: line.title for line in strangers}
    for department in info.departments:
        for letter in sorted(letters_of(office_id, department) & taken.keys()):
            raise Conflict("prefix_clash", department=department.key, prefix=letter, other=taken[letter])


def _its_settings(office_id: int, info: PluginInfo) -> None:
    try_values(info, validate(info.schema, {}, stored_settings(office_id, info.name)))
