"""Whoever types what people say finds what they mean at the top, over everything that is shipped."""

from __future__ import annotations

import random

import pytest

from kiosk.domain.procedure import Department, Procedure
from kiosk.plugin.index import ProcedureIndex

LICENCES = {"1.002809", "1.002820", "1.002796"}
PASSPORTS = {"1.001456", "1.001445", "1.010384"}
LAND = {"1.012783", "1.012786", "1.013831", "1.011441", "1.012789", "1.012790"}


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("sổ đỏ", LAND),
        ("so do", LAND),
        ("GCNQSDĐ", {"1.012783"}),
        ("mở nhà thuốc", {"1.004593"}),
        ("mo nha thuoc", {"1.004593"}),
        ("nhà thuốc", {"1.004616", "1.004593"}),
        ("gplx", LICENCES),
        ("bằng lái", LICENCES),
        ("bang lai", LICENCES),
        ("hộ chiếu", PASSPORTS),
        ("ho chieu", PASSPORTS),
        ("LLTP", {"2.000488"}),
        ("lý lịch tư pháp", {"2.000488"}),
        ("đkkd", {"2.001610", "2.001583", "2.001199", "2.002043"}),
    ],
)
def test_what_people_say_comes_first(load, query, first):
    house = load()
    found = [p.key for p in house.index.search(query, house.departments)]
    assert set(found[: len(first)]) == first


def made(name: str, *keywords: str, code: str | None = None) -> Procedure:
    return Procedure("here", name, name, "Lĩnh vực", None, (), (), code=code, keywords=keywords)


BEST_FIRST = (
    made("Cấp sổ đỏ lần đầu"),
    made("Ghi nợ", "sổ đỏ"),
    made("Cấp lại giấy chứng nhận", "mất sổ đỏ"),
    made("Thẩm định", "hồ sơ doanh nghiệp"),
    made("Đổi tên trong sổ gốc"),
    made("Mở sổ thống kê", "đo đạc"),
    made("Kê khai", "sao y", "đóng dấu"),
)
"""In the order in which "sổ đỏ" is to find them, the first two alike; the department's title lends the last its "sở"."""


@pytest.mark.parametrize("seed", range(8))
def test_closeness_decides_and_not_the_place_in_the_catalogue(seed):
    shuffled = random.Random(seed).sample(BEST_FIRST, len(BEST_FIRST))
    index = ProcedureIndex([Department("here", "Sở Mẫu", "Examples", "U", "99", tuple(shuffled))])
    found = [p.name for p in index.search("sổ đỏ", {"here"})]
    wanted = [p.name for p in BEST_FIRST]
    assert (set(found[:2]), found[2:]) == (set(wanted[:2]), wanted[2:])


def test_a_phrase_does_not_reach_from_one_keyword_into_the_next():
    across, within = made("Một", "hồ sơ", "đồ cổ"), made("Hai", "sơ đồ")
    index = ProcedureIndex([Department("here", "Mẫu", "Examples", "U", "99", (across, within))])
    assert index.search("sơ đồ", {"here"}) == [within, across]


def test_of_two_that_fold_alike_the_one_spelt_as_typed_comes_first():
    map_, certificate = made("Một", "sơ đồ"), made("Hai", "sổ đỏ")
    index = ProcedureIndex([Department("here", "Mẫu", "Examples", "U", "99", (map_, certificate))])
    assert index.search("sổ đỏ", {"here"}) == [certificate, map_]
    assert index.search("SƠ ĐỒ", {"here"}) == [map_, certificate]
    assert index.search("so do", {"here"}) == [map_, certificate], "typed in a hurry, it may be either"


def test_a_code_finds_its_procedure_before_one_that_only_begins_like_it():
    longer, asked = made("Một", code="1.0027961"), made("Hai", code="1.002796")
    index = ProcedureIndex([Department("here", "Mẫu", "Examples", "U", "99", (longer, asked))])
    assert index.search("1.002796", {"here"}) == [asked, longer]


def test_nothing_typed_finds_everything_in_its_own_order():
    index = ProcedureIndex([Department("here", "Mẫu", "Examples", "U", "99", BEST_FIRST)])
    assert index.search(" – ", {"here"}) == list(BEST_FIRST)
