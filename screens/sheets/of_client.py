"""Looks up what a sheet about a client rests on."""

from __future__ import annotations

from casework.workspace import Workspace
from screens.sheets.compose import AGREED, PLAN, Sheet
from stepping.episode.episode import Episode
from store.records import Client


def sheet_of(workspace: Workspace, name: str, language: str, client: Client) -> Sheet:
    """Return a sheet of a client, as the store tells it now.

    Raises:
        StoreError: If the store does not tell.
    """
    plan = workspace.store.safety_plans.find(client.id) if name == PLAN else None
    words = plan.words if plan else {}
    marks = workspace.store.risk_marks.list_of(client.id) if name == AGREED else ()
    safety = [row for mark in marks for row in mark.steps]
    episode = find_episode(workspace, client)
    return Sheet(name, language, client, words=words, safety=safety, episode=episode)


def find_episode(workspace: Workspace, client: Client) -> Episode | None:
    """Return the episode that a client is in, else the last one.

    Raises:
        StoreError: If the store does not tell.
    """
    episodes = workspace.store.episodes
    found = episodes.find_open(client.id) or next(iter(episodes.list_of(client.id)), None)
    return found[1] if found else None
