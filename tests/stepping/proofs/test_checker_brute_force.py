"""The checker against a walk through every answer set of small random pathways.

The walk knows only the plain evaluation of conditions. It says again, in its own words, what each
proof is about; a pathway on which the two differ would be passed as safe when it is not, or refused
when nothing is wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from stepping.decision.decide import decide
from stepping.decision.facts import FactStates
from stepping.decision.outcome import Decision
from stepping.pathway.condition import And, Condition, Or
from stepping.pathway.model import Answer, Answers, Pathway, ReadyIntervention, ReadyRule
from stepping.proofs.findings import Case, ProofFinding, describe_decision
from stepping.proofs.prove import prove
from tests.stepping.random_pathways import answer_sets, answers_to, random_files, random_pathway
from tui.cli import porras

Verdict = tuple[str, str]
"""What was found, and of which rule, question, step or row."""

Level = tuple[int, bool]
"""A step, and whether "or above" is open."""

SYNTACTIC = {
    "card_without_number",
    "card_too_mild",
    "safety_hidden",
    "safety_optional",
    "safety_stale",
}
"""Found by looking at one file; not what a walk through answers can tell."""


@dataclass(frozen=True)
class Seen:
    """What holds under one set of answers."""

    answers: dict[str, Answer]
    asked: dict[str, bool | None]
    fired: frozenset[str]
    true: frozenset[Condition]
    """The conditions beside those of rules that hold."""
    asks: dict[str, Level]
    """What each rule that holds asks for by itself."""
    level: Level
    complete: bool


class Walk:
    """Every answer set of a pathway, each evaluated plainly."""

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self.names = [f.id for f in pathway.facts.values() if f.origin in ("given", "question")]
        self.rules = {rule.id: rule for rule in pathway.rules}
        beside = list(_beside(pathway))
        self.seen = {
            self.key(answers): self._see(answers, beside) for answers in answer_sets(pathway)
        }

    def key(self, answers: Answers) -> tuple[Answer | None, ...]:
        return tuple(answers.get(name) for name in self.names)

    def _see(self, answers: dict[str, Answer], beside: Iterable[Condition]) -> Seen:
        view = FactStates(self.pathway, answers)
        asked = {id_: view.is_asked(id_) for id_ in self.pathway.questions}
        fired = [rule for rule in self.pathway.rules if view.evaluate(rule.condition) is True]
        lacking = (
            q.required and asked[id_] is True and id_ not in answers
            for id_, q in self.pathway.questions.items()
        )
        true = frozenset(condition for condition in beside if view.evaluate(condition) is True)
        asks = {rule.id: level for rule in fired if (level := self.of(rule, view))}
        level = self._level(asks.values())
        return Seen(
            answers,
            asked,
            frozenset(rule.id for rule in fired if _on(rule, level)),
            true,
            asks,
            level,
            not any(lacking),
        )

    def _level(self, asked: Iterable[Level]) -> Level:
        """The step once every stop is recorded, and whether the clinician may go above it."""
        return max([(self.pathway.base_step, False), *asked])

    @staticmethod
    def of(rule: ReadyRule, view: FactStates) -> Level | None:
        """What a rule that holds asks for by itself."""
        if rule.rule.stop:
            after = rule.rule.then_at_least
            return None if after is None else (after, False)
        if rule.rule.at_least is None:
            return None
        if rule.above is None:
            return rule.rule.at_least, rule.rule.or_above is True
        return rule.rule.at_least, view.evaluate(rule.above) is True

    @property
    def all(self) -> Iterable[Seen]:
        return self.seen.values()

    # -- one answer worse --------------------------------------------------

    @cached_property
    def worsened(self) -> list[tuple[str, Seen, Seen]]:
        """Every answer set with each in which one answer, which is named, is the next worse one.

        Where there is no answer, the worst one is worse.
        """
        found = []
        for place, name in enumerate(self.names):
            order = self._from_best(name)
            if not order:
                continue
            after: dict[Answer | None, Answer] = dict(pairwise(order))
            after[None] = order[-1]
            for key, seen in self.seen.items():
                if key[place] in after:
                    changed = (*key[:place], after[key[place]], *key[place + 1 :])
                    found.append((name, seen, self.seen[changed]))
        return found

    def _from_best(self, name: str) -> list[Answer]:
        question = self.pathway.questions.get(name)
        if (
            question is None
            or question.worse == "none"
            or question.kind in ("multi", "text", "date")
        ):
            return []
        order = [answer for answer in answers_to(self.pathway, name) if answer is not None]
        return order[::-1] if question.worse == "down" else order

    def lowered(self, rule: ReadyRule) -> dict[str, list[tuple[Seen, Seen]]]:
        """Where which worse answer leaves less than a rule had asked for.

        A question that drops the step itself is told of that, and of no lost "or above".
        """
        asked = {seen.asks[rule.id] for seen in self.all if rule.id in seen.asks}
        if rule.above is not None:
            asked |= {(step, False) for step, _ in asked}
        found: dict[str, list[tuple[Seen, Seen]]] = {}
        for level in sorted(asked):
            if level <= (self.pathway.base_step, False):
                continue
            here: dict[str, list[tuple[Seen, Seen]]] = {}
            for name, before, after in self.worsened:
                if before.asks.get(rule.id, (-1, False)) >= level > after.level:
                    here.setdefault(name, []).append((before, after))
            found = here | found
        return found

    def closed(self, rule: ReadyRule) -> dict[str, list[tuple[Seen, Seen]]]:
        """Where which worse answer closes a stop."""
        found: dict[str, list[tuple[Seen, Seen]]] = {}
        for name, before, after in self.worsened if rule.rule.stop else ():
            if rule.id in before.fired and rule.id not in after.fired:
                found.setdefault(name, []).append((before, after))
        return found

    # -- verdicts ----------------------------------------------------------

    def verdicts(self) -> Iterator[Verdict]:
        """Everything that does not hold."""
        yield from self._of_rules()
        yield from self._of_stops()
        yield from self._of_questions()
        yield from self._of_parts()
        yield from self._of_interventions()
        yield from self._of_texts()
        for step in self.pathway.header.step:
            suggested = (s for s in self.all if s.complete and s.level[0] == step.number)
            if not any(suggested):
                yield "unreached_step", str(step.number)

    def _of_rules(self) -> Iterator[Verdict]:
        for id_, rule in self.rules.items():
            fires = [seen for seen in self.all if id_ in seen.fired]
            yield from self._of_condition(rule, {seen.level for seen in fires})
            if (
                fires
                and not rule.rule.stop
                and not any(self._matters(rule, seen) for seen in fires)
            ):
                yield "swallowed_rule", id_
            yield from (("monotone_step", f"{id_} by {name}") for name in self.lowered(rule))
            for _, when in rule.cards:
                if when is not None and not any(when in seen.true for seen in fires):
                    yield "dead_card", id_
            for name in rule.rule.offer:
                care = next(i for i in self.pathway.interventions if i.id == name)
                if fires and not any(self._fits(care, seen) for seen in fires):
                    yield "offer_unfit", id_

    def _of_condition(self, rule: ReadyRule, levels: Iterable[Level]) -> Iterator[Verdict]:
        """Whether a rule holds anywhere, and on which of its steps; it speaks on `levels`."""
        holds = any(FactStates(self.pathway, s.answers).evaluate(rule.condition) for s in self.all)
        if not holds:
            yield "dead_rule", rule.id
        elif rule.above is not None:
            above = {seen.asks[rule.id][1] for seen in self.all if rule.id in seen.fired}
            if True not in above:
                yield "dead_part", rule.id
            elif False not in above:
                yield "always_above", rule.id
        for wanted in rule.rule.only_steps if holds else ():
            if not any(step == wanted or (above and step < wanted) for step, above in levels):
                yield "dead_part", rule.id

    def _fits(self, care: ReadyIntervention, seen: Seen) -> bool:
        """Whether an intervention is one for the step and the known age of a client."""
        age = seen.answers.get("client.age")
        if not isinstance(age, int):
            return "client.age" not in self.names and self._on_step(care, seen)
        return care.content.ages.contains(age) and self._on_step(care, seen)

    @staticmethod
    def _on_step(care: ReadyIntervention, seen: Seen) -> bool:
        return not care.content.steps or seen.level[0] in care.content.steps

    def _matters(self, rule: ReadyRule, seen: Seen) -> bool:
        """Whether an outcome would be another one without a rule."""
        others = [self.rules[id_] for id_ in seen.fired if id_ != rule.id]
        if rule.rule.at_least is not None:
            asked = (level for id_, level in seen.asks.items() if id_ != rule.id)
            return self._level(asked) < seen.level
        said = {
            (k, n) for r in others for k in ("add", "offer", "avoid") for n in getattr(r.rule, k)
        }
        own = {(k, n) for k in ("add", "offer", "avoid") for n in getattr(rule.rule, k)}
        provisional = any(other.rule.provisional for other in others)
        return bool(own - said) or (rule.rule.provisional and not provisional)

    def _of_stops(self) -> Iterator[Verdict]:
        for id_, rule in self.rules.items():
            yield from (("monotone_stop", f"{id_} by {name}") for name in self.closed(rule))
            if rule.rule.stop and self.bare(rule):
                yield "stop_without_card", id_
            if any(self.hasty(rule, number) for number in range(len(rule.cards))):
                yield "stop_too_mild", id_
        opened = {
            card.id
            for rule in self.pathway.stops
            for card, when in rule.cards
            if any(rule.id in s.fired and (when is None or when in s.true) for s in self.all)
        }
        header = self.pathway.header
        for id_ in header.emergency_cards:
            if (id_ in opened) == (id_ in header.reference_cards):
                yield ("reference_card_opened" if id_ in opened else "card_never_opened"), id_

    def hasty(self, rule: ReadyRule, number: int) -> list[Seen]:
        """Where a card is shown while no stop holds that is as urgent as its level."""
        (card, when), use = rule.cards[number], rule.rule.cards[number]
        urgent = {"E": _URGENCY[2:], "D": _URGENCY[1:], "W": _URGENCY}[use.level or card.level]
        enough = {stop.id for stop in self.pathway.stops if stop.rule.stop in urgent}
        return [
            seen
            for seen in self.all
            if rule.id in seen.fired
            and (when is None or when in seen.true)
            and not seen.fired & enough
        ]

    def bare(self, rule: ReadyRule) -> list[Seen]:
        """Where a stop holds and none of its cards is shown."""
        return [
            seen
            for seen in self.all
            if rule.id in seen.fired and not any(w is None or w in seen.true for _, w in rule.cards)
        ]

    def _of_questions(self) -> Iterator[Verdict]:
        stops = {rule.id for rule in self.pathway.stops}
        opening: set[tuple[str, Answer | None]] = set()
        for _, before, after in self.worsened:
            if (after.fired - before.fired) & stops:
                opening.update(
                    (name, after.answers.get(name))
                    for name in self.names
                    if before.answers.get(name) != after.answers.get(name)
                )
        for id_, question in self.pathway.questions.items():
            opens = {answer for name, answer in opening if name == id_}
            if question.safety and (not opens or (question.refusable and "refused" not in opens)):
                yield "safety", id_
            if question.safety is True and opens and self.passed(id_):
                yield "safety_passed", id_
            if question.worse == "none" and question.kind in _ORDERED and self._decides(id_):
                yield "no_worse", id_
            if not any(seen.asked[id_] is True for seen in self.all):
                yield "unreachable_question", id_

    def passed(self, id_: str) -> list[Seen]:
        """Where the worst answer to an asked question is given and every stop is shut."""
        stops = {rule.id for rule in self.pathway.stops}
        order = self._from_best(id_)
        return [
            seen
            for seen in self.all
            if order
            and seen.asked[id_] is True
            and seen.answers.get(id_) == order[-1]
            and not seen.fired & stops
        ]

    def _of_parts(self) -> Iterator[Verdict]:
        for fact in self.pathway.facts.values():
            for condition in fact.conditions:
                if not any(condition in seen.true for seen in self.all):
                    yield "dead_fact", fact.id
        for id_, condition in _ruling(self.pathway):
            shared = id_.startswith(("mood.", "more."))
            for part, whole in _alternatives(condition, ()):
                other_age = shared and "client.age" in str(part)
                lives = any(condition in seen.true for seen in self.all)
                if lives and not other_age and not any(whole in seen.true for seen in self.all):
                    yield "dead_part", id_

    def _decides(self, id_: str) -> bool:
        """Whether a stop or a floor names a question, or a fact that is made of it."""
        waiting = {
            compare.fact
            for rule in self.rules.values()
            if rule.rule.stop or rule.rule.at_least is not None
            for condition in rule.deciding
            for compare in condition.parts()
        }
        seen: set[str] = set()
        while more := waiting - seen:
            seen |= more
            for fact in (self.pathway.facts[name] for name in more):
                waiting |= {*fact.items, *(p.fact for c in fact.conditions for p in c.parts())}
        numbers = self.pathway.facts[id_].kind == "number"
        return id_ in seen and (numbers or self.pathway.questions[id_].kind == "yesno")

    def _of_interventions(self) -> Iterator[Verdict]:
        for care in self.pathway.interventions:
            for condition in (*care.suits, *care.excluded_if, *care.requires):
                if not any(condition in seen.true for seen in self.all):
                    yield "dead_row", care.id
        for care in self.pathway.interventions:
            offered = any(care.id in rule.rule.offer for rule in self.pathway.rules)
            if not (care.content.steps or care.suits or offered):
                yield "intervention_never_offered", care.id
        ages = self.pathway.header.ages
        for step in self.pathway.header.step:
            here = [i for i in self.pathway.interventions if step.number in i.content.steps]
            takes = [i.content.ages for i in here]
            years = range(ages.from_, ages.to + 1)
            if not all(any(t.from_ <= age <= t.to for t in takes) for age in years):
                yield "step_without_intervention", str(step.number)
            elif self.nothing_left(step.number):
                yield "nothing_left", str(step.number)

    def nothing_left(self, step: int) -> list[Seen]:
        """Where a step is suggested while something speaks against all that it has."""
        care = [i for i in self.pathway.interventions if step in i.content.steps]
        return [
            seen
            for seen in self.all
            if seen.complete
            and seen.level[0] == step
            and not any(self._offered(intervention, seen) for intervention in care)
        ]

    def _offered(self, care: ReadyIntervention, seen: Seen) -> bool:
        age = seen.answers.get("client.age")
        return (
            not any(care.id in self.rules[id_].rule.avoid for id_ in seen.fired)
            and not any(condition in seen.true for condition in care.excluded_if)
            and all(condition in seen.true for condition in care.requires)
            and (not isinstance(age, int) or care.content.ages.contains(age))
        )

    def unsure(self, id_: str) -> list[Seen]:
        """Where a step is suggested though a required question that may be asked opens a stop."""
        stops = {rule.id for rule in self.pathway.stops}
        place = self.names.index(id_)
        found = []
        for key, seen in self.seen.items():
            if seen.asked[id_] is not None or key[place] is not None:
                continue
            if not seen.complete or seen.fired & stops:
                continue
            others = (
                self.seen[(*key[:place], answer, *key[place + 1 :])]
                for answer in answers_to(self.pathway, id_)
            )
            if any(other.fired & stops for other in others):
                found.append(seen)
        return found

    def _of_texts(self) -> Iterator[Verdict]:
        """What no condition names, told from the texts."""
        texts = self.pathway.files
        facts = {
            id_: _when_of(texts["rules.toml"], id_)
            for id_, fact in self.pathway.facts.items()
            if fact.origin in ("condition", "count") and not id_.startswith("mood.")
        }
        roots = " ".join(
            [
                *re.findall(r"^ask_if = (.*)$", texts["questions.toml"], re.M),
                *re.findall(r"^ask_if = (.*)$", texts.get("instruments/mood.toml", ""), re.M),
                *re.findall(r"when.*", texts["interventions.toml"]),
                *(part for part in texts["rules.toml"].split("\n\n") if "[[rule]]" in part),
            ]
        )
        while more := [id_ for id_ in facts if re.search(rf"\b{id_}\b", roots)]:
            roots += " ".join(facts.pop(more[0]))
        for id_ in facts:
            yield "unused_fact", id_
        if re.search(r"\bmood\.positive\b", roots):
            roots += texts["instruments/mood.toml"]
        for id_, question in self.pathway.questions.items():
            kept = question.kind in ("text", "date") or question.context
            kept = kept or id_.startswith(("mood.", "more."))
            if not kept and not re.search(rf"\b{id_}\b", roots):
                yield "unused_question", id_


def _on(rule: ReadyRule, level: Level) -> bool:
    """Whether a rule says something on a step, or on one "or above"."""
    step, above = level
    only = rule.rule.only_steps
    return not only or step in only or (above and max(only) > step)


def _when_of(rules: str, fact: str) -> list[str]:
    part = next(p for p in rules.split("\n\n") if f'[[fact]]\nid = "{fact}"' in p)
    return re.findall(r"^(?:when|count) = (.*)$", part, re.M)


def _beside(pathway: Pathway) -> Iterator[Condition]:
    for rule in pathway.rules:
        yield from (when for _, when in rule.cards if when is not None)
    for care in pathway.interventions:
        yield from (*care.suits, *care.excluded_if, *care.requires)
    for _, condition in _ruling(pathway):
        yield condition
        yield from (whole for _, whole in _alternatives(condition, ()))


def _ruling(pathway: Pathway) -> Iterator[tuple[str, Condition]]:
    for rule in pathway.rules:
        yield from ((rule.id, condition) for condition in rule.deciding)
    for fact in pathway.facts.values():
        yield from ((fact.id, condition) for condition in fact.conditions)


def _alternatives(
    condition: Condition, beside: tuple[Condition, ...]
) -> Iterator[tuple[Condition, Condition]]:
    """Each part that an `or` joins, alone and with all that must hold beside it."""
    match condition:
        case Or(parts):
            for part in parts:
                yield part, And((*beside, part))
                yield from _alternatives(part, beside)
        case And(parts):
            for index, part in enumerate(parts):
                yield from _alternatives(part, (*beside, *parts[:index], *parts[index + 1 :]))
        case _:
            return


# -- comparing ---------------------------------------------------------------------------------

_URGENCY = ("week", "same_day", "emergency")
_ORDERED = ("yesno", "choice", "integer", "scale")
UNSURE = "required_unsure"


def compare(seed: int, most: int) -> list[str]:
    """What the checker and the walk say differently about a random pathway."""
    pathway = random_pathway(seed, most)
    walk, found = Walk(pathway), list(prove(pathway))
    said = {(f.kind, f.of + _by(f)) for f in found if f.kind not in {*SYNTACTIC, UNSURE}}
    true = set(walk.verdicts())
    differences = [f"seed {seed}: not found: {' '.join(v)}" for v in sorted(true - said)]
    differences += [f"seed {seed}: not so: {' '.join(v)}" for v in sorted(said - true)]
    unsure = {f.of for f in found if f.kind == UNSURE}
    possible = {
        id_ for id_, question in pathway.questions.items() if question.required and walk.unsure(id_)
    }
    if bool(unsure) != bool(possible) or unsure - possible:
        differences.append(f"seed {seed}: unsure of {unsure}, the walk of {possible}")
    for finding in found:
        differences += (
            f"seed {seed}: {finding.kind} {finding.of}: {d}" for d in _case(walk, finding)
        )
    return differences


def _by(finding: ProofFinding) -> str:
    """Which question's worse answer a finding is about, if it is about one."""
    changed = re.search(r"\((\S+) (?:.*) → .*\)$", finding.diagnostic.message)
    return f" by {changed[1]}" if finding.worse is not None and changed else ""


