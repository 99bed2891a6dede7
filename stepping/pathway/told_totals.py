"""Totals of questionnaires that were filled in elsewhere, where nobody tells the single answers.

Under the id of a total an answer says what those of its items add up to that need not be asked one
by one. Items on danger are never among these, nor those that a stop, a minimum step or the asking
of another question looks at by themselves: such an item is asked, and counts beside what was told.
So a told total decides every stop and step as any answers to its items would that add up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

from stepping.pathway.condition import Compare, Condition, NumberState, Or
from stepping.pathway.model import Answers, Fact, Pathway


@dataclass(frozen=True)
class ToldTotal:
    """A total that may be told instead of its items."""

    id: str
    items: tuple[str, ...]
    """The items that are not asked while it holds."""
    apart: tuple[str, ...]
    """The items that are asked all the same, and count beside it."""
    low: int
    high: int
    holds: timedelta
    """How long it counts: as long as the answer of its items that grows old first."""
    counted: bool
    """Whether each item gives 0 or more points, so that none has more than all together."""

    def limit(self, item: NumberState, points: int) -> NumberState:
        """Return what an item can be that nobody answered, where all have so many points."""
        if not self.counted:
            return item
        return replace(item, high=max(item.low, min(item.high, points)))

    def items_with_points(self, condition: Condition | None) -> set[str]:
        """Return the items of which any point is enough for a condition, as in `a >= 1 or b >= 1`.

        That one has some is known of all of them together, though not of which.
        """
        parts = condition.any if isinstance(condition, Or) and self.counted else ()
        enough = {p.fact for p in parts if isinstance(p, Compare) and _any_point(p)}
        return enough.intersection(self.items)


def find_told_totals(pathway: Pathway, answers: Answers) -> tuple[ToldTotal, ...]:
    """Return the totals that were told, those with the most items first."""
    tellable = list_tellable(pathway)
    return tuple(told for id_, told in tellable.items() if id_ in answers)


def find_covered(pathway: Pathway, answers: Answers) -> frozenset[str]:
    """Return the items that need not be asked, since a total that was told speaks for them."""
    return frozenset(item for told in find_told_totals(pathway, answers) for item in told.items)


@lru_cache(maxsize=16)
def list_tellable(pathway: Pathway) -> Mapping[str, ToldTotal]:
    """Return every total that may be told, by its id, those with the most items first."""
    totals = [fact for fact in pathway.facts.values() if fact.origin == "total"]
    found = (_tellable(pathway, fact) for fact in sorted(totals, key=lambda f: -len(f.items)))
    return {told.id: told for told in found if told is not None}


def with_told(pathway: Pathway, questions: Iterable[str]) -> frozenset[str]:
    """Return questions, and the totals that may be told in the place of any of them."""
    wanted = frozenset(questions)
    tellable = list_tellable(pathway).values()
    return wanted | {told.id for told in tellable if not wanted.isdisjoint(told.items)}


def _tellable(pathway: Pathway, total: Fact) -> ToldTotal | None:
    questions = pathway.questions
    if not all(item in questions for item in total.items):
        return None
    open_ = {i for i in total.items if not (questions[i].safety or questions[i].risk)}
    while seen := open_ & _looked_at(pathway, total, open_):
        open_ -= seen
    if not open_:
        return None
    items = tuple(item for item in total.items if item in open_)
    facts = [pathway.facts[item] for item in items]
    low = min(fact.low for fact in facts)
    return ToldTotal(
        total.id,
        items,
        tuple(item for item in total.items if item not in open_),
        sum(fact.low for fact in facts),
        sum(fact.high if fact.kind == "number" else 1 for fact in facts),
        min(questions[item].holds for item in items),
        counted=low >= 0 and all(fact.kind == "number" for fact in facts),
    )


def _any_point(part: Compare) -> bool:
    return (part.operator, part.constant) in ((">=", 1), (">", 0))


def _looked_at(pathway: Pathway, total: Fact, covered: set[str]) -> set[str]:
    """Return the items that something other than the total itself must know.

    That is what a stop, a minimum step or the asking of a question that is not covered rests on.
    """
    whole, found, seen = set(total.items), set[str](), set[str]()
    names = [part.fact for c in _deciding(pathway, covered) for part in c.parts()]
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        fact = pathway.facts[name]
        if fact.origin == "total":
            # A total that counts all of them counts what was told; any other needs its items.
            found.update(() if whole <= set(fact.items) else fact.items)
            continue
        found.add(name)
        names += fact.items
        names += [part.fact for inner in fact.conditions for part in inner.parts()]
    return found


def _deciding(pathway: Pathway, covered: set[str]) -> Iterator[Condition]:
    """Yield the conditions of stops, their cards and minimum steps, and of asking the others."""
    for rule in pathway.rules:
        if rule.rule.stop is not None or rule.rule.minimum_step is not None:
            yield from rule.deciding
            yield from (when for _, when in rule.cards if when is not None)
    for fact in pathway.facts.values():
        if fact.ask_if is not None and fact.id not in covered:
            yield from _but_for_any_point(pathway, fact.ask_if, covered)


def _but_for_any_point(
    pathway: Pathway, condition: Condition, covered: set[str]
) -> Iterator[Condition]:
    """Yield a condition, without what the sum of covered items tells as well as each of them.

    See `ToldTotal.items_with_points`.
    """
    parts = condition.any if isinstance(condition, Or) else (condition,)
    some = [p for p in parts if isinstance(p, Compare) and _any_point(p) and p.fact in covered]
    counted = all(f.kind == "number" and f.low >= 0 for f in map(pathway.facts.get, covered) if f)
    whole = counted and covered <= {part.fact for part in some}
    yield from (part for part in parts if not (whole and part in some))
