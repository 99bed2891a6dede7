"""If these fail, a client is asked the questions of another age, or of none at all."""

from __future__ import annotations

import pytest

from stepping.pathway.model import Pathway
from stepping.pathway.population import (
    check_population,
    family_care_at,
    find_takers,
    list_covered_ages,
    pathway_for,
)
from stepping.pathway.reader import read_pathway
from store.pathway_files.files import built_in
from tests.stepping.cases import SMALL, changed, text

HEADER = "pathway.toml"


def pathway(id_: str, low: int, high: int, *overlaps: tuple[str, int, int, str]) -> Pathway:
    """The small pathway for some ages, with what it says of others: id, ages, and who leads."""
    files = changed(HEADER, 'id = "small"', f'id = "{id_}"')
    files = changed(HEADER, "from = 18, to = 99", f"from = {low}, to = {high}", files)
    files = {**files, "questions.toml": SMALL["questions.toml"].replace("= 18", f"= {low}")}
    for other, first, last, leads in overlaps:
        files[HEADER] += f"""
[[overlap]]
pathway = "{other}"
ages = {{ from = {first}, to = {last} }}
leads = "{leads}"
because = {text("as the law says")}
"""
    return read_pathway(files)


def who(pathways: list[Pathway], age: int) -> str | None:
    return pathway_for((each.header for each in pathways), age)


ADULT = pathway("adult", 18, 99)
YOUTH = pathway("youth", 13, 22, ("adult", 18, 22, "adult"))
BOTH = [ADULT, YOUTH]


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        *((12, None), (13, "youth"), (17, "youth")),
        *((18, "adult"), (22, "adult"), (23, "adult"), (99, "adult"), (100, None)),
    ],
)
def test_each_age_is_assessed_by_the_pathway_that_leads(age: int, expected: str | None) -> None:
    assert who(BOTH, age) == expected
    assert who(BOTH[::-1], age) == expected


def test_the_other_one_may_lead_and_either_may_say_so() -> None:
    led = [ADULT, pathway("youth", 13, 22, ("adult", 18, 22, "youth"))]
    assert [who(led, age) for age in (17, 18, 22, 23)] == ["youth", "youth", "youth", "adult"]
    said_by_adult = [
        pathway("adult", 18, 99, ("youth", 18, 22, "youth")),
        pathway("youth", 13, 22),
    ]
    assert [who(said_by_adult, age) for age in (18, 22, 23)] == ["youth", "youth", "adult"]
    assert check_population(led) == check_population(said_by_adult) == ()


def test_what_is_not_settled_is_never_guessed() -> None:
    silent = [ADULT, pathway("youth", 13, 22)]
    assert [who(silent, age) for age in (17, 18, 22, 23)] == ["youth", None, None, "adult"]
    assert [header.id for header in find_takers((p.header for p in silent), 20)] == [
        "adult",
        "youth",
    ]
    quarrel = [pathway("adult", 18, 99, ("youth", 18, 22, "adult")), led_by("youth")]
    assert who(quarrel, 20) is None


def led_by(leads: str) -> Pathway:
    return pathway("youth", 13, 22, ("adult", 18, 22, leads))


def test_one_leads_only_if_it_leads_every_other() -> None:
    young = pathway("young", 16, 30, ("adult", 18, 30, "young"), ("youth", 16, 22, "youth"))
    three = [ADULT, young, YOUTH]
    assert [who(three, age) for age in (16, 17, 25, 31)] == ["youth", "youth", "young", "adult"]
    assert who(three, 20) is None  # youth leads young, young leads adult, adult leads youth


def test_the_ages_that_are_taken_are_told_as_ranges() -> None:
    headers = [p.header for p in (pathway("old", 80, 99), ADULT, YOUTH, pathway("tiny", 3, 6))]
    assert list_covered_ages(headers) == [(3, 6), (13, 99)]
    assert list_covered_ages(p.header for p in (pathway("a", 13, 17), pathway("b", 18, 30))) == [
        (13, 30)
    ]
    assert list_covered_ages([]) == []


