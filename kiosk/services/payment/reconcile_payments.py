"""A bank's statement against what the office knows: read once, worked off in small batches, resumed after a crash."""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from peewee import JOIN, chunked

from kiosk.database import bookkeeping, office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import StatementRead
from kiosk.domain.payment.identity import (
    ALIKE,
    SAME_REFERENCE,
    KnownTransfer,
    Source,
    Told,
    memo_mark,
)
from kiosk.domain.payment.transfer import Transfer as Movement
from kiosk.domain.permissions import SYSTEM, Actor
from kiosk.models import BankWords, Statement, StatementLine, Telling, Transfer
from kiosk.models.prepared import insert_all, update_all
from kiosk.plugin.providers import StatementFile
from kiosk.services.announce import announce
from kiosk.services.calendar_of import zone_of
from kiosk.services.payment.confirm_payment import office_of
from kiosk.services.payment.money_rules import money_rules
from kiosk.services.payment.providers import known_providers
from kiosk.services.payment.take_transfer import kept_mark, take_transfer
from kiosk.services.payment.transfers import name_account

BATCH = 250
"""So many lines are worked off under the office's lock: some tens of milliseconds, in which a call waits."""
ROWS_AT_ONCE = 400
MARGIN = timedelta(days=4)
MOST_LINES = 100_000
FOREIGN = "foreign"


def take_statement(content: bytes, actor: Actor, now: datetime) -> Statement:
    """Read an uploaded statement and keep its lines; `reconcile` works them off.

    Raises Conflict("statement_known", "no_payment_provider"), DomainError("account_not_ours", "statement_empty",
    "statement_too_long") and what the bank's reader refuses. Nothing is kept then.
    """
    office_id = office_of(actor)
    digest = hashlib.sha256(content).hexdigest()
    earlier = Statement.get_or_none((Statement.office == office_id) & (Statement.digest == digest))
    if earlier is not None and earlier.lines:
        raise Conflict("statement_known", statement=earlier.id)
    key, accounts, read = _read(office_id, content)
    if not read.transfers:
        raise DomainError("statement_empty")
    if len(read.transfers) > MOST_LINES:
        raise DomainError("statement_too_long", most=MOST_LINES)
    if not any(name_account(each.account) in accounts for each in read.transfers):
        raise DomainError("account_not_ours")
    return _store(office_id, key, accounts, read, digest, actor, now)


def _read(office_id: int, content: bytes) -> tuple[str, frozenset[str], StatementFile]:
    refusal: DomainError | None = None
    for provider in known_providers(office_id):
        try:
            return provider.key, provider.accounts, provider.read_statement(content)
        except DomainError as error:
            refusal = refusal or error
    raise refusal or Conflict("no_payment_provider")


def _store(
    office_id: int,
    provider: str,
    accounts: frozenset[str],
    read: StatementFile,
    digest: str,
    actor: Actor,
    now: datetime,
) -> Statement:
    moments = [each.at for each in read.transfers]
    zone = zone_of(office_id)
    with bookkeeping():
        _forget_half(office_id, digest)
        statement = Statement.create(
            office=office_id,
            provider=provider,
            digest=digest,
            shape=read.shape,
            first_day=min(moments).astimezone(zone).date(),
            last_day=max(moments).astimezone(zone).date(),
            lines=0,
            officer=actor.user.id if actor.user else None,
            created_at=now,
        )
    foreign = 0
    for batch in chunked(enumerate(read.transfers, 1), ROWS_AT_ONCE):
        with bookkeeping():
            foreign += _store_lines(statement, batch, accounts)
    with bookkeeping():
        # Only now is there anything to work off: a half stored statement is never reconciled.
        statement.lines, statement.foreign, statement.done = len(read.transfers), foreign, foreign
        statement.save()
    return statement


def _forget_half(office_id: int, digest: str) -> None:
    """Drop what a crash left of an upload."""
    half = Statement.get_or_none(
        (Statement.office == office_id) & (Statement.digest == digest) & (Statement.lines == 0)
    )
    if half is not None:
        words = [
            w
            for (w,) in StatementLine.select(StatementLine.words)
            .where(StatementLine.statement == half.id)
            .tuples()
        ]
        StatementLine.delete().where(StatementLine.statement == half.id).execute()
        for batch in chunked([w for w in words if w], ROWS_AT_ONCE):
            BankWords.delete().where(BankWords.id << list(batch)).execute()
        half.delete_instance()


