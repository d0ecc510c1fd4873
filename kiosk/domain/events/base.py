"""What every fact of the journal is, and the table of all kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

EVENTS: dict[str, type[Event]] = {}
"""Every kind of event by name; the documentation and the tests go through this table."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened in an office."""

    kind: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "kind" in cls.__dict__:
            EVENTS[cls.kind] = cls

    def facts(self) -> dict[str, Any]:
        """The event as plain JSON values; what is None is left out."""
        return {key: value for key, value in vars(self).items() if value is not None}
