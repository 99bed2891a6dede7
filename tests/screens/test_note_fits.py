"""If these fail, a note outgrows the record system, or loses danger or the decision on the way."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screens.note_layout import (
    MOST_LINES,
    WIDTH,
    Form,
    Point,
    Section,
    Weight,
    fixed,
    laid_out,
    list_point,
    shortened,
    words_point,
)
from screens.note_risk import tells
from screens.record_note import DISCLAIMER
from screens.visit import Visit
from screens.wording import URGENCY, Wording
from stepping.care.episode import Episode
from stepping.care.events import (
    Agreement,
    AlcoholUse,
    Event,
    Experience,
    NextContact,
    Opened,
    PeriodEnded,
    PeriodStarted,
    Segment,
    TrackEvent,
    Voice,
)
from stepping.pathway import Answer, Question
from store.library.pathway_files import built_in
from tests.screens.episodes import day, lived, measured
from tests.screens.noted import AGES, LONG, confirmed, flat, note_of, record, visited
from tests.screens.running import lightest

LANGUAGES = ("fi", "sv", "en")


def worst(question: Question) -> Answer:
    """The answer that means the most need, or says the most."""
    match question.kind:
        case "yesno":
            return "yes"
        case "multi":
            return tuple(option.id for option in question.options)
        case "text":
            return LONG[:400].strip()
        case "integer" | "scale":
            return question.low if question.worse == "down" else question.high
        case _:
            return question.words[-1]


def long_episode() -> Episode:
    """An episode in which everything that the note tells has happened, in many words."""
    events: list[Event] = [
        Opened(day=day(0), referrer="health_centre"),
        measured(0, 2, 17, 11),
        Segment(day=day(0), group=4),
        Agreement(day=day(0), rating=8),
        NextContact(day=day(0), due=day(30)),
        AlcoholUse(day=day(1), audit=18, portions=22, mini_intervention=True),
        TrackEvent(day=day(1), track="work_ability", what="consented"),
        TrackEvent(day=day(2), track="doctor", what="referred"),
    ]
    about = ("goal", "wish", "helped_before", "format", "language", "experience")
    events += [Voice(day=day(1), about=each, words=LONG) for each in about]
    for number in (1, 2):
        period = f"p{number}"
        events.append(PeriodStarted(day=day(2), period=period, intervention="help", step=1))
        ended = PeriodEnded(
            day=day(9), period=period, why="moved", satisfaction=4, in_own_words=LONG
        )
        events.append(ended)
    events.append(
        Experience(day=day(9), helped=LONG, missing=LONG, heard=LONG, changed=LONG, advice=LONG)
    )
    return lived(*events)


def holds_what_matters(visit: Visit, language: str, episode: Episode | None, more: bool) -> None:
    """The note fits, and tells every sign, every stop, the decision and the disclaimer."""
    decision = visit.decision()
    row = None
    if decision.step is not None and more:
        row = confirmed(visit, abs(decision.step - 1), "other", LONG)
    text = note_of(visit, language, row, episode).text()
    rows, note, say = text.split("\n"), flat(text), Wording(visit.pathway, decision, language)
    assert len(rows) <= MOST_LINES
    assert max(map(len, rows)) <= WIDTH
    assert all(map(str.strip, rows))
    for id_, question in visit.pathway.questions.items():
        if question.safety and (given_ := visit.given.get(id_)) is not None:
            asked = note_of(visit, language)._counted
            if id_ in asked and tells(question, given_):
                assert question.label[language].partition(" (")[0] in note
    for fired in decision.rules:
        if urgency := visit.pathway.rule(fired.id).rule.stop:
            open_ = f", {say.t('OPEN')}" if fired.id in decision.stops else ""
            assert f"! {say.t(URGENCY[urgency])}" in note
            assert f"({fired.id}{open_}" in note
    assert flat(say.headline()) in note
    assert flat(say.t(DISCLAIMER)) in note
    if row and row.confirmed_step is not None:
        assert flat(say.step(row.confirmed_step)) in note
        assert LONG[:24] in note
    if decision.stops:
        assert say.t("Suitable forms of care") not in note
        assert not [id_ for id_ in decision.actions if say.action(id_) in note]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", AGES)
@given(data=st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_note_fits_and_holds_danger_decision_and_disclaimer(
    name: str, language: str, data: st.DataObject
) -> None:
    pathway = built_in(name)
    wild = data.draw(st.sampled_from([0, 1, 5]))
    picks = data.draw(st.lists(st.integers(0, 9), min_size=120, max_size=120))
    answers: dict[str, Answer] = {}
    for pick, (id_, question) in zip(picks, pathway.questions.items(), strict=False):
        if pick < wild:
            answers[id_] = worst(question)
        elif pick < 9 or not wild:
            answers[id_] = lightest(pathway, id_)
    visit = visited(pathway, answers)
    if data.draw(st.booleans()):
        for stop in visit.decision().stops:
            record(visit, stop, data.draw(st.sampled_from([None, LONG])))
    visit.notes += [LONG] * data.draw(st.integers(0, 9))
    episode = long_episode() if data.draw(st.booleans()) else None
    holds_what_matters(visit, language, episode, data.draw(st.booleans()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why_not", [None, LONG], ids=["done", "not done"])
@pytest.mark.parametrize("recorded", [False, True], ids=["open", "recorded"])
@pytest.mark.parametrize("name", AGES)
def test_the_worst_note_of_all_fits(
    name: str, recorded: bool, why_not: str | None, language: str
) -> None:
    pathway = built_in(name)
    visit = visited(pathway, {id_: worst(q) for id_, q in pathway.questions.items()})
    if recorded:
        for stop in visit.decision().stops:
            record(visit, stop, why_not)
    visit.notes += [LONG] * 20
    holds_what_matters(visit, language, long_episode(), more=True)


# -- the fitter -------------------------------------------------------------------------------


def more(count: int) -> str:
    return f"and {count} more"


def test_what_has_room_is_told_in_full() -> None:
    sections = [Section("Plan", (fixed("rest"), words_point(LONG, Weight.VOICE)))]
    rows = laid_out(sections, more)
    assert rows[:2] == ["Plan: rest", f"  E{rows[1][3:]}"]
    assert flat("\n".join(rows)).casefold().endswith(LONG.strip())


def test_the_least_important_gives_way_first_and_alone() -> None:
    many_rows = "\n".join(str(number) for number in range(30))
    heavy = Point((Form(many_rows, Weight.REASONS), Form("few reasons")))
    light = Point((Form(many_rows, Weight.REMARKS), Form("few remarks")))
    rows = laid_out([Section("", (heavy, light))], more)
    assert "few remarks" in rows
    assert "29" in rows
    assert "few reasons" not in rows


def test_what_gave_way_comes_back_where_a_later_cut_made_room() -> None:
    small = Point((Form("a\nb", Weight.DETAILS), Form("ab")))
    large = Point((Form("\n".join("x" * 39), Weight.REMARKS), Form("x")))
    rows = laid_out([Section("", (small, large))], more)
    assert rows == ["a", "b", "x"]


def test_what_is_left_out_is_counted_and_said_where_to_find() -> None:
    points = tuple(words_point(f"{n} {LONG}", Weight.VOICE) for n in range(60))
    rows = laid_out([Section("Client", points)], more)
    assert len(rows) <= MOST_LINES
    shown = sum(" en saanut" in row for row in rows)
    assert 0 < shown < 60
    assert f"and {60 - shown} more" in flat("\n".join(rows))


def test_a_list_names_as_many_as_fit_and_counts_the_rest() -> None:
    short = list_point([f"item {n}" for n in range(30)], Weight.PLAN, more, "Do").forms[-1].text
    assert short.startswith("Do: item 0; item 1; ")
    assert short.endswith(f"and {30 - short.count('item')} more")
    assert len(short) < WIDTH


@pytest.mark.parametrize(
    ("text", "room", "said"),
    [
        ("short enough", 12, "short enough"),
        ("one word too many", 12, "one word …"),
        ("unbreakable", 6, "unbre …"[:6]),
    ],
)
def test_a_text_is_cut_between_words(text: str, room: int, said: str) -> None:
    assert shortened(text, room) == said
    assert len(said) <= room
