"""A plugin's settings: the schema it declares, and what is done with the values an admin enters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from kiosk.domain.errors import DomainError
from kiosk.domain.names import clean_note

SettingKind = Literal["str", "int", "bool", "choice", "secret"]
KINDS = ("str", "int", "bool", "choice", "secret")
KEY_SHAPE = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_SECRET = 500


@dataclass(frozen=True)
class Setting:
    """One setting. `choices` are (value, title) pairs; `least` and `most` bound an int, `most` a text's length.

    A secret can be written and never read back. Raises ValueError when the declaration contradicts itself.
    """

    key: str
    title: str
    kind: SettingKind
    default: str | int | bool | None = None
    title_en: str = ""
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    least: int = 0
    most: int = 200
    required: bool = False

    def __post_init__(self) -> None:
        if not KEY_SHAPE.fullmatch(self.key) or self.kind not in KINDS or not self.title:
            raise ValueError(
                f"setting {self.key!r} needs a key like hold_minutes, a title, and a kind of {KINDS}"
            )
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError(f"setting {self.key!r}: choices belong to kind choice, and to no other")
        if self.kind == "secret" and self.default is not None:
            raise ValueError(f"setting {self.key!r}: a secret has no default")
        if self.default is not None:
            self.check(self.default)

    @property
    def is_secret(self) -> bool:
        """Whether the value is never shown again."""
        return self.kind == "secret"

    def check(self, value: Any) -> Any:
        """The value if it fits; raises DomainError("setting_invalid") with field and reason."""
        match self.kind:
            case "bool" if type(value) is bool:
                return value
            case "int" if type(value) is int:
                if self.least <= value <= self.most:
                    return value
                raise invalid(self.key, "out_of_range", least=self.least, most=self.most)
            case "choice" if isinstance(value, str):
                if value in dict(self.choices):
                    return value
                raise invalid(self.key, "unknown_choice", allowed=[key for key, _ in self.choices])
            case "str" if isinstance(value, str):
                return self._text(value)
            case "secret" if isinstance(value, str):
                if len(value) <= LONGEST_SECRET:
                    return value
                raise invalid(self.key, "too_long", most=LONGEST_SECRET)
        raise invalid(self.key, "wrong_type", expected=self.kind)

    def _text(self, value: str) -> str:
        try:
            return clean_note(value, self.most, self.key)
        except DomainError as error:
            raise invalid(self.key, error.code, most=self.most) from None


def invalid(field: str, reason: str, **facts: Any) -> DomainError:
    """The refusal of one setting."""
    return DomainError("setting_invalid", field=field[:60], reason=reason, **facts)


def validate(
    schema: Sequence[Setting], given: Mapping[str, Any], stored: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """All settings as they will be kept: what is given over what is stored over the defaults.

    A secret that is left out or empty keeps its stored value, None clears it. Raises
    DomainError("setting_invalid", field, reason) for an unknown key, a wrong type or a required one missing.
    """
    known = {setting.key: setting for setting in schema}
    for key in given:
        if key not in known:
            raise invalid(str(key), "unknown", allowed=sorted(known))
    values = effective(schema, stored or {})
    for key, value in given.items():
        setting = known[key]
        if setting.is_secret and value == "":
            continue
        values[key] = setting.default if value is None else setting.check(value)
    for setting in schema:
        if setting.required and values[setting.key] in (None, ""):
            raise invalid(setting.key, "required")
    return values


def effective(schema: Iterable[Setting], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values that still fit the schema, defaults for the rest: a plugin's update must not stop it."""
    return {setting.key: _stored_or_default(setting, stored) for setting in schema}


def _stored_or_default(setting: Setting, stored: Mapping[str, Any]) -> Any:
    value = stored.get(setting.key)
    if value is None:
        return setting.default
    try:
        return setting.check(value)
    except DomainError:
        return setting.default


def shown(schema: Iterable[Setting], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values fit to show: of a secret only whether there is one."""
    return {s.key: bool(values.get(s.key)) if s.is_secret else values.get(s.key) for s in schema}


def describe(schema: Iterable[Setting]) -> list[dict[str, Any]]:
    """The schema as plain values, for the form and the API."""
    return [{**asdict(setting), "choices": [list(pair) for pair in setting.choices]} for setting in schema]
