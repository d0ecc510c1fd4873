"""What a counter's small display shows, and what every driver of one can do."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal, Protocol

Shown = Literal["called", "serving", "free", "closed", "away"]
"""called: please come; serving: being served; free: nobody here now; closed: the counter is shut;
away: the server cannot say, so that an old number must not stand there as the present one."""

DASH = "-"


@dataclass(frozen=True, slots=True)
class DisplayState:
    """What stands over one counter.

    `label` is the number as called ("T012"), `digits` its digits only ("012"); both are empty while there is none.
    `seq` is the journal number of the call or recall, 0 without one; `at` is since when, ISO 8601, or "".
    """

    state: Shown = "away"
    label: str = ""
    digits: str = ""
    blink: bool = False
    counter: int | None = None
    seq: int = 0
    at: str = ""

    def text(self, width: int, show: Literal["digits", "label"] = "digits") -> str:
        """At most `width` characters for a display without a screen: the number, dashes, or nothing when free.

        A label that does not fit gives way to its digits, and of digits the last ones count.
        """
        if self.state in {"closed", "away"}:
            return DASH * width
        if show == "label" and len(self.label) <= width:
            return self.label
        return self.digits[-width:]

    def away(self) -> DisplayState:
        """The same counter when nobody can say what is called there."""
        return DisplayState(counter=self.counter)

    def as_json(self) -> bytes:
        """For displays that read JSON: the fields by their names."""
        return json.dumps(asdict(self), separators=(",", ":")).encode()


AWAY = DisplayState()

Problem = Literal["display_offline", "display_silent", "display_refused"]
"""offline: no connection; silent: it was sent, and nobody answered; refused: it, or its broker, said no."""


class DisplayFault(Exception):
    """A display could not be shown something; `problem` is a stable code that has words in both languages."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem: Problem = problem


class Display(Protocol):
    """One display as its driver knows it. Used by one thread, the thread of its bus."""

    def show(self, state: DisplayState) -> bool:
        """Show this now, within a few seconds; whether the display (or its broker) confirmed it.

        Raises DisplayFault, and nothing else for a fault of the device.
        """

    def close(self) -> None:
        """Let go of the line; never raises."""
