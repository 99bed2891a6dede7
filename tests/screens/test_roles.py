"""Roles on the screens: if these fail, a key leads to what is not for somebody, or none to work."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pkgutil import walk_packages

import pytest

import screens
from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.client_card import ClientScreen
from screens.assessment.question import QuestionScreen
from screens.base.error import ErrorScreen
from screens.base.page import Page
from screens.base.prompt import ValuePrompt
from screens.desk.emergency import EmergencyScreen
from screens.desk.setup import HandleScreen
from screens.desk.start import StartScreen
from screens.desk.worklist import WorklistScreen
from store.codes import show
from store.errors import OtherUnit
from store.keys import keystore, login_throttle
from store.opening import staff_accounts
from store.permissions import Role
from tests.screens.running import CALM, HANDLE, PASSPHRASE, Session, Stage

OWN = "nine brave otters"
OF_CLIENTS = {
    "AtFirstScreen",
    "AssessmentScreen",
    "CalledScreen",
    "CardForm",
    "CareAloneScreen",
    "CareScreen",
    "ClientLock",
    "CameInScreen",
    "ClientOpeningScreen",
    "ClientQuestionScreen",
    "ClientPrompt",
    "ClientScreen",
    "CodeScreen",
    "CompareScreen",
    "ConfirmScreen",
    "DraftCard",
    "DrinksScreen",
    "EntryScreen",
    "EpisodeScreen",
    "FormScreen",
    "FoundScreen",
    "HandOverScreen",
    "LockScreen",
    "MisfitScreen",
    "NavigatorScreen",
    "NotDoneScreen",
    "NoteScreen",
    "OpenStopsScreen",
    "AssessmentListScreen",
    "PauseScreen",
    "PutRightScreen",
    "QuestionBody",
    "QuestionScreen",
    "RecordScreen",
    "ResultReading",
    "ResultScreen",
    "SafetyPlanScreen",
    "ServicesScreen",
    "SheetScreen",
    "StopScreen",
    "ResumedScreen",
    "TrackScreen",
    "TracksScreen",
    "WorklistScreen",
}
"""Screens that show a client's data or lead to them: for nurses and leads."""

OF_NOBODY = {
    "BecauseScreen",
    "ClassScreen",
    "ClientPartScreen",
    "BeginAnewScreen",
    "JoinedScreen",
    "OwnResultsScreen",
    "TourScreen",
    "ComparisonScreen",
    "OwnStepScreen",
    "OwnWordsPrompt",
    "RolesScreen",
    "ReportScreen",
    "StoryScreen",
    "CaseListScreen",
    "DrillCardScreen",
    "DrillScreen",
    "FlipScreen",
    "ReplayScreen",
    "WhatIfScreen",
    "TrainingMenu",
    "ClockScreen",
    "LostDatabaseScreen",
    "SignInScreen",
    "EmergencyScreen",
    "FamilyScreen",
    "FieldPage",
    "HandleScreen",
    "CareErrorScreen",
    "HelpScreen",
    "IdleScreen",
    "Locked",
    "LossScreen",
    "BackupScreen",
    "PathwayErrorScreen",
    "PickScreen",
    "Page",
    "PlaceScreen",
    "PromptScreen",
    "RecoveryScreen",
    "RuleScreen",
    "ServicesErrorScreen",
    "StartScreen",
    "ValuePrompt",
    "ErrorScreen",
    "WelcomeScreen",
}
"""Screens that by themselves tell nothing of a client."""

KEYS = ("n", "c", "w", "k", "p", "u", "m", "1", "2", "9", "x", "s", "d", "r", "t", "a", "h")
ALSO = ("enter", "down", "up", "tab", "space", "escape", "left", "backspace", "f2", "f10", "f1")
"""What is pressed at random; not l: in another language one of the letters closes the program."""

HERE, THERE = "Lahden sote-keskus", "Hollolan sote-keskus"


def colleague(stage: Stage, *given: Role, unit: str | None = None, handle: str = "aino") -> str:
    """Leave a client's draft in the store and let a colleague in; return the client's code."""
    assessment = stage.draft(CALM)
    with stage.store() as store:
        staff_accounts.add(stage.places, store, handle, PASSPHRASE, given, unit)
        if store.db.key:
            keystore.set_passphrase(stage.places.keys, handle, store.db.key, OWN)
        client = store.clients.get(store.assessments.get(assessment).client_id)
        return show(client.code)


