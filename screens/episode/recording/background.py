"""What is asked once of an episode: who sent the client and why, and who is responsible."""

from __future__ import annotations

from collections.abc import Mapping

from casework.episode import EpisodeSession
from casework.language import N_
from screens.base.pick import ListItem, PickScreen
from screens.episode.recording.event_form import Asked, Form, simple, titled
from screens.forms.contact_form import list_workers
from screens.forms.fields import Field, Pick
from screens.wording.event_words import responsible_words
from stepping.episode.events import Reason, Referrer, Responsible
from store.codes import show

REFERRED = N_("Who referred the client")
REASON = N_("Reason for contact")
RESPONSIBLE = N_("Responsible worker")
TITLE = N_("How the client came, and who is responsible")
_NOT_TOLD = N_("not told")


def _referrer(asked: Asked) -> list[Field]:
    """Ask who sent the client, with what is known already chosen."""
    known = asked.was("referrer") or asked.care.episode.referrer or ""
    return [Pick("referrer", REFERRED, True, known, list(asked.names.referrers().items()))]


def _reason(asked: Asked) -> list[Field]:
    """Ask why the client came, with what is known already chosen."""
    known = asked.was("reason") or next(iter(asked.care.episode.reasons), "")
    return [Pick("reason", REASON, True, known, list(asked.names.reasons().items()))]


def _responsible(asked: Asked) -> list[Field]:
    """Ask who is responsible, with whoever fills in the form already chosen."""
    workspace, old = asked.care.workspace, asked.old
    who = asked.was("who") if old else workspace.store.handle
    role = asked.was("role") if old else asked.care.own_role or ""
    people = [(code, code) for code in list_workers(workspace)]
    roles = list(asked.names.professions(role).items())
    return [
        Pick("who", RESPONSIBLE, False, who, people),
        Pick("role", N_("Profession"), True, role, roles),
    ]


BACKGROUND: Mapping[str, Form] = {
    "referrer": Form(titled(REFERRED), _referrer, simple(Referrer), from_first=True),
    "reason": Form(titled(REASON), _reason, simple(Reason), from_first=True),
    "responsible": Form(titled(RESPONSIBLE), _responsible, simple(Responsible), from_first=True),
}
"""How each is asked for, in the order of the list."""


def background_screen(care: EpisodeSession) -> PickScreen:
    """List what is known of how the client came and of who is responsible, to tell it anew."""
    workspace, episode, names = care.workspace, care.episode, care.names.care
    t, responsible = workspace.t, care.episode.responsible
    known = {
        "referrer": names.referrer(episode.referrer),
        "reason": names.list_reasons(episode.reasons),
        "responsible": responsible_words(responsible, names) if responsible else "",
    }
    rows = [
        ListItem(form.title(workspace), known[kind] or t(_NOT_TOLD))
        for kind, form in BACKGROUND.items()
    ]
    return PickScreen(workspace, (t(TITLE), show(care.client.code)), rows)
