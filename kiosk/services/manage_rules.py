"""The calling rules of lines and counters: seen, changed, copied, and taken back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kiosk.database import OfficeTransaction, connection, office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import RuleChanged
from kiosk.domain.queueing import CounterRule, LineRule
from kiosk.models import Counter, CounterLine, Journal, Line
from kiosk.services.announce import announce
from kiosk.services.manage_users import names_by_id

SHOWN_CHANGES = 20


def rules_listing(office_id: int) -> dict[str, Any]:
    """{lines: [{id, prefix, title, title_en, rule}], counters: [{id, number, title, lines: [ids], rule}]}."""
    with connection():
        lines = list(Line.select().where(Line.office == office_id).order_by(Line.prefix))
        counters = list(Counter.select().where(Counter.office == office_id).order_by(Counter.number))
        served: dict[int, list[int]] = defaultdict(list)
        pairs = CounterLine.select(CounterLine.counter, CounterLine.line).join(Line)
        for counter, line in pairs.where(Line.office == office_id).order_by(Line.prefix).tuples():
            served[counter].append(line)
    return {
        "lines": [
            {
                "id": line.id,
                "prefix": line.prefix,
                "title": line.title,
                "title_en": line.title_en,
                "rule": LineRule.from_json(line.rule),
            }
            for line in lines
        ],
        "counters": [
            {
                "id": counter.id,
                "number": counter.number,
                "title": counter.title,
                "lines": served[counter.id],
                "rule": CounterRule.from_json(counter.rule),
            }
            for counter in counters
        ],
    }


def set_line_rule(office_id: int, line_id: int, rule: LineRule, now: datetime, actor: str) -> None:
    """Let a line call by this rule from the next call on; a new round begins. No change, no entry.

    Raises NotFound("unknown_line"), and DomainError as `LineRule.check`.
    """
    rule.check()
    with office_transaction(office_id, now, actor) as transaction:
        _change_line(transaction, line_id, rule)


def copy_line_rule(office_id: int, source: int, targets: Iterable[int], now: datetime, actor: str) -> int:
    """Give other lines the rule of one; the number of lines that changed.

    Raises NotFound("unknown_line"), DomainError("nothing_chosen").
    """
    wanted = sorted(set(targets) - {source})
    with office_transaction(office_id, now, actor) as transaction:
        rule = LineRule.from_json(_line(office_id, source).rule)
        if not wanted:
            raise DomainError("nothing_chosen", field="lines")
        return sum(_change_line(transaction, line, rule) for line in wanted)


def set_counter_rule(office_id: int, counter_id: int, rule: CounterRule, now: datetime, actor: str) -> None:
    """Let a counter mix its lines by this rule from the next call on. No change, no entry.

    Raises NotFound("unknown_counter"), and DomainError as `CounterRule.check`.
    """
    with office_transaction(office_id, now, actor) as transaction:
        _change_counter(transaction, counter_id, rule)


def rule_changes(office_id: int) -> list[dict[str, Any]]:
    """The last changes of rules, newest first: {seq, at, by, line, counter, before, after}."""
    with connection():
        wanted = (Journal.office == office_id) & (Journal.kind == RuleChanged.kind)
        rows = list(Journal.select().where(wanted).order_by(Journal.seq.desc()).limit(SHOWN_CHANGES))
    names = {f"user:{user}": name for user, name in names_by_id(office_id).items()} if rows else {}
    return [_change(row, json.loads(row.facts), names.get(row.actor, "")) for row in rows]


def _change(row: Journal, facts: dict[str, Any], by: str) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "at": row.at,
        "by": by,
        "line": facts.get("line"),
        "counter": facts.get("counter"),
        "before": _read(facts, "before"),
        "after": _read(facts, "after"),
    }


def take_back(office_id: int, seq: int, now: datetime, actor: str) -> None:
    """Let the rule hold again that held before a change; that is a change like any other.

    Raises NotFound("unknown_rule_change"), Conflict("rule_no_longer_fits") where its lines are not the same any more,
    and as the setting of a rule.
    """
    with office_transaction(office_id, now, actor) as transaction:
        wanted = (Journal.office == office_id) & (Journal.kind == RuleChanged.kind) & (Journal.seq == seq)
        row = Journal.get_or_none(wanted)
        if row is None:
            raise NotFound("unknown_rule_change", change=seq)
        facts = json.loads(row.facts)
        rule = _read(facts, "before")
        try:
            if isinstance(rule, LineRule):
                rule.check()
                _change_line(transaction, facts["line"], rule)
            else:
                _change_counter(transaction, facts["counter"], rule)
        except DomainError as error:
            if error.code == "rule_key_unknown":
                raise Conflict("rule_no_longer_fits", change=seq) from None
            raise


def _read(facts: dict[str, Any], which: str) -> LineRule | CounterRule:
    if facts.get("line") is not None:
        return LineRule.from_json(facts[which])
    return CounterRule.from_json(facts[which])


def _line(office_id: int, line_id: int) -> Line:
    line = Line.get_or_none((Line.id == line_id) & (Line.office == office_id))
    if line is None:
        raise NotFound("unknown_line", line=line_id)
    return line


def _change_line(transaction: OfficeTransaction, line_id: int, rule: LineRule) -> bool:
    line = _line(transaction.office_id, line_id)
    before = LineRule.from_json(line.rule).to_json()
    if before == rule.to_json():
        return False
    line.rule, line.round = rule.to_json(), {}
    line.save(only=[Line.rule, Line.round])
    announce(transaction, RuleChanged(line=line_id, before=before, after=line.rule))
    return True


def _change_counter(transaction: OfficeTransaction, counter_id: int, rule: CounterRule) -> None:
    found = (Counter.id == counter_id) & (Counter.office == transaction.office_id)
    counter = Counter.get_or_none(found)
    if counter is None:
        raise NotFound("unknown_counter", counter=counter_id)
    served = CounterLine.select(CounterLine.line).where(CounterLine.counter == counter_id).tuples()
    rule.check([line for (line,) in served])
    before = CounterRule.from_json(counter.rule).to_json()
    if before == rule.to_json():
        return
    counter.rule, counter.round = rule.to_json(), {}
    counter.save(only=[Counter.rule, Counter.round])
    announce(transaction, RuleChanged(counter=counter_id, before=before, after=counter.rule))
