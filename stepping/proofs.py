"""The proofs over all answer sets of a pathway; each tells what it found as findings.

Nothing is sampled: a proof works on the diagrams of `stepping.space`, which hold every answer set,
with every question answered in any way or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from stepping.condition import And, Condition, Or
from stepping.content import Ages
from stepping.diagrams import FALSE, TRUE, Assignment, Node
from stepping.findings import Case, Finding, Severity, told
from stepping.floors import pathway_bases
from stepping.offers import AGE, WISHES
from stepping.pathway import REFUSED, Pathway, ReadyIntervention, ReadyRule
from stepping.problems import Notebook, Problem
from stepping.reading import INTERVENTIONS, RULES
from stepping.space import Space
from stepping.toml_lines import Place


@dataclass(frozen=True)
class _Change:
    """One answer made worse: the variable and its two values."""

    variable: int
    better: int
    worse: int


class Proofs:
    """The proofs of one pathway; `findings` runs them all."""

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self.space = Space.of(pathway)
        self.logic = self.space.diagrams
        self._lines = Notebook(pathway.files)

    def findings(self) -> Iterator[Finding]:
        """Yield everything that does not hold, errors and hints."""
        yield from self.dead()
        yield from self.lowered_steps()
        yield from self.closed_stops()
        yield from self.unreached_steps()
        yield from self.swallowed()
        yield from self.safety()
        yield from self.cards()
        yield from self.offers()
        yield from self.interventions()
        yield from self.undirected()
        yield from self.unused()
        yield from self.unsure()

    # -- what the proofs share ---------------------------------------------

    def fires(self, rule: ReadyRule) -> Node:
        """Return where a rule fires."""
        return self.space.true(rule.condition)

    @cached_property
    def ranked(self) -> tuple[tuple[ReadyRule, int], ...]:
        """Every rule that sets a floor, also after a stop, with how high: "or above" counts."""
        found = []
        for rule in self.pathway.rules:
            floor = rule.rule.at_least if rule.rule.stop is None else rule.rule.then_at_least
            if floor is not None:
                found.append((rule, 2 * floor + rule.rule.or_above))
        return tuple(found)

    @cached_property
    def outcome(self) -> Node:
        """The highest of all floors for every answer set: twice the step, one more "or above"."""
        base = 2 * self.pathway.base_step
        result = self.logic.leaf(base)
        for rule, rank in sorted(self.ranked, key=lambda pair: pair[1]):
            if rank > base:
                result = self.logic.where(self.fires(rule), self.logic.leaf(rank), result)
        return result

    @cached_property
    def answered(self) -> Node:
        """Where every required answer is given: what a suggested step needs."""
        return self.logic.all(
            self.logic.opposite(
                self.logic.both(self.space.asked(id_).true, self.space.unanswered(id_))
            )
            for id_, question in self.pathway.questions.items()
            if question.required
        )

    def finding(
        self,
        severity: Severity,
        kind: str,
        place: tuple[str, Place],
        message: str,
        **more: object,
    ) -> Finding:
        """Return a finding at a place of a file."""
        file, where = place
        line = self._lines.line(file, where)
        return Finding(severity, kind, Problem(file, line, message), **more)  # type: ignore[arg-type]

    def rule_place(self, rule: ReadyRule, *keys: str | int) -> tuple[str, Place]:
        """Return where a rule stands."""
        return RULES, ("rule", self.pathway.rules.index(rule), *keys)

    def fact_place(self, fact: str, *keys: str | int) -> tuple[str, Place]:
        """Return where a fact is defined."""
        file, place = self.pathway.places[fact]
        return file, (*place, *keys)

    def case(self, assignment: Assignment, worst: Iterable[int] = ()) -> Case:
        """Return the answers of an assignment, with every stop that holds recorded."""
        recorded = tuple(
            rule.id
            for rule in self.pathway.stops
            if self.logic.value_at(self.fires(rule), assignment)
        )
        return Case(self.space.answers(assignment, tuple(worst)), recorded)

    # -- dead rules --------------------------------------------------------

    def dead(self) -> Iterator[Finding]:
        """Conditions that no answer set makes true: rules, rows, cards, questions never asked."""
        for rule in self.pathway.rules:
            if self.fires(rule) == FALSE:
                yield self.finding(
                    "error",
                    "dead_rule",
                    self.rule_place(rule, "when"),
                    f"rule {rule.id} can never hold: no answers make {str(rule.condition)!r} true",
                    of=rule.id,
                )
        for id_, question in self.pathway.questions.items():
            if question.ask_if is not None and self.space.asked(id_).true == FALSE:
                yield self.finding(
                    "error",
                    "unreachable_question",
                    self.fact_place(id_, "ask_if"),
                    f"question {id_} is never asked: no answers make {str(question.ask_if)!r} true",
                    of=id_,
                )
        yield from self._dead_parts()
        yield from self._dead_facts()
        yield from self._dead_rows()

    def _dead_parts(self) -> Iterator[Finding]:
        """Alternatives of a living condition that nothing makes true: a cut-off that is lost."""
        conditions = [(r.condition, self.rule_place(r, "when"), r.id) for r in self.pathway.rules]
        for fact in self.pathway.facts.values():
            conditions += [(c, self.fact_place(fact.id), fact.id) for c in fact.conditions]
        for condition, place, of in conditions:
            for part in self._dead_in(condition, ()) if self.space.true(condition) else ():
                shared = place[0].startswith("instruments/")
                if shared and any(compare.fact == AGE for compare in part.parts()):
                    continue  # a cut-off for ages that another pathway assesses
                message = f"{of}: the part {str(part)!r} of the condition never holds"
                yield self.finding("error", "dead_part", place, message, of=of)

    def _dead_in(self, condition: Condition, beside: tuple[Node, ...]) -> Iterator[Condition]:
        """The alternatives that are never true where all that stands beside them is."""
        match condition:
            case Or(parts):
                for part in parts:
                    if self.logic.cheapest(*beside, self.space.true(part)) is None:
                        yield part
                    else:
                        yield from self._dead_in(part, beside)
            case And(parts):
                nodes = [self.space.true(part) for part in parts]
                for index, part in enumerate(parts):
                    yield from self._dead_in(part, (*beside, *nodes[:index], *nodes[index + 1 :]))
            case _:
                return

    def _dead_facts(self) -> Iterator[Finding]:
        for fact in self.pathway.facts.values():
            for condition in fact.conditions:
                if self.space.true(condition) == FALSE:
                    yield self.finding(
                        "error",
                        "dead_fact",
                        self.fact_place(fact.id),
                        f"{fact.id}: no answers make {str(condition)!r} true",
                        of=fact.id,
                    )

    def _dead_rows(self) -> Iterator[Finding]:
        for rule in self.pathway.rules:
            for number, (card, when) in enumerate(rule.cards):
                if when is not None and not self._together(rule.condition, when):
                    yield self.finding(
                        "error",
                        "dead_card",
                        self.rule_place(rule, "cards", number),
                        f"rule {rule.id}: its card {card.id} is never shown: {str(when)!r} is not "
                        f"true while the stop holds",
                        of=rule.id,
                    )
        for index, intervention in enumerate(self.pathway.interventions):
            for key in ("suits", "excluded_if", "requires"):
                for row, condition in enumerate(getattr(intervention, key)):
                    if self.space.true(condition) == FALSE:
                        yield self.finding(
                            "error",
                            "dead_row",
                            (INTERVENTIONS, ("intervention", index, key, row)),
                            f"intervention {intervention.id}: no answers make "
                            f"{str(condition)!r} true",
                            of=intervention.id,
                        )

    def _together(self, *conditions: Condition) -> bool:
        return self.logic.all(self.space.true(condition) for condition in conditions) != FALSE

    # -- a worse answer never lowers ---------------------------------------

    def lowered_steps(self) -> Iterator[Finding]:
        """Floors that a worse answer drops while no other floor as high takes over."""
        for rule, rank in self.ranked:
            changes = self._drops(self.fires(rule))
            if not changes or rank <= 2 * self.pathway.base_step:
                continue
            others = [self.fires(other) for other, high in self.ranked if high >= rank]
            found = self._smallest(
                (
                    (
                        change,
                        (self._at(self.fires(rule), change), *self._none_after(others, change)),
                    )
                    for change in changes
                ),
                complete=True,
            )
            if found is not None:
                yield self._lowered(rule, *found)

    def closed_stops(self) -> Iterator[Finding]:
        """Stops that a worse answer closes."""
        for rule in self.pathway.stops:
            node = self.fires(rule)
            found = self._smallest(
                (change, (self._at(node, change), *self._none_after([node], change)))
                for change in self._drops(node)
            )
            if found is not None:
                change, assignment = found
                case, worse = self._pair(change, assignment)
                case, worse = Case(case.answers), Case(worse.answers)
                yield self.finding(
                    "error",
                    "monotone_stop",
                    self.rule_place(rule, "when"),
                    f"rule {rule.id}: a worse answer closes the stop ({self._said(change)})",
                    of=rule.id,
                    case=case,
                    worse=worse,
                    shows=self._both_told(case, worse),
                )

    def _lowered(self, rule: ReadyRule, change: _Change, assignment: Assignment) -> Finding:
        case, worse = self._pair(change, assignment)
        return self.finding(
            "error",
            "monotone_step",
            self.rule_place(rule, "when"),
            f"rule {rule.id}: a worse answer lowers the step ({self._said(change)})",
            of=rule.id,
            case=case,
            worse=worse,
            shows=self._both_told(case, worse),
        )

    def _drops(self, node: Node) -> list[_Change]:
        """The worse answers that can make a diagram false where it was true."""
        found: set[tuple[int, int, int]] = set()
        for variable, branches in self.logic.nodes(node):
            for better, worse in self.space.variables[variable].worse:
                if not self.logic.implies(branches[better], branches[worse]):
                    found.add((variable, better, worse))
        return [_Change(*change) for change in sorted(found)]

    def _at(self, node: Node, change: _Change) -> Node:
        return self.logic.fix(node, change.variable, change.better)

    def _none_after(self, nodes: Iterable[Node], change: _Change) -> list[Node]:
        return [
            self.logic.opposite(self.logic.fix(node, change.variable, change.worse))
            for node in nodes
        ]

    def _smallest(
        self, candidates: Iterable[tuple[_Change, tuple[Node, ...]]], *, complete: bool = False
    ) -> tuple[_Change, Assignment] | None:
        """The change with the smallest case; `complete` prefers one that suggests a step."""
        best: tuple[bool, int, _Change, Assignment] | None = None
        for change, wanted in candidates:
            answered = [
                self.logic.fix(self.answered, change.variable, value)
                for value in (change.better, change.worse)
                if complete
            ]
            assignment = self.logic.cheapest(*wanted, *answered)
            whole = assignment is not None
            if assignment is None:
                assignment = self.logic.cheapest(*wanted)
            if assignment is None:
                continue
            size = not whole, self.logic.cost({**assignment, change.variable: change.better})
            if best is None or size < best[:2]:
                best = *size, change, assignment
        return None if best is None else (best[2], best[3])

    def _pair(self, change: _Change, assignment: Assignment) -> tuple[Case, Case]:
        """The case before and after the change, on the two sides of it, the same stops recorded."""
        before = self.case({**assignment, change.variable: change.better}, [change.variable])
        worst = [change.variable] if change.better == 0 else []  # from unanswered to the very worst
        after = self.case({**assignment, change.variable: change.worse}, worst)
        recorded = tuple(dict.fromkeys((*before.recorded, *after.recorded)))
        return Case(before.answers, recorded), Case(after.answers, recorded)

    def _said(self, change: _Change) -> str:
        variable = self.space.variables[change.variable]
        before, after = variable.worst[change.better], variable.best[change.worse]
        if before is None:
            return f"{variable.id} unanswered → {variable.worst[change.worse]}"
        return f"{variable.id} {before} → {after}"

    def _both_told(self, case: Case, worse: Case) -> str:
        return f"{self._told(case)} → {self._told(worse)}"

    def _told(self, case: Case) -> str:
        return told(case.decide(self.pathway))

    # -- steps and swallowed rules -----------------------------------------

    def unreached_steps(self) -> Iterator[Finding]:
        """Steps that no answer set leads to."""
        for index, step in enumerate(self.pathway.header.step):
            if self.logic.both(self._at_step(step.number), self.answered) == FALSE:
                yield self.finding(
                    "error",
                    "unreached_step",
                    ("pathway.toml", ("step", index)),
                    f"no answers lead to step {step.number}",
                    of=str(step.number),
                )

    def swallowed(self) -> Iterator[Finding]:
        """Rules that never change an outcome, because others always say as much."""
        needed = set(self._needed_floors())
        for rule in self.pathway.rules:
            node = self.fires(rule)
            if node == FALSE or rule.rule.stop is not None:
                continue
            if rule.rule.at_least is not None:
                matters = rule.id in needed
            else:
                matters = any(
                    self._alone(node, self._same_effect(rule, key, name))
                    for key, name in _effects(rule)
                )
            if not matters:
                yield self.finding(
                    "hint",
                    "swallowed_rule",
                    self.rule_place(rule),
                    f"rule {rule.id} never changes an outcome: whenever it holds, other rules "
                    f"already say as much",
                    of=rule.id,
                )

    def _needed_floors(self) -> Iterator[str]:
        """The floors without which some answers would lead to less."""
        above = FALSE
        for rank in sorted({rank for _, rank in self.ranked}, reverse=True):
            rules = [rule for rule, high in self.ranked if high == rank]
            if rank > 2 * self.pathway.base_step:
                nodes = [self.fires(rule) for rule in rules]
                for rule, others in zip(rules, self._without_each(nodes), strict=True):
                    if not self.logic.implies(self.fires(rule), self.logic.either(above, others)):
                        yield rule.id
            above = self.logic.any((above, *(self.fires(rule) for rule in rules)))

    def _without_each(self, nodes: Sequence[Node]) -> list[Node]:
        """For each of some diagrams, where any of the others is true."""
        before, after = [FALSE], [FALSE]
        for node in nodes:
            before.append(self.logic.either(before[-1], node))
        for node in reversed(nodes):
            after.append(self.logic.either(after[-1], node))
        size = len(nodes)
        return [self.logic.either(before[n], after[size - 1 - n]) for n in range(size)]

    def _alone(self, node: Node, others: Iterable[ReadyRule]) -> bool:
        return not self.logic.implies(node, self.logic.any(self.fires(other) for other in others))

    def _same_effect(self, rule: ReadyRule, key: str, name: str) -> list[ReadyRule]:
        return [r for r in self.pathway.rules if r is not rule and (key, name) in _effects(r)]

    # -- red flags ---------------------------------------------------------

    def safety(self) -> Iterator[Finding]:
        """Questions marked as safety that cannot open a stop, or are not asked."""
        for id_, question in self.pathway.questions.items():
            if question.safety and not self._opens_a_stop(id_):
                yield self.finding(
                    "error",
                    "safety",
                    self.fact_place(id_),
                    f"{id_} is marked as safety, but no answer to it opens a stop",
                    of=id_,
                )
            elif question.safety and question.refusable and not self._opens_a_stop(id_, REFUSED):
                yield self.finding(
                    "error",
                    "safety",
                    self.fact_place(id_),
                    f"{id_} is marked as safety, but refusing to answer it opens no stop",
                    of=id_,
                )
        for instrument in self.pathway.instruments.values():
            for index, item in enumerate(instrument.item):
                id_ = f"{instrument.id}.{item.id}"
                if item.safety and id_ not in self.pathway.questions:
                    yield self.finding(
                        "error",
                        "safety",
                        (f"instruments/{instrument.id}.toml", ("item", index)),
                        f"{id_} is marked as safety, but this pathway does not ask it",
                        of=id_,
                    )

    def _opens_a_stop(self, question: str, answer: str | None = None) -> bool:
        """Whether a worse answer opens a stop, or a certain one where the next better does not."""
        variable = self.space.places[question]
        answers = self.space.variables[variable].worst
        for stop in self.pathway.stops:
            node = self.fires(stop)
            for better, worse in self.space.variables[variable].worse:
                if answer not in (None, answers[worse]):
                    continue
                before = self.logic.opposite(self.logic.fix(node, variable, better))
                if self.logic.both(before, self.logic.fix(node, variable, worse)) != FALSE:
                    return True
        return False

    def cards(self) -> Iterator[Finding]:
        """Stops that can hold with no action card, and cards without a number to call."""
        for rule in self.pathway.stops:
            shown = [when for _, when in rule.cards if when is not None]
            if len(shown) == len(rule.cards):
                none = (self.logic.opposite(self.space.true(when)) for when in shown)
                assignment = self.logic.cheapest(self.fires(rule), *none)
                if assignment is not None:
                    case = Case(self.space.answers(assignment))
                    yield self.finding(
                        "error",
                        "stop_without_card",
                        self.rule_place(rule, "cards"),
                        f"rule {rule.id}: the stop can hold with none of its cards shown",
                        of=rule.id,
                        case=case,
                        shows=self._told(case),
                    )
            for card, _ in rule.cards:
                if not card.numbers:
                    yield self.finding(
                        "error",
                        "card_without_number",
                        (f"cards/{card.id}.toml", ("numbers",)),
                        f"card {card.id} is the card of stop {rule.id} and has no number to call",
                        of=card.id,
                    )

    # -- interventions -----------------------------------------------------

    def offers(self) -> Iterator[Finding]:
        """Offers that fit no step or age at which the rule holds, and offers during a stop."""
        for rule in self.pathway.rules:
            for name in rule.rule.offer:
                intervention = next(i for i in self.pathway.interventions if i.id == name)
                if self.fires(rule) != FALSE and not self._fits(rule, intervention):
                    yield self.finding(
                        "error",
                        "offer_unfit",
                        self.rule_place(rule, "offer"),
                        f"rule {rule.id} offers {name}, which fits no step and age at which the "
                        f"rule holds",
                        of=rule.id,
                    )
            if rule.rule.offer:
                yield from self._offered_in_a_stop(rule)

    def _fits(self, rule: ReadyRule, intervention: ReadyIntervention) -> bool:
        steps = [self._at_step(step) for step in intervention.content.steps]
        known = (
            self.logic.opposite(self.space.unanswered(AGE)) if AGE in self.space.places else TRUE
        )
        wanted = self.fires(rule), self._of_age(intervention), known
        return any(self.logic.cheapest(*wanted, step) is not None for step in steps or [TRUE])

    def _offered_in_a_stop(self, rule: ReadyRule) -> Iterator[Finding]:
        """Ask the decision itself, once for each stop that can hold together with the offer."""
        for stop in self.pathway.stops:
            assignment = self.logic.cheapest(self.fires(rule), self.fires(stop))
            if assignment is None:
                continue
            case = Case(self.space.answers(assignment))
            if case.decide(self.pathway).interventions:
                yield self.finding(
                    "error",
                    "offer_in_stop",
                    self.rule_place(rule, "offer"),
                    f"rule {rule.id}: its offer is made while stop {stop.id} is open",
                    of=rule.id,
                    case=case,
                    shows=self._told(case),
                )

    def _of_age(self, intervention: ReadyIntervention) -> Node:
        """Where the client's age is not one that the intervention is not for."""
        ages = intervention.content.ages
        number = self.space.places.get(AGE)
        if number is None:
            return self.logic.leaf(1)
        cells = self.space.variables[number]
        return self.logic.of(
            number,
            [
                int(low is None or _overlap(ages, int(str(low)), int(str(high))))
                for low, high in zip(cells.best, cells.worst, strict=True)
            ],
        )

    def _at_step(self, step: int) -> Node:
        """Where the step is this one, once every stop that holds is recorded."""
        return self.logic.test(self.outcome, lambda rank: rank // 2 == step)

    def interventions(self) -> Iterator[Finding]:
        """Steps with no intervention for some age, and answers that exclude all that there are."""
        yield from self._never_offered()
        ages = self.pathway.header.ages
        for index, step in enumerate(self.pathway.header.step):
            here = [i for i in self.pathway.interventions if step.number in i.content.steps]
            bare = [
                age
                for age in range(ages.from_, ages.to + 1)
                if not any(i.content.ages.holds(age) for i in here)
            ]
            if bare:
                yield self.finding(
                    "error",
                    "step_without_intervention",
                    ("pathway.toml", ("step", index)),
                    f"step {step.number} has no intervention for age {bare[0]}",
                    of=str(step.number),
                )
                continue
            assignment = self.logic.cheapest(
                self._at_step(step.number),
                *(self._against(intervention) for intervention in here),
                self.answered,
            )
            if assignment is not None:
                case = self.case(assignment)
                yield self.finding(
                    "hint",
                    "nothing_left",
                    ("pathway.toml", ("step", index)),
                    f"on step {step.number} every intervention can be excluded at once",
                    of=str(step.number),
                    case=case,
                    shows=self._told(case),
                )

    def _never_offered(self) -> Iterator[Finding]:
        """Interventions for other ages only, and parallel ones that nothing brings up."""
        ages = self.pathway.header.ages
        offered = {name for rule in self.pathway.rules for name in rule.rule.offer}
        for index, intervention in enumerate(self.pathway.interventions):
            place = INTERVENTIONS, ("intervention", index)
            message = ""
            if not _overlap(intervention.content.ages, ages.from_, ages.to):
                message = f"is for no age of this pathway, {ages.from_}–{ages.to}"
            elif not (intervention.content.steps or intervention.suits) and (
                intervention.id not in offered
            ):
                message = "has no step, suits nothing and is offered by no rule"
            if message:
                yield self.finding(
                    "error",
                    "intervention_never_offered",
                    place,
                    f"intervention {intervention.id} {message}",
                    of=intervention.id,
                )

    def _against(self, intervention: ReadyIntervention) -> Node:
        """Where something speaks against an intervention; see `stepping.offers`."""
        true = self.space.true
        avoided = (
            self.fires(rule) for rule in self.pathway.rules if intervention.id in rule.rule.avoid
        )
        return self.logic.any(
            (
                *avoided,
                *(true(condition) for condition in intervention.excluded_if),
                *(self.logic.opposite(true(condition)) for condition in intervention.requires),
                self.logic.opposite(self._of_age(intervention)),
            )
        )

    # -- questions ---------------------------------------------------------

    def undirected(self) -> Iterator[Finding]:
        """Questions that decide a stop or a floor while no answer to them is the worse one."""
        ruling = [
            r
            for r in self.pathway.rules
            if r.rule.stop or any(r is other for other, _ in self.ranked)
        ]
        bases = set[str]().union(*(pathway_bases(self.pathway, r.condition) for r in ruling))
        for id_, question in self.pathway.questions.items():
            ordered = question.numeric or question.kind == "yesno"
            if id_ in bases and ordered and question.worse == "none":
                yield self.finding(
                    "hint",
                    "no_worse",
                    self.fact_place(id_),
                    f"{id_} decides a stop or a step, but no answer to it is called the worse one, "
                    f"so nothing proves that a worse one never lowers the step",
                    of=id_,
                )

    def unused(self) -> Iterator[Finding]:
        """Questions and facts that nothing looks at; free texts and dates are for the reader."""
        used = self._used()
        for id_, question in self.pathway.questions.items():
            if id_ not in used and question.kind not in ("text", "date") and id_ != WISHES:
                yield self.finding(
                    "error",
                    "unused_question",
                    self.fact_place(id_),
                    f"question {id_} is asked, but nothing depends on it",
                    of=id_,
                )
        for fact in self.pathway.facts.values():
            own = self.pathway.places[fact.id][0] == RULES
            if own and fact.id not in used:
                yield self.finding(
                    "error",
                    "unused_fact",
                    self.fact_place(fact.id),
                    f"fact {fact.id} is derived, but nothing uses it",
                    of=fact.id,
                )

    def _used(self) -> set[str]:
        """What rules, cards, interventions, asked questions and totals look at."""
        facts = self.pathway.facts
        waiting = [c.fact for condition in _roots(self.pathway) for c in condition.parts()]
        waiting += [fact.id for fact in facts.values() if fact.origin == "total"]
        used: set[str] = set()
        while waiting:
            fact = facts[waiting.pop()]
            if fact.id not in used:
                used.add(fact.id)
                waiting += fact.items
                waiting += [c.fact for inner in fact.conditions for c in inner.parts()]
        return used

    def unsure(self) -> Iterator[Finding]:
        """Required questions that decide, yet are not required while another is left out."""
        told_of: set[str] = set()
        done: set[Condition] = set()
        for id_, question in self.pathway.questions.items():
            if not question.required or question.ask_if is None:
                continue
            if question.ask_if in done:
                continue
            if told_of & pathway_bases(self.pathway, question.ask_if):
                told_of.add(id_)
                continue
            asked, variable = self.space.asked(id_), self.space.places[id_]
            open_ = self.logic.opposite(self.logic.either(asked.true, asked.false))
            stops = [self.fires(stop) for stop in self.pathway.stops]
            size = len(self.space.variables[variable].best)
            opened = self.logic.any(
                self.logic.fix(stop, variable, value) for stop in stops for value in range(size)
            )
            quiet = (self.logic.opposite(stop) for stop in stops)
            assignment = self.logic.cheapest(
                open_, opened, self.space.unanswered(id_), *quiet, self.answered
            )
            if assignment is not None:
                told_of.add(id_)
                done.add(question.ask_if)
                case = self.case(assignment)
                yield self.finding(
                    "hint",
                    "required_unsure",
                    self.fact_place(id_),
                    f"{id_} is required, but a step can be suggested without it while an optional "
                    f"question that decides whether it is asked has no answer",
                    of=id_,
                    case=case,
                    shows=self._told(case),
                )


def _effects(rule: ReadyRule) -> set[tuple[str, str]]:
    """What a rule says beside the step: the key and the name."""
    keys = ("add", "offer", "avoid")
    named = {(key, name) for key in keys for name in getattr(rule.rule, key)}
    return named | ({("provisional", "")} if rule.rule.provisional else set())


def _roots(pathway: Pathway) -> Iterator[Condition]:
    """Every condition but those of derived facts: these count only if something names them."""
    for question in pathway.questions.values():
        if question.ask_if is not None:
            yield question.ask_if
    for rule in pathway.rules:
        yield rule.condition
        yield from (when for _, when in rule.cards if when is not None)
    for intervention in pathway.interventions:
        yield from (*intervention.suits, *intervention.excluded_if, *intervention.requires)


def _overlap(ages: Ages, low: int, high: int) -> bool:
    return ages.from_ <= high and low <= ages.to
