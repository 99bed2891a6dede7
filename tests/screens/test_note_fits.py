"""If these fail, the patient record lacks a fact that was told, or has lines that are too long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casework.assessment import AssessmentSession
from casework.language import speech
from screens.note.compose import DISCLAIMER, RecordNote
from screens.note.layout import PAGE, WIDTH, NoteSection, lay_out, lay_out_pages
from screens.note.risk_part import is_sign
from screens.wording.decision_words import URGENCY, DecisionWords
from screens.wording.measure_words import item_words
from stepping.episode.episode import Episode
from stepping.episode.events import (
    Agreement,
    AlcoholUse,
    Contact,
    Event,
    Experience,
    MeasureTaken,
    Missed,
    NeedEstablished,
    NextContact,
    Opened,
    Paused,
    PeriodEnded,
    PeriodStarted,
    Resumed,
    Segment,
    TrackEvent,
    Voice,
)
from stepping.pathway.model import NO, YES, Answer, Question
from store.pathway_files.files import built_in
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
        NeedEstablished(day=day(0)),
        Segment(day=day(0), group=2),
        Segment(day=day(1), group=4),
        Agreement(day=day(0), rating=3),
        Agreement(day=day(0), rating=8),
        NextContact(day=day(0), due=day(90), why=LONG[:100].strip()),
        NextContact(day=day(0), due=day(30)),
        Paused(day=day(1), why="client_wish"),
        Resumed(day=day(2)),
        AlcoholUse(day=day(1), audit=18, portions=22, mini_intervention=True),
        AlcoholUse(day=day(8), portions=12, review_on=day(30)),
        TrackEvent(day=day(1), track="work_ability", what="consented"),
        TrackEvent(day=day(2), track="doctor", what="referred"),
        TrackEvent(day=day(5), track="doctor", what="ended", took_place=True),
        MeasureTaken(day=day(2), measure="who5", points=40),
        MeasureTaken(day=day(3), measure="epds", points=17, item=2),
        MeasureTaken(day=day(5), measure="epds", points=14, item=1),
        MeasureTaken(day=day(8), measure="epds", points=9, item=0),
    ]
    about = ("goal", "wish", "helped_before", "format", "language", "experience")
    events += [Voice(day=day(1), about=each, words=LONG) for each in about]
    events += [Voice(day=day(6), about=each, words=f"{each} sitten") for each in about]
    for number in (1, 2):
        period = f"p{number}"
        events.append(PeriodStarted(day=day(2), period=period, intervention="help", step=1))
        events += [Contact(day=day(n), period=period, ors=20 + n / 2, srs=30) for n in (3, 4, 6)]
        events.append(Missed(day=day(5), period=period, why="client_cancelled"))
        ended = PeriodEnded(
            day=day(9),
            period=period,
            why="moved",
            satisfaction=2 + number,
            in_own_words=f"{number} {LONG}",
        )
        events.append(ended)
    for told in (LONG, "something else"):
        told = told.strip()
        words = dict.fromkeys(("helped", "missing", "heard", "changed", "advice"), told)
        events.append(Experience(day=day(9), **words))
    return lived(*events)


def told_once(text: str) -> str:
    """A text as if it were one line, whatever it begins with: a line begins with a capital."""
    return flat(text).casefold()


@dataclass(frozen=True)
class Facts:
    """What one note has to tell; each function yields texts that stand in it."""

    visit: AssessmentSession
    note: RecordNote
    language: str
    say: DecisionWords

    def answers(self) -> Iterator[str]:
        """Every answer that counts, is not "no", and is no item of a total."""
        pathway = self.visit.pathway
        items = {item for fact in pathway.facts.values() for item in fact.items}
        for id_, answer in self.note._counted.items():
            question = pathway.questions[id_]
            if answer in (NO, "", ()) or id_ in items:
                continue
            if not question.safety:
                yield self.say.value(id_, answer)
            elif is_sign(question, answer):
                yield question.label[self.language]

    def scores(self) -> Iterator[str]:
        """Every total, and the answers that it is made of."""
        pathway = self.visit.pathway
        for id_, fact in pathway.facts.items():
            if self.note._measured(fact):
                yield self.note._score(id_)
        for instrument in pathway.instruments.values():
            ids = [f"{instrument.id}.{item.id}" for item in instrument.item if item.scored]
            if instrument.total and any(id_ in self.note._counted for id_ in ids):
                given_ = [str(self.note._counted.get(id_, "–")) for id_ in ids]
                yield " ".join(self.say.t(a) if a in (YES, NO) else a for a in given_)

    def safety(self) -> Iterator[str]:
        """Every safety step by its text, with what came of it, who told that and when."""
        for row in self.visit.safety:
            steps = self.visit.pathway.cards[row.card].steps
            text = next(each.text[self.language] for each in steps if each.id == row.step)
            yield f"{text} ["
            yield row.why_not or ""
            yield f"{row.recorder} {speech(self.language).moment(row.at)}"

    def rules(self) -> Iterator[str]:
        """Every stop that holds, and every rule that decides the step."""
        decision, say = self.say.decision, self.say
        for fired in decision.rules:
            rule = self.visit.pathway.rule(fired.id).rule
            because = rule.because[self.language]
            if rule.stop:
                open_ = f", {say.t('OPEN')}" if fired.id in decision.stops else ""
                yield f"! {say.t(URGENCY[rule.stop])}: {because} ({fired.id}{open_}"
            elif decision.status == "suggested" and rule.at_least == decision.step:
                yield f"{fired.id}: {because}"


def happened(note: RecordNote) -> Iterator[str]:
    """Every event beside the steps, what was said before it was said anew, and each contact."""
    if note.summary is None:
        return
    t = note.summary._t
    events = note.summary.episode.events
    last = {event.kind: event for event in events}
    for event in events:
        if isinstance(event, Segment | Agreement | NextContact) and event is not last[event.kind]:
            yield note.summary._dated(event)
        match event:
            case AlcoholUse() | TrackEvent() | Missed() | Paused() | Resumed() | NeedEstablished():
                yield note.summary._dated(event)
            case Contact():
                yield f"{t.day(event.day)} (ORS {t.number(event.ors or 0)} SRS 30)"
            case PeriodEnded():
                yield t("satisfaction {rating}/10", rating=event.satisfaction)
            case MeasureTaken() if event.item is not None:
                yield item_words(event.measure, event.item, note.names)


def typed_in(note: RecordNote) -> Iterator[str]:
    """The totals of forms that were filled in elsewhere, and a danger that they tell of."""
    if note.summary is not None:
        told = list(note.summary.measures())
        assert len(told) == 6
        assert note.summary.danger.startswith("! ")
        yield from (*told, note.summary.danger)


def words_of(episode: Episode) -> Iterator[str]:
    """What the client said."""
    yield from (voice.words for voice in episode.voices)
    yield from (p.ended.in_own_words or "" for p in episode.periods if p.ended)
    for told in (event for event in episode.events if isinstance(event, Experience)):
        for name in ("helped", "missing", "heard", "changed", "advice"):
            yield getattr(told, name, None) or ""


def own_rows(note: RecordNote) -> Iterator[str]:
    """The rows of a note without those that name a page; each page is whole and knows itself."""
    pages = [page.split("\n") for page in note.pages()]
    goes_on = f"({note._say.t('goes on')}):"
    for number, page in enumerate(pages, start=1):
        assert len(page) <= PAGE
        if len(pages) == 1:
            yield from page
            return
        assert page[0] == f"{number}/{len(pages)} · TREE-NAAM · {note._title()}"
        yield from page[2 if page[1].endswith(goes_on) else 1 :]


def holds_every_fact(
    visit: AssessmentSession, language: str, episode: Episode | None, more: bool
) -> None:
    """Every answer, remark, safety step, rule, score and word stands in the note."""
    decision = visit.decide()
    row = None
    if decision.step is not None and more:
        row = confirmed(visit, abs(decision.step - 1), "other", LONG)
    note = note_of(visit, language, row, episode)
    facts = Facts(visit, note, language, DecisionWords(visit.pathway, decision, language))
    text = note.text()
    say, rows, whole = facts.say, text.split("\n"), told_once("\n".join(own_rows(note)))
    assert max(map(len, rows)) <= WIDTH
    assert all(map(str.strip, rows))
    confirmed_ = [LONG, say.step(row.confirmed_step)] if row else []
    heard = words_of(episode) if episode else ()
    own = (facts.answers(), facts.scores(), facts.safety(), facts.rules())
    texts = (*own, confirmed_, heard, typed_in(note), happened(note))
    for told in chain(*texts, visit.notes, [say.headline(), say.t(DISCLAIMER)]):
        assert told_once(told) in whole, f"{told!r} is not in\n{text}"
    if decision.stops:
        assert say.t("Suitable forms of care") not in text
        assert f"{say.t('Besides')}: " not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", AGES)
@given(data=st.data())
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
def test_any_note_holds_every_fact(name: str, language: str, data: st.DataObject) -> None:
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
        for stop in visit.decide().stops:
            record(visit, stop, data.draw(st.sampled_from([None, LONG])))
    visit.notes += [LONG] * data.draw(st.integers(0, 9))
    episode = long_episode() if data.draw(st.booleans()) else None
    holds_every_fact(visit, language, episode, data.draw(st.booleans()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why_not", [None, LONG], ids=["done", "not done"])
@pytest.mark.parametrize("recorded", [False, True], ids=["open", "recorded"])
@pytest.mark.parametrize("name", AGES)
def test_the_worst_note_of_all_holds_every_fact(
    name: str, recorded: bool, why_not: str | None, language: str
) -> None:
    pathway = built_in(name)
    visit = visited(pathway, {id_: worst(q) for id_, q in pathway.questions.items()})
    if recorded:
        for stop in visit.decide().stops:
            record(visit, stop, why_not)
    visit.notes += [LONG] * 20
    holds_every_fact(visit, language, long_episode(), more=True)


# -- the lines --------------------------------------------------------------------------------


def test_a_full_note_gives_its_lines_in_the_order_in_which_they_are_told() -> None:
    """What was told first stands first: of sections, of texts, and of the lines of one text."""
    words = [f"{n} {'long ' * 14}words" for n in "zyx"]
    rows = lay_out(
        [
            NoteSection("", ("note of a day", "draft")),
            NoteSection("Risk", ("! stop S2\n- step b\n- step a", "! stop S1\n- step c")),
            NoteSection("Plan", tuple(words)),
            NoteSection("", ("end", "client")),
        ]
    )
    assert rows == [
        "note of a day",
        "draft",
        "Risk: ! stop S2",
        "  - step b",
        "  - step a",
        "  ! stop S1",
        "  - step c",
        f"Plan: z {' '.join(['long'] * 14)}",
        "    words",
        f"  Y {' '.join(['long'] * 14)}",
        "    words",
        f"  X {' '.join(['long'] * 14)}",
        "    words",
        "end",
        "client",
    ]


def test_a_section_stands_under_its_heading_and_is_never_cut() -> None:
    rows = lay_out([NoteSection("Plan", ("rest", LONG.strip()))])
    assert rows[:2] == ["Plan: rest", f"  E{rows[1][3:]}"]
    assert flat("\n".join(rows)).casefold().endswith(LONG.strip())


def test_a_note_is_as_long_as_it_needs_to_be() -> None:
    texts = tuple(f"{n} {LONG}" for n in range(60))
    rows = lay_out([NoteSection("Client", texts)])
    assert all(any(f"{n} en saanut" in row for row in rows) for n in range(60))
    assert max(map(len, rows)) <= WIDTH


# -- the pages --------------------------------------------------------------------------------


def name(number: int, count: int) -> str:
    return f"{number}/{count} · TREE-NAAM · 2026-03-02"


def test_a_note_that_fits_its_page_is_not_numbered() -> None:
    sections = [NoteSection("Plan", tuple("x" * PAGE))]
    assert lay_out_pages(sections, name, "goes on") == [lay_out(sections)]


def test_a_longer_note_goes_on_where_each_half_says_whose_it_is() -> None:
    texts = tuple(f"fact {n}" for n in range(PAGE + 1))
    first, second = lay_out_pages([NoteSection("Plan", texts)], name, "goes on")
    assert first[:2] == ["1/2 · TREE-NAAM · 2026-03-02", "Plan: fact 0"]
    assert second[:2] == ["2/2 · TREE-NAAM · 2026-03-02", "Plan (goes on):"]
    assert len(first) == PAGE
    told = [row.strip() for row in (*first[2:], *second[2:])]
    assert told == [f"Fact {n}" for n in range(1, PAGE + 1)]


def test_a_text_is_not_broken_between_two_pages_and_a_new_part_needs_no_second_name() -> None:
    long = " ".join(["word"] * 60)
    texts = tuple("x" * (PAGE - 3))
    first, second = lay_out_pages(
        [NoteSection("Plan", texts), NoteSection("Risk", (long,))], name, "goes on"
    )
    assert len(first) == PAGE - 2
    assert second[1].startswith("Risk: word word")
    assert flat(" ".join(second[1:])) == f"Risk: {long}"
