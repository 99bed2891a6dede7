"""What is done to a store while something goes wrong, and what must hold afterwards.

Each deed says aloud what was acknowledged, and is judged by the real program's own way in: a
restore or a change of keys that was cut short is finished, the store is unlocked and opened, every
page and the whole chain are checked, all that was acknowledged is looked for, and one more entry is
made.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from store.backup.backup import backup
from store.backup.inventory import find_newest
from store.backup.manifest import read_manifest
from store.backup.restore import restore
from store.database import head_record, reserve, transactions
from store.errors import DamagedLog, WrongPassphrase
from store.keys import keyslots, keystore, rekey
from store.opening import site_setup, unlock
from store.opening.store_file import open_store
from store.paths import StorePaths, find
from store.repository.store import Store
from store.retention import erasure, retention
from tests.faults.stores import Ticking, began
from tests.store.test_backup import whole as whole_backup
from tests.store.test_schema import of_version

HANDLE = "nurse-1"
OLD, NEW = "four words in a row", "other words in a row"
VERSION_KEY = bytes(range(32))
START = datetime(2026, 11, 22, 8, tzinfo=UTC)
DURING, AFTER = START + timedelta(days=40), START + timedelta(days=41)

Tell = Callable[[str], None]


class Judged(NamedTuple):
    """What came of a deed that was cut short."""

    left: str
    """The state that was left, in one or two words; empty where there is but one to tell of."""
    kept: int
    """Acknowledged entries that were looked for and found."""
    lost: int = 0


class Site:
    """A workplace: its store and a folder of its backups."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places: StorePaths = find(folder / "site" / "porras.db")
        self.shelf = folder / "backups"

    def set_up(self) -> unlock.NewStore:
        return unlock.set_up(self.places, HANDLE, OLD, Ticking(START))

    def unlock(self, at: datetime = DURING, passphrase: str = OLD, handle: str = HANDLE) -> Store:
        unlock.detect_state(self.places)
        return unlock.unlock(self.places, handle, passphrase, Ticking(at))

    def key(self) -> bytes:
        return keystore.open_slot(self.places.keys, HANDLE, OLD).keys[-1]


def heads(store: Store, tell: Tell) -> None:
    """Say which event is the newest of those that were acknowledged."""
    seq, code = store.audit_log.get_head()
    tell(f"head {seq} {code}")


def answer(store: Store, assessment: str, numbers: range, tell: Tell) -> None:
    """Give answers one by one, each acknowledged when it is there."""
    for number in numbers:
        store.answers.record(assessment, {f"q{number}": number})
        tell(f"answer q{number} {number}")
        heads(store, tell)


def found_in(store: Store, told: Sequence[str]) -> tuple[int, int]:
    """How many of the acknowledged entries are there as they were, and how many are not."""
    answers: dict[str, object] = {}
    for draft in store.assessments.list_drafts():
        answers |= store.answers.get_progress(draft.assessment.id).answers
    events = dict(store.db.execute("SELECT seq, hash FROM audit"))
    kept = lost = 0
    for word in told:
        match word.split():
            case ["head", seq, code]:
                there = events.get(int(seq)) == code
            case ["answer", question, value]:
                there = answers.get(question) == int(value)
            case _:
                continue
        kept, lost = kept + there, lost + (not there)
    return kept, lost


@contextmanager
def sound(
    site: Site, passphrase: str = OLD, at: datetime = AFTER, handle: str = HANDLE
) -> Iterator[Store]:
    """The store of a site, opened by the program's own way and checked from end to end.

    Afterwards one more entry is made, and the store opens once more.
    """
    with site.unlock(at, passphrase, handle) as store:
        assert store.find_faults() == []
        assert store.audit_log.find_bad_event() is None
        yield store
        client = store.clients.add(birth_year=1999, language="sv")
    with site.unlock(at + timedelta(minutes=5), passphrase, handle) as again:
        assert again.clients.find(client.code)
        assert again.audit_log.find_bad_event() is None


