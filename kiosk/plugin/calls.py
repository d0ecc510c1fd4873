"""Ask one plugin alone: what it raises is logged by name, counted, and goes no further."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pluggy

from kiosk.plugin.hookspecs import HOOKS, SETTINGS

log = logging.getLogger(__name__)

SLOW_SECONDS = 0.25
"""A hook runs while somebody waits, often inside a transaction; longer than this is worth a line in the log."""


@dataclass(frozen=True)
class Outcome:
    """What came of asking: a value (None = nothing to say), or that the plugin failed."""

    value: Any = None
    failed: bool = False


class Calls:
    """Callers of single plugins, made once each, and the tally of what went wrong."""

    def __init__(self, manager: pluggy.PluginManager) -> None:
        self._manager = manager
        self._callers: dict[tuple[str, str], Callable[..., list[Any]] | None] = {}
        self._lock = threading.Lock()
        self.failures: Counter[tuple[str, str]] = Counter()
        self.slow: Counter[tuple[str, str]] = Counter()

    def caller(self, plugin: str, hook: str) -> Callable[..., list[Any]] | None:
        """The call of one hook in one plugin, or None when the plugin does not implement it."""
        key = (plugin, hook)
        if key not in self._callers:
            thing = self._manager.get_plugin(plugin)
            others = [other for other in self._manager.get_plugins() if other is not thing]
            caller = self._manager.subset_hook_caller(hook, others)
            self._callers[key] = caller if thing is not None and caller.get_hookimpls() else None
        return self._callers[key]

    def call(
        self, plugin: str, hook: str, arguments: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> Outcome:
        """Ask `plugin`; `settings` reach the hooks that take them. Raises TypeError on the house's own mistake."""
        caller = self.caller(plugin, hook)
        wanted = HOOKS[hook].arguments - {SETTINGS}
        if wanted != arguments.keys():
            raise TypeError(f"{HOOKS[hook].signature} was asked with {sorted(arguments)}")
        if caller is None:
            return Outcome()
        own = {SETTINGS: settings} if SETTINGS in HOOKS[hook].arguments else {}
        began = time.perf_counter()
        try:
            answers = caller(**arguments, **own)
        except (Exception, SystemExit) as error:
            self._note_failure(plugin, hook, error)
            return Outcome(failed=True)
        self._note_time(plugin, hook, time.perf_counter() - began)
        return Outcome(answers[0] if answers else None)

    def _note_failure(self, plugin: str, hook: str, error: BaseException) -> None:
        with self._lock:
            self.failures[plugin, hook] += 1
        # Neither the message nor the arguments: either may hold somebody's name.
        log.error("plugin %s failed in %s: %s at %s", plugin, hook, type(error).__name__, where(error))

    def _note_time(self, plugin: str, hook: str, seconds: float) -> None:
        if seconds > SLOW_SECONDS:
            with self._lock:
                self.slow[plugin, hook] += 1
            log.warning("plugin %s took %.2f s in %s", plugin, seconds, hook)


def where(error: BaseException) -> str:
    """File and line where an error was raised, without its words."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "unknown place"
    path = Path(frames[-1].filename)
    return f"{path.parent.name}/{path.name}:{frames[-1].lineno}"
