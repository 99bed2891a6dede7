"""When something failed: what happened, what is safe and what is not, what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from screens.desk import Desk
from screens.language import N_
from screens.sheet import Command, Sheet, bold, paragraph
from screens.widgets.lines import Line
from stepping.problems import PathwayError
from store.errors import StoreError


class TroubleScreen(Sheet[None]):
    """Says three sentences about a failure; whatever lay below is still there afterwards."""

    def __init__(self, desk: Desk, error: StoreError, *, last: bool = False) -> None:
        super().__init__(desk)
        self._error = error
        self._last = last

    def top(self) -> tuple[str, str]:
        """Name the screen."""
        return self.t("! Something failed"), ""

    def body(self, width: int) -> list[Line]:
        """Tell the three sentences of the error."""
        parts = (
            (self.t("What happened"), self._error.what),
            (self.t("What is safe"), self._error.safe),
            (self.t("What to do"), self._error.next),
        )
        lines: list[Line] = []
        for title, sentence in parts:
            text = self.t(sentence, **self._error.values)
            lines += [(), bold(title), *paragraph(text, width, indent=2)]
        return lines

    def commands(self) -> Sequence[Command]:
        """Return to where the nurse was; or close Porras, where nothing is left to return to."""
        on = self.t("close Porras") if self._last else self.t("back, nothing is retyped")
        return [Command("enter,escape", "Enter", on, lambda: self.dismiss(None))]


class PathwayTroubleScreen(Sheet[None]):
    """Says that the pathway cannot be used, and lists its faults for whoever mends it."""

    title_text = N_("! The pathway cannot be used")
    safe_text = N_(
        "Nothing is lost: drafts and decisions keep the pathway text that they began with. New "
        "assessments wait until the files below are mended. To see the same: porras pathway check"
    )

    def __init__(self, desk: Desk, error: PathwayError) -> None:
        super().__init__(desk)
        self._error = error

    def top(self) -> tuple[str, str]:
        """Name the screen."""
        return self.t(self.title_text), ""

    def body(self, width: int) -> list[Line]:
        """Say what is safe, then list the faults with file and line."""
        lines = paragraph(self.t(self.safe_text), width)
        for problem in self._error.problems:
            lines += [(), *paragraph(str(problem), width, hanging=2)]
        return lines

    def commands(self) -> Sequence[Command]:
        """Return to where the nurse was."""
        return [Command("enter,escape", "Enter", self.t("back"), lambda: self.dismiss(None))]


class ServicesTroubleScreen(PathwayTroubleScreen):
    """Says that no services can be listed, and why."""

    title_text = N_("! The services cannot be read")
    safe_text = N_(
        "Assessments work as always. No services and waiting times are listed until the files "
        "below are mended."
    )
