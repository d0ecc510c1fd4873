"""Numbers, addresses, terms and the post's news, opening nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.calendar import WorkingCalendar
from kiosk.domain.errors import Conflict, DomainError
from kiosk.domain.post.address import check_recipient, read_address
from kiosk.domain.post.provinces import PROVINCES, find_province
from kiosk.domain.post.s10 import (
    COUNTRIES,
    LAST_SERIAL,
    check_digit,
    looks_like_number,
    make_number,
    read_number,
    read_own_number,
)
from kiosk.domain.post.states import KnownStatus, ParcelState, Status, effect_of
from kiosk.domain.post.terms import (
    PostalTerms,
    Zone,
    answer_due,
    complaint_until,
    due_after,
    home_place,
    keep_until,
    least_compensation,
    zone_of_address,
)

RIGHT = (
    "RB123456785GB", "RB123456785US", "RB123456785CV", "RB123456785CF", "EL491610889VN", "RR473124829VN",
    "EA999999995VN", "BC220006011VN", "CP000000014VN", "BC220006060VN",
)  # fmt: skip
WEEKDAYS = WorkingCalendar(frozenset({date(2026, 11, 24)}))
NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)


class TestNumbers:
    @pytest.mark.parametrize("number", RIGHT)
    def test_official_numbers_are_right(self, number: str) -> None:
        assert read_number(number) == number
        assert make_number(number[:2], int(number[2:10]), number[-2:]) == number

    @pytest.mark.parametrize(
        ("typed", "reason"),
        [
            ("RB123456786US", "check_digit"),
            ("RB123456785XX", "country"),
            ("RB12345678VN", "shape"),
            ("R1123456785VN", "shape"),
            ("", "shape"),
            ("x" * 10_000, "shape"),
            (None, "shape"),
            ("RB12345678٥VN", "shape"),
        ],
    )
    def test_wrong_ones_say_why(self, typed: object, reason: str) -> None:
        with pytest.raises(DomainError) as refusal:
            read_number(typed)
        assert (refusal.value.code, refusal.value.fields["reason"]) == ("parcel_number_malformed", reason)

    def test_another_posts_number_is_not_ours(self) -> None:
        with pytest.raises(DomainError) as refusal:
            read_own_number("RB123456785GB")
        assert (refusal.value.code, refusal.value.fields["country"]) == ("parcel_number_foreign", "GB")

    def test_typed_as_printed(self) -> None:
        assert read_own_number(" el 491 610 889 vn\u200b") == "EL491610889VN"
        assert looks_like_number("EL 491 610 880 VN")
        assert not looks_like_number("000.00.17.H02-261124-0001")

    @given(st.integers(0, LAST_SERIAL), st.sampled_from(sorted(COUNTRIES)))
    def test_every_serial_reads_back(self, serial: int, country: str) -> None:
        assert read_number(make_number("RR", serial, country)) == make_number("RR", serial, country)

    @given(st.integers(0, LAST_SERIAL), st.integers(0, 7), st.integers(1, 9))
    def test_one_wrong_digit_is_found_unless_ten_and_eleven_meet(self, serial: int, at: int, by: int) -> None:
        digits = [int(d) for d in f"{serial:08d}"]
        digits[at] = (digits[at] + by) % 10
        other = int("".join(map(str, digits)))
        same = check_digit(serial) == check_digit(other)
        # Remainders 0 and 1 share no digit with others but 5 and 0: the standard's own weakness.
        assert not same or check_digit(serial) in (0, 5)


class TestAddresses:
    def test_old_and_new_map_lead_to_one_province(self) -> None:
        for name in ("Bắc Giang", "tỉnh bac giang", "Tỉnh Bắc Ninh"):
            found = find_province(name)
            assert found
            assert found[0].key == "bacninh"
        assert find_province("TP. Hồ Chí Minh")[0].key == "hochiminh"
        assert find_province("TP HCM")[0].key == "hochiminh"
        assert find_province("Bà Rịa - Vũng Tàu")[0].key == "hochiminh"
        assert find_province("thành phố Huế")[1] == "Huế"
        assert find_province("Atlantis") is None

    def test_there_are_34_made_of_63(self) -> None:
        names = [name for each in PROVINCES.values() for name in each.made_of]
        assert len(PROVINCES) == 34
        # Huế was called Thừa Thiên Huế, so one province has two names of its own.
        assert len(set(names) - {"Huế"}) == 63

    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            (
                "Số 5, thôn Đông, xã Tân Tiến, huyện Yên Dũng, tỉnh Bắc Giang",
                ("Số 5, thôn Đông", "xã Tân Tiến", "huyện Yên Dũng", "tỉnh Bắc Giang"),
            ),
            ("12 Lý Thái Tổ, phường Bắc Giang, Bắc Ninh", ("12 Lý Thái Tổ", "phường Bắc Giang", "", "Bắc Ninh")),
            ("34 Trần Phú, P.5, TP. Vũng Tàu, Bà Rịa - Vũng Tàu", ("34 Trần Phú", "P.5", "TP. Vũng Tàu", "Bà Rịa - Vũng Tàu")),
            ("nhà bà Tư đầu ngõ", ("nhà bà Tư đầu ngõ", "", "", "")),
            ("", ("", "", "", "")),
        ],
    )  # fmt: skip
    def test_a_line_is_told_apart(self, text: str, parts: tuple[str, ...]) -> None:
        found = read_address(text)
        assert (found["street"], found["ward"], found["district"], found["province"]) == parts

    def test_a_former_province_stays_recognisable(self) -> None:
        to = check_recipient({"name": "Trần An", "ward": "xã Tân Tiến", "province": "Bắc Giang"})
        assert to.line == "xã Tân Tiến, tỉnh Bắc Ninh (Bắc Giang cũ)"
        assert "Trần" not in repr(to)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"province": ""}, "address_missing"),
            ({"ward": "", "street": ""}, "address_missing"),
            ({"province": "Atlantis"}, "unknown_province"),
            ({"name": " "}, "text_empty"),
            ({"phone": "12"}, "phone_malformed"),
            ({"email": "x@"}, "email_malformed"),
            ({"planet": "Mars"}, "unknown_field"),
        ],
    )
    def test_what_the_post_could_not_find(self, change: dict[str, str], code: str) -> None:
        with pytest.raises(DomainError) as refusal:
            check_recipient({"name": "An", "ward": "xã A", "province": "Huế", **change})
        assert refusal.value.code == code


class TestTerms:
    HOME = home_place("bacninh", "phường Bắc Giang, huyện Yên Dũng", first_class=True)

    def zone(self, **parts: str) -> Zone:
        raw = {"name": "An", "ward": "xã A", "province": "Bắc Ninh", **parts}
        return zone_of_address(self.HOME, check_recipient(raw))

    def test_how_far_it_goes(self) -> None:
        assert self.zone(ward="Phường Bắc Giang") is Zone.DISTRICT
        assert self.zone(district="Huyện Yên Dũng", province="Bắc Giang") is Zone.DISTRICT
        assert self.zone() is Zone.PROVINCE
        assert self.zone(province="Hà Nội") is Zone.CITIES
        assert self.zone(province="Hải Dương") is Zone.NATION
        assert self.zone(province="Lai Châu") is Zone.NATION

    def test_j_plus_n_counts_working_days_after_the_day(self) -> None:
        monday = date(2026, 11, 23)
        terms = PostalTerms()
        assert due_after(monday, terms.days[Zone.DISTRICT], WEEKDAYS) == date(2026, 11, 25)
        assert due_after(date(2026, 11, 27), terms.days[Zone.NATION], WEEKDAYS) == date(2026, 12, 3)
        assert [terms.days[z] for z in Zone] == [1, 2, 3, 4]
        assert [terms.days_with_slip[z] for z in Zone] == [2, 4, 6, 8]

    def test_complaints_compensation_and_records(self) -> None:
        terms, day = PostalTerms(), date(2026, 8, 31)
        assert complaint_until(day, terms) == date(2027, 2, 28)
        assert answer_due(date(2026, 11, 23), Zone.PROVINCE, terms, WEEKDAYS) == date(2026, 12, 1)
        assert answer_due(date(2026, 11, 23), Zone.NATION, terms, WEEKDAYS) == date(2026, 12, 3)
        assert least_compensation(25_000, terms) == 100_000
        assert keep_until(date(2024, 2, 29), terms) == (date(2025, 2, 28), date(2029, 2, 28))


def known(state: str, latest: int | None = None, told: frozenset = frozenset()) -> KnownStatus:
    handed = None if state in ("registered", "cancelled") else NOON
    return KnownStatus(
        ParcelState(state), handed, None if latest is None else NOON + timedelta(hours=latest), told
    )


class TestNews:
    @pytest.mark.parametrize(
        ("state", "latest", "status", "at", "effect"),
        [
            ("handed_over", None, "accepted", 1, "moves"),
            ("handed_over", None, "delivered", 1, "moves"),
            ("accepted", 1, "out_for_delivery", 2, "moves"),
            ("out_for_delivery", 5, "accepted", 1, "earlier"),
            ("out_for_delivery", 5, "accepted", 6, "earlier"),
            ("attempt_failed", 5, "attempt_failed", 30, "moves"),
            ("delivered", 5, "attempt_failed", 2, "earlier"),
        ],
    )
    def test_news_in_any_order(
        self, state: str, latest: int | None, status: str, at: int, effect: str
    ) -> None:
        assert effect_of(known(state, latest), Status(status), NOON + timedelta(hours=at)) == effect

    def test_told_twice_is_known(self) -> None:
        at = NOON + timedelta(hours=1)
        assert (
            effect_of(known("delivered", 1, frozenset({("delivered", at)})), Status.DELIVERED, at) == "known"
        )

    @pytest.mark.parametrize(
        ("state", "latest", "status", "at", "code"),
        [
            ("registered", None, "accepted", 1, "parcel_not_with_post"),
            ("cancelled", None, "accepted", 1, "parcel_not_with_post"),
            ("handed_over", None, "accepted", -1, "status_before_handover"),
            ("delivered", 5, "delivered", 6, "status_contradicts"),
            ("delivered", 5, "returned", 6, "status_contradicts"),
            ("delivered", 5, "attempt_failed", 6, "status_contradicts"),
            ("out_for_delivery", 5, "delivered", 2, "status_contradicts"),
        ],
    )
    def test_news_that_cannot_be(
        self, state: str, latest: int | None, status: str, at: int, code: str
    ) -> None:
        with pytest.raises(Conflict) as refusal:
            effect_of(known(state, latest), Status(status), NOON + timedelta(hours=at))
        assert refusal.value.code == code
