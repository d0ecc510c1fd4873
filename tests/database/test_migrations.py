"""The migrated database is the one that the models describe, on both databases."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from peewee import SqliteDatabase
from playhouse.schema_diff import diff_models

from kiosk import migrate
from kiosk.database import connection, is_postgres
from kiosk.models import (
    TABLES,
    Device,
    Dossier,
    DossierTally,
    Office,
    Pace,
    PaperSeries,
    Printer,
    PrintJob,
    Row,
    Ticket,
    Turn,
)
from kiosk.services.tally import from_row, steps_from_scratch, steps_kept
from tests.conftest import opened
from tests.factories import make_dossier, make_office
from tests.reports.random_logs import random_log


def test_tables_columns_and_indexes_equal_the_models(database):
    with connection():
        assert not diff_models(database, TABLES)


def test_types_and_nulls_equal_the_models(database):
    """`diff_models` looks at names only."""
    with connection():
        migrated = {table: columns(database, table) for table in names()}
        assert migrated == columns_by_the_models(database)


def names() -> list[str]:
    return [table._meta.table_name for table in TABLES]


def columns(database, table: str, schema: str | None = None) -> set[tuple[str, str, bool, bool]]:
    return {(c.name, c.data_type, c.null, c.primary_key) for c in database.get_columns(table, schema)}


def columns_by_the_models(database) -> dict[str, set[tuple[str, str, bool, bool]]]:
    if not is_postgres():
        models = SqliteDatabase(":memory:")
        with models.bind_ctx(TABLES):
            models.create_tables(TABLES)
            made = {table: columns(models, table) for table in names()}
        models.close()
        return made
    database.execute_sql("CREATE SCHEMA by_models")
    database.execute_sql("SET search_path TO by_models")
    try:
        database.create_tables(TABLES)
        # get_columns asks for keys in the current schema.
        return {table: columns(database, table, "by_models") for table in names()}
    finally:
        database.execute_sql("RESET search_path")


def test_every_reference_says_what_happens_when_its_row_goes(database):
    """ON DELETE as in the models: nothing that was counted may vanish with a counter or a user."""
    rule = "confdeltype" if is_postgres() else ""
    for table in TABLES:
        wanted = {key.column_name: key.on_delete for key in table._meta.refs}
        assert on_delete(database, table, rule) == wanted, table


def on_delete(database, table: type[Row], rule: str) -> dict[str, str]:
    name = table._meta.table_name
    if not rule:
        rows = database.execute_sql(f'PRAGMA foreign_key_list("{name}")').fetchall()
        return {row[3]: row[6] for row in rows}
    words = {"r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "a": "NO ACTION"}
    rows = database.execute_sql(
        f"SELECT a.attname, c.{rule} FROM pg_constraint c JOIN pg_attribute a"
        " ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
        " WHERE c.contype = 'f' AND c.conrelid = %s::regclass",
        (f'"{name}"',),
    ).fetchall()
    return {column: words[letter] for column, letter in rows}


def test_a_second_upgrade_finds_nothing_to_do(database, data_dir):
    assert migrate.pending() == []
    migrate.require_current()
    make_office()
    assert migrate.upgrade(data_dir) == []
    assert Office.select().count() == 1


def test_an_old_database_is_not_worked_on(tmp_path):
    with opened(f"sqlite:///{tmp_path / 'kiosk.db'}", tmp_path):
        with pytest.raises(migrate.MigrationsPending, match="kiosk upgrade") as refusal:
            migrate.require_current()
        assert refusal.value.names == migrate.pending()
        assert migrate.upgrade(tmp_path) == refusal.value.names
        migrate.require_current()


def test_a_plugin_s_migrations_have_a_history_of_their_own(database, data_dir, tmp_path):
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_stamps.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE plugin_stamps_stamp (id INTEGER PRIMARY KEY)')\n"
    )
    plugins = [("stamps", folder)]
    assert migrate.pending(plugins) == ["stamps: 0001_stamps"]
    assert migrate.upgrade(data_dir, plugins) == ["stamps: 0001_stamps"]
    assert migrate.upgrade(data_dir, plugins) == []
    with connection():
        assert "plugin_stamps_stamp" in database.get_tables()
    shutil.rmtree(folder)


def test_a_migration_that_fails_changes_nothing(database, data_dir, tmp_path):
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_broken.py").write_text(
        "def up(migrator, db):\n"
        "    db.execute_sql('CREATE TABLE plugin_broken_half (id INTEGER PRIMARY KEY)')\n"
        "    raise RuntimeError('on purpose')\n"
    )
    with pytest.raises(RuntimeError, match="on purpose"):
        migrate.upgrade(data_dir, [("broken", folder)])
    with connection():
        assert "plugin_broken_half" not in database.get_tables()
    assert migrate.pending([("broken", folder)]) == ["broken: 0001_broken"]


def test_a_data_folder_may_have_a_name_with_blanks_and_letters(tmp_path: Path):
    folder = tmp_path / "dữ liệu một cửa"
    assert quote(str(folder)) != str(folder)
    with opened(f"sqlite:///{folder / 'kiosk.db'}", folder):
        migrate.upgrade(folder)
        make_office()
    assert (folder / "kiosk.db").exists()


OFFICE = (
    "INSERT INTO office (id, key, title, subtitle, zone, agency, code_form, last_seq, last_hash, created_at)"
    " VALUES (1, 'demo', 'x', '', 'Asia/Ho_Chi_Minh', 'H02', 'tt01', 0, '', 0)"
)
DOSSIER = (
    "INSERT INTO dossier (id, office_id, code, department, procedure, procedure_name, channel, delivery, state,"
    " received_at, received_on, clock_on, linked, components, answers, fees, fee_total) VALUES ({id}, 1, 'c{id}',"
    " 'justice', 'p', 'p', 'in_person', 'counter', 'in_progress', {id}, '{day}', '{day}', {no}, '[]', '{{}}', '[]', 0)"
)


def test_dossiers_of_the_first_version_come_along(empty_url, tmp_path):
    """0002 adds to tables full of rows: numbers in the register, and everything else as the law's usual case."""
    with opened(empty_url, tmp_path) as database, connection():
        migrate.runner(migrate.CORE).up("0001_initial")
        no = "FALSE" if is_postgres() else "0"
        database.execute_sql(OFFICE)
        for number, day in enumerate(("2025-12-30", "2026-01-05", "2026-01-06"), start=1):
            database.execute_sql(DOSSIER.format(id=number, day=day, no=no))
        if is_postgres():
            database.execute_sql("SET datestyle TO 'SQL, DMY'")
        assert migrate.upgrade(tmp_path) == [
            "0002_plugin_house",
            "0003_hardware",
            "0004_hall",
            "0005_money",
            "0006_post",
            "0007_tallies",
        ]
        if is_postgres():
            database.execute_sql("RESET datestyle")
        rows = list(Dossier.select().order_by(Dossier.id))
        series = {(row.year, row.last) for row in PaperSeries.select()}
    assert [row.register_number for row in rows] == [1, 1, 2]
    assert {(row.clock_start, row.supplement_clock, row.sets) for row in rows} == {("receipt", "restart", 1)}
    assert series == {(2025, 1), (2026, 2)}