def _case(walk: Walk, finding: ProofFinding) -> Iterator[str]:
    """What is wrong with the counter-example of a finding."""
    match finding.kind:
        case "monotone_step":
            ways = walk.lowered(walk.rules[finding.of])
            yield from _pair(finding, walk, ways[_by(finding).removeprefix(" by ")])
        case "monotone_stop":
            ways = walk.closed(walk.rules[finding.of])
            yield from _pair(finding, walk, ways[_by(finding).removeprefix(" by ")])
        case "stop_without_card":
            yield from _single(finding, walk, walk.bare(walk.rules[finding.of]))
        case "stop_too_mild":
            rule = walk.rules[finding.of]
            found = [walk.hasty(rule, number) for number in range(len(rule.cards))]
            told = [list(_single(finding, walk, seen)) for seen in found]
            if all(told):
                yield from told[0]
        case "nothing_left":
            yield from _single(finding, walk, walk.nothing_left(int(finding.of)))
        case "safety_passed":
            yield from _single(finding, walk, walk.passed(finding.of))
        case "required_unsure":
            yield from _single(finding, walk, walk.unsure(finding.of))
        case _:
            if finding.case is not None:
                yield "a case that nothing checks"


def _pair(finding: ProofFinding, walk: Walk, pairs: list[tuple[Seen, Seen]]) -> Iterator[str]:
    """A case with one answer worse: right, the smallest, and complete where there is one."""
    if finding.case is None or finding.worse is None:
        yield "no case"
        return
    keys = walk.key(finding.case.answers), walk.key(finding.worse.answers)
    before, after = walk.seen[keys[0]], walk.seen[keys[1]]
    if (before, after) not in pairs:
        yield f"the case does not show it: {keys}"
        return
    complete_first = finding.kind == "monotone_step"  # only then a step is shown that is lower
    best = min(
        (complete_first and not (b.complete and a.complete), len(b.answers)) for b, a in pairs
    )
    size = complete_first and not (before.complete and after.complete), len(before.answers)
    if size != best:
        yield f"the case is {size}, the smallest {best}"


