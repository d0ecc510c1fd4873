"""Every procedure received at the door, its due date and its fees against the table of expected.py."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.api.desk import answered, house, refused
from tests.catalogue.expected import (
    DEPARTMENTS_WITHOUT_PROCEDURES,
    LINKED,
    ON_THE_SPOT,
    ROWS,
    UNKNOWN_FEES,
    Row,
)
from tests.catalogue.further_cases import (
    DATED_FEES,
    FEE_CASES,
    FIRST_DAYS,
    REFUSED,
    TERM_CASES,
    DatedFee,
    FeeCase,
    TermCase,
)
from tests.catalogue.hall import Hall

POSTMARKED = "1.001978"
"""Unemployment benefit, of which the postmark counts when it comes by post (NĐ 28/2015 Đ.18.1)."""
STANDARD = {row.procedure: row for row in ROWS}


def lines(dossier: dict[str, Any]) -> tuple[tuple[str, int, int], ...]:
    """What is to be paid, as the table writes it."""
    return tuple((line["kind"], line["amount"], line["quantity"]) for line in dossier["fees"]["lines"])


def bases(dossier: dict[str, Any]) -> list[str | None]:
    """What each fee line rests on."""
    return [line["legal_basis"] for line in dossier["fees"]["lines"]]


def named(row: Any) -> str:
    """How a test of the row is called."""
    return "-".join(
        [row.procedure, *(f"{key}={value}" for key, value in getattr(row, "answers", {}).items())]
    )


class TestEveryProcedure:
    @pytest.mark.parametrize("row", ROWS, ids=named)
    def test_at_the_desk(self, hall: Hall, row: Row) -> None:
        dossier = answered(hall.receive(row.procedure, department=row.department), 201)
        assert dossier["department"]["key"] == row.department
        assert (dossier["due_on"], lines(dossier)) == (row.due, row.fees)
        assert all(
            row.basis in (basis or "") if row.basis is not None else basis is None for basis in bases(dossier)
        )

    @pytest.mark.parametrize("row", ROWS, ids=named)
    def test_online(self, hall: Hall, row: Row) -> None:
        dossier = answered(hall.receive(row.procedure, department=row.department, channel="online"), 201)
        assert (dossier["due_on"], lines(dossier)) == (row.due, row.online or row.fees)

    @pytest.mark.parametrize("row", ROWS, ids=named)
    def test_by_post(self, hall: Hall, row: Row) -> None:
        stamped = {"postmark_on": "2026-11-23"} if row.procedure == POSTMARKED else {}
        answer = hall.receive(row.procedure, department=row.department, channel="post", **stamped)
        if not row.by_post:
            refused(answer, 409, "not_by_post")
            return
        dossier = answered(answer, 201)
        assert (dossier["due_on"], lines(dossier)) == (row.due, row.fees)


class TestFurtherCases:
    @pytest.mark.parametrize("case", FEE_CASES, ids=named)
    @pytest.mark.parametrize("channel", ["in_person", "online"])
    def test_what_it_costs(self, hall: Hall, case: FeeCase, channel: str) -> None:
        dossier = answered(hall.receive(case.procedure, answers=case.answers, channel=channel), 201)
        wanted = (case.online or case.fees) if channel == "online" else case.fees
        assert (lines(dossier), dossier["due_on"]) == (wanted, STANDARD[case.procedure].due)
        assert dossier["fees"]["total"] == sum(amount * quantity for _, amount, quantity in wanted)

    @pytest.mark.parametrize("case", TERM_CASES, ids=lambda case: f"{named(case)}-{case.received}")
    def test_when_it_falls_due(self, hall: Hall, case: TermCase) -> None:
        by_post = {"channel": "post", "postmark_on": case.postmark} if case.postmark else {}
        dossier = answered(
            hall.receive(case.procedure, at=case.received, answers=case.answers, **by_post), 201
        )
        assert dossier["due_on"] == case.due

    @pytest.mark.parametrize(
        "case", DATED_FEES, ids=lambda case: f"{named(case)}-{case.received}-{case.channel}"
    )
    def test_what_it_costs_on_another_day(self, hall: Hall, case: DatedFee) -> None:
        answer = hall.receive(case.procedure, at=case.received, answers=case.answers, channel=case.channel)
        dossier = answered(answer, 201)
        assert lines(dossier) == case.fees
        assert all(case.basis in basis for basis in bases(dossier))


class TestOtherFacts:
    @pytest.mark.parametrize("procedure", sorted(UNKNOWN_FEES))
    def test_an_unknown_fee_says_that_it_is_to_be_confirmed(self, hall: Hall, procedure: str) -> None:
        (line,) = answered(hall.receive(procedure), 201)["fees"]["lines"]
        assert (line["amount"], "cần xác nhận" in line["case"]) == (0, True)

    def test_what_is_unknown_given_at_once_or_passed_on(self) -> None:
        everything = [p for d in house().departments.values() for p in d.procedures]
        assert {p.key for p in everything if any(fee.unknown for fee in p.fees)} == UNKNOWN_FEES
        assert {p.key for p in everything if p.on_the_spot} == ON_THE_SPOT
        assert {p.key: p.linked_to for p in everything if p.linked_to} == LINKED


class TestRefusals:
    @pytest.mark.parametrize(("procedure", "before", "first"), FIRST_DAYS)
    def test_received_from_its_first_day_on(
        self, hall: Hall, procedure: str, before: str, first: str
    ) -> None:
        refused(hall.receive(procedure, at=f"{before}T09:30"), 409, "procedure_not_in_force")
        answered(hall.receive(procedure, at=f"{first}T09:30"), 201)

    @pytest.mark.parametrize(("procedure", "answers"), REFUSED)
    def test_the_law_or_the_list_has_no_such_case(
        self, hall: Hall, procedure: str, answers: dict[str, Any]
    ) -> None:
        refused(hall.receive(procedure, answers=answers), 422, "intake_refused")

    def test_by_post_the_postmark_must_be_told(self, hall: Hall) -> None:
        refused(hall.receive(POSTMARKED, channel="post"), 422, "postmark_needed")


class TestNothingIsMissing:
    def test_the_table_has_every_procedure_of_the_house_and_no_other(self) -> None:
        offered = Counter((p.department, p.key) for d in house().departments.values() for p in d.procedures)
        assert offered == Counter((row.department, row.procedure) for row in ROWS)

    def test_twenty_departments_nineteen_of_them_with_procedures(self) -> None:
        with_procedures = {row.department for row in ROWS}
        assert set(house().departments) == with_procedures | DEPARTMENTS_WITHOUT_PROCEDURES
        assert (len(house().departments), len(with_procedures), len(ROWS)) == (20, 19, 83)

    def test_every_line_has_a_letter_and_every_agency_a_number_of_its_own(self) -> None:
        departments = house().departments.values()
        prefixes = [d.prefix for d in departments if d.front_desk]
        numbers = [d.agency_number for d in departments]
        assert (len(set(prefixes)), len(set(numbers))) == (19, 20)

    def test_every_fee_of_a_table_is_charged_by_some_row(self) -> None:
        """Cases that no row of this table reaches would be fees that nobody has checked."""
        charged = {
            (case.procedure, kind, amount)
            for case in (*ROWS, *FEE_CASES, *DATED_FEES)
            for kind, amount, _ in (*case.fees, *(getattr(case, "online", None) or ()))
        }
        listed = {
            (p.key, fee.kind, fee.direct)
            for d in house().departments.values()
            for p in d.procedures
            for fee in p.fees
            if not (fee.by_rule or fee.unknown)
        }
        assert listed <= charged

    def test_every_term_of_a_procedure_is_counted_by_some_row(self) -> None:
        counted = {(case.procedure, case.answers.get("term_case")) for case in TERM_CASES}
        for department in house().departments.values():
            for procedure in department.procedures:
                missing = [
                    case.key
                    for case in procedure.term_cases
                    if (procedure.key, case.key) not in counted and case.term != procedure.term
                ]
                assert not missing, procedure.key
