"""If these fail, somebody who installs on Tuesdays stands before a machine without Porras.

`make packages` builds what is tried here; where nothing was built, these are skipped.
"""

from __future__ import annotations

import pytest

from tests.packages import roots
from tests.packages.installing import WAYS, tried

nobody = pytest.mark.skipif(bool(roots.why_not()), reason=roots.why_not() or "it can be tried")


@pytest.mark.nightly
@nobody
@pytest.mark.parametrize("suite", roots.SUITES)
@pytest.mark.parametrize("name", WAYS)
def test_a_package_is_installed_used_and_removed(name: str, suite: str) -> None:
    way = WAYS[name]
    if way.file() is None:
        pytest.skip(f"no {way.pattern} below dist: make packages")
    found = tried(way, suite)
    assert found.day.step == 2
    assert "porras-" in found.day.backup
    assert {name for name, mark in found.day.doctor.items() if mark == "FAULT"} == set()
    assert found.left == ()
