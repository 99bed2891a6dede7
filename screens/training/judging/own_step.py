"""A trainee's own step, and which answers decided, before any suggestion is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

from casework.assessment import AssessmentSession
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import Caption, KeyBinding, Shown, digit_keys, hidden
from screens.base.lines import Line, bold, paragraph, plain, wrap
from screens.base.page import Page
from screens.base.pick import Parts
from screens.base.prompt import NAMES_SOMEBODY, Refused, ValuePrompt
from screens.wording.decision_words import DecisionWords
from stepping.decision.draft_status import tells_something
from stepping.pathway.answers import read_text
from stepping.pathway.client_facts import AGE, SEX
from stepping.pathway.model import Pathway
from stepping.training.records import Judgement

LONGEST = 200
"""Characters of a trainee's own words."""
MOST = 3
"""Answers that may be named as those that decided."""
_ROWS = 9

Way = Literal["back", "pause"]


class OwnStepScreen(Page[int | Way]):
    """Asks for the step that the trainee would choose: a digit marks it, Enter takes it."""

    traits = Traits(weighs=True)
    """It is kept, and cannot be taken back once the suggestion was seen."""

    def __init__(self, workspace: Workspace, pathway: Pathway, marked: int | None = None) -> None:
        super().__init__(workspace)
        self._pathway = pathway
        self._marked = marked

    def top(self) -> tuple[str, str]:
        """Say what is asked."""
        return self.t("Your own step"), self.t("before any suggestion")

    def body(self, width: int) -> list[Line]:
        """List the steps."""
        language = self.workspace.language
        lines: list[Line] = [bold(self.t("Which step would you choose for this person?")), ()]
        for step in self._pathway.header.step:
            marked, first = step.number == self._marked, len(lines)
            head = f"{'>' if marked else ' '} {step.number}  "
            for at, row in enumerate(wrap(step.name[language], width - len(head))):
                start = " " * len(head) if at else head
                lines.append(bold(start + row) if marked else plain(start + row))
            lines += paragraph(step.summary[language], width, indent=5, look="dim")
            if marked:
                self.in_view = (first, len(lines) - 1)
        return lines

    def key_list(self) -> Shown:
        """Mark a step by its digit, and take the marked one by Enter."""
        numbers = [step.number for step in self._pathway.header.step]
        take = (
            []
            if self._marked is None
            else [
                KeyBinding(
                    "enter",
                    "Enter",
                    self.t("my step is {step}", step=self._marked),
                    partial(self.leave, self._marked),
                    word=str(self._marked),
                )
            ]
        )
        return [
            *take,
            Caption(f"{numbers[0]}–{numbers[-1]}", self.t("mark a step")),
            *(hidden(str(number), partial(self._mark, number)) for number in numbers),
            KeyBinding(
                "left,backspace", "←", self.t("to the questions"), partial(self.leave, "back")
            ),
            KeyBinding("escape", "Esc", self.t("pause"), partial(self.leave, "pause")),
        ]

    def _mark(self, number: int) -> None:
        self._marked = number
        self.message = self.t("Step {step} is marked: Enter takes it.", step=number)
        self.draw(awake=True)


class BecauseScreen(Page[tuple[str, ...]]):
    """Asks which scores and answers decided, up to three; none is an answer too."""

    def __init__(
        self, workspace: Workspace, session: AssessmentSession, chosen: Sequence[str] = ()
    ) -> None:
        super().__init__(workspace)
        self._facts = list_deciding(session)
        self._words = DecisionWords(session.pathway, session.decide(), workspace.language)
        self._answers = session.answers
        self._chosen = [fact for fact in chosen if fact in self._facts]
        self._parts = Parts(_ROWS)

    def top(self) -> tuple[str, str]:
        """Say what is asked, and which part of the list is shown."""
        count = len(self._facts)
        part = self._parts.told(count, self.t) if count > _ROWS else ""
        return self.t("What decided?"), part

    @property
    def _shown(self) -> Sequence[str]:
        return self._parts.of(self._facts)

    def body(self, width: int) -> list[Line]:
        """List scores and answers under digits, those that were chosen with a mark."""
        told = self.t("Mark up to three scores or answers that decided your step.")
        lines = [*map(bold, wrap(told, width)), ()]
        for number, fact in enumerate(self._shown, start=1):
            chosen = fact in self._chosen
            head = f"{number} [{'x' if chosen else ' '}] "
            for at, row in enumerate(wrap(self._named(fact), width - len(head))):
                start = " " * len(head) if at else head
                lines.append(plain(start + row, "bold" if chosen else "normal"))
        elsewhere = [fact for fact in self._chosen if fact not in self._shown]
        if elsewhere:
            named = "; ".join(map(self._named, elsewhere))
            lines += [(), *paragraph(self.t("Also marked: {facts}", facts=named), width)]
        return lines

    def _named(self, fact: str) -> str:
        score = self._words.decision.scores.get(fact)
        if score is None:
            return self._words.fact(fact, self._answers.get(fact))
        label = self._words.pathway.facts[fact].label[self.workspace.language]
        told = "–".join(map(str, score)) if isinstance(score, tuple) else str(score)
        return f"{label}: {told}"

    def key_list(self) -> Shown:
        """Digits mark, Tab turns, Enter goes on."""
        return [
            KeyBinding("enter", "Enter", self.t("go on"), self._go_on),
            *digit_keys(self.t("mark"), (partial(self._mark, fact) for fact in self._shown)),
            *self._parts.key_list(len(self._facts), self.t, self._draw_anew),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    def _go_on(self) -> None:
        self.leave(tuple(self._chosen))

    def _mark(self, fact: str) -> None:
        self.message = ""
        if fact in self._chosen:
            self._chosen.remove(fact)
        elif len(self._chosen) < MOST:
            self._chosen.append(fact)
        else:
            self.message = self.t("Three at most: unmark one first.")
        self.draw(awake=True)

    def _draw_anew(self) -> None:
        self.offset_rows = 0
        self.draw()


def list_deciding(session: AssessmentSession) -> list[str]:
    """Return what may have decided: scores, answers that tell of something, then the others."""
    questions, answers = session.pathway.questions, session.answers
    asked = [
        id_
        for id_ in session.decide().scores
        if id_ not in questions and id_ in session.pathway.facts
    ]
    told = [
        id_
        for id_, question in questions.items()
        if id_ in answers and question.kind != "text" and id_ not in (AGE, SEX)
    ]
    return [*asked, *sorted(told, key=lambda id_: not tells_something(answers[id_]))]


class OwnWordsPrompt(ValuePrompt[Judgement]):
    """Asks for the trainee's own words and keeps the judgement; where that fails it stays open."""

    def __init__(self, workspace: Workspace, keep: Callable[[str], Judgement]) -> None:
        t = workspace.t
        super().__init__(
            workspace,
            t("Why, in your own words"),
            t(
                "A sentence for the talk afterwards, or nothing: at most 200 characters. No names "
                "belong here, neither of clients nor of colleagues. Enter keeps your judgement; "
                "then you see the suggestion."
            ),
            self._taken,
            longest=LONGEST,
        )
        self._keep = keep

    def _taken(self, text: str) -> Judgement:
        if len(text) > LONGEST:
            raise Refused(self.t("At most {count} characters, please.", count=LONGEST))
        try:
            read_text(text)
        except ValueError:
            raise Refused(self.t(NAMES_SOMEBODY)) from None
        return self._keep(text)
