"""If this fails, a power cut while a content is installed leaves a workplace without pathways."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from store.content.receiving import alone, put_in_place, receive
from tests.scripts import run_beside
from tests.store.content.made import new_author
from tests.store.installation.signed import needs_ssh_keygen

KILLED = Path(__file__).with_name("killed.py")


@needs_ssh_keygen
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize("step", [17, pytest.param(1, marks=pytest.mark.nightly)])
def test_a_content_that_is_cut_short_anywhere_is_in_use_or_the_old_one_is(
    step: int, tmp_path: Path
) -> None:
    author = new_author(tmp_path)
    first = author.pack("1.0", name="first")
    author.pack("2.0", name="second")
    place = tmp_path / "site"
    with alone(place), receive(place, first, author.signers) as staged:
        put_in_place(staged, "2026-11-30T12:00:00.000Z", staged.about.holds)
    with run_beside(KILLED, tmp_path, step) as program:
        out, err = program.communicate()
    assert program.returncode == 0, err
    installed, gone_back = map(int, out.split())
    assert installed > 40 // step
    assert gone_back > 2
