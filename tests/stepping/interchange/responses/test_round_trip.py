"""If these fail, a form that came back decides something else than the same answers typed in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.decision.decide import decide
from stepping.decision.facts import FactStates
from stepping.interchange.responses.faults import find_refusals
from stepping.interchange.responses.intake import sort_answers
from stepping.interchange.responses.reading import Known
from stepping.pathway.condition import NumberState
from stepping.pathway.model import DECLINED, Answer
from store.pathway_files.forms import load_codes
from tests.interchange.__main__ import FIXTURES, form_of
from tests.interchange.judged import GROWN, answers_in
from tests.stepping.interchange.responses.filled import (
    GIVEN_AT,
    INSTRUMENTS,
    NOW,
    PATHWAYS,
    filled_in,
    pathway_of,
    read,
    respond,
)

EVERY = (*INSTRUMENTS, *PATHWAYS)
RECORDED = sorted(FIXTURES.glob("*.json"))
LATER = datetime(2100, 1, 1, tzinfo=UTC)
"""After whatever day the renderers were last run."""


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_what_was_filled_in_is_read_back_and_decides_alike(name: str, data: st.DataObject) -> None:
    answers = data.draw(filled_in(name))
    pathway, reading = pathway_of(name), read(name, respond(name, answers))
    states = FactStates(pathway, answers)
    asked = {id_: value for id_, value in answers.items() if states.is_asked(id_) is not False}
    got = {id_: each.answer for id_, each in reading.answers.items()}
    assert got == asked
    assert all(each.given_at == GIVEN_AT for each in reading.answers.values())
    # An answer that is hidden decides nothing; it may say what another answer would change.
    without = {"flips": ()}
    by_keyboard = decide(pathway, answers).model_copy(update=without)
    assert decide(pathway, got).model_copy(update=without) == by_keyboard
    hidden = {fault.about for fault in reading.faults if fault.kind == "hidden"}
    assert hidden == answers.keys() - asked.keys()
    missing = {fault.about for fault in reading.faults if fault.kind == "missing"}
    assert not missing & answers.keys()
    for total in reading.totals:
        state = states.get_state(total.id)
        assert isinstance(state, NumberState)
        assert total.ours in (None, state.low)
        unknown = missing | {id_ for id_, answer in asked.items() if answer == DECLINED}
        assert (total.ours is None) == any(i in unknown for i in pathway.facts[total.id].items)


@pytest.mark.parametrize("name", PATHWAYS)
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_with_danger_asked_again_an_assessment_decides_as_by_the_keyboard(
    name: str, data: st.DataObject
) -> None:
    answers = data.draw(filled_in(name))
    pathway, reading = pathway_of(name), read(name, respond(name, answers))
    intake = sort_answers(reading, pathway, {}, {}, NOW)
    taken: dict[str, Answer] = {id_: each.answer for id_, each in intake.answers.items()}
    asked = {id_: answers[id_] for id_, _ in intake.asked}
    assert not taken.keys() & asked.keys()
    for id_, answer in taken.items():
        assert not (pathway.questions[id_].safety and answer in ("no", 0, DECLINED))
    assert decide(pathway, {**taken, **asked}) == decide(pathway, answers)


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_what_real_renderers_wrote_decides_as_the_keyboard(path: Path) -> None:
    name = path.name.split(".")[0]
    for kept, response in json.loads(path.read_text(encoding="utf-8")).items():
        pathway = pathway_of(name)
        typed = answers_in(response, pathway, load_codes())
        card = GROWN.get(name, {})
        reading = read(name, response, now=LATER, known=Known(facts=card))
        states = FactStates(pathway, {**card, **typed})
        asked = {id_ for id_ in typed if states.is_asked(id_) is not False}
        got = {id_: each.answer for id_, each in reading.answers.items()}
        assert got == {id_: answer for id_, answer in typed.items() if id_ in asked}, kept
        without = {"flips": ()}
        by_keyboard = decide(pathway, {**card, **typed}).model_copy(update=without)
        assert decide(pathway, {**card, **got}).model_copy(update=without) == by_keyboard
        refused = find_refusals(reading.faults, unfinished=True, dated=True)
        assert refused == ()
        odd = {fault.kind for fault in reading.faults} - {"unfinished", "no_date"}
        assert odd <= {"missing", "hidden"}, (kept, reading.faults)
        hidden = {fault.about for fault in reading.faults if fault.kind == "hidden"}
        assert hidden == typed.keys() - asked
        countable = any(fact.origin == "total" for fact in pathway.facts.values())
        assert bool(reading.totals) == countable
        computed = {fact.id for fact, *_ in form_of(name).totals.values()}
        for total in reading.totals:
            assert total.theirs == (total.ours if total.id in computed else None), (kept, total)


def test_some_renderer_keeps_what_was_hidden_and_some_leave_an_item_out() -> None:
    kinds = {
        fault.kind
        for path in RECORDED
        for response in json.loads(path.read_text(encoding="utf-8")).values()
        for fault in read(path.name.split(".")[0], response, now=LATER).faults
    }
    assert {"hidden", "missing", "unfinished", "no_date"} <= kinds
