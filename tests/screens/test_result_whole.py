"""If these fail, scripts know a rule, a change or an open question that the nurse is not told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from random import Random

import pytest

from casework.language import LANGUAGES
from casework.workspace import Workspace
from screens.base.lines import Line, cells
from screens.result.result import ResultScreen
from screens.wording.decision_words import DecisionWords
from stepping.pathway.model import DECLINED, Answer
from tests.screens.running import Stage
from tests.stepping.contracts.test_adult_random import draw


def flat(lines: list[Line] | None) -> str:
    """What stands on lines, as if they were one."""
    return " ".join(" ".join("".join(part for part, _ in line) for line in lines or ()).split())


def titles_of_nothing(lines: list[Line]) -> list[str]:
    """Every title that a blank row or nothing follows."""
    rows = [*lines[1:], ()]
    return [row[0][0] for row, after in pairwise(rows) if row and row[0][1] == "bold" and not after]


def some_answers(stage: Stage, random: Random) -> dict[str, Answer]:
    """Random answers; some are missing and some were declined."""
    given = {id_: answer for id_, answer in draw(random).items() if "client." not in id_}
    share = random.choice((0, 0.05, 0.3))
    for id_ in list(given):
        if random.random() < share:
            del given[id_]
        elif stage.pathway.questions[id_].declinable and random.random() < share / 2:
            given[id_] = DECLINED
    return given


def said_of(say: DecisionWords) -> Iterator[str]:
    """Everything that JSON tells of a decision, in words; some contacts may stand for others."""
    decision = say.decision
    for fired in decision.rules:
        known = (say.fact(fact, value) for fact, value in fired.facts.items() if value is not None)
        yield from (fired.id, say.because(fired.id, marked=False), say.held(fired), *known)
        yield say.rule(fired)[2]
    yield from map(say.flip, decision.flips)
    yield from say.to_consider()
    yield from (say.intervention(offer.id) for offer in decision.interventions)
    for left in decision.excluded:
        yield from (say.intervention(left.id), *map(say.reason, left.because))
    beside = (id_ for id_ in decision.actions if not say.pathway.actions[id_].contact)
    yield from map(say.action, beside)
    for id_ in (*decision.missing, *decision.required, *decision.declined):
        yield say.pathway.facts[id_].label[say.language]
    yield from (rule.id for rule in decision.possible)
    for score in decision.scores.values():
        yield "–".join(map(str, score)) if isinstance(score, tuple) else str(score)
    yield say.urgency()


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_a_decision_tells_is_on_the_page_or_behind_its_key(
    stage: Stage, language: str
) -> None:
    seen = set()
    with stage.store() as store:
        visit = stage.visit(store, language=language)
        workspace = Workspace(stage.clock, language=language)
        workspace.use(store)
        for seed in range(20):
            visit.given = some_answers(stage, Random(seed)) if seed else {}
            decision = visit.decide()
            if decision.stops:
                continue
            page = ResultScreen(workspace, visit, decision)
            page.open()
            for width in (62, 78, 90):
                assert all(cells(row) <= width for row in page.body(width)), (seed, width)
            short, spoken = flat(page.body(78)), flat(page.spoken(78))
            page._full = True
            full = flat(page.body(78))
            assert titles_of_nothing(page.body(78)) == [], seed
            say = DecisionWords(stage.pathway, decision, language)
            for words in said_of(say):
                assert words in f"{short} {full}", seed
                assert words in f"{spoken} {full}", seed
            seen |= {decision.status, bool(decision.missing), bool(decision.declined)}
    assert seen == {"suggested", "insufficient", True, False}
