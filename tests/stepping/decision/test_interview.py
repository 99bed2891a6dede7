"""The way through the questions: none forgotten, none asked for nothing, help before anything."""

from __future__ import annotations

import itertools
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.decision.client_pages import is_client_page
from stepping.decision.decide import decide
from stepping.decision.interview import (
    Ask,
    Finished,
    Next,
    Stop,
    find_counting_answers,
    find_next,
    get_progress,
    measure_way,
    open_stops,
    page_after,
    page_before,
    shown_pages,
    unanswered_questions,
)
from stepping.decision.safety import SafetyStep, find_cards, find_recorded_stops, list_safety_steps
from stepping.pathway.model import Answer, Answers, QuestionPage
from stepping.pathway.reader import read_pathway
from tests.stepping.cases import WELL, Case, adult, cases, changed, phq9, small, without
from tests.stepping.contracts import adult_oracle as oracle

ALL_STOPS = tuple(oracle.STOPS)
NO_DANGER = {question.id: "no" for question in adult().pages[0].questions}


def following(answers: Answers, skipped: set[str] | None = None, recorded: object = ()) -> Next:
    assert isinstance(recorded, tuple | frozenset)
    return find_next(adult(), answers, skipped or set(), recorded)


def page_ids(answers: Answers) -> list[str]:
    return [page.id for page in shown_pages(adult(), answers)]


# -- the order ----------------------------------------------------------------------------------


def test_danger_is_asked_before_anything_else_on_one_screen() -> None:
    first = following({})
    assert isinstance(first, Ask)
    assert [question.id for question in first.page.questions] == [
        f"danger.{name}"
        for name in ("suicide", "violence", "child", "confusion", "intoxicated", "body")
    ]
    assert set(first.page.heading) == {"en", "fi", "sv"}


def test_suicide_is_asked_about_right_after_mood_and_before_anxiety() -> None:
    order = page_ids({})
    about = order[order.index("phq9.9") : order.index("gad7.1")]
    assert about == ["phq9.9", "suicide.thoughts", "history.attempt"]


ASQ = ["asq.1", "asq.2", "asq.3", "asq.4", "asq.5"]


def test_whatever_tells_of_suicide_brings_the_asq_forward_at_once() -> None:
    """It stands last, since the nurse's worry asks it too; S2 lets nothing else come before it."""
    assert page_ids({})[-6:] == ["nurse.worried", *ASQ]
    card: Case = {"client.age": 40, **NO_DANGER}
    signs: list[Case] = [
        {**{f"phq9.{n}": 0 for n in range(1, 9)}, "phq9.9": 1},
        {"phq9.9": 0, "suicide.thoughts": "yes"},
        {"phq9.9": 0, "suicide.thoughts": "no", "history.attempt": 2},
    ]
    for told in signs:
        step = following({**card, **told})
        assert isinstance(step, Stop)
        assert [p.id for p in step.first if p.id != "history.attempt"] == ASQ
    worried = {**without(WELL, ASQ), "nurse.worried": "yes"}
    step = following(worried)
    assert isinstance(step, Stop)
    assert [page.id for page in step.first] == ASQ


def test_the_client_answers_alone_in_one_go() -> None:
    """The nurse asks about danger, then comes all that a client answers, then what is hers.

    Only the ASQ follows, which is asked after a stop alone.
    """
    pages = [page for page in adult().pages if page.id not in ASQ]
    alone = [is_client_page(page) for page in pages]
    assert [asked for asked, _ in itertools.groupby(alone)] == [False, True, False]


