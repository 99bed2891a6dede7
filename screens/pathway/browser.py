"""The pathway to read: which rules there are, and what each says, stands on and leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from casework.language import NOT_MARKED
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown, hidden
from screens.base.lines import Line, bold, labelled, paragraph, wrap
from screens.base.page import Page
from screens.base.pick import ListItem, PickScreen
from screens.pathway.rule_words import RuleWords
from screens.wording.decision_words import LOCAL_MARK, DecisionWords
from screens.wording.source_words import pathway_name, source_words
from stepping.decision.explain import rules_by_floor
from stepping.decision.outcome import Decision
from stepping.pathway.diagnostics import describe_program_fault
from stepping.pathway.model import Pathway, ReadyRule


def pathways_screen(workspace: Workspace, pathways: Sequence[Pathway]) -> PickScreen:
    """List pathways by their titles."""
    t, language = workspace.t, workspace.language
    entries = []
    for pathway in pathways:
        header = pathway.header
        state = t("approved") if header.status == "approved" else t("draft")
        ages = t("Ages: {low}–{high}", low=header.ages.from_, high=header.ages.to)
        name = f"{header.title[language]} · {pathway_name(header.id, t)} {header.version}"
        entries.append(ListItem(name, f"{ages} · {state}"))
    return PickScreen(workspace, (t("Pathways"), ""), entries)


def rules_screen(
    workspace: Workspace,
    pathway: Pathway,
    rules: Sequence[ReadyRule],
    at: int = 0,
    *,
    fired: bool = False,
) -> PickScreen:
    """List rules of a pathway by what they do; the part with rule `at` is shown."""
    say = RuleWords(pathway, workspace.language)
    entries = [ListItem(f"{rule.id} · {say.effect(rule)}", _reason(rule, say)) for rule in rules]
    title = workspace.t("The rules that hold") if fired else workspace.t("Rules")
    return PickScreen(
        workspace,
        (title, f"{pathway_name(pathway.id, workspace.t)} {pathway.header.version}"),
        entries,
        at,
    )


def rules_behind(pathway: Pathway, decision: Decision) -> tuple[ReadyRule, ...]:
    """Return the rules that a decision rests on: the highest floor first, as the result has it."""
    return tuple(pathway.rule(fired.id) for fired in rules_by_floor(pathway, decision))


def _reason(ready: ReadyRule, say: RuleWords) -> str:
    mark = f" {say.t(LOCAL_MARK)}" if ready.rule.basis == "local" else ""
    return ready.rule.because[say.language] + mark


class RuleScreen(Page[int]):
    """Shows one rule whole; returns the place of the rule that it was left at.

    With a decision the rule also tells the answers that it was decided on.
    """

    def __init__(
        self,
        workspace: Workspace,
        pathway: Pathway,
        rules: Sequence[ReadyRule],
        at: int,
        decision: Decision | None = None,
    ) -> None:
        super().__init__(workspace)
        self._pathway = pathway
        self._rules = rules
        self._at = at
        self._decision = decision

    @property
    def _ready(self) -> ReadyRule:
        return self._rules[self._at]

    def top(self) -> tuple[str, str]:
        """Name the rule and its pathway."""
        header = self._pathway.header
        state = self.t("approved") if header.status == "approved" else self.t("draft")
        left = self.t("Rule {rule}", rule=self._ready.id)
        return left, f"{pathway_name(header.id, self.t)} {header.version} ({state})"

    def body(self, width: int) -> list[Line]:
        """Draw what the rule does, when, why, and what it stands on."""
        try:
            return self._drawn(width)
        except Exception as error:  # one rule must not end the program
            told = self.t(
                "This rule cannot be shown: {fault}.", fault=describe_program_fault(error)
            )
            return paragraph(told, width)

    def _drawn(self, width: int) -> list[Line]:
        say, rule, t = self._words, self._ready.rule, self.t
        lines: list[Line] = [bold(row) for row in wrap(say.effect(self._ready), width)]
        for detail in say.details(self._ready):
            lines += paragraph(f"- {detail}", width, hanging=2)
        lines += [(), bold(t("When"))]
        for depth, text in say.conditions.outline(self._ready.condition):
            told = f"- {text}" if depth else text
            lines += paragraph(told, width, indent=2 * depth, hanging=2)
        lines += paragraph(str(self._ready.condition), width, indent=4, hanging=2)
        lines.append(())
        for label, text in (
            (t("Why"), rule.because[self.workspace.language]),
            (t("Here"), "; ".join(self._here())),
            (t("Source"), source_words(rule.source, t)),
            (t("Basis"), say.basis(rule.basis)),
        ):
            lines += labelled(f"{label}:", text, width) if text else []
        lines += [(), bold(t("Facts"))]
        for fact in dict.fromkeys(c.fact for each in self._ready.deciding for c in each.parts()):
            lines += paragraph(f"{say.conditions.fact(fact)}  {fact}", width, hanging=4)
        return [*lines, (), *paragraph(t(NOT_MARKED), width)]

    @property
    def _words(self) -> RuleWords:
        return RuleWords(self._pathway, self.workspace.language)

    def _here(self) -> Iterator[str]:
        """Return what the facts of the rule were when it was decided on."""
        if self._decision is None:
            return
        say = DecisionWords(self._pathway, self._decision, self.workspace.language)
        fired = next((f for f in self._decision.rules if f.id == self._ready.id), None)
        for fact, value in fired.facts.items() if fired else ():
            if value is not None:
                yield say.fact(fact, value)

    def key_list(self) -> Shown:
        """Tab shows the next rule, Esc goes back to the list."""
        turn = [
            KeyBinding("tab", "Tab", self.t("next rule"), partial(self._turn, 1), moves=True),
            hidden("shift+tab", partial(self._turn, -1), moves=True),
        ]
        leave = partial(self.leave, self._at)
        return [
            *(turn if len(self._rules) > 1 else []),
            KeyBinding("escape,left,backspace,enter", "Esc", self.t("back"), leave),
        ]

    def _turn(self, rules: int) -> None:
        self._at = (self._at + rules) % len(self._rules)
        self.offset_rows = 0
        self.draw()
