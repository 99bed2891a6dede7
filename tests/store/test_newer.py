"""If these fail, an old program writes into new tables, or a sound store is restored over.

Three causes that look alike are told apart by whoever meets them: this user may not read the file,
the file is newer than the program, the file is damaged. Only the last one asks for a backup.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.audit import chain
from store.backup.backup import backup
from store.backup.drill import drill
from store.backup.restore import restore
from store.database import connections, migrations
from store.errors import Damaged, ForeignFile, NewerThanProgram, StoreError, UpdatedMeanwhile
from store.file_names import MANIFEST
from store.keys import keystore, rekey
from store.maintenance import health, integrity
from store.maintenance.salvage import salvage_store
from store.opening import unlock
from store.paths import find
from store.records import Assessment
from store.repository.store import Store
from tests.scripts import ROOT
from tests.store.conftest import KEY
from tests.store.test_backup import PASS
from tests.store.test_owner import NURSE, OTHER, as_user, light_work

__all__ = ["light_work"]

UPDATE = """
import sys
from pathlib import Path
from store.database import connections, migrations, transactions
path, key = Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
db = connections.connect(path, key, migrations.schema())
with transactions.writing(db):
    db.execute("CREATE TABLE of_a_newer_one (id INTEGER)")
    db.execute(f"PRAGMA user_version = {migrations.newest() + 1}")
db.close()
"""


def update(path: Path, key: bytes = KEY) -> None:
    """Bring a database up to date as the next version would, in another program."""
    subprocess.run([sys.executable, "-c", UPDATE, path, key.hex()], cwd=ROOT, check=True)


def test_a_running_program_stops_when_a_newer_one_has_updated_the_store(
    store: Store, assessment: Assessment, path: Path
) -> None:
    store.answers.record(assessment.id, {"a": 1})
    rows = store.db.execute("SELECT count(*) FROM audit").fetchone()
    update(path)
    for act in (
        lambda: store.answers.record(assessment.id, {"b": 2}),
        lambda: store.settings.set("language", "fi"),
        lambda: store.answers.get_progress(assessment.id),
        store.assessments.list_drafts,
        store.find_faults,
    ):
        with pytest.raises(UpdatedMeanwhile, match="everything that was answered before it is"):
            act()
    store.close()
    db = connections.connect(path, KEY, migrations.schema(migrations.newest() + 1))
    assert db.execute("SELECT count(*) FROM audit").fetchone() == rows
    assert db.execute("SELECT question FROM answers").fetchall() == [("a",)]
    assert chain.first_bad(db) is None
    db.close()


# Three causes, and each way in


Cause = Callable[["Site"], None]


class Site:
    """A store of the nurse's, a backup of it, and what can be wrong with their files."""

    def __init__(self, folder: Path) -> None:
        self.places = find(folder / "site" / "porras.db")
        self.shelf = folder / "shelf"
        with unlock.set_up(self.places, "nurse-1", PASS).store as store:
            store.clients.add(birth_year=1980, language="fi")
            self.copy = backup(store, self.places, self.shelf).folder
        self.key = keystore.unlock(self.places.keys, "nurse-1", PASS)

    def close_keys(self) -> None:
        self.places.keys.chmod(0)

    def close_database(self) -> None:
        self.places.database.chmod(0)

    def close_folder(self) -> None:
        self.places.database.parent.chmod(0)

    def close_copy(self) -> None:
        (self.copy / "porras.db").chmod(0)

    def close_manifest(self) -> None:
        (self.copy / MANIFEST).chmod(0)

    def newer_keys(self) -> None:
        whole = self.places.keys.read_bytes().rstrip().rpartition(b"\n")[0]
        whole = whole.replace(b'"version": 3', b'"version": 4').replace(
            b'"version":3', b'"version":4'
        )
        digest = hashlib.sha256(whole).hexdigest().encode()
        self.places.keys.write_bytes(whole + b"\n" + digest + b"\n")

    def newer_database(self) -> None:
        update(self.places.database, self.key)

    def newer_copy(self) -> None:
        told = json.loads((self.copy / MANIFEST).read_text())
        told["schema_version"] = migrations.newest() + 1
        (self.copy / MANIFEST).write_text(json.dumps(told))

    def newer_manifest(self) -> None:
        told = json.loads((self.copy / MANIFEST).read_text())
        (self.copy / MANIFEST).write_text(json.dumps({**told, "version": 3, "more": []}))

    def damaged_keys(self) -> None:
        spoil(self.places.keys, 100)

    def damaged_database(self) -> None:
        spoil(self.places.database, 4096 + 100, 1 << 20)

    def damaged_copy(self) -> None:
        spoil(self.copy / "porras.db", 4096 + 100, 1 << 20)

    def damaged_manifest(self) -> None:
        spoil(self.copy / MANIFEST, 2)

    # ways in

    def unlock(self) -> None:
        unlock.detect_state(self.places)
        with unlock.unlock(self.places, "nurse-1", PASS) as store:
            if found := store.find_faults():
                raise AssertionError(found)

    def unlock_with_paper(self) -> None:
        unlock.detect_state(self.places)
        keystore.handles(self.places.keys)

    def look_deep(self) -> str:
        key = integrity.key_to_look(self.places, "nurse-1", PASS)
        return said(integrity.check_deep(self.places, key))

    def save(self) -> None:
        salvage_store(self.places, self.key, self.shelf / "saved.db", "nurse-1")

    def look(self) -> str:
        return said(health.check(self.places))

    def change_key(self) -> None:
        rekey.rekey(self.places, self.key, "nurse-1")

    def try_out(self) -> None:
        drill(self.shelf / self.copy.name, self.places, self.key, "nurse-1")

    def put_back(self) -> None:
        restore(self.copy, self.places, self.key, "nurse-1")

    def force_back(self) -> None:
        restore(self.copy, self.places, self.key, "nurse-1", force=True)


