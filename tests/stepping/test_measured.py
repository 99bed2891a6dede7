"""If these fail, a record or a report says that a questionnaire was measured which nobody asked."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from stepping.decision.decide import decide
from stepping.measured import as_stored, measured_scores
from stepping.pathway.model import Answer
from store.pathway_files.files import built_in

Answers = Mapping[str, Answer]
AUDITC: Answers = {"auditc.1": 1, "auditc.2": 1, "auditc.3": 0}
OVER: Answers = {"auditc.1": 4, "auditc.2": 2, "auditc.3": 1}
AUDIT: Answers = dict.fromkeys((f"audit.{n}" for n in range(4, 11)), 0)
CARD: Answers = {"client.age": 40, "client.sex": "m"}


@pytest.mark.parametrize(
    ("name", "given", "scores"),
    [
        ("adult", {**CARD, **AUDITC}, {"auditc.total": 2}),
        ("adult", {**CARD, "auditc.1": 0}, {"auditc.total": 0}),
        ("adult", {**CARD, **OVER}, {"auditc.total": 7}),  # AUDIT is asked and not answered
        ("adult", {**CARD, **OVER, **AUDIT}, {"auditc.total": 7, "audit.total": 7}),
        # answered, then hidden by a correction of AUDIT-C
        ("adult", {**CARD, **AUDIT, **AUDITC}, {"auditc.total": 2}),
        # told by a navigator, without items
        (
            "adult",
            {**CARD, "auditc.total": 7, "audit.total": 9},
            {"auditc.total": 7, "audit.total": 16},
        ),
        ("adult", {**CARD, "pcptsd5.gate": "no"}, {"pcptsd5.total": 0}),
        ("youth", {"client.age": 17}, {}),
        ("youth", {"client.age": 18, "auditc.1": 0}, {"auditc.total": 0}),
    ],
)
def test_a_total_counts_where_a_question_of_its_own_is_asked(
    name: str, given: Answers, scores: Mapping[str, int]
) -> None:
    pathway = built_in(name)
    stored = as_stored(pathway, given, (), decide(pathway, given))
    totals = {id_: n for id_, n in measured_scores(stored).items() if id_.endswith(".total")}
    assert totals == scores


def test_of_a_decision_kept_earlier_the_answers_tell_what_was_asked() -> None:
    scores = {"auditc.total": 2, "audit.total": 2, "domains.positive": 1, "phq9.total": [3, 8]}
    whole = {"answers": {**CARD, **AUDITC}, "decision": {"scores": scores}}
    assert measured_scores(whole) == {"auditc.total": 2, "domains.positive": 1}
    asked = {**whole, "answers": {**CARD, **OVER, **AUDIT}}
    assert measured_scores(asked) == {"auditc.total": 2, "audit.total": 2, "domains.positive": 1}


@pytest.mark.parametrize("odd", [None, [], "x", {}, {"decision": 3}, {"decision": {"scores": []}}])
def test_what_is_no_decision_has_measured_nothing(odd: object) -> None:
    assert measured_scores(odd) == {}
