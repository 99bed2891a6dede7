"""A trainee's judgement of a case beside that of those who judged it: what differs, and its effect.

What a single difference does is decided anew with that one answer exchanged, in both directions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from stepping.decision.facts import get_fact_states
from stepping.decision.interview import find_counting_answers
from stepping.decision.minimum_steps import (
    applicable_minimum_steps,
    find_all_inputs,
    open_stops,
    required_answers,
)
from stepping.pathway.model import Answer, Answers, Pathway
from stepping.pathway.schema import Urgency
from stepping.training.reading import Case
from stepping.training.verdict import Verdict, judge_step

Kind = Literal["other", "not_reached", "not_answered", "beyond"]
"""How an answer differs: another one; asked of the experts alone; asked, but left open; or given
where the experts gave none."""


@dataclass(frozen=True)
class Reached:
    """What answers lead to, once the safety steps of every stop are recorded."""

    step: int | None
    """The suggested step; None while a required answer is missing."""
    stops: tuple[str, ...]
    """The stops that hold, the most urgent first."""


def reach(pathway: Pathway, answers: Answers) -> Reached:
    """Return where answers lead, as `decide` would have it with every stop recorded."""
    states = get_fact_states(pathway, answers)
    stops = tuple(rule.id for rule in open_stops(pathway, states, ()))
    if required_answers(pathway, states, answers):
        return Reached(None, stops)
    fired = [rule for rule in pathway.rules if states.evaluate(rule.condition)]
    return Reached(max([pathway.base_step, *applicable_minimum_steps(fired, stops)]), stops)


def with_answer(answers: Answers, id_: str, answer: Answer | None) -> dict[str, Answer]:
    """Return answers with one of them exchanged, or left out where it is None."""
    rest = {each: given for each, given in answers.items() if each != id_}
    return rest if answer is None else {**rest, id_: answer}


@dataclass(frozen=True)
class Effect:
    """What the exchange of one answer changes."""

    before: Reached
    after: Reached

    @property
    def opened(self) -> tuple[str, ...]:
        """The stops that hold only after the exchange."""
        return tuple(stop for stop in self.after.stops if stop not in self.before.stops)

    @property
    def lost(self) -> tuple[str, ...]:
        """The stops that hold no longer."""
        return tuple(stop for stop in self.before.stops if stop not in self.after.stops)

    @property
    def shift(self) -> int:
        """By how many steps the suggestion moves; 0 where there is none before or after."""
        before, after = self.before.step, self.after.step
        return 0 if before is None or after is None else after - before

    @property
    def flips(self) -> bool:
        """Whether the step moves, or a stop opens or is lost."""
        return bool(self.shift or self.opened or self.lost)


@dataclass(frozen=True)
class Difference:
    """One question on which a trainee and the experts differ; None is no answer that counts."""

    question: str
    kind: Kind
    own: Answer | None
    expert: Answer | None
    on_expert: Effect
    """The experts' answers, with the trainee's one in place of theirs."""
    on_own: Effect
    """The trainee's answers, with the experts' one in place."""

    @property
    def flips(self) -> bool:
        """Whether it alone changes the step or a stop, in either direction."""
        return self.on_expert.flips or self.on_own.flips

    @property
    def unsafe(self) -> bool:
        """Whether it alone loses a stop or lowers the step of the experts' answers."""
        return bool(self.on_expert.lost) or self.on_expert.shift < 0

    @property
    def rank(self) -> int:
        """Those that lose a stop come first, then unsafe ones, then others that flip."""
        return [bool(self.on_expert.lost), self.unsafe, self.flips, True].index(True)


@dataclass(frozen=True)
class MissedStop:
    """A stop of the case that the trainee's answers did not open."""

    stop: str
    urgency: Urgency
    floor: int | None
    """The lowest step that it leaves once it is recorded; None where it sets none."""
    unsafe: bool
    """Whether it cannot wait, or the trainee's step lies below the one that it leaves."""
    questions: tuple[str, ...]
    """The questions behind it on which trainee and experts differ."""


Finding: TypeAlias = MissedStop | Difference


