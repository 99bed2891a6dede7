"""What an episode means in words: what has changed, what runs out, what is agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from casework.care_names import CareNames
from casework.episode_names import EpisodeNames, Measure
from casework.language import N_, Speech
from screens.base.lines import Line, Look, Part, labelled_parts, separated
from screens.wording.clock_words import clock_parts
from screens.wording.day_words import contact_words, distance, named_day
from screens.wording.event_words import (
    CLOSINGS,
    GAPS,
    VERDICTS,
    despite_words,
    maybe_minor,
    recovery_words,
    responsible_words,
)
from screens.wording.measure_words import series_words
from screens.wording.track_words import action_words
from stepping.episode.clocks import legal_deadlines, score_changes
from stepping.episode.episode import Episode
from stepping.episode.reliable_change import ChangeOf, OverallCategory
from stepping.episode.schedule import DueMeasurement, due_measurements, is_measured_next
from stepping.episode.tracks import action_of, events_of, shown_tracks

_CHANGES: Mapping[OverallCategory, Look] = {
    "reliable_recovery": "good",
    "reliable_improvement": "good",
    "recovery": "good",
    "reliable_deterioration": "warning",
    "mixed": "warning",
}
"""The look of a change; of any other it is plain."""


def meaning(episode: Episode, told: EpisodeNames, today: date, t: Speech, width: int) -> list[Line]:
    """Say what has changed, what the clocks show, what is agreed, the goal, and what is beside."""
    clocks = legal_deadlines(episode, told.birth_year, today, told.care.rules.deadlines)
    times: list[Part] = [
        (text, "danger" if late else "normal") for text, late in clock_parts(clocks, told, t)
    ]
    goal, client = _client(episode, told.care, t)
    forms: list[Part] = [(text, "normal") for text in series_words(episode, told, t)]
    sentences = [
        (t("Change"), changed(episode, told, today, t)),
        (t("Forms"), forms),
        (t("Clock"), times),
        (t("Next"), agreed(episode, told.care, today, t)),
        (t("Goal") if goal else t("Client"), client),
        (t("Beside"), _tracks(episode, told.care, t)),
    ]
    said = [(label, parts) for label, parts in sentences if parts]
    size = max(len(label) for label, _ in said)
    return [
        row
        for label, parts in said
        for row in labelled_parts(f"{label:<{size}}", separated(parts), width)
    ]


def gist(episode: Episode, told: EpisodeNames, today: date, t: Speech) -> list[Part]:
    """Say where an open episode stands: its step, what has changed, what is agreed."""
    if episode.closed is not None:
        return []
    step = t("Step {step}", step=told.step(episode.step)) if episode.step is not None else ""
    change = changed(episode, told, today, t)[:1] if len(episode.measured) > 1 else []
    parts: list[Part] = [(step, "accent")] if step else []
    return [*parts, *change, *agreed(episode, told.care, today, t)[:1]]


def changed(episode: Episode, told: EpisodeNames, today: date, t: Speech) -> list[Part]:
    """Say what became of each total, and of all together where there are several."""
    if not told.measures:
        return [(t("no measurement yet"), "normal")]
    if len(episode.measured) == 1:
        return [(t("to be told from the second measurement on"), "normal")]
    overall = score_changes(episode, {m.fact: m.rule for m in told.measures})
    pairs = list(zip(told.measures, overall.changes, strict=True))
    look = _CHANGES.get(overall.category, "normal")
    parts: list[Part] = []
    if all(change.category == overall.category and not change.gaps for _, change in pairs):
        points = ", ".join(_points(measure, change) for measure, change in pairs)
        parts.append((f"{points}: {t(VERDICTS[overall.category])}", look))
    else:
        parts += [
            (_change(measure, change, t), _CHANGES.get(change.category, "normal"))
            for measure, change in pairs
        ]
        altogether = t("altogether: {verdict}", verdict=t(VERDICTS[overall.category]))
        parts.append((altogether, look))
    first = (episode.baseline and episode.baseline.told) or {}
    if elsewhere := [measure.short for measure in told.measures if measure.fact in first]:
        names = ", ".join(elsewhere)
        parts.append((t("{measures} at first: told elsewhere", measures=names), "normal"))
    if recovery := recovery_words(episode.verdicts, overall.category, t):
        parts.append((recovery, "normal"))
    if maybe_minor(told.birth_year, today.year):
        parts.append((t("the limits are those of adults"), "dim"))
    return parts


def _change(measure: Measure, change: ChangeOf, t: Speech) -> str:
    verdict = t(VERDICTS[change.category])
    if change.gaps:
        why = ", ".join(t(GAPS[gap]) for gap in change.gaps)
        return f"{measure.short}: {verdict}, {why}"
    return f"{_points(measure, change)}: {verdict}"


def _points(measure: Measure, change: ChangeOf) -> str:
    """Return a total then and now."""
    then, now = change.baseline, change.latest
    return f"{measure.short} {then.points} → {now.points}" if then and now else measure.short


def agreed(episode: Episode, names: CareNames, today: date, t: Speech) -> list[Part]:
    """Say when to meet and to measure next, and that no treatment is open if that is so."""
    if episode.died is not None:
        told = t("nothing: the client died on {day}", day=named_day(episode.died, t))
        return [(told, "normal")]
    if episode.closed is not None:
        said = t("nothing: the episode has ended"), t(CLOSINGS[episode.closed.how])
        why = despite_words(episode.closed, t)
        return [(text, "normal") for text in (*said, why) if text]
    parts = [_next_contact(episode, names, today, t), *_measurement(episode, today, t)]
    if not any(period.open for period in episode.periods):
        begun = N_("no treatment is open") if episode.periods else N_("no treatment has begun")
        parts.append(t(begun))
    return [(text, "danger" if text.startswith("!") else "normal") for text in parts]


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
        return t("contact of {day}", day=t.day(owed.day))
    if owed.occasion == "end":
        return t("end of treatment {day}", day=t.day(owed.day))
    return t.many("{count} month after the end", "{count} months after the end", owed.months or 0)


def _next_contact(episode: Episode, names: CareNames, today: date, t: Speech) -> str:
    due = episode.next_contact
    if due is None or episode.without_next_contact:
        return t("! no next contact is agreed")
    told, when = contact_words(due, names, t), distance(due.due, today, t)
    if due.due < today:
        return t("! the contact of {day} was due {late}", day=told, late=when)
    return t("contact {day}, {when}", day=told, when=when)


def _client(episode: Episode, names: CareNames, t: Speech) -> tuple[bool, list[Part]]:
    """Return whether a goal is known, and the latest goal, agreement, group and worker."""
    goals = [voice.words for voice in episode.voices if voice.about == "goal"][-1:]
    parts = [*goals]
    if episode.agreement is not None:
        parts.append(t("agrees with the step {rating}/10", rating=episode.agreement))
    if episode.segment is not None:
        parts.append(t("group {group}", group=episode.segment))
    if episode.responsible is not None:
        worker = responsible_words(episode.responsible, names)
        parts.append(t("responsible: {worker}", worker=worker))
    return bool(goals), [(text, "normal") for text in parts]


def _tracks(episode: Episode, names: CareNames, t: Speech) -> list[Part]:
    """Where each track beside the steps stands."""
    shown = shown_tracks(episode, names.rules.tracks)
    told = ((track, events_of(episode, track)) for track in shown)
    last = [(track, events[-1]) for track, events in told if events]
    said = (
        (names.track(track), action_words(track, action_of(event), names, t), event.day)
        for track, event in last
    )
    return [(f"{track}: {what} {t.day(day)}", "normal") for track, what, day in said]