def test_a_whole_interview_asks_every_question_once_and_in_order() -> None:
    case = {**WELL, **phq9(10), "phq9.9": 1, "auditc.1": 4, "auditc.2": 4, "asq.2": "yes"}
    case |= {"flag.eating": "yes", "flag.perinatal": "yes", "pcptsd5.gate": "yes"}
    answers: Case = {"client.age": 40}
    visited = []
    while not isinstance(step := following(answers, recorded=ALL_STOPS), Finished):
        assert isinstance(step, Ask)
        visited.append(step.page.id)
        answers |= {question.id: case[question.id] for question in step.page.questions}
    assert visited == page_ids(answers)
    assert len(set(visited)) == len(visited)
    assert set(answers) == set(case) - {"suicide.thoughts", "client.sex"}
    assert decide(adult(), answers, ALL_STOPS).status == "suggested"


@settings(max_examples=60)
@given(cases(calm=False), st.integers(0, 60))
def test_what_comes_next_is_never_a_question_that_is_not_asked(case: Case, known: int) -> None:
    order = list(adult().questions)
    answers = {"client.age": 40, **{name: case[name] for name in order[:known]}}
    step = following(answers, recorded=ALL_STOPS)
    if isinstance(step, Ask):
        hidden = {
            name
            for name, counts in find_counting_answers(adult(), {**case, **answers}).items()
            if not counts
        }
        for question in step.page.questions:
            assert question.id not in hidden or question.id in _waiting(answers)
    else:
        assert unanswered_questions(adult(), answers) == ()


def _waiting(answers: Answers) -> set[str]:
    """Questions that may be asked, because what decides it is not answered."""
    return {question.id for question in unanswered_questions(adult(), answers)}


# -- answers that do not count ------------------------------------------------------------------


def test_a_hidden_answer_does_not_count_and_comes_back() -> None:
    case = {**WELL, "auditc.1": 4, "auditc.2": 4, "audit.4": 4, "audit.5": 4, "audit.6": 4}
    assert "A11b" in {rule.id for rule in decide(adult(), case).rules}
    never = {**case, "auditc.1": 0}
    assert decide(adult(), never).rules == ()
    assert find_counting_answers(adult(), never)["auditc.2"] is False
    assert find_counting_answers(adult(), never)["audit.4"] is False
    assert not {"auditc.2", "auditc.3", "audit.4"} & set(page_ids(never))
    again = {**never, "auditc.1": 4}
    assert decide(adult(), again) == decide(adult(), case)
    assert find_counting_answers(adult(), again)["audit.4"] is True


def test_a_hidden_answer_hides_what_hangs_on_it() -> None:
    """The direct question was answered yes, then item 9 was raised: it is no longer asked."""
    case = {**WELL, "suicide.thoughts": "yes", "phq9.9": 1}
    assert find_counting_answers(adult(), case)["suicide.thoughts"] is False
    assert "asq.1" in page_ids(case), "item 9 itself opens the safety questions"


def test_a_question_that_may_be_asked_is_asked() -> None:
    """With nothing answered nothing is known to be left out."""
    assert set(page_ids({})) >= {"suicide.thoughts", "asq.5", "audit.10", "pcptsd5.5"}


# -- back and on --------------------------------------------------------------------------------


@settings(max_examples=40)
@given(cases())
def test_back_undoes_on(case: Case) -> None:
    pages = shown_pages(adult(), case)
    for earlier, later in itertools.pairwise(pages):
        assert page_after(adult(), case, earlier.id) == later
        assert page_before(adult(), case, later.id) == earlier
    assert page_before(adult(), case, pages[0].id) is None
    assert page_after(adult(), case, pages[-1].id) is None
    assert page_before(adult(), case, None) == pages[-1]


def test_back_skips_what_is_not_asked() -> None:
    page = page_before(adult(), {**WELL, "auditc.1": 0}, "drugs")
    assert page is not None
    assert page.id == "auditc.1"


# -- stops --------------------------------------------------------------------------------------


def test_a_stop_comes_before_everything_else() -> None:
    step = following({"danger.suicide": "yes"})
    assert step == Stop(("S1",), ())


