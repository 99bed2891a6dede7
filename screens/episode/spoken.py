"""The path of an episode for whoever hears it: a short table of the totals, then sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from casework.episode_names import EpisodeNames
from casework.language import Speech
from screens.base.lines import Line, paragraph, plain
from screens.base.risk_marks import danger_lines
from screens.episode.columns import number
from screens.episode.followed import Followed, list_followed
from screens.episode.meaning import meaning
from screens.wording.measure_words import danger_words
from stepping.episode.episode import Episode, Period

_ROWS = 8
"""How many of the latest days are told after the first one."""
_NOTHING = "–"


def spoken_history(
    episode: Episode, told: EpisodeNames, today: date, t: Speech, width: int
) -> list[Line]:
    """Tell an episode as it stands on a day without a picture."""
    followed = list_followed(episode, told)
    danger = danger_words(episode, told.care, t)
    care = [text for period in episode.periods for text in _care(period, told, t)]
    return [
        *danger_lines([danger] if danger else [], width),
        *map(plain, _table(episode, followed, t)),
        *(row for text in _limits(followed, t) for row in paragraph(text, width, hanging=2)),
        *(row for text in care for row in paragraph(text, width, hanging=2)),
        *meaning(episode, told, today, t, width),
    ]


def _table(episode: Episode, followed: Sequence[Followed], t: Speech) -> Iterator[str]:
    """Yield a row for each day on which something was measured: the first, then the latest."""
    steps = _by_day((e.day, str(e.step)) for e in episode.measured if e.step is not None)
    totals = [_by_day((day, number(score, t)) for day, score in f.scores) for f in followed]
    days = sorted({*steps, *(day for column in totals for day in column)})
    if not days:
        return
    head = [t("Day"), *(each.name for each in followed), t("Step")]
    rows = [
        [t.day(day), *(column.get(day, _NOTHING) for column in [*totals, steps])] for day in days
    ]
    wide = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def row(cells: Sequence[str]) -> str:
        return "  ".join(f"{cell:<{size}}" for cell, size in zip(cells, wide, strict=True)).rstrip()

    yield row(head)
    yield row(rows[0])
    if (between := len(rows) - 1 - _ROWS) > 0:
        yield t.many("({count} measured day between)", "({count} measured days between)", between)
    yield from map(row, rows[1:][-_ROWS:])


def _by_day(told: Iterable[tuple[date, str]]) -> dict[date, str]:
    """Return what was told on each day, all of it where it was told more than once."""
    days: dict[date, str] = {}
    for day, text in told:
        days[day] = f"{days[day]}, {text}" if day in days else text
    return days


def _limits(followed: Sequence[Followed], t: Speech) -> Iterator[str]:
    """Yield the limits of the totals, and which are better high."""
    told = [
        f"{each.name} {t.number(each.line)}{each.mark}"
        for each in followed
        if each.line is not None
    ]
    if told:
        yield t("Limits: {limits}.", limits=", ".join(told))
    better = [each.name for each in followed if each.worse == "down"]
    if better:
        yield t("More is better: {names}.", names=", ".join(better))


def _care(period: Period, told: EpisodeNames, t: Speech) -> Iterator[str]:
    """Yield a form of care with its days, and how often one met or did not."""
    name, first = told.intervention(period.started.intervention), t.day(period.started.day)
    if period.ended is None:
        when = t("{name} since {day}", name=name, day=first)
    else:
        last = t.day(period.ended.day)
        when = t("{name} {first} – {last}", name=name, first=first, last=last)
    counts = [t.many("{count} contact", "{count} contacts", len(period.contacts))]
    if missed := len(period.missed):
        counts.append(t.many("{count} missed", "{count} missed", missed))
    yield f"{when}: {', '.join(counts)}"
