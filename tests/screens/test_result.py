"""If these fail, the nurse confirms something else than what was decided, or does not see why."""

from __future__ import annotations

import json

import pytest

from casework.assessment import stored_decision
from casework.language import LANGUAGES, speech
from casework.workspace import Workspace
from screens.assessment.question import QuestionScreen
from screens.base.prompt import ValuePrompt
from screens.desk.start import StartScreen
from screens.note.screen import NoteScreen
from screens.result.care import CareScreen
from screens.result.confirm import ConfirmScreen
from screens.result.offers import Placed
from screens.result.result import ResultScreen
from screens.result.trace import flip_to
from screens.wording.decision_words import DecisionWords
from stepping.decision.decide import decide
from stepping.pathway.model import Answer
from stepping.pathway.reader import read_pathway
from store.records import StoredDecision
from tests.screens.running import CALM, Session, Stage, record_steps
from tests.screens.test_question import until

MODERATE: dict[str, Answer] = {
    **CALM,
    **{f"phq9.{item}": 2 for item in range(1, 6)},
    "history.weeks": 6,
    "flag.somatic": "yes",
    "wish.formats": ("net",),
}
"""Low mood of some weeks: step 1 by itself."""


async def read_through(session: Session) -> str:
    """Read the screen from its top to its end."""
    seen = session.flat
    while "· Space" in session.text:
        await session.press("space")
        seen += " " + session.flat
    return seen


async def read_to_the_end(session: Session) -> str:
    """Read the screen from its top to its end, in whatever language it is."""
    seen, at = session.flat, -1
    while session.shown.offset_rows != at:
        at = session.shown.offset_rows
        await session.press("space")
        seen += " " + session.flat
    return seen


def confirmed(stage: Stage, assessment: str) -> StoredDecision:
    """Read a decision through a connection of its own."""
    with stage.store() as store:
        row = store.decisions.find(assessment)
    assert row is not None
    return row


