"""The rows of what became of measured totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from stepping.episode.clocks import score_changes
from stepping.episode.episode import Episode, Period
from stepping.episode.events import Contact, Measured, MeasureTaken
from stepping.episode.measures import find_series
from stepping.episode.reliable_change import ChangeOf, Score, change_over_episode
from stepping.pathway.care.measures import MeasureDefinition
from stepping.pathway.schema import Change
from stepping.summary.context import Context, month_of
from stepping.summary.rows import ChangeRow

SICK_LEAVE = "work.sick_leave_days"
"""The one number of an answer that reports compare; a total it is not."""


class _Point(NamedTuple):
    day: date
    points: float


def change_rows(episode: Episode, context: Context) -> Iterator[ChangeRow]:
    """Yield what became of each total, over the episode and over each of its treatments."""
    rules = _rules(episode, context)
    for measure, points in sorted(_series(episode, context).items()):
        rule = rules.get(measure)
        for number, period in enumerate((None, *episode.periods)):
            if within := _within(points, period):
                yield _row(measure, number, period, within, rule, episode, context)


def _rules(episode: Episode, context: Context) -> dict[str, Change]:
    """Return what counts as a change of each total, by the latest text that tells."""
    found: dict[str, Change] = {}
    for measured in episode.measured:
        if terms := context.terms.get(measured.assessment):
            found |= terms.changes
    return found


def _series(episode: Episode, context: Context) -> Mapping[str, Sequence[_Point]]:
    """Return every total that was told, by fact id; those of one day as they were told."""
    found: dict[str, list[_Point]] = {}
    for measured in episode.measured:
        for fact, points in measured.scores.items():
            found.setdefault(fact, []).append(_Point(measured.day, points))
        row = context.assessments.get(measured.assessment)
        if row is not None and row.sick_leave_days is not None:
            found.setdefault(SICK_LEAVE, []).append(_Point(measured.day, row.sick_leave_days))
    for series in find_series(episode, _typed(episode, context.measures)):
        found[series.definition.fact] = [_Point(each.day, each.points) for each in series.points]
    return found


def _typed(
    episode: Episode, measures: Mapping[str, MeasureDefinition]
) -> dict[str, MeasureDefinition]:
    """Return the questionnaires of which an episode may tell a total; most tell of none."""
    told: set[str] = set()
    for event in episode.events:
        if isinstance(event, MeasureTaken):
            told.add(event.measure)
        elif isinstance(event, Measured):
            told |= event.scores.keys()
        elif isinstance(event, Contact) and (event.ors is not None or event.srs is not None):
            told |= {"ors.total", "srs.total"}
    return {id_: each for id_, each in measures.items() if id_ in told or each.fact in told}


def _within(points: Sequence[_Point], period: Period | None) -> Sequence[_Point]:
    """Return the measurements of a treatment: the last before it began, and those up to its end.

    Without one before, the first one in it is where it began.
    """
    if period is None:
        return points
    start, end = period.started.day, period.ended.day if period.ended else date.max
    before = [each for each in points if each.day <= start]
    return [*before[-1:], *(each for each in points if start < each.day <= end)]


def _row(
    measure: str,
    number: int,
    period: Period | None,
    points: Sequence[_Point],
    rule: Change | None,
    episode: Episode,
    context: Context,
) -> ChangeRow:
    first, last = points[0], points[-1] if len(points) > 1 else None
    change = _change(measure, number, points, rule, episode)
    steps = [each.step for each in episode.measured if each.step is not None]
    started = period.started if period else None
    case_then = change.case_then if change else None
    return ChangeRow(
        measure=measure,
        treatment=number,
        form=started.intervention if started else None,
        production=started.production if started else None,
        step=started.step if started else (steps[0] if steps else None),
        first=first.points,
        last=last.points if last else None,
        first_month=month_of(first.day),
        last_month=month_of(last.day) if last else None,
        count=len(points),
        days=(last.day - first.day).days if last else None,
        band=None if case_then is None else "case" if case_then else "below",
        category=change.category if change else _tendency(measure, points, context.measures),
        case_then=case_then,
        case_now=change.case_now if change else None,
    )


def _change(
    measure: str, number: int, points: Sequence[_Point], rule: Change | None, episode: Episode
) -> ChangeOf | None:
    """Return the change by a rule; that of a whole episode counts its incomplete totals too."""
    if rule is None:
        return None
    if number == 0 and any(measure in each.scores for each in episode.measured):
        return score_changes(episode, {measure: rule}).changes[0]
    told = [Score(int(each.points), each.day) for each in points]
    return change_over_episode(measure, rule, told)


def _tendency(
    measure: str, points: Sequence[_Point], measures: Mapping[str, MeasureDefinition]
) -> str | None:
    """Return what became of a total that was typed in, in the words of the others."""
    known = next((each for each in measures.values() if each.fact == measure), None)
    if known is None or known.change is None:
        return None
    if len(points) == 1:
        return "unknown"
    gained = points[-1].points - points[0].points
    if abs(gained) < known.change.points:
        return "no_reliable_change"
    worse = (gained > 0) == (known.worse == "up")
    return "reliable_deterioration" if worse else "reliable_improvement"
