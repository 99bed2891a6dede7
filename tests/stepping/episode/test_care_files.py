"""If these fail, a slip in a county's track or deadline is used, or nobody is told where it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from casework.language import LANGUAGES as SPOKEN
from stepping.episode.clocks import legal_deadlines
from stepping.episode.episode import replay
from stepping.episode.events import (
    AlcoholUse,
    EventEntry,
    NeedEstablished,
    NextContact,
    Opened,
    TrackEvent,
    read_event,
)
from stepping.episode.tracks import shown_tracks, track_status, track_statuses
from stepping.pathway.care.reader import (
    CARE_FILES,
    CONTACTS,
    DEADLINES,
    LANGUAGES,
    TRACKS,
    check_care,
    read_care,
)
from stepping.pathway.diagnostics import PathwayError
from store.paths import PATHWAYS
from store.pathway_files.care import care_files, load_care, shipped_care
from store.pathway_files.check import check_folder
from store.pathway_files.files import built_in

OURS = care_files()
DAY = date(2026, 3, 2)


def changed(file: str, old: str, new: str) -> dict[str, str]:
    assert old in OURS[file]
    return {**OURS, file: OURS[file].replace(old, new, 1)}


def line_of(files: dict[str, str], file: str, row: str) -> int:
    return files[file].split("\n").index(row) + 1


FAULTS = {
    "an unknown key": (
        changed(TRACKS, 'given_by = "substance_service"', 'give_by = "substance_service"'),
        TRACKS,
        'give_by = "substance_service"',
        "track alcohol: the key 'give_by' is not known; did you mean 'given_by'?",
    ),
    "an unknown action": (
        changed(TRACKS, 'id = "referred"', 'id = "sent"'),
        TRACKS,
        'id = "sent"',
        "'sent' is not one of 'used', 'planned'",
    ),
    "a way over what the track has not": (
        changed(TRACKS, 'way = ["used", "ended"]', 'way = ["used", "told", "ended"]'),
        TRACKS,
        'way = ["used", "told", "ended"]',
        "track alcohol: way names 'told', which is no action of it",
    ),
    "a way without an end": (
        changed(TRACKS, 'way = ["used", "ended"]', 'way = ["ended", "used"]'),
        TRACKS,
        'way = ["ended", "used"]',
        "track alcohol: way must lead to 'ended'",
    ),
    "after what the track has not": (
        changed(TRACKS, 'after = ["notified"]', 'after = ["told"]'),
        TRACKS,
        'after = ["told"]',
        "track child_welfare: acknowledged: after names 'told', which is no action of the track",
    ),
    "alcohol on another track": (
        changed(TRACKS, 'id = "alcohol"', 'id = "drinking"'),
        TRACKS,
        "[[track.action]]",
        "the action 'used' and the track 'alcohol' belong together",
    ),
    "needed and left free": (
        changed(TRACKS, 'needs = ["outcome"]', 'needs = ["outcome"]\nmay = ["outcome"]'),
        TRACKS,
        "",
        "'outcome' stands in `needs` and in `may`",
    ),
    "a language that lacks": (
        changed(TRACKS, 'name = { en = "doctor", fi = "lääkäri",', 'name = { en = "doctor",'),
        TRACKS,
        'name = { en = "doctor", sv = "läkare" }',
        "track doctor: name has no text in fi",
    ),
    "a source that lacks": (
        changed(TRACKS, 'source = "Local proposal"\n', ""),
        TRACKS,
        "",
        "track doctor: 'source' is missing",
    ),
    "a track twice": (
        changed(TRACKS, 'id = "exercise"', 'id = "physiotherapy"'),
        TRACKS,
        "",
        "track physiotherapy is defined twice",
    ),
    "a role twice": (
        changed(CONTACTS, 'id = "psychologist"', 'id = "doctor"'),
        CONTACTS,
        "",
        "role doctor is defined twice",
    ),
    "a deadline of no time": (
        changed(DEADLINES, "young = { days = 28 }", "young = {}"),
        DEADLINES,
        "young = {}",
        "deadline therapy_guarantee: young: needs days or months",
    ),
    "a later law without its day": (
        changed(DEADLINES, 'id = "first_treatment"', 'id = "therapy_guarantee"'),
        DEADLINES,
        "since = 2025-01-01",
        "deadline therapy_guarantee: needs a `since` after that of the one before",
    ),
    "no TOML": (
        changed(DEADLINES, "until = 23", "until = = 23"),
        DEADLINES,
        "until = = 23",
        "not readable as TOML",
    ),
    "a basis that there is not": (
        changed(CONTACTS, 'basis = "local"', 'basis = "habit"'),
        CONTACTS,
        'basis = "habit"',
        "'habit' is not one of 'guideline', 'law' or 'local'",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_slip_is_told_with_its_file_and_line(name: str) -> None:
    files, file, row, message = FAULTS[name]
    with pytest.raises(PathwayError) as caught:
        read_care(files)
    found = [fault for fault in caught.value.diagnostics if message in fault.message]
    assert found, caught.value
    assert found[0].file == file
    if row:
        assert found[0].line == line_of(files, file, row)


def test_a_file_that_is_missing_is_told() -> None:
    with pytest.raises(PathwayError, match=r"care/contacts.toml:1: the file is missing"):
        read_care({name: OURS[name] for name in (TRACKS, DEADLINES)})


def test_a_form_of_care_that_no_pathway_has_is_told() -> None:
    known = {each.id for name in ("adult", "youth") for each in built_in(name).interventions}
    assert list(check_care(shipped_care(), OURS, known)) == []
    (fault,) = check_care(shipped_care(), OURS, known - {"exercise_referral"})
    assert fault.line == line_of(dict(OURS), TRACKS, 'given_by = "exercise_referral"')
    assert "intervention 'exercise_referral' is not known" in fault.message


def test_what_is_not_verified_is_local() -> None:
    by_law = {track.id for track in shipped_care().tracks.values() if track.basis == "law"}
    assert by_law == {"child_welfare"}
    assert shipped_care().contacts.basis == "local"
    assert set(LANGUAGES) == set(SPOKEN)


def test_each_reason_of_a_step_not_done_awaits_sign_off_and_has_a_digit() -> None:
    reasons = shipped_care().contacts.not_done
    assert [*shipped_care().not_done][-1] == "other", "whatever fits nowhere is the last digit"
    assert 2 <= len(reasons) <= 9
    assert {reason.basis for reason in reasons} == {"local"}
    assert all("sign-off" in reason.source for reason in reasons)


# -- a county's own ---------------------------------------------------------------------------

OWN_CONTACTS = """
source = "a county of tests"
basis = "local"
[[role]]
id = "mentor"
name = { en = "mentor", fi = "mentori", sv = "mentor" }
[[referrer]]
id = "club"
name = { en = "sports club", fi = "urheiluseura", sv = "idrottsklubb" }
"""


def test_a_county_has_its_own_and_ours_where_it_has_none(tmp_path: Path) -> None:
    assert load_care(tmp_path) == shipped_care()
    (tmp_path / "care").mkdir()
    (tmp_path / CONTACTS).write_text(OWN_CONTACTS, encoding="utf-8")
    own = load_care(tmp_path)
    assert list(own.roles) == ["mentor"]
    assert own.tracks == shipped_care().tracks
    (tmp_path / TRACKS).mkdir()  # one that cannot be read is a fault, and ours is none instead
    with pytest.raises(PathwayError, match=r"care/tracks.toml"):
        load_care(tmp_path)


def test_a_check_of_a_pathway_looks_at_what_stands_beside_it(tmp_path: Path) -> None:
    """The forms of care of a county's tracks are those of its own pathways."""
    (tmp_path / "adult").symlink_to(PATHWAYS / "adult")
    (tmp_path / "care").mkdir()
    for name in CARE_FILES:
        (tmp_path / name).write_text(OURS[name], encoding="utf-8")
    (tmp_path / TRACKS).write_text(
        OURS[TRACKS].replace('"exercise_referral"', '"ski_school"'), encoding="utf-8"
    )
    report = check_folder(tmp_path / "adult", tmp_path).report
    told = [each.diagnostic for each in report.findings if each.diagnostic.file == TRACKS]
    assert ["ski_school" in fault.message for fault in told] == [True]


