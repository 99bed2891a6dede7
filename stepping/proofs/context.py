"""What the proofs share: a pathway's rules as diagrams, and how a finding is made of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from stepping.pathway.model import MinimumStep, Pathway, ReadyRule
from stepping.proofs.answer_space import AnswerSpace
from stepping.proofs.diagrams import Assignment, Node
from stepping.proofs.findings import Case, FindingMaker, describe_decision


class ProofContext(FindingMaker):
    """A pathway over the space of its answer sets."""

    def __init__(self, pathway: Pathway) -> None:
        super().__init__(pathway)
        self.space = AnswerSpace.of(pathway)
        self.logic = self.space.diagrams

    def where_fires(self, rule: ReadyRule) -> Node:
        """Return where a rule fires."""
        return self.space.where_true(rule.condition)

    def where_speaks(self, rule: ReadyRule) -> Node:
        """Return where a rule fires and the step is one on which it says something."""
        return self.space.where_speaks(rule)

    def where_asks(self, minimum: MinimumStep) -> Node:
        """Return where a rule asks for a minimum step."""
        return self.space.where_true(minimum.condition)

    @cached_property
    def answered(self) -> Node:
        """Where every required answer is given: what a suggested step needs."""
        return self.logic.conj_all(
            self.logic.neg(self.logic.conj(self.space.asked(id_).true, self.space.unanswered(id_)))
            for id_, question in self.pathway.questions.items()
            if question.required
        )

    def make_case(self, assignment: Assignment, worst: Iterable[int] = ()) -> Case:
        """Return the answers of an assignment, with every stop that holds recorded."""
        recorded = tuple(
            rule.id
            for rule in self.pathway.stops
            if self.logic.value_at(self.where_fires(rule), assignment)
        )
        return Case(self.space.answers(assignment, tuple(worst)), recorded)

    def where_step(self, step: int) -> Node:
        """Return where the step is this one, once every stop that holds is recorded."""
        return self.logic.threshold(self.space.outcome, lambda rank: rank // 2 == step)

    def describe(self, case: Case) -> str:
        """Return what is decided on a case, in a few words."""
        return describe_decision(case.decide(self.pathway))
