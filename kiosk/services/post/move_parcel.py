"""The one place where a parcel on its way changes: by the post's news, however they come, one at a time or by hundreds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.dossier import DossierFact, DossierState
from kiosk.domain.errors import Conflict, DomainError
from kiosk.domain.events import DossierMoved, ParcelMoved, ParcelNewsKept
from kiosk.domain.money import check_amount
from kiosk.domain.names import clean_name, clean_note
from kiosk.domain.permissions import Actor
from kiosk.domain.post.states import (
    MOVE_OF,
    PARCEL_MOVES,
    KnownStatus,
    ParcelState,
    Receiver,
    Status,
    StatusTold,
    effect_of,
)
from kiosk.models import Dossier, DossierHistory, Parcel, ParcelNews, PostWords
from kiosk.models.prepared import insert, insert_all, update_all
from kiosk.services.announce import announce
from kiosk.services.dossier_record import dossier_facts
from kiosk.services.payment.confirm_payment import office_of
from kiosk.services.post.register_parcel import DESK, find_parcel, parcel_facts
from kiosk.services.tally import move_tallies

FILE, CARRIER = "file", "carrier"
MOVED, KEPT, KNOWN = "moved", "kept", "known"
LONGEST_REASON = 400
EARLIEST_YEAR = 2000
CHANGED = ("state", "latest_at", "attempts", "collected", "active", "ended_on")


def record_status(number: str, told: StatusTold, actor: Actor, now: datetime) -> Parcel:
    """What the post told the desk of one parcel, by telephone or on paper.

    A delivered result is handed over, one that came back waits at the counter. Raises NotFound("unknown_parcel"),
    DomainError("date_in_future", "receiver_needed", "reason_needed"), Conflict("parcel_not_with_post",
    "status_before_handover", "status_contradicts", "status_known").
    """
    told = check_told(told, now)
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        parcel = find_parcel(transaction.office_id, number)
        words = keep_words(transaction.office_id, [told])[0]
        outcome = tell(transaction, [(parcel, told, words)], DESK, strict=True)[0]
        if outcome == KNOWN:
            raise Conflict("status_known", number=parcel.number)
    return Parcel.get_by_id(parcel.id)


def check_told(told: StatusTold, now: datetime) -> StatusTold:
    """News fit to keep. Raises DomainError("date_in_future", "date_too_early", "moment_without_zone",
    "receiver_needed", "reason_needed") and those of names."""
    if told.at.tzinfo is None:
        raise DomainError("moment_without_zone", field="at")
    if told.at > now + timedelta(minutes=1):
        raise DomainError("date_in_future", field="at", latest=now.date().isoformat())
    if told.at.year < EARLIEST_YEAR:
        raise DomainError("date_too_early", field="at", earliest=f"{EARLIEST_YEAR}-01-01")
    if told.status is Status.DELIVERED and told.receiver is None:
        raise DomainError("receiver_needed", field="receiver")
    if told.status is Status.ATTEMPT_FAILED and not told.reason.strip():
        raise DomainError("reason_needed", field="reason")
    return replace(
        told,
        name=clean_name(told.name) if told.name.strip() else "",
        reason=clean_note(told.reason, LONGEST_REASON, "reason") if told.reason.strip() else "",
        collected=None if told.collected is None else check_amount(told.collected),
    )


def keep_words(office_id: int, told: Sequence[StatusTold]) -> list[int | None]:
    """Keep what is personal in news, and say for each where it stands (None: nothing was)."""
    personal = [place for place, each in enumerate(told) if each.name or each.reason]
    keys = insert_all(
        PostWords,
        [{"office": office_id, "name": told[place].name, "remark": told[place].reason} for place in personal],
    )
    found: list[int | None] = [None] * len(told)
    for place, key in zip(personal, keys, strict=True):
        found[place] = key
    return found


def tell(
    transaction: OfficeTransaction,
    news: Sequence[tuple[Parcel, StatusTold, int | None]],
    told_by: str,
    *,
    strict: bool = False,
) -> list[str]:
    """Take news of parcels in, in the order given; some hundreds at once cost little more than one.

    `strict` raises what `effect_of` raises; otherwise its code is the outcome.
    """
    teller = _Teller(transaction, [parcel for parcel, _, _ in news], told_by)
    outcomes = []
    for parcel, told, words in news:
        try:
            outcomes.append(teller.hear(parcel.id, told, words))
        except Conflict as error:
            if strict:
                raise
            outcomes.append(error.code)
    teller.write()
    return outcomes


class _Teller:
    """A batch of news in one transaction: what is known is read once, what changes is written once."""

    def __init__(self, transaction: OfficeTransaction, parcels: Sequence[Parcel], told_by: str) -> None:
        self._transaction, self._told_by = transaction, told_by
        self._parcels = {parcel.id: parcel for parcel in parcels}
        keys = list(self._parcels)
        self._dossiers = {
            row.id: row for row in Dossier.select().where(Dossier.id << [p.dossier_id for p in parcels])
        }
        self._told: dict[int, set[tuple[str, datetime]]] = defaultdict(set)
        rows = ParcelNews.select(ParcelNews.parcel, ParcelNews.status, ParcelNews.at).where(
            ParcelNews.parcel << keys
        )
        for key, status, at in rows.tuples():
            self._told[key].add((status, at))
        self._news: list[dict[str, Any]] = []
        self._changed: set[int] = set()
        self._given_out: dict[int, date] = {}
        self._to_counter: set[int] = set()
        self._facts: list[tuple[Dossier, DossierFact]] = []

    def hear(self, key: int, told: StatusTold, words: int | None) -> str:
        """One piece of news; see `tell`."""
        parcel = self._parcels[key]
        known = KnownStatus(
            ParcelState(parcel.state),
            parcel.handed_over_at,
            parcel.latest_at,
            frozenset(self._told[key]),
        )
        effect = effect_of(known, told.status, told.at)
        if effect == "known":
            return KNOWN
        dossier = self._dossiers[parcel.dossier_id]
        if effect == "moves":
            self._move(parcel, dossier, told)
        else:
            announce(
                self._transaction,
                ParcelNewsKept(
                    **parcel_facts(parcel, dossier),
                    status=str(told.status),
                    happened_at=told.at.isoformat(),
                    told_by=self._told_by,
                ),
            )
            if told.status is Status.ATTEMPT_FAILED:
                parcel.attempts += 1
                self._changed.add(key)
        self._told[key].add((str(told.status), told.at))
        self._news.append(
            {
                "parcel": key,
                "status": told.status,
                "at": told.at,
                "told_by": self._told_by,
                "receiver": told.receiver or "",
                "id_checked": told.id_checked,
                "collected": told.collected,
                "words": words,
                "moved": effect == "moves",
                "entered_at": self._transaction.now,
            }
        )
        return MOVED if effect == "moves" else KEPT

    def _move(self, parcel: Parcel, dossier: Dossier, told: StatusTold) -> None:
        move = MOVE_OF[told.status]
        parcel.state = PARCEL_MOVES.apply(ParcelState(parcel.state), move)
        parcel.latest_at = told.at
        collected = None
        if told.status is Status.ATTEMPT_FAILED:
            parcel.attempts += 1
        elif told.status in (Status.DELIVERED, Status.RETURNED):
            parcel.active, parcel.ended_on = None, self._transaction.local(told.at).date()
            if told.status is Status.DELIVERED:
                # A postman who says nothing of the money has collected what the label asks for.
                collected = parcel.collect if told.collected is None else told.collected
                parcel.collected = collected
        self._changed.add(parcel.id)
        announce(
            self._transaction,
            ParcelMoved(
                **parcel_facts(parcel, dossier),
                move=move,
                happened_at=told.at.isoformat(),
                told_by=self._told_by,
                receiver=str(told.receiver) if told.receiver else None,
                id_checked=told.id_checked,
                collected=collected,
            ),
        )
        if dossier.state != DossierState.FINISHED:
            return
        if told.status is Status.DELIVERED:
            self._give_out(dossier, parcel.ended_on)
        elif told.status is Status.RETURNED:
            dossier.delivery = "counter"
            self._to_counter.add(dossier.id)
            self._enter(dossier, "deliver_at_counter", self._transaction.day)

    def _give_out(self, dossier: Dossier, on: date) -> None:
        """The result is with its owner on the day the post says; no rule of a plugin can object to what has happened."""
        on = max(on, dossier.closed_on)
        dossier.state, dossier.handed_over_on = DossierState.HANDED_OVER, on
        self._given_out[dossier.id] = on
        self._enter(dossier, "hand_over", on)

    def _enter(self, dossier: Dossier, move: str, on: date) -> None:
        seq = announce(self._transaction, DossierMoved(**dossier_facts(dossier, on), move=move))
        insert(
            DossierHistory,
            {
                "dossier": dossier.id,
                "seq": seq,
                "at": self._transaction.now,
                "on": on,
                "move": move,
                "due_on": dossier.due_on,
                "clock_on": dossier.clock_on,
            },
        )
        fact = DossierFact(seq, self._transaction.now, on, move, dossier.due_on)
        self._facts.append((dossier, fact))

    def write(self) -> None:
        """Write what changed."""
        insert_all(ParcelNews, self._news)
        changed = [self._parcels[key] for key in sorted(self._changed)]
        update_all(Parcel, CHANGED, [(*(getattr(p, name) for name in CHANGED), p.id) for p in changed])
        given = [(DossierState.HANDED_OVER, on, key) for key, on in sorted(self._given_out.items())]
        update_all(Dossier, ("state", "handed_over_on"), given)
        move_tallies(self._transaction, self._facts)
        update_all(Dossier, ("delivery",), [("counter", key) for key in sorted(self._to_counter)])


def receiver_of(text: str) -> Receiver | None:
    """Who took it, None for nothing said. Raises DomainError("unknown_receiver")."""
    try:
        return Receiver(text) if text else None
    except ValueError:
        raise DomainError("unknown_receiver", field="receiver", allowed=[str(r) for r in Receiver]) from None


def status_of(text: str) -> Status:
    """Raises DomainError("unknown_status")."""
    try:
        return Status(text)
    except ValueError:
        raise DomainError("unknown_status", field="status", allowed=[str(s) for s in Status]) from None
