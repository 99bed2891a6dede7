"""What filled-in forms tell, by the questions and weights of a pathway of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from stepping.decision.facts import FactStates, get_fact_states
from stepping.interchange.alone import ALONE
from stepping.interchange.codes import Codes, urn
from stepping.interchange.responses.faults import Fault, Kind
from stepping.interchange.responses.items import Item, Matcher, Told, is_calm, walk, worst
from stepping.interchange.responses.resources import Found, Response
from stepping.measured import was_asked
from stepping.pathway.condition import NumberState
from stepping.pathway.model import DECLINED, Answer, Fact, Pathway, Question


@dataclass(frozen=True)
class ReadAnswer:
    """An answer to a question of ours, and when it was given."""

    answer: Answer
    given_at: datetime | None
    place: str


@dataclass(frozen=True)
class ReadTotal:
    """A total by our weights beside what the file says."""

    id: str
    place: str
    """Of what the file says, or of the response where it says nothing."""
    ours: int | None
    """`None` where an item is missing: nothing is prorated."""
    theirs: int | None
    given_at: datetime | None


@dataclass(frozen=True)
class Danger:
    """An item on danger that does not say that there is none."""

    question: str
    answer: Answer | None
    """`None` where it cannot be told what was answered."""
    given_at: datetime | None
    place: str


@dataclass(frozen=True)
class Known:
    """What is known of the client whose form it should be."""

    birth_year: int | None = None
    sex: str | None = None
    facts: Mapping[str, Answer] = field(default_factory=dict)
    """What the client's card and the episode tell the pathway."""


@dataclass(frozen=True)
class Reading:
    """What some files tell; nothing of it is believed beyond what it says here."""

    answers: Mapping[str, ReadAnswer]
    """The newest answer to each question that is asked by them."""
    totals: tuple[ReadTotal, ...]
    dangers: tuple[Danger, ...]
    faults: tuple[Fault, ...]


def read_responses(
    pathway: Pathway,
    codes: Codes,
    found: Found,
    *,
    known: Known | None = None,
    day: datetime | None = None,
) -> Reading:
    """Read what files hold, by a pathway; `day` is when forms without a date were filled in."""
    faults = [*found.faults, *_find_another(found, known or Known())]
    matcher = Matcher(pathway, codes)
    read = [_One(matcher, each, known or Known(), day) for each in found.responses]
    for each in read:
        each.read()
        faults += each.faults
    newest = _Newest(pathway)
    for each in sorted(read, key=lambda one: _age(one.given_at), reverse=True):
        newest.add(each)
    return Reading(
        newest.answers,
        tuple(total for each in read for total in each.totals),
        tuple(danger for each in read for danger in each.dangers),
        (*faults, *newest.faults),
    )


def count_matches(pathway: Pathway, codes: Codes, response: Response) -> int:
    """Return to how many of a response's items the pathway has a question or total."""
    matcher = Matcher(pathway, codes)
    return sum(bool(matcher.find(item, response.codings)) for item in walk(response, []))


def is_form_of(response: Response, kind: str, id_: str, languages: Iterable[str]) -> bool:
    """Say whether a response is one to our own form of a `pathway` or an `instrument`."""
    return response.form in {urn("Questionnaire", kind, id_, each) for each in languages}


def _find_another(found: Found, known: Known) -> Iterator[Fault]:
    """Yield what cannot be the client: another year of birth or another sex."""
    for year, place in found.born:
        if known.birth_year is not None and year != known.birth_year:
            yield Fault("another_person", place)
    for sex, place in found.sexes:
        if known.sex in ("f", "m") and sex != known.sex:
            yield Fault("another_person", place)


def _age(given_at: datetime | None) -> float:
    return given_at.timestamp() if given_at else float("-inf")


