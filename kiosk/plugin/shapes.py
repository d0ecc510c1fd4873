"""Whether a thing looks as its type says: what a plugin hands over has been checked by nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Check = Callable[[Any], str | None]
"""None when a value is right, else where and why it is not: ".fees[1].direct: expected int, got float".

The reason names types and never the value, which may be somebody's name.
"""

NOTHING = type(None)


def shape_of(kind: Any, rules: Mapping[type, Check]) -> Check:
    """The check for a type as written in an annotation; `rules` say more about a class than its fields' types."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind is Any:
        return lambda value: None
    if origin in (Union, UnionType):
        return _either([(_name(part), shape_of(part, rules)) for part in parts])
    if origin is Literal:
        return lambda value: None if value in parts else f": expected one of {', '.join(map(str, parts))}"
    if origin in (tuple, list, Sequence):
        return _row(parts, rules)
    if origin is Mapping:
        return _table(shape_of(parts[0], rules), shape_of(parts[1], rules))
    if isinstance(kind, type) and is_dataclass(kind):
        return _record(kind, rules)
    return _exactly(kind, rules.get(kind))


def unexpected(expected: str, value: Any) -> str:
    """The reason that a value is of another type."""
    return f": expected {expected}, got {type(value).__name__}"


def _name(kind: Any) -> str:
    if kind is NOTHING:
        return "None"
    return {tuple: "a list", list: "a list", Sequence: "a list", Mapping: "a table"}.get(
        get_origin(kind), getattr(kind, "__name__", str(kind))
    )


def _exactly(kind: type, rule: Check | None = None) -> Check:
    # True is an int and a datetime is a date to Python; to an amount of đồng and a day of the law they are not.
    refused: tuple[type, ...] = {int: (bool,), date: (datetime,)}.get(kind, ())

    def check(value: Any) -> str | None:
        if isinstance(value, kind) and not isinstance(value, refused):
            return rule(value) if rule else None
        return unexpected(_name(kind), value)

    return check


def _either(checks: Sequence[tuple[str, Check]]) -> Check:
    names = " or ".join(name for name, _ in checks)

    def check(value: Any) -> str | None:
        faults = []
        for _, each in checks:
            fault = each(value)
            if fault is None:
                return None
            faults.append(fault)
        told = unexpected(names, value)
        for (name, _), fault in zip(checks, faults, strict=True):
            if fault != unexpected(name, value):
                told = fault  # of the right type on the outside: what is wrong lies deeper
        return told

    return check


def _row(parts: tuple[Any, ...], rules: Mapping[type, Check]) -> Check:
    """Of any length when one type is given (or one and an ellipsis), else one value a type."""
    fixed = [shape_of(part, rules) for part in parts if part is not Ellipsis]
    pair = len(fixed) > 1

    def check(value: Any) -> str | None:
        if not isinstance(value, (tuple, list)):
            return unexpected("a list", value)
        if pair and len(value) != len(fixed):
            return f": expected {len(fixed)} values, got {len(value)}"
        for place, each in enumerate(value):
            fault = fixed[place if pair else 0](each)
            if fault is not None:
                return f"[{place}]{fault}"
        return None

    return check


def _table(key: Check, content: Check) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, Mapping):
            return unexpected("a table", value)
        for name, each in value.items():
            fault = key(name) or content(each)
            if fault is not None:
                return fault
        return None

    return check


def _record(kind: Any, rules: Mapping[type, Check]) -> Check:
    hints = get_type_hints(kind)
    parts = [(each.name, shape_of(hints[each.name], rules)) for each in fields(kind)]
    rule = rules.get(kind)

    def check(value: Any) -> str | None:
        if not isinstance(value, kind):
            return unexpected(kind.__name__, value)
        for name, part in parts:
            fault = part(getattr(value, name))
            if fault is not None:
                return f".{name}{fault}"
        return rule(value) if rule else None

    return check
