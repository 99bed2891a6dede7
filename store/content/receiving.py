"""Takes a content from a folder or stick: copied as a whole, proven in the copy, put in place.

A folder gets its number by one rename and comes into use by the replacement of one small file. What
is cut short before that leaves a folder whose name begins with a dot, and the next one removes it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from store.content import places
from store.content.about import HIGHEST, Content, as_numbers, name_and_version, read_about
from store.content.chosen import OURS
from store.content.files import read_list, read_listed, read_signature
from store.content.places import CURRENT, NUMBER, RECORD, Record
from store.content.signers import check_signed
from store.errors import (
    ContentBusy,
    ContentDamaged,
    ContentOlder,
    ContentTooNew,
    ContentUnsigned,
    NoEarlierContent,
    StoreBusy,
)
from store.files import disk_errors, durable, file_lock, ownership, removal
from store.installation import file_list
from store.installation.file_list import LIST, SIGNATURE
from store.installation.signature import Signer

KEPT = 3
"""Contents that stay: the one in use and those before it."""

_INCOMING = ".incoming"
_WAIT_S = 1.0
_LAID = removal.Laid(re.compile(r"[^/]+"))
"""In a folder of contents everything was laid by the program."""


class Staged(NamedTuple):
    """A content that was copied as a whole, and is not in use yet."""

    place: Path
    folder: Path
    about: Content
    signer: Signer | None
    digest: str
    """Of its list."""


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Keep others from putting a content in place meanwhile; the folder is made if need be.

    Raises:
        ContentBusy: If somebody else is doing so.
        StoreError: If the folder cannot be written.
    """
    with ExitStack() as held:
        with disk_errors.translated(place):
            _make_folder(place)
            try:
                held.enter_context(file_lock.alone(place / CURRENT, _WAIT_S))
            except StoreBusy:
                raise ContentBusy from None
        yield


def _make_folder(folder: Path) -> None:
    """Make a folder that others of the workplace may read: a content says nothing of clients."""
    if not folder.is_dir():
        durable.private_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        ownership.belong(folder)


@contextmanager
def receive(
    place: Path, source: Path, signers: tuple[Signer, ...], *, unsigned: bool = False
) -> Iterator[Staged]:
    """Copy a content into the folder of contents and give it, to be looked at and proven there.

    `unsigned` takes one that nobody has signed; a wrong signature is refused all the same. The copy
    is gone at the end of the block unless it was put in place. Within `alone`.

    Raises:
        ContentRefused: If it is not whole, or not what was signed, or has what no content has.
        SignatureWrong: If nobody whose signature counts has signed it as it is.
        StoreError: If the disk takes no copy.
    """
    folder = place / _INCOMING
    listing, listed = read_list(source)
    signature = read_signature(source)
    try:
        signer = check_signed(listing, signature, signers, source)
    except ContentUnsigned:
        if not unsigned:
            raise
        signer = None
    try:
        with disk_errors.translated(place):
            remove(folder)  # what an earlier one left that was cut short
            _copy(source, folder, listed, {LIST: listing, SIGNATURE: signature})
        digest = file_list.digest_of_bytes(listing)
        yield Staged(place, folder, read_about(folder), signer, digest)
    finally:
        with suppress(OSError):
            remove(folder)


def _copy(
    source: Path, folder: Path, listed: Mapping[str, str], beside: Mapping[str, bytes | None]
) -> None:
    _make_folder(folder)
    for path, content in read_listed(source, listed):
        _make_folders(folder, path)
        _write(folder / path, content)
    for name, there in beside.items():
        if there is not None:
            _write(folder / name, there)
    for where, _, _ in os.walk(folder):
        durable.sync_folder(Path(where))


def _make_folders(folder: Path, path: str) -> None:
    for name in path.split("/")[:-1]:
        folder /= name
        _make_folder(folder)


def _write(path: Path, content: bytes) -> None:
    durable.write_new(path, content)
    path.chmod(0o644)
    ownership.belong(path)


