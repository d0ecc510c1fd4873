"""What all papers share: who issues them, whose dossier it is, which papers were there."""

from __future__ import annotations

from typing import Any

from kiosk.domain.papers import Head, Missing, Party, Sheet
from kiosk.models import Counter, Office, Person, User
from kiosk.plugin import gate
from kiosk.services.papers_given import missing_papers

DIRECTOR = "GIÁM ĐỐC"
NOT_COMPLETE = "Hồ sơ chưa đủ căn cứ để giải quyết theo quy định"
ERASED = "(dữ liệu cá nhân đã được xóa)"
PROVINCES = ("tỉnh", "thành phố")


def head_of(office: Office) -> Head:
    """The issuing agency: the People's Committee of the province the office's second line names, and the office."""
    agency = office.subtitle
    if agency.lower().startswith(PROVINCES):
        agency = f"Ủy ban nhân dân {agency[0].lower()}{agency[1:]}"
    return Head(agency=agency, centre=office.title, place=office.place_name)


def party_of(person: int | None, submitter: int | None = None) -> Party:
    """The applicant with the ID number masked, and who stood at the counter for them."""
    row = Person.get_or_none(Person.id == person) if person else None
    if row is None or row.erased_at is not None:
        return Party(name=ERASED)
    other = Person.get_or_none(Person.id == submitter) if submitter else None
    return Party.masking(
        row.name,
        id_number=row.id_number,
        tax_code=row.tax_code,
        phone=row.phone,
        email=row.email,
        address=row.address,
        submitter=other.name if other is not None and other.erased_at is None else "",
    )


def is_erased(person: int | None) -> bool:
    """Whether the applicant's data was erased by law."""
    row = Person.get_or_none(Person.id == person) if person else None
    return row is None or row.erased_at is not None


def department_title(key: str) -> str:
    """The department in words; its key when its plugin is gone."""
    department = gate.departments().get(key)
    return department.title if department else key


def desk_of(department: str, counter: int | None) -> str:
    """Where it was received."""
    row = Counter.get_or_none(Counter.id == counter) if counter else None
    title = department_title(department)
    return f"Quầy số {row.number} – {title}" if row else title


def officer_name(user: int | None) -> str:
    """The officer who did it, or "" when nobody of the staff did."""
    row = User.get_or_none(User.id == user) if user else None
    return row.display_name if row else ""


def sheets_of(components: list[dict[str, Any]]) -> tuple[Sheet, ...]:
    """The papers handed in."""
    rows = (
        Sheet(row["name"], row["originals_given"], row.get("certified_given", 0), row["copies_given"])
        for row in components
    )
    return tuple(sheet for sheet in rows if sheet.originals or sheet.certified or sheet.copies)


def missing_of(components: list[dict[str, Any]], words: str) -> tuple[tuple[Missing, ...], str]:
    """What is missing, each with what was asked for, and the reason.

    Where no paper of the list is missing, the officer's words are what has to be done.
    """
    by_name = {row["name"]: row for row in components}
    missing = tuple(Missing(name, _asked(by_name[name])) for name in missing_papers(components))
    return (missing, words) if missing else ((Missing(words),), NOT_COMPLETE)


def _asked(row: dict[str, Any]) -> str:
    wanted = [(row["originals"], "bản chính"), (row["copies"], "bản sao")]
    return ", ".join(f"{count:02d} {kind}" for count, kind in wanted if count)


def site_of(office: Office) -> str:
    """Where a citizen looks a dossier up, as printed."""
    return f"{office.public_url.removeprefix('https://')}/lookup" if office.public_url else ""
