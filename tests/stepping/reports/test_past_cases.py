"""Past cases under two versions, against a plain count by `decide`; and that few stay hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.decision.decide import decide
from stepping.decision.outcome import Decision
from stepping.pathway.answers import AnswersError, read_answers
from stepping.pathway.model import Pathway
from stepping.pathway.reader import read_pathway
from stepping.reports.past_cases import (
    Count,
    Counts,
    Key,
    PastCase,
    compare_cases,
    count_outcomes,
    hide_few,
)
from tests.stepping.cases import SMALL, added, adult, cases, changed, small, text

SLEEP = f"""
[[ask]]
id = "sleep"
section = "first"
type = "integer"
min = 0
max = 10
required = true
worse = "up"
text = {text("sleep?")}
label = {text("sleep")}
source = "own words"
basis = "local"

[[ask]]
id = "alone"
section = "first"
type = "yesno"
worse = "yes"
text = {text("alone?")}
label = {text("alone")}
source = "own words"
basis = "local"
"""
ALONE = f"""
[[rule]]
id = "R4"
when = "alone"
at_least = 1
because = {text("alone")}
source = "test"
basis = "local"

[[rule]]
id = "R5"
when = "mood.1 >= 2"
stop = "week"
cards = [{{ card = "danger" }}]
because = {text("sad")}
source = "test"
basis = "local"
"""
ASKS_MORE = added("questions.toml", SLEEP, added("rules.toml", ALONE))
OPTIONAL = {
    **ASKS_MORE,
    "questions.toml": ASKS_MORE["questions.toml"].replace("max = 10\nrequired = true", "max = 10"),
}
SHORTER = changed("questions.toml", "max = 52", "max = 50")
LOWER = changed("rules.toml", "weeks >= 4", "weeks >= 2")
TEXTS: dict[str, dict[str, str]] = {
    "small": SMALL,
    "asks more": ASKS_MORE,
    "optional": OPTIONAL,
    "shorter": SHORTER,
    "lower": LOWER,
}
VERSIONS = {name: read_pathway(files) for name, files in TEXTS.items()}

ANSWERS: Mapping[str, st.SearchStrategy[Any]] = {
    "client.age": st.sampled_from([20, 40, "forty", True]),
    "client.sex": st.sampled_from(["f", "m"]),
    "danger": st.sampled_from(["no", "no", "no", "yes", 1, "declined"]),
    "mood.1": st.sampled_from([0, 1, 2, 2, 7, "2"]),
    "mood.2": st.sampled_from([0, 1, 2, [1]]),
    "weeks": st.sampled_from([0, 3, 5, 52, "", "\n"]),
    "sleep": st.sampled_from([0, 10]),
    "alone": st.sampled_from(["no", "yes"]),
    "former": st.just("yes"),
}
PAST = st.builds(
    PastCase,
    st.sampled_from([None, *"abcdefgh"]),
    st.none() | st.fixed_dictionaries({}, optional=dict(ANSWERS)),
    st.lists(st.sampled_from(["R1", "R1", "R5", "R9"]), unique=True, max_size=2),
)


# -- the plain count -----------------------------------------------------------------------------


def asked(pathway: Pathway) -> set[str]:
    return {id_ for id_, fact in pathway.facts.items() if fact.origin in {"given", "question"}}


def plain(version: Pathway, case: PastCase) -> Decision | str:
    """Return the decision on what a version asks of a case, or the question that it refuses."""
    kept = {id_: a for id_, a in (case.answers or {}).items() if id_ in asked(version)}
    stops = [rule.id for rule in version.stops if rule.id in case.recorded]
    try:
        return decide(version, read_answers(version, kept), stops)
    except AnswersError as error:
        order = list(version.facts)
        return min((fault.id for fault in error.faults), key=order.index)


def unfit(case: PastCase, *versions: Pathway) -> Key | None:
    if case.person is None:
        return "unfit", "nobody", ""
    if case.answers is None:
        return "unfit", "not kept", ""
    facts = set().union(*map(asked, versions)) | {"client.age", "client.sex"}
    if strange := sorted(set(case.answers) - facts):
        return "unfit", "question", strange[0]
    stops = {rule.id for version in versions for rule in version.stops}
    if strange := sorted(set(case.recorded) - stops):
        return "unfit", "stop", strange[0]
    return None


def said(decision: Decision) -> str:
    if decision.status == "suggested":
        return f"step {decision.step}" + " or above" * decision.or_above
    return "a stop first" if decision.status == "stop" else "no step, answers missing"


def doubts(version: Pathway, decision: Decision, new: set[str]) -> list[Key]:
    if decision.status == "suggested" and decision.highest != decision.step:
        return [("open", id_) for id_ in decision.missing if id_ in new]
    return []


def lacks(version: Pathway, decision: Decision) -> list[Key]:
    needed = [id_ for id_ in decision.missing if id_ in version.questions]
    if decision.status != "insufficient":
        return []
    return [("lacking", id_) for id_ in needed if version.questions[id_].required]


def told_of(case: PastCase, old: Pathway, new: Pathway) -> list[Key]:
    if reason := unfit(case, old, new):
        return [reason]
    was, becomes = plain(old, case), plain(new, case)
    if isinstance(was, str):
        return [("unfit", "answer old", was)]
    if isinstance(becomes, str):
        return [("unfit", "answer new", becomes)]
    keys: list[Key] = [("cases",), ("move", said(was), said(becomes))]
    keys += [("moved",)] * (said(was) != said(becomes))
    held, holds = ({rule.id for rule in each.rules} for each in (was, becomes))
    stops = {rule.id for each in (old, new) for rule in each.stops}
    for how, ids in (("comes", holds - held), ("goes", held - holds)):
        keys += [("stop" if id_ in stops else "rule", how, id_) for id_ in ids]
    if was.status != "insufficient":
        keys += lacks(new, becomes)
    return keys + doubts(new, becomes, asked(new) - asked(old))


def told_by(case: PastCase, version: Pathway) -> list[Key]:
    if reason := unfit(case, version):
        return [reason]
    found = plain(version, case)
    if isinstance(found, str):
        return [("unfit", "answer", found)]
    stops = {rule.id for rule in version.stops}
    keys: list[Key] = [("cases",), ("outcome", said(found))]
    keys += [("stop" if rule.id in stops else "rule", "holds", rule.id) for rule in found.rules]
    return keys + lacks(version, found) + doubts(version, found, asked(version))


def counted(rows: Sequence[tuple[PastCase, list[Key]]]) -> Counts:
    found: dict[Key, list[str | None]] = defaultdict(list)
    for case, keys in rows:
        for key in keys:
            found[key].append(case.person)
    return {
        key: Count(len(persons), len({*persons} - {None}) < 5) for key, persons in found.items()
    }


# -- against it ----------------------------------------------------------------------------------


@settings(max_examples=120)
@given(
    st.sampled_from(sorted(VERSIONS)),
    st.sampled_from(sorted(VERSIONS)),
    st.lists(PAST, max_size=20),
    st.integers(1, 20),
)
def test_small_versions_are_compared_as_a_plain_count_does(
    old: str, new: str, past: list[PastCase], size: int
) -> None:
    before, after = VERSIONS[old], VERSIONS[new]
    pieces = [past[at : at + size] for at in range(0, len(past), size)]
    plainly = counted([(case, told_of(case, before, after)) for case in past])
    assert compare_cases(before, after, pieces) == plainly
    alone = counted([(case, told_by(case, after)) for case in past])
    assert count_outcomes(after, pieces) == alone


@settings(max_examples=6)
@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), cases()), min_size=4, max_size=12))
def test_the_adult_pathway_is_compared_as_a_plain_count_does(
    drawn: list[tuple[str, dict[str, Any]]],
) -> None:
    old = adult()
    rules = old.files["rules.toml"].replace("phq9.total >= 10", "phq9.total >= 8")
    new = read_pathway({**old.files, "rules.toml": rules})
    past = []
    for person, answers in drawn:
        stops = tuple(decide(old, answers).stops)
        kept = {id_: list(a) if isinstance(a, tuple) else a for id_, a in answers.items()}
        past.append(PastCase(person, kept, stops))
    plainly = counted([(case, told_of(case, old, new)) for case in past])
    assert compare_cases(old, new, [past]) == plainly


def case(person: str, **more: object) -> PastCase:
    answers = {"client.age": 40, "danger": "no", "mood.1": 0, "mood.2": 2, "weeks": 3}
    return PastCase(person, {**answers, **more}, ())


def test_a_new_question_leaves_undecided_and_is_never_read_as_a_no() -> None:
    past = [[case(person) for person in "abcdef"]]
    asks = compare_cases(small(), VERSIONS["asks more"], past)
    assert asks[("move", "step 0", "no step, answers missing")] == Count(6, few=False)
    assert asks[("lacking", "sleep")] == Count(6, few=False)
    open_ = compare_cases(small(), VERSIONS["optional"], past)
    assert open_[("move", "step 0", "step 0")] == Count(6, few=False)
    assert open_[("open", "alone")] == Count(6, few=False)


def test_an_answer_that_nobody_asks_for_any_more_is_not_left_out_in_silence() -> None:
    """A question that got another id could else lower the step."""
    found = compare_cases(small(), small(), [[case("a", former="yes")]])
    assert found == {("unfit", "question", "former"): Count(1, few=True)}


# -- few -----------------------------------------------------------------------------------------


def test_many_assessments_of_few_persons_are_few() -> None:
    found = count_outcomes(small(), [[case("abcd"[at % 4]) for at in range(40)]])
    assert found[("cases",)] == Count(40, few=True)
    assert hide_few(found) == {}


@given(st.lists(st.lists(st.sampled_from("abcdefg"), max_size=30), max_size=6))
def test_a_few_do_not_follow_from_a_total_and_the_others(persons: list[list[str]]) -> None:
    """Of 27 of which 13 and 13 are told, even rounded, one is left."""
    weeks = [1, 5, 1, 5, 1, 5]
    past = [
        case(who, weeks=weeks[at], alone=("no", "yes")[at % 3 == 0])
        for at, group in enumerate(persons)
        for who in group
    ]
    true = count_outcomes(VERSIONS["optional"], [past])
    shown = hide_few(true)
    many = {key: count.cases for key, count in true.items() if not count.few}
    assert shown.keys() <= many.keys()
    assert all(key in shown for key in many if key != ("cases",))
    for count in shown.values():
        assert not count.few
        assert count.cases >= 5
        assert count.cases % 5 == 0
    parts = sum(cases for key, cases in many.items() if key[0] == "outcome")
    assert abs((shown[("cases",)].cases if parts else 0) - parts) <= 2


def test_a_rule_made_to_fit_one_client_says_nothing_of_her() -> None:
    """That it would come for somebody would answer any question about somebody known."""
    past = [case(who) for who in "abcdefgh"]
    one = [*past, case("x", weeks=5, alone="yes")]
    with_her, without = (count_outcomes(VERSIONS["optional"], [cases]) for cases in (one, past))
    assert with_her != without
    assert hide_few(with_her) == hide_few(without)
