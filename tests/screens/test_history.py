"""If these fail, the picture of an episode tells something else than what happened."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.care_names import CareNames
from casework.episode import EpisodeSession
from casework.episode_names import EpisodeNames
from casework.language import LANGUAGES, speech
from casework.workspace import Workspace
from screens.base.keys import bindings
from screens.base.lines import Line
from screens.episode.axis import Axis
from screens.episode.columns import EIGHTHS, HALVES, Raster, columns_of, number, plot
from screens.episode.episode import EpisodeScreen
from screens.episode.followed import Followed
from screens.episode.recording.background import BACKGROUND
from screens.episode.recording.event_forms import TITLES
from screens.episode.recording.event_keys import key_of
from screens.episode.spoken import spoken_history
from screens.episode.timeline import heading, history
from screens.wording import track_words
from screens.wording.event_words import CLOSINGS, ENDS, GAPS, PAUSES, VERDICTS, VOICES, event_words
from stepping.episode import deadlines, events, reliable_change, validation
from stepping.episode.episode import Episode
from stepping.episode.events import (
    Closed,
    Contact,
    Event,
    MeasureTaken,
    Missed,
    NeedEstablished,
    NextContact,
    Opened,
    Paused,
    PeriodEnded,
    PeriodStarted,
    Resumed,
    TrackEvent,
)
from stepping.pathway.schema import Measuring
from store.errors import UnfitEvent
from store.pathway_files.care import shipped_care
from store.records import Client
from tests.screens.episodes import HALF_A_YEAR, KNOWN, PHQ9, day, lived, measured

EN = speech("en")
KNOWN_TYPED = replace(KNOWN, measures=())
WIDTH = 78
ROOM = 20
"""Rows of the smallest window."""


def drawn(
    episode: Episode,
    today: date,
    *,
    known: EpisodeNames = KNOWN,
    language: str = "en",
    width: int = WIDTH,
    eighths: bool = True,
) -> list[str]:
    """The page as plain lines."""
    told = replace(known, care=CareNames(shipped_care(), language))
    lines = history(episode, told, today, speech(language), width, eighths=eighths)
    return ["".join(text for text, _ in line).rstrip() for line in lines]


def flat(episode: Episode, today: date, known: EpisodeNames = KNOWN) -> str:
    return " ".join(" ".join(drawn(episode, today, known=known)).split())


def test_half_a_year_stands_on_one_page() -> None:
    assert drawn(HALF_A_YEAR, day(95)) == [
        "week      0    1    2    3    4    5    6    7   8    9    10   11   12   13",
        "PHQ-9 /27 17                          14",
        "          ▄▄                          ▁▁                                 8",
        " limit 10 ██--------------------------██---------------------------------▁▁---",
        "          ██                          ██                                 ██",
        "GAD-7 /21 11",
        "          ▁▁                          10                                 7",
        " limit 8  ██--------------------------▇▇---------------------------------▃▃---",
        "          ██                          ██                                 ██",
        "Step 2                                ┌──────────────────────────────────┐",
        "Step 1    ────────────────────────────┘                                  └───>",
        "Care             ├Guided self-help─────┤     ├Brief cognitive therapy────────>",
        "Contacts              o         o                o",
        "Change PHQ-9 17 → 8, GAD-7 11 → 7: scores recovered",
        "Forms  ORS 20 (2026-04-26); limit 25 or less* (* not verified)",
        "Clock  Therapy guarantee: 22 days late; First treatment: 3 days late",
        "Next   contact Sat 2026-06-20, Midsummer Day, in 15 days",
        "Goal   to sleep through the night; agrees with the step 8/10; group 2",
        "Beside alcohol: referred to a substance service 2026-03-22",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [37, 62, 78])
def test_the_page_is_whole_in_every_language(language: str, width: int) -> None:
    lines = drawn(HALF_A_YEAR, day(95), language=language, width=width)
    assert all(len(line) <= width for line in lines)
    assert len(lines) <= ROOM or width < WIDTH
    said = speech(language)("scores recovered")
    assert said in " ".join(" ".join(lines).split())
    if language != "en":
        english = " ".join(drawn(HALF_A_YEAR, day(95)))
        assert not [word for word in ("recovered", "guarantee", "Clock") if word in " ".join(lines)]
        assert "recovered" in english


def test_without_eighths_a_column_has_more_rows_of_halves() -> None:
    lines = drawn(HALF_A_YEAR, day(95), eighths=False)
    assert lines[1:5] == [
        "PHQ-9 /27 17                          14",
        "          ██                          ▄▄                                 8",
        " limit 10 ██--------------------------██---------------------------------▄▄---",
        "          ██                          ██                                 ██",
    ]
    assert not set("▁▂▃▅▆▇") & set("".join(lines))


def test_no_points_stand_on_the_ground_and_lacking_ones_are_a_question() -> None:
    """Nothing is worse to mistake for nothing at all than a total that nobody knows."""
    episode = lived(
        Opened(day=day(0)), measured(0, 1, 0), measured(14, 1, None), measured(28, 1, 9)
    )
    ground, line = drawn(episode, day(28))[4], drawn(episode, day(28))[3]
    assert ground.split() == ["__", "?", "██"]
    assert line.split()[2].startswith("0-")


def test_a_measure_that_is_better_high_says_so_and_is_over_its_line_below() -> None:
    ors = [
        Contact(day=day(7), period="p1", ors=12.5),
        Contact(day=day(21), period="p1", ors=31),
    ]
    began = PeriodStarted(day=day(1), period="p1", intervention="help")
    lines = history(lived(Opened(day=day(0)), began, *ors), KNOWN_TYPED, day(28), EN, WIDTH)
    spans = [span for line in lines for span in line if set(span[0]) <= set("▁▂▃▄▅▆▇█ ")]
    assert [look for _, look in spans if look in ("warning", "good")].count("warning") == 2
    assert any(text.startswith(" more is better") for line in lines for text, _ in line)


def test_what_is_over_its_limit_is_told_by_look_as_by_number() -> None:
    lines = history(HALF_A_YEAR, KNOWN, day(95), EN, WIDTH)
    looks = [look for _, look in lines[4] if look in ("warning", "good")]
    assert looks == ["warning", "warning", "good"]


def test_measurements_of_one_week_do_not_cover_each_other() -> None:
    scores = [measured(n, 1, 20 + n % 7) for n in range(7)]
    lines = drawn(lived(Opened(day=day(0)), *scores), day(300))
    assert lines[2].split() == ["▁▂▃▄▆▇"]
    assert lines[1].split()[2:] == ["20", "23", "26"]


def test_the_first_the_latest_and_the_worst_number_are_never_crowded_out() -> None:
    days = [measured(n, 1, 15) for n in range(1, 40)]
    scores = [measured(0, 1, 12), *days, measured(40, 1, 27), measured(70, 1, 11)]
    numbers = drawn(lived(Opened(day=day(0)), *scores), day(90))[1].split()[2:]
    assert (numbers[0], numbers[-1]) == ("12", "11")
    assert "27" in numbers


points = st.one_of(st.none(), st.floats(0, 40, allow_nan=False).map(lambda each: round(each, 1)))
measurements = st.lists(st.tuples(st.integers(0, 800), points), min_size=1, max_size=90)


@settings(max_examples=150, deadline=None)
@given(measurements, st.sampled_from([20, 37, 66]), st.booleans(), st.sampled_from(["up", "down"]))
def test_no_column_lies(
    told: list[tuple[int, float | None]], width: int, eighths: bool, worse: Literal["up", "down"]
) -> None:
    """Each is as high as its points to half a step, and no higher one is drawn lower."""
    scores = tuple((day(at), score) for at, score in sorted(told, key=lambda each: each[0]))
    followed = Followed("ORS", 40, 25, "", worse, scores)
    axis = Axis(day(0), day(800), day(800), width)
    raster = Raster(40, EIGHTHS if eighths else HALVES)
    columns, _ = columns_of(followed, axis, raster, EN)
    assert [c.at for c in columns] == sorted({c.at for c in columns})
    assert all(c.at >= 0 and c.at + c.wide <= width for c in columns)
    known = sorted((float(c.number), c.steps) for c in columns if c.steps is not None)
    for value, steps in known:
        assert abs(value / 40 * raster.rows * raster.each - steps) <= 0.5 + 1e-9
    assert [steps for _, steps in known] == sorted(steps for _, steps in known)
    values = {number(score, EN) for _, score in scores}
    assert {c.number for c in columns} <= values
    assert columns[-1].number == number(scores[-1][1], EN)
    lines = plot(followed, axis, 12, EN, eighths=eighths)
    assert len(lines) >= 4
    heights = [row_height(lines, 12 + c.at, raster) for c in columns]
    assert heights == [c.steps or 0 for c in columns]
    for line in lines:
        written = re.findall(r"\d+(?:\.\d+)?", "".join(text for text, _ in line)[12:])
        assert set(written) <= values


def row_height(lines: list[Line], cell: int, raster: Raster) -> int:
    """The steps that are drawn in one cell, from the ground up."""
    steps = 0
    for line in reversed(lines):
        sign = "".join(text for text, _ in line).ljust(cell + 1)[cell]
        if sign not in raster.blocks:
            break
        steps += raster.blocks.index(sign) + 1
    return steps


def test_two_years_of_care_stand_at_their_days() -> None:
    many = [measured(14 * n, 2 if n < 26 else 3, 27 - n // 2, 20 - n // 3) for n in range(52)]
    care: list[Event] = [
        PeriodStarted(day=day(3), period="p1", intervention="help"),
        *(Contact(day=day(5 + 7 * n), period="p1") for n in range(50)),
        Missed(day=day(120), period="p1", why="not_come"),
        PeriodEnded(day=day(400), period="p1", why="completed"),
        PeriodStarted(day=day(500), period="p2", intervention="brief"),
    ]
    lines = drawn(lived(Opened(day=day(0)), *many, *care), day(735))
    row = next(line for line in lines if line.startswith("Contacts"))
    weeks = lines[0]
    assert row.rindex("o") < weeks.index(" 56"), "contacts of 50 weeks end before week 56"
    assert "x" in row
    assert "├Guided self-help" in "".join(lines)
    assert "├Brief cog" in "".join(lines)
    assert len(lines) <= ROOM


def test_a_treatment_that_began_today_is_named_before_its_mark() -> None:
    began = PeriodStarted(day=day(90), period="p1", intervention="brief")
    lines = drawn(lived(Opened(day=day(0)), measured(0, 1, 17), began), day(90))
    assert next(line for line in lines if line.startswith("Care")).endswith(
        "Brief cognitive therapy >"
    )


def test_the_step_is_named_where_no_treatment_goes_on() -> None:
    lines = drawn(lived(Opened(day=day(0)), measured(0, 2, 17)), day(60))
    assert any(line.startswith("Step 2 ") and "Brief therapy" in line for line in lines)


def test_an_episode_without_any_measurement_draws_nothing() -> None:
    nobody = replace(KNOWN, measures=())
    assert drawn(lived(Opened(day=day(0))), day(9), known=nobody) == [
        "Change no measurement yet",
        "Next   ! no next contact is agreed; no treatment has begun",
    ]


def test_three_totals_are_drawn_at_once_and_a_key_shows_the_others() -> None:
    taken = [
        MeasureTaken(day=day(7 * n), measure=name, points=points, item=item)
        for n in range(2)
        for name, points, item in (("epds", 14, 0), ("isi", 12, None), ("oasis", 9, None))
    ]
    ors = [Contact(day=day(7 * n), period="p1", ors=20 + n) for n in (1, 2)]
    began = PeriodStarted(day=day(1), period="p1", intervention="help")
    episode = lived(Opened(day=day(0)), began, *taken, *ors)
    workspace = Workspace(lambda: datetime(2026, 3, 30, tzinfo=UTC), language="en")
    client = Client(
        id="c",
        code="ABCDEFGH",
        birth_year=1990,
        language="en",
        created_at=datetime(2026, 3, 2, tzinfo=UTC),
        created_by="n",
    )
    page = EpisodeScreen(EpisodeSession(workspace, client, "x", episode))
    seen = []
    for _ in range(3):
        lines = ["".join(text for text, _ in line) for line in page.content(WIDTH).lines]
        seen.append([line.split()[0] for line in lines if re.match(r"[A-Z]+ /", line)])
        (key,) = (each for each in bindings(page.key_list()) if each.label == "other measures")
        key.run()
    assert seen == [["EPDS", "ISI", "OASIS"], ["ORS"], ["EPDS", "ISI", "OASIS"]]
    assert page.spoken(WIDTH)[0][0][0].split() == ["Day", "EPDS", "ISI", "OASIS", "ORS", "Step"]


def test_whoever_hears_the_page_hears_a_table() -> None:
    told = spoken_history(HALF_A_YEAR, KNOWN, day(95), EN, WIDTH)
    rows = ["".join(text for text, _ in line) for line in told]
    assert rows[:6] == [
        "Day         PHQ-9  GAD-7  Step",
        "2026-03-02  17     11     1",
        "2026-04-11  14     10     2",
        "2026-05-31  8      7      1",
        "Limits: PHQ-9 10, GAD-7 8.",
        "Guided self-help 2026-03-12 – 2026-04-12: 2 contacts",
    ]
    assert not set("▁▂▃▄▅▆▇█─│·┌") & set("".join(rows))
    assert rows[-6:] == drawn(HALF_A_YEAR, day(95))[-6:]


def test_whoever_hears_the_page_hears_every_measurement_of_a_day() -> None:
    twice = lived(Opened(day=day(0)), measured(0, 2, 24, 12), measured(0, 1, 8, 12))
    told = spoken_history(twice, KNOWN, day(1), EN, WIDTH)
    assert told[1][0][0].split("  ") == ["2026-03-02", "24, 8", "12, 12", "2, 1"]


def test_a_name_behind_a_treatment_that_goes_on_ends_within_the_page() -> None:
    care = PeriodStarted(day=day(0), period="p1", intervention="brief", step=1)
    for width in range(50, WIDTH + 1):
        episode = lived(Opened(day=day(0)), measured(0, 1, 8, 7), care)
        for today in range(29):
            assert max(map(len, drawn(episode, day(today), width=width))) <= width


def test_a_long_table_tells_the_first_and_the_latest_days() -> None:
    many = [measured(14 * n, 2, 27 - n // 2) for n in range(52)]
    told = spoken_history(lived(Opened(day=day(0)), *many), KNOWN, day(735), EN, WIDTH)
    rows = ["".join(text for text, _ in line) for line in told]
    assert rows[1].split()[1] == "27"
    assert rows[2] == "(43 measured days between)"
    assert rows[10].split()[1] == "2"


def test_a_first_measurement_alone_promises_no_verdict() -> None:
    episode = lived(Opened(day=day(0)), measured(0, 1, 17, 11))
    assert "Change to be told from the second measurement on" in flat(episode, day(3))


def test_the_young_are_told_that_the_limits_are_those_of_adults() -> None:
    young = EpisodeNames(birth_year=2010, care=KNOWN.care, measures=(PHQ9,))
    assert "the limits are those of adults" in flat(HALF_A_YEAR, day(95), young)
    assert "the limits are those of adults" not in flat(HALF_A_YEAR, day(95))


def test_time_that_is_late_shouts_and_a_treatment_ends_the_clock() -> None:
    need = (Opened(day=day(0)), measured(0, 1, 17), NeedEstablished(day=day(0)))
    assert "by 2026-03-30, 3 days left" in flat(lived(*need), day(25))
    assert "by 2026-03-30, 2 DAYS LATE" in flat(lived(*need), day(30))
    began = PeriodStarted(day=day(30), period="p1", intervention="brief", counted="guarantee")
    late = "Therapy guarantee: 2 days late"
    assert late in flat(lived(*need, began), day(60))


def test_totals_that_part_are_told_apart() -> None:
    episode = lived(Opened(day=day(0)), measured(0, 1, 17, 8), measured(30, 1, 8, 13))
    said = flat(episode, day(30))
    assert "PHQ-9 17 → 8: scores recovered" in said
    assert "GAD-7 8 → 13: reliable deterioration" in said
    assert "altogether: one total reliably better, another reliably worse" in said


def test_why_the_earlier_day_counts_is_told_while_time_runs() -> None:
    episode = lived(Opened(day=day(0)), measured(0, 1, 17), NeedEstablished(day=day(0)))
    said = flat(episode, day(1))
    assert "First treatment: by 2026-03-16, 13 days left; may still be 22" in said
    adult = EpisodeNames(birth_year=1990, care=KNOWN.care, measures=(PHQ9,))
    assert "Start of treatment: by 2026-06-02, 91 days left; 23 or older" in flat(
        episode, day(1), adult
    )


def test_a_pause_moves_the_day_and_an_adult_has_three_months() -> None:
    adult = EpisodeNames(birth_year=1990, care=KNOWN.care, measures=(PHQ9,))
    events_ = (Opened(day=day(0)), measured(0, 1, 17), NeedEstablished(day=day(0)))
    paused = lived(*events_, Paused(day=day(5), why="medical"), Resumed(day=day(9)))
    assert "Therapy guarantee" not in flat(paused, day(10), adult)
    said = flat(paused, day(10), adult)
    assert "Start of treatment: by 2026-06-06" in said
    assert "moved by 4 days of pause; 23 or older" in said


def test_a_time_that_stands_still_is_told_beside_one_that_is_over() -> None:
    events_ = (Opened(day=day(0)), measured(0, 1, 17), NeedEstablished(day=day(0)))
    began = PeriodStarted(day=day(3), period="p1", intervention="brief", counted="guarantee")
    said = flat(lived(*events_, began, Paused(day=day(5), why="medical")), day(9))
    assert "Therapy guarantee: in time" in said
    assert "First treatment: by 2026-03-21" in said
    assert "the clock stands still; moved by 5 days of pause" in said
    unsure = began.model_copy(update={"counted": None, "intervention": "help"})
    said = flat(lived(*events_, unsure), day(9))
    assert "not told whether it counts: Guided self-help (correct its beginning)" in said
    other = began.model_copy(update={"counted": "treatment", "intervention": "help"})
    assert "does not count: Guided self-help" in flat(lived(*events_, other), day(9))


def test_what_has_not_been_agreed_or_has_passed_is_marked() -> None:
    start = (Opened(day=day(0)), measured(0, 1, 17))
    assert "! no next contact is agreed; no treatment has begun" in flat(lived(*start), day(1))
    agreed = NextContact(day=day(1), due=day(8))
    assert "contact Tue 2026-03-10, today" in flat(lived(*start, agreed), day(8))
    assert "! the contact of Tue 2026-03-10 was due 2 days ago" in flat(
        lived(*start, agreed), day(10)
    )


PLAN = Measuring(every=2, after_months=(3, 6))


def test_which_measurement_comes_next_is_told() -> None:
    """Due now, at the next contact, or on a day after the end; one at a time, the first first."""
    began = PeriodStarted(day=day(1), period="p1", intervention="help", measuring=PLAN)
    start = (Opened(day=day(0)), measured(0, 1, 17), began, NextContact(day=day(1), due=day(60)))
    first, second = (Contact(day=day(at), period="p1") for at in (8, 15))
    assert "measur" not in flat(lived(*start), day(8)).partition("Next")[2]
    assert "in 52 days; measure at the next contact" in flat(lived(*start, first), day(8))
    late = flat(lived(*start, first, second), day(15))
    assert "; ! measure now: contact of 2026-03-17" in late
    ended = PeriodEnded(day=day(20), period="p1", why="completed")
    over = lived(*start, first, second, ended)
    assert "! measure now: end of treatment 2026-03-22; no treatment is open" in flat(over, day(20))
    done = lived(*start, first, second, measured(20, 1, 9), ended)
    said = flat(done, day(30))
    assert "measurement 3 months after the end: by Mon 2026-06-22; no treatment is open" in said
    assert "! measure now: 3 months after the end" in flat(done, date(2026, 6, 22))
    closed = lived(*start, first, ended, Closed(day=day(20), how="moved_on"))
    assert "measur" not in flat(closed, day(400)).partition("Next")[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_measured_next_is_one_row_in_every_language(language: str) -> None:
    began = PeriodStarted(day=day(1), period="p1", intervention="help", measuring=PLAN)
    met = [Contact(day=day(at), period="p1") for at in (8, 15)]
    agreed = NextContact(day=day(1), due=day(60))
    for contacts in ([], met[:1], met):
        episode = lived(Opened(day=day(0)), measured(0, 1, 17), began, agreed, *contacts)
        page = drawn(episode, day(20), language=language)
        label = speech(language)("Next")
        place = next(n for n, row in enumerate(page) if row.startswith(label))
        assert len(page) - place <= 2, page[place:]


def test_an_ended_episode_stops_where_it_ended() -> None:
    whole = lived(
        Opened(day=day(0)),
        measured(0, 1, 17),
        PeriodStarted(day=day(1), period="p1", intervention="help"),
        Contact(day=day(8), period="p1"),
        PeriodEnded(day=day(40), period="p1", why="completed"),
        measured(40, 0, 4),
        Closed(day=day(41), how="recovered"),
    )
    lines = drawn(whole, day(400))
    assert lines == drawn(whole, day(800))
    assert heading(whole, day(400), EN) == "Episode 2026-03-02 – 2026-04-12"
    assert "Next nothing: the episode has ended" in " ".join(" ".join(lines).split())


def test_a_riser_passes_the_steps_between() -> None:
    episode = lived(Opened(day=day(0)), measured(0, 2, 9), measured(10, 1, 9), measured(28, 4, 22))
    stair = [line for line in drawn(episode, day(40)) if line.startswith("Step")]
    column = stair[0].index("┌")
    assert [line[column] for line in stair] == ["┌", "│", "┘"]


def test_every_kind_of_event_has_words() -> None:
    for kind in get_args(get_args(events.Event)[0]):
        fields = {
            "day": day(0),
            "assessment": "a",
            "why": "medical",
            "period": "p1",
            "how": "referred",
        }
        form = {"measure": "epds", "points": 14, "item": 1}
        more = {**form, "intervention": "help", "due": day(1), "about": "goal", "words": "to sing"}
        track = {"rating": 5, "group": 1, "track": "alcohol", "what": "met", "referrer": "school"}
        track |= {"reason": "mood", "role": "nurse", "satisfaction": 9}
        given = {**fields, **more, **track}
        other = {PeriodEnded: "moved", events.Missed: "not_come"}
        given["why"] = other.get(kind, "medical")
        known = {name: value for name, value in given.items() if name in kind.model_fields}
        assert event_words(kind.model_validate(known), KNOWN, EN)


def test_an_entry_tells_everything_that_was_recorded() -> None:
    ended = PeriodEnded(
        day=day(9),
        period="p1",
        why="stepped_up",
        onward="clinic",
        satisfaction=7,
        in_own_words="too short",
    )
    known = EpisodeNames(birth_year=1990, care=KNOWN.care, services={"clinic": "Lake clinic"})
    said = "treatment ended: stepped up · onward: Lake clinic · satisfaction 7/10 · too short"
    assert event_words(ended, known, EN) == said
    met = TrackEvent(
        day=day(1), track="multi_service", what="met", where="gone", role="nurse", review_on=day(29)
    )
    said = "several services together: met · gone · nurse · to be reviewed 2026-03-31"
    assert event_words(met, known, EN) == said
    assert event_words(Opened(day=day(0), referrer="school"), known, EN).endswith("health care")


def test_no_word_of_the_model_is_without_a_sentence() -> None:
    assert set(VERDICTS) == {*get_args(reliable_change.Category), "mixed"}
    assert set(GAPS) == set(get_args(reliable_change.Gap))
    reasons = {KNOWN.care.age_reason(code) for code in get_args(deadlines.AgeReason)}
    assert len(reasons) == len(get_args(deadlines.AgeReason))
    for words, kind, name in (
        (PAUSES, events.Paused, "why"),
        (ENDS, events.PeriodEnded, "why"),
        (VOICES, events.Voice, "about"),
        (track_words.TRACK_STEPS, events.TrackEvent, "what"),
        (CLOSINGS, events.Closed, "how"),
    ):
        assert set(words) == set(get_args(kind.model_fields[name].annotation)), kind


def test_every_refusal_is_a_sentence_in_three_languages() -> None:
    tree = ast.parse(inspect.getsource(validation))
    said = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value.endswith(".") and not _documents(tree, node)
    }
    assert len(said) > 25
    for reason in said - {"The episode was changed in another window at the same time."}:
        error = UnfitEvent(reason)
        assert reason in UnfitEvent._WHAT
        assert speech("fi")(error.what) != reason
        assert speech("sv")(error.what) != reason


def _documents(tree: ast.Module, node: ast.Constant) -> bool:
    """Whether a text is a docstring."""
    return any(isinstance(each, ast.Expr) and each.value is node for each in ast.walk(tree))


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_each_letter_of_what_is_recorded_is_one_of_its_label(language: str) -> None:
    """A letter that means nothing has to be looked up each time."""
    t = speech(language)
    letters = {kind: key_of(kind, t) for kind in TITLES if kind not in ("opened", *BACKGROUND)}
    assert len(set(letters.values())) == len(letters)
    workspace = Workspace(lambda: datetime.now(UTC), language=language)
    for kind, letter in letters.items():
        assert letter in TITLES[kind](workspace).lower(), kind
        assert letter != "e"
