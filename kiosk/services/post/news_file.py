"""A file of the post's news: checked as a whole before anything is kept, worked off in batches, resumed after a crash."""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import chunked

from kiosk.database import bookkeeping, office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import PostNewsRead
from kiosk.domain.permissions import SYSTEM, Actor
from kiosk.domain.post.states import (
    LAST,
    MOVE_OF,
    PARCEL_MOVES,
    KnownStatus,
    ParcelState,
    Status,
    StatusTold,
    effect_of,
)
from kiosk.models import Parcel, ParcelNews, PostFile, PostFileRow
from kiosk.models.prepared import insert_all, update_all
from kiosk.plugin.postal import NewsFile, RowProblem
from kiosk.services.announce import announce
from kiosk.services.payment.confirm_payment import office_of
from kiosk.services.post.carriers import known_carriers
from kiosk.services.post.move_parcel import FILE, KEPT, KNOWN, MOVED, check_told, keep_words, tell

BATCH = 250
ROWS_AT_ONCE = 400
MOST_ROWS = 100_000
MOST_NAMED = 200
"""Problems that a refusal names one by one."""


@dataclass(frozen=True)
class Checked:
    """A file before anything of it is kept: what may be taken in, in the order of its moments, and what may not."""

    carrier: str
    digest: str
    news: Sequence[tuple[int, StatusTold]]
    problems: Sequence[RowProblem]


def take_news(content: bytes, actor: Actor, now: datetime, *, leave_out: bool = False) -> PostFile:
    """Read and check a file and keep its rows; `work_off` takes them in.

    A row that cannot be refuses the whole file and is named, unless `leave_out` says to go on without such rows. Raises
    Conflict("post_file_known", "no_postal_carrier"), DomainError("post_file_unreadable", "post_file_empty",
    "post_rows_refused").
    """
    office_id = office_of(actor)
    checked = check_news(office_id, content, now)
    if checked.problems and not (leave_out and checked.news):
        raise DomainError(
            "post_rows_refused",
            rows=[
                {"row": each.row, "code": each.code, **each.facts} for each in checked.problems[:MOST_NAMED]
            ],
            total=len(checked.problems),
            good=len(checked.news),
        )
    if not checked.news:
        raise DomainError("post_file_empty")
    return _store(office_id, checked, actor, now)


def check_news(office_id: int, content: bytes, now: datetime) -> Checked:
    """Read a file and hold every row against what is known. Changes nothing. Raises as `take_news`."""
    digest = hashlib.sha256(content).hexdigest()
    earlier = PostFile.get_or_none((PostFile.office == office_id) & (PostFile.digest == digest))
    if earlier is not None and earlier.rows:
        raise Conflict("post_file_known", file=earlier.id)
    carrier, read = _read(office_id, content)
    if len(read.news) + len(read.problems) > MOST_ROWS:
        raise DomainError("post_file_too_long", most=MOST_ROWS)
    good, problems = _hold_against_known(office_id, read, now)
    return Checked(carrier, digest, good, sorted(problems, key=lambda each: each.row))


def _read(office_id: int, content: bytes) -> tuple[str, NewsFile]:
    refusal: DomainError | None = None
    for key, carrier in known_carriers(office_id).items():
        try:
            return key, carrier.post.read_news(content)
        except DomainError as error:
            refusal = refusal or error
    raise refusal or Conflict("no_postal_carrier")


def _hold_against_known(
    office_id: int, read: NewsFile, now: datetime
) -> tuple[list[tuple[int, StatusTold]], list[RowProblem]]:
    parcels = _parcels(office_id, {each.number for each in read.news})
    told = _told(parcels)
    problems = list(read.problems)
    good: list[tuple[int, StatusTold]] = []
    # Of one moment the end comes last: a postman's list has both at noon.
    for each in sorted(read.news, key=lambda news: (news.at, news.status in LAST, news.row)):
        try:
            news = check_told(each, now)
            known = parcels.get(each.number)
            if known is None:
                raise NotFound("unknown_parcel", number=each.number)
            _play(known, told[known.id], news)
        except DomainError as error:
            facts = {name: value for name, value in error.fields.items() if name not in ("row", "allowed")}
            problems.append(RowProblem(each.row, error.code, facts))
        else:
            good.append((known.id, news))
    return good, problems


def _play(parcel: Parcel, told: set[tuple[str, datetime]], news: StatusTold) -> None:
    """What the row would do, on a copy that is thrown away. Raises as `effect_of`."""
    known = KnownStatus(ParcelState(parcel.state), parcel.handed_over_at, parcel.latest_at, frozenset(told))
    if effect_of(known, news.status, news.at) == "moves":
        parcel.state = PARCEL_MOVES.apply(ParcelState(parcel.state), MOVE_OF[news.status])
        parcel.latest_at = news.at
    told.add((str(news.status), news.at))


def _parcels(office_id: int, numbers: Iterable[str]) -> dict[str, Parcel]:
    found: dict[str, Parcel] = {}
    for batch in chunked(sorted(numbers), ROWS_AT_ONCE):
        rows = Parcel.select(
            Parcel.id, Parcel.number, Parcel.state, Parcel.handed_over_at, Parcel.latest_at
        ).where((Parcel.office == office_id) & (Parcel.number << list(batch)))
        found |= {row.number: row for row in rows}
    return found


