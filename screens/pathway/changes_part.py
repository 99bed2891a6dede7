"""What a psychiatrist signs when a pathway changes: each rule that changed, who moves, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from casework.language import N_, Speech, speech
from screens.documents.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Piece,
    Pieces,
    Prose,
    Ruled,
    Table,
    cell,
)
from screens.pathway.rule_words import KINDS, RuleWords, kind_of
from screens.pathway.rules_part import RulesPart, notices
from screens.wording.decision_words import DecisionWords
from stepping.decision.draft_status import tells_something
from stepping.pathway.model import Answer, Pathway, ReadyRule
from stepping.proofs.examples import example_answers
from stepping.proofs.findings import Case
from stepping.versions.compare import Move
from stepping.versions.edits import Edit
from stepping.versions.rule_changes import Reach, RuleChange

_REGIONS = 3
"""Conditions that are listed of one move; the command lists all."""
_LONGEST = 240
"""Characters of a condition that somebody reads."""

_KINDS = {"new": N_("new"), "gone": N_("taken out"), "changed": N_("changed")}
_MOVES = {
    "step": N_("step {was} → {becomes}"),
    "urgency": N_("urgency {was} → {becomes}"),
}


@dataclass(frozen=True)
class Changes:
    """Two versions and everything that was found between them."""

    old: Pathway
    new: Pathway
    edits: tuple[Edit, ...]
    moves: tuple[Move, ...]
    beside: tuple[Move, ...]
    rules: tuple[RuleChange, ...]


@dataclass(frozen=True)
class ChangesPart:
    """Tells the changes of a pathway for review; each method yields one section."""

    found: Changes
    language: str

    @property
    def t(self) -> Speech:
        """The sentences of the program."""
        return speech(self.language)

    @cached_property
    def _before(self) -> RuleWords:
        return RuleWords(self.found.old, self.language)

    @cached_property
    def _after(self) -> RuleWords:
        return RuleWords(self.found.new, self.language)

    def document(self) -> Document:
        """Return the whole sheet, from the two versions to the signature."""
        title = self.t("What changes in the pathway {id}", id=self.found.new.id)
        return Document(title, self.language, tuple(self._blocks(title)))

    def _blocks(self, title: str) -> Iterator[Block]:
        yield Heading(1, title)
        yield from self._versions()
        yield from self._rules()
        yield from self._moves()
        yield from self._cases()
        yield from self._edits()
        yield Heading(2, self.t("Remarks"))
        yield Ruled(("", "", ""))
        yield from RulesPart(self.found.new, self.language).signature()

    def _versions(self) -> Iterator[Block]:
        t, new = self.t, self.found.new
        yield Prose(cell(*(Piece(line, "strong") for line in notices(new, t))))
        rows = [
            f"{t(name)}: {p.id} {p.header.version}, {p.digest}"
            for name, p in ((N_("Before"), self.found.old), (N_("Now"), new))
        ]
        yield Prose(cell(*rows, f"{t('Change note')}: {new.header.change_note}"))
        told = t(
            "A share counts every whole answer set once. It says nothing of how many clients move."
        )
        yield Prose(cell(told))

    # -- rules --------------------------------------------------------------

    def _rules(self) -> Iterator[Block]:
        t = self.t
        yield Heading(2, t("Rules that changed"))
        if not self.found.rules:
            yield Prose(cell(t("none")))
        headings = (t("Rule"), t("Before"), t("Now"), t("Who moves"), t("Why"), t("Agreed"))
        for kind, title in KINDS.items():
            changed = [each for each in self.found.rules if kind_of(each.rule) == kind]
            if changed:
                yield Heading(3, t(title))
                yield Table(headings, tuple(map(self._rule, changed)))

    def _rule(self, change: RuleChange) -> tuple[Pieces, ...]:
        rule = change.rule.rule
        source = Piece(f"{rule.source} ({self._after.basis(rule.basis)})", "quiet")
        return (
            cell(Piece(rule.id, "strong"), self.t(_KINDS[change.kind])),
            self._does(self._before, change.was),
            self._does(self._after, change.now),
            cell(*self._reach(change)),
            cell(rule.because[self.language], source),
            cell(self.t("[ ] yes  [ ] no  [ ] change:")),
        )

    def _does(self, say: RuleWords, ready: ReadyRule | None) -> Pieces:
        if ready is None:
            return cell("–")
        details = (Piece(line, depth=1) for line in say.details(ready))
        code = Piece(str(ready.condition), "code")
        return cell(Piece(say.effect(ready), "strong"), *details, code)

    def _reach(self, change: RuleChange) -> Iterator[Piece]:
        starts, ends = N_("holds now and did not"), N_("held and does not now")
        for title, reach in ((starts, change.starts), (ends, change.ends)):
            if reach is not None:
                yield Piece(f"{self.t(title)}: {percent(reach.share)}", "strong")
                yield from self._example(reach)
        if change.starts is None and change.ends is None:
            yield Piece(self.t("It holds for the same answers and does something else."))

    def _example(self, told: Reach | Move) -> Iterator[Piece]:
        example = told.example
        was, now = (
            DecisionWords(pathway, known(pathway, example).decide(pathway), self.language)
            for pathway in (self.found.old, self.found.new)
        )
        yield Piece(self.t("smallest example: {answers}", answers=self._answers(example, now)))
        outcomes = [self._outcome(say, example) for say in (was, now)]
        yield Piece(" → ".join(outcomes) if outcomes[0] != outcomes[1] else outcomes[0])

    @cached_property
    def _summed(self) -> frozenset[str]:
        """The items of every total of either version."""
        facts = (*self.found.old.facts.values(), *self.found.new.facts.values())
        return frozenset(item for f in facts if f.origin == "total" for item in f.items)

    def _answers(self, case: Case, say: DecisionWords) -> str:
        """Return the answers that are anything but the calmest; items are told by their total.

        `say` tells the decision of the new version.
        """
        told = []
        for fact_id, score in say.decision.scores.items():
            low, high = score if isinstance(score, tuple) else (score, score)
            if high and (low == high):
                label = self.found.new.facts[fact_id].label[self.language]
                told.append(f"{label} {low}")
        for id_, answer in case.answers.items():
            if id_ not in self._summed and tells_something(answer):
                told.append(self._answer(id_, answer, say))
        return "; ".join(told) or self.t("every answer the calmest")

    def _answer(self, id_: str, answer: Answer, say: DecisionWords) -> str:
        pathway = self.found.new if id_ in self.found.new.facts else self.found.old
        label = pathway.facts[id_].label[self.language]
        words = answer if isinstance(answer, str | int) else ", ".join(answer)
        shown = say.value(id_, answer) if pathway is self.found.new else str(words)
        return f"{label}: {shown}"

    def _outcome(self, say: DecisionWords, case: Case) -> str:
        stops = self.t("after stops {stops}", stops=", ".join(case.recorded))
        return f"{say.headline()} ({stops})" if case.recorded else say.headline()

    # -- outcomes -----------------------------------------------------------

    def _moves(self) -> Iterator[Block]:
        t = self.t
        yield Heading(2, t("Who gets another step, stop or urgency"))
        yield from self._move_table(self.found.moves)
        if self.found.beside:
            yield Heading(2, t("What comes beside the step"))
            yield from self._move_table(self.found.beside)

    def _move_table(self, moves: Sequence[Move]) -> Iterator[Block]:
        t = self.t
        if not moves:
            yield Prose(cell(t("Nothing differs for any answers.")))
            return
        rows = tuple(
            (
                cell(Piece(self._what(move), "strong")),
                cell(self._share(move)),
                cell(*self._when(move)),
                cell(*self._example(move)),
            )
            for move in moves
        )
        yield Table((t("What"), t("Share"), t("When"), t("Example")), rows)

    def _share(self, move: Move) -> str:
        if not move.complete:
            return self.t("only while answers are missing")
        if move.of != "step":
            return percent(move.share)
        return self.t("{share} of those without a stop", share=percent(move.share))

    def _when(self, move: Move) -> Iterator[Piece]:
        """Yield the conditions of a move that a reader can take in."""
        told = [str(region.condition) for region in move.where if region.condition]
        short = [text for text in told if len(text) <= _LONGEST][:_REGIONS]
        yield from (Piece(text, "code") for text in short)
        if move.more or len(told) > len(short):
            yield Piece(self.t("and more") if short else self.t("see the rules above"))

    def _what(self, move: Move) -> str:
        if move.of in _MOVES:
            return self.t(_MOVES[move.of], was=move.was, becomes=move.becomes)
        return f"{self._named(move.of)}: {self.t(move.was)} → {self.t(move.becomes)}"

    def _named(self, of: str) -> str:
        kind, _, id_ = of.partition(" ")
        for pathway in (self.found.new, self.found.old):
            if kind == "action" and id_ in pathway.actions:
                return pathway.actions[id_].title[self.language]
            for ready in pathway.interventions if kind in ("offer", "avoid") else ():
                if ready.id == id_:
                    title = ready.content.title[self.language]
                    word = N_("offer: {title}") if kind == "offer" else N_("do not offer: {title}")
                    return self.t(word, title=title)
        return self.t("provisional step") if of == "provisional" else of

    def _cases(self) -> Iterator[Block]:
        """Yield how the examples of the old version come out now."""
        t, old, new = self.t, self.found.old, self.found.new
        moved: Counter[tuple[str, str]] = Counter()
        for example in old.examples:
            case = Case(example_answers(old, example), example.recorded)
            moved[self._short(old, case), self._short(new, calmly(old, new, case))] += 1
        total, other = sum(moved.values()), sum(n for (a, b), n in moved.items() if a != b)
        yield Heading(2, t("Examples of the version before"))
        yield Prose(
            cell(
                t(
                    "{other} of {total} come out another way; what is new is answered calmly.",
                    other=other,
                    total=total,
                )
            )
        )
        rows = tuple(
            (cell(was), cell(becomes), cell(str(count)))
            for (was, becomes), count in sorted(moved.items())
            if was != becomes
        )
        if rows:
            yield Table((t("Before"), t("Now"), t("Examples")), rows)

    def _short(self, pathway: Pathway, case: Case) -> str:
        decision = known(pathway, case).decide(pathway)
        match decision.status:
            case "stop":
                return self.t("stop {stops}", stops=", ".join(decision.stops))
            case "insufficient":
                return self.t("answers missing")
            case _:
                words = N_("step {step} or above") if decision.or_above else N_("step {step}")
                return self.t(words, step=decision.step)

    # -- the rest -----------------------------------------------------------

    def _edits(self) -> Iterator[Block]:
        t = self.t
        rest = [edit for edit in self.found.edits if not edit.table.startswith("rule ")]
        files = {edit.file for edit in rest if self._in_both(edit.file)}
        shown = [e for e in rest if e.part in ("rules", "cut-offs") and e.file in files]
        yield Heading(2, t("Other edits"))
        rows = tuple(
            (
                cell(Piece(" ".join(filter(None, (e.file, e.table, e.key))), "code")),
                cell(_value(e.was)),
                cell(_value(e.becomes)),
            )
            for e in shown
        )
        if rows:
            yield Table((t("Place"), t("Before"), t("Now")), rows)
        left = Counter(e.file for e in self.found.edits if e not in shown and e.file in files)
        if left:
            yield Prose(cell(t("Texts, sources, examples and numbers that changed, by file:")))
            yield Bullets(tuple(f"{file}: {count}" for file, count in sorted(left.items())))
        for title, has, lacks in (
            (N_("Files that are new:"), self.found.new, self.found.old),
            (N_("Files that are taken out:"), self.found.old, self.found.new),
        ):
            if names := sorted(has.files.keys() - lacks.files.keys()):
                yield Prose(cell(t(title)))
                yield Bullets(tuple(names))

    def _in_both(self, file: str) -> bool:
        return file in self.found.old.files and file in self.found.new.files


def known(pathway: Pathway, case: Case) -> Case:
    """Return the part of a case that a version knows."""
    stops = {rule.id for rule in pathway.stops}
    answers = {id_: answer for id_, answer in case.answers.items() if id_ in pathway.facts}
    return Case(answers, tuple(id_ for id_ in case.recorded if id_ in stops))


def calmly(old: Pathway, new: Pathway, case: Case) -> Case:
    """Return a case with the calmest answer to each question that only the new version requires."""
    answers = dict(case.answers)
    for id_, question in new.questions.items():
        if id_ in old.questions or not question.required:
            continue
        if question.numeric:
            answers[id_] = question.high if question.worse == "down" else question.low
        elif question.kind == "multi":
            answers[id_] = ()
        elif question.words:
            answers[id_] = question.words[0]
    return Case(answers, case.recorded)


def percent(share: float) -> str:
    """Return a share as two digits of a percentage; of few, that they are few."""
    if 0 < share < 0.0001:
        return "< 0.01 %"
    return f"{share * 100:.2g} %" if share < 0.1 else f"{share * 100:.0f} %"


def _value(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = "–" if value is None else text
    return text if len(text) <= 200 else f"{text[:200]} …"
