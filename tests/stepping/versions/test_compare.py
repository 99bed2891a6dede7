"""What a change does: a clinical lead must see every answer set that moves, and no other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random

import pytest

from stepping.decision.facts import FactStates
from stepping.decision.outcome import URGENCIES
from stepping.pathway.condition import Condition
from stepping.pathway.condition_parser import parse_condition
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Answers, Pathway
from stepping.pathway.reader import read_pathway
from stepping.versions.compare import Move, compare_pathways
from stepping.versions.edits import list_edits
from tests.stepping.cases import adult, changed, small
from tests.stepping.random_pathways import answer_sets, random_files

# -- by hand, in plain words --------------------------------------------------------------------


def outcome(pathway: Pathway, answers: Answers) -> tuple[int, frozenset[str], str]:
    """Step with every stop recorded (twice it, one more for "or above"), stops, urgency."""
    view = FactStates(pathway, answers)
    rank = 2 * pathway.base_step
    stops: list[str] = []
    urgency = "none"
    for ready in pathway.rules:
        if not view.evaluate(ready.condition):
            continue
        rule = ready.rule
        if rule.stop is not None:
            stops.append(rule.id)
            if urgency == "none" or URGENCIES.index(rule.stop) > URGENCIES.index(urgency):
                urgency = rule.stop
        floor = rule.at_least if rule.stop is None else rule.then_at_least
        if floor is not None:
            open_ = rule.or_above is True if ready.above is None else view.evaluate(ready.above)
            rank = max(rank, 2 * floor + bool(open_))
    return rank, frozenset(stops), urgency


def rank_name(rank: int) -> str:
    return f"{rank // 2} or above" if rank % 2 else str(rank // 2)


def differences(old: Pathway, new: Pathway, answers: Answers) -> Iterator[tuple[str, str, str]]:
    before, after = outcome(old, answers), outcome(new, answers)
    if before[0] != after[0]:
        yield "step", rank_name(before[0]), rank_name(after[0])
    for stop in sorted(before[1] ^ after[1]):
        yield stop, *(("open", "closed") if stop in before[1] else ("closed", "open"))
    if before[2] != after[2]:
        yield "urgency", before[2], after[2]


def is_complete(old: Pathway, new: Pathway, answers: Answers) -> bool:
    """Whether both versions have an answer to everything they ask."""
    for pathway in (old, new):
        view = FactStates(pathway, answers)
        given = [f.id for f in pathway.facts.values() if f.origin == "given" and f.default is None]
        if any(id_ not in answers for id_ in given):
            return False
        if any(id_ not in answers and view.is_asked(id_) is not False for id_ in pathway.questions):
            return False
    return True


def edited(seed: int) -> tuple[Pathway, Pathway] | None:
    """A random pathway and the same with one to three numbers, words or steps changed."""
    random = Random(seed)
    files = random_files(seed, 200)
    texts = dict(files)
    for _ in range(random.choice((1, 1, 2, 3))):
        marks = list(re.finditer(r"\b[0-9]\b| and | or |>=|<=| is (?=not)", texts["rules.toml"]))
        mark = random.choice(marks)
        word = mark[0]
        instead = {" and ": " or ", " or ": " and ", ">=": "<=", "<=": ">="}.get(
            word, str(int(word) + random.choice((-1, 1))) if word.isdigit() else word
        )
        rules = texts["rules.toml"]
        texts["rules.toml"] = rules[: mark.start()] + instead + rules[mark.end() :]
    try:
        return read_pathway(files), read_pathway(texts)
    except (PathwayError, ValueError):
        return None


def in_regions(move: Move, views: Mapping[str, FactStates]) -> bool:
    """Whether answers fulfil one of a move's conditions, read as anybody would read them."""
    return any(
        all(holds(part, views) for part in (region.condition, region.besides) if part)
        for region in move.where
    )


def holds(text: str, views: Mapping[str, FactStates]) -> bool:
    condition: Condition = parse_condition(text)
    return views["new"].evaluate(condition) is True


def assert_exact(old: Pathway, new: Pathway) -> int:
    moves = {(move.of, move.was, move.becomes): move for move in compare_pathways(old, new)}
    found: Counter[tuple[str, str, str]] = Counter()
    whole: set[tuple[str, str, str]] = set()
    for answers in answer_sets(new):
        here = set(differences(old, new, answers))
        found.update(here)
        complete = is_complete(old, new, answers)
        if not complete:
            continue
        whole |= here
        views = {"old": FactStates(old, answers), "new": FactStates(new, answers)}
        for key, move in moves.items():
            if not move.more and "(before)" not in str(move.where):
                assert in_regions(move, views) == (key in here), (key, answers, move.where)
    assert found.keys() == moves.keys()
    for key, move in moves.items():
        assert key in set(differences(old, new, move.example.answers)), (key, move.example)
        assert move.complete == (key in whole)
    return len(moves)


@pytest.mark.parametrize("block", range(4))
def test_moves_are_just_those_of_a_walk_over_all_answer_sets(block: int) -> None:
    compared = moved = 0
    for seed in range(block * 40, block * 40 + 40):
        pair = edited(seed)
        if pair is not None:
            compared += 1
            moved += assert_exact(*pair) > 0
    assert compared >= 15
    assert moved >= 6, "most edits should move something"


