"""Decision diagrams: every function of a set of answers as one shared, exact graph.

A diagram asks the variables in a fixed order; each node has one branch for each value of its
variable and each path ends in a leaf. Equal diagrams are the same node, so comparing two of them
is comparing two numbers, and a proof over all assignments visits each node once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Node = int
"""A diagram, by its number within its `DecisionDiagrams`."""

Assignment = dict[int, int]
"""A value for some variables; the others may have any."""

FALSE: Node = 0
TRUE: Node = 1
_IMPOSSIBLE = float("inf")

MOST_NODES = 1_500_000
"""About a gigabyte. Our own pathways need a twentieth of it."""


MOST_BRANCHES = 10 * MOST_NODES
"""Branches of all nodes together: a few nodes with very many values fill the memory too."""
MOST_WORK = 5_000_000
"""Steps of one check, so that it ends; our own pathways take a thirtieth of it."""


class NodeLimitExceeded(Exception):
    """The functions hang together so widely that their diagrams do not fit into memory."""


class DecisionDiagrams:
    """The diagrams over one list of variables.

    `costs` holds, for each variable, what each of its values costs when a cheapest assignment is
    looked for; its lengths say how many values the variables have.
    """

    def __init__(self, costs: Sequence[Sequence[int]]) -> None:
        self._costs = costs
        self._last = len(costs)
        self._work = 0
        self._room = MOST_BRANCHES
        self._levels: list[int] = []
        self._branches: list[tuple[Node, ...]] = []
        self._values: list[int] = []
        self._known: dict[tuple[int, tuple[Node, ...]], Node] = {}
        self._leaves: dict[int, Node] = {}
        self._both: dict[tuple[Node, Node], Node] = {}
        self._either: dict[tuple[Node, Node], Node] = {}
        self._plus: dict[tuple[Node, Node], Node] = {}
        self._choice: dict[tuple[Node, Node, Node], Node] = {}
        self._opposite: dict[Node, Node] = {FALSE: TRUE, TRUE: FALSE}
        self._fixed: dict[tuple[Node, int, int], Node] = {}
        self._implied: dict[tuple[Node, Node], bool] = {}
        self._least: dict[Node, float] = {FALSE: _IMPOSSIBLE, TRUE: 0}
        self.leaf(0)
        self.leaf(1)

    # -- making ------------------------------------------------------------

    def leaf(self, value: int) -> Node:
        """Return the diagram that is the same for every assignment."""
        node = self._leaves.get(value)
        if node is None:
            node = self._leaves[value] = self._new(self._last, (), value)
        return node

    def branch(self, variable: int, values: Sequence[int]) -> Node:
        """Return the diagram that depends on one variable: a leaf for each of its values."""
        return self._node(variable, tuple(self.leaf(value) for value in values))

    def _node(self, level: int, branches: tuple[Node, ...]) -> Node:
        self._work += 1
        if self._work > MOST_WORK:
            raise NodeLimitExceeded
        first = branches[0]
        if branches.count(first) == len(branches):
            return first
        key = level, branches
        node = self._known.get(key)
        if node is None:
            node = self._known[key] = self._new(level, branches, 0)
        return node

    def _new(self, level: int, branches: tuple[Node, ...], value: int) -> Node:
        self._room -= 1 + len(branches)
        if len(self._levels) >= MOST_NODES or self._room < 0:
            raise NodeLimitExceeded
        self._levels.append(level)
        self._branches.append(branches)
        self._values.append(value)
        return len(self._levels) - 1

    def _split(self, level: int, node: Node) -> tuple[Node, ...]:
        if self._levels[node] == level:
            return self._branches[node]
        return (node,) * len(self._costs[level])

    # -- logic -------------------------------------------------------------

    def conj(self, a: Node, b: Node) -> Node:
        """Return a diagram that is true where both are."""
        if a in (b, FALSE) or b == TRUE:
            return a
        if a == TRUE or b == FALSE:
            return b
        key = (a, b) if a < b else (b, a)
        found = self._both.get(key)
        if found is None:
            found = self._both[key] = self._merge(self.conj, a, b)
        return found

    def disj(self, a: Node, b: Node) -> Node:
        """Return a diagram that is true where one of them is."""
        if a in (b, TRUE) or b == FALSE:
            return a
        if a == FALSE or b == TRUE:
            return b
        key = (a, b) if a < b else (b, a)
        found = self._either.get(key)
        if found is None:
            found = self._either[key] = self._merge(self.disj, a, b)
        return found

    def neg(self, a: Node) -> Node:
        """Return a diagram that is true where this one is not."""
        found = self._opposite.get(a)
        if found is None:
            branches = tuple(self.neg(b) for b in self._branches[a])
            found = self._opposite[a] = self._node(self._levels[a], branches)
        return found

    def conj_all(self, nodes: Iterable[Node]) -> Node:
        """Return a diagram that is true where all are."""
        result = TRUE
        for node in nodes:
            result = self.conj(result, node)
        return result

    def disj_all(self, nodes: Iterable[Node]) -> Node:
        """Return a diagram that is true where one of them is."""
        result = FALSE
        for node in nodes:
            result = self.disj(result, node)
        return result

    def implies(self, a: Node, b: Node) -> bool:
        """Say whether one diagram is true wherever another is."""
        if a in (b, FALSE) or b == TRUE:
            return True
        if a == TRUE or b == FALSE:
            return False
        key = a, b
        found = self._implied.get(key)
        if found is None:
            level = min(self._levels[a], self._levels[b])
            pairs = zip(self._split(level, a), self._split(level, b), strict=True)
            found = self._implied[key] = all(self.implies(x, y) for x, y in pairs)
        return found

    # -- numbers -----------------------------------------------------------

    def add(self, a: Node, b: Node) -> Node:
        """Return the sum of two diagrams of numbers."""
        if self._levels[a] == self._levels[b] == self._last:
            return self.leaf(self._values[a] + self._values[b])
        key = (a, b) if a < b else (b, a)
        found = self._plus.get(key)
        if found is None:
            found = self._plus[key] = self._merge(self.add, a, b)
        return found

    def ite(self, condition: Node, then: Node, otherwise: Node) -> Node:
        """Return one diagram where a condition is true and another where it is not."""
        if condition == TRUE or then == otherwise:
            return then
        if condition == FALSE:
            return otherwise
        key = condition, then, otherwise
        found = self._choice.get(key)
        if found is None:
            level = min(self._levels[node] for node in key)
            splits = (self._split(level, node) for node in key)
            branches = tuple(self.ite(*parts) for parts in zip(*splits, strict=True))
            found = self._choice[key] = self._node(level, branches)
        return found

    def negate(self, a: Node) -> Node:
        """Return the numbers of a diagram with the opposite sign."""
        return self._mapped(a, lambda number: -number)

    def threshold(self, a: Node, passes: Callable[[int], bool]) -> Node:
        """Return where the numbers of a diagram pass a test."""
        return self._mapped(a, lambda number: int(passes(number)))

    def _mapped(self, a: Node, change: Callable[[int], int]) -> Node:
        memo: dict[Node, Node] = {}

        def walk(node: Node) -> Node:
            found = memo.get(node)
            if found is None:
                if self._levels[node] == self._last:
                    found = self.leaf(change(self._values[node]))
                else:
                    branches = tuple(walk(branch) for branch in self._branches[node])
                    found = self._node(self._levels[node], branches)
                memo[node] = found
            return found

        return walk(a)

    def _merge(self, operation: Callable[[Node, Node], Node], a: Node, b: Node) -> Node:
        low, other = self._levels[a], self._levels[b]
        if low == other:
            branches = tuple(map(operation, self._branches[a], self._branches[b]))
        elif low < other:
            branches = tuple(operation(branch, b) for branch in self._branches[a])
        else:
            low = other
            branches = tuple(operation(a, branch) for branch in self._branches[b])
        return self._node(low, branches)

    # -- looking -----------------------------------------------------------

    def fix(self, a: Node, variable: int, value: int) -> Node:
        """Return a diagram with one variable fixed at a value."""
        level = self._levels[a]
        if level > variable:
            return a
        if level == variable:
            return self._branches[a][value]
        key = a, variable, value
        found = self._fixed.get(key)
        if found is None:
            branches = tuple(self.fix(branch, variable, value) for branch in self._branches[a])
            found = self._fixed[key] = self._node(level, branches)
        return found

    def nodes(self, a: Node) -> Iterator[tuple[int, tuple[Node, ...]]]:
        """Yield the variable and the branches of every node of a diagram, once each."""
        seen, waiting = {a}, [a]
        while waiting:
            node = waiting.pop()
            if self._levels[node] == self._last:
                continue
            branches = self._branches[node]
            yield self._levels[node], branches
            for branch in branches:
                if branch not in seen:
                    seen.add(branch)
                    waiting.append(branch)

    def variables(self, a: Node) -> set[int]:
        """Return the variables that a diagram depends on."""
        return {level for level, _ in self.nodes(a)}

    def value_at(self, a: Node, assignment: Mapping[int, int]) -> int:
        """Return the leaf of an assignment; a variable without a value takes its first."""
        while self._levels[a] != self._last:
            a = self._branches[a][assignment.get(self._levels[a], 0)]
        return self._values[a]

    def weigh(self, a: Node, weights: Sequence[Sequence[int]]) -> int:
        """Return how many assignments make a diagram true, each value counted by its weight."""
        memo: dict[Node, int] = {FALSE: 0, TRUE: 1}
        totals = [sum(each) for each in weights]

        def walk(node: Node) -> int:
            found = memo.get(node)
            if found is None:
                level = self._levels[node]
                found = memo[node] = sum(
                    weight * walk(branch) * math.prod(totals[level + 1 : self._levels[branch]])
                    for weight, branch in zip(weights[level], self._branches[node], strict=True)
                    if branch != FALSE
                )
            return found

        return walk(a) * math.prod(totals[: self._levels[a]])

    def cost(self, assignment: Mapping[int, int]) -> int:
        """Return what an assignment costs, leaving out the variables that it does not name."""
        return sum(self._costs[variable][value] for variable, value in assignment.items())

    def cheapest(self, *wanted: Node) -> Assignment | None:
        """Return a cheapest assignment that makes all diagrams true, or `None` if there is none.

        The other variables take their first value.
        """
        node = self.conj_all(wanted)
        if node == FALSE:
            return None
        path: Assignment = {}
        while node != TRUE:
            level, branches = self._levels[node], self._branches[node]
            costs = self._costs[level]
            path[level] = min(
                range(len(costs)), key=lambda value: costs[value] + self._cost(branches[value])
            )
            node = branches[path[level]]
        return path

    def _cost(self, node: Node) -> float:
        found = self._least.get(node)
        if found is None:
            costs = self._costs[self._levels[node]]
            found = min(
                cost + self._cost(branch)
                for cost, branch in zip(costs, self._branches[node], strict=True)
            )
            self._least[node] = found
        return found
