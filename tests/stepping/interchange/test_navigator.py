"""If these fail, a pasted summary is misread, or the navigator's own file is wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.interchange.navigator import (
    FILE,
    NavigatorResult,
    find_faults,
    is_reference,
    read_navigator,
)
from stepping.interchange.navigator_text import LineFault, NamesSomebody, read_summary
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.told_totals import list_tellable
from store.paths import PATHWAYS
from store.pathway_files.files import built_in
from store.pathway_files.forms import load_navigator

TODAY = date(2026, 12, 1)
FORM = load_navigator()
TEXT = (PATHWAYS / FILE).read_text("utf-8")


def read(text: str, pathway: str = "adult") -> dict[str, str]:
    return dict(read_summary(FORM, built_in(pathway), text, TODAY).typed)


def test_every_field_feeds_something_of_the_adult_pathway() -> None:
    adult = built_in("adult")
    for each in FORM.field:
        if each.kind == "total":
            told = list_tellable(adult)[each.fact or ""]
            assert each.high == adult.facts[told.id].high
        elif each.fact is not None:
            assert each.fact in adult.questions
            if each.kind == "item":
                assert each.high == adult.facts[each.fact].high


def test_every_part_names_its_source_and_none_passes_for_verified() -> None:
    assert all(each.source and each.basis == "local" for each in FORM.field)
    assert {word for each in FORM.field for word in each.words} == {
        option.id for option in built_in("adult").questions["wish.formats"].options
    }


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_what_the_form_calls_a_field_is_read_in_every_language(language: str) -> None:
    rows = {"day": "20.11.2026", "reference": "AB12", "wishes": "nettiterapia"}
    for each in FORM.field:
        label = each.label[language].split(" (")[0]
        value = rows.get(each.id, "1")
        expected = "2" if each.kind == "wishes" else value
        assert read(f"{label}: {value}") == {each.id: expected}, label


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("PHQ-9: 14/27", {"phq9": "14"}),
        ("  • PHQ-9 – 14 pistettä (keskivaikea masennus)", {"phq9": "14"}),
        ("PHQ-9 (0–27): 14", {"phq9": "14"}),
        ("PHQ-9\n14 / 27", {"phq9": "14"}),
        ("phq-9 yhteispisteet 14.", {"phq9": "14"}),
        ("PHQ-9 kohta 9: 0\nPHQ-9: 3", {"phq9": "3", "phq9_item9": "0"}),
        ("PHQ-9:\n\n14", {"phq9": "14"}),
        ("PHQ-9:\nGAD-7: 3", {"gad7": "3"}),
        ("AUDIT-C: 5\nAUDIT: 9", {"auditc": "5", "audit": "9"}),
        ("Haitta arjessa: Jonkin verran vaikeaa", {"difficulty": "1"}),
        ("Täyttöpäivä 2026-11-20 klo 14.05", {"day": "2026-11-20"}),
        ("Täyttöpäivä: 20. 11. 2026", {"day": "20.11.2026"}),
        ("Täyttöpäivä: 31.2.2026", {}),
        ("Hoitotoiveet: ryhmä; keskustelu", {"wishes": "34"}),
        ("PHQ-9: 14,5", {}),
        ("PHQ-9: 14–16", {}),
        ("PHQ-9-lomakkeen arvio 14", {}),
        ("Kohta 9: 2", {}),
        ("Päivämäärä 20.11.2026", {}),
        ("Koodi: MATTI", {}),
        ("Koodi: 010190-912K9", {}),
    ],
)
def test_a_line_is_read_for_what_it_says_and_for_nothing_else(
    text: str, typed: dict[str, str]
) -> None:
    assert read(text) == typed


def test_wishes_that_a_pathway_does_not_know_are_told() -> None:
    found = read_summary(FORM, built_in("youth"), "Hoitotoiveet: ryhmä, hieronta", TODAY)
    assert found.typed == {"wishes": "4"}
    assert found.faults == (LineFault(1, "wishes", "unclear"),)


@given(st.text(max_size=300))
def test_no_text_is_read_for_a_value_that_cannot_be_typed(text: str) -> None:
    try:
        found = read_summary(FORM, built_in("adult"), text, TODAY)
    except NamesSomebody:
        return
    _all_fit(dict(found.typed))


_NAMES = [name for each in FORM.field for name in each.names]
_PIECES = st.sampled_from(
    [*_NAMES, *FORM.other_versions, "\n", ": ", " ", "/", "27", "9", "0", "–"]
)


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_no_jumble_of_its_own_words_is_either(text: str) -> None:
    found = read_summary(FORM, built_in("adult"), text, TODAY)
    _all_fit(dict(found.typed))
    lines = len(text.splitlines())
    assert all(1 <= number <= lines for number in found.unknown)


def _all_fit(typed: dict[str, str]) -> None:
    for id_, value in typed.items():
        each = FORM.get(id_)
        if each.high:
            assert 0 <= int(value) <= each.high
        elif each.kind == "reference":
            assert is_reference(value)


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        ("AB12", True),
        ("abcd-1234-efgh", True),
        ("483920", True),
        ("A", False),
        ("ABCD", False),
        ("AB 12", False),
        ("A" * 16 + "1", False),
        ("010190-912K", False),
        ("010190912K", False),
        ("0401234567", False),
        ("1;DROP", False),
    ],
)
def test_a_code_is_no_name_and_no_persons_own(code: str, fits: bool) -> None:
    assert is_reference(code) is fits


@given(
    day=st.integers(-3, 40),
    points=st.dictionaries(
        st.sampled_from([f.id for f in FORM.field if f.high]), st.integers(0, 45)
    ),
)
def test_what_has_no_fault_can_be(day: int, points: dict[str, int]) -> None:
    """Its parts are within their totals, and some items add up to each of them."""
    result = NavigatorResult(TODAY - timedelta(days=day), points)
    if [*find_faults(FORM, result, TODAY)]:
        return
    assert 0 <= day <= FORM.readable_days
    assert points
    if "phq9" in points:
        assert points["phq9_item9"] <= points["phq9"] <= 24 + points["phq9_item9"]
    if {"audit", "auditc"} <= points.keys():
        assert points["auditc"] <= points["audit"] <= 28 + points["auditc"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "gad7"', 'id = "phq9"', "two fields have the same id"),
        ('"GAD-7", "GAD7"]', '"GAD-7", "PHQ-9"]', "two fields have the same name"),
        ('within = "phq9"', 'within = "phq8"', "`within` names no total"),
        ("high = 27\n", "", "`high` belongs to a total"),
        ("readable_days = 31", "readable_days = 0", "readable_days"),
        ('kind = "wishes"', 'kind = "wish"', "kind"),
    ],
)
def test_a_fault_in_its_file_is_told_by_line(old: str, new: str, said: str) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(PathwayError) as refused:
        read_navigator(TEXT.replace(old, new))
    assert said in str(refused.value)
    assert FILE in str(refused.value)
