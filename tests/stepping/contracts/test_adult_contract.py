"""The adult rule table, compared with a second description written by hand.

Where the two differ a client gets a lighter or heavier step than the agreed rules say, or danger
is passed by.
"""

from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.decision.decide import decide
from stepping.decision.outcome import Decision
from stepping.pathway.answers import read_answer
from stepping.pathway.model import Answers
from stepping.proofs.examples import run_examples
from tests.stepping.cases import WELL, Case, adult, cases, gad7, phq9, values_of, without
from tests.stepping.contracts import adult_oracle as oracle

ALL_STOPS = tuple(oracle.STOPS)


def agree(answers: Answers, recorded: Collection[str] = ()) -> Decision:
    """Both descriptions say the same of full answers."""
    return oracle.CONTRACT.agree(adult(), answers, recorded)


# -- the questions ------------------------------------------------------------------------------


def test_the_questions_are_those_of_the_contract() -> None:
    assert set(adult().questions) == set(oracle.QUESTIONS)


@pytest.mark.parametrize("name", oracle.QUESTIONS)
def test_each_question_has_its_range_and_its_worse_direction(name: str) -> None:
    oracle.CONTRACT.check_question(adult(), name)


def test_totals_and_the_client_card_have_their_ranges() -> None:
    facts = adult().facts
    assert {name: facts[name].high for name in oracle.TOTALS} == oracle.TOTALS
    assert {facts[name].low for name in oracle.TOTALS} == {0}
    assert (facts["client.age"].low, facts["client.age"].high) == (18, 120)
    assert set(facts["client.sex"].words) == {"f", "m", "x"}
    assert (facts["domains.positive"].low, facts["domains.positive"].high) == (0, 5)


def test_the_rules_are_those_of_the_contract() -> None:
    oracle.CONTRACT.check_rules(adult())


@pytest.mark.parametrize("name", ["audit.9", "audit.10"])
def test_the_last_two_of_audit_have_three_answers(name: str) -> None:
    for value in range(5):
        if value in oracle.QUESTIONS[name][0]:
            assert read_answer(adult(), name, value) == value
        else:
            with pytest.raises(ValueError, match=str(value)):
                read_answer(adult(), name, value)


def test_a_total_that_is_worked_out_is_not_typed_in() -> None:
    with pytest.raises(ValueError, match="calculated"):
        read_answer(adult(), "audit.total", 20)


def test_a_client_answers_alone_in_one_go() -> None:
    """Where there is no danger, what needs the nurse stands before and after."""
    asked = oracle.asked(WELL)
    pages = [page for page in adult().pages if any(q.id in asked for q in page.questions)]
    nurse = [any(q.asked_of == "nurse" for q in page.questions) for page in pages]
    turns = [one for at, one in enumerate(nurse) if at == 0 or nurse[at - 1] is not one]
    assert turns == [True, False, True]


def test_choices_beside_the_step_are_those_of_the_contract() -> None:
    rules = {rule.id: rule.rule for rule in adult().rules}
    assert rules["A11"].avoid == ("net_therapy",)
    assert rules["A9i"].avoid == ("guided_self_help",)
    assert set(rules["A14"].offer) == {"insomnia_programme", "klt_insomnia"}
    assert rules["A25m"].avoid == ("self_care_programmes",)
    assert rules["A17"].provisional


def test_the_pathway_keeps_its_own_examples() -> None:
    assert [str(problem) for problem in run_examples(adult())] == []


# -- both sides of every cut-off ----------------------------------------------------------------

HARD: Case = {"phq9.difficulty": 3}
TRAUMA: Case = {f"pcptsd5.{item}": "yes" for item in ("gate", 1, 2, 3)}
FOURTH: Case = {"pcptsd5.4": "yes"}
DRINK: Case = {"auditc.1": 4}
DRINKS: Case = {"auditc.1": 4, "auditc.2": 1}
EDINBURGH: Case = {"flag.perinatal": "yes"}


def audit(total: int) -> Case:
    """Items 4–10 that reach a total, the last two of even points."""
    case: Case = {}
    for item in (9, 10, 4, 5, 6, 7, 8):
        points = min(4, total)
        points -= points % 2 if item >= 9 else 0
        case[f"audit.{item}"] = points
        total -= points
    assert total == 0
    return case


