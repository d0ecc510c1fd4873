"""The house of plugins: every installed plugin that was let in, registered once a process and asked one at a time.

A plugin that is broken in any way is listed with its reason; the others go on without it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import pluggy

from kiosk.domain.procedure import Department
from kiosk.paths import plugins_dir
from kiosk.plugin import hookspecs
from kiosk.plugin.admission import PluginInfo, admit
from kiosk.plugin.breaker import Trouble
from kiosk.plugin.calls import Calls, Outcome
from kiosk.plugin.index import ProcedureIndex
from kiosk.plugin.loading import Candidate, discover

__all__ = ["PluginHouse", "PluginInfo", "PluginSettings"]


class PluginSettings(Protocol):
    """The part of the installation's settings that the house of plugins reads."""

    @property
    def plugins_dir(self) -> Path | None:
        """A further folder of plugins."""

    @property
    def safe_mode(self) -> bool:
        """Whether only built-in plugins are started."""


class PluginHouse:
    """All installed plugins. Made by `load`, and never changed afterwards."""

    def __init__(
        self,
        plugins: dict[str, PluginInfo],
        objects: Mapping[str, Any],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.plugins = plugins
        manager = pluggy.PluginManager(hookspecs.PROJECT)
        manager.add_hookspecs(hookspecs)
        for name in self.ready:
            manager.register(objects[name], name=name)
        self._manager = manager
        self._calls = Calls(manager, clock)
        self._implementers: dict[str, tuple[str, ...]] = {}

    @classmethod
    def load(cls, settings: PluginSettings) -> PluginHouse:
        """Read, import and check everything that is installed; never raises because of a plugin."""
        folders = [plugins_dir(), *([settings.plugins_dir] if settings.plugins_dir else [])]
        return cls.of(discover(folders), safe_mode=settings.safe_mode)

    @classmethod
    def of(
        cls,
        candidates: Iterable[Candidate],
        *,
        safe_mode: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> PluginHouse:
        """The house of these candidates; `clock` tells seconds that only grow."""
        plugins, objects = admit(candidates, safe_mode=safe_mode)
        return cls(plugins, objects, clock)

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

    @property
    def troubled(self) -> dict[tuple[str, str], Trouble]:
        """The (plugin, hook) that failed again and again in some office and are left alone there, and why."""
        return self._calls.troubled()

    def troubled_in(self, office_id: int) -> dict[tuple[str, str], Trouble]:
        """The (plugin, hook) in trouble in one office, and those that failed in calls for no office."""
        return self._calls.troubled(office_id)

    def module(self, plugin: str) -> Any:
        """The module of a plugin that works. Raises LookupError when it is not there."""
        found = self._manager.get_plugin(plugin)
        if found is None:
            raise LookupError(plugin)
        return found

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
        self,
        plugin: str,
        hook: str,
        arguments: Mapping[str, Any],
        settings: Mapping[str, Any],
        *,
        office: int | None = None,
        trial: bool = False,
    ) -> Outcome:
        """Ask one ready plugin alone; what it raises is logged by name and stays in the outcome.

        A hook that fails again and again rests in that office alone (None: a call for no office); a `trial` rests none.
        """
        return self._calls.call(plugin, hook, arguments, settings, office=office, trial=trial)

    def migrations(self) -> list[tuple[str, Path]]:
        """(plugin, folder) of every ready plugin with tables of its own, for `kiosk.migrate`."""
        return [(name, path) for name in self.ready if (path := self.plugins[name].migrations) is not None]
