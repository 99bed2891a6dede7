"""Checks how facts hang on each other: not too deep, in no circle, each asked before it is used."""

from __future__ import annotations

from collections.abc import Iterable

from stepping.pathway.condition import Condition, count_levels
from stepping.pathway.diagnostics import DiagnosticCollector
from stepping.pathway.linking.resolver import Resolver
from stepping.pathway.model import QuestionPage

MOST_LEVELS = 80
"""Facts that hang on each other, parentheses counted; the deepest that we know has six."""
MOST_SUMMED = 1000
"""Values of a number that a total or a difference is made of: a proof tells all of them apart."""


def check_levels(resolver: Resolver) -> None:
    """Note facts that hang on each other over more levels than anybody could follow.

    A level is a fact that waits for another one, or a parenthesis of its condition.
    """
    facts = resolver.facts
    for id_ in sorted({item for fact in facts.values() for item in fact.items} & facts.keys()):
        fact = facts[id_]
        if fact.origin in ("given", "question") and fact.high - fact.low >= MOST_SUMMED:
            message = f"{id_} is part of a sum, so it may have at most {MOST_SUMMED} values"
            resolver.faults.add(*resolver.places[id_], message)
    for id_, depth in _depths(resolver).items():
        if depth > MOST_LEVELS:
            message = f"{id_} hangs on other facts over {depth} levels; at most {MOST_LEVELS}"
            resolver.faults.add(*resolver.places[id_], message)
            return


def _depths(resolver: Resolver) -> dict[str, int]:
    """Return over how many levels each fact hangs on others; none for a fact in a circle."""
    waits: dict[str, set[str]] = {}
    own: dict[str, int] = {}
    for fact in resolver.facts.values():
        conditions = (*fact.conditions, *([fact.ask_if] if fact.ask_if else ()))
        named = (compare.fact for each in conditions for compare in each.parts())
        waits[fact.id] = {*fact.items, *named} - {fact.id}
        own[fact.id] = 1 + max(map(count_levels, conditions), default=0)
    depths: dict[str, int] = {}
    while ready := [id_ for id_, bases in waits.items() if not bases - depths.keys()]:
        for id_ in ready:
            depths[id_] = own[id_] + max((depths[base] for base in waits.pop(id_)), default=0)
    return depths


def check_order(resolver: Resolver, pages: Iterable[QuestionPage]) -> None:
    """Note facts that depend on themselves, and questions that wait for a later one."""
    order = {q.id: n for n, page in enumerate(pages) for q in page.questions}
    inputs = _Inputs(resolver)
    for id_, position in order.items():
        condition = resolver.facts[id_].ask_if
        if condition is None:
            continue
        for base in sorted(inputs.find(condition, (id_,))):
            if order.get(base, -1) >= position:
                file, place = resolver.places[id_]
                message = f"{id_} depends on {base}, which is not asked before it"
                resolver.faults.add(file, (*place, "ask_if"), message)
    for fact in resolver.facts.values():
        for condition in fact.conditions:
            inputs.find(condition, (fact.id,))


class _Inputs:
    """Finds the questions on which conditions rest; notes circles on the way."""

    def __init__(self, resolver: Resolver) -> None:
        self._facts = resolver.facts
        self._places = resolver.places
        self._faults: DiagnosticCollector = resolver.faults
        self._known: dict[str, set[str]] = {}

    def find(self, condition: Condition, path: tuple[str, ...]) -> set[str]:
        """Return the questions that a condition rests on; `path` leads to it."""
        found: set[str] = set()
        for compare in condition.parts():
            fact = self._facts[compare.fact]
            if fact.id in path:
                self._add_circle(path[path.index(fact.id) :])
                continue
            if fact.id not in self._known:  # each once, however many ways lead to it
                under = {fact.id} if fact.origin == "question" else set()
                under.update(fact.items)
                for inner in fact.conditions:
                    under |= self.find(inner, (*path, fact.id))
                self._known[fact.id] = under
            found |= self._known[fact.id]
        return found

    def _add_circle(self, circle: tuple[str, ...]) -> None:
        """Note a circle once, from its first name in the alphabet."""
        start = circle.index(min(circle))
        names = (*circle[start:], *circle[:start], circle[start])
        message = f"facts depend on each other in a circle: {' → '.join(names)}"
        self._faults.add(*self._places[names[0]], message)
