"""If these fail, one of a thing is told in the plural: "1 jaksoa"."""

from __future__ import annotations

import pytest

from stepping.decision.explain import value_text
from store.paths import PATHWAYS
from store.pathway_files.files import load


@pytest.mark.parametrize(
    ("fact", "one", "two"),
    [
        ("history.episodes", "1 jakso", "2 jaksoa"),
        ("history.weeks", "1 viikko", "2 viikkoa"),
        ("treatment.trials", "1 lääke", "2 lääkettä"),
    ],
)
def test_one_of_a_thing_is_told_in_the_singular(fact: str, one: str, two: str) -> None:
    pathway = load("adult", PATHWAYS)
    assert value_text(pathway, fact, 1, "fi") == one
    assert value_text(pathway, fact, 2, "fi") == two


def test_every_count_of_the_shipped_pathways_has_its_singular() -> None:
    for name in ("adult", "youth", "follow_up"):
        for question in load(name, PATHWAYS).questions.values():
            assert bool(question.unit) == bool(question.unit_one), question.id
