"""The calling rules by the manager: seen in words, tried on a past day, applied, copied, taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, g, request

from kiosk.domain.errors import DomainError, NotFound
from kiosk.domain.queueing import LANES, CounterRule, LineRule, Mix, Mode, Part
from kiosk.services import look, manage_rules
from kiosk.services.look.words_of_rules import MODE_TITLES, lane_title, mix_in_words
from kiosk.services.replay import days_with_visitors, default_day, try_rules
from kiosk.views.door import current_office, language, page, staff, words
from kiosk.views.forms import attempt, chosen, clock_of, entered, refused, text, whole, whole_or_none
from kiosk.views.rules_chart import waits_chart

blueprint = Blueprint("rules", __name__, url_prefix="/rules")

HERE = "/admin/rules"
WITH_SHARES = (Mode.RATIO, Mode.WEIGHTED)
"""Modes in which the figure beside a queue means something."""


@blueprint.get("")
@staff("hall.rules")
def rules() -> str:
    """All rules in words; `?line=` or `?counter=` puts one into the form."""
    return _show(request.args.get("line", type=int), request.args.get("counter", type=int))


@blueprint.post("/lines/<int:line>")
@staff("hall.rules")
def change_line(line: int) -> Any:
    """Let a line call by the rule of the form."""
    actor = g.actor

    def act() -> None:
        manage_rules.set_line_rule(actor.office_id, line, _line_rule(line), g.now, actor.name)

    return attempt(
        act, lambda **shown: _show(line, **shown), f"{HERE}?line={line}#form", "Đã áp dụng quy tắc."
    )


@blueprint.post("/lines/<int:line>/try")
@staff("hall.rules")
def try_line(line: int) -> Any:
    """How a past day would have been under the rule of the form; nothing is changed."""

    def act() -> dict[str, Any]:
        rule = _line_rule(line)
        rule.check()
        return try_rules(g.actor.office_id, _day(), {line: rule}, {}, g.now)

    return _try(act, lambda **shown: _show(line, **shown))


@blueprint.post("/lines/<int:line>/copy")
@staff("hall.rules")
def copy_line(line: int) -> Any:
    """Give the ticked lines the rule that this line has."""
    actor = g.actor

    def act() -> None:
        manage_rules.copy_line_rule(actor.office_id, line, chosen("lines"), g.now, actor.name)

    return attempt(act, lambda **shown: _show(line, **shown), f"{HERE}?line={line}", "Đã chép quy tắc.")


@blueprint.post("/counters/<int:counter>")
@staff("hall.rules")
def change_counter(counter: int) -> Any:
    """Let a counter mix its lines by the rule of the form."""
    actor = g.actor

    def act() -> None:
        rule = _counter_rule(counter)
        manage_rules.set_counter_rule(actor.office_id, counter, rule, g.now, actor.name)

    back = f"{HERE}?counter={counter}#form"
    return attempt(act, lambda **shown: _show(None, counter, **shown), back, "Đã áp dụng quy tắc.")


@blueprint.post("/counters/<int:counter>/try")
@staff("hall.rules")
def try_counter(counter: int) -> Any:
    """How a past day would have been, had the counter mixed its lines by the rule of the form."""

    def act() -> dict[str, Any]:
        rule = _counter_rule(counter)
        rule.check(_served(counter))
        return try_rules(g.actor.office_id, _day(), {}, {counter: rule}, g.now)

    return _try(act, lambda **shown: _show(None, counter, **shown))


@blueprint.post("/changes/<int:change>/back")
@staff("hall.rules")
def take_back(change: int) -> Any:
    """Let the rule hold again that held before a change."""
    actor = g.actor
    return attempt(
        lambda: manage_rules.take_back(actor.office_id, change, g.now, actor.name),
        lambda **shown: _show(None, None, **shown),
        f"{HERE}#history",
        "Quy tắc trước đó đã có hiệu lực trở lại.",
    )


def _line_rule(line: int) -> LineRule:
    if line not in [each["id"] for each in manage_rules.rules_listing(g.actor.office_id)["lines"]]:
        raise NotFound("unknown_line", line=line)
    return LineRule(_mix([str(lane) for lane in LANES]), whole("bulk_from"), whole("target_minutes"))


def _counter_rule(counter: int) -> CounterRule:
    return CounterRule(_mix([str(line) for line in _served(counter)]))


def _served(counter: int) -> list[int]:
    """The lines a counter serves. Raises NotFound("unknown_counter")."""
    for each in manage_rules.rules_listing(g.actor.office_id)["counters"]:
        if each["id"] == counter:
            return list(each["lines"])
    raise NotFound("unknown_counter", counter=counter)


def _mix(keys: list[str]) -> Mix:
    """The mix of the form: for each queue its place, its share, and its latest minutes (empty: no bound)."""
    mode = text("mode")
    if mode not in list(Mode):
        raise DomainError("rule_malformed", field="mode")
    places = {key: whole_or_none(f"place-{key}") or len(keys) for key in keys}
    parts = [Part(key, whole(f"share-{key}")) for key in sorted(keys, key=places.__getitem__)]
    latest = {key: minutes for key in keys if (minutes := whole_or_none(f"latest-{key}")) is not None}
    return Mix(Mode(mode), tuple(parts), latest)


def _day() -> date:
    try:
        return date.fromisoformat(text("day"))
    except ValueError:
        raise DomainError("date_malformed", field="day") from None


def _try(act: Callable[[], dict[str, Any]], show: Callable[..., str]) -> Any:
    try:
        trial = act()
    except DomainError as error:
        return refused(error, show)
    changed = {group["line"] for group in trial["groups"] if group["now"] != group["tried"]}
    changed.add((request.view_args or {}).get("line"))
    return show(
        trial=trial,
        chart=waits_chart(trial["hours"]),
        touched=[group for group in trial["groups"] if group["line"] in changed],
        untouched=[group for group in trial["groups"] if group["line"] not in changed],
        entered=entered(),
    )


def _show(line: int | None = None, counter: int | None = None, **shown: Any) -> str:
    office, actor = current_office(), g.actor
    listing = manage_rules.rules_listing(actor.office_id)
    days = days_with_visitors(actor.office_id, look.today(office, g.now))
    prefixes = {str(each["id"]): each["prefix"] for each in listing["lines"]}
    lanes = {str(lane): lane_title(lane, language()).lower() for lane in LANES}
    queues = {key: words("hàng %(prefix)s", prefix=prefix) for key, prefix in prefixes.items()}
    for each in listing["counters"]:
        each["mixes"] = len(each["lines"]) > 1
    return page(
        "admin/rules.html",
        **listing,
        groups=_by_rule(listing["lines"]),
        line=next((each for each in listing["lines"] if each["id"] == line), None),
        counter=next((each for each in listing["counters"] if each["id"] == counter), None),
        changes=manage_rules.rule_changes(actor.office_id),
        days=days,
        default_day=default_day(days, look.today(office, g.now)),
        modes=[(str(mode), words(title)) for mode, title in MODE_TITLES.items()],
        with_shares=[str(mode) for mode in WITH_SHARES],
        prefixes=prefixes,
        lanes={str(lane): lane_title(lane, language()) for lane in LANES},
        in_words=lambda rule: _in_words(rule, lanes, queues),
        minutes=_minutes,
        when=clock_of(office["zone"]),
        **shown,
    )


def _by_rule(lines: list[dict[str, Any]]) -> list[tuple[LineRule, list[dict[str, Any]]]]:
    """Lines that call alike, told together; the rule of most lines first."""
    groups: list[tuple[LineRule, list[dict[str, Any]]]] = []
    for line in lines:
        members = next((members for rule, members in groups if rule == line["rule"]), None)
        if members is None:
            groups.append((line["rule"], [line]))
        else:
            members.append(line)
    return sorted(groups, key=lambda group: -len(group[1]))


def _in_words(rule: LineRule | CounterRule, lanes: dict[str, str], queues: dict[str, str]) -> str:
    mix, titles = (rule.lanes, lanes) if isinstance(rule, LineRule) else (rule.lines, queues)
    # The journal sorts what it keeps; the bounds are told in the order in which queues are known.
    latest = {key: mix.latest[key] for key in titles if key in mix.latest}
    return mix_in_words(replace(mix, latest=latest), titles, language())


def _minutes(seconds: int) -> str:
    """Seconds as minutes, with one decimal below ten."""
    shown = f"{seconds / 60:.1f}" if seconds < 600 else f"{seconds / 60:.0f}"
    return shown.replace(".", ",") if language() == "vi" else shown
