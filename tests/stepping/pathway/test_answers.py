"""Answers from outside: a wrong one is refused with a way out, and no identity is repeated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.pathway.answers import LONGEST_TEXT, AnswersError, read_answers
from stepping.pathway.reader import read_pathway
from tests.stepping.cases import INVENTED_HETU, WELL, Case, adult, cases, changed, small


def refusal(name: str, value: object) -> str:
    with pytest.raises(AnswersError) as refused:
        read_answers(adult(), {name: value})
    assert [fault.id for fault in refused.value.faults] == [name]
    assert str(refused.value).startswith(f"{name}: ")
    return refused.value.faults[0].message


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("phq9.1", True, "needs a whole number 0–3, not True"),
        ("phq9.1", False, "needs a whole number 0–3, not False"),
        ("phq9.1", 2.5, "needs a whole number 0–3, not 2.5"),
        ("phq9.1", 2.0, "needs a whole number 0–3, not 2.0"),
        ("phq9.1", "2", "needs a whole number 0–3, not '2'"),
        ("phq9.1", [2], "needs a whole number 0–3, not [2]"),
        ("phq9.1", 4, "4 is out of range; it goes from 0 to 3"),
        ("phq9.1", -1, "-1 is out of range; it goes from 0 to 3"),
        ("drugs", "weekly", "needs a whole number 0–3, not 'weekly'"),
        ("segment", 0, "0 is out of range; it goes from 1 to 4"),
        ("history.weeks", 1041, "1041 is out of range; it goes from 0 to 1040"),
        ("history.weeks", float("inf"), "needs a whole number 0–1040, not inf"),
        ("danger.suicide", "maybe", "needs one of no, yes, not 'maybe'"),
        ("danger.suicide", "refused", "needs one of no, yes, not 'refused'"),
        ("danger.suicide", 1, "needs one of no, yes, not 1"),
        ("danger.suicide", "YES", "needs one of no, yes, not 'YES'"),
        ("danger.suicide", {}, "needs one of no, yes, not {}"),
        ("asq.1", "declined", 'a client who does not answer it is "refused"'),
        ("danger.child", "declined", 'cannot be "declined"; leave it out'),
        ("work.status", "worker", "needs one of working, studying"),
        ("work.status", True, "needs one of working, studying"),
        ("wish.formats", ["net", "walk"], "needs any of self_guided, net"),
        ("wish.formats", [["net"]], "needs any of self_guided, net"),
        ("wish.formats", {"net": True}, "needs any of self_guided, net"),
        ("wish.formats", 3, "needs any of self_guided, net"),
        ("need.language", 5, "needs a text"),
        ("client.sex", "n", "needs one of f, m, x, not 'n'"),
        ("client.age", "40", "needs a whole number 18–120, not '40'"),
        ("client.age", True, "needs a whole number 18–120, not True"),
        ("client.age", 17, "17 is outside this pathway, which is for ages 18–120"),
        ("client.age", 121, "121 is outside this pathway, which is for ages 18–120"),
        ("phq9.10", 1, "no such question in adult; did you mean 'phq9.1'?"),
        ("danger.suicid", True, "did you mean 'danger.suicide'?"),
        ("qwerty", 1, "no such question in adult"),
        ("phq9.total", 12, "this is calculated; give phq9.1 … phq9.9 instead"),
        ("pcptsd5.total", 2, "this is calculated; give pcptsd5.1 … pcptsd5.5 instead"),
        ("auditc.positive", True, "this is calculated from other answers and cannot be given"),
        ("asq.any", True, "this is calculated from other answers and cannot be given"),
        ("domains.positive", 3, "this is calculated from other answers and cannot be given"),
    ],
)
def test_a_wrong_answer_is_refused_with_what_would_be_right(
    name: str, value: object, message: str
) -> None:
    assert message in refusal(name, value)


@pytest.mark.parametrize(
    ("name", "value", "answer"),
    [
        ("phq9.1", 0, 0),
        ("phq9.1", 3, 3),
        ("danger.suicide", True, "yes"),
        ("danger.suicide", False, "no"),
        ("danger.suicide", "yes", "yes"),
        ("asq.1", "refused", "refused"),
        ("drugs", 2, 2),
        ("work.status", "other", "other"),
        ("wish.formats", [], ()),
        ("wish.formats", ["net", "self_guided", "net"], ("self_guided", "net")),
        ("wish.formats", "net", ("net",)),
        ("need.language", "dari", "dari"),
        ("client.sex", "x", "x"),
        ("client.age", 18, 18),
        ("client.age", 120, 120),
    ],
)
def test_a_right_answer_has_one_form(name: str, value: object, answer: object) -> None:
    assert read_answers(adult(), {name: value}) == {name: answer}


def test_nothing_means_unanswered() -> None:
    assert read_answers(adult(), dict.fromkeys(WELL)) == {}


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(AnswersError) as refused:
        read_answers(adult(), {"phq9.1": 9, "phq9.2": 1, "gad7.1": "x", "nope": 1})
    assert [fault.id for fault in refused.value.faults] == ["phq9.1", "gad7.1", "nope"]
    assert len(str(refused.value).split("\n")) == 3


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (f"tulkki {INVENTED_HETU}", "looks like it holds a hetu at character 8; leave it out"),
        ("soita 040 123 4567", "looks like it holds a phone at character 7; leave it out"),
        ("nimi@example.org", "looks like it holds a email at character 1; leave it out"),
        ("dari\x1b[2J", "character 5 (U+001B) cannot be kept"),
        ("da\x00ri", "character 3 (U+0000) cannot be kept"),
        ("dari\nfarsi", "character 5 (U+000A) cannot be kept"),
        ("dari\ud800", "character 5 (U+D800) cannot be kept"),
        ("d" * (LONGEST_TEXT + 1), "is longer than 500 characters"),
    ],
)
def test_a_text_that_may_not_be_kept_is_refused_and_not_repeated(value: str, message: str) -> None:
    said = refusal("need.language", value)
    assert said == message
    assert value not in said


@pytest.mark.parametrize(
    "name", ["phq9.1", "danger.suicide", "client.age", "work.status", "wish.formats", "drugs"]
)
@pytest.mark.parametrize("value", [INVENTED_HETU, "040 1234567", "a@example.org", "x\x1b[2Jy"])
def test_an_identity_in_the_wrong_place_is_not_repeated_either(name: str, value: str) -> None:
    """Fault messages end in logs and on screens that others see."""
    assert value not in refusal(name, value)
    assert value not in refusal(name, [value])


@pytest.mark.parametrize("name", [INVENTED_HETU, "040 1234567", "x\x1b[2Jy", "n" * 200])
def test_an_identity_given_as_a_question_is_not_repeated(name: str) -> None:
    with pytest.raises(AnswersError) as refused:
        read_answers(adult(), {name: 1})
    assert name not in str(refused.value)
    assert "no such question in adult" in str(refused.value)


def test_a_date_is_a_date() -> None:
    files = changed("questions.toml", 'type = "integer"\nmin = 0\nmax = 52\n', 'type = "date"\n')
    files["rules.toml"] = files["rules.toml"].replace("weeks >= 4", "weeks is given")
    files["interventions.toml"] = files["interventions.toml"].replace(
        "weeks >= 50", "weeks is given"
    )
    pathway = read_pathway(files)
    assert read_answers(pathway, {"weeks": "2026-02-28"}) == {"weeks": "2026-02-28"}
    for wrong in ("2026-02-30", "28.2.2026", "20260228", "2026-W09-6", 20260228, True):
        with pytest.raises(AnswersError, match="needs a date written YYYY-MM-DD"):
            read_answers(pathway, {"weeks": wrong})


@given(cases(calm=False))
def test_answers_in_their_one_form_are_read_back_the_same(case: Case) -> None:
    assert read_answers(adult(), case) == case


@given(
    st.sampled_from(sorted([*WELL, "phq9.total", "nope"])),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    ),
)
def test_no_value_breaks_the_reader(name: str, value: object) -> None:
    try:
        answers = read_answers(adult(), {name: value})
    except AnswersError as error:
        assert error.faults
    else:
        assert read_answers(adult(), answers) == answers


def test_another_pathway_has_its_own_ages() -> None:
    with pytest.raises(AnswersError, match="for ages 18–99"):
        read_answers(small(), {"client.age": 100})
