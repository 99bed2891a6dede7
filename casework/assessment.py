"""One assessment under way: everything that is done in it is stored at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Self

from casework.assessment_state import AssessmentState, card_of, in_language_of
from casework.client_card import ClientCard
from stepping.decision.outcome import Decision
from stepping.decision.safety import SafetyStep, list_safety_steps
from stepping.decision.validity import find_hidden_safety
from stepping.episode.episode import Episode
from stepping.episode.events import NextContact
from stepping.episode.given_facts import carried_answers, given_facts
from stepping.episode.measures import typed_facts
from stepping.finland import finnish_day
from stepping.measured import as_stored
from stepping.pathway.age import AnswerTime, Source
from stepping.pathway.client_facts import highest_age
from stepping.pathway.model import Answer, Pathway, QuestionPage
from store.errors import (
    AnswersChanged,
    AnswersOutdated,
    CardChanged,
    ChangedElsewhere,
    StopElsewhere,
    StopOpen,
)
from store.records import (
    AgreedContact,
    Assessment,
    Client,
    Confirmation,
    PathwayCopy,
    StepTerms,
    StoredDecision,
    plain_answer,
)
from store.repository.store import Store


@dataclass
class AssessmentSession(AssessmentState):
    """An assessment with its client; every change is durable before the method returns.

    Each method that starts, records, reopens or closes something is one transaction. It may raise a
    StoreError; nothing has changed then.
    """

    @classmethod
    def begin(cls, store: Store, card: ClientCard) -> Self:
        """Start the assessment of a filled-in card, with its client if that is a new one.

        One transaction holds all of it: the client, the assessment, and what the client's open
        episode gives to it.
        """
        with store.writing():
            client = card.client or store.clients.add(
                code=card.code,
                birth_year=card.birth_year,
                sex=card.sex,
                language=card.language,
                municipality=card.municipality or None,
                why=card.why_unknown or None,
            )
            session = cls.start(
                store, card.pathway, client, setting=card.setting, language=card.language
            )
            session.join_open_episode()
        return session

    @classmethod
    def start(
        cls, store: Store, pathway: Pathway, client: Client, *, setting: str, language: str
    ) -> Self:
        """Start an assessment and keep the pathway's texts with it."""
        store.pathway_texts.hold_at_hand(pathway)
        copy = PathwayCopy.of(pathway)
        assessment = store.assessments.start(client.id, copy, setting=setting, language=language)
        session = cls(store, pathway, client, assessment)
        session.refresh_stops_elsewhere()
        return session

    @classmethod
    def resume(cls, store: Store, assessment: Assessment, pathway: Pathway) -> Self:
        """Go on with an assessment, under the pathway text that it began with.

        Raises:
            ValueError: If that is not the text of `pathway`.
        """
        if pathway.digest != assessment.pathway_digest:
            raise ValueError("an assessment goes on under the pathway text that it began with")
        store.pathway_texts.hold_at_hand(pathway)
        session = cls(store, pathway, store.clients.get(assessment.client_id), assessment)
        session._load()
        return session

    def _load(self) -> None:
        now = self.store.assessments.get(self.assessment.id)
        self.client = self.store.clients.get(now.client_id)
        self.assessment = in_language_of(self.store, self.client, now)
        progress = self.store.answers.get_progress(self.assessment.id)
        self.given = {id_: plain_answer(value) for id_, value in progress.answers.items()}
        self.skipped = dict(progress.skipped)
        self.entry_numbers = dict(progress.order)
        self.times = dict(progress.times)
        self.elsewhere = dict(progress.elsewhere)
        self.reopened = progress.outdated
        self.notes = [note.text for note in progress.notes]
        self.seq = progress.seq
        self.safety = self.store.safety_steps.list_recorded(self.assessment.id)
        if row := self.store.decisions.find(self.assessment.id):
            self.confirmed_card = card_of(row)
        self.refresh_stops_elsewhere()

    def join_open_episode(self) -> None:
        """Let the draft belong to its client's open episode, and record what that gives to it.

        What a pathway is given of the episode is recorded as the first answers, and only as such:
        the assessment then decides the same for ever, whatever is corrected in the episode later.
        So is what was told before and need not be asked again; it can be changed like any answer.
        Doing it again changes nothing.
        """
        episodes, id_ = self.store.episodes, self.assessment.id
        with self.store.writing():
            own = episodes.find_of_assessment(id_)
            found = own or episodes.find_open(self.client.id)
            if found is None:
                return
            if own is None:
                episodes.attach_assessment(id_, found[0].id)
            if self.seq == 0:
                self._record_known(found[1])

    def _record_known(self, episode: Episode) -> None:
        """Record what an episode gives, and the totals that were typed in it today."""
        carried = carried_answers(self.pathway, episode)
        today, measures = finnish_day(self.store.now), self.store.care.measures
        typed = typed_facts(self.pathway, episode, measures, today)
        if facts := {**given_facts(self.pathway, episode), **carried, **typed}:
            self.record_answers(facts, carried=carried)

    def refresh_stops_elsewhere(self) -> None:
        """Look up which stops are open in other drafts of the person."""
        whose = self.store.assessments.get(self.assessment.id).client_id  # it may have been moved
        found = self.store.open_stops.list_of(whose)
        self.stops_elsewhere = tuple(s for s in found if s.assessment_id != self.assessment.id)

    def find_agreed_contact(self) -> NextContact | None:
        """Return the contact of the client's episode that is agreed for today or later, if any."""
        found = self.store.episodes.find_open(self.client.id)
        return found[1].find_agreed_contact(finnish_day(self.store.now)) if found else None

    def record_answers(
        self, answers: Mapping[str, Answer], *, carried: Collection[str] = ()
    ) -> None:
        """Record answers, all or none; nobody was asked now for those `carried` from the episode.

        An answer about safety whose question they hide is taken back with them, so that it is
        asked again if the question comes back.
        """
        plain = {id_: list(v) if isinstance(v, tuple) else v for id_, v in answers.items()}
        told = frozenset(id_ for id_ in plain if id_ in carried or self._given_by_episode(id_))
        hidden = find_hidden_safety(self.pathway, {**self.answers, **answers}) - answers.keys()
        anew = self.outdated & answers.keys()
        entry = partial(self.store.answers.record, told=told, anew=anew, hidden=sorted(hidden))
        changed = {i for i, a in answers.items() if self.given.get(i) != a or i in self.elsewhere}
        self._enter(partial(entry, self.assessment.id, plain), (changed | anew) - told)
        for id_ in changed | anew:
            self.entry_numbers[id_] = self.seq
            self.elsewhere.pop(id_, None)
        self._stands(answers, hidden)

    def _stands(self, answers: Mapping[str, Answer], hidden: Collection[str]) -> None:
        """Note answers that are recorded, in the place of skips and of what they hide."""
        self._forget(hidden)
        for id_ in answers:
            self.skipped.pop(id_, None)
        self.reopened -= answers.keys()
        self.given |= answers

    def take_in(
        self, told: Mapping[datetime, Mapping[str, Answer]], source: Source, remark: str = ""
    ) -> None:
        """Take in answers that were given elsewhere, by when that was, all or none.

        A `remark` that is not there yet tells of them. What stands with the same age is left.
        """
        answers = {id_: answer for some in told.values() for id_, answer in some.items()}
        hidden = find_hidden_safety(self.pathway, {**self.answers, **answers}) - answers.keys()
        entries, id_ = self.store.answers, self.assessment.id

        def entry(after: int) -> int:
            with self.store.writing():
                gone, seq = sorted(hidden), after
                for at, some in told.items():
                    plain = {i: list(v) if isinstance(v, tuple) else v for i, v in some.items()}
                    seq = entries.take_in(id_, plain, source, at, hidden=gone, after=seq)
                if remark and remark not in self.notes:
                    entries.add_note(id_, next(iter(answers), "remark"), remark)
            return seq

        self._enter(entry)
        self._load()

    def _given_by_episode(self, id_: str) -> bool:
        fact = self.pathway.facts.get(id_)
        return fact is not None and fact.origin == "given"

    def _enter(self, entry: Callable[..., int], written: Collection[str] = ()) -> None:
        """Make an entry after the newest one known; what another window did is read first.

        The questions `written` have their answers or skips from now on.
        """
        at = self.store.now
        try:
            with self.store.writing():
                now = self.store.assessments.get(self.assessment.id)
                if now.card_version != self.assessment.card_version:
                    raise CardChanged
                seq = entry(after=self.seq)
        except ChangedElsewhere:
            self._load()
            raise
        self.seq = seq
        self.times = {id_: when.with_entry_at(at) for id_, when in self.times.items()}
        self.times |= dict.fromkeys(written, AnswerTime(at, at))

    def _forget(self, questions: Iterable[str]) -> None:
        for id_ in questions:
            for known in (
                *(self.given, self.skipped, self.entry_numbers, self.times),
                self.elsewhere,
            ):
                known.pop(id_, None)

    def withdraw_answer(self, question: str) -> None:
        """Make a question open again."""
        self._enter(partial(self.store.answers.withdraw, self.assessment.id, question))
        self._forget([question])

    def reopen_outdated(self) -> None:
        """Open every question again whose answer has grown too old, in one entry."""
        old = self.outdated
        self._enter(partial(self.store.answers.withdraw_outdated, self.assessment.id, sorted(old)))
        self._forget(old)
        self.reopened |= old

    def skip_page(self, page: QuestionPage, why: str = "") -> None:
        """Record that the open questions of a page are skipped, all or none."""
        open_ = [each.id for each in page.questions if each.id not in self.valid_answers]
        old, record = self.outdated, self.store.answers.record_skip

        def skip(after: int) -> int:
            with self.store.writing():
                for id_ in open_:
                    after = record(
                        self.assessment.id, id_, why or None, anew=id_ in old, after=after
                    )
            return after

        self._enter(skip, open_)
        for id_ in open_:
            self.given.pop(id_, None)
            self.skipped[id_] = why
        self.reopened -= set(open_)

    def reopen_required(self) -> None:
        """Open the skipped questions without which no step may be confirmed, all or none."""
        skipped = [id_ for id_ in self.decide().required if id_ in self.skipped]
        withdraw = self.store.answers.withdraw

        def reopen(after: int) -> int:
            with self.store.writing():
                for id_ in skipped:
                    after = withdraw(self.assessment.id, id_, after=after)
            return after

        self._enter(reopen)
        self._forget(skipped)

    def add_note(self, question: str, text: str) -> None:
        """Record a remark at a question."""
        self.store.answers.add_note(self.assessment.id, question, text)
        self.notes.append(text)

    def record_safety_step(
        self,
        step: SafetyStep,
        why_not: str | None = None,
        agreed: AgreedContact | None = None,
        terms: StepTerms | None = None,
        reason: str | None = None,
    ) -> None:
        """Record a safety step as done, with what it agrees, or not done and why.

        `why_not` is in words; `reason` is a code beside them.
        """
        self.store.safety_steps.record(
            self.assessment.id,
            *(step.stop, step.card, step.step),
            done=why_not is None,
            why_not=why_not,
            agreed=agreed,
            terms=terms,
            reason=reason,
        )
        self.safety = self.store.safety_steps.list_recorded(self.assessment.id)

    def withdraw_safety_step(self, step: SafetyStep) -> None:
        """Take back what was recorded of a safety step: it is open again."""
        self.store.safety_steps.withdraw(self.assessment.id, step.stop, step.card, step.step)
        self.safety = self.store.safety_steps.list_recorded(self.assessment.id)

    def confirm(
        self, decision: Decision, step: int, code: str | None = None, text: str | None = None
    ) -> StoredDecision:
        """Record the nurse's word on a suggestion, with everything that it was made from.

        The assessment joins the episode that its client is in, or a new one, in the same
        transaction. `code` and `text` are the reason for another step; one that the suggestion left
        open upward needs none, and one that is a lower bound brings its own. A step above the
        lowest one starts the legal times of the episode, if none runs.

        Raises:
            ValueError: If there is no suggestion, or the step lies below what a stop left behind.
            AnswersOutdated: If an answer that counts has grown too old meanwhile.
            AnswersChanged: If the suggestion is not the one of what is known now.
        """
        if decision.status != "suggested" or decision.lowest_override is None:
            raise ValueError("there is no suggestion to confirm")
        if step < decision.lowest_override:
            raise ValueError(f"step {step} lies below {decision.lowest_override}")
        if self.asked_again:
            raise AnswersOutdated
        if decision != self.decide_beside(decision.elsewhere):
            raise AnswersChanged  # read again meanwhile, after another window changed something
        whole = as_stored(self.pathway, self.answers, self.recorded_stops, decision)
        confirmation = Confirmation(
            decision_json=json.dumps(whole, ensure_ascii=False, sort_keys=True),
            suggested_step=decision.step,
            confirmed_step=step,
            reason_code=decision.get_reason_code(step) or code,
            reason_text=text,
            need_established=step > self.pathway.base_step,
            final_answers_seq=self.seq,
            card_version=self.assessment.card_version or None,
            holds_until=self.find_expiry(),
        )
        try:
            stored = self.store.decisions.confirm(
                self.assessment.id, confirmation, join_episode=True
            )
        except (AnswersChanged, CardChanged, StopElsewhere, StopOpen):
            self._load()
            raise
        self.assessment = self.assessment.model_copy(update={"state": "confirmed"})
        return stored

    def abandon_with_stops(self, why: str) -> None:
        """Close the assessment without a step; each safety step still open is recorded as not done.

        All of it is one transaction.
        """
        with self.store.writing():
            for stop in self.open_stops:
                for step in list_safety_steps(self.pathway, self.answers, stop):
                    if self.find_outcome(step) is None:
                        self.record_safety_step(step, why)
            self.abandon(why)

    def abandon(self, why: str) -> None:
        """Close the assessment without a step; no stop may be open in it."""
        try:
            self.store.assessments.abandon(self.assessment.id, why)
        except StopOpen:
            self._load()
            raise
        self.assessment = self.assessment.model_copy(update={"state": "abandoned"})


def fits(pathway: Pathway, client: Client, today: date) -> bool:
    """Return whether a pathway assesses the age on a client's card; any does if unknown."""
    age = highest_age(client.birth_year, today)
    return age is None or pathway.header.ages.contains(age)


def stored_decision(row: StoredDecision) -> Decision:
    """Return the decision as it was when it was confirmed."""
    return Decision.model_validate(json.loads(row.decision_json)["decision"])
