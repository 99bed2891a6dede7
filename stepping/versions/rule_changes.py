"""What became of each rule between two versions, and which answers it reaches or leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stepping.pathway.model import ReadyRule
from stepping.proofs.answer_space import AnswerSpace
from stepping.proofs.diagrams import FALSE, Node
from stepping.proofs.findings import Case
from stepping.versions.compare import Move
from stepping.versions.spaces import TwoSpaces

_WORDS = {"id", "when", "because", "source", "basis", "consider"}
"""What a rule says; the rest of it is what it does."""


@dataclass(frozen=True)
class Reach:
    """Answer sets in which a rule holds in one version and not in the other."""

    share: float
    """The share of the whole answer sets; each counts once."""
    example: Case


@dataclass(frozen=True)
class RuleChange:
    """One rule that is new, gone, or does not do the same."""

    rule: ReadyRule
    """As it is now; one that is gone as it was."""
    was: ReadyRule | None
    now: ReadyRule | None
    starts: Reach | None
    """Where it holds now and did not."""
    ends: Reach | None
    """Where it held and does not now."""

    @property
    def kind(self) -> Literal["new", "gone", "changed"]:
        """What became of it."""
        return "new" if self.was is None else "gone" if self.now is None else "changed"


def list_rule_changes(spaces: TwoSpaces) -> Iterator[RuleChange]:
    """Yield every changed rule, in the order of the new version, then those that are gone."""
    old = {rule.id: rule for rule in spaces.old.pathway.rules}
    new = {rule.id: rule for rule in spaces.new.pathway.rules}
    for id_, rule in {**new, **old, **new}.items():  # what is in both, as it is now
        was, now = old.get(id_), new.get(id_)
        before = spaces.old.where_true(was.condition) if was else FALSE
        after = spaces.new.where_true(now.condition) if now else FALSE
        if before != after or _does(was) != _does(now):
            starts, ends = _reach(spaces, after, before), _reach(spaces, before, after)
            yield RuleChange(rule, was, now, starts, ends)


def _reach(spaces: TwoSpaces, there: Node, here: Node) -> Reach | None:
    node = spaces.logic.conj(there, spaces.logic.neg(here))
    return None if node == FALSE else Reach(spaces.share(node), spaces.example(node))


def list_beside(spaces: TwoSpaces) -> Iterator[Move]:
    """Yield where something comes beside the step in one version and not in the other.

    `of` names it, as in `action doctor`; the safety steps of every stop are taken as recorded.
    """
    logic = spaces.logic
    old, new = _beside(spaces.old), _beside(spaces.new)
    for of in dict.fromkeys((*new, *old)):
        before, after = old.get(of, FALSE), new.get(of, FALSE)
        for was, becomes, node in (
            ("no", "yes", logic.conj(after, logic.neg(before))),
            ("yes", "no", logic.conj(before, logic.neg(after))),
        ):
            if node != FALSE:
                yield _move(spaces, of, was, becomes, node)


def _move(spaces: TwoSpaces, of: str, was: str, becomes: str, node: Node) -> Move:
    complete = spaces.logic.conj(node, spaces.complete) != FALSE
    return Move(of, was, becomes, (), False, spaces.example(node), complete, spaces.share(node))


def _beside(space: AnswerSpace) -> dict[str, Node]:
    """Return everything that rules bring beside the step, with where they do."""
    found: dict[str, Node] = {}
    for rule in space.pathway.rules:
        for effect in _effects(rule):
            here = space.where_speaks(rule)
            found[effect] = space.diagrams.disj(found.get(effect, FALSE), here)
    return found


def _effects(ready: ReadyRule) -> Iterator[str]:
    rule = ready.rule
    yield from (f"action {id_}" for id_ in rule.add)
    yield from (f"offer {id_}" for id_ in rule.offer)
    yield from (f"avoid {id_}" for id_ in rule.avoid)
    if rule.provisional:
        yield "provisional"


def _does(ready: ReadyRule | None) -> object:
    return ready.rule.model_dump(exclude=_WORDS) if ready else None
