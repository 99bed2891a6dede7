"""Several nurses at one file, and computers that stop in the middle: no answer is ever lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as driver

from store.opening.store_file import open_store
from store.records import Assessment, PathwayCopy
from store.repository.store import Store
from tests.scripts import run_beside

WRITER = Path(__file__).with_name("writer.py")


def finish(process: subprocess.Popen[str]) -> list[int]:
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    assert err == ""
    return [int(line) for line in out.split()]


def whole(path: Path, key: bytes) -> Store:
    """Open the store after the storm, and prove that the file and its history are sound."""
    store = open_store(path, key, "nurse-1")
    assert store.find_faults() == []
    assert store.audit_log.find_bad_event() is None
    answers = store.db.table("answers").count
    told = store.db.execute("SELECT count(*) FROM audit WHERE event = 'answer.given'").fetchone()
    assert told[0] == answers
    return store


def expected(prefixes: list[str], count: int) -> dict[str, int]:
    return {f"{prefix}.{number}": number for prefix in prefixes for number in range(count)}


def test_four_processes_at_one_assessment_lose_nothing(
    store: Store, path: Path, key: bytes, assessment: Assessment
) -> None:
    store.close()
    prefixes = ["a1", "a2", "a3", "a4"]
    writers = [run_beside(WRITER, path, assessment.id, prefix, 50) for prefix in prefixes]
    assert [finish(writer) for writer in writers] == [list(range(50))] * 4
    with whole(path, key) as after:
        assert after.answers.get_progress(assessment.id).answers == expected(prefixes, 50)
        assert after.db.table("answers").count == 200


def storm(
    store: Store, path: Path, key: bytes, assessment: Assessment, *, count: int, kills: int
) -> None:
    """Two writers at once, each killed again and again while the other goes on."""
    store.close()
    prefixes = ["k1", "k2"]
    writers = [
        run_beside(WRITER, path, assessment.id, prefix, count, kills, seed)
        for seed, prefix in enumerate(prefixes)
    ]
    killed = sum(finish(writer)[0] for writer in writers)
    assert killed >= kills, "the writers were done before they could be killed"
    with whole(path, key) as after:
        # Told or not told before the kill: every answer is there, and there once.
        assert after.answers.get_progress(assessment.id).answers == expected(prefixes, count)
        assert after.db.table("answers").count == 2 * count


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_killed_writers_lose_nothing_that_was_told(
    store: Store, path: Path, key: bytes, assessment: Assessment
) -> None:
    storm(store, path, key, assessment, count=400, kills=12)


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_killed_writers_lose_nothing_all_night(
    store: Store, path: Path, key: bytes, assessment: Assessment
) -> None:
    storm(store, path, key, assessment, count=8000, kills=200)


def test_a_second_engine_reads_what_was_written(
    store: Store, path: Path, key: bytes, assessment: Assessment
) -> None:
    """The driver alone, without a line of ours, finds the answers with the key."""
    store.answers.record(assessment.id, {"q1": 7})
    store.close()
    connection = driver.connect(str(path))
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    assert connection.execute("SELECT question, value FROM answers").fetchall() == [("q1", "7")]
    connection.close()


def test_one_draft_open_in_two_windows(
    store: Store, path: Path, key: bytes, assessment: Assessment, pathway: PathwayCopy
) -> None:
    """The later answer counts, the earlier one stays in history, and nobody is locked out."""
    with open_store(path, key, "nurse-2") as other:
        store.answers.record(assessment.id, {"q1": 1})
        other.answers.record(assessment.id, {"q1": 2, "q2": 2})
        store.answers.record(assessment.id, {"q3": 3})
        wanted = {"q1": 2, "q2": 2, "q3": 3}
        assert store.answers.get_progress(assessment.id) == other.answers.get_progress(
            assessment.id
        )
        assert store.answers.get_progress(assessment.id).answers == wanted
        again = other.assessments.start(
            assessment.client_id, pathway, setting="phone", language="fi"
        )
        assert again.seq == assessment.seq + 1
    assert store.audit_log.find_bad_event() is None
    assert store.db.table("answers").count == 4
