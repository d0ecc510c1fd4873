"""A table of legal moves: the one shape in which tickets, dossiers and later payments and parcels change state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from kiosk.domain.errors import Conflict, DomainError

StateT = TypeVar("StateT", bound=str)


@dataclass(frozen=True)
class MoveTable(Generic[StateT]):
    """Which named move leads from which state to which, for one kind of thing."""

    thing: str
    moves: Mapping[str, Mapping[StateT, StateT]]

    def apply(self, state: StateT, move: str) -> StateT:
        """The state after `move`.

        Raises DomainError("unknown_move") for a name not in the table and
        Conflict("illegal_move") for a move that this state does not allow.
        """
        if move not in self.moves:
            raise DomainError("unknown_move", thing=self.thing, move=move, allowed=sorted(self.moves))
        try:
            return self.moves[move][state]
        except KeyError:
            raise Conflict(
                "illegal_move", thing=self.thing, move=move, state=str(state), allowed=self.allowed(state)
            ) from None

    def allowed(self, state: StateT) -> list[str]:
        """The moves that may be made from `state`, in alphabetical order."""
        return sorted(move for move, table in self.moves.items() if state in table)

    def as_markdown(self) -> str:
        """The table as documentation, one row a legal move."""
        rows = [
            f"| {origin} | {move} | {target} |"
            for move, table in self.moves.items()
            for origin, target in table.items()
        ]
        return "\n".join(["| from | move | to |", "|---|---|---|", *rows])
