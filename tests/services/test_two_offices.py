"""Two offices of one agency share its series of dossier codes, and nothing else."""

from __future__ import annotations

import pytest

from kiosk.domain.errors import DomainError
from kiosk.domain.permissions import RIGHTS, Actor, Role
from kiosk.models import Office
from kiosk.services import manage_plugins
from kiosk.services.receive_dossier import receive_dossier
from kiosk.services.reckon_dossier import Application
from kiosk.services.set_up_office import set_up_office
from tests.services.test_stories import LICENCE, Story


def test_codes_of_one_agency_are_never_given_twice(story: Story) -> None:
    other = story.place.other.id
    assert Office.get_by_id(other).agency == story.place.office.agency
    manage_plugins.enable(other, "transport", story.clock.moment, "system:test")
    there = Actor(other, permissions=RIGHTS[Role.OFFICER])
    application = Application(LICENCE, None, {"name": "Lê Thị Bình"})
    codes = [
        story.receive().code,
        receive_dossier(application, there, story.clock.moment).code,
        story.receive().code,
    ]
    assert [code[-4:] for code in codes] == ["0001", "0002", "0003"]
    assert len({code[:-4] for code in codes}) == 1


def test_an_agency_that_could_not_stand_in_a_code_is_refused(story: Story) -> None:
    before = Office.select().count()
    with pytest.raises(DomainError, match="dossier_code_malformed"):
        set_up_office("moi", "Trung tâm mới", story.clock.moment, agency="không có")
    assert Office.select().count() == before
