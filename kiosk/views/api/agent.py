"""The kiosk agent's calls: reports, numbers for a cut, numbers given during one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from kiosk.domain.errors import Forbidden
from kiosk.services import look
from kiosk.services.agent.hand_in import OfflineTicket, hand_in
from kiosk.services.agent.leases import Returned, lease_numbers
from kiosk.services.agent.sync import Outcome, Report, sync
from kiosk.services.call_staff import call_staff
from kiosk.services.pair_device import bind_instance
from kiosk.views.api.answers import answer
from kiosk.views.api.shapes import Body, Id
from kiosk.views.door import instance_named, public_address, right, settings

api = APIBlueprint("api_agent", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="agent")])

MOST_TICKETS = 50
Day = Annotated[date, BeforeValidator(date.fromisoformat)]
Moment = Annotated[AwareDatetime, BeforeValidator(datetime.fromisoformat)]
Number = Annotated[int, Field(ge=1, le=9999)]
Key = Annotated[str, Field(min_length=8, max_length=80, pattern=r"^[\x21-\x7e]+$")]


class OutcomeBody(Body):
    """How a paper stands at the agent."""

    job: Id
    state: Literal["sent", "confirmed", "repeated", "failed", "expired"]
    repeat: int = Field(0, ge=0, le=1000)
    height_mm: int = Field(0, ge=0, le=100_000)
    problem: str | None = Field(None, max_length=40)
    at: Moment | None = None


class PrinterBody(Body):
    """The condition of the printer at the kiosk."""

    problem: str | None = Field(None, max_length=40)
    status: dict[str, bool] = Field(default_factory=dict, max_length=20)
    checked_at: str | None = Field(None, max_length=40)


class SyncBody(Body):
    """An agent's report."""

    version: str = Field(max_length=40)
    boot: str = Field("", max_length=40)
    at: str | None = Field(None, max_length=40)
    queue: int = Field(0, ge=0)
    numbers_left: dict[str, int] = Field(default_factory=dict, max_length=500)
    waiting_tickets: int = Field(0, ge=0, description="Numbers given offline and not handed in yet.")
    refused_tickets: int = Field(0, ge=0, description="Numbers given offline that the server refused.")
    page_seen_at: str | None = Field(None, max_length=40)
    configuration: str = Field("", max_length=64)
    printer: PrinterBody | None = None
    outcomes: list[OutcomeBody] = Field(default_factory=list, max_length=500)
    holds: list[Id] = Field(default_factory=list, max_length=500)


class ReturnBody(Body):
    """A held number that was not given."""

    line: Id
    day: Day
    number: Number


class LeaseBody(Body):
    """What an agent gives back before it is filled up."""

    returns: list[ReturnBody] = Field(default_factory=list, max_length=2_000)
    fill: bool = Field(True, description="false: only take back; the agent ends.")


class OfflineTicketBody(Body):
    """A number that was given while the server was away."""

    key: Key
    wish_key: Key | None = None
    line: Id
    day: Day
    number: Number
    issued_at: Moment
    token: str = Field(min_length=16, max_length=32, pattern=r"^[A-Za-z0-9_-]+$")
    procedure: str | None = Field(None, max_length=80)
    department: str | None = Field(None, max_length=40)
    priority: str = Field("normal", max_length=20)
    language: str = Field("vi", max_length=5)
    dossiers: int = Field(1, ge=1, le=99)
    printed: bool = False


class HandInBody(Body):
    """Numbers given while the server was away, in the order in which they were given."""

    tickets: list[OfflineTicketBody] = Field(min_length=1, max_length=MOST_TICKETS)


class HelpBody(Body):
    """Why a member of staff is wanted."""

    reason: str = Field("citizen", max_length=20)


@api.post("/agent/sync", summary="An agent's report, and what is new for it")
@right("agent.run")
def agent_sync(body: SyncBody) -> Response:
    """Papers to print, papers to let go, the configuration when it changed, and whether numbers are low."""
    _bind()
    health = body.model_dump(
        include={"boot", "queue", "numbers_left", "waiting_tickets", "refused_tickets", "page_seen_at"}
    )
    report = Report(
        version=body.version,
        configuration=body.configuration,
        outcomes=[Outcome(**one.model_dump()) for one in body.outcomes],
        holds=body.holds,
        printer=body.printer.model_dump() if body.printer else None,
        health=health,
    )
    base = public_address(look.office(g.actor.office_id))
    return answer(sync(g.actor, report, base, g.now))


@api.post("/agent/leases", summary="Numbers to give while the server is away")
@right("agent.run")
def agent_leases(body: LeaseBody) -> Response:
    """Give unused numbers back and be filled up; answers everything held for the business day."""
    _bind()
    returns = [Returned(**one.model_dump()) for one in body.returns]
    return answer(lease_numbers(g.actor, returns, settings().key, g.now, fill=body.fill))


@api.post("/agent/tickets", summary="Hand in numbers given while the server was away")
@right("agent.run")
def agent_tickets(body: HandInBody) -> Response:
    """Each is accepted, known or refused by itself; safe to repeat."""
    _bind()
    tickets = [OfflineTicket(**_plain(one)) for one in body.tickets]
    return answer({"results": hand_in(g.actor, tickets, settings().key, g.now)})


@api.post("/kiosk/help", summary="Call a member of staff to this kiosk")
@right("ticket.issue")
def call_for_help(body: HelpBody) -> Response:
    """Counters and managers are told, at most once a minute."""
    return answer({"called": call_staff(g.actor, body.reason, g.now)}, 202)


def _plain(body: BaseModel) -> dict[str, Any]:
    return body.model_dump(exclude={"printed"})


def _bind() -> None:
    """An agent speaks for its kiosk only together with its data folder's name."""
    instance = instance_named()
    if not instance:
        raise Forbidden("wrong_instance")
    bind_instance(g.actor.device.id, instance, g.now)
