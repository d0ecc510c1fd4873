"""A handful of the table on SQLite and on PostgreSQL: each unit of term, each kind of fee line."""

from __future__ import annotations

from pathlib import Path

from peewee import Database

from tests.api.desk import Clock, answered, opened_app
from tests.catalogue.expected import RECEIVED, ROWS
from tests.catalogue.hall import Hall, moment

HANDFUL = (
    "2.001610",  # working days, two fee lines
    "2.000488",  # calendar days
    "2.000815",  # same day
    "1.002820",  # months
    "chung-nhan-xuat-xu-mau-d",  # working hours
    "1.012786",  # days that are not counted
    "3.000181",  # no term
    "1.009973",  # a fee by formula
)


def test_the_same_dates_and_fees(database: Database, data_dir: Path) -> None:
    clock = Clock(moment(RECEIVED))
    with opened_app(database, data_dir, clock) as app:
        hall = Hall(app, clock)
        for row in ROWS:
            if row.procedure in HANDFUL:
                dossier = answered(hall.receive(row.procedure, department=row.department), 201)
                fees = [(line["kind"], line["amount"], line["quantity"]) for line in dossier["fees"]["lines"]]
                assert (dossier["due_on"], fees) == (row.due, list(row.fees)), row.procedure
