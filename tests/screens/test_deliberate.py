"""If these fail, a key that nobody meant answers, records or ends something, on some page."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from textual._time import get_time
from textual.events import Key, Paste

from screens.alone.hand_over import HandOverScreen
from screens.assessment.client_card import ClientScreen
from screens.assessment.pause import PauseScreen
from screens.assessment.stop import StopScreen
from screens.base.keys import KeyBinding, bindings
from screens.base.page import Page
from screens.base.prompt import ValuePrompt
from screens.corrections.card_form import CardForm
from screens.forms.form import FormScreen
from screens.result.confirm import ConfirmScreen
from screens.training.reset import BeginAnewScreen
from stepping.decision.safety import find_stop_questions
from store.codes import show
from tests.screens.running import CALM, MOOD, Session, Stage, drawn
from tests.screens.test_question import stored, until
from tests.screens.test_stop import rows
from tests.screens.test_words import Screens
from tui.full_screen.key_pace import Pace
from tui.terminal.keyboard import PASTE_LIMIT, Burst, TooMuch

USUAL = Pace()
CTRL = [f"ctrl+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
CTRL += [f"ctrl+{name}" for name in ("@", "backslash", "circumflex_accent", "underscore", "left")]


def key(name: str, at: float | None = None) -> Key:
    characters = {"enter": "\r", "question_mark": "?", "space": " "}
    event = Key(name, characters.get(name, name if len(name) == 1 else None))
    if at is not None:
        event.time = at
    return event


def burst(text: str) -> Burst:
    return Burst([key("enter" if char == "\r" else char) for char in text])


async def send(session: Session, *events: Any) -> None:
    for event in events:
        session.app._driver.send_message(event)  # type: ignore[union-attr]
    await session.settle()


def held(name: str, start: float, repeats: int = 10) -> list[Key]:
    """A key that is held down: the first repeat after half a second, then 30 a second."""
    return [key(name, start), *(key(name, start + 0.5 + n / 30) for n in range(repeats))]


async def every_kind_of_page(session: Session, stage: Stage) -> AsyncIterator[Page[Any]]:
    """Put up one of each kind of page with each set of keys, and take it off again."""
    known: set[tuple[type[Page[Any]], tuple[str, ...]]] = set()
    session.patient = False
    for _, sheet in Screens(session, stage, "en").all():
        if isinstance(sheet, BeginAnewScreen):  # it takes no key, and leaves by itself
            continue
        kind = type(sheet), tuple(each.keys for each in bindings(sheet.key_list()))
        if kind in known:
            continue
        known.add(kind)
        await session.put(sheet)
        await session.settle()
        yield sheet
        sheet.leave(None)
        await session.settle()


def counted(sheet: Page[Any]) -> Counter[str]:
    """Let commands be counted, and do nothing else from now on."""
    done: Counter[str] = Counter()

    def count(keys: str) -> None:
        done[keys] += 1

    real = drawn(sheet).all_keys

    def wrapped() -> list[KeyBinding]:
        return [replace(each, run=partial(count, each.keys)) for each in bindings(real())]

    vars(drawn(sheet))["all_keys"] = wrapped
    if isinstance(sheet, ValuePrompt):
        vars(sheet)["take"] = lambda text: count("enter")
    return done


def keys_of(sheet: Page[Any]) -> Iterable[tuple[str, KeyBinding]]:
    for each in bindings(drawn(sheet).all_keys()):
        yield from ((name, each) for name in each.names)


# -- a key that is held ----------------------------------------------------


async def test_on_every_page_a_held_key_acts_once_and_moves_as_long_as_it_is_held(
    stage: Stage,
) -> None:
    async with stage.program(demo=True, pace=USUAL) as session:
        at = get_time() + 1
        async for sheet in every_kind_of_page(session, stage):
            done = counted(sheet)
            for name, command in list(keys_of(sheet)):
                if drawn(sheet).edits(key(name)):
                    continue
                done.clear()
                await send(session, *held(name, at))
                at += 5
                times = 11 if command.moves else 1
                assert done == {command.keys: times}, f"{name} on {sheet!r}"
            if isinstance(sheet, ValuePrompt):
                done.clear()
                await send(session, *held("enter", at))
                at += 5
                assert done == {"enter": 1}, sheet


async def test_zero_held_on_the_first_page_answers_that_page_alone(stage: Stage) -> None:
    async with stage.resumed({}, pace=USUAL) as session:
        first, *repeats = held("0", get_time() + 1, 80)
        await send(session, first)
        await send(session, *repeats)
        assert session.page == "phq9.1"
        assert stored(session) == dict(CALM)
        session.says("A key held down does one thing only: let go, then press.")


@pytest.mark.parametrize("name", ["d", "x", "1", "enter", "left", "escape", "a"])
async def test_a_key_held_on_a_stop_records_at_most_one_step(stage: Stage, name: str) -> None:
    async with stage.resumed({"danger.suicide": "yes"}, pace=USUAL) as session:
        await send(session, *held(name, get_time() + 1, 80))
        assert len(rows(session)) == (name == "d")


async def test_the_second_press_of_a_hand_acts_a_moment_later(stage: Stage) -> None:
    async with stage.resumed({**CALM, "phq9.1": 0}, pace=USUAL) as session:
        await asyncio.sleep(2 * USUAL.pause)
        await send(session, key("0"))
        await asyncio.sleep(2 * USUAL.repeat)
        await send(session, key("0"))
        assert session.page == "phq9.3"
        for _ in range(1000):
            if session.page != "phq9.3":
                break
            await asyncio.sleep(0.01)
        assert session.page == "phq9.4"


async def test_an_honest_train_of_the_same_digit_answers_page_after_page(stage: Stage) -> None:
    async with stage.resumed(CALM, pace=USUAL) as session:
        at = get_time() + 1
        for n in range(8):
            await send(session, key("0", at + n * 0.25))
        await send(session, key("down", at + 2.0))
        assert session.page == "phq9.9"


async def test_backspace_that_is_held_empties_a_field_and_goes_no_page_back(stage: Stage) -> None:
    async with stage.resumed(until(stage, "work.ability"), pace=USUAL) as session:
        at = get_time() + 1
        await send(session, key("1", at), key("0", at + 0.3))
        session.says("[ 10_")
        await send(session, *held("backspace", at + 1, 40))
        session.says("[ _")
        assert session.page == "work.ability"


# -- pages that weigh ------------------------------------------------------


@pytest.mark.parametrize("answers", [{}, {**CALM, **dict.fromkeys(MOOD[:8], 0)}])
async def test_a_page_that_weighs_takes_no_key_without_a_pause(
    stage: Stage, answers: dict[str, Any]
) -> None:
    async with stage.resumed(answers, pace=USUAL) as session:
        page, at = session.page, get_time() + 1
        await send(session, key("down", at), key("0", at + 0.15))
        assert session.page == page
        session.says("A key counts here after a short pause: press it again.")
        await send(session, key("0", at + 1), key("down", at + 1.2))
        assert session.page != page


async def test_the_card_of_help_never_waits_for_a_pause(stage: Stage) -> None:
    async with stage.resumed({"danger.suicide": "yes"}, pace=USUAL) as session:
        at = get_time() + 1
        await send(session, key("down", at), key("f10", at + 0.02))
        session.says("112")
        assert not isinstance(session.shown, StopScreen)


def test_what_weighs_is_what_stops_rest_on_and_what_is_marked(stage: Stage) -> None:
    weighing = find_stop_questions(stage.pathway)
    assert {*CALM, "phq9.9", "asq.1", "nurse.worried", "flag.psychosis"} <= weighing
    assert not {"gad7.1", "work.ability", "segment", "wish.formats"} & weighing


async def test_stop_confirmation_pause_and_handing_over_weigh(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        found: dict[type[Page[Any]], set[bool]] = {}
        async for sheet in every_kind_of_page(session, stage):
            found.setdefault(type(sheet), set()).add(sheet.traits.weighs)
        assert found[StopScreen] == found[ConfirmScreen] == found[PauseScreen] == {True}
        assert found[FormScreen] == {True, False}
        assert found[ClientScreen] == {False}
        assert HandOverScreen(session.app.workspace).traits.weighs


async def test_nothing_is_recorded_within_the_first_second_of_a_stop(stage: Stage) -> None:
    async with stage.resumed({"danger.suicide": "yes"}) as session:
        session.app.workspace.debounce_s = 0.05
        since = session.screen.guard._since
        assert since is not None
        await send(session, key("2", since + 0.1), key("d", since + 0.95))
        session.says("> 2 [ ]", "This has just come up: read it, then press again.")
        assert rows(session) == []
        await send(session, key("d", since + 1.05))
        session.says("> 2 [x]")


# -- what comes at once ----------------------------------------------------


async def test_a_burst_does_nothing_on_any_page(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        async for sheet in every_kind_of_page(session, stage):
            done = counted(sheet)
            for name, _ in list(keys_of(sheet)):
                if len(name) == 1 or name == "enter":
                    char = "\r" if name == "enter" else name
                    sheet.message = ""
                    await send(session, burst("1" + char), burst(char + "\r"))
                    assert sheet.message, f"{char!r} is lost in silence on {sheet!r}"
            assert not done, sheet


@pytest.mark.parametrize("text", ["10\r", "00", "1\r\r"])
async def test_a_burst_answers_no_question_and_says_so(stage: Stage, text: str) -> None:
    async with stage.resumed({}) as session:
        await send(session, burst(text))
        assert session.page == "danger"
        assert stored(session) == {}
        session.says("Several keys came at once: none of them acts.")


async def test_of_a_burst_the_characters_go_into_a_field_and_enter_does_not_act(
    stage: Stage,
) -> None:
    async with stage.resumed(until(stage, "work.ability")) as session:
        await send(session, burst("10\r"))
        session.says("[ 10_", "Several keys came at once: none of them acts.")
        assert session.page == "work.ability"
        await session.press("enter")
        assert stored(session)["work.ability"] == 10


async def test_a_burst_in_a_note_is_typed_and_its_enter_is_told(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await session.press("m")
        await send(session, burst("slept badly\r"))
        assert session.entry.value == "slept badly"
        session.says("This came at once, so its Enter was not obeyed")
        await session.press("enter")
        assert session.visit.notes == ["slept badly"]


async def test_a_paste_of_several_lines_is_kept_whole(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await session.press("m")
        await send(session, Paste("slept badly\n\n  no appetite\ntired\n"))
        assert session.entry.value == "slept badly no appetite tired"
        session.says("The lines were joined to one.")


async def test_a_paste_that_does_not_fit_is_refused_whole_with_its_length(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await session.press("m", "a", "b")
        await send(session, Paste("word " * 100))
        session.says("Pasted: 500 characters, with room for 498. Nothing of it was taken.")
        await send(session, TooMuch(PASTE_LIMIT + 1))
        session.says("Pasted: 4001 characters, with room for 498.")
        assert session.entry.value == "ab"
        await send(session, Paste("w" * 498))
        assert len(session.entry.value) == 500
        await session.press("x")
        assert len(session.entry.value) == 500
        session.says("At most 500 characters, please.")


async def test_a_paste_too_long_for_a_field_of_words_is_not_called_unwelcome(stage: Stage) -> None:
    """A shorter one is taken there."""
    with stage.store() as store:
        code = show(stage.visit(store).client.code)
    async with stage.workplace() as session:
        await session.press("c")
        await session.type(code)
        await session.press("k", "k")
        session.on(CardForm)
        await session.press("down", "down", "down", "down")
        await send(session, TooMuch(PASTE_LIMIT + 1))
        session.says("Pasted: 4001 characters, with room for", "Nothing of it was taken.")
        await session.press("up")
        await send(session, TooMuch(PASTE_LIMIT + 1))
        session.says("What was pasted is not taken here")


async def test_a_paste_on_a_page_of_keys_is_told(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await send(session, Paste("1"))
        session.says("What was pasted is not taken here")
        await send(session, TooMuch())
        session.says("Too many keys came at once: some were not taken.")
        assert stored(session) == {}


async def test_what_came_before_the_page_stood_is_told_where_it_came_at_once(
    stage: Stage,
) -> None:
    async with stage.resumed({}) as session:
        early = burst("12")
        early.time = get_time() - 60
        await send(session, early)
        session.says("What came before this page was there is not taken.")


# -- Caps Lock and Ctrl ----------------------------------------------------


async def test_with_caps_lock_every_letter_does_what_it_does_without(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        async for sheet in every_kind_of_page(session, stage):
            done = counted(sheet)
            for name, command in list(keys_of(sheet)):
                if len(name) == 1 and name.islower() and not drawn(sheet).edits(key(name)):
                    done.clear()
                    await send(session, key(name.upper()))
                    assert done == {command.keys: 1}, f"{name.upper()} on {sheet!r}"


async def test_caps_lock_answers(stage: Stage) -> None:
    async with stage.resumed(until(stage, "nurse.worried")) as session:
        await session.press("N")
        assert stored(session)["nurse.worried"] == "no"


async def test_no_key_with_ctrl_ends_the_program_or_shows_anything_foreign(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        async for sheet in every_kind_of_page(session, stage):
            before, message = session.text.splitlines(), sheet.message
            for name in CTRL:
                await send(session, key(name))
                assert session.app.is_running and session.shown is sheet, f"{name} on {sheet!r}"
                assert not session.app._notifications, f"{name} on {sheet!r}"
            sheet.say(message)
            await session.settle()
            assert session.text.splitlines() == before, sheet


@pytest.mark.parametrize("name", ["ctrl+c", "ctrl+q"])
async def test_the_keys_that_end_other_programs_say_how_this_one_is_left(
    stage: Stage, name: str
) -> None:
    async with stage.resumed({}) as session:
        await session.press(name)
        session.says("Ctrl ends nothing here. Esc goes back; q on the first page closes.")
        await session.press("escape", "l", "q")
        assert not session.app.is_running


async def test_ctrl_edits_a_typed_text_and_copies_nothing(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await session.press("m", "a", "b", "ctrl+a", "c", "ctrl+x", "ctrl+c", "ctrl+v")
        assert session.entry.value == "cab"
        assert session.app.clipboard == ""
        await session.press("ctrl+u")
        assert session.entry.value == "ab"