def spoil(path: Path, start: int, end: int | None = None) -> None:
    """Turn bytes over, in a part of a file or up to its end."""
    content = bytearray(path.read_bytes())
    for place in range(start, min(end or start + 8, len(content))):
        content[place] ^= 0x55
    path.write_bytes(content)


def said(findings: list[health.HealthCheck]) -> str:
    """What a doctor's findings say that are faults."""
    return " ".join(
        f"{found} {found.means} {found.do}".format(**found.values)
        for found in findings
        if found.level == "fault"
    )


@pytest.fixture
def site(light_work: None) -> Iterator[Site]:
    """A site of the nurse's, in a place that every user can reach."""
    with tempfile.TemporaryDirectory(prefix="porras-test-") as name:
        there = Site(Path(name))
        if os.geteuid() == 0:
            Path(name).chmod(0o755)
            for place in (Path(name), *Path(name).rglob("*")):
                os.chown(place, NURSE, NURSE)
        yield there
        for place in (there.places.database.parent, there.copy):
            place.chmod(0o700)


STORE = (Site.unlock, Site.look_deep)
WAYS: dict[str, tuple[Cause, tuple[Callable[[Site], str | None], ...]]] = {
    "closed keys": (Site.close_keys, (*STORE, Site.unlock_with_paper, Site.look, Site.change_key)),
    "closed database": (Site.close_database, (*STORE, Site.save, Site.change_key)),
    "closed folder": (Site.close_folder, (*STORE, Site.look, Site.put_back)),
    "closed copy": (Site.close_copy, (Site.try_out, Site.put_back)),
    "closed manifest": (Site.close_manifest, (Site.try_out, Site.put_back)),
    "newer keys": (Site.newer_keys, (*STORE, Site.unlock_with_paper, Site.look, Site.force_back)),
    # Going back to a backup of the older version is a way of its own: `test_way_back.py`.
    "newer database": (Site.newer_database, (*STORE, Site.save, Site.change_key)),
    "newer copy": (Site.newer_copy, (Site.try_out, Site.put_back)),
    "newer manifest": (Site.newer_manifest, (Site.try_out, Site.put_back)),
    "damaged keys": (Site.damaged_keys, (*STORE, Site.unlock_with_paper, Site.look)),
    "damaged database": (Site.damaged_database, (*STORE, Site.change_key)),
    "damaged copy": (Site.damaged_copy, (Site.try_out, Site.put_back)),
    "damaged manifest": (Site.damaged_manifest, (Site.try_out, Site.put_back)),
}

MARKS = {
    "closed": ("may not use", "do not let even its owner"),
    "newer": ("newer Porras",),
    "damaged": ("damaged", "faults in the database"),
}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="becomes other users")
@pytest.mark.parametrize("cause", WAYS)
def test_each_cause_is_told_as_itself_by_every_way_in(site: Site, cause: str) -> None:
    happen, ways = WAYS[cause]
    happen(site)
    # What was made to happen is the nurse's own as well, but for the rights.
    for place in site.places.database.parent.rglob("*"):
        os.chown(place, NURSE, NURSE)
    kind = cause.split()[0]
    for uid in (NURSE, OTHER) if kind == "closed" else (NURSE,):
        if uid == OTHER:
            for place in (site.places.database.parent, site.shelf, site.copy):
                place.chmod(0o711 if cause != "closed folder" else 0)
        for way in ways:
            told = as_user(uid, lambda way=way: way(site))  # type: ignore[misc]
            where = f"{cause} by {way.__name__} as {uid}: {told}"
            assert any(mark in told for mark in MARKS[kind]), where
            for other in MARKS.keys() - {kind}:
                assert not any(mark in told for mark in MARKS[other]), where
            if kind != "damaged":
                assert "estore" not in told.replace("Restored", ""), where
                assert "rescue" not in told, where
            else:
                assert "backup" in told or "porras restore" in told, where


def test_the_three_kinds_have_nothing_in_common() -> None:
    def below(kind: type[StoreError]) -> set[type[StoreError]]:
        return {kind}.union(*(below(sub) for sub in kind.__subclasses__()))

    advising = {
        kind
        for kind in below(StoreError)
        if any(word in kind.next for word in ("estore the", "from the backup", "escue"))
    }
    assert not advising & below(NewerThanProgram)
    # Of several backups, which somebody is restoring just now, one has to be chosen.
    also = {"BackupsApart", "KeysMissing", "NothingSalvaged", "SetUpLost", "StoreGone"}
    assert {kind for kind in advising if not issubclass(kind, Damaged)} <= {
        ForeignFile,
        *(kind for kind in below(StoreError) if kind.__name__ in also),
    }
