"""When a form shows a question: what the pathway's condition leaves open, as FHIR's `enableWhen`.

The interview asks a question unless its condition is certainly false, so what is not answered yet
hides nothing. A form says the same by "is not answered, or is one of these". Where a condition
needs more than FHIR's one level of any or all, there is no `Visibility`, and the form shows the
question always.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from stepping.decision.facts import to_state
from stepping.pathway.condition import Compare
from stepping.pathway.model import DECLINED, Answer, Fact, Pathway, Question

UNANSWERED = ""
"""Stands for a question without an answer; no answer is an empty word."""
_MOST_TERMS = 200
_MOST_POINTS = 200

Term = Mapping[str, frozenset[str]]
"""Which answers some questions may have, by question; all of them must."""


class NoForm(Exception):
    """A condition that no form can tell."""


@dataclass(frozen=True)
class Visibility:
    """A question is shown where any of these terms holds."""

    terms: tuple[Term, ...]

    @property
    def always(self) -> bool:
        """Whether nothing hides the question."""
        return any(not term for term in self.terms)

    def shows(self, answers: Mapping[str, str]) -> bool:
        """Say whether a question is shown by the answers, each as a word."""
        return any(
            all(answers.get(id_, UNANSWERED) in allowed for id_, allowed in term.items())
            for term in self.terms
        )


@dataclass(frozen=True)
class _Possible:
    """Where a condition may be true, and where it may be false; `None` where none can tell."""

    true: tuple[Term, ...] | None
    false: tuple[Term, ...] | None


def find_visibility(pathway: Pathway, question: Question) -> Visibility | None:
    """Return when a form shows a question; `None` where the condition cannot be told in a form."""
    if question.ask_if is None:
        return Visibility(({},))
    forms = _Forms(pathway)
    try:
        found = question.ask_if.evaluate(forms).true
    except NoForm:
        return None
    terms = _simplified(found, forms.whole) if found else ()
    one_level = all(len(term) <= 1 for term in terms)
    return Visibility(terms) if terms and one_level else None


def list_answers(question: Question) -> tuple[str, ...]:
    """Return every answer that a form may give to a question, as words.

    Raises:
        NoForm: If they cannot be listed.
    """
    declined = (DECLINED,) if question.declinable else ()
    if question.kind in ("integer", "scale"):
        if question.high - question.low > _MOST_POINTS:
            raise NoForm
        return (*map(str, range(question.low, question.high + 1)), *declined)
    if question.kind in ("yesno", "choice"):
        return (*question.words, *declined)
    raise NoForm


class _Forms:
    """The algebra of forms: each condition as the answers by which it may be true or false."""

    def __init__(self, pathway: Pathway) -> None:
        self._pathway = pathway
        self.whole: dict[str, frozenset[str]] = {}
        """Every answer that a question may have, and none, by question."""

    def compare(self, comparison: Compare) -> _Possible:
        """Return where a comparison may be true, and where it may be false.

        Raises:
            NoForm: If it is about more than the answers of a form tell.
        """
        fact = self._pathway.facts[comparison.fact]
        match fact.origin:
            case "given":
                return self._given(fact, comparison)
            case "question":
                return self._answered(fact, comparison)
            case "condition" if comparison.constant in ("yes", "no"):
                inner = fact.conditions[0].evaluate(self)
                same = (comparison.constant == "yes") == (comparison.operator == "is")
                return inner if same else self.neg(inner)
            case "total" if _is_above_zero(comparison):
                return self.disj(self._above_zero(item) for item in fact.items)
        raise NoForm

    def neg(self, part: _Possible) -> _Possible:
        """Return the opposite."""
        return _Possible(part.false, part.true)

    def conj(self, parts: Iterable[_Possible]) -> _Possible:
        """Return all parts together."""
        found = list(parts)
        return _Possible(_both(p.true for p in found), _either(p.false for p in found))

    def disj(self, parts: Iterable[_Possible]) -> _Possible:
        """Return any of the parts."""
        found = list(parts)
        return _Possible(_either(p.true for p in found), _both(p.false for p in found))

    def _above_zero(self, item: str) -> _Possible:
        """Return where an item adds to a total; refused adds, as yes does."""
        fact = self._pathway.facts[item]
        if fact.kind == "number" and fact.low >= 0:
            return self.compare(Compare(item, ">=", 1))
        if fact.kind == "word":
            return self.compare(Compare(item, "is not", "no"))
        raise NoForm

    def _given(self, fact: Fact, comparison: Compare) -> _Possible:
        """Return what the client card leaves open: a form knows nothing of what stands there."""
        truth = comparison.holds_in(to_state(fact, None))
        return _Possible(({},) if truth is not False else (), ({},) if truth is not True else ())

    def _answered(self, fact: Fact, comparison: Compare) -> _Possible:
        question = self._pathway.questions[fact.id]
        true, false = set(), set()
        for word in (UNANSWERED, *list_answers(question)):
            answer: Answer | None = None if word in (UNANSWERED, DECLINED) else word
            truth = comparison.holds_in(to_state(fact, answer))
            true |= {word} if truth is not False else set()
            false |= {word} if truth is not True else set()
        asked: tuple[Term, ...] = ({},)
        if question.ask_if is not None:
            own = question.ask_if.evaluate(self).true
            if own is None:
                raise NoForm
            asked = own
        whole = self.whole[fact.id] = frozenset({UNANSWERED, *list_answers(question)})
        return _Possible(
            _both((asked, _term(fact.id, true, whole))),
            _term(fact.id, false, whole) if question.ask_if is None else None,
        )


def _term(question: str, allowed: set[str], whole: frozenset[str]) -> tuple[Term, ...]:
    if not allowed:
        return ()
    return ({},) if allowed == whole else ({question: frozenset(allowed)},)


def _is_above_zero(comparison: Compare) -> bool:
    return (comparison.operator, comparison.constant) in ((">=", 1), (">", 0))


def _either(parts: Iterable[tuple[Term, ...] | None]) -> tuple[Term, ...] | None:
    found: list[Term] = []
    for part in parts:
        if part is None:
            return None
        found += (term for term in part if term not in found)
    return tuple(found)


def _both(parts: Iterable[tuple[Term, ...] | None]) -> tuple[Term, ...] | None:
    """Return the terms of all parts together, each with what all of them allow.

    Raises:
        NoForm: If there are too many to follow.
    """
    result: list[Term] = [{}]
    for part in parts:
        if part is None:
            return None
        if len(result) * len(part) > _MOST_TERMS:
            raise NoForm
        met = (_met(one, other) for one, other in product(result, part))
        result = [term for term in met if all(term.values())]
    return tuple(result)


def _met(one: Term, other: Term) -> Term:
    shared = {id_: allowed & other.get(id_, allowed) for id_, allowed in one.items()}
    return {**other, **shared}


def _simplified(terms: tuple[Term, ...], whole: Mapping[str, frozenset[str]]) -> tuple[Term, ...]:
    """Return the same in fewer and shorter terms.

    Terms about one question are joined. What such a term allows already, a longer one need not
    forbid: where the two leave no answer out, the longer one is no longer about that question.
    """
    while True:
        single: dict[str, frozenset[str]] = {}
        for term in terms:
            if len(term) == 1:
                ((id_, allowed),) = term.items()
                single[id_] = single.get(id_, frozenset()) | allowed
        if any(allowed == whole[id_] for id_, allowed in single.items()) or {} in terms:
            return ({},)
        longer = [_shortened(term, single, whole) for term in terms if len(term) > 1]
        found = (*({id_: allowed} for id_, allowed in single.items()), *longer)
        if found == terms:
            return found
        terms = found


def _shortened(
    term: Term, single: Mapping[str, frozenset[str]], whole: Mapping[str, frozenset[str]]
) -> Term:
    kept = {}
    for id_, allowed in term.items():
        wider = allowed | single.get(id_, frozenset())
        if wider != whole[id_]:
            kept[id_] = allowed
    return kept