def test_printers_and_papers_of_the_second_version_come_along(empty_url, tmp_path):
    """0003 gives printers an address of one shape and papers their exact states; devices stay paired."""
    with opened(empty_url, tmp_path) as database, connection():
        migrate.runner(migrate.CORE).up("0002_plugin_house")
        database.execute_sql(OFFICE)
        for number, width in ((1, 576), (2, 384)):
            database.execute_sql(
                "INSERT INTO printer (id, office_id, name, host, port, width, problem)"
                f" VALUES ({number}, 1, 'Máy in {number}', '192.168.1.{number}', 9100, {width}, '')"
            )
        database.execute_sql(
            "INSERT INTO device (id, office_id, name, kind, area, printer_id, options, token_hash, created_at)"
            " VALUES (1, 1, 'Máy 1', 'kiosk', 'main', 2, '{}', 'h', 0)"
        )
        for number, state in enumerate(("queued", "doubtful", "printed", "failed", "expired"), start=1):
            database.execute_sql(
                "INSERT INTO print_job (id, office_id, printer_id, slip, state, attempts, repeat, problem,"
                f" next_try_at, created_at) VALUES ({number}, 1, 1, '{{}}', '{state}', 1, 1, '', 0, 0)"
            )
        assert migrate.upgrade(tmp_path) == [
            "0003_hardware",
            "0004_hall",
            "0005_money",
            "0006_post",
            "0007_tallies",
        ]
        printers = {(row.address, row.model, row.used_mm) for row in Printer.select()}
        states = [row.state for row in PrintJob.select().order_by(PrintJob.id)]
        device = Device.get_by_id(1)
    assert printers == {
        ("tcp://192.168.1.1:9100", "generic-80mm", 0),
        ("tcp://192.168.1.2:9100", "generic-58mm", 0),
    }
    assert states == ["queued", "repeated", "confirmed", "failed", "expired"]
    assert (device.token_hash, device.printer_id, device.health) == ("h", 2, {})


