"""The names of tracks, places, roles and deadlines in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stepping.pathway.care.schema import CareRules
from stepping.pathway.schema import LocalizedText


@dataclass(frozen=True)
class CareNames:
    """What `care/` calls its codes; a code that it no longer knows stands for itself."""

    rules: CareRules
    language: str

    def track(self, id_: str) -> str:
        """Return the name of a track, as it stands inside a sentence."""
        track = self.rules.tracks.get(id_)
        return track.name[self.language] if track else id_

    def code(self, id_: str) -> str:
        """Return the procedure code of what is done on a track; nothing where it has none."""
        track = self.rules.tracks.get(id_)
        return (track.code if track else None) or ""

    def about(self, id_: str) -> str:
        """Return what a track is for."""
        track = self.rules.tracks.get(id_)
        return track.about[self.language] if track else ""

    def action(self, track: str, id_: str) -> str:
        """Return what an action is called on its own track; nothing where that says no more."""
        known = self.rules.tracks.get(track)
        action = known.find_action(id_) if known else None
        return action.done.get(self.language, "") if action else ""

    def outcome(self, id_: str | None) -> str:
        """Return what became of a notice."""
        return self._name(self.rules.outcomes, id_)

    def measure(self, id_: str) -> str:
        """Return the name of a questionnaire."""
        known = self.rules.measures.get(id_)
        return known.name[self.language] if known else id_

    def role(self, id_: str | None) -> str:
        """Return the role of a contact person."""
        return self._name(self.rules.roles, id_)

    def referrer(self, id_: str | None) -> str:
        """Return who sent a client."""
        return self._name(self.rules.referrers, id_)

    def channel(self, id_: str | None) -> str:
        """Return how a contact took place."""
        found = self.rules.channels.get(id_ or "")
        return found.name[self.language] if found else id_ or ""

    def reason(self, id_: str | None) -> str:
        """Return why a client came."""
        return self._name(self.rules.reasons, id_)

    def list_reasons(self, ids: Iterable[str]) -> str:
        """Return several reasons for contact in a row."""
        return ", ".join(map(self.reason, ids))

    def not_done(self, id_: str | None) -> str:
        """Return why a safety step was not done."""
        return self._name(self.rules.not_done, id_)

    def deadline(self, id_: str) -> str:
        """Return the name of a legal deadline."""
        return self._name(self.rules.deadlines.names, id_)

    def age_reason(self, code: str) -> str:
        """Return why a client has the time of the young or of the others."""
        young = self.rules.deadlines.young
        texts = {
            "under_23": young.under,
            "may_still_be_22": young.either,
            "at_least_23": young.over,
            "age_unknown": young.unknown,
        }
        return texts[code][self.language]

    def roles(self) -> dict[str, str]:
        """Return every role by its code."""
        return self._names(self.rules.roles)

    def professions(self, told: str = "") -> dict[str, str]:
        """Return the roles that are professions by their codes, and one that was told before."""
        known = self.rules.professions | {told}
        return {id_: name for id_, name in self.roles().items() if id_ in known}

    def referrers(self) -> dict[str, str]:
        """Return every referrer by its code."""
        return self._names(self.rules.referrers)

    def channels(self) -> dict[str, str]:
        """Return every channel of a contact by its code."""
        return {id_: each.name[self.language] for id_, each in self.rules.channels.items()}

    def reasons(self) -> dict[str, str]:
        """Return every reason for contact by its code."""
        return self._names(self.rules.reasons)

    def not_done_reasons(self) -> dict[str, str]:
        """Return every reason for which a safety step was not done, by its code."""
        return self._names(self.rules.not_done)

    def _names(self, names: Mapping[str, LocalizedText]) -> dict[str, str]:
        return {id_: name[self.language] for id_, name in names.items()}

    def _name(self, names: Mapping[str, LocalizedText], id_: str | None) -> str:
        found = names.get(id_ or "")
        return found[self.language] if found else id_ or ""