class Deed:
    """Something that changes files, and what has to hold wherever it was cut short."""

    @property
    def template(self) -> object:
        """What `prepare` makes: those of whom it is the same share it."""
        return type(self).prepare

    def prepare(self, site: Site) -> None:
        """Make what stands before: a store with some answers."""
        with site.set_up().store as store:
            answer(store, began(store), range(5), lambda word: None)

    def act(self, site: Site, tell: Tell) -> None:
        """Do it, and say what was acknowledged."""
        raise NotImplementedError

    def judge(self, site: Site, told: Sequence[str]) -> Judged:
        """Say what was left; prove that it is whole, and that nothing acknowledged is missing."""
        with sound(site) as store:
            return Judged("", *found_in(store, told))


class Answers(Deed):
    """A day's work: opening, answers, a page of two, a skip, and closing."""

    pages = 1000
    """Frames of the log from which on it is merged."""

    def act(self, site: Site, tell: Tell) -> None:
        with site.unlock() as store:
            heads(store, tell)
            transactions._LONG_LOG = self.pages
            (draft,) = store.assessments.list_drafts()
            assessment = draft.assessment.id
            answer(store, assessment, range(5, 11), tell)
            store.answers.record(assessment, {"one": 1, "two": 2})
            tell("answer one 1")
            tell("answer two 2")
            store.answers.record_skip(assessment, "skipped", "client did not want to")
            heads(store, tell)
        tell("closed")

    def judge(self, site: Site, told: Sequence[str]) -> Judged:
        with sound(site) as store:
            (draft,) = store.assessments.list_drafts()
            given = store.answers.get_progress(draft.assessment.id).answers
            assert len(given.keys() & {"one", "two"}) in {0, 2}, "half of a page"
            numbers = [f"q{number}" for number in range(11)]
            there = [name in given for name in numbers]
            assert there == sorted(there, reverse=True), "a later answer without an earlier one"
            return Judged("", *found_in(store, told))


class Checkpoints(Answers):
    """The same while the log is merged and begun anew again and again."""

    pages = 12


class SetUp(Deed):
    """The first start: keys, the recovery code, then the database."""

    def prepare(self, site: Site) -> None:
        site.folder.mkdir(exist_ok=True)

    def act(self, site: Site, tell: Tell) -> None:
        made = site.set_up()
        tell(f"code {made.recovery_code}")
        with made.store as store:
            heads(store, tell)

    def judge(self, site: Site, told: Sequence[str]) -> Judged:
        found = unlock.detect_state(site.places)
        assert found == "store" or not [word for word in told if word.startswith("code ")]
        match found:
            case "nothing":
                site.set_up().store.close()
            case "keys only":
                unlock.finish_set_up(site.places, HANDLE, OLD, Ticking(DURING)).store.close()
        for word in told:
            if word.startswith("code "):
                keystore.open_recovery(site.places.keys, word.removeprefix("code "))
        with sound(site) as store:
            return Judged(found, *found_in(store, told))


class SiteSetUp(SetUp):
    """A workplace that is set up from a file: the first passphrase counts once it was given."""

    wanted = site_setup.Wanted(HANDLE, None, {"idle_minutes": "7"})

    def act(self, site: Site, tell: Tell) -> None:
        given: list[str] = []
        site_setup.make(site.places, self.wanted, given.append, Ticking(START))
        tell(f"first {given[0]}")

    def judge(self, site: Site, told: Sequence[str]) -> Judged:
        found = site_setup.look(site.places, self.wanted)
        given = [word.removeprefix("first ") for word in told if word.startswith("first ")]
        assert found == "done" or not given
        if found != "done":
            site_setup.make(site.places, self.wanted, given.append, Ticking(DURING))
        if given:
            first = given[-1]
            unlock.unlock(site.places, HANDLE, first, Ticking(DURING), new_passphrase=OLD).close()
            with sound(site) as store:
                assert store.settings.get("idle_minutes") == "7"
        return Judged(found, len(told))