def test_help_for_a_childs_family_is_told_once_for_its_ages() -> None:
    shipped = [built_in(name) for name in ("adult", "youth")]
    told = {age: [form.id for form in family_care_at(shipped * 2, age)] for age in (3, 7, 12, 13)}
    assert told[3] == ["family_centre", "incredible_years", "voimaperheet"]
    assert (
        told[7]
        == told[12]
        == [
            "cool_kids",
            "family_centre",
            "incredible_years",
            "guided_self_help_child",
            "klt_child",
        ]
    )
    assert told[13] == ["cool_kids", "family_centre"]


# -- the check ---------------------------------------------------------------


def told(*pathways: Pathway) -> list[str]:
    return [str(problem) for problem in check_population(pathways)]


def test_a_settled_folder_has_no_fault() -> None:
    assert told(*BOTH) == told(ADULT) == told() == []
    assert told(pathway("youth", 13, 17), ADULT) == []


def test_an_age_that_nobody_takes_is_named_on_both_sides_of_the_gap() -> None:
    assert told(ADULT, pathway("youth", 13, 15)) == [
        "adult/pathway.toml:7: no pathway of this folder takes ages 16–17",
        "youth/pathway.toml:7: no pathway of this folder takes ages 16–17",
    ]


def test_ages_that_two_take_with_no_word_on_who_leads() -> None:
    assert told(ADULT, pathway("youth", 13, 22)) == [
        "adult/pathway.toml:7: ages 18–22 belong to youth too: say which leads",
        "youth/pathway.toml:7: ages 18–22 belong to adult too: say which leads",
    ]


def test_ages_that_a_declared_overlap_forgot() -> None:
    partly = pathway("youth", 13, 22, ("adult", 19, 20, "adult"))
    assert [line.partition(": ")[2] for line in told(ADULT, partly)] == [
        "ages 18–18 belong to youth too: say which leads",
        "ages 18–18 belong to adult too: say which leads",
        "ages 21–22 belong to youth too: say which leads",
        "ages 21–22 belong to adult too: say which leads",
    ]


def test_two_overlaps_that_say_the_opposite() -> None:
    quarrel = pathway("adult", 18, 99, ("youth", 18, 22, "youth"))
    assert "adult/pathway.toml:7: ages 18–22 belong to youth too: say which leads" in told(
        quarrel, led_by("adult")
    )


@pytest.mark.parametrize(
    ("overlap", "fault"),
    [
        (("adlt", 18, 22, "adult"), "there is no other pathway 'adlt'; did you mean 'adult'?"),
        (("youth", 18, 22, "youth"), "there is no other pathway 'youth'"),
        (("adult", 16, 22, "adult"), "ages 16–22 go beyond the common ones, 18–22"),
        (("adult", 18, 23, "adult"), "ages 18–23 go beyond the common ones, 18–22"),
        (("adult", 18, 22, "elder"), "'elder' cannot lead, it is neither youth nor adult"),
    ],
)
def test_an_overlap_that_cannot_hold_has_its_line(
    overlap: tuple[str, int, int, str], fault: str
) -> None:
    wrong = pathway("youth", 13, 22, overlap)
    lines = wrong.files[HEADER].split("\n")
    found = [p for p in check_population([ADULT, wrong]) if p.message == f"overlap: {fault}"]
    assert len(found) == 1
    assert found[0].file == "youth/pathway.toml"
    key = lines[found[0].line - 1].split(" = ")[0]
    assert key in ("pathway", "ages", "leads")


def test_an_overlap_with_a_pathway_of_no_common_age() -> None:
    wrong = pathway("youth", 13, 17, ("adult", 13, 17, "adult"))
    found = check_population([ADULT, wrong])
    assert [p.message for p in found] == ["overlap: youth and adult have no age in common"]
