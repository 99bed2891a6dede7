"""If these fail, a case teaches what does not hold, or nobody can find out what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from stepping.decision.decide import decide
from stepping.decision.facts import get_fact_states
from stepping.decision.minimum_steps import find_inputs
from stepping.decision.safety import find_cards
from stepping.pathway.model import Answer, Pathway
from stepping.training.reading import Case
from store.paths import PATHWAYS
from store.pathway_files.vignettes import vignette_files
from tests.training_cases import shipped_case

SHIPPED = vignette_files()
NOT = {
    "en": r"does not (fire|open)|[Nn]or does this",
    "fi": r"ei (laukea|aukea)|[Tt]ämäkään ei",
    "sv": r"(slår|öppnas) inte|[Ii]nte (heller )?den här",
}
PERHAPS = {"en": r"may fire", "fi": r"voi laueta", "sv": r"kan slå till"}
SCORE = {"en": "is", "fi": "on", "sv": "är"}
TOTALS = {"PHQ-9": "phq9.total", "GAD-7": "gad7.total", "AUDIT-C": "auditc.total"}
TOLD_IN_THE_STORY = {
    ("bus_driver", "phq9.3"),
    ("between_two_languages", "phq9.3"),
    ("old_harbour", "phq9.3"),
    ("sleepless_teacher", "auditc.1"),
}
"""Where the story itself tells on how many days."""


def holds(case: Case, rule_id: str, answers: dict[str, Answer]) -> bool | None:
    (rule,) = (rule for rule in case.pathway.rules if rule.id == rule_id)
    return get_fact_states(case.pathway, answers).evaluate(rule.condition)


@pytest.mark.parametrize("id_", SHIPPED)
def test_a_point_says_of_its_rule_whether_it_holds(id_: str) -> None:
    """In each language: it holds, it does not, or nobody can know yet."""
    case = shipped_case(id_)
    for point in case.vignette.teach:
        if point.rule is None:
            continue
        held = holds(case, point.rule, case.answers)
        for language, text in point.text.items():
            told = (bool(re.search(NOT[language], text)), bool(re.search(PERHAPS[language], text)))
            assert told == (held is False, held is None), (point.rule, text)


@pytest.mark.parametrize("id_", SHIPPED)
def test_a_source_of_a_point_is_one_of_the_pathways(id_: str) -> None:
    """Publisher and number: a source that nobody here has read is none to teach from."""
    rests_on = " ".join(path.read_text("utf-8") for path in sorted(PATHWAYS.glob("[!v]*/*.toml")))
    for point in shipped_case(id_).vignette.teach:
        source = (point.source or "").removeprefix("Local proposal; ")
        for part in {source.split(",")[0].split(" (")[0], *re.findall(r"\b[a-z]*\d{3,}\b", source)}:
            assert part in rests_on, source


def options(pathway: Pathway, fact: str) -> Iterator[Answer]:
    question = pathway.questions[fact]
    if question.kind == "yesno":
        yield from ("yes", "no")
    elif question.options:
        yield from (int(o.id) if o.id.isdigit() else o.id for o in question.options)
    else:
        yield from (question.low, question.high)


@pytest.mark.parametrize("id_", SHIPPED)
def test_a_rule_that_a_point_says_does_not_hold_is_one_answer_away(id_: str) -> None:
    """But in follow-ups, where two scores have changed, or neither."""
    case = shipped_case(id_)
    for point in case.vignette.teach if case.pathway.id != "follow_up" else ():
        if point.rule is None or holds(case, point.rule, case.answers) is not False:
            continue
        (rule,) = (rule for rule in case.pathway.rules if rule.id == point.rule)
        asked = find_inputs(case.pathway, rule.condition) & {*case.pathway.questions}
        assert any(
            holds(case, point.rule, {**case.answers, fact: value})
            for fact in asked
            for value in options(case.pathway, fact)
        ), point.rule


@pytest.mark.parametrize("id_", SHIPPED)
def test_the_scores_that_a_case_tells_are_those_of_its_answers(id_: str) -> None:
    case = shipped_case(id_)
    for language, verb in SCORE.items():
        texts = [point.text[language] for point in case.vignette.teach]
        for text in (*texts, case.vignette.expect.why.get(language, "")):
            for name, told in re.findall(rf"(PHQ-9|GAD-7|AUDIT-C) {verb} (\d+)", text):
                assert case.decision.scores[TOTALS[name]] == int(told), text


@pytest.mark.parametrize("id_", SHIPPED)
def test_every_point_of_a_score_can_be_heard(id_: str) -> None:
    """The stories of the other adults tell themselves on how many days a thing is so."""
    case = shipped_case(id_)
    if case.pathway.id == "adult" and case.vignette.group != "danger":
        return
    named = {fact for line in case.vignette.asked for fact in line.about}
    for fact, answer in case.answers.items():
        if re.fullmatch(r"(phq9|gad7|auditc|asq)\.\d+", fact) and answer not in (0, "no"):
            assert fact in named or (id_, fact) in TOLD_IN_THE_STORY, fact


@pytest.mark.parametrize("id_", SHIPPED)
def test_whatever_a_follow_up_answers_can_be_heard(id_: str) -> None:
    """Totals of session scales too: nobody can guess what stands on a paper."""
    case = shipped_case(id_)
    if case.pathway.id != "follow_up":
        return
    named = {fact for line in case.vignette.asked for fact in line.about}
    known = {"occasion"}
    for fact in case.vignette.answers:
        if fact in case.pathway.questions and case.pathway.facts[fact].origin == "question":
            assert fact in named | known, fact


@pytest.mark.parametrize("id_", SHIPPED)
def test_neither_title_nor_id_names_a_danger(id_: str) -> None:
    """Both stand where a trainee chooses: in lists, commands and files of a class."""
    case = shipped_case(id_)
    cards = [
        card
        for answers in (case.answers, case.turned)
        for stop in decide(case.pathway, answers).stops
        for card in find_cards(case.pathway, answers, stop)
    ]
    for language, title in case.vignette.title.items():
        heard = {word[:6].casefold() for word in re.findall(r"\w{5,}", f"{title} {id_}")}
        heard |= {word[:6] for word in id_.split("_") if len(word) > 4}
        names = " ".join(card.title[language] for card in cards)
        assert not heard & {word[:6].casefold() for word in re.findall(r"\w{5,}", names)}, title


@pytest.mark.parametrize("id_", SHIPPED)
def test_who_turns_to_worse_is_met_by_every_card_that_opens_then(id_: str) -> None:
    """Nobody who takes one of them in a drill is told that it was wrong."""
    case = shipped_case(id_)
    turn = case.vignette.turn
    if turn is None:
        return
    opened: set[tuple[str, str]] = set()
    for sign, answers in ((-1, case.answers), (1, case.turned)):
        cards = {
            (stop, card.id)
            for stop in decide(case.pathway, answers).stops
            for card in find_cards(case.pathway, answers, stop)
        }
        opened = cards - opened if sign > 0 else cards
    assert {card for _, card in opened} <= {turn.card, *turn.also}
