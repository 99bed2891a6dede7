"""If these fail, what goes on beside the steps is lost, told wrongly, or told to the wrong one."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

from screens.base.pick import PickScreen
from screens.episode.episode import EntryScreen, EpisodeScreen, RecordScreen
from screens.episode.recording.drinks import DrinksScreen
from screens.episode.recording.track_forms import FIELDS, GOALS
from screens.episode.tracks import LETTERS, TrackScreen, TracksScreen
from screens.forms.form import FormScreen
from screens.note.screen import NoteScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from screens.wording.event_words import SEGMENTS, SEGMENTS_ABOUT
from screens.wording.track_words import DRINKS, LIMITS, NEXT, WHO_ZONES, ZONES
from stepping.episode import alcohol, tracks
from stepping.episode.events import AlcoholUse, TrackEvent
from stepping.pathway.care import schema
from store.pathway_files.care import shipped_care
from tests.screens.running import CALM, Session, Stage
from tests.screens.test_episode import TODAY, episode, to_episode
from tests.screens.test_result import MODERATE


async def to_track(session: Session, digit: str) -> None:
    """From the episode to a track."""
    session.on(EpisodeScreen)
    await session.press("r")
    session.on(RecordScreen)
    await session.press("k")
    session.on(TracksScreen)
    await session.press(digit)
    session.on(TrackScreen)


def told(session: Session, track: str) -> list[TrackEvent]:
    """What the store has of a track."""
    return list(episode(session).tracks.get(track, ()))


async def test_work_ability_waits_for_consent_and_leads_to_the_hub_of_the_municipality(
    stage: Stage,
) -> None:
    answers = {**MODERATE, "work.status": "unemployed"}
    async with stage.resumed(stage.whole(answers), municipality="asikkala") as session:
        await to_episode(session)
        await to_track(session, "2")
        session.says("Nothing is sent before the client agrees", "nothing recorded")
        session.lacks("referred")
        await session.press("r")
        session.on(TrackScreen)
        await session.press("c", "enter")
        session.on(TrackScreen)
        session.says("next: referral", " referred")
        await session.press("r")
        session.on(FormScreen)
        session.says("Where to Example work-ability hub, Hollola")
        await session.press("up", "up", "up", *"4w", "enter", "enter", "enter")
        # No remark is written.
        await session.press("enter", "down", "enter")
        session.on(TrackScreen)
        session.says("next: first meeting; by 2026-12-20")
        consented, referred = told(session, "work_ability")
        assert (consented.what, referred.what) == ("consented", "referred")
        assert referred.where == "work_ability_hub_hollola"
        assert referred.review_on == TODAY + timedelta(weeks=4)
        await session.press("escape")
        session.on(TracksScreen)
        session.says("2 Work ability referred 2026-11-22; next: first meeting; by 2026-12-20")
        stage.clock.now += timedelta(weeks=5)
        await session.press("2")
        session.says("! by 2026-12-20: LATE")


async def test_who_works_is_sent_to_occupational_health_care(stage: Stage) -> None:
    answers = {**MODERATE, "work.status": "working"}
    async with stage.resumed(stage.whole(answers)) as session:
        await to_episode(session)
        await to_track(session, "2")
        await session.press("c", "enter", "r")
        session.says("Where to occupational health care")
        await session.press("enter")
        assert told(session, "work_ability")[-1].where == "occupational_health"
        session.says("referred · occupational health care")


async def test_a_plan_keeps_up_to_five_goals_in_the_clients_words(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await to_track(session, "3")
        session.lacks("v plan reviewed")
        await session.press("p")
        session.on(FormScreen)
        session.says("Goal 1", "Goal 5", "> Contact person, by role")
        await session.press("4", "enter")
        await session.type("a place of my own")
        await session.press("enter")
        await session.type("to sleep")
        await session.press("up", "up", "up", "up")  # past the end, to see what is missing
        while "> Enter stores this." not in session.flat:
            await session.press("down")
        await session.press("enter")
        session.on(FormScreen)
        session.says("This is needed: To be reviewed on", "a place of my own", "to sleep")
        await session.press(*"4w", "enter")
        while "> Enter stores this." not in session.flat:
            await session.press("down")
        await session.press("enter")
        session.on(TrackScreen)
        session.says("next: review; by 2026-12-20", "goals: a place of my own; to sleep")
        (plan,) = told(session, "multi_service")
        assert plan.goals == ("a place of my own", "to sleep")
        assert plan.role == "social_worker"


async def test_a_plan_is_corrected_with_all_its_goals_before_ones_eyes(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await to_track(session, "3")
        await session.press("p", "4", "enter")
        await session.type("to sleep")
        while "> To be reviewed" not in session.flat:
            await session.press("down")
        await session.press(*"4w", "enter", "down", "down", "enter")
        await session.press("escape", "escape", "c", "1")
        session.on(EntryScreen)
        await session.press("c")
        session.on(FormScreen)
        session.says("Goal 1 to sleep", "Contact person, by role social worker", "2026-12-20")
        while "> Goal 2" not in session.flat:
            await session.press("up")
        await session.press("enter")
        await session.type("to sing")
        while "> Enter stores this." not in session.flat:
            await session.press("down")
        await session.press("enter")
        session.on(PickScreen)
        (plan,) = told(session, "multi_service")
        assert plan.goals == ("to sleep", "to sing")
        assert plan.review_on == TODAY + timedelta(weeks=4)


async def test_the_time_in_specialised_care_runs_from_the_arrival_of_the_referral(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await to_track(session, "9")
        session.says("nothing recorded", "1 referral sent", "the referral has arrived")
        session.lacks("assessed there")
        await session.press("i", "enter")
        session.on(TrackScreen)
        session.says("next: record when the assessment was made", "3 assessed there")
        (arrived,) = told(session, "specialised_care")
        assert (arrived.what, arrived.day) == ("arrived", TODAY)
        await session.press("escape", "escape")
        session.on(EpisodeScreen)
        session.says("Assessment in specialised care: by 2027-02-22", "92 days left")


async def test_nothing_but_the_attendance_is_asked_for_the_employer(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await to_track(session, "4")
        session.says("The employer may learn only that the client came")
        await session.press("r")
        screen = session.on(FormScreen)
        assert [each.name for each in screen._fields] == ["day"]
        session.says("The employer may learn only that the client came")
        await session.press("enter", "f", "enter")
        session.on(TrackScreen)
        session.lacks("t attendance told")
        await session.press("c", "enter", "t", "enter")
        assert [e.what for e in told(session, "employer_talk")][-1] == "told"


async def test_a_notice_needs_no_consent_and_cannot_be_refused(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await to_track(session, "7")
        session.lacks("agreed", "refused", "safety card")
        await session.press("n", "2", "1", "down", "down", "enter")
        session.on(TrackScreen)
        session.says("notice made · social emergency service · by phone")
        await session.press("a", "enter", "z", "5", "down", "enter")
        session.says("outcome known · it was not told")


async def test_a_notice_that_a_safety_card_tells_of_is_asked_for(stage: Stage) -> None:
    answers = stage.whole({**MODERATE, **CALM, "danger.child": "yes"})
    async with stage.resumed(answers, recorded=("S1b",)) as session:
        await to_episode(session)
        await session.press("r", "k")
        session.says("a safety card tells of a notice (2026-11-22)")
        await session.press("7", "n", "1", "2", "down", "down", "enter", "escape")
        session.on(TracksScreen)
        session.lacks("safety card")


async def test_alcohol_is_compared_with_what_it_was_and_with_the_limits(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await to_track(session, "1")
        await session.press("u")
        session.says("> AUDIT total, 0–40")
        await session.press("4", "1", "enter")
        session.says("AUDIT total, 0–40: A number from 0 to 40, please.", "[ 41_")
        await session.press("backspace", "backspace", "1", "7", "enter", "d")
        session.on(DrinksScreen)
        await session.press("6", "3", "enter", "2", "5", "enter")
        session.says("26 portions a week: over the alarm limit (12–16)")
        await session.press("enter")
        session.on(FormScreen)
        session.says("Portions of 12 g a week 26")
        await session.press("1", *"12w", "enter", "enter", "enter")
        session.on(TrackScreen)
        session.says(
            "AUDIT 17 (high risk)", "26 portions of alcohol a week: over", "next: referral"
        )
        (use,) = episode(session).alcohol
        assert use == AlcoholUse(
            day=TODAY,
            audit=17,
            portions=26,
            mini_intervention=True,
            review_on=TODAY + timedelta(weeks=12),
        )
        stage.clock.now += timedelta(weeks=12)
        await session.press("u", "9", "enter", "1", "1", "enter", "down", "down", "enter", "enter")
        session.on(TrackScreen)
        session.says("AUDIT 9 (slightly raised risk)", "before: 17 (2026-11-22)")
        session.says("11 portions of alcohol a week: below", "before: 26 (2026-11-22)")


async def test_an_empty_form_about_alcohol_is_refused_and_stays(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await to_track(session, "1")
        await session.press("u", "up", "enter")
        session.on(FormScreen)
        session.says("Nothing is told of alcohol")
        assert not episode(session).alcohol


async def test_the_sum_of_drinks_is_left_without_a_trace(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await to_track(session, "1")
        await session.press("u", "down", "d", "1", "9", "escape")
        session.on(DrinksScreen)
        session.says("0 portions a week")
        await session.press("escape")
        session.on(FormScreen)
        session.says("> Portions of 12 g a week [ _")


async def test_what_the_client_says_at_the_end_is_asked_and_needs_one_answer(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r", "z")
        session.says("First ask what helped and what was missing")
        await session.press("escape", "r", "v")
        session.on(FormScreen)
        await session.press("up", "enter")
        session.says("one answer is enough")
        await session.press("down", "down", "down")
        session.on(FormScreen)
        await session.type("somebody to call in the evening")
        while "> Enter stores this." not in session.flat:
            await session.press("down")
        await session.press("enter")
        session.on(EpisodeScreen)
        found = episode(session).experience
        assert found is not None
        assert found.missing == "somebody to call in the evening"
        await session.press("r", "z")
        session.lacks("First ask what helped")


async def test_agreement_and_goal_are_two_keys_away_from_the_confirmed_note(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        session.on(ResultScreen)
        await session.press("enter")
        session.on(ConfirmScreen)
        await session.press("enter")
        await session.skip_what_is_asked_once()
        session.on(NoteScreen)
        await session.press("c")
        session.on(EpisodeScreen)
        session.says("Still to ask: agreement with the step (r, a) and the goal (r, g).")
        await session.press("r", "a", "8", "enter", "enter", "enter")
        session.says("Stored: Agreement with the step.", "Still to ask: the client's goal (r, g).")
        await session.press("r", "g", "1")
        await session.type("to sing again")
        await session.press("enter", "enter")
        session.on(EpisodeScreen)
        session.lacks("Still to ask")
        await session.press("escape")
        session.on(NoteScreen)


async def test_every_earlier_episode_can_be_read(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        session.lacks("other episodes")
        for how in ("3", "2"):
            await session.press("r", "z", how, "down", "enter", "enter")
            session.on(EpisodeScreen)
            await session.press("escape", "c", "enter")
            session.on(EpisodeScreen)
            session.says("Episode, opened today")
        await session.press("o")
        session.on(PickScreen)
        session.says("1 Episode, opened today", "2 Episode", "moved on", "3 Episode", "ended it")
        await session.press("3")
        session.on(EpisodeScreen)
        session.says("PHQ-9 /27", "the episode has ended")
        session.lacks("r record")
        await session.press("o", "escape")
        session.says("PHQ-9 /27")
        await session.press("o", "1")
        session.says("Episode, opened today", "r record")


async def test_each_client_group_is_explained(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r", "s")
        session.says(*SEGMENTS.values(), *SEGMENTS_ABOUT.values())


def test_no_word_of_the_tables_is_without_a_sentence() -> None:
    assert set(ZONES) == {band.name for band in alcohol.ZONES}
    assert set(WHO_ZONES) == {band.name for band in alcohol.WHO_ZONES}
    assert set(DRINKS) == {drink.id for drink in alcohol.DRINKS}
    assert set(LIMITS) == {"below", "at", "over"}
    assert set(FIELDS) == set(get_args(schema.Detail))
    assert len(GOALS) == tracks.MOST_GOALS
    actions = set(get_args(schema.ActionId))
    assert set(LETTERS) == actions
    assert actions <= set(NEXT)
    assert len(set(LETTERS.values())) == len(LETTERS)
    assert "e" not in LETTERS.values()
    assert all(len(track.action) <= 9 for track in shipped_care().tracks.values()), "a digit each"


def test_what_a_track_leads_to_is_a_form_of_care_that_there_is(stage: Stage) -> None:
    given_by = {track.given_by for track in shipped_care().tracks.values()}
    assert given_by - {None} <= {each.id for each in stage.pathway.interventions}
