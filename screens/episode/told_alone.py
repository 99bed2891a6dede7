"""The client alone at the keyboard, telling how the care was: a rating and words, then the lock."""

from __future__ import annotations

from dataclasses import replace

from casework.episode import EpisodeSession
from casework.language import N_, Speech, speech_for
from screens.alone.client_lock import CalledScreen, Unlocks
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.base.lock import Tries
from screens.base.pick import ListItem, PickScreen
from screens.forms.fields import NO_NAMES, Field, Number, Text, Values
from screens.forms.form import REFUSALS, FormScreen
from screens.wording.event_words import EXPERIENCE_LABELS
from stepping.episode.events import Experience
from stepping.pathway.model import Pathway
from store.codes import show
from store.errors import StoreError

HANDED_BACK = (
    N_("the client has answered, or calls you and does not take that back."),
    N_("Then the screen locks and the terminal rings for you."),
)
"""When the nurse gets the keyboard back, as the page before it says."""
_ABOUT = N_(
    "You answer alone. Leave empty what you do not want to answer. The nurse reads what you write, "
    "and it goes into your record."
)
_ENDS = N_("0 is not at all satisfied, 10 is very satisfied.")
"""What both ends of the rating mean."""
_MUST_ANSWER = frozenset({"satisfaction", *EXPERIENCE_LABELS})


def whole_or_treatment(care: EpisodeSession) -> list[str | None]:
    """Return what a client may tell of: the care as a whole, then the treatments, newest first."""
    return [None, *(period.id for period in reversed(care.episode.periods))]


def which_care_screen(care: EpisodeSession) -> PickScreen:
    """Ask the nurse of which care the client is to tell."""
    t, names = care.workspace.t, care.names
    whole = ListItem(t("the care as a whole"), "")
    rows = [
        ListItem(names.intervention(period.started.intervention), t.day(period.started.day))
        for period in reversed(care.episode.periods)
    ]
    title = t("What is the client to tell of?"), show(care.client.code)
    return PickScreen(care.workspace, title, [whole, *rows])


class CareAloneScreen(FormScreen):
    """Asks the client how the care was; it is left only for the lock.

    `taken_back` tells afterwards whether the nurse, called by the client, has unlocked already, and
    `error` what could not be stored, for the nurse to read.
    """

    def __init__(
        self,
        care: EpisodeSession,
        period: str | None,
        pathway: Pathway,
        unlocks: Unlocks,
        tries: Tries,
    ) -> None:
        self._care = care
        self._period = period
        self._pathway = pathway
        self._unlocks = unlocks
        self._tries = tries
        self.language = care.client.language
        """The language that the client reads."""
        self.taken_back = False
        self.error: StoreError | None = None
        t = speech_for(self.language, care.workspace.language)
        title = t("How was the care?"), ""
        super().__init__(
            care.workspace,
            title,
            lambda _: _asked(),
            self._store_it,
            note=t(_ABOUT),
            from_first=True,
        )

    @property
    def t(self) -> Speech:
        """The sentences in the client's language."""
        return speech_for(self.language, self.workspace.language)

    @property
    def traits(self) -> Traits:
        """Nothing of the nurse's is within reach."""
        return replace(super().traits, offers_emergency=False, offers_help=False)

    def key_list(self) -> Shown:
        """Answer, move, and call the nurse; nothing leads back into the program."""
        keys = [key for key in super().key_list() if getattr(key, "keys", "") != "escape"]
        return [*keys, KeyBinding("f10", "F10", self.t("I want the nurse"), self._call, calls=True)]

    async def _call(self) -> None:
        """Call the nurse; the client goes on until the nurse has unlocked."""
        lock = CalledScreen(
            self.workspace, self._pathway, self.language, self._unlocks, self._tries
        )
        if await self.ask(lock):
            self.taken_back = True
            self.leave(False)

    def fail(self, error: StoreError) -> None:
        """Leave with a failure: it is for the nurse, not for the client."""
        self.error = error
        self.leave(False)

    def _store_it(self, values: Values) -> str | None:
        """Store what the client has told, if anything; say in the client's language what is not."""
        told = {name: value for name, value in values.items() if value is not None}
        if not _MUST_ANSWER & told.keys():
            return None
        today = self.workspace.today
        event = Experience.model_validate(
            {**told, "day": today, "period": self._period, "alone": True}
        )
        try:
            self._care.record_event(event)
        except REFUSALS as error:
            return self.t(error.what, **error.values)
        return None


def _asked() -> list[Field]:
    rating = Number("satisfaction", N_("How satisfied are you, 0–10"), False, explanation=_ENDS)
    words = (
        Text(name, label, needed=False, explanation=NO_NAMES)
        for name, label in EXPERIENCE_LABELS.items()
    )
    return [rating, *words]
