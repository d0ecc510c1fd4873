"""A plugin's hook that fails again and again in an office is left alone there for a while, so that nobody waits for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

log = logging.getLogger(__name__)

FAILURES_IN_A_ROW = 5
"""So many failures without a success between them, and the hook is not asked."""
COOL_DOWN_SECONDS = 60.0
"""How long it is not asked; then one call tries for everybody."""


class Key(NamedTuple):
    """Whose failures are counted together: settings and catalogue are an office's own, and so are its failures.

    What an admin only tries out is counted apart (`trial`), so that it rests nothing at the counters.
    """

    plugin: str
    hook: str
    office: int | None = None
    trial: bool = False

    @property
    def place(self) -> str:
        """Where it failed, for the log."""
        return f"office {self.office}" + (" on trial" if self.trial else "")


@dataclass(frozen=True)
class Trouble:
    """Why a hook failed last, for how many seconds it has been in trouble, and how many calls passed it by."""

    why: str
    seconds: float
    skipped: int


@dataclass
class _State:
    failures: int = 0
    why: str = ""
    since: float | None = None
    until: float = 0.0
    skipped: int = 0


class Breaker:
    """Failures in a row by plugin, hook and office. Nothing is kept of a hook that works, so asking about it costs one look-up.

    `clock` tells seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._states: dict[Key, _State] = {}
        self._lock = threading.Lock()

    def skips(self, key: Key) -> bool:
        """Whether this call is to be left out. After the cool-down one caller is let through, the others wait on."""
        if key not in self._states:
            return False
        with self._lock:
            state = self._states.get(key)
            if state is None or state.since is None:
                return False
            now = self._clock()
            if now >= state.until:
                state.until = now + COOL_DOWN_SECONDS
                return False
            state.skipped += 1
            return True

    def failed(self, key: Key, why: str) -> None:
        """Count a failure; `why` says it without anybody's name."""
        with self._lock:
            state = self._states.setdefault(key, _State())
            state.failures += 1
            state.why = why
            now = self._clock()
            state.until = now + COOL_DOWN_SECONDS
            opens = state.since is None and state.failures >= FAILURES_IN_A_ROW
            if opens:
                state.since = now
        if opens:
            told = "plugin %s is in trouble: %s failed %d times in a row (%s)"
            log.error(told, key.plugin, key.hook, FAILURES_IN_A_ROW, key.place)

    def went_well(self, key: Key) -> None:
        """Forget the failures before."""
        if key not in self._states:
            return
        with self._lock:
            state = self._states.pop(key, None)
        if state is not None and state.since is not None:
            told = "plugin %s answers %s again; %d calls had passed it by (%s)"
            log.warning(told, key.plugin, key.hook, state.skipped, key.place)

    @property
    def troubled(self) -> dict[Key, Trouble]:
        """The hooks in trouble now."""
        now = self._clock()
        with self._lock:
            return {
                key: Trouble(state.why, now - state.since, state.skipped)
                for key, state in self._states.items()
                if state.since is not None
            }