async def comes_in(session: Session, handle: str = "aino", secret: str = OWN) -> None:
    session.on(HandleScreen)
    await session.press(*handle, "enter")
    await session.type(secret)


@pytest.mark.parametrize("given", [("auditor",), ("admin",), ("admin", "auditor")])
async def test_those_who_open_no_clients_data_see_none_and_no_key_that_leads_there(
    stage: Stage, given: tuple[Role, ...]
) -> None:
    code = colleague(stage, *given)
    async with stage.program() as session:
        await comes_in(session)
        session.on(StartScreen)
        session.says("Your roles open no client's data here.")
        session.lacks(code, "new assessment", "worklist", "Waits today")
        for key in ("n", "c", "w", "1", "enter", "down", "up"):
            await session.press(key)
            session.on(StartScreen)
            session.lacks(code)
        await session.press("f10")
        session.on(EmergencyScreen)
        await session.press("escape", "p", "escape")
        session.on(StartScreen)
        audited = [row["event"] for row in session.store.db.table("audit").rows]
        assert "access.refused" not in audited, "what is not offered is not tried either"


async def test_a_lead_looks_and_begins_nothing(stage: Stage) -> None:
    code = colleague(stage, "lead")
    async with stage.program() as session:
        await comes_in(session)
        session.says(code)
        session.lacks("new assessment")
        await session.press("n")
        session.on(StartScreen)
        await session.press("1")
        session.on(AssessmentListScreen)
        session.says(code, "draft")
        session.lacks("new assessment")
        await session.press("escape", "w")
        session.on(WorklistScreen)
        session.says(code)


async def test_a_nurse_does_a_days_work(stage: Stage) -> None:
    code = colleague(stage, "nurse")
    async with stage.program() as session:
        await comes_in(session)
        session.says(code)
        await session.press("1")
        session.on(QuestionScreen)
        await session.press("2", "escape", "l")
        session.on(StartScreen)
        await session.press("n")
        session.on(ClientScreen)


async def test_another_units_client_is_a_sentence_and_an_event(stage: Stage) -> None:
    with stage.store() as store:
        store.staff.set_own_unit(THERE)
    code = colleague(stage, "nurse", unit=HERE)
    async with stage.program() as session:
        await comes_in(session)
        session.lacks(code)
        await session.press("w")
        session.lacks(code)
        await session.press("escape", "c")
        await session.type(code)
        session.on(ValuePrompt)
        session.says("belongs to another unit")
        session.lacks("born", THERE)
        events = [row["event"] for row in session.store.db.table("audit").rows]
        assert events.count("access.refused") == 1
        await session.press("f10")
        session.on(EmergencyScreen)


async def test_a_lead_moves_a_client_and_the_new_unit_sees_it(stage: Stage) -> None:
    with stage.store() as store:
        store.staff.set_own_unit(THERE)
    code = colleague(stage, "nurse", unit=HERE)
    async with stage.program() as session:
        await comes_in(session, HANDLE, PASSPHRASE)
        await session.press("down", "enter")
        session.on(AssessmentListScreen)
        session.says(code)
        await session.press("u")
        session.says("Units here:", HERE, THERE)
        await session.type("Nobody's")
        session.on(ErrorScreen)
        await session.press("enter")
        await session.type(HERE)
        session.on(AssessmentListScreen)
        session.says(f"The client belongs to {HERE} now.")
    async with stage.program() as session:
        await comes_in(session)
        session.says(code)


async def test_only_a_lead_is_offered_to_move_a_client(stage: Stage) -> None:
    with stage.store() as store:
        store.staff.set_own_unit(HERE)
    colleague(stage, "nurse", unit=HERE)
    async with stage.program() as session:
        await comes_in(session)
        await session.press("down", "enter")
        session.on(AssessmentListScreen)
        session.lacks("move to a unit")
        await session.press("u")
        session.on(AssessmentListScreen)


async def test_a_client_that_was_moved_away_meanwhile_is_not_shown(stage: Stage) -> None:
    with stage.store() as store:
        store.staff.set_own_unit(HERE)
    colleague(stage, "nurse", unit=HERE)
    async with stage.program() as session:
        await comes_in(session)
        with stage.store() as store:
            client = store.clients.list_recent()[0]
            store.staff.set_unit(HANDLE, THERE)
            store.clients.move_to_unit(client.id, THERE)
        with pytest.raises(OtherUnit):
            session.store.clients.get(client.id)
        await session.press("1")
        session.on(ErrorScreen)
        session.says("This client belongs to another unit.")
        await session.press("enter")
        session.on(StartScreen)