CUTS: list[tuple[str, Case, Case]] = [
    # rules, answers just short of them, what is then added
    ("S1", {}, {"danger.suicide": "yes"}),
    ("S1", {"phq9.9": 1, "asq.1": "yes"}, {"asq.5": "yes"}),
    ("S1", {"phq9.9": 1, "asq.1": "refused"}, {"asq.5": "yes"}),
    ("S1", {"phq9.9": 1, "asq.5": "yes"}, {"asq.4": "yes"}),
    ("S1", {"asq.1": "yes", "asq.5": "yes"}, {"nurse.worried": "yes"}),
    ("S1", {"history.attempt": 1, "asq.1": "yes", "asq.5": "yes"}, {"history.attempt": 2}),
    ("S1", {**EDINBURGH, "asq.1": "yes", "asq.5": "yes"}, {"epds.10": 1}),
    ("S1b", {}, {"danger.violence": "yes"}),
    ("S1b", {}, {"danger.child": "yes"}),
    ("S1b", {}, {"danger.confusion": "yes"}),
    ("S1b", {}, {"danger.intoxicated": "yes"}),
    ("S1b", {}, {"danger.body": "yes"}),
    ("S1e", {"eating.alarm": "yes"}, {"flag.eating": "yes"}),
    ("S1e", {"flag.eating": "yes"}, {"eating.alarm": "yes"}),
    ("S1p", {"flag.perinatal": "yes"}, {"flag.psychosis": "yes"}),
    ("S1p", {"flag.perinatal": "yes", "history.mania": "yes"}, {"flag.mania": "yes"}),
    ("S1p", {"flag.mania": "yes"}, {"flag.perinatal": "yes"}),
    ("S2", {}, {"phq9.9": 1}),
    ("S2", {}, {"suicide.thoughts": "yes"}),
    ("S2", {}, {"nurse.worried": "yes"}),
    ("S2", {"asq.1": "yes"}, {"nurse.worried": "yes"}),
    ("S2", {"history.attempt": 1}, {"history.attempt": 2}),
    ("S2", EDINBURGH, {"epds.10": 1}),
    ("S2", {"epds.10": 3}, {"flag.perinatal": "yes"}),
    ("S3", {}, {"flag.psychosis": "yes"}),
    ("S3", {}, {"flag.mania": "yes"}),
    ("S4", {}, {"flag.violence": "yes"}),
    ("S4", {}, {"flag.child": "yes"}),
    ("S4", {}, {"flag.withdrawal": "yes"}),
    ("S4", {"flag.perinatal": "yes", **phq9(19), "epds.total": 30}, phq9(20)),
    ("S4", phq9(20), {"flag.perinatal": "yes"}),
    ("S5", {"function.daily": 3}, {"function.daily": 4}),
    ("S6", {"history.mania": "yes", **phq9(4), **gad7(21)}, phq9(5)),
    ("S6", phq9(5), {"history.mania": "yes"}),
    ("A0b", {"phq9.1": 1, "phq9.difficulty": 1}, {"phq9.difficulty": 2}),
    ("A0b", {"phq9.difficulty": 2}, {"gad7.7": 1}),
    ("A1b", {**phq9(4), "history.weeks": 4}, phq9(5)),
    ("A1b", {**gad7(4), "history.weeks": 4}, gad7(5)),
    ("A1b", {**gad7(5), "history.weeks": 3}, {"history.weeks": 4}),
    ("A2", phq9(9), phq9(10)),
    ("A2", gad7(9), gad7(10)),
    ("A3", {**phq9(10), "phq9.difficulty": 1}, {"phq9.difficulty": 2}),
    ("A3", {**phq9(10), **gad7(9)}, gad7(10)),
    ("A3", {**phq9(9), **gad7(10)}, phq9(10)),
    ("A3", {**phq9(10), "history.weeks": 25}, {"history.weeks": 26}),
    ("A3", gad7(10), {"history.gsh_unfit": "yes"}),
    ("A3", {**phq9(9), "history.gsh_unfit": "yes"}, phq9(10)),
    ("A4", phq9(15), phq9(16)),
    ("A4", gad7(14), gad7(15)),
    ("A5", {**phq9(16), "history.episodes": 1}, {"history.episodes": 2}),
    ("A5", {**gad7(15), "history.failed_step": 1}, {"history.failed_step": 2}),
    ("A5", {**gad7(15), "phq9.difficulty": 2}, {"phq9.difficulty": 3}),
    ("A5", {**phq9(15), **HARD}, phq9(16)),
    ("A5", {**gad7(14), **HARD}, gad7(15)),
    ("A6a", phq9(19), phq9(20)),
    ("A6b", {**phq9(20), "phq9.difficulty": 2}, {"phq9.difficulty": 3}),
    ("A6b", {**phq9(20), "work.ability": 3}, {"work.ability": 2}),
    ("A6b", phq9(20), {"phq9.9": 1}),
    ("A6b", phq9(20), {"history.specialised": "yes"}),
    ("A6b", {**phq9(19), "work.ability": 0}, phq9(20)),
    ("A6b", {**phq9(19), "history.specialised": "yes"}, {"phq9.9": 1}),
    ("A7", phq9(10), {"history.failed_step": 1}),
    ("A7", {**phq9(9), "history.failed_step": 1}, phq9(10)),
    ("A7", {**gad7(7), "history.failed_step": 1}, gad7(8)),
    ("A7b", {**gad7(8), "history.failed_step": 1}, {"history.failed_step": 2}),
    ("A7b", {**gad7(7), "history.failed_step": 2}, gad7(8)),
    ("A7b", {**phq9(9), "history.failed_step": 2}, phq9(10)),
    ("A7c", {**gad7(8), "history.failed_step": 2}, {"history.failed_step": 3}),
    ("A7c", {**gad7(7), "history.failed_step": 3}, gad7(8)),
    ("A7c", {**phq9(9), "history.failed_step": 3}, phq9(10)),
    ("A9", {**TRAUMA, "pcptsd5.3": "no"}, TRAUMA),
    ("A9", {**TRAUMA, "client.sex": "m"}, FOURTH),
    ("A9", {**TRAUMA, "client.sex": "x", "pcptsd5.3": "no"}, TRAUMA),
    ("A9", {**TRAUMA, **FOURTH, "pcptsd5.gate": "no"}, {"pcptsd5.gate": "yes"}),
    ("A9i", {**TRAUMA, "client.sex": "m"}, {"client.sex": "x"}),
    ("A12", {**phq9(10), "flag.eating": "yes"}, gad7(10)),
    ("A12", {**gad7(10), "flag.eating": "yes"}, phq9(10)),
    ("A12", {**phq9(10), **gad7(10), "drugs": 1}, {"drugs": 2}),
    ("A12", {**phq9(10), **gad7(10), **DRINK}, {"auditc.2": 1}),
    ("A12", {**phq9(10), **gad7(10)}, TRAUMA),
    ("A12c", {**gad7(10), "drugs": 2}, {"flag.eating": "yes"}),
    ("A13", {}, {"flag.eating": "yes"}),
    ("A13d", {}, {"flag.eating": "yes"}),
    ("A1a", phq9(4), phq9(5)),
    ("A1a", gad7(4), gad7(5)),
    ("A4d", phq9(15), phq9(16)),
    ("A4d", gad7(14), gad7(15)),
    ("A6d", phq9(19), phq9(20)),
    ("A10", DRINK, {"auditc.3": 1}),
    ("A10", {**DRINK, "client.sex": "x"}, {"auditc.3": 1}),
    ("A10", {**DRINK, "client.sex": "m", "auditc.2": 1}, {"auditc.3": 1}),
    ("A10", {**DRINK, "client.age": 64}, {"client.age": 65}),
    ("A10", {"client.age": 65, "auditc.1": 3}, {"auditc.1": 4}),
    ("A10", {"client.age": 65, "client.sex": "m", "auditc.1": 3}, {"auditc.1": 4}),
    ("A10", {"auditc.2": 4, "auditc.3": 4}, {"auditc.1": 1}),
    ("A11 A11f", {**DRINKS, **audit(10)}, audit(11)),
    ("A11 A11f", {**DRINK, **audit(28)}, {"auditc.2": 1}),
    ("A11 A11f", {"drugs": 1}, {"drugs": 2}),
    ("A11b A11g", {**DRINKS, **audit(14)}, audit(15)),
    ("A11b A11g", {**DRINK, **audit(28)}, {"auditc.2": 1}),
    ("A11b A11g", {"drugs": 2}, {"drugs": 3}),
    ("A21 A21d", {"function.daily": 2}, {"function.daily": 3}),
    ("A25 A25m", {"flag.perinatal": "yes", **phq9(9), **gad7(9)}, phq9(10)),
    ("A25 A25m", {"flag.perinatal": "yes", **phq9(9), **gad7(9)}, gad7(10)),
    ("A25 A25m", {**EDINBURGH, "epds.total": 12}, {"epds.total": 13}),
    ("A25 A25m", {"epds.total": 13}, {"flag.perinatal": "yes"}),
    ("A26 A26s", {}, {"history.attempt": 1}),
    ("A23", {**phq9(10), "treatment.trials": 0}, {"treatment.trials": 1}),
    ("A23", {**gad7(8), "treatment.trials": 0}, {"treatment.trials": 1}),
    ("A23b A23c", {**phq9(10), "treatment.trials": 1}, {"treatment.trials": 2}),
    ("A23b A23c", {**gad7(8), "treatment.trials": 1}, {"treatment.trials": 2}),
    ("A23 A23b A23c", {**phq9(9), **gad7(7), "treatment.trials": 10}, phq9(10)),
    ("A23 A23b A23c", {**phq9(9), **gad7(7), "treatment.trials": 10}, gad7(8)),
    ("A24", {**phq9(10), "history.episodes": 1}, {"history.episodes": 2}),
    ("A24", {**phq9(9), **gad7(21), "history.episodes": 20}, phq9(10)),
    ("A27", {"treatment.now": ("psychotherapy",)}, {"treatment.now": ("psychiatric_care",)}),
    ("A14", {"phq9.3": 1}, {"phq9.3": 2}),
    ("A15", {"work.ability": 6}, {"work.ability": 5}),
    ("A15", {"work.sick_leave_days": 30}, {"work.sick_leave_days": 31}),
    ("A15", {"work.status": "unemployed"}, {"work.status": "unemployed_limited"}),
    ("A16", {"services.count": 2}, {"services.count": 3}),
    ("A16", {"segment": 3}, {"segment": 4}),
    ("A17", {}, {"flag.memory": "yes"}),
    ("A17", {}, {"flag.somatic": "yes"}),
    ("A18", {"wish.formats": ("medication",)}, {"wish.formats": ("long_psychotherapy", "net")}),
    ("G1", {**phq9(10), "client.age": 24}, {"client.age": 23}),
    ("G1", {"client.age": 18}, phq9(10)),
    ("G1", {**phq9(20), "history.specialised": "yes", "client.age": 18}, phq9(19)),
]


