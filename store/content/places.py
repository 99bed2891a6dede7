"""Where installed contents stand, each in a folder of its own, and which of them is in use.

    content/0001/…      a content as it was signed, and installed.toml beside its files
    content/0002/…
    content/current     "0002"; "0000" stands for what comes with Porras

A folder is never changed after it has its number. `current` is replaced as a whole.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from store.content.about import PATHWAYS, VERSION, as_numbers, as_toml, name_and_version
from store.content.chosen import OURS, Chosen
from store.errors import ContentDamaged, FileListUnreadable
from store.files import regular_files
from store.installation import file_list
from store.installation.file_list import LIST, SIGNATURE

CURRENT = "current"
RECORD = "installed.toml"
NUMBER = re.compile(r"\d{4}", re.ASCII)
_LARGEST = 64_000


class Record(NamedTuple):
    """What was noted when a content was put in place."""

    title: str
    """Name and version."""
    at: str
    """When, as an instant in UTC."""
    digest: str
    """Of its list of files, which has the digest of every file."""
    before: str
    """The number of what was in use before."""
    signer: str = ""
    """Who signed it, as the file of signers calls them; nobody where it was taken unsigned."""
    key: str = ""
    """The fingerprint of the key."""
    holds: Mapping[str, str] = {}
    """The digest of each pathway, by id."""
    over: str = ""
    """The highest version, where that is higher, over which somebody took this one knowingly."""


def numbers(place: Path) -> list[str]:
    """Return the numbers of what stands there, rising."""
    with suppress(FileNotFoundError, NotADirectoryError):
        found = (path for path in place.iterdir() if NUMBER.fullmatch(path.name))
        return sorted(path.name for path in found if path.name != OURS and path.is_dir())
    return []


def read_current(place: Path) -> str | None:
    """Return the number of the content in use; None where none was ever installed.

    Raises:
        ContentDamaged: If the file that tells it is gone or damaged.
    """
    path = place / CURRENT
    try:
        number = regular_files.read(path, 100).decode("ascii").strip()
    except FileNotFoundError:
        if numbers(place):  # the first installation wrote it before anything else
            raise ContentDamaged(name=CURRENT, file=str(path)) from None
        return None
    except (OSError, ValueError):
        raise ContentDamaged(name=CURRENT, file=str(path)) from None
    if not NUMBER.fullmatch(number):
        raise ContentDamaged(name=CURRENT, file=str(path))
    return number


def read_record(folder: Path) -> Record:
    """Return what was noted when a content was put in place.

    Raises:
        ContentDamaged: If that does not stand there any more.
    """
    try:
        told = tomllib.loads(regular_files.read(folder / RECORD, _LARGEST, links=False).decode())
        record = Record(**told)
    except (OSError, ValueError, TypeError, RecursionError):
        raise ContentDamaged(name=folder.name, file=RECORD) from None
    told.pop("holds", None)
    texts = (*told.values(), *record.holds) if isinstance(record.holds, dict) else (None,)
    fits = all(isinstance(text, str) for text in texts) and NUMBER.fullmatch(record.before)
    versions = (record.title.rpartition(" ")[2], record.over or "0") if fits else ("",)
    if not all(map(VERSION.fullmatch, versions)):
        raise ContentDamaged(name=folder.name, file=RECORD)
    return record


def write_record(record: Record) -> str:
    """Return the text of `installed.toml`."""
    told = record._asdict()
    holds = told.pop("holds")
    return as_toml(told, holds)


def check_sound(folder: Path) -> Record:
    """Return the record of an installed content in which every file is what was put in place.

    Raises:
        ContentDamaged: With the first file that is not.
    """
    record = read_record(folder)
    name = record.title
    try:
        content = regular_files.read(folder / LIST, file_list.LARGEST_LIST, links=False)
        if file_list.digest_of_bytes(content) != record.digest:
            raise ContentDamaged(name=name, file=LIST)
        listed = file_list.parse(content, LIST)
        here = set(file_list.files_in(folder, (LIST, SIGNATURE, RECORD)))
    except (OSError, FileListUnreadable):
        raise ContentDamaged(name=name, file=LIST) from None
    found = file_list.compare(folder, listed, here)
    for path in (*found.changed, *found.missing, *found.added):
        raise ContentDamaged(name=name, file=path)
    return record


def highest(place: Path) -> dict[str, tuple[int, ...]]:
    """Return the highest version of each content, by name, that the kept ones know of."""
    found: dict[str, tuple[int, ...]] = {}
    for number in numbers(place):
        with suppress(ContentDamaged):
            record = read_record(place / number)
            name, version = name_and_version(record.title)
            found[name] = max(found.get(name, ()), version, as_numbers(record.over or "0"))
    return found


def chain(place: Path, number: str) -> Iterator[str]:
    """Yield a content and those that were in use before it, as far as they are kept."""
    seen: set[str] = set()
    while number != OURS and number not in seen and (place / number).is_dir():
        seen.add(number)
        yield number
        try:
            number = read_record(place / number).before
        except ContentDamaged:  # then the one that was put in place before it
            number = max((each for each in numbers(place) if each < number), default=OURS)


def choose(place: Path) -> Chosen:
    """Return the content in use; the last good one before it, where that one is damaged.

    Every file of it is compared with its list, before any is read.
    """
    try:
        number = read_current(place)
    except ContentDamaged as damage:
        return _last_good(place, max(numbers(place), default=OURS), damage)
    if number is None:
        return Chosen(place)
    if number == OURS:
        return Chosen(place, number=OURS)
    try:
        record = check_sound(place / number)
    except ContentDamaged as damage:
        return _last_good(place, number, damage)
    root = place / number / PATHWAYS
    return Chosen(place, root, number, None, record.holds, record.title, highest(place))


def _last_good(place: Path, number: str, damage: ContentDamaged) -> Chosen:
    """Return the newest sound content up to a number, with what the damaged one held."""
    holds: Mapping[str, str] = {}
    with suppress(ContentDamaged):
        holds = read_record(place / number).holds
    for each in chain(place, number):
        with suppress(ContentDamaged):
            check_sound(place / each)
            return Chosen(place, place / each / PATHWAYS, each, damage, holds)
    return Chosen(place, number=OURS, damage=damage, holds=holds)
