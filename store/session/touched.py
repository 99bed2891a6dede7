"""What a transaction has written about: the rows of reports are made anew before it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from store.records import EpisodeRecord

Kind = Literal["episodes", "assessments", "clients", "joined"]

WHAT: Mapping[str, Mapping[str, Kind]] = {
    "episodes": {"id": "episodes"},
    "episode_events": {"episode_id": "episodes"},
    "episode_assessments": {"episode_id": "episodes", "assessment_id": "assessments"},
    "decisions": {"assessment_id": "assessments"},
    "closings": {"assessment_id": "assessments"},
    "safety": {"assessment_id": "assessments"},
    "assessment_moves": {"assessment_id": "assessments"},
    "client_corrections": {"client": "clients"},
    "client_units": {"client": "clients"},
    "client_joins": {"client": "joined", "stands": "joined"},
}
"""The tables whose rows change what reports count: what each of their columns names."""


@dataclass
class Touched:
    """The records that a transaction has written about, by their ids."""

    episodes: dict[str, Any] = field(default_factory=dict)
    """Each with the episode as its writer has replayed it, `None` where it has to be read."""
    assessments: set[str] = field(default_factory=set)
    clients: set[str] = field(default_factory=set)
    joined: set[str] = field(default_factory=set)
    """Clients who are another person now than before."""

    def __bool__(self) -> bool:
        return bool(self.episodes or self.assessments or self.clients or self.joined)

    def note(self, table: str, row: Mapping[str, Any]) -> None:
        """Note what a row is about."""
        for column, kind in WHAT.get(table, {}).items():
            if (id_ := row[column]) is None:
                continue
            if kind == "episodes":
                self.episodes[id_] = None
            else:
                getattr(self, kind).add(id_)

    def note_episode(self, record: EpisodeRecord, told: Any) -> None:
        """Note an episode as it is after the entry that was just written."""
        self.episodes[record.id] = told
