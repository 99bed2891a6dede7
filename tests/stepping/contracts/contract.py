"""What the pathways' second descriptions share: how rules make an outcome, how answers are read.

Each pathway is said a second time, in plain Python, by hand and without reading its files: two
descriptions made apart agree only where both are right. Answers are in the form that the core uses:
whole numbers, `yes`, `no`, `refused`, option ids, tuples of chosen options.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from stepping.decision.decide import decide
from stepping.decision.outcome import Decision
from stepping.pathway.model import Answer, Answers, Pathway

Given = Mapping[str, object]
Values = tuple[str, ...] | tuple[int, int] | range

YES_NO = ("no", "yes")
SCORE_4 = (0, 3)
ANY_OF = ("wish.formats", "problem.main", "treatment.now")
"""Questions of which several answers may be chosen."""
URGENCIES = ("emergency", "same_day", "week")
PHQ9_AND_GAD7 = {f"phq9.{item}" for item in range(1, 10)} | {f"gad7.{item}" for item in range(1, 8)}


@dataclass(frozen=True)
class Outcome:
    """What the contract says of a set of answers."""

    fired: frozenset[str]
    stops: frozenset[str]
    status: str
    step: int | None
    or_above: bool
    urgency: str | None
    actions: frozenset[str]
    provisional: bool
    lacking: frozenset[str]
    """Required answers that are missing."""


@dataclass(frozen=True)
class Contract:
    """One pathway, written by hand."""

    questions: Mapping[str, tuple[Values, str]]
    """Each question: its words or its lowest and highest number (a range where some between are no
    answers), and the worse direction."""
    stops: Mapping[str, str]
    step_once_recorded: Mapping[str, int]
    steps: Mapping[str, int]
    actions: Mapping[str, set[str]]
    rules: Callable[[Given], Mapping[str, bool]]
    """Which rules hold."""
    required: Callable[[Given], set[str]]
    or_above: Collection[str] = ()
    provisional: Collection[str] = ()
    only_on: Mapping[str, Collection[int]] = field(default_factory=dict)
    """Rules that hold only where one of these steps is suggested."""

    def outcome(self, answers: Given, recorded: Collection[str] = ()) -> Outcome:
        """Decide by hand; an unanswered question counts as nothing said."""
        fired = {name for name, holds in self.rules(answers).items() if holds}
        held = {name: self.stops[name] for name in fired & self.stops.keys()}
        still_open = held.keys() - set(recorded)
        lacking = self.required(answers) - answers.keys()
        status = "stop" if still_open else "insufficient" if lacking else "suggested"
        steps = [self.steps[name] for name in fired & self.steps.keys()]
        steps += [self.step_once_recorded.get(name, 0) for name in held if name in recorded]
        step = max([0, *steps])
        suggested = status == "suggested"
        fired -= {n for n, on in self.only_on.items() if not suggested or step not in on}
        above = any(self.steps[name] == step for name in fired.intersection(self.or_above))
        urgencies = set(held.values())
        return Outcome(
            fired=frozenset(fired),
            stops=frozenset(still_open),
            status=status,
            step=step if suggested else None,
            or_above=suggested and above,
            urgency=next((u for u in URGENCIES if u in urgencies), None),
            actions=frozenset().union(*(self.actions[n] for n in fired & self.actions.keys())),
            provisional=not fired.isdisjoint(self.provisional),
            lacking=frozenset(lacking),
        )

    def agree(self, pathway: Pathway, answers: Answers, recorded: Collection[str] = ()) -> Decision:
        """Both descriptions say the same of full answers."""
        wanted = self.outcome(answers, recorded)
        came = decide(pathway, answers, recorded)
        assert {rule.id for rule in came.rules} == wanted.fired
        assert set(came.stops) == wanted.stops
        assert (came.status, came.step) == (wanted.status, wanted.step)
        assert came.urgency == wanted.urgency
        assert bool(came.consider) == wanted.or_above
        assert set(came.actions) == wanted.actions
        assert came.provisional == wanted.provisional
        assert set(came.required) == wanted.lacking
        return came

    def agree_on_gaps(
        self,
        pathway: Pathway,
        partial: Answers,
        fills: Iterable[Answers],
        recorded: Collection[str],
    ) -> None:
        """Whatever is answered next comes out within the range that is told now."""
        now = decide(pathway, partial, recorded)
        for fill in fills:
            later = self.outcome({**fill, **partial}, recorded)
            if now.settled:
                assert later.status == "suggested"
                assert later.step == now.lowest == now.highest
            if later.status == "suggested" and now.lowest is not None and now.highest is not None:
                assert later.step is not None
                assert now.lowest <= later.step <= now.highest

    def agree_that_gaps_lower_nothing(
        self,
        pathway: Pathway,
        partial: Answers,
        well: Answers,
        recorded: Collection[str],
        beside: Collection[str],
    ) -> None:
        """What is missing counts as well at best; whatever holds even then must hold already.

        `beside` are rules beside the step that a worse answer may take away.
        """
        at_best = self.outcome({**well, **partial}, recorded)
        now = decide(pathway, partial, recorded)
        assert at_best.fired - {*beside} <= {rule.id for rule in now.rules}
        assert at_best.stops <= set(now.stops)
        if now.step is not None and at_best.step is not None:
            assert now.step >= at_best.step

    def agree_on_what_is_required(
        self, pathway: Pathway, partial: Answers, recorded: Collection[str]
    ) -> None:
        """A step needs every required answer and no other."""
        lacking = self.required(partial) - partial.keys()
        now = decide(pathway, partial, recorded)
        if now.status != "stop":
            assert now.status == ("insufficient" if lacking else "suggested")
        assert lacking <= set(now.required) <= set(now.missing)

    def check_question(self, pathway: Pathway, name: str) -> None:
        """A question has its range and its worse direction."""
        fact = pathway.facts[name]
        values, worse = self.questions[name]
        came: tuple[object, ...] = (fact.low, fact.high) if fact.kind == "number" else fact.words
        assert came == ((values[0], values[-1]) if isinstance(values, range) else values)
        assert fact.worse == worse

    def check_rules(self, pathway: Pathway) -> None:
        """The rules and their effects are those of the contract."""
        effects = {rule.id: rule.rule for rule in pathway.rules}
        assert set(effects) == {*self.stops, *self.steps, *self.actions}
        for name, urgency in self.stops.items():
            assert effects[name].stop == urgency
            assert effects[name].then_at_least == self.step_once_recorded.get(name)
        for name, step in self.steps.items():
            assert effects[name].at_least == step
        assert {name for name, rule in effects.items() if rule.or_above} == set(self.or_above)

    def values_of(self, name: str) -> list[Answer]:
        """Every answer of a question."""
        values, _ = self.questions[name]
        match values:
            case range():
                return list(values)
            case ():
                return ["", "suomi"]
            case (int(low), int(high)):
                return list(range(low, high + 1))
        words = [str(word) for word in values]
        return [(), *((word,) for word in words)] if name in ANY_OF else list(words)


class Client:
    """The answers read the way the contracts read them."""

    def __init__(self, answers: Given) -> None:
        self._answers = answers
        self.phq9 = sum(self.number(f"phq9.{item}") for item in range(1, 10))
        self.gad7 = sum(self.number(f"gad7.{item}") for item in range(1, 8))
        self.item_9 = self.number("phq9.9")
        ticked = self.phq9 > 0 or self.gad7 > 0
        self.difficulty = self.number("phq9.difficulty") if ticked else 0
        self.failed = self.number("history.failed_step")
        self.drugs = self.number("drugs")
        self.eating = self.yes("flag.eating")
        self.trauma = self._trauma()

    def number(self, name: str, nothing: int = 0) -> int:
        value = self._answers.get(name)
        return value if isinstance(value, int) else nothing

    def yes(self, *names: str) -> bool:
        return any(self._answers.get(name) == "yes" for name in names)

    def says(self, name: str, word: str) -> bool:
        value = self._answers.get(name)
        return word in value if isinstance(value, tuple) else value == word

    def any_of_asq(self) -> bool:
        return any(self._answers.get(f"asq.{i}") in ("yes", "refused") for i in (1, 2, 3, 4))

    def audit_c(self) -> int:
        first = self.number("auditc.1")
        return first + self.number("auditc.2") + self.number("auditc.3") if first else 0

    def _trauma(self) -> bool:
        if not self.yes("pcptsd5.gate"):
            return False
        total = [self.yes(f"pcptsd5.{item}") for item in range(1, 6)].count(True)
        return total >= (4 if self.says("client.sex", "m") else 3)


class AskedOfSuicide(Client):
    """A client of whom thoughts of suicide are asked in steps: item 9, then thoughts, then ASQ."""

    def __init__(self, answers: Given) -> None:
        super().__init__(answers)
        self.thoughts = self.item_9 == 0 and self.yes("suicide.thoughts")
        self.asq_asked = (
            self.item_9 >= 1 or self.thoughts or self.yes("nurse.worried") or self.worrying()
        )
        self.asq_any = self.asq_asked and self.any_of_asq()
        self.acute = self.asq_any and self.yes("asq.5")

    def worrying(self) -> bool:
        """Say whether something else is a reason to ask on."""
        return False

    def required_of_suicide(self) -> set[str]:
        wanted = {"suicide.thoughts"} if self._answers.get("phq9.9") == 0 else set()
        if self.asq_asked:
            wanted |= {"asq.1", "asq.2", "asq.3", "asq.4"}
        return wanted | ({"asq.5"} if self.asq_any else set())
