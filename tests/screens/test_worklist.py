"""What waits: an open stop or a deadline that nobody sees is a client who is forgotten."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from rich.cells import cell_len

from casework.assessment import AssessmentSession
from casework.care_names import CareNames
from casework.language import speech
from casework.workspace import MUNICIPALITY
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.lines import Line
from screens.base.prompt import ValuePrompt
from screens.desk.start import StartScreen
from screens.desk.worklist import WorklistScreen, told
from screens.episode.episode import EpisodeScreen
from screens.episode.timeline import EpisodeBeside
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from stepping.decision.interview import Ask, Finished, Stop
from stepping.episode.events import (
    Closed,
    Contact,
    NeedEstablished,
    NextContact,
    Opened,
    PeriodStarted,
    TrackEvent,
)
from stepping.episode.validation import ValidationContext
from stepping.finland import finnish_day
from stepping.pathway.schema import Ages, Measuring
from store.codes import show
from store.pathway_files.care import shipped_care
from store.records import Matter, Occasion, WorkItem
from store.repository.store import Store
from store.training.opening import open_training
from tests.screens.running import Stage, TickingClock
from tests.screens.test_follow_up import followed
from tests.screens.test_result import MODERATE


def around(day: datetime.date) -> ValidationContext:
    return ValidationContext(
        today=day,
        birth_year=1990,
        interventions={},
        services={},
        service_ages={},
        tracks=shipped_care().tracks,
    )


def in_care(store: Store, opened: datetime.date, *, due: datetime.date | None = None) -> str:
    """A client in an episode with an established need; return the code as it is shown."""
    client = store.clients.add(birth_year=1990, language="en", municipality="hollola")
    record = store.episodes.begin(client.id, Opened(day=opened), around(opened))
    store.episodes.record_event(record.id, NeedEstablished(day=opened), around(opened))
    if due is not None:
        store.episodes.record_event(record.id, NextContact(day=opened, due=due), around(opened))
    return show(client.code)


async def test_a_safety_stop_that_was_left_stands_first(stage: Stage) -> None:
    stage.draft({})
    async with stage.workplace() as session:
        await session.press("1")
        session.on(QuestionScreen)
        await session.press("1", "enter")
        session.on(StopScreen)
        await session.press("escape", "l")
        session.on(StartScreen)
        await session.press("w")
        session.on(WorklistScreen)
        session.says("1 !", "safety stop open since")
        await session.press("1")
        session.on(StopScreen)


async def test_overdue_contacts_and_legal_times_are_told_by_the_days(stage: Stage) -> None:
    with stage.store() as store:
        today = finnish_day(stage.clock())
        late = in_care(store, today - timedelta(days=40), due=today - timedelta(days=3))
        waiting = in_care(store, today - timedelta(days=10))
    async with stage.workplace() as session:
        await session.press("w")
        lines = [line for line in session.text.split("\n") if late in line]
        assert any("agreed contact" in line and "(3 days late)" in line for line in lines)
        assert any(waiting in line and "days left)" in line for line in session.text.split("\n"))
        assert session.text.index("agreed contact") < session.text.index("days left)")
        await session.press("1")
        session.on(EpisodeScreen)
        await session.press("escape")
        session.on(WorklistScreen)


async def test_the_list_is_paged_and_can_be_narrowed(stage: Stage) -> None:
    with stage.store() as store:
        today = finnish_day(stage.clock())
        for number in range(12):
            in_care(store, today - timedelta(days=number))
    async with stage.workplace() as session:
        await session.press("w")
        session.says("1–9/")
        first = session.text
        await session.press("tab")
        assert session.text != first
        await session.press("o")
        session.says("begun by me", "1–9/")


async def test_contacts_that_come_stand_after_what_waits(stage: Stage) -> None:
    """Who is called today is seen in the morning, and tomorrow's call does not come unforeseen."""
    with stage.store() as store:
        today = finnish_day(stage.clock())
        opened = today - timedelta(days=9)
        later = in_care(store, opened, due=today + timedelta(days=6))
        next_day = in_care(store, opened, due=today + timedelta(days=1))
        now = in_care(store, opened, due=today)
        far = in_care(store, opened, due=today + timedelta(days=9))
    async with stage.workplace() as session:
        await session.press("w")
        rows = session.text.split("\n")
        assert next(row for row in rows if now in row and "contact" in row).endswith("(today)")
        assert session.text.index(now) < session.text.index("Contacts of the coming week")
        coming = session.text.partition("Contacts of the coming week")[2]
        assert coming.index(next_day) < coming.index(later)
        assert "(tomorrow)" in coming
        assert far not in coming
        session.says("1–7/7")
        await session.press("6")
        session.on(EpisodeScreen)
        session.says(next_day)


