"""The training store: invented clients in a plain file of its own, for practice only.

`training.toml` beside this module holds the clients and their story.
"""

from __future__ import annotations

import json
import tomllib
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

_MUNICIPALITY = "municipality"
"""The setting that holds where a workplace is."""

_STORY = Path(__file__).with_name("training.toml")
"""Who is practised with, and what has happened to them."""


class _Assessed(NamedTuple):
    """An assessment with the answers of one of the pathway's own examples."""

    example: str
    state: DraftState | Literal["confirmed"] = "confirmed"
    answers: Mapping[str, str] | None = None
    """Only these, in place of the whole example."""


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

    story = _read_story()["story"]
    past.days = story[0]["days_ago"]
    with create_store(path, None, HANDLE, past, training=True) as store:
        seed(store)
        try:
            pathway = load("adult")
        except PathwayError:
            return
        for each in story:
            past.days = each["days_ago"]
            client = store.clients.find(each["client"])
            if client is None:
                raise ValueError(f"{each['client']} is none of the invented clients")
            if "assessment" in each:
                _assess(store, client, pathway, _Assessed(**each["assessment"]))
            else:
                _tell(store, client, pathway, _dated(each["event"], past))


def _read_story() -> dict[str, Any]:
    return tomllib.loads(_STORY.read_text("utf-8"))


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
    """Return every answer of an example that is asked, with nothing to remark where one may."""
    from stepping.decision.interview import find_counting_answers, unanswered_questions
    from stepping.proofs.examples import example_answers

    example = next(each for each in pathway.examples if each.id == name)
    told = example_answers(pathway, example)
    counts = find_counting_answers(pathway, {**card, **told})
    answers = {
        id_: answer
        for id_, answer in told.items()
        if id_ in pathway.questions and counts.get(id_, True)
    }
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
    from stepping.episode.clocks import what_it_counts_as
    from stepping.episode.events import Opened, read_event

    ready = next(each.content for each in pathway.interventions if each.id == _TREATMENT)
    treatment = {
        "intervention": ready.id,
        "counted": what_it_counts_as(ready, min(ready.steps, default=None), pathway.base_step),
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
    told = _read_story()
    for person in told["clients"]:
        if store.clients.find(person["code"]) is None:
            store.clients.add(**person)
    if store.settings.get(_MUNICIPALITY) is None:
        store.settings.set(_MUNICIPALITY, told["municipality"])
    if store.staff.get_own_unit() is None:
        store.staff.set_own_unit(told["unit"])
