"""The papers of a dossier, from its entries to PDF, and the rating code on them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pypdfium2
import pytest

from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.papers import Paper
from kiosk.models import Journal, Person
from kiosk.papers.render import render
from kiosk.services import papers
from kiosk.services.rate_service import is_rated, rate_service
from tests.services.test_dossier_life import LAWYERS, TestDeclinedApplications, at, centre, correct
from tests.services.test_stories import Story

__all__ = ["centre"]

AN = {
    "name": "Trần Văn An",
    "id_number": "024099001189",
    "phone": "0912 345 678",
    "address": "Tổ dân phố số 3, phường Ngô Quyền",
}


def words(paper: Paper) -> str:
    """Everything the PDF says."""
    document = pypdfium2.PdfDocument(render(paper))
    return " ".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", " ")


def paper(story: Story, dossier: Any, form: str, rating_url: str | None = None) -> str:
    return words(papers.paper_of_dossier(dossier, form, story.clock.moment, rating_url))


def test_the_receipt_says_what_the_law_asks_for_and_hides_the_identity_number(centre: Story) -> None:
    sister = {"name": "Trần Thị Bình"}
    dossier = centre.receive(LAWYERS, applicant=AN, authorised=sister, components=["Giấy đề nghị"], sets=2)
    text = paper(centre, dossier, "receipt", "https://motcua.example/r/x")
    for part in (
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả".upper(), dossier.code, "Trần Văn An", "Trần Thị Bình", "024*******89",
        "Giấy đề nghị", "50.000", "Năm mươi nghìn đồng", "14 tháng 12 năm 2026",
    ):  # fmt: skip
        assert part.lower() in text.lower(), part
    assert "024099001189" not in text
    assert papers.available_papers(dossier, centre.clock.moment) == ["receipt", "control"]
    with pytest.raises(NotFound, match="paper_not_there"):
        paper(centre, dossier, "apology")
    with pytest.raises(NotFound, match="paper_not_there"):
        paper(centre, dossier, "../../etc/passwd")


def test_every_move_that_is_told_to_the_applicant_has_its_numbered_paper(centre: Story) -> None:
    at(centre, "2026-11-30T09:00")
    first, second, third = (centre.receive(LAWYERS, applicant=AN) for _ in range(3))
    centre.advance(first, "supplement", note="Bổ sung bản sao thẻ luật sư")
    centre.advance(second, "return", note="Không thuộc thẩm quyền giải quyết")
    centre.advance(third, "apologise", on=date(2026, 12, 21), note="Chờ ý kiến của Đoàn luật sư")
    text = paper(centre, first, "supplement")
    assert "01/HDHS" in text
    assert "Bổ sung bản sao thẻ luật sư" in text
    assert "Không thuộc thẩm quyền giải quyết" in paper(centre, second, "refusal")
    apology = paper(centre, third, "apology")
    assert "14 tháng 12 năm 2026" in apology
    assert "21 tháng 12 năm 2026" in apology
    centre.advance(third, "stop", note="Doanh nghiệp đề nghị dừng thủ tục")
    assert "Doanh nghiệp đề nghị dừng thủ tục" in paper(centre, third, "stop")
    assert papers.available_papers(third, centre.clock.moment) == ["receipt", "apology", "stop", "control"]


def test_the_control_slip_follows_the_dossier_and_what_was_put_right(centre: Story) -> None:
    at(centre, "2026-11-30T09:00")
    dossier = centre.receive(LAWYERS, applicant=AN)
    centre.advance(dossier, "transfer")
    centre.advance(dossier, "forward", to="labour")
    centre.advance(dossier, "receive_back")
    at(centre, "2026-12-03T10:00")
    centre.advance(dossier, "finish")
    centre.advance(dossier, "hand_over")
    text = paper(centre, dossier, "control")
    for part in ("Người nộp hồ sơ", "Sở Tư pháp", "Sở Lao động", "Trước hạn"):
        assert part in text
    hand_over = papers.paper_of_dossier(dossier, "control", centre.clock.moment).rows[-1]
    assert (hand_over.giver, hand_over.receiver) == ("Bộ phận tiếp nhận và trả kết quả", "Người nộp hồ sơ")
    last = [row for row in Journal.select() if row.kind == "dossier.moved"][-1]
    correct(centre, dossier, seq=last.seq, void=True)
    rows = papers.paper_of_dossier(dossier, "control", centre.clock.moment).rows
    assert rows[-1].outcome == "early"


def test_words_of_an_entry_that_was_voided_are_printed_nowhere(centre: Story) -> None:
    dossier = centre.receive(LAWYERS, applicant=AN)
    centre.advance(dossier, "return", note="Lời dành cho hồ sơ của người khác")
    last = [row for row in Journal.select() if row.kind == "dossier.moved"][-1]
    correct(centre, dossier, seq=last.seq, void=True)
    centre.advance(dossier, "return")
    assert "người khác" not in paper(centre, dossier, "refusal")


def test_an_application_sent_away_has_its_paper_without_a_dossier(centre: Story) -> None:
    slip = TestDeclinedApplications().decline(centre, components=["Giấy đề nghị"], reason="Ký từng trang")
    text = words(papers.paper_of_declined(slip))
    assert "01/HDHS" in text
    assert "Dự thảo Điều lệ" in text
    assert "Ký từng trang" in text
    refusal = TestDeclinedApplications().decline(centre, "refuse", "Ngoài phạm vi của tỉnh")
    assert "Ngoài phạm vi của tỉnh" in words(papers.paper_of_declined(refusal))


def test_who_was_erased_by_law_has_no_name_on_a_reprint(centre: Story) -> None:
    dossier = centre.receive(LAWYERS, applicant=AN)
    Person.update(name="", erased_at=centre.clock.moment).where(Person.id == dossier.person_id).execute()
    text = paper(centre, dossier, "receipt")
    assert "Trần Văn An" not in text
    assert "đã được xóa" in text


def test_the_register_holds_every_dossier_of_its_days(centre: Story) -> None:
    at(centre, "2026-11-30T09:00")
    centre.receive(LAWYERS, applicant=AN)
    at(centre, "2026-12-01T09:00")
    dossier = centre.receive(LAWYERS, applicant=AN)
    centre.advance(dossier, "withdraw")
    book = papers.register_of(centre.office, date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 1))
    assert [(row.entry, row.note) for row in book.rows] == [(1, ""), (2, "Người nộp rút")]
    assert dossier.code in words(book)
    with pytest.raises(DomainError, match="period_reversed"):
        papers.register_of(centre.office, date(2026, 12, 1), date(2026, 11, 30), date(2026, 12, 1))


def test_a_slip_is_rated_once(centre: Story) -> None:
    dossier = centre.receive(LAWYERS, applicant=AN)
    with pytest.raises(DomainError, match="unknown_score"):
        rate_service("dossier", dossier.id, 4, centre.clock.moment)
    assert not is_rated("dossier", dossier.id)
    assert rate_service("dossier", dossier.id, 3, centre.clock.moment).score == 3
    with pytest.raises(Conflict, match="already_rated"):
        rate_service("dossier", dossier.id, 1, centre.clock.moment)
    with pytest.raises(NotFound, match="unknown_rating_code"):
        rate_service("ticket", 1, 3, centre.clock.moment)
    assert centre.kinds()[-1] == "service.rated"
