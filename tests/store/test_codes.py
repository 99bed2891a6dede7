"""A mistyped code must never open another client's record or fail without saying where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import codes
from store.errors import MistypedCode

CODES = st.builds(codes.with_check, st.text(codes.ALPHABET, min_size=7, max_size=7))


def test_the_alphabet_has_no_lookalikes() -> None:
    assert len(set(codes.ALPHABET)) == 32
    assert not set("IO01") & set(codes.ALPHABET)


@given(CODES)
def test_a_code_is_read_however_it_is_written(code: str) -> None:
    assert codes.parse(code) == code
    assert codes.parse(f"  {codes.show(code).lower()} ") == code
    assert codes.parse(" ".join(code)) == code


def test_new_codes_are_valid_and_differ() -> None:
    made = {codes.new() for _ in range(300)}
    assert len(made) == 300
    assert all(codes.parse(code) == code for code in made)


@given(CODES, st.integers(0, 7), st.sampled_from(codes.ALPHABET))
def test_every_single_wrong_character_is_found(code: str, place: int, wrong: str) -> None:
    typed = code[:place] + wrong + code[place + 1 :]
    if typed == code:
        assert codes.parse(typed) == code
        return
    with pytest.raises(MistypedCode) as error:
        codes.parse(typed)
    assert error.value.fault == "check"


@given(CODES, st.integers(0, 6))
def test_every_swap_of_neighbours_is_found(code: str, place: int) -> None:
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if typed == code:
        return
    with pytest.raises(MistypedCode):
        codes.parse(typed)


def test_all_mistakes_of_one_code_are_found() -> None:
    """Not a sample: all 248 wrong characters and all swaps of one code."""
    code = codes.with_check("TREENAB")
    wrong = {code[:i] + c + code[i + 1 :] for i in range(8) for c in codes.ALPHABET}
    wrong |= {code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(7)}
    wrong.discard(code)
    assert len(wrong) > 248
    for typed in wrong:
        with pytest.raises(MistypedCode):
            codes.parse(typed)


@pytest.mark.parametrize(
    ("typed", "fault", "values"),
    [
        ("TREENAA", "length", {"found": 7, "expected": 8}),
        ("TREENAAMM", "length", {"found": 9, "expected": 8}),
        ("", "length", {"found": 0, "expected": 8}),
        ("TREE-NAA0", "character", {"position": 8, "character": "0"}),
        ("TRIENAAM", "character", {"position": 3, "character": "I"}),
        ("TREENÄAM", "character", {"position": 6, "character": "Ä"}),
    ],
)
def test_the_mistake_is_named(typed: str, fault: str, values: dict[str, object]) -> None:
    with pytest.raises(MistypedCode) as error:
        codes.parse(typed)
    assert error.value.fault == fault
    assert error.value.values == values


@given(st.text(max_size=40))
def test_no_text_crashes_the_reader(text: str) -> None:
    try:
        codes.parse(text)
    except MistypedCode as error:
        assert str(error)


def test_a_recovery_code_is_read_however_it_is_written() -> None:
    code = codes.new_recovery()
    assert len(code.split("-")) == codes.GROUPS
    assert codes.parse_recovery(code.lower().replace("-", " ")) == code


def test_a_mistake_in_a_recovery_code_names_its_group() -> None:
    groups = codes.new_recovery().split("-")
    other = "A" if groups[2][1] != "A" else "B"
    wrong = [*groups[:2], groups[2][0] + other + groups[2][2:], *groups[3:]]
    with pytest.raises(MistypedCode) as error:
        codes.parse_recovery("-".join(wrong))
    assert (error.value.fault, error.value.values) == ("group", {"position": 3})


def test_recovery_groups_in_a_wrong_order_are_found() -> None:
    groups = codes.new_recovery().split("-")
    groups[3], groups[4] = groups[4], groups[3]
    if groups[3] == groups[4]:
        return
    with pytest.raises(MistypedCode) as error:
        codes.parse_recovery("-".join(groups))
    assert error.value.fault == "group"
