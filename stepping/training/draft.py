"""Begins a vignette on a pathway: a template, filled with answers that end in a step."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Template

from stepping.decision.decide import decide
from stepping.decision.minimum_steps import find_inputs
from stepping.decision.outcome import Decision
from stepping.pathway.answers import AnswersError
from stepping.pathway.client_facts import AGE, SEX
from stepping.pathway.model import Answer, Pathway, ReadyRule
from stepping.pathway.schema import Example
from stepping.proofs.examples import example_answers
from stepping.training.vignette import Group

_YOUNGEST, _ADULT, _OLDEST = 13, 18, 105
_SEXES = ("f", "m", "x")
_MOST_ABOUT = 4
"""Questions that one line of the role-play names in a draft."""


class NoExample(ValueError):
    """A pathway of which no example ends in a step, so that no case can be begun on it."""


@dataclass(frozen=True)
class _Begun:
    """An example with what the pathway says of it."""

    example: Example
    answers: Mapping[str, Answer]
    decision: Decision


def fill_template(template: str, id_: str, pathway: Pathway, today: str) -> str:
    """Return the text of a draft; `today` is the day on which it is begun, as YYYY-MM-DD.

    Raises:
        NoExample: If no example of the pathway ends in a step.
    """
    begun = _choose(pathway)
    about = list(_about(pathway, begun))
    return Template(template).substitute(
        id=id_,
        pathway=pathway.id,
        today=today,
        group=_group(pathway),
        age=begun.answers[AGE],
        sex=_toml(begun.answers[SEX]),
        answers=_answers(begun.example),
        first=_toml(about[0]),
        second=_toml(about[-1]),
        stands_on=_stands_on(pathway, begun),
        step=begun.decision.step,
    )


def _group(pathway: Pathway) -> Group:
    if pathway.header.follows:
        return "follow_up"
    return "youth" if pathway.header.ages.from_ < _ADULT else "step"


def _choose(pathway: Pathway) -> _Begun:
    """Return the first example that ends in a step above the lowest, else in any step."""
    ends = [begun for example in pathway.examples if (begun := _begin(pathway, example))]
    if not ends:
        raise NoExample
    higher = (begun for begun in ends if _strongest(pathway, begun) is not None)
    return next(higher, ends[0])


def _begin(pathway: Pathway, example: Example) -> _Begun | None:
    """Return an example with an age and a sex, decided; None where no step comes out."""
    try:
        told = example_answers(pathway, example)
    except (AnswersError, KeyError):
        return None
    age, sex = told.get(AGE, max(pathway.header.ages.from_, _ADULT)), told.get(SEX)
    if not isinstance(age, int) or not _YOUNGEST <= age <= _OLDEST:
        return None
    card: dict[str, Answer] = {AGE: age, SEX: str(sex if sex in _SEXES else "x")}
    known = {name: value for name, value in card.items() if name in pathway.facts}
    decision = decide(pathway, {**told, **known})
    if decision.step is None:
        return None
    return _Begun(example, {**told, **card}, decision)


def _answers(example: Example) -> str:
    """Return the answers of an example as lines of TOML, without those of the card."""
    own = {name: value for name, value in example.answers.items() if name not in (AGE, SEX)}
    lines = [f"base = {_toml(example.base)}"] if example.base else []
    lines += [f"unanswered = {_toml(example.unanswered)}"] if example.unanswered else []
    lines += ["", "[items]", *(f"{name} = {_toml(v)}" for name, v in example.items.items())]
    lines += ["", "[answers]", *(f'"{name}" = {_toml(value)}' for name, value in own.items())]
    return "\n".join(lines)


def _about(pathway: Pathway, begun: _Begun) -> Iterator[list[str]]:
    """Yield questions for two lines of the role-play: of safety, and what the step rests on."""
    asked = [question for question in pathway.questions.values() if question.id in begun.answers]
    yield [q.id for q in asked if q.safety][:2] or [asked[0].id]
    strongest = _strongest(pathway, begun)
    inputs = find_inputs(pathway, strongest.condition) if strongest else set()
    yield [q.id for q in asked if q.id in inputs][:_MOST_ABOUT] or [asked[-1].id]


def _strongest(pathway: Pathway, begun: _Begun) -> ReadyRule | None:
    """Return the rule that asks for the highest step, or None."""
    named = {rule.id for rule in begun.decision.rules}
    asking = [rule for rule in pathway.rules if rule.id in named and rule.rule.at_least]
    return max(asking, key=lambda rule: rule.rule.at_least or 0, default=None)


def _stands_on(pathway: Pathway, begun: _Begun) -> str:
    strongest = _strongest(pathway, begun)
    return f"rule = {_toml(strongest.id)}" if strongest else 'source = "Name the source here"'


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