@dataclass(frozen=True)
class Comparison:
    """A trainee's judgement beside the case."""

    step: int
    """The trainee's own step."""
    verdict: Verdict
    own: Reached
    expert: Reached
    missed: tuple[MissedStop, ...]
    needless: tuple[str, ...]
    """The stops that the trainee's answers opened, and the experts' did not."""
    differences: tuple[Difference, ...]
    """Each question that differs once: those that lose a stop, that change the step, the rest."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that differs, missed stops before all else."""
        return (*self.missed, *self.differences)

    @property
    def follows_own(self) -> bool | None:
        """Whether the own step is what the pathway suggests on the own answers; None without."""
        return None if self.own.step is None else self.own.step == self.step


def compare(case: Case, answers: Answers, stops: Collection[str], step: int) -> Comparison:
    """Compare a trainee's answers, the stops that these opened, and the trainee's own step (0–9).

    `answers` hold the card's facts too. Texts are never compared.
    """
    differences = find_differences(case.pathway, answers, case.answers)
    expected = case.vignette.expect.stops
    missed = (
        _missed(case.pathway, stop, step, differences)
        for stop in case.stopped.stops
        if stop in expected and stop not in stops
    )
    return Comparison(
        step=step,
        verdict=judge_step(case.vignette.expect, step),
        own=reach(case.pathway, answers),
        expert=reach(case.pathway, case.answers),
        missed=tuple(missed),
        needless=tuple(stop for stop in stops if stop not in expected),
        differences=differences,
    )


def find_differences(pathway: Pathway, own: Answers, expert: Answers) -> tuple[Difference, ...]:
    """Return each question on which answers that count differ, the weightiest first."""
    found = _Pair(pathway, own, expert).differences()
    return tuple(sorted(found, key=lambda each: each.rank))


def _missed(
    pathway: Pathway, stop: str, step: int, differences: Collection[Difference]
) -> MissedStop:
    ready = pathway.rule(stop)
    behind = find_all_inputs(pathway, (ready.condition,))
    urgency, floor = ready.rule.stop or "week", ready.rule.then_at_least
    return MissedStop(
        stop,
        urgency,
        floor,
        unsafe=urgency != "week" or (floor is not None and step < floor),
        questions=tuple(each.question for each in differences if each.question in behind),
    )


class _Pair:
    """Two sets of answers to one pathway."""

    def __init__(self, pathway: Pathway, own: Answers, expert: Answers) -> None:
        self._pathway = pathway
        self._own, self._expert = own, expert
        self._counting = _counting(pathway, own), _counting(pathway, expert)
        self._reached = reach(pathway, own), reach(pathway, expert)

    def differences(self) -> list[Difference]:
        own, expert = self._counting
        return [
            self._difference(id_)
            for id_, question in self._pathway.questions.items()
            if question.kind != "text" and own.get(id_) != expert.get(id_)
        ]

    def _difference(self, id_: str) -> Difference:
        own, expert = (each.get(id_) for each in self._counting)
        before_own, before_expert = self._reached
        kind = self._kind(id_, own, expert)
        # A question that the other way never asks has no answer there to be put in place.
        as_own = before_expert if kind == "not_reached" else self._put(self._expert, id_, own)
        as_expert = before_own if kind == "beyond" else self._put(self._own, id_, expert)
        return Difference(
            id_,
            kind,
            own,
            expert,
            on_expert=Effect(before_expert, as_own),
            on_own=Effect(before_own, as_expert),
        )

    def _kind(self, id_: str, own: Answer | None, expert: Answer | None) -> Kind:
        if expert is None:
            return "beyond"
        if own is not None:
            return "other"
        asked = get_fact_states(self._pathway, self._own).is_asked(id_)
        return "not_reached" if asked is False else "not_answered"

    def _put(self, answers: Answers, id_: str, answer: Answer | None) -> Reached:
        return reach(self._pathway, with_answer(answers, id_, answer))


def _counting(pathway: Pathway, answers: Answers) -> Mapping[str, Answer]:
    """Return the answers whose questions are asked, or may be."""
    counts = find_counting_answers(pathway, answers)
    return {id_: answer for id_, answer in answers.items() if counts.get(id_)}
