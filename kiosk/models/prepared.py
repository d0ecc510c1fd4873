"""Queries whose text is made once. peewee takes longer to write a query than SQLite to answer it.

Only the few queries of issuing and calling, run hundreds of times a second, are worth it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from peewee import ColumnBase, Context, Field

from kiosk.database import is_postgres, proxy
from kiosk.models.base import Row


class Hole(NamedTuple):
    """Where a value goes, and how its column stores it."""

    name: str
    converter: Callable[[Any], Any] | None


class Slot(ColumnBase):
    """A named place for a value; the column it is compared with says how the value is stored."""

    def __init__(self, name: str, converter: Callable[[Any], Any] | None = None) -> None:
        self.name, self.converter = name, converter

    def __sql__(self, ctx: Context) -> Context:
        """Write a placeholder and leave a hole among the parameters."""
        ctx._values.append(Hole(self.name, self.converter or ctx.state.converter))
        return ctx.literal(ctx.state.param or "?")


class Prepared:
    """A select with slots, as built by `build` at its first use on either kind of database."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._made: dict[bool, tuple[Any, str, list[Any]]] = {}
        self._readers: dict[bool, Any] = {}

    def all(self, **values: Any) -> list[Any]:
        """What the query gives with these values in its slots, as peewee would give it."""
        postgres = is_postgres()
        query, text, parameters = self._made.get(postgres) or self._make()
        filled = [_fill(each, values) if isinstance(each, Hole) else each for each in parameters]
        cursor = proxy.execute_sql(text, filled)
        rows = cursor.fetchall()
        if not rows:
            return []
        read = self._readers.get(postgres) or self._reader(query, cursor)
        return [read(row) for row in rows]

    def first(self, **values: Any) -> Any:
        """The first row, or None; say limit(1) in the query."""
        return next(iter(self.all(**values)), None)

    def scalar(self, **values: Any) -> Any:
        """The first column of the first row of a query of tuples, or None."""
        row = self.first(**values)
        return None if row is None else row[0]

    def _reader(self, query: Any, cursor: Any) -> Any:
        """peewee's way from a row to what the query gives, worked out once: the columns are always the same."""
        wrapper = query._get_cursor_wrapper(cursor)
        wrapper.initialize()
        wrapper.cursor = None
        self._readers[is_postgres()] = wrapper.process_row
        return wrapper.process_row

    def _make(self) -> tuple[Any, str, list[Any]]:
        query = self._build()
        made = (query, *query.sql())
        self._made[is_postgres()] = made
        return made


def _fill(hole: Hole, values: dict[str, Any]) -> Any:
    value = values[hole.name]
    return value if hole.converter is None else hole.converter(value)


def insert(model: Any, values: dict[str, Any]) -> int | None:
    """Add a row from values by field name and return its id, where the table has one."""
    text, fields, gives_id = _insertion(model, tuple(values), is_postgres())
    cursor = proxy.execute_sql(
        text, [field.db_value(value) for field, value in zip(fields, values.values(), strict=True)]
    )
    if not gives_id:
        return None
    return int(cursor.fetchone()[0]) if is_postgres() else int(cursor.lastrowid)


def insert_all(model: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Add rows that name the same fields, by one statement, and return their ids in the rows' order.

    At most some thousands of values fit into a statement: give a few hundred rows at a time.
    """
    if not rows:
        return []
    names = tuple(rows[0])
    fields = [model._meta.fields[name] for name in names]
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = f"({', '.join([proxy.param] * len(fields))})"
    text = (
        f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES {", ".join([marks] * len(rows))}'  # noqa: S608  (our own names)
        ' RETURNING "id"'
    )
    values = [field.db_value(row[name]) for row in rows for name, field in zip(names, fields, strict=True)]
    # Ids are given in the order of the rows; that they come back in it, nobody promises.
    return sorted(key for (key,) in proxy.execute_sql(text, values).fetchall())


def update_all(model: Any, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write the named fields of many rows; each of `rows` has their values and then the id."""
    if not rows:
        return
    text, fields = _change(model, names, is_postgres())
    values = [
        (*(field.db_value(value) for field, value in zip(fields, row, strict=False)), row[-1]) for row in rows
    ]
    proxy.connection().cursor().executemany(text, values)


def update(row: Row, *names: str) -> None:
    """Write the named fields of one row."""
    model: Any = type(row)
    text, fields = _change(model, names, is_postgres())
    proxy.execute_sql(text, [*(field.db_value(row.__data__[field.name]) for field in fields), row.get_id()])


@cache
def _insertion(model: Any, names: tuple[str, ...], postgres: bool) -> tuple[str, list[Field], bool]:
    fields = [model._meta.fields[name] for name in names]
    gives_id = "id" in model._meta.fields and "id" not in names
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = ", ".join([proxy.param] * len(fields))
    text = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({marks})'  # noqa: S608  (our own names)
    return text + (' RETURNING "id"' if gives_id and postgres else ""), fields, gives_id


@cache
def _change(model: Any, names: tuple[str, ...], postgres: bool) -> tuple[str, list[Field]]:
    fields = [model._meta.fields[name] for name in names]
    columns = ", ".join(f'"{field.column_name}" = {proxy.param}' for field in fields)
    return f'UPDATE "{model._meta.table_name}" SET {columns} WHERE "id" = {proxy.param}', fields  # noqa: S608
