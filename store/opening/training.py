"""The training store: invented clients in a plain file of its own, for practice only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from stepping.finland import finnish_day
from store.opening.store_file import create_store, open_store
from store.records import Assessment, Client, Confirmation, DraftState, PathwayCopy
from store.repository.store import Store
from store.times import Clock, utc_now

if TYPE_CHECKING:
    from stepping.episode.validation import ValidationContext
    from stepping.pathway.model import Answer, Pathway

HANDLE = "trainee"
"""Staff code of everyone who practises."""

MUNICIPALITY, PLACE = "municipality", "hollola"
"""The setting that holds where a workplace is, and where the practice is."""
UNIT = "Hollolan sote-keskus"


class _Person(NamedTuple):
    code: str
    birth_year: int
    sex: Literal["f", "m", "x"] | None
    language: str
    municipality: str


# Codes begin with the word that tells practice from care; the last character is the check.
_PEOPLE = (
    _Person("TREENAAM", 1998, "f", "fi", "hollola"),
    _Person("TREENABK", 1984, "m", "fi", "hollola"),
    _Person("TREENACR", 1971, "f", "sv", "asikkala"),
    _Person("TREENADP", 2004, "x", "fi", "hollola"),
    _Person("TREENAED", 1959, "m", "en", "asikkala"),
    _Person("TREENAFB", 1990, None, "fi", "hollola"),
)


class _Assessed(NamedTuple):
    """An assessment with the answers of one of the pathway's own examples."""

    example: str
    state: DraftState | Literal["confirmed"] = "confirmed"
    answers: Mapping[str, str] | None = None
    """Only these, in place of the whole example."""


_SAFE = {f"danger.{other}": "no" for other in ("violence", "child", "confusion", "intoxicated")}

# How many days ago what happened to whom, the oldest first; the days within an event are days ago
# as well. One of each kind waits then, and the first client is left to begin with. A result that
# waits is of today, because its answers about danger hold for hours.
_STORY: tuple[tuple[float, str, _Assessed | Mapping[str, Any]], ...] = (
    (40, "TREENABK", _Assessed("gad_10_recent")),
    (38, "TREENABK", {"kind": "voice", "about": "goal", "words": "Uskallan taas kulkea bussilla"}),
    (35, "TREENABK", {"kind": "period_started", "period": "p1", "step": 1}),
    (28, "TREENABK", {"kind": "contact", "period": "p1", "ors": 22.5, "srs": 36}),
    (28, "TREENABK", {"kind": "next_contact", "due": 14}),
    (12, "TREENADP", _Assessed("mood_26_weeks")),
    (8, "TREENACR", _Assessed("mood_10_anxiety_10")),
    (
        8,
        "TREENACR",
        {
            "kind": "track",
            "track": "multi_service",
            "what": "planned",
            "role": "nurse",
            "goals": ["Ett möte med skuldrådgivaren"],
            "review_on": 1,
        },
    ),
    (8, "TREENACR", {"kind": "next_contact", "due": -6}),
    (6, "TREENADP", {"kind": "paused", "why": "client_wish"}),
    (3, "TREENADP", _Assessed("well", "draft", {"danger.suicide": "no", **_SAFE})),
    (2, "TREENAED", {"kind": "opened"}),
    (0.1, "TREENAFB", _Assessed("mood_10_anxiety_10", "unconfirmed")),
    (0.05, "TREENAED", _Assessed("well", "open_stop", {"danger.suicide": "yes", **_SAFE})),
)
_TREATMENT = "guided_self_help"
_DAYS = ("due", "review_on")


