"""Putting right: a client's card, two codes of one person, an assessment of the wrong client."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from casework.assessment import fits
from casework.language import LANGUAGES, N_, Speech, born
from casework.workspace import Workspace
from screens.assessment.client_card import LABELS, OLDEST, SEXES, municipality_words
from screens.base.entry import Entry
from screens.base.form import Field, FormScreen, Misread, Pick, Text, Value, Values
from screens.base.keys import Caption, KeyBinding, Shown, hidden
from screens.base.lines import Line, bold, paragraph, plain
from screens.base.municipality_picker import municipalities
from screens.base.page import Page
from screens.base.prompt import PromptScreen
from stepping.pathway.model import Pathway
from store.codes import parse, show
from store.errors import BornLater, CardChanged, MistypedCode, RefusedText
from store.records import Assessment, Client
from store.retention.retention import Transfer
from store.times import local_time

WHY = N_("A few words, without names or contact details.")
YEAR_ASKED = N_("A year of birth from {first} to {last}, please.")
_OTHER = "other"
_CARD = 20
"""Cells of a label on a card."""


@dataclass(frozen=True)
class Year(Field):
    """A year of birth; left empty it is not known."""

    def read(self, typed: str, today: date) -> Value:
        """Return the year; raises Misread."""
        if not typed:
            return None
        first = today.year - OLDEST
        if not re.fullmatch(r"\d{4}", typed) or not first <= int(typed) <= today.year:
            raise Misread(YEAR_ASKED, first=first, last=today.year)
        return int(typed)

    @property
    def entry(self) -> Entry:
        """Digits."""
        return Entry(longest=4)


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
            Year("birth_year", LABELS["birth_year"], False, str(client.birth_year or "")),
            Pick("sex", LABELS["sex"], False, client.sex or "", _said(SEXES, t)),
            Pick("language", LABELS["language"], True, client.language, tuple(LANGUAGES.items())),
            Pick(
                "municipality", LABELS["municipality"], True, client.municipality or _OTHER, places
            ),
            Text("why", N_("Why it is put right"), explanation=WHY),
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
        read = {each.name: each.read(self._typed[each.name], self._today) for each in self._fields}
        return self._client.model_copy(update=_card_of(read))

    def _put_right(self, values: Values) -> str | None:
        client, card = self._client, self._as_typed()
        if not any(differences(self.workspace, client, card)):
            return self.t("Nothing is different from the old card.")
        try:
            self.workspace.store.corrections.correct_card(
                client.id,
                birth_year=card.birth_year,
                sex=card.sex,
                language=card.language,
                municipality=card.municipality,
                why=str(values["why"]),
                after=client.card,
            )
        except (BornLater, RefusedText, CardChanged) as error:
            return self.t(error.what, **error.values)
        return None


def _card_of(values: Values) -> dict[str, object]:
    """What the card says by what was typed."""
    place = values["municipality"]
    return {
        "birth_year": values["birth_year"],
        "sex": values["sex"],
        "language": values["language"],
        "municipality": None if place == _OTHER else place,
    }


def _said(words: Mapping[str, str], t: Speech) -> list[tuple[str, str]]:
    return [(id_, t(label)) for id_, label in words.items()]


def card_words(workspace: Workspace, client: Client) -> dict[str, str]:
    """Say each thing on a client's card, by its label."""
    t = workspace.t
    return {
        t(LABELS["birth_year"]): t("not known yet")
        if client.birth_year is None
        else str(client.birth_year),
        t("Sex"): t(SEXES[client.sex]).partition(":")[0] if client.sex else t("not told"),
        t("Language"): LANGUAGES.get(client.language, client.language),
        t(LABELS["municipality"]): municipality_words(workspace, client.municipality),
    }


def differences(workspace: Workspace, one: Client, other: Client) -> Iterator[tuple[str, str, str]]:
    """Return the label and both words of each thing in which two cards differ."""
    words = card_words(workspace, other)
    for label, was in card_words(workspace, one).items():
        if words[label] != was:
            yield label, was, words[label]


def _rows(changes: Sequence[tuple[str, str, str]], width: int) -> list[Line]:
    """Each change with the old and the new side by side."""
    return [
        row
        for label, old, new in changes
        for row in paragraph(f"{label:<{_CARD}} {old} → {new}", width, indent=2, hanging=_CARD)
    ]


# -- what there is to put right ------------------------------------------------------------------

What = Literal["card", "join", "part", "assessment"]