async def test_the_result_says_step_reasons_flips_offers_and_what_is_left_out(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        session.on(ResultScreen)
        decision = session.visit.decide()
        assert decision.step == 1
        session.says("Suggested step 1: Guided self-help and net therapy")
        session.says("! The step is provisional: a doctor comes first.")
        text = await read_through(session)
        say = DecisionWords(stage.pathway, decision, "en")
        assert all(flip_to(say, flip) in text for flip in decision.flips[:1])
        assert "Also do" in text
        for offer in decision.interventions:
            assert stage.pathway.intervention(offer.id).title["en"] in text
        assert decision.excluded
        for left in decision.excluded:
            assert stage.pathway.intervention(left.id).title["en"] in text
        assert "moderate, limit 10 reached" in text
        assert "does not diagnose or decide" in text
        assert "not a CE-marked medical device" in text
        await session.press("d")
        full = await read_through(session)
        for rule in decision.rules:
            assert stage.pathway.rule(rule.id).rule.because["en"] in full
        assert all(say.flip(flip) in full for flip in decision.flips)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_first_page_says_all_that_matters(stage: Stage, language: str) -> None:
    """Else the nurse scrolls with the client beside her, and misses a score or a limit."""
    async with stage.resumed(stage.whole(MODERATE), language=language) as session:
        t, decision = speech(language), session.visit.decide()
        say = DecisionWords(stage.pathway, decision, language)
        session.says(say.headline(), "[1▂]", "2▄")
        session.says("10/27 █████│▌", t("limit {limit} reached", limit=10), "GAD-7")
        session.says(t("item {item}: {points}", item=9, points=0))
        decides = decision.rules[0]
        session.says(t("Why"), f"{say.holding(decides)} → ", f"· {decides.id} · ")
        session.says(t("Would change"), t("step {step}", step=2))
        session.says(*(f"{n} {say.intervention(o.offer.id)}" for n, o in offered(session)))
        session.says("Hollola", "4")


def offered(session: Session) -> list[tuple[int, Placed]]:
    """The forms of care of the result with their numbers."""
    return [*enumerate(session.on(ResultScreen)._offers.placed, start=1)]


async def test_a_digit_opens_a_form_of_care_and_confirms_nothing(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        decision, found = session.visit.decide(), offered(session)
        for number, placed in found:
            await session.press(str(number))
            session.on(CareScreen)
            content = stage.pathway.intervention(placed.offer.id)
            session.says(f"{number} {content.title['en']}", content.dose["en"])
            session.says(content.delivered_by["en"])
            await session.press("escape")
            session.on(ResultScreen)
        await session.press("1")
        text = await read_through(session)
        assert "fits: " in text
        assert "→ Example" in text
        assert "(2026-11-16)" in text
        await session.press("enter")
        session.says(f"2 {stage.pathway.intervention(found[1][1].offer.id).title['en']}")
        await session.press("escape")
        assert session.visit.decide() == decision
        assert session.store.decisions.find(session.visit.assessment.id) is None


def test_read_out_the_result_has_no_bars_and_says_each_limit(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole({**MODERATE, "phq9.9": 1}))
        record_steps(visit, "S2")
        workspace = Workspace(stage.clock, language="en")
        workspace.use(store)
        page = ResultScreen(workspace, visit, visit.decide())
        page.open()
        for width in (40, 78):
            lines = ["".join(part for part, _ in line) for line in page.spoken(width) or ()]
            said = " ".join(" ".join(lines).split())
            assert not set(said) & set("█▉▊▋▌▍▎▏│░▁▂▃▄▅▆▇[")
            assert "PHQ-9 11/27, moderate, limit 10 reached, ! item 9: 1" in said
            assert "GAD-7 0/21, minimal, under the limit 8" in said
            assert "! SAME DAY: Thoughts of suicide, not acute · safety steps recorded 6/6" in said
            wanted = ("Suggested", "SAME DAY", "PHQ-9 11", "Why", "What would change", "What to")
            assert sorted(wanted, key=said.index) == list(wanted)


def test_beside_the_result_a_wide_terminal_tells_the_rules_with_their_facts(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole(MODERATE))
        workspace = Workspace(stage.clock, language="en")
        workspace.use(store)
        page = ResultScreen(workspace, visit, visit.decide())
        aside = " ".join("".join(part for part, _ in line).strip() for line in page.aside(49))
        for rule in visit.decide().rules:
            assert stage.pathway.rule(rule.id).rule.because["en"] in aside
        assert "PHQ-9 total: 10" in aside


async def test_the_full_reasons_show_facts_source_and_basis(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        short = await read_through(session)
        await session.press("d")
        session.says("Suggested step 1")
        full = await read_through(session)
        source = stage.pathway.rule("A2").rule.source
        assert source not in short
        assert source in full
        assert "PHQ-9 total: 10" in full
        assert "PHQ-9 total: 16 instead of 10 → step 2" in full
        await session.press("d")
        session.says("Suggested step 1")


async def test_what_the_rest_cannot_change_is_said(stage: Stage) -> None:
    answers = stage.whole()
    for id_ in ("wish.formats", "need.language", "segment"):
        del answers[id_]
    async with stage.resumed(answers) as session:
        while isinstance(session.shown, QuestionScreen):
            await session.press("s")
        session.on(ResultScreen)
        session.says("cannot change this suggestion")


async def test_what_the_rest_may_change_is_said_as_a_range(stage: Stage) -> None:
    answers = until(stage, "history.failed_step", phq9__1=3, phq9__2=3, phq9__3=3, phq9__4=3)
    async with stage.resumed({**answers, "nurse.worried": "no"}) as session:
        while isinstance(session.shown, QuestionScreen):
            await session.press("s")
        session.on(ResultScreen)
        session.says("Suggested step", "answers are missing.", "With them the step may be 1–4.")


async def test_too_few_answers_list_what_is_missing_and_lead_there(stage: Stage) -> None:
    answers = stage.whole()
    del answers["gad7.2"], answers["phq9.4"]
    async with stage.resumed(answers) as session:
        for _ in range(2):
            await session.press("s")
            await session.type("no time")
        if isinstance(session.shown, QuestionScreen):
            await session.press("s")
        session.on(ResultScreen)
        session.says("Not enough answers for a step", "Needed before a step can be confirmed")
        labels = [stage.pathway.facts[id_].label["en"] for id_ in ("phq9.4", "gad7.2")]
        session.says(*(f"- {label}" for label in labels))
        session.lacks("Suggested step", "Enter confirm")
        await session.press("c")
        session.on(ResultScreen)
        await session.press("a")
        assert session.page == "phq9.4"


@pytest.mark.parametrize("municipality", [None, "elsewhere"])
async def test_without_a_known_place_the_offers_still_stand(
    stage: Stage, municipality: str | None
) -> None:
    async with stage.resumed(stage.whole(), municipality=municipality) as session:
        text = await read_through(session)
        assert "On offer" in text
        assert offered(session)
        for number, placed in offered(session):
            title = stage.pathway.intervention(placed.offer.id).title["en"]
            assert f"{number} {title}" in text
        assert "days of waiting" not in text


# -- confirm ---------------------------------------------------------------


async def test_confirming_stores_the_decision_with_its_digest_and_trace(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        assessment = session.visit.assessment
        await session.press("enter")
        session.on(ConfirmScreen)
        session.says("> 1 Guided self-help and net therapy (suggested)")
        await session.press("enter")
        await session.skip_what_is_asked_once()
        session.on(NoteScreen)
        session.lacks("DRAFT")
        await session.press("enter")
        session.on(StartScreen)
        session.says("The step is confirmed and stored.")
        assert session.store.assessments.list_drafts() == []
    row = confirmed(stage, assessment.id)
    assert (row.suggested_step, row.confirmed_step, row.reason_code) == (1, 1, None)
    assert row.by == "nurse1"
    decision = stored_decision(row)
    assert decision.digest == assessment.pathway_digest
    assert {"A1b", "A2"} <= {rule.id for rule in decision.rules}


async def test_the_stored_decision_is_what_the_stored_pathway_decides(stage: Stage) -> None:
    answers = {**stage.whole(MODERATE), "nurse.worried": "yes"}
    answers.update({f"asq.{item}": "no" for item in range(1, 5)})
    async with stage.resumed(answers, recorded=("S2",)) as session:
        assessment = session.visit.assessment
        await session.press("enter", "enter", "enter")
    row = confirmed(stage, assessment.id)
    whole = json.loads(row.decision_json)
    with stage.store() as store:
        pathway = read_pathway(store.pathway_texts.read_files(assessment.pathway_digest))
        kept = store.answers.get_progress(assessment.id).answers
    given = {id_: tuple(v) if isinstance(v, list) else v for id_, v in whole["answers"].items()}
    again = decide(pathway, given, whole["recorded"])
    assert again == stored_decision(row)
    assert again.step == 2
    assert whole["recorded"] == ["S2"]
    assert {id_: v for id_, v in whole["answers"].items() if id_ in kept} == kept
    assert set(whole["answers"]) - set(kept) == {"client.age", "client.sex"}


@pytest.mark.parametrize(
    ("step", "code"), [("3", "client_wish_higher"), ("0", "client_wish_lower")]
)
async def test_another_step_needs_a_coded_reason_and_words(
    stage: Stage, step: str, code: str
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        assessment = session.visit.assessment.id
        await session.press("enter", step)
        session.says(f"Why step {step} instead of 1?")
        reasons = stage.pathway.header.override_reason
        wanted = next(r for r in reasons if r.code == code)
        await session.press("enter", "1")
        session.on(ValuePrompt)
        session.says(wanted.text["en"])
        await session.type("")
        session.says("Write a few words.")
        await session.type("ask Anna, anna@example.org")
        session.on(ValuePrompt)
        assert session.store.decisions.find(assessment) is None
        await session.type("agreed with the client")
        await session.skip_what_is_asked_once()
        session.on(NoteScreen)
        text = await read_through(session)
        assert f"Confirmed step {step}" in text
        assert "agreed with the client" in text
    row = confirmed(stage, assessment)
    assert (row.suggested_step, row.confirmed_step) == (1, int(step))
    assert (row.reason_code, row.reason_text) == (code, "agreed with the client")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_before_another_step_is_taken_it_is_told_what_it_offers(
    stage: Stage, language: str
) -> None:
    """Else a step is chosen of which nothing is to be had here."""
    async with stage.resumed(stage.whole(MODERATE), language=language) as session:
        decision, step = session.visit.decide(), 2
        offers, left = session.visit.find_offers(decision, step)
        assert offers != decision.interventions
        await session.press("enter", str(step))
        text = await read_to_the_end(session)
        assert speech(language)("Step {step} offers", step=step) in text
        ids = [*(each.id for each in offers), *(each.id for each in left)]
        titles = [stage.pathway.intervention(id_).title[language] for id_ in ids]
        assert titles
        assert all(title in text for title in titles)
        assert session.store.decisions.find(session.visit.assessment.id) is None


async def test_reasons_for_up_and_down_are_not_mixed(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        reasons = stage.pathway.header.override_reason
        down = [r.text["en"] for r in reasons if r.direction == "down"]
        up = [r.text["en"] for r in reasons if r.direction == "up"]
        await session.press("enter", "2")
        session.says(*up)
        session.lacks(*down)
        await session.press("left", "0")
        session.says(*down)
        session.lacks(*up)


async def test_reasons_are_read_from_the_first_on(stage: Stage) -> None:
    """Else a digit gives a reason that stands above what is seen."""
    async with stage.resumed(stage.whole(MODERATE), size=(64, 18)) as session:
        await session.press("enter", "space")
        assert session.shown.offset_rows
        await session.press("2")
        session.says("Why step 2 instead of 1?", "1 The client wants more support")
        await session.press("space", "left")
        session.says("0 Self-care and active monitoring")


async def test_more_than_one_step_down_is_refused(stage: Stage) -> None:
    answers = stage.whole({**CALM, "flag.eating": "yes", "phq9.1": 3, "phq9.2": 3})
    async with stage.resumed(answers) as session:
        assert session.visit.decide().step == 2
        await session.press("enter", "0")
        session.on(ConfirmScreen)
        session.says("Step 0 is too low here.", "0 Self-care and active monitoring (not possible)")
        await session.press("1")
        session.says("Why step 1 instead of 2?")


async def test_below_the_floor_of_a_recorded_stop_is_refused(stage: Stage) -> None:
    answers = {**stage.whole(), "danger.suicide": "yes"}
    async with stage.resumed(answers, recorded=("S1",)) as session:
        await session.press("enter")
        session.says("After a safety stop the step may not go below 4.")
        await session.press("3")
        session.on(ConfirmScreen)
        session.says("Step 3 is too low here.")
        assert session.store.decisions.find(session.visit.assessment.id) is None


async def test_the_confirm_screen_can_be_left_without_a_decision(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("enter", "2", "1", "escape", "left", "left")
        session.on(ResultScreen)
        await session.press("left")
        session.on(QuestionScreen)
        assert session.store.decisions.find(session.visit.assessment.id) is None


async def test_a_changed_answer_changes_the_result(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("left")
        while session.page != "phq9.6":
            await session.press("left")
        await session.press("3")
        session.on(ResultScreen)
        await session.press("left")
        while session.page != "phq9.7":
            await session.press("left")
        await session.press("3")
        session.says("Suggested step 2")


# -- note ------------------------------------------------------------------


async def test_the_note_is_a_draft_until_confirmed_and_speaks_the_clients_language(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE), language="sv") as session:
        session.app.workspace.language = "en"
        await session.press("r")
        note = session.on(NoteScreen)
        session.says("svenska")
        swedish = note.note
        await session.press("l")
        session.says("English", "DRAFT: not confirmed", "Assessment of care needs 2026-11-22")
        assert note.note != swedish
        assert max(map(len, note.note.split("\n"))) <= 78
        text = await read_through(session)
        assert "PHQ-9 total 10" in text
        assert "Physical symptom, illness or medicine: yes" in text
        await session.press("escape")
        session.on(ResultScreen)


async def test_the_note_holds_remarks_and_recorded_safety_steps(stage: Stage) -> None:
    answers = {**stage.whole(), "danger.suicide": "yes"}
    async with stage.resumed(answers, recorded=("S1",)) as session:
        await session.press("left", "m")
        await session.type("came with a friend")
        await session.press("right", "r")
        note = " ".join(session.on(NoteScreen).note.split())
        assert "came with a friend" in note
        assert "EMERGENCY" in note
        assert note.count("[done; nurse1 2026-11-22 ") == 5


async def test_a_floor_with_alternatives_says_which_of_them_hold(stage: Stage) -> None:
    """Else the nurse reads a list of reasons, most of which are not the client's."""
    async with stage.resumed(stage.whole(MODERATE)) as session:
        session.says("at least 4 weeks; “PHQ-9 total” is at least 5 → at least step 1 · A1b ")
        await session.press("d")
        shown = await read_through(session)
        assert "Holds here: “PHQ-9 total” is at least 10" in shown
        assert "“GAD-7 total” is at least 10" not in shown
