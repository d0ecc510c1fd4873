"""Which rooms there are, who may enter them, and which facts belong in them. The server decides, never the client."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from kiosk.domain.errors import DomainError, Forbidden, NotFound
from kiosk.domain.permissions import Actor
from kiosk.services import look
from kiosk.services.look.board import WHOLE_OFFICE, board_snapshot, last_seq
from kiosk.services.look.follow import follow, ticket_of_token

PLACE_KINDS = frozenset(
    {
        "counter.changed",
        "line.changed",
        "plugin.switched",
        "printer.changed",
        "help.wanted",
        "help.answered",
        "paper.moved",
    }
)
"""Facts that change what a console may do, whichever line it serves."""

EVERYWHERE = ""
"""The area of a fact that concerns every board."""

BOARD_KINDS = frozenset(
    {
        "ticket.issued",
        "ticket.called",
        "ticket.recalled",
        "ticket.no_show",
        "ticket.cancelled",
        "ticket.parked",
        "ticket.returned",
        "ticket.transferred",
        "ticket.undone",
        "counter.changed",
        "counter.state",
        "line.changed",
        "notice.changed",
        "device.reload",
    }
)
"""What a hall shows. That a visit began or ended is nobody's business there, and would halve the speed of calls."""


@dataclass(frozen=True)
class Room:
    """One room: its name, its office, and what it is about."""

    name: str
    office_id: int
    kind: str
    area: str = ""
    counter: int = 0
    ticket: int = 0
    token: str = field(default="", repr=False)

    def wants(self, kind: str, facts: dict[str, Any], lines: dict[int, dict[str, Any]]) -> bool:
        """Whether a fact belongs in this room; `lines` is the office's map of lines."""
        if self.kind == "ops":
            return True
        if self.kind == "ticket":
            return facts.get("ticket") == self.ticket and kind.startswith(("ticket.", "payment."))
        if self.kind == "counter":
            serves = self.counter in lines.get(facts.get("line", 0), {}).get("counters", ())
            return kind in PLACE_KINDS or facts.get("counter") == self.counter or serves
        known_areas = {line["area"] for line in lines.values()}
        whole = self.area == WHOLE_OFFICE or self.area not in known_areas
        # A visit that is sent on leaves the board of the area it was called in.
        left = lines.get(facts.get("from_line", 0), {}).get("area")
        return kind in BOARD_KINDS and (
            whole or facts.get("area") in {None, EVERYWHERE, self.area} or left == self.area
        )

    def snapshot(self, now: Any) -> dict[str, Any]:
        """The present state for somebody who just came in."""
        if self.kind == "board":
            return board_snapshot(self.office_id, self.area, now)
        state: dict[str, Any] = {"kind": "snapshot", "seq": last_seq(self.office_id), "at": now.isoformat()}
        if self.kind == "ticket":
            state |= follow(self.token, now)
        return state


def enter(name: str, actor: Actor) -> Room:
    """The room of that name, if this actor may enter it.

    Raises DomainError("unknown_room"), NotFound("unknown_office", "unknown_counter", "unknown_ticket"),
    Forbidden("foreign_office", "not_allowed", "not_your_counter").
    """
    kind, _, rest = name.partition(":")
    if kind == "board":
        key, _, area = rest.partition(":")
        return Room(name, _own_office(key, actor, "board.see"), kind, area=area or WHOLE_OFFICE)
    if kind == "ops":
        return Room(name, _own_office(rest, actor, "ops.see"), kind)
    if kind == "counter" and rest.isdecimal() and len(rest) < 10:
        if actor.office_id is None:
            raise Forbidden("not_allowed", permission="ticket.call")
        look.counter_room(actor.office_id, int(rest))
        actor.require_counter(int(rest))
        return Room(name, actor.office_id, kind, counter=int(rest))
    if kind == "ticket":
        office_id, ticket = ticket_of_token(rest)
        return Room(name, office_id, kind, ticket=ticket, token=rest)
    raise DomainError("unknown_room", room=name[:60])


def _own_office(key: str, actor: Actor, permission: str) -> int:
    office = look.office_by_key(key)
    if actor.office_id is not None and office["id"] != actor.office_id:
        raise Forbidden("foreign_office", office=key[:40])
    if not actor.may(permission):
        raise Forbidden("not_allowed", permission=permission)
    return int(office["id"])


class Register:
    """Which rooms this process has people in, and which socket is whose."""

    MOST_ROOMS = 12

    def __init__(self) -> None:
        self._lock = Lock()
        self._rooms: dict[str, tuple[Room, set[str]]] = {}
        self._sockets: dict[str, Visitor] = {}

    def arrive(self, sid: str, visitor: Visitor) -> None:
        """A socket connected."""
        with self._lock:
            self._sockets[sid] = visitor

    def leave(self, sid: str) -> None:
        """A socket is gone."""
        with self._lock:
            self._sockets.pop(sid, None)
            for name in [name for name, (_, sids) in self._rooms.items() if sid in sids]:
                self._rooms[name][1].discard(sid)
                if not self._rooms[name][1]:
                    del self._rooms[name]

    def join(self, sid: str, room: Room) -> None:
        """A socket entered a room. Raises DomainError("too_many_rooms")."""
        with self._lock:
            if sum(sid in sids for _, sids in self._rooms.values()) >= self.MOST_ROOMS:
                raise DomainError("too_many_rooms", most=self.MOST_ROOMS)
            self._rooms.setdefault(room.name, (room, set()))[1].add(sid)

    def visitor(self, sid: str) -> Visitor:
        """Whose socket it is. Raises NotFound("unknown_socket")."""
        with self._lock:
            if sid not in self._sockets:
                raise NotFound("unknown_socket")
            return self._sockets[sid]

    def rooms(self) -> list[Room]:
        """Rooms with somebody in them."""
        with self._lock:
            return [room for room, _ in self._rooms.values()]

    def visitors(self) -> dict[str, Visitor]:
        """Every socket of this process."""
        with self._lock:
            return dict(self._sockets)

    def anybody(self) -> bool:
        """Whether this process has any socket at all."""
        return bool(self._sockets)


@dataclass(frozen=True)
class Visitor:
    """Whose socket it is, and the token that has to stay valid."""

    actor: Actor
    token: str = field(default="", repr=False)
