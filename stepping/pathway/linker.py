"""Ties the files of a pathway together: every name found, every condition read and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from stepping.pathway.condition import (
    And,
    Compare,
    Condition,
    ConditionError,
    Or,
    count_levels,
    parse_condition,
)
from stepping.pathway.diagnostics import DiagnosticCollector, suggest_nearest
from stepping.pathway.model import (
    DECLINED,
    NO,
    YES,
    Fact,
    Pathway,
    Question,
    QuestionPage,
    ReadyIntervention,
    ReadyRule,
)
from stepping.pathway.schema import (
    Band,
    Card,
    Change,
    DerivedFact,
    Examples,
    Given,
    Header,
    Instrument,
    InstrumentUse,
    Interventions,
    Item,
    Kind,
    Option,
    OwnQuestion,
    Questions,
    Rule,
    Rules,
    Safety,
    Worse,
    read_duration,
)
from stepping.pathway.toml_lines import Place

_QUESTIONS, _RULES, _INTERVENTIONS = "questions.toml", "rules.toml", "interventions.toml"

MOST_LEVELS = 80
"""Facts that hang on each other, parentheses counted; the deepest that we know has six."""
MOST_SUMMED = 1000
"""Values of a number that a total or a difference is made of: a proof tells all of them apart."""


@dataclass(frozen=True)
class Parts:
    """The files of a pathway as they were read."""

    header: Header
    questions: Questions
    rules: Rules
    interventions: Interventions
    examples: Examples
    instruments: Mapping[str, Instrument]
    cards: Mapping[str, Card]


def link(
    parts: Parts, files: Mapping[str, str], digest: str, notes: DiagnosticCollector
) -> Pathway:
    """Tie the parts together.

    Raises:
        PathwayError: With every name that nothing has and every condition that cannot hold.
    """
    linker = _Linker(parts, notes)
    pages = linker.pages()
    linker.derived()
    linker.check_conditions()
    rules = tuple(linker.rule(place, rule) for place, rule in enumerate(parts.rules.rule))
    interventions = linker.interventions()
    linker.check_header()
    notes.raise_if_any()
    linker.check_levels()
    notes.raise_if_any()
    linker.check_order(pages)
    notes.raise_if_any()
    return Pathway(
        header=parts.header,
        pages=pages,
        facts=linker.facts,
        instruments=parts.instruments,
        rules=rules,
        cards=parts.cards,
        interventions=interventions,
        examples=parts.examples.example,
        example_bases=parts.examples.base,
        files=files,
        places=linker.places,
        digest=digest,
    )


@dataclass
class _Linker:
    parts: Parts
    notes: DiagnosticCollector
    facts: dict[str, Fact] = field(default_factory=dict)
    places: dict[str, tuple[str, Place]] = field(default_factory=dict)
    read: list[tuple[str, Place, str, Condition]] = field(default_factory=list)
    under: dict[str, set[str]] = field(default_factory=dict)
    """The questions on which a fact rests, once they are known."""

    # -- questions ---------------------------------------------------------

    def pages(self) -> tuple[QuestionPage, ...]:
        """Return every question in the order of asking, those of one page together."""
        for place, given in enumerate(self.parts.questions.given):
            words = tuple(option.id for option in given.options)
            whole = given.type == "integer"
            fact = Fact(
                given.id,
                "number" if whole else "word",
                given.label,
                low=given.min if whole else 0,
                high=given.max if whole else 0,
                words=words,
                default=None if given.default is None else str(given.default),
                origin="given",
            )
            self._check_given(given, ("given", place))
            self._add(fact, _QUESTIONS, ("given", place))
        headings = {page.id: page for page in self.parts.questions.page}
        pages: dict[str, list[Question]] = {}
        for place, ask in enumerate(self.parts.questions.ask):
            self._known("section", ask.section, (s.id for s in self.parts.header.section), place)
            for question in self._asked(ask, place):
                self._add(_question_fact(question), _QUESTIONS, ("ask", place))
                if question.page and question.page not in headings:
                    self.notes.add_unknown(
                        _QUESTIONS, ("ask", place, "page"), "page", question.page, headings
                    )
                pages.setdefault(question.page or question.id, []).append(question)
        return tuple(
            QuestionPage(
                id_,
                qs[0].section,
                _with_declinable(qs),
                headings[id_].text if id_ in headings else {},
            )
            for id_, qs in pages.items()
        )

    def _check_given(self, given: Given, place: Place) -> None:
        words = [option.id for option in given.options]
        if given.type == "integer":
            self._check_range(given, _QUESTIONS, place)
            if given.default is not None and given.default not in range(given.min, given.max + 1):
                message = f"default {given.default!r} is not a number {given.min}–{given.max}"
                self.notes.add(_QUESTIONS, (*place, "default"), message)
        elif given.default is not None and given.default not in words:
            told = str(given.default)
            self.notes.add_unknown(_QUESTIONS, (*place, "default"), "default", told, words)
        self._once("option", words, _QUESTIONS, (*place, "options"))

    def _check_range(self, asked: Given | OwnQuestion | Item, file: str, place: Place) -> None:
        if asked.min >= asked.max:
            self.notes.add(file, place, f"{asked.id}: min is not below max")

    def _asked(self, ask: OwnQuestion | InstrumentUse, place: int) -> list[Question]:
        if isinstance(ask, OwnQuestion):
            return [self._own(ask, place)]
        instrument = self.parts.instruments.get(ask.instrument)
        if instrument is None:
            return []
        known = [item.id for item in instrument.item]
        for name in ask.items:
            if name not in known:
                self.notes.add_unknown(_QUESTIONS, ("ask", place, "items"), "item", name, known)
        wanted = ask.items or tuple(known)
        asked_if = self._condition(ask.ask_if, _QUESTIONS, ("ask", place, "ask_if"))
        return [
            self._item(instrument, index, item, ask, asked_if)
            for index, item in enumerate(instrument.item)
            if item.id in wanted
        ]

    def _own(self, ask: OwnQuestion, place: int) -> Question:
        if ask.type in ("choice", "multi") and len(ask.options) < 2:
            self.notes.add(
                _QUESTIONS, ("ask", place), f"question {ask.id} needs at least two options"
            )
        if ask.type in ("integer", "scale"):
            self._check_range(ask, _QUESTIONS, ("ask", place))
        ids = [option.id for option in ask.options]
        self._once("option", ids, _QUESTIONS, ("ask", place, "options"))
        if DECLINED in ids:
            at: Place = ("ask", place, "options", ids.index(DECLINED))
            told = f"option {DECLINED} of {ask.id}: the word stands for a client who declines"
            self.notes.add(_QUESTIONS, at, told)
        if ask.page and ask.type != "yesno":
            self.notes.add(
                _QUESTIONS, ("ask", place), f"question {ask.id}: only yes/no shares a page"
            )
        return Question(
            id=ask.id,
            section=ask.section,
            kind=ask.type,
            text=ask.text,
            label=ask.label,
            source=ask.source,
            basis=ask.basis,
            help=ask.help,
            asked_of=ask.asked_of,
            page=ask.page,
            required=ask.required,
            safety=ask.safety,
            holds=self._holds(ask.safety, ask.section, ask.holds),
            worse=ask.worse,
            ask_if=self._condition(ask.ask_if, _QUESTIONS, ("ask", place, "ask_if")),
            refusable=ask.refusable,
            options=ask.options,
            low=ask.min,
            high=ask.max,
            low_label=ask.low,
            high_label=ask.high,
            unit=ask.unit,
        )

    def _item(
        self,
        instrument: Instrument,
        index: int,
        item: Item,
        use: InstrumentUse,
        asked_if: Condition | None,
    ) -> Question:
        file = f"instruments/{instrument.id}.toml"
        scored = item.options or instrument.options
        if item.type == "choice" and len(scored) < 2:
            self.notes.add(file, ("item", index), f"item {item.id} needs at least two options")
        if item.type == "scale":
            self._check_range(item, file, ("item", index))
        own_place: Place = ("item", index, "options") if item.options else ("options",)
        self._once("score", [str(option.score) for option in scored], file, own_place)
        own = self._condition(item.ask_if, file, ("item", index, "ask_if"))
        both = And((asked_if, own)) if asked_if and own else asked_if or own
        return Question(
            id=f"{instrument.id}.{item.id}",
            section=use.section,
            kind=item.type,
            text=item.text,
            label=item.label,
            help=item.help,
            source=instrument.source,
            basis="guideline",
            required=use.required,
            safety=item.safety,
            holds=self._holds(item.safety, use.section, item.holds, use.holds, instrument.holds),
            worse=item.worse or _USUAL_WORSE[item.type],
            ask_if=both,
            refusable=item.refusable,
            options=_options(item, instrument),
            low=item.min,
            high=item.max,
            low_label=item.low,
            high_label=item.high,
            instrument=instrument,
        )

    def _holds(self, safety: Safety, section: str, *stated: str | None) -> timedelta:
        """How long an answer holds: what is stated nearest to its question, then its section."""
        of_section = next((s.holds for s in self.parts.header.section if s.id == section), None)
        nearest_one = next((text for text in (*stated, of_section) if text), None)
        return read_duration(nearest_one) if nearest_one else _USUAL_HOLDS[bool(safety)]

    # -- facts -------------------------------------------------------------

    def derived(self) -> None:
        """Add the facts that are made of others."""
        for instrument in self.parts.instruments.values():
            self._totals(instrument)
        for place, fact in enumerate(self.parts.rules.fact):
            where: Place = ("fact", place)
            if fact.when is not None:
                condition = self._condition(fact.when, _RULES, (*where, "when"))
                self._add(_yes_no(fact.id, fact.label, condition), _RULES, where)
            elif fact.difference:
                self._difference(fact, where)
            else:
                texts = [self._condition(text, _RULES, (*where, "count")) for text in fact.count]
                conditions = tuple(c for c in texts if c is not None)
                counted = Fact(
                    fact.id,
                    "number",
                    fact.label,
                    worse="up",
                    high=len(conditions),
                    origin="count",
                    conditions=conditions,
                )
                self._add(counted, _RULES, where)

    def _difference(self, fact: DerivedFact, where: Place) -> None:
        """Add how much one number is above another; both are always asked, or the card tells."""
        known = {
            id_: other
            for id_, other in self.facts.items()
            if other.kind == "number" and other.origin not in ("question", "difference")
        }
        for name in fact.difference:
            if name not in known:
                what = "a total, a count or a number of the client card"
                self.notes.add_unknown(_RULES, (*where, "difference"), what, name, known)
        if not all(name in known for name in fact.difference):
            return
        later, earlier = (known[name] for name in fact.difference)
        apart = Fact(
            fact.id,
            "number",
            fact.label,
            worse=later.worse,
            low=later.low - earlier.high,
            high=later.high - earlier.low,
            origin="difference",
            items=fact.difference,
        )
        self._add(apart, _RULES, where)

    def _totals(self, instrument: Instrument) -> None:
        file = f"instruments/{instrument.id}.toml"
        items = {item.id: item for item in instrument.item}
        for place, total in enumerate(instrument.total):
            named = total.items or tuple(item.id for item in instrument.item if item.scored)
            for name in named:
                if name not in items:
                    self.notes.add_unknown(file, ("total", place, "items"), "item", name, items)
            ids = tuple(f"{instrument.id}.{name}" for name in named if name in items)
            most = sum(_most(self.facts[id_]) for id_ in ids if id_ in self.facts)
            for id_ in ids:
                if id_ not in self.facts:
                    self.notes.add(file, ("total", place), f"{id_} is summed but never asked")
            starts = [band.from_ for band in total.bands]
            if starts and (starts[0] != 0 or starts != sorted(set(starts)) or starts[-1] > most):
                self.notes.add(
                    file, ("total", place), f"the bands do not rise from 0 within 0–{most}"
                )
            for index, fault in _band_faults(total.bands, most):
                self.notes.add(file, ("total", place, "bands", index), f"{total.id}: {fault}")
            id_ = f"{instrument.id}.{total.id}"
            fact = Fact(
                id_, "number", total.label, worse=total.worse, high=most, origin="total", items=ids
            )
            self._add(fact, file, ("total", place))
        for place, positive in enumerate(instrument.positive):
            read = [
                self._condition(row.when, file, ("positive", place, "rows", index, "when"))
                for index, row in enumerate(positive.rows)
            ]
            rows = tuple(condition for condition in read if condition is not None)
            whole = rows[0] if len(rows) == 1 else Or(rows)
            fact = _yes_no(f"{instrument.id}.{positive.id}", positive.label, whole)
            self._add(fact, file, ("positive", place))
        if instrument.change is not None:
            self._check_change(instrument, instrument.change, file)

    def _check_change(self, instrument: Instrument, change: Change, file: str) -> None:
        """Note a change that cannot be followed; in an episode a rise counts as worse."""
        totals = {total.id: total for total in instrument.total}
        total = totals.get(change.total)
        if total is None:
            self.notes.add_unknown(file, ("change", "total"), "total", change.total, totals)
            return
        if total.worse == "down":
            message = (
                f"{total.id} cannot be followed: less of it is worse, and a rise counts as such"
            )
            self.notes.add(file, ("change", "total"), message)
        most = self.facts[f"{instrument.id}.{total.id}"].high
        for key in ("caseness", "reliable"):
            if not 1 <= (points := getattr(change, key)) <= most:
                self.notes.add(file, ("change", key), f"{key} {points} is not within 1–{most}")

    def _add(self, fact: Fact, file: str, place: Place) -> None:
        if fact.id in self.facts:
            self.notes.add(file, place, f"{fact.id} is defined twice")
        self.facts[fact.id] = fact
        self.places[fact.id] = file, place

    # -- conditions --------------------------------------------------------

    def _condition(self, text: str | None, file: str, place: Place) -> Condition | None:
        if text is None:
            return None
        try:
            condition = parse_condition(text)
        except ConditionError as error:
            self.notes.add(file, place, f"the condition {text!r} cannot be read: {error}")
            return None
        self.read.append((file, place, text, condition))
        return condition

    def check_conditions(self) -> None:
        """Note every comparison with an unknown fact or a value that it can never have."""
        for file, place, text, condition in self.read:
            self._check(file, place, text, condition)
        self.read.clear()

    def _check(self, file: str, place: Place, text: str, condition: Condition) -> None:
        for compare in condition.parts():
            fact = self.facts.get(compare.fact)
            if fact is None:
                self.notes.add_unknown(file, place, "the fact", compare.fact, self.facts)
            elif fault := _fault(compare, fact):
                self.notes.add(file, place, f"in {text!r}: {fault}")

    def _checked(self, text: str, file: str, place: Place) -> Condition | None:
        condition = self._condition(text, file, place)
        self.check_conditions()
        return condition

    # -- rules and interventions -------------------------------------------

    def rule(self, index: int, rule: Rule) -> ReadyRule:
        """Read a rule's conditions and find everything that it names."""
        place: Place = ("rule", index)
        earlier = [other.id for other in self.parts.rules.rule[:index]]
        if rule.id in earlier:
            self.notes.add(_RULES, place, f"rule {rule.id} is defined twice")
        condition = self._checked(rule.when, _RULES, (*place, "when"))
        cards = []
        for number, use in enumerate(rule.cards):
            at = (*place, "cards", number, "when")
            when = None if use.when is None else self._checked(use.when, _RULES, at)
            if use.card in self.parts.cards:
                cards.append((self.parts.cards[use.card], when))
        steps = [step.number for step in self.parts.header.step]
        for key in ("at_least", "then_at_least"):
            number = getattr(rule, key)
            if number is not None and number not in steps:
                self.notes.add(_RULES, (*place, key), f"rule {rule.id}: there is no step {number}")
        actions = [action.id for action in self.parts.header.action]
        offered = [i.id for i in self.parts.interventions.intervention]
        questions = [fact.id for fact in self.facts.values() if fact.origin == "question"]
        for key, names, known in (
            ("add", rule.add, actions),
            ("offer", rule.offer, offered),
            ("avoid", rule.avoid, offered),
            ("ask_first", rule.ask_first, questions),
        ):
            for name in names:
                if name not in known:
                    self.notes.add_unknown(
                        _RULES, (*place, key), f"rule {rule.id}: {key}", name, known
                    )
        return ReadyRule(rule, condition or Compare("", "is", NO), tuple(cards))

    def interventions(self) -> tuple[ReadyIntervention, ...]:
        """Read every intervention's conditions."""
        ready = []
        steps = {step.number for step in self.parts.header.step}
        seen: set[str] = set()
        for index, intervention in enumerate(self.parts.interventions.intervention):
            place: Place = ("intervention", index)
            if intervention.id in seen:
                self.notes.add(
                    _INTERVENTIONS, place, f"intervention {intervention.id} is defined twice"
                )
            seen.add(intervention.id)
            for number in intervention.steps:
                if number not in steps:
                    self.notes.add(_INTERVENTIONS, (*place, "steps"), f"there is no step {number}")
            lists = {
                key: tuple(
                    condition
                    for row, because in enumerate(getattr(intervention, key))
                    if (
                        condition := self._checked(
                            because.when, _INTERVENTIONS, (*place, key, row, "when")
                        )
                    )
                )
                for key in ("suits", "excluded_if", "requires")
            }
            ready.append(ReadyIntervention(intervention, **lists))
        return tuple(ready)

    # -- the whole ---------------------------------------------------------

    def check_header(self) -> None:
        """Note ids of the header that stand twice, and wording that no instrument states."""
        header = self.parts.header
        for key, names in (
            ("step", [str(step.number) for step in header.step]),
            ("section", [section.id for section in header.section]),
            ("action", [action.id for action in header.action]),
            ("override_reason", [reason.code for reason in header.override_reason]),
        ):
            self._once(key, names, "pathway.toml", (key,))
        for id_, card in self.parts.cards.items():
            self._once("step", [step.id for step in card.steps], f"cards/{id_}.toml", ("steps",))
        pages = [page.id for page in self.parts.questions.page]
        self._once("page", pages, _QUESTIONS, ("page",))
        examples = [example.id for example in self.parts.examples.example]
        self._once("example", examples, "examples.toml", ("example",))
        for id_, instrument in self.parts.instruments.items():
            for language in header.languages:
                if language not in instrument.wording:
                    file = f"instruments/{id_}.toml"
                    self.notes.add(file, ("wording",), f"there is no [wording.{language}]")

    def check_levels(self) -> None:
        """Note facts that hang on each other over more levels than anybody could follow.

        A level is a fact that waits for another one, or a parenthesis of its condition.
        """
        summed = {item for fact in self.facts.values() for item in fact.items}
        for fact in (self.facts[id_] for id_ in sorted(summed & self.facts.keys())):
            if fact.origin in ("given", "question") and fact.high - fact.low >= MOST_SUMMED:
                told = f"{fact.id} is part of a sum, so it may have at most {MOST_SUMMED} values"
                self.notes.add(*self.places[fact.id], told)
        waits: dict[str, set[str]] = {}
        own: dict[str, int] = {}
        for fact in self.facts.values():
            conditions = (*fact.conditions, *([fact.ask_if] if fact.ask_if else ()))
            named = (compare.fact for each in conditions for compare in each.parts())
            waits[fact.id] = {*fact.items, *named} - {fact.id}
            own[fact.id] = 1 + max(map(count_levels, conditions), default=0)
        deep: dict[str, int] = {}
        left = dict(waits)
        while ready := [id_ for id_, bases in left.items() if not bases - deep.keys()]:
            for id_ in ready:
                deep[id_] = own[id_] + max((deep[base] for base in left.pop(id_)), default=0)
        for id_, depth in deep.items():
            if depth > MOST_LEVELS:
                file, place = self.places[id_]
                told = f"{id_} hangs on other facts over {depth} levels; at most {MOST_LEVELS}"
                self.notes.add(file, place, told)
                return

    def check_order(self, pages: Iterable[QuestionPage]) -> None:
        """Note facts that depend on themselves, and questions that wait for a later one."""
        order = {q.id: n for n, page in enumerate(pages) for q in page.questions}
        for id_, position in order.items():
            condition = self.facts[id_].ask_if
            if condition is None:
                continue
            for base in sorted(self._bases(condition, (id_,))):
                if order.get(base, -1) >= position:
                    file, place = self.places[id_]
                    self.notes.add(
                        file,
                        (*place, "ask_if"),
                        f"{id_} depends on {base}, which is not asked before it",
                    )
        for fact in self.facts.values():
            for condition in fact.conditions:
                self._bases(condition, (fact.id,))

    def _bases(self, condition: Condition, path: tuple[str, ...]) -> set[str]:
        """Return the questions that a condition rests on; note a circle."""
        found: set[str] = set()
        for compare in condition.parts():
            fact = self.facts[compare.fact]
            if fact.id in path:
                self._note_circle(path[path.index(fact.id) :])
                continue
            if fact.id not in self.under:  # each once, however many ways lead to it
                under = {fact.id} if fact.origin == "question" else set()
                under.update(fact.items)
                for inner in fact.conditions:
                    under |= self._bases(inner, (*path, fact.id))
                self.under[fact.id] = under
            found |= self.under[fact.id]
        return found

    def _note_circle(self, circle: tuple[str, ...]) -> None:
        """Note a circle once, from its first name in the alphabet."""
        start = circle.index(min(circle))
        names = (*circle[start:], *circle[:start], circle[start])
        file, place = self.places[names[0]]
        self.notes.add(file, place, f"facts depend on each other in a circle: {' → '.join(names)}")

    def _once(self, what: str, names: Sequence[str], file: str, place: Place) -> None:
        """Note every name of a list that stands there before."""
        for index, name in enumerate(names):
            if name in names[:index]:
                self.notes.add(file, (*place, index), f"{what} {name} is defined twice")

    def _known(self, what: str, name: str, known: Iterable[str], place: int) -> None:
        names = list(known)
        if name not in names:
            self.notes.add_unknown(_QUESTIONS, ("ask", place, what), what, name, names)


