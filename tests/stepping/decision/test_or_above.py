"""If these fail, a nurse must excuse a step that was left open, or may pick one that was not."""

from __future__ import annotations

from itertools import product

import pytest

from screens.documents.as_text import as_text
from screens.pathway.whole import review
from stepping.batch.batch import OUTPUT, Batch
from stepping.decision.decide import decide
from stepping.decision.explain import decision_to_json
from stepping.decision.outcome import Decision, classify_choice
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from stepping.pathway.reader import read_pathway
from stepping.proofs.checker import check_pathway
from tests.stepping.cases import LADDER, Case, changed, ladder, text

RULES = "rules.toml"

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


def sometimes(where: str = "mood.1 >= 1") -> Pathway:
    """The ladder, whose rule of step 2 leaves it open upward under a condition only."""
    return read_pathway(changed(RULES, "or_above = true", f'or_above = "{where}"', LADDER))


def test_one_rule_may_leave_the_step_open_under_a_condition_only() -> None:
    for mood, above in ((0, False), (1, True), (2, True)):
        decision = decide(sometimes(), {**LOW, "mood.1": mood, "mood.2": 2, "weeks": 12})
        assert (decision.step, decision.or_above) == (2, above)
        assert decision.consider == (("R4",) if above else ())
        fired = next(rule for rule in decision.rules if rule.id == "R4")
        assert fired.effect == ("at_least 2 or_above" if above else "at_least 2")
        assert ("mood.1" in fired.facts) is above


def asked_for_support(more: str = "") -> Pathway:
    """The ladder with a question that only the "or above" of step 2 asks about."""
    files = changed(RULES, "or_above = true", 'or_above = "support >= 3"', LADDER)
    files["questions.toml"] += f"""
[[ask]]
id = "support"
section = "first"
type = "integer"
max = 4
worse = "up"
{more}
text = {text("how little support?")}
label = {text("little support")}
source = "own words"
basis = "local"
"""
    return read_pathway(files)


def test_a_missing_answer_does_not_open_it_and_is_told() -> None:
    decision = decide(asked_for_support(), {**LOW, "weeks": 12})
    assert (decision.step, decision.or_above, decision.settled) == (2, False, False)
    (waiting,) = (rule for rule in decision.possible if rule.id == "R4")
    assert (waiting.effect, waiting.missing) == ("at_least 2 or_above", ("support",))
    assert decide(asked_for_support(), {**LOW, "weeks": 12, "support": 2}).settled


def test_a_declined_answer_may_hide_it() -> None:
    decision = decide(asked_for_support(), {**LOW, "weeks": 12, "support": "declined"})
    assert (decision.step, decision.or_above, decision.at_least) == (2, False, True)
    on_three = decide(asked_for_support(), {**LOW, "weeks": 30, "support": "declined"})
    assert (on_three.step, on_three.at_least) == (3, False)


def test_many_cases_at_once_say_the_same() -> None:
    pathway = asked_for_support()
    columns = ("mood.1", "weeks", "support")
    cells = product(
        ("0", "2", "declined", ""), ("9", "10", "30", "", "declined"), ("", "2", "3", "declined")
    )
    rows = [["c", "no", "1", *row] for row in cells]
    told = Batch(pathway, ("case", "danger", "mood.2", *columns)).decide_rows(rows).rows
    for row, written in zip(rows, told, strict=True):
        pairs = zip(("danger", "mood.2", *columns), row[1:], strict=True)
        answers: Case = {id_: int(c) if c.isdigit() else c for id_, c in pairs if c}
        decision, out = decide(pathway, answers), dict(zip(OUTPUT, written, strict=True))
        assert out["or_above"] == ("yes" if decision.or_above else "no"), row
        assert out["at_least"] == ("yes" if decision.at_least else "no"), row
        assert (out["lowest"], out["highest"]) == (str(decision.lowest), str(decision.highest))


def test_the_check_proves_that_a_worse_answer_never_closes_it() -> None:
    (told,) = (f for f in check_pathway(sometimes("mood.1 is 1")).errors if f.of == "R4")
    assert told.kind == "monotone_step"
    assert told.shows == "step 2 or above → step 2"
    assert told.diagnostic.file == RULES


@pytest.mark.parametrize(
    ("where", "kind"),
    [("weeks < 10", "dead_part"), ("weeks >= 8", "always_above")],
)
def test_the_check_tells_a_condition_that_never_or_always_holds(where: str, kind: str) -> None:
    found = [f.kind for f in check_pathway(sometimes(where)).findings if f.of == "R4"]
    assert kind in found


def test_the_document_says_where() -> None:
    shown = " ".join(as_text(review(sometimes(), "en", "rules")).split())
    assert "or above, where “sadness” is at least 1" in shown


def test_a_condition_needs_what_to_weigh_and_what_it_names() -> None:
    for change in (("or_above = true", "or_above = 'nothing >= 1'"), ("or_above = true\n", "")):
        with pytest.raises(PathwayError):
            read_pathway(changed(RULES, *change, LADDER))


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