@pytest.mark.parametrize(("rules", "short", "over"), CUTS)
def test_a_rule_holds_from_its_cut_off_on_and_not_before(
    rules: str, short: Case, over: Case
) -> None:
    before, after = {**WELL, **short}, {**WELL, **short, **over}
    assert {r.id for r in agree(before).rules}.isdisjoint(rules.split())
    assert {r.id for r in agree(after).rules}.issuperset(rules.split())
    agree(before, ALL_STOPS)
    agree(after, ALL_STOPS)


def test_every_rule_stands_among_the_cut_offs() -> None:
    among = {rule for rules, _, _ in CUTS for rule in rules.split()}
    assert among == {rule.id for rule in adult().rules}


def test_sleep_stops_being_the_main_complaint_at_ten_points() -> None:
    nine = {**WELL, **phq9(9)}
    assert "A14" in {rule.id for rule in agree(nine).rules}
    assert "A14" not in {rule.id for rule in agree({**nine, "phq9.5": 1}).rules}


def test_all_pairs_of_totals() -> None:
    for mood in (0, 1, 4, 5, 9, 10, 15, 16, 19, 20, 24):
        for worry in (0, 1, 4, 5, 7, 8, 9, 10, 14, 15, 21):
            agree({**WELL, **phq9(mood), **gad7(worry)})


