"""Joining a class by the word of a seat, and leaving it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casework.error_text import translate_error
from casework.training.membership import Doubts, SeatTaken, look_for_classes, take_seat
from screens.base.pick import ListItem, PickScreen
from screens.base.prompt import Refused, ValuePrompt
from screens.training.joined import JoinedScreen
from stepping.pathway.diagnostics import PathwayError
from store.errors import SeatInUse, SeatOfAnother, StoreError
from store.paths import StorePaths
from store.training.classes import FoundClass, FoundClasses
from store.training.opening import open_training
from store.training.places import (
    OWN_SEAT,
    classes_folder,
    is_seat,
    record_path,
    seat_places,
)
from tui.flows.training.room import Room

_LONGEST = 12


@dataclass
class Joining:
    """Leads to a seat of a class; `usual` are the places without a seat."""

    room: Room
    usual: StorePaths
    first_seat: str | None
    """The seat that the program was started with, to which whoever leaves a class comes back."""

    def _work_in(self, seat: str | None) -> None:
        """Open the training store of a seat in place of the one that is open.

        Who shares an account of the computer must not find what another seat has left half-way.
        """
        workspace = self.room.practice.workspace
        if workspace.seat == seat:
            return
        store = open_training(seat_places(self.usual, seat).training, workspace.clock)
        workspace.close()
        workspace.use(store)
        workspace.seat = seat

    def _give_up(self, word: str) -> None:
        """Practise at no seat, where the program was started at one that is another's.

        What is half-way there, and what was tried, is of whoever sits there.
        """
        if self.first_seat == word:
            self.first_seat = None
            self.room.practice.move_to(OWN_SEAT, record_path(self.usual, OWN_SEAT))
            self._work_in(None)

    def _stand_up(self) -> None:
        self.room.practice.leave()
        self._work_in(self.first_seat)

    @property
    def folders(self) -> Iterable[Path]:
        """The folders in which classes are looked for."""
        named = self.room.practice.workspace.classes
        return (*([named] if named else []), classes_folder(self.usual))

    async def by_word(self) -> str:
        """Ask for the word and sit down there; return what to say on the menu."""
        workspace = self.room.practice.workspace
        found = look_for_classes(self.folders)

        def read(text: str) -> tuple[list[FoundClass], str]:
            word = text.lower()
            classes = _with_seat(found, word)
            if not is_seat(word):
                raise Refused(workspace.t("A seat is one word of 3 to 12 letters from a to z."))
            if not classes:
                raise Refused(workspace.t("No class here has this word. Look at your slip."))
            return classes, word

        prompt = ValuePrompt(
            workspace,
            workspace.t("Join a class"),
            self._explanation(found),
            read,
            longest=_LONGEST,
        )
        given = await self.room.show(prompt)
        return await self._one_of(*given) if given else ""

    def _explanation(self, found: FoundClasses) -> str:
        t = self.room.practice.workspace.t
        names = ", ".join(each.record.name for each in found.classes if not each.record.ended)
        told = [
            t("Which word is on your slip?"),
            t("Open here: {names}.", names=names) if names else t("No class is open here."),
            *(str(translate_error(fault, t)) for fault in found.faults),
        ]
        return " ".join(told)

    async def at_once(self, word: str) -> str:
        """Sit down at the seat that the program was started with, if a class has it."""
        found = look_for_classes(self.folders)
        classes = _with_seat(found, word)
        if classes:
            return await self._one_of(classes, word)
        t = self.room.practice.workspace.t
        if self.room.practice.workspace.classes is None:
            return ""
        return t("No class here has the seat {seat}. You practise on your own.", seat=word)

    async def _one_of(self, classes: list[FoundClass], word: str) -> str:
        workspace = self.room.practice.workspace
        if len(classes) > 1:
            t = workspace.t
            items = [
                ListItem(each.record.name, t.moment(datetime.fromisoformat(each.record.opened)))
                for each in classes
            ]
            chosen = await self.room.show(PickScreen(workspace, (t("Which class?"), word), items))
            if chosen is None:
                return ""
            classes = [classes[chosen]]
        return await self._join(classes[0], word)

    async def _join(self, found: FoundClass, word: str) -> str:
        practice = self.room.practice
        t = practice.workspace.t
        self._stand_up()
        file = record_path(seat_places(self.usual, word), word)
        try:
            taken = take_seat(found, word, file)
        except StoreError as error:
            if isinstance(error, SeatInUse | SeatOfAnother):
                self._give_up(word)
            await self.room.tell(error)
            return t("You are in no class. You practise on your own.")
        if not await self._is_theirs(taken):
            taken.hold.let_go()
            self._give_up(word)
            return t("Ask the trainer for a free word.")
        try:
            self._work_in(word)
            membership = practice.join(taken, file)
            doubts = Doubts.of(membership.room, practice.workspace.clock())
        except (StoreError, PathwayError) as error:
            taken.hold.let_go()
            self._stand_up()
            await self.room.tell(error)
            return t("You are in no class. You practise on your own.")
        await self.room.show(
            JoinedScreen(practice.workspace, membership, doubts, behind=practice.behind)
        )
        return self.look_whether_ended()

    async def _is_theirs(self, taken: SeatTaken) -> bool:
        """Ask whether a seat that was begun is theirs; yes without asking where nobody began."""
        if not taken.begun:
            return True
        workspace = self.room.practice.workspace
        t = workspace.t
        title = t("Is this seat yours?"), taken.seat
        items = [
            ListItem(t("Yes, I go on"), t("It was begun. What was done stays, and you go on.")),
            ListItem(t("No"), t("Nothing is changed. The trainer has a free word for you.")),
        ]
        return await self.room.show(PickScreen(workspace, title, items)) == 0

    def look_whether_ended(self) -> str:
        """Leave a class that its trainer has ended; return what to say of it.

        What its folder did not take before is tried again.
        """
        practice = self.room.practice
        if practice.behind:
            practice.publish_again()
        try:
            ended = practice.membership is not None and practice.membership.has_ended()
        except StoreError:  # told by the state line: its folder takes nothing now
            return ""
        if not ended:
            return ""
        self._stand_up()
        return practice.workspace.t("The class has ended. You practise on your own.")

    def leave(self) -> str:
        """Leave the class; return what to say on the menu."""
        self._stand_up()
        return self.room.practice.workspace.t("You have left the class. Your word leads back.")


def _with_seat(found: FoundClasses, word: str) -> list[FoundClass]:
    """Return the classes that have a seat, those that are open first."""
    classes = [each for each in found.classes if word in each.record.seats]
    return [each for each in classes if not each.record.ended] or classes