def _store_lines(
    statement: Statement, batch: Iterable[tuple[int, Movement]], accounts: frozenset[str]
) -> int:
    rows = list(batch)
    blank = {"office": statement.office_id, "holder": "", "account": "", "bank": ""}
    words = insert_all(BankWords, [{**blank, "memo": each.memo} for _, each in rows])
    lines = []
    for place, (number, each) in enumerate(rows):
        account = name_account(each.account)
        lines.append(
            {
                "statement": statement.id,
                "number": number,
                "account": account,
                "amount": each.amount,
                "incoming": each.incoming,
                "at": each.at,
                "bank_reference": each.bank_reference,
                "words": words[place],
                "outcome": "" if account in accounts else FOREIGN,
            }
        )
    insert_all(StatementLine, lines)
    return sum(line["outcome"] == FOREIGN for line in lines)


def reconcile(statement_id: int, now: datetime, stopping: threading.Event | None = None) -> Statement:
    """Work a statement off, batch by batch, to its end or until told to stop. Raises NotFound("unknown_statement")."""
    statement = Statement.get_or_none(Statement.id == statement_id)
    if statement is None:
        raise NotFound("unknown_statement", statement=statement_id)
    book = MemoryBook(statement)
    while statement.finished_at is None and statement.lines and not (stopping and stopping.is_set()):
        statement = _work_off(statement_id, book, now)
    return statement


def unfinished_statements() -> list[int]:
    """Statements with lines to work off, in the order they came. For the worker."""
    rows = Statement.select(Statement.id).where(Statement.finished_at.is_null() & (Statement.lines > 0))
    return [key for (key,) in rows.order_by(Statement.id).tuples()]


def _work_off(statement_id: int, book: MemoryBook, now: datetime) -> Statement:
    statement = Statement.get_by_id(statement_id)
    with office_transaction(statement.office_id, now, SYSTEM) as transaction:
        statement = Statement.get_by_id(statement_id)
        if statement.finished_at is not None:
            return statement
        book.refresh()
        lines = _lines_left(statement_id)
        told_of: list[tuple[str, int, int]] = []
        for line, words, movement in lines:
            told = Told(Source.STATEMENT, book.session, movement)
            taken = take_transfer(transaction, told, book, words=words)
            told_of.append((taken.outcome, taken.transfer.id, line))
            setattr(statement, taken.outcome, getattr(statement, taken.outcome) + 1)
        update_all(StatementLine, ("outcome", "transfer"), told_of)
        book.flush()
        statement.done += len(lines)
        if len(lines) < BATCH:
            statement.finished_at = transaction.now
            announce(
                transaction,
                StatementRead(
                    statement=statement.id,
                    lines=statement.lines,
                    new=statement.new,
                    known=statement.known,
                    contradictory=statement.contradictory,
                ),
            )
        statement.save()
    return statement


def _lines_left(statement_id: int) -> list[tuple[int, int | None, Movement]]:
    """(id, row of its words, movement) of the next lines to work off."""
    rows = (
        StatementLine.select(
            StatementLine.id,
            StatementLine.words,
            StatementLine.number,
            StatementLine.bank_reference,
            StatementLine.account,
            StatementLine.amount,
            StatementLine.incoming,
            StatementLine.at,
            BankWords.memo,
        )
        .join(BankWords, JOIN.LEFT_OUTER)
        .where((StatementLine.statement == statement_id) & (StatementLine.outcome == ""))
        .order_by(StatementLine.number)
        .limit(BATCH)
        .tuples()
    )
    return [
        (key, words, Movement(str(number), reference, account, amount, bool(incoming), at, memo or ""))
        for key, words, number, reference, account, amount, incoming, at, memo in rows
    ]