async def test_the_pointer_takes_a_matter_up(stage: Stage) -> None:
    with stage.store() as store:
        today = finnish_day(stage.clock())
        in_care(store, today - timedelta(days=40), due=today - timedelta(days=3))
        in_care(store, today - timedelta(days=10), due=today - timedelta(days=1))
    async with stage.workplace() as session:
        await session.press("w", "down")
        (row,) = (row for row in session.text.split("\n") if row.startswith(" > 2 !"))
        await session.press("enter")
        session.on(EpisodeScreen)
        session.says(row.split()[3])


async def test_on_a_wide_terminal_the_episode_stands_beside_the_list(stage: Stage) -> None:
    with stage.store() as store:
        today = finnish_day(stage.clock())
        in_care(store, today - timedelta(days=40), due=today - timedelta(days=3))
        in_care(store, today - timedelta(days=10))
    async with stage.workplace() as session:
        page = WorklistScreen(session.app.workspace, EpisodeBeside(session.app.workspace))
        page.open()
        seen = [text(page.aside(40))]
        for _ in page._items[1:]:
            page._move(1)
            seen.append(text(page.aside(40)))
        assert "Episode, open for 40 days" in seen[0]
        assert "was due 3 days ago" in seen[0]
        assert any("Episode, open for 10 days" in each for each in seen)
        assert all(cell_len(row) <= 40 for each in seen for row in each.split("\n"))
        views = session.store.audit_log
        before = views.get_head()
        page.aside(40)
        assert views.get_head() == before, "one look is logged once"
        EpisodeBeside(session.app.workspace).gist(page._items[0].client_id, 40)
        assert views.get_head() == before, "a row on the client's page is part of that page"


async def test_a_list_that_stands_over_midnight_is_read_anew_by_the_next_key(stage: Stage) -> None:
    """What is due today would else still stand among what comes, or pages further down."""
    stage.clock.now = datetime.datetime(2026, 11, 29, 21, 50, tzinfo=datetime.UTC)
    with stage.store() as store:
        opened = datetime.date(2026, 11, 20)
        code = in_care(store, opened, due=datetime.date(2026, 11, 30))
    for key in ("down", "tab"):
        stage.clock.now = datetime.datetime(2026, 11, 29, 21, 55, tzinfo=datetime.UTC)
        async with stage.workplace() as session:
            await session.press("w")
            session.says("Contacts of the coming week", f"2 {code} agreed contact")
            stage.clock.now = datetime.datetime(2026, 11, 29, 22, 10, tzinfo=datetime.UTC)
            page = session.on(WorklistScreen)
            page._move(1) if key == "down" else page._turn()
            await session.settle()
            session.says(f"> 1 {code} agreed contact")
            session.lacks("Contacts of the coming week")


def text(lines: list[Line]) -> str:
    return "\n".join("".join(part for part, _ in line) for line in lines)


async def test_an_empty_list_says_so(stage: Stage) -> None:
    async with stage.workplace() as session:
        await session.press("w")
        session.says("Nothing waits.")
        await session.press("escape")
        session.on(StartScreen)


WIDEST = 78 - len("> 1 ! ABCD-EFGH  ")
"""Cells that are left of a line behind the number, the mark and the code."""


def every_matter(due: datetime.date) -> Iterator[WorkItem]:
    """One of each that may stand on the list."""
    details: dict[str, list[dict[str, str]]] = {
        "review": [{"track": track} for track in shipped_care().tracks],
        "measurement": [{"occasion": occasion} for occasion in get_args(Occasion)],
        "guarantee": [{"rule": rule} for rule in LAWS],
    }
    for kind in get_args(Matter):
        for detail in details.get(kind, [{}]):
            yield WorkItem.model_validate(
                {
                    "kind": kind,
                    "client_id": "id",
                    "client": "TREENAAM",
                    "episode_id": None,
                    "assessment_id": None,
                    "due": due if kind in AGREED else None,
                    "since": due,
                    "municipality": None,
                    "unit": None,
                    "worker": "nurse-1",
                    **detail,
                }
            )


