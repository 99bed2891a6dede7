""" "What would change it": a wrong flip sends the nurse to ask about the wrong thing."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stepping.decision.decide import decide
from stepping.decision.outcome import Counterfactual
from stepping.pathway.reader import read_pathway
from tests.stepping.cases import (
    SMALL,
    WELL,
    Case,
    adult,
    cases,
    changed,
    gad7,
    phq9,
    small,
    values_of,
)
from tests.stepping.contracts import adult_oracle as oracle

ROOT = Path(__file__).parents[3]
ALL_STOPS = tuple(oracle.STOPS)

NAMED = (
    *(name for name in oracle.QUESTIONS if name.startswith(("danger.", "asq."))),
    "history.attempt",
    "history.mania",
    "phq9.9",
    "suicide.thoughts",
    "nurse.worried",
    *(f"flag.{flag}" for flag in ("psychosis", "mania", "violence", "child", "withdrawal")),
    "flag.perinatal",
    "flag.eating",
    "eating.alarm",
    "epds.total",
    "epds.10",
    "function.daily",
    "treatment.trials",
    "phq9.difficulty",
    "drugs",
    "work.ability",
    "history.weeks",
    "history.episodes",
    "history.failed_step",
    "history.gsh_unfit",
    "history.specialised",
)
"""Every question that a stop or a floor names by itself."""


def step_of(case: Case, recorded: Collection[str]) -> int | None:
    """The step by the hand-written contract; nothing where there is a stop or a question."""
    return oracle.outcome(case, recorded).step


def flips_of(case: Case, recorded: Collection[str]) -> tuple[int, tuple[Counterfactual, ...]]:
    decision = decide(adult(), case, recorded)
    assume(decision.step is not None)
    assert decision.step is not None
    return decision.step, decision.flips


def is_asked(case: Case, name: str) -> bool:
    return name in oracle.asked(case)


def reached(case: Case, total: str, value: int) -> Iterator[Case]:
    """Ways to bring a total to a value by items that are asked now and that no rule names.

    Only ways that neither show nor hide another question are looked at.
    """
    match total.removesuffix(".total"):
        case "phq9":
            ways = _thirds(case, "phq9", 8, value - int(str(case["phq9.9"])))
        case "gad7":
            ways = _thirds(case, "gad7", 7, value)
        case "auditc" if case["auditc.1"] != 0:
            ways = [
                {f"auditc.{n}": p for n, p in enumerate(points, start=1)}
                for points in itertools.product(range(1, 5), range(5), range(5))
                if sum(points) == value
            ]
        case "audit" if "audit.4" in oracle.asked(case):
            left = value - sum(int(str(case[f"auditc.{n}"])) for n in (1, 2, 3))
            ways = _later_audit(left) if left >= 0 else []
        case "pcptsd5" if case["pcptsd5.gate"] == "yes":
            ways = [
                {f"pcptsd5.{n}": "yes" if tick else "no" for n, tick in enumerate(ticks, start=1)}
                for ticks in itertools.product((0, 1), repeat=5)
                if sum(ticks) == value
            ]
        case _:
            ways = []
    for way in ways:
        yield {**case, **way}


def _later_audit(total: int) -> list[Case]:
    """One way to spread a total over AUDIT's items 4–10; of 9 and 10 only even points."""
    even = max(0, total - 20 + total % 2)
    return [
        {**{f"audit.{n}": 0 for n in range(4, 11)}, **_filled(total - even, 4), **_filled(even, 9)}
    ]


def _filled(total: int, first: int) -> Case:
    return {f"audit.{first + n}": points for n in range(5) if (points := min(4, total - 4 * n)) > 0}


def _thirds(case: Case, instrument: str, count: int, total: int) -> list[Case]:
    """Some ways to spread a total over items of 0–3."""
    items = [f"{instrument}.{item}" for item in range(1, count + 1)]
    ways: list[Case] = []
    for order in (items, items[::-1], items[3:] + items[:3]):
        left, way = total, Case()
        for item in order:
            points = max(0, min(3, left))
            way[item] = points
            left -= points
        after = {**case, **way}
        difficulty = "phq9.difficulty"
        if left == 0 and is_asked(after, difficulty) == is_asked(case, difficulty):
            ways.append(way)
    return ways


