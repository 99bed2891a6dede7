"""Reads the files of `care/` into `CareRules`, or says what is wrong, file and line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from stepping.pathway.care.measures import MeasureDefinition, Measures, faults_of
from stepping.pathway.care.schema import (
    CareRules,
    Contacts,
    Deadlines,
    NamedCode,
    TrackAction,
    TrackDefinition,
    Tracks,
)
from stepping.pathway.diagnostics import (
    Diagnostic,
    DiagnosticCollector,
    PathwayError,
    describe_program_fault,
)
from stepping.pathway.file_reader import FileReader
from stepping.pathway.model import Pathway
from stepping.pathway.toml_lines import Place

TRACKS, DEADLINES, CONTACTS = "care/tracks.toml", "care/deadlines.toml", "care/contacts.toml"
MEASURES = "care/measures.toml"
CARE_FILES = (TRACKS, DEADLINES, CONTACTS, MEASURES)
LANGUAGES = ("en", "fi", "sv")
"""The languages of the screens: what these files name is shown in each of them."""


def read_care(files: Mapping[str, str]) -> CareRules:
    """Read the files of `CARE_FILES` from their texts.

    Raises:
        PathwayError: With every fault found, by file and line; also where the program itself fails.
    """
    try:
        return _read(files)
    except PathwayError:
        raise
    except Exception as error:  # whatever it is: a file must not end the program
        raise PathwayError([Diagnostic(TRACKS, 1, describe_program_fault(error))]) from None


def _read(files: Mapping[str, str]) -> CareRules:
    notes = DiagnosticCollector(files)
    for name in CARE_FILES:
        if name not in files:
            notes.add_line(name, 1, "the file is missing")
    notes.raise_if_any()
    reader = FileReader(files, notes)
    tracks = reader.whole(TRACKS, Tracks)
    deadlines = reader.whole(DEADLINES, Deadlines)
    contacts = reader.whole(CONTACTS, Contacts)
    totals = reader.whole(MEASURES, Measures)
    if not (tracks and deadlines and contacts and totals):
        raise PathwayError(notes.found)
    reader.check_texts(CARE_FILES, LANGUAGES)
    _check_tracks(notes, tracks)
    _check_deadlines(notes, deadlines)
    for kind in ("role", "referrer", "channel", "reason", "not_done"):
        _check_ids(notes, CONTACTS, (kind,), getattr(contacts, kind))
    _check_measures(notes, totals)
    notes.raise_if_any()
    return CareRules(tracks, deadlines, contacts, totals)


def check_care(
    care: CareRules, files: Mapping[str, str], interventions: Iterable[str]
) -> Iterator[Diagnostic]:
    """Yield each name in `care/` that none of the pathways has."""
    known = sorted(interventions)
    notes = DiagnosticCollector(files)
    for index, track in enumerate(care.files.track):
        if track.given_by is not None and track.given_by not in known:
            what = f"track {track.id}: intervention"
            notes.add_unknown(TRACKS, ("track", index, "given_by"), what, track.given_by, known)
    yield from notes.found


def check_measures(
    care: CareRules, files: Mapping[str, str], pathway: Pathway
) -> Iterator[Diagnostic]:
    """Yield each questionnaire that a pathway asks for with other points than it has."""
    notes = DiagnosticCollector(files)
    for index, measure in enumerate(care.totals.measure):
        danger = measure.danger
        asked = [(measure.fact, measure.high, "high")]
        asked += [(danger.fact, danger.high, "danger")] if danger and danger.fact else []
        for fact, high, key in asked:
            question = pathway.questions.get(fact)
            points = question.points if question and question.numeric else ()
            if question is not None and (not points or points[0] < 0 or points[-1] != high):
                message = (
                    f"measure {measure.id}: {pathway.id} asks {fact} otherwise than as 0–{high}"
                )
                notes.add(MEASURES, ("measure", index, key), message)
    yield from notes.found


def _check_tracks(notes: DiagnosticCollector, tracks: Tracks) -> None:
    _check_ids(notes, TRACKS, ("track",), tracks.track)
    for index, track in enumerate(tracks.track):
        place: Place = ("track", index)
        for kind in ("action", "place", "outcome"):
            _check_ids(notes, TRACKS, (*place, kind), getattr(track, kind), f"track {track.id}: ")
        for fault, where in _faults_of(track):
            notes.add(TRACKS, (*place, *where), f"track {track.id}: {fault}")
    for kind in ("place", "outcome"):
        _check_shared(notes, tracks, kind)


def _faults_of(track: TrackDefinition) -> Iterator[tuple[str, Place]]:
    """Yield what does not fit inside one track, with the place of it."""
    actions = [action.id for action in track.action]
    for id_ in track.way:
        if id_ not in actions:
            yield f"way names {id_!r}, which is no action of it", ("way",)
    if track.way[-1] != "ended":
        yield "way must lead to 'ended'", ("way",)
    if all(action.after for action in track.action):
        yield "no action can begin it: each has an `after`", ("action",)
    if ("used" in actions) != (track.id == "alcohol"):
        yield "the action 'used' and the track 'alcohol' belong together", ("action",)
    if not track.services and not track.place:
        yield "without services it needs a place", ("services",)
    for index, action in enumerate(track.action):
        for fault, key in _faults_of_action(action, track, actions):
            yield f"{action.id}: {fault}", ("action", index, key)


def _faults_of_action(
    action: TrackAction, track: TrackDefinition, actions: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield what does not fit in one action, with the key of it."""
    for id_ in action.after:
        if id_ not in actions:
            yield f"after names {id_!r}, which is no action of the track", "after"
    if action.consent and "consented" not in actions:
        yield "consent needs the action 'consented'", "consent"
    for key in ("needs", "may"):
        if "outcome" in getattr(action, key) and not track.outcome:
            yield "the track has no outcome to choose from", key


