"""Ask one plugin alone: what it raises or answers amiss is logged by name, counted, and goes no further."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pluggy

from kiosk.plugin.breaker import Breaker, Key, Trouble
from kiosk.plugin.hookspecs import HOOKS, SETTINGS, Gate
from kiosk.plugin.results import RESULTS

log = logging.getLogger(__name__)

SLOW_SECONDS = 0.25
"""A hook runs while somebody waits, often inside a transaction; longer than this is worth a line in the log."""
HARD_SECONDS = 2.0
"""An answer that took longer than this is heard, and counts as a failure: nobody waits for it for ever."""

PATIENT = frozenset(name for name, info in HOOKS.items() if info.gate is Gate.HONOURED)
"""They run in the worker, where nobody waits: slow is no failure."""
NEVER_SKIPPED = PATIENT | {"check_settings"}
"""News is told at least once, and an admin who mends a plugin's settings wants to know whether they are right."""

_WANTED = {name: info.arguments - {SETTINGS} for name, info in HOOKS.items()}
_TAKES_SETTINGS = frozenset(name for name, info in HOOKS.items() if SETTINGS in info.arguments)


@dataclass(frozen=True)
class Outcome:
    """What came of asking: a value (None = nothing to say), or that the plugin failed or is left alone for a while."""

    value: Any = None
    failed: bool = False


FAILED = Outcome(failed=True)
SILENT = Outcome()


class Calls:
    """Callers of single plugins, made once each, and the tally of what went wrong; `clock` tells growing seconds."""

    def __init__(self, manager: pluggy.PluginManager, clock: Callable[[], float] = time.monotonic) -> None:
        self._manager = manager
        self._clock = clock
        self._callers: dict[tuple[str, str], Callable[..., list[Any]] | None] = {}
        self._lock = threading.Lock()
        self._breaker = Breaker(clock)
        self.failures: Counter[tuple[str, str]] = Counter()
        self.slow: Counter[tuple[str, str]] = Counter()

    def troubled(self, office: int | None = None) -> dict[tuple[str, str], Trouble]:
        """The (plugin, hook) that failed again and again: in any office, or in that one and in calls for no office."""
        found: dict[tuple[str, str], Trouble] = {}
        for key, trouble in self._breaker.troubled.items():
            if key.trial or (office is not None and key.office not in (office, None)):
                continue
            other = found.get(key[:2])
            found[key[:2]] = trouble if other is None else _both(trouble, other)
        return found

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
        self,
        plugin: str,
        hook: str,
        arguments: Mapping[str, Any],
        settings: Mapping[str, Any],
        *,
        office: int | None = None,
        trial: bool = False,
    ) -> Outcome:
        """Ask `plugin`; `settings` reach the hooks that take them. Raises TypeError on the house's own mistake.

        Failures in a row are counted for `office` alone, and those of a `trial` apart from its daily work.
        """
        caller = self.caller(plugin, hook)
        if _WANTED[hook] != arguments.keys():
            raise TypeError(f"{HOOKS[hook].signature} was asked with {sorted(arguments)}")
        if caller is None:
            return SILENT
        key = Key(plugin, hook, office, trial)
        if hook not in NEVER_SKIPPED and self._breaker.skips(key):
            return FAILED
        own = {SETTINGS: settings} if hook in _TAKES_SETTINGS else {}
        began = self._clock()
        try:
            answers = caller(**arguments, **own)
            value = answers[0] if answers else None
            check = RESULTS.get(hook)
            fault = check(value) if check and value is not None else None
        except (Exception, SystemExit) as error:
            # Neither the message nor the arguments: either may hold somebody's name.
            return self._failed(key, f"{type(error).__name__} at {where(error)}")
        if fault is not None:
            return self._failed(key, f"wrong answer{fault}")
        self._note_time(key, self._clock() - began)
        return SILENT if value is None else Outcome(value)

    def _failed(self, key: Key, why: str) -> Outcome:
        with self._lock:
            self.failures[key[:2]] += 1
        log.error("plugin %s failed in %s: %s", key.plugin, key.hook, why)
        self._breaker.failed(key, why)
        return FAILED

    def _note_time(self, key: Key, seconds: float) -> None:
        if seconds > SLOW_SECONDS:
            with self._lock:
                self.slow[key[:2]] += 1
            log.warning("plugin %s took %.2f s in %s", key.plugin, seconds, key.hook)
            if seconds > HARD_SECONDS and key.hook not in PATIENT:
                self._breaker.failed(key, f"took {seconds:.1f} s")
                return
        self._breaker.went_well(key)


def _both(one: Trouble, other: Trouble) -> Trouble:
    """The same hook in trouble in two offices: the longer trouble, and the calls that passed either by."""
    longer = max(one, other, key=lambda trouble: trouble.seconds)
    return replace(longer, skipped=one.skipped + other.skipped)


def where(error: BaseException, within: Path | None = None) -> str:
    """File and line where an error was raised, without its words; the last place inside the folder `within`, if any."""
    if isinstance(error, SyntaxError) and error.filename:
        return _place(error.filename, error.lineno)
    places = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    own = [place for place in places if within and Path(place[0]).is_relative_to(within)]
    return _place(*(own or places)[-1]) if places else "unknown place"


def _place(filename: str, line: int | None) -> str:
    path = Path(filename)
    return f"{path.parent.name}/{path.name}:{line}"
