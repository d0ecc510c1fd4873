"""The catalogue as the counter and the API see it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.names import fold
from kiosk.domain.procedure import Procedure
from kiosk.i18n import translate
from kiosk.plugin import gate

TERM_WORDS = {
    TimeUnit.WORKING_DAYS: "%(n)s ngày làm việc",
    TimeUnit.CALENDAR_DAYS: "%(n)s ngày",
    TimeUnit.MONTHS: "%(n)s tháng",
    TimeUnit.HOURS: "%(n)s giờ",
    TimeUnit.WORKING_HOURS: "%(n)s giờ làm việc",
    TimeUnit.SAME_DAY: "Trong ngày (nhận sau 15 giờ: ngày làm việc tiếp theo)",
    TimeUnit.NONE: "Không quy định thời hạn",
}


def term_text(term: Term | None, language: str) -> str:
    """A term in words, with the days the law does not count and the extension it allows."""
    if term is None:
        return translate(TERM_WORDS[TimeUnit.NONE], language, n=0)
    words = translate(TERM_WORDS[term.unit], language, n=f"{term.value:02d}" if term.value else 0)
    if term.excluded_calendar_days:
        words += translate(", không tính %(n)s ngày công khai", language, n=term.excluded_calendar_days)
    if term.extendable_to_working_days:
        longest = f"{term.extendable_to_working_days:02d}"
        words += translate("; được kéo dài đến %(n)s ngày làm việc", language, n=longest)
    return words


def departments(office_id: int) -> list[dict[str, Any]]:
    """The departments switched on in the office that a citizen or a clerk may choose: those with a front desk."""
    return [
        {
            "key": d.key,
            "title": d.title,
            "title_en": d.title_en,
            "prefix": d.prefix,
            "procedures": len(d.procedures),
        }
        for d in sorted(gate.departments(office_id).values(), key=lambda d: fold(d.title))
        if d.front_desk
    ]


def procedures(
    office_id: int, department: str | None, query: str, on: date, language: str
) -> list[dict[str, Any]]:
    """Procedures on offer, all or those that match every word of the query, with or without diacritics."""
    if query:
        found = gate.search(office_id, query, department, on)
    else:
        found = list(gate.procedures(office_id, department, on))
    offered = gate.departments(office_id, on)
    return [
        procedure_card(office_id, p, on, language)
        for p in found
        if p.in_force(on) and offered[p.department].front_desk
    ]


def procedure_card(office_id: int, procedure: Procedure, on: date, language: str) -> dict[str, Any]:
    """Everything the counter needs to take in a dossier of a procedure."""
    return {
        "key": procedure.key,
        "code": procedure.code,
        "name": procedure.name,
        "department": procedure.department,
        "field": procedure.field_name,
        "level": procedure.level_on(on),
        "term_text": term_text(procedure.term, language),
        "components": [asdict(component) for component in procedure.components],
        "fees": [
            {
                "key": c.key,
                "title": c.title,
                "kind": c.kind,
                "direct": c.direct,
                "online": c.online,
                "unit": c.unit,
                "by_rule": c.by_rule,
                "unknown": c.unknown,
                "note": c.note,
            }
            for c in procedure.fees_on(on)
        ],
        "intake_fields": [
            {**asdict(question), "choices": [list(choice) for choice in question.choices]}
            for question in gate.intake_fields(office_id, procedure)
        ],
        "post_receive": procedure.post_receive,
        "post_return": procedure.post_return,
        "confidence": procedure.confidence,
        "code_confidence": procedure.code_confidence,
        "to_confirm": bool(procedure.doubts),
        "doubts": list(procedure.doubts),
        "on_the_spot": procedure.on_the_spot,
        "clock_start": str(procedure.clock_start),
        "collect_back": list(procedure.collect_back),
    }