class PutRightScreen(Page[What | None]):
    """Lists what can be put right of a client."""

    def __init__(self, workspace: Workspace, client: Client, *, assessments: bool) -> None:
        super().__init__(workspace)
        self._client = client
        self._kinds: dict[str, tuple[What, str]] = {
            "k": ("card", self.t("the card: what is wrong on it"))
        }
        self._kinds["y"] = ("join", self.t("another code of the same person"))
        if client.also:
            self._kinds["e"] = ("part", self.t("a code that is another person after all"))
        if assessments:
            self._kinds["a"] = ("assessment", self.t("an assessment of the wrong client"))

    def top(self) -> tuple[str, str]:
        """Name the screen and the client."""
        return self.t("Put right"), show(self._client.code)

    def body(self, width: int) -> list[Line]:
        """List the kinds with their keys, and what the card says now."""
        lines: list[Line] = [()]
        lines += [plain(f"  {key}  {label}") for key, (_, label) in self._kinds.items()]
        lines += [(), bold(self.t("The card as it is now"))]
        words = card_words(self.workspace, self._client).items()
        lines += [plain(f"  {label:<{_CARD + 4}} {said}") for label, said in words]
        for code in self._client.also:
            lines.append(plain(f"  {self.t('Found by this code too:')} {show(code)}"))
        return lines

    def key_list(self) -> Shown:
        """A letter chooses."""
        return [
            Caption(self.t("letter"), self.t("choose")),
            *(hidden(key, partial(self.leave, kind[0])) for key, kind in self._kinds.items()),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]


def code_screen(workspace: Workspace, client: Client, title: str) -> PromptScreen:
    """Ask for the code of another client."""

    def check(typed: str) -> str | None:
        try:
            code = parse(typed)
        except MistypedCode as error:
            return workspace.t(error.what, **error.values)
        if code in (client.code, *client.also):
            return workspace.t("This is a code of the same client.")
        return None

    return PromptScreen(
        workspace, title, workspace.t("Type the code of the other client."), check=check, longest=9
    )


