"""Who is let into the house: each plugin read, imported and tried; one that is broken in any way is told why.

Nothing a plugin does here reaches the others: it is set aside with a reason that names file and place.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pluggy

import kiosk
from kiosk.domain.procedure import Department
from kiosk.plugin import hookspecs
from kiosk.plugin.calls import where
from kiosk.plugin.loading import Candidate, import_plugin
from kiosk.plugin.manifest import API, Manifest, parse_version, read_manifest
from kiosk.plugin.results import RESULTS
from kiosk.plugin.settings import Setting
from kiosk.plugin.tables import FileError

log = logging.getLogger(__name__)

LONGEST_REASON = 500
"""Characters of what a plugin raised that an admin's page shows."""


@dataclass(eq=False)
class PluginInfo:
    """A plugin as the admin sees it; `state` is ready, broken or skipped (safe mode), `reason` why it is not ready.

    `problem` is the reason's stable code: bad_manifest, wrong_api, name_clash, missing_requirement, import_failed,
    wrong_hook, boot_failed, safe_mode.
    """

    name: str
    origin: str
    folder: Path | None
    builtin: bool = False
    manifest: Manifest | None = None
    state: str = "ready"
    problem: str = ""
    reason: str = ""
    migrations: Path | None = None
    schema: tuple[Setting, ...] = ()
    departments: tuple[Department, ...] = ()
    notes: tuple[str, ...] = ()
    """What does not keep it from working and the admin should know."""

    @property
    def always_on(self) -> bool:
        """Whether it has no switch."""
        return self.manifest is not None and self.manifest.always_on

    def set_aside(self, problem: str, reason: str, state: str = "broken") -> None:
        """Keep it out of the house, and say why."""
        self.state, self.problem, self.reason = state, problem, reason
        if state == "broken":
            log.error("plugin %s is left out (%s): %s", self.name, problem, reason)


def admit(
    candidates: Iterable[Candidate], *, safe_mode: bool = False
) -> tuple[dict[str, PluginInfo], dict[str, Any]]:
    """(plugins by name, the objects of those that were started by name); never raises because of a plugin."""
    plugins: dict[str, PluginInfo] = {}
    sources: dict[str, Candidate] = {}
    for candidate in candidates:
        info = _read(candidate)
        if candidate.name in plugins:
            info = _clash(plugins[candidate.name], info)
        plugins[info.name] = info
        sources.setdefault(info.name, candidate)
    for info in plugins.values():
        if safe_mode and info.state == "ready" and not info.builtin:
            info.set_aside("safe_mode", "not started in safe mode", "skipped")
    objects: dict[str, Any] = {}
    for info in _in_order_of_need(plugins):
        _start(info, sources[info.name], objects)
    _refuse_shared_departments(plugins)
    for _ in plugins:  # whoever needs one that was set aside goes too, and so on
        for info in plugins.values():
            _require_ready(info, plugins)
    _note_shared_prefixes(plugins)
    return plugins, objects


def _read(candidate: Candidate) -> PluginInfo:
    info = PluginInfo(candidate.name, candidate.origin, candidate.folder, candidate.builtin)
    if candidate.folder is None:
        info.set_aside("bad_manifest", f"its entry point leads to no package ({candidate.module})")
        return info
    try:
        info.manifest = read_manifest(candidate.folder, candidate.builtin)
    except FileError as error:
        info.set_aside("bad_manifest", str(error))
        return info
    migrations = candidate.folder / "migrations"
    info.migrations = migrations if any(migrations.glob("*.py")) else None
    if info.manifest.name != candidate.name:
        info.set_aside(
            "bad_manifest", f"its entry point is called {candidate.name!r}, the plugin {info.manifest.name!r}"
        )
    elif info.manifest.api != API:
        info.set_aside("wrong_api", f"made for api {info.manifest.api}, this house has api {API}")
    elif parse_version(kiosk.__version__) < info.manifest.kiosk_from:
        wanted = ".".join(map(str, info.manifest.kiosk_from))
        info.set_aside("missing_requirement", f"needs kiosk {wanted} or later, this is {kiosk.__version__}")
    return info


def _clash(first: PluginInfo, second: PluginInfo) -> PluginInfo:
    """Two plugins of one name: neither is started, except that nobody can push out a built-in one."""
    reason = f"two plugins are called {first.name!r}: {first.origin} and {second.origin}"
    second.set_aside("name_clash", reason)
    if first.builtin:
        second.name = f"{first.name} ({second.origin})"
        return second
    first.set_aside("name_clash", reason)
    return first


def _in_order_of_need(plugins: dict[str, PluginInfo]) -> Iterable[PluginInfo]:
    """Each plugin after those it requires; what requires something missing or itself is set aside."""
    waiting = [info for info in plugins.values() if info.state == "ready"]
    done: set[str] = set()
    while waiting:
        able = [info for info in waiting if done.issuperset(_requires(info))]
        if not able:
            break
        for info in able:
            waiting.remove(info)
            yield info
            if info.state == "ready":
                done.add(info.name)
    for info in waiting:
        _require_ready(info, plugins)
        if info.state == "ready":
            info.set_aside("missing_requirement", "requires itself by way of others")