LAWS = [rule.id for rule in shipped_care().deadlines.deadline if rule.watched]
AGREED = {"next_contact", "measurement", "review", "guarantee"}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("days", [-300, -1, 0, 300])
def test_every_matter_fits_the_line(language: str, days: int) -> None:
    """What is cut off is the number of days."""
    today = datetime.date(2026, 11, 22)
    for item in every_matter(today + timedelta(days=days)):
        text = told(item, today, CareNames(shipped_care(), language), speech(language))
        assert cell_len(text) <= WIDEST, text
        assert "{" not in text
        assert item.kind not in AGREED or "300" in text or abs(days) < 300


async def test_what_is_agreed_is_told_in_words(stage: Stage) -> None:
    with stage.store() as store:
        today = finnish_day(stage.clock())
        client = store.clients.add(birth_year=1990, language="en", municipality="hollola")
        care = replace(around(today), interventions={"guided": Ages()})
        record = store.episodes.begin(client.id, Opened(day=today - timedelta(days=9)), care)
        begun = today - timedelta(days=8)
        for event in (
            PeriodStarted(
                day=begun, period="p1", intervention="guided", measuring=Measuring(every=1)
            ),
            Contact(day=begun, period="p1"),
            TrackEvent(day=begun, track="doctor", what="planned", review_on=today),
        ):
            store.episodes.record_event(record.id, event, care)
    async with stage.workplace() as session:
        await session.press("w")
        session.says("1 !", f"measurement at a contact: {begun} (8 days late)")
        session.says("doctor: review today")
        session.lacks("Where two legal times run")


