"""The idle lock: if these fail, a client's data stays in sight, or what was typed is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.events import Paste

from casework import idle_timer
from casework.idle_timer import IdleTimer, limit_s
from screens.assessment.question import QuestionScreen
from screens.base.page import Page
from screens.base.prompt import ValuePrompt
from screens.desk.emergency import EmergencyScreen
from screens.desk.idle_lock import IdleScreen
from screens.desk.setup import RecoveryScreen
from screens.desk.start import StartScreen
from store.keys import keystore
from tests.screens.running import CALM, HANDLE, PASSPHRASE, Session, Stage

MINUTE = 60.0


class Hand:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, minutes: float) -> None:
        self.now += minutes * MINUTE


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    made = Hand()
    monkeypatch.setattr(idle_timer, "uptime_s", made)
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    return made


@asynccontextmanager
async def asked(stage: Stage) -> AsyncIterator[Session]:
    """A nurse in the middle of an interview."""
    async with stage.resumed(CALM) as session:
        session.on(QuestionScreen)
        yield session


async def locked(session: Session, hand: Hand, minutes: float = 5) -> IdleScreen:
    """Let time pass, and the program look at its clock."""
    hand.wait(minutes)
    session.app.lock_if_idle()
    await session.settle()
    return session.on(IdleScreen)


def code_of(session: Session) -> str:
    client = session.visit.client.code
    return f"{client[:4]}-{client[4:]}"


def drawn(session: Session) -> str:
    """Every cell that the terminal shows, whichever widget drew it."""
    rows = session.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in row) for row in rows)


async def test_after_five_minutes_nothing_of_the_client_is_in_sight(
    stage: Stage, hand: Hand
) -> None:
    async with asked(stage) as session:
        code, shown_before = code_of(session), "answers are stored"
        await session.press("escape")
        session.says(code, shown_before)
        hand.wait(4.9)
        assert not session.app.lock_if_idle()
        session.says(code)
        await locked(session, hand, 0.1)
        for shown in (session.text, drawn(session)):
            assert code not in shown
            assert shown_before not in shown
        session.says("locked", "What you typed is kept.", "Type your passphrase")


async def test_the_program_looks_at_the_clock_by_itself(
    stage: Stage, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.app._LOOK_S", 0.01)
    async with asked(stage) as session:
        hand.wait(5)
        await session.pilot.pause(0.1)
        session.on(IdleScreen)


async def test_what_was_typed_is_there_again_after_the_passphrase(stage: Stage, hand: Hand) -> None:
    async with asked(stage) as session:
        await session.press("m")
        note = session.on(ValuePrompt)
        session.entry.value = "sleeps badly since"
        await locked(session, hand)
        assert "sleeps badly" not in drawn(session)
        await session.type(PASSPHRASE)
        assert session.on(ValuePrompt) is note
        assert session.entry.value == "sleeps badly since"
        await session.press("enter")
        session.on(QuestionScreen)
        assert session.visit.notes == ["sleeps badly since"]


async def test_every_key_puts_the_lock_off(stage: Stage, hand: Hand) -> None:
    async with asked(stage) as session:
        for _ in range(4):
            hand.wait(4)
            await session.press("f12")
        assert not session.app.lock_if_idle()


async def test_a_key_that_comes_after_the_time_locks_and_answers_nothing(
    stage: Stage, hand: Hand
) -> None:
    async with asked(stage) as session:
        visit = session.visit
        before = dict(visit.answers)
        hand.wait(8 * 60)  # the computer slept
        await session.press("2")
        session.on(IdleScreen)
        assert visit.answers == before
        await session.type(PASSPHRASE)
        hand.wait(8 * 60)
        session.app._driver.send_message(Paste("3"))  # type: ignore[union-attr]
        await session.settle()
        session.on(IdleScreen)


async def test_a_program_that_goes_on_after_a_stop_is_covered_before_it_draws(
    stage: Stage, hand: Hand
) -> None:
    async with asked(stage) as session:
        hand.wait(4)
        session.app.coming_back()
        session.on(QuestionScreen)
        hand.wait(1)
        session.app.coming_back()
        assert isinstance(session.shown, IdleScreen), "at once, not with the next drawing"


async def test_only_the_right_passphrase_opens_and_each_wrong_one_is_logged(
    stage: Stage, hand: Hand
) -> None:
    async with asked(stage) as session:
        await locked(session, hand)
        told = session.store.db.table("audit").count
        await session.type("seven slow geese")
        session.on(IdleScreen)
        session.says("do not open the store", "The next try is possible in 1 s.")
        await session.type(PASSPHRASE)
        session.on(IdleScreen)
        session.says("Wait a moment")
        rows = list(session.store.db.table("audit").rows)[told:]
        assert [row["event"] for row in rows] == ["unlock.failed"]
        assert rows[0]["subject"].startswith(f"{HANDLE}/1/")
        session.on(IdleScreen)._may_try()
        await session.type(PASSPHRASE)
        session.on(QuestionScreen)
        assert session.store.audit_log.find_bad_event() is None


async def test_no_other_key_leads_away_from_the_lock(stage: Stage, hand: Hand) -> None:
    async with asked(stage) as session:
        await locked(session, hand)
        pressed = ("escape", "enter", "q", "1", "question_mark", "f1", "tab", "left", "f2", "space")
        for key in (*pressed, "ctrl+q", "ctrl+c", "ctrl+z"):
            await session.press(key)
            session.on(IdleScreen)
            session.lacks(code_of(session))


async def test_the_emergency_card_opens_on_the_lock_and_leads_back_to_it(
    stage: Stage, hand: Hand
) -> None:
    async with asked(stage) as session:
        await locked(session, hand)
        await session.press("f10")
        session.on(EmergencyScreen)
        session.says("112")
        await session.press("escape")
        session.on(IdleScreen)


async def test_an_emergency_card_that_was_open_is_there_again(stage: Stage, hand: Hand) -> None:
    async with asked(stage) as session:
        await session.press("f10")
        await locked(session, hand)
        await session.press("f10")
        session.on(EmergencyScreen)
        await session.press("escape")
        await session.type(PASSPHRASE)
        session.on(EmergencyScreen)
        await session.press("escape")
        session.on(QuestionScreen)


async def with_pin(session: Session, hand: Hand, pin: str) -> None:
    await locked(session, hand)
    session.entry.value = PASSPHRASE
    await session.press("f2")
    session.says("A PIN for this session")
    await session.type(pin)


async def test_a_pin_of_this_session_opens_the_lock_and_is_kept_nowhere(
    stage: Stage, hand: Hand
) -> None:
    async with asked(stage) as session:
        await with_pin(session, hand, "739104")
        session.on(QuestionScreen)
        await locked(session, hand)
        session.says("Type your PIN or your passphrase")
        await session.type("739104")
        session.on(QuestionScreen)
        for table in session.store.db.table_names():
            assert "739104" not in str(list(session.store.db.table(table).rows))
    async with stage.program() as session:
        await session.type("739104")
        session.on(ValuePrompt)
        assert session.app.workspace.opened is None


@pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "１２３４", "12 34", ""])
async def test_a_pin_is_four_to_eight_digits(stage: Stage, hand: Hand, pin: str) -> None:
    async with asked(stage) as session:
        await with_pin(session, hand, pin)
        session.says("A PIN for this session", "Only digits: 4 to 8.")
        await session.press("escape")
        session.on(QuestionScreen)
        await locked(session, hand)
        session.lacks("PIN or your")


async def test_three_wrong_pins_ask_for_the_passphrase(stage: Stage, hand: Hand) -> None:
    async with asked(stage) as session:
        await with_pin(session, hand, "7391")
        cover = await locked(session, hand)
        for wrong in ("7392", "0000"):
            await session.type(wrong)
            session.says("This is not the PIN.")
            cover._may_try()
        await session.type("1111")
        session.says("The PIN was wrong three times")
        cover._may_try()
        await session.type("7391")
        session.on(IdleScreen)
        cover._may_try()
        await session.type(PASSPHRASE)
        session.on(QuestionScreen)


async def test_f2_with_a_wrong_passphrase_chooses_no_pin(stage: Stage, hand: Hand) -> None:
    async with asked(stage) as session:
        cover = await locked(session, hand)
        session.entry.value = "seven slow geese"
        await session.press("f2")
        cover._may_try()
        await session.type(PASSPHRASE)
        session.on(QuestionScreen)


async def test_a_client_alone_may_take_any_time(stage: Stage, hand: Hand) -> None:
    async with asked(stage) as session:
        await session.press("escape", "c", "enter")
        assert session.app.workspace.with_client
        client: Page[object] = session.shown
        hand.wait(90)
        session.app.lock_if_idle()
        await session.settle()
        assert session.shown is client
        await session.press("h")
        hand.wait(90)
        assert not session.app.lock_if_idle(), "the lock of the client's part is there already"
        session.says("Waiting for the nurse")


async def test_the_training_store_and_the_closed_door_have_nothing_to_hide(
    stage: Stage, hand: Hand
) -> None:
    async with stage.program(demo=True) as session:
        hand.wait(90)
        assert not session.app.lock_if_idle()
        session.on(StartScreen)
    with stage.store():
        pass
    async with stage.program() as session:
        hand.wait(90)
        assert not session.app.lock_if_idle()


async def test_the_workplace_says_how_long(stage: Stage, hand: Hand) -> None:
    with stage.store() as store:
        store.settings.set(idle_timer.SETTING, "20")
    async with stage.workplace() as session:
        hand.wait(19.9)
        assert not session.app.lock_if_idle()
        await locked(session, hand, 0.1)


@pytest.mark.parametrize(
    ("stored", "shared", "minutes"),
    [
        (None, True, 5),
        ("1", True, 1),
        ("60", True, 60),
        ("61", True, 5),
        ("-1", False, 5),
        ("soon", False, 5),
        ("0", True, 5),
        ("0", False, None),
    ],
)
def test_the_limit_is_one_to_sixty_minutes_and_never_only_where_nobody_else_is(
    stored: str | None, shared: bool, minutes: int | None
) -> None:
    assert limit_s(stored, shared=shared) == (minutes and minutes * MINUTE)


def test_a_computer_is_shared_by_several_staff_codes_or_through_ssh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store.paths import find

    places = find(tmp_path / "porras.db")
    key = keystore.create(places.keys, "nurse-1", PASSPHRASE).key
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    assert not idle_timer.is_shared(places)
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 2 10.0.0.2 22")
    assert idle_timer.is_shared(places)
    monkeypatch.delenv("SSH_CONNECTION")
    keystore.add_user(places.keys, key, "nurse-2", PASSPHRASE)
    assert idle_timer.is_shared(places)


def test_a_clock_that_is_set_back_neither_locks_nor_keeps_open_for_ever(hand: Hand) -> None:
    watched = IdleTimer(hand, 5 * MINUTE)
    watched.touch()
    hand.wait(-60)
    assert not watched.due
    hand.wait(5)
    assert watched.due


async def test_the_recovery_code_is_hidden_too_and_comes_back_for_the_passphrase_alone(
    stage: Stage, hand: Hand
) -> None:
    async with stage.program() as session:
        await session.press("1", *HANDLE, "enter", "1")
        await session.type(PASSPHRASE)
        await session.type(PASSPHRASE)
        code = session.on(RecoveryScreen)._code
        assert code in drawn(session)
        await locked(session, hand)
        assert code not in drawn(session)
        for key in ("w", "escape", "enter", "f10"):
            await session.press(key)
            assert code not in drawn(session)
        session.on(EmergencyScreen)
        await session.press("escape")
        session.on(IdleScreen)
        await session.type("seven slow geese")
        assert code not in drawn(session)
        hand.wait(1)
        session.on(IdleScreen)._may_try()
        await session.type(PASSPHRASE)
        session.on(RecoveryScreen)
        assert code in drawn(session)
        await session.press("f10", "escape", "escape")
        assert code in drawn(session)
        await session.press("w")
        session.on(StartScreen)
        await locked(session, hand)
