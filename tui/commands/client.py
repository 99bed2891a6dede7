"""`porras client`: one client's episodes of care and assessments, without a screen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import click

from casework.episode_names import EpisodeNames, collect_names
from casework.language import LANGUAGES, born
from casework.workspace import Workspace
from screens.assessment.assessment_list import STATES, decided, to_tell
from screens.base import risk_marks
from screens.base.lines import harmless
from screens.base.open_stops import sentences
from screens.episode.spoken import spoken_history
from screens.episode.timeline import heading
from screens.wording.client_words import differences
from screens.wording.event_words import event_words
from screens.wording.source_words import pathway_name
from screens.wording.track_words import ALCOHOL, NO_CODE
from stepping.episode.clocks import Clock, legal_deadlines, score_changes
from stepping.episode.episode import Episode, Period
from stepping.episode.events import EventBase, EventEntry, dump_event
from stepping.episode.measures import MeasureSeries, find_series, find_unassessed
from stepping.episode.procedures import Procedure, list_procedures
from stepping.episode.reliable_change import ChangeOf, Score
from store.codes import show
from store.records import Assessment, CardChange, Client, EpisodeRecord, OpenStop, StoredDecision
from store.risk_records import RiskMark
from tui import say
from tui.commands.common import FORMAT, risk_as_json, stop_as_json
from tui.commands.open_store import find_client, pass_store, warn_of_care
from tui.commands.text import WIDTH, labelled_lines


@click.command()
@click.argument("code")
@FORMAT
@pass_store
def client(workspace: Workspace, /, code: str, form: str) -> None:
    """Print a client's episodes of care and assessments.

    CODE is a client code, with or without its dash. Of an episode you get its page, what stands in
    it, changes and legal times. JSON holds each event as it was recorded, so that another program
    can tell the episode anew. That the client was looked at is logged.
    """
    found = _looked_up(workspace, find_client(workspace, code))
    warn_of_care(workspace)
    say.answer(form, lambda: _as_data(workspace, found), _as_text(workspace, found))


@dataclass(frozen=True)
class _Care:
    """An episode with the names of its codes."""

    record: EpisodeRecord
    episode: Episode
    known: EpisodeNames


@dataclass(frozen=True)
class _Holdings:
    """What the store tells of a client; the newest first."""

    client: Client
    stops: tuple[OpenStop, ...]
    """The safety stops that are open in drafts of the client, the most urgent first."""
    risk: tuple[RiskMark, ...]
    """What stays to be told of the client's risk."""
    care: tuple[_Care, ...]
    assessments: tuple[tuple[Assessment, StoredDecision | None], ...]


def _looked_up(workspace: Workspace, client: Client) -> _Holdings:
    """Read all that is held on a client, and log that it was seen."""
    store = workspace.store
    care = tuple(
        _Care(record, episode, collect_names(workspace, client.birth_year, episode, client.sex))
        for record, episode in store.episodes.list_of(client.id)
    )
    assessments = tuple(
        (each, store.decisions.find(each.id)) for each in store.assessments.list_of(client.id)
    )
    for subject in (client.id, *(each.record.id for each in care)):
        store.audit_log.log_view(subject)
    stops, risk = store.open_stops.list_of(client.id), store.risk_marks.list_of(client.id)
    return _Holdings(client, tuple(stops), tuple(risk), care, assessments)


# -- as data ------------------------------------------------------------------------------------


def _as_data(workspace: Workspace, held: _Holdings) -> dict[str, Any]:
    client = held.client
    return {
        "client": client.code,
        "also": list(client.also),
        "birth_year": client.birth_year,
        "sex": client.sex,
        "language": client.language,
        "municipality": client.municipality,
        "open_stops": [_stop(stop) for stop in held.stops],
        "risk": [risk_as_json(mark) for mark in held.risk],
        "episodes": [_episode(workspace, care) for care in held.care],
        "assessments": [_assessment(workspace, *each) for each in held.assessments],
        "corrections": [
            _change_of_card(each)
            for each in workspace.store.corrections.list_card_changes(client.id)
        ],
        "joinings": [
            each.model_dump(mode="json")
            for each in workspace.store.corrections.list_joinings(client.id)
        ],
        "moved_away": [
            each.model_dump(mode="json")
            for each in workspace.store.corrections.list_moved_away(client.id)
        ],
    }


