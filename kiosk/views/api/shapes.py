"""Request bodies of the API: strict types, no unknown keys, lengths bounded before anything reads them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

LONGEST_TEXT = 2_000
Id = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Body(BaseModel):
    """A JSON body; a number is not a string and a string is not a number."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Query(BaseModel):
    """A query string; text is read as what it should be."""

    model_config = ConfigDict(extra="ignore")


class ErrorDetail(BaseModel):
    """What went wrong: a stable code, a sentence for a person, and the facts."""

    code: str
    message: str
    fields: dict[str, Any] = {}


class ErrorBody(BaseModel):
    """The one shape of every error."""

    error: ErrorDetail


class TicketBody(Body):
    """A wish for a number: a line, or a procedure whose department has a line."""

    office: str | None = Field(None, max_length=40, description="Office key; the caller's own when left out.")
    line: int | None = Field(None, ge=1, le=2**31 - 1)
    procedure: str | None = Field(None, max_length=80, description="Procedure key or code.")
    department: str | None = Field(
        None, max_length=40, description="Needed where two departments share a code."
    )
    priority: str | None = Field(
        None, max_length=20, description="elderly, disability, pregnancy, merit or normal."
    )
    language: str = Field("vi", max_length=5)
    dossiers: int = Field(1, ge=1, le=99)
    paper: bool | None = Field(
        None,
        description="true: refused with printer_not_ready unless this kiosk can print; false: no paper; null: as it can.",
    )
    purpose: str | None = Field(None, max_length=12, description="apply, pickup or supplement.")
    then: list[Id] = Field(default_factory=list, max_length=9, description="Further services, by line.")
    next_day: bool = Field(False, description="A number of the next working day.")


class NextBody(Body):
    """Narrow the call to a line, leave tickets out, finish the present visit first, or pick a number out of turn."""

    line: int | None = Field(None, ge=1, le=2**31 - 1)
    exclude: list[Id] = Field(default_factory=list, max_length=50)
    finish: bool = False
    present: int | None = Field(None, ge=1, le=2**31 - 1, description="The visit that `finish` means.")
    pick: int | None = Field(
        None, ge=1, le=2**31 - 1, description="Needs the right ticket.pick and a reason."
    )
    reason: str = Field("", max_length=400)


class CounterStateBody(Body):
    """open, paused (with a reason) or closed."""

    state: str = Field(max_length=12)
    reason: str = Field("", max_length=24)


class TicketMoveBody(Body):
    """A named legal move of a ticket, and what it needs: `transfer` one of line, counter, officer; `park` a reason;
    `resume` the counter, where it is another one."""

    move: str = Field(max_length=20)
    reason: str = Field("", max_length=24)
    room: str = Field("", max_length=120)
    note: str = Field("", max_length=600)
    line: int | None = Field(None, ge=1, le=2**31 - 1)
    counter: int | None = Field(None, ge=1, le=2**31 - 1)
    officer: int | None = Field(None, ge=1, le=2**31 - 1)
    position: str = Field("last", max_length=8, description="first or last")
    undoes: int | None = Field(None, ge=1, description="The entry that `undo` means.")


class HolderMoveBody(Body):
    """What the holder of a number wants."""

    move: str = Field(max_length=20, description="cancel, later or check_in")
    minutes: int = Field(15, description="For later: 10, 15, 30 or 45.")
    code: str = Field("", max_length=80, description="For check_in: the code shown at the door.")


class RatingBody(Body):
    """What a visitor thought of the visit."""

    score: int = Field(description="1, 2 or 3")
    words: str = Field("", max_length=1000)


class TabletRatingBody(Body):
    """What a visitor answered at the counter."""

    ticket: Id
    score: int = Field(description="1, 2 or 3")


