"""What a doctor signs: header, rules, cards, interventions, facts and instruments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from casework.language import N_, NOT_MARKED, Speech
from screens.documents.document import (
    Block,
    Boxes,
    Bullets,
    Heading,
    Piece,
    Pieces,
    Prose,
    Ruled,
    Table,
    cell,
)
from screens.pathway.rule_words import KINDS, LEVELS, RuleWords, clearest_examples, kind_of
from screens.wording.condition_words import if_any
from screens.wording.decision_words import SUPPORTS
from screens.wording.number_words import number_words
from stepping.pathway.condition import Condition
from stepping.pathway.condition_parser import parse_condition
from stepping.pathway.model import Fact, Pathway, ReadyIntervention, ReadyRule
from stepping.pathway.schema import (
    Band,
    Basis,
    Because,
    Card,
    Example,
    Instrument,
    Intervention,
    Overlap,
)

WORDINGS = {
    "published": N_("published wording"),
    "working": N_("working translation or wording, not official"),
    "none": N_("no wording in this language"),
}
"""What the status of an instrument's wording means."""


@dataclass
class RulesPart:
    """Tells a pathway for review; each method yields one section."""

    pathway: Pathway
    language: str
    say: RuleWords = field(init=False)

    def __post_init__(self) -> None:
        self.say = RuleWords(self.pathway, self.language)

    @property
    def t(self) -> Speech:
        """The sentences of the program."""
        return self.say.t

    def blocks(self) -> Iterator[Block]:
        """Yield the whole part, from the steps to the signature."""
        yield from self.steps()
        yield from self.rules()
        yield from self.actions()
        yield from self.cards()
        yield from self.interventions()
        yield from self.facts()
        yield from self.instruments()
        yield from self.own_questions()
        yield from self.signature()

    # -- what it is ---------------------------------------------------------

    def header(self) -> Iterator[Block]:
        """Yield what this is, whose it is, and what it is not."""
        t, header = self.t, self.pathway.header
        yield Heading(1, header.title[self.language])
        yield Prose(cell(*(Piece(line, "strong") for line in notices(self.pathway, t))))
        rows = {
            t("Pathway"): f"{header.id} {header.version}",
            t("Status"): t("approved") if header.status == "approved" else t("draft"),
            t("Owner"): header.owner,
            t("Reviewed by"): header.reviewed_by,
            t("Reviewed on"): header.reviewed_on,
            t("Change note"): header.change_note,
            t("Ages"): f"{header.ages.from_}–{header.ages.to}",
            t("Digest of all texts"): self.pathway.digest,
        }
        yield Prose(cell(*(f"{name}: {value or '–'}" for name, value in rows.items())))
        if header.overlap:
            yield Bullets(tuple(map(self._overlap, header.overlap)))

    def _overlap(self, overlap: Overlap) -> str:
        return self.t(
            "ages {low}–{high} also belong to the pathway {other}; {leads} leads: {because}",
            low=overlap.ages.from_,
            high=overlap.ages.to,
            other=overlap.pathway,
            leads=overlap.leads,
            because=overlap.because[self.language],
        )

    def steps(self) -> Iterator[Block]:
        """Yield the steps of care."""
        yield Heading(2, self.t("Steps"))
        yield Table(
            (self.t("Step"), self.t("Summary")),
            tuple(
                (
                    cell(Piece(f"{s.number} · {s.name[self.language]}", "strong")),
                    cell(s.summary[self.language]),
                )
                for s in self.pathway.header.step
            ),
        )

    # -- rules --------------------------------------------------------------

    def rules(self) -> Iterator[Block]:
        """Yield every rule under its kind."""
        examples = clearest_examples(self.pathway)
        yield Heading(2, self.t("Rules"))
        yield Prose(cell(self.t("A comparison with a question that is not asked does not hold.")))
        for kind, title in KINDS.items():
            of_kind = [rule for rule in self.pathway.rules if kind_of(rule) == kind]
            if of_kind:
                yield Heading(3, self.t(title))
                yield self.table(of_kind, examples)

    def table(self, rules: Iterable[ReadyRule], examples: Mapping[str, Example]) -> Table:
        """Return rules as a table with a place to agree to each."""
        t = self.t
        headings = (t("Rule"), t("When"), t("Why"), t("Source"), t("Example"), t("Agreed"))
        return Table(headings, tuple(self._rule(rule, examples.get(rule.id)) for rule in rules))

    def _rule(self, ready: ReadyRule, example: Example | None) -> tuple[Pieces, ...]:
        rule = ready.rule
        details = (Piece(line, depth=1) for line in self.say.details(ready))
        none = self.t("none of the pathway's examples")
        shown = example.title[self.language] if example else none
        return (
            cell(Piece(f"{rule.id} · {self.say.effect(ready)}", "strong"), *details),
            self._when(ready.condition),
            cell(rule.because[self.language]),
            self._source(rule.source, rule.basis),
            cell(shown, Piece(example.id if example else "", "quiet")),
            cell(self.t("[ ] yes  [ ] no  [ ] change:")),
        )

    def _source(self, source: str, basis: Basis) -> Pieces:
        """Return a source with its basis; a proposal that nobody has signed catches the eye."""
        return cell(source, Piece(self.say.basis(basis), "strong" if basis == "local" else "quiet"))

    def _when(self, condition: Condition) -> Pieces:
        outline = self.say.conditions.outline(condition)
        words = (Piece(text, depth=depth) for depth, text in outline)
        return cell(*words, Piece(str(condition), "code"))

    # -- what rules lead to -------------------------------------------------

    def actions(self) -> Iterator[Block]:
        """Yield what may have to be done beside the step."""
        t, language = self.t, self.language
        if not self.pathway.actions:
            return
        yield Heading(2, t("Actions beside the step"))
        yield Table(
            (t("Action"), t("Detail"), t("Within")),
            tuple(
                (
                    cell(Piece(action.title[language], "strong")),
                    cell(if_any(action.detail, language)),
                    cell("" if action.days is None else self._days(action.days)),
                )
                for action in self.pathway.actions.values()
            ),
        )

    def _days(self, days: int) -> str:
        return self.t.many("{count} day", "{count} days", days)

    def cards(self) -> Iterator[Block]:
        """Yield the action cards with their numbers and safety steps."""
        yield Heading(2, self.t("Action cards"))
        t = self.t
        yield Table(
            (t("Card"), t("Numbers"), t("Safety steps"), t("Source")),
            tuple(self._card(card) for card in self.pathway.cards.values()),
        )

    def _card(self, card: Card) -> tuple[Pieces, ...]:
        language = self.language
        opened = [r.id for r in self.pathway.rules if any(c.id == card.id for c, _ in r.cards)]
        by = self.t("opened by {rules}", rules=", ".join(opened)) if opened else ""
        level = self.t(LEVELS[card.level])
        if card.milder_levels:
            milder = ", ".join(self.t(LEVELS[each]) for each in card.milder_levels)
            level = self.t("{level}, in part {milder}", level=level, milder=milder)
        return (
            cell(
                Piece(f"{card.title[language]} ({level})", "strong"),
                card.lead[language],
                Piece(by, "quiet"),
            ),
            cell(*(f"{n.number} {number_words(n, language, self.t)}" for n in card.numbers)),
            cell(*(f"{n}. {s.text[language]}" for n, s in enumerate(card.steps, start=1))),
            self._source(card.source, card.basis),
        )

    def interventions(self) -> Iterator[Block]:
        """Yield the forms of care under each step, those beside the steps last."""
        t, all_ = self.t, self.pathway.interventions
        yield Heading(2, t("Interventions"))
        for step in self.pathway.header.step:
            title = t("Step {step}: {name}", step=step.number, name=step.name[self.language])
            yield from self._offered(title, [i for i in all_ if step.number in i.content.steps])
        yield from self._offered(t("Beside the step"), [i for i in all_ if not i.content.steps])

    def _offered(self, title: str, found: list[ReadyIntervention]) -> Iterator[Block]:
        if not found:
            return
        t = self.t
        headings = (t("Intervention"), t("Dose"), t("For whom"), t("Source"))
        yield Heading(3, title)
        yield Table(headings, tuple(map(self._intervention, found)))

    def _intervention(self, ready: ReadyIntervention) -> tuple[Pieces, ...]:
        content, language = ready.content, self.language
        code = f" ({content.code})" if content.code else ""
        dose, by = content.dose[language], content.delivered_by[language]
        counts = [self.t("counts under the therapy guarantee")] if content.guarantee else []
        counts += [content.programme] if content.programme else []
        return (
            cell(Piece(content.title[language] + code, "strong"), content.summary[language]),
            cell(f"{dose} · {by}", content.follow_up[language], *counts),
            cell(*self._for_whom(ready)),
            self._source(content.source, content.basis),
        )

    def _for_whom(self, ready: ReadyIntervention) -> Iterator[Piece]:
        t, content = self.t, ready.content
        if content.ages != type(content.ages)():
            ages = f"{content.ages.from_}–{content.ages.to}"
            yield Piece(t("only for ages {ages}", ages=ages))
        for title, conditions, texts in self._conditions(ready, content):
            for condition, row in zip(conditions, texts, strict=True):
                words = self.say.conditions.sentence(condition)
                yield Piece(f"{title}: {row.because[self.language]}")
                yield Piece(words, "quiet", 1)

    def _conditions(
        self, ready: ReadyIntervention, content: Intervention
    ) -> tuple[tuple[str, tuple[Condition, ...], tuple[Because, ...]], ...]:
        t = self.t
        return (
            (t("fits"), ready.suits, content.suits),
            (t("not offered"), ready.excluded_if, content.excluded_if),
            (t("needed first"), ready.requires, content.requires),
        )

    # -- what rules are made of ---------------------------------------------

    def facts(self) -> Iterator[Block]:
        """Yield the totals, cut-offs and facts that are made of answers."""
        t = self.t
        rows = [*self._totals(), *self._cut_offs(), *self._derived()]
        if rows:
            yield Heading(2, t("Totals, cut-offs and facts made of answers"))
            yield Table((t("Fact"), t("How it is made"), t("Source")), tuple(rows))

    def _totals(self) -> Iterator[tuple[Pieces, ...]]:
        for instrument in self.pathway.instruments.values():
            for total in instrument.total:
                fact = self.pathway.facts[f"{instrument.id}.{total.id}"]
                names = ", ".join(id_.rpartition(".")[2] for id_ in fact.items)
                made = self.t(
                    "sum of the items {names}, {low}–{high}; nothing is prorated",
                    names=names,
                    low=fact.low,
                    high=fact.high,
                )
                bands = "; ".join(self._bands(total.bands, fact.high))
                yield self._named(fact), cell(made, bands), cell(total.source)

    def _bands(self, bands: tuple[Band, ...], most: int) -> Iterator[str]:
        ends = (*(band.from_ - 1 for band in bands[1:]), most)
        for band, end in zip(bands, ends, strict=False):
            yield f"{band.from_}–{end} {band.label[self.language]}"

    def _cut_offs(self) -> Iterator[tuple[Pieces, ...]]:
        for instrument in self.pathway.instruments.values():
            for positive in instrument.positive:
                fact = self.pathway.facts[f"{instrument.id}.{positive.id}"]
                for row in positive.rows:
                    yield self._named(fact), self._when(parse_condition(row.when)), cell(row.source)

    def _derived(self) -> Iterator[tuple[Pieces, ...]]:
        of_instruments = {
            f"{i.id}.{positive.id}"
            for i in self.pathway.instruments.values()
            for positive in i.positive
        }
        for fact in self.pathway.facts.values():
            if fact.origin == "condition" and fact.id not in of_instruments:
                yield self._named(fact), self._when(fact.conditions[0]), ()
            elif fact.origin == "count":
                many = Piece(self.t("how many of these hold:"))
                rows = (self.say.conditions.sentence(c) for c in fact.conditions)
                yield self._named(fact), cell(many, *(Piece(row, depth=1) for row in rows)), ()

    def _named(self, fact: Fact) -> Pieces:
        return cell(Piece(fact.label[self.language], "strong"), Piece(fact.id, "code"))

    def instruments(self) -> Iterator[Block]:
        """Yield each instrument with what its wording is and what may be done with it."""
        t = self.t
        if self.pathway.instruments:
            headings = (t("Instrument"), t("Wording"), t("Source"), t("Licence"))
            yield Heading(2, t("Instruments"))
            yield Table(headings, tuple(map(self._used, self.pathway.instruments.values())))

    def _used(self, instrument: Instrument) -> tuple[Pieces, ...]:
        wordings = (
            f"{code}: {self.t(WORDINGS[each.status])} ({each.source}) {each.licence}".rstrip()
            for code, each in instrument.wording.items()
        )
        return (
            cell(Piece(instrument.name, "strong"), instrument.title[self.language]),
            cell(*wordings),
            cell(instrument.source),
            cell(instrument.licence),
        )

    def own_questions(self) -> Iterator[Block]:
        """Yield where the words of the pathway's own questions come from."""
        t = self.t
        sources: dict[tuple[str, Basis], list[str]] = {}
        for question in self.pathway.questions.values():
            if question.instrument is None:
                sources.setdefault((question.source, question.basis), []).append(question.id)
        if sources:
            yield Heading(2, t("The pathway's own questions"))
            yield Table(
                (t("Questions"), t("Source")),
                tuple(
                    (
                        cell(*map(self.say.conditions.fact, ids)),
                        self._source(source, basis),
                    )
                    for (source, basis), ids in sources.items()
                ),
            )

    def signature(self) -> Iterator[Block]:
        """Yield the place where the reviewer signs."""
        t, header = self.t, self.pathway.header
        yield Heading(2, t("Signature"))
        yield Prose(
            cell(
                t(
                    "I have read this version ({version}, digest {digest}) and",
                    version=f"{header.id} {header.version}",
                    digest=self.pathway.digest[:12],
                )
            )
        )
        yield Boxes(
            (t("approve it"), t("approve it with the changes noted"), t("do not approve it"))
        )
        yield Ruled((t("Name"), t("Role"), t("Place and date"), t("Signature")))


def notices(pathway: Pathway, t: Speech) -> tuple[str, ...]:
    """Return what stands on every output: not a device, draft or approved, the nurse decides."""
    header = pathway.header
    if header.status == "approved":
        state = t("Approved by {who} on {when}.", who=header.reviewed_by, when=header.reviewed_on)
    else:
        state = t("This version is a draft: it is not approved for use with clients.")
    return (state, t(NOT_MARKED), t(SUPPORTS))
