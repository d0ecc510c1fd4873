"""Keep the figures of reports up with every change of a dossier, in the transaction of the change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, tzinfo
from typing import Any

from peewee import chunked

from kiosk.database import OfficeTransaction, bookkeeping, proxy
from kiosk.domain.dossier import DossierFact
from kiosk.domain.tally import Step, Tally, advance, changes, tally_of
from kiosk.models import Dossier, DossierHistory, DossierTally, StepCount
from kiosk.models.prepared import Prepared, Slot, insert
from kiosk.services.calendar_of import zone_of

DAY, MONTH = "day", "month"
AT_ONCE = 400
FIELDS = tuple(Tally.__dataclass_fields__)
_TALLY = Prepared(lambda: DossierTally.select().where(DossierTally.dossier == Slot("dossier")).limit(1))


def begin_tally(transaction: OfficeTransaction, dossier: Dossier, fact: DossierFact) -> None:
    """A dossier was received."""
    after = tally_of(begun(dossier), [fact], transaction.zone)
    insert(DossierTally, row_of(transaction.office_id, after))
    add_steps(transaction.office_id, Counter(changes(None, after)))


def move_tally(transaction: OfficeTransaction, dossier: Dossier, fact: DossierFact) -> None:
    """A dossier made a move, or an entry about it was corrected."""
    move_tallies(transaction, [(dossier, fact)])


def move_tallies(transaction: OfficeTransaction, moved: Sequence[tuple[Dossier, DossierFact]]) -> None:
    """Dossiers made moves, in this order; the counts of days are written once for all of them."""
    sums: Counter[Step] = Counter()
    tallies: dict[int, Tally] = {}
    for dossier, fact in moved:
        before = tallies.get(dossier.id) or known_tally(dossier.id)
        if before is None:
            # Made before there were tallies, or put in by hand.
            retell(dossier)
            continue
        after = advance(before, fact, transaction.zone)
        tallies[dossier.id] = after
        for step, n in changes(before, after).items():
            sums[step] += n
    for key, tally in tallies.items():
        values = row_of(transaction.office_id, tally)
        del values["dossier"]
        DossierTally.update(**values).where(DossierTally.dossier == key).execute()
    add_steps(transaction.office_id, sums)


def known_tally(dossier: int) -> Tally | None:
    """A dossier's tally as it is kept."""
    row = _TALLY.first(dossier=dossier)
    return None if row is None else from_row(row)


def retell(dossier: Dossier) -> Tally:
    """Make a dossier's tally anew from its history."""
    office = int(dossier.office_id)
    before = known_tally(dossier.id)
    after = tally_of(begun(dossier), _facts(dossier.id), zone_of(office))
    with bookkeeping():
        DossierTally.delete().where(DossierTally.dossier == dossier.id).execute()
        insert(DossierTally, row_of(office, after))
        add_steps(office, Counter(changes(before, after)))
    return after


def begun(dossier: Dossier) -> Tally:
    """What the receipt of a dossier says."""
    return Tally(
        dossier=dossier.id,
        department=dossier.department,
        procedure=dossier.procedure,
        channel=dossier.channel,
        level=dossier.level,
        delivery=dossier.first_delivery or dossier.delivery,
        received_on=dossier.received_on,
        first_due_on=dossier.first_due_on,
        due_on=dossier.first_due_on,
    )


def row_of(office: int, tally: Tally) -> dict[str, Any]:
    """A tally as values by column."""
    return {**{name: getattr(tally, name) for name in FIELDS}, "office": office, "late": tally.late}


def from_row(row: DossierTally) -> Tally:
    """A tally out of its row."""
    values = {name: getattr(row, name) for name in FIELDS if name != "dossier"}
    values |= {"posted": bool(row.posted), "plain": bool(row.plain)}
    return Tally(dossier=row.dossier_id, **values)


def add_steps(office: int, sums: Counter[Step]) -> None:
    """Add to the counts of days and of months."""
    both: Counter[tuple[str, Step]] = Counter()
    for step, n in sums.items():
        both[DAY, step] += n
        both[MONTH, step._replace(day=step.day.replace(day=1))] += n
    rows = [(office, span, *step, n) for (span, step), n in both.items() if n]
    for batch in chunked(rows, AT_ONCE):
        _upsert(list(batch))


def _upsert(rows: list[tuple[Any, ...]]) -> None:
    mark = proxy.param
    marks = f"({', '.join([mark] * 8)})"
    values = [value.isoformat() if isinstance(value, date) else value for row in rows for value in row]
    proxy.execute_sql(
        'INSERT INTO "step_count" ("office_id", "span", "kind", "day", "department", "procedure", "what", "n")'  # noqa: S608  (our own names)
        f" VALUES {', '.join([marks] * len(rows))}"
        ' ON CONFLICT ("office_id", "span", "kind", "day", "department", "procedure", "what")'
        ' DO UPDATE SET "n" = "step_count"."n" + excluded."n"',
        values,
    )


def _facts(dossier: int) -> Iterable[DossierFact]:
    rows = DossierHistory.select().where(DossierHistory.dossier == dossier)
    return [
        DossierFact(row.seq, row.at, row.on, row.move, row.due_on, row.corrects, bool(row.voids))
        for row in rows
    ]


def steps_from_scratch(office: int, zone: tzinfo) -> Counter[Step]:
    """The counts of days made anew from the log: what they should be."""
    sums: Counter[Step] = Counter()
    for dossier in Dossier.select().where(Dossier.office == office).order_by(Dossier.id).iterator():
        for step, n in changes(None, tally_of(begun(dossier), _facts(dossier.id), zone)).items():
            sums[step] += n
    return sums


def steps_kept(office: int) -> Counter[Step]:
    """The counts of days as they are kept."""
    rows = StepCount.select().where((StepCount.office == office) & (StepCount.span == DAY))
    kept: Counter[Step] = Counter()
    for row in rows:
        if row.n:
            kept[Step(row.kind, row.day, row.department, row.procedure, row.what)] = row.n
    return kept
