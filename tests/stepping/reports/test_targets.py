"""A file of targets, and every fault in it with its line."""

from __future__ import annotations

from fractions import Fraction

import pytest

from stepping.pathway.diagnostics import PathwayError
from stepping.reports.catalogue import find_report
from stepping.reports.targets import read_targets

GOOD = """
[access.within_14]
target = 80
source = "Plan of the county, 2026"

[access.days_median]
target = 7.5
source = "Plan of the county, 2026"
"""


def test_a_share_is_written_in_hundredths_and_a_number_as_it_is() -> None:
    targets = read_targets(GOOD, "targets.toml")
    access = find_report("access")
    told = {figure.name: targets.of(access, figure) for figure in access.figures}
    assert told["within_14"] == Fraction(4, 5)
    assert told["days_median"] == Fraction(15, 2)
    assert {name for name, target in told.items() if target is not None} == {
        "within_14",
        "days_median",
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[acces.within_14]\ntarget = 1", "targets.toml:1: the report 'acces' is not known"),
        ("\n[access.within_15]\ntarget = 1", "targets.toml:2: the figure of access 'within_15'"),
        ("[access.within_14]\ntarget = 80", "targets.toml:1: access.within_14.source: Field req"),
        ('[access.within_14]\ntarget = "80"\nsource = "x"', "targets.toml:2: access.within_14.t"),
        ('[access.within_14]\ntarget = 101\nsource = "x"', "targets.toml:2: access.within_14: a"),
        ('[access.within_14]\ntarget = nan\nsource = "x"', "targets.toml:2: access.within_14.ta"),
        ('[access.within_14]\ntarget = -1\nsource = "x"', "targets.toml:2: access.within_14.tar"),
        ('[access.within_14]\naim = 80\ntarget = 8\nsource = "x"', "targets.toml:2: access.with"),
        ("access = 80", "targets.toml:1: access: a table of figures, please"),
        ("[access]\nwithin_14 = 80", "targets.toml:2: access.within_14: Input should be"),
        ("\n[access\n", "targets.toml:2: not readable as TOML"),
        (
            '[access.within_14]\ntarget = 8\nsource = "a\\u001b[2Jb"',
            "targets.toml:3: access.within",
        ),
        ('["a\\u001b[2J".x]\ntarget = 1', "targets.toml:1: the report 'a\\\\x1b[2J' is not"),
    ],
)
def test_a_fault_is_told_with_its_line(text: str, fault: str) -> None:
    with pytest.raises(PathwayError) as told:
        read_targets(text, "targets.toml")
    assert str(told.value).startswith(fault)


def test_an_empty_file_sets_nothing() -> None:
    assert not read_targets("", "targets.toml").known
