"""Every fault of the matrix, a few times; the long form of each is for the night."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.faults.__main__ import BEGIN, DOCUMENT, END, Line, put_into, table
from tests.faults.matrix import ELSEWHERE, FAULTS
from tests.faults.tally import Fault

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits, kills and disks of Linux")

TESTS = Path(__file__).parents[1]


def make(fault: Fault, folder: Path, count: int) -> None:
    if why := fault.why_not():
        pytest.skip(why)
    tally = fault.run(folder / "work", count)
    assert tally.tried > 0
    assert tally.lost == 0


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_keeps_the_promise(fault: Fault, tmp_path: Path) -> None:
    make(fault, tmp_path, fault.short)


@pytest.mark.nightly
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_keeps_the_promise_all_night(fault: Fault, tmp_path: Path) -> None:
    make(fault, tmp_path, fault.long)


def chosen(names: set[str], expression: str) -> set[str]:
    """The names that an expression of words and `or` chooses."""
    return {name for name in names if any(word in name for word in expression.split(" or "))}


@pytest.mark.parametrize("row", ELSEWHERE, ids=lambda row: row.what)
def test_a_row_that_is_met_elsewhere_is_met_there(row: tuple[str, str, tuple[str, str]]) -> None:
    """A row of the table must not lose its tests unseen when somebody renames them."""
    name, expression = row[2]
    tree = ast.parse((TESTS / name).read_text("utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    names = {
        node.name for node in tree.body if isinstance(node, kinds) and node.name.startswith("test_")
    }
    assert names
    for word in expression.split(" or "):
        assert chosen(names, word), word


def test_every_row_of_the_matrix_is_there() -> None:
    rows = {row for each in (*FAULTS, *ELSEWHERE) for row in each.row.split("–")}
    # Bundles between sites (F21) do not exist yet.
    assert rows >= {f"F{number}" for number in range(1, 28) if number != 21}


def test_the_document_has_a_place_for_the_table_and_takes_it() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    line = Line("F99", "an invented fault", 3, 4, 0, "seen: 3", held=True)
    changed = put_into(text, table([line]))
    assert "| F99 | an invented fault | 3 | 4 | 0 | seen: 3 | – |" in changed
    assert changed.split(BEGIN)[0] == text.split(BEGIN)[0]
    assert changed.split(END)[1] == text.split(END)[1]
    assert "BROKEN" in table([Line("F99", "x", 0, None, None, "", held=False)])


def test_the_document_tells_of_a_run_in_which_every_promise_held() -> None:
    told = DOCUMENT.read_text("utf-8").split(BEGIN)[1].split(END)[0]
    assert "BROKEN" not in told
    for fault in FAULTS:
        assert f"| {fault.row} | {fault.what} |" in told
