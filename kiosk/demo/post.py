"""The demo's postal desk: results packed, listed and handed over day by day, and a post that mostly delivers."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.domain.errors import DomainError
from kiosk.domain.permissions import Actor
from kiosk.domain.post.states import Receiver, Status, StatusTold
from kiosk.services import manage_plugins
from kiosk.services.post.manifests import add_to_manifest, close_manifest, open_manifest
from kiosk.services.post.move_parcel import record_status
from kiosk.services.post.numbers import allot_numbers
from kiosk.services.post.register_parcel import ParcelWish, register_parcel

PLUGIN = "bcci_post"
POOL = ("EL", "49160000", "49164999")
POSTMAN = "Giáp Văn Bưu"
COMES_AT = time(16, 30)
SATURDAY = 5
PLACES = (
    ("Số 12 đường Hùng Vương", "phường Bắc Giang", "Bắc Ninh"),
    ("Thôn Đông", "xã Tân Tiến", "Bắc Giang"),
    ("Tổ dân phố số 3", "phường Vũ Ninh", "Bắc Ninh"),
    ("Ngõ 25 phố Huế", "phường Hai Bà Trưng", "Hà Nội"),
    ("Xóm Chùa", "xã Nhã Nam", "Bắc Giang"),
    ("Số 8 Trần Phú", "phường Hải Châu", "Đà Nẵng"),
)
When = Callable[[datetime, Callable[[datetime], None]], None]


def set_up_post(office: int, actor: Actor, now: datetime, by: str) -> None:
    """Switch the public post on and enter a pool of numbers nobody else has."""
    values = {"province": "bacninh", "near": "phường Bắc Giang, phường Vũ Ninh"}
    manage_plugins.save_settings(office, PLUGIN, values, now, by)
    manage_plugins.enable(office, PLUGIN, now, by)
    allot_numbers(*POOL, actor, now, note="Dải số mẫu của trung tâm giả lập")


class PostHistory:
    """What becomes of results that go by post; `at` does something at a later moment."""

    def __init__(self, at: When, dice: random.Random, zone: ZoneInfo) -> None:
        self._at, self._dice, self._zone = at, dice, zone
        self._open: dict[date, int] = {}

    def send(self, code: str, name: str, actor: Actor, now: datetime) -> None:
        """Pack a result; the postman comes in the afternoon, or on the next day."""
        street, ward, province = self._dice.choice(PLACES)
        to = {"name": name, "street": street, "ward": ward, "province": province, "phone": "0912345678"}
        try:
            parcel = register_parcel(ParcelWish(code, to), actor, now)
        except DomainError:
            return  # its dossier took another way in the meantime
        if now.astimezone(self._zone).time() < COMES_AT:
            self._list(parcel.number, actor, now)
            return
        day = now.astimezone(self._zone).date() + timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
        morning = datetime.combine(day, time(9), self._zone)
        self._at(morning, lambda at: self._list(parcel.number, actor, at))

    def _list(self, number: str, actor: Actor, now: datetime) -> None:
        day = now.astimezone(self._zone).date()
        if day not in self._open:
            self._open[day] = open_manifest(actor, now).id
            leaves = datetime.combine(day, COMES_AT, self._zone)
            self._at(leaves, lambda at: self._close(day, actor, at))
        add_to_manifest(self._open[day], number, actor, now)
        arrives = datetime.combine(day, time(8), self._zone) + timedelta(days=1)
        self._tell(number, Status.ACCEPTED, arrives - timedelta(hours=13), actor)
        luck = self._dice.random()
        out = arrives + timedelta(days=self._dice.randint(0, 2), minutes=self._dice.randint(0, 90))
        self._tell(number, Status.OUT_FOR_DELIVERY, out, actor)
        at_door = out + timedelta(minutes=self._dice.randint(60, 400))
        if luck < 0.08:
            self._tell(number, Status.ATTEMPT_FAILED, at_door, actor, reason="Người nhận đi vắng")
            second = at_door + timedelta(days=2)
            if luck < 0.03:
                self._tell(number, Status.ATTEMPT_FAILED, second, actor, reason="Không liên lạc được")
                self._tell(number, Status.RETURNED, second + timedelta(days=2), actor)
                return
            at_door = second
        self._tell(number, Status.DELIVERED, at_door, actor, receiver=Receiver.SELF, id_checked=luck < 0.9)

    def _close(self, day: date, actor: Actor, now: datetime) -> None:
        close_manifest(self._open[day], POSTMAN, actor, now)

    def _tell(self, number: str, status: Status, at: datetime, actor: Actor, **more: Any) -> None:
        self._at(at, lambda now: self._say(StatusTold(number, status, now, **more), actor, now))

    def _say(self, told: StatusTold, actor: Actor, now: datetime) -> None:
        try:
            record_status(told.number, told, actor, now)
        except DomainError:
            return  # made-up news that contradict each other are simply not told