def test_while_a_stop_is_open_only_its_own_questions_are_asked() -> None:
    answers = {**without(WELL, [f"asq.{n}" for n in range(1, 6)]), "phq9.9": 1}
    answers = without(answers, ["gad7.1", "flag.mania"])
    step = following(answers)
    assert isinstance(step, Stop)
    assert step.stops == ("S2",)
    assert [page.id for page in step.first] == ["asq.1", "asq.2", "asq.3", "asq.4", "asq.5"]
    refused = {**answers, **{f"asq.{n}": "no" for n in (1, 2, 3, 4)}}
    step = following(refused)
    assert isinstance(step, Stop)
    assert step.first == (), "with four times no the fifth is not asked"


def test_the_most_urgent_stop_stands_first() -> None:
    case = {**WELL, "flag.mania": "yes", "danger.child": "yes", "nurse.worried": "yes"}
    assert open_stops(adult(), case, ()) == ("S1b", "S2", "S3")
    assert open_stops(adult(), case, ("S1b",)) == ("S2", "S3")
    decision = decide(adult(), case)
    assert (decision.stops, decision.urgency) == (("S1b", "S2", "S3"), "emergency")


def test_after_recording_the_interview_goes_on_where_it_was() -> None:
    answers: Case = {"client.age": 40, **NO_DANGER, "danger.child": "yes"}
    assert isinstance(following(answers), Stop)
    step = following(answers, recorded=("S1b",))
    assert isinstance(step, Ask)
    assert step.page.id == "phq9.1"


def test_a_stop_that_no_longer_holds_is_no_longer_open() -> None:
    """A mistyped yes must not hold up the client."""
    assert following({**WELL, "danger.child": "no"}) == Finished()


# -- skipping and counting ----------------------------------------------------------------------


def test_skipping_goes_on_but_what_is_required_still_counts() -> None:
    answers: Case = {"client.age": 40, **NO_DANGER}
    step = following(answers, {"phq9.1"})
    assert isinstance(step, Ask)
    assert step.page.id == "phq9.2"
    everything = set(adult().questions)
    assert following(answers, everything) == Finished()
    assert decide(adult(), answers).status == "insufficient"
    assert "phq9.1" in decide(adult(), answers).required


def test_a_page_is_open_until_all_of_it_is_answered() -> None:
    step = following({"danger.suicide": "no"})
    assert isinstance(step, Ask)
    assert step.page.id == "danger"


def test_progress_tells_page_most_pages_and_what_is_needed() -> None:
    start = get_progress(adult(), {}, "danger")
    assert start.at == 1
    assert start.most == len(adult().pages)
    # Six of danger, nine, the attempt, seven, daily life, AUDIT-C's first and ten signs: the rest
    # may yet not apply.
    assert start.required == 35
    end = get_progress(adult(), WELL, page_ids(WELL)[-1])
    assert end.at == end.most == len(page_ids(WELL))
    assert end.required == 0


def test_pages_that_may_be_left_out_only_become_fewer() -> None:
    most = get_progress(adult(), {}, "danger").most
    assert get_progress(adult(), WELL, "danger").most < most
    assert get_progress(adult(), without(WELL, ["segment"]), "segment").most == len(page_ids(WELL))


def test_progress_counts_the_suicide_question_once_it_applies() -> None:
    needed = get_progress(adult(), {"phq9.9": 0}, "phq9.9").required
    assert needed == 35, "item 9 answered, the direct question needed instead"
    assert get_progress(adult(), {"phq9.9": 1}, "phq9.9").required == 34 + 4


def test_a_decision_is_settled_once_no_question_can_change_it() -> None:
    assert decide(adult(), WELL).settled
    assert not decide(adult(), {}).settled


# -- safety steps -------------------------------------------------------------------------------


def done(answers: Answers, stop: str) -> set[SafetyStep]:
    return set(list_safety_steps(adult(), answers, stop))


def test_a_stop_is_recorded_when_every_step_of_its_cards_is() -> None:
    answers = {**WELL, "danger.child": "yes"}
    steps = done(answers, "S1b")
    assert {step.card for step in steps} == {"child_at_risk"}
    assert find_recorded_stops(adult(), answers, steps) == {"S1b"}
    for step in steps:
        assert find_recorded_stops(adult(), answers, steps - {step}) == frozenset()


