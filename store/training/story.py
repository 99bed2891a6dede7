"""What has happened to the six clients of the training store, done as `story.toml` tells it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, Literal, NamedTuple

from stepping.decision.decide import decide
from stepping.episode.clocks import what_it_counts_as
from stepping.episode.events import Opened, read_event
from stepping.episode.validation import ValidationContext
from stepping.finland import finnish_day
from stepping.measured import as_stored
from stepping.pathway.client_facts import card_facts
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Answer, Pathway
from stepping.proofs.examples import example_answers
from stepping.training.caseload import keep_asked
from store.pathway_files.files import load
from store.records import Assessment, Client, Confirmation, DraftState, PathwayCopy
from store.repository.store import Store
from store.training.invented import Deed, Past, do_all, read_story, seed

_TREATMENT = "guided_self_help"
_DAYS = ("due", "review_on")


class _Assessed(NamedTuple):
    """An assessment with the answers of one of the pathway's own examples."""

    example: str
    state: DraftState | Literal["confirmed"] = "confirmed"
    answers: Mapping[str, str] | None = None
    """Only these, in place of the whole example."""


def fill(store: Store, past: Past) -> None:
    """Do all of it, in the order of its days."""
    do_all(list_deeds(store, past), past)


def list_deeds(store: Store, past: Past) -> Iterator[Deed]:
    """Yield what was done; a pathway with faults leaves all but the clients out.

    Raises:
        ValueError: If the story tells of somebody else.
    """
    told = read_story()
    yield Deed(told["story"][0]["days_ago"], partial(seed, store))
    try:
        pathway = load("adult")
    except PathwayError:
        return
    known = {each["code"] for each in told["clients"]}
    for each in told["story"]:
        if each["client"] not in known:
            raise ValueError(f"{each['client']} is none of the invented clients")
        yield Deed(each["days_ago"], partial(_do, store, past, pathway, each))


def _do(store: Store, past: Past, pathway: Pathway, told: Mapping[str, Any]) -> None:
    client = store.clients.find(told["client"])
    assert client is not None  # noqa: S101 - it was added before
    if "assessment" in told:
        _assess(store, client, pathway, _Assessed(**told["assessment"]))
    else:
        _tell(store, client, pathway, _dated(told["event"], past))


def _assess(store: Store, client: Client, pathway: Pathway, made: _Assessed) -> None:
    """Keep an assessment as far as it came; a confirmed one begins an episode."""
    assessment = store.assessments.start(
        client.id, PathwayCopy.of(pathway), setting="reception", language=client.language
    )

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
    example = next(each for each in pathway.examples if each.id == name)
    return keep_asked(pathway, example_answers(pathway, example), card)


def _confirm(
    store: Store,
    client: Client,
    pathway: Pathway,
    assessment: Assessment,
    answers: Mapping[str, Answer],
    seq: int,
) -> None:
    """Confirm what is suggested, in a new episode."""
    day = finnish_day(assessment.started_at)
    episode = store.episodes.begin(client.id, Opened(day=day), _around(store, client, pathway, day))
    store.episodes.attach_assessment(assessment.id, episode.id)
    decision = decide(pathway, answers, ())
    whole = as_stored(pathway, answers, (), decision)
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


def _dated(event: Mapping[str, Any], past: Past) -> Mapping[str, Any]:
    """Return the event with the days for how many days ago they were."""
    days = {"day": past.days, **{name: event[name] for name in _DAYS if name in event}}
    return {
        **event,
        **{name: finnish_day(past.before(ago)).isoformat() for name, ago in days.items()},
    }


def _around(store: Store, client: Client, pathway: Pathway, day: date) -> ValidationContext:

    ages = {each.id: each.content.ages for each in pathway.interventions}
    return ValidationContext(day, client.birth_year, ages, {}, {}, store.care.tracks)
