"""Truth for many cases at once: a column of bytes, one a case, worked as one long number.

The meaning of a comparison stays in `pathway.condition` and that of an answer in `decision.facts`.
Here every state that a fact is met in gets a small code, and each comparison is tried once on each
code; what is left for a column is to look its codes up and to join truths with `&` and `|`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, Literal, NamedTuple, TypeVar

from stepping.decision.facts import HIDDEN, drop_declined, score_range, to_state
from stepping.pathway.condition import (
    Compare,
    Condition,
    FactState,
    NumberState,
    Truth,
)
from stepping.pathway.model import NO, YES, Answer, Fact, Pathway

Answered = Literal["answered", "unanswered", "declined"]
"""What tells apart answers that mean the same to every condition."""
CodeColumn = bytes | list[int]
"""One code a case; a list where the fact has more codes than a byte can tell."""
Mask = int
"""One byte a case, 1 where something holds and 0 where not, the first case lowest."""

UNANSWERED = 0
"""The code of a question that has no answer, whatever its fact."""
_ANSWERED = ("given", "question")
_CODES = 256
_MOST_KEPT = 20_000
"""Values that one memo holds; a memo of free texts would otherwise grow with the file."""


Key = TypeVar("Key")
Value = TypeVar("Value")


class TruthMasks(NamedTuple):
    """Where a condition is true and where it is false; where neither, it is not yet known."""

    yes: Mask
    no: Mask


class BoundedCache(dict[Key, Value], Generic[Key, Value]):
    """Remembers what a function returned; forgets all of it once that has become too much."""

    def __init__(self, work_out: Callable[[Key], Value]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, key: Key) -> Value:
        if len(self) >= _MOST_KEPT:
            self.clear()
        value = self[key] = self._work_out(key)
        return value


def to_mask(column: bytes) -> Mask:
    """Return a column of zeros and ones as a mask."""
    return int.from_bytes(column, "little")


def to_column(mask: Mask, rows: int) -> bytes:
    """Return the bytes of a mask, or of a sum of masks that stays below 256 in every case."""
    return mask.to_bytes(rows, "little")


def pack_codes(codes: Iterable[int], codes_in_use: int) -> CodeColumn:
    """Return codes as bytes, or as a list if there are too many for that."""
    return bytes(codes) if codes_in_use <= _CODES else list(codes)


def map_codes(codes: CodeColumn, table: Sequence[int]) -> bytes:
    """Return the entry of a table, 0–255, for each code."""
    if isinstance(codes, bytes):
        return codes.translate(bytes(table[:_CODES]).ljust(_CODES, b"\0"))
    return bytes(map(table.__getitem__, codes))


class StateEncoder:
    """Gives the states of one fact their codes; states that nothing tells apart share one."""

    def __init__(self, comparisons: Iterable[Compare], *, is_item: bool) -> None:
        self.yes = {comparison: bytearray() for comparison in comparisons}
        self.no = {comparison: bytearray() for comparison in self.yes}
        self.points: list[tuple[int, int]] = []
        """The least and the most that each code adds to a total."""
        self._is_item = is_item
        self._known: dict[object, int] = {}

    def __len__(self) -> int:
        return len(self.points)

    def encode(self, *states: FactState, kind: Answered = "answered") -> int:
        """Return the code of a state; the codes of further ones that go with it follow it."""
        signatures = [(*self._truths(state), self._points(state)) for state in states]
        signature = kind, *signatures
        if signature not in self._known:
            self._known[signature] = len(self)
            for state in states:
                self._add(state)
        return self._known[signature]

    def _truths(self, state: FactState) -> Iterator[Truth]:
        return (comparison.holds_in(state) for comparison in self.yes)

    def _points(self, state: FactState) -> tuple[int, int]:
        return score_range(state) if self._is_item else (0, 0)

    def _add(self, state: FactState) -> None:
        for comparison, truth in zip(self.yes, self._truths(state), strict=True):
            self.yes[comparison].append(truth is True)
            self.no[comparison].append(truth is False)
        self.points.append(self._points(state))


class BatchPlan:
    """What all columns of a pathway share: the codes of its facts, met so far."""

    def __init__(self, pathway: Pathway) -> None:
        self.facts = pathway.facts
        items = {item for fact in self.facts.values() for item in fact.items}
        compared: dict[str, dict[Compare, None]] = {id_: {} for id_ in self.facts}
        for condition in pathway.deciding_conditions:
            for comparison in condition.parts():
                compared[comparison.fact][comparison] = None
        self.encoders = {
            id_: StateEncoder(compared[id_], is_item=id_ in items) for id_ in self.facts
        }
        self.numbers = {id_: self._number_codes(id_) for id_ in self.facts}
        self.answerable = [id_ for id_, f in self.facts.items() if f.origin in _ANSWERED]
        """The questions and given facts."""
        self.declined: dict[str, int] = {}
        """The code of a declined answer, for each question where one was met."""
        for id_ in self.answerable:
            self.encode_answer(self.facts[id_], None)  # the first code of each: UNANSWERED

    def encode_answer(self, fact: Fact, answer: Answer | None) -> int:
        """Return the code of an answer; the two after it are doubted, and not asked."""
        value = drop_declined(fact, fact.default if answer is None else answer)
        states: tuple[FactState, ...] = (to_state(fact, value),)
        if fact.ask_if is not None:
            states = *states, to_state(fact, value, maybe_hidden=True), HIDDEN
        sorter = self.encoders[fact.id]
        if answer is None:
            return sorter.encode(*states, kind="unanswered")
        if value is not None:
            return sorter.encode(*states)
        code = self.declined[fact.id] = sorter.encode(*states, kind="declined")
        return code

    def _number_codes(self, id_: str) -> BoundedCache[tuple[int, int], int]:
        sorter = self.encoders[id_]
        return BoundedCache(lambda ends: sorter.encode(NumberState(*ends)))


class FactColumns:
    """What `FactStates` is for one case, for `rows` cases; `answers` are codes by question id."""

    def __init__(
        self, plan: BatchPlan, answers: Mapping[str, CodeColumn], rows: int, *, strict: bool = False
    ) -> None:
        self.every: Mask = to_mask(b"\1" * rows)
        self._plan = plan
        self._answers = answers
        self.rows = rows
        self._strict = strict
        self._codes: dict[str, CodeColumn] = {}
        self._asked: dict[str, TruthMasks] = {}
        self._compared: dict[Compare, TruthMasks] = {}

    def evaluate(self, condition: Condition) -> TruthMasks:
        """Evaluate a condition in every case."""
        return condition.evaluate(self)

    def compare(self, comparison: Compare) -> TruthMasks:
        """Compare a fact in every case; the same comparison is worked out once."""
        if comparison not in self._compared:
            encoder = self._plan.encoders[comparison.fact]
            codes = self._look(comparison.fact)
            self._compared[comparison] = TruthMasks(
                to_mask(map_codes(codes, encoder.yes[comparison])),
                to_mask(map_codes(codes, encoder.no[comparison])),
            )
        return self._compared[comparison]

    def neg(self, part: TruthMasks) -> TruthMasks:
        """Return the opposite in every case."""
        return TruthMasks(part.no, part.yes)

    def conj(self, parts: Iterable[TruthMasks]) -> TruthMasks:
        """Return where all parts hold, and where one does not."""
        yes, no = self.every, 0
        for part in parts:
            yes, no = yes & part.yes, no | part.no
        return TruthMasks(yes, no)

    def disj(self, parts: Iterable[TruthMasks]) -> TruthMasks:
        """Return where any part holds, and where none does."""
        yes, no = 0, self.every
        for part in parts:
            yes, no = yes | part.yes, no & part.no
        return TruthMasks(yes, no)

    def asked(self, question: str) -> TruthMasks:
        """Say in which cases a question is asked, and in which it is not."""
        if question not in self._asked:
            ask_if = self._plan.facts[question].ask_if
            always = TruthMasks(self.every, 0)
            self._asked[question] = always if ask_if is None else self.evaluate(ask_if)
        return self._asked[question]

    def unanswered(self, question: str) -> Mask:
        """Say in which cases a question or given fact has no answer."""
        table = [code == UNANSWERED for code in range(len(self._plan.encoders[question]))]
        return to_mask(map_codes(self._answers[question], table))

    def declined(self, question: str) -> Mask:
        """Say in which cases a question was declined."""
        declined = self._plan.declined.get(question)
        if declined is None:
            return 0
        table = [code == declined for code in range(len(self._plan.encoders[question]))]
        return to_mask(map_codes(self._answers[question], table))

    def _look(self, fact: str) -> CodeColumn:
        if fact not in self._codes:
            self._codes[fact] = self._work_out(self._plan.facts[fact])
        return self._codes[fact]

    def _work_out(self, fact: Fact) -> CodeColumn:
        match fact.origin:
            case "given" | "question":
                return self._of_question(fact)
            case "total":
                return self._total(fact)
            case "condition":
                return self._yes_or_no(fact)
            case "count":
                return self._count(fact)
            case "difference":
                return self._difference(fact)

    def _of_question(self, fact: Fact) -> CodeColumn:
        codes = self._answers[fact.id]
        if fact.ask_if is None:
            return codes
        asked = self.asked(fact.id)
        doubtful = self.every ^ asked.yes ^ asked.no
        if not self._strict:
            doubtful &= self.unanswered(fact.id) | self.declined(fact.id)
        shift = doubtful + 2 * asked.no
        if isinstance(codes, bytes):
            return to_column(to_mask(codes) + shift, self.rows)
        return [code + more for code, more in zip(codes, to_column(shift, self.rows), strict=True)]

    def _total(self, fact: Fact) -> CodeColumn:
        looks = [(self._look(item), self._plan.encoders[item].points) for item in fact.items]
        least = [(codes, [low for low, _ in ends]) for codes, ends in looks]
        most = [(codes, [high for _, high in ends]) for codes, ends in looks]
        return self._number(fact, self._added(least), self._added(most))

    def _difference(self, fact: Fact) -> CodeColumn:
        (later, ends), (earlier, taken) = (
            (self._look(item), self._plan.encoders[item].points) for item in fact.items
        )
        least = [(later, [low for low, _ in ends]), (earlier, [-high for _, high in taken])]
        most = [(later, [high for _, high in ends]), (earlier, [-low for low, _ in taken])]
        return self._number(fact, self._added(least), self._added(most))

    def _count(self, fact: Fact) -> CodeColumn:
        truths = [self.evaluate(condition) for condition in fact.conditions]
        least = [(to_column(t.yes, self.rows), [0, 1]) for t in truths]
        most = [(to_column(self.every ^ t.no, self.rows), [0, 1]) for t in truths]
        return self._number(fact, self._added(least), self._added(most))

    def _added(self, parts: Sequence[tuple[CodeColumn, list[int]]]) -> Sequence[int]:
        """Return the sum, in each case, of what its codes are worth."""
        if sum(max(worth) for _, worth in parts) < _CODES and all(
            min(worth) >= 0 for _, worth in parts
        ):
            added = sum(to_mask(map_codes(codes, worth)) for codes, worth in parts)
            return to_column(added, self.rows)
        columns = [map(worth.__getitem__, codes) for codes, worth in parts]
        return [sum(points) for points in zip(*columns, strict=True)]

    def _number(self, fact: Fact, low: Sequence[int], high: Sequence[int]) -> CodeColumn:
        memo = self._plan.numbers[fact.id]
        codes = [memo[ends] for ends in zip(low, high, strict=True)]
        return pack_codes(codes, len(self._plan.encoders[fact.id]))

    def _yes_or_no(self, fact: Fact) -> CodeColumn:
        yes, no = self.evaluate(fact.conditions[0])
        code = self._plan.encoders[fact.id].encode
        table = [code(to_state(fact, answer)) for answer in (None, YES, NO)]
        return map_codes(to_column(yes + 2 * no, self.rows), table)
