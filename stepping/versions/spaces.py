"""Two versions of a pathway over one space of answers: examples, and how many answers there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property

from stepping.pathway.model import Pathway
from stepping.proofs.answer_space import AnswerSpace
from stepping.proofs.diagrams import FALSE, TRUE, Node
from stepping.proofs.findings import Case
from stepping.proofs.variables import Variable, build_diagrams, build_variables


class TwoSpaces:
    """The answer sets of two versions over the same variables, so that "differs" is exact."""

    def __init__(self, old: Pathway, new: Pathway) -> None:
        variables = build_variables(old, new)
        self.logic = build_diagrams(variables)
        self.old = AnswerSpace(old, variables, self.logic)
        self.new = AnswerSpace(new, variables, self.logic)
        self._weights = [_weights(variable) for variable in variables]

    def example(self, node: Node) -> Case:
        """Return the smallest answers of a diagram that is true somewhere, with their stops.

        They answer what both versions require, where some such do.

        Raises:
            RuntimeError: If it is true nowhere.
        """
        found = self.logic.cheapest(node, self.answered) or self.logic.cheapest(node)
        if found is None:
            raise RuntimeError("a diagram that is not false has no assignment")
        recorded = (
            rule.id
            for space in (self.old, self.new)
            for rule in space.pathway.stops
            if self.logic.value_at(space.where_true(rule.condition), found)
        )
        return Case(self.new.answers(found), tuple(dict.fromkeys(recorded)))

    def share(self, node: Node, *, among: Node = TRUE) -> float:
        """Return the share of the whole answer sets `among` some in which a diagram is true.

        Whole is what answers all that either version asks and nothing else. Each answer set counts
        once: it says nothing of how many clients there are of a kind.
        """
        all_ = self.logic.conj(among, self.exact)
        whole = self.logic.weigh(all_, self._weights)
        part = self.logic.weigh(self.logic.conj(node, all_), self._weights)
        return float(Fraction(part, whole)) if whole else 0.0

    @cached_property
    def without_stops(self) -> Node:
        """Where no stop of either version holds."""
        stops = (
            space.where_true(rule.condition)
            for space in (self.old, self.new)
            for rule in space.pathway.stops
        )
        return self.logic.neg(self.logic.disj_all(stops))

    @cached_property
    def answered(self) -> Node:
        """Where both versions have every answer that they require."""
        return self.logic.conj_all(self._unless_asked(required_only=True))

    @cached_property
    def complete(self) -> Node:
        """Where both versions have an answer to everything that they ask."""
        return self.logic.conj_all(self._unless_asked(required_only=False))

    @cached_property
    def exact(self) -> Node:
        """Where everything that a version asks is answered, and nothing that none asks."""
        logic = self.logic
        asked: dict[str, Node] = {}
        for space in (self.old, self.new):
            for id_ in space.pathway.questions:
                asked[id_] = logic.disj(asked.get(id_, FALSE), logic.neg(space.asked(id_).false))
        nothing_else = (logic.disj(self.new.unanswered(id_), on) for id_, on in asked.items())
        return logic.conj_all((self.complete, *nothing_else, *self._no_stray_options()))

    def _no_stray_options(self) -> Iterator[Node]:
        """Yield that no option is chosen of a question without an answer."""
        for number, variable in enumerate(self.new.variables):
            if variable.option is not None:
                none = self.logic.branch(number, (1, 0))
                yield self.logic.disj(self.logic.neg(self.new.unanswered(variable.id)), none)

    def _unless_asked(self, *, required_only: bool) -> Iterator[Node]:
        for space in (self.old, self.new):
            for id_, question in space.pathway.questions.items():
                if question.required or not required_only:
                    asked = space.asked(id_).true if required_only else TRUE
                    lacks = self.logic.conj(asked, space.unanswered(id_))
                    hidden = FALSE if required_only else space.asked(id_).false
                    yield self.logic.disj(self.logic.neg(lacks), hidden)
            for fact in space.pathway.facts.values():
                if fact.origin == "given" and fact.default is None and not required_only:
                    yield self.logic.neg(space.unanswered(fact.id))


def _weights(variable: Variable) -> Sequence[int]:
    """Return how many answers each value of a variable stands for."""
    return [
        abs(worst - best) + 1 if isinstance(best, int) and isinstance(worst, int) else 1
        for best, worst in zip(variable.best, variable.worst, strict=True)
    ]
