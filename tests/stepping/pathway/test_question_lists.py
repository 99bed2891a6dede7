"""Questions that share a scale are written once, and are questions like any other."""

from __future__ import annotations

import pytest

from screens.documents.as_text import as_text
from screens.pathway.whole import review
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from stepping.pathway.reader import read_pathway
from stepping.proofs.checker import check_pathway
from stepping.versions.compare import compare_pathways
from stepping.versions.edits import list_edits
from tests.stepping.cases import SMALL, text

QUESTIONS, RULES = "questions.toml", "rules.toml"
ALIKE = """
section = "first"
type = "integer"
min = 0
max = 4
worse = "up"
source = "own words"
basis = "local"
"""
NAMES = ("sleep", "appetite", "strength")


def item(name: str) -> str:
    """The keys of one question, in one line."""
    words = f"text = {text(f'{name}?')}, label = {text(name)}"
    return f'id = "rate.{name}", {words}, help = {text(f"about {name}")}'


def apart() -> dict[str, str]:
    """The small pathway with three questions more, each written alone."""
    asks = "".join(f"\n[[ask]]{ALIKE}" + item(n).replace(", ", "\n", 1) for n in NAMES)
    lines = asks.replace(", label", "\nlabel").replace(", help", "\nhelp")
    return with_asks(lines)


def together(more: str = "", items: str = "") -> dict[str, str]:
    """The same with a list."""
    rows = items or "".join(f"  {{ {item(name)} }},\n" for name in NAMES)
    return with_asks(f"\n[[ask]]{ALIKE}{more}items = [\n{rows}]\n")


def with_asks(asks: str) -> dict[str, str]:
    rule = f"""
[[rule]]
id = "R9"
when = "rate.sleep >= 3 or rate.appetite >= 3 or rate.strength >= 3"
at_least = 1
because = {text("badly off")}
source = "test"
basis = "local"
"""
    return {**SMALL, QUESTIONS: SMALL[QUESTIONS] + asks, RULES: SMALL[RULES] + rule}


def read(files: dict[str, str]) -> Pathway:
    return read_pathway(files)


def faults(files: dict[str, str]) -> list[str]:
    with pytest.raises(PathwayError) as refused:
        read_pathway(files)
    return [str(problem) for problem in refused.value.diagnostics]


def line_of(files: dict[str, str], mark: str) -> int:
    lines = files[QUESTIONS].splitlines()
    (found,) = (n for n, line in enumerate(lines, start=1) if mark in line)
    return found


def test_a_list_reads_as_the_questions_written_alone() -> None:
    alone, listed = read(apart()), read(together())
    assert [*alone.questions] == [*listed.questions]
    assert alone.questions == listed.questions
    assert dict(alone.facts) == dict(listed.facts)
    assert check_pathway(listed).errors == ()


def test_writing_them_as_a_list_is_no_edit_and_moves_nobody() -> None:
    alone, listed = read(apart()), read(together())
    assert alone.digest != listed.digest
    assert compare_pathways(alone, listed) == ()
    assert list_edits(alone, listed) == ()


def test_an_edit_names_the_question() -> None:
    other = together().copy()
    other[QUESTIONS] = other[QUESTIONS].replace('en = "appetite?"', 'en = "hungry?"')
    (edit,) = list_edits(read(together()), read(other))
    assert (edit.table, edit.key, edit.part) == ("ask rate.appetite", "text.en", "texts")
    fewer = together(items="".join(f"  {{ {item(name)} }},\n" for name in NAMES[:2]))
    fewer[RULES] = fewer[RULES].replace(" or rate.strength >= 3", "")
    gone = [e for e in list_edits(read(together()), read(fewer)) if e.file == QUESTIONS]
    assert [(e.table, e.was) for e in gone] == [("ask rate.strength", "gone")]


def test_the_form_shows_each_of_them() -> None:
    shown = as_text(review(read(together()), "en", "form"))
    for name in NAMES:
        assert f"{name}?" in shown
        assert f"about {name}" in shown


def test_a_fault_is_told_at_the_line_of_the_item() -> None:
    files = together()
    files[QUESTIONS] = files[QUESTIONS].replace(text("appetite?"), '{ en = "appetite?" }')
    (told,) = faults(files)
    line = line_of(files, '"rate.appetite"')
    assert told == f"questions.toml:{line}: ask.4.items rate.appetite: text has no text in fi"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('id = "rate.appetite"', 'id = "rate.sleep"', "rate.sleep is defined twice"),
        ('id = "rate.appetite"', 'id = "rate appetite"', "takes letters, digits and _"),
        ('text = { en = "appetite?"', 'txt = { en = "appetite?"', "the key 'txt' is not known"),
    ],
)
def test_a_slip_in_an_item_is_told_there(right: str, wrong: str, message: str) -> None:
    files = together()
    line = line_of(files, '"rate.appetite"')
    files[QUESTIONS] = files[QUESTIONS].replace(right, wrong)
    (told,) = (fault for fault in faults(files) if message in fault)
    assert told.startswith(f"questions.toml:{line}: ")


def test_a_slip_in_what_they_share_is_told_once() -> None:
    files = together('ask_if = "moood.total >= 1"\n')
    (told,) = faults(files)
    assert "did you mean 'mood.total'" in told
    assert told.startswith(f"questions.toml:{line_of(files, 'moood')}: ")


def test_items_of_an_instrument_are_something_else() -> None:
    listed = '\n[[ask]]\ninstrument = "mood"\nsection = "first"\nitems = ["1", "2"]\n'
    files = {
        **SMALL,
        QUESTIONS: SMALL[QUESTIONS].replace(
            '\n[[ask]]\ninstrument = "mood"\nsection = "first"\nrequired = true\n', listed
        ),
    }
    assert "mood.2" in read(files).questions


def test_there_are_not_more_than_anybody_could_ask() -> None:
    many = "".join(
        f"\n[[ask]]{ALIKE}items = [\n"
        + "".join(f"  {{ {item(f'n{block}_{n}')} }},\n" for n in range(100))
        + "]\n"
        for block in range(5)
    )
    (told,) = faults(with_asks(many))
    assert "there are 503 [[ask]]; at most 500" in told