# -- a store that knows more than the files ------------------------------------------------------


def test_an_event_of_a_track_that_is_gone_is_read_and_shown() -> None:
    text = '{"day":"2026-03-02","kind":"track","track":"choir","what":"met","role":"cantor"}'
    events = (Opened(day=DAY), read_event(text), AlcoholUse(day=DAY, audit=3))
    episode = replay(EventEntry(id=f"e{n}", seq=n, event=e) for n, e in enumerate(events, 1))
    tracks = shipped_care().tracks
    assert shown_tracks(episode, tracks) == (*tracks, "choir")
    status = track_status(episode, "choir", DAY, tracks)
    assert (status.state, status.next, status.by) == ("open", None, None)
    without = {id_: track for id_, track in tracks.items() if id_ != "alcohol"}
    states = {each.track: each.next for each in track_statuses(episode, DAY, without)}
    assert (states["alcohol"], states["choir"]) == (None, None)


def test_a_review_on_a_track_that_is_gone_still_waits() -> None:
    met = TrackEvent(day=DAY, track="choir", what="met", review_on=date(2026, 4, 1))
    events = (Opened(day=DAY), met, NextContact(day=DAY, due=DAY))
    episode = replay(EventEntry(id=f"e{n}", seq=n, event=e) for n, e in enumerate(events, 1))
    status = track_status(episode, "choir", date(2026, 4, 2), shipped_care().tracks)
    assert (status.by, status.overdue) == (date(2026, 4, 1), True)


# -- a law that changes ---------------------------------------------------------------------------

LATER = """
[[deadline]]
id = "therapy_guarantee"
name = { en = "Therapy guarantee", fi = "Terapiatakuu", sv = "Terapigarantin" }
since = 2027-01-01
starts = "need_established"
ends = "treatment_started"
young = { days = 14 }
watched = true
law = "a law of tests"
source = "a law of tests"
basis = "law"
"""


@pytest.mark.parametrize(
    ("need", "days"),
    [
        (date(2024, 1, 8), 28),
        (date(2026, 12, 31), 28),
        (date(2027, 1, 1), 14),
        (date(2027, 2, 1), 14),
    ],
)
def test_a_later_law_moves_no_day_of_what_began_before_it(need: date, days: int) -> None:
    care = read_care({**OURS, DEADLINES: OURS[DEADLINES] + LATER})
    events = (Opened(day=need), NeedEstablished(day=need))
    episode = replay(EventEntry(id=f"e{n}", seq=n, event=e) for n, e in enumerate(events, 1))
    first = legal_deadlines(episode, 2010, need, care.deadlines)[0].time
    assert first.rule.id == "therapy_guarantee"
    assert first.due is not None
    assert (first.due - need).days == days
