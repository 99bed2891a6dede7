"""Answers on a disk that begins to fail: run under the library of `tests.faults.preload`.

For each case it prints a line of JSON: what was raised, and what could be done afterwards.
"""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from store.backup.backup import backup
from store.backup.restore import restore
from store.database import reserve
from store.errors import StoreError
from store.keys import keystore
from store.opening.store_file import create_store
from store.paths import find
from tests.faults import preload
from tests.faults.preload import Kind
from tests.faults.stores import Ticking, answered, began, opened

PASS = "four words in a row"


def raised(deed: Callable[[], Any]) -> str:
    """The name of what a deed raises, empty if nothing."""
    try:
        deed()
    except StoreError as error:
        return type(error).__name__
    return ""


def at_work(
    path: Path, kinds: Kind, part: str, *, error: int = errno.EIO, at: int = 1, times: int = 1
) -> dict[str, Any]:
    """One error while an answer is stored; all is well with the disk afterwards."""
    preload.begin(path.parent)
    assessment, store = answered(path, 3), opened(path)
    store.answers.record(assessment, {"before": 1})
    preload.fail(kinds, part=part, at=at, times=times, error=error)
    found: dict[str, Any] = {"met": raised(lambda: store.answers.record(assessment, {"at": 1}))}
    found["failed"] = preload.failed()
    preload.end()
    found["again"] = raised(lambda: store.answers.record(assessment, {"after": 1}))
    found["read"] = raised(store.assessments.list_drafts)
    store.close()
    return found | _left(path, assessment)


def _left(path: Path, assessment: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "reserve": reserve.path_of(path).exists(),
        "suspect": path.with_name(path.name + ".suspect").exists(),
    }
    with suppress(StoreError), opened(path) as store:
        found["answers"] = sorted(store.answers.get_progress(assessment).answers)
        found["sound"] = store.audit_log.find_bad_event() is None and not store.find_faults()
    found["still suspect"] = path.with_name(path.name + ".suspect").exists()
    return found


def write(path: Path) -> dict[str, Any]:
    """A write to the log."""
    return at_work(path, Kind.WRITE, "-wal")


def sync(path: Path) -> dict[str, Any]:
    """The sync of a commit."""
    return at_work(path, Kind.SYNC, "-wal")


def full(path: Path) -> dict[str, Any]:
    """A disk without room, which the engine meets by itself; no error of the disk."""
    return at_work(path, Kind.WRITE, "-wal", error=errno.ENOSPC)


def quota(path: Path) -> dict[str, Any]:
    """A quota, of which the engine tells an I/O error like any other."""
    return at_work(path, Kind.WRITE, "", error=errno.EDQUOT, times=2)


def read(path: Path) -> dict[str, Any]:
    """A page that cannot be read at work."""
    assessment = answered(path, 400)
    preload.begin(path.parent)
    store = opened(path)
    preload.fail(Kind.READ, part="p.db", times=preload.ALWAYS)
    found: dict[str, Any] = {"met": raised(lambda: store.answers.get_progress(assessment))}
    preload.end()
    found["again"] = raised(lambda: store.answers.record(assessment, {"after": 1}))
    store.close()
    left = _left(path, assessment)
    return found | left | {"answers": len(left["answers"])}


def opening(path: Path) -> dict[str, Any]:
    """A page that cannot be read when the store is opened; the next start looks at all of them."""
    assessment = answered(path, 3)
    preload.begin(path.parent)
    preload.fail(Kind.READ, part="p.db", at=4, times=preload.ALWAYS)
    found: dict[str, Any] = {"met": raised(lambda: opened(path).close())}
    preload.end()
    return found | _left(path, assessment)


def merging(path: Path) -> dict[str, Any]:
    """A sync of the database while the log is brought into it: no answer was lost by that."""
    preload.begin(path.parent)
    assessment, store = answered(path, 3), opened(path)
    acknowledged, failed, met = 0, 0, ""
    while not met and acknowledged < 500:
        # A commit syncs the log once, or twice if it begins it; bringing it in syncs both files.
        preload.fail(Kind.SYNC, part="p.db", at=3, times=1)
        entry = {f"n{acknowledged}": "x" * 200}
        met = raised(partial(store.answers.record, assessment, entry))
        acknowledged += not met
        failed += preload.failed()
    preload.end()
    store.close()
    left = _left(path, assessment)
    kept = sum(name.startswith("n") for name in left["answers"])
    return {"met": met, "failed": failed, "lost": acknowledged - kept} | left | {"answers": []}


def key_file(path: Path) -> dict[str, Any]:
    """The key file, while a passphrase is changed."""
    place = path.with_name("porras.keys")
    path.parent.mkdir(mode=0o700)
    made = keystore.create(place, "nurse-1", PASS)
    before = place.read_bytes()
    preload.begin(path.parent)
    preload.fail(Kind.SYNC)
    found: dict[str, Any] = {
        "met": raised(
            lambda: keystore.set_passphrase(place, "nurse-1", made.key, "another " + PASS)
        )
    }
    preload.end()
    return found | {"same": place.read_bytes() == before}


def stick(path: Path) -> dict[str, Any]:
    """The stick that a backup goes to: the store goes on."""
    return _backing_up(path, path.parent / "stick", "stick", Kind.SYNC, at=1)


def source(path: Path) -> dict[str, Any]:
    """The database while a backup is made of it."""
    return _backing_up(path, path.parent / "stick", "store/porras.db", Kind.READ, at=20)


def _backing_up(path: Path, target: Path, part: str, kind: Kind, at: int) -> dict[str, Any]:
    path = path.parent / "store" / "porras.db"
    path.parent.mkdir(mode=0o700, parents=True)
    key = keystore.create(path.with_name("porras.keys"), "nurse-1", PASS).key
    preload.begin(path.parent.parent)
    store = create_store(path, key, "nurse-1", Ticking())
    assessment = began(store)
    for number in range(200):
        store.answers.record(assessment, {f"q{number}": number})
    preload.fail(kind, part=part, at=at)
    found: dict[str, Any] = {"met": raised(lambda: backup(store, find(path), target))}
    preload.end()
    found["again"] = raised(lambda: store.answers.record(assessment, {"after": 1}))
    store.close()
    return found


def restoring(path: Path) -> dict[str, Any]:
    """The stick that a backup is read from: what stands is left as it is."""
    site, target = path.parent / "store" / "porras.db", path.parent / "stick"
    site.parent.mkdir(mode=0o700, parents=True)
    key = keystore.create(site.with_name("porras.keys"), "nurse-1", PASS).key
    with create_store(site, key, "nurse-1", Ticking()) as store:
        made = backup(store, find(site), target).folder
    before = site.read_bytes()
    preload.begin(path.parent)
    preload.fail(Kind.READ, part="stick/", at=3)
    found: dict[str, Any] = {"met": raised(lambda: restore(made, find(site), key, "nurse-1"))}
    preload.end()
    return found | {"same": site.read_bytes() == before}


CASES = (write, sync, full, quota, read, opening, merging, key_file, stick, source, restoring)


def main(folder: Path) -> None:
    """Make every case in a folder of its own."""
    for case in CASES:
        print(json.dumps({"case": case.__name__, **case(folder / case.__name__ / "p.db")}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
