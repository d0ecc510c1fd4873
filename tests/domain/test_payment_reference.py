"""The reference of a transfer: found whatever a bank does to the memo, and never where there is none."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import DomainError
from kiosk.domain.payment.reference import (
    ALPHABET,
    find_references,
    is_reference,
    new_reference,
    read_reference,
)

PREFIXES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=5)
SEEDS = st.integers(0, 2**32)


def reference(prefix: str, seed: int) -> str:
    return new_reference(prefix, random.Random(seed).choice)


@given(PREFIXES, SEEDS)
def test_it_fits_every_bank(prefix: str, seed: int) -> None:
    made = reference(prefix, seed)
    assert len(made) <= 19
    assert made.replace(" ", "").isalnum()
    assert read_reference(made, prefix) == made
    assert read_reference(made.lower().replace(" ", ""), prefix) == made


MEMOS = [
    "{0}",
    "MBVCB.3278907687.118122.{0}.CT tu 0071000123456 NGUYEN VAN A toi 1031933430 TT PVHCC",
    "IBFT {0} chuyen khoan",
    "Nộp lệ phí {0} (lần 1)",
    "{0}-080621-09:12:44 118122",
    "QR - {0} {0}",
]


@pytest.mark.parametrize("memo", MEMOS)
@given(SEEDS, st.data())
def test_it_survives_the_bank(memo: str, seed: int, data: st.DataObject) -> None:
    made = reference("BGPH", seed)
    bare = made.replace(" ", "")
    written = data.draw(
        st.sampled_from([made, bare, made.lower(), made.replace(" ", "."), made.replace(" ", "-")])
    )
    text = memo.format(written)
    cut = data.draw(st.integers(0, len(text)))
    text = data.draw(
        st.sampled_from([text, text.upper(), text[:cut] + "\n" + text[cut:], text[:cut] + " " + text[cut:]])
    )
    assert find_references(text, "BGPH").references == (made,)


@given(SEEDS, st.data())
def test_one_wrong_character_is_shown_to_a_person_and_credited_to_nobody(
    seed: int, data: st.DataObject
) -> None:
    made = reference("BGPH", seed).replace(" ", "")
    at = data.draw(st.integers(4, len(made) - 1))
    other = data.draw(st.sampled_from(ALPHABET).filter(lambda each: each != made[at]))
    found = find_references(made[:at] + other + made[at + 1 :], "BGPH")
    assert found.references == ()
    assert len(found.near) == 1


@given(SEEDS, st.integers(4, 9))
def test_two_characters_in_the_wrong_order_are_noticed(seed: int, at: int) -> None:
    made = reference("BGPH", seed).replace(" ", "")
    swapped = made[:at] + made[at + 1] + made[at] + made[at + 2 :]
    assert (find_references(swapped, "BGPH").references == ()) == (swapped != made)


@given(st.text(max_size=200))
def test_other_words_are_no_reference(memo: str) -> None:
    found = find_references(memo, "BGPH")
    for each in found.references:
        assert is_reference("BGPH", each.split()[1])
    if "BGPH" not in memo.upper().replace(" ", ""):
        assert (
            find_references(memo.encode("ascii", "ignore").decode(), "BGPH").near == ()
            or "bgph" in memo.lower()
        )


def test_two_payments_in_one_transfer_are_both_found() -> None:
    first, second = reference("BGPH", 1), reference("BGPH", 2)
    assert find_references(f"{second} va {first}", "BGPH").references == (second, first)


def test_a_prefix_is_letters() -> None:
    for wrong in ("b", "BG1", "TOOLONG", None, ""):
        with pytest.raises(DomainError) as refusal:
            new_reference(wrong, random.choice)  # type: ignore[arg-type]
        assert refusal.value.code == "reference_prefix_malformed"