def _single(finding: ProofFinding, walk: Walk, seen: list[Seen]) -> Iterator[str]:
    if finding.case is None:
        yield "no case"
        return
    here = walk.seen[walk.key(finding.case.answers)]
    if here not in seen:
        yield f"the case does not show it: {finding.case.answers}"
    elif len(here.answers) != min(len(other.answers) for other in seen):
        yield "there is a smaller case"


# -- tests -------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_the_checker_says_what_a_walk_through_all_answers_says(start: int) -> None:
    differences = [d for seed in range(start, start + 100) for d in compare(seed, 250)]
    assert not differences


@pytest.mark.nightly
@pytest.mark.parametrize("start", range(1000, 7000, 500))
def test_the_checker_says_it_of_thousands(start: int) -> None:
    differences = [d for seed in range(start, start + 500) for d in compare(seed, 300)]
    assert not differences


@pytest.mark.nightly
@pytest.mark.parametrize("start", range(20_000, 20_400, 100))
def test_the_checker_says_it_of_larger_pathways(start: int) -> None:
    differences = [d for seed in range(start, start + 100) for d in compare(seed, 2500)]
    assert not differences


def test_the_random_pathways_show_every_fault() -> None:
    """A fault that none of them has would be compared with nothing."""
    found = [list(prove(random_pathway(seed))) for seed in range(150)]
    assert {finding.kind for findings in found for finding in findings} == {
        "always_above",
        "card_never_opened",
        "card_too_mild",
        "card_without_number",
        "dead_card",
        "dead_fact",
        "dead_part",
        "dead_row",
        "dead_rule",
        "intervention_never_offered",
        "monotone_step",
        "monotone_stop",
        "no_worse",
        "nothing_left",
        "offer_unfit",
        "reference_card_opened",
        "required_unsure",
        "safety",
        "safety_hidden",
        "safety_optional",
        "safety_passed",
        "step_without_intervention",
        "stop_too_mild",
        "stop_without_card",
        "swallowed_rule",
        "unreachable_question",
        "unreached_step",
        "unused_fact",
        "unused_question",
    }
    lowered = {"monotone_step", "monotone_stop"}
    calm = [findings for findings in found if not {f.kind for f in findings} & lowered]
    assert 20 < len(calm) < 120


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_plain_decide_gives_what_a_counter_example_says(start: int) -> None:
    shown = 0
    for seed in range(start, start + 50):
        pathway = random_pathway(seed, 250)
        for finding in prove(pathway):
            if finding.case is None:
                continue
            shown += 1
            _holds(pathway, finding, finding.case)
    assert shown > 50


