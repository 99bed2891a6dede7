"""If these fail, a client alone at the keyboard sees what is the nurse's, or loses an answer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from textual.events import Paste

from casework.assessment import AssessmentSession
from casework.emergency_cards import list_crisis_numbers
from casework.language import LANGUAGES, speech
from casework.workspace import Workspace
from screens.alone import client_lock
from screens.alone.client_lock import CalledScreen, ClientLock, LockScreen
from screens.alone.hand_over import HandOverScreen
from screens.assessment.alone.client_mode import ClientPrompt, ClientQuestionScreen
from screens.assessment.alone.opening import ClientOpeningScreen
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base import lock
from screens.base.error import ErrorScreen
from screens.base.lock import TRAINING_WORD
from screens.base.page import Page
from screens.base.prompt import ValuePrompt
from screens.desk.start import StartScreen
from screens.result.result import ResultScreen
from stepping.decision.client_pages import is_client_page
from stepping.pathway.model import Answer
from store.codes import show
from store.errors import DiskFull
from tests.screens.foreign import strangers
from tests.screens.running import CALM, MOOD, PASSPHRASE, PATIENCE_S, Session, Stage
from tests.screens.test_question import stored, until
from tests.screens.test_words import cut, pictured, words
from tui.full_screen.page_screen import PageScreen
from tui.line_mode.page import PageText

CALLED = "You asked for the nurse."
DONE = "Thank you. Your part is done for now. Please turn to the nurse."
DANGER = "If you are in danger right now, call 112."
CALLED_YOU = "You are here because the client called you."


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "FIRST_WAIT_S", 0.02)


def hand_over(session: Session) -> str:
    """The key of the pause that gives the keyboard to the client."""
    return session.app.workspace.t.letter("c", "hand the keyboard to the client")


def row_of(start: StartScreen, code: str) -> str:
    """The key of a client's draft on the start page."""
    shown = enumerate(start._waiting.shown, start=1)
    return next(str(n) for n, each in shown if each.draft and each.item.client == code)


@asynccontextmanager
async def alone(
    stage: Stage, answers: Mapping[str, Answer], *, client: str = "en", **options: Any
) -> AsyncIterator[Session]:
    """Go on with a draft that has these answers, and hand the keyboard to the client."""
    stage.draft(answers, language=client)
    async with stage.workplace(**options) as session:
        await session.press("1", "escape", hand_over(session))
        session.on(HandOverScreen)
        await session.press("enter")
        session.on(ClientOpeningScreen)
        await session.press("enter")
        session.on(ClientQuestionScreen)
        yield session


def never(text: str, language: str) -> str:
    """A lock that opens for nobody."""
    return "No."


async def unlock(session: Session) -> None:
    """Type the passphrase as the nurse does."""
    session.on(ClientLock)
    await session.type(PASSPHRASE)


# -- handing over ----------------------------------------------------------


