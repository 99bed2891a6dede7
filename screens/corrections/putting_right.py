"""Putting right: what there is, and two codes of one person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

from casework.language import N_
from casework.workspace import Workspace
from screens.base.keys import Caption, KeyBinding, Shown, hidden
from screens.base.lines import Line, bold, paragraph, plain
from screens.base.page import Page
from screens.base.prompt import PromptScreen
from screens.forms.fields import NO_NAMES
from screens.wording.client_words import (
    LABEL_WIDTH,
    card_words,
)
from store.codes import parse, show
from store.errors import MistypedCode
from store.records import Client

What = Literal["card", "join", "part", "assessment"]


_JOIN, _JOIN_LETTER = N_("join the two codes"), N_("[j] join the two codes")
"""The deed and, for the catalogues, its letter."""


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
        lines += [plain(f"  {label:<{LABEL_WIDTH + 4}} {said}") for label, said in words]
        for code in self._client.also:
            lines.append(plain(f"  {self.t('Found by this code too:')} {show(code)}"))
        return lines

    def key_list(self) -> Shown:
        """Return the keys: a letter chooses."""
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
        self.kept: object = None
        """What came of storing the reason."""

    def top(self) -> tuple[str, str]:
        """Name what is to be done."""
        return self._title, ""

    def body(self, width: int) -> list[Line]:
        """Draw both cards, mark where they differ, and say what comes of it."""
        one, other = self._both
        half = (width - LABEL_WIDTH - 6) // 2
        heads = [show(each.code) for each in self._both]
        lines: list[Line] = [(), bold(f"{'':{LABEL_WIDTH + 4}} {heads[0]:<{half}} {heads[1]}")]
        words = zip(
            card_words(self.workspace, one).items(),
            card_words(self.workspace, other).values(),
            strict=True,
        )
        for (label, mine), theirs in words:
            mark = "≠" if mine != theirs else " "
            row = f"{mark} {label:<{LABEL_WIDTH + 2}} {mine[: half - 1]:<{half}} {theirs[:half]}"
            lines.append(plain(row, "bold" if mine != theirs else "normal"))
        for sentence in self._told:
            lines += [(), *paragraph(sentence, width)]
        return lines

    def key_list(self) -> Shown:
        """Return the keys: a letter goes on to the reason; Esc goes back."""
        key, label = self._deed
        return [
            KeyBinding(key, key, label, self._ask_why),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    async def _ask_why(self) -> None:
        prompt = PromptScreen(
            self.workspace, self._deed[1].capitalize(), self.t(NO_NAMES), keep=self._keep
        )
        if why := await self.ask(prompt):
            self.kept = prompt.kept
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
    title = t("Two codes of one person?")
    key = t.letter("j", _JOIN), t(_JOIN)
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
