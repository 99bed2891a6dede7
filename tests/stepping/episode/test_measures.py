"""Totals typed in of forms that were filled in elsewhere: one series, and no danger hidden."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from stepping.decision.decide import decide
from stepping.decision.verdicts import Verdicts
from stepping.episode.episode import Episode, replay
from stepping.episode.events import (
    Closed,
    Contact,
    Event,
    EventEntry,
    Measured,
    MeasureTaken,
    Opened,
    PeriodStarted,
    Withdrawn,
    dump_event,
    read_event,
)
from stepping.episode.measures import (
    MeasureSeries,
    find_faults,
    find_point,
    find_series,
    find_unassessed,
    typed_facts,
)
from stepping.episode.schedule import due_measurements
from stepping.episode.validation import ValidationContext, apply_event, says_recovered
from stepping.pathway.care.measures import find_line
from stepping.pathway.care.reader import MEASURES, check_measures, read_care
from stepping.pathway.diagnostics import PathwayError
from store.pathway_files.care import care_files, shipped_care
from store.pathway_files.files import built_in

FIRST = date(2026, 3, 2)
OURS = shipped_care().measures


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def lived(*events: Event) -> Episode:
    told = (Opened(day=FIRST), *events)
    return replay(EventEntry(id=f"e{n}", seq=n, event=event) for n, event in enumerate(told, 1))


def taken(at: int, measure: str, points: float, item: int | None = None) -> MeasureTaken:
    return MeasureTaken(day=day(at), measure=measure, points=points, item=item)


def assessed(at: int, **scores: int) -> Measured:
    told = {name.replace("_", "."): score for name, score in scores.items()}
    return Measured(day=day(at), assessment=f"a{at}", step=1, scores={"phq9.total": 12} | told)


def series(episode: Episode, measure: str) -> MeasureSeries:
    (found,) = (s for s in find_series(episode, OURS) if s.definition.id == measure)
    return found


def points(episode: Episode, measure: str) -> list[tuple[int, float]]:
    told = series(episode, measure).points
    return [((point.day - FIRST).days, point.points) for point in told]


# -- one series ---------------------------------------------------------------------------------


def test_a_total_is_one_series_wherever_it_was_typed() -> None:
    episode = lived(
        assessed(0, epds_total=17),
        PeriodStarted(day=day(1), period="p1", intervention="help"),
        Contact(day=day(7), period="p1", ors=20.5, srs=38),
        taken(9, "epds", 14, 0),
        taken(14, "ors", 26),
        assessed(20, epds_total=9, ors_total=31),
    )
    assert points(episode, "epds") == [(0, 17), (9, 14), (20, 9)]
    assert points(episode, "ors") == [(7, 20.5), (14, 26), (20, 31)]
    assert points(episode, "srs") == [(7, 38)]
    assert [each.definition.id for each in find_series(episode, OURS)] == ["epds", "ors", "srs"]


def test_of_one_day_what_was_told_last_counts_once() -> None:
    episode = lived(
        PeriodStarted(day=day(1), period="p1", intervention="help"),
        Contact(day=day(7), period="p1", ors=20),
        assessed(7, ors_total=21),
    )
    assert points(episode, "ors") == [(7, 21)]


def test_a_correction_and_a_withdrawal_take_points_away() -> None:
    wrong = EventEntry(id="e2", seq=2, event=taken(3, "isi", 18))
    right = EventEntry(id="e3", seq=3, event=taken(4, "isi", 8), supersedes="e2")
    opened = EventEntry(id="e1", seq=1, event=Opened(day=FIRST))
    assert points(replay([opened, wrong, right]), "isi") == [(4, 8)]
    gone = EventEntry(id="e4", seq=4, event=Withdrawn(day=day(5)), supersedes="e3")
    assert find_series(replay([opened, wrong, right, gone]), OURS) == ()


@pytest.mark.parametrize(
    ("measure", "then", "now", "tendency"),
    [
        ("isi", 20, 14, "better"),
        ("isi", 20, 15, "unchanged"),
        ("isi", 14, 20, "worse"),
        ("who5", 40, 52, "better"),  # more is better
        ("who5", 52, 40, "worse"),
        ("who5", 40, 48, "unchanged"),
        ("ors", 20, 25, "better"),
        ("ors", 25.5, 20.5, "worse"),
        ("ors", 20, 24.9, "unchanged"),
        ("oasis", 12, 7, "better"),
        ("epds", 20, 5, None),  # no source states what change is reliable
        ("bdi", 30, 10, None),
        ("srs", 30, 40, None),
    ],
)
def test_change_has_a_direction_and_a_size_where_one_is_stated(
    measure: str, then: float, now: float, tendency: str | None
) -> None:
    item = 0 if OURS[measure].danger else None
    episode = lived(taken(1, measure, then, item), taken(30, measure, now, item))
    assert series(episode, measure).tendency == tendency


def test_a_single_total_has_no_change() -> None:
    assert series(lived(taken(1, "isi", 20)), "isi").tendency is None


@pytest.mark.parametrize(
    ("measure", "born", "sex", "at"),
    [
        ("epds", 1996, "f", 13),
        ("dudit", 1996, "m", 6),
        ("dudit", 1996, "f", 2),
        ("dudit", 1996, None, 2),  # the stricter one where in doubt
        ("dudit", 1996, "x", 2),
        ("ors", 1996, None, 25),
        ("ors", 2012, None, 28),
        ("ors", 2008, None, 28),  # 17 or 18
        ("ors", None, None, 28),
        ("bdi", 1996, "f", None),
    ],
)
def test_the_line_is_that_of_the_client(
    measure: str, born: int | None, sex: str | None, at: float | None
) -> None:
    line = find_line(OURS[measure], born, date(2026, 3, 1), sex)
    assert (line.at if line else None) == at


@pytest.mark.parametrize(
    ("measure", "points_", "over"),
    [
        ("epds", 13, True),
        ("epds", 12, False),
        ("who5", 48, True),
        ("who5", 52, False),
        ("ors", 25, True),
        ("ors", 25.1, False),
        ("oasis", 8, True),
        ("oasis", 7, False),
    ],
)
def test_a_total_on_the_line_is_over_it(measure: str, points_: float, over: bool) -> None:
    line = find_line(OURS[measure], 1996, date(2026, 3, 1), "f")
    assert line is not None
    assert OURS[measure].is_over(points_, line.at) is over


# -- what is refused ----------------------------------------------------------------------------

AROUND = ValidationContext(day(60), 1990, {}, {}, {}, {}, OURS)
IN_CARE = lived(
    PeriodStarted(day=day(1), period="p1", intervention="help"),
    Contact(day=day(7), period="p1", ors=20),
    taken(9, "isi", 14),
    assessed(20, epds_total=9),
)
BAD: dict[str, tuple[Event, str]] = {
    "too many": (taken(10, "epds", 31, 0), "Nobody can have so many points"),
    "between the steps": (taken(10, "who5", 50), "Nobody can have so many points"),
    "a half": (taken(10, "isi", 8.5), "Nobody can have so many points"),
    "hundredths": (taken(10, "ors", 20.25), "Nobody can have so many points"),
    "no such form": (taken(10, "scl90", 8), "The questionnaire is not known"),
    "danger not told": (taken(10, "epds", 14), "The item on suicide is needed"),
    "danger of a harmless form": (taken(10, "isi", 14, 1), "has no item of its own"),
    "item out of range": (taken(10, "bdi", 40, 4), "The item cannot have so many points"),
    "item above the total": (taken(10, "epds", 2, 3), "The item cannot have so many points"),
    "tomorrow": (taken(61, "isi", 8), "The day lies in the future"),
    "last year's paper": (taken(-300, "isi", 8), "The day lies before the episode began"),
    "twice on a day": (taken(9, "isi", 8), "typed in for that day already"),
    "typed at a contact": (taken(7, "ors", 21), "typed in for that day already"),
    "typed in an assessment": (taken(20, "epds", 9, 0), "typed in for that day already"),
    "a contact after the form": (
        Contact(day=day(7), period="p1", ors=20),
        "typed in for that day already",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_is_refused(name: str) -> None:
    event, reason = BAD[name]
    entry = EventEntry(id="new", seq=IN_CARE.last_seq + 1, event=event)
    with pytest.raises(ValueError, match=reason):
        apply_event(IN_CARE, entry, AROUND)


def test_a_correction_may_stand_on_the_day_of_what_it_corrects() -> None:
    entry = EventEntry(
        id="new", seq=IN_CARE.last_seq + 1, event=taken(9, "isi", 15), supersedes="e4"
    )
    assert points(apply_event(IN_CARE, entry, AROUND), "isi") == [(9, 15)]


def test_an_assessment_is_never_refused_for_a_total_of_the_same_day() -> None:
    assert not list(find_faults(assessed(9, isi_total=12), IN_CARE, OURS))


# -- danger -------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", ["epds", "bdi", "core10"])
def test_a_form_with_an_item_on_suicide_asks_for_it(measure: str) -> None:
    assert OURS[measure].danger is not None


def test_any_point_on_the_item_is_owed_an_assessment_the_same_day() -> None:
    assert find_unassessed(lived(taken(5, "epds", 6, 0))) is None
    episode = lived(assessed(0), taken(5, "epds", 6, 1))
    assert find_unassessed(episode) == taken(5, "epds", 6, 1)
    (due,) = due_measurements(episode)
    assert (due.occasion, due.day) == ("danger", day(5))


def test_a_later_harmless_form_does_not_take_it_away() -> None:
    episode = lived(taken(5, "epds", 6, 1), taken(6, "bdi", 4, 0), taken(8, "epds", 2, 0))
    assert find_unassessed(episode) == taken(5, "epds", 6, 1)


def test_only_an_assessment_that_knew_of_it_answers_it() -> None:
    assert find_unassessed(lived(taken(5, "epds", 6, 1), assessed(5))) is None
    # A paper of three days ago, typed in after today's assessment was confirmed.
    late = lived(assessed(5), taken(5, "epds", 6, 1))
    assert find_unassessed(late) == taken(5, "epds", 6, 1)
    before = lived(assessed(8), taken(5, "epds", 6, 1))
    assert find_unassessed(before) == taken(5, "epds", 6, 1)


def test_an_assessment_that_had_asked_before_the_item_was_typed_does_not_answer_it() -> None:
    """As a draft that was answered in the morning and confirmed after the paper had come."""
    item = taken(5, "epds", 6, 1)
    before, after = (assessed(5).model_copy(update={"knew": knew}) for knew in (1, 2))
    assert find_unassessed(lived(item, before)) == item
    assert find_unassessed(lived(item, after)) is None


def test_no_episode_ends_over_an_item_that_nobody_has_assessed_without_a_reason() -> None:
    well = assessed(4).model_copy(update={"verdicts": Verdicts(recovered=True, risk=False)})
    episode = lived(well, taken(5, "epds", 6, 1))
    assert not says_recovered(episode)
    gone = Closed(day=day(9), how="moved_on")
    for end in (gone, gone.model_copy(update={"how": "recovered", "despite": "clinical"})):
        for words in (None, "  "):
            silent = end.model_copy(update={"despite_words": words})
            entry = EventEntry(id="new", seq=episode.last_seq + 1, event=silent)
            with pytest.raises(ValueError, match="Nobody has assessed"):
                apply_event(episode, entry, AROUND)
        told = end.model_copy(update={"despite_words": "seen by the maternity clinic"})
        entry = EventEntry(id="new", seq=episode.last_seq + 1, event=told)
        assert apply_event(episode, entry, AROUND).closed == told
    entry = EventEntry(id="new", seq=episode.last_seq + 1, event=Closed(day=day(9), how="died"))
    assert apply_event(episode, entry, AROUND).died


def test_a_closed_episode_owes_nothing() -> None:
    episode = lived(taken(5, "epds", 6, 1), Closed(day=day(9), how="moved_on"))
    assert find_unassessed(episode) is None
    assert due_measurements(episode) == ()


def test_an_assessment_of_the_day_is_given_what_was_typed() -> None:
    pathway = built_in("follow_up")
    episode = lived(taken(9, "ors", 20.7), taken(9, "srs", 36), taken(8, "isi", 12))
    assert typed_facts(pathway, episode, OURS, day(9)) == {"ors.total": 20, "srs.total": 36}
    assert typed_facts(pathway, episode, OURS, day(10)) == {}


def test_a_typed_item_opens_the_safety_stop_of_an_assessment_of_the_day() -> None:
    adult = built_in("adult")
    known = typed_facts(adult, lived(taken(9, "epds", 12, 1)), OURS, day(9))
    assert known == {"epds.total": 12, "epds.10": 1}
    assert "S2" in decide(adult, known).stops
    calm = typed_facts(adult, lived(taken(9, "epds", 12, 0)), OURS, day(9))
    assert decide(adult, calm).stops == ()


@pytest.mark.parametrize("fact", ["suicide.thoughts", "work.status", "wish.formats"])
def test_a_typed_total_answers_no_question_that_is_no_number(fact: str) -> None:
    """A site names another question by mistake: the next assessment begins all the same."""
    files = dict(care_files())
    files[MEASURES] = files[MEASURES].replace('fact = "epds.10"', f'fact = "{fact}"')
    measures = read_care(files).measures
    for item in (0, 1):
        episode = lived(taken(9, "epds", 12, item))
        assert typed_facts(built_in("adult"), episode, measures, day(9)) == {"epds.total": 12}


# -- the files ----------------------------------------------------------------------------------


def test_what_was_stored_is_read_again() -> None:
    event = taken(5, "ors", 20.5)
    assert read_event(dump_event(event)) == event
    assert find_point(lived(read_event(dump_event(event))), OURS["ors"], day(5)) is not None


def test_a_form_that_the_files_no_longer_know_is_kept_and_shown_nowhere_as_a_series() -> None:
    assert find_series(lived(taken(5, "gone", 3)), OURS) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("at = 13", "at = 30", "a line at 30 is not within 0–30"),
        ('fact = "isi.total"', 'fact = "epds.total"', "epds.total is that of epds"),
        ('id = "isi"', 'id = "epds"', "epds is defined twice"),
        ("step = 4", "step = 3", "no multiple of `step`"),
        ("step = 4", "step = 4\ntenths = true", "`tenths` and `step`"),
        ("points = 6", "points = 60", "more points than there are"),
        ('worse = "down"', 'worse = "less"', "'less' is not one of"),
    ],
)
def test_a_slip_in_the_file_is_told(old: str, new: str, message: str) -> None:
    files = dict(care_files())
    assert old in files[MEASURES]
    files[MEASURES] = files[MEASURES].replace(old, new, 1)
    with pytest.raises(PathwayError, match=message):
        read_care(files)


def test_a_pathway_that_asks_for_other_points_is_told() -> None:
    files = dict(care_files())
    for name in ("adult", "youth", "follow_up"):
        assert list(check_measures(shipped_care(), files, built_in(name))) == []
    ors = 'fact = "ors.total"\nhigh = 40'
    files[MEASURES] = files[MEASURES].replace(ors, 'fact = "ors.total"\nhigh = 50', 1)
    (fault,) = check_measures(read_care(files), files, built_in("follow_up"))
    assert "follow_up asks ors.total otherwise than as 0–50" in fault.message
    assert files[MEASURES].split("\n")[fault.line - 1] == "high = 50"


def test_a_limit_is_a_guideline_only_where_its_source_was_read() -> None:
    for measure in OURS.values():
        for part in (*measure.line, *([measure.change] if measure.change else ())):
            unread = "not verified" in part.source.lower() or "quoted" in part.source.lower()
            assert not (unread and part.basis != "local"), measure.id
