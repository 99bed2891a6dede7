"""A form that another program filled in: asked for, looked at, and taken by one deliberate key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path

from casework.assessment import AssessmentSession
from casework.elsewhere.forms import CameIn, read_files, read_for, take_form
from casework.language import N_
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.base.page import Page
from screens.base.prompt import Refused, ValuePrompt
from screens.wording.day_words import NOT_A_DAY
from screens.wording.elsewhere.form_words import FormWords, fault_alone
from stepping.days import NotADay, read_day
from stepping.interchange.responses.faults import Fault, Unreadable
from stepping.interchange.responses.resources import Found
from store.codes import show
from store.files.regular_files import NotAFile

_NO_FILE = N_("That is no file, or a link to one. Nothing was read.")
_UNREAD = N_("The file cannot be read. Is its name right?")
_TO_COME = N_("That day has not come yet.")


def file_prompt(workspace: Workspace) -> ValuePrompt[Found]:
    """Return the question for the file; what cannot be read is said while its name stands there."""
    t = workspace.t
    return ValuePrompt(
        workspace,
        t("A form from another program"),
        t(
            "Type where the file is: a form that the client filled in, as FHIR R4. "
            "You see what it holds before anything of it is taken."
        ),
        partial(_read_file, workspace),
    )


def _read_file(workspace: Workspace, typed: str) -> Found:
    """Return what a file holds.

    Raises:
        Refused: If nothing of it can be read.
    """
    t = workspace.t
    try:
        return read_files([Path(typed.strip()).expanduser()], workspace.store.now)
    except Unreadable as error:
        place = f" ({error.fault.place})" if error.fault.place else ""
        told = f"{fault_alone(t, error.fault)}{place}"
        raise Refused(t("Nothing was read: {fault}.", fault=told)) from None
    except NotAFile:
        raise Refused(t(_NO_FILE)) from None
    except (OSError, ValueError, RuntimeError):
        raise Refused(t(_UNREAD)) from None


def lacks_day(found: Found) -> bool:
    """Say whether a form does not tell when it was filled in."""
    return any(each.given_at is None for each in found.responses)


def day_prompt(workspace: Workspace) -> ValuePrompt[date]:
    """Return the question for the day on which a form was filled in that does not tell it."""
    t = workspace.t
    return ValuePrompt(
        workspace,
        t("The day of the form"),
        t("The form does not tell when it was filled in. Type the day, as 2026-12-01 or 1.12."),
        partial(_read_day, workspace),
    )


def _read_day(workspace: Workspace, typed: str) -> date:
    """Return a day that has come.

    Raises:
        Refused: If it is none.
    """
    try:
        day = read_day(typed, workspace.today)
    except (NotADay, OverflowError):
        raise Refused(workspace.t(NOT_A_DAY)) from None
    if day > workspace.today:
        raise Refused(workspace.t(_TO_COME))
    return day


class CameInScreen(Page[bool]):
    """Shows what a form holds, danger first; one key takes it, and Esc takes nothing."""

    traits = Traits(weighs=True)
    """From here answers get into an assessment that nobody gave here."""

    def __init__(
        self,
        workspace: Workspace,
        session: AssessmentSession,
        found: Found,
        day: date | None = None,
    ) -> None:
        super().__init__(workspace)
        self._session, self._found, self._day = session, found, day
        self._came: CameIn | None = None
        self._words = FormWords(session.pathway, workspace.t)

    def open(self) -> None:
        """Read the form by what is known of the client."""
        self._came = self.attempt(lambda: read_for(self._session, self._found, self._day))

    def top(self) -> tuple[str, str]:
        """Name the page and the client."""
        return self.t("What the form tells"), show(self._session.client.code)

    def body(self, width: int) -> list[Line]:
        """Show danger, what is taken, totals, what is asked, and what is wrong."""
        came = self._came
        if came is None:
            return []
        words, reading, intake = self._words, came.reading, came.intake
        refused = self._refused(came)
        lines: list[Line] = [()]
        if refused:
            lines += paragraph(self.t("Nothing of this form can be taken."), width)
        doubts = () if refused else came.find_refusals()
        for fault in doubts:
            lines += paragraph(f"! {self._placed(fault)}", width, hanging=2)
        lines += self._part(self.t("Danger"), map(words.danger, reading.dangers), width, "! ")
        if refused:
            faults = (self._placed(fault) for fault in refused)
            lines += self._part(self.t("Why nothing is taken"), faults, width)
        else:
            taken = (words.answer(id_, read) for id_, read in intake.answers.items())
            lines += self._part(self.t("Would be taken"), taken, width)
        totals = map(words.total, reading.totals)
        lines += self._part(self.t("Totals, worked out anew"), totals, width)
        if not refused:
            lines += self._part(self.t("Asked all the same"), words.asked(intake.asked), width)
            missing = [m for m in (words.missing(reading),) if m]
            lines += self._part(self.t("Not answered on the form"), missing, width)
        others = [
            self._placed(fault)
            for fault in reading.faults
            if fault.kind not in ("missing", "no_date") and fault not in (*refused, *doubts)
        ]
        return [*lines, *self._part(self.t("What is wrong or left out"), others, width)]

    @staticmethod
    def _refused(came: CameIn) -> tuple[Fault, ...]:
        return came.find_refusals(unfinished=True)

    def _placed(self, fault: Fault) -> str:
        told = self._words.fault(fault)
        return f"{told} ({fault.place})" if fault.place else told

    @staticmethod
    def _part(title: str, rows: Iterable[str], width: int, mark: str = "- ") -> list[Line]:
        found = [line for row in rows for line in paragraph(f"{mark}{row}", width, hanging=2)]
        return [(), bold(title), *found] if found else []

    def key_list(self) -> Shown:
        """Take it where something can be taken; Esc goes back."""
        back = KeyBinding("escape", "Esc", self.t("take nothing"), self.leave)
        came = self._came
        if came is None or self._refused(came) or not came.intake.answers:
            return [back]
        take = self.bind("t", "take these answers", self._take)
        if came.find_refusals():
            take = self.bind("t", "take answers that were not handed in", self._take)
        return [take, back]

    def _take(self) -> None:
        """Take it, as it is now; it was looked at on this very page."""
        take = partial(take_form, self._session, self._found, day=self._day, unfinished=True)
        if self.stored(take):
            self.leave(True)
