"""The training store: invented clients in a plain file of its own, for practice only.

`story.toml` beside this module holds the clients, `story.py` does what it tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from stepping.finland import finnish_day
from store.database import engine_errors, migrations
from store.errors import Damaged, ForeignFile, FutureSchema, NotTraining, TrainingDamaged
from store.files import durable, ownership, regular_files
from store.opening.store_file import new_store_file, open_store
from store.repository.store import Store
from store.times import Clock, to_iso_utc, utc_now
from store.training.invented import Filling, Past, read_story, seed

HANDLE = "trainee"
"""Staff code of everyone who practises."""

MADE = "practice.made"
"""The setting with the instant to which the days of the invented clients are counted back."""

_HEADER = 100
"""Bytes at the beginning of a database that tell what it is."""

_MAGIC = b"SQLite format 3\0"


def open_training(path: Path, clock: Clock = utc_now) -> Store:
    """Open the training store; if there is none, make it with six clients and their care.

    It gets its name when it is whole. Of two programs that make it at once, one is first.

    Raises:
        NotTraining: If another file stands there; it is left alone.
        TrainingDamaged: If it cannot be read.
        StoreError: If the disk does not give or take it.
    """
    if not stands(path):
        make_training(path, clock, six_clients())
    with telling_damage(path):
        store = open_store(path, None, HANDLE, clock, training=True)
    seed(store)
    return store


def stands(path: Path) -> bool:
    """Return whether there is a training store, or something in its place.

    Raises:
        NoAccess: If this user may not look; StoreError: if the disk does not tell.
    """
    with engine_errors.translated(path):
        return ownership.stands(path)


@contextmanager
def telling_damage(path: Path) -> Iterator[None]:
    """Say of a training store that cannot be read what helps: it has no backup and needs none.

    Raises:
        NotTraining: If it is another file.
        TrainingDamaged: If it is damaged.
    """
    try:
        yield
    except FutureSchema:
        raise
    except (Damaged, ForeignFile) as error:
        refuse_other(path)
        damaged = TrainingDamaged(path=str(path))
        damaged.cause = error
        raise damaged from error


def refuse_other(path: Path) -> None:
    """Refuse what says not of itself that it is a training store.

    Raises:
        NotTraining: If so.
        StoreError: If the disk does not give it.
    """
    with engine_errors.translated(path):
        ours = is_training(path)
    if not ours:
        raise NotTraining(path=str(path))


def is_training(path: Path) -> bool:
    """Say whether a file says of itself that it is a training store; nothing else is read of it.

    A store with clients' data is encrypted: nothing of it can be read, its first bytes neither.

    Raises:
        OSError: If the disk does not give it.
    """
    with regular_files.open_regular(path) as file:
        header = file.read(_HEADER)
    ours = migrations.TRAINING_ID.to_bytes(4, "big")
    return header.startswith(_MAGIC) and header[68:72] == ours


def make_training(path: Path, clock: Clock, filling: Filling) -> None:
    """Make a training store where none stands; one that another program made meanwhile stays.

    Raises:
        StoreError: If the disk does not take it.
    """
    with engine_errors.translated(path):
        durable.private_folder(path.parent)
    with filled_file(path.parent, clock, filling) as fresh, engine_errors.translated(path):
        try:
            durable.put_in_place(fresh, path, replace=False)
        except FileExistsError:
            if not path.exists():  # a link that leads round in a circle
                raise


@contextmanager
def filled_file(folder: Path, clock: Clock, filling: Filling) -> Iterator[Path]:
    """Give the whole file of a training store that has no name of its own yet.

    It is filled in one transaction, so that the disk is waited for once.

    Raises:
        StoreError: If the disk does not take it.
    """
    past = Past(clock)
    then = partial(_fill, past=past, filling=filling)
    with new_store_file(folder, None, training=True, then=then) as fresh:
        yield fresh


def _fill(path: Path, past: Past, filling: Filling) -> None:
    past.days = filling.begins
    with open_store(path, None, HANDLE, past, training=True) as store, store.writing():
        filling.fill(store, past)
        past.days = 0
        store.settings.set(MADE, to_iso_utc(past.now))


def six_clients() -> Filling:
    """Return what a training store begins with: six clients and what has happened to them."""

    def fill(store: Store, past: Past) -> None:
        from store.training import story

        story.fill(store, past)

    return Filling(read_story()["story"][0]["days_ago"], fill)


def find_day(store: Store) -> date | None:
    """Return the day from which the days of the invented clients are counted back.

    A store of an earlier version keeps no such day: its clients were added when their story began.

    Raises:
        StoreError: If the store does not tell.
    """
    if made := store.settings.get(MADE):
        return finnish_day(datetime.fromisoformat(made))
    with store.reading():
        (first,) = store.db.execute("SELECT min(created_at) FROM clients").fetchone()
    if first is None:
        return None
    begins = timedelta(days=read_story()["story"][0]["days_ago"])
    return finnish_day(datetime.fromisoformat(first) + begins)
