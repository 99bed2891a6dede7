"""Links and things put in the way of what the program removes or replaces (F27).

Each trick stands in the way before a deed is done. Afterwards everything recorded has to be in the
store that stands, or in the one that a restore has set aside, and nothing of anybody else's may be
gone or changed.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from store.backup.backup import backup
from store.backup.drill import drill
from store.backup.restore import restore
from store.backup.restore_plan import finish
from store.database import reserve
from store.errors import StoreError
from store.files import drives, removal
from store.keys import keyslots, keystore, rekey
from store.maintenance.salvage import salvage_store
from store.opening.store_file import create_store, open_store
from store.paths import StorePaths, find
from tests.faults.stores import began
from tests.faults.tally import Tally

PASS = "four words in a row"
ANSWERS = 4
_LONG_AGO = (1_700_000_000, 1_700_000_000)


class Scene(NamedTuple):
    """A store with answers, its backups, and a folder of somebody's photographs."""

    folder: Path
    key: bytes

    @property
    def places(self) -> StorePaths:
        return find(self.folder / "site" / "porras.db")

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def shelf(self) -> Path:
        return self.folder / "shelf"

    @property
    def photos(self) -> Path:
        return self.folder / "photos"

    @property
    def made(self) -> Path:
        """A real backup."""
        return next(path for path in sorted(self.shelf.iterdir()) if path.name.startswith("porras"))


def later() -> datetime:
    """A clock by which whatever was left behind is old enough to go."""
    return datetime(2100, 1, 1, tzinfo=UTC) + timedelta(seconds=next(_SECONDS))


_SECONDS = itertools.count()


def staged(folder: Path) -> bytes:
    """Set the scene in a folder once, to be copied for each trick; return the data key."""
    scene = Scene(folder, b"")
    scene.photos.mkdir(parents=True)
    for name in ("porras.db", "porras.keys", "manifest.json", "cat.jpg"):
        (scene.photos / name).write_bytes(f"a photograph called {name}".encode())
    key = keystore.create(scene.places.keys, "nurse-1", PASS).key
    with create_store(scene.places.database, key, "nurse-1") as store:
        assessment = began(store)
        for number in range(ANSWERS):
            store.answers.record(assessment, {f"q{number}": number})
        backup(store, scene.places, scene.shelf)
    return key


# What is put in the way: of a folder that is swept


def a_link_to_the_store(scene: Scene, at: Path) -> None:
    at.symlink_to(scene.site)


def a_link_to_a_backup(scene: Scene, at: Path) -> None:
    at.symlink_to(scene.made)


def a_link_to_photographs(scene: Scene, at: Path) -> None:
    at.symlink_to(scene.photos)


def a_link_to_the_database(scene: Scene, at: Path) -> None:
    at.symlink_to(scene.places.database)


def a_link_round_in_a_circle(scene: Scene, at: Path) -> None:
    at.symlink_to(at.name)


def a_pipe(scene: Scene, at: Path) -> None:
    os.mkfifo(at)


def other_names_of_the_store(scene: Scene, at: Path) -> None:
    at.mkdir()
    for path in (scene.places.database, scene.places.keys):
        (at / path.name).hardlink_to(path)


def links_to_the_files_of_the_store(scene: Scene, at: Path) -> None:
    at.mkdir()
    for path in (scene.places.database, scene.places.keys):
        (at / path.name).symlink_to(path)


def a_link_to_the_store_inside(scene: Scene, at: Path) -> None:
    at.mkdir()
    (at / "porras.db").symlink_to(scene.site)
    (at / ".restore-abcdefgh").symlink_to(scene.site)


def something_of_somebody_elses(scene: Scene, at: Path) -> None:
    at.mkdir()
    (at / "porras.db").write_bytes(b"half")
    (at / "letter.txt").write_text("mine")


def folders_within_folders(scene: Scene, at: Path) -> None:
    (at / "porras.db").mkdir(parents=True)
    (at / "porras.db" / "porras.keys").write_text("mine")


IN_THE_WAY: tuple[Callable[[Scene, Path], None], ...] = (
    a_link_to_the_store,
    a_link_to_a_backup,
    a_link_to_photographs,
    a_link_to_the_database,
    a_link_round_in_a_circle,
    a_pipe,
    other_names_of_the_store,
    links_to_the_files_of_the_store,
    a_link_to_the_store_inside,
    something_of_somebody_elses,
    folders_within_folders,
)


# What is done


def make_a_backup(scene: Scene) -> None:
    with open_store(scene.places.database, scene.key, "nurse-1", later) as store:
        backup(store, scene.places, scene.shelf)


def put_one_back(scene: Scene) -> None:
    restore(scene.made, scene.places, scene.key, "nurse-1", later, force=True)


