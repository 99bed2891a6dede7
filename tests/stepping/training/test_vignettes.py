"""If these fail, a trainer teaches what the pathway does not say."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from casework.training.shelf import read_one
from stepping.decision.decide import decide
from stepping.pathway.diagnostics import PathwayError
from stepping.training.hints import find_hints
from stepping.training.reading import Case
from stepping.training.records import LONGEST_CASE
from store.pathway_files.vignettes import vignette_files, vignette_text
from tests.training_cases import shipped_case, used

SHIPPED = vignette_files()
PATTERN = "sleepless_teacher"


def text(id_: str = PATTERN) -> str:
    return vignette_text(id_, SHIPPED[id_])


@pytest.mark.parametrize("id_", SHIPPED)
def test_each_case_gives_what_it_expects_on_the_pathway_in_use(id_: str) -> None:
    case = shipped_case(id_)
    expect = case.vignette.expect
    assert case.decision.step is not None
    assert {*case.stopped.stops} == {*expect.stops}
    assert expect.lowest <= case.decision.step <= expect.highest or expect.why


@pytest.mark.parametrize("id_", SHIPPED)
def test_whoever_asks_what_a_case_has_to_ask_finds_every_stop(id_: str) -> None:
    case = shipped_case(id_)
    asked = {fact for line in case.vignette.asked for fact in line.about}
    unasked = {fact: value for fact, value in case.answers.items() if fact not in asked}
    assert not {*decide(case.pathway, unasked).stops} & {*case.vignette.expect.stops}


@pytest.mark.parametrize("id_", SHIPPED)
def test_a_case_says_why_only_where_it_must_and_of_each_rule_what_it_rests_on(id_: str) -> None:
    hints = find_hints(shipped_case(id_), text(id_))
    assert not [hint for hint in hints if re.search("explains nothing|no `about`", str(hint))]


@pytest.mark.parametrize("id_", [id_ for id_ in SHIPPED if "[turn]" in text(id_)])
def test_a_turn_opens_a_stop_that_was_not_open_before(id_: str) -> None:
    case = shipped_case(id_)
    assert {*decide(case.pathway, case.turned).stops} > {*case.stopped.stops}


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("highest = 1", "highest = 0\nlowest = 0", "not readable"),
        ("lowest = 1\nhighest = 1", "lowest = 2\nhighest = 3", "step 1 comes out, 2–3 is expected"),
        ("lowest = 1", "lowest = 2", "`lowest` is above `highest`"),
        ("highest = 1", "highest = 7", "step 7 is none of this pathway's: 0, 1, 2, 3, 4"),
        ("highest = 1", 'highest = 1\nstops = ["S2"]', "the answers do not open the stop S2"),
        ("highest = 1", 'highest = 1\nstops = ["S22"]', "did you mean 'S2'"),
        ("[0, 0, 3, 1, 0, 0, 2, 0, 0]", "[0, 0, 3, 1, 0, 0, 2, 0, 1]", "open the stop S2"),
        ('rule = "A2"', 'rule = "A99"', "rule 'A99' is not known"),
        ('rule = "A2"', 'card = "suicide"', "card 'suicide' is not known"),
        ('rule = "A2"\n', "", "needs a rule, a card or a source"),
        ('about = ["phq9.9", ', 'about = ["phq9.10", ', "question 'phq9.10' is not known"),
        ('base = "well"', 'base = "wel"', "did you mean 'well'"),
        ("gad7 = [2,", "gad7 = [4,", "answers: gad7.1"),
        ('pathway = "adult"', 'pathway = "adults"', "pathway 'adults' is not in use"),
        ('id = "sleepless_teacher"', 'id = "teacher"', "id is not the name of the file"),
        ("age = 42", "age = 12", "person.age: must be at least 13"),
        ('status = "draft"', 'status = "signed"', "belong together"),
        ("Have you thought", "Write to a@b.fi. Have you", "somebody's e-mail address"),
        ("On Saturday we", "I am 131052-908T. On Saturday we", "somebody's identity code"),
        ("Wine? A glass on Friday", "Wine? \u202eA glass on Friday", "U+202E"),
    ],
)
def test_what_does_not_hold_is_told_with_its_place(was: str, becomes: str, told: str) -> None:
    assert was in text()
    with pytest.raises(PathwayError) as error:
        read_one(PATTERN, text().replace(was, becomes, 1), used())
    assert told in str(error.value)
    assert str(error.value).startswith("vignettes/sleepless_teacher.toml:")


@pytest.mark.parametrize(
    ("was", "becomes", "at"),
    [
        ("lowest = 1\nhighest = 1", "lowest = 2\nhighest = 3", "lowest = 2"),
        ("gad7 = [2,", "gad7 = [4,", "items = "),
        ('"history.weeks" = 7', '"history.weeks" = -7', "answers = "),
        ('base = "well"', 'base = "wel"', 'base = "wel"'),
        ('pathway = "adult"', 'pathway = "adults"', "pathway = "),
    ],
)
def test_a_fault_is_told_by_its_line(was: str, becomes: str, at: str) -> None:
    with pytest.raises(PathwayError) as error:
        read_one(PATTERN, text().replace(was, becomes, 1), used())
    line = error.value.diagnostics[0].line
    assert text().replace(was, becomes, 1).split("\n")[line - 1].startswith(at)


def test_every_fault_is_told_at_once() -> None:
    wrong = text().replace("gad7 = [2,", "gad7 = [4,").replace('rule = "A2"', 'rule = "A99"')
    with pytest.raises(PathwayError) as error:
        read_one(PATTERN, wrong, used())
    assert len(error.value.diagnostics) == 2


def test_a_step_that_contradicts_the_answers_needs_a_reason() -> None:
    why = '\nwhy = { en = "a", fi = "b", sv = "c" }'
    other = text().replace("lowest = 1\nhighest = 1", f"lowest = 2\nhighest = 3{why}")
    case = read_one(PATTERN, other, used())
    assert case.decision.step == 1


def test_a_story_lacking_a_language_or_too_short_is_told() -> None:
    start, end = text().index("story.sv"), text().index("[[asked]]")
    with pytest.raises(PathwayError, match="no text in sv"):
        read_one(PATTERN, text()[:start] + text()[end:], used())
    start = text().index("story.en")
    short = text()[:start] + 'story = { en = "Ill.", fi = "A.", sv = "B." }\n' + text()[end:]
    with pytest.raises(PathwayError, match="story has 1 words, needs 120–250"):
        read_one(PATTERN, short, used())


def test_a_case_that_no_class_could_hold_is_told() -> None:
    """Else opening a class with it failed with the words of the program's makers."""
    long = text() + f"# {'x' * LONGEST_CASE}\n"
    with pytest.raises(PathwayError, match="characters, at most 100000"):
        read_one(PATTERN, long, used())