_MAY_BE_DECLINED: frozenset[Kind] = frozenset({"yesno", "choice", "integer", "scale"})


def _with_declinable(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Mark what a client may decline: neither what the nurse answers nor what stands as refused.

    Of a page on which every question opens a stop by itself nothing is declined: there the nurse
    answers from what they see. A list of wishes, a text or a date is simply skipped.
    """
    danger = len(questions) > 1 and all(question.safety is True for question in questions)
    return tuple(
        replace(
            question,
            declinable=not danger
            and question.asked_of == "client"
            and not question.refusable
            and question.kind in _MAY_BE_DECLINED,
        )
        for question in questions
    )


_USUAL_HOLDS = {True: timedelta(hours=12), False: timedelta(days=14)}
"""How long an answer holds that no file tells of, to a question about danger and to any other."""
_USUAL_WORSE: dict[Kind, Worse] = {"choice": "up", "yesno": "yes", "scale": "none"}


def _options(item: Item, instrument: Instrument) -> tuple[Option, ...]:
    if item.type != "choice":
        return ()
    return tuple(
        Option(id=str(option.score), label=option.label)
        for option in item.options or instrument.options
    )


def _question_fact(question: Question) -> Fact:
    low, high, words = question.low, question.high, question.words
    if question.numeric:
        kind = "number"
        if question.kind == "choice":
            numbers = [int(word) for word in words] or [0]
            low, high = min(numbers), max(numbers)
    else:
        kind = {"multi": "set", "text": "remark", "date": "remark"}.get(question.kind, "word")
    return Fact(
        question.id,
        kind,  # type: ignore[arg-type]
        question.label,
        worse=question.worse,
        low=low,
        high=high,
        words=() if kind == "number" else words,
        ask_if=question.ask_if,
    )


def _yes_no(id_: str, label: dict[str, str], condition: Condition | None) -> Fact:
    conditions = (condition,) if condition else ()
    return Fact(
        id_, "word", label, worse="yes", words=(NO, YES), origin="condition", conditions=conditions
    )


def _band_faults(bands: Sequence[Band], most: int) -> Iterator[tuple[int, str]]:
    """What is wrong with where bands say they end: a score in none of them, or in two."""
    ends = [*(band.from_ - 1 for band in bands[1:]), most]
    for index, (band, end) in enumerate(zip(bands, ends, strict=False)):
        if band.to is None or band.to == end:
            continue
        told = f"the band from {band.from_} ends at {band.to}"
        if band.to < end:
            yield index, f"{told}, so {band.to + 1}–{end} have no band"
        elif end == most:
            yield index, f"{told}, but the highest score is {most}"
        else:
            yield index, f"{told}, but the next one begins at {end + 1}"


def _most(fact: Fact) -> int:
    return fact.high if fact.kind == "number" else 1


def _fault(compare: Compare, fact: Fact) -> str:
    """Say why a comparison can never be right for its fact, or nothing."""
    operator, constant = compare.operator, compare.constant
    match fact.kind:
        case "number":
            return _number_fault(compare, fact)
        case "word" if operator in ("is", "is not"):
            known = constant in fact.words
        case "set" if operator == "has":
            known = constant in fact.words
        case "remark" if operator == "is given":
            return ""
        case _:
            return f"{fact.id} cannot be compared with {operator!r}"
    return (
        ""
        if known
        else f"{fact.id} is never {constant!r}{suggest_nearest(str(constant), fact.words)}"
    )


def _number_fault(compare: Compare, fact: Fact) -> str:
    constant = compare.constant
    if not isinstance(constant, int) or compare.operator in ("has", "is given"):
        return f"{fact.id} is a number, compare it with a number"
    lowest = {">=": fact.low + 1, "<": fact.low + 1}.get(compare.operator, fact.low)
    highest = {">": fact.high - 1, "<=": fact.high - 1}.get(compare.operator, fact.high)
    if not lowest <= constant <= highest:
        return f"{constant} decides nothing: {fact.id} goes from {fact.low} to {fact.high}"
    return ""
