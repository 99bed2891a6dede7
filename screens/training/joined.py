"""What somebody has joined: the class, the seat, its cases, and what is odd about it here."""

from __future__ import annotations

from casework.training.membership import Doubts, Membership
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph, wrap
from screens.base.page import Page


class JoinedScreen(Page[None]):
    """Says where somebody sits now."""

    def __init__(
        self, workspace: Workspace, membership: Membership, doubts: Doubts, *, behind: bool
    ) -> None:
        super().__init__(workspace)
        self._membership = membership
        self._doubts = doubts
        self._behind = behind

    def top(self) -> tuple[str, str]:
        """Name class and seat."""
        return self.t("Class {name}", name=self._membership.room.record.name), ""

    def body(self, width: int) -> list[Line]:
        """Tell the seat, how many cases there are, and what is odd."""
        membership = self._membership
        count = len(membership.room.cases)
        seat = self.t("Your seat: {seat}", seat=membership.seat)
        lines: list[Line] = [(), *map(bold, wrap(seat, width)), ()]
        lines += paragraph(self.t.many("{count} case", "{count} cases", count), width)
        told = self.t("The trainer sees the seat and what is done there, and no name.")
        lines += paragraph(told, width)
        for each in self._oddities():
            lines += [(), *paragraph(f"! {each}", width, look="warning")]
        return lines

    def _oddities(self) -> list[str]:
        doubts, membership = self._doubts, self._membership
        told = []
        if membership.room.record.ended:
            told.append(self.t("The class has ended. You practise on your own."))
        if membership.carried:
            told.append(self.t("This class was carried here. Hand your file in at the end."))
        if doubts.other_pathways:
            names = ", ".join(doubts.other_pathways)
            told.append(
                self.t(
                    "The pathway here is another than the trainer's ({names}). Tell the trainer.",
                    names=names,
                )
            )
        if doubts.unfit:
            told.append(
                self.t.many(
                    "{count} case of the class does not fit the pathways here.",
                    "{count} cases of the class do not fit the pathways here.",
                    doubts.unfit,
                )
            )
        if doubts.opened_later:
            told.append(
                self.t("A clock is wrong: the class opens later by this computer. Nothing is lost.")
            )
        if membership.set_aside is not None:
            told.append(
                self.t(
                    "The file of this seat could not be used. It is kept as {name}.",
                    name=membership.set_aside.name,
                )
            )
        if self._behind:
            told.append(self.t("The folder of the class takes nothing now. It is kept here."))
        return told

    def key_list(self) -> Shown:
        """Only the way on."""
        return [KeyBinding("enter,escape", "Enter", self.t("go on"), self.leave)]
