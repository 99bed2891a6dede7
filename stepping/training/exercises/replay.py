"""A case as it was assessed: one answer after another, and what each of them leaves open.

Answers that only come never widen the range of steps: `possible_steps` doubts every answer whose
question may still turn out not to be asked. A rule may go again, though, where such a question does
turn out not to be asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from stepping.decision.decide import list_fired
from stepping.decision.interview import Ask, Finished, Stop, find_next, open_stops
from stepping.decision.minimum_steps import possible_steps
from stepping.pathway.model import Answer, Answers, Pathway

Kind = Literal["card", "answer", "recorded"]
"""What came: the client card, an answer, or the safety steps of a stop."""


@dataclass(frozen=True)
class Frame:
    """What stands after one answer more."""

    kind: Kind
    about: str
    """The question or the stop; empty for the client card."""
    lowest: int
    highest: int
    settled: bool
    """Whether nothing that is asked later can change the step or open a stop."""
    stops: tuple[str, ...]
    """The stops that are open now, the most urgent first."""
    holding: tuple[str, ...]
    """The rules that hold now, in the order of the pathway."""
    opened: tuple[str, ...] = ()
    came: tuple[str, ...] = ()
    """The rules that hold now and did not before; a stop is among `opened`."""
    went: tuple[str, ...] = ()
    changes: bool = True
    """Whether anything is other than before."""


def replay(pathway: Pathway, answers: Answers) -> tuple[Frame, ...]:
    """Return the frames of a case in the order of the interview, the client card first.

    Each question of a page is a frame. A stop is recorded where it comes, once what is asked first
    is answered. A question that the case leaves open is skipped.
    """
    return tuple(_Way(pathway, answers).frames())


@dataclass
class _Way:
    pathway: Pathway
    case: Answers
    given: dict[str, Answer] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)
    recorded: set[str] = field(default_factory=set)
    last: Frame | None = None

    def frames(self) -> Iterator[Frame]:
        facts = self.pathway.facts
        self.given = {i: a for i, a in self.case.items() if facts[i].origin == "given"}
        yield self._frame("card", "")
        while True:
            match find_next(self.pathway, self.given, self.skipped, self.recorded):
                case Finished():
                    return
                case Stop(stops, first):
                    open_ = [q.id for page in first for q in page.questions]
                    yield from self._answer(open_) if open_ else self._record(stops)
                case Ask(page):
                    yield from self._answer([q.id for q in page.questions])

    def _answer(self, questions: list[str]) -> Iterator[Frame]:
        for id_ in questions:
            if id_ in self.given:
                continue
            if id_ in self.case:
                self.given[id_] = self.case[id_]
                yield self._frame("answer", id_)
            else:
                self.skipped.add(id_)

    def _record(self, stops: tuple[str, ...]) -> Iterator[Frame]:
        for stop in stops:
            self.recorded.add(stop)
            yield self._frame("recorded", stop)

    def _frame(self, kind: Kind, about: str) -> Frame:
        pathway, given, last = self.pathway, self.given, self.last
        lowest, highest, settled = possible_steps(pathway, given, self.recorded)
        stops = open_stops(pathway, given, self.recorded)
        fired = list_fired(pathway, given, self.recorded)
        holding = tuple(rule.id for rule in pathway.rules if rule.id in fired)
        before = last.holding if last else ()
        new = {*holding} - {*before}
        opened = tuple(stop for stop in stops if stop in new)
        frame = Frame(
            kind,
            about,
            lowest,
            highest,
            settled and not stops,
            stops,
            holding,
            opened,
            tuple(rule for rule in holding if rule in new and rule not in opened),
            tuple(rule for rule in before if rule not in holding),
        )
        self.last = frame
        if last and _state(last) == _state(frame):
            return replace(frame, changes=False)
        return frame


def _state(frame: Frame) -> object:
    return frame.lowest, frame.highest, frame.settled, frame.stops, frame.holding


def next_change(frames: tuple[Frame, ...], at: int) -> int:
    """Return the place of the next frame that changes something; the last one where none does."""
    return next((n for n in range(at + 1, len(frames)) if frames[n].changes), len(frames) - 1)