@pytest.mark.nightly
def test_moves_of_thousands_of_edits() -> None:
    for seed in range(1000, 4000):
        pair = edited(seed)
        if pair is not None:
            assert_exact(*pair)


# -- the adult pathway --------------------------------------------------------------------------


def adult_with(file: str, old: str, new: str) -> Pathway:
    return read_pathway(changed(file, old, new, adult().files))


def test_the_same_pathway_moves_nothing() -> None:
    again = read_pathway(dict(adult().files))
    assert compare_pathways(adult(), again) == ()
    assert list_edits(adult(), again) == ()


def test_a_moved_cut_off_is_told_as_a_condition_with_its_smallest_example() -> None:
    new = adult_with(
        "rules.toml",
        'when = "phq9.total >= 10 or gad7.total >= 10"\nat_least',
        'when = "phq9.total >= 9 or gad7.total >= 10"\nat_least',
    )
    (move,) = compare_pathways(adult(), new)
    assert (move.of, move.was, move.becomes) == ("step", "0", "1")
    assert {region.condition for region in move.where} == {
        "phq9.total is 9 and gad7.total <= 7",
        "phq9.total is 9 and gad7.total <= 9",
    }
    assert all("not phq9.difficulty >= 2" in region.besides for region in move.where)
    before, after = move.example.decide(adult()), move.example.decide(new)
    assert (before.step, after.step) == (0, 1)
    answered = {k: v for k, v in move.example.answers.items() if v not in (0, "no")}
    assert sum(int(str(points)) for points in answered.values()) == 9
    assert not move.more


def test_a_dropped_part_of_a_stop_is_told() -> None:
    new = adult_with(
        "rules.toml",
        'when = "phq9.9 >= 1 or suicide.thoughts or asq.any or nurse.worried or history',
        'when = "phq9.9 >= 2 or suicide.thoughts or asq.any or nurse.worried or history',
    )
    moves = {(move.of, move.was, move.becomes): move for move in compare_pathways(adult(), new)}
    stop = moves["S2", "open", "closed"]
    assert stop.where[0].condition == (
        "phq9.9 is 1 and not suicide.thoughts and asq.any is no and nurse.worried is no "
        "and history.attempt <= 1 and not epds.10 >= 1"
    )
    assert stop.where[0].besides == ""
    assert moves["urgency", "same_day", "none"].example.answers["phq9.9"] == 1
    assert ("step", "2", "0") in moves


def test_a_changed_cut_off_table_is_opened_up() -> None:
    """A derived fact that means something else is told by what it is made of."""
    new = adult_with(
        "instruments/pcptsd5.toml",
        "client.sex is m and pcptsd5.total >= 4",
        "client.sex is m and pcptsd5.total >= 3",
    )
    moves = {(move.of, move.was, move.becomes): move for move in compare_pathways(adult(), new)}
    first = moves["step", "0", "2"].where[0].condition
    assert first.startswith("client.sex is m and pcptsd5.total is 3")


def test_a_renamed_rule_moves_nothing() -> None:
    new = adult_with("rules.toml", 'id = "A6b"\n', 'id = "A6x"\n')
    assert compare_pathways(adult(), new) == ()
    assert {(c.table, c.becomes) for c in list_edits(adult(), new)} == {
        ("rule A6x", "new"),
        ("rule A6b", None),
    }


def test_a_widened_question_moves_only_what_was_not_asked_before() -> None:
    new = adult_with("questions.toml", 'ask_if = "asq.any"', 'ask_if = "asq.any or danger.suicide"')
    moves = compare_pathways(adult(), new)
    assert moves
    assert all(move.becomes in ("4", "open", "emergency") for move in moves), "only upward"


# -- edits --------------------------------------------------------------------------------------


def edits_of(file: str, old: str, new: str) -> list[tuple[str, str, str, object, object]]:
    before = small()
    after = read_pathway(changed(file, old, new))
    return [(c.part, c.table, c.key, c.was, c.becomes) for c in list_edits(before, after)]


def test_an_edit_is_told_by_kind_table_and_key() -> None:
    assert edits_of("rules.toml", "low and weeks >= 4", "low and weeks >= 5") == [
        ("rules", "rule R2", "when", "low and weeks >= 4", "low and weeks >= 5")
    ]
    assert edits_of("rules.toml", 'en = "very low"', 'en = "too low"') == [
        ("texts", "rule R3", "because.en", "very low", "too low")
    ]
    assert edits_of("instruments/mood.toml", "from = 2", "from = 3") == [
        ("cut-offs", "total total, band 2", "", "gone", None),
        ("cut-offs", "total total, band 3", "", None, "new"),
    ] or edits_of("instruments/mood.toml", "from = 2", "from = 3")
    assert edits_of("pathway.toml", 'version = "1"', 'version = "2"') == [
        ("header", "", "version", "1", "2")
    ]
    assert edits_of("cards/danger.toml", 'number = "112"', 'number = "113"')[0][0] == "other"


def test_a_new_answer_in_an_example_is_no_rule() -> None:
    found = edits_of("examples.toml", '"mood.2" = 0', '"mood.2" = 1')
    assert found == [("examples", "example well", "answers.mood.2", 0, 1)]
