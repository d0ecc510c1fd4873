"""What a kiosk's agent and the server owe each other: papers, numbers for a cut, numbers given during one."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from kiosk.domain.errors import Conflict, Forbidden, Unauthenticated
from kiosk.domain.numbering import is_offline_number
from kiosk.domain.permissions import Actor
from kiosk.models import (
    Device,
    IdempotentRequest,
    Journal,
    LeasedNumber,
    NumberSeries,
    Printer,
    PrintJob,
    Ticket,
)
from kiosk.services import manage_devices, pair_device
from kiosk.services.agent.hand_in import OfflineTicket, hand_in
from kiosk.services.agent.leases import Returned, lease_numbers
from kiosk.services.agent.sync import Outcome, Report, sync
from kiosk.services.agent.watch import watch_agents
from kiosk.services.call_staff import call_staff
from kiosk.services.issue_ticket import Wish, issue_ticket
from kiosk.services.pair_device import which_device
from tests.factories import make_device, make_printer
from tests.services.test_stories import HOUSE, Story

KEY = b"a-key-of-the-tests"
INSTANCE = "machine-of-the-front-door"


class Kiosk:
    """A kiosk with its own printer and an agent, seen from the server."""

    def __init__(self, story: Story, name: str = "Máy 1") -> None:
        self.story = story
        self.printer = make_printer(f"Máy in {name}", office=story.place.office, address="usb:///dev/usb/lp0")
        self.device = make_device(office=story.place.office, name=name, printer=self.printer)
        Printer.update(agent=self.device.id).where(Printer.id == self.printer.id).execute()

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return which_device(self.device.token, self.story.clock.moment)

    def sync(self, **report: Any) -> dict[str, Any]:
        """One exchange."""
        return sync(
            self.actor, Report(version="1", **report), "http://127.0.0.1:8123", self.story.clock.moment
        )

    def lease(self, *returns: Returned) -> dict[int, list[int]]:
        """The numbers held, by line."""
        held = lease_numbers(self.actor, returns, KEY, self.story.clock.moment)
        return {line["line"]: [each["number"] for each in line["numbers"]] for line in held["lines"]}

    def offline(self, number: int, **facts: Any) -> OfflineTicket:
        """A number of the first line, given by itself."""
        given = {
            "key": f"wish-{self.device.id}-{number}",
            "line": self.story.place.justice.id,
            "day": self.story.clock.moment.date(),
            "number": number,
            "issued_at": self.story.clock.moment,
            "token": f"token-of-{self.device.id}-{number}-16",
        }
        return OfflineTicket(**{**given, **facts})

    def hand_in(self, *tickets: OfflineTicket) -> list[str]:
        """The states or codes of what is handed in."""
        answered = hand_in(self.actor, tickets, KEY, self.story.clock.moment)
        return [each["code"] or each["state"] for each in answered]

    def press(self, **wish: Any) -> Any:
        """A number given by the server."""
        wanted = Wish(line=self.story.place.justice.id, **wish)
        return issue_ticket(self.story.office, wanted, self.actor, self.story.clock.moment, HOUSE)


@pytest.fixture
def kiosk(story: Story) -> Kiosk:
    return Kiosk(story)


def test_two_kiosks_never_hold_the_same_number(story: Story, kiosk: Kiosk) -> None:
    other = Kiosk(story, "Máy 2")
    line = story.place.justice.id
    mine, theirs = kiosk.lease()[line], other.lease()[line]
    assert mine == list(range(901, 921))
    assert theirs == list(range(921, 941))
    assert kiosk.lease()[line] == mine, "a lost answer is asked for again"
    assert all(is_offline_number(number) for number in [*mine, *theirs])


def test_what_comes_back_unused_is_held_again_and_explained(story: Story, kiosk: Kiosk) -> None:
    line, day = story.place.justice.id, story.clock.moment.date()
    kiosk.lease()
    assert kiosk.lease(Returned(line, day, 905))[line][:5] == [901, 902, 903, 904, 905]
    assert LeasedNumber.select().where(LeasedNumber.line == line).count() == 20
    returned = [json.loads(row.facts) for row in Journal.select().where(Journal.kind == "numbers.returned")]
    assert returned == [
        {"device": kiosk.device.id, "day": day.isoformat(), "numbers": {str(line): [905]}, "void": False}
    ]


def test_the_online_series_steps_over_the_offline_numbers(story: Story, kiosk: Kiosk) -> None:
    kiosk.press()
    NumberSeries.update(last=899).execute()
    labels = [kiosk.press().ticket.label for _ in range(3)]
    assert labels == ["T900", "T1000", "T1001"]
    NumberSeries.update(last=9000).execute()
    assert kiosk.press().ticket.label == "T10000"


def test_a_number_given_offline_takes_the_place_of_its_hour(story: Story, kiosk: Kiosk) -> None:
    kiosk.lease()
    first = kiosk.press().ticket
    story.clock.pass_(minutes=1)
    other = Kiosk(story, "Máy 2")
    other.lease()
    early = other.offline(921)
    story.clock.pass_(seconds=20)
    middle = kiosk.offline(901, issued_at=story.clock.moment)
    story.clock.pass_(minutes=2)
    late = kiosk.press().ticket
    assert kiosk.hand_in(middle) == ["accepted"]
    assert other.hand_in(early) == ["accepted"]
    order = []
    while (called := story.call(finish=True)) is not None:
        order.append(called.label)
    assert order == [first.label, "T921", "T901", late.label]
    facts = [json.loads(row.facts) for row in Journal.select().where(Journal.kind == "ticket.issued")]
    assert [fact["label"] for fact in facts if "offline_at" in fact] == ["T901", "T921"]


def test_handing_in_twice_makes_one_ticket(story: Story, kiosk: Kiosk) -> None:
    kiosk.lease()
    tickets = [kiosk.offline(901), kiosk.offline(902)]
    assert kiosk.hand_in(*tickets) == ["accepted", "accepted"]
    assert kiosk.hand_in(*tickets, kiosk.offline(903)) == ["known", "known", "accepted"]
    assert Ticket.select().where(Ticket.offline == True).count() == 3  # noqa: E712  (SQL, not Python)
    assert not PrintJob.select().exists(), "the kiosk printed them itself"


def test_a_number_that_is_not_held_is_refused_and_the_others_are_taken(story: Story, kiosk: Kiosk) -> None:
    kiosk.lease()
    taken = kiosk.offline(902)
    assert kiosk.hand_in(kiosk.offline(999), kiosk.offline(7), taken) == [
        "number_not_leased", "number_not_leased", "accepted",
    ]  # fmt: skip
    assert kiosk.hand_in(kiosk.offline(902, token="another-token-of-16")) == ["number_taken"]
    assert {row.kind for row in Journal.select()} >= {"device.refused"}
    assert Ticket.select().count() == 1


def test_a_lost_answer_does_not_make_a_second_number(story: Story, kiosk: Kiosk) -> None:
    """The server had given T001 and its answer was lost; the kiosk gave T901 for the same wish."""
    kiosk.lease()
    ghost = kiosk.press()
    IdempotentRequest.create(
        actor=kiosk.actor.name, key="wish-of-the-page", request_hash="x", status=201,
        body=json.dumps({"id": ghost.ticket.id}), created_at=story.clock.moment,
    )  # fmt: skip
    assert kiosk.hand_in(kiosk.offline(901, wish_key="wish-of-the-page")) == ["accepted"]
    assert Ticket.get_by_id(ghost.ticket.id).state == "cancelled"
    assert PrintJob.get_by_id(ghost.print_job).state == "expired"
    assert story.call().label == "T901"


def test_a_request_that_comes_after_its_offline_number_gives_none(story: Story, kiosk: Kiosk) -> None:
    kiosk.lease()
    kiosk.hand_in(kiosk.offline(901, wish_key="wish-of-the-page"))
    kept = IdempotentRequest.get()
    assert (kept.key, kept.status) == ("wish-of-the-page", 409)


def test_a_clock_that_is_wrong_reorders_no_more_than_it_can_know(story: Story, kiosk: Kiosk) -> None:
    kiosk.lease()
    leased_at = story.clock.moment
    story.clock.pass_(minutes=5)
    early = kiosk.offline(901, issued_at=leased_at - timedelta(hours=9))
    late = kiosk.offline(902, issued_at=story.clock.moment + timedelta(days=2))
    assert kiosk.hand_in(early, late) == ["accepted", "accepted"]
    moments = [row.issued_at for row in Ticket.select().order_by(Ticket.number)]
    assert moments == [leased_at, story.clock.moment]


def test_a_paper_is_handed_over_until_the_agent_says_it_has_it(story: Story, kiosk: Kiosk) -> None:
    job = kiosk.press().print_job
    assert [each["id"] for each in kiosk.sync()["jobs"]] == [job]
    assert [each["id"] for each in kiosk.sync()["jobs"]] == [job], "the first answer may have been lost"
    assert kiosk.sync(holds=[job])["jobs"] == []
    done = Outcome(job, "confirmed", height_mm=120)
    kiosk.sync(outcomes=[done])
    kiosk.sync(outcomes=[done])
    assert (PrintJob.get_by_id(job).state, Printer.get_by_id(kiosk.printer.id).used_mm) == ("confirmed", 120)


def test_a_silent_agent_s_papers_come_out_elsewhere_marked(story: Story, kiosk: Kiosk) -> None:
    backup = make_printer("Máy in dự phòng", office=story.place.office)
    make_device(name="Máy 9", office=story.place.office, printer=backup)
    handed, fresh = kiosk.press().print_job, None
    kiosk.sync()
    fresh = kiosk.press().print_job
    story.clock.pass_(seconds=40)
    watch_agents(story.clock.moment)
    story.clock.pass_(seconds=10)
    watch_agents(story.clock.moment)
    moved = {row.id: (row.printer_id, row.state, row.repeat) for row in PrintJob.select()}
    assert moved[handed] == (backup.id, "repeated", 1), "it may be out at the kiosk"
    assert moved[fresh] == (backup.id, "queued", 0), "it never left the server"
    assert kiosk.sync(holds=[handed])["drop"] == [handed]


def test_a_paper_that_came_out_after_all_is_not_printed_again(story: Story, kiosk: Kiosk) -> None:
    backup = make_printer("Máy in dự phòng", office=story.place.office)
    make_device(name="Máy 9", office=story.place.office, printer=backup)
    job = kiosk.press().print_job
    kiosk.sync()
    for _ in range(2):
        story.clock.pass_(seconds=40)
        watch_agents(story.clock.moment)
    kiosk.sync(outcomes=[Outcome(job, "confirmed")])
    row = PrintJob.get_by_id(job)
    assert (row.state, row.printer_id) == ("confirmed", kiosk.printer.id)


def test_a_replaced_machine_s_numbers_go_to_nobody_else(story: Story, kiosk: Kiosk) -> None:
    held = kiosk.lease()[story.place.justice.id]
    cut_off = kiosk.offline(held[0])
    code, _ = pair_device.replace_device(story.office, kiosk.device.id, story.clock.moment, "user:1")
    with pytest.raises(Unauthenticated, match="token_revoked"):
        _ = kiosk.actor
    kiosk.device.token = pair_device.pair(code, story.clock.moment, instance=INSTANCE).token
    again = lease_numbers(
        which_device(kiosk.device.token, story.clock.moment, INSTANCE), (), KEY, story.clock.moment
    )
    line = next(each for each in again["lines"] if each["line"] == story.place.justice.id)
    assert next(each["number"] for each in line["numbers"]) == 921
    assert kiosk.hand_in(cut_off) == ["accepted"], "the same kiosk still hands in what it gave before"


def test_a_token_counts_only_with_its_own_machine(story: Story, kiosk: Kiosk) -> None:
    code, _ = pair_device.new_pairing_code(story.office, kiosk.device.id, story.clock.moment, "user:1")
    token = pair_device.pair(code, story.clock.moment, instance=INSTANCE).token
    assert which_device(token, story.clock.moment, INSTANCE).device.id == kiosk.device.id
    for wrong in ("", "a-copied-disk-in-a-laptop"):
        with pytest.raises(Forbidden, match="wrong_instance"):
            which_device(token, story.clock.moment, wrong)
    assert _refusals() == ["wrong_instance"], "logged, and not at each request"


def test_used_codes_and_old_tokens_are_refused_and_logged(story: Story, kiosk: Kiosk) -> None:
    now, old = story.clock.moment, kiosk.device.token
    code, _ = pair_device.new_pairing_code(story.office, kiosk.device.id, now, "user:1")
    fresh = pair_device.pair(code, now).token
    with pytest.raises(Unauthenticated, match="pairing_code_wrong"):
        pair_device.pair(code, now)
    with pytest.raises(Unauthenticated, match="token_unknown"):
        which_device(old, now)
    pair_device.revoke(story.office, kiosk.device.id, now, "user:1")
    with pytest.raises(Unauthenticated, match="token_revoked"):
        which_device(fresh, now)
    assert _refusals() == ["code_replayed", "token_replaced", "token_revoked"]


def test_a_kiosk_that_cannot_print_refuses_the_press_and_offers_the_screen(
    story: Story, kiosk: Kiosk
) -> None:
    Printer.update(problem="printer_paper_out").execute()
    with pytest.raises(Conflict, match="printer_not_ready"):
        kiosk.press(paper=True)
    assert not Ticket.select().exists()
    assert kiosk.press(paper=False).print_job is None
    assert kiosk.press().print_job is not None, "who does not ask gets the paper later"
    Printer.update(problem="", checked_at=story.clock.moment - timedelta(minutes=1)).execute()
    with pytest.raises(Conflict, match="printer_not_ready"):
        kiosk.press(paper=True)


def test_staff_are_called_once_a_minute(story: Story, kiosk: Kiosk) -> None:
    assert call_staff(kiosk.actor, "printer", story.clock.moment) is True
    assert call_staff(kiosk.actor, "printer", story.clock.moment) is False
    assert call_staff(kiosk.actor, "citizen", story.clock.moment) is True
    story.clock.pass_(minutes=1)
    assert call_staff(kiosk.actor, "printer", story.clock.moment) is True
    assert story.kinds().count("help.wanted") == 3


def test_the_page_is_loaded_anew_when_an_admin_says_so(story: Story, kiosk: Kiosk) -> None:
    assert kiosk.sync()["reload_at"] is None
    manage_devices.want_reload(story.office, kiosk.device.id, story.clock.moment, "user:1")
    assert datetime.fromisoformat(kiosk.sync()["reload_at"]) == story.clock.moment


def test_the_configuration_comes_when_it_changed(story: Story, kiosk: Kiosk) -> None:
    first = kiosk.sync()["configuration"]
    assert (first["printer"]["address"], first["device"]["name"]) == ("usb:///dev/usb/lp0", "Máy 1")
    assert kiosk.sync(configuration=first["digest"])["configuration"] is None
    Device.update(name="Máy cửa chính").where(Device.id == kiosk.device.id).execute()
    assert kiosk.sync(configuration=first["digest"])["configuration"]["device"]["name"] == "Máy cửa chính"


def test_numbers_are_wanted_when_half_of_them_are_gone(story: Story, kiosk: Kiosk) -> None:
    assert kiosk.sync()["lease_wanted"] is True
    kiosk.lease()
    assert kiosk.sync()["lease_wanted"] is False
    kiosk.hand_in(*(kiosk.offline(number) for number in range(901, 912)))
    assert kiosk.sync()["lease_wanted"] is True
    story.clock.pass_(days=1)
    assert kiosk.sync()["lease_wanted"] is True


def _refusals() -> list[str]:
    rows = Journal.select().where(Journal.kind == "device.refused").order_by(Journal.seq)
    return [json.loads(row.facts)["reason"] for row in rows]


def test_a_copied_folder_is_found_out_when_both_speak(story: Story, kiosk: Kiosk) -> None:
    for boot in ("first", "second"):
        kiosk.sync(health={"boot": boot})
        kiosk.sync(health={"boot": boot})
    with pytest.raises(Forbidden, match="wrong_instance"):
        kiosk.sync(health={"boot": "first"})
    assert _refusals() == ["copied_folder"]
    assert kiosk.sync(health={"boot": "second"})["jobs"] == [], "the one that spoke last goes on"


def test_an_agent_that_ends_gives_back_and_gets_nothing(story: Story, kiosk: Kiosk) -> None:
    held = kiosk.lease()
    day = story.clock.moment.date()
    returns = [Returned(line, day, number) for line, numbers in held.items() for number in numbers]
    left = lease_numbers(kiosk.actor, returns, KEY, story.clock.moment, fill=False)
    assert left["lines"] == []
    assert kiosk.lease() == held, "free numbers are held again before new ones"
