"""What an episode of care adds to the note of one of its assessments."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from casework.assessment import AssessmentSession
from casework.episode_names import EpisodeNames, collect_names
from casework.language import Speech, speech
from casework.workspace import Workspace
from screens.note.layout import label_text
from screens.wording.clock_words import ended_words
from screens.wording.day_words import contact_words
from screens.wording.event_words import (
    ENDS,
    EXPERIENCE,
    GAPS,
    SEGMENTS,
    VERDICTS,
    VOICES,
    event_words,
    maybe_minor,
    recovery_words,
)
from screens.wording.measure_words import danger_words, series_words, with_day_told
from screens.wording.track_words import NO_CODE
from stepping.decision.outcome import Decision
from stepping.episode.clocks import legal_deadlines
from stepping.episode.episode import Episode, Period, replay
from stepping.episode.events import (
    Agreement,
    Contact,
    Event,
    Experience,
    Measured,
    MeasureTaken,
    NeedEstablished,
    NextContact,
    Opened,
    Paused,
    PeriodEnded,
    Reason,
    Resumed,
    Segment,
)
from stepping.episode.procedures import find_points
from stepping.episode.reliable_change import ChangeOf, Overall, Score
from stepping.pathway.schema import Change
from store.times import local_time

_MULTI = 4
"""The client group that needs several professions."""
_WANTED = ("goal", "wish", "helped_before", "format", "language", "experience")
"""What a client says, in the order of the note."""


def summarize_episode(
    workspace: Workspace, session: AssessmentSession, decision: Decision, language: str
) -> EpisodeSummary | None:
    """Return what the episode of an assessment tells of it, or nothing if it belongs to none.

    Raises:
        StoreError: If the store does not tell.
    """
    found = workspace.store.episodes.find_of_assessment(session.assessment.id)
    if found is None:
        return None
    episode = replay_until_next(found[1], session.assessment.id)
    past = len(episode.measured) < len(found[1].measured)
    client, spoken = session.client, dataclasses.replace(workspace, language=language)
    names = collect_names(spoken, client.birth_year, episode, client.sex)
    return EpisodeSummary(episode, names, session, decision, language, workspace.today, past)


def replay_until_next(episode: Episode, assessment: str) -> Episode:
    """Return an episode as it was until the measurement that followed an assessment.

    The note of a first assessment then tells what came of that one, whenever it is read.
    """
    own = [at for at, e in enumerate(episode.entries) if _measures(e.event, assessment)]
    later = (
        at
        for at, entry in enumerate(episode.entries)
        if own and at > own[-1] and isinstance(entry.event, Measured)
    )
    end = next(later, None)
    return episode if end is None else replay(episode.entries[:end])


def _measures(event: object, assessment: str) -> bool:
    return isinstance(event, Measured) and event.assessment == assessment


@dataclass(frozen=True)
class EpisodeSummary:
    """An episode of care up to the measurement after one of its assessments, in one language."""

    episode: Episode
    names: EpisodeNames
    session: AssessmentSession
    decision: Decision
    language: str
    today: date
    past: bool = False
    """Whether a later measurement has followed; what waits now is told in its note."""

    @property
    def _t(self) -> Speech:
        return speech(self.language)

    @property
    def reason(self) -> str:
        """Why the client came, where it was told in the episode and not in an interview."""
        told = [e.reason for e in self.episode.events if isinstance(e, Opened | Reason)]
        return self.names.care.reason(next((each for each in reversed(told) if each), None))

    @property
    def referrer(self) -> str:
        """Who sent the client, if that was told."""
        return self.names.care.referrer(self.episode.referrer)

    # -- change ---------------------------------------------------------------

    @property
    def first(self) -> Mapping[str, str]:
        """What each followed total was at first, where this is a follow-up and it is known."""
        known_ = ((c.instrument, c.baseline) for c in self._overall.changes)
        told = (self.episode.baseline and self.episode.baseline.told) or {}
        return {
            id_: with_day_told(str(then.points), told.get(id_), self._t)
            for id_, then in known_
            if then and then.points is not None
        }

    @property
    def verdicts(self) -> Mapping[str, str]:
        """What became of each followed total, or why that is not known."""
        return {c.instrument: self._verdict(c) for c in self._overall.changes}

    @property
    def overall(self) -> str:
        """The verdict over all totals where they differ, recovery, and whose limits these are."""
        verdicts, parts = {change.category for change in self._overall.changes}, []
        if len(verdicts) > 1:
            verdict = self._t(VERDICTS[self._overall.category])
            parts.append(self._t("altogether: {verdict}", verdict=verdict))
        told = recovery_words(self.decision.verdicts, self._overall.category, self._t)
        parts += [told] if verdicts and told else []
        if verdicts and maybe_minor(self.names.birth_year, self._year):
            parts.append(self._t("the limits are those of adults"))
        return "; ".join(parts)

    @property
    def _year(self) -> int:
        """The year in which the measurement was made."""
        return local_time(self.session.assessment.started_at).year

    def _verdict(self, change: ChangeOf) -> str:
        if change.gaps:
            return ", ".join(self._t(GAPS[gap]) for gap in change.gaps)
        return self._t(VERDICTS[change.category])

    @cached_property
    def _overall(self) -> Overall:
        first = self.episode.baseline
        if first is None or first.assessment == self.session.assessment.id:
            return Overall(())
        day = max(first.day, local_time(self.session.assessment.started_at).date())
        return Overall(
            tuple(
                ChangeOf(fact, rule, Score(first.scores.get(fact), first.day), self._now(fact, day))
                for fact, rule in self._followed.items()
            )
        )

    def _now(self, fact: str, day: date) -> Score:
        points = self.decision.scores.get(fact)
        return Score(points if isinstance(points, int) else None, day)

    @property
    def _followed(self) -> Mapping[str, Change]:
        """The totals that this assessment's pathway follows."""
        instruments = self.session.pathway.instruments.values()
        return {f"{i.id}.{i.change.total}": i.change for i in instruments if i.change is not None}

    @property
    def agreement(self) -> int | None:
        """How far the client agreed with the step that was confirmed here, 0 to 10."""
        return self._agreements[-1].rating if self._agreements else None

    @property
    def _agreements(self) -> list[Agreement]:
        events = self.episode.events
        own = [at for at, e in enumerate(events) if _measures(e, self.session.assessment.id)]
        day = events[own[-1]].day if own else date.max
        return [e for e in events if isinstance(e, Agreement) and e.day >= day]

    def measures(self) -> Iterator[str]:
        """Yield the totals that were typed in: first and last, then each that came before."""
        yield from series_words(self.episode, self.names, self._t)
        taken = [event for event in self._events(MeasureTaken) if isinstance(event, MeasureTaken)]
        last = {event.measure: event for event in taken}
        yield from (self._dated(event) for event in taken if event is not last[event.measure])

    def _dated(self, event: Event) -> str:
        """Return an event with its day."""
        return label_text(
            "", f"{event_words(event, self.names, self._t)} ({self._t.day(event.day)})"
        )

    def _events(self, *kinds: type[Event]) -> list[Event]:
        """Return the events of some kinds since the measurement before this one."""
        return [e for e in self.episode.events if isinstance(e, kinds) and e.day >= self._since]

    @property
    def danger(self) -> str:
        """A typed item on suicide that nobody has assessed since; what is past says none."""
        return "" if self.past else danger_words(self.episode, self.names.care, self._t)

    # -- plan -----------------------------------------------------------------

    @property
    def begun(self) -> bool:
        """Whether a treatment goes on."""
        return any(period.open for period in self.episode.periods)

    @property
    def _since(self) -> date:
        """The day of the measurement before this one: what ended earlier is told in its note."""
        own = self.session.assessment.id
        days = [event.day for event in self.episode.measured if event.assessment != own]
        return days[-1] if days else date.min

    @property
    def _periods(self) -> list[Period]:
        periods = self.episode.periods
        return [p for p in periods if p.ended is None or p.ended.day >= self._since]

    def treatments(self) -> Iterator[str]:
        """Yield each treatment that goes on or has just ended: what, where, when, how it ended."""
        for period in self._periods:
            yield " · ".join(part for part in self._treatment(period) if part)

    def _treatment(self, period: Period) -> Iterator[str]:
        t, started, ended = self._t, period.started, period.ended
        code = self.names.codes.get(started.intervention) or t(NO_CODE)
        yield f"{self.names.intervention(started.intervention)} ({code})"
        yield self.names.service(started.service)
        yield (
            f"{t.day(started.day)} – {t.day(ended.day)}"
            if ended
            else t("since {day}", day=started.day)
        )
        if contacts := period.contacts:
            count = t.many("{count} contact", "{count} contacts", len(contacts))
            yield f"{count}: {', '.join(map(self._contact, contacts))}"
        for missed in period.missed:
            yield self._dated(missed)
        if ended:
            yield t("treatment ended: {why}", why=t(ENDS[ended.why]))
            yield (
                t("onward: {place}", place=self.names.service(ended.onward)) if ended.onward else ""
            )

    def _contact(self, contact: Contact) -> str:
        """Return the day of a contact, with the totals that were taken at it."""
        totals = (("ORS", contact.ors), ("SRS", contact.srs))
        told = " ".join(f"{name} {self._t.number(x)}" for name, x in totals if x is not None)
        day = self._t.day(contact.day)
        return f"{day} ({told})" if told else day

    def beside(self) -> Iterator[str]:
        """Yield what happened beside the steps, where each track stands, and the client group."""
        t, since = self._t, self._since
        if self.episode.segment == _MULTI or self._events(Segment):
            group = self.episode.segment or _MULTI
            yield t("client group {group}", group=t(SEGMENTS[group]))
            yield from map(self._dated, self._events(Segment)[:-1])
        alcohol = [event for event in self.episode.alcohol if event.day >= since]
        yield from map(self._dated, alcohol)
        for events in self.episode.tracks.values():
            last = events[-1]
            goes_on = [] if last.what == "ended" or last.day >= since else [last]
            told = [event for event in events if event.day >= since]
            yield from map(self._dated, [*goes_on, *told])
        for use in alcohol[-1:]:
            if use.mini_intervention and find_points(self.episode, use) is None:
                yield "! " + t("The mini-intervention needs the points of AUDIT or AUDIT-C.")

    # -- voice and follow-up --------------------------------------------------

    def voice(self) -> Iterator[str]:
        """Yield what the client said; what care was like comes last."""
        t = self._t
        yield from map(self._dated, self._agreements[:-1])
        for about in _WANTED:
            told = [voice for voice in self.episode.voices if voice.about == about]
            since = [voice for voice in told if voice.day >= self._since]
            for voice in since or told[-1:]:
                yield label_text(f"{t(VOICES[about])} {t.day(voice.day)}", voice.words)
        for period in self._periods:
            if period.ended:
                yield from self._ending(period, period.ended)
        for experience in self._events(Experience):
            for name, label in EXPERIENCE.items():
                if words := getattr(experience, name):
                    yield label_text(t(label), words)

    def _ending(self, period: Period, end: PeriodEnded) -> Iterator[str]:
        """Yield what the client said as a treatment ended; of which, where there were several."""
        t, several = self._t, len([p for p in self._periods if p.ended]) > 1
        which = f" ({self.names.intervention(period.started.intervention)})" if several else ""
        if end.satisfaction is not None:
            yield t("satisfaction {rating}/10", rating=end.satisfaction) + which
        if end.in_own_words:
            yield label_text(t("of the treatment") + which, end.in_own_words)

    def follow_up(self) -> Iterator[str]:
        """Yield the next contact, the plan of measuring, and the legal times that run."""
        if self.episode.closed is not None:
            yield self._dated(self.episode.closed)
        else:
            yield from self._next_contact()
            yield from self._measuring()
        yield from map(self._dated, self._reasoned)
        yield from map(self._dated, self._events(NeedEstablished, Paused, Resumed))
        yield from self._legal_times()

    def _next_contact(self) -> Iterator[str]:
        t = self._t
        due = self._awaited
        if due:
            yield t("next contact agreed for {day}", day=contact_words(due, self.names.care, t))
            if due.why:
                yield t("why so late: {why}", why=due.why)
        elif not self.past:
            yield "! " + t("no next contact is agreed")

    @property
    def _reasoned(self) -> list[Event]:
        """Contacts that were agreed for a late day with a reason, and wait no more."""
        told = [e for e in self.episode.events if isinstance(e, NextContact) and e.why]
        return [e for e in told if e is not self._awaited and e.day >= self._since]

    @property
    def _awaited(self) -> NextContact | None:
        """The agreed contact that is waited for."""
        waits = self.past or not self.episode.without_next_contact
        return self.episode.next_contact if waits and self.episode.closed is None else None

    def _legal_times(self) -> Iterator[str]:
        """Yield by when care has to begin or began; once the episode ended, what was met."""
        t = self._t
        laws = self.names.care.rules.deadlines
        clocks = legal_deadlines(self.episode, self.names.birth_year, self.today, laws)
        for clock in () if self.past else clocks:
            name = self.names.care.deadline(clock.time.rule.id)
            if clock.time.state == "met":
                yield f"{name}: {ended_words(clock, self.names, t)}"
            elif self.episode.closed is None:
                yield t("{name}: by {day}", name=name, day=clock.time.due)

    def _measuring(self) -> Iterator[str]:
        """Yield when the treatments that go on are measured."""
        t = self._t
        for plan in (period.started.measuring for period in self.episode.periods if period.open):
            if plan and plan.every:
                yield t.many(
                    "symptoms are measured at every contact",
                    "symptoms are measured after every {count} contacts",
                    plan.every,
                )
            if plan and plan.after_months:
                yield t.many(
                    "and {months} month after the end of the treatment",
                    "and {months} months after the end of the treatment",
                    max(plan.after_months),
                    months=", ".join(map(str, plan.after_months)),
                )