def _check_shared(notes: DiagnosticCollector, tracks: Tracks, kind: str) -> None:
    """Note an id that has one name on one track and another name on another one."""
    names: dict[str, object] = {}
    for index, track in enumerate(tracks.track):
        for at, code in enumerate(getattr(track, kind)):
            if names.setdefault(code.id, code.name) != code.name:
                message = f"{kind} {code.id} has another name on an earlier track"
                notes.add(TRACKS, ("track", index, kind, at, "name"), message)


def _check_deadlines(notes: DiagnosticCollector, deadlines: Deadlines) -> None:
    """Note a law that takes the place of another one without a later day."""
    last: dict[str, date] = {}
    for index, rule in enumerate(deadlines.deadline):
        since = rule.since or date.min
        if rule.id in last and since <= last[rule.id]:
            message = f"deadline {rule.id}: needs a `since` after that of the one before"
            notes.add(DEADLINES, ("deadline", index, "since"), message)
        last[rule.id] = since


def _check_measures(notes: DiagnosticCollector, totals: Measures) -> None:
    _check_ids(notes, MEASURES, ("measure",), totals.measure)
    facts: dict[str, str] = {}
    for index, measure in enumerate(totals.measure):
        if facts.setdefault(measure.fact, measure.id) != measure.id:
            message = f"measure {measure.id}: {measure.fact} is that of {facts[measure.fact]}"
            notes.add(MEASURES, ("measure", index, "fact"), message)
        for fault, where in faults_of(measure):
            notes.add(MEASURES, ("measure", index, *where), f"measure {measure.id}: {fault}")


def _check_ids(
    notes: DiagnosticCollector,
    file: str,
    place: Place,
    parts: Sequence[NamedCode | TrackAction | TrackDefinition | MeasureDefinition],
    of: str = "",
) -> None:
    seen: set[str] = set()
    for index, part in enumerate(parts):
        if part.id in seen:
            message = f"{of}{place[-1]} {part.id} is defined twice"
            notes.add(file, (*place, index, "id"), message)
        seen.add(part.id)