TICKET = (
    "INSERT INTO ticket (id, office_id, line_id, day, number, label, state, priority, rank, arrival, dossiers, language,"
    " token, check_code, issued_at, wait_low, wait_high, counter_id, called_at, recalls, started_at, ended_at, offline)"
    " VALUES ({id}, 1, 1, '2026-11-20', {id}, 'T00{id}', '{state}', '{priority}', {rank}, {id}, 1, 'vi', 'token-{id}',"
    " 'K7QX', {id}00, 1, 2, {counter}, {called}, 0, {called}, {ended}, {no})"
)


def test_tickets_of_the_third_version_come_along(empty_url, tmp_path):
    """0004 keeps every number, puts priority into its lane, and makes a turn of each call that was."""
    with opened(empty_url, tmp_path) as database, connection():
        migrate.runner(migrate.CORE).up("0003_hardware")
        no, yes = ("FALSE", "TRUE") if is_postgres() else ("0", "1")
        database.execute_sql(OFFICE)
        database.execute_sql(
            "INSERT INTO line (id, office_id, department, prefix, title, title_en, area, open, opens_again,"
            f" service_seconds) VALUES (1, 1, 'justice', 'T', 'Hộ tịch', '', 'main', {yes}, '', 480)"
        )
        database.execute_sql(
            f"INSERT INTO counter (id, office_id, number, title, area, open) VALUES (1, 1, 1, '', 'main', {yes})"
        )
        for number, state, priority, called, ended in (
            (1, "finished", "normal", 5_000_000, 9_000_000),
            (2, "no_show", "elderly", 6_000_000, 7_000_000),
            (3, "waiting", "normal", "NULL", "NULL"),
        ):
            database.execute_sql(
                TICKET.format(
                    id=number, state=state, priority=priority, rank=0 if priority == "elderly" else 1,
                    counter="NULL" if called == "NULL" else 1, called=called, ended=ended, no=no,
                )
            )  # fmt: skip
        assert migrate.upgrade(tmp_path) == ["0004_hall", "0005_money", "0006_post", "0007_tallies"]
        tickets = list(Ticket.select().order_by(Ticket.id))
        turns = list(Turn.select().order_by(Turn.id))
        pace = Pace.get()
    assert [(row.home_id, row.line_id, row.lane) for row in tickets] == [
        (1, 1, "normal"), (1, 1, "priority"), (1, 1, "normal"),
    ]  # fmt: skip
    assert all(row.waiting_since == row.issued_at for row in tickets)
    assert [(turn.ticket_id, turn.outcome, turn.waiting_from) for turn in turns] == [
        (row.id, row.state, row.issued_at) for row in tickets[:2]
    ]
    assert (pace.line_id, pace.procedure, pace.mean_seconds) == (1, "", 480.0)


def test_the_figures_of_old_dossiers_are_told_by_0007_as_by_the_services(empty_url, tmp_path):
    """What the migration makes of a log is what the services would have kept, dossier by dossier and day by day."""
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    with opened(empty_url, tmp_path) as database, connection():
        migrate.upgrade(tmp_path)
        office = make_office()
        for each in random_log(Random(7), 120):
            make_dossier(
                each.facts,
                department=each.department,
                channel=each.channel,
                delivery=each.delivery,
                level=each.level,
                office=office,
            )
        tallies = {row.dossier_id: from_row(row) for row in DossierTally.select()}
        counted = steps_kept(office.id)
        for table in ("dossier_tally", "step_count"):
            database.execute_sql(f"DROP TABLE {table}")
        database.execute_sql("DELETE FROM schema_migration WHERE name = '0007_tallies'")
        assert migrate.upgrade(tmp_path) == ["0007_tallies"]
        told = {row.dossier_id: from_row(row) for row in DossierTally.select()}
        assert {key: each for key, each in told.items() if each.plain} == {
            key: each for key, each in tallies.items() if each.plain
        }
        assert told.keys() == tallies.keys()
        assert 10 < sum(each.plain for each in told.values()) < len(told)
        assert steps_kept(office.id) == counted == steps_from_scratch(office.id, zone)
