"""If these fail, somebody invents a 0 for what a client would not say, or a step is told too low.

Written from what a nurse is promised: a declined answer is known to be unknown. It is not missing
and not required any more; it never lowers anything; the step is told as "at least", with its range.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.decision.decide import decide
from stepping.decision.draft_status import tells_something
from stepping.decision.interview import Ask, Finished, find_next
from stepping.decision.outcome import Decision
from stepping.pathway.answers import AnswersError, read_answers
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import DECLINED, Answer
from stepping.pathway.reader import read_pathway
from store.pathway_files.files import built_in
from tests.stepping.cases import WELL, Case, adult, cases, changed, gad7, phq9

MAY_BE = [id_ for id_, question in adult().questions.items() if question.declinable]


def decided(case: Case, *recorded: str) -> Decision:
    return decide(adult(), case, recorded)


def said(**answers: Answer) -> Case:
    """Somebody who is well but for these answers; two underscores stand for a point."""
    return WELL | {name.replace("__", "."): value for name, value in answers.items()}


# -- what may be declined -------------------------------------------------------------------------


def test_what_the_client_is_asked_may_be_declined_and_nothing_else() -> None:
    questions = adult().questions
    for id_ in ("phq9.1", "phq9.9", "gad7.7", "suicide.thoughts", "auditc.1", "work.ability"):
        assert questions[id_].declinable, id_
    for id_ in ("flag.psychosis", "flag.perinatal", "flag.violence", "drugs", "history.weeks"):
        assert questions[id_].declinable, id_
    for id_, question in questions.items():
        if id_.startswith("danger.") or question.asked_of == "nurse" or question.refusable:
            assert not question.declinable, id_
    for pathway in (built_in("youth"), built_in("follow_up")):
        assert not pathway.questions["danger.suicide"].declinable
        assert pathway.questions["phq9.9"].declinable
    assert built_in("youth").questions["selfharm"].declinable


def test_declined_is_read_where_it_may_be_and_refused_with_a_sentence_elsewhere() -> None:
    told = {"phq9.3": "declined", "history.weeks": "declined"}
    assert read_answers(adult(), told) == told
    for id_ in ("danger.suicide", "nurse.worried", "wish.formats"):
        with pytest.raises(AnswersError, match='cannot be "declined"; leave it out'):
            read_answers(adult(), {id_: "declined"})
    with pytest.raises(AnswersError, match='"refused"'):
        read_answers(adult(), {"asq.1": "declined"})
    assert read_answers(adult(), {"need.language": "declined"}) == {"need.language": "declined"}


def test_no_option_may_be_called_so() -> None:
    options = (
        'type = "choice"\noptions = [{ id = "declined", label = { en = "a", fi = "a" } }, '
        '{ id = "b", label = { en = "b", fi = "b" } }]\n'
    )
    files = changed("questions.toml", 'type = "integer"\nmin = 0\nmax = 52\n', options)
    with pytest.raises(PathwayError, match="stands for a client who declines"):
        read_pathway(files)


# -- what it means --------------------------------------------------------------------------------


def test_a_declined_item_is_neither_missing_nor_required_and_the_total_is_a_range() -> None:
    decision = decided(said(phq9__3=DECLINED))
    assert decision.status == "suggested"
    assert decision.declined == ("phq9.3",)
    assert decision.missing == decision.required == ()
    assert decision.scores["phq9.total"] == (0, 3)


def test_the_step_is_a_lower_bound_where_the_item_may_make_it_higher() -> None:
    """PHQ-9 14 points without item 6, which may add three: enough for step 2."""
    case = WELL | phq9(14) | {"phq9.6": DECLINED, "history.weeks": 4}
    known = {worst: decided(case | {"phq9.6": worst}) for worst in (0, 3)}
    decision = decided(case)
    assert decision.status == "suggested"
    assert decision.step == known[0].step
    assert decision.lowest is not None and decision.highest is not None
    assert (decision.lowest, decision.highest) == (known[0].step, known[3].step)
    assert decision.highest > decision.lowest
    assert decision.at_least
    assert not decision.settled
    assert decision.lowest_override == decision.step


def test_a_declined_item_that_can_change_nothing_leaves_the_step_as_it_is() -> None:
    decision = decided(said(work__status=DECLINED, need__reading=DECLINED))
    assert set(decision.declined) == {"work.status", "need.reading"}
    assert not decision.at_least
    assert decision.step == decided(WELL).step


def test_a_declined_item_nine_asks_on_as_if_it_were_the_worst() -> None:
    """The direct question and the whole ASQ are asked, and no step comes without them."""
    case: Case = {k: v for k, v in WELL.items() if not k.startswith(("asq.", "suicide."))}
    case["phq9.9"] = DECLINED
    decision = decided(case)
    assert decision.status == "insufficient"
    assert decision.required == ("suicide.thoughts",)
    asked = decided(case | {"suicide.thoughts": "no"}).required
    assert asked == ("asq.1", "asq.2", "asq.3", "asq.4")
    pages = []
    while isinstance(now := find_next(adult(), case, (), ()), Ask):
        pages.append(now.page.id)
        case |= dict.fromkeys((q.id for q in now.page.questions), "no")
    assert pages == ["suicide.thoughts", "asq.1", "asq.2", "asq.3", "asq.4"]
    decision = decided(case)
    assert decision.status == "suggested"
    assert decision.at_least and not decision.settled
    open_ = {rule.id: rule.declined for rule in decision.possible}
    assert open_["S2"] == ("phq9.9",)
    assert decided(case | {"asq.1": "yes", "asq.5": "no"}).status == "stop"
    assert decided(case | {"asq.1": "yes"}).stops == ("S2",)


def test_a_declined_answer_never_speaks_for_a_stop() -> None:
    assert not tells_something(DECLINED)
    assert tells_something("refused")


def test_a_declined_direct_question_asks_on_too() -> None:
    case: Case = {k: v for k, v in WELL.items() if not k.startswith("asq.")}
    decision = decided(case | {"suicide.thoughts": DECLINED})
    assert set(decision.required) == {"asq.1", "asq.2", "asq.3", "asq.4"}


def test_while_another_answer_is_missing_that_is_what_is_required() -> None:
    case: Case = {
        k: v for k, v in WELL.items() if not k.startswith(("asq.", "suicide.")) and k != "phq9.9"
    }
    assert set(decided(case | {"flag.memory": DECLINED}).required) == {"phq9.9"}


def test_rules_that_could_still_hold_and_flips_name_what_was_declined() -> None:
    case = WELL | phq9(14) | {"phq9.6": DECLINED, "history.weeks": 4}
    decision = decided(case)
    waiting = [rule for rule in decision.possible if rule.declined]
    assert waiting
    assert all(rule.declined == ("phq9.6",) and rule.missing == () for rule in waiting)
    (flip,) = [flip for flip in decision.flips if flip.fact == "phq9.6"]
    assert flip.was == DECLINED
    assert decided(case | {"phq9.6": flip.becomes}).step == flip.step != decision.step
    assert isinstance(flip.becomes, int)
    assert all(
        decided(case | {"phq9.6": less}).step == decision.step for less in range(flip.becomes)
    )


@st.composite
def some_declined(draw: st.DrawFn) -> tuple[Case, tuple[str, ...]]:
    case = draw(st.booleans().flatmap(cases))
    names = draw(st.lists(st.sampled_from(MAY_BE), min_size=1, max_size=4, unique=True))
    return case, tuple(names)


@settings(max_examples=60, deadline=None)
@given(some_declined())
def test_whatever_was_declined_the_truth_never_lies_below(
    drawn: tuple[Case, tuple[str, ...]],
) -> None:
    """The client's own answer, had it been given: never a lower step, never outside the range."""
    case, names = drawn
    every = [rule.id for rule in adult().stops]
    declined = decide(adult(), case | dict.fromkeys(names, DECLINED), every)
    if declined.status != "suggested":
        return
    truth = decide(adult(), case, every)
    if truth.status != "suggested":  # what is hidden now may be asked for then
        return
    assert declined.step is not None and truth.step is not None
    assert declined.highest is not None
    assert declined.step <= truth.step <= declined.highest
    if truth.step > declined.step:
        assert declined.at_least
    if declined.settled:
        assert truth.step == declined.step


