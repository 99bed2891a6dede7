"""When something failed: what happened, what is safe and what is not, what to do next."""

from __future__ import annotations

from functools import partial
from typing import Literal

from casework.language import N_
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.base.page import Page
from stepping.pathway.diagnostics import PathwayError
from store.errors import NotKeptApart, StoreError, TakenAway


class ErrorScreen(Page[Literal["leave"]]):
    """Says three sentences about a failure; whatever lay below is still there afterwards."""

    def __init__(self, workspace: Workspace, error: StoreError, *, last: bool = False) -> None:
        super().__init__(workspace)
        self._error: StoreError = error
        self._last = last

    def top(self) -> tuple[str, str]:
        """Name the screen."""
        return self.t("! Something failed"), ""

    def body(self, width: int) -> list[Line]:
        """Tell the three sentences of the error."""
        titles = self.t("What happened"), self.t("What is safe"), self.t("What to do")
        lines: list[Line] = []
        for title, text in zip(titles, self.workspace.explain_error(self._error), strict=True):
            lines += [(), bold(title), *paragraph(text, width, indent=2)]
        return lines

    def key_list(self) -> Shown:
        """Return to where the nurse was; or close Porras, where nothing is left to return to."""
        on = self.t("close Porras") if self._last else self.t("back, nothing is retyped")
        return [KeyBinding("enter,escape", "Enter", on, self.leave)]


class LostDatabaseScreen(ErrorScreen):
    """Says that the open store has no database any more; returns "leave" to close Porras.

    `back` tells whether there is a page below that may be read once more.
    """

    traits = Traits(weighs=True)
    """From here Porras is closed, which may lose what was answered."""

    def __init__(self, workspace: Workspace, error: TakenAway, *, back: bool) -> None:
        super().__init__(workspace, error)
        self._back = back

    def key_list(self) -> Shown:
        """Try again to keep what is not kept yet; back to the page; close Porras."""
        unkept = isinstance(self._error, NotKeptApart)
        again = KeyBinding("enter", "Enter", self.t("try again"), self._try_again)
        back = KeyBinding(
            "b,escape" if unkept else "enter,escape",
            "b" if unkept else "Enter",
            self.t("back to the page"),
            self.leave,
        )
        leave = KeyBinding("q", "q", self.t("close Porras"), self._leave)
        return [*([again] if unkept else []), *([back] if self._back else []), leave]

    def _try_again(self) -> None:
        """Keep what the open program holds, if it can be by now, and tell how that went."""
        self._error = self._tried()
        unkept = isinstance(self._error, NotKeptApart)
        self.message = self.t("It could not be kept yet.") if unkept else ""
        self.draw()

    def _tried(self) -> StoreError:
        self.workspace.store.keep_apart()
        return self.workspace.lost_database or self._error

    async def _leave(self) -> None:
        """Close at once what is kept; else try once more, and ask before anything is lost."""
        if not isinstance(self._error, NotKeptApart):
            self.leave("leave")
            return
        self._try_again()
        if isinstance(self._error, NotKeptApart) and await self.ask(LossScreen(self.workspace)):
            self.leave("leave")


class LossScreen(Page[bool]):
    """Asks before Porras is closed with answers that are nowhere else."""

    traits = Traits(weighs=True)
    """What is lost here is lost for good."""

    def top(self) -> tuple[str, str]:
        """Name the screen."""
        return self.t("! Answers will be lost"), ""

    def body(self, width: int) -> list[Line]:
        """Say what is lost, and what can still be done."""
        told = (
            self.t("What was answered since the newest backup lies in the open program alone."),
            self.t("If Porras closes now, it is lost for good."),
            self.t("Write down what matters first, and fetch whoever looks after the computer."),
        )
        return [row for text in told for row in ((), *paragraph(text, width))]

    def key_list(self) -> Shown:
        """Stay, or lose what is not kept."""
        stay = KeyBinding("enter,escape", "Enter", self.t("stay"), partial(self.leave, False))
        lose = KeyBinding("x", "x", self.t("close and lose it"), partial(self.leave, True))
        return [stay, lose]


def trouble(workspace: Workspace, error: StoreError) -> ErrorScreen:
    """Return what tells of a failure over the page on which it came."""
    if workspace.lost_database is None or workspace.with_client:
        return ErrorScreen(workspace, error)
    return LostDatabaseScreen(workspace, workspace.lost_database, back=True)


class PathwayErrorScreen(Page[None]):
    """Says that the pathway cannot be used, and lists its faults for whoever mends it."""

    title_text = N_("! The pathway cannot be used")
    safe_text = N_(
        "Nothing is lost: drafts and decisions keep the pathway text that they began with. New "
        "assessments wait until the files below are mended. To see the same: porras pathway check"
    )

    def __init__(self, workspace: Workspace, error: PathwayError) -> None:
        super().__init__(workspace)
        self._error = error

    def top(self) -> tuple[str, str]:
        """Name the screen."""
        return self.t(self.title_text), ""

    def body(self, width: int) -> list[Line]:
        """Say what is safe, then list the faults with file and line."""
        lines = paragraph(self.t(self.safe_text), width)
        for problem in self._error.diagnostics:
            lines += [(), *paragraph(str(problem), width, hanging=2)]
        return lines

    def key_list(self) -> Shown:
        """Return to where the nurse was."""
        return [KeyBinding("enter,escape", "Enter", self.t("back"), self.leave)]


class ServicesErrorScreen(PathwayErrorScreen):
    """Says that no services can be listed, and why."""

    title_text = N_("! The services cannot be read")
    safe_text = N_(
        "Assessments work as always. No services and waiting times are listed until the files "
        "below are mended."
    )


class CareErrorScreen(PathwayErrorScreen):
    """Says that the site's tracks, deadlines and roles cannot be read, and why."""

    title_text = N_("! The files of care/ cannot be read")
    safe_text = N_(
        "Assessments work as always. Tracks, deadlines and roles are those that come with Porras "
        "until the files below are mended."
    )
