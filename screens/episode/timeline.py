"""The whole path of one client's episode on one page: a picture over time, then what it means.

The picture needs no colour. Every height also stands there as a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from casework.episode import EpisodeSession
from casework.episode_names import EpisodeNames
from casework.language import Speech
from casework.workspace import Workspace
from screens.base.lines import Line, bold, labelled_parts, paragraph, separated, wrap
from screens.base.risk_marks import danger_lines
from screens.episode import columns, stairs
from screens.episode.axis import Axis
from screens.episode.columns import label, plot
from screens.episode.followed import Followed, list_followed
from screens.episode.meaning import gist, meaning
from screens.wording.measure_words import danger_words
from stepping.episode.episode import Episode
from store.codes import show
from store.errors import StoreError

AT_ONCE = 3
"""The totals that are drawn at once; a key shows the others."""
_WIDEST_LABEL = 22


def history(
    episode: Episode,
    told: EpisodeNames,
    today: date,
    t: Speech,
    width: int,
    *,
    eighths: bool = True,
    first: int = 0,
) -> list[Line]:
    """Draw an episode as it stands on a day; each line is at most `width` cells wide.

    `eighths` tells whether there are blocks of each eighth of a cell; `first` is the first of the
    totals that are drawn.
    """
    followed = list_followed(episode, told)[first : first + AT_ONCE]
    danger = danger_words(episode, told.care, t)
    lines = danger_lines([danger] if danger else [], width)
    lines += _picture(episode, followed, told, today, t, width, eighths=eighths)
    return [*lines, *meaning(episode, told, today, t, width)]


def _picture(
    episode: Episode,
    followed: Sequence[Followed],
    told: EpisodeNames,
    today: date,
    t: Speech,
    width: int,
    *,
    eighths: bool,
) -> list[Line]:
    """Draw the totals, the steps, the forms of care and the contacts over the weeks."""
    if not episode.measured and not episode.periods and not followed:
        return []
    needed = max(columns.label_width(followed, t), stairs.label_width(episode, t))
    labels = min(_WIDEST_LABEL, needed)
    axis = Axis.of(episode, today, width - labels)
    return [
        (label(t("week"), labels), (axis.ticks().rstrip(), "normal")),
        *(row for each in followed for row in plot(each, axis, labels, t, eighths=eighths)),
        *stairs.stairs(episode, told, axis, labels, t),
        *stairs.care(episode, told, axis, labels, t),
        *stairs.contacts(episode, axis, labels, t),
    ]


def heading(episode: Episode, today: date, t: Speech) -> str:
    """Say how long an episode has been open, or from when to when it was."""
    if episode.opened is None:
        return t("No episode has been opened.")
    first = t.day(episode.opened.day)
    if episode.closed is not None:
        return t("Episode {first} – {last}", first=first, last=t.day(episode.closed.day))
    days = (today - episode.opened.day).days
    if not days:
        return t("Episode, opened today")
    return t.many("Episode, open for {count} day", "Episode, open for {count} days", days)


class EpisodeBeside:
    """Draws beside a list the episode of whoever is pointed at; what was read stays as it is.

    That an episode was looked at is logged the first time that it is drawn. What a page of the
    client's says of it in a row is part of that page, which is logged as a whole.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[str, EpisodeSession | str] = {}
        """The newest episode of a client by the client's id, or why there is none to draw."""
        self._logged: set[str] = set()
        """Of whom it is logged that the episode was looked at."""

    def lines(self, client_id: str, width: int, *, eighths: bool) -> list[Line]:
        """Return a client's episode as lines; never raises, as nothing rests on it."""
        care = self._of(client_id)
        if not isinstance(care, str):
            care = self._logged_look(care)
        if isinstance(care, str):
            return paragraph(care, width)
        t, today = self._workspace.t, self._workspace.today
        head = f"{show(care.client.code)} · {heading(care.episode, today, t)}"
        path = history(care.episode, care.names, today, t, width, eighths=eighths)
        return [*(bold(row) for row in wrap(head, width)), *path]

    def gist(self, client_id: str, width: int) -> list[Line]:
        """Return in a row or two where a client's open episode stands."""
        care = self._of(client_id)
        if isinstance(care, str):
            return []
        t, today = self._workspace.t, self._workspace.today
        parts = gist(care.episode, care.names, today, t)
        return labelled_parts(t("Care"), separated(parts), width) if parts else []

    def _of(self, client_id: str) -> EpisodeSession | str:
        if client_id not in self._known:
            self._known[client_id] = self._look_up(client_id)
        return self._known[client_id]

    def _look_up(self, client_id: str) -> EpisodeSession | str:
        workspace, store = self._workspace, self._workspace.store
        try:
            found = store.episodes.find_open(client_id)
            found = found or next(iter(store.episodes.list_of(client_id)), None)
            if found is None:
                return workspace.t("No episode of care yet")
            return EpisodeSession.of(workspace, store.clients.get(client_id), *found)
        except StoreError:
            return workspace.t("The episode cannot be read now.")

    def _logged_look(self, care: EpisodeSession) -> EpisodeSession | str:
        """Return an episode once it is logged that it is looked at, else why it is not drawn."""
        if care.id not in self._logged:
            try:
                self._workspace.store.audit_log.log_view(care.id)
            except StoreError:
                return self._workspace.t("The episode cannot be read now.")
            self._logged.add(care.id)
        return care
