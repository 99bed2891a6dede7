"""Describes a set of answer sets in few conditions on facts, such as `phq9.total is 9 and …`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from stepping.pathway.condition import (
    And,
    Compare,
    Condition,
    FactState,
    HiddenState,
    Not,
    NumberState,
    Or,
    RemarkState,
    SetState,
    WordState,
)
from stepping.pathway.model import Fact
from stepping.proofs.diagrams import FALSE, TRUE, DecisionDiagrams, Node

MOST = 12
"""Conditions that a description lists at most; nobody reads more."""

_TRIES = 400
"""Conditions that are tried before a description is cut short."""


@dataclass(frozen=True)
class Atom:
    """A fact as a description sees it: the cells of its values, and maybe "not asked"."""

    name: str
    states: tuple[FactState, ...]
    """One state for each cell; `Hidden` comes first where the fact can be hidden."""
    spans: tuple[tuple[int, int], ...] = ()
    """For a number, the lowest and highest value of each cell that is not hidden."""
    low: int = 0
    high: int = 0

    @classmethod
    def of(cls, fact: Fact, compares: Sequence[Compare], *, version: str = "") -> Atom:
        """Return a fact with the cells that some comparisons tell apart."""
        name = f"{fact.id} ({version})" if version else fact.id
        hidden: tuple[FactState, ...] = () if fact.ask_if is None else (HiddenState(),)
        match fact.kind:
            case "number":
                cuts = {c for compare in compares for c in compare.cuts}
                starts = sorted({fact.low, *(c for c in cuts if fact.low < c <= fact.high)})
                ends = [*(start - 1 for start in starts[1:]), fact.high]
                spans = tuple(zip(starts, ends, strict=True))
                states = tuple(NumberState(low, low) for low, _ in spans)
                return cls(name, (*hidden, *states), spans, fact.low, fact.high)
            case "word":
                return cls(name, (*hidden, *(WordState(frozenset({w})) for w in fact.words)))
            case "set":
                chosen = dict.fromkeys(str(compare.constant) for compare in compares)
                return cls(name, (*hidden, *_subsets(list(chosen))))
            case "remark":
                return cls(name, (*hidden, RemarkState(given=False), RemarkState(given=True)))


def _subsets(options: Sequence[str]) -> Iterator[FactState]:
    for bits in range(2 ** len(options)):
        yield SetState(frozenset(o for n, o in enumerate(options) if bits >> n & 1))


class Atoms:
    """Diagrams over atoms."""

    def __init__(self, atoms: Iterable[Atom]) -> None:
        self.atoms = tuple(atoms)
        self.logic = DecisionDiagrams([[0] * len(atom.states) for atom in self.atoms])

    def holds(self, number: int, compare: Compare) -> Node:
        """Return where a comparison of an atom holds."""
        states = self.atoms[number].states
        return self.logic.branch(number, [int(bool(compare.holds_in(state))) for state in states])


@dataclass(frozen=True)
class TwoValued:
    """The algebra of conditions that are true or false everywhere, over some diagrams."""

    logic: DecisionDiagrams
    compare: Callable[[Compare], Node]

    def neg(self, part: Node) -> Node:
        """Return where a part does not hold."""
        return self.logic.neg(part)

    def conj(self, parts: Iterable[Node]) -> Node:
        """Return where all parts hold."""
        return self.logic.conj_all(parts)

    def disj(self, parts: Iterable[Node]) -> Node:
        """Return where any part holds."""
        return self.logic.disj_all(parts)


@dataclass(frozen=True)
class Region:
    """One condition of a description, in two parts that both hold."""

    condition: str
    """On the facts that a change is about."""
    besides: str
    """On all other facts; empty if they may be anything."""


Cube = dict[int, frozenset[int]]
"""For some atoms, the cells that they may be in."""


def describe_region(
    atoms: Atoms, region: Node, first: int, happens: Callable[[Condition], bool]
) -> tuple[tuple[Region, ...], bool]:
    """Return conditions of which any holds just inside a region, and whether there are more.

    The `first` atoms are what the description is about. `happens` says whether answers fulfil a
    condition at all: facts depend on each other, and what cannot happen is not told.
    """
    found: list[Region] = []
    left = region
    for _ in range(_TRIES):
        if left == FALSE:
            return tuple(found), False
        if len(found) == MOST:
            break
        cube = _widened(atoms, _path(atoms, left), region)
        left = atoms.logic.conj(left, atoms.logic.neg(_node(atoms, cube)))
        about, besides = (
            _condition(atoms, {v: cells for v, cells in cube.items() if (v < first) is wanted})
            for wanted in (True, False)
        )
        if happens(And((about, besides))):
            found.append(Region(str(about), str(besides)))
    return tuple(found), left != FALSE


def _path(atoms: Atoms, region: Node) -> Cube:
    """Return a cube in a region: the cells along one path, with those that lead the same way."""
    cube: Cube = {}
    while region != TRUE:
        variable, branches = next(iter(atoms.logic.nodes(region)))
        after = next(branch for branch in branches if branch != FALSE)
        cube[variable] = frozenset(n for n, branch in enumerate(branches) if branch == after)
        region = after
    return cube


def _widened(atoms: Atoms, cube: Cube, region: Node) -> Cube:
    """Return a cube with as few and as wide parts as still lie in the region."""
    for variable in sorted(cube, reverse=True):
        without = {v: cells for v, cells in cube.items() if v != variable}
        if atoms.logic.implies(_node(atoms, without), region):
            cube = without
            continue
        for cell in range(len(atoms.atoms[variable].states)):
            wider = {**cube, variable: cube[variable] | {cell}}
            if atoms.logic.implies(_node(atoms, wider), region):
                cube = wider
    return cube


def _node(atoms: Atoms, cube: Cube) -> Node:
    return atoms.logic.conj_all(
        atoms.logic.branch(v, [int(n in cells) for n in range(len(atoms.atoms[v].states))])
        for v, cells in cube.items()
    )


# -- in the words of the files -----------------------------------------------


def _condition(atoms: Atoms, cube: Cube) -> Condition:
    """Return a cube as a condition; an empty one as the empty `And`, which always holds."""
    parts = tuple(_part(atoms.atoms[v], cells) for v, cells in sorted(cube.items()))
    flat = tuple(p for part in parts for p in (part.all if isinstance(part, And) else (part,)))
    return flat[0] if len(flat) == 1 else And(flat)


def _part(atom: Atom, cells: frozenset[int]) -> Condition:
    """Return the condition for some cells of an atom; what is not asked compares false."""
    everything = frozenset(range(len(atom.states)))
    if isinstance(atom.states[0], HiddenState) and 0 in cells:
        rest = everything - cells
        return Not(_part(atom, rest)) if rest else Compare(atom.name, "is", "anything")
    if atom.spans:
        return _number(atom, cells)
    if isinstance(atom.states[-1], SetState):
        return _chosen(atom, cells)
    parts = tuple(part for cell in sorted(cells) for part in _named(atom, cell))
    return parts[0] if len(parts) == 1 else Or(parts)


def _chosen(atom: Atom, cells: frozenset[int]) -> Condition:
    """Return what all cells of a multiple choice have in common, if that is all."""
    states = [state for state in atom.states if isinstance(state, SetState)]
    shift = len(atom.states) - len(states)
    options = sorted(frozenset[str]().union(*(state.values or () for state in states)))
    here = [states[cell - shift].values or frozenset() for cell in sorted(cells)]
    common = [o for o in options if len({o in values for values in here}) == 1]
    if len(here) == 2 ** (len(options) - len(common)):
        return _has(atom, here[0], common)
    return Or(tuple(_has(atom, values, options) for values in here))


def _has(atom: Atom, values: frozenset[str], options: Sequence[str]) -> Condition:
    parts: list[Condition] = []
    for option in options:
        has = Compare(atom.name, "has", option)
        parts.append(has if option in values else Not(has))
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _named(atom: Atom, cell: int) -> Iterator[Condition]:
    match atom.states[cell]:
        case WordState(values):
            yield from (Compare(atom.name, "is", value) for value in values)
        case RemarkState(given):
            asked = Compare(atom.name, "is given", "given")
            yield asked if given else Not(asked)
        case _:
            return


def _number(atom: Atom, cells: frozenset[int]) -> Condition:
    hidden = len(atom.states) - len(atom.spans)
    runs: list[tuple[int, int]] = []
    for cell in sorted(cells):
        low, high = atom.spans[cell - hidden]
        if runs and runs[-1][1] + 1 == low:
            runs[-1] = runs[-1][0], high
        else:
            runs.append((low, high))
    parts = tuple(_run(atom, low, high) for low, high in runs)
    return parts[0] if len(parts) == 1 else Or(parts)


def _run(atom: Atom, low: int, high: int) -> Condition:
    if low == high:
        return Compare(atom.name, "is", low)
    if low == atom.low:
        return Compare(atom.name, "<=", high)
    if high == atom.high:
        return Compare(atom.name, ">=", low)
    return And((Compare(atom.name, ">=", low), Compare(atom.name, "<=", high)))
