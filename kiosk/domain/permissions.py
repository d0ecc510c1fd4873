"""Who may do what: roles of the staff, rights of the devices."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.errors import DomainError, Forbidden


class Role(StrEnum):
    """What a member of staff is at the centre."""

    OFFICER = "officer"
    MANAGER = "manager"
    ADMIN = "admin"


OFFICER_RIGHTS = frozenset(
    {
        "ticket.issue",
        "ticket.call",
        "ticket.cancel",
        "dossier.receive",
        "dossier.read",
        "dossier.move",
        "dossier.personal",
        "board.see",
        "counter.state",
        "help.ask",
        "appointment.manage",
        "payment.take",
        "post.desk",
    }
)
MANAGER_RIGHTS = OFFICER_RIGHTS | {
    "report.read",
    "counter.any",
    "ops.see",
    "dossier.correct",
    "ticket.pick",
    "hall.rules",
    "money.manage",
    "money.approve",
    "post.manage",
}
ADMIN_RIGHTS = MANAGER_RIGHTS | {
    "admin.users",
    "admin.lines",
    "admin.counters",
    "admin.plugins",
    "admin.procedures",
    "admin.devices",
    "admin.calendar",
    "admin.office",
    "admin.voice",
    "admin.money",
}
EXTRA_RIGHTS = frozenset({"ticket.pick"})
"""Rights that an admin may give a single officer beside those of the role."""

RIGHTS: dict[Role, frozenset[str]] = {
    Role.OFFICER: OFFICER_RIGHTS,
    Role.MANAGER: MANAGER_RIGHTS,
    Role.ADMIN: ADMIN_RIGHTS,
}


class DeviceKind(StrEnum):
    """What a paired device is."""

    KIOSK = "kiosk"
    BOARD = "board"
    DISPLAY = "display"
    BUTTON = "button"
    TABLET = "tablet"


AT_A_COUNTER = frozenset({DeviceKind.DISPLAY, DeviceKind.BUTTON, DeviceKind.TABLET})
"""These belong to one counter; the others to an area."""

DEVICE_RIGHTS: dict[DeviceKind, frozenset[str]] = {
    DeviceKind.KIOSK: frozenset({"ticket.issue", "board.see", "agent.run"}),
    DeviceKind.BOARD: frozenset({"board.see"}),
    DeviceKind.DISPLAY: frozenset({"display.see"}),
    DeviceKind.BUTTON: frozenset({"button.press", "display.see"}),
    DeviceKind.TABLET: frozenset({"tablet.show"}),
}


@dataclass(frozen=True)
class SignedInUser:
    """The member of staff behind a request."""

    id: int
    username: str
    display_name: str
    role: Role
    language: str = "vi"
    counters: frozenset[int] = frozenset()


@dataclass(frozen=True)
class PairedDevice:
    """The kiosk, board, display or button behind a request."""

    id: int
    name: str
    kind: DeviceKind
    area: str
    printer: int | None
    counter: int | None = None


@dataclass(frozen=True)
class Actor:
    """Who asks: a member of staff, a device, or nobody we know."""

    office_id: int | None = None
    user: SignedInUser | None = None
    device: PairedDevice | None = None
    permissions: frozenset[str] = field(default=frozenset())

    @property
    def name(self) -> str:
        """How the journal calls this actor; a number, never a person's name."""
        if self.user is not None:
            return f"user:{self.user.id}"
        if self.device is not None:
            return f"device:{self.device.id}"
        return "anonymous"

    @property
    def is_known(self) -> bool:
        """Whether anybody signed in or was paired."""
        return self.user is not None or self.device is not None

    def may(self, permission: str) -> bool:
        """Whether this actor has the right."""
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Raises Forbidden("not_allowed")."""
        if not self.may(permission):
            raise Forbidden("not_allowed", permission=permission)

    def may_serve_at(self, counter: int) -> bool:
        """Whether this actor may call numbers at that counter; a call button, only at its own."""
        if self.device is not None and self.device.kind is DeviceKind.BUTTON:
            return self.device.counter == counter
        return self.user is not None and (counter in self.user.counters or self.may("counter.any"))

    def require_counter(self, counter: int) -> None:
        """Raises Forbidden("not_your_counter")."""
        if not self.may_serve_at(counter):
            raise Forbidden("not_your_counter", counter=counter)


NOBODY = Actor()
SYSTEM = "system"


def parse_role(value: str) -> Role:
    """Raises DomainError("unknown_role")."""
    try:
        return Role(value)
    except ValueError:
        raise DomainError("unknown_role", role=value[:40], allowed=[str(r) for r in Role]) from None
