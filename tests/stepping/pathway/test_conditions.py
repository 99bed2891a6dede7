"""The condition language: a misread condition is a rule that clinicians did not write."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.pathway.condition import (
    And,
    Compare,
    Condition,
    FactState,
    HiddenState,
    Not,
    NumberState,
    Operator,
    Or,
    RemarkState,
    SetState,
    ThreeValued,
    WordState,
)
from stepping.pathway.condition_parser import ConditionError, parse_condition

# -- reading ------------------------------------------------------------------------------------


def is_yes(fact: str) -> Compare:
    return Compare(fact, "is", "yes")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a", is_yes("a")),
        ("a is yes", is_yes("a")),
        ("phq9.9 >= 1", Compare("phq9.9", ">=", 1)),
        ("a>-3", Compare("a", ">", -3)),
        ("a <= 0", Compare("a", "<=", 0)),
        ("a<5", Compare("a", "<", 5)),
        ("a is 3", Compare("a", "is", 3)),
        ("a is not m", Compare("a", "is not", "m")),
        ("wish.formats has net", Compare("wish.formats", "has", "net")),
        ("need.language is given", Compare("need.language", "is given", "given")),
        ("need.language is not given", Not(Compare("need.language", "is given", "given"))),
        ("a or b and c", Or((is_yes("a"), And((is_yes("b"), is_yes("c")))))),
        ("a and b or c", Or((And((is_yes("a"), is_yes("b"))), is_yes("c")))),
        ("(a or b) and c", And((Or((is_yes("a"), is_yes("b"))), is_yes("c")))),
        ("not a and b", And((Not(is_yes("a")), is_yes("b")))),
        ("not (a and b)", Not(And((is_yes("a"), is_yes("b"))))),
        ("not not a", Not(Not(is_yes("a")))),
        ("  a\n  or b  ", Or((is_yes("a"), is_yes("b")))),
        ("android", is_yes("android")),
        ("island is notable", Compare("island", "is", "notable")),
    ],
)
def test_or_binds_weakest_then_and_then_not(text: str, wanted: Condition) -> None:
    assert parse_condition(text) == wanted


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it ends where a fact should follow"),
        ("   ", "it ends where a fact should follow"),
        ("a and", "it ends where a fact should follow"),
        ("a >= ", "it ends where a whole number should follow"),
        ("a is", "it ends where a value should follow"),
        ("(a or b", "it ends where ')' should follow"),
        ("a b", "column 3: 'b' stands where 'and' or 'or' should be"),
        ("a )", "column 3: ')' stands where 'and' or 'or' should be"),
        ("and a", "column 1: 'and' stands where a fact should be"),
        ("a or or b", "column 6: 'or' stands where a fact should be"),
        ("a >= b", "column 6: 'b' stands where a whole number should be"),
        ("a >= 2.5", "column 6: '2' means nothing"),
        ("a == 2", "column 3: '=' means nothing"),
        ("a >= 5 & b", "column 8: '&' means nothing"),
        ("a has has", "column 7: 'has' stands where a value should be"),
        ("a is (b)", "column 6: '(' stands where a value should be"),
        ("5 <= a", "column 1: '5' stands where a fact should be"),
        ("max(a)", "column 4: '(' stands where 'and' or 'or' should be"),
        ("__import__('os')", 'column 12: "\'" means nothing'),
        ("a >= 12345678901234567890", "column 6: '1' means nothing"),
        ("(" * 2000 + "a" + ")" * 2000, "nested too deep"),
        ("not " * 2000 + "a", "nested too deep"),
    ],
)
def test_what_is_no_condition_is_refused_with_its_column(text: str, message: str) -> None:
    with pytest.raises(ConditionError) as refused:
        parse_condition(text)
    assert message in str(refused.value)


@given(st.text(alphabet=" ()<>=.-_andorthisgve0123äß€'\"\t", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        condition = parse_condition(text)
    except ConditionError:
        return
    assert parse_condition(str(condition)) == condition


NUMBERS = {"n1": 3, "n2": 5}
WORDS = {"yesno": ("no", "yes"), "sex": ("f", "m", "x")}
OPTIONS = ("net", "talk")

names = st.from_regex(r"[a-z]{1,6}(\.[a-z0-9]{1,3})?", fullmatch=True).filter(
    lambda name: name not in ("and", "or", "not", "is", "has", "given")
)


def numeric(facts: st.SearchStrategy[str], top: int = 9) -> st.SearchStrategy[Compare]:
    operators = st.sampled_from((">=", ">", "<=", "<", "is", "is not"))
    return st.builds(Compare, facts, operators, st.integers(-top, top))


def joined(leaves: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    def grow(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.builds(Not, inner) | st.builds(And, several) | st.builds(Or, several)

    return st.recursive(leaves, grow, max_leaves=8)


worded = st.builds(Compare, names, st.sampled_from(("is", "is not", "has")), names) | names.map(
    lambda name: Compare(name, "is given", "given")
)


@given(joined(numeric(names) | worded))
def test_a_condition_printed_is_read_back_the_same(condition: Condition) -> None:
    """The pathway table that a doctor signs shows the printed form."""
    assert parse_condition(str(condition)) == condition


# -- truth --------------------------------------------------------------------------------------


class Known(ThreeValued):
    """Facts laid out in a table."""

    def __init__(self, states: Mapping[str, FactState]) -> None:
        self._states = states

    def get_state(self, fact: str) -> FactState:
        return self._states[fact]


LAYOUT: dict[str, list[FactState]] = {
    **{
        name: [NumberState(low, high) for low in range(top + 1) for high in range(low, top + 1)]
        for name, top in NUMBERS.items()
    },
    **{
        name: [
            WordState(frozenset(some))
            for size in range(1, len(words) + 1)
            for some in itertools.combinations(words, size)
        ]
        for name, words in WORDS.items()
    },
    "wish": [
        SetState(None),
        *(
            SetState(frozenset(some))
            for size in range(len(OPTIONS) + 1)
            for some in itertools.combinations(OPTIONS, size)
        ),
    ],
    "remark": [RemarkState(None), RemarkState(given=True), RemarkState(given=False)],
}
"""Each fact with all that can be known of it."""


def completions(state: FactState) -> list[FactState]:
    """Everything that a state may turn out to be."""
    match state:
        case NumberState(low, high, hidden):
            ends: list[FactState] = [NumberState(n, n) for n in range(low, high + 1)]
        case WordState(words, hidden):
            ends = [WordState(frozenset({word})) for word in sorted(words)]
        case SetState(None, hidden):
            ends = [s for s in LAYOUT["wish"] if s != SetState(None)]
        case SetState(chosen, hidden):
            ends = [SetState(chosen)]
        case RemarkState(None, hidden):
            ends = [RemarkState(given=True), RemarkState(given=False)]
        case RemarkState(told, hidden):
            ends = [RemarkState(told)]
        case _:
            return [state]
    return [*ends, HiddenState()] if hidden else ends


def doubted(state: FactState) -> FactState:
    match state:
        case NumberState(low, high):
            return NumberState(low, high, maybe_hidden=True)
        case WordState(words):
            return WordState(words, maybe_hidden=True)
        case SetState(chosen):
            return SetState(chosen, maybe_hidden=True)
        case RemarkState(told):
            return RemarkState(told, maybe_hidden=True)
        case _:
            return state


comparisons: st.SearchStrategy[Condition] = st.one_of(
    numeric(st.sampled_from(sorted(NUMBERS)), top=6),
    *(
        st.builds(Compare, st.just(name), st.sampled_from(("is", "is not")), st.sampled_from(words))
        for name, words in WORDS.items()
    ),
    st.builds(Compare, st.just("wish"), st.just("has"), st.sampled_from(OPTIONS)),
    st.just(Compare("remark", "is given", "given")),
)
states = st.fixed_dictionaries(
    {
        name: st.sampled_from([*some, *map(doubted, some), HiddenState()])
        for name, some in LAYOUT.items()
    }
)


@given(joined(comparisons), states)
def test_a_definite_truth_stays_when_more_becomes_known(
    condition: Condition, known: dict[str, FactState]
) -> None:
    """Three-valued logic may say "not yet"; it may never say something that turns out wrong."""
    truth = Known(known).evaluate(condition)
    names_used = sorted({part.fact for part in condition.parts()})
    worlds = [completions(known[name]) for name in names_used]
    total = 1
    for world in worlds:
        total *= len(world)
    tried = itertools.islice(itertools.product(*worlds), 0, None, max(1, total // 200))
    truths = {
        Known({**known, **dict(zip(names_used, world, strict=True))}).evaluate(condition)
        for world in tried
    }
    assert None not in truths, "with everything known there is nothing left to wait for"
    if truth is not None:
        assert truths == {truth}


@given(comparisons, states)
def test_one_comparison_is_unknown_only_where_it_can_go_either_way(
    condition: Condition, known: dict[str, FactState]
) -> None:
    """Otherwise a rule would seem open although no answer can change it."""
    (compare,) = condition.parts()
    truths = {
        Known({compare.fact: world}).evaluate(condition)
        for world in completions(known[compare.fact])
    }
    expected = truths.pop() if len(truths) == 1 else None
    assert Known(known).evaluate(condition) == expected


@pytest.mark.parametrize("operator", [">=", ">", "<=", "<", "is", "is not"])
def test_a_comparison_with_what_is_not_asked_is_false(operator: Operator) -> None:
    assert Known({"f": HiddenState()}).evaluate(Compare("f", operator, 3)) is False


def test_not_of_what_is_not_asked_is_true() -> None:
    assert Known({"f": HiddenState()}).evaluate(parse_condition("not f")) is True


@pytest.mark.parametrize("operator", [">=", ">", "<=", "<", "is", "is not"])
@pytest.mark.parametrize("constant", range(-1, 7))
def test_numbers_compare_as_numbers(operator: Operator, constant: int) -> None:
    for value in range(6):
        plain = {
            ">=": value >= constant,
            ">": value > constant,
            "<=": value <= constant,
            "<": value < constant,
            "is": value == constant,
            "is not": value != constant,
        }[operator]
        compare = Compare("n", operator, constant)
        assert Known({"n": NumberState(value, value)}).evaluate(compare) is plain


def test_a_number_is_never_compared_with_a_word_in_silence() -> None:
    with pytest.raises(TypeError):
        Known({"n": NumberState(1, 1)}).evaluate(Compare("n", "is", "yes"))
    with pytest.raises(TypeError):
        Known({"n": NumberState(1, 1)}).evaluate(Compare("n", "has", 1))
