"""If these fail, a nurse must excuse a step that was left open, or may pick one that was not."""

from __future__ import annotations

import pytest

from stepping.decision.decide import decide
from stepping.decision.explain import decision_to_json
from stepping.decision.outcome import Decision, classify_choice
from stepping.pathway.reader import read_pathway
from tests.stepping.cases import LADDER, Case, changed, ladder

LOW: Case = {"client.age": 40, "danger": "no", "mood.1": 1, "mood.2": 1}


def after(weeks: int) -> Decision:
    return decide(ladder(), {**LOW, "weeks": weeks})


def test_the_rule_of_the_final_step_tells_what_to_weigh() -> None:
    decision = after(10)
    assert (decision.step, decision.or_above, decision.consider) == (2, True, ("R4",))


def test_below_and_above_that_step_nothing_is_left_open() -> None:
    below, above = after(9), after(30)
    assert (below.step, below.or_above, below.consider) == (1, False, ())
    assert "R4" in {rule.id for rule in above.rules}
    assert (above.step, above.or_above, above.consider) == (3, False, ())


def test_a_plain_rule_of_the_same_step_does_not_close_it() -> None:
    both = read_pathway(changed("rules.toml", "at_least = 3", "at_least = 2", LADDER))
    decision = decide(both, {**LOW, "weeks": 30})
    assert (decision.step, decision.consider) == (2, ("R4",))


@pytest.mark.parametrize("unsettled", [{"danger": "yes"}, {"mood.2": None}])
def test_without_a_suggestion_there_is_nothing_to_choose(unsettled: Case) -> None:
    answers = {**LOW, "weeks": 12, **unsettled}
    decision = decide(ladder(), {id_: a for id_, a in answers.items() if a is not None})
    assert decision.status != "suggested"
    assert (decision.or_above, decision.consider) == (False, ())


def test_a_missing_answer_that_could_leave_the_step_open_is_not_called_settled() -> None:
    raised = changed("rules.toml", 'when = "weeks >= 10"', 'when = "weeks >= 4"', LADDER)
    raised = changed("rules.toml", "at_least = 2", "at_least = 1", raised)
    pathway = read_pathway(changed("rules.toml", 'when = "weeks >= 30"', 'when = "danger"', raised))
    assert not decide(pathway, LOW).settled
    assert decide(pathway, {**LOW, "weeks": 4}).settled


@pytest.mark.parametrize("language", ["en", "fi"])
def test_scripts_read_the_rule_and_its_words(language: str) -> None:
    told = decision_to_json(ladder(), after(12), language)
    text = {"en": "how long it has lasted", "fi": "how long it has lasted (fi)"}[language]
    assert told["consider"] == [{"rule": "R4", "text": text}]
    assert decision_to_json(ladder(), after(9), language)["consider"] == []


def test_a_decision_stored_before_there_was_anything_to_consider_is_still_read() -> None:
    kept = after(9).model_dump(mode="json")
    del kept["consider"]
    assert Decision.model_validate(kept) == after(9)


@pytest.mark.parametrize(
    ("suggested", "confirmed", "or_above", "expected"),
    [
        (2, 2, False, "suggested"),
        (2, 2, True, "suggested"),
        (2, 3, True, "or_above"),
        (2, 9, True, "or_above"),
        (2, 3, False, "override"),
        (2, 1, True, "override"),
        (2, 1, False, "override"),
        (2, None, True, "override"),
        (None, 3, True, "override"),
        (None, None, False, "suggested"),
    ],
)
def test_only_upward_from_what_was_left_open_is_no_override(
    suggested: int | None, confirmed: int | None, or_above: bool, expected: str
) -> None:
    assert classify_choice(suggested, confirmed, or_above=or_above) == expected
