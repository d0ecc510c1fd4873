"""The house of plugins: every installed plugin read, imported, checked and registered once a process.

A plugin that is broken in any way is listed with its reason; the others go on without it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import pluggy

import kiosk
from kiosk.domain.procedure import Department
from kiosk.paths import plugins_dir
from kiosk.plugin import hookspecs
from kiosk.plugin.calls import Calls, Outcome, where
from kiosk.plugin.index import ProcedureIndex
from kiosk.plugin.loading import Candidate, discover, import_plugin
from kiosk.plugin.manifest import API, Manifest, parse_version, read_manifest
from kiosk.plugin.settings import Setting
from kiosk.plugin.tables import FileError

log = logging.getLogger(__name__)


class PluginSettings(Protocol):
    """The part of the installation's settings that the house of plugins reads."""

    @property
    def plugins_dir(self) -> Path | None:
        """A further folder of plugins."""

    @property
    def safe_mode(self) -> bool:
        """Whether only built-in plugins are started."""


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

    @property
    def always_on(self) -> bool:
        """Whether it has no switch."""
        return self.manifest is not None and self.manifest.always_on

    def set_aside(self, problem: str, reason: str, state: str = "broken") -> None:
        """Keep it out of the house, and say why."""
        self.state, self.problem, self.reason = state, problem, reason
        if state == "broken":
            log.error("plugin %s is left out (%s): %s", self.name, problem, reason)


class PluginHouse:
    """All installed plugins. Made by `load`, and never changed afterwards."""

    def __init__(self, plugins: dict[str, PluginInfo], objects: Mapping[str, Any]) -> None:
        self.plugins = plugins
        manager = pluggy.PluginManager(hookspecs.PROJECT)
        manager.add_hookspecs(hookspecs)
        for name in self.ready:
            manager.register(objects[name], name=name)
        self._calls = Calls(manager)
        self._implementers: dict[str, tuple[str, ...]] = {}

    @classmethod
    def load(cls, settings: PluginSettings) -> PluginHouse:
        """Read, import and check everything that is installed; never raises because of a plugin."""
        folders = [plugins_dir(), *([settings.plugins_dir] if settings.plugins_dir else [])]
        return cls.of(discover(folders), safe_mode=settings.safe_mode)

    @classmethod
    def of(cls, candidates: Iterable[Candidate], *, safe_mode: bool = False) -> PluginHouse:
        """The house of these candidates."""
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
        return cls(plugins, objects)

    @cached_property
    def ready(self) -> tuple[str, ...]:
        """Names of the plugins that work; the built-in ones last, as theirs are the answers of last resort."""
        working = [info for info in self.plugins.values() if info.state == "ready"]
        return tuple(info.name for info in sorted(working, key=lambda info: (info.builtin, info.name)))

    @cached_property
    def always_on(self) -> frozenset[str]:
        """Ready plugins that have no switch."""
        return frozenset(name for name in self.ready if self.plugins[name].always_on)

    @cached_property
    def departments(self) -> dict[str, Department]:
        """Every department of every ready plugin, by key."""
        return {d.key: d for name in self.ready for d in self.plugins[name].departments}

    @cached_property
    def owners(self) -> dict[str, str]:
        """Which plugin brings a department, by the department's key."""
        return {d.key: name for name in self.ready for d in self.plugins[name].departments}

    @cached_property
    def index(self) -> ProcedureIndex:
        """All procedures by key, code and words."""
        return ProcedureIndex(self.departments.values())

    @property
    def failures(self) -> dict[tuple[str, str], int]:
        """How often (plugin, hook) raised since this process started."""
        return self._calls.failures

    @property
    def slow_calls(self) -> dict[tuple[str, str], int]:
        """How often (plugin, hook) took longer than a person notices."""
        return self._calls.slow

    def implements(self, plugin: str, hook: str) -> bool:
        """Whether a ready plugin answers a hook at all."""
        return self._calls.caller(plugin, hook) is not None

    def implementers(self, hook: str) -> tuple[str, ...]:
        """Ready plugins that answer a hook, in the order in which they are asked. LookupError for no such hook."""
        if hook not in hookspecs.HOOKS:
            raise LookupError(f"there is no hook {hook!r}")
        if hook not in self._implementers:
            self._implementers[hook] = tuple(name for name in self.ready if self.implements(name, hook))
        return self._implementers[hook]

    def call(
        self, plugin: str, hook: str, arguments: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> Outcome:
        """Ask one ready plugin alone; what it raises is logged by name and stays in the outcome."""
        return self._calls.call(plugin, hook, arguments, settings)

    def migrations(self) -> list[tuple[str, Path]]:
        """(plugin, folder) of every ready plugin with tables of its own, for `kiosk.migrate`."""
        return [(name, path) for name in self.ready if (path := self.plugins[name].migrations) is not None]


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
    if info.manifest.api != API:
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
        info.set_aside("import_failed", f"{type(error).__name__}: {error} ({where(error)})")
        return
    trial = pluggy.PluginManager(hookspecs.PROJECT)
    trial.add_hookspecs(hookspecs)
    try:
        trial.register(thing, name=info.name)
        trial.check_pending()
    except (pluggy.PluginValidationError, ValueError, TypeError) as error:
        info.set_aside("wrong_hook", " ".join(str(error).split()))
        return
    if isinstance(thing, type) or not trial.get_hookcallers(thing):
        info.set_aside("wrong_hook", "it implements no hook; `plugin` must be a module or an instance")
        return
    try:
        info.schema = _answers(trial.hook.settings_schema, Setting)
        info.departments = _answers(trial.hook.departments, Department)
    except (Exception, SystemExit) as error:
        info.set_aside("boot_failed", f"{type(error).__name__}: {error} ({where(error)})")
        return
    objects[info.name] = thing


def _answers(ask: Callable[[], list[Any]], kind: type[Any]) -> tuple[Any, ...]:
    things = tuple(thing for answer in ask() for thing in answer)
    for thing in things:
        if not isinstance(thing, kind):
            raise TypeError(f"expected {kind.__name__}, got {type(thing).__name__}")
    if len({thing.key for thing in things}) < len(things):
        raise ValueError(f"the key of a {kind.__name__.lower()} is used twice")
    return things


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