class MemoryBook:
    """The transfers around a statement's days, kept at hand: thousands of lines ask for them."""

    def __init__(self, statement: Statement) -> None:
        self._office = statement.office_id
        self.session = f"statement:{statement.id}"
        self._pending: list[dict[str, Any]] = []
        self._prefixes = money_rules(statement.office_id).prefixes
        zone = zone_of(statement.office_id)
        midnight = datetime.min.time()
        self._after = datetime.combine(statement.first_day, midnight, zone) - MARGIN
        self._before = datetime.combine(statement.last_day, midnight, zone) + timedelta(days=1) + MARGIN
        self._last = 0
        self._rows: dict[int, KnownTransfer] = {}
        self._tellers: dict[tuple[str, str], KnownTransfer] = {}
        self._references: dict[str, list[KnownTransfer]] = defaultdict(list)
        self._alike: dict[tuple[str, int, bool, str], list[KnownTransfer]] = defaultdict(list)

    def refresh(self) -> None:
        """Read what was kept since the last time."""
        wanted = (
            (Transfer.office == self._office)
            & (Transfer.id > self._last)
            & Transfer.at.between(self._after, self._before)
        )
        rows = (
            Transfer.select(
                Transfer.id,
                Transfer.account,
                Transfer.amount,
                Transfer.incoming,
                Transfer.at,
                Transfer.mark,
                BankWords.memo,
            )
            .join(BankWords, JOIN.LEFT_OUTER)
            .where(wanted)
            .order_by(Transfer.id)
            .tuples()
        )
        new: dict[int, KnownTransfer] = {}
        for key, account, amount, incoming, at, mark, memo in rows:
            self._last = max(self._last, key)
            if key not in self._rows:
                told_by = mark or memo_mark(memo or "", self._prefixes)
                new[key] = KnownTransfer(key, account, amount, bool(incoming), at, told_by)
        for batch in chunked(new, ROWS_AT_ONCE):
            told = Telling.select(
                Telling.transfer, Telling.source, Telling.session, Telling.bank_reference, Telling.teller_id
            ).where(Telling.transfer << list(batch))
            for key, source, session, reference, teller_id in told.tuples():
                new[key].told.append((source, session, reference))
                if session == self.session:
                    self._tellers[session, teller_id] = new[key]
        for known in new.values():
            self.remember(known)

    def remember(self, known: KnownTransfer) -> None:
        """See `Book`."""
        self._rows[known.id] = known
        # Whatever this statement has told of already is no other of its lines.
        if all(session != self.session for _, session, _ in known.told):
            self._alike[self._bucket(known)].append(known)
        for reference in {reference for _, _, reference in known.told if reference}:
            self._references[reference].append(known)

    def tell(self, known: KnownTransfer, telling: dict[str, Any]) -> None:
        """See `Book`; written with the others of the batch."""
        self._pending.append(telling)
        self._tellers[telling["session"], telling["teller_id"]] = known
        bucket = self._alike[self._bucket(known)]
        if known in bucket:
            bucket.remove(known)

    def flush(self) -> None:
        """Write what was told in this batch."""
        for batch in chunked(self._pending, ROWS_AT_ONCE):
            insert_all(Telling, list(batch))
        self._pending.clear()

    def _bucket(self, known: KnownTransfer) -> tuple[str, int, bool, str]:
        return known.account, known.amount, known.incoming, kept_mark(known.mark)

    def by_teller(self, session: str, teller_id: str) -> KnownTransfer | None:
        """See `Book`."""
        return self._tellers.get((session, teller_id))

    def by_reference(self, reference: str, at: datetime) -> Iterable[KnownTransfer]:
        """See `Book`."""
        return [each for each in self._references.get(reference, ()) if abs(each.at - at) <= SAME_REFERENCE]

    def alike(self, transfer: Movement, mark: str) -> Iterable[KnownTransfer]:
        """See `Book`."""
        key = (transfer.account, transfer.amount, transfer.incoming, kept_mark(mark))
        same = self._alike.get(key, ())
        return [each for each in same if abs(each.at - transfer.at) <= ALIKE]


def statement_of(office_id: int, statement_id: int) -> Statement:
    """Raises NotFound("unknown_statement")."""
    row = Statement.get_or_none((Statement.id == statement_id) & (Statement.office == office_id))
    if row is None:
        raise NotFound("unknown_statement", statement=statement_id)
    return row
