"""If these fail, the nurse cannot read the rule behind a suggestion, or reads another one."""

from __future__ import annotations

from typing import Any

import pytest

from casework.language import LANGUAGES
from screens.assessment.assessment_list import AssessmentListScreen
from screens.base.keys import bindings
from screens.base.page import Page
from screens.base.pick import PickScreen
from screens.desk.start import StartScreen
from screens.note.screen import NoteScreen
from screens.pathway.browser import (
    RuleScreen,
    pathways_screen,
    rules_behind,
    rules_screen,
)
from screens.result.result import ResultScreen
from screens.wording.condition_words import ConditionWords
from screens.wording.decision_words import DecisionWords
from stepping.decision.decide import decide
from stepping.pathway.reader import read_pathway
from store.paths import PATHWAYS
from store.pathway_files.files import built_in, ids
from tests.screens.running import Session, Stage
from tests.screens.test_past import confirm
from tests.screens.test_result import MODERATE, read_through
from tests.screens.test_words import cut
from tests.stepping.cases import changed, small


def flat(text: str) -> str:
    return " ".join(text.split())


async def listed(session: Session, parts: int) -> str:
    """Read every part of a list, from the first to the last and round to the first."""
    seen = ""
    for _ in range(parts):
        seen += " " + await read_through(session)
        await session.press("tab")
    return seen


