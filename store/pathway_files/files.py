"""Finds and reads the texts of pathways and services on disk."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path

from stepping.pathway.diagnostics import (
    Diagnostic,
    PathwayError,
    describe_program_fault,
    suggest_nearest,
)
from stepping.pathway.files import OWN_FILES
from stepping.pathway.model import Pathway
from stepping.pathway.reader import read_area, read_pathway
from stepping.pathway.schema import Area
from stepping.pathway.toml_lines import TomlLines
from store.files import regular_files
from store.paths import PATHWAYS

LARGEST_FILE = 2_000_000
"""Bytes; a larger file is a mistake, not a pathway."""

MOST_FILES = 500
"""Files of one kind that a folder may have."""

_SHARED = ("instruments", "cards")
_ID = re.compile(r"(?!(?:instruments|cards|services)$)\w[\w-]*")


class UnknownPathway(ValueError):
    """No pathway has this id and no folder this name."""


def find_folder(name: str, root: Path = PATHWAYS) -> Path:
    """Return the folder of a pathway, given its id or the folder itself.

    Raises:
        UnknownPathway: With the ids that exist.
    """
    for folder in (root / name, Path(name)):
        if _may_be_one(folder):
            return folder
    known = ids(root)
    hint = suggest_nearest(name, known) or f"; there is {', '.join(known) or 'none'}"
    raise UnknownPathway(f"{name!r} is neither a pathway nor a folder with {OWN_FILES[0]}{hint}")


def ids(root: Path = PATHWAYS) -> list[str]:
    """Return the ids of the pathways in a folder of pathways.

    A folder that may not be looked into counts, so that its fault is told; no id is spelt like
    the folders that are closed to everybody for other reasons.
    """
    found = root.iterdir() if root.is_dir() else ()
    return sorted(path.name for path in found if _ID.fullmatch(path.name) and _may_be_one(path))


def _may_be_one(folder: Path) -> bool:
    """Return whether a folder has the header of a pathway, as far as this user may look."""
    try:
        return stat.S_ISREG((folder / OWN_FILES[0]).stat().st_mode)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False


def load(name: str, root: Path = PATHWAYS) -> Pathway:
    """Read a pathway by id or folder.

    Raises:
        UnknownPathway: If there is none.
        PathwayError: With every fault in its files.
    """
    return read_pathway(_texts(find_folder(name, root)))


def load_all(names: Iterable[str], root: Path = PATHWAYS) -> dict[str, Pathway | PathwayError]:
    """Read pathways by the names of their folders; one that cannot be read gives its faults.

    A pathway must have the name of its folder, so that nobody mends another one than is used.
    """
    return {name: _whole(root / name) for name in names}


def _whole(folder: Path) -> Pathway | PathwayError:
    header = OWN_FILES[0]
    try:
        files = _texts(folder)
        pathway = read_pathway(files)
    except PathwayError as error:
        return error
    if pathway.id == folder.name:
        return pathway
    line = TomlLines(files[header]).find_line(("id",))
    return PathwayError([Diagnostic(header, line, f"id is not the folder's name, {folder.name!r}")])


def _texts(folder: Path) -> dict[str, str]:
    """As `folder_files`, where whatever fails is this folder's fault."""
    try:
        return folder_files(folder)
    except PathwayError:
        raise
    except OSError as error:
        told = f"cannot be read: {error.strerror}"
    except Exception as error:
        told = describe_program_fault(error)
    raise PathwayError([Diagnostic(OWN_FILES[0], 1, told)])


def folder_files(folder: Path) -> dict[str, str]:
    """Return the texts of a pathway's folder and of the shared folders that it may draw on.

    Raises:
        PathwayError: If a file cannot be read as UTF-8 text.
    """
    files = {name: read_text(folder / name, name) for name in OWN_FILES if (folder / name).exists()}
    for kind in _SHARED:
        files |= _folder_texts(shared_folder(folder, kind), kind)
    return files


def shared_folder(folder: Path, kind: str) -> Path:
    """Return the nearest folder of shared content: the pathway's own, its neighbour, ours."""
    for candidate in (folder / kind, folder.parent / kind):
        if os.path.lexists(candidate):  # one that cannot be read is a fault, and none of ours
            return candidate
    return PATHWAYS / kind


