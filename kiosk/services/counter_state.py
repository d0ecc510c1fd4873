"""An officer opens a counter, pauses it for a while, or closes it; and asks for help."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.database import office_transaction
from kiosk.domain.errors import DomainError, NotFound, TooMany
from kiosk.domain.events import CounterState, HelpWanted
from kiosk.domain.permissions import Actor
from kiosk.models import Counter, Journal
from kiosk.services.announce import announce

STATES = ("open", "paused", "closed")
PAUSE_REASONS = {
    "break": "Nghỉ giải lao",
    "meeting": "Họp",
    "advice": "Trao đổi nghiệp vụ",
    "papers": "Xử lý hồ sơ",
    "trouble": "Sự cố máy móc",
    "other": "Lý do khác",
}
HELP_ONCE_IN = timedelta(minutes=1)


def counter_state(counter: Counter) -> str:
    """open, paused (for a while, calls nobody), or closed."""
    if not counter.open:
        return "closed"
    return "paused" if counter.pause_reason else "open"


def set_counter_state(counter_id: int, state: str, reason: str, actor: Actor, now: datetime) -> Counter:
    """Open, pause or close a counter; the visit it is busy with goes on. No change, no entry.

    Raises Forbidden("not_your_counter"), NotFound("unknown_counter"), DomainError("unknown_state", "reason_missing").
    """
    actor.require_counter(counter_id)
    if state not in STATES:
        raise DomainError("unknown_state", field="state", allowed=list(STATES))
    if state == "paused" and reason not in PAUSE_REASONS:
        raise DomainError("reason_missing", field="reason", allowed=list(PAUSE_REASONS))
    reason = reason if state == "paused" else ""
    with office_transaction(actor.office_id or 0, now, actor.name) as transaction:
        counter = _find(transaction.office_id, counter_id)
        if (counter_state(counter), counter.pause_reason) == (state, reason):
            return counter
        counter.open, counter.pause_reason = state != "closed", reason
        counter.paused_at = transaction.now if state == "paused" else None
        counter.save(only=[Counter.open, Counter.pause_reason, Counter.paused_at])
        announce(
            transaction,
            CounterState(
                counter=counter.id,
                counter_number=counter.number,
                area=counter.area,
                state=state,
                reason=reason or None,
            ),
        )
    return counter


def ask_for_help(counter_id: int, actor: Actor, now: datetime) -> int:
    """Tell the managers that this counter needs somebody; the entry's sequence number.

    Raises Forbidden("not_your_counter"), NotFound("unknown_counter"), TooMany("help_is_coming") within a minute.
    """
    actor.require_counter(counter_id)
    with office_transaction(actor.office_id or 0, now, actor.name) as transaction:
        counter = _find(transaction.office_id, counter_id)
        last = (
            Journal.select(Journal.at)
            .where(
                (Journal.office == transaction.office_id)
                & (Journal.kind == HelpWanted.kind)
                & (Journal.actor == actor.name)
            )
            .order_by(Journal.seq.desc())
            .first()
        )
        if last is not None and transaction.now - last.at < HELP_ONCE_IN:
            raise TooMany("help_is_coming", retry_after=int(HELP_ONCE_IN.total_seconds()))
        wanted = HelpWanted(
            area=counter.area, reason="officer", counter=counter.id, counter_number=counter.number
        )
        return announce(transaction, wanted)


def _find(office_id: int, counter_id: int) -> Counter:
    counter = Counter.get_or_none((Counter.id == counter_id) & (Counter.office == office_id))
    if counter is None:
        raise NotFound("unknown_counter", counter=counter_id)
    return counter
