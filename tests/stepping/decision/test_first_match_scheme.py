"""A scheme that is not ours: eight domains, five levels, a first-match flow chart, as floors.

A region with a national scheme of its own must be able to bring it as a folder, and trust it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from stepping.batch.batch import OUTPUT, Batch
from stepping.decision.decide import decide
from stepping.pathway.model import Pathway
from stepping.pathway.reader import read_pathway
from stepping.proofs.checker import check_pathway
from store.pathway_files.files import find_folder, folder_files, load

HARBOUR = Path(__file__).parents[2] / "fixtures" / "harbour"
DOMAINS = (
    "symptoms",
    "risk",
    "function",
    "complexity",
    "history",
    "stress",
    "support",
    "will",
)
RATINGS = range(5)


@cache
def harbour() -> Pathway:
    return load(str(HARBOUR))


def first_match(
    symptoms: int,
    risk: int,
    function: int,
    complexity: int,
    history: int,
    stress: int,
    support: int,
    will: int,
) -> tuple[int, bool]:
    """The level of the first row that matches, and whether it says "or above"."""
    complicated = [complexity >= 2, history >= 3, stress >= 3, support <= 1, will <= 1].count(True)
    if risk == 4 or symptoms == 4:
        return 5, False
    if symptoms == 3 and (risk == 3 or function == 4):
        return 5, False
    if risk == 3 or function == 4 or symptoms == 3:
        return 4, False
    if symptoms == 2 and function == 3 and complicated >= 2:
        return 4, False
    if function == 3 or complexity >= 3:
        return 3, True
    if risk == 2 and support <= 1:
        return 3, False
    if (symptoms == 2 or function == 2) and complicated >= 1:
        return 3, False
    if symptoms >= 1 and (stress >= 2 or history >= 2 or support <= 1):
        return 2, True
    if symptoms == 2 or function == 2 or risk == 2:
        return 2, False
    return 1, False


def every_rating() -> Iterator[tuple[int, ...]]:
    return product(RATINGS, repeat=len(DOMAINS))


def test_it_is_proven_in_full() -> None:
    report = check_pathway(harbour())
    assert report.findings == ()
    assert all(row.next_to for row in report.coverage)


def differs(ratings: tuple[int, ...], row: dict[str, str]) -> bool:
    level, or_above = first_match(*ratings)
    if ratings[DOMAINS.index("risk")] == 4:
        return (row["status"], row["stops"], row["urgency"]) != ("stop", "STOP", "emergency")
    told = (row["status"], row["step"], row["or_above"])
    return told != ("suggested", str(level), "yes" if or_above else "no")


def wrong_rows(ratings: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    batch = Batch(harbour(), ("case", *DOMAINS))
    wrong = []
    for start in range(0, len(ratings), 8192):
        chunk = ratings[start : start + 8192]
        decided = batch.decide_rows([["", *(str(rating) for rating in row)] for row in chunk])
        assert not decided.refusals
        for given, out in zip(chunk, decided.rows, strict=True):
            if differs(given, dict(zip(OUTPUT, out, strict=True))):
                wrong.append(given)
    return wrong


def test_every_answer_set_comes_out_as_in_the_flow_chart() -> None:
    """All 390,625, by the batch."""
    ratings = list(every_rating())
    assert len(ratings) == 390_625
    assert wrong_rows(ratings) == []


def test_single_decisions_agree_with_the_flow_chart() -> None:
    for number, ratings in enumerate(every_rating()):
        if number % 1009 == 0 and ratings[1] < 4:
            decision = decide(harbour(), dict(zip(DOMAINS, ratings, strict=True)))
            assert (decision.step, decision.or_above) == first_match(*ratings), ratings


@pytest.mark.parametrize(
    ("old", "new", "of"),
    [
        (
            'or_above = "symptoms >= 1 and (stress >= 2',
            'or_above = "symptoms >= 1 and (stress is 2',
            "F4",
        ),
        ("risk >= 2 and support <= 1", "risk >= 2 and support >= 1", "F3"),
        ('or_above = "function >= 3 or complexity >= 3"', 'or_above = "complexity is 3"', "F3"),
    ],
)
def test_a_row_that_a_worse_rating_leaves_is_found(old: str, new: str, of: str) -> None:
    files = folder_files(find_folder(str(HARBOUR)))
    assert files["rules.toml"].count(old) == 1
    broken = read_pathway({**files, "rules.toml": files["rules.toml"].replace(old, new)})
    found = [f for f in check_pathway(broken).errors if f.kind == "monotone_step"]
    (finding,) = [f for f in found if f.of == of]
    assert finding.case is not None
    assert finding.worse is not None
    before, after = finding.case.decide(broken), finding.worse.decide(broken)
    assert before.step is not None
    assert after.step is not None
    assert (after.step, after.or_above) < (before.step, before.or_above)


def test_a_row_that_matches_only_what_is_left_over_is_no_fault_where_a_higher_row_takes_over() -> (
    None
):
    """Charts say "risk 3" and mean "3 or more": the row for 4 stands above it."""
    files = folder_files(find_folder(str(HARBOUR)))
    rules = files["rules.toml"].replace('"risk >= 3 or function', '"risk is 3 or function')
    assert rules != files["rules.toml"]
    assert check_pathway(read_pathway({**files, "rules.toml": rules})).errors == ()
