"""Supplement requests written at the desk before a dossier was received: one for each application, and complete."""

from __future__ import annotations

from kiosk.domain.people import Applicant
from kiosk.models import DeclinedApplication, Dossier, Person
from kiosk.services.paper_numbers import SUPPLEMENT


def open_slip(
    office_id: int, department: str, procedure: str, applicant: Applicant
) -> DeclinedApplication | None:
    """The request this applicant was given for this procedure and has not yet answered.

    Known by ID number or tax code; without either nobody can be told from a namesake.
    """
    known = _same_person(applicant)
    if known is None:
        return None
    return (
        DeclinedApplication.select()
        .join(Person)
        .where(
            known,
            DeclinedApplication.office == office_id,
            DeclinedApplication.outcome == SUPPLEMENT,
            DeclinedApplication.department == department,
            DeclinedApplication.procedure == procedure,
            DeclinedApplication.answered_by.is_null(),
        )
        .order_by(DeclinedApplication.id.desc())
        .first()
    )


def answer_supplement_slips(dossier: Dossier, applicant: Applicant) -> None:
    """The application that was sent away is back and was received: its request is answered."""
    slip = open_slip(dossier.office_id, dossier.department, dossier.procedure, applicant)
    if slip is not None:
        slip.answered_by = dossier
        slip.save()


def _same_person(applicant: Applicant):
    if applicant.id_number:
        return Person.id_number == applicant.id_number
    if applicant.tax_code:
        return Person.tax_code == applicant.tax_code
    return None
