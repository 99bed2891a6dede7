"""What a change of a pathway does: exactly which answer sets lead to another step, stop or urgency.

Both versions are read over one space of answers (`proofs.answer_space`), so that "differs" is
exact. The answer sets that differ are then described as conditions on facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from itertools import chain

from stepping.decision.outcome import URGENCIES
from stepping.pathway.condition import Compare, Condition, Not
from stepping.pathway.model import Fact, Pathway, ReadyRule
from stepping.proofs.answer_space import AnswerSpace, Levels, highest_level, rank_minimum_steps
from stepping.proofs.diagrams import FALSE, TRUE, DecisionDiagrams, Node
from stepping.proofs.findings import Case
from stepping.versions.regions import Atom, Atoms, Region, TwoValued, describe_region
from stepping.versions.spaces import TwoSpaces


@dataclass(frozen=True)
class Move:
    """Answer sets that lead somewhere else in the new version than in the old one."""

    of: str
    """`step`, `urgency`, or the id of a stop."""
    was: str
    becomes: str
    where: tuple[Region, ...]
    """The answer sets as conditions, of which any holds; for complete answers."""
    more: bool
    """Whether there are more conditions than are listed."""
    example: Case
    """The smallest of them, complete if there is a complete one."""
    complete: bool
    """Whether they include complete answer sets, and not only some with answers missing."""
    share: float
    """As `TwoSpaces.share` of the whole answer sets; of a step, of those without a stop."""

    def as_json(self) -> dict[str, object]:
        """Return the move as plain data."""
        return asdict(self) | {"example": self.example.as_json()}


def compare_pathways(old: Pathway, new: Pathway) -> tuple[Move, ...]:
    """Return every way in which the outcome of some answers differs between two versions.

    Steps are compared with the safety steps of every stop recorded, since an open stop has none.
    """
    return list_moves(TwoSpaces(old, new))


def list_moves(spaces: TwoSpaces) -> tuple[Move, ...]:
    """Return what `compare_pathways` does, of two versions that share a space already."""
    return tuple(_Comparison(spaces).moves())


class _Comparison:
    def __init__(self, spaces: TwoSpaces) -> None:
        self.spaces, self.logic = spaces, spaces.logic
        self.old, self.new = spaces.old, spaces.new

    def moves(self) -> Iterator[Move]:
        yield from self._pairs("step", rank_minimum_steps, _step_name)
        yield from self._stops()
        yield from self._pairs("urgency", _urgent, _urgency_name)

    @cached_property
    def facts(self) -> _Facts:
        return _Facts(self.old, self.new)

    def _pairs(
        self,
        of: str,
        levels: Callable[[Pathway], Levels],
        name: Callable[[int], str],
    ) -> Iterator[Move]:
        """Yield every pair of outcomes between which some answers move."""
        before, after = levels(self.old.pathway), levels(self.new.pathway)
        base = (_base(self.old.pathway), _base(self.new.pathway)) if of == "step" else (0, 0)
        old = highest_level(self.logic, self.old.where_true, before, base[0])
        new = highest_level(self.logic, self.new.where_true, after, base[1])
        if old == new:
            return
        facts = self.facts
        described_old = highest_level(facts.logic, facts.old, before, base[0])
        described_new = highest_level(facts.logic, facts.new, after, base[1])
        for was in sorted({base[0], *(level for _, level in before)}):
            for becomes in sorted({base[1], *(level for _, level in after)}):
                if was != becomes:
                    yield from self._move(
                        (of, name(was), name(becomes)),
                        _between(self.logic, old, was, new, becomes),
                        _between(facts.logic, described_old, was, described_new, becomes),
                    )

    def _stops(self) -> Iterator[Move]:
        old = {rule.id: rule.condition for rule in self.old.pathway.stops}
        new = {rule.id: rule.condition for rule in self.new.pathway.stops}
        for id_ in dict.fromkeys((*old, *new)):
            before = self.old.where_true(old[id_]) if id_ in old else FALSE
            after = self.new.where_true(new[id_]) if id_ in new else FALSE
            if before == after:
                continue
            described_before = self.facts.old(old[id_]) if id_ in old else FALSE
            described_after = self.facts.new(new[id_]) if id_ in new else FALSE
            for names, real, described in (
                (("closed", "open"), (before, after), (described_before, described_after)),
                (("open", "closed"), (after, before), (described_after, described_before)),
            ):
                yield from self._move(
                    (id_, *names),
                    self.logic.conj(self.logic.neg(real[0]), real[1]),
                    self.facts.logic.conj(self.facts.logic.neg(described[0]), described[1]),
                )

    def _move(self, names: tuple[str, str, str], real: Node, described: Node) -> Iterator[Move]:
        """Yield one move, if any answers make it; `real` over answers, `described` over facts."""
        if real == FALSE:
            return
        complete = self.logic.conj(real, self.spaces.complete) != FALSE
        where: tuple[Region, ...] = ()
        more = False
        if complete:
            facts = self.facts
            where, more = describe_region(
                facts, described, facts.first, lambda c: self._happens(real, c)
            )
        among = self.spaces.without_stops if names[0] == "step" else TRUE
        share = self.spaces.share(real, among=among)
        yield Move(*names, where, more, self.spaces.example(real), complete, share)

    def _happens(self, real: Node, condition: Condition) -> bool:
        """Say whether complete answers of a move fulfil a condition on facts."""
        node = self.facts.real(condition)
        return self.logic.conj(self.logic.conj(real, self.spaces.complete), node) != FALSE


def _urgent(pathway: Pathway) -> Levels:
    """Return where which stop holds, least urgent first."""
    found = [(r.condition, 1 + URGENCIES.index(r.rule.stop)) for r in pathway.stops if r.rule.stop]
    return sorted(found, key=lambda pair: pair[1])


def _base(pathway: Pathway) -> int:
    return 2 * pathway.base_step


def _between(logic: DecisionDiagrams, old: Node, was: int, new: Node, becomes: int) -> Node:
    return logic.conj(
        logic.threshold(old, lambda level: level == was),
        logic.threshold(new, lambda level: level == becomes),
    )


def _step_name(rank: int) -> str:
    return f"{rank // 2} or above" if rank % 2 else str(rank // 2)


def _urgency_name(level: int) -> str:
    return URGENCIES[level - 1] if level else "none"


class _Facts(Atoms):
    """Two versions over the facts that their stops and minimum steps name, instead of over answers.

    A fact that means the same in both versions is one atom. A derived one that does not is opened
    up into what it is made of; anything else that does not becomes an atom for each version.
    """

    def __init__(self, old: AnswerSpace, new: AnswerSpace) -> None:
        self._spaces = {"": new, "before": old}
        self._same: dict[str, bool] = {}
        self._memo: dict[tuple[str, Condition], Node] = {}
        named: dict[tuple[str, str], Fact] = {}
        cuts: dict[tuple[str, str], list[Compare]] = {}
        changed = _changed_rules(old, new)
        self.first = 0
        """How many atoms, the first ones, stand in rules that changed."""
        for wanted in (True, False):
            for version, space in self._spaces.items():
                for rule in space.pathway.rules:
                    if (rule.id in changed) is not wanted or not _decides(rule):
                        continue
                    opened = (self._opened(version, each) for each in rule.deciding)
                    for compare in chain.from_iterable(opened):
                        key = self._key(version, compare.fact)
                        named.setdefault(key, space.pathway.facts[compare.fact])
                        cuts.setdefault(key, []).append(compare)
            self.first = self.first or len(named)
        self._keys = {key: number for number, key in enumerate(named)}
        super().__init__(Atom.of(fact, cuts[key], version=key[1]) for key, fact in named.items())

    def old(self, condition: Condition) -> Node:
        """Return where a condition of the old version holds."""
        return self._true("before", condition)

    def new(self, condition: Condition) -> Node:
        """Return where a condition of the new version holds."""
        return self._true("", condition)

    def real(self, condition: Condition) -> Node:
        """Return where, in terms of answers, a condition on atoms certainly holds."""
        return condition.evaluate(TwoValued(self._spaces[""].diagrams, self._compare_answers))

    def _compare_answers(self, comparison: Compare) -> Node:
        fact, _, version = comparison.fact.partition(" ")
        space = self._spaces["before" if version else self._home(fact)]
        return space.where_true(Compare(fact, comparison.operator, comparison.constant))

    def _home(self, fact: str) -> str:
        return "" if fact in self._spaces[""].pathway.facts else "before"

    def _true(self, version: str, condition: Condition) -> Node:
        key = version, condition
        found = self._memo.get(key)
        if found is None:
            algebra = TwoValued(self.logic, partial(self._compare_facts, version))
            found = self._memo[key] = condition.evaluate(algebra)
        return found

    def _compare_facts(self, version: str, comparison: Compare) -> Node:
        inner = self._inside(version, comparison)
        if inner is not None:
            return self._true(version, inner)
        return self.holds(self._keys[self._key(version, comparison.fact)], comparison)

    def _opened(self, version: str, condition: Condition) -> Iterator[Compare]:
        for compare in condition.parts():
            inner = self._inside(version, compare)
            if inner is None:
                yield compare
            else:
                yield from self._opened(version, inner)

    def _inside(self, version: str, compare: Compare) -> Condition | None:
        """Return what a comparison stands for, if its fact is derived and differs."""
        fact = self._spaces[version].pathway.facts[compare.fact]
        if fact.origin != "condition" or self._means_the_same(fact.id):
            return None
        inner = fact.conditions[0]
        yes = (compare.operator == "is") == (compare.constant == "yes")
        return inner if yes else Not(inner)

    def _key(self, version: str, fact: str) -> tuple[str, str]:
        return (fact, "" if self._means_the_same(fact) else version)

    def _means_the_same(self, fact: str) -> bool:
        found = self._same.get(fact)
        if found is None:
            spaces = [s for s in self._spaces.values() if fact in s.pathway.facts]
            found = len(spaces) == 1 or spaces[0].meaning(fact) == spaces[1].meaning(fact)
            self._same[fact] = found
        return found


def _decides(rule: ReadyRule) -> bool:
    return rule.rule.stop is not None or rule.rule.at_least is not None


def _changed_rules(old: AnswerSpace, new: AnswerSpace) -> set[str]:
    """Return the stops and minimum steps that are not the same in both versions."""

    def what(space: AnswerSpace) -> Mapping[str, tuple[object, ...]]:
        return {
            r.id: (
                tuple(map(space.where_true, r.deciding)),
                r.rule.stop,
                r.rule.at_least,
                bool(r.rule.or_above),
                r.rule.then_at_least,
            )
            for r in space.pathway.rules
        }

    before, after = what(old), what(new)
    return {id_ for id_ in before.keys() | after.keys() if before.get(id_) != after.get(id_)}