class Migration(Deed):
    """A store of the first version at its first opening by this one."""

    def prepare(self, site: Site) -> None:
        of_version(1, site.places.database, VERSION_KEY)

    def _open(self, site: Site, at: datetime) -> Store:
        unlock.detect_state(site.places)
        return open_store(site.places.database, VERSION_KEY, HANDLE, Ticking(at))

    def act(self, site: Site, tell: Tell) -> None:
        with self._open(site, DURING) as store:
            heads(store, tell)

    def judge(self, site: Site, told: Sequence[str]) -> Judged:
        left = ""
        try:
            self._open(site, AFTER).close()
        except DamagedLog:
            # An index alone may mean a log that was taken away. An older version kept no record
            # that would tell; no entry is lost, and whoever is called for help removes it.
            path = site.places.database
            assert not head_record.path_of(path).exists()
            path.with_name(f"{path.name}-shm").unlink()
            left = "refused for an index that stood alone"
        with self._open(site, AFTER) as store:
            assert store.find_faults() == []
            assert store.audit_log.find_bad_event() is None
            (draft,) = store.assessments.list_drafts()
            assert draft.client_code == "TREENABK"
            kept, lost = found_in(store, told)
        for folder in (site.places.database.parent / "backups").iterdir():
            if folder.name.startswith("porras-"):
                whole_backup(folder, VERSION_KEY)
        return Judged(left, kept, lost)


class Rekey(Deed):
    """A new data key."""

    def act(self, site: Site, tell: Tell) -> None:
        rekey.rekey(site.places, site.key(), HANDLE, Ticking(DURING))
        tell("new key")

    def judge(self, site: Site, told: Sequence[str]) -> Judged:
        with sound(site) as store:
            assert len(keystore.read(site.places.keys).checks) == 1
            event = "SELECT count(*) FROM audit WHERE event = ?"
            changed = store.db.execute(event, (rekey.CHANGED,)).fetchone()[0]
            (draft,) = store.assessments.list_drafts()
            assert len(store.answers.get_progress(draft.assessment.id).answers) == 5
        copies = list(site.places.database.parent.glob("*.rekey*"))
        assert not copies
        done = "new key" in told
        return Judged("new key" if changed else "old key", changed * done, done and not changed)


class Backups(Deed):
    """A backup, after which the oldest one goes."""

    def prepare(self, site: Site) -> None:
        super().prepare(site)
        for day in range(2):
            with site.unlock(START + timedelta(days=day + 1)) as store:
                backup(store, site.places, site.shelf, keep=1)
                store.clients.add(birth_year=1960 + day, language="fi")

    def act(self, site: Site, tell: Tell) -> None:
        with site.unlock() as store:
            made = backup(store, site.places, site.shelf, keep=1)
            tell(f"backup {made.folder.name}")
            heads(store, tell)

    def judge(self, site: Site, told: Sequence[str]) -> Judged:
        kept = [path for path in site.shelf.iterdir() if path.name.startswith("porras-")]
        assert kept, "no backup is left"
        for path in kept:
            whole_backup(path, site.key())
        named = [word.removeprefix("backup ") for word in told if word.startswith("backup ")]
        missing = set(named) - {path.name for path in kept}
        with sound(site) as store:
            found, lost = found_in(store, told)
            backup(store, site.places, site.shelf, keep=1)
        there = len(named) - len(missing)
        return Judged("", found + there, lost + len(missing))


