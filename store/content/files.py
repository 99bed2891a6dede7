"""Which files a content may have, how large they may be, and how its list is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from store.content.about import ABOUT, PATHWAYS
from store.errors import (
    ContentChanged,
    ContentCutShort,
    ContentNameUnfit,
    ContentTooLarge,
    NoContent,
)
from store.files import regular_files
from store.installation import file_list
from store.installation.file_list import LIST, SIGNATURE
from store.installation.signature import LARGEST_SIGNATURE
from store.pathway_files.files import LARGEST_FILE
from store.windows.names import is_device

MOST_FILES = 3_000
MOST_BYTES = 50_000_000
"""Of a whole content; the pathways that come with Porras are 107 files and one million bytes."""

_NAME = re.compile(r"\w[\w.-]{0,98}\.(?:toml|md)", re.IGNORECASE | re.ASCII)
_FOLDER = re.compile(r"\w[\w-]{0,60}")
_DEEPEST = 4
"""Names of a path, as in pathways/adult/services/area.toml."""


def check_names(paths: Mapping[str, str] | list[str]) -> None:
    """Refuse files that no content has, or that are one where capitals do not count.

    Raises:
        ContentNameUnfit: With the first of them.
        ContentTooLarge: If there are too many.
    """
    if len(paths) > MOST_FILES:
        raise ContentTooLarge(file=LIST)
    seen: set[str] = set()
    for path in sorted(paths):
        if not _may_be(path) or path.lower() in seen:
            raise ContentNameUnfit(file=path)
        seen.add(path.lower())


def _may_be(path: str) -> bool:
    *folders, name = path.split("/")
    if path == ABOUT:
        return True
    if any(map(is_device, (*folders, name))):
        return False
    inside = folders[:1] == [PATHWAYS] and len(folders) < _DEEPEST
    return inside and all(map(_FOLDER.fullmatch, folders)) and _NAME.fullmatch(name) is not None


def read_list(folder: Path) -> tuple[bytes, dict[str, str]]:
    """Return the list of a content, as it stands and read.

    Raises:
        NoContent: If there is none.
        ContentCutShort: If it cannot be read.
        FileListUnreadable: If it is none.
        ContentNameUnfit: If it names what no content has.
        ContentTooLarge: If it names too much.
    """
    content = read_part(folder, LIST, file_list.LARGEST_LIST)
    if content is None:
        raise NoContent(path=str(folder), file=LIST)
    listed = file_list.parse(content, str(folder / LIST))
    check_names(listed)
    if ABOUT not in listed:
        raise NoContent(path=str(folder), file=ABOUT)
    return content, listed


def read_signature(folder: Path) -> bytes | None:
    """Return the signature of a content; None if it has none.

    Raises:
        ContentCutShort: If it cannot be read.
        ContentTooLarge: If it is none.
    """
    return read_part(folder, SIGNATURE, LARGEST_SIGNATURE)


def read_listed(folder: Path, listed: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Yield each file of a list with its content; what is not listed is passed over.

    Raises:
        ContentCutShort: If one is missing or cannot be read.
        ContentChanged: If one is not what the list says.
        ContentTooLarge: If one is too large, or all together are.
    """
    room = MOST_BYTES
    for path, digest in sorted(listed.items()):
        content = read_part(folder, path, LARGEST_FILE)
        if content is None:
            raise ContentCutShort(path=str(folder), file=path)
        room -= len(content)
        if room < 0:
            raise ContentTooLarge(file=path)
        if file_list.digest_of_bytes(content) != digest:
            raise ContentChanged(file=path)
        yield path, content


def read_part(folder: Path, path: str, most: int) -> bytes | None:
    """Return one file of a content as it stands; None if there is none.

    Raises:
        ContentCutShort: If it cannot be read, as from a stick that was pulled out.
        ContentTooLarge: If it has more bytes than it may have.
        ContentNameUnfit: If it is no file, or a link, or stands in a folder that is a link.
    """
    inside = (folder / below for below in list(PurePosixPath(path).parents)[:-1])
    if any(map(regular_files.leads_elsewhere, inside)):
        raise ContentNameUnfit(file=path)
    try:
        return regular_files.read(folder / path, most, links=False)
    except FileNotFoundError:
        return None
    except regular_files.TooLarge:
        raise ContentTooLarge(file=path) from None
    except regular_files.NotAFile:
        raise ContentNameUnfit(file=path) from None
    except OSError:
        raise ContentCutShort(path=str(folder), file=path) from None