@dataclass
class _One:
    """One response, read by a pathway."""

    matcher: Matcher
    response: Response
    known: Known
    day: datetime | None
    faults: list[Fault] = field(default_factory=list)
    told: dict[str, Told] = field(default_factory=dict)
    theirs: dict[str, tuple[int | None, bool, str]] = field(default_factory=dict)
    """What the file says a total is, whether it left it empty, and where."""
    dangers: list[Danger] = field(default_factory=list)

    @property
    def pathway(self) -> Pathway:
        return self.matcher.pathway

    @property
    def given_at(self) -> datetime | None:
        return self.response.given_at or self.day

    def read(self) -> None:
        """Match every item, then say what is hidden, missing and disagrees."""
        items = [*walk(self.response, self.faults)]
        if not any(key.startswith("value") for i in items for a, _ in i.answers for key in a):
            self.faults.append(Fault("no_answers", self.response.place or "item"))
            return
        for item in items:
            self._match(item)
        if not self.answers:
            known = self.told or self.theirs
            kind: Kind = "no_answers" if known else "unknown_form"
            self.faults.append(Fault(kind, self.response.place or "item"))
        for told in self.told.values():
            if told.question.safety and not is_calm(told.question, told.answer):
                danger = Danger(told.question.id, told.answer, self.given_at, told.place)
                self.dangers.append(danger)
        self.faults += self._hidden()
        self.faults += self._missing()
        self.faults += self._disagreeing()

    def _match(self, item: Item) -> None:
        found = self.matcher.find(item, self.response.codings)
        if len(found) > 1:
            self.faults.append(Fault("two_meanings", item.place))
            for id_ in sorted(found & self.pathway.questions.keys()):
                self._doubt(self.pathway.questions[id_], item)
            return
        if not found:
            if any(key.startswith("value") for answer, _ in item.answers for key in answer):
                self.faults.append(Fault("unknown", item.place))
            return
        (id_,) = found
        question = self.pathway.questions.get(id_)
        if question is None:
            self._total(id_, item)
        elif (told := self.matcher.read(item, question, self.faults)) is not None:
            self._answer(told)

    def _doubt(self, question: Question, item: Item) -> None:
        """Let an item on danger that may mean something else be asked, not passed over."""
        told = self.matcher.read(item, question, [])
        if question.safety and told is not None and not is_calm(question, told.answer):
            self.dangers.append(Danger(question.id, None, self.given_at, item.place))

    def _answer(self, told: Told) -> None:
        id_, before = told.question.id, self.told.get(told.question.id)
        if before is None:
            self.told[id_] = told
            return
        self.faults.append(Fault("doubled", told.place, id_))
        if told.answer != before.answer:
            answer = worst(told.question, [before.answer, told.answer])
            self.told[id_] = Told(told.question, answer, told.place)

    def _total(self, id_: str, item: Item) -> None:
        if id_ in self.theirs:
            self.faults.append(Fault("doubled", item.place, id_))
            return
        number, empty = self.matcher.read_total(item)
        if number is None and not empty:
            self.faults.append(Fault("answer", item.place, id_))
        self.theirs[id_] = (number, empty, item.place)

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """What was answered, as far as it is known."""
        return {id_: t.answer for id_, t in self.told.items() if t.answer is not None}

    @cached_property
    def states(self) -> FactStates:
        """What is known by this response alone, and by the client's card."""
        return get_fact_states(self.matcher.pathway, {**self.known.facts, **self.answers})

    @cached_property
    def asked(self) -> dict[str, Answer]:
        """What was answered to questions that are asked by these answers."""
        return {i: a for i, a in self.answers.items() if self.states.is_asked(i) is not False}

    def _hidden(self) -> Iterator[Fault]:
        for id_, told in self.told.items():
            if id_ in self.answers and id_ not in self.asked:
                yield Fault("hidden", told.place, id_)

    @cached_property
    def scope(self) -> Sequence[str]:
        """The questions that the form has, as far as it can be told."""
        if self._is_whole:
            return [*self.pathway.questions]
        found = {q.instrument.id for t in self.told.values() if (q := t.question).instrument}
        found |= {id_.partition(".")[0] for id_ in self.theirs}
        return [
            id_
            for id_, question in self.pathway.questions.items()
            if question.instrument and question.instrument.id in found
        ]

    @property
    def _is_whole(self) -> bool:
        """Whether it is our own form of this very pathway, or of this instrument by itself."""
        header = self.pathway.header
        if header.id == ALONE:
            return True
        return is_form_of(self.response, "pathway", header.id, header.languages)

    def _missing(self) -> Iterator[Fault]:
        for id_ in self.scope:
            if id_ not in self.answers and self.states.is_asked(id_) is not False:
                place = self.told[id_].place if id_ in self.told else self.response.place
                yield Fault("missing", place, id_)

    @cached_property
    def totals(self) -> list[ReadTotal]:
        """Each total of which an item was answered, or that the file tells."""
        found = []
        for fact in self.pathway.facts.values():
            if fact.origin != "total":
                continue
            theirs, empty, place = self.theirs.get(fact.id, (None, False, self.response.place))
            if fact.id not in self.theirs and not any(i in self.asked for i in fact.items):
                continue
            if fact.id not in self.theirs and not self._is_wanted(fact):
                continue
            ours = self._compute(fact.id, fact.items)
            theirs = 0 if empty and ours == 0 else theirs
            found.append(ReadTotal(fact.id, place, ours, theirs, self.given_at))
        return found

    def _is_wanted(self, fact: Fact) -> bool:
        """Say whether the form has a total that the file does not tell."""
        within = {*fact.items} <= {*self.scope}
        return within and was_asked(self.pathway, self.states, fact.id)

    def _compute(self, id_: str, items: Sequence[str]) -> int | None:
        """Return a total if each of its items that is asked was answered, and any was.

        An item that the person did not want to answer leaves no total, as one that is missing; nor
        is there one of a questionnaire that is not asked of this person.
        """
        wanted = [i for i in items if self.states.is_asked(i) is not False]
        state = self.states.get_state(id_)
        whole = bool(wanted) and all(self.asked.get(i, DECLINED) != DECLINED for i in wanted)
        hidden = not wanted and bool(self.asked)  # as PC-PTSD-5's items by its first question
        if not (whole or hidden) or not was_asked(self.pathway, self.states, id_):
            return None
        return state.low if isinstance(state, NumberState) else None

    def _disagreeing(self) -> Iterator[Fault]:
        for total in self.totals:
            if total.theirs is not None and total.theirs != total.ours:
                told = total.theirs if abs(total.theirs) < 1000 else None
                yield Fault("total", total.place, total.id, told, total.ours)


@dataclass
class _Newest:
    """The newest answer to each question, of several responses."""

    pathway: Pathway
    answers: dict[str, ReadAnswer] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, one: _One) -> None:
        """Add a response that is as old as those before it, or older."""
        older = False
        for id_, answer in one.asked.items():
            before = self.answers.get(id_)
            read = ReadAnswer(answer, one.given_at, one.told[id_].place)
            if before is None:
                self.answers[id_] = read
            elif before.given_at != one.given_at:
                older = True
            elif before.answer != answer:
                self.faults.append(Fault("doubled", read.place, id_))
                one_of = worst(self.pathway.questions[id_], [before.answer, answer])
                if one_of is None:
                    del self.answers[id_]
                else:
                    self.answers[id_] = ReadAnswer(one_of, one.given_at, read.place)
        if older:
            self.faults.append(Fault("older", one.response.place))
