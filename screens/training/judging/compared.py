"""A trainee's judgement beside the case: steps and stops, what differs, and what there is to learn.

Longer parts come on pages of their own, so that a class sees each from the back of the room.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Literal, NamedTuple

from casework.language import N_
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, Look, bold, labelled, paragraph, paragraphs, plain, wrap
from screens.base.page import Page
from screens.wording.decision_words import URGENCY, DecisionWords
from stepping.pathway.model import Answer
from stepping.training.comparison import Comparison, Difference, Effect, Kind, MissedStop
from stepping.training.reading import Case
from stepping.training.vignette import TeachingPoint

Wanted = Literal["own", "expert"]
"""Whose whole result is looked at."""

_KINDS: dict[Kind, str] = {
    "other": N_("you: {own} · the case: {expert}"),
    "not_reached": N_("not reached on your way · the case: {expert}"),
    "not_answered": N_("left open by you · the case: {expert}"),
    "beyond": N_("you: {own} · not asked in the case"),
}


_MOST_NAMED = 3
"""Questions that are named behind a missed stop."""


class Seen(NamedTuple):
    """A page of the comparison that was left to look at a result."""

    wanted: Wanted
    at: int


class ComparisonScreen(Page[Seen]):
    """Shows one part after the other; left with whose result is wanted, or for good."""

    def __init__(self, workspace: Workspace, case: Case, compared: Comparison, at: int = 0) -> None:
        super().__init__(workspace)
        self._case = case
        self._compared = compared
        self._at = at
        self._say = DecisionWords(case.pathway, case.decision, workspace.language)

    def top(self) -> tuple[str, str]:
        """Name the part and the case."""
        titles = (
            self.t("Your step and the case's"),
            self.t("What differs"),
            self.t("What there is to learn"),
        )
        where = self.t("{at} of {count}", at=self._at + 1, count=len(titles))
        return titles[self._at], f"{where} · {self._case.vignette.title[self.workspace.language]}"

    def body(self, width: int) -> list[Line]:
        """Draw the part that is shown."""
        parts = (self._steps, self._differences, self._lessons)
        return parts[self._at](width)

    # -- steps and stops -------------------------------------------------------

    def _steps(self, width: int) -> list[Line]:
        missed = [row for each in self._compared.missed for row in self._missed(each, width)]
        lines = [*missed, ()] if missed else []
        lines += [*self._table(width), (), *self._verdict(width), *self._of_own(width)]
        stops = self._other_stops(width)
        lines += [(), *stops] if stops else []
        return [*lines, *self._disputed(width), *self._unsigned(width)]

    def _other_stops(self, width: int) -> list[Line]:
        """Draw that every stop was found, and those that the case does not have."""
        lines: list[Line] = []
        if not self._compared.missed and self._case.vignette.expect.stops:
            found = ", ".join(self._case.vignette.expect.stops)
            told = self.t("= Every stop of the case was found: {stops}", stops=found)
            lines += paragraph(told, width, look="good")
        for stop in self._compared.needless:
            told = self.t("A stop that the case does not have: {stop}", stop=self._stop(stop))
            lines += paragraph(told, width, hanging=2, look="warning")
        return lines

    def _table(self, width: int) -> list[Line]:
        """Draw the own step, what the pathway suggests on the own answers, and the case's."""
        t, step, expect = self.t, self._compared.step, self._case.vignette.expect
        own, follows = "–", t("no step: answers are missing")
        if (suggested := self._compared.own.step) is not None:
            own, follows = str(suggested), self._name(suggested)
        names = " – ".join(map(self._name, sorted({expect.lowest, expect.highest})))
        rows = (
            (t("Your step"), str(step), self._name(step)),
            (t("The pathway, on your answers"), own, follows),
            (t("The case's step"), expect.steps, names),
        )
        column = max(len(title) for title, _, _ in rows) + 2
        lines: list[Line] = []
        for title, number, name in rows:
            first, *rest = wrap(name, width - column - 5)
            lines.append(
                ((f"{title:<{column}}", "normal"), (f"{number:<5}", "accent"), (first, "bold"))
            )
            lines += [bold(" " * (column + 5) + row) for row in rest]
        return lines

    def _name(self, step: int) -> str:
        return self._say.step(step)

    def _verdict(self, width: int) -> list[Line]:
        verdict = self._compared.verdict
        look: Look
        if verdict.exact:
            told, look = self.t("= Your step is one of the case's."), "good"
        elif verdict.unsafe_low:
            told = self.t.many(
                "! Unsafe: {count} step below the lowest of the case.",
                "! Unsafe: {count} steps below the lowest of the case.",
                -verdict.distance,
            )
            look = "danger"
        else:
            told = self.t.many(
                "↑ {count} step above the highest of the case: safe, and more care than needed.",
                "↑ {count} steps above the highest of the case: safe, and more care than needed.",
                verdict.distance,
            )
            look = "warning"
        return paragraph(told, width, hanging=2, look=look)

    def _of_own(self, width: int) -> list[Line]:
        follows = self._compared.follows_own
        if follows is None:
            return []
        told = (
            self.t("Your step is also what your own answers suggest.")
            if follows
            else self.t("Your own answers suggest another step than yours.")
        )
        return paragraph(told, width)

    def _missed(self, missed: MissedStop, width: int) -> list[Line]:
        head = self.t("! Missed: {stop}", stop=self._stop(missed.stop))
        lines = paragraph(head, width, hanging=2, look="danger")
        told = []
        if missed.unsafe:
            told.append(self.t("Unsafe: this cannot wait."))
        if missed.floor is not None:
            told.append(self.t("After it the step is at least {step}.", step=missed.floor))
        if missed.questions:
            labels = "; ".join(map(self._label, self._speaking(missed)))
            told.append(self.t("It hangs on: {questions}", questions=labels))
        return [*lines, *(row for text in told for row in paragraph(text, width, indent=2))]

    def _speaking(self, missed: MissedStop) -> list[str]:
        """Return the questions that matter most for a missed stop: those answered otherwise."""
        kinds = {each.question: each.kind for each in self._compared.differences}
        other = [id_ for id_ in missed.questions if kinds[id_] in ("other", "not_answered")]
        return (other or [*missed.questions])[:_MOST_NAMED]

    def _stop(self, stop: str) -> str:
        rule = self._case.pathway.rule(stop).rule
        urgency = self.t(URGENCY[rule.stop or "week"])
        return f"{urgency}: {rule.because[self.workspace.language]} ({stop})"

    def _disputed(self, width: int) -> list[Line]:
        vignette, language = self._case.vignette, self.workspace.language
        why = vignette.expect.why.get(language)
        if vignette.use == "test" and not why:
            return []
        title = (
            self.t("This case may well be judged otherwise: talk about it.")
            if vignette.use == "talk"
            else self.t("Why the case's step is not the pathway's")
        )
        return [(), bold(title), *(paragraph(why, width, indent=2) if why else [])]

    # -- differences -----------------------------------------------------------

    def _differences(self, width: int) -> list[Line]:
        found = self._compared.differences
        if not found:
            return paragraph(self.t("= No answer differs."), width, look="good")
        flips = [each for each in found if each.flips]
        rest = [each for each in found if not each.flips]
        lines: list[Line] = []
        if flips:
            lines.append(bold(self.t("Each of these alone changes the outcome")))
            for each in flips:
                lines += [*self._difference(each, width), *self._effects(each, width)]
        if rest:
            lines += [()] if flips else []
            lines.append(bold(self.t("These change nothing by themselves")))
            lines += paragraphs((f"- {self._told(each)}" for each in rest), width)
        return lines

    def _difference(self, each: Difference, width: int) -> list[Line]:
        sign = "!" if each.unsafe else "-"
        rows = wrap(f"{sign} {self._told(each)}", width, 2)
        return [plain(row, "danger" if each.unsafe else "normal") for row in rows]

    def _told(self, each: Difference) -> str:
        values = {"own": self._value(each, each.own), "expert": self._value(each, each.expert)}
        return f"{self._label(each.question)} – {self.t(_KINDS[each.kind], **values)}"

    def _value(self, each: Difference, answer: Answer | None) -> str:
        return self._say.value(each.question, answer) or self.t("none")

    def _label(self, question: str) -> str:
        return self._case.pathway.facts[question].label[self.workspace.language]

    def _effects(self, each: Difference, width: int) -> list[Line]:
        t = self.t
        rows = (
            (t("the case's answers with yours here:"), each.on_expert),
            (t("your answers with the case's here:"), each.on_own),
        )
        return [
            row
            for head, effect in rows
            if effect.flips
            for row in paragraph(f"{head} {self._effect(effect)}", width, indent=4, hanging=2)
        ]

    def _effect(self, effect: Effect) -> str:
        return "; ".join(self._changes(effect))

    def _changes(self, effect: Effect) -> Iterator[str]:
        t = self.t
        for stops, sentence in (
            (effect.lost, N_("the stop {stops} does not open")),
            (effect.opened, N_("the stop {stops} opens")),
        ):
            if stops:
                yield t(sentence, stops=", ".join(stops))
        if effect.shift:
            before, after = effect.before.step, effect.after.step
            yield t("step {after} instead of {before}", after=after, before=before)

    # -- what there is to learn ------------------------------------------------

    def _lessons(self, width: int) -> list[Line]:
        vignette, language = self._case.vignette, self.workspace.language
        lines: list[Line] = []
        for point in vignette.teach:
            lines += labelled("-", point.text[language], width)
            lines += paragraph(", ".join(self._grounds(point)), width, indent=2, look="dim")
        signed = vignette.judged.signed_by
        told = self.t("Signed by: {who}", who=signed) if signed else ""
        return [*lines, (), *paragraph(told, width, look="dim")] if told else lines

    def _unsigned(self, width: int) -> list[Line]:
        if self._case.vignette.status == "signed":
            return []
        told = self.t("A draft: no clinician has signed the case yet.")
        return [(), *paragraph(told, width, look="dim")]

    def _grounds(self, point: TeachingPoint) -> Iterator[str]:
        if point.rule is not None:
            yield self.t("rule {rule}", rule=point.rule)
        if point.card is not None:
            title = self._case.pathway.cards[point.card].title[self.workspace.language]
            yield self.t("card: {card}", card=title)
        if point.source is not None:
            yield point.source

    # -- keys ------------------------------------------------------------------

    def key_list(self) -> Shown:
        """Turn the pages, and look at either result as a whole."""
        last = self._at == 2
        on = self.t("done") if last else self.t("go on")
        back = [KeyBinding("left,backspace", "←", self.t("back"), partial(self._go, -1))]
        return [
            KeyBinding("enter,right", "Enter", on, self.leave if last else partial(self._go, 1)),
            *(back if self._at else []),
            self.bind("o", "your whole result", partial(self._look, "own")),
            self.bind("c", "the case's whole result", partial(self._look, "expert")),
            KeyBinding("escape", "Esc", self.t("to the menu"), self.leave),
        ]

    def _go(self, parts: int) -> None:
        self._at += parts
        self.offset_rows = 0
        self.draw()

    def _look(self, wanted: Wanted) -> None:
        self.leave(Seen(wanted, self._at))
