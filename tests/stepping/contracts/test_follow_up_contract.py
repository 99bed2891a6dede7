"""The follow-up pathway, compared with a second description written by hand.

Where the two differ somebody whom the treatment does not help stays on it, somebody who gets worse
is told to go on, or care ends before the client has recovered.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.decision.decide import decide
from stepping.decision.outcome import Decision
from stepping.decision.safety import find_cards
from stepping.pathway.model import Answer, Answers, Pathway
from stepping.pathway.population import pathway_for
from stepping.pathway.schema import Change
from stepping.proofs.checker import check_pathway
from stepping.proofs.context import ProofContext
from stepping.proofs.diagrams import MOST_NODES
from store.pathway_files.files import built_in, ids, load
from tests.stepping.cases import Case, gad7, phq9, without
from tests.stepping.contracts import follow_up_oracle as oracle

ALL_STOPS = tuple(oracle.STOPS)
BASELINE = ("before.phq9", "before.gad7")
SINCE = ("since.phq9", "since.gad7")
EARLIER = (*BASELINE, *SINCE)
UNKNOWN = (*EARLIER, oracle.KNOWN)
"""What is not told of an episode without a first score."""
ON_CHANGE = {"A7a", "A7b", "A7c", "A8a", "A8b", "A8c", "A8d", "B1", "B4", "B5", "C1", "C2", "C3"}
"""Rules that hold only by how much a score has changed."""


def follow_up() -> Pathway:
    return built_in("follow_up")


values_of = oracle.CONTRACT.values_of


def best(name: str) -> Answer:
    return values_of(name)[-1 if oracle.QUESTIONS[name][1] == "down" else 0]


TREATED: Case = {
    "client.age": 40,
    "client.sex": "f",
    "care.step": 1,
    "care.contacts": 1,
    "before.phq9": 14,
    "before.gad7": 3,
    "since.phq9": 14,
    "since.gad7": 3,
    oracle.KNOWN: "yes",
    **{name: best(name) for name in oracle.QUESTIONS},
}
"""Step 1 from the start, one contact; a case by PHQ-9 then; every answer of today at its best."""


def steady(part: Case) -> Case:
    """First scores are those of the present step too, unless it has its own."""
    same = {name.replace("before", "since"): part[name] for name in BASELINE if name in part}
    return {**same, **part}


QUIET = tuple(
    name
    for name in oracle.QUESTIONS
    if name.startswith(("danger.", "suicide.", "nurse.", "asq.", "flag."))
)
"""Questions that mostly stay well in random answers, so that steps are suggested at all."""


def cases(calm: bool = True) -> st.SearchStrategy[Case]:
    """Full random answers and episodes; `calm` keeps most questions that stop the session well."""
    picks: dict[str, st.SearchStrategy[Answer]] = {
        "client.age": st.sampled_from([13, 17, 18, 19, 40, 120]),
        "client.sex": st.sampled_from(["f", "m", "x"]),
        "care.step": st.integers(0, 4),
        "care.contacts": st.sampled_from([0, 2, 3, 5, 6, 9, 10, 60]),
        "before.phq9": st.integers(0, 27),
        "before.gad7": st.integers(0, 21),
        "since.phq9": st.integers(0, 27),
        "since.gad7": st.integers(0, 21),
        oracle.KNOWN: st.sampled_from(["yes", "yes", "yes", "no"]),
    }
    for name in oracle.QUESTIONS:
        values = values_of(name)
        first, *rest = values if oracle.QUESTIONS[name][1] != "down" else values[::-1]
        quiet = calm and (name in QUIET or name == "phq9.9")
        weights = 40 if quiet else 3 if name.startswith(("phq9.", "gad7.")) else 1
        picks[name] = st.sampled_from([first] * weights + rest)
    return st.fixed_dictionaries(picks)


def agree(answers: Answers, recorded: Collection[str] = ()) -> Decision:
    """Both descriptions say the same of full answers."""
    return oracle.CONTRACT.agree(follow_up(), answers, recorded)


ONLY_IF = {*(f"asq.{item}" for item in range(1, 6)), "eating.alarm", "target.better"}
"""Questions that only a danger, a sign or the end of a treatment brings."""


def step_of(case: Case) -> int:
    """The step once every stop is recorded."""
    step = agree(case, ALL_STOPS).step
    assert step is not None
    return step


# -- the questions and rules --------------------------------------------------------------------


def test_the_questions_are_those_of_the_contract() -> None:
    assert set(follow_up().questions) == set(oracle.QUESTIONS)


def test_the_form_is_short_enough_for_every_contact() -> None:
    """Counted in keys where all is well: a page of yes and no takes one, `0`."""
    asked = (q for q in follow_up().questions.values() if q.id not in ONLY_IF)
    assert len({q.page or q.id for q in asked}) < 30


@pytest.mark.parametrize("name", oracle.QUESTIONS)
def test_each_question_has_its_range_and_its_worse_direction(name: str) -> None:
    oracle.CONTRACT.check_question(follow_up(), name)


def test_what_the_episode_fills_in_has_its_range_and_no_stand_in() -> None:
    """A baseline that nobody knows must not be made up."""
    facts = follow_up().facts
    for name, ends in oracle.EPISODE.items():
        assert (facts[name].low, facts[name].high) == ends
        assert (facts[name].origin, facts[name].default) == ("given", None)


def test_the_rules_are_those_of_the_contract() -> None:
    oracle.CONTRACT.check_rules(follow_up())


@pytest.mark.parametrize("name", oracle.RELIABLE)
def test_change_is_counted_as_everywhere_else_in_the_program(name: str) -> None:
    """Else the list of clients and the suggestion would call the same change by two names."""
    change = follow_up().instruments[name].change
    assert isinstance(change, Change)
    assert (change.caseness, change.reliable) == (oracle.CASE[name], oracle.RELIABLE[name])


def test_no_answers_at_all_break_its_promises() -> None:
    """Proven over all answer sets: steps rise only, every stop has a card, every cut-off a case."""
    report = check_pathway(follow_up())
    assert [str(finding) for finding in report.errors] == []
    assert {finding.of for finding in report.hints} == {"eating.alarm"}


def test_its_proof_leaves_room_for_a_clinicians_own_rules() -> None:
    """A change of score ties a first score to nine answers; wrongly ordered it fills the memory."""
    ground = ProofContext(follow_up())
    assert len(list(ground.logic.nodes(ground.space.outcome))) < MOST_NODES / 100


def test_it_takes_no_new_clients() -> None:
    headers = [load(name).header for name in ids()]
    assert "follow_up" in {header.id for header in headers}
    assert "follow_up" not in {pathway_for(headers, age) for age in range(121)}


# -- both sides of every cut-off ----------------------------------------------------------------

STILL: Case = {**phq9(13), **gad7(3)}
DONE: Case = {"care.contacts": 3}
TWO: Case = {"care.step": 2, "care.contacts": 6}
THREE: Case = {"care.step": 3, "care.contacts": 10}
STILL_4: Case = gad7(4)
AFTER: Case = {"care.step": 0, "care.contacts": 0}
YOUNG: Case = {"client.age": 18}
END: Case = {"occasion": "end"}
HELPED: Case = {"before.phq9": 20, **phq9(12)}
"""A reliable fall, and still a case."""
NEVER: Case = {**END, "before.phq9": 9, "before.gad7": 7}
"""Never over a limit, at the end, where the problem has eased enough."""
EATING: Case = {"flag.eating": "yes"}
ALARM: Case = {"eating.alarm": "yes"}
BIRTH: Case = {"flag.perinatal": "yes"}

ASKED: list[tuple[str, Case, Case]] = [
    ("S2", {"nurse.worried": "no"}, {"nurse.worried": "yes", f"asq.{item}": word})
    for item in (1, 2, 3, 4)
    for word in ("yes", "refused")
]
NEW_DANGERS: list[tuple[str, Case, Case]] = [
    ("S1b", {}, {f"danger.{name}": "yes"}) for name in ("confusion", "intoxicated", "body")
]
TODAY: list[tuple[str, Case, Case]] = [
    ("S4", {}, {f"flag.{name}": "yes"}) for name in ("violence", "child", "withdrawal")
]
NOT_KNOWN: list[tuple[str, Case, Case]] = [
    (f"N{n}", {"care.step": n}, {oracle.KNOWN: "no"}) for n in (1, 2, 3)
]
ON_STEP: list[tuple[str, Case, Case]] = [
    (f"N{n}", {"care.step": n - 1, oracle.KNOWN: "no"}, {"care.step": n}) for n in (1, 2, 3)
]
ENDED: list[tuple[str, Case, Case]] = [
    ("A9a", {**HELPED, **DONE}, {"occasion": when}) for when in oracle.AFTER
]
CUTS: list[tuple[str, Case, Case]] = [
    # rule, answers just short of it, what is then added
    ("S1", {}, {"danger.suicide": "yes"}),
    ("S1", {"nurse.worried": "yes", "asq.1": "refused"}, {"asq.5": "yes"}),
    ("S1", {"asq.5": "yes", "phq9.9": 1}, {"asq.4": "yes"}),
    ("S1b", {}, {"danger.violence": "yes"}),
    ("S1b", {}, {"danger.child": "yes"}),
    ("S1e", {**EATING, "client.age": 19}, ALARM),
    ("S1e", {**EATING, **ALARM, **YOUNG}, {"client.age": 19}),
    ("S1e", ALARM, EATING),
    ("S1ey", {**EATING, **YOUNG}, ALARM),
    ("S1p", {"flag.psychosis": "yes"}, BIRTH),
    ("S1p", BIRTH, {"flag.mania": "yes"}),
    ("S3", {}, {"flag.psychosis": "yes"}),
    ("S3", {}, {"flag.mania": "yes"}),
    ("S4", {**BIRTH, **phq9(19)}, phq9(20)),
    ("S4", phq9(20), BIRTH),
    ("S4", {**BIRTH, **YOUNG, **phq9(9)}, phq9(10)),
    ("S4", {**BIRTH, **YOUNG}, {"phq9.9": 1}),
    ("S4", {**BIRTH, "client.age": 19, "phq9.9": 1, **phq9(10)}, YOUNG),
    ("F5", {}, EATING),
    ("F6", {}, {"flag.substances": "yes"}),
    ("A9a", {**HELPED, **END, "care.contacts": 2}, DONE),
    ("A9a", {**END, **DONE, "before.phq9": 16, **phq9(9)}, phq9(10)),
    ("A9b", {**HELPED, **TWO}, END),
    ("A9b", {**HELPED, **END, **TWO, "care.contacts": 5}, TWO),
    ("A9c", {**HELPED, **THREE}, END),
    ("A9c", {**HELPED, **END, **THREE, "care.step": 4}, THREE),
    ("B6", {**HELPED, **DONE}, END),
    ("B6", {**HELPED, **END, "care.contacts": 2}, DONE),
    ("K2", {**TWO, **NEVER}, {"target.better": 1}),
    ("K2", {**TWO, **NEVER}, {"occasion": "contact"}),
    ("C1", {**HELPED, **DONE, **END}, {"occasion": "contact"}),
    ("C1", {**HELPED, **DONE, **END}, {"care.contacts": 2}),
    ("C2", {**NEVER, "target.better": 1}, {"target.better": 2}),
    ("C2", {**NEVER, "occasion": "second_contact"}, END),
    ("C2", {**NEVER, **phq9(10)}, phq9(9)),
    ("C2", {**NEVER, "nurse.worried": "yes"}, {"nurse.worried": "no"}),
    ("C2", {oracle.KNOWN: "no"}, {oracle.KNOWN: "yes"}),
    ("C6", {"occasion": "months_6", oracle.KNOWN: "no"}, {oracle.KNOWN: "yes"}),
    ("C2", {"flag.substances": "yes"}, {"flag.substances": "no"}),
    ("C6", {**NEVER, "occasion": "months_3"}, {"occasion": "months_6"}),
    ("C6", {"occasion": "months_6", "flag.violence": "yes"}, {"flag.violence": "no"}),
    ("D6", {"occasion": "end", "target.better": 2}, {"target.better": 1}),
    ("D6", {"target.better": 0}, {"occasion": "end"}),
    ("E1", {}, EATING),
    ("E2", {}, {"flag.substances": "yes"}),
    ("E3", {**BIRTH, **phq9(9)}, phq9(10)),
    ("E3", {**BIRTH, **gad7(9)}, gad7(10)),
    ("E3", phq9(10), BIRTH),
    ("S1y", {**YOUNG, "phq9.9": 1, "asq.4": "refused"}, {"asq.4": "yes"}),
    ("S1y", {"client.age": 19, "phq9.9": 1, "asq.4": "yes"}, YOUNG),
    ("S1y", {**YOUNG, "asq.4": "yes"}, {"suicide.thoughts": "yes"}),
    ("S2", {}, {"phq9.9": 1}),
    ("S2", {}, {"suicide.thoughts": "yes"}),
    *ASKED,
    *NEW_DANGERS,
    *TODAY,
    *NOT_KNOWN,
    *ON_STEP,
    *ENDED,
    ("F1", phq9(9), phq9(10)),
    ("F1", gad7(7), gad7(8)),
    ("F1b", {"phq9.1": 1, "phq9.difficulty": 1}, {"phq9.difficulty": 2}),
    ("F1b", {"phq9.difficulty": 2}, {"gad7.7": 1}),
    ("F2", phq9(15), phq9(16)),
    ("F2", gad7(14), gad7(15)),
    ("F2", {**YOUNG, **phq9(10)}, phq9(11)),
    ("F2", {**YOUNG, **gad7(9)}, gad7(10)),
    ("F2", {"client.age": 19, **phq9(11), **gad7(10)}, YOUNG),
    ("F3", phq9(19), phq9(20)),
    ("F3", {**YOUNG, **phq9(15)}, phq9(16)),
    ("F3", {**YOUNG, **gad7(14)}, gad7(15)),
    ("F3", {"client.age": 19, **phq9(16)}, YOUNG),
    ("F4", {**phq9(20), "phq9.difficulty": 2}, {"phq9.difficulty": 3}),
    ("F4", {**phq9(20), "work.ability": 3}, {"work.ability": 2}),
    ("F4", phq9(20), {"phq9.9": 1}),
    ("F4", {**phq9(20), "client.age": 19}, YOUNG),
    ("F4", {**YOUNG, **phq9(19)}, phq9(20)),
    ("K0", AFTER, {"care.step": 1}),
    ("K1", {"before.phq9": 9, **phq9(4)}, phq9(5)),
    ("K1", {"before.phq9": 9, **gad7(4)}, gad7(5)),
    ("K1", {**AFTER, **phq9(13)}, {"care.step": 1}),
    ("K1", {"before.phq9": 15, **phq9(9)}, {"before.phq9": 14}),
    ("K1", {"before.phq9": 10, "before.gad7": 8, **phq9(5), **gad7(4)}, {"before.gad7": 7}),
    ("K2", {**TWO, **phq9(8)}, phq9(9)),
    ("K2", {**TWO, "before.phq9": 16, **phq9(9)}, phq9(10)),
    ("K2", {**TWO, "before.gad7": 7, **gad7(7)}, gad7(8)),
    ("K2", {**TWO, "before.phq9": 10}, {"before.phq9": 9}),
    ("K2", TWO, {"phq9.9": 1}),
    ("K2", TWO, {"suicide.thoughts": "yes"}),
    ("K2", TWO, {"nurse.worried": "yes"}),
    ("K2", {**TWO, "before.gad7": 1, **gad7(4)}, gad7(5)),
    ("K2", {**STILL, "care.step": 1}, {"care.step": 2}),
    ("K3", {**STILL, "care.step": 2}, {"care.step": 3}),
    ("K3", {**THREE, **phq9(8)}, phq9(9)),
    ("K4", THREE, {"care.step": 4}),
    ("A7a", {**STILL, "care.contacts": 2}, DONE),
    ("A7a", {**STILL, **DONE, **AFTER}, {"care.step": 1, **DONE}),
    ("A7a", {**DONE, "before.phq9": 16, **phq9(10)}, {"before.phq9": 15}),
    ("A7a", {**DONE, "before.phq9": 9, "before.gad7": 12, **phq9(9), **gad7(8)}, gad7(9)),
    ("A7a", {**DONE, "before.phq9": 9, **phq9(9)}, phq9(10)),
    ("A7a", {**DONE, "before.phq9": 9, "before.gad7": 8, **gad7(7), **phq9(9)}, gad7(8)),
    ("A7b", {**STILL, **TWO, "care.contacts": 5}, TWO),
    ("A7b", {**TWO, "before.phq9": 16, **phq9(10)}, {"before.phq9": 15}),
    ("A7c", {**STILL, **THREE, "care.contacts": 9}, THREE),
    ("A7c", {**THREE, "before.phq9": 16, **phq9(10)}, {"before.phq9": 15}),
    ("A8a", {**AFTER, "before.phq9": 4, **phq9(9)}, phq9(10)),
    ("A8a", {**AFTER, "before.gad7": 4, **gad7(7)}, gad7(8)),
    ("A8b", {"before.phq9": 4, **phq9(9)}, phq9(10)),
    ("A8b", {**AFTER, "before.phq9": 4, **phq9(10)}, {"care.step": 1}),
    ("A8c", {"care.step": 2, "before.gad7": 4, **gad7(7)}, gad7(8)),
    ("A8c", {"before.phq9": 4, **phq9(10)}, {"care.step": 2}),
    ("A8d", {"care.step": 3, "before.phq9": 4, **phq9(9)}, phq9(10)),
    ("A8d", {"care.step": 2, "before.phq9": 4, **phq9(10)}, {"care.step": 3}),
    ("A8a", {**AFTER, **phq9(10), "since.phq9": 5}, {"since.phq9": 4}),
    ("A8a", {**AFTER, **gad7(8), "since.gad7": 5}, {"since.gad7": 4}),
    ("A8a", {"since.phq9": 4, "before.phq9": 20, **phq9(9)}, phq9(10)),
    ("A8b", {"before.phq9": 4, **phq9(10), "since.phq9": 5}, {"since.phq9": 4}),
    ("K2", {**TWO, "since.gad7": 4, **gad7(4)}, {"before.gad7": 0, "since.gad7": 4}),
    ("K2", {**TWO, "since.gad7": 1, **gad7(4)}, {"since.gad7": 0}),
    ("C1", {"before.phq9": 16, **phq9(10), **gad7(4), "since.gad7": 0}, {"since.gad7": 1}),
    ("C1", {"before.phq9": 16, **phq9(10), **gad7(5), "since.gad7": 5, "before.gad7": 1}, STILL_4),
    ("B1", {"before.phq9": 4, **phq9(9)}, phq9(10)),
    ("B1", {"before.gad7": 4, **gad7(7)}, gad7(8)),
    ("B2", {"before.phq9": 10, **phq9(15)}, phq9(16)),
    ("B2", {"before.phq9": 11, **phq9(16)}, {"before.phq9": 10}),
    ("B2", {"before.phq9": 19, **phq9(19)}, phq9(20)),
    ("B3", phq9(15), phq9(16)),
    ("B3", gad7(14), gad7(15)),
    ("B4", {**STILL, "care.contacts": 2}, DONE),
    ("B4", {**STILL, **TWO, "care.contacts": 5}, TWO),
    ("B4", {**STILL, "care.step": 4, "care.contacts": 9}, {"care.contacts": 10}),
    ("B5", {**STILL, **DONE}, {"care.contacts": 2}),
    ("B5", {**STILL, **TWO}, {"care.contacts": 5}),
    ("B5", {**STILL, **THREE}, {"care.contacts": 9}),
    ("B5", phq9(8), phq9(9)),
    ("B5", {"before.gad7": 6, **phq9(14), **gad7(10)}, gad7(9)),
    ("B5", {**STILL, **AFTER}, {"care.step": 1}),
    ("C1", {"before.phq9": 16, **phq9(11)}, phq9(10)),
    ("C1", {"before.phq9": 9, **phq9(4)}, phq9(3)),
    ("C1", {"before.phq9": 16, **phq9(9)}, phq9(10)),
    ("C1", {**AFTER, "before.phq9": 16, **phq9(10)}, {"care.step": 1}),
    ("C2", phq9(9), phq9(8)),
    ("C2", {"before.phq9": 9}, {"before.phq9": 10}),
    ("C2", {"before.phq9": 9, "before.gad7": 7}, {"before.gad7": 8}),
    ("C2", {"before.gad7": 7, **gad7(8)}, gad7(7)),
    ("C2", {"before.gad7": 0, **gad7(4)}, gad7(3)),
    ("C2", {"phq9.9": 1}, {"phq9.9": 0}),
    ("C2", {"care.step": 4}, {"care.step": 3}),
    ("C3", {"care.step": 3}, {"care.step": 4}),
    ("C3", {"care.step": 4, **phq9(9)}, phq9(8)),
    ("C4", {"occasion": "months_3"}, {"occasion": "contact"}),
    ("C4", {"occasion": "months_6"}, {"occasion": "second_contact"}),
    ("C4", {**STILL, "occasion": "contact"}, {"occasion": "end"}),
    ("C5", {"occasion": "end"}, {"occasion": "months_3"}),
    ("C6", {"occasion": "months_3"}, {"occasion": "months_6"}),
    ("C6", {"occasion": "months_6", **phq9(9)}, phq9(8)),
    ("D1", {}, {"treatment.felt": 1}),
    ("D2", {}, {"wish.stop": "yes"}),
    ("D3", {"ors.total": 26}, {"ors.total": 25}),
    ("D3", {**YOUNG, "ors.total": 29}, {"ors.total": 28}),
    ("D3", {"client.age": 19, "ors.total": 28}, YOUNG),
    ("D4", {"srs.total": 37}, {"srs.total": 36}),
    ("D5", {"work.ability": 6}, {"work.ability": 5}),
]


@pytest.mark.parametrize(("rule", "short", "over"), CUTS)
def test_a_rule_holds_from_its_cut_off_on_and_not_before(
    rule: str, short: Case, over: Case
) -> None:
    before, after = ({**TREATED, **steady(part)} for part in (short, {**short, **over}))
    assert rule not in {r.id for r in agree(before).rules}
    assert rule in {r.id for r in agree(after).rules}
    agree(before, ALL_STOPS)
    agree(after, ALL_STOPS)


def test_every_rule_stands_among_the_cut_offs() -> None:
    assert {rule for rule, _, _ in CUTS} == {rule.id for rule in follow_up().rules}


SCORES = (0, 3, 4, 5, 9, 10, 15, 16, 20)


@pytest.mark.parametrize("step", range(5))
@pytest.mark.parametrize("before", [(0, 0), (9, 7), (10, 8), (15, 12)])
def test_all_pairs_of_scores_on_every_step(step: int, before: tuple[int, int]) -> None:
    start = {**TREATED, **steady(dict(zip(BASELINE, before, strict=True))), "care.step": step}
    enough = oracle.CONTACTS.get(step, 1)
    for mood, worry, contacts in product(SCORES, (0, 4, 7, 8, 15), (enough - 1, enough)):
        agree({**start, **phq9(mood), **gad7(worry), "care.contacts": contacts}, ALL_STOPS)


ROUGH: Case = {**TREATED, **phq9(16), **gad7(10), "phq9.9": 1, "nurse.worried": "yes", **YOUNG}


@pytest.mark.parametrize("base", [TREATED, ROUGH], ids=["treated", "rough"])
@pytest.mark.parametrize("name", oracle.QUESTIONS)
def test_every_answer_of_every_question_alone(base: Case, name: str) -> None:
    for value in values_of(name):
        agree({**base, name: value}, ALL_STOPS)


# -- random answers -----------------------------------------------------------------------------

recordings = st.sampled_from([(), ALL_STOPS, ("S1",), ("S2",), ("S1y", "S2"), ("S1b",)])


@settings(max_examples=400, deadline=None)
@given(cases(), recordings)
def test_calm_answers_agree(case: Case, recorded: tuple[str, ...]) -> None:
    agree(case, recorded)


@settings(max_examples=200, deadline=None)
@given(cases(calm=False), recordings)
def test_wild_answers_agree(case: Case, recorded: tuple[str, ...]) -> None:
    agree(case, recorded)


# -- what the steps promise ---------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(cases(), st.sampled_from(list(EARLIER)), st.integers(1, 27))
def test_who_started_out_better_off_never_gets_less_by_having_got_worse(
    case: Case, score: str, fewer: int
) -> None:
    """The same today, reached from a lower start, is a smaller fall or a greater rise."""
    start = case[score]
    assert isinstance(start, int)
    lower = {**case, score: max(0, start - fewer)}
    assert step_of(lower) >= step_of(case)


@settings(max_examples=200, deadline=None)
@given(cases())
def test_nobody_goes_down_a_step_without_reliable_recovery(case: Case) -> None:
    now, held = step_of(case), case["care.step"]
    assert isinstance(held, int)
    fired = {rule.id for rule in decide(follow_up(), case).rules}
    if now < held:
        few_symptoms = held == 1 and not fired & {"K1", "F1", "F1b"}
        assert "C2" in fired or few_symptoms


@pytest.mark.parametrize("sign", ["phq9.9", "suicide.thoughts", "nurse.worried", "danger.suicide"])
def test_a_sign_of_suicide_risk_is_never_a_recovery(sign: str) -> None:
    """Good scores and a wish to die: the treatment must not be closed."""
    case = {**TREATED, **TWO, sign: 1 if sign == "phq9.9" else "yes"}
    now = agree(case, ALL_STOPS)
    assert now.step is not None
    assert now.step >= 2
    assert not {"close_or_step_down", "relapse_plan", "follow_up_3_months"} & set(now.actions)


@pytest.mark.parametrize(("age", "card"), [(18, "suicide_youth"), (19, "suicide_non_acute")])
def test_the_card_is_that_of_the_clients_age(age: int, card: str) -> None:
    case = {**TREATED, "client.age": age, "suicide.thoughts": "yes"}
    assert [found.id for found in find_cards(follow_up(), case, "S2")] == [card]


def test_a_turn_for_the_worse_asks_for_safety_today_and_for_a_doctor_at_16() -> None:
    worse = {**TREATED, **steady({"before.phq9": 9}), **phq9(15), **gad7(6)}
    assert agree(worse).actions == ("safety_again",)
    doctor = agree({**worse, **phq9(16)})
    assert doctor.step == 2
    assert set(doctor.actions) == {"safety_again", "doctor_7_days", "doctor_consult"}
    assert follow_up().actions["safety_again"].days == 0


def test_a_wish_to_stop_is_heard_and_changes_no_step() -> None:
    case = {**TREATED, **TWO, **STILL}
    stays, leaves = agree(case), agree({**case, "wish.stop": "yes"})
    assert stays.step == leaves.step == 3
    assert set(leaves.actions) - set(stays.actions) == {"wish_to_stop"}


@pytest.mark.parametrize(("part", "step"), [(DONE, 2), (TWO, 3), (THREE, 3)])
def test_nobody_who_is_still_ill_at_the_end_is_told_to_finish(part: Case, step: int) -> None:
    """Improved, and still a case when the treatment ends: a step up, or above."""
    case = {**TREATED, **steady({**HELPED, **part})}
    during, end = agree(case), agree({**case, **END})
    assert "finish_treatment" in during.actions
    assert during.step == case["care.step"]
    assert "finish_treatment" not in end.actions
    assert (end.step, bool(end.consider)) == (step, True)
    more = {"A9a", "A9b", "A9c"} & set(end.consider)
    (said,) = (follow_up().rule(rule).rule.consider["en"] for rule in more)
    assert "some more contacts of the same" in said


@pytest.mark.parametrize("step", [1, 2, 3])
def test_whoever_was_never_over_a_cut_off_can_end(step: int) -> None:
    case = {**TREATED, **steady(NEVER), **phq9(7), "care.step": step}
    end = agree(case)
    assert end.step == 0
    assert end.verdicts is not None
    assert end.verdicts.recovered is True
    assert "close_or_step_down" in end.actions
    closed = agree({**case, "care.step": 0, "occasion": "months_6"})
    assert "close_episode" in closed.actions


@settings(max_examples=200, deadline=None)
@given(cases())
def test_nobody_goes_below_the_present_step_without_a_first_score(case: Case) -> None:
    unknown = without(case, UNKNOWN)
    now, held = decide(follow_up(), unknown, ALL_STOPS), case["care.step"]
    assert isinstance(held, int)
    assert now.step is not None
    assert now.lowest is not None
    assert min(now.step, now.lowest) >= held
    assert set(EARLIER) <= set(now.missing)


def test_recovery_leads_to_a_plan_and_to_two_dates() -> None:
    now = agree({**TREATED, "occasion": "end"})
    assert now.step == 0
    assert {"close_or_step_down", "relapse_plan"} <= set(now.actions)
    assert "relapse_prevention" in {offer.id for offer in now.interventions}
    days = {name: follow_up().actions[name].days for name in now.actions}
    assert days["follow_up_3_months"] == 91
    assert days["follow_up_6_months"] == 182


# -- missing answers ----------------------------------------------------------------------------

gaps = st.one_of(
    st.frozensets(st.sampled_from(sorted(oracle.EPISODE)), max_size=6),
    st.frozensets(st.sampled_from(sorted([*oracle.QUESTIONS, *oracle.EPISODE])), max_size=6),
    st.frozensets(st.sampled_from(sorted(oracle.QUESTIONS)), max_size=34),
)


@settings(max_examples=200, deadline=None)
@given(cases(), gaps, st.lists(cases(), min_size=4, max_size=4), recordings)
def test_the_range_holds_whatever_is_known_next(
    case: Case, missing: frozenset[str], fills: list[Case], recorded: tuple[str, ...]
) -> None:
    now = decide(follow_up(), without(case, missing), recorded)
    for fill in fills:
        later = oracle.outcome({**case, **{name: fill[name] for name in missing}}, recorded)
        if later.step is not None and now.lowest is not None and now.highest is not None:
            assert now.lowest <= later.step <= now.highest
        if not missing & oracle.QUESTIONS.keys():  # an unknown episode takes no rule away later
            assert {rule.id for rule in now.rules} <= later.fired


@pytest.mark.parametrize("step", range(5))
@pytest.mark.parametrize("mood", [0, 9, 10, 15])
def test_without_a_first_score_no_change_is_guessed(step: int, mood: int) -> None:
    case = {**TREATED, "care.step": step, "care.contacts": 10, **phq9(mood), **gad7(6)}
    now = decide(follow_up(), without(case, UNKNOWN))
    assert not {rule.id for rule in now.rules} & (ON_CHANGE | {"C6"})
    assert set(EARLIER) <= set(now.missing)
    waiting = {name for rule in now.possible for name in rule.missing}
    assert waiting <= set(EARLIER)
    assert waiting
    assert not now.settled or step == 4


def test_without_a_first_score_nobody_goes_below_the_step_they_are_on() -> None:
    unknown = without({**TREATED, **TWO, **STILL}, UNKNOWN)
    now = decide(follow_up(), unknown)
    assert (now.step, now.lowest, now.highest) == (2, 2, 3)
    well = decide(follow_up(), {**unknown, **phq9(9)})
    assert (well.step, well.lowest, well.highest) == (2, 2, 3)
    assert set(EARLIER) <= set(well.missing)


def test_without_the_scores_of_the_present_step_a_rise_is_neither_told_nor_denied() -> None:
    """From 14 at the start nothing has risen; from what the step began with, nobody knows."""
    now = decide(follow_up(), without({**TREATED, **TWO, **STILL}, SINCE))
    assert not {rule.id for rule in now.rules} & {"A8a", "A8b", "A8c", "B1", "B5", "C1", "C2"}
    assert {"A8c", "B1"} <= {rule.id for rule in now.possible}
    assert (now.lowest, now.highest) == (3, 3)
    assert set(SINCE) <= set(now.missing)


def test_a_rise_that_led_to_a_step_up_leads_to_no_second_one() -> None:
    """From 10 to 17: up. Still 17: not again. On to 23: up once more."""
    first = {**TREATED, **steady({"before.phq9": 10}), **phq9(17)}
    up = {**first, "care.step": 2, "since.phq9": 17}
    again = {**up, **phq9(23)}
    fired = [{rule.id for rule in agree(case).rules} for case in (first, up, again)]
    assert [bool(rules & {"A8b", "A8c"}) for rules in fired] == [True, False, True]
    assert [step_of(case) for case in (first, up, again)] == [2, 2, 3]
    assert "safety_again" not in agree(up).actions


@settings(max_examples=200, deadline=None)
@given(cases(), gaps, recordings)
def test_a_step_needs_every_required_answer_and_no_other(
    case: Case, missing: frozenset[str], recorded: tuple[str, ...]
) -> None:
    partial = without(case, missing)
    lacking = oracle.required(partial) - partial.keys()
    now = decide(follow_up(), partial, recorded)
    if now.status != "stop":
        assert now.status == ("insufficient" if lacking else "suggested")
    assert lacking <= set(now.required) <= set(now.missing)


@pytest.mark.parametrize("name", sorted(oracle.required(TREATED)))
def test_each_required_answer_alone_holds_up_the_step(name: str) -> None:
    now = decide(follow_up(), without(TREATED, [name]))
    assert now.status == "insufficient"
    assert name in now.required
    assert now.step is None


def test_an_age_that_nobody_told_counts_as_the_youngest() -> None:
    case = without({**TREATED, "phq9.9": 1, "asq.4": "yes"}, ["client.age"])
    assert "S1y" in decide(follow_up(), case).stops
