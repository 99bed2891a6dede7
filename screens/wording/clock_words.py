"""Says the legal times of an episode: by when, how long there is, and which event ended each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casework.episode_names import EpisodeNames
from casework.language import Speech
from screens.wording.track_words import action_words
from stepping.episode.clocks import Clock
from stepping.episode.events import Contact, PeriodStarted, TrackEvent


def clock_parts(clocks: Sequence[Clock], told: EpisodeNames, t: Speech) -> list[tuple[str, bool]]:
    """Say by when care has to begin or began, how far that is, and why these times count.

    Each part comes with whether it tells of a time that is running late.
    """
    parts = [_time(clock, told, t) for clock in clocks]
    running = [clock for clock in clocks if clock.time.state != "met"]
    words: list[str] = []
    for time in [clock.time for clock in running or clocks][:1]:
        if time.state == "paused":
            words.append(t("the clock stands still"))
        if count := time.paused_days:
            words.append(
                t.many("moved by {count} day of pause", "moved by {count} days of pause", count)
            )
    words += doubts(running, told, t)
    words += [told.care.age_reason(clock.time.because) for clock in running[:1]]
    return [*parts, *((text, False) for text in words)]


def ended_words(clock: Clock, told: EpisodeNames, t: Speech) -> str:
    """Say whether a time that is over was kept, and which event ended it."""
    kept, event = _kept(clock, t), clock.ended_by
    match event:
        case PeriodStarted():
            return f"{kept} ({told.intervention(event.intervention)} {t.day(event.day)})"
        case Contact():
            return f"{kept} ({t('contact')} {t.day(event.day)})"
        case TrackEvent():
            what = action_words(event.track, event.what, told.care, t)
            return f"{kept} ({what} {t.day(event.day)})"
        case _:
            return kept


def _kept(clock: Clock, t: Speech) -> str:
    days = clock.time.days_left or 0
    return t("in time") if days >= 0 else t.many("{count} day late", "{count} days late", -days)


def doubts(running: Sequence[Clock], told: EpisodeNames, t: Speech) -> Iterator[str]:
    """Yield which treatments may have ended a time that runs, and which that go on do not."""

    def names(of: Iterator[str]) -> str:
        return ", ".join(dict.fromkeys(told.intervention(each) for each in of))

    asked = names(p.started.intervention for clock in running for p in clock.untold)
    passed = names(p.started.intervention for clock in running for p in clock.passed_over)
    if asked:
        yield t("not told whether it counts: {names} (correct its beginning)", names=asked)
    if passed:
        yield t("does not count: {names}", names=passed)


def _time(clock: Clock, told: EpisodeNames, t: Speech) -> tuple[str, bool]:
    """One time, and whether it is late; once it is met its last day matters no more."""
    name, days = told.care.deadline(clock.time.rule.id), clock.time.days_left or 0
    if clock.time.state == "met":
        return f"{name}: {_kept(clock, t)}", False
    late = t.many("{count} DAY LATE", "{count} DAYS LATE", -days)
    left = late if days < 0 else t.many("{count} day left", "{count} days left", days)
    day = t.day(clock.time.due) if clock.time.due else ""
    said = ", ".join((t("{name}: by {day}", name=name, day=day), left))
    return said, days < 0
