"""What was agreed today, and the plan of several services, out of a client's episode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain

from casework.episode_names import EpisodeNames
from casework.language import Speech, speech
from screens.base.lines import capital
from screens.documents.document import Block, Bullets, Heading, Prose, Ruled, cell
from screens.wording.day_words import weekday
from screens.wording.track_words import action_words
from stepping.episode.episode import Episode
from stepping.episode.events import TrackEvent
from stepping.finland import finnish_day
from stepping.pathway.care.sheets import AgreedLine
from store.records import SafetyRecord, StepTerms

SEVERAL = "multi_service"
"""The track of several services together."""

_LINES = 3
"""Lines for a pen under what was agreed."""


def lines_used(
    lines: Sequence[AgreedLine], safety: Sequence[SafetyRecord], today: date
) -> list[tuple[AgreedLine, SafetyRecord]]:
    """Return what is printed of the safety steps that were done on a day, in the file's order."""
    done = [row for row in safety if row.done and finnish_day(row.at) == today]
    return [(line, row) for line in lines for row in done if f"{row.card}/{row.step}" in line.of]


def agreed_blocks(
    episode: Episode,
    names: EpisodeNames,
    today: date,
    language: str,
    safety: Sequence[tuple[AgreedLine, SafetyRecord]] = (),
) -> Iterator[Block]:
    """Yield what was agreed on a day: the next contact, the care, the client's goals.

    Of safety steps nothing stands there but what the file of sheets has words for. Notices that the
    law asks for, what an employer is told, and a worker's own words stay out.
    """
    t = speech(language)
    yield Prose(cell(t("Day: {day}", day=weekday(today, t))))
    yield from _next_contact(episode, names, today, t)
    yield from _listed(t("Your care"), _care(episode, names, t))
    goals = [voice for voice in episode.voices if voice.about == "goal"]
    yield from _listed(t("Your goal"), (voice.words for voice in goals[-1:]))
    beside = _beside(episode, names, today, t)
    yield from _listed(t("Agreed today"), chain(_safety(safety, names, today, t), beside))
    yield Heading(2, t("What else we agreed"))
    yield Ruled(("",) * _LINES)


def has_plan(episode: Episode) -> bool:
    """Say whether several services have a plan together that has not ended."""
    return bool(_plan(episode))


def services_blocks(
    episode: Episode, names: EpisodeNames, today: date, language: str
) -> Iterator[Block]:
    """Yield the plan of several services: contact person, goals, who gives care, the next look."""
    t, plan = speech(language), _plan(episode)
    roles = [event.role for event in plan if event.role]
    reviews = [event.review_on for event in plan if event.review_on]
    goals = next((event.goals for event in reversed(plan) if event.goals), ())
    yield Prose(cell(t("Made on {day}. The goals are the client's own.", day=_made(plan))))
    yield Heading(2, t("Contact person"))
    yield Prose(cell(*(capital(names.care.role(role)) for role in roles[-1:])))
    yield Ruled((t("Name and number, by hand"),))
    for number, goal in enumerate(goals, 1):
        yield Heading(2, t("Goal {number}: {goal}", number=number, goal=goal))
        yield Ruled((t("Who does what, and by when"), t("How it went")))
    yield from _listed(t("Care that goes on"), _care(episode, names, t))
    yield Heading(2, t("The plan is looked at again"))
    ahead = [day for day in reviews[-1:] if day >= today]
    yield Prose(cell(weekday(ahead[0], t))) if ahead else Ruled((t("Day"),))
    yield from _next_contact(episode, names, today, t)


def _plan(episode: Episode) -> list[TrackEvent]:
    """Return the events of the round that goes on, from its plan on; none where it ended."""
    events = list(episode.tracks.get(SEVERAL, ()))
    ended = [at for at, event in enumerate(events) if event.what == "ended"]
    round_ = events[ended[-1] + 1 :] if ended else events
    first = next((at for at, e in enumerate(round_) if e.what == "planned"), None)
    return [] if first is None or episode.closed else round_[first:]


def _made(plan: list[TrackEvent]) -> date:
    return [event.day for event in plan if event.what == "planned"][-1]


def _next_contact(episode: Episode, names: EpisodeNames, today: date, t: Speech) -> Iterator[Block]:
    """Yield the contact that is waited for; one whose day has passed is none."""
    agreed = episode.find_agreed_contact(today)
    yield Heading(2, t("Next contact"))
    if agreed is None:
        yield Ruled((t("Day, time and who gets in touch"),))
        return
    day = weekday(agreed.due, t)
    told = t("{day} {clock}", day=day, clock=agreed.time) if agreed.time else day
    who = names.care.role(agreed.role)
    yield Prose(cell(", ".join(filter(None, (told, who)))))


def _care(episode: Episode, names: EpisodeNames, t: Speech) -> Iterator[str]:
    for period in episode.periods:
        if period.open:
            started = period.started
            parts = (names.intervention(started.intervention), names.service(started.service))
            yield f"{': '.join(filter(None, parts))} ({t('since {day}', day=started.day)})"


def _safety(
    safety: Sequence[tuple[AgreedLine, SafetyRecord]], names: EpisodeNames, today: date, t: Speech
) -> Iterator[str]:
    """Yield each safety step in words for the client, once, with the terms that may be told."""
    told = dict.fromkeys(
        ": ".join(filter(None, (line.text[t.language], _terms(line, row, names, today, t))))
        for line, row in safety
    )
    yield from told


def _terms(line: AgreedLine, row: SafetyRecord, names: EpisodeNames, today: date, t: Speech) -> str:
    terms = row.terms or StepTerms()
    day = terms.when if terms.when and terms.when >= today else None
    told = {
        "who": names.care.role(terms.who),
        "when": weekday(day, t) if day else "",
        "where": terms.where or "",
    }
    return ", ".join(filter(None, (told[each] for each in line.tells)))


def _beside(episode: Episode, names: EpisodeNames, today: date, t: Speech) -> Iterator[str]:
    for track, events in episode.tracks.items():
        known = names.care.rules.tracks.get(track)
        if known is None or known.notice_step or known.warns or known.attendance_only:
            continue
        for event in events:
            if event.day == today:
                parts = [action_words(track, event.what, names.care, t), names.place(event.where)]
                if event.review_on:
                    parts.append(t("to be reviewed {day}", day=t.day(event.review_on)))
                yield f"{capital(names.care.track(track))}: {', '.join(filter(None, parts))}"


def _listed(title: str, lines: Iterator[str]) -> Iterator[Block]:
    if told := tuple(lines):
        yield Heading(2, title)
        yield Bullets(told)