ROUGH: Case = {**WELL, **phq9(16), **gad7(10), **DRINKS, **EDINBURGH}
ROUGH |= {"phq9.9": 1, "nurse.worried": "yes"}


@pytest.mark.parametrize("base", [WELL, ROUGH], ids=["well", "rough"])
@pytest.mark.parametrize("name", oracle.QUESTIONS)
def test_every_answer_of_every_question_alone(base: Case, name: str) -> None:
    for value in values_of(name):
        agree({**base, name: value}, ALL_STOPS)


def test_the_guarantee_shows_only_with_a_step_that_it_covers() -> None:
    young: Case = {**WELL, "client.age": 20}
    more: list[Case] = [{}, phq9(10), phq9(16), phq9(20), {"flag.psychosis": "yes"}]
    came = [agree({**young, **one}, ALL_STOPS) for one in more]
    assert [decision.step for decision in came] == [0, 1, 2, 3, 4]
    shown = ["G1" in {rule.id for rule in decision.rules} for decision in came]
    assert shown == [False, True, True, True, False]


def test_a_step_without_any_rule_is_the_lowest() -> None:
    assert agree(WELL).step == 0


# -- random answers -----------------------------------------------------------------------------

recordings = st.sampled_from([(), ALL_STOPS, ("S1",), ("S2", "S5"), ("S1b", "S3", "S4", "S6")])


