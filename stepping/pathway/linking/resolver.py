"""What all steps of linking share: the facts found so far, read conditions, noted faults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stepping.pathway.condition import Compare, Condition
from stepping.pathway.condition_parser import ConditionError, parse_condition
from stepping.pathway.diagnostics import DiagnosticCollector, suggest_nearest
from stepping.pathway.model import Fact
from stepping.pathway.schema import (
    Card,
    Examples,
    Header,
    Instrument,
    Interventions,
    Questions,
    Rules,
)
from stepping.pathway.toml_lines import Place


@dataclass(frozen=True)
class PathwayParts:
    """The files of a pathway as they were read."""

    header: Header
    questions: Questions
    rules: Rules
    interventions: Interventions
    examples: Examples
    instruments: Mapping[str, Instrument]
    cards: Mapping[str, Card]


class Resolver:
    """Finds what a name stands for, and notes every name that stands for nothing."""

    def __init__(self, parts: PathwayParts, faults: DiagnosticCollector) -> None:
        self.parts = parts
        self.faults = faults
        self.facts: dict[str, Fact] = {}
        self.places: dict[str, tuple[str, Place]] = {}
        """The file of each fact and its place in that file."""
        self._unchecked: list[tuple[str, Place, str, Condition, bool]] = []

    def add_fact(self, fact: Fact, file: str, place: Place) -> None:
        """Add a fact; note a name that another one has already."""
        if fact.id in self.facts:
            self.faults.add(file, place, f"{fact.id} is defined twice")
        self.facts[fact.id] = fact
        self.places[fact.id] = file, place

    def read_condition(
        self, text: str | None, file: str, place: Place, *, context: bool = False
    ) -> Condition | None:
        """Read a condition, if there is one; the facts that it names are checked later.

        `context` says that what hangs on it decides nothing, so that it may name what does not.
        """
        if text is None:
            return None
        try:
            condition = parse_condition(text)
        except ConditionError as error:
            self.faults.add(file, place, f"the condition {text!r} cannot be read: {error}")
            return None
        self._unchecked.append((file, place, text, condition, context))
        return condition

    def check_conditions(self) -> None:
        """Note every comparison with an unknown fact or with a value that it never has."""
        for file, place, text, condition, context in self._unchecked:
            for compare in condition.parts():
                fact = self.facts.get(compare.fact)
                if fact is None:
                    self.faults.add_unknown(file, place, "the fact", compare.fact, self.facts)
                elif fault := _comparison_fault(compare, fact):
                    self.faults.add(file, place, f"in {text!r}: {fault}")
                elif fact.context and not context:
                    self.faults.add(file, place, f"in {text!r}: {decides_nothing(fact.id)}")
        self._unchecked.clear()

    def read_checked(self, text: str | None, file: str, place: Place) -> Condition | None:
        """Read a condition and check at once what it names."""
        condition = self.read_condition(text, file, place)
        self.check_conditions()
        return condition

    def check_unique(self, what: str, names: Sequence[str], file: str, place: Place) -> None:
        """Note every name of a list that stands there before."""
        for index, name in enumerate(names):
            if name in names[:index]:
                self.faults.add(file, (*place, index), f"{what} {name} is defined twice")

    def check_known(
        self, what: str, names: Iterable[str], known: Iterable[str], file: str, place: Place
    ) -> None:
        """Note every name that nothing has."""
        known = list(known)
        for name in names:
            if name not in known:
                self.faults.add_unknown(file, place, what, name, known)


def decides_nothing(fact: str) -> str:
    """Return what to say where something names what is context."""
    return f"{fact} is context, so nothing that decides may depend on it"


def _comparison_fault(compare: Compare, fact: Fact) -> str:
    """Say why a comparison can never be right for its fact, or nothing."""
    operator, constant = compare.operator, compare.constant
    match fact.kind:
        case "number":
            return _number_fault(compare, fact)
        case "word" if operator in ("is", "is not"):
            known = constant in fact.words
        case "set" if operator == "has":
            known = constant in fact.words
        case "remark" if operator == "is given":
            return ""
        case _:
            return f"{fact.id} cannot be compared with {operator!r}"
    hint = suggest_nearest(str(constant), fact.words)
    return "" if known else f"{fact.id} is never {constant!r}{hint}"


def _number_fault(compare: Compare, fact: Fact) -> str:
    constant = compare.constant
    if not isinstance(constant, int) or compare.operator in ("has", "is given"):
        return f"{fact.id} is a number, compare it with a number"
    lowest = {">=": fact.low + 1, "<": fact.low + 1}.get(compare.operator, fact.low)
    highest = {">": fact.high - 1, "<=": fact.high - 1}.get(compare.operator, fact.high)
    if not lowest <= constant <= highest:
        return f"{constant} decides nothing: {fact.id} goes from {fact.low} to {fact.high}"
    return ""
