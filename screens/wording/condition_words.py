"""Says a condition of a pathway in words that a clinician can check and sign."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from casework.language import N_, Speech, speech
from stepping.pathway.condition import And, Compare, Condition, Not, Operator, Or
from stepping.pathway.model import Pathway
from stepping.pathway.schema import Given, Questions, Text

_COMPARED: dict[Operator, str] = {
    ">=": N_("{fact} is at least {value}"),
    ">": N_("{fact} is more than {value}"),
    "<=": N_("{fact} is at most {value}"),
    "<": N_("{fact} is less than {value}"),
    "is": N_("{fact} is {value}"),
    "is not": N_("{fact} is anything but {value}"),
    "has": N_("{fact} includes {value}"),
    "is given": N_("{fact} has been filled in"),
}
_QUOTED = N_("“{text}”")
_WORDS = {"yes": N_("yes"), "no": N_("no"), "refused": N_("refused")}

Row = tuple[int, str]
"""How deep a line of an outline stands, and what it says."""


@dataclass(frozen=True)
class ConditionWords:
    """Says conditions of one pathway in one language; different conditions never sound alike.

    Names stand in quotation marks, because some hold an "or" of their own; groups stand in
    parentheses, or deeper in an outline; a name that two facts share is told with the fact's id.
    """

    pathway: Pathway
    language: str

    @property
    def t(self) -> Speech:
        """The sentences of the program."""
        return speech(self.language)

    def sentence(self, condition: Condition) -> str:
        """Return a condition as one sentence without a full stop."""
        match condition:
            case Compare():
                return self._compared(condition)
            case Not(part):
                return self.t("it is not so that ({condition})", condition=self.sentence(part))
            case And(parts):
                return self.t(", and ").join(map(self._grouped, parts))
            case Or(parts):
                return self.t(", or ").join(map(self._grouped, parts))

    def outline(self, condition: Condition, depth: int = 0) -> Iterator[Row]:
        """Yield a condition line by line: what belongs to a group stands one deeper below it."""
        if _is_flat(condition):
            yield depth, self.sentence(condition)
            return
        match condition:
            case And(parts):
                title = self.t("all of these:")
            case Or(parts):
                title = self.t("at least one of these:")
            case Not(part):
                title, parts = self.t("it is not so that:"), (part,)
        yield depth, title
        for part in parts:
            yield from self.outline(part, depth + 1)

    def fact(self, id_: str) -> str:
        """Return the name of a fact in quotation marks."""
        label = self.pathway.facts[id_].label[self.language]
        name = self.t(_QUOTED, text=label)
        return name if self._labels[label] == 1 else f"{name} [{id_}]"

    def _grouped(self, part: Condition) -> str:
        said = self.sentence(part)
        return f"({said})" if isinstance(part, And | Or) else said

    def _compared(self, compare: Compare) -> str:
        value = self._value(compare.fact, compare.constant)
        return self.t(_COMPARED[compare.operator], fact=self.fact(compare.fact), value=value)

    def _value(self, fact: str, constant: int | str) -> str:
        """Return a constant: an option by its label, a number with its option or its unit."""
        word = str(constant)
        label = self._options.get((fact, word))
        if isinstance(constant, int):
            question = self.pathway.questions.get(fact)
            unit = if_any(question.unit_of(constant), self.language) if question else ""
            told = self.t(_QUOTED, text=label) if label else ""
            return f"{word} ({told})" if told else f"{word} {unit}".rstrip()
        if label is None:
            return self.t(_WORDS[word]) if word in _WORDS else word
        alike = [f for f, other in self._options.items() if f[0] == fact and other == label]
        return self.t(_QUOTED, text=label) + (f" [{word}]" if len(alike) > 1 else "")

    @cached_property
    def _labels(self) -> Counter[str]:
        return Counter(fact.label[self.language] for fact in self.pathway.facts.values())

    @cached_property
    def _options(self) -> dict[tuple[str, str], str]:
        """The label of every option by its fact and its id."""
        asked = [(q.id, q.options) for q in self.pathway.questions.values()]
        asked += [(given.id, given.options) for given in client_card(self.pathway)]
        return {(id_, o.id): o.label[self.language] for id_, options in asked for o in options}


@lru_cache(maxsize=4)
def client_card(pathway: Pathway) -> tuple[Given, ...]:
    """Return the facts of the client card as the pathway's file has them, options and all."""
    return Questions.model_validate(tomllib.loads(pathway.files["questions.toml"])).given


def if_any(text: Text, language: str) -> str:
    """Return a text that a pathway may leave out, or nothing."""
    return text[language] if text else ""


def _is_flat(condition: Condition) -> bool:
    """Return whether a condition reads well on one line: it holds no group within a group."""
    parts = condition.all if isinstance(condition, And) else ()
    parts = condition.any if isinstance(condition, Or) else parts or (condition,)
    return all(isinstance(p.part if isinstance(p, Not) else p, Compare) for p in parts)
