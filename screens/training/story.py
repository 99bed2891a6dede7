"""The story of a case: on a page of its own, and beside the questions that are asked of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from casework.language import N_, Speech
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, labelled, paragraph
from screens.base.page import Page
from stepping.pathway.model import QuestionPage
from stepping.training.reading import Case
from stepping.training.vignette import Person, Vignette

_ADULTS = {"f": N_("a woman of {age}"), "m": N_("a man of {age}")}
_YOUNG = {"f": N_("a girl of {age}"), "m": N_("a boy of {age}")}
_ANYBODY = N_("somebody of {age}")
_OF_AGE = 18


def person_words(person: Person, t: Speech) -> str:
    """Return who a case is about: a woman, a boy, somebody of an age in years."""
    words = _ADULTS if person.age >= _OF_AGE else _YOUNG
    return t(words.get(person.sex, _ANYBODY), age=person.age)


def story_paragraphs(vignette: Vignette, language: str) -> list[str]:
    """Return the paragraphs of a story, each on one line."""
    parts = vignette.story[language].strip().split("\n\n")
    return [" ".join(part.split()) for part in parts]


def story_lines(vignette: Vignette, language: str, width: int) -> list[Line]:
    """Return the paragraphs of a story, each with a blank line after it."""
    parts = story_paragraphs(vignette, language)
    return [row for part in parts for row in (*paragraph(part, width), ())]


class StoryScreen(Page[bool]):
    """Tells who comes and what they say; returns whether to go on to the questions.

    With `begins` it comes before them; else it is read again from one of them.
    """

    def __init__(self, workspace: Workspace, case: Case, *, begins: bool) -> None:
        super().__init__(workspace)
        self._case = case
        self._begins = begins

    def top(self) -> tuple[str, str]:
        """Name the case, and who it is."""
        vignette = self._case.vignette
        return vignette.title[self.workspace.language], person_words(vignette.person, self.t)

    def body(self, width: int) -> list[Line]:
        """Tell the story, and at the beginning what comes then."""
        lines = story_lines(self._case.vignette, self.workspace.language, width)
        return [*lines, *paragraph(self._then(), width, look="dim")] if self._begins else lines

    def _then(self) -> str:
        return self.t(
            "You are the nurse. Answer the questions as you would after this talk. At the end "
            "you say your own step, and only then see what the pathway suggests."
        )

    def key_list(self) -> Shown:
        """Go on to the questions, or back."""
        if not self._begins:
            return [KeyBinding("enter,escape,left,backspace", "Enter", self.t("back"), self.leave)]
        return [
            KeyBinding("enter", "Enter", self.t("to the questions"), lambda: self.leave(True)),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]


@dataclass(frozen=True)
class Beside:
    """What goes with the questions of a case; without `told_here` nothing of it is shown.

    `on_reach` is called for each page that is asked, and returns what to say there.
    """

    workspace: Workspace
    case: Case
    told_here: bool
    on_reach: Callable[[], str]

    @property
    def letter(self) -> str:
        """The letter of that key."""
        return self.workspace.t.letter("t", "the story")

    @property
    def label(self) -> str:
        """The label of the key that opens the story, as a msgid; empty where it is hidden."""
        return N_("the story") if self.told_here else ""

    def page(self) -> Page[bool]:
        """Return the story."""
        return StoryScreen(self.workspace, self.case, begins=False)

    def aside(self, width: int) -> list[Line]:
        """Return the story for the second column."""
        if not self.told_here:
            return []
        vignette, language = self.case.vignette, self.workspace.language
        title = [bold(vignette.title[language]), ()]
        return [*title, *story_lines(vignette, language, width)]

    def told(self, page: QuestionPage, width: int) -> list[Line]:
        """Return what the client says if a page is asked."""
        if not self.told_here:
            return []
        ids, language = {question.id for question in page.questions}, self.workspace.language
        said = [each.says[language] for each in self.case.vignette.asked if ids & {*each.about}]
        label = self.workspace.t("The client says:")
        return [row for text in said for row in labelled(label, f"”{text}”", width)]

    def reach(self) -> str:
        """Take note that another page is asked."""
        return self.on_reach()
