"""If these fail, a doctor signs other words than the condition that decides."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.language import LANGUAGES, speech
from screens.wording.condition_words import _COMPARED, ConditionWords, Row, client_card
from stepping.pathway.condition import (
    And,
    Compare,
    Condition,
    Not,
    Operator,
    Or,
)
from stepping.pathway.condition_parser import parse_condition
from stepping.pathway.model import Fact, Pathway
from stepping.pathway.reader import read_pathway
from store.paths import PATHWAYS
from store.pathway_files.files import built_in, ids
from tests.stepping.cases import adult, changed

ADULT = adult()


# -- reading the words back ---------------------------------------------------------------------


@dataclass
class Reader:
    """Reads words back into the condition that they say; knows the words, not how they are made."""

    pathway: Pathway
    language: str
    _quoted: list[str] = field(default_factory=list)
    _tokens: list[str] = field(default_factory=list)
    _joints: dict[str, type[And | Or]] = field(default_factory=dict)
    _not: str = ""

    def sentence(self, text: str) -> Condition:
        """Read a sentence; what stands in quotation marks is put aside first."""
        t = speech(self.language)
        self._quoted = []
        text = re.sub("[“”]([^“”]*)”", self._put_aside, text)
        text = re.sub(r"(-?\d+) \(«\d+»\)", r"\1", text)  # the number alone says which option
        self._not = t("it is not so that ({condition})", condition="").removesuffix(")")
        self._joints = {t(", and "): And, t(", or "): Or}
        marks = "|".join(map(re.escape, (self._not, "(", ")", *self._joints)))
        self._tokens = [token for token in re.split(f"({marks})", text) if token]
        condition = self._group()
        assert not self._tokens, f"{self._tokens!r} is left of {text!r}"
        return condition

    def outline(self, rows: list[Row]) -> Condition:
        """Read an outline; what stands deeper belongs to the title above it."""
        (depth, first), *others = rows
        starts = [at for at, (d, _) in enumerate(others) if d == depth + 1]
        ends = [*starts[1:], len(others)]
        parts = tuple(self.outline(others[a:b]) for a, b in zip(starts, ends, strict=False))
        t = speech(self.language)
        if first == t("all of these:"):
            return And(parts)
        if first == t("at least one of these:"):
            return Or(parts)
        if first == t("it is not so that:"):
            (part,) = parts
            return Not(part)
        assert not others
        return self.sentence(first)

    def _put_aside(self, match: re.Match[str]) -> str:
        self._quoted.append(match[1])
        return f"«{len(self._quoted) - 1}»"

    def _group(self) -> Condition:
        parts, joints = [self._part()], set()
        while self._tokens and self._tokens[0] in self._joints:
            joints.add(self._joints[self._tokens.pop(0)])
            parts.append(self._part())
        if not joints:
            return parts[0]
        (joint,) = joints  # never "and" and "or" without parentheses between them
        return joint(tuple(parts))

    def _part(self) -> Condition:
        token = self._tokens.pop(0)
        if token not in ("(", self._not):
            return self._compared(token)
        inner = self._group()
        assert self._tokens.pop(0) == ")"
        return inner if token == "(" else Not(inner)

    def _compared(self, text: str) -> Compare:
        found = []
        for operator, message in _COMPARED.items():
            said = speech(self.language)(message, fact="\0", value="\1")
            pattern = re.escape(said).replace("\0", r"«(\d+)»").replace("\1", "(.+)")
            if match := re.fullmatch(pattern, text):
                fact = self._fact(self._quoted[int(match[1])])
                constant = self._value(fact, match[2]) if match.lastindex == 2 else "given"
                if constant is not None:
                    found.append(Compare(fact.id, operator, constant))
        assert len(found) == 1, f"{text!r} may be {found}"
        return found[0]

    def _fact(self, label: str) -> Fact:
        facts = [f for f in self.pathway.facts.values() if f.label[self.language] == label]
        assert len(facts) == 1
        return facts[0]

    def _value(self, fact: Fact, text: str) -> int | str | None:
        if match := re.fullmatch(r"(-?\d+)( .*)?", text):
            return int(match[1])
        words = {speech(self.language)(word): word for word in ("yes", "no", "refused")}
        if match := re.fullmatch(r"«(\d+)»", text):
            options = {given.id: given.options for given in client_card(self.pathway)}
            options |= {q.id: q.options for q in self.pathway.questions.values()}
            label = self._quoted[int(match[1])]
            return next(o.id for o in options[fact.id] if o.label[self.language] == label)
        return words.get(text)


# -- conditions ---------------------------------------------------------------------------------


def compares(fact: Fact) -> st.SearchStrategy[Compare]:
    """Every comparison that a pathway may make with a fact."""
    is_: tuple[Operator, ...] = ("is", "is not")
    match fact.kind:
        case "number":
            order: tuple[Operator, ...] = (">=", ">", "<=", "<", *is_)
            numbers = st.integers(fact.low, fact.high)
            return st.builds(Compare, st.just(fact.id), st.sampled_from(order), numbers)
        case "word":
            words = st.sampled_from(fact.words)
            return st.builds(Compare, st.just(fact.id), st.sampled_from(is_), words)
        case "set":
            words = st.sampled_from(fact.words)
            return st.builds(Compare, st.just(fact.id), st.just("has"), words)
        case "remark":
            return st.just(Compare(fact.id, "is given", "given"))


def several(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    groups = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return groups.map(And) | groups.map(Or) | parts.map(Not)


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from(list(ADULT.facts.values())).flatmap(compares), several, max_leaves=10
)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=150, deadline=None)
@given(condition=CONDITIONS)
def test_the_words_say_the_condition_and_no_other(language: str, condition: Condition) -> None:
    """What can be read back in one way only is told apart from everything else."""
    words, reader = ConditionWords(ADULT, language), Reader(ADULT, language)
    assert reader.sentence(words.sentence(condition)) == condition
    assert reader.outline(list(words.outline(condition))) == condition


def written(pathway: Pathway) -> set[Condition]:
    """Every condition that stands in a pathway's files."""
    conditions = [rule.condition for rule in pathway.rules]
    conditions += [when for rule in pathway.rules for _, when in rule.cards if when]
    conditions += [q.ask_if for q in pathway.questions.values() if q.ask_if]
    conditions += [part for fact in pathway.facts.values() for part in fact.conditions]
    for care in pathway.interventions:
        conditions += [*care.suits, *care.excluded_if, *care.requires]
    return set(conditions)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ids(PATHWAYS))