def total_now(case: Case, total: str) -> int:
    score = decide(adult(), case, ALL_STOPS).scores[total]
    assert isinstance(score, int)
    return score


def outward(values: list[int], now: int) -> tuple[list[int], list[int]]:
    """The values above and below, nearest first."""
    return [v for v in values if v > now], [v for v in reversed(values) if v < now]


def wanted_of_question(
    case: Case, recorded: Collection[str], step: int, name: str
) -> set[Counterfactual]:
    """Every flip of one question, by trying all its values."""
    now, found = case[name], set()
    values = [value for value in values_of(name) if value != now]
    ways = [[value] for value in values]
    if isinstance(now, int):
        ways = [list(way) for way in outward([int(str(v)) for v in values], now)]
    for way in ways:
        for value in way:
            moved = step_of({**case, name: value}, recorded)
            if moved is not None and moved != step:
                assert isinstance(now, int | str)
                assert isinstance(value, int | str)
                found.add(Counterfactual(fact=name, was=now, becomes=value, step=moved))
                break
    return found


calm = st.tuples(cases(), st.sampled_from([(), ALL_STOPS, ALL_STOPS]))


@settings(max_examples=120)
@given(calm)
def test_of_every_question_the_flips_are_exactly_the_smallest_changes(
    drawn: tuple[Case, tuple[str, ...]],
) -> None:
    case, recorded = drawn
    step, flips = flips_of(case, recorded)
    wanted = {
        flip
        for name in NAMED
        if is_asked(case, name)
        for flip in wanted_of_question(case, recorded, step, name)
    }
    assert {flip for flip in flips if flip.fact not in oracle.TOTALS} == wanted


@settings(max_examples=120)
@given(calm)
def test_of_every_total_the_flips_are_exactly_the_smallest_changes(
    drawn: tuple[Case, tuple[str, ...]],
) -> None:
    case, recorded = drawn
    step, flips = flips_of(case, recorded)
    for total, most in oracle.TOTALS.items():
        now = total_now(case, total)
        for way, sign in zip(outward(list(range(most + 1)), now), (1, -1), strict=True):
            said = [f for f in flips if f.fact == total and (int(f.becomes) - now) * sign > 0]
            first: tuple[int, set[int]] | None = None
            for value in way:
                steps = {step_of(c, recorded) for c in reached(case, total, value)} - {step, None}
                if steps:
                    first = value, {s for s in steps if s is not None}
                    break
            if not is_asked(case, "phq9.difficulty"):
                said = [f for f in said if f.fact not in ("phq9.total", "gad7.total")]
            if first is None:
                assert said == []
            else:
                assert [flip.becomes for flip in said] == [first[0]]
                assert said[0].was == now
                assert said[0].step in first[1]


@settings(max_examples=60)
@given(calm)
def test_flips_stand_in_one_order_the_smallest_first(
    drawn: tuple[Case, tuple[str, ...]],
) -> None:
    case, recorded = drawn
    _, flips = flips_of(case, recorded)
    sizes = [
        abs(f.becomes - f.was) if isinstance(f.was, int) and isinstance(f.becomes, int) else 1
        for f in flips
    ]
    assert sizes == sorted(sizes)
    assert len({(f.fact, f.becomes) for f in flips}) == len(flips)


def test_one_point_more_is_said_first() -> None:
    case = {**WELL, **phq9(15), "phq9.difficulty": 1}
    flips = decide(adult(), case).flips
    assert Counterfactual(fact="phq9.total", was=15, becomes=16, step=2) in flips
    assert Counterfactual(fact="phq9.difficulty", was=1, becomes=2, step=2) in flips


def test_an_item_that_moves_a_total_has_its_own_smallest_change() -> None:
    """Item 9 stands alone in a rule and also counts in the total."""
    case = {**WELL, **phq9(18), "phq9.9": 2, "nurse.worried": "yes"}
    flips = decide(adult(), case, ALL_STOPS).flips
    assert Counterfactual(fact="phq9.9", was=2, becomes=1, step=2) in flips


def test_an_old_hidden_answer_that_comes_back_is_reckoned_with() -> None:
    """All symptoms were taken back; with them the answer about daily life would count again."""
    case = {**WELL, "phq9.difficulty": 2}
    flip = next(f for f in decide(adult(), case).flips if f.fact == "phq9.total")
    assert flip.becomes == 5
    assert flip.step == step_of({**case, **phq9(5)}, ()) == 1