def try_one_out(scene: Scene) -> None:
    drill(scene.made, scene.places, scene.key, "nurse-1", later)


def rescue_beside(scene: Scene) -> None:
    salvage_store(scene.places, scene.key, scene.site / "rescued.db", "nurse-1", later)


def change_the_key(scene: Scene) -> None:
    rekey.rekey(scene.places, scene.key, "nurse-1", later)


def start(scene: Scene) -> None:
    finish(scene.places)
    rekey.finish_rekey(scene.places, (scene.key,))
    open_store(scene.places.database, scene.key, "nurse-1", later).close()


def give_the_reserve_up(scene: Scene) -> None:
    reserve.release(scene.places.database)
    reserve.keep(scene.places.database)


class Trick(NamedTuple):
    """Something in the way, and the deed that meets it."""

    name: str
    set_up: Callable[[Scene], Any]
    """What it returns is a context in which the deed is done, or None."""
    deed: Callable[[Scene], None]


def _swept() -> list[tuple[str, str, Callable[[Scene], None]]]:
    """Where each name lies that is swept, and which deed sweeps it."""
    then = "2026-01-01T00-00-00Z"
    on_shelf = (f"{then}.part-abcdefgh", f"{then}.removed", f"before-schema-9-{then}.part-abcdefgh")
    return [
        *(("shelf", f".porras-{name}", make_a_backup) for name in on_shelf),
        *(("site", ".restore-abcdefgh", deed) for deed in (put_one_back, try_one_out)),
        ("site", ".drill-abcdefgh", put_one_back),
        ("site", ".rescue-abcdefgh", rescue_beside),
        ("site", "porras.db.rekey", start),
        ("site", "porras.db.rekey", change_the_key),
        ("site", "porras.db.ballast", give_the_reserve_up),
    ]


def _put(where: str, name: str, what: Callable[[Scene, Path], None]) -> Callable[[Scene], None]:
    def put(scene: Scene) -> None:
        at = scene.folder / where / name
        with suppress(FileNotFoundError):
            at.unlink()  # the reserve
        what(scene, at)
        if at.exists():
            os.utime(at, _LONG_AGO, follow_symlinks=False)

    return put


# What is changed between the look and the removal


def _left(scene: Scene, where: str = "shelf") -> Path:
    """A folder that a program has left behind, such as may go."""
    name = {"shelf": ".porras-2026-01-01T00-00-00Z.part-abcdefgh", "site": ".restore-abcdefgh"}
    at = scene.folder / where / name[where]
    at.mkdir()
    (at / "porras.db").write_bytes(b"half")
    os.utime(at, _LONG_AGO)
    return at


def swapped(where: str, moment: str) -> Callable[[Scene], Any]:
    """The folder becomes a link to the store just before it is opened, cleared or taken away."""

    @contextmanager
    def swapping(scene: Scene) -> Any:
        at, real = _left(scene, where), getattr(removal.OpenFolder, moment)

        def late(room: removal.OpenFolder, *given: Any) -> Any:
            inside = room._path == at or (given and given[0] == at.name)
            if inside and at.is_dir() and not at.is_symlink():
                at.rename(scene.folder / "moved away")
                at.symlink_to(scene.site)
            return real(room, *given)

        with mock.patch.object(removal.OpenFolder, moment, late):
            yield

    return swapping


@contextmanager
def swapped_after_the_look(scene: Scene) -> Any:
    """The folder becomes a link to the store after it was seen to be a folder."""
    at, real = _left(scene), removal.OpenFolder.stat

    def late(room: removal.OpenFolder, name: str) -> os.stat_result | None:
        found = real(room, name)
        if name == at.name and not at.is_symlink() and at.is_dir():
            at.rename(scene.folder / "moved away")
            at.symlink_to(scene.site)
        return found

    with mock.patch.object(removal.OpenFolder, "stat", late):
        yield


@contextmanager
def the_shelf_swapped_for_the_store(scene: Scene) -> Any:
    """The folder of the backups becomes a link to the store while its names are read."""
    _left(scene)
    real = removal.OpenFolder.names

    def late(room: removal.OpenFolder) -> list[str]:
        names = real(room)
        if room._path == scene.shelf and not scene.shelf.is_symlink():
            scene.shelf.rename(scene.folder / "shelf moved away")
            scene.shelf.symlink_to(scene.site)
        return names

    with mock.patch.object(removal.OpenFolder, "names", late):
        yield


@contextmanager
def another_disk_mounted(scene: Scene) -> Any:
    """What was left behind is a mount point."""
    at = _left(scene)
    real = drives.is_mount_point
    with mock.patch.object(drives, "is_mount_point", lambda path: path == at or real(path)):
        yield


