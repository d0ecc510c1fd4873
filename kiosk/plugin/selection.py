"""The plugins one office has switched on, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.errors import Conflict, NotFound, Unavailable
from kiosk.domain.procedure import Department, IntakeField, Procedure
from kiosk.domain.queueing import Priority
from kiosk.plugin.calls import Outcome
from kiosk.plugin.editions import Catalogue, Shelf
from kiosk.plugin.facts import Answers, Visitor
from kiosk.plugin.hookspecs import HOOKS, SETTINGS
from kiosk.plugin.manager import PluginHouse
from kiosk.plugin.settings import effective

NO_TERM = Term(0, TimeUnit.NONE)
LONGEST_SHOWN = 80


@lru_cache(maxsize=8)
def plain_catalogue(house: PluginHouse) -> Catalogue:
    """The catalogue of an office that changed nothing: what the plugins say."""
    return Catalogue(Shelf(house.departments))


@dataclass(frozen=True)
class Selection:
    """Which plugins are asked, and the settings each was given; good for one breath (see gate.breath)."""

    house: PluginHouse
    names: frozenset[str]
    stored: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    changed: Catalogue | None = None
    """The office's own catalogue, where it has one."""
    office: int | None = None
    """Whose selection it is: its failures rest a hook nowhere else."""
    trial: bool = False
    """Whether an admin only tries something out: failures then rest no hook at the counters."""

    @property
    def catalogue(self) -> Catalogue:
        """The office's own catalogue, or what the plugins say."""
        return self.changed or plain_catalogue(self.house)

    def with_plugin(self, name: str) -> Selection:
        """The same office on trial, as if it had one more plugin on."""
        return replace(self, names=self.names | {name}, trial=True)

    def settings(self, plugin: str) -> dict[str, Any]:
        """The settings of an installed plugin here, secrets included."""
        return effective(self.house.plugins[plugin].schema, self.stored.get(plugin, {}))

    def ask(
        self, hook: str, *, owner: str | None = None, strict: bool = False, **arguments: Any
    ) -> list[tuple[str, Any]]:
        """(plugin, answer) of every plugin that has one: the owner's first, those of the built-in ones last.

        With `strict`, an owner that fails raises Unavailable("plugin_failed"): its silence is no consent.
        """
        answers = []
        for plugin in self._order(hook, owner, even_off=False):
            outcome = self._call(plugin, hook, arguments, strict and plugin == owner)
            if outcome.value is not None:
                answers.append((plugin, outcome.value))
        return answers

    def first(
        self,
        hook: str,
        *,
        owner: str | None = None,
        even_off: bool = False,
        strict: bool = False,
        **arguments: Any,
    ) -> Any:
        """The first answer that is not None, the owner's before all others, or None.

        `even_off` asks the owner even where it is switched off. With `strict`, an owner that fails raises
        Unavailable("plugin_failed") instead of leaving the answer to the next: a fee is not to be guessed.
        """
        for plugin in self._order(hook, owner, even_off):
            outcome = self._call(plugin, hook, arguments, strict and plugin == owner)
            if outcome.value is not None:
                return outcome.value
        return None

    def _call(self, plugin: str, hook: str, arguments: Mapping[str, Any], strict: bool) -> Outcome:
        own = self.settings(plugin) if SETTINGS in HOOKS[hook].arguments else {}
        outcome = self.house.call(plugin, hook, arguments, own, office=self.office, trial=self.trial)
        if outcome.failed and strict:
            raise Unavailable("plugin_failed", plugin=plugin, hook=hook)
        return outcome

    def _order(self, hook: str, owner: str | None, even_off: bool) -> list[str]:
        able = self.house.implementers(hook)
        names = [name for name in able if name in self.names and name != owner]
        if owner in able and (even_off or owner in self.names):
            return [owner, *names]
        return names

    @cached_property
    def departments(self) -> dict[str, Department]:
        """The departments switched on here, by key, once all that is known of them has come into force."""
        return self.departments_on(None)

    def departments_on(self, day: date | None) -> dict[str, Department]:
        """The departments switched on here, by key, as they are on a day."""
        return {
            key: department
            for key, department in self.catalogue.on(day).departments.items()
            if self.house.owners[key] in self.names
        }

    def procedures(self, department: str | None = None, *, on: date | None = None) -> tuple[Procedure, ...]:
        """All procedures offered here, or those of one department, as they are on a day."""
        offered = self.departments_on(on)
        chosen = offered.values() if department is None else [offered.get(department)]
        return tuple(procedure for each in chosen if each is not None for procedure in each.procedures)

    def find_procedure(
        self,
        key: str,
        department: str | None = None,
        *,
        include_disabled: bool = False,
        on: date | None = None,
    ) -> Procedure:
        """The procedure with this key, short or full code, with the facts of the day `on`.

        The day also chooses among procedures of one code. Raises NotFound("unknown_procedure"),
        Conflict("plugin_disabled"), Conflict("procedure_ambiguous").
        """
        index = self.catalogue.on(on).index
        found = [p for p in index.find(key) if department in (None, p.department)]
        if not found:
            raise NotFound("unknown_procedure", procedure=key[:LONGEST_SHOWN])
        offered = found if include_disabled else [p for p in found if p.department in self.departments]
        if not offered:
            closed = found[0].department
            raise Conflict("plugin_disabled", department=closed, plugin=self.house.owners[closed])
        if len({p.department for p in offered}) > 1:
            raise Conflict("procedure_ambiguous", departments=sorted({p.department for p in offered}))
        in_force = [p for p in offered if on is None or p.in_force(on)]
        # Procedures of one code are never in force together; without a day, the one that has no end is meant.
        return max(in_force or offered, key=lambda p: p.valid_from or date.min)

    def search(self, query: str, department: str | None = None, *, on: date | None = None) -> list[Procedure]:
        """Procedures offered here that fit the words, with or without diacritics."""
        departments = (
            self.departments.keys() if department is None else self.departments.keys() & {department}
        )
        return self.catalogue.on(on).index.search(query, departments)

    def intake_fields(self, procedure: Procedure) -> list[IntakeField]:
        """The questions for an application, one a key; the department's own wording wins."""
        fields: dict[str, IntakeField] = {}
        owner = self.house.owners.get(procedure.department)
        for _, answer in self.ask("intake_fields", owner=owner, procedure=procedure):
            for each in answer:
                fields.setdefault(each.key, each)
        return list(fields.values())

    def term_for(self, procedure: Procedure, answers: Answers, *, even_off: bool = False) -> Term:
        """The term that applies; unit `none` where there is no deadline.

        Raises Unavailable("plugin_failed") when the department's own rule fails: a due date is not to be guessed.
        """
        term = self.first(
            "term_for",
            owner=self.house.owners.get(procedure.department),
            even_off=even_off,
            strict=True,
            procedure=procedure,
            answers=answers,
        )
        return term or procedure.term or NO_TERM

    def priority_for(self, procedure: Procedure | None, visitor: Visitor) -> Priority:
        """The best class any plugin grants this visitor; NORMAL when none does."""
        granted = [answer for _, answer in self.ask("ticket_priority", procedure=procedure, visitor=visitor)]
        return min(
            (Priority(each) for each in granted),
            key=lambda each: each is Priority.NORMAL,
            default=Priority.NORMAL,
        )