class _Past:
    """The clock while the store is filled: some days before now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.days = 0.0

    def __call__(self) -> datetime:
        return self.before(self.days)

    def before(self, days: float) -> datetime:
        return self._clock() - timedelta(days=days)


def open_training(path: Path, clock: Clock = utc_now) -> Store:
    """Open the training store; if there is none, make it with six clients and their care."""
    if not path.exists():
        _make(path, _Past(clock))
    store = open_store(path, None, HANDLE, clock, training=True)
    seed(store)
    return store


def _make(path: Path, past: _Past) -> None:
    """Make a training store in which something waits; a pathway with faults leaves that out."""
    from stepping.pathway.diagnostics import PathwayError
    from store.pathway_files.files import load

    past.days = _STORY[0][0]
    with create_store(path, None, HANDLE, past, training=True) as store:
        seed(store)
        try:
            pathway = load("adult")
        except PathwayError:
            return
        for days, code, what in _STORY:
            past.days = days
            client = store.clients.find(code)
            if client is None:
                raise ValueError(f"{code} is none of the invented clients")
            if isinstance(what, _Assessed):
                _assess(store, client, pathway, what)
            else:
                _tell(store, client, pathway, _dated(what, past))


def _assess(store: Store, client: Client, pathway: Pathway, made: _Assessed) -> None:
    """Keep an assessment as far as it came; a confirmed one begins an episode."""
    assessment = store.assessments.start(
        client.id, PathwayCopy.of(pathway), setting="reception", language=client.language
    )
    from stepping.pathway.client_facts import card_facts

    card = card_facts(client.birth_year, client.sex, finnish_day(assessment.started_at))
    answers = made.answers or _whole(pathway, made.example, card)
    seq = store.answers.record(assessment.id, answers)
    found = store.episodes.find_open(client.id)
    if made.state == "confirmed":
        _confirm(store, client, pathway, assessment, {**card, **answers}, seq)
        return
    if found:
        store.episodes.attach_assessment(assessment.id, found[0].id)


def _whole(pathway: Pathway, name: str, card: Mapping[str, Answer]) -> Mapping[str, Answer]:
    """Return every answer of an example, with nothing to remark where a remark is asked for."""
    from stepping.decision.interview import unanswered_questions
    from stepping.proofs.examples import example_answers

    example = next(each for each in pathway.examples if each.id == name)
    told = example_answers(pathway, example)
    answers = {id_: answer for id_, answer in told.items() if id_ in pathway.questions}
    left = unanswered_questions(pathway, {**card, **answers})
    return {**answers, **{question.id: "" for question in left if question.kind == "text"}}


def _confirm(
    store: Store,
    client: Client,
    pathway: Pathway,
    assessment: Assessment,
    answers: Mapping[str, Answer],
    seq: int,
) -> None:
    """Confirm what is suggested, in a new episode."""
    from stepping.decision.decide import decide
    from stepping.episode.events import Opened

    day = finnish_day(assessment.started_at)
    episode = store.episodes.begin(client.id, Opened(day=day), _around(store, client, pathway, day))
    store.episodes.attach_assessment(assessment.id, episode.id)
    decision = decide(pathway, answers, ())
    whole = {
        "answers": dict(answers),
        "recorded": [],
        "decision": decision.model_dump(mode="json"),
    }
    confirmation = Confirmation(
        decision_json=json.dumps(whole, ensure_ascii=False, sort_keys=True),
        suggested_step=decision.step,
        confirmed_step=decision.step,
        need_established=(decision.step or 0) > pathway.base_step,
        final_answers_seq=seq,
    )
    store.decisions.confirm(assessment.id, confirmation)


def _tell(store: Store, client: Client, pathway: Pathway, event: Mapping[str, Any]) -> None:
    """Keep an event of a client's episode, or begin one."""
    from stepping.episode.events import Opened, read_event

    ready = next(each.content for each in pathway.interventions if each.id == _TREATMENT)
    treatment = {
        "intervention": ready.id,
        "measuring": ready.measure and ready.measure.model_dump(),
    }
    more = treatment if event["kind"] == "period_started" else {}
    happened = read_event(json.dumps({**event, **more}))
    around = _around(store, client, pathway, happened.day)
    found = store.episodes.find_open(client.id)
    if found:
        store.episodes.record_event(found[0].id, happened, around)
    elif isinstance(happened, Opened):
        store.episodes.begin(client.id, happened, around)


def _dated(event: Mapping[str, Any], past: _Past) -> Mapping[str, Any]:
    """Return the event with the days for how many days ago they were."""
    days = {"day": past.days, **{name: event[name] for name in _DAYS if name in event}}
    return {
        **event,
        **{name: finnish_day(past.before(ago)).isoformat() for name, ago in days.items()},
    }


def _around(store: Store, client: Client, pathway: Pathway, day: date) -> ValidationContext:
    from stepping.episode.validation import ValidationContext

    ages = {each.id: each.content.ages for each in pathway.interventions}
    return ValidationContext(day, client.birth_year, ages, {}, {}, store.care.tracks)


def seed(store: Store) -> None:
    """Fill an open training store with six invented clients and a workplace, once.

    Raises:
        ValueError: If it is not a training store.
    """
    if not store.training:
        raise ValueError("only a training store is filled with invented clients")
    for person in _PEOPLE:
        if store.clients.find(person.code) is None:
            store.clients.add(**person._asdict())
    if store.settings.get(MUNICIPALITY) is None:
        store.settings.set(MUNICIPALITY, PLACE)
    if store.staff.get_own_unit() is None:
        store.staff.set_own_unit(UNIT)