@settings(max_examples=400)
@given(cases(), recordings)
def test_calm_answers_agree(case: Case, recorded: tuple[str, ...]) -> None:
    agree(case, recorded)


@settings(max_examples=200)
@given(cases(calm=False), recordings)
def test_wild_answers_agree(case: Case, recorded: tuple[str, ...]) -> None:
    agree(case, recorded)


# -- missing answers ----------------------------------------------------------------------------

gaps = st.one_of(
    st.frozensets(st.sampled_from(sorted([*oracle.QUESTIONS, "client.age"])), max_size=6),
    st.frozensets(st.sampled_from(sorted(oracle.QUESTIONS)), max_size=60),
    st.frozensets(
        st.sampled_from(sorted(n for n in oracle.QUESTIONS if n not in oracle.required(WELL))),
        max_size=30,
    ),
)


@settings(max_examples=300)
@given(cases(), gaps, st.lists(cases(), min_size=3, max_size=3), recordings)
def test_the_range_holds_whatever_is_answered_next(
    case: Case, missing: frozenset[str], fills: list[Case], recorded: tuple[str, ...]
) -> None:
    oracle.CONTRACT.agree_on_gaps(adult(), without(case, missing), [case, *fills], recorded)


@settings(max_examples=200)
@given(cases(), gaps, recordings)
def test_missing_answers_never_lower_what_already_holds(
    case: Case, missing: frozenset[str], recorded: tuple[str, ...]
) -> None:
    partial = without(case, missing - {"client.age"})
    oracle.CONTRACT.agree_that_gaps_lower_nothing(adult(), partial, WELL, recorded, {"A14", "G1"})


@settings(max_examples=300)
@given(cases(), gaps, recordings)
def test_a_step_needs_every_required_answer_and_no_other(
    case: Case, missing: frozenset[str], recorded: tuple[str, ...]
) -> None:
    oracle.CONTRACT.agree_on_what_is_required(adult(), without(case, missing), recorded)


def test_what_may_be_skipped_does_not_hold_up_a_step() -> None:
    """A nurse who answers only what is required still gets a step."""
    least = {
        name: answer
        for name, answer in WELL.items()
        if name in oracle.required(WELL) or name.startswith("client.")
    }
    now = decide(adult(), least)
    assert (now.status, now.step, now.required) == ("suggested", 0, ())
    assert "nurse.worried" in now.missing
    assert not now.settled


