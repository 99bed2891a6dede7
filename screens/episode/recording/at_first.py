"""What is asked once, as the first step of an episode is confirmed: how the client came."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from casework.episode import EpisodeSession
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.episode.recording.background import BACKGROUND, TITLE
from screens.episode.recording.event_form import Asked
from screens.episode.recording.event_keys import BACKGROUND_KIND, key_of, record_key
from screens.forms.fields import Field, Values
from screens.forms.form import FormScreen, describe_refusal
from stepping.episode.events import Event, Reason, Referrer, Responsible
from store.codes import show
from store.errors import EpisodeChanged, StoreError


class AtFirstScreen(FormScreen):
    """Asks once what the episode does not tell; each field may be left, and one key skips all.

    A skip is no fact and is not stored: it is asked at the first confirmation and never again.
    """

    def __init__(self, care: EpisodeSession) -> None:
        workspace, t = care.workspace, care.workspace.t
        note = t(
            "This is asked once and may be skipped. It can be told later on the page of the "
            "episode: {record}, then {key}.",
            record=record_key(t),
            key=key_of(BACKGROUND_KIND, t),
        )
        title = t(TITLE), show(care.client.code)
        known = _fields(care)
        keep = partial(_keep, care)
        super().__init__(workspace, title, lambda _: known, keep, note=note, from_first=True)
        self.message = t("The step is confirmed and stored.")

    @property
    def traits(self) -> Traits:
        """As any form; a key still held down from the confirmation does nothing on it."""
        return Traits(
            weighs=super().traits.weighs,
            debounce_factor=10,
            reads_changes=True,
            least_width=super().traits.least_width,
        )

    @property
    def is_begun(self) -> bool:
        """Whether something else stands in a field than stood there at first."""
        return any(self._typed[each.name] != each.typed for each in self._fields)

    def key_list(self) -> Shown:
        """As any form, but Esc skips it."""
        skip = KeyBinding("escape", "Esc", self.t("skip"), partial(self.leave, False))
        return [skip if "escape" in getattr(k, "keys", "") else k for k in super().key_list()]


def is_asked(care: EpisodeSession) -> bool:
    """Return whether the first confirmation of an episode left untold how the client came."""
    told = care.episode
    return len(told.measured) == 1 and (told.referrer is None or not told.reasons)


def _fields(care: EpisodeSession) -> list[Field]:
    """Return the fields of what is not told yet: nobody takes over a client by Enter alone."""
    asked, told = Asked(care), care.episode
    wanted = {
        "referrer": told.referrer is None,
        "reason": not told.reasons,
        "responsible": not _is_of_another(care),
    }
    found = [
        field for kind, form in BACKGROUND.items() if wanted[kind] for field in form.fields(asked)
    ]
    return [_may_be_left(field) for field in found]


def _is_of_another(care: EpisodeSession) -> bool:
    """Return whether another worker is responsible already."""
    known = care.episode.responsible
    return known is not None and known.who not in {None, care.workspace.store.handle}


def _may_be_left(field: Field) -> Field:
    return replace(field, needed=False)


def _keep(care: EpisodeSession, values: Values) -> str | None:
    """Store what was told, all of it or nothing; return why it is refused, if it is."""
    events = _events(care, values)

    def record() -> None:
        before = care.episode
        try:
            with care.workspace.store.writing():
                for event in events:
                    care.record_event(event)
        except StoreError as error:
            care.episode = before  # nothing of it is stored
            if isinstance(error, EpisodeChanged):  # Enter again tells it after what has changed
                care.episode = care.workspace.store.episodes.get(care.id)[1]
            raise

    return describe_refusal(care.workspace, record)


def _events(care: EpisodeSession, values: Values) -> list[Event]:
    """Return the events that the fields tell of: nothing of what was left, or known already."""
    day, told, found = care.workspace.today, care.episode, list[Event]()
    if (referrer := values.get("referrer")) and referrer != told.referrer:
        found.append(Referrer(day=day, referrer=str(referrer)))
    if (reason := values.get("reason")) and reason not in told.reasons:
        found.append(Reason(day=day, reason=str(reason)))
    who, role = values.get("who"), values.get("role")
    known = told.responsible
    changed = known is None or (who, role) != (known.who, known.role)
    if (who or role) and changed and not _is_of_another(care):
        found.append(
            Responsible(day=day, who=str(who) if who else None, role=str(role) if role else None)
        )
    return found