class Restore(Backups):
    """The newest backup takes the place of the store."""

    def act(self, site: Site, tell: Tell) -> None:
        key = site.key()
        restore(find_newest(site.shelf), site.places, key, HANDLE, Ticking(DURING), force=True)
        tell("restored")

    def judge(self, site: Site, told: Sequence[str]) -> Judged:
        manifest = read_manifest(find_newest(site.shelf))
        with sound(site) as store:
            event = "SELECT seq FROM audit WHERE event = 'store.restored'"
            rows = store.db.execute(event).fetchall()
            assert rows in ([], [(manifest.head_seq + 1,)])
            (draft,) = store.assessments.list_drafts()
            assert len(store.answers.get_progress(draft.assessment.id).answers) == 5
        left = {path.name for path in site.places.database.parent.iterdir()}
        assert not [name for name in left if name.endswith(".restoring")]
        if rows:
            assert [name for name in left if ".before-restore-" in name], "nothing was set aside"
        done = "restored" in told
        return Judged(
            "the backup" if rows else "the old store", done and bool(rows), done > len(rows)
        )


class NewPassphrase(Deed):
    """A passphrase that is changed at the door."""

    def act(self, site: Site, tell: Tell) -> None:
        unlock.unlock(site.places, HANDLE, OLD, Ticking(DURING), new_passphrase=NEW).close()
        tell("new passphrase")

    def judge(self, site: Site, told: Sequence[str]) -> Judged:
        try:
            unlock.unlock(site.places, HANDLE, NEW, Ticking(AFTER)).close()
            valid = NEW
        except WrongPassphrase:
            valid = OLD
        with sound(site, valid):
            pass
        done = "new passphrase" in told
        return Judged(
            "new" if valid == NEW else "old", done and valid == NEW, done and valid == OLD
        )


class Tries(Deed):
    """A wrong passphrase, and then the right one."""

    def act(self, site: Site, tell: Tell) -> None:
        try:
            site.unlock(passphrase="no such words")
        except WrongPassphrase:
            tell("refused")
        with site.unlock(DURING + timedelta(minutes=5)) as store:
            heads(store, tell)


class Purge(Deed):
    """An assessment whose days are over is deleted, beside one that stays."""

    def prepare(self, site: Site) -> None:
        super().prepare(site)
        with site.unlock(START + timedelta(hours=1)) as store:
            gone = began(store)
            store.answers.record(gone, {"gone": 1})
            store.assessments.abandon(gone, "client left")

    def act(self, site: Site, tell: Tell) -> None:
        with site.unlock() as store:
            erasure.purge(store, retention.DAYS)
            tell("purged")
            heads(store, tell)

    def judge(self, site: Site, told: Sequence[str]) -> Judged:
        with sound(site) as store:
            left = store.db.execute(
                "SELECT count(*) FROM answers WHERE question = 'gone'"
            ).fetchone()[0]
            assert not (left and "purged" in told), "what was purged is there again"
            (draft,) = store.assessments.list_drafts()
            assert len(store.answers.get_progress(draft.assessment.id).answers) == 5
            return Judged("not purged" if left else "purged", *found_in(store, told))


class Reserve(Deed):
    """The reserve is given up, answers go on, and it is laid aside anew."""

    def act(self, site: Site, tell: Tell) -> None:
        with site.unlock() as store:
            (draft,) = store.assessments.list_drafts()
            for number in range(5, 9, 2):
                reserve.release(site.places.database)
                store.db.reserve_open = True
                answer(store, draft.assessment.id, range(number, number + 2), tell)


DEEDS: dict[str, Deed] = {
    "answers": Answers(),
    "checkpoints": Checkpoints(),
    "set-up": SetUp(),
    "site set-up": SiteSetUp(),
    "migration": Migration(),
    "new data key": Rekey(),
    "backup": Backups(),
    "restore": Restore(),
    "new passphrase": NewPassphrase(),
    "wrong passphrase": Tries(),
    "purge": Purge(),
    "reserve": Reserve(),
}


def cheaply() -> None:
    """Let secrets and the reserve cost next to nothing; both are held to their size elsewhere."""
    keyslots.COST = type(keyslots.COST)({"passes": 1, "memory_kib": 8 * 1024, "lanes": 1})
    reserve.BYTES = 16 << 10


def fresh(template: Path, place: Path) -> Site:
    """A site of its own, made after a template."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(template, place)
    return Site(place)