# -- the door ---------------------------------------------------------------------------------


async def test_a_first_passphrase_opens_only_the_way_to_ones_own(stage: Stage) -> None:
    with stage.store() as store:
        staff_accounts.add(stage.places, store, "bo-2", PASSPHRASE, ["nurse"])
    async with stage.program() as session:
        await comes_in(session, "bo-2", PASSPHRASE)
        session.says("Choose a passphrase", "Somebody else gave you this passphrase")
        assert session.app.workspace.opened is None
        await session.type(PASSPHRASE)
        session.says("The passphrase is the same as before.")
        await session.type(OWN)
        await session.type(OWN)
        session.on(StartScreen)
    async with stage.program() as session:
        await comes_in(session, "bo-2", OWN)
        session.on(StartScreen)


async def test_leaving_the_choice_of_a_passphrase_leaves_the_store_closed(stage: Stage) -> None:
    with stage.store() as store:
        staff_accounts.add(stage.places, store, "bo", PASSPHRASE, ["nurse"])
    async with stage.program() as session:
        await comes_in(session, "bo", PASSPHRASE)
        await session.press("escape")
        assert session.app.workspace.opened is None
        session.says("the store is closed")


async def test_wrong_passphrases_wait_and_lock_and_are_told_in_the_log(stage: Stage) -> None:
    colleague(stage, "nurse")
    async with stage.program() as session:
        session.on(HandleScreen)
        await session.press(*"aino", "enter")
        for _ in range(login_throttle.FREE):
            await session.type("seven slow geese")
            session.says("do not open the store")
        for _ in range(login_throttle.LOCKED - login_throttle.FREE):
            stage.clock.now += timedelta(seconds=login_throttle.LONGEST_WAIT_S)
            await session.type("seven slow geese")
            await session.type(OWN)
            session.says("wrong tries")
        session.says("this staff code is locked until", "ask the lead nurse")
        await session.press("f10")
        session.on(EmergencyScreen)
    with stage.store() as store:
        from store.opening.unlock import unlock_account

        unlock_account(stage.places, store, "aino", stage.clock)
    async with stage.program() as session:
        await comes_in(session)
        session.on(StartScreen)
        rows = session.store.db.table("audit").rows
        failed = [row["subject"] for row in rows if row["event"] == "unlock.failed"]
        assert [subject.split("/")[:2] for subject in failed] == [
            ["aino", str(login_throttle.LOCKED)]
        ]


async def test_a_staff_code_out_of_use_is_told_so(stage: Stage) -> None:
    colleague(stage, "nurse")
    with stage.store() as store:
        store.staff.disable("aino")
    async with stage.program() as session:
        await comes_in(session)
        session.says("not in use any more", "Ask an administrator")
        assert session.app.workspace.opened is None


# -- every screen -----------------------------------------------------------------------------


def kinds() -> Iterator[type[Page[object]]]:
    """Every kind of screen that the program has."""
    for module in walk_packages(screens.__path__, "screens."):
        import_module(module.name)
    waiting: list[type[Page[object]]] = [Page]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("screens."):
            yield kind


def test_every_screen_is_known_to_show_a_clients_data_or_not() -> None:
    assert {kind.__name__ for kind in kinds()} == OF_CLIENTS | OF_NOBODY


@pytest.mark.parametrize("given", [("auditor",), ("admin",)])
async def test_no_row_of_keys_leads_to_a_clients_data_without_the_role(
    stage: Stage, given: tuple[Role, ...]
) -> None:
    code = colleague(stage, *given)
    fingers = random.Random(7)  # the same walk every time
    seen = set()
    async with stage.program() as session:
        await comes_in(session)
        for _ in range(150):
            await session.press(fingers.choice((*KEYS, *ALSO)))
            seen.add(type(session.shown).__name__)
            assert not seen & OF_CLIENTS
            session.lacks(code)
    assert {"StartScreen", "EmergencyScreen", "HelpScreen"} <= seen


async def test_a_walk_of_the_same_keys_shows_a_nurse_her_clients(stage: Stage) -> None:
    colleague(stage, "nurse")
    fingers = random.Random(7)
    seen = set()
    async with stage.program() as session:
        await comes_in(session)
        for _ in range(150):
            await session.press(fingers.choice((*KEYS, *ALSO)))
            seen.add(type(session.shown).__name__)
    assert seen & OF_CLIENTS, "else the walk above proves nothing"
