"""Figures of reports kept up with every change: a tally of each dossier, counts of steps by day and month; filled from the history.

The rules are those of the day this was written; later ones come with migrations of their own.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from peewee import (
    BooleanField,
    CharField,
    CompositeKey,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
)

LAG = timedelta(days=16)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AT_ONCE = 200
CLOSING = {"finish", "return", "withdraw", "stop"}
DELIVERY = {"deliver_by_post": "post", "deliver_at_counter": "counter"}
PASSING = {"transfer", "forward", "receive_back", *DELIVERY}


def up(migrator, db):
    _create_tables(db)
    for office, zone in db.execute_sql("SELECT id, zone FROM office").fetchall():
        _fill(db, office, ZoneInfo(zone))


def _create_tables(db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Office(Table):
        pass

    class Dossier(Table):
        pass

    class DossierTally(Table):
        dossier = ForeignKeyField(Dossier, on_delete="CASCADE", primary_key=True)
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        department = CharField(max_length=40)
        procedure = CharField(max_length=80)
        channel = CharField(max_length=12)
        level = IntegerField(null=True)
        delivery = CharField(max_length=12)
        received_on = DateField()
        first_due_on = DateField(null=True)
        due_on = DateField(null=True)
        due_since = DateField(null=True)
        forwarded_on = DateField(null=True)
        closed_on = DateField(null=True)
        closed_by = CharField(max_length=20)
        handed_over_on = DateField(null=True)
        posted = BooleanField()
        plain = BooleanField()
        late = BooleanField()

        class Meta:
            indexes = (
                (("office", "plain", "received_on"), False),
                (("office", "late", "due_on"), False),
                (("office", "posted", "channel", "handed_over_on"), False),
            )

    class StepCount(Table):
        office = ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        span = CharField(max_length=5)
        kind = CharField(max_length=12)
        day = DateField()
        department = CharField(max_length=40)
        procedure = CharField(max_length=80)
        what = CharField(max_length=40)
        n = IntegerField()

        class Meta:
            primary_key = CompositeKey("office", "span", "kind", "day", "department", "procedure", "what")

    db.create_tables([DossierTally, StepCount])


COLUMNS = (
    "dossier_id", "office_id", "department", "procedure", "channel", "level", "delivery", "received_on",
    "first_due_on", "due_on", "due_since", "forwarded_on", "closed_on", "closed_by", "handed_over_on", "posted",
    "plain", "late",
)  # fmt: skip


def _fill(db, office, zone):
    mark = "?" if isinstance(db, SqliteDatabase) else "%s"
    rows = db.execute_sql(
        "SELECT d.id, d.department, d.procedure, d.channel, d.level, d.first_delivery, d.delivery, d.received_on,"
        ' d.first_due_on, h.seq, h.at, h."on", h.move, h.due_on, h.corrects FROM dossier d'
        f" JOIN dossier_history h ON h.dossier_id = d.id WHERE d.office_id = {mark} ORDER BY d.id, h.seq",
        (office,),
    )
    sums: Counter = Counter()
    batch = []
    for _, facts in groupby(rows.fetchall(), key=itemgetter(0)):
        tally = _tally(list(facts), zone)
        batch.append(tuple({**tally, "office_id": office}[name] for name in COLUMNS))
        if tally["plain"]:
            _count(sums, tally)
        if len(batch) >= AT_ONCE:
            _insert(db, mark, "dossier_tally", COLUMNS, batch)
            batch = []
    _insert(db, mark, "dossier_tally", COLUMNS, batch)
    counted = [(office, *key, n) for key, n in sums.items()]
    names = ("office_id", "span", "kind", "day", "department", "procedure", "what", "n")
    for start in range(0, len(counted), AT_ONCE):
        _insert(db, mark, "step_count", names, counted[start : start + AT_ONCE])


def _insert(db, mark, table, names, rows):
    if rows:
        marks = f"({', '.join([mark] * len(names))})"
        columns = ", ".join(f'"{name}"' for name in names)
        values = [value.isoformat() if isinstance(value, date) else value for row in rows for value in row]
        db.execute_sql(f'INSERT INTO "{table}" ({columns}) VALUES {", ".join([marks] * len(rows))}', values)


def _day(value):
    return date.fromisoformat(value) if isinstance(value, str) else value


def _tally(facts, zone):
    key, department, procedure, channel, level, first, delivery, received_on, first_due, *_ = facts[0]
    way = first or delivery
    due = _day(first_due)
    tally = {
        "dossier_id": key, "department": department, "procedure": procedure, "channel": channel, "level": level,
        "received_on": _day(received_on), "first_due_on": due, "due_since": None, "forwarded_on": None,
        "closed_on": None, "closed_by": "", "handed_over_on": None, "posted": False, "plain": True,
    }  # fmt: skip
    last = None
    for fact in facts:
        at, on, move, now_due, corrects = fact[10], _day(fact[11]), fact[12], _day(fact[13]), fact[14]
        entered = (EPOCH + timedelta(microseconds=at)).astimezone(zone).date()
        if corrects is not None or entered - on > LAG or entered < on or (last is not None and on < last):
            tally["plain"] = False
        if corrects is not None:
            continue
        last = on
        if move == "receive":
            continue
        if move in DELIVERY:
            way = DELIVERY[move]
        elif move == "hand_over":
            tally["handed_over_on"], tally["posted"] = on, way == "post"
        elif move in CLOSING:
            tally["closed_on"], tally["closed_by"] = on, move
            tally["plain"] &= now_due == due
        elif move not in PASSING:
            tally["plain"] = False
            due = now_due
        if move == "forward" and tally["forwarded_on"] is None:
            tally["forwarded_on"] = on
        if move in PASSING and now_due != due:
            tally["plain"] &= move == "transfer" and tally["due_since"] is None
            due, tally["due_since"] = now_due, on
    tally["delivery"], tally["due_on"] = way, due
    closed = tally["closed_on"]
    tally["late"] = due is not None and (closed is None or closed > due)
    return tally


def _count(sums, tally):
    def add(kind, day, what):
        for span, begins in (("day", day), ("month", day.replace(day=1))):
            sums[span, kind, begins, tally["department"], tally["procedure"], what] += 1

    add("received", tally["received_on"], f"{tally['channel']}:{tally['level'] or 0}")
    if tally["forwarded_on"] is not None:
        add("forwarded", tally["forwarded_on"], "")
    if tally["closed_on"] is not None:
        due, closed = tally["due_on"], tally["closed_on"]
        by_date = "on_time" if due is None or closed == due else "early" if closed < due else "late"
        linked = int(tally["forwarded_on"] is not None)
        add("closed", closed, f"{tally['closed_by']}:{by_date}:{linked}")
    if tally["posted"] and tally["handed_over_on"] is not None:
        add("posted", tally["handed_over_on"], "")