def test_a_new_card_under_an_old_stop_opens_it_again() -> None:
    """Violence comes up after the child's safety was seen to: it needs its own steps."""
    answers = {**WELL, "danger.child": "yes"}
    steps = done(answers, "S1b")
    answers["danger.violence"] = "yes"
    assert find_recorded_stops(adult(), answers, steps) == frozenset()
    assert [card.id for card in find_cards(adult(), answers, "S1b")] == [
        "threat_to_others",
        "child_at_risk",
    ]
    steps |= done(answers, "S1b")
    assert find_recorded_stops(adult(), answers, steps) == {"S1b"}


def test_one_card_under_two_stops_is_recorded_for_each() -> None:
    """A child at risk is both an emergency and a sign asked about later."""
    answers = {**WELL, "danger.child": "yes", "flag.child": "yes"}
    assert find_recorded_stops(adult(), answers, done(answers, "S1b")) == {"S1b"}
    both = done(answers, "S1b") | done(answers, "S4")
    assert find_recorded_stops(adult(), answers, both) == {"S1b", "S4"}


def test_a_stop_that_does_not_hold_is_not_recorded() -> None:
    """Otherwise its floor would stay after the answer was put right."""
    answers = {**WELL, "danger.suicide": "yes"}
    steps = done(answers, "S1")
    assert find_recorded_stops(adult(), WELL, steps) == frozenset()


@settings(max_examples=80)
@given(cases(calm=False))
def test_no_stop_is_without_a_card(case: Case) -> None:
    for stop in decide(adult(), case).stops:
        assert find_cards(adult(), case, stop)
        assert list_safety_steps(adult(), case, stop)


def test_the_small_pathway_stops_too() -> None:
    assert find_next(small(), {"danger": "yes"}, set(), ()) == Stop(("R1",), ())
    assert list_safety_steps(small(), {"danger": "yes"}, "R1") == (
        SafetyStep("R1", "danger", "stay"),
        SafetyStep("R1", "danger", "call"),
    )


def test_where_no_card_is_known_to_apply_all_are_shown() -> None:
    """A stop with nothing to do would be recorded without anything done."""
    files = changed(
        "rules.toml", '{ card = "danger" }', '{ card = "danger", when = "weeks >= 50" }'
    )
    pathway = read_pathway(files)
    answers: Case = {"danger": "yes"}
    assert [card.id for card in find_cards(pathway, answers, "R1")] == ["danger"]
    assert find_recorded_stops(pathway, answers, set()) == frozenset()
    steps = list_safety_steps(pathway, answers, "R1")
    assert find_recorded_stops(pathway, answers, steps) == {"R1"}


# -- the bar ------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(case=cases(calm=False), order=st.randoms(use_true_random=False))
def test_what_is_done_only_grows_while_answers_come_and_is_all_at_the_end_alone(
    case: Case, order: Random
) -> None:
    card = {id_: answer for id_, answer in case.items() if id_.startswith("client.")}
    steps: list[tuple[int, int]] = []
    answers: dict[str, Answer]
    answers, skipped = dict(card), set[str]()
    while pages := [p for p in shown_pages(adult(), answers) if _waits(p, answers, skipped)]:
        done, most = measure_way(adult(), card, answers, skipped)
        steps.append((done, most))
        for question in order.choice(pages).questions:
            if order.random() < 0.1:
                skipped.add(question.id)
            elif question.id in case:
                answers[question.id] = case[question.id]
            else:
                skipped.add(question.id)
    done, most = measure_way(adult(), card, answers, skipped)
    assert done == most
    assert steps == sorted(steps)
    assert all(0 <= before < most and of == most for before, of in steps)


def _waits(page: QuestionPage, answers: Answers, skipped: set[str]) -> bool:
    return any(q.id not in answers and q.id not in skipped for q in page.questions)
