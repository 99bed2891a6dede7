"""Why a step is suggested: the rule that decides, all with their facts, and what would move it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from rich.cells import cell_len

from screens.base.lines import Line, bold, flow, labelled, paragraph, paragraphs, plain, wrap
from screens.result.scores import total_name
from screens.wording.decision_words import DecisionWords
from stepping.decision.explain import rules_by_floor
from stepping.decision.outcome import Counterfactual, ExcludedIntervention, FiredRule

_BETWEEN = " · "


@dataclass(frozen=True)
class Trace:
    """The trace of one decision in one language; `key` shows all of it."""

    say: DecisionWords
    key: str

    @property
    def _rules(self) -> list[FiredRule]:
        """The rules that hold, the one that decides first, then by the step that they ask for."""
        found = rules_by_floor(self.say.pathway, self.say.decision)
        return sorted(found, key=lambda fired: not self._decides(fired))

    def _decides(self, fired: FiredRule) -> bool:
        step = self.say.decision.step
        return step is not None and self.say.pathway.rule(fired.id).rule.minimum_step == step

    # -- in short ------------------------------------------------------------

    def why(self, width: int) -> list[Line]:
        """Say the rule that decides in one sentence, its id, and how many rules hold besides."""
        rules = self._rules
        if not rules or not self._decides(rules[0]):
            return self._undecided(len(rules), width)
        first, *others = rules
        more = [self._others(len(others))] if others else []
        return flow(
            (
                (self._sentence(first), "normal"),
                (_BETWEEN.join(["", first.id, *more]), "dim"),
            ),
            width,
        )

    def _sentence(self, fired: FiredRule) -> str:
        held = self.say.holding(fired)
        if not held:
            return self.say.because(fired.id, marked=False)
        return f"{held} → {self.say.t('at least step {step}', step=self.say.decision.step)}"

    def _undecided(self, count: int, width: int) -> list[Line]:
        """Say why no rule decides."""
        if self.say.decision.status != "suggested":
            told = ""
        elif self.say.lifted():
            told = self.say.t("The stop that is open elsewhere asks for this step.")
        else:
            told = self.say.t("No rule asks for more than self-care and follow-up.")
        more = self._others(count) if count else ""
        return flow(((told, "normal"), (more, "dim")), width) if told or more else []

    def _others(self, count: int) -> str:
        return self.say.many(
            "{count} more rule: {key}", "{count} more rules: {key}", count, key=self.key
        )

    def changes(self, width: int) -> list[Line]:
        """Say in a row for each step what would lead there, the nearest above first."""
        step = self.say.decision.step or 0
        flips = sorted(self.say.decision.flips, key=lambda f: (f.step < step, abs(f.step - step)))
        steps = [(step, [*group]) for step, group in groupby(flips, key=lambda flip: flip.step)]
        most = 2 if len(steps) == 1 else 1
        return [row for step, group in steps for row in self._change(step, group, width, most)]

    def _change(self, step: int, flips: list[Counterfactual], width: int, most: int) -> list[Line]:
        """Say the smallest changes that have room, and how many more there are."""
        head = self.say.t("step {step}", step=step)
        room = width - cell_len(head) - 2
        told = [flip_to(self.say, flip) for flip in flips]
        count = len(told)
        while count > 1 and len(wrap(self._listed(told, count), room)) > most:
            count -= 1
        first, *rest = wrap(self._listed(told, count), room)
        indent = " " * (width - room)
        return [((f"{head}  ", "accent"), (first, "normal")), *(plain(indent + r) for r in rest)]

    def _listed(self, told: list[str], count: int) -> str:
        left = len(told) - count
        more = self.say.t("{count} more: {key}", count=left, key=self.key)
        return _BETWEEN.join([*told[:count], *([more] if left else [])])

    # -- in full -------------------------------------------------------------

    def full(self, width: int) -> list[Line]:
        """Tell every rule with its facts and source, every change, and what is open."""
        say = self.say
        lines: list[Line] = []
        for fired in self._rules:
            lines += self._whole(fired, width)
        lines += paragraph(say.legend(), width, indent=5) if lines else self._undecided(0, width)
        if lines:
            lines = [(), bold(say.t("Why")), *lines]
        flips = [say.flip(flip) for flip in say.decision.flips]
        possible = [say.possible(rule) for rule in say.decision.possible]
        lines += listed(say.t("What would change it"), flips, width)
        lines += listed(say.t("Rules that could still hold"), possible, width)
        facts, missing = say.pathway.facts, say.decision.missing
        open_ = [facts[id_].label[say.language] for id_ in missing]
        return [*lines, *listed(say.t("Not answered"), open_, width)]

    def _whole(self, fired: FiredRule, width: int) -> list[Line]:
        _, facts, source = self.say.rule(fired)
        held = self.say.held(fired)
        return [
            *labelled(f"{fired.id:<4}", self.say.because(fired.id), width),
            *(paragraph(held, width, indent=5) if held else []),
            *paragraph(facts, width, indent=5),
            *paragraph(source, width, indent=5, look="dim"),
        ]

    def facts(self, width: int) -> list[Line]:
        """Tell every rule that holds with its facts, for the second column of a wide terminal."""
        lines: list[Line] = []
        for fired in self._rules:
            _, facts, _ = self.say.rule(fired)
            lines += labelled(f"{fired.id:<4}", self.say.because(fired.id, marked=False), width)
            lines += paragraph(facts, width, indent=5, look="dim")
        return [bold(self.say.t("Why")), *lines] if lines else []


def flip_to(say: DecisionWords, flip: Counterfactual) -> str:
    """Return what would move the step, without what it is now and the step."""
    fact, value = say.pathway.facts[flip.fact], say.value(flip.fact, flip.becomes)
    if fact.origin == "total":
        return f"{total_name(say, fact)} {value}"
    return f"{fact.label[say.language]}: {value}"


def excluded_words(say: DecisionWords, left: ExcludedIntervention) -> str:
    """Return a form of care that is not offered, with every reason against it."""
    return f"{say.intervention(left.id)}: {'; '.join(map(say.reason, left.because))}"


def listed(title: str, items: Iterable[str], width: int) -> list[Line]:
    """Draw items under a title; nothing where there is none."""
    rows = paragraphs((f"- {item}" for item in items), width)
    return [(), bold(title), *rows] if rows else []