def _change_of_card(change: CardChange) -> dict[str, Any]:
    card = ("birth_year", "sex", "language", "municipality")
    return {
        "at": change.at.isoformat(),
        "by": change.by,
        "why": change.why,
        "before": {name: getattr(change.before, name) for name in card},
        "after": {name: getattr(change.after, name) for name in card},
    }


def _stop(stop: OpenStop) -> dict[str, Any]:
    return {
        **stop_as_json(stop),
        "by": stop.by,
        "pathway": stop.pathway_id,
        "assessment": stop.assessment_id,
        "unit": stop.unit,
        "in_reach": stop.in_reach,
    }


def _episode(workspace: Workspace, care: _Care) -> dict[str, Any]:
    episode, known = care.episode, care.known
    overall = score_changes(episode, {measure.fact: measure.rule for measure in known.measures})
    labels = {measure.fact: measure.label for measure in known.measures}
    agreed = None if episode.closed else episode.next_contact
    return {
        "id": care.record.id,
        "opened": _day(episode.opened),
        "closed": _day(episode.closed),
        "closed_as": episode.closed and episode.closed.how,
        "despite": episode.closed and episode.closed.despite,
        "step": episode.step,
        "change": overall.category if episode.measured else None,
        "recovered": episode.verdicts.recovered,
        "changes": [_change(change, labels) for change in overall.changes],
        "measures": [
            _series(series, known) for series in find_series(episode, workspace.care.measures)
        ],
        "assess_safety": find_unassessed(episode) is not None,
        "deadlines": [
            _deadline(each)
            for each in legal_deadlines(
                episode, known.birth_year, workspace.today, workspace.care.deadlines
            )
        ],
        "periods": [_period(period, known) for period in episode.periods],
        "procedures": [
            _procedure(each, known)
            for each in list_procedures(episode, known.codes, known.care.code(ALCOHOL))
        ],
        "next_contact": agreed and agreed.due.isoformat(),
        "assessments": [event.assessment for event in episode.measured],
        "events": [_entry(entry, known, workspace) for entry in episode.entries],
    }


def _change(change: ChangeOf, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "measure": change.instrument,
        "label": labels[change.instrument],
        "first": _score(change.baseline),
        "latest": _score(change.latest),
        "difference": change.difference,
        "category": change.category,
        "unknown_because": list(change.gaps),
    }


def _procedure(each: Procedure, known: EpisodeNames) -> dict[str, Any]:
    return {
        "day": each.day.isoformat(),
        "what": each.what,
        "name": known.intervention(each.what),
        "code": each.code or None,
        "code_missing": None if each.code else NO_CODE,
        "points": dict(each.points),
    }


def _series(series: MeasureSeries, known: EpisodeNames) -> dict[str, Any]:
    measure, last = series.definition, series.points[-1]
    line = known.find_line(measure, last.day)
    return {
        "id": measure.id,
        "name": known.care.measure(measure.id),
        "worse": measure.worse,
        "high": measure.high,
        "limit": line and line.at,
        "limit_basis": line and line.basis,
        "over": line and measure.is_over(last.points, line.at),
        "change": measure.change and measure.change.points,
        "change_basis": measure.change and measure.change.basis,
        "tendency": series.tendency,
        "points": [
            {"day": point.day.isoformat(), "points": point.points, "item": point.item}
            for point in series.points
        ],
    }


def _score(score: Score | None) -> dict[str, Any] | None:
    return {"points": score.points, "day": score.day.isoformat()} if score else None


def _deadline(clock: Clock) -> dict[str, Any]:
    each, ended = clock.time, clock.ended_by
    return {
        "rule": each.rule.id,
        "state": each.state,
        "since": clock.since.isoformat(),
        "due": each.due and each.due.isoformat(),
        "days_left": each.days_left,
        "paused_days": each.paused_days,
        "ended_by": ended and {"event": ended.kind, "day": ended.day.isoformat()},
        "period": clock.period and clock.period.id,
        "untold": [period.id for period in clock.untold],
    }


