"""The whole path of one client's episode on one page: a picture over time, then what it means.

The picture needs no colour, and only characters that a plain console has too: half and full
blocks and single lines. Every height also stands there as a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from casework.care_names import CareNames
from casework.episode_names import EpisodeNames, Measure
from casework.language import N_, Speech
from screens.base.lines import Line, labelled
from screens.base.risk_marks import danger_lines
from screens.episode.columns import LABELS, Axis, plot, plot_series, row
from screens.wording.clock_words import clock_words
from screens.wording.day_words import contact_words, distance, named_day
from screens.wording.event_words import (
    CLOSINGS,
    GAPS,
    SEGMENTS,
    VERDICTS,
    despite_words,
    maybe_minor,
    recovery_words,
)
from screens.wording.measure_words import danger_words, series_words
from screens.wording.track_words import action_words
from stepping.episode.clocks import legal_deadlines, score_changes
from stepping.episode.episode import Episode, Period
from stepping.episode.measures import find_series
from stepping.episode.reliable_change import ChangeOf
from stepping.episode.schedule import DueMeasurement, due_measurements, is_measured_next
from stepping.episode.tracks import action_of, events_of, shown_tracks


def history(episode: Episode, told: EpisodeNames, today: date, t: Speech, width: int) -> list[Line]:
    """Draw an episode as it stands on a day; each line is at most `width` cells wide."""
    axis = Axis.of(episode, today, width - LABELS)
    danger = danger_words(episode, told.care, t)
    lines = danger_lines([danger] if danger else [], width)
    lines.append(row(t("weeks since {day}", day=axis.first), axis.ticks()))
    for measure in told.measures:
        lines += plot(episode, measure, axis, t)
    for series in find_series(episode, told.care.rules.measures):
        if len(series.points) > 1:  # a single one is told in words
            lines += plot_series(series, told, axis, t)
    lines += stairs(episode, told, axis, t)
    lines += [bar(period, told, axis) for period in episode.periods]
    return [*lines, *meaning(episode, told, today, t, width)]


def heading(episode: Episode, today: date, t: Speech) -> str:
    """Say how long an episode has been open, or from when to when it was."""
    if episode.opened is None:
        return t("No episode has been opened.")
    if episode.closed is not None:
        return t("Episode {first} – {last}", first=episode.opened.day, last=episode.closed.day)
    days = (today - episode.opened.day).days
    if not days:
        return t("Episode, opened today")
    return t.many("Episode, open for {count} day", "Episode, open for {count} days", days)


# -- the picture ------------------------------------------------------------------------


def stairs(episode: Episode, told: EpisodeNames, axis: Axis, t: Speech) -> list[Line]:
    """Draw the confirmed steps as a stair, the highest step in the highest row."""
    steps = [(axis.at(e.day), e.step) for e in episode.measured if e.step is not None]
    levels = sorted({step for _, step in steps}, reverse=True)
    end = axis.at(axis.until)
    rows = {level: [" "] * axis.width for level in levels}
    for place, (start, step) in enumerate(steps):
        stop = steps[place + 1][0] if place + 1 < len(steps) else end
        for column in range(start, stop + 1):
            rows[step][column] = "─"
        if place and (before := steps[place - 1][1]) != step:
            _riser(rows, start, before, step)
    return [row(t("Step {step}", step=told.step(n)), "".join(rows[n])) for n in levels]


def _riser(rows: dict[int, list[str]], column: int, before: int, step: int) -> None:
    """Join two steps in a column."""
    up = step > before
    rows[before][column] = "┘" if up else "┐"
    rows[step][column] = "┌" if up else "└"
    for between in rows:
        if min(before, step) < between < max(before, step):
            rows[between][column] = "│"


def bar(period: Period, told: EpisodeNames, axis: Axis) -> Line:
    """Draw a treatment from its start to its end; an open one has an arrow.

    `o` is a contact, `x` one that did not take place.
    """
    start = axis.at(period.started.day)
    stop = axis.at(period.ended.day if period.ended else axis.until)
    cells = [" "] * axis.width
    cells[start : stop + 1] = "─" * (stop + 1 - start)
    for missed in period.missed:
        cells[axis.at(missed.day)] = "x"
    for contact in period.contacts:
        cells[axis.at(contact.day)] = "o"
    cells[start] = "├"
    cells[stop] = "┤" if period.ended else ">"
    return row(told.intervention(period.started.intervention), "".join(cells))


# -- what it means ----------------------------------------------------------------------


def meaning(episode: Episode, told: EpisodeNames, today: date, t: Speech, width: int) -> list[Line]:
    """Say what has changed, what the clocks show, and what is agreed."""
    clocks = legal_deadlines(episode, told.birth_year, today, told.care.rules.deadlines)
    parts = (
        (t("Change"), changed(episode, told, today, t)),
        (t("Forms"), series_words(episode, told, t)),
        (t("Clock"), clock_words(clocks, told, t)),
        (t("Next"), [agreed(episode, told.care, today, t)]),
        (t("Client"), _client(episode, t)),
        (t("Beside"), _tracks(episode, told.care, t)),
    )
    size = max(len(label) for label, _ in parts)
    return [
        row
        for label, texts in parts
        for text in texts
        for row in labelled(f"{label:<{size}}", text, width)
    ]


def changed(episode: Episode, told: EpisodeNames, today: date, t: Speech) -> list[str]:
    """Say what became of each total, and of all together where there are several."""
    if not told.measures:
        return [t("no measurement yet")]
    if len(episode.measured) == 1:
        return [t("to be told from the second measurement on")]
    overall = score_changes(episode, {m.fact: m.rule for m in told.measures})
    pairs = list(zip(told.measures, overall.changes, strict=True))
    if all(change.category == overall.category and not change.gaps for _, change in pairs):
        points = ", ".join(_points(measure, change) for measure, change in pairs)
        verdict = t(VERDICTS[overall.category])
        texts = [f"{points}: {verdict}"]
    else:
        texts = [_change(measure, change, t) for measure, change in pairs]
        texts.append(t("altogether: {verdict}", verdict=t(VERDICTS[overall.category])))
    if recovery := recovery_words(episode.verdicts, overall.category, t):
        texts.append(recovery)
    if maybe_minor(told.birth_year, today.year):
        texts.append(t("the limits are those of adults"))
    return ["; ".join(texts)]


def _change(measure: Measure, change: ChangeOf, t: Speech) -> str:
    verdict = t(VERDICTS[change.category])
    if change.gaps:
        why = ", ".join(t(GAPS[gap]) for gap in change.gaps)
        return f"{measure.label}: {verdict}, {why}"
    return f"{_points(measure, change)}: {verdict}"


def _points(measure: Measure, change: ChangeOf) -> str:
    """Return a total then and now."""
    then, now = change.baseline, change.latest
    return f"{measure.label} {then.points} → {now.points}" if then and now else measure.label


def agreed(episode: Episode, names: CareNames, today: date, t: Speech) -> str:
    """Say when to meet and to measure next, and that no treatment is open if that is so."""
    if episode.died is not None:
        return t("nothing: the client died on {day}", day=named_day(episode.died, t))
    if episode.closed is not None:
        told = t("nothing: the episode has ended"), t(CLOSINGS[episode.closed.how])
        return "; ".join(filter(None, (*told, despite_words(episode.closed, t))))
    parts = [_next_contact(episode, names, today, t), *_measurement(episode, today, t)]
    if not any(period.open for period in episode.periods):
        begun = N_("no treatment is open") if episode.periods else N_("no treatment has begun")
        parts.append(t(begun))
    return "; ".join(parts)


def _measurement(episode: Episode, today: date, t: Speech) -> Iterator[str]:
    """Say which measurement comes first: one that is due, one at the next contact, one later."""
    # That of a danger stands above the picture.
    owed = [each for each in due_measurements(episode) if each.occasion != "danger"]
    late = [each for each in owed if each.day <= today]
    if late:
        yield t("! measure now: {why}", why=_occasion(late[0], t))
    elif is_measured_next(episode):
        yield t("measure at the next contact")
    elif owed:
        why = _occasion(owed[0], t)
        yield t("measurement {why}: by {day}", why=why, day=named_day(owed[0].day, t))


def _occasion(owed: DueMeasurement, t: Speech) -> str:
    """Say why a measurement is due, as in "3 months after the end"."""
    if owed.occasion == "contact":
        return t("contact of {day}", day=owed.day)
    if owed.occasion == "end":
        return t("end of treatment {day}", day=owed.day)
    return t.many("{count} month after the end", "{count} months after the end", owed.months or 0)


def _next_contact(episode: Episode, names: CareNames, today: date, t: Speech) -> str:
    due = episode.next_contact
    if due is None or episode.without_next_contact:
        return t("! no next contact is agreed")
    told, when = contact_words(due, names, t), distance(due.due, today, t)
    if due.due < today:
        return t("! the contact of {day} was due {late}", day=told, late=when)
    return t("contact {day}, {when}", day=told, when=when)


def _client(episode: Episode, t: Speech) -> list[str]:
    """Return the client's group, agreement and latest goal."""
    parts = []
    if episode.segment is not None:
        group = t(SEGMENTS[episode.segment])
        parts.append(t("group {group} ({day})", group=group, day=episode.segment_day))
    if episode.agreement is not None:
        parts.append(t("agrees with the step {rating}/10", rating=episode.agreement))
    goals = [voice.words for voice in episode.voices if voice.about == "goal"]
    parts += [t("goal: {words}", words=words) for words in goals[-1:]]
    return ["; ".join(parts)] if parts else []


def _tracks(episode: Episode, names: CareNames, t: Speech) -> list[str]:
    """Where each track beside the steps stands."""
    shown = shown_tracks(episode, names.rules.tracks)
    told = ((track, events_of(episode, track)) for track in shown)
    last = [(track, events[-1]) for track, events in told if events]
    said = (
        (names.track(track), action_words(track, action_of(event), names, t), event.day)
        for track, event in last
    )
    texts = [f"{track}: {what} {t.day(day)}" for track, what, day in said]
    return ["; ".join(texts)] if texts else []
