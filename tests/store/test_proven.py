"""The shipped pathways are taken as proven at the start: they must be."""

from __future__ import annotations

import pytest

from store.paths import PATHWAYS
from store.pathway_files.check import check_folder
from store.pathway_files.files import ids
from store.pathway_files.proven import PROVEN


def test_every_shipped_pathway_is_named() -> None:
    assert sorted(PROVEN) == ids()


@pytest.mark.parametrize("name", sorted(PROVEN))
def test_the_shipped_text_is_the_one_that_was_proven(name: str) -> None:
    """After an edit: see that the check has no errors, then put its digest there."""
    checked = check_folder(PATHWAYS / name, PATHWAYS)
    assert checked.pathway is not None
    assert [str(finding) for finding in checked.report.errors] == []
    assert checked.pathway.digest == PROVEN[name]
