"""Vietnamese names and notes: what is kept, what is refused, how they are found and sorted."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import DomainError
from kiosk.domain.names import clean_name, clean_note, fold, initials, matches, sort_key

SYLLABLES = [
    "Nguyễn",
    "Trần",
    "Đỗ",
    "Thị",
    "Văn",
    "Ánh",
    "Hòa",
    "Hoà",
    "Bình",
    "Ý",
    "Út",
    "Đường",
    "An",
    "Ân",
]
names = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=6).map(" ".join)


def refusal_of(check, *arguments) -> str:
    with pytest.raises(DomainError) as refusal:
        check(*arguments)
    return refusal.value.code


def kept_or_refused(check, text) -> str | DomainError:
    try:
        return check(text)
    except DomainError as refusal:
        return refusal


# --- cleaning ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  Nguyễn \t Văn\nA ", "Nguyễn Văn A"),
        (unicodedata.normalize("NFD", "Đặng Thị Hiền"), "Đặng Thị Hiền"),
        ("\u00d0ỗ Văn \u00d0ức", "Đỗ Văn Đức"),
        ("\u0110ỗ Văn Đức", "Đỗ Văn Đức"),
        ("Trần\u00a0Bình", "Trần Bình"),
        ("\u202eLê\u202c \u200bAn\ufeff", "Lê An"),
        ("Ma\u2066i\u2069 \u3164Lan", "Mai Lan"),
        ("D’Souza-O'Neil J.", "D’Souza-O'Neil J."),
        ('Công ty TNHH "A & B" (chi nhánh số 2)', 'Công ty TNHH "A & B" (chi nhánh số 2)'),
        ("Hoà Bình", "Hoà Bình"),  # both spellings are right and stay as they are
        ("김철수", "김철수"),
    ],
)
def test_a_name_is_kept_tidy(raw, kept):
    assert clean_name(raw) == kept


@pytest.mark.parametrize(
    "raw",
    [
        "Nguyễn 😀",
        "An ❤\ufe0f",
        "An 1\ufe0f\u20e3",
        "🇻🇳",
        "A\x1b@B",
        "An\x00",
        "An\x07",
        "<b>An</b>",
        "An; DROP",
        "An=1",
        "An\ud800",
        "An\ue000",
        "---",
        "A" + "\u0301\u0302\u0303\u0304" * 5,
    ],
)
def test_emoji_symbols_and_control_characters_are_no_name(raw):
    assert refusal_of(clean_name, raw) == "text_not_allowed"


@pytest.mark.parametrize("raw", ["", "   ", "\u200b\u200b", "\u3164", "\u202e \ufeff", "\u2060\t"])
def test_a_name_nobody_can_see_is_empty(raw):
    assert refusal_of(clean_name, raw) == "text_empty"


def test_the_limit_counts_composed_letters_and_a_megabyte_is_refused():
    longest = "Ặ" * 120
    assert clean_name(unicodedata.normalize("NFD", longest)) == longest
    assert refusal_of(clean_name, longest + "Ặ") == "text_too_long"
    assert refusal_of(clean_name, "A" * 1_000_000) == "text_too_long"
    assert refusal_of(clean_name, " " * 1_000_000) == "text_too_long"
    assert refusal_of(clean_name, "Nguyễn", 5) == "text_too_long"


@pytest.mark.parametrize("raw", [None, 7, ["An"], b"An", {"name": "An"}])
def test_only_text_is_a_name(raw):
    assert refusal_of(clean_name, raw) == "wrong_type"
    assert refusal_of(clean_note, raw) == "wrong_type"


def test_the_refusal_names_the_field_and_never_the_value():
    with pytest.raises(DomainError) as refusal:
        clean_name("Nguyễn 😀", 120, "receiver")
    assert refusal.value.fields == {"field": "receiver"}


def test_a_note_keeps_its_lines_and_symbols():
    raw = "  Thiếu bản vẽ A3 → bổ sung \r\n\r\n\n\nDiện tích ≥ 120 m²; 50 %  \u2028hết "
    assert clean_note(raw) == "Thiếu bản vẽ A3 → bổ sung\n\nDiện tích ≥ 120 m²; 50 %\nhết"
    assert clean_note("  \n ") == ""


@pytest.mark.parametrize("raw", ["ổn 👍", "\x1b[2J", "a\x00b", "☎", "a\ud800"])
def test_a_note_refuses_emoji_and_control_characters(raw):
    assert refusal_of(clean_note, raw) == "text_not_allowed"


def test_a_note_has_a_limit():
    assert len(clean_note("a" * 1_000)) == 1_000
    assert refusal_of(clean_note, "a" * 1_001) == "text_too_long"
    assert refusal_of(clean_note, "a" * 1_000_000) == "text_too_long"


@given(text=st.text(max_size=60))
def test_cleaning_is_done_once_or_refused(text):
    for clean in (clean_name, clean_note):
        kept = kept_or_refused(clean, text)
        if isinstance(kept, DomainError):
            assert kept.code in ("text_empty", "text_not_allowed")
        else:
            assert clean(kept) == kept
            assert unicodedata.is_normalized("NFC", kept)
            assert not any(unicodedata.category(character) == "Cf" for character in kept)


@given(name=names, form=st.sampled_from(["NFC", "NFD", "NFKD"]))
def test_how_the_keyboard_composed_the_letters_does_not_matter(name, form):
    assert clean_name(unicodedata.normalize(form, name)) == name


# --- searching -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đăng ký kết hôn", "dang ky ket hon"),
        ("ĐƯỜNG", "duong"),
        ("dduwowngf", "duwowngf"),  # telex dd
        ("Hoà", "hoa"),
        ("Hòa", "hoa"),
        ("\u00d0ỗ", "do"),
        ("  Lý   lịch ", "ly lich"),
    ],
)
def test_folding_forgets_case_diacritics_and_telex_dd(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ly lich", True),
        ("LICH LY", True),
        ("phiếu tư ph", True),
        ("tu phap so 1", True),
        ("", True),
        ("  ", True),
        ("ich", False),  # words are matched from their beginning
        ("ly lich hon", False),
    ],
)
def test_every_word_of_the_query_begins_a_word_of_the_text(query, found):
    assert matches(query, "Cấp Phiếu lý lịch tư pháp số 1 (công dân)") is found


def test_dd_and_d_find_the_letter_with_the_bar():
    assert matches("ddang ky", "Đăng ký kết hôn")
    assert matches("dang ky", "Đăng ký kết hôn")
    assert matches("đăng ký", "DANG KY KET HON")


@given(text=st.text(max_size=40))
def test_folding_twice_is_folding_once_and_a_text_finds_itself(text):
    assert fold(fold(text)) == fold(text)
    assert matches(text, text)


# --- sorting -------------------------------------------------------------------------------------


def test_people_are_sorted_by_given_name_then_family_then_middle():
    in_order = [
        "Trần Văn An",
        "Đỗ Thị Ánh",
        "Lê Văn Ân",
        "Nguyễn An Bình",
        "Nguyễn Thị Bình",
        "Nguyễn Văn Bình",
        "Trần An Bình",
        "Hoàng Dũng",
        "An Đào",
        "Phạm Thị Yến",
    ]
    backwards = in_order[::-1]
    assert sorted(backwards, key=sort_key) == in_order


def test_letters_decide_before_tones_and_tones_in_dictionary_order():
    assert sorted(["bạ", "ban", "bá", "bã", "bả", "bà", "ba"], key=sort_key) == (
        ["ba", "bà", "bả", "bã", "bá", "bạ", "ban"]
    )
    alphabet = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    backwards = alphabet[::-1]
    assert sorted(backwards, key=sort_key) == alphabet
    assert sort_key("Hòa")[:3] == sort_key("Hoà")[:3]
    assert sort_key("HÒA") == sort_key("hòa")


def test_odd_names_still_have_a_place():
    assert sorted(["Yến", "", "An", "김", "X1", "An (B)"], key=sort_key)[0] == ""


@given(first=names, second=names)
def test_the_order_is_total_and_does_not_depend_on_composition(first, second):
    assert sort_key(unicodedata.normalize("NFD", first)) == sort_key(first)
    assert (sort_key(first) == sort_key(second)) == (first == second)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Nguyễn Thị Minh Khai", "NTMK"),
        ("Đỗ Ánh", "ĐA"),
        ("lê ân", "LÂ"),
        ("Công ty (B)", "CTB"),
        ("", ""),
        (unicodedata.normalize("NFD", "Ức Ổn"), "ƯÔ"),
    ],
)
def test_initials_keep_letters_and_drop_tones(name, letters):
    assert initials(name) == letters
