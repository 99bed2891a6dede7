"""Beside the steps of care: where each track stands, and what may be recorded on one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from casework.episode import EpisodeSession
from screens.base.keys import KeyBinding, Shown, digit_keys, hidden
from screens.base.lines import Line, bold, capital, labelled, paragraph
from screens.base.page import Page
from screens.wording.track_words import (
    action_words,
    alcohol_now,
    alcohol_words,
    status_words,
    track_details,
)
from stepping.episode import tracks
from stepping.episode.events import AlcoholUse, TrackId
from stepping.episode.tracks import TrackedEvent, TrackStatus
from stepping.pathway.care.schema import ActionId
from store.codes import show

LETTERS: dict[ActionId, str] = {
    "used": "u",
    "planned": "p",
    "consented": "c",
    "refused": "f",
    "referred": "r",
    "notified": "n",
    "acknowledged": "a",
    "told": "t",
    "met": "m",
    "reviewed": "v",
    "arrived": "i",
    "assessed": "s",
    "begun": "b",
    "ended": "z",
}
"""What opened each action before digits did, and still does; `e` is the emergency card."""


MOST = 9
"""The tracks that digits open; one that is not defined any more comes after those that are."""


def standing_of(care: EpisodeSession, track: TrackId) -> TrackStatus:
    """Return where a track of an episode stands today."""
    return tracks.track_status(
        care.episode, track, care.workspace.today, care.workspace.care.tracks, care.client.sex
    )


def said_of(care: EpisodeSession, track: TrackId) -> str:
    """Say where a track of an episode stands today."""
    t = care.workspace.t
    asked = care.find_notice_day(track)
    if asked is not None:
        return t(
            "! a safety card tells of a notice ({day}): record when and to whom",
            day=t.day(asked),
        )
    return status_words(standing_of(care, track), care.workspace.care_names, t)


class TracksScreen(Page[TrackId | None]):
    """Lists the tracks under digits with where each stands; returns the one to open."""

    def __init__(self, care: EpisodeSession) -> None:
        super().__init__(care.workspace)
        self._care = care
        shown = tracks.shown_tracks(care.episode, care.workspace.care.tracks)
        self._said = {track: said_of(care, track) for track in shown[:MOST]}

    def top(self) -> tuple[str, str]:
        """Name the screen and the client."""
        return self.t("Beside the steps of care"), show(self._care.client.code)

    def body(self, width: int) -> list[Line]:
        """Draw each track with where it stands and what is next."""
        lines: list[Line] = [()]
        for number, track in enumerate(self._said, start=1):
            name = capital(self.workspace.care_names.track(track))
            lines.append(((f"  {number}", "accent"), (f"  {name}", "bold")))
            lines += paragraph(self._said[track], width, indent=5)
        return lines

    def key_list(self) -> Shown:
        """Return the keys: a digit opens a track."""
        return [
            *digit_keys(self.t("choose"), (partial(self.leave, track) for track in self._said)),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]


class TrackScreen(Page[ActionId | None]):
    """One track: what it is, where it stands, what may be recorded, and what happened on it."""

    def __init__(self, care: EpisodeSession, track: TrackId) -> None:
        super().__init__(care.workspace)
        self._care = care
        self._track = track
        self._standing = standing_of(care, track)
        self._said = said_of(care, track)
        self._told = care.names
        self._deeds = tracks.possible_actions(care.episode, track, care.workspace.care.tracks)

    def top(self) -> tuple[str, str]:
        """Name the track and the client."""
        return capital(self.workspace.care_names.track(self._track)), show(self._care.client.code)

    def body(self, width: int) -> list[Line]:
        """Draw the page."""
        lines = paragraph(self.workspace.care_names.about(self._track), width)
        lines += [(), *labelled(self.t("At present"), self._said, width)]
        for text in alcohol_now(self._standing, self._care.client.sex, self.t):
            lines += paragraph(text, width, indent=2, hanging=2)
        if self._deeds:
            lines += [(), bold(self.t("What may be recorded"))]
        for number, what in enumerate(self._deeds, start=1):
            lines.append(((f"  {number}", "accent"), (f"  {self._action(what)}", "normal")))
        return [*lines, *self._history(width)]

    def _history(self, width: int) -> list[Line]:
        """Everything that happened, the newest first."""
        events = tracks.events_of(self._care.episode, self._track)[::-1]
        if not events:
            return []
        lines: list[Line] = [(), bold(self.t("What happened"))]
        for event in events:
            said = " · ".join(part for part in self._event(event) if part)
            lines += paragraph(f"{self.t.day(event.day)} {said}", width, indent=2, hanging=11)
        return lines

    def _action(self, what: ActionId) -> str:
        return action_words(self._track, what, self.workspace.care_names, self.t)

    def _event(self, event: TrackedEvent) -> Iterator[str]:
        if isinstance(event, AlcoholUse):
            yield from alcohol_words(event, self.workspace.care_names, self.t)
            return
        yield self._action(event.what)
        yield from track_details(event, self._told, self.t)

    def key_list(self) -> Shown:
        """Return the keys: a digit records."""
        deeds = (partial(self.leave, what) for what in self._deeds)
        return [
            *digit_keys(self.t("record"), deeds),
            *(hidden(LETTERS[what], partial(self.leave, what)) for what in self._deeds),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]