def test_a_total_goes_only_as_far_as_its_free_items() -> None:
    """Item 9 opens a stop when it is raised, so it is no way to a higher total."""
    case = {**WELL, **phq9(24), **gad7(15), "phq9.difficulty": 0}
    assert decide(adult(), case).scores["phq9.total"] == 24
    assert all(f.fact != "phq9.total" or int(f.becomes) < 24 for f in decide(adult(), case).flips)


def test_what_is_not_answered_or_not_asked_has_no_flip() -> None:
    case = {**WELL, **phq9(10)}
    del case["history.weeks"]
    facts = {flip.fact for flip in decide(adult(), case).flips}
    assert "history.weeks" not in facts
    assert "phq9.9" not in facts, "more of item 9 leads to a stop, not to a step"
    assert not any(fact.startswith("client.") for fact in facts)


def test_an_item_with_gaps_between_its_scores_is_not_moved_into_a_gap() -> None:
    files = changed("instruments/mood.toml", "score = 1", "score = 3")
    files["instruments/mood.toml"] = files["instruments/mood.toml"].replace(
        "score = 2", "score = 4"
    )
    pathway = read_pathway(files)
    answers: Case = {"client.age": 30, "danger": "no", "mood.1": 0, "mood.2": 0, "weeks": 8}
    # A total of 2 would change the step, but no answers add up to it.
    assert decide(pathway, answers).flips == ()
    flips = {f.fact: f.becomes for f in decide(pathway, {**answers, "mood.1": 3}).flips}
    assert flips == {"weeks": 3}


def test_a_decision_without_a_step_has_no_flips() -> None:
    assert decide(small(), {"danger": "yes"}).flips == ()
    assert decide(small(), {"danger": "no"}).flips == ()


# -- the same for ever --------------------------------------------------------------------------

_AGAIN = """
import json, sys
from store.pathway_files.files import built_in
from stepping.pathway.answers import read_answers
from stepping.decision.decide import decide
from stepping.decision.explain import decision_to_json
for case in json.loads(sys.stdin.read()):
    pathway = built_in("adult")
    decision = decide(pathway, read_answers(pathway, case), ("S2", "S1"))
    print(json.dumps(decision_to_json(pathway, decision, "fi")))
"""


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_same_answers_give_the_same_bytes_in_any_process(seed: str) -> None:
    """A stored decision must be reproducible years later, whatever the order of hashes."""
    import json

    from stepping.decision.explain import decision_to_json
    from stepping.pathway.answers import read_answers

    told: list[dict[str, object]] = [
        {**WELL, **phq9(17), **gad7(11), "nurse.worried": "yes", "asq.2": "refused"},
        {**WELL, "wish.formats": ["net", "long_psychotherapy"], "phq9.3": 3, "gad7.4": 2},
        {"phq9.1": 2, "danger.child": True},
    ]
    here = "".join(
        json.dumps(
            decision_to_json(
                adult(), decide(adult(), read_answers(adult(), case), ("S2", "S1")), "fi"
            )
        )
        + "\n"
        for case in told
    )
    there = subprocess.run(
        [sys.executable, "-c", _AGAIN],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    assert there.stdout == here


def test_the_digest_is_of_the_texts_that_decide_and_nothing_else() -> None:
    assert read_pathway(SMALL).digest == small().digest
    assert read_pathway({**SMALL, "cards/other.toml": "unread"}).digest == small().digest
    crlf = {name: content.replace("\n", "\r\n") for name, content in SMALL.items()}
    assert read_pathway(crlf).digest == small().digest
    for file in SMALL:
        other = read_pathway({**SMALL, file: SMALL[file] + "\n# a remark\n"})
        assert other.digest != small().digest, file


def test_a_change_that_asks_for_more_is_no_flip() -> None:
    """With item 9 at 0 the direct question is asked first; what it leads to is not known."""
    case = {**WELL, **phq9(20), "phq9.9": 1}
    answered = decide(adult(), case, ("S2",)).flips
    assert any((flip.fact, flip.becomes) == ("phq9.9", 0) for flip in answered)
    del case["suicide.thoughts"]
    open_ = decide(adult(), case, ("S2",)).flips
    assert not any((flip.fact, flip.becomes) == ("phq9.9", 0) for flip in open_)