def _told(parcels: dict[str, Parcel]) -> dict[int, set[tuple[str, datetime]]]:
    told: dict[int, set[tuple[str, datetime]]] = defaultdict(set)
    for batch in chunked([parcel.id for parcel in parcels.values()], ROWS_AT_ONCE):
        rows = ParcelNews.select(ParcelNews.parcel, ParcelNews.status, ParcelNews.at).where(
            ParcelNews.parcel << list(batch)
        )
        for key, status, at in rows.tuples():
            told[key].add((status, at))
    return told


def _store(office_id: int, checked: Checked, actor: Actor, now: datetime) -> PostFile:
    with bookkeeping():
        _forget_half(office_id, checked.digest)
        file = PostFile.create(
            office=office_id,
            carrier=checked.carrier,
            digest=checked.digest,
            left_out=len(checked.problems),
            officer=actor.user.id if actor.user else None,
            created_at=now,
        )
    for batch in chunked(enumerate(checked.news, 1), ROWS_AT_ONCE):
        rows = list(batch)
        with bookkeeping():
            words = keep_words(office_id, [news for _, (_, news) in rows])
            insert_all(
                PostFileRow,
                [
                    {
                        "file": file.id,
                        "place": place,
                        "number": news.row,
                        "parcel": parcel,
                        "status": news.status,
                        "at": news.at,
                        "receiver": news.receiver or "",
                        "id_checked": news.id_checked,
                        "collected": news.collected,
                        "words": key,
                        "outcome": "",
                    }
                    for (place, (parcel, news)), key in zip(rows, words, strict=True)
                ],
            )
    with bookkeeping():
        # Only now is there anything to work off: a half stored file is never taken in.
        file.rows = len(checked.news)
        file.save()
    return file


def _forget_half(office_id: int, digest: str) -> None:
    half = PostFile.get_or_none(
        (PostFile.office == office_id) & (PostFile.digest == digest) & (PostFile.rows == 0)
    )
    if half is not None:
        PostFileRow.delete().where(PostFileRow.file == half.id).execute()
        half.delete_instance()


def unfinished_files() -> list[int]:
    """Files with rows to work off, in the order they came. For the worker."""
    rows = PostFile.select(PostFile.id).where(PostFile.finished_at.is_null() & (PostFile.rows > 0))
    return [key for (key,) in rows.order_by(PostFile.id).tuples()]


def work_off(file_id: int, now: datetime, stopping: threading.Event | None = None) -> PostFile:
    """Take a file's rows in, batch by batch, to its end or until told to stop. Raises NotFound("unknown_post_file")."""
    file = PostFile.get_or_none(PostFile.id == file_id)
    if file is None:
        raise NotFound("unknown_post_file", file=file_id)
    while file.finished_at is None and file.rows and not (stopping and stopping.is_set()):
        file = _batch(file_id, now)
    return file


def _batch(file_id: int, now: datetime) -> PostFile:
    file = PostFile.get_by_id(file_id)
    with office_transaction(file.office_id, now, SYSTEM) as transaction:
        file = PostFile.get_by_id(file_id)
        if file.finished_at is not None:
            return file
        rows = list(
            PostFileRow.select(PostFileRow, Parcel)
            .join(Parcel)
            .where((PostFileRow.file == file_id) & (PostFileRow.place > file.done))
            .order_by(PostFileRow.place)
            .limit(BATCH)
        )
        one_each: dict[int, Parcel] = {}
        news = [(one_each.setdefault(row.parcel_id, row.parcel), _as_told(row), row.words_id) for row in rows]
        outcomes = tell(transaction, news, FILE)
        update_all(
            PostFileRow,
            ("outcome",),
            [(outcome, row.id) for outcome, row in zip(outcomes, rows, strict=True)],
        )
        file.done += len(rows)
        for name in (MOVED, KEPT, KNOWN):
            setattr(file, name, getattr(file, name) + outcomes.count(name))
        file.refused = file.done - file.moved - file.kept - file.known
        if file.done >= file.rows:
            file.finished_at = transaction.now
            announce(
                transaction,
                PostNewsRead(
                    file=file.id, rows=file.rows, moved=file.moved, kept=file.kept, known=file.known
                ),
            )
        file.save()
        transaction.touched = True
    return file


def _as_told(row: PostFileRow) -> StatusTold:
    # Names and reasons stand in their own table already.
    facts: dict[str, Any] = {"row": row.number, "id_checked": row.id_checked, "collected": row.collected}
    return StatusTold(
        number=row.parcel.number,
        status=Status(row.status),
        at=row.at,
        receiver=row.receiver or None,
        **facts,
    )


def post_file_of(office_id: int, file_id: int) -> PostFile:
    """Raises NotFound("unknown_post_file")."""
    row = PostFile.get_or_none((PostFile.id == file_id) & (PostFile.office == office_id))
    if row is None:
        raise NotFound("unknown_post_file", file=file_id)
    return row