class DossierBody(Body):
    """An application as the officer enters it."""

    procedure: str = Field(max_length=80)
    department: str | None = Field(None, max_length=40)
    applicant: dict[str, Any]
    components: list[Any] = Field(default_factory=list, max_length=100)
    answers: dict[str, Any] = Field(default_factory=dict)
    ticket: int | None = Field(None, ge=1, le=2**31 - 1)
    channel: str = Field("in_person", max_length=20)
    delivery: str = Field("counter", max_length=20)
    authorised: dict[str, Any] | None = Field(None, description="Who hands in for the applicant.")
    postmark_on: date | None = Field(None, strict=False, description="For a dossier sent by post.")
    sets: int = Field(1, description="Sets of papers handed in.")
    on_the_spot: bool = Field(False, description="The result is handed over at once (NĐ 61/2018 Đ.17.4).")


class DeclineBody(Body):
    """An application that is sent away in writing."""

    outcome: str = Field(max_length=20, description="supplement or refuse")
    reason: str = Field("", max_length=LONGEST_TEXT)
    procedure: str = Field(max_length=80)
    department: str | None = Field(None, max_length=40)
    applicant: dict[str, Any]
    components: list[Any] = Field(default_factory=list, max_length=100)
    ticket: int | None = Field(None, ge=1, le=2**31 - 1)


class PreviewBody(Body):
    """What is known before the applicant is entered."""

    procedure: str = Field(max_length=80)
    department: str | None = Field(None, max_length=40)
    answers: dict[str, Any] = Field(default_factory=dict)
    channel: str = Field("in_person", max_length=20)
    postmark_on: date | None = Field(None, strict=False)


class DossierMoveBody(Body):
    """A named legal move of a dossier, the day it took effect and the officer's words."""

    move: str = Field(max_length=20)
    on: date | None = Field(None, strict=False)
    note: str | None = Field(None, max_length=LONGEST_TEXT)
    to: str | None = Field(None, max_length=40, description="Department a linked dossier goes to.")
    answer_by: date | None = Field(None, strict=False, description="Day by which that department answers.")


class CorrectionBody(Body):
    """What is wrong with an entry of a dossier's history, and why."""

    seq: int = Field(ge=1, le=2**31 - 1)
    on: date | None = Field(None, strict=False)
    due_on: date | None = Field(None, strict=False)
    void: bool = False
    note: str = Field(max_length=LONGEST_TEXT)


class SessionBody(Body):
    """A sign-in."""

    username: str = Field(max_length=60)
    password: str = Field(max_length=200)


class PairBody(Body):
    """A pairing code as shown to the admin; an agent adds the name of its data folder."""

    code: str = Field(max_length=40)
    instance: str | None = Field(None, min_length=16, max_length=80, pattern=r"^[A-Za-z0-9_-]+$")


class IdPath(BaseModel):
    """A numeric id in the address."""

    id: int = Field(ge=1, le=2**31 - 1)


class CodePath(BaseModel):
    """A dossier code in the address."""

    code: str = Field(max_length=64)


class TokenPath(BaseModel):
    """A follow token in the address."""

    token: str = Field(max_length=64)


class NamePath(BaseModel):
    """A plugin's or report's name in the address."""

    name: str = Field(max_length=60)


class ProcedureQuery(Query):
    """A search in the catalogue."""

    department: str | None = Field(None, max_length=40)
    q: str = Field("", max_length=200)


class DossierQuery(Query):
    """A search among dossiers."""

    q: str = Field("", max_length=120)
    state: str = Field("", max_length=24)
    department: str = Field("", max_length=40)
    attention: str = Field(
        "", max_length=24, description="not_transferred, due_soon, overdue or awaiting_supplement."
    )
    page: int = Field(1, ge=1, le=100_000)


class DossierSearchBody(Body):
    """A search by code or name; in the body, because names have no place in an address."""

    q: str = Field("", max_length=120)
    state: str = Field("", max_length=24)
    department: str = Field("", max_length=40)
    attention: str = Field(
        "", max_length=24, description="not_transferred, due_soon, overdue or awaiting_supplement."
    )
    page: int = Field(1, ge=1, le=100_000)


class ReportQuery(Query):
    """A period (both days included) and the moment up to which entries are known."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    office: str | None = Field(None, max_length=40)
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    as_of: datetime | None = None
    format: str = Field("json", max_length=8)
