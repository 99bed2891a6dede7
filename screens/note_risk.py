"""The risk of a client as the note for the patient record tells it; nothing of it is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screens.language import N_
from screens.note_layout import Form, More, Point, Weight, fixed, list_point, point, shortened
from screens.wording import URGENCY, Wording
from stepping.outcome import URGENCIES
from stepping.pathway import NO, REFUSED, YES, Answer, Question
from stepping.safety import safety_steps

if TYPE_CHECKING:
    from screens.visit import Visit
    from store.records import SafetyRecord

_SHORT = 36
"""Characters of a safety step, and of why it was not done, where there is little room."""


@dataclass(frozen=True)
class Danger:
    """What one assessment tells of danger, in the words of its note."""

    visit: Visit
    say: Wording
    counted: Mapping[str, Answer]
    """The answers whose questions are asked."""
    more: More

    @property
    def _language(self) -> str:
        return self.say.language

    def points(self) -> Iterator[Point]:
        """Yield the signs, what was not answered, and each stop with its safety steps."""
        say, questions = self.say, self.visit.pathway.questions
        danger, heed = self._signs(safety=True), self._signs(safety="gate")
        missing = (id_ for id_ in self.say.decision.missing if id_ in questions)
        open_ = [id_ for id_ in missing if questions[id_].safety]
        stops = self._stops()
        if danger:
            brief = [text.partition(" (")[0] for text in danger]
            forms = ("; ".join(signs) for signs in (danger, brief))
            yield point(
                Weight.RISK, *(say.t("Told or seen: {signs}", signs=text) for text in forms)
            )
        if not stops and not open_:
            none = N_("no safety stop; every safety question was answered")
            calm = N_("no danger signs reported; every safety question was answered")
            yield fixed(say.t(none if danger else calm))
        if heed:
            yield fixed(say.t("To be kept in mind: {signs}", signs="; ".join(heed)))
        if open_:
            labels = [questions[id_].label[self._language] for id_ in open_]
            title = say.t("Safety questions not answered")
            yield list_point(labels, Weight.ALWAYS, self.more, f"! {title}")
        for stop in stops:
            yield self._stop(stop)

    def _signs(self, *, safety: bool | str) -> list[str]:
        """The safety questions whose answer tells of something, each by its label."""
        signs = []
        for id_, answer in self.counted.items():
            question = self.visit.pathway.questions[id_]
            if question.safety == safety and tells(question, answer):
                label = question.label[self._language]
                value = "" if answer == YES else f": {self.say.value(id_, answer)}"
                signs.append(label + value)
        return signs

    def _stops(self) -> list[str]:
        """The stops that hold, the open ones first, then by urgency."""
        rules = self.visit.pathway.stops
        fired = {rule.id for rule in self.say.decision.rules}
        held = [rule for rule in rules if rule.id in fired]
        order = sorted(
            held,
            key=lambda r: (
                r.id not in self.say.decision.stops,
                -URGENCIES.index(r.rule.stop or "week"),
            ),
        )
        return [rule.id for rule in order]

    def _stop(self, stop: str) -> Point:
        """A stop with its safety steps; what was not done loses its words after what was done."""
        say, rule = self.say, self.visit.pathway.rule(stop).rule
        wanted = safety_steps(self.visit.pathway, self.visit.answers, stop)
        outcomes = [row for step in wanted if (row := self.visit.outcome(step))]
        is_open = stop in self.say.decision.stops
        state = say.t("OPEN") if is_open else say.t("safety steps recorded")
        steps = say.t("safety steps: {counts}", counts=self._count(outcomes, len(wanted)))
        count = f" ({stop}, {state}, {steps})" if is_open else f" ({stop}, {steps})"
        head, because = f"! {say.t(URGENCY[rule.stop or 'week'])}", rule.because[self._language]
        each = [f"- {self._step(row)}" for row in self.visit.safety if row.stop == stop]
        failed = [f"- {self._step(row, short=True)}" for row in outcomes if not row.done]
        whole = f"{head}: {because}" + (count if is_open else f" ({stop}, {state})")
        return Point(
            (
                Form("\n".join([whole, *each]), Weight.DETAILS),
                Form("\n".join([f"{head}: {because}{count}", *failed]), Weight.REASONS),
                Form("\n".join([head + count, *failed]), Weight.RISK),
                Form(head + count),
            )
        )

    def _count(self, outcomes: Sequence[SafetyRecord], wanted: int) -> str:
        """How many safety steps were done, were not, and wait."""
        many = self.say.many
        done = sum(row.done for row in outcomes)
        undone, waiting = len(outcomes) - done, wanted - len(outcomes)
        counts = (
            (done, many("{count} done", "{count} done", done)),
            (undone, many("{count} not done", "{count} not done", undone)),
            (waiting, many("{count} not recorded", "{count} not recorded", waiting)),
        )
        return ", ".join(text for number, text in counts if number)

    def _step(self, row: SafetyRecord, *, short: bool = False) -> str:
        say, card = self.say, self.visit.pathway.cards[row.card]
        text = next(step.text[self._language] for step in card.steps if step.id == row.step)
        why = row.why_not or ""
        if short:
            text, why = shortened(text, _SHORT), shortened(why, _SHORT)
        state = say.t("done") if row.done else say.t("not done: {why}", why=why)
        return f"{text} [{state}; {row.recorder}]"


def tells(question: Question, answer: Answer) -> bool:
    """Whether the answer to a safety question is anything but its lightest one."""
    if answer in (YES, REFUSED):
        return True
    if question.numeric and isinstance(answer, int | str):
        return int(answer) > question.low
    return answer != NO and answer != next(iter(question.words), None)
