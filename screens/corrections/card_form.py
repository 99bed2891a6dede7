"""The form on which a client's card is put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from casework.language import LANGUAGES, N_
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.forms.client_fields import YearOfBirth
from screens.forms.fields import NO_NAMES, Field, Pick, Text, Values, options
from screens.forms.form import FormScreen, describe_refusal
from screens.forms.municipality_picker import municipalities
from screens.wording.client_words import (
    LABEL_WIDTH,
    LABELS,
    SEXES,
    differences,
)
from store.codes import show
from store.errors import BornLater, CardChanged, RefusedText
from store.records import Client

_OTHER = "other"


class CardForm(FormScreen):
    """Asks the card anew, and shows what is old and what is new before it is stored."""

    def __init__(self, workspace: Workspace, client: Client) -> None:
        self._client = client
        title = workspace.t("Put the card right"), show(client.code)
        note = workspace.t("The old card stays in the store. An empty year of birth is not known.")
        super().__init__(workspace, title, self._card, self._put_right, note=note, from_first=True)

    def _card(self, _: Mapping[str, str]) -> Sequence[Field]:
        client, t = self._client, self.workspace.t
        places = [*municipalities(self.workspace), (_OTHER, t("another municipality"))]
        return (
            YearOfBirth("birth_year", LABELS["birth_year"], False, str(client.birth_year or "")),
            Pick("sex", LABELS["sex"], False, client.sex or "", options(SEXES, t)),
            Pick("language", LABELS["language"], True, client.language, tuple(LANGUAGES.items())),
            Pick(
                "municipality", LABELS["municipality"], True, client.municipality or _OTHER, places
            ),
            Text("why", N_("Why it is put right"), explanation=NO_NAMES),
        )

    def body(self, width: int) -> list[Line]:
        """Draw the form, and at its end what changes."""
        lines = super().body(width)
        if self._field is not None:
            return lines
        changes = list(differences(self.workspace, self._client, self._as_typed()))
        if not changes:
            return [*lines, (), bold(self.t("Nothing is different from the old card."))]
        return [*lines, (), bold(self.t("Old and new:")), *_rows(changes, width)]

    def _as_typed(self) -> Client:
        read = {
            each.name: each.read(self._typed[each.name], self._today, self.t)
            for each in self._fields
        }
        return self._client.model_copy(update=_card_of(read))

    def _put_right(self, values: Values) -> str | None:
        client, card = self._client, self._as_typed()
        if not any(differences(self.workspace, client, card)):
            return self.t("Nothing is different from the old card.")
        change = partial(
            self.workspace.store.corrections.correct_card,
            client.id,
            birth_year=card.birth_year,
            sex=card.sex,
            language=card.language,
            municipality=card.municipality,
            why=str(values["why"]),
            after=client.card,
        )
        return describe_refusal(self.workspace, change, (BornLater, RefusedText, CardChanged))


class DraftCard(CardForm):
    """The card of a draft under way, from its first question; what changes is a correction."""

    def top(self) -> tuple[str, str]:
        """Name the card and the client."""
        return self.t("Client card"), show(self._client.code)

    def body(self, width: int) -> list[Line]:
        """Draw the card, and say that the draft waits behind it."""
        told = self.t("The draft is stored. Esc goes back to its questions.")
        return [*super().body(width), *paragraph(told, width)]

    def key_list(self) -> Shown:
        """Go back to the questions, or put right what is wrong."""
        own = (each for each in super().key_list() if each.caption != "Esc")
        label = self.t("back to the questions")
        return [*own, KeyBinding("escape,right", "Esc", label, partial(self.leave, False))]


def _card_of(values: Values) -> dict[str, object]:
    """Return what the card says by what was typed."""
    place = values["municipality"]
    return {
        "birth_year": values["birth_year"],
        "sex": values["sex"],
        "language": values["language"],
        "municipality": None if place == _OTHER else place,
    }


def _rows(changes: Sequence[tuple[str, str, str]], width: int) -> list[Line]:
    """Each change with the old and the new side by side."""
    return [
        row
        for label, old, new in changes
        for row in paragraph(
            f"{label:<{LABEL_WIDTH}} {old} → {new}", width, indent=2, hanging=LABEL_WIDTH
        )
    ]
