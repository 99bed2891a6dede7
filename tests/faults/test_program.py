"""Faults under the real program in a terminal: the nurse reads what is safe, and goes on."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework.assessment import AssessmentSession
from store import paths
from store.database import engine, reserve, wal_check
from store.errors import DamagedStore, StoreError
from store.opening import unlock
from store.pathway_files import files
from store.repository.store import Store
from tests.faults.rooms import fill_up, may_mount, small_disk
from tests.faults.stores import digest
from tests.terminal.main_job import ANSWERS, AWAKE_S, HANDLE, PASSPHRASE, ROOT, Nurse, Porras
from tests.terminal.session import Session

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")
needs_root = pytest.mark.skipif(not may_mount(), reason="only root may make a small disk")

FREE = resource.RLIM_INFINITY


def site(folder: Path) -> Porras:
    """The program beside a store that has been set up."""
    porras = Porras(folder, "en")
    unlock.set_up(paths.find(porras.database), HANDLE, PASSPHRASE).store.close()
    return porras


@pytest.fixture
def porras(tmp_path: Path) -> Porras:
    return site(tmp_path / "site")


def at_first_item(session: Session) -> Nurse:
    """Open the store, and go to the first item of the PHQ-9."""
    nurse = Nurse(session, "en")
    nurse.unlocks()
    nurse.fills_in_client()
    nurse.answers(ANSWERS[0])
    nurse.asked("phq9.1")
    session.idle(AWAKE_S)
    return nurse


def drafted(porras: Porras) -> dict[str, object]:
    """The answers of the one draft, through a second connection."""
    with porras.opened() as store:
        (draft,) = store.assessments.list_drafts()
        return dict(store.answers.get_progress(draft.assessment.id).answers)


def ended(session: Session, porras: Porras) -> None:
    """End the program; prove that terminal, file and history are as they should be."""
    session.signal(signal.SIGTERM)
    assert session.wait_exit() == 128 + signal.SIGTERM
    assert session.sane
    assert not session.left_on
    assert b"Traceback" not in session.raw
    with porras.opened() as store:
        assert store.find_faults() == []
        assert store.audit_log.find_bad_event() is None


def limit(session: Session, size: int) -> None:
    """Let the program write no file beyond a size, as a disk without room would not."""
    resource.prlimit(session.pid, resource.RLIMIT_FSIZE, (size, FREE))


def test_a_disk_that_fills_up_in_the_middle_costs_one_key(porras: Porras) -> None:
    with porras.start() as session:
        nurse = at_first_item(session)
        limit(session, 1)
        session.press("2")
        nurse.sees("The last entry was not stored; everything recorded before it is safe.")
        nurse.sees("Record the last entry again")
        assert not reserve.path_of(porras.database).exists()
        session.press("sleep:200 Enter")
        nurse.asked("phq9.1", "2")  # the reserve does not help where nothing may be written at all
        nurse.sees("Make room on the disk, then record the last entry again.")
        assert "phq9.1" not in drafted(porras)
        session.press("sleep:200 Enter")
        nurse.asked("phq9.1")
        limit(session, FREE)
        session.press("sleep:200 2")
        nurse.asked("phq9.2", "1")
        nurse.asked("phq9.3")
        given = drafted(porras)
        assert (given["phq9.1"], given["phq9.2"], given["danger.suicide"]) == (2, 1, "no")
        ended(session, porras)
    assert reserve.path_of(porras.database).exists()


@needs_root
def test_on_a_full_disk_the_reserve_takes_the_same_key_again(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        porras = site(disk / "site")
        with porras.start() as session:
            nurse = at_first_item(session)
            # What the log has taken already is used first, so a few answers may still go in.
            filler = fill_up(disk)
            for number, page in enumerate(ANSWERS[1:9], start=1):  # noqa: B007 - used after the loop
                nurse.asked(page.question, page.keys)
                nurse_is_told = session.shows("The disk is full", 1.0)
                if nurse_is_told:
                    break
            assert nurse_is_told
            nurse.sees("Record the last entry again")
            session.press("sleep:200 Enter")
            nurse.asked(f"phq9.{number}", ANSWERS[number].keys)
            nurse.asked(f"phq9.{number + 1}")
            filler.unlink()
            ended(session, porras)
        assert drafted(porras)[f"phq9.{number}"] == int(ANSWERS[number].keys)


@needs_root
def test_a_disk_that_may_only_be_read_is_named(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        porras = site(disk / "site")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        before = digest(porras.database)
        with porras.start() as session:
            nurse = Nurse(session, "en")
            nurse.unlocks()
            session.wait_for("takes no writes")
            session.press("sleep:200 Enter")
            assert session.wait_exit() == 0
            assert session.sane
            assert b"Traceback" not in session.raw
        assert digest(porras.database) == before


def damaged(porras: Porras) -> None:
    """Damage a page that is not read on opening the store, but with a draft's answers."""
    content = porras.database.read_bytes()
    for number in range(1, len(content) // 4096):
        hurt = bytearray(content)
        hurt[4096 * number + 9] ^= 1
        porras.database.write_bytes(hurt)
        try:
            with porras.opened() as store:
                draft = _draft(store)
        except StoreError:
            draft = False
        for end in (".suspect", "-wal", "-shm", ".head"):
            porras.database.with_name(porras.database.name + end).unlink(missing_ok=True)
        porras.database.write_bytes(hurt)
        if draft:
            return
    raise AssertionError("there is no such page")


def _draft(store: Store) -> bool:
    """Whether the damage is met when the drafts are listed."""
    try:
        store.assessments.list_drafts()
    except DamagedStore:
        return True
    return False


def fill(porras: Porras) -> None:
    """Leave drafts with answers, so that they do not lie on the pages read at the start."""
    pathway = files.built_in("adult")
    with porras.opened() as store:
        for _ in range(6):
            client = store.clients.add(birth_year=1980, language="en")
            visit = AssessmentSession.start(
                store, pathway, client, setting="reception", language="en"
            )
            for page in ANSWERS[1:9]:
                visit.record_answers({page.question: int(page.keys)})


def test_a_damaged_page_is_told_and_no_log_of_the_engine_is_on_the_screen(porras: Porras) -> None:
    fill(porras)
    damaged(porras)
    with porras.start() as session:
        nurse = Nurse(session, "en")
        nurse.unlocks()
        nurse.sees("Nothing more is written to it; what was recorded may be lost in part.")
        at_damage = digest(porras.database)
        for word in (b"ERROR", b"sqlcipher", b"hmac", b"Traceback"):
            assert word not in session.raw
        session.idle(0.5)
        session.press("F10")
        session.wait_for("112")
        session.signal(signal.SIGTERM)
        session.wait_exit()
        assert session.sane
        assert not session.left_on
    assert digest(porras.database) == at_damage
    with pytest.raises(DamagedStore):
        porras.opened()


def test_a_cut_log_is_told_before_anything_is_lost_in_silence(
    porras: Porras, tmp_path: Path
) -> None:
    with porras.opened() as store:
        for year in range(1950, 1960):
            store.clients.add(birth_year=year, language="fi")
        crashed = Porras(tmp_path / "crashed", "en")
        crashed.database.parent.mkdir(mode=0o700)
        for end in ("db", "db-wal", "keys"):
            shutil.copy(porras.database.with_suffix(f".{end}"), crashed.database.parent)
    log = wal_check.log_of(crashed.database)
    content = bytearray(log.read_bytes())
    content[len(content) // 3] ^= 1
    log.write_bytes(content)
    with crashed.start() as session:
        nurse = Nurse(session, "en")
        nurse.unlocks()
        nurse.sees("Older entries are in the database; the newest may be lost.")
        assert b"Traceback" not in session.raw
    assert log.read_bytes() == content


def test_a_stopped_program_holds_up_nobody(porras: Porras, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    with porras.start() as session:
        nurse = at_first_item(session)
        session.press("2")
        nurse.asked("phq9.2")
        session.signal(signal.SIGSTOP)
        assert os.WIFSTOPPED(os.waitpid(session.pid, os.WUNTRACED)[1])
        with porras.opened() as other:
            other.clients.add(birth_year=1970, language="sv")
        session.signal(signal.SIGCONT)
        session.idle(1.0)  # keys count again once the page has been drawn anew
        nurse.asked("phq9.2", "1")
        nurse.asked("phq9.3")
        assert drafted(porras)["phq9.2"] == 1
        ended(session, porras)


def test_the_second_window_on_one_draft_is_told(porras: Porras) -> None:
    with porras.start() as first:
        nurse = at_first_item(first)
        with porras.start() as second:
            other = Nurse(second, "en")
            other.unlocks()
            other.resumes()
            other.asked("phq9.1")
            first.press("2")
            nurse.asked("phq9.2")
            second.press("sleep:200 3")
            other.sees("This assessment was changed in another window at the same time.")
            assert drafted(porras)["phq9.1"] == 2
            second.press("sleep:200 Enter")
            second.idle(AWAKE_S)
            ended(second, porras)
        nurse.asked("phq9.2", "1")
        nurse.asked("phq9.3")
        ended(first, porras)


def test_a_resize_storm_leaves_the_emergency_card_readable(porras: Porras) -> None:
    chance = random.Random(15)
    with porras.start() as session:
        at_first_item(session)
        session.press("F10")
        session.wait_for("112")
        for _ in range(120):
            session.resize(chance.randint(1, 200), chance.randint(1, 60))
            session.read(0.005)
        for columns, rows in ((40, 12), (80, 24)):
            session.resize(columns, rows)
            session.wait_for("112")
        ended(session, porras)


def test_a_clock_that_was_put_back_is_told_at_the_start(tmp_path: Path) -> None:
    porras = Porras(tmp_path / "site", "en")
    later = datetime.now(UTC) + timedelta(hours=2)
    where = paths.find(porras.database)
    unlock.set_up(where, HANDLE, PASSPHRASE, lambda: later).store.close()
    with porras.start() as session:
        Nurse(session, "en").unlocks()
        session.wait_for(r"This computer's clock is \d+ minutes behind the newest\s+entry")
        ended(session, porras)


@needs_root
def test_without_shared_memory_of_the_system_it_works(tmp_path: Path) -> None:
    """A minimal computer may have no /dev/shm; the log's index lies beside the database."""
    inside = 'mount -t tmpfs -o ro,size=4k tmpfs /dev/shm && exec "$@"'
    command = [sys.executable, "-m", "tui", "--demo", "--db", str(tmp_path / "p.db"), "worklist"]
    done = subprocess.run(
        ["unshare", "--mount", "/bin/sh", "-c", inside, "sh", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


# -- standard error -------------------------------------------------------------------------------

NOISE = """
import os, time
from tui.terminal.capabilities import hold_back_stderr
with hold_back_stderr():
    os.write(1, b"the page\\n")
    os.write(2, b"x" * 9000 + b" last words\\n")
    time.sleep(0.3)
    os.write(1, b"the end of the page\\n")
"""


@pytest.fixture
def noisy() -> Iterator[Session]:
    with Session([sys.executable, "-c", NOISE], cwd=ROOT) as session:
        yield session


def test_what_a_library_writes_comes_after_the_screens(noisy: Session) -> None:
    noisy.wait_exit()
    page, _, rest = noisy.raw.partition(b"the end of the page")
    assert b"x" not in page
    assert b"last words" in rest
    assert rest.count(b"x") < 5000
