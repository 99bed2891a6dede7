"""Gathers what a file of an assessment or an episode tells to other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from casework.assessment import AssessmentSession, stored_decision
from casework.episode import EpisodeSession
from casework.language import N_
from casework.workspace import Workspace
from screens.base.open_stops import sentences
from screens.wording.elsewhere.told_words import told_days
from screens.wording.track_words import ALCOHOL
from stepping.decision.facts import get_fact_states
from stepping.decision.interview import find_counting_answers
from stepping.episode.clocks import score_changes, step_began
from stepping.episode.events import MeasureTaken
from stepping.episode.procedures import MINI_INTERVENTION
from stepping.interchange.codes import Codes
from stepping.interchange.form import Form, FormWords
from stepping.interchange.record import (
    Change,
    ClientRecord,
    Met,
    Plan,
    Subject,
    Total,
    Treatment,
)
from stepping.interchange.response import Filled, Status
from stepping.measured import was_asked
from stepping.pathway.model import Pathway
from stepping.services.match import find_home
from store.errors import UnknownRecord
from store.records import Client
from store.times import local_time

_STATES: Mapping[str, Status] = {
    "draft": "in-progress",
    "confirmed": "completed",
    "abandoned": "stopped",
}
_MINI = N_("mini-intervention about alcohol")
_CHANGE, _STEP, _CONTACT = N_("change since the first time"), N_("step of care"), N_("next contact")
_ELSEWHERE = N_("total told elsewhere, without its items")


@dataclass(frozen=True)
class Wanted:
    """How a record is told."""

    codes: Codes
    words_of: Callable[[str], FormWords]
    """The words of a form in a language."""
    in_words: bool = False
    """Whether what was written in words may leave."""

    def form(self, pathway: Pathway, language: str) -> Form:
        """Return the form whose answers are told."""
        return Form(pathway, language, self.words_of(language), self.codes)


def record_of_assessment(
    workspace: Workspace, session: AssessmentSession, wanted: Wanted
) -> ClientRecord:
    """Return what a file of one assessment tells.

    Raises:
        StoreError: If the store does not tell.
    """
    filled = _filled(workspace, session, wanted)
    row = workspace.store.decisions.find(session.assessment.id)
    day = local_time(filled.authored).date()
    plan = None
    if row and row.confirmed_step is not None:
        names = {step.number: step.name for step in session.pathway.header.step}
        name = names[row.confirmed_step][filled.form.language]
        plan = Plan(
            session.assessment.id,
            f"{row.confirmed_step} {name}",
            local_time(row.at).date(),
            ended=False,
        )
    facts, told = session.pathway.facts, filled.told
    scores = {**filled.totals, **{fact: points for fact, (points, _) in told.items()}}
    return ClientRecord(
        session.assessment.id,
        filled.form.language,
        filled.form.codes.system,
        _subject(workspace, session.client),
        (filled,),
        tuple(
            Total(
                facts[fact].label[filled.form.language],
                filled.form.total_code(facts[fact]),
                points,
                day,
                final=filled.status == "completed",
                given=told[fact][1] if fact in told else None,
                assessment=filled.id,
            )
            for fact, points in scores.items()
        ),
        stops=_stops(workspace, session.client),
        plan=plan,
        training=workspace.training,
        words=_words(workspace),
    )


def record_of_episode(workspace: Workspace, care: EpisodeSession, wanted: Wanted) -> ClientRecord:
    """Return what a file of an episode tells: its assessments that are still here, and the rest.

    Raises:
        StoreError: If the store does not tell.
        PathwayError: If the pathway of an assessment cannot be read.
    """
    episode, names = care.episode, care.names
    responses = tuple(_responses(workspace, care, wanted))
    labels = {measure.fact: measure.label for measure in names.measures}
    overall = score_changes(episode, {measure.fact: measure.rule for measure in names.measures})
    plan = None
    if episode.step is not None:
        agreed = episode.unmet_contact if episode.closed is None else None
        plan = Plan(
            care.id,
            names.step(episode.step),
            step_began(episode),
            ended=episode.closed is not None,
            next_contact=agreed.due if agreed else None,
        )
    return ClientRecord(
        care.id,
        workspace.language,
        wanted.codes.system,
        _subject(workspace, care.client),
        responses,
        tuple(_totals(care, responses, labels)),
        tuple(
            Change(labels[each.instrument], each.difference, each.latest.day)
            for each in overall.changes
            if each.difference is not None and each.latest is not None
        ),
        _stops(workspace, care.client),
        plan,
        tuple(_treatments(care)),
        tuple(_contacts(care)),
        workspace.training,
        _words(workspace),
    )


def _filled(workspace: Workspace, session: AssessmentSession, wanted: Wanted) -> Filled:
    """Return the answers of an assessment that count, in the nurse's language if it has that."""
    pathway, store = session.pathway, workspace.store
    row = store.decisions.find(session.assessment.id)
    decision = stored_decision(row) if row else session.decide()
    counts = find_counting_answers(pathway, session.answers)
    states = get_fact_states(pathway, session.answers)
    spoken = pathway.header.languages
    language = workspace.language if workspace.language in spoken else spoken[0]
    totals = {
        id_: score
        for id_, score in decision.scores.items()
        if isinstance(score, int)
        and id_ in pathway.facts
        and pathway.facts[id_].origin == "total"
        and (counts.get(id_) or was_asked(pathway, states, id_))
    }
    days = told_days(session)
    return Filled(
        wanted.form(pathway, language),
        session.assessment.id,
        {id_: answer for id_, answer in session.given.items() if counts.get(id_)},
        max((each.at for each in session.times.values()), default=session.assessment.started_at),
        _STATES[session.assessment.state],
        {id_: score for id_, score in totals.items() if id_ not in days},
        {id_: (score, days[id_]) for id_, score in totals.items() if id_ in days},
        wanted.in_words,
    )


