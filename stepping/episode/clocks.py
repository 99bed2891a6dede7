"""Which times of the law run in an episode of care, and what became of its measured totals.

The need, the first contact and the start of a treatment are three events. What is recorded by hand
can be late, so each clock looks at days alone: whatever lies before its first day ended nothing,
but for a treatment that was going on that day. A form of care of which nobody told whether it
counts ends no clock, as in what was recorded before forms of care said so. These are local
proposals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from stepping.episode.deadlines import Deadline, Pause, compute_deadline
from stepping.episode.episode import Episode, Period
from stepping.episode.events import Contact, Counted, NeedEstablished, PeriodStarted, TrackEvent
from stepping.episode.reliable_change import ChangeOf, Overall, Score, change_over_episode
from stepping.episode.tracks import current_round
from stepping.pathway.care.schema import DeadlineRule, Deadlines, Milestone, What
from stepping.pathway.schema import Change, Intervention

ClockEvent = NeedEstablished | PeriodStarted | Contact | TrackEvent
"""What starts or ends a legal time."""
_COVERED: Final[tuple[Counted, ...]] = ("guarantee",)
_TREATMENTS: Final[tuple[Counted, ...]] = ("treatment", "guarantee")


@dataclass(frozen=True, slots=True)
class Clock:
    """A legal time of an episode, with what ended it or what may have."""

    time: Deadline
    since: date
    """The day that it runs from."""
    ended_by: ClockEvent | None
    """`None` while it runs."""
    period: Period | None
    """The treatment that ended it, or that its contact belongs to."""
    untold: tuple[Period, ...] = ()
    """While it runs: treatments of which nobody told whether they count."""
    passed_over: tuple[Period, ...] = ()
    """While it runs: treatments that go on and do not count."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """Something that happened, and up to which day it went on."""

    event: ClockEvent
    period: Period | None = None
    until: date = date.min

    @property
    def day(self) -> date:
        return self.event.day

    def reaches(self, since: date) -> bool:
        """Return whether it happened on a day or later, or was going on then."""
        return self.day >= since or self.until > since


def legal_deadlines(
    episode: Episode, birth_year: int | None, today: date, deadlines: Deadlines
) -> tuple[Clock, ...]:
    """Return the watched deadlines that run or were met, as they stand on a day, in their order.

    Each runs by the law of the day on which it began. After its end an episode owes nothing more,
    and neither does a referral to specialised care that has ended.
    """
    found = (
        _clock(episode, rule, started.day, birth_year, today, deadlines.young.until)
        for milestone in {rule.starts for rule in deadlines.deadline}
        if (started := _first(_happened(episode, milestone)))
        for rule in deadlines.in_force(started.day)
        if rule.watched and rule.starts == milestone
    )
    order = list(deadlines.names)
    owed = (each for each in found if each and each.time.state != "not_applicable")
    return tuple(sorted(owed, key=lambda each: order.index(each.time.rule.id)))


def _clock(
    episode: Episode,
    rule: DeadlineRule,
    since: date,
    birth_year: int | None,
    today: date,
    young_until: int,
) -> Clock | None:
    """Return the time of a rule from a day on; nothing where it is owed no more."""
    end = _first(moment for moment in _happened(episode, rule.ends) if moment.reaches(since))
    if end is None and _is_over(episode, rule.starts):
        return None
    time = compute_deadline(
        rule,
        start=since,
        today=max(today, since),
        birth_year=birth_year,
        young_until=young_until,
        pauses=_pauses(episode),
        met=max(end.day, since) if end else None,
    )
    if end is not None:
        return Clock(time, since, end.event, end.period)
    others = list(_passed(episode, rule.ends, since))
    untold = tuple(each for each in others if each.started.counted is None)
    passed = tuple(each for each in others if each.open and each not in untold)
    return Clock(time, since, None, None, untold, passed)


def _first(moments: Iterable[_Moment]) -> _Moment | None:
    return min(moments, key=lambda moment: moment.day, default=None)


def _happened(episode: Episode, milestone: Milestone) -> Iterator[_Moment]:
    """Yield what happened of a milestone, in any order."""
    match milestone:
        case "need_established" | "need_assessed":
            yield from (_Moment(need) for need in (episode.need,) if need)
        case "treatment_started":
            yield from _starts(episode, _COVERED)
        case "care_started":
            yield from _starts(episode, _TREATMENTS)
            yield from _begun_elsewhere(episode)
        case "first_treatment_event":
            yield from _contacts(episode, _TREATMENTS)
            yield from _begun_elsewhere(episode)
        case "referral_arrived":
            yield from _referred(episode, "arrived")
        case "assessment_done":
            yield from _referred(episode, "assessed", "begun")
        case "specialised_started":
            yield from _referred(episode, "begun")


def _passed(episode: Episode, milestone: Milestone, since: date) -> Iterator[Period]:
    """Yield the treatments that would have been a milestone since a day, had they counted."""
    rest: tuple[Counted | None, ...] = (None, "no")
    match milestone:
        case "treatment_started":
            found = _starts(episode, (*rest, "treatment"))
        case "care_started":
            found = _starts(episode, rest)
        case "first_treatment_event":
            found = _contacts(episode, rest)
        case _:
            return
    periods = (moment.period for moment in found if moment.reaches(since))
    yield from dict.fromkeys(period for period in periods if period)


def _starts(episode: Episode, counted: Collection[Counted | None]) -> Iterator[_Moment]:
    for period in episode.periods:
        if period.started.counted in counted:
            until = period.ended.day if period.ended else date.max
            yield _Moment(period.started, period, until)


def _contacts(episode: Episode, counted: Collection[Counted | None]) -> Iterator[_Moment]:
    for period in episode.periods:
        if period.started.counted in counted:
            yield from (_Moment(contact, period) for contact in period.contacts)


def _referred(episode: Episode, *what: What) -> Iterator[_Moment]:
    """Yield what happened of the referrals to specialised care that count now, one a track."""
    for events in episode.tracks.values():
        now = current_round(events)
        arrived = [event for event in now if event.what == "arrived"]
        if arrived:
            yield from (_Moment(event) for event in now if event.what in what)


def _begun_elsewhere(episode: Episode) -> Iterator[_Moment]:
    """Yield each start of treatment in specialised care, also of a referral that has ended.

    A new referral of the same episode takes nothing away from care that was given.
    """
    for events in episode.tracks.values():
        if any(event.what == "arrived" for event in events):
            yield from (_Moment(event) for event in events if event.what == "begun")


def _is_over(episode: Episode, starts: Milestone) -> bool:
    """Return whether nothing more is owed of a time that has not been met."""
    if episode.closed is not None or starts not in ("referral_arrived", "assessment_done"):
        return episode.closed is not None
    rounds = [current_round(events) for events in episode.tracks.values()]
    referred = [now for now in rounds if any(event.what == "arrived" for event in now)]
    return all(now[-1].what == "ended" for now in referred)


def _pauses(episode: Episode) -> Iterator[Pause]:
    for paused, resumed in episode.pauses:
        yield Pause(paused.day, resumed.day if resumed else None, paused.why)


def what_it_counts_as(form: Intervention, step: int | None, base_step: int) -> Counted:
    """Return what a form of care counts as that begins on a step; `None` is beside all steps.

    What the county does not count under the guarantee is a treatment above the lowest step alone.
    """
    if form.guarantee:
        return "guarantee"
    return "treatment" if step is not None and step > base_step else "no"


def score_changes(episode: Episode, rules: Mapping[str, Change]) -> Overall:
    """Return what became of each total since the first assessment; `rules` go by fact id."""
    return Overall(tuple(_change(episode, fact, rule) for fact, rule in rules.items()))


def _change(episode: Episode, fact: str, rule: Change) -> ChangeOf:
    told = [Score(event.scores.get(fact), event.day) for event in episode.measured]
    return change_over_episode(fact, rule, told)


def scores_of_step(episode: Episode) -> dict[str, int]:
    """Return the totals with which the present step began, by fact id.

    It began with the assessment that confirmed it after another step, or as the first step of all.
    A total that was not measured then is the last one known before; one never known is left out.
    """
    found: dict[str, int] = {}
    for measured in episode.measured[: _first_of_step(episode) + 1]:
        found |= measured.scores
    return found


def step_began(episode: Episode) -> date:
    """Return the day of the assessment with which the present step began; the first day of none."""
    return episode.measured[_first_of_step(episode)].day if episode.measured else date.min


def _first_of_step(episode: Episode) -> int:
    began, step = 0, None
    for number, measured in enumerate(episode.measured):
        if measured.step is not None and measured.step != step:
            began, step = number, measured.step
    return began
