"""Weeks of made-up work for the demo, written through the services like real work: nothing is put in by hand."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.demo.post import PostHistory
from kiosk.domain.dossier import Delivery
from kiosk.domain.errors import DomainError
from kiosk.domain.permissions import RIGHTS, Actor, Role, SignedInUser
from kiosk.domain.procedure import Procedure
from kiosk.models import Dossier, User
from kiosk.plugin import gate
from kiosk.services.advance_dossier import MoveDetails, advance_dossier
from kiosk.services.calendar_of import calendar_of
from kiosk.services.call_next import call_next
from kiosk.services.issue_ticket import TicketHouse, Wish, issue_ticket
from kiosk.services.receive_dossier import receive_dossier
from kiosk.services.reckon_dossier import Application
from kiosk.services.serve_ticket import move_ticket

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WORKING_DAYS = 40
DOSSIERS_A_DAY = 9
SEED = 20_221_214
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Giáp", "Thân", "Ngô")
MIDDLE = ("Văn", "Thị", "Đức", "Ngọc", "Thanh", "Quang", "Thu", "Minh")
GIVEN = (
    "An",
    "Bình",
    "Châu",
    "Dũng",
    "Giang",
    "Hạnh",
    "Khánh",
    "Linh",
    "Nghĩa",
    "Phượng",
    "Quỳnh",
    "Tuấn",
    "Yến",
)


@dataclass
class History:
    """A calendar of things to do, done in the order of their time."""

    facts: dict[str, Any]
    house: TicketHouse
    until: datetime
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311  (made-up data, not secrets)
    _todo: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    post: PostHistory = field(init=False)

    def __post_init__(self) -> None:
        self.post = PostHistory(self.at, self.dice, ZONE)

    def at(self, moment: datetime, act: Callable[[datetime], None]) -> None:
        """Do something at a moment; what lies after the present is left undone."""
        if moment < self.until:
            heapq.heappush(self._todo, (moment, next(self._order), act))

    def run(self) -> Iterator[float]:
        """Do everything; yields how far along it is (0–1)."""
        for day in self._days():
            for _ in range(self.dice.randint(DOSSIERS_A_DAY - 3, DOSSIERS_A_DAY + 3)):
                self._plan_visit(day)
        started = self._todo[0][0] if self._todo else self.until
        span = max((self.until - started).total_seconds(), 1)
        while self._todo:
            moment, _, act = heapq.heappop(self._todo)
            act(moment)
            yield min(1.0, (moment - started).total_seconds() / span)

    def _days(self) -> list[date]:
        today = self.until.astimezone(ZONE).date()
        calendar = calendar_of(self.facts["office_id"], today, ZONE)
        days: list[date] = []
        day = today
        while len(days) < WORKING_DAYS:
            day -= timedelta(days=1)
            if calendar.is_working_day(day):
                days.append(day)
        return days[::-1]

    def _plan_visit(self, day: date) -> None:
        counter = self.dice.choice(self.facts["counters"])
        department = next(
            line["department"] for line in self.facts["lines"] if line["id"] == counter["lines"][0]
        )
        procedure = self.dice.choice(gate.procedures(self.facts["office_id"], department))
        minutes = self.dice.randint(0, 199) if self.dice.random() < 0.6 else self.dice.randint(360, 540)
        moment = datetime.combine(day, time(7, 40), ZONE) + timedelta(
            minutes=minutes, seconds=self.dice.random() * 60
        )
        online = (procedure.level_on(day) or 0) >= 3 and self.dice.random() < 0.5
        if online or (procedure.post_receive and self.dice.random() < 0.06):
            channel = "online" if online else "post"
            self.at(moment, lambda now: self._receive(now, counter, procedure, channel, None))
        else:
            self.at(moment, lambda now: self._visit(now, counter, procedure))

    def _visit(self, now: datetime, counter: dict[str, Any], procedure: Procedure) -> None:
        officer = self._officer(counter["id"])
        wish = Wish(procedure=procedure.key, priority="elderly" if self.dice.random() < 0.15 else None)
        kiosk = Actor(self.facts["office_id"], permissions=frozenset({"ticket.issue"}))
        issue_ticket(self.facts["office_id"], wish, kiosk, now, self.house)
        self.at(
            now + timedelta(minutes=self.dice.randint(1, 9)),
            lambda at: self._serve(at, counter, officer, procedure),
        )

    def _serve(self, now: datetime, counter: dict[str, Any], officer: Actor, procedure: Procedure) -> None:
        ticket = call_next(counter["id"], officer, now, finish=True)
        if ticket is None:
            return
        if self.dice.random() < 0.04:
            self.at(now + timedelta(minutes=2), lambda at: self._end(at, ticket.id, "no_show", officer))
            return
        wanted = gate.known_procedure(ticket.line.department, ticket.procedure) or procedure
        self.at(
            now + timedelta(seconds=self.dice.randint(60, 240)),
            lambda at: self._receive(at, counter, wanted, "in_person", ticket.id),
        )

    def _end(self, now: datetime, ticket: int, move: str, officer: Actor) -> None:
        try:
            move_ticket(ticket, move, officer, now)
        except DomainError:
            return  # the counter has gone on to the next visitor in the meantime

    def _receive(
        self, now: datetime, counter: dict[str, Any], procedure: Procedure, channel: str, ticket: int | None
    ) -> None:
        officer = self._officer(counter["id"])
        try:
            dossier = receive_dossier(
                Application(
                    procedure=procedure.key,
                    department=procedure.department,
                    applicant={"name": self._name()},
                    components=[component.name for component in procedure.components],
                    channel=channel,
                    postmark_on=now.astimezone(ZONE).date() - timedelta(days=2)
                    if channel == "post"
                    else None,
                    on_the_spot=procedure.on_the_spot and channel == "in_person",
                    delivery="post" if procedure.post_return and self.dice.random() < 0.5 else "counter",
                    ticket=ticket,
                ),
                officer,
                now,
            )
        except DomainError:
            return  # the visit ended before the papers were out of the bag
        if ticket is not None:
            self.at(
                now + timedelta(seconds=self.dice.randint(60, 300)),
                lambda at: self._end(at, ticket, "finish", officer),
            )
        if not dossier.on_the_spot:
            self._plan_work(dossier, officer, now)

    def _plan_work(self, dossier: Dossier, officer: Actor, now: datetime) -> None:
        luck = self.dice.random()
        code = dossier.code
        self.at(now + timedelta(minutes=15), lambda at: self._advance(code, "transfer", officer, at))
        if luck < 0.03:
            self._later(
                now,
                1,
                lambda at: self._advance(code, "return", officer, at, "Không thuộc thẩm quyền giải quyết"),
            )
        elif luck < 0.05:
            self._later(
                now, 2, lambda at: self._advance(code, "withdraw", officer, at, "Người nộp xin rút hồ sơ")
            )
        elif luck < 0.10:
            self._later(
                now,
                1,
                lambda at: self._advance(code, "supplement", officer, at, "Thiếu bản sao có chứng thực"),
            )
            self._later(now, 6, lambda at: self._advance(code, "complete", officer, at))
            self._later(now, 8, lambda at: self._finish(code, officer, at))
        else:
            if luck < 0.2:
                self._later(now, 0, lambda at: self._advance(code, "forward", officer, at))
            term = (dossier.due_on - dossier.received_on).days if dossier.due_on else 3
            spent = term + 2 if luck > 0.995 else min(term, self.dice.randint(0, max(term, 1)))
            self._later(now, spent, lambda at: self._finish(code, officer, at))

    def _later(self, now: datetime, days: int, act: Callable[[datetime], None]) -> None:
        self.at(now + timedelta(days=days, minutes=self.dice.randint(20, 60)), act)

    def _finish(self, code: str, officer: Actor, now: datetime) -> None:
        self._advance(code, "finish", officer, now)
        if Dossier.get(Dossier.code == code).delivery == Delivery.POST:
            self._later(now, 0, lambda at: self.post.send(code, self._name(), officer, at))
            return
        self._later(now, self.dice.randint(0, 2), lambda at: self._advance(code, "hand_over", officer, at))

    def _advance(self, code: str, move: str, officer: Actor, now: datetime, note: str | None = None) -> None:
        try:
            advance_dossier(code, move, officer, now, MoveDetails(note=note))
        except DomainError:
            return  # a made-up plan that the law does not allow is simply dropped

    def _name(self) -> str:
        return f"{self.dice.choice(FAMILY)} {self.dice.choice(MIDDLE)} {self.dice.choice(GIVEN)}"

    def _officer(self, counter: int) -> Actor:
        username = next(o["username"] for o in self.facts["officers"] if o["counter"] == counter)
        user = User.get(User.username == username)
        signed_in = SignedInUser(
            user.id, user.username, user.display_name, Role.OFFICER, counters=frozenset({counter})
        )
        return Actor(self.facts["office_id"], user=signed_in, permissions=RIGHTS[Role.OFFICER])
