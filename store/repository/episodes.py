"""Episodes of care: events that are only added, each checked against all that stands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from store.errors import AttachedElsewhere, EpisodeChanged, UnfitEvent
from store.records import EpisodeRecord
from store.repository.internal import assessments, episodes
from store.session.guarded import Repository, reads, writes

if TYPE_CHECKING:
    from stepping.episode.episode import Episode
    from stepping.episode.events import Event, Opened
    from stepping.episode.validation import ValidationContext


_DRAFT_OF = """
    SELECT 1 FROM worklist WHERE episode_id = ? AND assessment_id NOTNULL"""

_SAFETY_ASKS = "A safety step agreed this contact. Correct it, or agree on another with a reason."


_HAS_DRAFT = "An assessment of the episode is a draft: confirm or abandon it first."

_NOT_OPEN = "The episode is closed. Open a new one, or withdraw its end first."


class Episodes(Repository):
    """Episodes of care and their events."""

    @writes("care")
    def begin(self, client_id: str, opened: Opened, around: ValidationContext) -> EpisodeRecord:
        """Begin an episode with a client; EpisodeOpen if the client is in one.

        Raises UnknownRecord, UnfitEvent or RefusedText; nothing is stored then.
        """
        event = episodes.guard_texts(opened)
        return episodes.begin(self.session, client_id, event, around).record

    @writes("care")
    def record_event(
        self,
        episode_id: str,
        event: Event,
        around: ValidationContext,
        *,
        supersedes: str | None = None,
        after: int | None = None,
    ) -> Episode:
        """Keep an event, or a correction of the entry `supersedes`; return the episode with it.

        `after` is `Episode.last_seq` as the caller knows it. The client's year of birth is the
        store's, not that of `around`.

        Raises:
            EpisodeChanged: If there is a newer entry.
            UnfitEvent: If the episode cannot take the event.
            EpisodeOpen: If a withdrawn end would leave the client in two episodes.
        """
        guarded = episodes.guard_texts(event)
        before = episodes.read(self.session, episode_id)
        if after is not None and after != before.episode.last_seq:
            raise EpisodeChanged
        _refuse_less_than_safety(before.episode, guarded, supersedes)
        told = episodes.add_event(self.session, before, guarded, around, supersedes)
        if before.episode.died or told.episode.died:
            episodes.share_death(self.session, before, told, around)
            return told.episode
        if told.open and not before.open:
            episodes.refuse_second(self.session, told.record.client_id, besides=episode_id)
        if before.open and not told.open and self.session.row(_DRAFT_OF, episode_id):
            raise UnfitEvent(_HAS_DRAFT)
        return told.episode

    @writes("care")
    def attach_assessment(self, assessment_id: str, episode_id: str) -> None:
        """Let an assessment belong to an open episode of its client; a second time changes nothing.

        One that is confirmed already is measured at once.

        Raises:
            AttachedElsewhere: If it belongs to another one, or is another client's.
            UnfitEvent: If the episode is closed.
        """
        assessments.require_assessment(self.session, assessment_id)
        told = episodes.read(self.session, episode_id)
        if assessments.find_episode_id(self.session, assessment_id) == episode_id:
            return
        ours = assessments.find_person(self.session, assessment_id) == told.record.client_id
        if not ours or assessments.find_episode_id(self.session, assessment_id) is not None:
            raise AttachedElsewhere
        if not told.open:
            raise UnfitEvent(_NOT_OPEN)
        episodes.attach(self.session, assessment_id, episode_id)
        episodes.measure(self.session, assessment_id)

    @reads("read")
    def get(self, episode_id: str) -> tuple[EpisodeRecord, Episode]:
        """Return the episode with an id as its events make it; UnknownRecord if there is none."""
        told = episodes.read(self.session, episode_id)
        return told.record, told.episode

    @reads("read")
    def list_of(self, client_id: str) -> list[tuple[EpisodeRecord, Episode]]:
        """Return all episodes of a client, the newest first."""
        return [
            (told.record, told.episode) for told in episodes.list_of_person(self.session, client_id)
        ]

    @reads("read")
    def find_open(self, client_id: str) -> tuple[EpisodeRecord, Episode] | None:
        """Return the episode that a client is in, or None.

        Where two codes of one person were joined there may be two: the older one goes on.
        """
        told = episodes.find_open(self.session, client_id)
        return (told.record, told.episode) if told else None

    @reads("read")
    def find_of_assessment(self, assessment_id: str) -> tuple[EpisodeRecord, Episode] | None:
        """Return the episode that an assessment belongs to, or None.

        Raises UnknownRecord if there is no such assessment.
        """
        assessments.require_assessment(self.session, assessment_id)
        episode_id = assessments.find_episode_id(self.session, assessment_id)
        told = episodes.read(self.session, episode_id) if episode_id else None
        return (told.record, told.episode) if told else None

    @reads("read")
    def find_death(self, client_id: str) -> date | None:
        """Return the day on which a client died by an episode of care; None for the living."""
        days = [told.episode.died for told in episodes.list_of_person(self.session, client_id)]
        return max((day for day in days if day is not None), default=None)


def _refuse_less_than_safety(episode: Episode, event: Event, supersedes: str | None) -> None:
    """Raise UnfitEvent where the contact of a safety step would go while nothing has met it.

    It is taken back with the step, not beside it: the step would stand as done without a contact.
    """
    from stepping.episode.contacts import is_met
    from stepping.episode.events import NextContact

    events = episode.events
    old = next((entry.event for entry in episode.entries if entry.id == supersedes), None)
    if not (isinstance(old, NextContact) and old.safety) or is_met(old, events):
        return
    if episode.closed is None and getattr(event, "safety", None) != old.safety:
        raise UnfitEvent(_SAFETY_ASKS)