def _holds(pathway: Pathway, finding: ProofFinding, case: Case) -> None:
    decision = decide(pathway, case.answers, case.recorded)
    if finding.worse is None:
        assert finding.shows == describe_decision(decision)
    else:
        worse = decide(pathway, finding.worse.answers, finding.worse.recorded)
        before, after = describe_decision(decision), describe_decision(worse)
        if before == after:
            assert finding.of in {rule.id for rule in decision.rules}
            assert finding.of not in {rule.id for rule in worse.rules}
            assert finding.of in finding.shows.partition(" → ")[0]
        else:
            assert finding.shows == f"{before} → {after}"
        (changed,) = {
            id_
            for id_ in {*case.answers, *finding.worse.answers}
            if case.answers.get(id_) != finding.worse.answers.get(id_)
        }
        assert changed in finding.diagnostic.message
        _is_milder(finding, decision, worse)
        return
    match finding.kind:
        case "stop_without_card":
            view = FactStates(pathway, case.answers)
            rule = pathway.rule(finding.of)
            assert finding.of in decision.stops
            assert not any(when is None or view.evaluate(when) for _, when in rule.cards)
        case "safety_passed":
            assert decision.stops == ()
            assert decision.status != "stop"
            assert finding.of in case.answers
        case "nothing_left":
            assert decision.step == int(finding.of)
            on_step = {i.id for i in pathway.interventions if decision.step in i.content.steps}
            assert on_step <= {excluded.id for excluded in decision.excluded}
        case "stop_too_mild":
            assert decision.urgency in ("week", "same_day")
        case "required_unsure":
            assert decision.status == "suggested"
            assert finding.of in decision.missing
        case kind:
            raise AssertionError(f"{kind} has a case that nobody looks at")


