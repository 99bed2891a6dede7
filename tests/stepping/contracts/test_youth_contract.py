"""The youth pathway, compared with a second description written by hand.

Where the two differ a young person gets a lighter or heavier step than the agreed rules say, or an
attempt, harm at home or danger is passed by.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.decision.client_pages import is_client_page
from stepping.decision.decide import decide
from stepping.decision.interview import shown_pages
from stepping.decision.outcome import Decision
from stepping.decision.safety import find_cards
from stepping.pathway.model import Answer, Answers, Pathway
from stepping.pathway.population import pathway_for
from stepping.proofs.checker import check_pathway
from stepping.proofs.examples import run_examples
from store.pathway_files.files import built_in, ids, load
from tests.stepping.cases import Case, gad7, phq9, without
from tests.stepping.contracts import youth_oracle as oracle

ALL_STOPS = tuple(oracle.STOPS)
AGES = range(13, 23)
NOT_WHEN_WORSE = {"Y4", "Y5s"}
"""Rules beside the step that a worse answer may take away."""


def youth() -> Pathway:
    return built_in("youth")


values_of = oracle.CONTRACT.values_of

WELL: Case = {
    "client.age": 15,
    "client.sex": "f",
    **{name: values_of(name)[0] for name in oracle.QUESTIONS},
}
"""Every question answered, all of them well, at 15."""

STUDENT: Case = {**WELL, "client.age": 20}

QUIET = tuple(
    name
    for name in oracle.QUESTIONS
    if name.startswith(("danger.", "asq.", "harm.", "attempt.", "flag."))
    or name in ("phq9.9", "selfharm", "nurse.worried", "guardian.afraid", "history.mania")
)
"""Questions that mostly stay well in random answers, so that steps are suggested at all."""


def cases(calm: bool = True) -> st.SearchStrategy[Case]:
    """Full random answers; `calm` keeps most questions that stop the session well."""
    picks: dict[str, st.SearchStrategy[Answer]] = {
        "client.age": st.sampled_from(list(AGES)),
        "client.sex": st.sampled_from(["f", "m", "x"]),
    }
    for name in oracle.QUESTIONS:
        values = values_of(name)
        weights = 40 if calm and name in QUIET else 3
        picks[name] = st.sampled_from([values[0]] * weights + values[1:])
    return st.fixed_dictionaries(picks)


def agree(answers: Answers, recorded: Collection[str] = ()) -> Decision:
    """Both descriptions say the same of full answers."""
    return oracle.CONTRACT.agree(youth(), answers, recorded)


# -- the questions and rules --------------------------------------------------------------------


def test_the_questions_are_those_of_the_contract() -> None:
    assert set(youth().questions) == set(oracle.QUESTIONS)


@pytest.mark.parametrize("name", oracle.QUESTIONS)
def test_each_question_has_its_range_and_its_worse_direction(name: str) -> None:
    oracle.CONTRACT.check_question(youth(), name)


def test_the_rules_are_those_of_the_contract() -> None:
    oracle.CONTRACT.check_rules(youth())


def test_the_pathway_keeps_its_own_examples() -> None:
    assert [str(problem) for problem in run_examples(youth())] == []


def test_no_answers_at_all_break_its_promises() -> None:
    """Proven over all answer sets: steps rise only, every stop has a card, every cut-off a case."""
    report = check_pathway(youth())
    assert [str(finding) for finding in report.errors] == []
    assert {finding.of for finding in report.hints} == {"eating.alarm", "guardian.afraid"}


def test_who_is_surely_eighteen_is_assessed_by_the_adult_rules() -> None:
    """Only the year of birth is known: at 18 by it, a person may still be 17."""
    headers = [load(name).header for name in ids()]
    chosen = {age: pathway_for(headers, age) for age in range(12, 24)}
    assert chosen[12] is None
    assert {chosen[age] for age in range(13, 19)} == {"youth"}
    assert {chosen[age] for age in range(19, 24)} == {"adult"}


def test_an_age_that_nobody_told_counts_as_the_youngest() -> None:
    case = {**WELL, "attempt.known": "yes", "attempt.unassessed": "no"}
    case.pop("client.age")
    assert "Y0" in decide(youth(), case).stops


# -- a suicide attempt under 18 -----------------------------------------------------------------

TOLD: Case = {"asq.4": "yes"}
KNOWN: Case = {"attempt.known": "yes"}
DENIED: Case = {**KNOWN, "asq.1": "no", "asq.4": "refused"}


@pytest.mark.parametrize("age", range(13, 18))
@pytest.mark.parametrize("sign", [TOLD, KNOWN, DENIED], ids=["told", "known", "denied"])
@pytest.mark.parametrize("unassessed", ["no", "yes"])
@pytest.mark.parametrize("present", ["alone", "with_guardian", "guardian_later"])
def test_an_attempt_under_18_always_goes_to_specialised_care(
    age: int, sign: Case, unassessed: str, present: str
) -> None:
    """However it came out, whoever is here, and whether or not it was assessed before."""
    case = {**WELL, **sign, "client.age": age, "present": present}
    case["attempt.unassessed"] = unassessed
    open_now = agree(case)
    assert open_now.status == "stop"
    assert "Y0" in open_now.stops
    assert [card.id for card in find_cards(youth(), case, "Y0")] == ["attempt_youth"]
    later = agree(case, ALL_STOPS)
    assert (later.step, later.lowest_override) == (4, 4)
    assert "youth_psychiatry" in {offer.id for offer in later.interventions}


@settings(max_examples=150)
@given(cases(calm=False), st.integers(13, 17), st.sampled_from([TOLD, KNOWN]))
def test_nothing_else_that_is_answered_changes_that(case: Case, age: int, sign: Case) -> None:
    tried = {**case, **sign, "client.age": age}
    assert "Y0" in agree(tried).stops
    assert agree(tried, ALL_STOPS).step == 4


@settings(max_examples=100)
@given(st.frozensets(st.sampled_from(sorted(WELL)), max_size=70), st.sampled_from([TOLD, KNOWN]))
def test_nor_does_anything_that_is_not_answered(missing: frozenset[str], sign: Case) -> None:
    case = {**without(WELL, missing - {"client.age"}), **sign}
    now = decide(youth(), case)
    assert now.status == "stop"
    assert "Y0" in now.stops


def test_eighteen_by_year_of_birth_may_still_be_seventeen() -> None:
    case = {**WELL, **KNOWN, "client.age": 18}
    assert "Y0c" in agree(case).stops
    assert [card.id for card in find_cards(youth(), case, "Y0c")] == ["attempt_youth"]
    assert agree(case, ALL_STOPS).step == 4


def test_an_assessed_attempt_from_nineteen_on_is_still_asked_about_today() -> None:
    case = {**WELL, **KNOWN, "client.age": 19}
    assert agree(case).stops == ("Y1",)
    assert agree(case, ALL_STOPS).step == 2
    unassessed = {**case, "attempt.unassessed": "yes"}
    assert [card.id for card in find_cards(youth(), unassessed, "Y0c")] == ["attempt_adult"]
    assert agree(unassessed, ALL_STOPS).step == 4


# -- both sides of every cut-off ----------------------------------------------------------------

TRAUMA: Case = {f"pcptsd5.{item}": "yes" for item in ("gate", 1, 2, 3)}
DRINK: Case = {"client.age": 18, "auditc.1": 4}
WITH: Case = {"present": "with_guardian"}

ASKED: list[tuple[str, Case, Case]] = [
    ("Y1", {}, {f"asq.{item}": word}) for item in (1, 2, 3, 4) for word in ("yes", "refused")
]
CUTS: list[tuple[str, Case, Case]] = [
    # rule, answers just short of it, what is then added
    ("Y0a", {}, {"danger.suicide": "yes"}),
    ("Y0a", {"asq.1": "refused"}, {"asq.5": "yes"}),
    ("Y0a", {"asq.5": "yes"}, {"asq.4": "yes"}),
    ("Y0b", {}, {"danger.violence": "yes"}),
    ("Y0b", {}, {"danger.child": "yes"}),
    ("Y0b", {}, {"danger.confusion": "yes"}),
    ("Y0b", {}, {"danger.intoxicated": "yes"}),
    ("Y0b", {}, {"danger.body": "yes"}),
    ("Y0", {"asq.4": "refused"}, {"asq.4": "yes"}),
    ("Y0", {**KNOWN, "client.age": 18}, {"client.age": 17}),
    ("Y0c", {**KNOWN, "client.age": 17}, {"client.age": 18}),
    ("Y0c", {**KNOWN, "client.age": 19}, {"client.age": 18}),
    ("Y0c", {**KNOWN, "client.age": 19}, {"attempt.unassessed": "yes"}),
    ("Y0c", {"client.age": 19, "attempt.unassessed": "yes"}, TOLD),
    *ASKED,
    ("Y1", {}, {"phq9.9": 1}),
    ("Y1", {}, {"selfharm": "yes"}),
    ("Y1", {}, {"nurse.worried": "yes"}),
    ("Y1", {}, KNOWN),
    ("Y1", WITH, {"guardian.afraid": "yes"}),
    ("Y1", {"guardian.afraid": "yes"}, {"present": "guardian_later"}),
    ("Y1", {**WITH, "guardian.afraid": "yes", "client.age": 18}, {"client.age": 17}),
    ("Y2", {}, {"flag.psychosis": "yes"}),
    ("Y2", {}, {"flag.mania": "yes"}),
    ("Y2", {"drugs": 2}, {"drugs": 3}),
    ("Y2e", {"flag.eating": "yes"}, {"eating.alarm": "yes"}),
    ("Y2e", {"eating.alarm": "yes"}, {"flag.eating": "yes"}),
    ("Y2h", {"history.mania": "yes", **phq9(4)}, phq9(5)),
    ("Y2h", phq9(5), {"history.mania": "yes"}),
    ("Y2p", {"flag.perinatal": "yes"}, {"flag.psychosis": "yes"}),
    ("Y2p", {"flag.mania": "yes"}, {"flag.perinatal": "yes"}),
    ("Y2b", {"flag.perinatal": "yes", **phq9(9)}, phq9(10)),
    ("Y2b", {"flag.perinatal": "yes"}, {"phq9.9": 1}),
    ("Y2b", phq9(10), {"flag.perinatal": "yes"}),
    ("Y3", {"client.age": 17}, {"harm.home": "yes"}),
    ("Y3", {"client.age": 17}, {"harm.sexual": "yes"}),
    ("Y3", {"client.age": 18, "harm.home": "yes"}, {"client.age": 17}),
    ("Y3", {"client.age": 22}, {"flag.child": "yes"}),
    ("Y3b", {}, {"harm.other": "yes"}),
    ("Y3b", {}, {"harm.runaway": "yes"}),
    ("Y3b", {"client.age": 17, "harm.home": "yes"}, {"client.age": 18}),
    ("Y3b", {"client.age": 17, "harm.sexual": "yes"}, {"client.age": 18}),
    ("Y4b", {"phq9.1": 1, "phq9.difficulty": 1}, {"phq9.difficulty": 2}),
    ("Y4b", {"phq9.difficulty": 2}, {"gad7.7": 1}),
    ("Y4b", {}, {"school.absence": 1}),
    ("Y4b", {"daily.function": 1}, {"daily.function": 2}),
    ("Y4b", {"school.grades": "yes"}, {"friends.lonely": "yes"}),
    ("Y4b", {"hobbies.dropped": "yes"}, {"home.strain": "yes"}),
    ("Y4b", {"home.strain": "yes"}, {"daily.function": 1}),
    ("Y5", phq9(4), phq9(5)),
    ("Y5", gad7(4), gad7(5)),
    ("Y6", phq9(10), phq9(11)),
    ("Y6b", {}, {"history.failed_step": 1}),
    ("Y7", gad7(9), gad7(10)),
    ("Y7", {"school.absence": 1}, {"school.absence": 2}),
    ("Y7b", {**TRAUMA, "pcptsd5.3": "no"}, TRAUMA),
    ("Y7b", {**TRAUMA, "client.sex": "m"}, {"pcptsd5.4": "yes"}),
    ("Y7b", {**TRAUMA, "pcptsd5.gate": "no"}, {"pcptsd5.gate": "yes"}),
    ("Y7c", {}, {"flag.eating": "yes"}),
    ("Y8", phq9(15), phq9(16)),
    ("Y8", gad7(14), gad7(15)),
    ("Y8", {"history.failed_step": 1}, {"history.failed_step": 2}),
    ("Y9", phq9(19), phq9(20)),
    ("Y8b", {"school.absence": 2}, {"school.absence": 3}),
    ("Y8b", {"daily.function": 2}, {"daily.function": 3}),
    ("Y9", {"school.absence": 3, "daily.function": 2}, {"daily.function": 3}),
    ("Y9", {"school.absence": 2, "daily.function": 3}, {"school.absence": 3}),
    ("Y9", {"school.absence": 3, **phq9(15)}, phq9(16)),
    ("Y9", {"school.absence": 2, **phq9(16)}, {"school.absence": 3}),
    ("Y9", {"school.absence": 3, "history.failed_step": 1}, {"history.failed_step": 2}),
    ("Y9", {"history.failed_step": 2}, {"history.failed_step": 3}),
    ("Y9", {**phq9(10), **gad7(10), "flag.eating": "yes"}, phq9(11)),
    ("Y9", {**phq9(11), **gad7(9), "flag.eating": "yes"}, gad7(10)),
    ("Y9", {**phq9(11), **gad7(10)}, TRAUMA),
    ("Y9", {**phq9(11), **gad7(10), "drunk": 1}, {"drunk": 2}),
    ("Y9", {**phq9(11), **gad7(10), "drugs": 1}, {"drugs": 2}),
    ("Y9", {**phq9(11), **gad7(10), **DRINK}, {"auditc.2": 1}),
    ("Y0m", {"client.age": 18}, {"client.age": 17}),
    ("Y0t", {}, {"guardian.tell": "part"}),
    ("Y0t", {}, {"guardian.tell": "nothing"}),
    ("Y0t", {"guardian.tell": "nothing", "client.age": 18}, {"client.age": 17}),
    ("Y0h", {}, {"talk.overheard": "yes"}),
    ("Y0s", {}, {"secrecy.unclear": "yes"}),
    ("Y2m", {"drunk": 1}, {"drunk": 2}),
    ("Y2m", {}, {"drugs": 1}),
    ("Y2m", DRINK, {"auditc.2": 1}),
    ("Y2m", {**DRINK, "client.sex": "m", "auditc.2": 1}, {"auditc.3": 1}),
    ("Y2m", {**DRINK, "auditc.3": 4, "client.age": 17}, {"client.age": 18}),
    ("Y2m", {"drunk": 3, "client.age": 18}, {"client.age": 17}),
    ("Y2m", {"client.age": 18, "auditc.2": 4, "auditc.3": 4}, {"auditc.1": 1}),
    ("Y2s", {"drunk": 2}, {"drunk": 3}),
    ("Y2s", {"drugs": 1}, {"drugs": 2}),
    ("Y3n", {}, {"danger.child": "yes"}),
    ("Y3n", {}, {"flag.child": "yes"}),
    ("Y3n", {"client.age": 18, "harm.sexual": "yes"}, {"client.age": 17}),
    ("Y3n", {}, {"harm.home": "yes"}),
    ("Y3k", {}, {"harm.bullying": "yes"}),
    ("Y4", phq9(5), phq9(4)),
    ("Y4", gad7(5), gad7(4)),
    ("Y4", {"school.absence": 1}, {"school.absence": 0}),
    ("Y4", {"daily.function": 2}, {"daily.function": 1}),
    ("Y5a", phq9(4), phq9(5)),
    ("Y5a", gad7(4), gad7(5)),
    ("Y5s", {"phq9.3": 1}, {"phq9.3": 2}),
    ("Y5s", {}, {"sleep.trouble": "yes"}),
    ("Y5s", {**phq9(11), "sleep.trouble": "yes"}, phq9(10)),
    ("Y5g", {}, {"gaming.harm": "yes"}),
    ("Y5n", {"wish.formats": ("talk",)}, {"wish.formats": ("net", "talk")}),
    ("Y5n", {"wish.formats": ("net",), "client.age": 18}, {"client.age": 17}),
    ("Y7s", {}, {"school.absence": 1}),
    ("Y7s", {}, {"school.grades": "yes"}),
    ("Y7i", {**TRAUMA, "client.sex": "m"}, {"client.sex": "x"}),
    ("Y7e", {}, {"flag.eating": "yes"}),
    ("Y8d", phq9(15), phq9(16)),
    ("Y8d", gad7(14), gad7(15)),
    ("Y8d", {"history.failed_step": 1}, {"history.failed_step": 2}),
    ("Y8d", {"school.absence": 2}, {"school.absence": 3}),
    ("Y8d", {"daily.function": 2}, {"daily.function": 3}),
    ("Y8d", {"wish.formats": ("talk",)}, {"wish.formats": ("medication",)}),
    ("Y9d", phq9(19), phq9(20)),
    ("Y9f", {}, {"flag.somatic": "yes"}),
    ("Y10", {**WITH, "guardian.worry": "mood"}, {"guardian.worry": "conduct"}),
    ("Y10", {"guardian.conduct": "yes"}, WITH),
    ("Y10", WITH, {"guardian.strain": "yes"}),
    ("Y10", {**WITH, "guardian.strain": "yes", "client.age": 18}, {"client.age": 17}),
    ("Y12", {"client.age": 18}, {"client.age": 19}),
]


@pytest.mark.parametrize(("rule", "short", "over"), CUTS)
def test_a_rule_holds_from_its_cut_off_on_and_not_before(
    rule: str, short: Case, over: Case
) -> None:
    before, after = {**WELL, **short}, {**WELL, **short, **over}
    assert rule not in {r.id for r in agree(before).rules}
    assert rule in {r.id for r in agree(after).rules}
    agree(before, ALL_STOPS)
    agree(after, ALL_STOPS)


def test_every_rule_but_the_guarantee_stands_among_the_cut_offs() -> None:
    """Everyone in this pathway is under 23, so the guarantee has no other side here."""
    assert {rule for rule, _, _ in CUTS} == {rule.id for rule in youth().rules} - {"Y11"}


ALONE = {
    "school.absence": {0: 0, 1: 1, 2: 2, 3: 3},
    "daily.function": {0: 0, 1: 0, 2: 1, 3: 3},
}
"""What school and daily life ask for by themselves."""


@pytest.mark.parametrize(
    ("name", "value", "step"),
    [(name, value, step) for name, steps in ALONE.items() for value, step in steps.items()],
)
def test_school_and_daily_life_ask_for_a_step_each_by_its_own_measure(
    name: str, value: int, step: int
) -> None:
    """They led to psychiatry by themselves once, whoever stayed at home for any reason."""
    assert agree({**WELL, name: value}).step == step


@pytest.mark.parametrize(
    "more", [phq9(16), {"daily.function": 3}, {"history.failed_step": 2}], ids=str
)
def test_no_school_leads_to_psychiatry_together_with_another_sign(more: Case) -> None:
    assert agree({**WELL, **more}).step == 3
    assert agree({**WELL, **more, "school.absence": 3}).step == 4


@pytest.mark.parametrize(
    ("more", "urgency", "step"),
    [
        ({"danger.body": "yes"}, "emergency", 0),
        ({"history.mania": "yes", **phq9(5)}, "week", 3),
    ],
)
def test_the_body_and_a_spell_of_mania_stop_the_session(
    more: Case, urgency: str, step: int
) -> None:
    assert agree({**WELL, **more}).urgency == urgency
    assert agree({**WELL, **more}, ALL_STOPS).step == step


def test_the_client_answers_alone_in_one_go() -> None:
    """Pages that only a nurse may answer stand before and after those of the young person."""
    turns = [alone for alone, _ in groupby(youth().pages, is_client_page)]
    assert turns == [False, True, False]


@pytest.mark.parametrize("more", [{}, WITH, {"client.age": 20}], ids=["alone", "guardian", "20"])
def test_an_interview_without_danger_is_short(more: Case) -> None:
    """A key a page, whether it holds one question or many that are answered no."""
    assert len(shown_pages(youth(), {**WELL, **more})) <= 42


@pytest.mark.parametrize("age", AGES)
def test_the_therapy_guarantee_is_told_at_every_age(age: int) -> None:
    assert "therapy_guarantee" in agree({**WELL, "client.age": age}).actions
    assert youth().actions["therapy_guarantee"].days == 28


def test_all_pairs_of_totals() -> None:
    for mood in (0, 1, 4, 5, 9, 10, 11, 15, 16, 19, 20, 24):
        for worry in (0, 1, 4, 5, 9, 10, 14, 15, 21):
            agree({**WELL, **phq9(mood), **gad7(worry)})


ROUGH: Case = {**WELL, **phq9(16), **gad7(10), **TOLD, **WITH, "phq9.9": 1, "drunk": 2}


@pytest.mark.parametrize("base", [WELL, STUDENT, ROUGH], ids=["well", "student", "rough"])
@pytest.mark.parametrize("name", oracle.QUESTIONS)
def test_every_answer_of_every_question_alone(base: Case, name: str) -> None:
    for value in values_of(name):
        agree({**base, name: value}, ALL_STOPS)


# -- random answers, full and partial -----------------------------------------------------------

recordings = st.sampled_from([(), ALL_STOPS, ("Y0",), ("Y1",), ("Y0b", "Y2", "Y3")])


@settings(max_examples=300)
@given(cases(), recordings)
def test_calm_answers_agree(case: Case, recorded: tuple[str, ...]) -> None:
    agree(case, recorded)


@settings(max_examples=150)
@given(cases(calm=False), recordings)
def test_wild_answers_agree(case: Case, recorded: tuple[str, ...]) -> None:
    agree(case, recorded)


@settings(max_examples=200)
@given(cases(), st.data())
def test_a_worse_answer_never_helps(case: Case, data: st.DataObject) -> None:
    """It lowers no step, closes no stop, and makes nothing less urgent."""
    name = data.draw(st.sampled_from([n for n, (_, w) in oracle.QUESTIONS.items() if w != "none"]))
    values = values_of(name)
    better, worse = sorted(data.draw(st.tuples(*[st.integers(0, len(values) - 1)] * 2)))
    light = decide(youth(), {**case, name: values[better]}, ALL_STOPS)
    heavy = decide(youth(), {**case, name: values[worse]}, ALL_STOPS)
    held = [{rule.id for rule in came.rules} for came in (light, heavy)]
    assert held[0] - NOT_WHEN_WORSE <= held[1]
    if light.step is not None and heavy.step is not None:
        assert light.step <= heavy.step


gaps = st.one_of(
    st.frozensets(st.sampled_from(sorted(oracle.QUESTIONS)), max_size=6),
    st.frozensets(st.sampled_from(sorted(oracle.QUESTIONS)), max_size=70),
)


@settings(max_examples=200)
@given(cases(), gaps, recordings)
def test_missing_answers_never_lower_what_already_holds(
    case: Case, missing: frozenset[str], recorded: tuple[str, ...]
) -> None:
    oracle.CONTRACT.agree_that_gaps_lower_nothing(
        youth(), without(case, missing), WELL, recorded, NOT_WHEN_WORSE
    )


@settings(max_examples=200)
@given(cases(), gaps, st.lists(cases(), min_size=2, max_size=2), recordings)
def test_the_range_holds_whatever_is_answered_next(
    case: Case, missing: frozenset[str], fills: list[Case], recorded: tuple[str, ...]
) -> None:
    oracle.CONTRACT.agree_on_gaps(youth(), without(case, missing), [case, *fills], recorded)


@settings(max_examples=200)
@given(cases(), gaps, recordings)
def test_a_step_needs_every_required_answer_and_no_other(
    case: Case, missing: frozenset[str], recorded: tuple[str, ...]
) -> None:
    oracle.CONTRACT.agree_on_what_is_required(youth(), without(case, missing), recorded)


@pytest.mark.parametrize("base", [WELL, STUDENT], ids=["minor", "student"])
def test_each_required_answer_alone_holds_up_the_step(base: Case) -> None:
    for name in sorted(oracle.required(base)):
        now = decide(youth(), without(base, [name]))
        assert now.status == "insufficient"
        assert name in now.required


# -- what is offered ----------------------------------------------------------------------------

STEPS: tuple[Case, ...] = (
    {},
    phq9(5),
    phq9(11),
    phq9(16),
    phq9(20),
)
AGAINST: tuple[Case, ...] = (
    {},
    {"history.gsh_unfit": "yes", "need.no_net": "yes", "need.reading": "yes"},
    {"need.language": "suomi", "guardian.tell": "nothing", "present": "alone"},
)


@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("step", range(5))
@pytest.mark.parametrize("against", AGAINST, ids=["none", "no_programme", "alone"])
def test_every_step_offers_something_at_every_age(age: int, step: int, against: Case) -> None:
    now = agree({**WELL, "client.age": age, **STEPS[step], **against})
    assert now.step == step
    assert [offer.id for offer in now.interventions if offer.step == step]


@pytest.mark.parametrize("low_mood", [0, 4])
def test_those_without_low_mood_are_offered_something_for_anxiety_and_trauma(low_mood: int) -> None:
    for burden in (gad7(10), TRAUMA, {"history.failed_step": 1}, gad7(15)):
        now = agree({**WELL, **burden, **phq9(low_mood)})
        assert now.interventions
        assert not {"ipc_n", "ipt_n"} & {offer.id for offer in now.interventions}


@settings(max_examples=150)
@given(cases())
def test_whatever_is_answered_the_step_has_something_to_offer(case: Case) -> None:
    now = decide(youth(), case, ALL_STOPS)
    assert now.step is not None
    assert [offer.id for offer in now.interventions if offer.step == now.step]


@pytest.mark.parametrize(
    ("age", "psychiatry"),
    [
        (17, {"youth_psychiatry"}),
        (18, {"youth_psychiatry", "specialised_care"}),
        (19, {"specialised_care"}),
    ],
)
def test_step_4_is_youth_psychiatry_until_eighteen(age: int, psychiatry: set[str]) -> None:
    now = agree({**WELL, "client.age": age, "history.failed_step": 3})
    assert {offer.id for offer in now.interventions if offer.step == 4} == psychiatry


@pytest.mark.parametrize("symptoms", [{}, gad7(6), gad7(10)])
@pytest.mark.parametrize("age", [15, 20])
def test_whoever_had_a_spell_like_mania_is_offered_no_programme_to_do_alone(
    age: int, symptoms: Case
) -> None:
    now = agree({**WELL, "client.age": age, **symptoms, "history.mania": "yes"}, ALL_STOPS)
    alone = {"self_care_youth", "insomnia_programme", "net_therapy"}
    assert now.interventions
    assert not alone & {offer.id for offer in now.interventions}


@pytest.mark.parametrize(("age", "offered"), [(17, True), (18, False)])
def test_cool_kids_ends_and_net_therapy_begins_at_eighteen(age: int, offered: bool) -> None:
    second = agree({**WELL, "client.age": age, **gad7(10)})
    assert ("cool_kids" in {offer.id for offer in second.interventions}) is offered
    first = agree({**WELL, "client.age": age, **gad7(5)})
    assert ("net_therapy" in {offer.id for offer in first.interventions}) is not offered


def test_a_guardian_who_harms_or_is_not_wanted_is_not_brought_in() -> None:
    mild = {**WELL, **WITH, **gad7(5)}
    assert "guided_self_help_family" in {i.id for i in agree(mild).interventions}
    for no in ({"harm.home": "yes"}, {"guardian.tell": "nothing"}, {"present": "alone"}):
        offers = {i.id for i in agree({**mild, **no}, ALL_STOPS).interventions}
        assert "guided_self_help_family" not in offers


# -- safety steps -------------------------------------------------------------------------------


def test_every_card_of_a_stop_has_steps_and_a_number_to_call() -> None:
    for rule in youth().stops:
        assert rule.cards
        for card, _ in rule.cards:
            assert card.steps
            assert card.numbers, card.id


@pytest.mark.parametrize(("rule", "short", "over"), [cut for cut in CUTS if cut[0] in ALL_STOPS])
def test_each_way_into_a_stop_has_a_card_of_its_own(rule: str, short: Case, over: Case) -> None:
    """Where no card's condition holds all of a stop's cards are shown, and none fits."""
    case = {**WELL, **short, **over}
    (ready,) = [r for r in youth().stops if r.id == rule]
    shown = find_cards(youth(), case, rule)
    assert shown
    if len(ready.cards) > 1 and all(when is not None for _, when in ready.cards):
        assert len(shown) < len(ready.cards)


CARDS: list[tuple[str, Case, set[str]]] = [
    *(
        ("Y1", {**sign, **WITH, "selfharm": "yes"}, {"suicide_youth", "self_harm"})
        for sign in (
            {"phq9.9": 1},
            {"asq.2": "refused"},
            KNOWN,
            {"nurse.worried": "yes"},
            {"guardian.afraid": "yes"},
        )
    ),
    ("Y1", {"selfharm": "yes"}, {"self_harm"}),
    ("Y2", {"flag.psychosis": "yes", "drugs": 2}, {"psychosis_youth"}),
    ("Y2", {"flag.mania": "yes", "drugs": 3}, {"mania", "substance_youth"}),
    ("Y2e", {"flag.eating": "yes", "eating.alarm": "yes"}, {"eating_disorder"}),
    ("Y0b", {"danger.body": "yes"}, {"somatic_alarm"}),
    ("Y2h", {"history.mania": "yes", **phq9(5)}, {"mania_past"}),
    ("Y2p", {"flag.perinatal": "yes", "flag.mania": "yes"}, {"perinatal"}),
    ("Y3", {"harm.home": "yes"}, {"child_at_risk"}),
    ("Y3", {"harm.sexual": "yes"}, {"child_at_risk", "sexual_harm"}),
    (
        "Y3b",
        {"client.age": 17, "harm.home": "yes", "harm.sexual": "yes", "harm.runaway": "yes"},
        {"runaway"},
    ),
    ("Y3b", {"harm.other": "yes"}, {"partner_violence"}),
    (
        "Y3b",
        {"client.age": 18, "harm.sexual": "yes"},
        {"partner_violence", "sexual_harm", "child_at_risk"},
    ),
    ("Y3b", {"client.age": 18, "harm.home": "yes"}, {"partner_violence", "child_at_risk"}),
    ("Y3b", {"client.age": 19, "harm.sexual": "yes"}, {"partner_violence", "sexual_harm"}),
]


@pytest.mark.parametrize(("stop", "case", "cards"), CARDS)
def test_a_stop_shows_the_cards_of_what_has_happened_and_no_other(
    stop: str, case: Case, cards: set[str]
) -> None:
    full = {**WELL, **case}
    assert stop in agree(full).stops
    assert {card.id for card in find_cards(youth(), full, stop)} == cards


def test_only_what_was_read_is_called_a_guideline_or_law() -> None:
    """Everything else is shown as a local proposal that waits for sign-off."""
    stated = {rule.id: rule.rule.basis for rule in youth().rules if rule.rule.basis != "local"}
    assert stated == {
        "Y0a": "guideline",
        "Y0": "guideline",
        "Y3": "law",
        "Y3n": "law",
        "Y5n": "guideline",
        "Y11": "law",
    }
    for rule in youth().rules:
        if rule.rule.basis == "local":
            assert "local proposal" in rule.rule.source.lower() or "local sign-off" in (
                rule.rule.source
            )