@pytest.mark.parametrize("name", sorted(oracle.required(WELL)))
def test_each_required_answer_alone_holds_up_the_step(name: str) -> None:
    now = decide(adult(), without(WELL, [name]))
    assert now.status == "insufficient"
    assert name in now.required
    assert now.step is None


def test_a_total_with_a_missing_item_is_a_range_and_not_prorated() -> None:
    now = decide(adult(), without({**WELL, **phq9(9)}, ["phq9.8"]))
    assert now.scores["phq9.total"] == (9, 12)
    assert (now.lowest, now.highest) == (0, 1)


def test_without_a_sex_the_stricter_cut_off_counts() -> None:
    case = without({**WELL, **DRINK, "auditc.2": 1}, ["client.sex"])
    assert "A10" in {rule.id for rule in decide(adult(), case).rules}


def test_without_an_age_the_decision_says_so() -> None:
    """Otherwise the range stays open and nobody can see why."""
    case = without({**WELL, **DRINK}, ["client.age"])
    now = decide(adult(), case)
    assert now.status == "suggested"
    assert "client.age" in now.missing
    assert {"A10": ("client.age",)}.items() <= {r.id: r.missing for r in now.possible}.items()


def test_settled_is_said_while_questions_remain() -> None:
    """The nurse is told when the rest cannot change the step."""
    severe = {**WELL, **phq9(20), "phq9.9": 1, "nurse.worried": "yes"}
    rest = ("history.weeks", "work.status", "drugs", "segment")
    now = decide(adult(), without(severe, rest), ("S2",))
    assert (now.status, now.step, now.settled) == ("suggested", 4, True)
    assert set(now.missing) == set(rest)


def test_the_lowest_step_to_confirm_is_one_down_but_not_below_a_recorded_stop() -> None:
    assert decide(adult(), {**WELL, **phq9(16)}).lowest_override == 1
    worried = {**WELL, "nurse.worried": "yes"}
    assert decide(adult(), worried, ("S2",)).lowest_override == 2
    assert decide(adult(), WELL).lowest_override == 0


TRAUMATIC: Case = {f"pcptsd5.{item}": "yes" for item in range(1, 6)}
GATES: list[tuple[str, Case]] = [
    # a question that decides whether others are asked, and those others answered at worst
    ("pcptsd5.gate", TRAUMATIC),
    ("auditc.1", {**phq9(10), **gad7(10), "auditc.2": 4, "auditc.3": 4}),
    ("auditc.1", {"auditc.2": 4, "auditc.3": 4, **audit(28)}),
    ("flag.perinatal", {"epds.total": 30, "epds.10": 3, "asq.1": "yes", "asq.5": "yes"}),
    ("history.attempt", {"asq.1": "refused", "asq.5": "yes"}),
    ("phq9.8", {**phq9(4), "phq9.8": 0, "treatment.trials": 10}),
    ("phq9.8", {**phq9(9), "phq9.8": 0, "treatment.trials": 10}),
    ("phq9.8", {"phq9.difficulty": 3}),
    ("gad7.7", {**gad7(9), "gad7.7": 0, "phq9.difficulty": 3}),
    ("flag.eating", {"eating.alarm": "yes"}),
    ("phq9.9", {"suicide.thoughts": "yes", "asq.1": "yes", "asq.5": "yes"}),
    ("nurse.worried", {"asq.1": "refused", "asq.5": "yes"}),
]


@pytest.mark.parametrize(("gate", "behind"), GATES)
@pytest.mark.parametrize("recorded", [(), ALL_STOPS])
def test_answers_behind_an_unanswered_question_are_counted_and_doubted(
    gate: str, behind: Case, recorded: tuple[str, ...]
) -> None:
    """They may yet turn out not to be asked, and then the step would be another."""
    case = {**WELL, **behind}
    now = decide(adult(), without(case, [gate]), recorded)
    ends = [oracle.outcome({**case, gate: value}, recorded) for value in values_of(gate)]
    steps = {end.step for end in ends if end.step is not None}
    if now.lowest is not None and now.highest is not None:
        assert all(now.lowest <= step <= now.highest for step in steps)
    if len({(end.status, end.step) for end in ends}) > 1:
        assert not now.settled