def _is_milder(finding: ProofFinding, decision: Decision, worse: Decision) -> None:
    """A worse answer leads to less."""
    if finding.kind == "monotone_stop":
        assert finding.of in decision.stops
        assert finding.of not in worse.stops
    elif decision.status == worse.status == "suggested":
        assert decision.step is not None and worse.step is not None
        assert (worse.step, worse.or_above) < (decision.step, decision.or_above)
    else:
        assert "insufficient" in (decision.status, worse.status)


@pytest.mark.parametrize("seed", [2, 3, 14, 22, 47, 60])
def test_the_command_line_reproduces_a_counter_example(seed: int, tmp_path: Path) -> None:
    """The case that `check` prints is a file for `decide`, as it stands."""
    folder = tmp_path / "random"
    for name, text in random_files(seed).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    checked = CliRunner().invoke(porras, ["pathway", "check", str(folder), "--format", "json"])
    findings = [f for f in json.loads(checked.stdout)["findings"] if f["case"]]
    assert findings
    for finding in findings:
        cases = [case for case in (finding["case"], finding["worse"]) if case]
        assert finding["shows"] == " → ".join(_decided(folder, case) for case in cases)


def _decided(folder: Path, case: object) -> str:
    """What the command line decides, in the words of the check."""
    file = folder.parent / "case.json"
    file.write_text(json.dumps(case), encoding="utf-8")
    arguments = ["decide", str(folder), "--answers", str(file), "--format", "json"]
    result = CliRunner().invoke(porras, arguments)
    assert result.exit_code == 0, result.output
    decision = json.loads(result.stdout)
    match decision["status"]:
        case "stop":
            stops = [stop if isinstance(stop, str) else stop["id"] for stop in decision["stops"]]
            return f"stop {', '.join(stops)} ({decision['urgency']})"
        case "suggested":
            step = decision["step"]
            number = step if isinstance(step, int) else step["number"]
            return f"step {number}{' or above' if decision['or_above'] else ''}"
        case _:
            return f"at least step {decision['range'][0]}, answers missing"