def test_no_two_conditions_of_a_pathway_sound_alike(name: str, language: str) -> None:
    pathway = built_in(name)
    conditions, words = written(pathway), ConditionWords(pathway, language)
    assert len(conditions) > 40
    assert len({words.sentence(condition) for condition in conditions}) == len(conditions)
    outlines = {tuple(words.outline(condition)) for condition in conditions}
    assert len(outlines) == len(conditions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_condition_of_the_pathway_can_be_read_back(language: str) -> None:
    words, reader = ConditionWords(ADULT, language), Reader(ADULT, language)
    for condition in written(ADULT):
        assert reader.sentence(words.sentence(condition)) == condition


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("phq9.total >= 10", "“PHQ-9 total” is at least 10"),
        ("phq9.total > 10", "“PHQ-9 total” is more than 10"),
        ("phq9.total <= 10", "“PHQ-9 total” is at most 10"),
        ("phq9.total < 10", "“PHQ-9 total” is less than 10"),
        ("history.weeks is 4", "“how long this has lasted” is 4 weeks"),
        ("drugs is not 2", "“use of drugs” is anything but 2 (“weekly”)"),
        ("asq.1 is refused", "“ASQ 1 (wish to be dead)” is refused"),
        ("client.sex is not m", "“sex (for cut-offs)” is anything but “man”"),
        ("flag.mania", "“signs of mania” is yes"),
        ("flag.mania is not yes", "“signs of mania” is anything but yes"),
        ("not flag.mania", "it is not so that (“signs of mania” is yes)"),
        ("wish.formats has net", "“wished form of help” includes “therapy over the net”"),
        ("need.language is given", "“language or interpreter needed” has been filled in"),
        (
            "need.language is not given",
            "it is not so that (“language or interpreter needed” has been filled in)",
        ),
        (
            "(flag.mania or drugs >= 2) and work.ability < 3",
            "(“signs of mania” is yes, or “use of drugs” is at least 2 (“weekly”)), "
            "and “work ability” is less than 3",
        ),
    ],
)
def test_every_operator_has_its_words(condition: str, words: str) -> None:
    assert ConditionWords(ADULT, "en").sentence(parse_condition(condition)) == words


def test_a_nested_condition_is_laid_out_line_by_line() -> None:
    condition = parse_condition("flag.mania and (drugs >= 2 or not (flag.child or flag.memory))")
    assert list(ConditionWords(ADULT, "en").outline(condition)) == [
        (0, "all of these:"),
        (1, "“signs of mania” is yes"),
        (1, "at least one of these:"),
        (2, "“use of drugs” is at least 2 (“weekly”)"),
        (2, "it is not so that:"),
        (3, "“a child at risk” is yes, or “memory or clarity of thought” is yes"),
    ]


def test_facts_with_one_label_are_told_apart() -> None:
    alike = 'label = { en = "danger", fi = "danger (fi)" }'
    files = changed("rules.toml", 'label = { en = "low mood", fi = "low mood (fi)" }', alike)
    words = ConditionWords(read_pathway(files), "en")
    assert words.sentence(parse_condition("danger")) == "“danger” [danger] is yes"
    assert words.sentence(parse_condition("low")) == "“danger” [low] is yes"
