"""If these fail, a nurse meets somebody who told of suicide and is not reminded of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.assessment import AssessmentSession
from casework.episode import EpisodeSession
from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.client_card import ClientScreen
from screens.episode.episode import EpisodeScreen
from screens.note.compose import compose_note
from stepping.decision.verdicts import Verdicts
from stepping.episode.events import Measured, Opened
from store.codes import show
from store.errors import StoreBusy
from store.records import Client
from tests.screens.episodes import lived
from tests.screens.running import Stage, record_steps
from tests.screens.test_open_stops import begin

TRIED = {"danger.suicide": "yes"}


def told(stage: Stage) -> Client:
    """A client who told of danger; a month later a calm assessment was begun and confirmed."""
    with stage.store() as store:
        client = store.clients.add(birth_year=1986, language="en", sex="f", municipality="hollola")
        visit = begin(stage, store, client, {"nurse.worried": "yes"})
        visit.record_answers({**_asq("no"), "asq.4": "yes"})
        stop = visit.open_stops[0]
        (first, *_) = visit.list_cards(stop)
        record_steps(visit, stop)
        assert first.id == "suicide_non_acute"
        visit.abandon("went to the clinic")
        stage.clock.now += timedelta(days=30)
        calm = begin(stage, store, client, stage.whole())
        decision = calm.decide()
        assert decision.step is not None
        calm.confirm(decision, decision.step)
        return client


def _asq(answer: str) -> dict[str, str]:
    return {f"asq.{item}": answer for item in (1, 2, 3, 5)}


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
async def test_every_page_of_the_client_tells_it(stage: Stage, language: str) -> None:
    client = told(stage)
    sign = {
        "en": "! Suicide attempt, recorded 2026-11-22 (nurse1): ",
        "fi": "! Itsemurhayritys, kirjattu 22.11.2026 (nurse1): ",
        "sv": "! Självmordsförsök, antecknat 22.11.2026 (nurse1): ",
    }[language]
    day = "2026-11-22" if language == "en" else "22.11.2026"
    risk, care = {"en": ("s", "c"), "fi": ("r", "h"), "sv": ("r", "v")}[language]
    async with stage.workplace(language=language) as session:
        await session.choose("w", "worklist")
        short = sign.partition("(")[0].removeprefix("! ").lower().strip()
        session.says(show(client.code), f"! {short}")
        await session.press("escape")
        await session.choose("c", "find client")
        await session.type(client.code)
        await session.press("enter")
        session.on(AssessmentListScreen)
        session.says(sign, "ASQ 4", "(S2)")
        session.lacks(" [")
        await session.press(risk)
        session.says(" [", f"; nurse1 {day}")
        await session.press(care)
        session.on(EpisodeScreen)
        session.says(f"! {short}, ", "6 ")
        session.lacks(" [")
        await session.press(risk)
        session.says(" [", f"; nurse1 {day}")


async def test_the_card_of_a_new_assessment_tells_it(stage: Stage) -> None:
    client = told(stage)
    async with stage.workplace() as session:
        await session.press("n", *client.code.lower(), "enter")
        session.on(ClientScreen)
        session.says("! Suicide attempt, recorded 2026-11-22 (nurse1): ", "> ")


async def test_the_note_of_a_calm_assessment_tells_what_was_told_before(stage: Stage) -> None:
    client = told(stage)
    async with stage.workplace() as session:
        workspace = session.app.workspace
        calm, first = session.store.assessments.list_of(client.id)

        def note(assessment: object) -> str:
            resumed = AssessmentSession.resume(session.store, assessment, stage.pathway)  # type: ignore[arg-type]
            return " ".join(compose_note(workspace, resumed).split())

        later = note(calm)
        assert "Told earlier: Suicide attempt, recorded 2026-11-22 (nurse1): " in later
        assert "Write a safety plan together. The client takes it along. [done; nurse1" in later
        assert "Told earlier" not in note(first)


async def test_a_corrected_answer_is_told_as_corrected_and_marks_no_row(stage: Stage) -> None:
    with stage.store() as store:
        client = store.clients.add(birth_year=1986, language="en", sex="f", municipality="hollola")
        visit = begin(stage, store, client, {"danger.suicide": "yes"})
        visit.record_answers({"danger.suicide": "no"})
    async with stage.workplace() as session:
        await session.press("w")
        session.says(show(client.code))
        session.lacks("suicide")
        await session.press("escape", "c")
        await session.type(client.code)
        await session.press("enter")
        session.says("- Danger of suicide on 2026-11-22 (nurse1): safety stop S1 (corrected on")


async def test_nobody_is_taken_whose_risk_the_store_does_not_tell(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the answers of a new client would be stored as theirs."""
    client = told(stage)

    def broken(*_: object) -> None:
        raise StoreBusy(path="porras.db")

    async with stage.workplace() as session:
        await session.press("n")
        monkeypatch.setattr(type(session.store.risk_marks), "list_of", broken)
        await session.press(*client.code.lower(), "enter", "escape")
        assert session.on(ClientScreen)._client is None


async def test_an_episode_says_that_no_sign_was_found_only_where_a_later_one_looked(
    stage: Stage,
) -> None:
    """What nobody asked, or was asked before, is no good news."""
    client = told(stage)
    async with stage.workplace() as session:
        workspace = session.app.workspace
        marks = session.store.risk_marks.list_of(client.id)
        today = workspace.today

        def page(days: int, risk: bool | None) -> str:
            last = Measured(
                day=today + timedelta(days=days),
                assessment=session.store.assessments.list_of(client.id)[0].id,
                step=1,
                verdicts=Verdicts(risk=risk),
            )
            care = EpisodeSession(workspace, client, "x", lived(Opened(day=last.day), last))
            lines = EpisodeScreen(care, risk=marks).content(78).lines
            return " ".join(" ".join(text for line in lines for text, _ in line).split())

        assert "no sign of it" in page(9, False)
        assert "no sign of it" not in page(9, None) + page(9, True) + page(-30, False)
        assert page(9, False).startswith("Risk ! suicide attempt")
