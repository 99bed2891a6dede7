"""What is known of an assessment, and what follows from it; nothing is recorded here."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from typing import Final, Literal

from stepping.decision import interview
from stepping.decision.client_pages import is_client_page
from stepping.decision.decide import decide
from stepping.decision.draft_status import tells_something
from stepping.decision.facts import get_fact_states
from stepping.decision.interventions import rank_interventions
from stepping.decision.minimum_steps import find_inputs
from stepping.decision.outcome import (
    Decision,
    ExcludedIntervention,
    OpenElsewhere,
    RankedIntervention,
)
from stepping.decision.safety import (
    RecordedStep,
    SafetyStep,
    find_cards,
    find_counting_steps,
    find_recorded_stops,
    find_stop_questions,
)
from stepping.decision.validity import find_expired, find_kept_by_stops, get_expiry
from stepping.finland import finnish_day
from stepping.pathway.age import AnswerTime, Elsewhere
from stepping.pathway.client_facts import AGE, SEX, card_facts
from stepping.pathway.model import Answer, Pathway, QuestionPage
from stepping.pathway.schema import AgreedOn, Card, CardStep
from stepping.pathway.told_totals import with_told
from stepping.services.match import Barrier, Seeker, barriers_in
from store.records import Assessment, Client, OpenStop, SafetyRecord, StoredDecision
from store.repository.store import Store

ANY_LANGUAGE: Final = "any_language"
BarrierToggle = Barrier | Literal["any_language"]
"""A barrier that is not as the answers say, or that any language will do."""

_Known = tuple[dict[str, Answer], frozenset[str], tuple[OpenElsewhere, ...]]
"""What decides: answers, recorded stops, and stops open elsewhere."""


@dataclass
class AssessmentState:
    """The answers, skips and safety steps of one client's assessment.

    Of the store only its clock is asked: answers grow too old to count.
    """

    store: Store
    pathway: Pathway
    client: Client
    assessment: Assessment
    given: dict[str, Answer] = field(default_factory=dict)
    """Answers by question id as they stand in the store, whatever their age."""
    skipped: dict[str, str] = field(default_factory=dict)
    """Skipped questions with the reason, which may be empty."""
    entry_numbers: dict[str, int] = field(default_factory=dict)
    """Question id to the number of the entry that holds its answer."""
    times: dict[str, AnswerTime] = field(default_factory=dict)
    """When each answer and skip was recorded; what the episode gave has no age."""
    elsewhere: dict[str, Elsewhere] = field(default_factory=dict)
    """Where answers were given that nobody was asked for here, by question id."""
    reopened: frozenset[str] = frozenset()
    """Questions that are asked again because their answers had grown too old."""
    notes: list[str] = field(default_factory=list)
    """Remarks of the nurse, in the order in which they were made."""
    safety: list[SafetyRecord] = field(default_factory=list)
    seq: int = 0
    """The number of the newest entry."""
    confirmed_card: dict[str, Answer] | None = None
    """What the card said when the step was confirmed; None of what is not confirmed."""
    stops_elsewhere: tuple[OpenStop, ...] = ()
    """The stops that are open in other drafts of the person, as they were looked up last."""
    furthest: int = 0
    """The most pages that were shown as done; what is corrected later never shows fewer."""
    turned_barriers: frozenset[BarrierToggle] = frozenset()
    """What the nurse has turned about the use of services; it decides nothing and is not stored."""
    _decided: tuple[_Known, Decision] | None = field(default=None, init=False, repr=False)
    """What was decided last, and on what."""

    @property
    def is_case(self) -> bool:
        """Whether it is a case of practice: the trainee's own step comes before a suggestion."""
        return ":" in self.assessment.setting and self.store.training

    # -- answers -------------------------------------------------------------

    @property
    def answers(self) -> dict[str, Answer]:
        """Everything that decides: the answers that hold and what the client card says."""
        return self._with_card(self.valid_answers)

    @property
    def valid_answers(self) -> dict[str, Answer]:
        """The answers that still hold; one that has grown too old counts as not given."""
        return self._without(self.outdated)

    @property
    def outdated(self) -> frozenset[str]:
        """The questions whose answer or skip no longer holds.

        A stop never closes by waiting: while one is open, the answers that it rests on count. What
        is closed stays as it was on its day.
        """
        if self.assessment.state != "draft" or not self.times:
            return frozenset()
        old = find_expired(self.pathway, self.times, self.store.now)
        if not old:
            return old
        return old - find_kept_by_stops(self.pathway, self._all_answers, self.recorded_stops)

    @property
    def asked_again(self) -> frozenset[str]:
        """The outdated questions that are asked, or may be, as things stand.

        With the totals that were told, if that leaves an item to be asked.
        """
        old = self.outdated
        if not old:
            return old
        answers = self._with_card(self._without(old))
        pages = interview.shown_pages(self.pathway, answers)
        asked = {question.id for page in pages for question in page.questions}
        return old & (asked | with_told(self.pathway, asked - answers.keys()))

    def _without(self, old: Collection[str]) -> dict[str, Answer]:
        return {id_: answer for id_, answer in self.given.items() if id_ not in old}

    @property
    def _all_answers(self) -> dict[str, Answer]:
        """The answers of any age and what the client card says."""
        return self._with_card(self.given)

    def _with_card(self, given: Mapping[str, Answer]) -> dict[str, Answer]:
        """Return answers with what the client card says.

        What was confirmed stays on the card on which it was confirmed.
        """
        return {**(self._card if self.confirmed_card is None else self.confirmed_card), **given}

    @property
    def _card(self) -> dict[str, Answer]:
        """What the client's card says now, on the day on which the assessment began."""
        began = finnish_day(self.assessment.started_at)
        return card_facts(self.client.birth_year, self.client.sex, began)

    @property
    def card_changed(self) -> bool:
        """Whether the step was confirmed on another age or sex than the client's card has now."""
        return self.confirmed_card not in (None, self._card)

    @property
    def seeker(self) -> Seeker:
        """What decides which services the client can use: the card, the answers, the nurse."""
        answers = self.answers
        age = answers.get(AGE)
        turned = frozenset(of for of in self.turned_barriers if of != ANY_LANGUAGE)
        any_language = ANY_LANGUAGE in self.turned_barriers
        return Seeker(
            self.client.municipality,
            age if isinstance(age, int) else None,
            frozenset() if any_language else frozenset({self.client.language}),
            barriers_in(answers) ^ turned,
        )

    # -- safety --------------------------------------------------------------

    @property
    def recorded_stops(self) -> frozenset[str]:
        """The stops whose every safety step is recorded, on answers of any age."""
        return find_recorded_stops(self.pathway, self._all_answers, self._counting(self.safety))

    @property
    def open_stops(self) -> tuple[str, ...]:
        """The stops that are open in this assessment, the most urgent first."""
        return interview.open_stops(self.pathway, self.answers, self.recorded_stops)

    @property
    def settled_card(self) -> str | None:
        """The version of the card that the way goes by; none while a stop is open, which goes on.

        Where it has changed, it is to be seen whether the pathway fits the card.
        """
        return None if self.open_stops else self.assessment.card_version

    def _counting(self, rows: Iterable[SafetyRecord]) -> frozenset[SafetyStep]:
        """Return the recorded steps whose stop the answers of then still hold."""
        outcomes = (RecordedStep(_step_of(row), row.answers_seq) for row in rows)
        return find_counting_steps(self.pathway, self._all_answers, self.entry_numbers, outcomes)

    @cached_property
    def bearing_on_stops(self) -> frozenset[str]:
        """The questions whose answers may open a stop."""
        return find_stop_questions(self.pathway)

    def list_cards(self, stop: str) -> tuple[Card, ...]:
        """Return the action cards of a stop that apply now."""
        return find_cards(self.pathway, self._all_answers, stop)

    def find_outcome(self, step: SafetyStep) -> SafetyRecord | None:
        """Return what was recorded of a safety step."""
        rows = [row for row in self.safety if _step_of(row) == step]
        return next((row for row in rows if self._counting([row])), None)

    def find_contact_limit(self, step: SafetyStep) -> int | None:
        """Return within how many days a safety step agrees a contact, if it agrees one."""
        return self._card_step(step).contact_within_days

    def find_agreed_on(self, step: SafetyStep) -> tuple[AgreedOn, ...]:
        """Return what else a safety step asks to be agreed."""
        return self._card_step(step).agree

    def _card_step(self, step: SafetyStep) -> CardStep:
        steps = self.pathway.cards[step.card].steps
        return next(each for each in steps if each.id == step.step)

    # -- the interview -------------------------------------------------------

    def find_next(self) -> interview.Next:
        """Return what comes now: a stop, a page, or the end; what is asked again danger first."""
        old = self.outdated
        return interview.find_next(
            self.pathway,
            self._with_card(self._without(old)),
            self.skipped.keys() - old,
            self.recorded_stops,
            danger_first=bool(old or self.reopened),
        )

    def find_page_before(self, page_id: str | None) -> QuestionPage | None:
        """Return the page before one, or the last page."""
        return interview.page_before(self.pathway, self.answers, page_id)

    def find_page_after(self, page_id: str) -> QuestionPage | None:
        """Return the page after one."""
        return interview.page_after(self.pathway, self.answers, page_id)

    def find_page_to_correct(self) -> QuestionPage | None:
        """Return the page to correct at a stop: the last whose answers speak for the stop."""
        held = partial(interview.open_stops, self.pathway, self.answers)
        stop = next(iter(held(self.recorded_stops) or held(())), None)
        if stop is None:
            return None
        bases = find_inputs(self.pathway, self.pathway.rule(stop).condition)
        speaking = {id_ for id_ in bases if tells_something(self.valid_answers.get(id_))}
        pages = interview.shown_pages(self.pathway, self.answers)
        return next((p for p in pages[::-1] if any(q.id in speaking for q in p.questions)), None)

    def get_progress(self, page_id: str) -> interview.InterviewProgress:
        """Return how far a page is along the way."""
        return interview.get_progress(self.pathway, self.answers, page_id)

    def measure_way(self) -> tuple[int, int]:
        """Return how much of how much to show as done: pages, and at the end the result.

        It never shrinks in one visit, whatever a corrected answer opens again.
        """
        old = self.outdated
        answers, skipped = self._with_card(self._without(old)), self.skipped.keys() - old
        done, most = interview.measure_way(self.pathway, self._card, answers, skipped)
        self.furthest = max(self.furthest, done)
        return self.furthest, most + 1

    def may_hand_over(self, page: QuestionPage | None) -> bool:
        """Say whether the client may be left alone with a page: not while a stop is open."""
        return page is not None and is_client_page(page) and not self.open_stops

    # -- the decision --------------------------------------------------------

    def decide(self) -> Decision:
        """Decide on what is known now, with the stops that are open elsewhere."""
        return self.decide_beside(tuple(map(_as_named, self.stops_elsewhere)))

    def decide_beside(self, elsewhere: tuple[OpenElsewhere, ...]) -> Decision:
        """Decide on what is known now, with these stops open elsewhere.

        What follows from the very same answers is worked out once.
        """
        told = self.answers, self.recorded_stops, elsewhere
        if self._decided is None or self._decided[0] != told:
            self._decided = told, decide(self.pathway, *told)
        return self._decided[1]

    def find_offers(
        self, decision: Decision, step: int
    ) -> tuple[tuple[RankedIntervention, ...], tuple[ExcludedIntervention, ...]]:
        """Return the forms of care on a step, and those left out, by the rules that hold."""
        rules = [self.pathway.rule(fired.id) for fired in decision.rules]
        states = get_fact_states(self.pathway, self.answers)
        return rank_interventions(self.pathway, states, self.answers, rules, step)

    def find_expiry(self) -> datetime | None:
        """Return up to when every answer that counts holds; None if each holds for ever."""
        counts = interview.find_counting_answers(self.pathway, self.answers)
        times = {id_: when for id_, when in self.times.items() if counts.get(id_)}
        return get_expiry(self.pathway, times)


