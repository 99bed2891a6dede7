"""A disk that reports errors is told apart from a full one, and nothing is tried on it again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from store.errors import DiskFull, FailingDisk, FailingMedium
from tests.faults import preload
from tests.store import failing_disk

pytestmark = pytest.mark.skipif(bool(preload.why_not()), reason=preload.why_not())

Cases = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    """Every case of `failing_disk`, made in one program."""
    folder = tmp_path_factory.mktemp("disk")
    told = map(json.loads, preload.run_under(failing_disk.__name__, folder).splitlines())
    return {case.pop("case"): case for case in told}


@pytest.mark.parametrize("case", ["write", "sync"])
def test_after_one_error_of_the_disk_nothing_more_is_taken_on_it(cases: Cases, case: str) -> None:
    """The second try would pass: it is not made, since the first may be lost behind it."""
    found = cases[case]
    assert found["failed"] == 1
    assert {found[deed] for deed in ("met", "again", "read")} == {"FailingDisk"}
    assert found["reserve"], "the reserve is for a full disk alone"
    assert found["suspect"] and not found["still suspect"]
    assert found["sound"]
    # Whether an answer is there whose sync failed, nobody can say; it was not acknowledged.
    assert set(found["answers"]) - {"at"} == {"before", "q0", "q1", "q2"}


@pytest.mark.parametrize("case", ["full", "quota"])
def test_a_disk_without_room_is_still_told_as_full(cases: Cases, case: str) -> None:
    found = cases[case]
    assert found["failed"] and found["met"] == "ReserveOpened"
    assert not found["again"] and not found["suspect"]
    assert found["answers"] == ["after", "before", "q0", "q1", "q2"]


def test_a_page_that_the_disk_does_not_give_is_no_damaged_page(cases: Cases) -> None:
    found = cases["read"]
    assert (found["met"], found["again"]) == ("FailingDisk", "FailingDisk")
    assert found["suspect"] and found["answers"] == 400


def test_at_opening_it_is_told_and_the_next_start_looks_at_every_page(cases: Cases) -> None:
    found = cases["opening"]
    assert found["met"] == "FailingDisk"
    assert found["suspect"] and found["sound"] and not found["still suspect"]


def test_an_error_while_the_log_is_brought_in_stops_the_next_answer(cases: Cases) -> None:
    """The engine itself keeps silent about it."""
    found = cases["merging"]
    assert (found["failed"], found["met"], found["lost"]) == (1, "FailingDisk", 0)
    assert found["sound"]


def test_a_key_file_that_cannot_be_made_durable_stays_as_it_was(cases: Cases) -> None:
    assert cases["key_file"] == {"met": "FailingDisk", "same": True}


def test_a_failing_stick_is_told_apart_from_the_store(cases: Cases) -> None:
    assert cases["stick"] == {"met": "FailingMedium", "again": ""}
    assert cases["restoring"] == {"met": "FailingMedium", "same": True}
    assert cases["source"] == {"met": "FailingDisk", "again": "FailingDisk"}


def test_each_has_words_of_its_own() -> None:
    full, disk, stick = (str(kind(path="P")) for kind in (DiskFull, FailingDisk, FailingMedium))
    assert "room" in full and "room" not in disk + stick
    assert "Stop working" in disk and "looks after the computer" in disk
    assert "The store itself is not touched" in stick and "another disk or stick" in stick
