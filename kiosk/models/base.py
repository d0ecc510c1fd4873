"""Column types with one meaning on both databases, and the base of every row."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from peewee import BigIntegerField, Model, TextField

from kiosk.database import from_micros, proxy, to_micros


class MomentField(BigIntegerField):
    """An aware moment, kept as microseconds since 1970 in UTC.

    peewee's own DateTimeField comes back aware from SQLite and naive from PostgreSQL.
    """

    if TYPE_CHECKING:
        # peewee swaps a row's value in for the column; the checker has to be told.
        def __get__(self, row: Any, owner: Any) -> Any: ...
        def __set__(self, row: Any, value: Any) -> None: ...

    def db_value(self, value: datetime | int | None) -> int | None:
        """What is stored."""
        return to_micros(value) if isinstance(value, datetime) else value

    def python_value(self, value: int | None) -> datetime | None:
        """What the program sees."""
        return None if value is None else from_micros(value)


class JsonField(TextField):
    """A JSON value as text, with real letters, the same on both databases."""

    if TYPE_CHECKING:
        # As above.
        def __get__(self, row: Any, owner: Any) -> Any: ...
        def __set__(self, row: Any, value: Any) -> None: ...

    def db_value(self, value: Any) -> str | None:
        """What is stored."""
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def python_value(self, value: str | None) -> Any:
        """What the program sees."""
        return None if value is None else json.loads(value)


class Row(Model):
    """Base of all tables."""

    class Meta:
        """Bound late, by URL, in `kiosk.database.connect`."""

        database = proxy
        legacy_table_names = False