async def test_the_nurse_reads_what_it_means_and_can_still_keep_the_keyboard(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("escape")
        session.says("c hand the keyboard to the client")
        await session.press("c")
        session.says("The client can", "The client cannot", "Only your passphrase unlocks it.")
        await session.press("escape")
        assert session.on(QuestionScreen).page.id == "phq9.1"
        assert not isinstance(session.shown, ClientQuestionScreen)
        assert not session.app.workspace.with_client


@pytest.mark.parametrize("question", ["nurse.worried", "history.episodes", "segment"])
async def test_a_question_of_the_nurses_is_not_handed_over(stage: Stage, question: str) -> None:
    async with stage.resumed(until(stage, question)) as session:
        await session.press("escape", "c")
        session.on(PauseScreen)
        session.lacks("hand the keyboard")


async def test_the_first_questions_about_danger_stay_with_the_nurse(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        assert session.page == "danger"
        await session.press("escape", "c")
        session.on(PauseScreen)


async def test_an_open_stop_is_not_handed_over(stage: Stage) -> None:
    async with stage.resumed({**CALM, "danger.child": "yes"}) as session:
        session.on(StopScreen)
        await session.press("escape", "c")
        session.on(PauseScreen)


# -- the opening page ------------------------------------------------------


async def test_the_client_first_reads_what_this_is_and_changes_the_language_there(
    stage: Stage,
) -> None:
    stage.draft(CALM, language="sv")
    async with stage.workplace(language="fi") as session:
        await session.press("1", "escape", hand_over(session), "enter")
        session.on(ClientOpeningScreen)
        session.says("Frågor om hur du mår", "frågor. De tar omkring", "minuter.")
        session.says("Sjukskötaren läser dina svar.", "hoppa över", "Tryck på h när som helst.")
        session.says("Inget program ställer diagnos.", "ring 112")
        session.lacks("hoitaja", "kysym", "hätäkortti")
        await session.press("l", "l")
        session.says("Kysymyksiä siitä, miten voit", "Paina h milloin tahansa.")
        await session.press("h")
        session.on(CalledScreen)
        await session.press("escape")
        session.on(ClientOpeningScreen)
        await session.press("enter")
        session.says("Mieliala", "h kutsu hoitaja")


async def test_the_nurse_can_be_called_before_the_first_question(stage: Stage) -> None:
    stage.draft(CALM)
    async with stage.workplace() as session:
        await session.press("1", "escape", "c", "enter", "h")
        await unlock(session)
        assert session.page == "phq9.1"
        assert not isinstance(session.shown, ClientQuestionScreen)
        session.says(CALLED_YOU)
        assert not session.app.workspace.with_client


async def test_the_clients_own_pages_are_counted_and_the_bar_never_runs_backwards(
    stage: Stage,
) -> None:
    async with alone(stage, CALM) as session:
        asked = session.on(ClientQuestionScreen)
        assert asked.top()[1].startswith("1/")
        most, reached = asked.top()[1].partition("/")[2], 0.0
        for key in ("1", "0", "s", "left", "left", "2", "right"):
            await session.press(key)
            done, of = asked.progress
            assert done / of >= reached
            reached = done / of
        assert asked.top()[1] == f"4/{most}"


async def test_hours_without_a_key_lock_nothing_and_lose_nothing(stage: Stage) -> None:
    async with alone(stage, CALM) as session:
        await session.press("2")
        idle = session.app.screen_lock.idle
        assert idle is not None
        idle._since -= 24 * 3600
        assert not session.app.lock_if_idle()
        await session.press("1")
        assert session.on(ClientQuestionScreen).page.id == "phq9.3"
        given = stored(session)
        assert (given["phq9.1"], given["phq9.2"]) == (2, 1)


# -- what the client sees --------------------------------------------------


async def test_the_client_reads_the_clients_language_and_the_nurse_her_own(stage: Stage) -> None:
    async with alone(stage, CALM, client="fi", language="sv") as session:
        session.says("Mieliala", "h kutsu hoitaja", "l kieli: svenska")
        session.lacks("sjukskötaren", "nödkort", "hätäkortti")
        await session.press("h")
        session.says("Kutsuit hoitajaa.", "Hoitajalle: kirjoita salalauseesi ja paina Enter.")
        session.lacks("sjukskötaren", "lösenfras", "lås")
        forgotten = speech("fi")(
            "If it is forgotten: close this window, start Porras again and choose the recovery "
            "code. What is recorded stays."
        )
        session.lacks(forgotten)
        await session.type("not the passphrase")
        session.says(forgotten)
        session.lacks("lösenfras", "försök")
        await asyncio.sleep(0.03)
        await unlock(session)
        session.says("nödkort", "Mieliala", "Klienten kallade på dig.")


async def test_the_lock_speaks_the_language_that_the_client_chose(stage: Stage) -> None:
    async with alone(stage, CALM, client="fi") as session:
        session.says("Ei ole kiire.")
        await session.press("l")
        session.lacks("kiire")
        await session.press("l")
        session.says("I want the nurse")
        await session.press("h")
        session.says(CALLED, DANGER)


async def test_nothing_that_is_said_to_the_nurse_is_shown(stage: Stage) -> None:
    before = until(stage, "flag.psychosis")
    async with alone(stage, before) as session:
        asked = stage.pathway.questions["flag.psychosis"]
        session.says(asked.text["en"])
        session.lacks(asked.help["en"], "still needed", "note", "F10", "? help", "pause")
    async with stage.workplace() as session:
        await session.press("1")
        session.says(asked.help["en"])


async def test_what_the_client_has_marked_is_kept_when_the_nurse_is_called(stage: Stage) -> None:
    async with alone(stage, until(stage, "problem.main")) as session:
        await session.press("a", "s", "h")
        await unlock(session)
        assert stored(session)["problem.main"] == ["relations"]


async def test_no_name_of_an_instrument_is_shown_but_its_window_is(stage: Stage) -> None:
    async with alone(stage, CALM) as session:
        session.says("Over the last 2 weeks")
        session.lacks("PHQ-9", "published")


def client_pages(session: Session, stage: Stage, language: str) -> Iterator[tuple[str, Page[Any]]]:
    """Every page that leads to a client alone, is answered there, or ends it."""
    workspace = session.app.workspace
    visit = stage.visit(session.store, language=language)
    full = stage.visit(session.store, language=language)
    full.record_answers(stage.whole())
    yield "hand over", HandOverScreen(workspace)
    yield "pause before the client", PauseScreen(workspace, visit, _phq(stage))
    for page in filter(is_client_page, stage.pathway.pages):
        for kind, each in (("", visit), ("answered ", full)):
            asked = ClientQuestionScreen(
                workspace, each, page, client_language=language, unlocks=never
            )
            yield f"alone {kind}{page.id}", asked
    locks = partial(LockScreen, workspace, stage.pathway, language, never)
    for reason in client_lock._TEXTS:
        yield f"lock {reason}", locks(reason=reason)
    yield "lock called", CalledScreen(workspace, stage.pathway, language, never)
    yield (
        "alone before it begins",
        ClientOpeningScreen(workspace, visit, _phq(stage), language, never),
    )
    text, call = stage.pathway.questions["need.language"], asked._calling
    yield "alone writing", ClientPrompt(workspace, text, language, "", lambda text: None, call)


@pytest.mark.parametrize(("client", "nurse"), [("sv", "fi"), ("fi", "sv"), ("sv", "en")])
async def test_no_page_of_the_client_speaks_the_nurses_language(
    stage: Stage, client: str, nurse: str
) -> None:
    wrong = []
    async with stage.program(demo=True, language=nurse) as session:
        for name, sheet in client_pages(session, stage, client):
            if name in ("hand over", "pause before the client"):  # the nurse's own
                continue
            sheet.open()
            shown = [*map(words, pictured(sheet)), *PageText(sheet, 80).rows]
            wrong += [f"{name}: {text!r}" for text in strangers(" ".join(shown), client)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", list(LANGUAGES))
async def test_no_page_and_no_lock_is_cut(stage: Stage, language: str) -> None:
    async with stage.program(demo=True, language=language) as session:
        wrong = []
        for name, sheet in client_pages(session, stage, language):
            sheet.open()
            text = "\n".join(map(words, pictured(sheet)))
            wrong += [f"{language} {name}: {fault}\n{text}" for fault in cut(sheet)]
            if language != "en":
                english = ("the nurse", "call 112", "keyboard")
                wrong += [f"{name}: {part}\n{text}" for part in english if part in text]
        assert not wrong, "\n".join(wrong)


def _phq(stage: Stage) -> Any:
    return next(page for page in stage.pathway.pages if page.id == "phq9.1")


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("language", list(LANGUAGES))
async def test_handing_over_explains_itself_without_reading_on(
    stage: Stage, language: str, training: bool
) -> None:
    async with stage.program(demo=True, language=language) as session:
        session.app.workspace.training = training
        await session.put(HandOverScreen(session.app.workspace))
        await session.settle()
        assert not list(cut(session.shown))
        session.lacks("page 1 of", "sivu 1/", "sida 1/")


# -- answering -------------------------------------------------------------


async def test_the_client_answers_up_to_the_first_question_of_the_nurses(stage: Stage) -> None:
    answers = until(stage, "need.no_net")
    async with alone(stage, answers) as session:
        assert session.app.workspace.with_client
        await session.press("0")
        session.on(LockScreen)
        session.says(DONE)
        session.lacks("step", "Suggested")
        await unlock(session)
        assert session.page == "history.episodes"
        session.says("what comes now is for you to ask.")
        assert not session.app.workspace.with_client
        assert stored(session)["need.reading"] == "no"


def test_a_client_of_the_adult_pathway_is_never_interrupted_by_a_nurses_page(stage: Stage) -> None:
    """All that only a nurse answers stands before the client's pages or after them."""
    first, *pages = stage.pathway.pages
    assert first.id == "danger"
    whose = [is_client_page(page) for page in pages if page.questions[0].id[:4] != "asq."]
    assert whose == sorted(whose, reverse=True)


async def test_when_all_is_answered_the_result_waits_for_the_nurse(stage: Stage) -> None:
    answers = stage.whole()
    del answers["need.no_net"], answers["need.reading"]
    async with alone(stage, answers) as session:
        await session.press("0")
        session.on(LockScreen)
        session.says(DONE)
        session.lacks("step", "Suggested")
        await unlock(session)
        session.on(ResultScreen)
        session.says("The client has answered; nothing is left to ask.")


async def test_back_never_leads_before_where_the_client_began(stage: Stage) -> None:
    async with alone(stage, {**CALM, "phq9.1": 3, "phq9.2": 3}) as session:
        assert session.page == "phq9.3"
        await session.press("left", "backspace", "left")
        assert session.page == "phq9.3"
        session.says("This is where you began.")
        await session.press("1", "2", "left", "left", "left")
        assert session.page == "phq9.3"
        session.says("(x) Several days")
        await session.press("right", "right", "right")
        assert session.page == "phq9.5"


async def test_back_leaps_over_what_was_answered_with_the_nurse(stage: Stage) -> None:
    """The nurse turned back to page 2 and handed over there; pages 3 and 4 are not shown."""
    answers: dict[str, Answer] = {**CALM, "phq9.1": 3, "phq9.2": 3, "phq9.3": 3, "phq9.4": 3}
    stage.draft(answers)
    async with stage.workplace() as session:
        await session.press("1", "left", "left", "left")
        assert session.page == "phq9.2"
        await session.press("escape", "c", "enter", "enter", "1")
        assert session.page == "phq9.5"
        await session.press("left")
        assert session.page == "phq9.2"
        await session.press("left")
        assert session.page == "phq9.2"


async def test_a_skip_asks_nothing_and_tells_the_nurse_who_skipped(stage: Stage) -> None:
    async with alone(stage, CALM) as session:
        await session.press("s")
        assert session.on(ClientQuestionScreen).page.id == "phq9.2"
        kept = session.store.answers.get_progress(session.visit.assessment.id)
        assert kept.skipped == {"phq9.1": "skipped by the client, who answered alone"}


async def test_a_text_is_written_in_the_clients_own_sheet(stage: Stage) -> None:
    async with alone(stage, until(stage, "need.language"), client="sv") as session:
        await session.press("enter")
        session.on(ClientPrompt)
        session.says("F10 jag vill ha sjukskötaren")
        session.lacks("F10 nödkort", "F1 hjälp")
        await session.type("010190-123A")
        session.on(ClientPrompt)
        await session.type("teckenspråk")
        assert stored(session)["need.language"] == "teckenspråk"
        assert session.on(ClientQuestionScreen).page.id == "needs"


async def test_the_client_can_call_while_writing(stage: Stage) -> None:
    async with alone(stage, until(stage, "need.language")) as session:
        await session.press("enter")
        session.entry.value = "the winter"
        await session.press("f10")
        session.on(CalledScreen)
        session.says(CALLED)
        await session.press("escape")
        session.on(ClientPrompt)
        assert session.entry.value == "the winter"
        await session.press("f10")
        await unlock(session)
        assert session.page == "need.language"
        session.says(CALLED_YOU)


# -- the nurse is called ---------------------------------------------------


@pytest.mark.parametrize("key", ["h", "f10"])
async def test_one_key_calls_the_nurse_with_a_ring(
    stage: Stage, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rings: list[str] = []
    async with alone(stage, CALM) as session:
        monkeypatch.setattr(session.app, "bell", lambda: rings.append("ring"))
        await session.press("1", key)
        session.on(CalledScreen)
        session.says(CALLED, DANGER, "09 2525 0111", "verified")
        assert rings == ["ring"]
        await unlock(session)
        assert session.page == "phq9.2"
        assert not isinstance(session.shown, ClientQuestionScreen)
        session.says(CALLED_YOU)


@pytest.mark.parametrize("key", ["f10", "h"])
async def test_a_stray_call_ends_nothing(stage: Stage, key: str) -> None:
    """The client goes back from it, as often as it happens, until the nurse has unlocked."""
    async with alone(stage, CALM) as session:
        for answer in ("1", "2"):
            await session.press(key)
            session.on(CalledScreen)
            await session.press("escape")
            session.on(ClientQuestionScreen)
            assert session.app.workspace.with_client
            await session.press(answer)
        assert session.page == "phq9.3"
        given = stored(session)
        assert (given["phq9.1"], given["phq9.2"]) == (1, 2)


@pytest.mark.parametrize("key", ["e", "escape", "question_mark", "f1", "p", "q", "!"])
async def test_no_other_key_calls_or_ends_anything(stage: Stage, key: str) -> None:
    async with alone(stage, CALM) as session:
        await session.press(key)
        assert session.on(ClientQuestionScreen).page.id == "phq9.1"
        assert "phq9.1" not in stored(session)


@pytest.mark.parametrize("language", list(LANGUAGES))
async def test_a_red_flag_shows_a_calm_text_and_nothing_else(stage: Stage, language: str) -> None:
    t = speech(language)
    before = {**CALM, **dict.fromkeys(MOOD[:8], 0)}
    async with alone(stage, before, client=language, language=language) as session:
        client = session.visit.client
        await session.press("1")
        session.on(LockScreen)
        session.says(t(DONE), t(DANGER), "09 2525 0111", "09 2525 0112")
        session.lacks("STOP", "PHQ", show(client.code), str(client.birth_year))
        for stop in stage.pathway.stops:
            session.lacks(stop.rule.because[language])
        await session.press("escape", "enter", "left", "f10", "question_mark", "a", "1", "x")
        session.on(LockScreen)
        session.says(t(DONE))
        await unlock(session)
        session.on(StopScreen)
        session.says(t("The client, answering alone, gave the answer that asks for this stop."))
        assert stored(session)["phq9.9"] == 1


def shown(page: Page[Any]) -> tuple[object, ...]:
    """All that a page shows, as a value."""
    content = page.content(78)
    keys = [(each.caption, each.label) for each in content.keys]
    return content.title, content.lines, keys, content.message, content.traits


@pytest.mark.parametrize("client", list(LANGUAGES))
async def test_no_word_on_a_clients_page_is_in_the_nurses_language(
    stage: Stage, client: str
) -> None:
    """Whatever she speaks, the page is the same: captions, messages and locks too."""
    async with stage.program(demo=True, language=client) as session:
        for name, page in client_pages(session, stage, client):
            if name in ("hand over", "pause before the client"):
                continue  # those are hers
            found = []
            for nurse in LANGUAGES:
                session.app.workspace.language = nurse
                page.message = ""
                found.append(shown(page))
            assert found[0] == found[1] == found[2], name


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_whoever_looks_on_cannot_tell_danger_from_the_end(stage: Stage, language: str) -> None:
    workspace = Workspace(stage.clock, language="en")
    locks = partial(LockScreen, workspace, stage.pathway, language, never)
    danger, done = (shown(locks(reason=reason)) for reason in ("danger", "done"))
    assert danger == done


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_no_page_of_the_clients_promises_that_somebody_comes(stage: Stage, language: str) -> None:
    """Nobody can keep that; and each names numbers that answer."""
    workspace = Workspace(stage.clock, language="en")
    locks = partial(LockScreen, workspace, stage.pathway, language, never)
    pages = [locks(reason=reason) for reason in client_lock._TEXTS]
    for page in (*pages, CalledScreen(workspace, stage.pathway, language, never)):
        text = " ".join(text for line in page.content(78).lines for text, _ in line)
        assert not re.search(r"will come|comes|at once|tulee|heti|kommer (?!du)|genast", text), text
        assert "112" in text
        assert re.search(r"09 2525 0111 .*2025–26", " ".join(text.split()))


def test_a_pathway_without_verified_numbers_shows_those_that_come_with_porras(
    stage: Stage,
) -> None:
    own = list_crisis_numbers(stage.pathway)
    bare = {
        id_: card.model_copy(update={"numbers": ()}) for id_, card in stage.pathway.cards.items()
    }
    assert own
    assert list_crisis_numbers(replace(stage.pathway, cards=bare)) == own


async def test_a_mark_of_danger_calls_the_nurse_before_the_page_is_taken(stage: Stage) -> None:
    async with alone(stage, until(stage, "flag.psychosis")) as session:
        await session.press("6")
        session.on(ClientQuestionScreen)
        await session.press("1")
        session.on(LockScreen)
        session.says(DONE)
        await unlock(session)
        session.on(StopScreen)
        given = stored(session)
        assert (given["flag.psychosis"], given["flag.memory"]) == ("yes", "yes")


async def test_what_could_not_be_stored_is_told_to_the_nurse_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskFull(path="porras.db")

    async with alone(stage, CALM) as session:
        with monkeypatch.context() as patched:
            patched.setattr(AssessmentSession, "record_answers", full)
            await session.press("1")
        session.on(LockScreen)
        session.says("Something did not work.", "Please give the keyboard back to the nurse.")
        session.lacks("disk", "porras.db")
        await unlock(session)
        session.on(ErrorScreen)
        session.says("disk is full")
        await session.press("enter")
        assert session.page == "phq9.1"
        session.says("The client's last answer could not be stored.")
        assert "phq9.1" not in stored(session)


# -- the lock --------------------------------------------------------------


async def test_only_the_passphrase_opens_and_wrong_ones_make_the_next_try_wait(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "FIRST_WAIT_S", 0.2)
    waits: list[float] = []
    timed = PageScreen.set_timer

    def timer(self: PageScreen, delay: float, *rest: Any, **more: Any) -> Any:
        if isinstance(self.page, ClientLock):
            waits.append(delay)
        return timed(self, min(delay, 0.2), *rest, **more)

    monkeypatch.setattr(PageScreen, "set_timer", timer)
    async with alone(stage, CALM) as session:
        await session.press("h", "enter")
        session.says("type your passphrase")
        for wrong in (PASSPHRASE + "x", PASSPHRASE[:-1], PASSPHRASE.upper()):
            await session.type(wrong)
            session.on(CalledScreen)
            session.says("do not open the store", "The next try is possible in")
            assert session.entry.value == ""
            await session.type(PASSPHRASE)
            session.on(CalledScreen)
            session.says("Wait a moment")
            assert session.entry.value == PASSPHRASE, "the nurse need not type it again"
            await asyncio.sleep(0.25)
            await session.settle()
            session.says("You can try again now.")
        assert waits == [0.2, 0.4, 0.8]
        await session.press("enter")
        assert session.page == "phq9.1"
        assert not session.app.workspace.with_client


async def test_calling_again_does_not_end_the_wait_after_a_wrong_passphrase(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("screens.base.lock.monotonic", lambda: now[0])
    monkeypatch.setattr(lock, "FIRST_WAIT_S", 1.0)
    async with alone(stage, CALM) as session:
        for wait in (1.0, 2.0, 4.0):
            await session.press("h")
            await session.type("wrong")
            session.says("do not open the store", f"The next try is possible in {wait:.0f} s.")
            await session.press("escape", "h")
            now[0] += wait / 2
            await session.type(PASSPHRASE)
            session.on(CalledScreen)
            session.says("Wait a moment")
            assert session.entry.value == PASSPHRASE, "the nurse need not type it again"
            await session.press("escape")
            now[0] += wait
        await session.press("h")
        await session.type(PASSPHRASE)
        assert not session.app.workspace.with_client


async def test_the_wait_stops_growing_so_that_no_visit_is_lost(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def timer(screen: PageScreen, delay: float, then: Callable[[], None]) -> None:
        if isinstance(screen.page, ClientLock):
            waits.append(delay)
        then()

    monkeypatch.setattr(PageScreen, "set_timer", timer)
    async with stage.program(demo=True) as session:
        sheet = LockScreen(session.app.workspace, stage.pathway, "en", never, reason="done")
        await session.put(sheet)
        await session.settle()
        for _ in range(20):
            await session.type("wrong")
        assert waits[-1] == lock.LONGEST_WAIT_S
        assert waits == sorted(waits)


async def test_in_training_a_word_that_is_shown_opens(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        visit = stage.visit(session.store)
        visit.record_answers(dict(CALM))
        await session.press("n", "escape")
        row = row_of(session.on(StartScreen), visit.client.code)
        await session.press(row, "escape", "c")
        session.says("In training the word")
        await session.press("enter", "enter", "h")
        session.says("the training store has no passphrase", TRAINING_WORD)
        await session.type("something")
        session.on(CalledScreen)
        async with asyncio.timeout(PATIENCE_S):
            while "You can try again now." not in session.flat:  # before, it is not the word
                await session.settle()
                await asyncio.sleep(0.01)
        await session.type(TRAINING_WORD)
        assert session.page == "phq9.1"


CTRL = [f"ctrl+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"] + ["ctrl+backslash"]


async def test_no_key_with_ctrl_ends_the_program_or_leaves_the_client_mode(stage: Stage) -> None:
    async with alone(stage, CALM) as session:
        await session.press(*CTRL)
        assert session.app.is_running
        assert session.on(ClientQuestionScreen).page.id == "phq9.1"
        await session.press("h", *CTRL)
        assert session.app.is_running
        session.on(CalledScreen)
        await unlock(session)
        await session.press("ctrl+q")
        assert session.app.is_running


async def test_a_paste_answers_nothing(stage: Stage) -> None:
    async with alone(stage, CALM) as session:
        before = stored(session)
        session.app._driver.send_message(Paste("2222\n2222"))  # type: ignore[union-attr]
        await session.settle()
        assert session.on(ClientQuestionScreen).page.id == "phq9.1"
        assert stored(session) == before


@pytest.mark.parametrize("at_the_lock", [False, True])
async def test_a_program_closed_meanwhile_asks_the_passphrase_and_has_every_answer(
    stage: Stage, at_the_lock: bool
) -> None:
    async with alone(stage, CALM) as session:
        await session.press("2", "1", *(["h"] if at_the_lock else []))
    async with stage.program() as session:
        session.on(ValuePrompt)
        session.says("Open the store")
        await session.type("not the passphrase")
        session.on(ValuePrompt)
        await session.type(PASSPHRASE)
        session.on(StartScreen)
        await session.press("1")
        assert session.on(QuestionScreen).page.id == "phq9.3"
        given = stored(session)
        assert (given["phq9.1"], given["phq9.2"]) == (2, 1)