def the_shelf_is_a_link_to_the_store(scene: Scene) -> None:
    _left(scene)
    for path in scene.shelf.iterdir():
        path.rename(scene.site / path.name)
    scene.shelf.rmdir()
    scene.shelf.symlink_to(scene.site)


_PLAN = '{"work": ".restore-abcdefgh", "suffix": ".before-restore-x"}'


def a_plan_for(what: Callable[[Scene, Path], None]) -> Callable[[Scene], None]:
    """The plan of a restore that nobody has begun, whose folder is something else."""

    def laid(scene: Scene) -> None:
        what(scene, scene.site / ".restore-abcdefgh")
        (scene.site / "porras.db.restoring").write_text(_PLAN)

    return laid


def a_plan_that_is(what: Callable[[Scene, Path], None]) -> Callable[[Scene], None]:
    """Something else where the plan of a restore is looked for."""

    def laid(scene: Scene) -> None:
        what(scene, scene.site / "porras.db.restoring")

    return laid


TRICKS: tuple[Trick, ...] = (
    *(
        Trick(f"{deed.__name__}: {name}: {what.__name__}", _put(where, name, what), deed)
        for where, name, deed in _swept()
        for what in IN_THE_WAY
    ),
    *(
        Trick(f"swapped at {moment} in the {where}", swapped(where, moment), deed)
        for where, deed in (("shelf", make_a_backup), ("site", put_one_back))
        for moment in ("stat", "remove_folder", "_all_laid", "_clear", "remove_file")
    ),
    Trick("swapped after the look", swapped_after_the_look, make_a_backup),
    Trick("the shelf swapped for the store", the_shelf_swapped_for_the_store, make_a_backup),
    Trick("another disk mounted", another_disk_mounted, make_a_backup),
    Trick("the shelf is a link to the store", the_shelf_is_a_link_to_the_store, make_a_backup),
    *(Trick(f"a plan for {what.__name__}", a_plan_for(what), start) for what in IN_THE_WAY),
    *(Trick(f"a plan that is {what.__name__}", a_plan_that_is(what), start) for what in IN_THE_WAY),
)


def play(trick: Trick, ready: Path, folder: Path, key: bytes) -> str:
    """Do a deed with a trick in its way; say how it ended."""
    shutil.copytree(ready, folder)
    scene = Scene(folder, key)
    whole = _digests(scene.photos) | _digests(scene.shelf)
    with ExitStack() as around:
        if (context := trick.set_up(scene)) is not None:
            around.enter_context(context)
        try:
            trick.deed(scene)
            ended = "done, and the trick was let alone"
        except (StoreError, OSError) as error:
            ended = f"refused: {type(error).__name__}"
    shelf = folder / "shelf moved away"
    if not shelf.exists():
        shelf = scene.shelf
    assert whole.items() <= (_digests(scene.photos) | _digests(shelf)).items(), trick.name
    assert _recorded(scene), trick.name
    return ended


def _digests(folder: Path) -> dict[str, str]:
    return {
        f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.glob("*/*" if folder.name.startswith("shelf") else "*")
        if path.is_file() and not path.parent.name.startswith(".")
    }


def _recorded(scene: Scene) -> bool:
    """Whether all that was answered is in the store, or in the one that was set aside."""
    _take_other_names_away(scene)
    changed = keyslots.digest(scene.key) not in keystore.read(scene.places.keys).checks
    key = keystore.unlock(scene.places.keys, "nurse-1", PASS) if changed else scene.key
    aside = sorted(scene.site.glob("porras.db.before-restore-*Z"))
    for path in (scene.places.database, *aside):
        with suppress(StoreError, OSError), open_store(path, key, "nurse-1", later) as store:
            assert store.find_faults() == []
            if store.db.table("answers").count == ANSWERS:
                return True
    return False


def _take_other_names_away(scene: Scene) -> None:
    """Take a trick away that the store refuses to open with: another name of its files."""
    found = (path.lstat() for path in scene.site.iterdir())
    store = {each.st_ino for each in found if each.st_nlink > 1}
    for folder, _, names in os.walk(scene.folder):
        for path in (Path(folder, name) for name in names):
            if path.parent != scene.site and path.lstat().st_ino in store:
                path.unlink()


def tricks(folder: Path, count: int) -> Tally:
    """Tricks by chance, each as often as any other."""
    chance, seen = random.Random(count), Counter[str]()
    key = staged(folder / "ready")
    order: list[Trick] = []
    for number in range(count):
        if not order:
            order = list(TRICKS)
            chance.shuffle(order)
        seen[play(order.pop(), folder / "ready", folder / f"{number}", key)] += 1
        shutil.rmtree(folder / f"{number}")
    return Tally(count, count * ANSWERS, seen=seen)