@settings(max_examples=40, deadline=None)
@given(some_declined())
def test_to_every_rule_a_declined_answer_is_an_unanswered_one(
    drawn: tuple[Case, tuple[str, ...]],
) -> None:
    """What the checker proves of unanswered questions holds of declined ones."""
    case, names = drawn
    declined = decided(case | dict.fromkeys(names, DECLINED))
    missing = decided({id_: answer for id_, answer in case.items() if id_ not in names})
    assert declined.rules == missing.rules
    assert declined.stops == missing.stops
    assert declined.scores == missing.scores
    assert [r.id for r in declined.possible] == [r.id for r in missing.possible]
    assert set(declined.declined) <= set(missing.missing)


def test_the_interview_ends_where_everything_is_declined_that_may_be() -> None:
    case: Case = {"client.age": 40, "client.sex": "f"}
    while isinstance(now := find_next(adult(), case, (), [r.id for r in adult().stops]), Ask):
        for question in now.page.questions:
            case[question.id] = DECLINED if question.declinable else WELL.get(question.id, "no")
    assert isinstance(now, Finished)
    decision = decide(adult(), case, [rule.id for rule in adult().stops])
    assert (decision.status, decision.step, decision.at_least) == ("suggested", 0, True)
    assert decision.highest == 4
    assert gad7(0).keys() <= set(decision.declined)
