"""Putting right an assessment: of the wrong client, or under a pathway that fits no more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

from casework.assessment import fits
from casework.language import born
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.base.page import Page
from screens.corrections.putting_right import CompareScreen
from screens.wording.source_words import pathway_name
from stepping.finland import finnish_day
from stepping.pathway.model import Pathway
from store.codes import show
from store.records import Assessment, Client
from store.retention.retention import Transfer

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
        began = self.t.moment(each.started_at)
        pathway = pathway_name(each.pathway_id, self.t)
        lines: list[Line] = [(), bold(f"{began}   {each.started_by}   {pathway}")]
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
                    day=finnish_day(self._taken.at),
                )
            )
        for sentence in told:
            lines += [(), *paragraph(sentence, width)]
        return lines

    def key_list(self) -> Shown:
        """Mark, move, take the mark back, or end a draft that is nobody's."""
        marked = self._assessment.wrong_client
        mark = self.bind("m", "mark as wrong client", partial(self.leave, "mark"))
        back = self.bind("t", "take the mark back", partial(self.leave, "back"))
        end = self.bind("x", "end without a step", partial(self.leave, "end"))
        return [
            back if marked else mark,
            self.bind("v", "move to the right client", partial(self.leave, "move")),
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
    title = t("Move to the right client?")
    key = t.letter("v", "move to the right client"), t("move it to the right client")
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
        """Return the keys: one for a new assessment, or to go on with the draft."""
        return [
            self.bind("n", "new assessment", partial(self.leave, "new")),
            self.bind("g", "go on with the draft", partial(self.leave, "on")),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]