class CompareScreen(Page[str | None]):
    """Shows two clients side by side; a key and a reason do what the page says.

    Returns the reason when it is stored, or nothing.
    """

    def __init__(
        self,
        workspace: Workspace,
        title: str,
        both: tuple[Client, Client],
        told: Sequence[str],
        command: tuple[str, str],
        keep: Callable[[str], object],
    ) -> None:
        super().__init__(workspace)
        self._title = title
        self._both = both
        self._told = told
        self._deed = command
        self._keep = keep

    def top(self) -> tuple[str, str]:
        """Name what is to be done."""
        return self._title, ""

    def body(self, width: int) -> list[Line]:
        """Draw both cards, mark where they differ, and say what comes of it."""
        one, other = self._both
        half = (width - _CARD - 6) // 2
        heads = [show(each.code) for each in self._both]
        lines: list[Line] = [(), bold(f"{'':{_CARD + 4}} {heads[0]:<{half}} {heads[1]}")]
        words = zip(
            card_words(self.workspace, one).items(),
            card_words(self.workspace, other).values(),
            strict=True,
        )
        for (label, mine), theirs in words:
            mark = "≠" if mine != theirs else " "
            row = f"{mark} {label:<{_CARD + 2}} {mine[: half - 1]:<{half}} {theirs[:half]}"
            lines.append(plain(row, "bold" if mine != theirs else "normal"))
        for sentence in self._told:
            lines += [(), *paragraph(sentence, width)]
        return lines

    def key_list(self) -> Shown:
        """A letter goes on to the reason; Esc goes back."""
        key, label = self._deed
        return [
            KeyBinding(key, key, label, self._ask_why),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    async def _ask_why(self) -> None:
        prompt = PromptScreen(
            self.workspace, self._deed[1].capitalize(), self.t(WHY), keep=self._keep
        )
        if why := await self.ask(prompt):
            self.leave(why)


def join_screen(workspace: Workspace, client: Client, other: Client) -> CompareScreen:
    """Show two codes of one person, and what joining them does."""
    t, store = workspace.t, workspace.store
    told = [
        t(
            "{code} stands, and its card counts. {other} finds the client too.",
            code=show(client.code),
            other=show(other.code),
        ),
        t("All assessments, episodes and open safety stops are those of one person then."),
    ]
    if client.birth_year != other.birth_year:
        told.insert(0, t("! The years of birth differ. Make sure that it is one person."))
    if store.episodes.find_open(client.id) and store.episodes.find_open(other.id):
        told.append(t("Both are in an episode of care. The older goes on; end the younger one."))
    title, key = t("Two codes of one person?"), ("j", t("join the two codes"))
    keep = partial(store.corrections.join_clients, client.id, other.id)
    return CompareScreen(workspace, title, (client, other), told, key, keep)


def part_screen(workspace: Workspace, client: Client, code: str) -> PromptScreen:
    """Ask why two codes are two people after all."""
    return PromptScreen(
        workspace,
        workspace.t("Take {code} out again", code=show(code)),
        workspace.t(
            "What was begun under {code} goes with it; what was begun since stays here. "
            "Say why they are two people.",
            code=show(code),
        ),
        keep=partial(workspace.store.corrections.part_clients, client.id, code),
    )


# -- an assessment ----------------------------------------------------------------------

Deed = Literal["mark", "move", "back", "end"]


class AssessmentScreen(Page[Deed | None]):
    """One assessment of a client: what hangs on it, and what can be put right of it."""

    def __init__(
        self, workspace: Workspace, client: Client, assessment: Assessment, taken: Transfer | None
    ) -> None:
        super().__init__(workspace)
        self._client = client
        self._assessment = assessment
        self._taken = taken

    def top(self) -> tuple[str, str]:
        """Name the assessment and the client."""
        return self.t("Assessment {number}", number=self._assessment.seq), show(self._client.code)

    def body(self, width: int) -> list[Line]:
        """Say what it is, and what a mark or a move does."""
        each = self._assessment
        began = f"{local_time(each.started_at):%Y-%m-%d %H:%M}"
        lines: list[Line] = [(), bold(f"{began}   {each.started_by}   {each.pathway_id}")]
        told = [
            self.t("Marked as of the wrong client, it can be read and counts nowhere.")
            if not each.wrong_client
            else self.t("It is marked as of the wrong client: it can be read and counts nowhere."),
            self.t(
                "Moved, it counts for the other client. Answers, safety steps, decision, "
                "measurement and what was agreed by it go along."
            ),
        ]
        if each.state == "draft":
            told.append(self.t("A safety stop that is open in it goes with it."))
        if self._taken is not None:
            told.append(
                self.t(
                    "! Its note was taken to a patient record on {day}. Put it right there too.",
                    day=f"{local_time(self._taken.at):%Y-%m-%d}",
                )
            )
        for sentence in told:
            lines += [(), *paragraph(sentence, width)]
        return lines

    def key_list(self) -> Shown:
        """Mark, move, take the mark back, or end a draft that is nobody's."""
        marked = self._assessment.wrong_client
        mark = KeyBinding("m", "m", self.t("mark as wrong client"), partial(self.leave, "mark"))
        back = KeyBinding("t", "t", self.t("take the mark back"), partial(self.leave, "back"))
        end = KeyBinding("x", "x", self.t("end without a step"), partial(self.leave, "end"))
        return [
            back if marked else mark,
            KeyBinding("v", "v", self.t("move to the right client"), partial(self.leave, "move")),
            *([end] if marked and self._assessment.state == "draft" else []),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]


def move_screen(
    workspace: Workspace,
    assessment: Assessment,
    both: tuple[Client, Client],
    pathway: Pathway | None,
    keep: Callable[[str], object],
) -> CompareScreen:
    """Show whose an assessment is and whose it is to be, and what that does to it."""
    t, other = workspace.t, both[1]
    told = [t("It counts for {code} from then on, and no more here.", code=show(other.code))]
    if (both[0].birth_year, both[0].sex) != (other.birth_year, other.sex):
        told.append(
            t("Its step was confirmed on the other card and stays as it was.")
            if assessment.state == "confirmed"
            else t("Age or sex differ: what it suggests is worked out anew on this card.")
        )
    if assessment.state == "draft" and pathway and not fits(pathway, other, workspace.today):
        told.append(misfit_words(workspace, pathway))
    title, key = t("Move to the right client?"), ("v", t("move it to the right client"))
    return CompareScreen(workspace, title, both, told, key, keep)


def misfit_words(workspace: Workspace, pathway: Pathway) -> str:
    """Say that a draft goes by a pathway for other ages."""
    ages = pathway.header.ages
    return workspace.t(
        "The pathway of this draft is for ages {low}–{high}, which the card does not fit.",
        low=ages.from_,
        high=ages.to,
    )


class MisfitScreen(Page[Literal["new", "on"] | None]):
    """Tells that a draft's pathway does not fit the client's age, and offers the right one."""

    def __init__(self, workspace: Workspace, client: Client, pathway: Pathway) -> None:
        super().__init__(workspace)
        self._client = client
        self._pathway = pathway

    def top(self) -> tuple[str, str]:
        """Name the screen and the client."""
        return self.t("The card has changed"), show(self._client.code)

    def body(self, width: int) -> list[Line]:
        """Say what does not fit, and what stays."""
        told = (
            misfit_words(self.workspace, self._pathway),
            self.t("Begin a new assessment: it goes by the pathway for the client's age."),
            self.t("The draft is kept with its answers, and a safety stop in it stays open."),
        )
        year = born(self._client.birth_year, self.t)
        lines: list[Line] = [(), bold(f"{show(self._client.code)}   {year}")]
        for sentence in told:
            lines += [(), *paragraph(sentence, width)]
        return lines

    def key_list(self) -> Shown:
        """A new assessment, or on with the draft."""
        return [
            KeyBinding("n", "n", self.t("new assessment"), partial(self.leave, "new")),
            KeyBinding("g", "g", self.t("go on with the draft"), partial(self.leave, "on")),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]
