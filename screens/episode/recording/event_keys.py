"""The letters under which what happens in an episode is recorded, by the language shown."""

from __future__ import annotations

from collections.abc import Mapping

from casework.episode import EpisodeSession
from casework.language import N_, Speech

TRACKS_KIND = "tracks"
"""What is recorded beside the steps has a screen of its own."""
BACKGROUND_KIND = "background"
"""What is asked once has a list of its own."""
_KEYS: Mapping[str, str] = {
    "period_started": N_("[t] A treatment begins"),
    "contact": N_("[c] A contact"),
    "measure": N_("[f] Points of a questionnaire"),
    "missed": N_("[o] A contact that did not take place"),
    "period_ended": N_("[x] A treatment ends"),
    "next_contact": N_("[n] The next contact"),
    "need_established": N_("[d] The need for treatment is established"),
    "paused": N_("[p] The clock is paused"),
    "resumed": N_("[r] The clock goes on"),
    "voice": N_("[g] What the client wants"),
    "agreement": N_("[a] Agreement with the step"),
    "segment": N_("[s] Client group"),
    BACKGROUND_KIND: N_("[w] How the client came, and who is responsible"),
    TRACKS_KIND: N_("[k] Beside the steps of care"),
    "experience": N_("[v] What the client says at the end"),
    "closed": N_("[z] The episode ends"),
    "died": N_("[m] The client has died"),
}
"""The key of each kind before what it is called; `e` is the emergency card."""


def key_of(kind: str, t: Speech) -> str:
    """Return the letter of a kind of event in the language shown."""
    key = _KEYS[kind]
    return t.letter(key[1], key[4:])


def record_key(t: Speech) -> str:
    """Return the letter that lists what may be recorded."""
    return t.letter("r", "record")


def entries_key(t: Speech) -> str:
    """Return the letter that lists the entries."""
    return t.letter("c", "entries, correct")


def alone_key(t: Speech) -> str:
    """Return the letter that hands the keyboard to the client."""
    return t.letter("l", "the client tells alone")


def possible(care: EpisodeSession) -> dict[str, str]:
    """Return what may be recorded now, by key."""
    t = care.workspace.t
    return {key_of(kind, t): kind for kind in _KEYS if care.episode.may_take(kind)}
