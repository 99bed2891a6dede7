"""Which times of the law run in an episode of care, and what became of its measured totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from stepping.episode.deadlines import Deadline, Pause, compute_deadline
from stepping.episode.episode import Episode
from stepping.episode.reliable_change import ChangeOf, Overall, Score, change_over_episode
from stepping.pathway.care.schema import Deadlines
from stepping.pathway.schema import Change


def legal_deadlines(
    episode: Episode, birth_year: int | None, today: date, deadlines: Deadlines
) -> tuple[Deadline, ...]:
    """Return the watched deadlines that run or were met, as they stand on a day, in their order.

    All run from the day on which the need was established to the first treatment, by the law of
    that day. One that began before that day is in time. After its end an episode owes nothing more.
    Times of specialised care wait for the arrival of a referral, which an episode does not tell.
    """
    start = episode.need.day if episode.need else None
    met = episode.first_treatment
    if start is None or (met is None and episode.closed is not None):
        return ()
    found = (
        compute_deadline(
            rule,
            start=start,
            today=max(today, start),
            birth_year=birth_year,
            young_until=deadlines.young.until,
            pauses=_pauses(episode),
            met=None if met is None else max(met, start),
        )
        for rule in deadlines.in_force(start)
        if rule.watched
    )
    return tuple(each for each in found if each.state != "not_applicable")


def _pauses(episode: Episode) -> Iterator[Pause]:
    for paused, resumed in episode.pauses:
        yield Pause(paused.day, resumed.day if resumed else None, paused.why)


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
    began, step = 0, None
    for number, measured in enumerate(episode.measured):
        if measured.step is not None and measured.step != step:
            began, step = number, measured.step
    found: dict[str, int] = {}
    for measured in episode.measured[: began + 1]:
        found |= measured.scores
    return found