def _requires(info: PluginInfo) -> Sequence[str]:
    return info.manifest.requires if info.manifest else ()


def _require_ready(info: PluginInfo, plugins: Mapping[str, PluginInfo]) -> None:
    if info.state != "ready":
        return
    for name in _requires(info):
        other = plugins.get(name)
        if other is None or other.state != "ready":
            state = "not installed" if other is None else other.state
            info.set_aside("missing_requirement", f"requires {name!r}, which is {state}")
            return


def _start(info: PluginInfo, candidate: Candidate, objects: dict[str, Any]) -> None:
    """Import the plugin, check its hooks, and ask what a process asks only once."""
    try:
        thing = import_plugin(candidate)
    except (Exception, SystemExit) as error:
        info.set_aside("import_failed", _told(error, info))
        return
    trial = pluggy.PluginManager(hookspecs.PROJECT)
    trial.add_hookspecs(hookspecs)
    try:
        trial.register(thing, name=info.name)
        trial.check_pending()
    except (pluggy.PluginValidationError, ValueError, TypeError) as error:
        info.set_aside("wrong_hook", _one_line(error))
        return
    except (Exception, SystemExit) as error:  # looking at its names runs its code
        info.set_aside("wrong_hook", _told(error, info))
        return
    if reason := _no_use(thing, trial, objects):
        info.set_aside("wrong_hook", reason)
        return
    try:
        info.schema = _answers(trial, "settings_schema")
        info.departments = _answers(trial, "departments")
    except (Exception, SystemExit) as error:
        info.set_aside("boot_failed", _told(error, info))
        return
    objects[info.name] = thing


def _no_use(thing: Any, trial: pluggy.PluginManager, objects: Mapping[str, Any]) -> str | None:
    """Why hooks that fit the specifications cannot be used all the same."""
    callers = [] if isinstance(thing, type) else trial.get_hookcallers(thing) or []
    if not callers:
        return "it implements no hook; `plugin` must be a module or an instance"
    if twin := next((name for name, other in objects.items() if other is thing), None):
        return f"its `plugin` is the very object of {twin!r}"
    for caller in callers:
        if any(impl.wrapper or impl.hookwrapper for impl in caller.get_hookimpls()):
            return f"{caller.name}: a plugin answers for itself and wraps no other's answer"
    return None


def _told(error: BaseException, info: PluginInfo) -> str:
    """What was raised, in one line, and the last place in the plugin's own files."""
    if isinstance(error, FileError):
        return f"{type(error).__name__}: {_one_line(error)}"
    return f"{type(error).__name__}: {_one_line(error)} ({where(error, info.folder)})"


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:LONGEST_REASON]


def _answers(trial: pluggy.PluginManager, hook: str) -> tuple[Any, ...]:
    """All that a boot hook answers. Raises TypeError when it is not what the hook promises, ValueError for a twin."""
    things: list[Any] = []
    for answer in getattr(trial.hook, hook)():
        if fault := RESULTS[hook](answer):
            raise TypeError(f"{hook}{fault}")
        things += answer
    keys: list[Any] = [thing.key for thing in things]
    for department in things if hook == "departments" else ():
        keys += [(department.key, procedure.key) for procedure in department.procedures]
    for key, times in Counter(keys).items():
        if times > 1:
            raise ValueError(f"{hook}: the key {key!r} is used twice")
    return tuple(things)


def _refuse_shared_departments(plugins: dict[str, PluginInfo]) -> None:
    claims: dict[str, list[PluginInfo]] = {}
    for info in plugins.values():
        for department in info.departments:
            claims.setdefault(department.key, []).append(info)
    for key, claimants in claims.items():
        if len(claimants) > 1:
            names = " and ".join(repr(info.name) for info in claimants)
            for info in claimants:
                info.set_aside("name_clash", f"the department {key!r} is brought by {names}")


def _note_shared_prefixes(plugins: Mapping[str, PluginInfo]) -> None:
    """A prefix is what a department would like to have: two that like one are no fault, their lines get two letters."""
    bearers: dict[str, list[tuple[PluginInfo, Department]]] = {}
    for info in plugins.values():
        for department in info.departments if info.state == "ready" else ():
            if department.front_desk:
                bearers.setdefault(department.prefix, []).append((info, department))
    for prefix, claims in bearers.items():
        for info, department in claims:
            others = ", ".join(repr(other.key) for _, other in claims if other is not department)
            if others:
                note = f"department.prefix: {prefix!r} of {department.key!r} is also that of {others}; give its line another letter"
                info.notes += (note,)
                log.warning("plugin %s: %s", info.name, note)