def check_wanted(staged: Staged, version: str, *, older: bool) -> bool:
    """Say whether a content is another one than that in use; `version` is this Porras's.

    Raises:
        ContentTooNew: If it needs a later Porras.
        ContentOlder: If it is not later than the one in use, and nobody said that it may be.
    """
    about = staged.about
    if as_numbers(about.least) > as_numbers(version):
        raise ContentTooNew(needed=about.least, version=version)
    current = in_use(staged.place)
    if current is None:
        return True
    _, record, sound = current
    if record.digest == staged.digest:
        return not sound or (older and not record.over)
    name, known = name_and_version(record.title)
    if not older and name == about.name and known >= as_numbers(about.version):
        raise ContentOlder(version=about.version, known=record.title.rpartition(" ")[2])
    return True


def in_use(place: Path) -> tuple[str, Record, bool] | None:
    """Return number and record of the content in use, and whether it is sound; None for ours.

    One whose record is gone counts as none. Where it is not told any more, it is the newest one.
    """
    told = True
    try:
        number = places.read_current(place)
    except ContentDamaged:
        number, told = max(places.numbers(place), default=None), False
    try:
        if number is None or number == OURS:
            return None
        record = places.read_record(place / number)
    except ContentDamaged:
        return None
    try:
        places.check_sound(place / number)
    except ContentDamaged:
        return number, record, False
    return number, record, told


def put_in_place(staged: Staged, at: str, holds: Mapping[str, str], *, older: bool = False) -> str:
    """Bring a content into use that was proven, and return its number; `at` is the instant.

    With `older` it may be older than whatever a store has worked with.

    Raises:
        StoreError: If the disk refuses; then what was in use is in use.
    """
    place, signer = staged.place, staged.signer
    with disk_errors.translated(place):
        before = _current_or_newest(place)
        told = (signer.name, signer.fingerprint) if signer else ("", "")
        over = _taken_over(place, staged.about, older=older)
        record = Record(staged.about.title, at, staged.digest, before, *told, holds, over)
        _write(staged.folder / RECORD, places.write_record(record).encode())
        durable.sync_folder(staged.folder)
        if not (place / CURRENT).exists():
            _point_at(place, before)
        number = f"{max(map(int, places.numbers(place)), default=0) + 1:04d}"
        staged.folder.rename(place / number)
        durable.sync_folder(place)
        _point_at(place, number)
        _prune(place, number)
    return number


def _taken_over(place: Path, about: Content, *, older: bool) -> str:
    """Return the higher version that a content is taken over; any where it is not known which."""
    known = places.highest(place).get(about.name, ())
    if known > as_numbers(about.version):
        return ".".join(map(str, known))
    return HIGHEST if older else ""


def _current_or_newest(place: Path) -> str:
    """Return what is in use; where that is gone or `current` is damaged, the newest sound one."""
    with suppress(ContentDamaged):
        number = places.read_current(place) or OURS
        if number == OURS or (place / number).is_dir():
            return number
    return places.choose(place).number


def _point_at(place: Path, number: str) -> None:
    durable.write_whole(place / CURRENT, f"{number}\n".encode(), replace=True)
    (place / CURRENT).chmod(0o644)


def go_back(place: Path, *, ours: bool = False) -> str:
    """Bring the content into use again that was in use before, and return its number.

    With `ours` it is what comes with Porras, whatever is kept or has become of it.

    Raises:
        NoEarlierContent: If none is kept.
        ContentDamaged: If it is not what was put in place any more.
        StoreError: If the disk refuses.
    """
    before = OURS if ours else _find_earlier(place)
    with disk_errors.translated(place):
        _point_at(place, before)
    return before


def _find_earlier(place: Path) -> str:
    number = _current_or_newest(place)
    if number == OURS:
        raise NoEarlierContent
    before = places.read_record(place / number).before
    if before != OURS:
        if not (place / before).is_dir():
            raise NoEarlierContent
        places.check_sound(place / before)
    return before


def _prune(place: Path, number: str) -> None:
    """Remove what is not among the last ones; what cannot be removed stays and does no harm."""
    kept = [each for each, _ in zip(places.chain(place, number), range(KEPT), strict=False)]
    for each in places.numbers(place):
        if each not in kept:
            remove(place / each)


def remove(folder: Path) -> None:
    """Remove a content of the folder of contents, from the inside out; no link is followed.

    Raises:
        ValueError: If it is none by its name.
    """
    if not (NUMBER.fullmatch(folder.name) or folder.name == _INCOMING):
        raise ValueError(folder.name)
    for where, _, _ in os.walk(folder, topdown=False):
        removal.remove_folder(Path(where), _LAID)
