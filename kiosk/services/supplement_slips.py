"""Supplement requests written at the desk before a dossier was received: one for each application, and complete."""

from __future__ import annotations

from datetime import date, timedelta

from kiosk.domain.people import Applicant
from kiosk.models import DeclinedApplication, Dossier, Person
from kiosk.services.paper_numbers import SUPPLEMENT

REMEMBERED = timedelta(days=365)


def open_slip(
    office_id: int, department: str, procedure: str, applicant: Applicant, today: date
) -> DeclinedApplication | None:
    """The request this applicant was given for this procedure within a year and has not yet answered.

    A dossier that was received, or a refusal, answers it: what comes then is a new application. Known by ID number or
    tax code; without either nobody can be told from a namesake.
    """
    known = _same_person(applicant)
    if known is None:
        return None
    last = (
        DeclinedApplication.select()
        .join(Person)
        .where(
            known,
            DeclinedApplication.office == office_id,
            DeclinedApplication.department == department,
            DeclinedApplication.procedure == procedure,
            DeclinedApplication.on >= today - REMEMBERED,
        )
        .order_by(DeclinedApplication.id.desc())
        .first()
    )
    return last if last is not None and last.outcome == SUPPLEMENT and last.answered_by_id is None else None


def answer_supplement_slips(dossier: Dossier, applicant: Applicant) -> None:
    """The application that was sent away is back and was received: its request is answered."""
    slip = open_slip(dossier.office_id, dossier.department, dossier.procedure, applicant, dossier.received_on)
    if slip is not None:
        slip.answered_by = dossier
        slip.save()


def _same_person(applicant: Applicant):
    if applicant.id_number:
        return Person.id_number == applicant.id_number
    if applicant.tax_code:
        return Person.tax_code == applicant.tax_code
    return None
