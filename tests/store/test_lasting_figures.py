"""If these fail, a report of a time that is over says something else than it once said."""

from __future__ import annotations

import datetime
import hashlib
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from casework.language import speech
from casework.reports.making import make_report
from screens.reports.words import standing
from stepping.finland import finnish_day
from stepping.reports.catalogue import REPORTS
from stepping.reports.model import NOT_TOLD
from stepping.reports.periods import month_name, read_period
from stepping.reports.table import Cell, Table
from store import permissions
from store.backup.backup import backup
from store.backup.restore import restore
from store.errors import StoreError
from store.file_names import KEYS
from store.keys import keystore
from store.maintenance import derived
from store.opening.store_file import open_store
from store.paths import find
from store.repository.store import Store
from store.retention import erasure, retention
from store.training.opening import open_training
from tests.screens.reports.test_forms import FORMS, as_they_are
from tests.scripts import ROOT
from tests.store.conftest import TickingClock
from tests.store.nasty_care import Mixed
from tests.store.test_backup import PASS, new_site
from tests.store.test_retention import Workspace
from tests.store.test_schema import of_version
from tests.store.told_tables import NOW, all_told, make_caseload

LATER = NOW + datetime.timedelta(days=400)
PERIODS = ("2026", "2026-Q4", "2025-08..2026-10", "2026-11")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a caseload; each test has a copy of its own."""
    return make_caseload(tmp_path_factory.mktemp("lasting") / "training.db", 6)


def copy_of(file: Path, folder: Path) -> Path:
    return Path(shutil.copy(file, folder / "training.db"))


def left(store: Store) -> int:
    """The episodes that nobody has deleted."""
    return store.db.table("episodes").count


# -- a purge ---------------------------------------------------------------------------------------


def purged_in_steps(file: Path, seed: int, periods: Sequence[str]) -> None:
    """Take most notes to the record on some days, and delete by ever shorter times to keep them."""
    chance = random.Random(seed)
    with open_training(file, lambda: LATER) as store:
        closed = sorted(derived.closed(store))
        for days in range(0, 300, 30):
            store.clock = lambda at=LATER + datetime.timedelta(days=days): at  # type: ignore[misc]
            for id_ in chance.sample(closed, len(closed) // 3):
                with suppress(StoreError):
                    retention.mark_transferred(store, id_)
        store.clock = lambda: LATER + datetime.timedelta(days=300)
        whole, before = left(store), dict(all_told(store, periods))
        gone = []
        for keep in (200, 31, 1):
            gone.append(erasure.purge(store, keep).episodes)
            assert dict(all_told(store, periods)) == before
        assert sum(map(bool, gone)) > 1, "the test needs more than one purge"
        assert sum(gone) >= whole // 3, "the test needs that a good part goes"


def test_every_report_is_the_same_before_and_after_a_purge(few: Path, tmp_path: Path) -> None:
    purged_in_steps(copy_of(few, tmp_path), 7, ("2026",))


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(8))
def test_every_report_is_the_same_before_and_after_any_purge(tmp_path: Path, seed: int) -> None:
    file = make_caseload(tmp_path / "training.db", 30)
    purged_in_steps(file, seed, PERIODS)


# -- an erasure ------------------------------------------------------------------------------------

OF_CARE = {
    ("methods", None),
    *(("methods", by) for by in ("method", "code", "step", "unit", "production", "month")),
    *(("onward", by) for by in (None, "method", "unit", "step", "onward", "quarter")),
    *(("access", by) for by in (None, "unit", "law", "method", "month")),
    *(("contacts", by) for by in (None, "unit", "channel", "profession", "third")),
}
"""What tells of care that was given, and describes nobody."""
DESCRIBED = {"age", "sex", "language", "municipality", "referrer", "segment", "age_limit"}


def erased(store: Store) -> int:
    """Erase every client whose care is over; of how many."""
    gone = 0
    for client in store.db.execute("SELECT id FROM clients").fetchall():
        with suppress(StoreError):
            erasure.erase(store, client[0])
            gone += 1
    return gone


def number(cell: Cell | None) -> int:
    return (cell.number or 0) if cell else 0


def nobody_is_described_but_all_counted(before: Table, after: Table) -> int:
    """Check that whoever stands in no group any more stands among those not told; of how many."""
    moved = 0
    for figure in (each for each in after.figures if each.kind == "count"):
        (period, *_) = after.periods

        def told(table: Table, group: str | None) -> int:
            return number(table.cell(figure, group, period))  # noqa: B023 - called here alone

        gained = told(after, NOT_TOLD) - told(before, NOT_TOLD)
        lost = [told(before, group) - told(after, group) for group in {*before.groups} - {NOT_TOLD}]
        assert told(after, None) == told(before, None)
        assert min(lost, default=0) >= 0
        assert gained == sum(lost)
        moved += gained
    return moved


def test_an_erasure_takes_along_what_describes_and_leaves_the_care_that_was_given(
    few: Path, tmp_path: Path
) -> None:
    with open_training(copy_of(few, tmp_path), lambda: LATER) as store:
        for id_ in derived.closed(store):
            with suppress(StoreError):
                retention.mark_transferred(store, id_)
        before = dict(all_told(store, ("2026",)))
        assert erased(store) > 3
        after = dict(all_told(store, ("2026",)))
    fewer = 0
    for question, table in after.items():
        name, by, _ = question.split("/")
        if (name, by or None) in OF_CARE:
            assert table == before[question], question
        elif by in DESCRIBED and name in {"methods", "access"}:
            fewer += nobody_is_described_but_all_counted(before[question], table)
    assert fewer > 0, "the test needs somebody who was described"
    for question in ("satisfaction//2026", "change//2026", "pathway/rule/2026"):
        assert sum(map(number, after[question].cells)) < sum(map(number, before[question].cells))


# -- another machine -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.nightly) for seed in (1, 2, 3)] + [4]
)
def test_every_report_is_the_same_after_a_backup_is_put_back(
    tmp_path: Path, clock: TickingClock, seed: int
) -> None:
    here, there = find(tmp_path / "site" / "porras.db"), find(tmp_path / "new" / "porras.db")
    site = new_site(here, clock)
    walk = Mixed(Workspace(site, clock), random.Random(seed))
    for _ in range(40):
        walk.do()
    year = str(clock.now.year)
    before = dict(all_told(site, (year,)))
    assert sum(number(cell) for table in before.values() for cell in table.cells) > 100
    made = backup(site, here, tmp_path / "shelf").folder
    today = clock.now
    site.close()
    shutil.rmtree(here.database.parent)
    key = keystore.unlock(made / KEYS, "nurse-1", PASS)
    restore(made, there, key, "nurse-1")
    with open_store(there.database, key, "nurse-1", lambda: today) as store:
        assert dict(all_told(store, (year,))) == before


# -- an earlier version ----------------------------------------------------------------------------


@pytest.mark.parametrize("version", [7, 8])
def test_of_an_earlier_version_a_report_counts_what_is_known_and_says_since_when_all_is(
    version: int, path: Path, key: bytes
) -> None:
    of_version(version, path, key)
    with open_store(path, key, "nurse-1", lambda: NOW) as store:
        kept = store.db.execute("SELECT min(month), max(month), count(*) FROM summary_assessments")
        first, last, count = kept.fetchone()
        ever = f"{first}..{last}"
        tables = dict(all_told(store, (ever,)))
        confirmed = tables[f"pathway//{ever}"]
        assert number(confirmed.cell(confirmed.figures[0], None, confirmed.periods[0])) > 0
        assert count > 0
        store.staff.set_roles(store.handle, [*permissions.FOUNDER, "report"])
        much_later = NOW + datetime.timedelta(days=500)
        store.clock = lambda: much_later
        for typed, said in ((ever, True), ("2027-02", True), ("2028-02", False)):
            period = read_period(typed, finnish_day(much_later))
            table = make_report(store, REPORTS["pathway"], None, period, scope="all")
            assert table.whole_from is not None
            assert month_name(table.whole_from) == "2027-01"
            words = " ".join(standing(table, speech("en")))
            assert ("Before 2027-01 not everything was recorded" in words) is said, typed


# -- another process -------------------------------------------------------------------------------

SOME = {"methods/method", "access/unit", "access/month", "change/measure", "pathway/rule"}
PLACES = (
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONUTF8": "0"},
    {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "fi_FI.UTF-8", "LANG": "sv_SE"},
)


def write_digests(file: Path) -> None:
    """Print the digest of some reports in every form; what a process of its own does."""
    with open_training(file, lambda: LATER) as store:
        for question, table in all_told(store, ("2026",)):
            if question.rpartition("/")[0] in SOME:
                for name, form in FORMS.items():
                    content = form(table, as_they_are, speech("fi"))
                    print(question, name, hashlib.sha256(content).hexdigest())


def test_a_report_has_the_same_bytes_in_any_process_time_zone_and_language(
    few: Path, tmp_path: Path
) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.store.test_lasting_figures import write_digests\n"
        "write_digests(Path(sys.argv[1]))"
    )
    told = []
    for place in PLACES:
        done = subprocess.run(
            [sys.executable, "-c", script, str(copy_of(few, tmp_path))],
            env={**os.environ, "PYTHONPATH": str(ROOT), **place},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        told.append(done.stdout.splitlines())
    assert told[0] == told[1]
    assert len(told[0]) == len(SOME) * len(FORMS)