TURN = """
[turn]
card = "suicide_acute"
answers = { "danger.suicide" = true }
text = { en = "He stops.", fi = "Han vaikenee.", sv = "Han tystnar." }
"""


def test_a_case_turns_to_a_card_that_opens_then() -> None:
    case = read_one(PATTERN, text() + TURN, used())
    assert case.turned["danger.suicide"] == "yes"
    for was, becomes, told in (
        ('"suicide_acute"', '"mania"', "card 'mania' is not among those that open then"),
        ('"danger.suicide" = true', '"danger.suicide" = 7', "danger.suicide"),
    ):
        with pytest.raises(PathwayError) as error:
            read_one(PATTERN, text() + TURN.replace(was, becomes), used())
        assert told in str(error.value)


def test_follow_ups_are_of_every_kind() -> None:
    """Recovered, partly better, worse, dropping out, relapsed, and better by the scores alone."""
    follow_ups = [case for case in shipped() if case.vignette.group == "follow_up"]
    assert len(follow_ups) >= 6
    assert {case.pathway.id for case in follow_ups} == {"follow_up"}
    assert len([case for case in follow_ups if case.vignette.use == "talk"]) >= 2
    assert {case.vignette.difficulty for case in follow_ups} == {1, 2, 3}
    told = {rule.id for case in follow_ups for rule in case.stopped.rules}
    assert {"C2", "C1", "A8b", "A8a", "A9b", "D2", "S2", "E2", "F1b"} <= told
    stopped = [case.stopped.verdicts for case in follow_ups if case.stopped.stops]
    assert any(verdicts and verdicts.case is False for verdicts in stopped)


def shipped() -> tuple[Case, ...]:
    return tuple(map(shipped_case, SHIPPED))


def test_there_are_cases_of_every_kind() -> None:
    """At least thirty: adults on each step, open upward and near a limit; others as promised."""
    counted = Counter(case.vignette.group for case in shipped())
    adults = [case for case in shipped() if case.pathway.id == "adult"]
    apart = ("step", "or_above", "borderline")
    assert len(shipped()) >= 30
    assert len([case for case in adults if case.vignette.group in apart]) >= 12
    assert {case.decision.step for case in adults if case.vignette.group == "step"} == {*range(5)}
    assert min(counted["or_above"], counted["borderline"]) >= 1
    assert min(counted["youth"], counted["follow_up"], counted["danger"]) >= 6
    assert {case.pathway.id for case in shipped()} == {*used()}
    danger = [case for case in shipped() if case.vignette.group == "danger"]
    assert all(case.stopped.stops or case.vignette.turn for case in danger)


def test_no_title_tells_the_step() -> None:
    """Titles stand in the list from which a trainee chooses."""
    words = {"en": r"\bsteps?\b", "fi": r"\bporra|\bportaa", "sv": r"\bsteg(et)?\b"}
    for case in shipped():
        for language, title in case.vignette.title.items():
            names = (step.name[language] for step in case.pathway.header.step)
            telling = rf"\d|{words[language]}|" + "|".join(map(re.escape, names))
            assert not re.search(telling, title, re.IGNORECASE), (case.vignette.id, title)


def test_nothing_claims_that_a_clinician_has_judged_a_case() -> None:
    for case in shipped():
        assert case.vignette.status == "draft"
        assert "no clinician has judged" in case.vignette.judged.by
