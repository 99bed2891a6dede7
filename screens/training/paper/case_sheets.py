"""The sheets of one case: to read alone, to play the client, and to talk about afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from casework.language import N_, Speech, speech
from screens.documents.document import (
    Block,
    Boxes,
    Bullets,
    Heading,
    Piece,
    Prose,
    Ruled,
    Table,
    cell,
)
from screens.training.exercises.words import CaseWords
from screens.training.story import person_words, story_paragraphs
from stepping.decision.facts import get_fact_states
from stepping.decision.safety import find_cards
from stepping.pathway.client_facts import AGE, SEX
from stepping.training.reading import Case
from stepping.training.vignette import TeachingPoint

INVENTED = N_("Training. The person is invented; any likeness is chance.")
_HOLDING = {
    True: N_("rule {id}: {why}"),
    False: N_("rule {id}, which does not hold here: {why}"),
    None: N_("rule {id}, which may hold, since answers are missing: {why}"),
}


def case_sheet(case: Case, language: str) -> Iterator[Block]:
    """Yield the case as the client tells it, with room for the reader's own step."""
    t = speech(language)
    yield from _heading(case, language, t("Case"))
    yield from _story(case, language)
    yield from own_step(case, t)


def role_sheet(case: Case, language: str) -> Iterator[Block]:
    """Yield the client's part: how to play it, the story, and what is said only if asked."""
    t = speech(language)
    yield from _heading(case, language, t("Role-play: the client"))
    yield Bullets(
        (
            t("You are this person. Tell the story in your own words; do not read it out."),
            t("What stands in the table you say only if somebody asks about it."),
            t("Of what the sheet does not tell, nothing troubles you."),
            t("Either of you may stop at any time, without saying why."),
        )
    )
    yield from _story(case, language)
    rows = tuple(
        (cell(asked.ask[language]), cell(asked.says[language])) for asked in case.vignette.asked
    )
    yield Table((t("If you are asked about this"), t("you say")), rows)


def debrief_sheet(case: Case, language: str) -> Iterator[Block]:
    """Yield what is expected of the case, why, and what there is to talk about."""
    t, vignette = speech(language), case.vignette
    yield from _heading(case, language, t("After the case"))
    yield Prose(cell(Piece(_expected(case, t), "strong"), _suggested(case, t)))
    if vignette.use == "talk":
        told = t("This case may well be judged otherwise. It is for talking, not for testing.")
        yield Prose(cell(told))
    if vignette.expect.why:
        yield Prose(cell(vignette.expect.why[language]))
    yield Heading(2, t("Teaching points"))
    rows = tuple(
        (cell(point.text[language]), cell(*_stands_on(case, point, language)))
        for point in vignette.teach
    )
    yield Table((t("What"), t("Stands on")), rows)
    yield from _turn(case, language)
    yield Heading(2, t("Talk about this"))
    yield Bullets(
        (
            t("Which step did you choose, and what decided it for you?"),
            t("What would have made you choose one step more, or one less?"),
            t("What did you not ask, and what would the answer have been?"),
            t("Which services here would this person get next week?"),
        )
    )
    yield Ruled(("", "", ""))
    yield from _judged(case, t)


def _turn(case: Case, language: str) -> Iterator[Block]:
    t, turn = speech(language), case.vignette.turn
    if turn is None:
        return
    titles = [case.pathway.cards[id_].title[language] for id_ in (turn.card, *turn.also)]
    yield Heading(2, t("How the case turns in the drill"))
    yield Prose(cell(turn.text[language], t("Right card: {cards}", cards="; ".join(titles))))


def own_step(case: Case, t: Speech) -> Iterator[Block]:
    """Yield room for a step and for what decided it, before anything is revealed."""
    yield Heading(2, t("Your step, before anybody tells theirs"))
    steps = case.pathway.header.step
    yield Boxes(tuple(f"{step.number} {step.name[t.language]}" for step in steps))
    today, why, ask = t("What must be done today"), t("What decided"), t("What I would ask next")
    yield Ruled((today, why, "", ask))


def _heading(case: Case, language: str, what: str) -> Iterator[Block]:
    vignette, t = case.vignette, speech(language)
    who = person_words(vignette.person, t)
    yield Heading(1, vignette.title[language])
    pathway = case.pathway.header.title[language]
    yield Prose(cell(f"{what} · {who} · {pathway}", Piece(t(INVENTED), "quiet")))
    if before := _known_before(case, language):
        yield Prose(cell(t("Known before: {facts}", facts=before)))


def _known_before(case: Case, language: str) -> str:
    """Return what a nurse has on file: of a follow-up, the step now and the scores at the start."""
    words, facts = CaseWords(case, language), case.pathway.facts
    given = (f for f in case.answers if facts[f].origin == "given" and f not in (AGE, SEX))
    return ", ".join(words.with_value(f, case.answers[f]) for f in given)


def _story(case: Case, language: str) -> Iterator[Block]:
    for told in story_paragraphs(case.vignette, language):
        yield Prose(cell(told))


def _expected(case: Case, t: Speech) -> str:
    expect = case.vignette.expect
    if expect.lowest == expect.highest:
        return t("Expected: step {step}.", step=expect.lowest)
    return t("Expected: step {lowest} to {highest}.", lowest=expect.lowest, highest=expect.highest)


def _suggested(case: Case, t: Speech) -> str:
    stops, step = case.vignette.expect.stops, case.decision.step
    rules = ", ".join(rule.id for rule in case.decision.rules) or t("none")
    told = t("The pathway suggests step {step}; rules: {rules}.", step=step, rules=rules)
    if stops:
        named = "; ".join(_named(case, stop, t.language) for stop in stops)
        told += " " + t("Stops that must not be missed: {stops}.", stops=named)
    return told


def _named(case: Case, stop: str, language: str) -> str:
    titles = (card.title[language] for card in find_cards(case.pathway, case.answers, stop))
    return f"{stop} {', '.join(titles)}"


def _stands_on(case: Case, point: TeachingPoint, language: str) -> Iterator[str]:
    t = speech(language)
    if point.rule:
        rule = case.pathway.rule(point.rule)
        fired = {rule.id for rule in case.decision.rules} | {*case.stopped.stops}
        known = get_fact_states(case.pathway, case.answers).evaluate(rule.condition) is not None
        told = _HOLDING[point.rule in fired if known else None]
        yield t(told, id=point.rule, why=rule.rule.because[language])
    if point.card:
        yield t("card: {title}", title=case.pathway.cards[point.card].title[language])
    if point.source:
        yield point.source


def _judged(case: Case, t: Speech) -> Iterator[Block]:
    judged = case.vignette.judged
    if judged.signed_by:
        told = t("Signed by {who}. Basis: {basis}.", who=judged.signed_by, basis=judged.basis)
    else:
        told = t("Draft: the steps are those of whoever wrote the case; no clinician has signed.")
    yield Prose(cell(Piece(told, "quiet")))