def _responses(workspace: Workspace, care: EpisodeSession, wanted: Wanted) -> Iterator[Filled]:
    for measured in care.episode.measured:
        try:
            found = workspace.store.assessments.get(measured.assessment)
        except UnknownRecord:  # purged since; what it measured stands in the event
            continue
        session = AssessmentSession.resume(
            workspace.store, found, workspace.get_pathway(found.pathway_digest)
        )
        yield _filled(workspace, session, wanted)


def _totals(
    care: EpisodeSession, responses: tuple[Filled, ...], labels: Mapping[str, str]
) -> Iterator[Total]:
    forms = {each.id: each.form for each in responses}
    known = {
        fact.id: form.total_code(fact)
        for form in forms.values()
        for fact in form.pathway.facts.values()
    }
    for measured in care.episode.measured:
        form = forms.get(measured.assessment)
        for fact, points in measured.scores.items():
            own = form.pathway.facts.get(fact) if form else None
            name = labels.get(fact) or (own.label[form.language] if own and form else fact)
            given = (measured.told or {}).get(fact)
            source = measured.assessment
            yield Total(name, known.get(fact), points, measured.day, given=given, assessment=source)
    for taken in (each for each in care.episode.events if isinstance(each, MeasureTaken)):
        yield Total(care.names.care.measure(taken.measure), None, taken.points, taken.day)


def _treatments(care: EpisodeSession) -> Iterator[Treatment]:
    names = care.names
    for period in care.episode.periods:
        what = period.started.intervention
        yield Treatment(
            period.id,
            names.intervention(what),
            names.codes.get(what),
            period.started.day,
            period.ended.day if period.ended else None,
        )
    for number, use in enumerate(each for each in care.episode.alcohol if each.mini_intervention):
        yield Treatment(
            f"{MINI_INTERVENTION}/{number}",
            care.workspace.t(_MINI),
            names.care.code(ALCOHOL) or None,
            use.day,
            use.day,
            single=True,
        )


def _contacts(care: EpisodeSession) -> Iterator[Met]:
    channels = care.names.care.rules.channels
    for number, contact in enumerate(care.episode.contacts):
        channel = channels.get(contact.channel or "")
        name = care.names.care.channel(contact.channel) if contact.channel else ""
        yield Met(str(number), contact.day, name, channel.code if channel else None)


def _subject(workspace: Workspace, client: Client) -> Subject:
    home = find_home(workspace.areas, client.municipality)
    number = home[1].number if home else None
    return Subject(client.id, client.code, client.birth_year, client.sex, number)


def _stops(workspace: Workspace, client: Client) -> tuple[tuple[str, str], ...]:
    found = workspace.store.open_stops.list_of(client.id)
    return tuple((stop.stop, " ".join(sentences(workspace, stop))) for stop in found)


def _words(workspace: Workspace) -> dict[str, str]:
    t = workspace.t
    return {
        "change": t(_CHANGE),
        "step": t(_STEP),
        "contact": t(_CONTACT),
        "elsewhere": t(_ELSEWHERE),
    }