def _step_of(row: SafetyRecord) -> SafetyStep:
    return SafetyStep(row.stop, row.card, row.step)


def _as_named(stop: OpenStop) -> OpenElsewhere:
    """Return a stop that is open elsewhere as a decision names it."""
    return OpenElsewhere(
        draft=stop.assessment_id,
        pathway=stop.pathway_id,
        id=stop.stop,
        urgency=stop.urgency,
        floor=stop.floor,
        day=finnish_day(stop.started_at),
    )


def in_language_of(store: Store, client: Client, assessment: Assessment) -> Assessment:
    """Return the assessment as it goes on: a draft follows a language corrected after it began."""
    if assessment.state != "draft":
        return assessment
    corrected = [
        change.after.language
        for change in store.corrections.list_card_changes(client.id)
        if change.at > assessment.started_at and change.after.language != change.before.language
    ]
    return assessment.model_copy(update={"language": corrected[-1]}) if corrected else assessment


def card_of(row: StoredDecision) -> dict[str, Answer] | None:
    """Return what a client's card said when a decision was made; None where it was not kept."""
    whole = json.loads(row.decision_json)
    answers = whole.get("answers") if isinstance(whole, dict) else None
    if not isinstance(answers, dict):
        return None
    return {fact: answers[fact] for fact in (AGE, SEX) if fact in answers}
