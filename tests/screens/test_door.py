"""If these fail, a nurse cannot get at the store, or gets at it without the passphrase."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
from pathlib import Path

import pytest

from screens.assessment.client_card import ClientScreen
from screens.base.error import ErrorScreen
from screens.base.prompt import ValuePrompt
from screens.desk.setup import (
    HandleScreen,
    PlaceScreen,
    RecoveryScreen,
    SignInScreen,
    WelcomeScreen,
)
from screens.desk.start import StartScreen
from store.database import head_record, migrations
from store.files import ownership
from store.keys import keystore
from store.opening import site_setup
from store.paths import find
from tests.screens.running import HANDLE, PASSPHRASE, Session, Stage


async def set_up(session: Session, passphrase: str = PASSPHRASE) -> str:
    """Walk through the setup up to the recovery code; return the code."""
    await session.press("1", *HANDLE, "enter")
    session.on(PlaceScreen)
    await session.press(*"holl", "1")
    await session.type(passphrase)
    await session.type(passphrase)
    session.on(RecoveryScreen)
    found = re.search(r"\S{5}(-\S{5}){5}", session.text)
    assert found
    return found[0]


async def test_first_run_sets_up_an_encrypted_store_and_shows_the_recovery_code(
    stage: Stage,
) -> None:
    async with stage.program() as session:
        session.on(WelcomeScreen)
        session.says("Set up this workplace", "Open training", "does not diagnose or decide")
        assert stage.places.get_state() == "nothing"
        code = await set_up(session)
        assert keystore.unlock_with_recovery(stage.places.keys, code)
        await session.press("enter", "escape", "q", "n")
        session.on(RecoveryScreen)
        await session.press("w")
        session.on(StartScreen)
        session.says("Hollola")
    assert not stage.places.database.read_bytes().startswith(b"SQLite")
    with stage.store() as store:
        assert store.settings.get("municipality") == "hollola"
        assert store.handle == HANDLE


@pytest.mark.skipif(os.name != "posix", reason="rights of Unix")
async def test_a_place_that_others_may_write_to_is_told_before_the_setup(stage: Stage) -> None:
    folder = stage.places.database.parent
    folder.mkdir()
    folder.chmod(0o777)
    async with stage.program() as session:
        session.on(WelcomeScreen)
        session.says("Other users may write in", "could replace the store", "Set up this workplace")
        await set_up(session)
    folder.chmod(0o700)
    assert stage.places.get_state() == "store"


async def test_nothing_is_written_when_the_setup_is_left(stage: Stage) -> None:
    async with stage.program() as session:
        await session.press("1", *HANDLE, "enter", "1", "escape")
        session.on(WelcomeScreen)
        await session.press("1", "escape")
        session.on(WelcomeScreen)
        assert stage.places.get_state() == "nothing"
        await session.press("q")
    assert stage.places.get_state() == "nothing"


async def test_setup_asks_again_where_something_is_too_short_or_not_the_same(stage: Stage) -> None:
    async with stage.program() as session:
        await session.press("1", "A", "enter")
        session.on(HandleScreen)
        session.says("At least two letters or digits, please.")
        await session.press("B", "enter", "1")
        await session.type("too short")
        session.says("Choose a passphrase", "12")
        await session.type(PASSPHRASE)
        await session.type(PASSPHRASE + "x")
        session.says("It is not the same as before.")
        await session.type(PASSPHRASE)
        session.on(RecoveryScreen)


async def test_first_run_can_open_training(stage: Stage) -> None:
    async with stage.program() as session:
        await session.press("2")
        session.on(StartScreen)
        session.says("TRAINING", "TREE-NAFB")
    assert stage.places.training.exists()
    assert stage.places.get_state() == "nothing"


async def test_only_the_right_passphrase_opens(stage: Stage) -> None:
    with stage.store():
        pass
    async with stage.program() as session:
        session.says(f"The passphrase of {HANDLE}.")
        await session.type("seven slow geese")
        session.on(ValuePrompt)
        session.says("The staff code and the passphrase do not open the store.")
        session.says("If it is forgotten: Esc, then 2 opens with the recovery code.")
        assert session.entry.value == "", "nobody types behind what cannot be seen"
        assert session.app.workspace.opened is None
        await session.press("s")
        session.lacks("do not open the store")
        await session.type(PASSPHRASE)
        session.on(StartScreen)


async def test_the_passphrase_is_never_on_the_screen(stage: Stage) -> None:
    with stage.store():
        pass
    async with stage.program() as session:
        session.entry.value = PASSPHRASE[:-1]
        await session.settle()
        rows = session.app.screen._compositor.render_strips()
        shown = "\n".join("".join(segment.text for segment in row) for row in rows)
        assert PASSPHRASE[:5] not in shown
        assert "•" in shown


async def test_the_recovery_code_opens_with_a_new_passphrase(stage: Stage) -> None:
    async with stage.program() as session:
        code = await set_up(session)
        await session.press("w", "q")
    async with stage.program() as session:
        await session.press("escape")
        session.on(SignInScreen)
        await session.press("2")
        await session.type(code[:-1] + ("A" if code[-1] != "A" else "B"))
        session.on(ValuePrompt)
        session.says("Recovery code")
        assert session.shown.message
        await session.type(code.lower())
        session.says("Choose a passphrase")
        await session.type("nine brave otters")
        await session.type("nine brave otters")
        session.on(StartScreen)
    async with stage.program() as session:
        await session.type(PASSPHRASE)
        session.on(ValuePrompt)
        await session.type("nine brave otters")
        session.on(StartScreen)


async def test_the_door_can_be_left(stage: Stage) -> None:
    with stage.store():
        pass
    async with stage.program() as session:
        await session.press("escape", "1", "escape", "q")
        assert not session.app.is_running
        assert session.app.return_code == 0


async def test_several_nurses_are_asked_for_their_staff_code(stage: Stage) -> None:
    with stage.store():
        key = keystore.unlock(stage.places.keys, HANDLE, PASSPHRASE)
        keystore.set_passphrase(stage.places.keys, "nurse2", key, "nine brave otters")
    async with stage.program() as session:
        session.on(HandleScreen)
        await session.press(*"nurse2", "enter")
        await session.type("nine brave otters")
        session.on(StartScreen)
        assert session.store.handle == "nurse2"


async def test_a_setup_that_was_cut_short_is_finished(stage: Stage) -> None:
    with stage.store():
        pass
    stage.places.database.unlink()
    head_record.path_of(stage.places.database).unlink()
    async with stage.program() as session:
        session.on(SignInScreen)
        session.says("There are keys but no database.", "If it was moved, close Porras")
        await session.press("1")
        await session.type("seven slow geese")
        session.on(ValuePrompt)
        assert not stage.places.database.exists()
        await session.type(PASSPHRASE)
        session.on(RecoveryScreen)
        await session.press("w")
        session.on(StartScreen)
    assert stage.places.get_state() == "store"


async def test_a_database_without_its_keys_is_never_set_up_anew(stage: Stage) -> None:
    with stage.store():
        pass
    stage.places.keys.unlink()
    before = stage.places.database.read_bytes()
    async with stage.program() as session:
        session.on(ErrorScreen)
        session.says("What happened", "What is safe", "What to do", "close Porras")
        await session.press("enter")
        assert not session.app.is_running
    assert stage.places.database.read_bytes() == before
    assert not stage.places.keys.exists()


async def test_the_language_of_the_screens_is_kept_in_the_store(stage: Stage) -> None:
    async with stage.workplace() as session:
        await session.press("l")
        assert session.app.workspace.language == "fi"
        await session.press("q")
    async with stage.program(language=None) as session:
        await session.type(PASSPHRASE)
        assert session.app.workspace.language == "fi"
        session.on(StartScreen)
        await session.choose("n", "new assessment")
        session.on(ClientScreen)


CAUSES = {
    "the user of another computer account": "may not use",
    "newer keys": "The key file",
    "newer database": "was written by a newer Porras (schema",
    "damaged keys": "is damaged",
}


@pytest.mark.parametrize("cause", CAUSES)
async def test_what_keeps_the_door_closed_is_told_as_what_it_is(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, cause: str
) -> None:
    with stage.store() as store:
        if cause == "newer database":
            store.db.execute(f"PRAGMA user_version = {migrations.newest() + 1}")
    if cause == "the user of another computer account":
        monkeypatch.setattr(ownership, "_me", lambda: stage.places.keys.stat().st_uid + 4711)
    if cause.endswith("keys"):
        body = stage.places.keys.read_bytes().rstrip().rpartition(b"\n")[0]
        newer = body.replace(b'"version": 3', b'"version": 4').replace(
            b'"version":3', b'"version":4'
        )
        digest = hashlib.sha256(newer if cause == "newer keys" else body).hexdigest()
        stage.places.keys.write_bytes(newer + b"\n" + digest.encode() + b"\n")
    async with stage.program() as session:
        if not isinstance(session.shown, ErrorScreen):
            await session.type(PASSPHRASE)
        session.on(ErrorScreen)
        session.says(CAUSES[cause], "close Porras")
        if cause == "damaged keys":
            session.says("Put the key file back from the backup")
        else:
            session.lacks("estore the", "from the backup", "damaged")
        await session.press("enter")
        assert not session.app.is_running


@pytest.mark.skipif(os.name == "nt", reason="bytes of Unix")
async def test_a_failure_in_a_folder_with_an_old_name_can_be_shown(
    stage: Stage, tmp_path: Path
) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/Potilasty\xf6"))
    folder.mkdir()
    there = dataclasses.replace(stage, places=find(folder / "porras.db"))
    async with there.workplace() as session:
        session.on(StartScreen)
    there.places.keys.write_bytes(b"damaged")
    async with there.program() as session:
        session.on(ErrorScreen)
        assert "ilasty\\xf6" in session.text.replace("\n", "").replace(" ", "")
        session.text.encode()


async def test_the_first_sign_in_gives_the_recovery_code_until_it_is_written_down(
    stage: Stage,
) -> None:
    given: list[str] = []
    wanted = site_setup.Wanted("inst-01", None, {"municipality": "hollola"})
    site_setup.make(stage.places, wanted, given.append, stage.clock)
    async with stage.program() as session:
        await session.type(given[0])
        await session.type(PASSPHRASE)
        await session.type(PASSPHRASE)
        session.on(RecoveryScreen)
    assert not keystore.has_recovery(stage.places.keys), "the window was closed at the code"
    async with stage.program() as session:
        await session.type(PASSPHRASE)
        session.on(RecoveryScreen)
        found = re.search(r"\S{5}(-\S{5}){5}", session.text)
        assert found
        await session.press("w")
        session.on(StartScreen)
    assert keystore.unlock_with_recovery(stage.places.keys, found[0])
    async with stage.program() as session:
        await session.type(PASSPHRASE)
        session.on(StartScreen)