def _period(period: Period, known: EpisodeNames) -> dict[str, Any]:
    return {
        "id": period.id,
        "intervention": period.started.intervention,
        "name": known.intervention(period.started.intervention),
        "service": period.started.service,
        "counted": period.started.counted,
        "step": period.started.step,
        "started": _day(period.started),
        "ended": _day(period.ended),
        "contacts": [_day(contact) for contact in period.contacts],
        "missed": [_day(missed) for missed in period.missed],
    }


def _entry(entry: EventEntry, known: EpisodeNames, workspace: Workspace) -> dict[str, Any]:
    return {
        "id": entry.id,
        "seq": entry.seq,
        "supersedes": entry.supersedes,
        "words": event_words(entry.event, known, workspace.t),
        "event": json.loads(dump_event(entry.event)),
    }


def _assessment(
    workspace: Workspace, each: Assessment, row: StoredDecision | None
) -> dict[str, Any]:
    episode = workspace.store.episodes.find_of_assessment(each.id)
    return {
        "id": each.id,
        "started": each.started_at.isoformat(),
        "pathway": each.pathway_id,
        "version": each.pathway_version,
        "state": each.state,
        "suggested": row and row.suggested_step,
        "confirmed": row and row.confirmed_step,
        "reason": row and row.reason_code,
        "episode": episode and episode[0].id,
        "wrong_client": each.wrong_client,
    }


def _day(event: EventBase | None) -> str | None:
    return event.day.isoformat() if event else None


# -- as text ------------------------------------------------------------------------------------


def _as_text(workspace: Workspace, held: _Holdings) -> Iterator[str]:
    client, t = held.client, workspace.t
    parts = (
        show(client.code),
        born(client.birth_year, t),
        LANGUAGES.get(client.language, client.language),
        workspace.get_municipality_name(client.municipality, workspace.language),
    )
    yield from labelled_lines("", " · ".join(filter(None, parts)))
    for stop in held.stops:
        yield from labelled_lines("! ", " ".join(sentences(workspace, stop)))
    for mark in risk_marks.in_order(held.risk):
        first, *steps = risk_marks.sentences(workspace, mark)
        yield from labelled_lines("! " if mark.stands else "- ", first)
        for step in steps:
            yield from labelled_lines("  - ", step)
    yield from _put_right(workspace, client)
    for care in held.care:
        yield from _episode_text(workspace, care)
    yield ""
    yield t("Assessments")
    if not held.assessments:
        yield t("  none")
    for each, row in held.assessments:
        yield from _assessment_text(workspace, each, row)


def _put_right(workspace: Workspace, client: Client) -> Iterator[str]:
    """Yield what was put right: the card, codes, assessments that are another client's."""
    for sentence in to_tell(workspace, client):
        yield from labelled_lines("", sentence)
    for change in workspace.store.corrections.list_card_changes(client.id):
        parts = [
            f"{label}: {old} → {new}"
            for label, old, new in differences(workspace, change.before, change.after)
        ]
        when = f"{workspace.t.moment(change.at)}  "
        yield from labelled_lines(when, " · ".join([*parts, change.why, change.by]))


def _episode_text(workspace: Workspace, care: _Care) -> Iterator[str]:
    """Yield the page of the episode as line mode says it, then its events."""
    t, today = workspace.t, workspace.today
    yield ""
    yield heading(care.episode, today, t)
    for line in spoken_history(care.episode, care.known, today, t, WIDTH):
        yield harmless("".join(text for text, _ in line)).rstrip()
    yield t("Entries")
    for entry in care.episode.entries:
        yield from labelled_lines(
            f"  {t.day(entry.event.day)}  ", event_words(entry.event, care.known, t)
        )


def _assessment_text(
    workspace: Workspace, each: Assessment, row: StoredDecision | None
) -> Iterator[str]:
    state = decided(row, workspace.t) if row else workspace.t(STATES[each.state])
    if each.wrong_client:
        state += "   ! " + workspace.t("wrong client, counts nowhere")
    yield from labelled_lines(
        f"  {workspace.t.moment(each.started_at)}  ",
        f"{pathway_name(each.pathway_id, workspace.t)} {each.pathway_version} · {state}",
    )
    yield f"    {each.id}"