async def test_a_whole_interview_waits_until_its_result_is_confirmed(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        session.on(ResultScreen)
        await session.press("escape", "l")
        session.on(StartScreen)
        await session.press("w")
        session.says("1 ", "result not confirmed, begun 2026-11-22")
        await session.press("1")
        session.on(ResultScreen)
        await session.press("enter")
        session.on(ConfirmScreen)
        await session.press("enter")
        await session.skip_what_is_asked_once()
        await session.press("enter", "w")
        session.lacks("result not confirmed")
        session.says("Start of treatment", "Where two legal times run")


async def test_a_nurse_names_the_unit_once_and_then_sees_what_is_its_own(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stage.store() as store:
        today = finnish_day(stage.clock())
        before = in_care(store, today)
    monkeypatch.setattr("tests.screens.running.HANDLE", "nurse2")
    with stage.store() as store:
        theirs = in_care(store, today)
        store.staff.set_own_unit("Hollolan sote-keskus")
    monkeypatch.undo()
    async with stage.workplace() as session:
        await session.press("w")
        session.says(before, theirs, "u only our unit")
        session.lacks("change unit")
        await session.press("u")
        session.on(ValuePrompt)
        session.says("Units here: Hollolan sote-keskus.")
        await session.press("escape")
        session.says(before, theirs)
        await session.press("u")
        await session.type("Lahden sote-keskus")
        session.says("begun by anyone · Lahden sote-keskus", before, "U change unit")
        session.lacks(theirs)
        await session.press("u")
        session.says(before, theirs)
        await session.press("u")
        session.on(WorklistScreen)
        session.says(before)
        session.lacks(theirs)
        await session.press("U")
        session.says("What you have begun stays with the unit where you began it.")
        await session.press("enter")  # what the colleague wrote stands there
        session.says("Hollolan sote-keskus", theirs)
        session.lacks(before)
        assert session.store.staff.get_own_unit() == "Hollolan sote-keskus"


async def test_a_unit_that_tells_of_a_person_is_refused_with_the_text_kept(stage: Stage) -> None:
    async with stage.workplace() as session:
        await session.press("w", "u")
        await session.type("anna@example.org")
        session.on(ValuePrompt)
        assert session.store.staff.get_own_unit() is None


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_the_keys_keep_to_two_rows(stage: Stage, language: str) -> None:
    """A third row would be cut off, and with it the way back."""
    with stage.store() as store:
        today = finnish_day(stage.clock())
        store.settings.set(MUNICIPALITY, "hollola")
        store.staff.set_own_unit("x" * 40)
        for number in range(12):
            in_care(store, today - timedelta(days=number))
    async with stage.workplace(language=language) as session:
        await session.choose("w", "worklist")
        for key in {"en": "omu", "fi": "ouy", "sv": "mkh"}[language]:
            await session.press(key)
            rows = session.text.split("\n")
            assert "F10" in rows[-1] or "F10" in rows[-2]
            below = "\n".join(rows[-2:])
            caps = [each.caption for each in session.on(WorklistScreen).key_list() if each.caption]
            assert all(f"{cap} " in below for cap in (*caps, "?"))
        assert {"en": "U ", "fi": "v ", "sv": "b "}[language] in below
        assert max(len(line) for line in session.text.split("\n")) <= 80


async def test_a_list_that_is_not_counted_to_its_end_is_turned_to_its_end(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stage.store() as store:
        today = finnish_day(stage.clock())
        for number in range(9):
            in_care(store, today, due=today + timedelta(days=1 + number % 2))
            in_care(store, today - timedelta(days=number))
        every = store.worklist.list_items(today, limit=99)
        every += store.worklist.list_contacts(today + timedelta(days=1), today + timedelta(days=7))
    monkeypatch.setattr("screens.desk.worklist._COUNTED", 1)
    async with stage.workplace() as session:
        page = WorklistScreen(session.app.workspace)
        page.open()
        seen, told = [*page._items], [page.top()[1]]
        for _ in every[9::9]:
            page._turn()
            seen += page._items
            told.append(page.top()[1])
        page._turn()
    assert seen == every
    assert (told[0], told[-1], page._first) == ("1–9/10+", "28–36/36", 0)


async def test_a_page_that_was_emptied_elsewhere_gives_way_to_the_first(stage: Stage) -> None:
    with stage.store() as store:
        today = finnish_day(stage.clock())
        for number in range(5):
            in_care(store, today - timedelta(days=number))
    async with stage.workplace() as session:
        await session.press("w")
        session.says("1–9/10")
        with stage.store() as store:
            done = store.worklist.list_items(today, limit=1, offset=9)[0]
            assert done.episode_id is not None
            left = Closed(day=today, how="moved_on")
            store.episodes.record_event(done.episode_id, left, around(today))
        await session.press("tab")
        session.says("1–8/8")


# The training store

KINDS = set(get_args(Matter))


async def test_practice_shows_one_of_everything_that_may_wait(stage: Stage) -> None:
    """Who has never seen an open stop on the list may not know it when there is one."""
    async with stage.program(demo=True) as session:
        store, workspace = session.store, session.app.workspace
        found = store.worklist.list_items(workspace.today, limit=100)
        assert {item.kind for item in found} == KINDS
        assert len(found) > 9, "there is a second page to turn to"
        for item in found:
            if item.assessment_id is not None:
                assessment = store.assessments.get(item.assessment_id)
                visit = AssessmentSession.resume(
                    store, assessment, workspace.get_pathway(assessment.pathway_digest)
                )
                kinds = {Stop: "open_stop", Finished: "unconfirmed", Ask: "draft"}
                assert kinds[type(visit.find_next())] == item.kind
        assert store.audit_log.find_bad_event() is None
        await session.press("w", "m")
        session.says("begun by anyone · Hollola")
        await session.press("u")
        session.says("begun by anyone · Hollolan sote-keskus · Hollola")


async def test_an_episode_in_practice_can_be_gone_on_with(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await session.press("w", "2")
        session.on(EpisodeScreen)
        session.says("Episode", "GAD-7")


@pytest.mark.parametrize("month", [1, 4, 11])
@pytest.mark.parametrize("hour", [0, 20, 21, 22, 23])
def test_practice_begins_at_any_hour(tmp_path: Path, month: int, hour: int) -> None:
    """Near midnight after the clocks were changed, a day of the story must not overtake another."""
    clock = TickingClock()
    clock.now = datetime.datetime(2026, month, 2, hour, 59, 50, tzinfo=datetime.UTC)
    with open_training(tmp_path / "training.db", clock) as store:
        assert {
            item.kind for item in store.worklist.list_items(finnish_day(clock.now), limit=100)
        } == KINDS


# What is known without asking


async def test_a_follow_up_that_was_only_opened_has_no_answers(stage: Stage) -> None:
    """What the episode gave would look like a follow-up that is half done."""
    async with followed(stage) as session:
        await session.press("1", "escape", "l")
        session.on(StartScreen)
        session.says("0 answers")