def load_areas(root: Path = PATHWAYS) -> tuple[Area, ...]:
    """Read every area of services: beside the pathways, and inside the folder of each.

    Raises:
        PathwayError: With every fault in their files.
    """
    return tuple(read_area(name, text) for name, text in area_files(root).items())


def area_files(root: Path = PATHWAYS, *, examples: bool = True) -> dict[str, str]:
    """Return the texts of every area that the program shows, by their names inside `root`.

    Without `examples`, our own stand-ins for a region that has no services yet are left out.

    Raises:
        PathwayError: If a file cannot be read as UTF-8 text.
    """
    shared = shared_folder(root / "any", "services")
    inside = {id_: root / id_ / "services" for id_ in ids(root)}
    own = {id_: folder for id_, folder in inside.items() if os.path.lexists(folder)}
    files: dict[str, str] = {}
    # Our own examples are for those who have no services yet.
    if shared.parent != PATHWAYS or root == PATHWAYS or (examples and not own):
        files |= _folder_texts(shared, "services")
    for id_, folder in own.items():
        files |= _folder_texts(folder, f"{id_}/services")
    return files


def service_files(folder: Path) -> dict[str, str]:
    """Return the texts of the services that go with a pathway's folder, for a check.

    Our example services go with our own pathways only.

    Raises:
        PathwayError: If a file cannot be read as UTF-8 text.
    """
    services = shared_folder(folder, "services")
    if services.parent == PATHWAYS and folder.resolve().parent != PATHWAYS:
        return {}
    return _folder_texts(services, "services")


def _folder_texts(folder: Path, kind: str) -> dict[str, str]:
    try:
        names = {f"{kind}/{path.name}": path for path in _tables(folder)}
    except OSError as error:
        told = f"the folder cannot be read: {error.strerror}"
        raise PathwayError([Diagnostic(kind, 1, told)]) from None
    if len(names) > MOST_FILES:
        raise PathwayError([Diagnostic(kind, 1, f"has more than {MOST_FILES} files")])
    return {name: read_text(path, name) for name, path in names.items()}


@cache
def built_in(name: str) -> Pathway:
    """Read a pathway that comes with Porras, once."""
    return load(name)


def read_text(path: Path, name: str) -> str:
    """Return the text of a file of pathways, which faults call by a name.

    Raises:
        PathwayError: If it cannot be read as UTF-8 text.
    """
    try:
        data = regular_files.read(path, LARGEST_FILE)
    except regular_files.TooLarge:
        raise PathwayError([Diagnostic(name, 1, f"is larger than {LARGEST_FILE} bytes")]) from None
    except regular_files.NotAFile:
        raise PathwayError([Diagnostic(name, 1, "cannot be read: it is not a file")]) from None
    except OSError as error:
        raise PathwayError([Diagnostic(name, 1, f"cannot be read: {error.strerror}")]) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PathwayError([Diagnostic(name, line, "is not UTF-8 text")]) from None


def neighbours(folder: Path) -> tuple[Pathway, ...]:
    """Return the other pathways beside a pathway, with which it shares services and ages.

    One that cannot be read is left out; its own check tells why.
    """
    found = []
    for header in sorted(folder.parent.glob(f"*/{OWN_FILES[0]}")):
        if header.parent.resolve() != folder.resolve():
            with suppress(PathwayError):
                found.append(read_pathway(_texts(header.parent)))
    return tuple(found)


def saved(folder: Path) -> frozenset[tuple[str, int]]:
    """Return every file that a pathway's folder draws on, with the time of its last save."""
    shared = (shared_folder(folder, kind) for kind in (*_SHARED, "services", "care"))
    found = set()
    for place in (folder, *shared):
        with suppress(OSError):
            for path in _tables(place):
                with suppress(OSError):  # an editor is just putting it in place
                    found.add((str(path), path.stat().st_mtime_ns))
    return frozenset(found)


def _tables(folder: Path) -> list[Path]:
    """Return the files of a folder in the order of their names; hidden ones are an editor's own.

    One more than there may be is enough to say that there are too many.
    """
    # Not by glob(), for which a folder that may not be read is an empty one.
    tables = (path for path in folder.iterdir() if path.match("*.toml"))
    return sorted(islice((path for path in tables if path.name[0] != "."), MOST_FILES + 1))
