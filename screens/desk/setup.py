"""The first run: set up this workplace or open training; later, open the store."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from casework.language import NOT_MARKED, language_after
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.base.page import Page
from screens.forms.entry import Entry
from screens.forms.municipality_picker import PlacePicker
from screens.wording.decision_words import SUPPORTS
from store.errors import shown

HANDLE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"


class WelcomeScreen(Page[Literal["setup", "training", "quit"]]):
    """Asks what this machine is for; nothing is written before the answer.

    `shared` is a folder at or above the store's in which others may write; it is told.
    """

    def __init__(self, workspace: Workspace, shared: Path | None = None) -> None:
        super().__init__(workspace)
        self._shared = shared

    def top(self) -> tuple[str, str]:
        """Name the program."""
        return "Porras", self.t("first run")

    def body(self, width: int) -> list[Line]:
        """Say what Porras is, and the two ways on."""
        return [
            (),
            *[
                bold(row.lstrip())
                for row in [self.t("Stepped-care assessment, one question at a time.")]
            ],
            *paragraph(self.t(SUPPORTS), width),
            *paragraph(self.t(NOT_MARKED), width),
            *self._warning(width),
            (),
            bold("1  " + self.t("Set up this workplace")),
            *paragraph(
                self.t(
                    "Makes an encrypted store on this machine. You choose a passphrase and get "
                    "a recovery code."
                ),
                width,
                indent=3,
            ),
            (),
            bold("2  " + self.t("Open training")),
            *paragraph(
                self.t(
                    "Invented clients in a file of their own. No passphrase. Nothing real "
                    "belongs there."
                ),
                width,
                indent=3,
            ),
        ]

    def _warning(self, width: int) -> list[Line]:
        if self._shared is None:
            return []
        told = self.t(
            "! Other users may write in {path} and could replace the store. Take that right away, "
            "or choose another place (--db).",
            path=shown(self._shared),
        )
        return [(), *paragraph(told, width)]

    def key_list(self) -> Shown:
        """Choose, change the language, or leave."""
        return [
            KeyBinding("1", "1", self.t("set up"), partial(self.leave, "setup")),
            KeyBinding("2", "2", self.t("training"), partial(self.leave, "training")),
            self.bind("l", "language", self._switch),
            KeyBinding("q,escape", "q", self.t("close Porras"), partial(self.leave, "quit")),
        ]

    def _switch(self) -> None:
        self.workspace.language = language_after(self.workspace.language)
        self.draw()


class HandleScreen(Page[str | None]):
    """Asks for the nurse's staff code, which stands beside everything that is recorded."""

    def __init__(self, workspace: Workspace, known: Sequence[str] = ()) -> None:
        super().__init__(workspace)
        self._known = known
        self._entry = Entry(HANDLE_LETTERS, 16)

    def top(self) -> tuple[str, str]:
        """Name what is asked."""
        return self.t("Your staff code"), ""

    def body(self, width: int) -> list[Line]:
        """Explain and show what is typed."""
        explanation = self.t(
            "Two to sixteen letters, digits or dashes that your organisation knows you by. It "
            "stands beside what you record. It is not your name."
        )
        return [(), *paragraph(explanation, width), (), bold(f"  {self._entry.drawn()}")]

    def key_list(self) -> Shown:
        """Take it, or go back."""
        return [
            KeyBinding("enter", "Enter", self.t("take it"), self._take),
            KeyBinding("escape", "Esc", self.t("back"), self.leave),
        ]

    @property
    def field(self) -> Entry:
        """The entry of the staff code."""
        return self._entry

    def _take(self) -> None:
        if len(self._entry.text) < 2 or self._entry.text.startswith("-"):
            self.say(self.t("At least two letters or digits, please."))
        else:
            self.leave(self._entry.text)


class PlaceScreen(Page[str | None]):
    """Asks which municipality this workplace serves first."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._places = PlacePicker(workspace)

    def top(self) -> tuple[str, str]:
        """Name what is asked."""
        return self.t("Where is this workplace?"), ""

    def body(self, width: int) -> list[Line]:
        """List the municipalities that services are known for."""
        told = self.t("Services of this place are listed first.")
        return [(), *paragraph(told, width), (), *self._places.lines(width)]

    def key_list(self) -> Shown:
        """Return the keys: a digit chooses."""
        return [
            *self._places.key_list(self.leave, self.draw),
            KeyBinding("escape", "Esc", self.t("back"), self.leave),
        ]

    @property
    def field(self) -> PlacePicker:
        """The list of municipalities."""
        return self._places


class RecoveryScreen(Page[bool]):
    """Shows the recovery code once; it has to be copied to paper."""

    def __init__(self, workspace: Workspace, code: str) -> None:
        super().__init__(workspace)
        self._code = code

    def top(self) -> tuple[str, str]:
        """Name what is shown."""
        return self.t("Recovery code"), ""

    def body(self, width: int) -> list[Line]:
        """Show the code and say what it is for."""
        return [
            (),
            *paragraph(
                self.t(
                    "If the passphrase is forgotten, only this code opens the store. It is "
                    "shown once."
                ),
                width,
            ),
            (),
            bold(f"    {self._code}"),
            (),
            *paragraph(
                self.t(
                    "Write it on paper or print it, and keep it locked away, not on this machine."
                ),
                width,
            ),
        ]

    def key_list(self) -> Shown:
        """Go on once it is written down."""
        return [self.bind("w", "it is written down, go on", partial(self.leave, True), also="w")]


class SignInScreen(Page[Literal["passphrase", "recovery", "finish", "quit"]]):
    """Before the store: the ways to open it, or to finish a setup that was cut short."""

    def __init__(self, workspace: Workspace, *, cut_short: bool = False) -> None:
        super().__init__(workspace)
        self._cut_short = cut_short

    def top(self) -> tuple[str, str]:
        """Name the screen."""
        return "Porras", self.t("the store is closed")

    def body(self, width: int) -> list[Line]:
        """Say what stands here and what can be done."""
        if self._cut_short:
            return [
                (),
                *paragraph(
                    self.t(
                        "There are keys but no database. Either a setup was cut short, or the "
                        "database "
                        "was moved away. If it was moved, close Porras and put it back first."
                    ),
                    width,
                ),
                (),
                bold("1  " + self.t("Finish the setup with an empty database")),
            ]
        return [
            (),
            bold("1  " + self.t("Open with the passphrase")),
            bold("2  " + self.t("Open with the recovery code and choose a new passphrase")),
        ]

    def key_list(self) -> Shown:
        """Choose, or leave."""
        close = KeyBinding("q,escape", "q", self.t("close Porras"), partial(self.leave, "quit"))
        if self._cut_short:
            return [KeyBinding("1", "1", self.t("finish"), partial(self.leave, "finish")), close]
        return [
            KeyBinding("1,enter", "1", self.t("passphrase"), partial(self.leave, "passphrase")),
            KeyBinding("2", "2", self.t("recovery code"), partial(self.leave, "recovery")),
            close,
        ]