async def test_every_rule_can_be_opened_from_the_start(stage: Stage) -> None:
    rules = stage.pathway.rules
    async with stage.program(demo=True) as session:
        await session.press("p")
        session.on(PickScreen)
        session.says(f"1–6 of {len(rules)}", "1 S1 · stop: EMERGENCY: now")
        text = await listed(session, -(-len(rules) // 6))
        for rule in rules:
            assert f" {rule.id} · " in text
            assert rule.rule.because["en"] in text
        session.says("1–6 of")
        await session.press("shift+tab")
        session.says(f"of {len(rules)}", rules[-1].id)
        session.lacks("S1 ·")
        await session.press("tab", "tab", "2")
        session.on(RuleScreen)
        session.says(f"Rule {rules[7].id}")
        await session.press("escape")
        session.on(PickScreen)
        session.says("7–12 of")
        await session.press("escape")
        session.on(StartScreen)


async def test_a_rule_tells_everything_that_it_says(stage: Stage) -> None:
    ready = stage.pathway.rule("A3")
    async with stage.program(demo=True) as session:
        await session.press("p", "tab", "tab", "1")
        session.says("Rule A3", "at least step 2: Brief therapy", "all of these:")
        text = await read_through(session)
        words = ConditionWords(stage.pathway, "en")
        for fact in {compare.fact for compare in ready.condition.parts()}:
            assert words.fact(fact) in text
        for part in (str(ready.condition), ready.rule.because["en"], ready.rule.source):
            assert flat(part) in text
        assert "local proposal, needs clinical sign-off" in text
        assert "not a CE-marked medical device" in text
        assert "Here:" not in text
        await session.press("tab")
        session.says("Rule A4")
        await session.press("shift+tab", "shift+tab")
        session.says("Rule A2")


async def test_reading_changes_nothing(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        before = session.store.db.execute("SELECT count(*) FROM audit").fetchone()
        await session.press("p", "1", "tab", "escape", "tab", "escape")
        session.on(StartScreen)
        assert session.store.db.execute("SELECT count(*) FROM audit").fetchone() == before


async def test_the_result_leads_to_the_rules_that_hold_and_back(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        decision = session.visit.decide()
        await session.press("p")
        session.on(PickScreen)
        session.says("The rules that hold")
        text = await read_through(session)
        fired = [ready.id for ready in rules_behind(stage.pathway, decision)]
        assert set(fired) == {rule.id for rule in decision.rules}
        assert 1 < len(fired) <= 6
        for number, id_ in enumerate(fired, start=1):
            assert f"{number} {id_} · " in text
        for rule in stage.pathway.rules:
            assert (f" {rule.id} · " in text) == (rule.id in fired)
        await session.press(str(fired.index("A2") + 1))
        session.on(RuleScreen)
        say = DecisionWords(stage.pathway, decision, "en")
        session.says("Rule A2", "Here: " + say.fact("phq9.total", 10))
        await session.press("escape", "escape")
        session.on(ResultScreen)
        session.says("Suggested step 1")


def test_the_rule_that_decides_stands_first(stage: Stage) -> None:
    heavy = {**MODERATE, **{f"phq9.{item}": 3 for item in range(1, 9)}, "history.episodes": 2}
    answers = stage.whole(heavy) | {"client.age": 40, "client.sex": "f"}
    decision = decide(stage.pathway, answers)
    floors = [ready.rule.at_least for ready in rules_behind(stage.pathway, decision)]
    assert floors[0] == decision.step
    numbers = [floor for floor in floors if floor is not None]
    assert numbers == sorted(numbers, reverse=True)
    assert floors == numbers + [None] * (len(floors) - len(numbers))


async def test_a_decision_without_a_rule_offers_none(stage: Stage) -> None:
    async with stage.resumed(stage.whole()) as session:
        session.on(ResultScreen)
        assert session.visit.decide().rules == ()
        assert "p" not in [each.keys for each in bindings(session.shown.key_list())]
        await session.press("p")
        session.on(ResultScreen)


async def test_a_draft_shows_the_rules_of_the_text_that_it_began_with(stage: Stage) -> None:
    """The rules behind a suggestion are those that decided, whatever the files say by now."""
    files = dict(stage.pathway.files)
    new = "A newer reason that this draft was not decided on."
    old = stage.pathway.rule("A2").rule.because["en"]
    stage.draft(stage.whole(MODERATE))
    stage.pathway = read_pathway(changed("rules.toml", old, new, files))
    async with stage.workplace() as session:
        await session.press("1")
        behind = rules_behind(session.visit.pathway, session.visit.decide())
        await session.press("p", str([ready.id for ready in behind].index("A2") + 1))
        session.says(old)
        session.lacks(new)


async def test_a_past_decision_shows_the_rules_that_it_was_made_by(stage: Stage) -> None:
    files = dict(stage.pathway.files)
    old = stage.pathway.rule("A2").rule.because["en"]
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await confirm(session)
    newer = changed("rules.toml", old, "Another reason by now.", files)
    stage.pathway = read_pathway(newer)
    async with stage.workplace() as session:
        await session.press("enter")
        session.on(AssessmentListScreen)
        await session.press("1")
        session.on(NoteScreen)
        await session.press("p")
        session.says("The rules that hold", old)
        session.lacks("Another reason by now.")
        await session.press("escape")
        session.on(NoteScreen)
        await session.press("enter")
        session.on(AssessmentListScreen)


async def test_behind_an_open_stop_no_rule_tells_a_step(stage: Stage) -> None:
    async with stage.resumed({**stage.whole(MODERATE), "phq9.9": 1}) as session:
        visit = session.visit
        note = NoteScreen(session.app.workspace, visit, visit.decide(), None)
        await session.put(note)
        await session.settle()
        session.on(NoteScreen)
        await session.press("p")
        session.on(NoteScreen)
        assert "p" not in [each.keys for each in bindings(session.shown.key_list())]


async def test_with_several_pathways_the_nurse_chooses(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        workspace = session.app.workspace
        await session.put(pathways_screen(workspace, [stage.pathway, small()]))
        await session.settle()
        session.says("1 Adults in mental distress · adult", "2 small · small 1", "draft")
        assert not list(cut(session.shown))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_rule_of_any_pathway_is_cut(stage: Stage, language: str) -> None:
    async with stage.resumed(stage.whole(MODERATE), language=language) as session:
        wrong = [f"result: {fault}" for fault in cut(session.shown)]
        workspace = session.app.workspace
        for pathway in map(built_in, ids(PATHWAYS)):
            rules, decision = pathway.rules, session.visit.decide()
            for at, ready in enumerate(rules):
                here = decision if pathway.id == decision.pathway else None
                sheets: list[Page[Any]] = [RuleScreen(workspace, pathway, rules, at, here)]
                sheets += [] if at % 6 else [rules_screen(workspace, pathway, rules, at)]
                for sheet in sheets:
                    sheet.open()
                    wrong += [f"{pathway.id} {ready.id}: {fault}" for fault in cut(sheet)]
        assert not wrong, "\n".join(wrong)
    async with stage.program(demo=True, language=language) as session:
        assert not list(cut(session.on(StartScreen)))
