"""If this fails, a validator finds a fault in what we write, or sees fewer faults than before."""

from __future__ import annotations

import shutil

import pytest

from tests.interchange import validate


@pytest.mark.nightly
def test_three_validators_find_nothing_in_ours_and_what_is_wrong_in_others() -> None:
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    assert validate.main() == 0
